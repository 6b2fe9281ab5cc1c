"""`overstap placement` and `overstap packages` as a researcher and an officer of a fund call them, on bundled figures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.helpers import Cli


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_headline_stands_for_all_three_definitions(cli: Cli) -> None:
    rows = _rows(cli("placement", "--out", "-").out)
    assert [row["who"] for row in rows[::3]] == ["employed", "net_decline", "displaced"]
    assert all(row["placed_pct"] == "" for row in rows if row["leavers"] == "0")
    net = {row["pay"]: float(row["placed_pct"]) for row in rows if row["who"] == "net_decline"}
    assert 0 < net["same"] < net["75"] < net["any"] <= 100


def test_full_sensitivity_crosses_every_choice(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "surface.csv"
    told = cli("placement", "--sensitivity", "full", "--out", str(out))
    rows = _rows(out.read_text(encoding="utf-8"))
    assert told.code == 0 and "others as asked" in told.out
    assert len(rows) >= 200
    axes = {name: {row[name] for row in rows} for name in ("who", "pay", "levels", "measure", "last_year", "outlook")}
    assert axes["outlook"] == {"cedefop", "tight_stable", "study_2019"}
    assert axes["last_year"] == {"2030", "2035"} and len(axes["measure"]) > 5
    keys = [tuple(row[name] for name in (*axes, "similar")) for row in rows]
    assert len(set(keys)) == len(keys)
    headline = {
        row["pay"]: row["placed"] for row in _rows(cli("placement", "--out", "-").out) if row["who"] == "net_decline"
    }
    usual = {"who": "net_decline", "levels": "1", "measure": "combined", "last_year": "2030", "outlook": "cedefop"}
    middle = sorted({float(row["similar"]) for row in rows if row["measure"] == "combined"})[2]
    for row in rows:
        if usual.items() <= row.items() and float(row["similar"]) == middle:
            assert float(row["placed"]) == float(headline[row["pay"]])


def test_packages_come_by_pair_of_sectors(cli: Cli) -> None:
    rows = _rows(cli("packages", "--out", "-", "--from", "G", "--to", "zorg", "--most", "2").out)
    pairs = {(row["sector_from"], row["sector_to"]) for row in rows}
    assert pairs == {("G", "Q")}
    mine = [row for row in rows if row["sector_from"] == "G"]
    assert [row["rank"] for row in mine] == ["1", "2"]
    assert float(mine[0]["share_pct"]) <= float(mine[1]["share_pct"]) <= 100
    assert float(mine[0]["months_low"]) <= float(mine[0]["months"]) <= float(mine[0]["months_high"])
    assert all(row["package_name"] and row["sector_from_name"] for row in rows)


def test_the_bill_is_told_by_payer_and_for_whom_it_pays(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    told = cli("packages", "--subsidy", "0.25")
    assert told.code == 0 and "(subsidy 25%)" in told.out and "alle sectoren" in told.out
    shares = {line.split()[0]: line.split()[1] for line in told.out.splitlines() if line.startswith(("fund", "worker"))}
    assert shares["fund"] == "15%"
    assert "moves.population" in told.err and "5.4 million" in told.err
    assert cli("packages", "--subsidy", "1.5").code == 2


def test_why_people_are_not_placed_is_said(cli: Cli) -> None:
    told = cli("placement", "--who", "displaced")
    assert "no move passes every rule" in told.err and "any pay +" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("placement", "--sensitivity", "ful"), "full"),
        (("placement", "--level", "esco"), "brc, isco"),
        (("packages", "--who", "displaced"), "Nobody moves"),
        (("packages", "--from", "zzz"), "no section of SBI"),
    ],
)
def test_wrong_use_is_explained(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    result = cli(*arguments)
    assert result.code == 2 and said in result.err


def test_a_profile_tells_kinds_of_skills_and_how_each_figure_is_known(cli: Cli) -> None:
    said = cli("profile", "boekhoudkundig medewerker", "--level", "isco").out
    assert "Boekhoudkundige medewerkers (4311)" in said
    for part in ("tasks", "tools", "knowledge", "allocated, cbs_85517ned", "cedefop_forecast", "€ 24.30"):
        assert part in said, part
    profile = json.loads(cli("profile", "0634", "--level", "brc", "--json").out)
    assert profile["facts"]["growth"] is None and profile["facts"]["licences"] == ["military"]
    assert {kind for kind, items in profile["asked"].items() if items} >= {"tasks", "knowledge"}
    assert cli("profile", "xqzzy").code == 2
