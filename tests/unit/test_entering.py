"""Graduates of files reach the outlook, and what no file covers is never taken to be nought."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from overstap.education.matrix import Matrix
from overstap.outlook.entering import entering
from overstap.outlook.own import Own
from overstap.outlook.table import Settings, outlook, whole, yearly
from overstap.schema import table_spec

YEARS = range(2025, 2031)
# Nurses come from hbo and mbo of one field, dentists from university alone.
MATRIX = Matrix(
    {
        ("0913", "hbo_bachelor"): {"2221": 0.8, "outside": 0.2},
        ("0913", "mbo4"): {"3221": 0.5, "2221": 0.1, "outside": 0.4},
        ("0911", "wo_bachelor"): {"2261": 1.0},
    }
)


def _graduates(*rows: tuple[str, str, int, float, float | None]) -> pa.Table:
    names = ("isced_f", "level", "year", "graduates_low", "graduates_high")
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(cells, schema=table_spec("core_graduates").schema)


def _of(rows: list[Own], level: str, code: str) -> tuple[float, float] | None:
    found = [row for row in rows if (row.level, row.code) == (level, code)]
    return (found[0].inflow_low[1], found[0].inflow_high[1]) if found else None


HBO = [
    ("0913", "hbo_bachelor", year, n, n)
    for year, n in ((2020, 9_000.0), (2021, 900.0), (2022, 1_100.0), (2023, 1_000.0))
]
MBO = [("0913", "mbo4", year, 2_000.0, 2_000.0) for year in (2021, 2022)]  # its file ends a year before
WO = [("0911", "wo_bachelor", 2023, 250.0, 254.0)]


def test_each_year_ahead_lies_between_the_least_and_the_most_of_the_last_three() -> None:
    rows = entering(_graduates(*HBO, *MBO, *WO), MATRIX, YEARS)
    assert _of(rows, "isco4", "2221") == pytest.approx((0.8 * 900 + 200, 0.8 * 1_100 + 200))
    assert _of(rows, "isco4", "3221") == pytest.approx((1_000, 1_000))
    assert _of(rows, "isco4", "2261") == pytest.approx((250, 254))
    assert {row.code for row in rows if row.level == "isco4"} == {"2221", "3221", "2261"}  # no other: not even nought
    one = next(row for row in rows if (row.level, row.code) == ("isco4", "2221"))
    assert np.isnan(one.inflow_low[0]) and one.years == tuple(YEARS) and not one.has_path
    assert one.source == "graduates 2020-2023 (mbo4, hbo_bachelor, wo_bachelor) by matrix"


def test_a_level_without_a_file_leaves_no_most_and_nothing_where_it_is_all() -> None:
    rows = entering(_graduates(*HBO, *WO), MATRIX, YEARS)
    low, high = _of(rows, "isco4", "2221") or (0.0, 0.0)
    assert low == pytest.approx(720) and np.isnan(high)
    assert _of(rows, "isco4", "3221") is None  # only mbo leads there: unknown, not nought
    assert _of(rows, "isco4", "2261") == pytest.approx((250, 254))


def test_a_coarser_occupation_has_no_most_where_a_part_has_none() -> None:
    rows = entering(_graduates(*HBO, *MBO, *WO), MATRIX, YEARS)
    low, high = _of(rows, "isco1", "2") or (0.0, 0.0)
    assert low == pytest.approx(920 + 250) and np.isnan(high)  # no programme leads to engineers


def test_a_suppressed_or_unknown_cell_stays_a_bound() -> None:
    unknown = ("0911", "wo_bachelor", 2022, 0.0, None)
    rows = entering(_graduates(*HBO, *MBO, *WO, unknown), MATRIX, YEARS)
    assert _of(rows, "isco4", "2261") is None  # from 0 to anything says nothing
    low, high = _of(entering(_graduates(*HBO, ("0913", "mbo4", 2022, 10.0, None)), MATRIX, YEARS), "isco4", "2221") or (
        0,
        0,
    )
    assert low == pytest.approx(720 + 1) and np.isnan(high)
    assert entering(_graduates(), MATRIX, YEARS) == []


def test_a_balance_of_which_only_the_least_is_known_has_no_value_and_no_upper_bound() -> None:
    own = entering(_graduates(*HBO, *WO), MATRIX, YEARS, ("isco4",))
    made = outlook(Settings(2025, 2030, draws=100, levels=("isco4",)), own)
    rows = {row["code"]: row for row in whole(made, 0.8).to_pylist()}
    nurses, dentists, helpers = rows["2221"], rows["2261"], rows["3221"]
    assert nurses["inflow_low"] == pytest.approx(5 * 720) and nurses["inflow"] is nurses["inflow_high"] is None
    assert nurses["balance"] is nurses["balance_high"] is nurses["short_pct"] is None
    assert nurses["balance_low"] == pytest.approx(nurses["inflow_low"] - nurses["openings_high"], rel=0.1)
    assert dentists["balance_low"] < dentists["balance"] < dentists["balance_high"]
    assert helpers["balance_low"] is helpers["inflow_low"] is helpers["inflow_source"] is None
    year = next(r for r in yearly(made, 0.8).to_pylist() if (r["code"], r["year"]) == ("2221", 2027))
    assert year["balance_low"] < 0 and year["balance_high"] is year["balance"] is None
    assert year["balance_total_low"] < year["balance_low"]


def test_the_users_own_inflow_stands_before_that_of_files() -> None:
    flow = np.array([np.nan, *[5.0] * 5])
    empty = np.full(6, np.nan)
    mine = Own("isco4", "2221", "all", tuple(YEARS), empty, empty, {}, flow, flow, np.nan, np.nan, "observed", "mine")
    own = [mine, *entering(_graduates(*HBO, *MBO, *WO), MATRIX, YEARS, ("isco4",))]
    rows = whole(outlook(Settings(2025, 2030, draws=50, levels=("isco4",)), own), 0.8).to_pylist()
    nurses = next(row for row in rows if row["code"] == "2221")
    assert (nurses["inflow"], nurses["inflow_source"]) == (25, "mine")
