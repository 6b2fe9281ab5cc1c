"""Spread and turnover: truth recovered, and nothing found where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from overstap.analysis.spread import effective_number, raw_turnover, turnover
from overstap.analysis.uncertainty import Floats

GROUPS = 50


def drawn(rng: np.random.Generator, shares: Floats, per_group: float) -> tuple[Floats, Floats]:
    """Ads by group, occupation (and skill) where the true share is `shares` by occupation and skill; groups differ."""
    n = rng.poisson(per_group, (GROUPS, len(shares))).astype(float)
    taste = rng.normal(0, 0.4, (GROUPS, *shares.shape))
    p = 1 / (1 + np.exp(-(np.log(shares / (1 - shares)) + taste)))
    return rng.binomial(n[..., None].astype(int), p).astype(float), n


def test_an_item_asked_evenly_in_four_occupations_counts_four() -> None:
    x = np.full((GROUPS, 4, 1), 3.0)
    found = effective_number(x, 0.95)
    assert found.value[0] == pytest.approx(4.0)
    assert found.low[0] == pytest.approx(4.0)
    one = effective_number(x * np.array([1, 0, 0, 0])[:, None], 0.95)
    assert one.value[0] == pytest.approx(1.0)


def test_few_ads_do_not_make_an_item_narrow_and_bounds_cover() -> None:
    rng = np.random.default_rng(1)
    weights = np.array([0.4, 0.3, 0.2, 0.05, 0.05])
    true = 1 / (weights**2).sum()
    values, held = [], []
    for _ in range(300):
        x = rng.multinomial(1, weights, GROUPS).astype(float)[:, :, None]  # fifty ads in all
        found = effective_number(x, 0.95)
        values.append(found.value[0])
        held.append(found.low[0] <= true <= found.high[0])
    assert np.median(values) == pytest.approx(true, rel=0.05)
    assert sum(held) >= stats.binom.ppf(0.001, len(held), 0.93)


def test_a_single_pair_of_ads_leaves_the_number_open() -> None:
    x = np.zeros((GROUPS, 3, 1))
    x[0, 0, 0] = x[1, 1, 0] = 1.0
    assert np.isnan(effective_number(x, 0.95).value[0])  # never the same occupation: no bound to the number


def test_no_change_gives_no_turnover_where_the_raw_sum_gives_much() -> None:
    rng = np.random.default_rng(2)
    shares = np.full((6, 200), 0.05)
    found, raw, held = [], [], []
    for _ in range(20):
        sums = (*drawn(rng, shares, 4), *drawn(rng, shares, 4))
        estimate = turnover(*sums, 0.95)
        found.append(estimate.value)
        raw.append(raw_turnover(*sums))
        held.append(estimate.low <= 0)
    assert np.mean(raw) > 2.0
    assert abs(np.mean(found)) < 0.15
    assert np.mean(held) >= 0.93


def test_large_changes_are_measured_at_their_size() -> None:
    rng = np.random.default_rng(3)
    first = np.full((3, 40), 0.10)
    last = first.copy()
    last[0, :10] = 0.40
    last[1, :20] = 0.30
    found = turnover(*drawn(rng, first, 40), *drawn(rng, last, 40), 0.95)
    # The taste of employers bends both shares a little towards a half.
    assert found.value == pytest.approx([10 * 0.30, 20 * 0.20, 0.0], abs=0.4)
    assert found.low[0] > found.high[2]
