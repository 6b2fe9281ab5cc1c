"""How far experts agree on an order: Kendall's W with a permutation test, and the mean Spearman between two of them.

There is no bootstrap of W: drawing experts with replacement repeats experts, who agree with themselves, and so lifts W.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from overstap.panel.orders import Floats

_CELLS = 2_000_000  # of permuted ranks in memory at once
# Schmidt (1997): .1 very weak, .3 weak, .5 moderate, .7 strong, .9 unusually strong; bounds half way.
CHANCE = 0.05  # p-value from which no agreement is told
_STRENGTHS = ((0.2, "very_weak"), (0.4, "weak"), (0.6, "moderate"), (0.8, "strong"))


def strength(w: float, p: float) -> str:
    """W in words, by the nearest of Schmidt's five values; `chance` where experts who rank at random would often agree
    as much, as few of them do: their W is 1/m on average."""
    if p >= CHANCE:
        return "chance"
    return next((name for bound, name in _STRENGTHS if w < bound), "very_strong")


def kendall_w(placed: Floats) -> float | None:
    """Kendall's W of complete rows of places (experts by items), corrected for ties; from 0 to 1.

    None with fewer than two experts or items, or where no expert tells items apart.
    """
    m, n = placed.shape
    if m < 2 or n < 2:
        return None
    bottom = m * m * n * (n * n - 1) - m * _tie_sum(placed)
    if bottom <= 0:
        return None
    sums = placed.sum(axis=0)
    return float((12 * (sums**2).sum() - 3 * m * m * n * (n + 1) ** 2) / bottom)


def _tie_sum(placed: Floats) -> float:
    """Sum of t³ − t over all groups of t equal places."""
    sizes = [np.unique(row, return_counts=True)[1] for row in placed]
    return float(sum((size.astype(float) ** 3 - size).sum() for size in sizes))


def p_value(placed: Floats, draws: int, seed: int) -> float:
    """Chance of at least this W where each expert's places were dealt at random; ties stay as they are.

    The order itself counts as one of the draws (Phipson and Smyth, 2010), so that it is never 0.
    """
    m, n = placed.shape
    draw = np.random.default_rng(seed)
    observed = _spread(placed.sum(axis=0))
    at_least, left = 0, draws
    while left:
        size = max(1, min(left, _CELLS // (m * n)))
        sums = draw.permuted(np.broadcast_to(placed, (size, m, n)), axis=2).sum(axis=1)
        at_least += int((_spread(sums) >= observed - 1e-9).sum())
        left -= size
    return (at_least + 1) / (draws + 1)


def _spread(sums: Floats) -> Floats:
    return np.asarray(((sums - sums.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


@dataclass(frozen=True)
class Spearman:
    """Mean Spearman over pairs of different experts, with bounds (None below four experts, and where all agree alike:
    what does not vary says nothing of how it might)."""

    mean: float
    low: float | None
    high: float | None


def mean_spearman(placed: Floats, confidence: float) -> Spearman | None:
    """Mean rank correlation over all pairs of two different experts, from complete rows of places.

    The interval is the jackknife over experts of this U-statistic (Arvesen, 1969). Experts who tell no items apart are
    left out; None with fewer than two others.
    """
    varied = placed[np.ptp(placed, axis=1) > 0]
    m = len(varied)
    if m < 2:
        return None
    rho = np.corrcoef(varied)
    np.fill_diagonal(rho, 0.0)
    rows = rho.sum(axis=1)
    mean = float(rows.sum() / (m * (m - 1)))
    if m < 4:
        return Spearman(mean, None, None)
    without = (rows.sum() - 2 * rows) / ((m - 1) * (m - 2))
    error = np.sqrt((m - 1) / m * ((without - without.mean()) ** 2).sum())
    if error < 1e-12:
        return Spearman(mean, None, None)
    reach = float(t.ppf((1 + confidence) / 2, m - 1) * error)
    return Spearman(mean, max(-1.0, mean - reach), min(1.0, mean + reach))
