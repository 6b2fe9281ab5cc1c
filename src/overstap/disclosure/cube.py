"""A published cube of counts, and how far a reader who knows all that is published can bound what is hidden (LP)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Cube(Generic[K]):
    """`counts` of people by cell, totals among them; `sums`: each a total and the cells that it holds.

    Where cells add up to less than their total, the rest is taken to be known to the reader. A cell without people is
    left out: everyone may know that nobody is there.
    """

    counts: Mapping[K, int]
    sums: Sequence[tuple[K, Sequence[K]]]

    def matrix(self, keys: Sequence[K]) -> Any:
        """The sums as rows of a matrix over `keys`: 1 for the total, −1 for each of its cells."""
        at = {key: i for i, key in enumerate(keys)}
        entries = [
            (row, at[key], sign)
            for row, (whole, parts) in enumerate(self.sums)
            for key, sign in ((whole, 1.0), *((part, -1.0) for part in parts))
            if key in at
        ]
        rows, columns, signs = (np.array(column) for column in zip(*entries, strict=True)) if entries else ([], [], [])
        return csr_array((signs, (rows, columns)), shape=(len(self.sums), len(keys)))


def bounds(cube: Cube[K], hidden: Collection[K], cells: Collection[K] | None = None) -> dict[K, tuple[float, float]]:
    """The least and most people that each hidden cell (of `cells`, where given) can hold, given every cell that is
    shown, every sum, and that no cell is negative: two linear programs a cell. Infinite where nothing bounds it.

    This is the attack of the literature (Fischetti & Salazar 2000; Hundepool et al. 2012, 4.3).
    """
    keys = [key for key in cube.counts if key in hidden]
    if not keys:
        return {}
    a = cube.matrix(keys)
    right = a @ np.array([cube.counts[key] for key in keys], float)
    found = {}
    for at, key in enumerate(keys):
        if cells is not None and key not in cells:
            continue
        aim = np.zeros(len(keys))
        aim[at] = 1
        ends = [linprog(sign * aim, A_eq=a, b_eq=right, bounds=(0, None), method="highs") for sign in (1, -1)]
        found[key] = tuple(
            float(sign * end.fun) if end.status == 0 else unbounded
            for end, sign, unbounded in zip(ends, (1, -1), (0.0, np.inf), strict=True)
        )
    return found  # type: ignore[return-value]
