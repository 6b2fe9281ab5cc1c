"""Rankings as arrays: a row per expert, a column per item, the rank (1 the highest), NaN where an item has none."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Unranked = Literal["below", "unknown"]


def places(ranks: Floats, unranked: Unranked = "below") -> Floats:
    """Ranks 1 to n of each row, equal ones sharing their mean.

    What a row leaves out shares the mean of the places that are left (`below`), or stays NaN (`unknown`).
    """
    found = np.full(ranks.shape, np.nan)
    for row, given in zip(found, ranks, strict=True):
        known = ~np.isnan(given)
        row[known] = rankdata(given[known])
        if unranked == "below":
            row[~known] = (known.sum() + 1 + len(given)) / 2
    return found


def scores(placed: Floats) -> Floats:
    """Part of the other items of a row that each item beats, an equal one by half: 1 the highest, 0 the lowest (Borda).

    NaN where the item has no place, or is alone.
    """
    n = (~np.isnan(placed)).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(n > 1, (n - placed) / (n - 1), np.nan))


def preferences(placed: Floats) -> NDArray[np.int64]:
    """How many rows put item i (row of the result) above item j (column); equal places count for neither."""
    with np.errstate(invalid="ignore"):
        above = placed[:, :, None] < placed[:, None, :]
    return np.asarray(above.sum(axis=0), dtype=np.int64)
