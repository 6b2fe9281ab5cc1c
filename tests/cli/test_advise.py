"""`overstap advise` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import Cli


def test_a_page_in_the_terminal_and_as_html(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "advies.html"
    result = cli("advise", "secretaresse", "--level", "brc", "--html", str(out))
    assert result.code == 0
    assert "Ander werk voor u: secretaresse" in result.out
    assert "<h1>Ander werk voor u: secretaresse</h1>" in out.read_text(encoding="utf-8")


def test_english_and_json(cli: Cli) -> None:
    assert "Other work for you" in cli("advise", "0432", "--level", "brc", "--lang", "en").out
    advice = json.loads(cli("advise", "0432", "--level", "brc", "--json").out)
    assert advice["here"]["code"] == "0432"


def test_a_cv_is_not_shown(cli: Cli, tmp_path: Path) -> None:
    cv, out = tmp_path / "cv.txt", tmp_path / "cv.html"
    cv.write_text("Zaphod Vrijmoedig. Ik werk met Excel en Python.", encoding="utf-8")
    result = cli("advise", "--cv", str(cv), "--level", "brc", "--html", str(out))
    assert result.code == 0
    assert "Zaphod" not in result.out + result.err + out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("xqzzy",), "The nearest are"),
        ((), "Give one start"),
        (("secretaresse", "--skills", "Excel"), "Give one start"),
        (("secretaresse", "--pay", "anny"), "Did you mean 'any'"),
        (("secretaresse", "--level", "isko"), "isco"),
        (("secretaresse", "--lang", "fr"), "nl, en"),
        (("secretaresse", "--sector", "zzz"), "no section"),
        (("secretaresse", "--facts", "openings"), "a group and a file"),
        (("secretaresse", "--goal", "xqzzy"), "The nearest are"),
        (("secretaresse", "--catalogue", "none.csv"), "none.csv"),
    ],
)
def test_wrong_use_is_explained_with_exit_code_2(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    result = cli("advise", *arguments)
    assert result.code == 2
    assert said in result.err


def test_json_has_a_place_for_training_per_move_and_what_moves_are_sorted_by(cli: Cli, tmp_path: Path) -> None:
    offers = tmp_path / "offers.csv"
    offers.write_text("title,description\nExcel,Werken met spreadsheets\n", encoding="utf-8")
    asked = ("advise", "0432", "--level", "brc", "--pay", "any", "--json")
    advice = json.loads(cli(*asked, "--catalogue", str(offers)).out)
    assert {move["code"] for move in advice["moves"]} <= set(advice["offers"])
    assert advice["order"][:2] == ["named_shrinking", "-similarity"]
    assert json.loads(cli(*asked).out)["offers"] is None  # no catalogue was given: not that there is no training


def test_work_that_is_more_alike_but_named_as_shrinking_stands_lower_and_that_is_said(cli: Cli) -> None:
    said = "Eerst komt werk dat geen studie als krimpend noemt"
    for start in ("secretaresse", "timmerman"):
        moves = json.loads(cli("advise", start, "--json").out)["moves"]
        alike = [move["similarity"] for move in moves]
        told = " ".join(cli("advise", start).out.split())
        assert (said in told) == (alike != sorted(alike, reverse=True)), start
        assert [move["facts"]["named_shrinking"] for move in moves] == sorted(
            bool(move["facts"]["named_shrinking"]) for move in moves
        )
