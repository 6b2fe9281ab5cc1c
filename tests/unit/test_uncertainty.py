"""Intervals: agreement with scipy where there are no clusters, coverage where there are, exactness at small counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from overstap.analysis.uncertainty import (
    Sums,
    benjamini_hochberg,
    clustered_shares,
    conditional_ratio,
    design_effect,
    exact_p_value,
    wilson,
)


def sums(x: np.ndarray, n: np.ndarray) -> Sums:
    """Sums of one cell from the counts per employer."""
    values = (x.sum(), n.sum(), np.sum(n > 0), (x * x).sum(), (x * n).sum(), (n * n).sum())
    return Sums(*(np.array([float(v)]) for v in values))


@given(st.integers(2, 500), st.data())
def test_wilson_agrees_with_scipy_on_independent_ads(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    low, high = wilson(np.array([x / n]), np.array([float(n)]), float(stats.norm.ppf(0.975)))
    expected = stats.binomtest(x, n).proportion_ci(0.95, method="wilson")
    assert low[0] == pytest.approx(expected.low, abs=1e-12)
    assert high[0] == pytest.approx(expected.high, abs=1e-12)


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=2, max_size=30))
def test_interval_holds_the_share_and_clusters_never_narrow_it(employers: list[tuple[int, float]]) -> None:
    n = np.array([float(size) for size, _ in employers])
    x = np.array([float(round(size * share)) for size, share in employers])
    cell = sums(x, n)
    found = clustered_shares(cell, 0.95)
    alone_low, alone_high = wilson(found.share, cell.n, float(stats.norm.ppf(0.975)))
    assert 0 <= found.low[0] <= found.share[0] + 1e-12
    assert found.share[0] - 1e-12 <= found.high[0] <= 1
    assert found.low[0] <= alone_low[0] + 1e-12
    assert found.high[0] >= alone_high[0] - 1e-12


def test_one_employer_gives_no_interval() -> None:
    found = clustered_shares(sums(np.array([30.0]), np.array([100.0])), 0.95)
    assert found.share[0] == pytest.approx(0.3)
    assert np.isnan(found.low[0])
    assert np.isnan(found.high[0])


@pytest.mark.parametrize("agency", [2, 20, 200])
@pytest.mark.parametrize("place", [0, -1])
def test_bounds_move_with_the_count_at_none_and_at_all(agency: int, place: int) -> None:
    """1,000 vacancies, of which one agency's `agency`; the one vacancy with the item is the agency's or another's."""
    n = np.array([agency] + [1] * (1000 - agency), dtype=float)
    one = np.zeros_like(n)
    one[place] = 1
    few = [clustered_shares(sums(x, n), 0.95) for x in (0 * n, one)]
    many = [clustered_shares(sums(n - x, n), 0.95) for x in (0 * n, one)]
    assert few[0].high[0] < few[1].high[0] < 0.01
    assert many[0].low[0] > many[1].low[0] > 0.99


def test_interval_of_none_covers_rare_items_of_clustered_employers() -> None:
    """Three vacancies expected of 100 employers of about five, alike by 0.05: none is seen in one market of ten."""
    draw, runs, hits = np.random.default_rng(21), 1000, 0
    for _ in range(runs):
        n = np.ceil(draw.pareto(2.0, 100) * 4 + 1).clip(max=120)
        chance = 3 / 540
        x = draw.binomial(n.astype(int), draw.beta(19 * chance, 19 * (1 - chance), 100)).astype(float)
        found = clustered_shares(sums(x, n), 0.95)
        hits += bool(found.low[0] <= chance <= found.high[0])
    assert hits >= stats.binom.ppf(0.0005, runs, 0.94)


def test_design_effect_is_the_cluster_size_where_ads_of_an_employer_are_copies() -> None:
    draw = np.random.default_rng(3)
    asked = draw.random(4000) < 0.4
    found = clustered_shares(sums(asked * 10.0, np.full(4000, 10.0)), 0.95)
    assert found.design_effect[0] == pytest.approx(10, rel=0.05)


def coverage(runs: int, seed: int) -> int:
    """How many of `runs` markets of unequal, alike-minded employers have the true share in the 95 % interval."""
    draw = np.random.default_rng(seed)
    hits = 0
    for _ in range(runs):
        n = np.ceil(draw.pareto(2.0, 250) * 4 + 1).clip(max=120)
        x = draw.binomial(n.astype(int), draw.beta(1.5, 6.0, 250)).astype(float)
        found = clustered_shares(sums(x, n), 0.95)
        hits += bool(found.low[0] <= 0.2 <= found.high[0])
    return hits


def tolerated(runs: int) -> tuple[int, int]:
    """Hits that a method of 93.5 to 96.5 % would give in all but one of a thousand trials."""
    return int(stats.binom.ppf(0.0005, runs, 0.935)), int(stats.binom.ppf(0.9995, runs, 0.965))


def test_interval_covers_the_true_share_of_clustered_employers() -> None:
    low, high = tolerated(400)
    assert low <= coverage(400, 11) <= high


