"""Composition or real: a change of a share split into who posts and what they ask.

The share of an item is S = Σ w·p over cells, with w the share of a cell (an occupation of a sector, say) among the
vacancies and p the share of its vacancies that have the item. Between two periods, with the mean of both as weight
(Marshall–Edgeworth, so that no period is the base):

- *within*: Σ w̄·Δp, what would have changed had the mix of cells stayed the same;
- *composition*: Σ p̄·Δw, what the mix alone did, divided over the dimensions of the cells by Shapley's value: the mean,
  over all orders in which dimensions may be taken in, of what each adds (Shorrocks 2013);
- *entry* and *exit*: cells of one period only, against those of both (Melitz & Polanec 2015).

A cell of few vacancies comes and goes by chance: of m vacancies that fall in either of two equal periods with the same
chance, all fall in one with chance 2 · ½ᵐ, below 1 in 500 from m = LEAST_CELL. Smaller cells are
pooled (`grouped.pooled`).

The parts add up to the change; where fewer than half of the vacancies lie in cells of both periods they are unknown.
Intervals: see `overstap.analysis.jackknife`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from overstap.analysis import composition_kernel as kernel
from overstap.analysis.jackknife import interval
from overstap.analysis.uncertainty import Floats

LEAST_CELL = 10  # vacancies of two periods together from which a cell stands by itself
LEAST_MATCHED = 0.5  # share of the vacancies in cells of both periods, below which no part is told
WITHIN, ENTRY, EXIT, CHANGE = "within", "entry", "exit", "change"
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Mix:
    """Vacancies of two or more periods in cells, per group of employers (`jackknife.employer_groups`).

    `dimensions`: by name the code of each cell; `n` [group, period, cell]: vacancies, or the sum of their weights; `x`:
    those of them with each item, by item.
    """

    dimensions: Mapping[str, Numbers]
    n: Floats
    x: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Part:
    """One part of a change, as a difference of shares (fractions), with its interval; NaN where none can be known."""

    name: str
    value: float
    low: float
    high: float
    n: int
    """Vacancies that it rests on: those in new, in ended, or in lasting cells; of the change all of both periods."""


def shift_share(mix: Mix, first: int, last: int, confidence: float = 0.95) -> dict[str, list[Part]]:
    """By item the parts of its change from period `first` to `last`: change, within, the dimensions, entry and exit."""
    names = tuple(mix.dimensions)
    some = mix.n[:, (first, last)].any(axis=(1, 2))  # a group without vacancies is no replicate
    n = _sides(mix.n, first, last)[some]
    # Which cells both periods have is settled once, in all dimensions: what comes and goes belongs to entry and exit.
    both = (n.sum(axis=0) > 0).all(axis=0)
    coarse = {chosen: _joined(mix.dimensions, chosen, both) for chosen in _subsets(names)}
    left = {chosen: _summed(n, cells) for chosen, cells in coarse.items()}
    of_cell = n.sum(axis=0)
    sizes = {CHANGE: of_cell.sum(), ENTRY: of_cell[1, ~both].sum(), EXIT: of_cell[0, ~both].sum()}
    lasting = of_cell[:, both].sum()

    def of_item(values: NDArray[Any]) -> list[Part]:
        x = _sides(values, first, last)[some]
        between = {frozenset[str](): np.zeros(len(n) + 1)}
        for chosen, cells in coarse.items():
            every = np.ones(cells.shape[1], np.bool_)
            between[frozenset(chosen)] = _split(left[chosen], _summed(x, cells), every)[kernel.BETWEEN]
        found = _values(names, _split(n, x, both), between)
        return [_part(name, parts, confidence, sizes.get(name, lasting)) for name, parts in found.items()]

    return _by_item(of_item, mix.x)


def _values(names: Sequence[str], split: Floats, between: Mapping[frozenset[str], Floats]) -> dict[str, Floats]:
    """Every part by replicate."""
    estimates = {CHANGE: split[kernel.CHANGE], WITHIN: split[kernel.WITHIN]}
    estimates |= {name: _shapley(name, names, between) for name in names}
    estimates |= {ENTRY: split[kernel.ENTRY], EXIT: split[kernel.EXIT]}
    unknown = np.where(np.isfinite(estimates[WITHIN]), 0.0, np.nan)  # all parts, or none
    return {name: values if name == CHANGE else values + unknown for name, values in estimates.items()}


def fixed_composition(mix: Mix, confidence: float = 0.95) -> dict[str, list[Part]]:
    """By item its share in each period had the mix of cells not changed: the first share plus what changed within.

    A chain, so that no period is the base for all; parts are named by the number of the period.
    """
    steps = [partial(_sides, first=at - 1, last=at) for at in range(1, mix.n.shape[1])]
    each = [(side(mix.n), side) for side in steps]
    matched = [(n.sum(axis=0) > 0).all(axis=0) for n, _ in each]
    sizes = mix.n.sum(axis=(0, 2))

    def of_item(values: NDArray[Any]) -> list[Part]:
        with np.errstate(divide="ignore", invalid="ignore"):
            level = _left_out(values[:, 0].sum(axis=1)) / _left_out(mix.n[:, 0].sum(axis=1))
        parts = [_part("0", level, confidence, sizes[0])]
        for at, ((n, side), both) in enumerate(zip(each, matched, strict=True), start=1):
            level = level + _split(n, side(values), both)[kernel.WITHIN]
            parts.append(_part(str(at), level, confidence, sizes[at]))
        return parts

    return _by_item(of_item, mix.x)


def _by_item(work: Callable[[NDArray[Any]], list[Part]], x: Mapping[str, NDArray[Any]]) -> dict[str, list[Part]]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(x, pool.map(work, x.values()), strict=True))


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of one or more names, all of them last."""
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def joint(codes: Iterable[NDArray[Any]]) -> Numbers:
    """One number per combination of codes that occurs, in the order of the codes."""
    whole = np.zeros(1, np.int64)
    for more in codes:
        whole = whole * (int(more.max(initial=0)) + 1) + more
        seen = np.bincount(whole) > 0
        whole = (np.cumsum(seen) - 1)[whole]
    return whole


