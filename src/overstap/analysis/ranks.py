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

from overstap.analysis.rank_kernel import rank_groups
from overstap.analysis.uncertainty import Floats, Sums, normal_quantiles, shares_within, student_quantiles

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
    the least. Bounds of NaN leave every rank possible. In O(n log n). Numbers of groups are not negative.
    """
    order, starts, _ = _grouped(np.zeros(len(share), np.int64) if groups is None else groups)
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    found = np.empty((3, len(share)), np.int64)
    found[:, order] = rank_groups(starts, share[order], low[order], high[order])
    return RankSets(*found)


def _grouped(groups: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Rows in the order of their groups, bounds of the groups in that order, and the number of each row's group."""
    order = np.arange(len(groups))
    if (np.diff(groups) < 0).any():
        order = np.argsort(groups, kind="stable")
    new = np.diff(groups[order], prepend=-1) != 0
    group = np.empty(len(groups), np.int64)
    group[order] = np.cumsum(new) - 1
    return order, np.append(np.flatnonzero(new), len(groups)), group


def joint_level(confidence: float, n: int) -> float:
    """The confidence of each of `n` intervals with which all hold at once at `confidence` (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, n)


def rank_shares(sums: Sums, groups: Numbers, confidence: float, effect: Floats | None = None) -> RankSets:
    """Rank sets of the shares x / n within each group of rows; `groups` numbers the cell, period and kind of each;
    `effect`: the design effect of each, where it is known already."""
    order, starts, group = _grouped(groups)
    # All rows of a group share its employers and the confidence of its intervals.
    sizes, first = np.diff(starts), order[starts[:-1]]
    level = 1 - (1 - confidence) / sizes  # see `joint_level`
    z, t = normal_quantiles(level), student_quantiles(sums.g[first] - 1, level)
    found = shares_within(sums, z[group], t[group], effect)
    return rank_sets(found.share, found.low, found.high, groups)
