"""From a finished study to corrected shares: draw, judge, apply, run again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from overstap.audit.sheet import MISSED, read_sheet, write_sheet
from overstap.pipeline import Study
from tests.cli.helpers import Cli, ads, write_study


@pytest.fixture
def ran(tmp_path: Path, cli: Cli) -> Path:
    study = write_study(tmp_path, ads(120))
    assert cli("run", study, "--no-report").code == 0
    return study


def test_judgements_become_corrected_shares_and_corrections(ran: Path, cli: Cli) -> None:
    sheet = ran.parent / "audit.csv"
    drawn = cli("audit", "draw", ran, "--out", sheet, "--n", "60")
    assert drawn.code == 0 and "60 ads" in drawn.err
    assert cli("audit", "draw", ran, "--out", sheet).code == 2, "a sheet with judgements is not drawn over"
    early = cli("audit", "apply", ran, sheet)
    assert early.code == 2 and "overstap audit label" in early.err

    wrong = next(row for row in read_sheet(sheet) if row.value == "core.python")
    judged = [
        row.judged("complete" if row.what == MISSED else "wrong" if row == wrong else "right", "")
        for row in read_sheet(sheet)
    ]
    write_sheet(sheet, judged)
    applied = cli("audit", "apply", ran, sheet)
    assert applied.code == 0, applied.err
    assert "category programming" in applied.out and "1 corrections" in applied.err
    assert "audit: audit.csv" in ran.read_text() and "corrections: corrections.csv" in ran.read_text()

    before = next(line for line in applied.out.splitlines() if line.startswith("skill programming"))
    assert cli("run", ran, "--no-report").code == 0
    again = cli("audit", "apply", ran, sheet)
    assert before in again.out.splitlines(), "what was corrected in an ad that was read still counts as an error"
    assert ran.read_text().count("audit:") == 1
    other = sheet.with_name("other.csv")
    other.write_bytes(sheet.read_bytes())
    assert "change it to: audit: other.csv" in cli("audit", "apply", ran, other).err.replace("\n", " ")

    study = Study.open(ran).finished()
    audited = [r for r in study.table("out_audit").to_pylist() if r["function_group"] == r["period"] == "all"]
    programming = next(r for r in audited if (r["item_kind"], r["item_id"]) == ("skill", "programming"))
    assert programming["precision_pct"] < 100 and programming["correction"] < 1
    asked = study.table("core_vacancy_skills").to_pylist()
    assert (wrong.ad_id, "core.python") not in {(a["vacancy_id"], a["skill_id"]) for a in asked}
    rows = [
        r
        for r in study.table("out_demand").to_pylist()
        if (r["item_id"], r["period"], r["language"], r["function_group"]) == ("programming", "all", "all", "all")
    ]
    assert rows and all(r["corrected_low"] <= r["corrected_pct"] <= r["corrected_high"] for r in rows)
    assert all(r["corrected_high"] - r["corrected_low"] > r["share_high"] - r["share_low"] - 1e-9 for r in rows)
    assert cli("run", ran, "--no-report").err.count("unchanged") >= 12, "nothing changed, nothing runs"


def test_a_missing_sheet_is_told_by_check(ran: Path, cli: Cli) -> None:
    with ran.open("a") as file:
        file.write("audit: nowhere.csv\ncorrections: none.csv\n")
    said = cli("check", ran)
    assert said.code == 2
    assert "nowhere.csv" in said.err and "overstap audit draw" in said.err and "none.csv" in said.err


def test_a_code_that_does_not_exist_changes_nothing(ran: Path, cli: Cli) -> None:
    sheet = ran.parent / "audit.csv"
    cli("audit", "draw", ran, "--out", sheet, "--n", "12")
    rows = [
        replace(row, verdict="complete" if row.what == MISSED else "wrong", should_be="9999")
        if row.what in (MISSED, "isco08")
        else row.judged("right", "")
        for row in read_sheet(sheet)
    ]
    write_sheet(sheet, [replace(row, should_be="") if row.what == MISSED else row for row in rows])
    said = cli("audit", "apply", ran, sheet)
    assert said.code == 2 and "9999" in said.err
    assert not (ran.parent / "corrections.csv").exists()
