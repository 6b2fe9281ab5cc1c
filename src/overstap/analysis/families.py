"""What thousands of changes at once ask for: adjusted p-values, shrunken ratios, and intervals fit to be listed.

A family is what is tested, listed and shrunk together: one kind of item within one cell, those items that have enough
vacancies in both periods together. Families were declared before any data were seen; none is made of what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.shrinkage import selected_confidence, shrink
from overstap.analysis.uncertainty import Floats

Rows = NDArray[np.int64]


def families(table: pa.Table, names: Sequence[str], tested: NDArray[np.bool_]) -> list[Rows]:
    """The tested rows that are alike in the columns `names`, family by family."""
    key = np.zeros(len(table), np.int64)
    for name in names:
        codes = pc.rank(table[name].cast(pa.string()), "ascending", tiebreaker="dense").to_numpy()
        key = np.unique(key * (int(codes.max(initial=0)) + 1) + codes.astype(np.int64), return_inverse=True)[1]
    rows = np.flatnonzero(tested)
    rows = rows[np.argsort(key[rows], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(key[rows])) + 1) if len(rows) else []


def adjusted(p: Floats, each: Sequence[Rows], method: Callable[[Floats], Floats]) -> Floats:
    """p-values adjusted within each family; NaN for rows of none."""
    out = np.full(p.shape, np.nan)
    for rows in each:
        out[rows] = method(p[rows])
    return out


def shrunken(value: Floats, error: Floats, each: Sequence[Rows], confidence: float) -> tuple[Floats, Floats, Floats]:
    """Values drawn to the centre of their family, with bounds (see `shrinkage`); NaN for rows of none."""
    out = np.full((3, len(value)), np.nan)
    for rows in each:
        found = shrink(value[rows], error[rows], confidence)
        out[:, rows] = found.value, found.low, found.high
    return out[0], out[1], out[2]


def listed_confidence(listed: NDArray[np.bool_], each: Sequence[Rows], confidence: float) -> Floats:
    """The confidence at which each listed row's interval is to be taken; NaN for rows that are not listed."""
    out = np.full(listed.shape, np.nan)
    for rows in each:
        mine = listed[rows]
        out[rows[mine]] = selected_confidence(mine, np.ones(len(rows), bool), confidence)
    return out
