"""Does work polarise? Growth of occupations against how skilled and how routine their work is.

Polarisation is growth at both ends and decline in the middle: in a regression of the growth of each occupation on its
rank by skill and the square of that rank, weighted with its first size, the square has a positive coefficient (Goos &
Manning 2007). Routine-biased change shows as a negative coefficient of the routine index (Autor, Levy & Murnane 2003).
Occupations are the sample, so the interval says how well so few of them can carry such a law, not how well each is
counted; errors allow for unequal spread (HC3: MacKinnon & White 1985).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from overstap.analysis.uncertainty import Floats

LEAST = 10  # occupations below which no law is fitted


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its bounds, p-value and the number of occupations it rests on; NaN below LEAST.

    `shape`, of a curve: u (both ends above the middle), arch, or none.
    """

    value: float
    low: float
    high: float
    p_value: float
    n: int
    shape: str = "none"


def polarisation(first: Floats, last: Floats, skill: Floats, confidence: float = 0.95) -> Coefficient:
    """Curvature of growth over skill, with its shape: a U, an arch, or neither.

    A curve may bend and yet rise all the way: a U is told only where the slope is negative at the low end and positive
    at the high end, each beyond its interval (Lind & Mehlum 2010).

    `first`, `last`: workers or vacancies per occupation; `skill`: any measure that orders them (its weighted rank, 0 to
    1, is used). In units of log growth: the middle (rank ½) against both ends lags by a quarter of it.
    """
    rank = weighted_rank(skill, first)
    found = _coefficient(first, last, [rank, rank**2], confidence)
    low, high = (_coefficient(first, last, [(rank - at) ** 2, rank - at], confidence) for at in (0.0, 1.0))
    shape = "none"
    if low.high < 0 < high.low:
        shape = "u"
    elif high.high < 0 < low.low:
        shape = "arch"
    return replace(found, shape=shape)


def routine_bias(first: Floats, last: Floats, routine: Floats, confidence: float = 0.95) -> Coefficient:
    """Log growth per standard deviation of the routine index: negative where routine work shrinks."""
    known = np.isfinite(routine) & (first > 0)
    mean = np.average(routine[known], weights=first[known]) if known.any() else np.nan
    spread = np.sqrt(np.average((routine[known] - mean) ** 2, weights=first[known])) if known.any() else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        return _coefficient(first, last, [(routine - mean) / spread], confidence)


def routine_task_index(routine: Floats, intellectual: Floats, social: Floats, physical: Floats) -> Floats:
    """How routine work is against what it asks besides: ln R − ln A − ln M (Autor & Dorn 2013).

    Abstract is the mean of intellectual and social, manual is physical. Each index lies between 0 and 1; unknown where
    one is 0 or unknown.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        index = np.log(routine) - np.log((intellectual + social) / 2) - np.log(physical)
    return np.where(np.isfinite(index), index, np.nan)


def weighted_rank(values: Floats, weight: Floats) -> Floats:
    """The share of the weight that lies below each value, ties at their middle; NaN where a value is unknown."""
    rank = np.full(values.shape, np.nan)
    known = np.isfinite(values) & (weight > 0)
    distinct, place = np.unique(values[known], return_inverse=True)
    sums = np.bincount(place, weights=weight[known], minlength=len(distinct))
    rank[known] = ((np.cumsum(sums) - sums / 2) / max(sums.sum(), 1e-300))[place]
    return rank


def _coefficient(first: Floats, last: Floats, columns: list[Floats], confidence: float) -> Coefficient:
    """The last coefficient of a weighted regression of log growth on the columns and a constant."""
    used = (first > 0) & (last > 0) & np.all([np.isfinite(c) for c in columns], axis=0)
    n = int(used.sum())
    if n < LEAST:
        return Coefficient(np.nan, np.nan, np.nan, np.nan, n)
    root = np.sqrt(first[used] / first[used].sum())
    x = np.column_stack([np.ones(n), *(c[used] for c in columns)]) * root[:, None]
    y = np.log(last[used] / first[used]) * root
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    scaled = (y - x @ beta) / np.maximum(1 - leverage, 1e-9)
    cover = inverse @ (x.T * scaled**2) @ x @ inverse
    freedom = n - x.shape[1]
    value, error = float(beta[-1]), float(np.sqrt(cover[-1, -1]))
    half = float(stats.t.ppf(0.5 + confidence / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(value) / error, freedom)) if error > 0 else float("nan")
    return Coefficient(value, value - half, value + half, p_value, n)