@pytest.mark.full
def test_interval_covers_the_true_share_over_many_markets() -> None:
    low, high = tolerated(5000)
    assert low <= coverage(5000, 12) <= high


def test_conditional_ratio_agrees_with_clopper_pearson() -> None:
    low, high = conditional_ratio(*(np.array([v]) for v in (4.0, 9.0, 100.0, 150.0)), 0.025)
    expected = stats.binomtest(9, 13).proportion_ci(0.95, method="exact")
    assert low[0] == pytest.approx(expected.low / (1 - expected.low) * 100 / 150)
    assert high[0] == pytest.approx(expected.high / (1 - expected.high) * 100 / 150)


def test_conditional_ratio_is_one_sided_where_a_count_is_zero() -> None:
    low, high = conditional_ratio(np.array([0.0, 8.0]), np.array([8.0, 0.0]), np.full(2, 50.0), np.full(2, 50.0), 0.025)
    assert high[0] == np.inf
    assert low[1] == 0


def test_exact_p_value_agrees_with_doubled_tail() -> None:
    p = exact_p_value(np.array([3.0]), np.array([12.0]), np.array([100.0]), np.array([100.0]))
    assert p[0] == pytest.approx(2 * stats.binom.sf(11, 15, 0.5))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 500), st.integers(1, 500))
def test_exact_p_value_of_whole_counts_is_that_of_the_binomial(first: int, last: int, m: int, n: int) -> None:
    p = exact_p_value(*(np.array([float(v)]) for v in (first, last, m, n)))
    chance, total = n / (m + n), first + last
    tails = stats.binom.cdf(last, total, chance), stats.binom.sf(last - 1, total, chance)
    assert p[0] == pytest.approx(min(1, 2 * min(tails)), rel=1e-9, abs=1e-300)


@given(*[st.just(0.0) | st.floats(0.01, 60)] * 2, st.floats(0.2, 5))
def test_exact_p_value_and_bounds_agree_on_deflated_counts(first: float, last: float, growth: float) -> None:
    counts = [np.array([v]) for v in (first, last, 100.0, 100 * growth)]
    low, high = conditional_ratio(*counts, 0.025)
    p = exact_p_value(*counts)[0]
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == bool(low[0] > 1 or high[0] < 1)


def test_benjamini_hochberg_on_the_example_of_the_paper() -> None:
    # Benjamini & Hochberg (1995), section 3.1: 15 p-values, the four smallest rejected at 0.05.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert int((benjamini_hochberg(np.array(p)) <= 0.05).sum()) == 4


def weighted(x: np.ndarray, n: np.ndarray, weights: np.ndarray) -> Sums:
    """Sums of one cell from counts per employer whose vacancies all have the employer's weight."""
    cell = sums(x * weights, n * weights)
    return replace(cell, count=np.array([n.sum()]), ww=np.array([(n * weights**2).sum()]))


def test_without_clusters_the_interval_is_that_of_wilson() -> None:
    x = np.array([1.0] * 30 + [0.0] * 170)
    found = clustered_shares(sums(x, np.ones(200)), 0.95)
    expected = stats.binomtest(30, 200).proportion_ci(0.95, method="wilson")
    assert (found.low[0], found.high[0]) == pytest.approx((expected.low, expected.high))
    assert found.design_effect[0] == 1


@pytest.mark.parametrize("unequal", [False, True])
def test_the_error_is_that_of_a_bootstrap_over_employers(unequal: bool) -> None:
    """Effective size against the spread of the share over 4,000 draws of employers, with replacement; 6 % is four
    standard errors of such a spread, and what the linearisation leaves out at 300 employers."""
    draw = np.random.default_rng(3)
    n = np.ceil(draw.pareto(1.5, 300) * 3)
    x = draw.binomial(n.astype(int), draw.beta(2, 6, 300)).astype(float)
    weights = draw.choice([0.5, 1.0, 3.0], 300) if unequal else np.ones(300)
    cell = weighted(x, n, weights)
    effect = design_effect(cell)[0]
    p = cell.x[0] / cell.n[0]
    times = draw.multinomial(300, np.full(300, 1 / 300), 4000)
    spread = np.std((times @ (x * weights)) / (times @ (n * weights)))
    assert np.sqrt(effect * p * (1 - p) / n.sum()) == pytest.approx(spread, rel=0.06)


def test_weights_that_are_all_equal_change_nothing_and_unequal_ones_widen() -> None:
    n, x = np.array([4.0, 7, 2, 9, 5]), np.array([1.0, 2, 0, 3, 1])
    plain, double = clustered_shares(sums(x, n), 0.95), clustered_shares(weighted(x, n, np.full(5, 2.0)), 0.95)
    assert (double.low, double.high) == (pytest.approx(plain.low), pytest.approx(plain.high))
    nothing = weighted(np.zeros(5), n, np.array([1.0, 1, 1, 1, 20]))
    kish = n.sum() * nothing.ww[0] / nothing.n[0] ** 2
    assert clustered_shares(nothing, 0.95).design_effect[0] == pytest.approx(kish)
    assert clustered_shares(nothing, 0.95).high[0] > clustered_shares(sums(np.zeros(5), n), 0.95).high[0]
