"""Workers who depend on ICT: margins are met, known figures are near, and the line is shown to matter."""

from __future__ import annotations

import numpy as np
import pytest

from overstap.analysis.digital_workforce import digital_workforce, fitted, unit_of
from overstap.reference.tables import load


def test_fitted_jobs_meet_both_margins() -> None:
    start = np.array([[8.0, 2.0, 1.0], [2.0, 8.0, 9.0]])
    by_major = {"1": np.array([30.0, 10.0]), "2": np.array([5.0, 15.0])}
    totals = np.array([60.0, 20.0, 40.0])
    cells = fitted(start, ["11", "12", "21"], by_major, totals)
    assert cells.sum(axis=0) == pytest.approx(totals)
    assert cells[:, :2].sum(axis=1) == pytest.approx([60.0, 20.0])  # three quarters of eighty, and a quarter
    assert cells[:, 2] == pytest.approx([10.0, 30.0])
    # Odds between occupations stay those of the start (Deming & Stephan 1940).
    odds = cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0])
    assert odds == pytest.approx(8.0 * 8.0 / (2.0 * 2.0))


def test_dutch_figures_are_near_what_the_study_quotes_and_add_up() -> None:
    tables = (load(name) for name in ("employment_sector_occupation", "cedefop_employment", "task_indices"))
    rows = digital_workforce(*tables).to_pylist()
    whole = {r["year"]: r for r in rows if r["section"] == "all"}
    # 3.7 million jobs of 'digital potential' (Bilderbeek, De Bruin & Warmerdam 2017, quoted by the study).
    assert whole[2016]["workers_low"] <= 3_700_000 <= whole[2016]["workers_high"]
    for year in (2016, 2022, 2035):
        parts = [r for r in rows if r["year"] == year and r["section"] != "all"]
        for name in ("workers", "employed"):
            assert sum(r[name] for r in parts) == pytest.approx(whole[year][name], rel=0.03)
        assert all(r["workers_low"] <= r["workers"] <= r["workers_high"] <= r["employed"] for r in parts)
        assert all(r["share_low"] <= r["share_pct"] <= r["share_high"] <= 100 for r in parts if r["employed"])
    share = {r["section"]: r["share_pct"] for r in rows if r["year"] == 2022}
    assert share["J"] > 90 > share["Q"]  # information and communication; care


def test_figures_are_no_finer_than_their_sources() -> None:
    tables = (load(name) for name in ("employment_sector_occupation", "cedefop_employment", "task_indices"))
    rows = digital_workforce(*tables).to_pylist()
    for row in rows:
        unit = unit_of(row["workers"])
        assert unit >= 1000 and row["workers"] % unit == 0 and row["employed"] % 1000 == 0
        assert row["share_pct"] is None or row["share_pct"] == round(row["share_pct"])
    whole = {r["year"]: r for r in rows if r["section"] == "all"}
    assert whole[2022]["workers"] % 100_000 == 0
    assert whole[2022]["workers_low"] < whole[2022]["workers"] < whole[2022]["workers_high"]
    assert {whole[year]["basis"] for year in (2016, 2023)} == {"allocated"} and whole[2024]["basis"] == "projected"


@pytest.mark.parametrize(("persons", "unit"), [(400, 1000), (34_567, 1000), (345_678, 10_000), (3_456_789, 100_000)])
def test_the_unit_is_the_second_figure(persons: float, unit: int) -> None:
    assert unit_of(persons) == unit
