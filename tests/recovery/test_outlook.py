"""The chain from schools to shortages gives back what the simulated market was made with: graduates, openings, balance.

Schools, students and employers are invented, with chances that the test knows; files go through the readers of DUO's
open files, suppressed cells and all.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from overstap.education.graduates import of_stocks
from overstap.education.matrix import Matrix
from overstap.education.stocks import read_stocks
from overstap.outlook.entering import entering
from overstap.outlook.own import COLUMNS, Own, read_own
from overstap.outlook.table import Settings, outlook, whole
from overstap.simulate.students import Programme, simulate_careers, stock_rows, write_csv

HBO = Programme("34479", "B HBO-ICT (sim)", "0613", "hbo_bachelor", "Utrecht", 420, 4, 0.06, 0.05, 0.38)
MBO = Programme("25604", "Software developer (sim)", "0613", "mbo4", "Utrecht", 300, 3, 0.07, 0.03, 0.60)
MATRIX = Matrix(
    {("0613", "hbo_bachelor"): {"2512": 0.7, "outside": 0.3}, ("0613", "mbo4"): {"2512": 0.4, "study": 0.6}}
)
SETTINGS = Settings(2025, 2035, draws=100, levels=("isco4",))
YEARS = range(2025, 2036)
SEEDS = range(12)
FEW = range(3)  # markets whose whole outlook is drawn


def _expected(*programmes: Programme) -> float:
    """Graduates a year who enter the occupation, where as many begin each year."""
    weight = {level: MATRIX.weights["0613", level]["2512"] for level in ("hbo_bachelor", "mbo4")}
    return sum(one.entrants * float(one.chances()[-1, 0]) * weight[one.level] for one in programmes)


def _inflow(folder: Path, programmes: tuple[Programme, ...], seed: int) -> list[Own]:
    made = simulate_careers(programmes, 2005, 2023, seed)
    path = folder / f"graduates{seed}.csv"
    write_csv(path, stock_rows(programmes, made, "graduates", range(2019, 2024)))
    return entering(of_stocks(read_stocks([("graduates", path)], {})), MATRIX, YEARS, ("isco4",))


def _path(folder: Path, openings: float) -> list[Own]:
    """An occupation that employs 6,000, half of whose openings are growth, and half leavers."""
    row = {"level": "isco4", "code": "2512", "first_year": 2026, "last_year": 2035, "employed": 6_000}
    row |= {"expansion": 5 * openings, "outflow": 5 * openings, "source": "truth"}
    path = folder / "own.csv"
    path.write_text(",".join(COLUMNS) + "\n" + ",".join(str(row.get(n, "")) for n in COLUMNS) + "\n", encoding="utf-8")
    return read_own([path])


def test_graduates_of_schools_come_out_as_the_inflow_of_their_occupation(tmp_path: Path) -> None:
    truth = _expected(HBO, MBO)
    middles = []
    for seed in SEEDS:
        (one,) = _inflow(tmp_path, (HBO, MBO), seed)
        low, high = one.inflow_low[1], one.inflow_high[1]
        assert low <= high and 0.85 * truth < low and high < 1.15 * truth
        middles.append((low + high) / 2)
    assert np.mean(middles) == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize(("openings", "sign"), [(150.0, 1), (900.0, -1)])
def test_shortage_and_surplus_are_recovered_with_their_sign(tmp_path: Path, openings: float, sign: int) -> None:
    truth = 10 * (_expected(HBO, MBO) - openings)
    assert np.sign(truth) == sign
    held = []
    for seed in FEW:
        own = [*_path(tmp_path, openings), *_inflow(tmp_path, (HBO, MBO), seed)]
        (row,) = (r for r in whole(outlook(SETTINGS, own), 0.8).to_pylist() if r["code"] == "2512")
        assert row["openings"] == pytest.approx(10 * openings)
        assert np.sign(row["balance"]) == sign and row["balance"] == pytest.approx(truth, abs=1_000)
        held.append(row["balance_low"] <= truth <= row["balance_high"])
    assert all(held)


def test_without_the_file_of_a_level_the_truth_lies_within_the_bound_that_is_left(tmp_path: Path) -> None:
    """Of mbo there is no file: the shortage that is told is the largest it can be, and none is claimed."""
    truth = 10 * (_expected(HBO, MBO) - 900)
    for seed in FEW:
        own = [*_path(tmp_path, 900), *_inflow(tmp_path, (HBO,), seed)]
        (row,) = (r for r in whole(outlook(SETTINGS, own), 0.8).to_pylist() if r["code"] == "2512")
        assert row["balance"] is row["balance_high"] is row["short_pct"] is row["inflow_high"] is None
        assert row["balance_low"] < truth and row["inflow_low"] < 10 * _expected(HBO, MBO)
