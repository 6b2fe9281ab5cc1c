"""Ranks with the set of ranks that the data leave possible.

From intervals that hold all true shares at once, an item's true rank lies between one more than the number of items
whose interval is wholly above its own, and the number of items less those wholly below (Klein, Wright & Wieczorek 2020,
*A joint confidence region for an overall ranking of populations*, JRSS C 69). The sets of all items hold together with
the confidence of the intervals, and however the shares depend on one another if those are widened by Bonferroni's rule.
Sets from differences of pairs (Mogstad, Romano, Shaikh & Wilhelm 2024) are smaller, but take every pair of items and
their covariance, which sums per item do not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.uncertainty import Floats, Sums, clustered_shares

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class RankSets:
    """Per item its rank by share, 1 being the largest, and the least and greatest rank that it may truly have."""

    rank: Numbers
    low: Numbers
    high: Numbers


def rank_sets(share: Floats, low: Floats, high: Floats, groups: Numbers | None = None) -> RankSets:
    """Ranks of items, given bounds that hold for all of them at once (`joint_level`).

    `groups` numbers the cell, period and kind of each row, within which it is ranked. Equal shares have the same rank,
    the least. Bounds of NaN leave every rank possible. In O(n log n).
    """
    group = np.zeros(len(share), np.int64) if groups is None else np.unique(groups, return_inverse=True)[1]
    sizes = np.bincount(group)
    end, size = np.cumsum(sizes)[group], sizes[group]
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    # As whole numbers in their order, group and value make one key, so that one sort serves all groups.
    values, number = np.unique(np.concatenate([share, low, high]), return_inverse=True)
    shares, lows, highs = group * len(values) + number.reshape(3, -1)
    above = end - np.searchsorted(np.sort(lows), highs, side="right")
    below = np.searchsorted(np.sort(highs), lows, side="left") - (end - size)
    rank = 1 + end - np.searchsorted(np.sort(shares), shares, side="right")
    return RankSets(rank, 1 + above, size - below)


def joint_level(confidence: float, n: int) -> float:
    """The confidence of each of `n` intervals with which all hold at once at `confidence` (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, n)


def rank_shares(sums: Sums, groups: Numbers, confidence: float) -> RankSets:
    """Rank sets of the shares x / n within each group of rows; `groups` numbers the cell, period and kind of each."""
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    share, low, high = np.empty((3, len(group)))
    for n in np.unique(sizes):
        rows = sizes[group] == n
        part = replace(sums, **{name: value[rows] for name, value in vars(sums).items() if value is not None})
        found = clustered_shares(part, joint_level(confidence, int(n)))
        share[rows], low[rows], high[rows] = found.share, found.low, found.high
    return rank_sets(share, low, high, groups)
