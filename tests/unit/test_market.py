"""The tables behind a change, from coded vacancies worked by hand: the right year, class and item in the right row."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from overstap.analysis.codes import Codes
from overstap.analysis.drift_rows import drift_table
from overstap.analysis.market import Compared, composition_tables, polarisation_table, spread_table, turnover_table
from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES
from tests.coded import by_hand

NO_BOARDS = table_spec("core_boards").schema.empty_table()
COMPARED = Compared("2012", "2017", 0.95)
FIXED = {
    "employer_type": "direct",
    "language": "nl",
    "function_group": "other",
    "weight": 1.0,
    "category": [],
    "title": [],
}


def vacancies(year: str, isco2: str, n: int, skills: list[list[str]], source: str = "board") -> list[dict[str, Any]]:
    """`n` vacancies of twenty employers; the k-th asks `skills[k % len(skills)]`."""
    rows = []
    for k in range(n):
        asked = skills[k % len(skills)]
        group = ["digital"] if asked else []
        row = {"year": year, "isco2": isco2, "sector": "Q", "source": source, "employer": k % 20, "skill": asked}
        rows.append({**FIXED, **row, "category_group": group})
    return rows


@pytest.fixture
def codes() -> Codes:
    """Nurses ask python in 10 % of 2012 and 40 % of 2017; programmers, twice as many in 2017, always ask it."""
    rows = [
        *vacancies("2012", "22", 600, [["python"], *[[]] * 9]),
        *vacancies("2012", "25", 200, [["python"]]),
        *vacancies("2017", "22", 400, [["python"], ["python", "excel"], *[[]] * 3]),
        *vacancies("2017", "25", 400, [["python"]]),
    ]
    return by_hand(rows)


def change(kind: str, item: str, counts: tuple[int, int, int, int]) -> pa.Table:
    names = ("first_n", "first_base_n", "last_n", "last_base_n")
    row = {**dict.fromkeys(CELL_NAMES, ALL), "item_kind": kind, "item_id": item, "direction": "rising"}
    row |= dict(zip(names, counts, strict=True)) | {"is_displayed": True, "first_period": "2012", "last_period": "2017"}
    schema = pa.schema([field.with_nullable(True) for field in table_spec("out_change").schema])
    return pa.Table.from_pylist([row], schema=schema)


def test_a_change_is_split_into_its_parts_in_percentage_points(codes: Codes) -> None:
    asked = change("category_group", "digital", (260, 800, 560, 800))
    parts, mix = composition_tables(codes, asked, COMPARED)
    found = {row["part"]: row for row in parts.to_pylist()}
    assert {row["item_id"] for row in found.values()} == {"digital"}
    assert found["change"]["value_pp"] == pytest.approx(100 * (560 - 260) / 800)
    assert found["within"]["value_pp"] == pytest.approx(100 * 0.625 * 0.3)  # nurses are 75 and 50 % of the vacancies
    assert found["isco2"]["value_pp"] == pytest.approx(100 * 0.25 * (1.0 - 0.25))
    assert found["sector"]["value_pp"] == found["entry"]["value_pp"] == pytest.approx(0.0)
    assert found["within"]["value_low"] < found["within"]["value_pp"] < found["within"]["value_high"]
    shares = {row["period"]: row["share_pct"] for row in mix.to_pylist()}
    assert shares == {"2012": pytest.approx(32.5), "2017": pytest.approx(32.5 + 18.75)}


def test_a_skill_is_counted_in_its_own_occupations_and_year(codes: Codes) -> None:
    asked = change("skill", "python", (260, 800, 560, 800))
    row = next(r for r in spread_table(codes, asked, COMPARED, ["python"]).to_pylist() if r["dimension"] == "isco2")
    assert row["asked_n"] == 820
    assert row["first_number"] == pytest.approx(1 / ((60 / 260) ** 2 + (200 / 260) ** 2), rel=0.05)
    assert row["last_number"] == pytest.approx(1 / ((160 / 560) ** 2 + (400 / 560) ** 2), rel=0.05)


def test_what_an_occupation_asks_is_compared_among_ads_that_ask_a_skill(codes: Codes) -> None:
    rows = {r["isco2"]: r for r in turnover_table(codes, COMPARED, ["excel", "python"]).to_pylist()}
    assert set(rows) == {"25"}  # 60 nurses that ask a skill in 2012 are too few
    assert (rows["25"]["first_n"], rows["25"]["last_n"]) == (200, 400)
    assert rows["25"]["turnover_raw"] == pytest.approx(0.0)


def test_few_occupations_tell_nothing_of_polarisation_but_the_jobs_do(codes: Codes) -> None:
    table = polarisation_table(codes, load("cedefop_employment"), load("task_indices"), COMPARED)
    rows = {(r["what"], r["measure"]): r for r in table.to_pylist()}
    assert rows["vacancies", "curvature"]["occupations_n"] == 2
    assert rows["vacancies", "curvature"]["value"] is None
    assert rows["jobs", "curvature"]["occupations_n"] > 30
    assert rows["jobs", "routine"]["value_low"] < rows["jobs", "routine"]["value_high"]


def test_a_board_that_came_is_flagged_in_its_year(codes: Codes) -> None:
    assert drift_table(codes, NO_BOARDS, least=20).filter(pa.compute.field("kind") == "source").num_rows == 0
    rows = [
        *vacancies("2012", "22", 300, [["python"]]),
        *vacancies("2013", "22", 300, [["python"]]),
        *vacancies("2013", "22", 100, [["python"]], source="new"),
    ]
    flags = drift_table(by_hand(rows), NO_BOARDS, least=20).to_pylist()
    assert {(r["kind"], r["subject"], r["period"]) for r in flags} == {
        ("source", "board", "2013"),
        ("source", "new", "2013"),
    }
    new = next(r for r in flags if r["subject"] == "new")
    assert (new["before"], new["after"]) == (0.0, 25.0)
