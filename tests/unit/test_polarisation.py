"""Polarisation: planted laws are found, chance is not, and the figures agree with another tool's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from overstap.analysis.polarisation import polarisation, routine_bias, routine_task_index
from overstap.analysis.uncertainty import Floats


def market(seed: int, curve: float, routine_effect: float) -> tuple[Floats, Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    first = rng.uniform(20, 300, 40)
    skill, routine = rng.uniform(0, 1, 40), rng.uniform(0.2, 0.8, 40)
    growth = curve * (skill - 0.5) ** 2 + routine_effect * routine + rng.normal(0, 0.1, 40)
    return first, first * np.exp(growth), skill, routine


def test_growth_at_both_ends_is_polarisation_and_growth_in_the_middle_its_opposite() -> None:
    first, last, skill, _ = market(1, 2.0, 0.0)
    found = polarisation(first, last, skill)
    assert found.low > 0
    assert found.shape == "u"
    first, last, skill, _ = market(1, -2.0, 0.0)
    found = polarisation(first, last, skill)
    assert found.high < 0
    assert found.shape == "arch"


def test_growth_that_only_quickens_with_skill_is_no_polarisation() -> None:
    rng = np.random.default_rng(7)
    first, skill = rng.uniform(20, 300, 40), rng.uniform(0, 1, 40)
    found = polarisation(first, first * np.exp(0.8 * skill**2 + rng.normal(0, 0.03, 40)), skill)
    assert found.low > 0  # it bends
    assert found.shape == "none"


def test_intervals_hold_nought_where_nothing_was_planted() -> None:
    held = []
    for seed in range(200):
        first, last, skill, routine = market(seed, 0.0, 0.0)
        for found in (polarisation(first, last, skill), routine_bias(first, last, routine)):
            held.append(found.low <= 0 <= found.high)
    assert sum(held) >= stats.binom.ppf(0.001, len(held), 0.95)
    assert np.mean(held) < 0.99


def test_shrinking_routine_work_is_measured_per_standard_deviation() -> None:
    found = []
    for seed in range(50):
        first, last, _, routine = market(seed, 0.0, -1.0)
        found.append(routine_bias(first, last, routine).value)
    spread = 0.6 / np.sqrt(12)  # of a uniform variable from .2 to .8
    assert np.mean(found) == pytest.approx(-spread, abs=0.02)


def test_coefficient_and_errors_agree_with_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    first, last, _, routine = market(3, 0.0, -0.5)
    x = (routine - np.average(routine, weights=first)) / np.sqrt(
        np.average((routine - np.average(routine, weights=first)) ** 2, weights=first)
    )
    fit = sm.WLS(np.log(last / first), sm.add_constant(x), weights=first).fit(cov_type="HC3", use_t=True)
    found = routine_bias(first, last, routine)
    assert found.value == pytest.approx(fit.params[1])
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int()[1]))
    assert found.p_value == pytest.approx(fit.pvalues[1])


def test_few_occupations_carry_no_law() -> None:
    few = np.full(9, 10.0)
    found = polarisation(few, few * 2, np.arange(9.0))
    assert np.isnan(found.value)
    assert found.n == 9


def test_the_routine_index_is_unknown_where_a_part_is() -> None:
    index = routine_task_index(*(np.array(v) for v in ([0.5, 0.5], [0.4, np.nan], [0.6, 0.5], [0.5, 0.5])))
    assert index[0] == pytest.approx(np.log(0.5) - np.log(0.5) - np.log(0.5))
    assert np.isnan(index[1])
