"""Crosses: the same as plain SQL and as arithmetic say, whatever the dimensions, slices, threads and order of rows."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.analysis.codes import Codes
from overstap.analysis.cross import cells_of, cross, sum_both, sum_items
from overstap.errors import InputError
from overstap.schema.codes import DIMENSIONS
from tests.coded import by_hand

DATABASE = duckdb.connect(config={"threads": 1})
SECTORS, TOPSECTORS, SKILLS, YEARS = (
    ["C", "J", "unknown"],
    ["chemie", "htsm", "none"],
    ["a", "b", "c"],
    ["2015", "2016"],
)
ROW = st.fixed_dictionaries(
    {
        "employer": st.integers(0, 5),
        "weight": st.sampled_from([1.0, 0.5, 2.25]),
        "sector": st.sampled_from(SECTORS),
        "topsector": st.lists(st.sampled_from(TOPSECTORS), min_size=1, unique=True),
        "education": st.lists(st.sampled_from(["hbo", "wo", "unknown"]), min_size=1, unique=True),
        "year": st.sampled_from(YEARS),
        "skill": st.lists(st.sampled_from(SKILLS), unique=True),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=40)
BY = st.lists(st.sampled_from(["sector", "topsector", "education"]), unique=True)
ITEM = st.sampled_from(["skill", "sector", "education"])
PERIOD = st.sampled_from(["all", "year"])
_KEYS = ("period", "item_id")
_SUMS = ("asked_n", "vacancies_n", "employers_n", "x", "n", "sum_xx", "sum_xn", "sum_nn", "sum_ww")


def in_sql(
    rows: list[dict[str, Any]], item: str, by: list[str], period: str
) -> dict[tuple[str, ...], tuple[float, ...]]:
    """The same sums by two GROUP BYs; weights are binary fractions, so that sums are exact in any order."""
    numbered = [{"id": i, **row} for i, row in enumerate(rows)]
    market = pa.Table.from_pylist(numbered)

    def each(names: list[str]) -> str:
        return "market" + "".join(f" CROSS JOIN UNNEST({n}) AS of_{n}({n}_value)" for n in names if DIMENSIONS[n].many)

    def value(name: str) -> str:
        return f"{name}_value AS {name}" if DIMENSIONS[name].many else name

    names = [*by, *([period] if period != "all" else [])]
    cell = "".join(f", {name}" for name in names)
    found = DATABASE.cursor().register("market", market).sql(
        f"""
        WITH v AS (SELECT id, employer, weight{"".join(f", {value(n)}" for n in names)} FROM {each(names)}),
        i AS (SELECT id, {value(item).split(" ")[0]} AS item FROM {each([item])}),
        b AS (SELECT employer{cell}, COUNT(*) AS c, SUM(weight) AS n, SUM(weight * weight) AS w
              FROM v GROUP BY employer{cell}),
        a AS (SELECT employer{cell}, item, COUNT(*) AS c, SUM(weight) AS x
              FROM v JOIN i USING (id) GROUP BY employer{cell}, item),
        cells AS (SELECT 0 AS one{cell}, SUM(c) AS vacancies_n, COUNT(*) AS employers_n, SUM(n) AS n,
                         SUM(n * n) AS nn, SUM(w) AS ww FROM b GROUP BY one{cell}),
        asked AS (SELECT 0 AS one{cell}, item, SUM(a.c) AS asked_n, SUM(x) AS x, SUM(x * x) AS xx, SUM(x * n) AS xn
                  FROM a JOIN b USING (employer{cell}) GROUP BY one{cell}, item)
        SELECT {period if period != "all" else "'all'"}{"".join(f", {n}" for n in by)}, item,
               asked_n, vacancies_n, employers_n, x, n, xx, xn, nn, ww
        FROM asked JOIN cells USING (one{cell})
        """
    )  # fmt: skip
    keys = 2 + len(by)
    return {row[:keys]: tuple(float(v) for v in row[keys:]) for row in found.fetchall()}


def as_rows(found: pa.Table, by: list[str]) -> dict[tuple[str, ...], tuple[float, ...]]:
    keys = ["period", *by, "item_id"]
    rows = {tuple(row[k] for k in keys): tuple(float(row[s]) for s in _SUMS) for row in found.to_pylist()}
    assert len(rows) == found.num_rows
    return rows


@settings(max_examples=60, deadline=None)
@given(ROWS, ITEM, BY, st.booleans())
def test_sums_of_all_periods_beside_those_of_each_are_those_of_one_cross(
    rows: list[dict[str, Any]], item: str, by: list[str], weighted: bool
) -> None:
    codes = by_hand(rows)
    cells = cells_of(codes, by)
    for found, period in zip(sum_both(codes, cells, item, "year", weighted=weighted), ("all", "year"), strict=True):
        alone = sum_items(codes, cells, item, period, weighted=weighted)
        assert found.items.tolist() == alone.items.tolist()
        assert {name: key.tolist() for name, key in found.keys.items()} == {
            name: key.tolist() for name, key in alone.keys.items()
        }
        assert {name: values.tolist() for name, values in found.measures.items()} == {
            name: values.tolist() for name, values in alone.measures.items()
        }


@settings(max_examples=60, deadline=None)
@given(ROWS, ITEM, BY, PERIOD, st.integers(1, 2))
def test_sums_are_those_of_plain_sql(
    rows: list[dict[str, Any]], item: str, by: list[str], period: str, threads: int
) -> None:
    found = as_rows(cross(by_hand(rows), item, by, period, weighted=True, threads=threads), by)
    assert {key: value for key, value in found.items() if value[0]} == in_sql(rows, item, by, period)
    # What is seen in one year has a row, of nought, in the other where there are vacancies.
    assert period == "year" or all(value[0] for value in found.values())


@settings(max_examples=60, deadline=None)
@given(ROWS, ITEM, BY, PERIOD, st.randoms())
def test_neither_order_of_rows_nor_numbers_of_employers_matter(
    rows: list[dict[str, Any]], item: str, by: list[str], period: str, random: Any
) -> None:
    mixed, number = rows.copy(), list(range(6))
    random.shuffle(mixed)
    random.shuffle(number)
    other = [{**row, "employer": number[row["employer"]]} for row in mixed]
    assert cross(by_hand(rows), item, by, period).equals(cross(by_hand(other), item, by, period))


@settings(max_examples=60, deadline=None)
@given(ROWS, ITEM, st.sampled_from([[], ["sector"]]))
def test_parts_add_up_and_shares_of_one_value_each_to_all(rows: list[dict[str, Any]], item: str, by: list[str]) -> None:
    codes = by_hand(rows)
    parts, whole = cross(codes, item, [*by, "year"]), cross(codes, item, by)
    for name in ("asked_n", "x"):
        assert sum(parts[name].to_pylist()) == sum(whole[name].to_pylist())
    cells = {tuple(r[n] for n in by): r["vacancies_n"] for r in whole.to_pylist()}
    one_each = cross(codes, "year", by).to_pylist()
    for cell, n in cells.items():
        assert sum(r["asked_n"] for r in one_each if tuple(r[b] for b in by) == cell) == n
    assert sum(r["vacancies_n"] for r in cross(codes, "year", ["sector"]).group_by("sector").aggregate(
        [("vacancies_n", "max")]).rename_columns(["sector", "vacancies_n"]).to_pylist()) == len(rows)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["sector", "topsector", "education"]))
def test_where_keeps_the_vacancies_with_the_value(rows: list[dict[str, Any]], name: str) -> None:
    codes = by_hand(rows)
    value = codes.levels(name)[0]
    kept = [row for row in rows if value in (row[name] if DIMENSIONS[name].many else [row[name]])]
    assert as_rows(cross(codes, "skill", ["year"], where={name: value}), ["year"]) == as_rows(
        cross(by_hand(kept), "skill", ["year"]), ["year"]
    )


def market(n: int = 400) -> Codes:
    draw = np.random.default_rng(5)
    return by_hand(
        [
            {
                "employer": int(draw.integers(40)),
                "weight": 1.0,
                "sector": SECTORS[int(draw.integers(3))],
                "education": [["hbo"], ["wo"], ["unknown"]][int(draw.integers(3))],
                "year": YEARS[int(draw.integers(2))],
            }
            for _ in range(n)
        ]
    )


def test_unknown_is_a_value_and_can_be_left_out() -> None:
    codes = market()
    every = {r["item_id"]: r for r in cross(codes, "sector").to_pylist()}
    known = {r["item_id"]: r for r in cross(codes, "sector", known=True).to_pylist()}
    assert set(every) == set(SECTORS) and set(known) == {"C", "J"}
    assert every["C"]["known_n"] == 400 - every["unknown"]["asked_n"] == known["C"]["vacancies_n"]
    assert known["C"]["asked_n"] == every["C"]["asked_n"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"item": "skil"}, "Did you mean 'skill'"),
        ({"by": ["sectr"]}, "Did you mean 'sector'"),
        ({"period": "years"}, "Did you mean 'year'"),
        ({"where": {"sector": "unknwn"}}, "Did you mean 'unknown'"),
        ({"by": ["sector", "sector"]}, "named twice"),
        ({"by": ["year"], "period": "year"}, "named twice"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        cross(market(10), **{"item": "sector", **arguments})
    assert words in str(caught.value)


@pytest.mark.parametrize("few", [0, 1 << 16])
def test_nothing_left_to_count_gives_no_rows(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overstap.analysis.cross._FEW_CELLS", few)
    codes = by_hand([{"employer": k, "weight": 1.0, "sector": "CJ"[k], "year": YEARS[k]} for k in (0, 1)])
    assert cross(codes, "sector", ["sector"], "year", {"sector": "C", "year": "2016"}).num_rows == 0


def test_too_many_cells_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overstap.analysis.cross.MOST_CELLS", 5)
    with pytest.raises(InputError, match="too many to hold"):
        cross(market(), "year", ["sector", "education"])
