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


def test_tables_for_the_eye_name_their_codes_and_data_keep_them(cli: Cli) -> None:
    shown = cli("countries", "--item", "2", "--country", "Netherlands")
    assert "NL Netherlands" in shown.out and "2 Professionals" in shown.out
    asked = ("outlook", "show", "--code", "0811", "--draws", "50")
    assert "0811 Software and applications developers" in cli(*asked).out
    assert json.loads(cli(*asked, "--format", "json").out)["code"] == "0811"


def test_files_of_graduates_give_an_inflow_with_bounds(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "graduates.csv"
    path.write_text("programme,isced_f,level,2021,2022,2023\n34560,0913,hbo_bachelor,900,1000,<5\n", encoding="utf-8")
    asked = ("outlook", "show", "--level", "isco4", "--code", "2221", "--draws", "50", "--format", "json")
    row = json.loads(cli(*asked, "--graduates", str(path)).out)
    assert row["inflow_low"] > 0 and row["inflow_high"] is None  # mbo and other fields lead there as well
    assert row["balance"] is None and row["balance_low"] < 0 and row["inflow_source"].startswith("graduates 2021-2023")
    assert json.loads(cli(*asked).out)["inflow_low"] is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("outlook", "show", "--level", "brcc"), "no level 'brcc'"),
        (("outlook", "show", "--code", "811"), "Did you mean '0811'? Spreadsheets drop leading zeros."),
        (("outlook", "show", "--code", "9999"), "Codes are listed by overstap outlook show --level brc"),
        (("outlook", "show", "--code", "2512"), "overstap outlook show --level isco4"),
        (("outlook", "show", "--region", "Zeeland", "--draws", "50"), "no region 'Zeeland'"),
        (("outlook", "show", "--last", "2060"), "cannot be read"),
        (("scenario", "run", "automatin", "--out", "x"), "automation"),
        (("countries", "--country", "NLD"), "no country 'NLD'"),
        (("countries", "--country", "germny"), "Did you mean DE, Germany?"),
        (("countries", "--item", "icts"), "no item 'icts'"),
    ],
)
def test_mistakes_are_named(cli: Cli, command: tuple[str, ...], said: str) -> None:
    failed = cli(*command)
    assert failed.code == 2 and said in failed.err
