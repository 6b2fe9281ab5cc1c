"""The vacancies of Statistics Netherlands as published: sections that do not overlap and add up to the total."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overstap.reference.totals import COUNTED, read_totals

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir():
    DATA = Path(os.environ.get("OVERSTAP_SHARED_DATA", DATA))
TABLE = DATA / "statistics/cbs_labour_sbi/vacatures_80472ned_tidy.csv"

pytestmark = [pytest.mark.real, pytest.mark.skipif(not TABLE.is_file(), reason="shared data folder is absent")]


def test_the_published_sections_are_read_and_add_up() -> None:
    totals = read_totals(TABLE)
    assert totals.faults == ()
    rows = totals.rows.to_pylist()
    assert {row["sector"] for row in rows} == set(COUNTED)
    assert len(rows) == len(COUNTED) * 4 * 25
    quarter = [row for row in rows if row["quarter"] == "2018Q1"]
    # The page of Statistics Netherlands: 237.8 thousand open vacancies in the first quarter of 2018.
    assert abs(sum(row["open_n"] for row in quarter) - 237_800) <= 1_000
    assert all(row["new_n"] is not None and row["open_n"] is not None for row in rows)
