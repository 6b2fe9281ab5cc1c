"""Weighted shares and means with their intervals, tests between groups, and what is hidden because few answered."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from scipy import special

from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.survey.rake import effective

K = TypeVar("K", bound=Hashable)


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


def hidden(counts: Mapping[K, int], totals: Sequence[tuple[K | int, Sequence[K]]], smallest: int) -> set[K]:
    """The cells that are not shown: those with fewer than `smallest`, and as many more as keep these from being found
    by subtraction from a total, or by adding up the parts of one. `totals`: each the key of a cell, or its n, with the
    cells that it holds."""
    gone = {key for key, n in counts.items() if n < smallest}
    while True:
        before = len(gone)
        for whole, cells in totals:
            total = whole if isinstance(whole, int) else counts[whole]
            if total < smallest:
                gone.update(cells)
                continue
            left = total - sum(counts[key] for key in cells if key not in gone)
            shown = sorted((counts[key], str(key), key) for key in cells if key not in gone and counts[key])
            is_open = not isinstance(whole, int) and whole in gone and left == 0
            if shown and (is_open or (0 < left < smallest and any(key in gone and counts[key] for key in cells))):
                gone.add(shown[0][2])
        if len(gone) == before:
            return gone
