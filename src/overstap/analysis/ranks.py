"""Ranks with the set of ranks that the data leave possible.

From intervals that hold all true shares at once, an item's true rank lies between one more than the number of items
whose interval is wholly above its own, and the number of items less those wholly below (Klein, Wright & Wieczorek 2020,
*A joint confidence region for an overall ranking of populations*, JRSS C 69). The sets of all items hold together with
the confidence of the intervals, and however the shares depend on one another if those are widened by Bonferroni's rule.
Sets from differences of pairs (Mogstad, Romano, Shaikh & Wilhelm 2024) are smaller, but take every pair of items and
their covariance, which sums per item do not hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.uncertainty import Floats, Sums, clustered_shares

Ranks = NDArray[np.int64]


@dataclass(frozen=True)
class RankSets:
    """Per item its rank by share, 1 being the largest, and the least and greatest rank that it may truly have."""

    rank: Ranks
    low: Ranks
    high: Ranks


def rank_sets(share: Floats, low: Floats, high: Floats) -> RankSets:
    """Ranks of items of one cell, period and kind, given bounds that hold for all of them at once (`joint_level`).

    Equal shares have the same rank, the least. Bounds of NaN leave every rank possible. In O(n log n).
    """
    n = len(share)
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    above = n - np.searchsorted(np.sort(low), high, side="right")
    below = np.searchsorted(np.sort(high), low, side="left")
    rank = 1 + n - np.searchsorted(np.sort(share), share, side="right")
    return RankSets(rank, 1 + above, n - below)


def joint_level(confidence: float, n: int) -> float:
    """The confidence of each of `n` intervals with which all hold at once at `confidence` (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, n)


def rank_shares(sums: Sums, groups: NDArray[np.int64], confidence: float) -> RankSets:
    """Rank sets of the shares x / n within each group of rows; `groups` numbers the cell, period and kind of each."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    sizes = np.diff(starts, append=len(groups))
    level = np.empty(len(groups))
    level[order] = np.repeat([joint_level(confidence, int(size)) for size in sizes], sizes)
    shares = clustered_shares(sums, level)
    found = np.empty((3, len(groups)), np.int64)
    for rows in np.split(order, starts[1:]):
        sets = rank_sets(shares.share[rows], shares.low[rows], shares.high[rows])
        found[:, rows] = sets.rank, sets.low, sets.high
    return RankSets(*found)
