"""Everyone at once: how many of those who must leave find a place, when all compete for the same openings.

A transport problem (World Economic Forum 2018; the study of 2019): people leave occupations, openings are filled, moves
are those that the rules allow. How many can be placed is a maximum flow, exact in whole persons. Who is placed is not
unique: what each origin places in the best answers forms the bases of a polymatroid (Megiddo 1974), so the fewest and
the most that it can place follow from flows with and without it. One answer is chosen by a second objective.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import maximum_flow

from overstap.errors import StudyError

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Persons = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Placement:
    """Who goes where: `flows` [from, to] in persons, and for each origin the bounds over all best answers."""

    leavers: Persons
    capacity: Persons
    flows: Floats
    placed_low: Persons
    placed_high: Persons

    @property
    def placed(self) -> float:
        """Persons placed in all."""
        return float(self.flows.sum())


def place(leavers: Persons, capacity: Persons, moves: Bools, *worths: Floats) -> Placement:
    """The most leavers placed; among all such answers the best in the first of `worths`, among these in the next.

    `leavers` by origin and `capacity` by goal count persons; `moves` [from, to] says which moves may be made; `worths`
    are the worth of one person's move in each aim. Every stage keeps to the optimum of those before, up to a billionth,
    and the order of moves breaks the last ties; persons are rounded to whole ones. As the number placed always comes
    first, the bounds by origin hold for every choice of `worths`.
    Raises `StudyError` where counts are negative or shapes do not fit.
    """
    _check(leavers, capacity, moves)
    flows = _best(leavers, capacity, moves, (np.ones(moves.shape), *worths))
    return Placement(leavers, capacity, flows, *placed_bounds(leavers, capacity, moves))


def most(leavers: Persons, capacity: Persons, moves: Bools) -> int:
    """The largest number of leavers that can be placed: a maximum flow (Dinic 1970) in whole persons."""
    rows, columns = len(leavers), len(capacity)
    source, sink = rows + columns, rows + columns + 1
    start, goal = np.nonzero(moves)
    frm = np.concatenate([np.full(rows, source), start, rows + np.arange(columns)])
    to = np.concatenate([np.arange(rows), rows + goal, np.full(columns, sink)])
    room = np.concatenate([leavers, np.minimum(leavers[start], capacity[goal]), capacity]).astype(np.int32)
    graph = csr_array((room, (frm, to)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)


def placed_bounds(leavers: Persons, capacity: Persons, moves: Bools) -> tuple[Persons, Persons]:
    """The fewest and the most persons of each origin that are placed in some answer with the largest number placed.

    With f(S) the largest number placed of the origins S alone, origin i places at most f({i}) and at least f(all) less
    f(all but i).
    """
    highest = np.minimum(leavers, moves.astype(np.int64) @ capacity)
    total = most(leavers, capacity, moves)
    lowest = np.zeros_like(leavers)
    for at in np.flatnonzero(highest):
        others = leavers.copy()
        others[at] = 0
        lowest[at] = total - most(others, capacity, moves)
    return lowest, highest


def _best(leavers: Persons, capacity: Persons, moves: Bools, worths: tuple[Floats, ...]) -> Floats:
    """The flows that are best in each of `worths` in turn, by linear programs (HiGHS, dual simplex: a vertex)."""
    start, goal = np.nonzero(moves)
    flows = np.zeros(moves.shape)
    n = len(start)
    if n == 0:
        return flows
    ones, each = np.ones(n), np.arange(n)
    rows = coo_array((ones, (start, each)), shape=(len(leavers), n))
    columns = coo_array((ones, (goal, each)), shape=(len(capacity), n))
    limits, bounds = vstack([rows, columns]), np.concatenate([leavers, capacity]).astype(float)
    order = -each / n
    for worth in [*(worth[start, goal] for worth in worths), order]:
        answer = _solved(-worth, limits, bounds)
        reached = -answer.fun
        limits = vstack([limits, coo_array(-worth[None, :])])
        bounds = np.append(bounds, -(reached - 1e-9 * max(1.0, abs(reached))))
    flows[start, goal] = np.rint(answer.x)
    return flows


def _solved(costs: Floats, limits: Any, bounds: Floats) -> Any:
    """The answer of a linear program, by simplex or, where near ties keep that from ending, by interior point."""
    for method in ("highs-ds", "highs-ipm"):
        answer = linprog(costs, A_ub=limits.tocsr(), b_ub=bounds, method=method)
        if answer.x is not None:
            return answer
    raise StudyError(
        "The placement was not solved.",
        why=f"HiGHS says: {answer.message}",
        fix="Report this with the study's moves settings; other thresholds (moves.similar) may do.",
    )


def _check(leavers: Persons, capacity: Persons, moves: Bools) -> None:
    if moves.shape != (len(leavers), len(capacity)):
        raise StudyError(f"Moves are {moves.shape}, but there are {len(leavers)} origins and {len(capacity)} goals.")
    for name, counts in (("people who leave", leavers), ("openings", capacity)):
        if (counts < 0).any():
            raise StudyError(
                f"The number of {name} is negative for occupation number {int(np.argmin(counts)) + 1}.",
                fix="Counts of persons are 0 or more; a decline is given as the persons it makes leave.",
            )
