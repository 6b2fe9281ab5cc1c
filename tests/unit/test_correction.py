"""Corrected change between two periods: against latent truth, over simulated markets and audits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from overstap.analysis.correction import Bounded, Corrections, Rates, true_change, true_share
from overstap.analysis.uncertainty import Floats, Shares, wilson
from overstap.schema import table_spec

Z = 1.959964


def observed(count: Floats, n: Floats) -> Bounded:
    """Shares with their Wilson intervals."""
    share = count / n
    return Bounded(share, *wilson(share, n, Z))


def as_shares(b: Bounded) -> Shares:
    return Shares(b.value, b.low, b.high, np.ones_like(b.value))


def draw(
    rng: np.random.Generator, markets: int, true: tuple[float, float], found: float, false: float, n: int, read: int
) -> tuple[Shares, Shares, Rates]:
    """Coded shares of `n` ads in each of two periods, and the rates from one audit of `read` ads of both, per market."""
    shares = []
    for share in true:
        coded = rng.binomial(n, share * found + (1 - share) * false, markets).astype(float)
        shares.append(as_shares(observed(coded, np.full(markets, float(n)))))
    asking = rng.binomial(read, sum(true) / 2, markets).clip(1, read - 1).astype(float)
    rates = Rates(
        observed(rng.binomial(asking.astype(int), found).astype(float), asking),
        observed(rng.binomial((read - asking).astype(int), false).astype(float), read - asking),
    )
    return shares[0], shares[1], rates


def covered(bounds: Bounded, truth: float) -> Floats:
    return (bounds.low <= truth) & (truth <= bounds.high)


@pytest.mark.parametrize(
    ("true", "found", "false", "n", "read"),
    [
        ((0.10, 0.16), 0.70, 0.04, 4000, 400),
        ((0.30, 0.20), 0.85, 0.05, 3000, 300),
        ((0.40, 0.40), 0.60, 0.10, 2000, 200),
        ((0.05, 0.15), 0.80, 0.01, 5000, 600),
    ],
)
def test_corrected_change_covers_the_latent_truth(
    true: tuple[float, float], found: float, false: float, n: int, read: int
) -> None:
    """Of 2,000 markets the interval holds the truth as often as it says, less three standard deviations (1.5 %)."""
    first, last, rates = draw(np.random.default_rng(4), 2000, true, found, false, n, read)
    change = true_change(first, last, rates)
    for bounds, truth in (
        (change.ratio, true[1] / true[0]),
        (change.difference, true[1] - true[0]),
        (true_share(first, rates), true[0]),
        (true_share(last, rates), true[1]),
    ):
        held = covered(bounds, truth).mean()
        assert 0.935 <= held <= 0.995, (truth, held)
    known = np.isfinite(change.ratio.value)
    assert np.median(change.ratio.value[known]) == pytest.approx(true[1] / true[0], rel=0.05)


def test_what_is_coded_alone_does_not_cover_it() -> None:
    first, last, rates = draw(np.random.default_rng(4), 500, (0.10, 0.16), 0.70, 0.04, 20_000, 2000)
    exact = Bounded(np.ones(500), np.ones(500), np.ones(500)), Bounded(np.zeros(500), np.zeros(500), np.zeros(500))
    raw = true_change(first, last, Rates(*exact))
    assert np.allclose(raw.ratio.value, last.share / first.share), "a coding without errors is not corrected"
    assert covered(raw.ratio, 1.6).mean() < 0.2
    assert covered(true_change(first, last, rates).ratio, 1.6).mean() > 0.93


def test_one_audit_for_both_periods_widens_no_change_that_is_none() -> None:
    """Both periods share the error of the rates: where coded shares are alike it leaves the difference alone."""
    share = np.array([0.3])
    same = Shares(share, share - 0.001, share + 0.001, share)
    vague = Rates(Bounded(share + 0.4, share + 0.1, share + 0.6), Bounded(share * 0.2, share * 0.1, share * 0.5))
    change = true_change(same, same, vague)
    assert change.difference.high[0] - change.difference.low[0] < 0.01
    assert change.ratio.low[0] > 0.97 and change.ratio.high[0] < 1.03
    share_of = true_share(same, vague)
    assert share_of.high[0] - share_of.low[0] > 0.2, "the share itself is not known as well"


def test_a_bound_that_reaches_the_false_codings_is_not_taken_for_certain() -> None:
    first = as_shares(observed(np.array([30.0]), np.array([400.0])))
    last = as_shares(observed(np.array([60.0]), np.array([400.0])))
    rates = Rates(observed(np.array([35.0]), np.array([50.0])), observed(np.array([10.0]), np.array([200.0])))
    change = true_change(first, last, rates)  # 7.5 % and 15 % coded, 5 % (3–9) false
    assert change.ratio.value[0] == pytest.approx(4)
    assert np.isinf(change.ratio.high[0]) and 1 < change.ratio.low[0] < 4


def test_where_nothing_is_known_nothing_is_said() -> None:
    few = as_shares(observed(np.array([10.0]), np.array([1000.0])))
    many = as_shares(observed(np.array([100.0]), np.array([1000.0])))
    rates = Rates(observed(np.array([70.0]), np.array([100.0])), observed(np.array([8.0]), np.array([400.0])))
    change = true_change(few, many, rates)  # 1 % coded, 2 % false
    assert np.isnan(change.ratio.value[0]) and np.isnan(change.ratio.low[0])
    assert change.difference.low[0] > 0, "that it grew is known"
    unknown = Rates(*(Bounded(*(np.array([np.nan]),) * 3),) * 2)
    assert np.isnan(true_change(few, many, unknown).ratio.value[0])
    assert np.isnan(true_change(few, many, unknown).difference.value[0])


def test_level_and_change_agree_and_each_row_takes_its_own_rates() -> None:
    def audit_row(kind: str, item: str, recall: float, false: float) -> dict[str, object]:
        rates = {f"recall_{p}": recall for p in ("pct", "low", "high")} | {
            f"false_{p}": false for p in ("pct", "low", "high")
        }
        known = {"item_kind": kind, "item_id": item, "function_group": "all", "period": "all"}
        return {**known, **rates, **dict.fromkeys(("ads_n", "coded_n", "asked_n", "right_n"), 400)}

    rows = [audit_row("category", "a", 80.0, 5.0), audit_row("category_group", "a", 50.0, 0.0)]
    corrections = Corrections.of_audit(pa.Table.from_pylist(rows, schema=table_spec("out_audit").schema))
    cells = pa.table(
        {
            "item_kind": ["skill", "category_group", "category"],
            "item_id": ["a", "a", "a"],
            "function_group": ["all", "ict", "all"],
        }
    )
    first, last = (as_shares(observed(np.array([60.0, 60.0, 60.0]) * k, np.full(3, 300.0))) for k in (1, 2))
    one, two = corrections.share(cells, first), corrections.share(cells, last)
    change = corrections.change(cells, first, last)
    assert np.allclose(one.value, [np.nan, 0.4, 0.2], equal_nan=True)
    assert np.allclose(change.ratio.value, two.value / one.value, equal_nan=True)
    assert np.allclose(change.difference.value, two.value - one.value, equal_nan=True)
