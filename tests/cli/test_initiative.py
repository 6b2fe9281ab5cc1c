"""Registers and experiments from the command line: what a user types, what is told, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overstap.simulate.initiatives import EFFECTS, write_initiatives
from tests.cli.helpers import Cli


def test_the_template_comes_back_as_a_register(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    told = cli("initiative", "template", "--out", path)
    assert told.code == 0 and "funding_eur:" in told.err
    checked = cli("initiative", "check", path)
    assert checked.code == 0 and "1 initiative " in checked.err and "not in the register" in checked.err


def test_the_list_is_filtered_and_a_wrong_word_is_met_with_the_nearest(cli: Cli) -> None:
    told = cli(
        "initiative", "list", "--topsector", "water", "--kind", "centrum", "--region", "Friesland", "--format", "json"
    )
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert {row["initiative_id"] for row in rows} == {"coe-water-technologie", "civ-water"}
    wrong = cli("initiative", "list", "--topsector", "watr")
    assert wrong.code == 2 and "Did you mean 'water'?" in wrong.err


def test_a_faulty_register_ends_with_every_fault(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("- {id: a, name: A, kind: pilott}\n- {id: b, kind: pilot}\n", encoding="utf-8")
    told = cli("initiative", "check", path)
    assert told.code == 2 and "Did you mean 'pilot'?" in told.err and "no name" in told.err


def test_an_experiment_with_a_known_effect_is_told_with_its_evidence(cli: Cli, tmp_path: Path) -> None:
    write_initiatives(tmp_path / "sim", 3)
    told = cli(
        "experiment", "evaluate", tmp_path / "sim/lab-west.csv", "--start", "2023", "--lang", "en", "--format", "json"
    )
    row = json.loads(told.out)
    assert row["estimate_low"] < EFFECTS["lab-west"] < row["estimate_high"]
    assert (row["maryland"], row["ladder"], row["is_effect"]) == (3, "good", True)
    assert "higher" in told.err and "measurements are missing" in told.err
    alone = cli("experiment", "evaluate", tmp_path / "sim/proef-zorg.csv", "--start", "2023", "--lang", "en")
    assert alone.code == 0 and "That is a description, not an effect." in alone.err
    refused = cli("experiment", "evaluate", tmp_path / "sim/proef-zorg.csv", "--start", "2023", "--design", "did")
    assert refused.code == 2 and "nobody to compare with" in refused.err


def test_power_gives_people_effect_or_power(cli: Cli) -> None:
    assert "units that take part  64" in cli("experiment", "power", "--effect", "0.5").out
    assert "effect  0.49" in cli("experiment", "power", "--units", "64").out
    assert "power  0.80" in cli("experiment", "power", "--units", "64", "--effect", "0.5").out
    assert cli("experiment", "power").code == 2


def test_effects_are_laid_together_and_what_has_none_is_counted(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    path.write_text("name,effect,error\na,1,0.3\nb,2,0.4\nc,,\nd,1.5,0.3\n", encoding="utf-8")
    told = cli("experiment", "meta", path)
    assert "experiments  3" in told.out and "1 of 4 experiments" in told.err
    path.write_text("effect,error\n1,0.3\n", encoding="utf-8")
    assert cli("experiment", "meta", path).code == 2


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_a_register_in_utf8_with_a_mark_is_read(cli: Cli, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"r.{form}"
    text = (
        "id,name,kind,place\na,Café,pilot,Súdwest-Fryslân\n"
        if form == "csv"
        else ("- {id: a, name: Café, kind: pilot, place: Súdwest-Fryslân}\n")
    )
    path.write_text(text, encoding="utf-8-sig")
    told = cli("initiative", "list", path, "--format", "json")
    assert json.loads(told.out)["province_code"] == "NL12"
