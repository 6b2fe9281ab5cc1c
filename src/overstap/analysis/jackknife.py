"""Intervals for what has no formula: leave out one group of employers at a time (delete-a-group jackknife, Kott 2001).

Employers, not ads, are dealt out over groups, so that ads that resemble each other are left out together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.uncertainty import Floats, student_quantile

Numbers = NDArray[np.int64]
GROUPS = 100


def employer_groups(employers: NDArray[np.integer[Any]]) -> tuple[Numbers, int]:
    """A group for each row's employer, and how many: at most GROUPS, employers dealt out in a fixed random order.

    `employers`: numbers from 0. Dealt once for all rows of a study, so that every period leaves out the same employers.
    """
    seen = np.bincount(employers) > 0
    distinct = int(seen.sum())
    groups = min(GROUPS, distinct)
    dealt = np.random.default_rng(0).permutation(distinct) % max(groups, 1)
    return dealt[(np.cumsum(seen) - 1)[employers]], groups


def without_each(sums: Floats) -> Floats:
    """First the whole, then the whole without each of the groups; `sums`: one row per group."""
    whole = sums.sum(axis=0)
    return np.concatenate([whole[None], np.maximum(whole - sums, 0.0)])


def interval(replicates: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Bounds of an estimate (first row) from the same without each group (the others); NaN where one is unknown."""
    whole, others = replicates[0], replicates[1:]
    groups = len(others)
    with np.errstate(invalid="ignore"):
        squares = ((others - whole) ** 2).sum(axis=0)
        error = np.sqrt((groups - 1) / groups * squares) if groups >= 2 else np.full(whole.shape, np.nan)
    half = student_quantile(np.array(groups - 1.0), confidence) * error
    return whole - half, whole + half
