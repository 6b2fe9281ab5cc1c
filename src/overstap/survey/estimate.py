"""Weighted shares and means with their intervals, and tests between groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.survey.rake import effective

_quantile = lru_cache(maxsize=8)(normal_quantile)


@dataclass(frozen=True)
class Estimate:
    """A share (0–1) or mean of `n` respondents, of `effective` independent ones, with its interval and error."""

    value: float
    low: float
    high: float
    n: int
    effective: float
    error: float


def share(x: Floats, w: Floats, confidence: float) -> Estimate:
    """The weighted share of x = 1: Wilson's interval on the effective number of respondents (Kish 1965)."""
    p, n = float(np.average(x, weights=w)), effective(w)
    low, high = wilson(np.array([p]), np.array([n]), _quantile(confidence))
    return Estimate(p, float(low[0]), float(high[0]), len(x), n, float(np.sqrt(p * (1 - p) / n)))


def mean(x: Floats, w: Floats, confidence: float) -> Estimate:
    """The weighted mean with a t interval; its error by linearisation: √Σw²(x − m)² / Σw, times √(n / (n − 1)).

    The interval and the error are unknown (nan) where there is one respondent, or all answer alike: what does not vary
    says nothing of how far it might.
    """
    m, n = float(np.average(x, weights=w)), effective(w)
    if n <= 1 or not np.ptp(x):
        return Estimate(m, np.nan, np.nan, len(x), n, np.nan)
    error = float(np.sqrt((w**2 * (x - m) ** 2).sum() * len(x) / (len(x) - 1)) / w.sum())
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * error
    return Estimate(m, m - half, m + half, len(x), n, error)


def p_of_shares(one: Estimate, other: Estimate) -> float:
    """Two-sided p-value that two shares are equal, by the pooled share and effective numbers."""
    both = (one.value * one.effective + other.value * other.effective) / (one.effective + other.effective)
    error = np.sqrt(both * (1 - both) * (1 / one.effective + 1 / other.effective))
    return float(2 * special.ndtr(-abs(one.value - other.value) / error)) if error > 0 else 1.0


def p_of_means(one: Estimate, other: Estimate) -> float:
    """Two-sided p-value that two means are equal (Welch 1947, on effective numbers); nan where one is unknown."""
    a, b = one.error**2, other.error**2
    if not np.isfinite(a + b):
        return float("nan")
    free = (a + b) ** 2 / (a**2 / (one.effective - 1) + b**2 / (other.effective - 1))
    return float(2 * special.stdtr(free, -abs(one.value - other.value) / np.sqrt(a + b)))
