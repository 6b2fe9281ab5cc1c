"""The commands on the years ahead, as a user types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.helpers import Cli


def test_the_template_comes_back_as_an_outlook(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    told = cli("outlook", "template", "--out", str(own))
    assert told.code == 0 and "first_year" in told.err
    shown = cli("outlook", "show", "--own", str(own), "--code", "1012", "--draws", "50", "--format", "json")
    (row,) = [json.loads(line) for line in shown.out.splitlines()]
    assert row["openings"] == pytest.approx(101_700) and row["source"] == "example" and row["balance"] is None


def test_ages_of_the_template_are_carried_forward(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "ages.csv"
    path.write_text(cli("outlook", "template", "--ages").out, encoding="utf-8")
    shown = cli("outlook", "ages", str(path), "--until", "2030", "--draws", "50", "--format", "csv")
    rows = list(csv.DictReader(shown.out.splitlines()))
    assert rows[-1]["year"] == "2030" and float(rows[-1]["retired"]) > 0


def test_scenarios_are_listed_and_run_into_files(cli: Cli, tmp_path: Path) -> None:
    assert "automation" in cli("scenario", "list").out
    assert "platform_work" in cli("scenario", "levers").out
    mine = tmp_path / "mine.yaml"
    mine.write_text("scenario: mine\ntitle: {en: Mine}\nlevers: {energy_transition: 1000}\n", encoding="utf-8")
    out = tmp_path / "results"
    made = cli("scenario", "run", str(mine), "--out", str(out), "--draws", "50", "--last", "2027")
    assert made.code == 0, made.err
    rows = list(csv.DictReader((out / "out_scenarios.csv").read_text(encoding="utf-8").splitlines()))
    jobs = next(row for row in rows if (row["scenario"], row["outcome"]) == ("mine", "employed"))
    assert float(jobs["change"]) == pytest.approx(1_000)
    assert {file.name for file in out.iterdir()} == {
        "out_scenarios.csv", "out_scenario_occupations.csv", "out_scenario_levers.csv"
    }  # fmt: skip


def test_countries_can_be_picked(cli: Cli) -> None:
    shown = cli("countries", "--item", "ict", "--country", "NL", "--format", "json")
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert {row["country"] for row in rows} == {"NL"} and {row["item"] for row in rows} == {"ict"}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("outlook", "show", "--level", "brcc"), "no level 'brcc'"),
        (("outlook", "show", "--code", "811"), "no occupation '811'"),
        (("outlook", "show", "--region", "Zeeland", "--draws", "50"), "no region 'Zeeland'"),
        (("outlook", "show", "--last", "2060"), "cannot be read"),
        (("scenario", "run", "automatin", "--out", "x"), "automation"),
        (("countries", "--country", "NLD"), "no country 'NLD'"),
        (("countries", "--item", "icts"), "no item 'icts'"),
    ],
)
def test_mistakes_are_named(cli: Cli, command: tuple[str, ...], said: str) -> None:
    failed = cli(*command)
    assert failed.code == 2 and said in failed.err
