"""Many ratios at once: what is left of the largest when chance is taken off, and intervals that survive being listed.

A list of the strongest risers is a list of the lucky: of skills asked five times, some treble by chance. Two answers
stand side by side. *Shrinkage* draws each ratio towards the centre of its family, the more the less it is known
(empirical Bayes: Efron & Morris 1975; bounds: Morris 1983). *Selected intervals* are so
wide that, of those listed, a share of at most 1 − confidence misses its true value (false coverage rate: Benjamini &
Yekutieli 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from overstap.analysis.uncertainty import Floats, benjamini_hochberg, normal_quantile

_LEAST_FAMILY = 5


@dataclass(frozen=True)
class Shrunk:
    """Shrunken values with bounds, and the centre and spread of the family; NaN where the value was not known."""

    value: Floats
    low: Floats
    high: Floats
    centre: float
    spread: float


def shrink(value: Floats, error: Floats, confidence: float) -> Shrunk:
    """Posterior means of a family of values, each with its standard error, under a normal distribution of the truth.

    Bounds hold the uncertainty of the centre and of the spread too. Values without an error stay out; a family of fewer
    than five is not shrunk, as too little is known of its spread.
    """
    known = np.isfinite(value) & np.isfinite(error) & (error > 0)
    y, variance = value[known], error[known] ** 2
    z = normal_quantile(confidence)
    if len(y) < _LEAST_FAMILY:
        blank = np.where(known, error, np.nan)
        kept = np.where(known, value, np.nan)
        return Shrunk(kept, kept - z * blank, kept + z * blank, float("nan"), float("nan"))
    spread2 = _spread(y, variance)
    weight = 1 / (variance + spread2)
    centre = float((weight * y).sum() / weight.sum())
    kept_share = spread2 / (spread2 + variance)
    lost = 1 - kept_share
    mean_variance = float((weight * variance).sum() / weight.sum())
    unsure = 2 / (len(y) - 3) * lost**2 * (mean_variance + spread2) / (variance + spread2)
    posterior = kept_share * variance + lost**2 / weight.sum() + unsure * (y - centre) ** 2
    means, half = centre + kept_share * (y - centre), z * np.sqrt(posterior)
    out = [np.full(value.shape, np.nan) for _ in range(3)]
    for column, numbers in zip(out, (means, means - half, means + half), strict=True):
        column[known] = numbers
    return Shrunk(out[0], out[1], out[2], centre, float(np.sqrt(spread2)))


def _spread(y: Floats, variance: Floats) -> float:
    """τ², the variance of the truth in the family, by restricted maximum likelihood (Patterson & Thompson 1971)."""

    def losses(spread2: Floats) -> Floats:
        weight = 1 / (variance + spread2[:, None])
        total = weight.sum(axis=1)
        mean = (weight @ y) / total
        squares = (weight * (y - mean[:, None]) ** 2).sum(axis=1)
        return np.asarray(squares - np.log(weight).sum(axis=1) + np.log(total))

    def loss(spread2: float) -> float:
        return float(losses(np.array([spread2]))[0])

    top = float(np.var(y))
    grid = np.concatenate([[0.0], np.geomspace(max(top, 1e-12) * 1e-4, max(top, 1e-12), 25)])
    best = int(np.argmin(losses(grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = float(optimize.minimize_scalar(loss, bounds=(low, high), method="bounded").x)
    return found if loss(found) < loss(0.0) else 0.0


def selected_confidence(listed: NDArray[np.bool_], tested: NDArray[np.bool_], confidence: float) -> float:
    """The confidence at which each listed interval is to be taken: 1 − (1 − confidence) · listed / tested.

    Benjamini & Yekutieli (2005), for a list made by Benjamini–Hochberg or any other rule of one step.
    """
    share = listed.sum() / max(int(tested.sum()), 1)
    return float(1 - (1 - confidence) * min(share, 1.0)) if listed.any() else confidence


def benjamini_yekutieli(p: Floats) -> Floats:
    """p-values adjusted for the false-discovery rate under any dependence (Benjamini & Yekutieli 2001)."""
    harmonic = (1 / np.arange(1, len(p) + 1)).sum()
    return np.asarray(np.minimum(benjamini_hochberg(p) * harmonic, 1.0))
