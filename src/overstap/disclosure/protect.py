"""Which cells of a cube to hide: the small ones, and as few people more as keep those from being worked out.

The rule: whoever knows every published number cannot bound a hidden cell within fewer than `least` people. The choice
is an integer program (cell suppression problem with sliding protection: Fischetti & Salazar 2000, "Models and
algorithms for optimizing cell suppression in tabular data with linear constraints", JASA 95), or in large cubes its
relaxation; the result is held to the rule by the attack itself. Nothing depends on how long the solver takes, so that
the same counts always hide the same cells.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, csr_array, eye_array, vstack

from overstap.disclosure.cube import Cube, bounds
from overstap.solver import silent_solver

K = TypeVar("K", bound=Hashable)
DOMINANT = 0.5
"""Share of the weight of a cell above which one respondent, so one employer, is as good as alone in it."""
_AT_ONCE = 250  # cells times cells to protect that one program holds; larger cubes take them one by one
_LARGE = 250  # cells of a cube from which each is protected by a linear program: an integer one may take minutes
_NODES = 2_000  # of the search for the best choice; what is found by then is good enough, and the same on any machine
_SLACK = 1e-6


def protect(cube: Cube[K], least: int, sensitive: Collection[K] = (), unknown: Collection[K] = ()) -> frozenset[K]:
    """The cells to hide: those of fewer than `least` people or among `sensitive`, and those that protect them.

    The fewest people are hidden beside them, exactly so where the cube is small; in a larger one its cells are taken
    one by one, each at the least cost, and beyond `_LARGE` cells at nearly the least. Every hidden cell, the protecting
    ones too, is then held to the rule. Cells among `unknown` are in no table: they are neither shown nor protected, and
    not among those returned.
    """
    choose = _cheapest if len(cube.counts) <= _LARGE else _cheap
    free = frozenset(unknown)
    small = frozenset(
        key for key, n in cube.counts.items() if key not in free and (0 < n < least or (n and key in sensitive))
    )
    hidden = small | free
    if small and len(small) * len(cube.counts) <= _AT_ONCE:
        asked = [key for key in cube.counts if key in small]  # in their order: that of a set changes from run to run
        hidden = _cheapest(cube, hidden, [key for key in asked if _is_open(cube, hidden, key, least)], least)
    waiting = sorted(hidden - free, key=lambda key: (cube.counts[key], str(key)))
    while waiting:  # hiding more never helps a reader, so that each cell is looked at once
        key = waiting.pop(0)
        if not _is_open(cube, hidden, key, least):
            continue
        more = choose(cube, hidden, [key], least)
        waiting += sorted(more - hidden, key=str)
        hidden = more
        if _is_open(cube, hidden, key, least):  # to the last digit of the solver: nothing less will do
            return frozenset(cube.counts) - free
    return hidden - free


def _is_open(cube: Cube[K], hidden: frozenset[K], key: K, least: int) -> bool:
    """Whether a reader can bound the hidden cell `key` within fewer than `least` people."""
    low, high = bounds(cube, hidden, [key])[key]
    return high - low < least - _SLACK


def _cheapest(cube: Cube[K], hidden: frozenset[K], targets: list[K], least: int) -> frozenset[K]:
    """`hidden` and the cells of fewest people with which each of `targets` can be `least` people more or fewer.

    Variables: whether each cell is hidden, and per target two tables of differences that keep every sum, in which only
    hidden cells differ and none falls below zero; in one the target lies `least` higher than in the other.
    """
    if not targets:
        return hidden
    keys = list(cube.counts)
    size, n = len(keys), np.array([cube.counts[key] for key in keys], float)
    most = 4.0 * least  # how far a cell may differ: less than a reader allows for, so on the safe side
    a, one, none = cube.matrix(keys), eye_array(size, format="csr"), csr_array((size, size))
    low = csr_array(np.diag(np.minimum(n, most)))
    rows, at_least, at_most = [], [], []
    blocks = 2 * len(targets)
    for block in range(blocks):
        own = [one if i == block else none for i in range(blocks)]
        sums = [a if i == block else csr_array(a.shape) for i in range(blocks)]
        rows += [[csr_array(a.shape), *sums], [low, *own], [-most * one, *own]]
        at_least += [np.zeros(a.shape[0]), np.zeros(size), np.full(size, -np.inf)]
        at_most += [np.zeros(a.shape[0]), np.full(size, np.inf), np.zeros(size)]
    apart = np.zeros((len(targets), (blocks + 1) * size))
    for t, key in enumerate(targets):
        at = keys.index(key)
        apart[t, (2 * t + 1) * size + at], apart[t, (2 * t + 2) * size + at] = 1, -1
    constraints = [
        LinearConstraint(block_array(rows), np.concatenate(at_least), np.concatenate(at_most)),
        LinearConstraint(apart, np.full(len(targets), least), np.inf),
    ]
    must = np.array([key in hidden for key in keys], float)
    free = np.full(blocks * size, np.inf)
    with silent_solver():
        found = milp(
            np.concatenate([n + 1, np.zeros(blocks * size)]),
            integrality=np.concatenate([np.ones(size), np.zeros(blocks * size)]),
            bounds=Bounds(np.concatenate([must, -free]), np.concatenate([np.ones(size), free])),
            constraints=constraints,
            options={"node_limit": _NODES, "mip_rel_gap": 0.0 if len(targets) > 1 else 0.02},
        )
    if found.x is None:
        return frozenset(keys)  # nothing less will do, or none was found so soon
    return frozenset(key for key, x in zip(keys, found.x[:size], strict=True) if x > 0.5)


def _cheap(cube: Cube[K], hidden: frozenset[K], targets: list[K], least: int) -> frozenset[K]:
    """As `_cheapest`, where each cell costs by how far it must differ instead of once (the relaxation: Kelly, Golden &
    Assad 1992, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22)."""
    keys = list(cube.counts)
    size, n = len(keys), np.array([cube.counts[key] for key in keys], float)
    a = cube.matrix(keys)
    none = csr_array(a.shape)
    cost = np.array([0.0 if key in hidden else cube.counts[key] + 1 for key in keys])
    kept = block_array([[a, -a, none, none], [none, none, a, -a]])
    room = np.r_[np.full(size, np.inf), n, np.full(size, np.inf), n]  # two tables, what each has more and less
    for key in targets:
        apart, at = np.zeros(4 * size), keys.index(key)
        apart[[at, size + at, 2 * size + at, 3 * size + at]] = 1, -1, -1, 1
        found = linprog(
            np.tile(cost, 4),
            A_eq=vstack([kept, csr_array(apart[None, :])]),
            b_eq=np.r_[np.zeros(kept.shape[0]), least * (1 + 1e-4)],
            bounds=np.column_stack([np.zeros(4 * size), room]),
            method="highs-ds",
        )
        if found.x is None:
            return frozenset(keys)
        moved = found.x.reshape(4, size).sum(axis=0) > _SLACK
        hidden |= {key for key, differs in zip(keys, moved, strict=True) if differs}
    return hidden