def _joined(dimensions: Mapping[str, Numbers], chosen: Sequence[str], kept: NDArray[np.bool_]) -> sparse.csr_array:
    """Which of the cells of the chosen dimensions alone each cell that is kept belongs to: [cell, coarser cell]."""
    cells = np.flatnonzero(kept)
    to = joint(dimensions[name][cells] for name in chosen)
    shape = (len(kept), int(to.max(initial=-1)) + 1)
    return sparse.csr_array((np.ones(len(cells)), (cells, to)), shape=shape)


def _summed(values: Floats, cells: sparse.csr_array) -> Floats:
    """Sums by group, period and coarser cell."""
    return np.ascontiguousarray((values.reshape(-1, values.shape[2]) @ cells).reshape(*values.shape[:2], -1))


def _sides(values: NDArray[Any], first: int, last: int) -> Floats:
    """[group, first and last period, cell]."""
    return np.ascontiguousarray(values[:, (first, last)], dtype=np.float64)


def _left_out(of_group: Floats) -> Floats:
    return np.concatenate([[of_group.sum()], of_group.sum() - of_group])


def _split(n: Floats, x: Floats, both: NDArray[np.bool_]) -> Floats:
    """Parts of a change by replicate (see `composition_kernel`), NaN but for the change where too few vacancies lie in
    cells of both periods: what changed within them then says nothing of the whole."""
    whole = n.sum(axis=0)
    out = np.empty((kernel.PARTS, len(n) + 1))
    kernel.split(n, x, whole, x.sum(axis=0), both, out)
    if not both.any() or (whole[:, both].sum(axis=1) < LEAST_MATCHED * whole.sum(axis=1)).any():
        out[kernel.WITHIN :] = np.nan
    return out


def _shapley(name: str, names: Sequence[str], worth: Mapping[frozenset[str], Floats]) -> Floats:
    """What `name` adds to the worth of the others, over all orders in which they may come (Shapley 1953)."""
    others = [other for other in names if other != name]
    total = np.zeros_like(worth[frozenset()])
    for size in range(len(others) + 1):
        chance = factorial(size) * factorial(len(others) - size) / factorial(len(names))
        for before in combinations(others, size):
            total = total + chance * (worth[frozenset({*before, name})] - worth[frozenset(before)])
    return total


def _part(name: str, replicates: Floats, confidence: float, n: float) -> Part:
    low, high = interval(replicates, confidence)
    return Part(name, float(replicates[0]), float(low), float(high), int(n))
