"""Lists of the strongest changes: shrunken values come nearer to the truth, listed intervals keep their promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from overstap.analysis.shrinkage import benjamini_yekutieli, selected_confidence, shrink
from overstap.analysis.uncertainty import benjamini_hochberg


def test_shrunken_values_agree_with_the_eight_schools() -> None:
    # Effects of coaching in eight schools and their errors (Rubin 1981): the restricted likelihood is highest at no
    # spread, and the pooled mean is 7.7 with error 4.1 (Gelman et al. 2013, section 5.5).
    y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
    error = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
    found = shrink(y, error, 0.95)
    assert found.spread == 0.0
    assert found.value == pytest.approx(np.full(8, 7.7), abs=0.05)
    assert (found.high - found.low).min() / 2 / 1.96 == pytest.approx(4.1, abs=0.2)


def test_what_is_known_well_hardly_moves_and_what_is_not_moves_far() -> None:
    y = np.array([0.0, 0.5, -0.5, 0.9, -0.9, 2.0, 2.0])
    error = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 3.0])
    found = shrink(y, error, 0.95)
    assert found.value[5] == pytest.approx(2.0, abs=0.02)
    assert abs(found.value[6] - found.centre) < 0.2 * abs(y[6] - found.centre)


def test_shrunken_values_err_less_and_their_bounds_cover() -> None:
    rng = np.random.default_rng(1)
    squares, covered = np.zeros(2), []
    for _ in range(200):
        truth = rng.normal(0.1, 0.3, 60)
        error = rng.uniform(0.05, 1.0, 60)
        seen = rng.normal(truth, error)
        found = shrink(seen, error, 0.95)
        squares += [((seen - truth) ** 2).sum(), ((found.value - truth) ** 2).sum()]
        covered.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert squares[1] < 0.4 * squares[0]
    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_family_without_spread_goes_to_its_centre_and_a_small_one_stays() -> None:
    same = shrink(np.array([0.1, 0.12, 0.09, 0.11, 0.08, np.nan]), np.full(6, 0.5), 0.95)
    assert same.spread == 0.0
    assert same.value[:5] == pytest.approx(np.full(5, 0.1))
    assert np.isnan(same.value[5])
    two = shrink(np.array([1.0, 5.0]), np.array([1.0, 1.0]), 0.95)
    assert list(two.value) == [1.0, 5.0]


def test_listed_intervals_miss_at_the_promised_rate_where_plain_ones_do_not() -> None:
    rng = np.random.default_rng(2)
    missed = []
    for _ in range(400):
        truth = np.where(np.arange(100) < 10, 0.8, 0.0)
        seen = rng.normal(truth, 0.3)
        p = 2 * stats.norm.sf(np.abs(seen) / 0.3)
        listed = benjamini_hochberg(p) <= 0.2
        level = selected_confidence(listed, np.ones(100, bool), 0.95)
        half = stats.norm.ppf(0.5 + np.array([0.95, level]) / 2) * 0.3
        missed.append((np.abs(seen - truth)[listed][:, None] > half).mean(axis=0) if listed.any() else [0, 0])
    plain, selected = np.mean(missed, axis=0)
    assert plain > 0.10
    assert selected <= 0.05


def test_yekutieli_is_hochberg_times_the_harmonic_sum() -> None:
    p = np.array([0.001, 0.02, 0.03, 0.6])
    harmonic = sum(1 / k for k in range(1, 5))
    assert benjamini_yekutieli(p) == pytest.approx(np.minimum(benjamini_hochberg(p) * harmonic, 1.0))
    assert selected_confidence(np.zeros(3, bool), np.ones(3, bool), 0.95) == 0.95
