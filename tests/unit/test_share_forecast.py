"""Forecasts of shares: they hold what follows as often as they say, and say why where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from overstap.analysis.forecast import COMBINED, carry
from overstap.analysis.share_forecast import HORIZON, WEIGHTS, Series, forecast_rows, forecast_table
from overstap.analysis.uncertainty import Floats
from tests.coded import by_hand

QUARTERS = [f"{year}Q{q}" for year in range(2008, 2024) for q in (1, 2, 3, 4)]


def diffusing(rng: np.random.Generator, items: int, size: int) -> Floats:
    """Shares on their way to a ceiling of 2–60 %, one in four on its way out, with noise that stays."""
    time = np.arange(size)
    ceiling, pace = rng.uniform(0.02, 0.6, (items, 1)), rng.uniform(0.1, 0.4, (items, 1))
    pace *= np.where(rng.random((items, 1)) < 0.25, -1, 1)
    path = ceiling * expit(pace * (time - rng.uniform(0, size, (items, 1))))
    return np.clip(path * np.exp(np.cumsum(rng.normal(0, 0.02, path.shape), 1)), 0.003, 0.95)


def wandering(rng: np.random.Generator, items: int, size: int) -> Floats:
    """Log odds that wander, with a shock that all share and a season."""
    steps = rng.normal(0, 0.05, (items, size)) + rng.normal(0, 0.03, size)
    return expit(rng.uniform(-4, 0, (items, 1)) + np.cumsum(steps, 1) + 0.1 * np.sin(np.arange(size) * np.pi / 2))


def series_of(x: Floats, n: Floats) -> Series:
    return Series([("skill", f"s{i}") for i in range(len(x))], QUARTERS[: x.shape[1]], x, n)


@pytest.mark.parametrize(("path", "size"), [(diffusing, 24), (diffusing, 32), (wandering, 32)])
def test_bounds_hold_what_follows_as_often_as_they_say(path: object, size: int) -> None:
    """4 markets of 60 items, 3,000 vacancies a quarter: of the shares counted in the quarters that follow 80 % lie
    within the bounds, give or take 7 points, as errors of one market are alike; and the back-test says as much."""
    held, told = [], []
    for seed in range(4):
        rng = np.random.default_rng(700 + seed)
        share = path(rng, 60, size + HORIZON)  # type: ignore[operator]
        x = rng.binomial(3000, share).astype(float)
        rows = list(forecast_rows(series_of(x[:, :size], np.full(size, 3000.0)), [None] * 60))
        for row in (r for r in rows if r.get("share_low") is not None):
            counted = 100 * x[int(row["item_id"][1:]), QUARTERS.index(row["period"])] / 3000
            held.append(row["share_low"] <= counted <= row["share_high"])
            told += [row["coverage_pct"]] if row["coverage_pct"] is not None else []
    assert len(held) > 1300
    assert 0.73 <= np.mean(held) <= 0.87, np.mean(held)
    assert 73 <= np.mean(told) <= 87


def test_a_ceiling_lowers_the_errors_of_diffusion() -> None:
    """The 8 quarters after 24, against the combination without it, on markets of their own."""
    ours, without = [], []
    for seed in range(4):
        share = diffusing(np.random.default_rng(900 + seed), 60, 24 + HORIZON)
        z = np.log(share / (1 - share))
        for weights, errors in ((WEIGHTS, ours), (COMBINED, without)):
            errors.append(np.mean(np.abs(carry(z[:, :24], HORIZON, 4, weights) - z[:, 24:])))
    assert np.mean(ours) < 0.9 * np.mean(without)


def test_where_the_data_cannot_carry_one_it_says_why() -> None:
    rng = np.random.default_rng(3)
    x = rng.binomial(1000, wandering(rng, 12, 24)).astype(float)
    x[0] = 3  # few, but in every quarter
    x[1, 8:12] = 0
    rows = list(
        forecast_rows(series_of(x, np.full(24, 1000.0)), ["wording s2 2017" if i == 2 else None for i in range(12)])
    )
    notes = {row["item_id"]: row.get("note") for row in rows}
    assert (notes["s0"], notes["s1"], notes["s2"], notes["s3"]) == ("few", "gap", "drift", None)
    assert [r["period"] for r in rows if r["item_id"] == "s3"][:2] == ["2014Q1", "2014Q2"]
    assert all("share_pct" not in row for row in rows if row.get("note"))
    short = list(forecast_rows(series_of(x[:, :11], np.full(11, 1000.0)), [None] * 12))
    assert {row["note"] for row in short} == {"short"} and len(short) == 12
    n = np.full(24, 1000.0)
    n[5] = 0  # a quarter without ads
    assert {row["note"] for row in forecast_rows(series_of(np.where(n, x, 0), n), [None] * 12)} == {"gap"}
    untested = list(forecast_rows(series_of(x[:, :13], np.full(13, 1000.0)), [None] * 12))
    assert notes["s3"] is None and {r["note"] for r in untested if r["item_id"] == "s3"} == {"untested"}


def flag(kind: str, subject: str, period: str) -> dict[str, str]:
    return {"kind": kind, "subject": subject, "topsector": "all", "period": period}


def test_rows_from_coded_vacancies_and_a_feed_that_moved() -> None:
    rng = np.random.default_rng(4)
    coded = [
        {
            "employer": i % 300,
            "weight": 1.0,
            "quarter": quarter,
            "skill": ["python"] if rng.random() < 0.3 else ["sap"] if rng.random() < 0.5 else [],
            "category": ["a"] if rng.random() < 0.4 else [],
            "category_group": ["digital"] if rng.random() < 0.6 else [],
            "function_group": "ict" if rng.random() < 0.3 else "unknown",
        }
        for quarter in QUARTERS[:28]
        for i in range(150)
    ]
    codes = by_hand(coded)
    rows = forecast_table(codes, ["python"]).to_pylist()
    ahead = [row for row in rows if row["note"] is None]
    assert {(r["item_kind"], r["item_id"]) for r in ahead} == {
        ("category_group", "digital"), ("category", "a"), ("function_group", "ict"), ("skill", "python"),
    }  # fmt: skip
    digital = [row for row in ahead if row["item_id"] == "digital"]
    assert digital[0]["period"] == "2015Q1" and digital[0]["origins_n"] >= 6 and digital[0]["mase"] > 0
    assert all(row["share_low"] < row["share_pct"] < row["share_high"] for row in digital)
    assert 40 < digital[0]["share_pct"] < 80
    moved = forecast_table(codes, ["python"], [flag("wording", "python", "2012")]).to_pylist()
    assert {row["item_id"] for row in moved if row["note"] == "drift"} == {"python"}
    gone = forecast_table(codes, ["python"], [flag("source", "board", "2014")]).to_pylist()
    assert {row["note"] for row in gone} == {"drift"}
    assert forecast_table(by_hand([coded[0]]), ["python"]).to_pylist()[0]["note"] == "short"
    assert {row["reason"] for row in gone} == {"source board 2014"}  # too few quarters are left since then
    again = forecast_table(
        codes, ["python"], [flag("source", "board", "2010"), flag("coded", "board", "2013")]
    ).to_pylist()
    assert {row["note"] for row in again if row["item_kind"] == "function_group"} <= {None, "untested"}
    assert {row["reason"] for row in again if row["item_kind"] == "skill"} == {"coded board 2013"}
    old = forecast_table(
        codes, ["python"], [flag("source", "board", "2009"), flag("wording", "python", "2008")]
    ).to_pylist()
    assert {row["since"] for row in old} == {"2009Q1"}
    assert not [row for row in old if row["note"] == "drift"]
