"""Moves in several steps: to a goal, or out of shrinking work, where one step is not feasible or a detour cheaper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import yen

from overstap.moves.feasible import Bools

Floats = npt.NDArray[np.float64]
_TRIES = 4
"""Paths looked at for each that is asked, as those that come back to an occupation fall out afterwards."""


@dataclass(frozen=True, slots=True)
class Path:
    """Occupations by number, the start first, and the cost of each step in the unit of the costs that were given."""

    at: tuple[int, ...]
    costs: tuple[float, ...]

    @property
    def cost(self) -> float:
        """What all steps cost together."""
        return sum(self.costs)


def cheapest_paths(
    moves: Bools, costs: Floats, start: int, goals: Sequence[int], *, most: int = 5, steps: int = 3
) -> list[Path]:
    """The `most` cheapest paths of feasible moves from `start` to any of `goals`, in at most `steps` steps.

    `moves` and `costs` (months, euro …; 0 or more) are [from, to]. A path visits no occupation twice and ends at the
    first goal that it reaches. k shortest paths (Yen 1971) in a graph with a layer of occupations for each step, so
    that the bound on steps is exact. An empty list: no goal can be reached in so many steps.
    """
    n, wanted = len(moves), sorted(set(goals) - {start})
    frm, to = np.nonzero(moves & ~np.eye(n, dtype=bool))
    on = ~np.isin(frm, wanted) & (to != start)
    frm, to = frm[on], to[on]
    first = frm == start
    end = (steps + 1) * n
    edges, lengths = [(frm[first], to[first] + n)], [costs[frm[first], to[first]]]
    last = np.isin(to, wanted)
    for layer in range(1, steps):
        on = ~first & (
            last if layer == steps - 1 else True
        )  # nothing comes back to the start, and the last step ends it
        edges.append((layer * n + frm[on], (layer + 1) * n + to[on]))
        lengths.append(costs[frm[on], to[on]])
    for layer in range(1, steps + 1):
        edges.append((layer * n + np.array(wanted, dtype=np.int64), np.full(len(wanted), end)))
        lengths.append(np.zeros(len(wanted)))
    # A step may cost nothing, but a sparse graph has no edges of length nought: each gets the same tiny length.
    length = np.concatenate(lengths) + 1e-9
    ends = np.concatenate([e[0] for e in edges]), np.concatenate([e[1] for e in edges])
    graph = csr_array((length, tuple(e.astype(np.int32) for e in ends)), shape=(end + 1, end + 1))
    _, before = yen(graph, start, end, most * _TRIES, return_predecessors=True)
    found = (tuple(at % n for at in _walk(row, start, end)) for row in np.atleast_2d(before))
    paths = [Path(at, tuple(float(costs[a, b]) for a, b in pairwise(at))) for at in found if len(set(at)) == len(at)]
    return sorted(paths, key=lambda path: (path.cost, len(path.at), path.at))[:most]


def _walk(before: npt.NDArray[np.int64], start: int, end: int) -> tuple[int, ...]:
    at = [int(before[end])]
    while at[-1] != start:
        at.append(int(before[at[-1]]))
    return tuple(reversed(at))
