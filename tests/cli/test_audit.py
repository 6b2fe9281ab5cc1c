"""From a finished study to corrected shares: draw, judge, apply, run again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from overstap.audit.sheet import MISSED, by_ad, read_sheet, write_sheet
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


def test_ads_judged_in_part_are_named_and_count_for_nothing(ran: Path, cli: Cli) -> None:
    sheet = ran.parent / "audit.csv"
    cli("audit", "draw", ran, "--out", sheet, "--n", "12")
    rows = read_sheet(sheet)
    last = rows[-1].ad_id
    judged = [
        row
        if (row.ad_id, row.what) == (last, "remote")
        else row.judged("complete" if row.what == MISSED else "right", "")
        for row in rows
    ]
    write_sheet(sheet, judged)
    said = cli("audit", "apply", ran, sheet)
    assert said.code == 0 and "11 ads read" in said.err
    assert f"{last} (remote)" in said.err.replace("\n", " ")


def test_hours_the_wrong_way_round_are_refused_and_all_faults_told_at_once(ran: Path, cli: Cli) -> None:
    sheet = ran.parent / "audit.csv"
    cli("audit", "draw", ran, "--out", sheet, "--n", "12")
    rows = read_sheet(sheet)
    first, second = list(by_ad(rows))[:2]
    wrong = {(first, "hours_min"): "40", (first, "hours_max"): "32", (second, "contract"): "permanant"}
    write_sheet(
        sheet,
        [
            row.judged("wrong", wrong[row.ad_id, row.what])
            if (row.ad_id, row.what) in wrong
            else row.judged("complete" if row.what == MISSED else "right", "")
            for row in rows
        ],
    )
    said = cli("audit", "apply", ran, sheet)
    assert said.code == 2 and not (ran.parent / "corrections.csv").exists()
    told = " ".join(said.err.split())
    assert f"ad {first}: hours_min 40 lies on the wrong side of 32" in told
    assert f"ad {second}: 'permanant'" in told and "Did you mean 'permanent'?" in told


def test_a_run_tells_of_corrections_that_met_no_ad(ran: Path, cli: Cli) -> None:
    title = read_titles(ran)[0]
    (ran.parent / "fixed.csv").write_text(
        f"match,key,field,value\nad,feed/nowhere,remote,yes\ntitle,{title},isco08,2512\nemployer,Nobody BV,sector,K\n"
    )
    with ran.open("a") as file:
        file.write("corrections: fixed.csv\n")
    said = cli("run", ran, "--no-report")
    assert said.code == 0, said.err
    assert "2 of the corrections in fixed.csv met no ad: ad feed/nowhere, employer Nobody BV." in " ".join(
        said.err.split()
    )


def read_titles(ran: Path) -> list[str]:
    """The titles of the ads of a study."""
    return Study.open(ran).table("raw_ads", ["title"])["title"].to_pylist()
