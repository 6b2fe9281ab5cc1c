"""Composition or real: a change of a share split into who posts and what they ask.

The share of an item is S = Σ w·p over cells, with w the share of a cell (an occupation of a sector, say) among the
vacancies and p the share of its vacancies that have the item. Between two periods, with the mean of both as weight
(Marshall–Edgeworth, so that no period is the base):

- *within*: Σ w̄·Δp, what would have changed had the mix of cells stayed the same;
- *composition*: Σ p̄·Δw, what the mix alone did, divided over the dimensions of the cells by Shapley's value: the mean,
  over all orders in which dimensions may be taken in, of what each adds (Shorrocks 2013);
- *entry* and *exit*: cells of one period only, against those of both (Melitz & Polanec 2015).

The parts add up to the change; where fewer than half of the vacancies lie in cells of both periods they are unknown.
Intervals: see `overstap.analysis.jackknife`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.jackknife import Codes, employer_groups, interval, without_each
from overstap.analysis.uncertainty import Floats

LEAST_MATCHED = 0.5  # share of the vacancies in cells of both periods, below which no part is told
WITHIN, ENTRY, EXIT, CHANGE = "within", "entry", "exit", "change"


@dataclass(frozen=True)
class Cells:
    """Vacancies of two or more periods in cells, summed per employer, group of employers, or finer.

    `dimensions`: codes by name, one per row; `period`: number of the period; `employer`: code; `n`: vacancies (or the
    sum of their weights); `x`: those of them with each item, by item. All of one length, in any order.
    """

    dimensions: Mapping[str, Codes]
    period: Codes
    employer: Codes
    n: Floats
    x: Mapping[str, Floats]


@dataclass(frozen=True)
class Part:
    """One part of a change, as a difference of shares (fractions), with its interval; NaN where none can be known."""

    name: str
    value: float
    low: float
    high: float


def shift_share(cells: Cells, first: int, last: int, confidence: float = 0.95) -> dict[str, list[Part]]:
    """By item the parts of its change from period `first` to `last`: change, within, the dimensions, entry and exit."""
    names = tuple(cells.dimensions)
    kept = (cells.period == first) | (cells.period == last)
    group, groups = employer_groups(cells.employer[kept])
    time = (cells.period[kept] == last).astype(np.int64)
    codes = {name: values[kept] for name, values in cells.dimensions.items()}
    joint = _joint(list(codes.values()))
    whole = _summed(joint, time, group, groups, cells.n[kept])
    # Which cells both periods have is settled once, in all dimensions: what comes and goes belongs to entry and exit.
    both = (whole.sum(axis=0) > 0).all(axis=0)
    n = without_each(whole)
    split = {
        item: _split(n, without_each(_summed(joint, time, group, groups, x[kept])), both) for item, x in cells.x.items()
    }
    between = {item: {frozenset[str](): np.zeros(groups + 1)} for item in cells.x}
    stays = both[joint]
    for chosen in _subsets(names):
        coarse = _joint([codes[name][stays] for name in chosen])
        left = without_each(_summed(coarse, time[stays], group[stays], groups, cells.n[kept][stays]))
        every = np.ones(left.shape[2], np.bool_)
        for item, x in cells.x.items():
            asked = without_each(_summed(coarse, time[stays], group[stays], groups, x[kept][stays]))
            between[item][frozenset(chosen)] = _split(left, asked, every)["between"]
    return {item: _parts(names, split[item], between[item], confidence) for item in cells.x}


def _parts(
    names: Sequence[str], split: Mapping[str, Floats], between: Mapping[frozenset[str], Floats], confidence: float
) -> list[Part]:
    estimates = {CHANGE: split[CHANGE], WITHIN: split[WITHIN]}
    estimates |= {name: _shapley(name, names, between) for name in names}
    estimates |= {ENTRY: split[ENTRY], EXIT: split[EXIT]}
    unknown = np.where(np.isfinite(estimates[WITHIN]), 0.0, np.nan)  # all parts, or none
    return [
        _part(name, values if name == CHANGE else values + unknown, confidence) for name, values in estimates.items()
    ]


def fixed_composition(cells: Cells, periods: int, confidence: float = 0.95) -> dict[str, list[Part]]:
    """By item its share in each period had the mix of cells not changed: the first share plus what changed within.

    A chain, so that no period is the base for all; parts are named by the number of the period.
    """
    joint = _joint(list(cells.dimensions.values()))
    group, groups = employer_groups(cells.employer)
    chain: dict[str, list[Part]] = {item: [] for item in cells.x}
    level = {item: np.full(groups + 1, np.nan) for item in cells.x}
    for last in range(periods):
        kept = (cells.period == last) | (cells.period == last - 1)
        time = (cells.period[kept] == last).astype(np.int64)
        # Cells of these two periods alone, numbered anew: a joint of many dimensions has many that are empty.
        here = np.unique(joint[kept], return_inverse=True)[1]
        n = without_each(_summed(here, time, group[kept], groups, cells.n[kept]))
        for item, values in cells.x.items():
            x = without_each(_summed(here, time, group[kept], groups, values[kept]))
            with np.errstate(divide="ignore", invalid="ignore"):
                start = x[:, 1].sum(axis=1) / n[:, 1].sum(axis=1)
            level[item] = start if last == 0 else level[item] + _split(n, x, (n[0] > 0).all(axis=0))[WITHIN]
            chain[item].append(_part(str(last), level[item], confidence))
    return chain


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of one or more names, all of them last."""
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def _joint(codes: Sequence[Codes]) -> Codes:
    """One number per combination of codes that occurs."""
    joint = codes[0]
    for more in codes[1:]:
        joint = np.unique(joint * (more.max(initial=0) + 1) + more, return_inverse=True)[1]
    return np.unique(joint, return_inverse=True)[1]


def _summed(joint: Codes, time: Codes, group: Codes, groups: int, values: Floats) -> Floats:
    """Sums by group, period (0 first, 1 last) and cell."""
    size = int(joint.max(initial=-1)) + 1
    place = (group * 2 + time) * size + joint
    sums: Floats = np.bincount(place, weights=values, minlength=groups * 2 * size).astype(np.float64)
    return sums.reshape(groups, 2, size)


def _split(n: Floats, x: Floats, both: NDArray[np.bool_]) -> dict[str, Floats]:
    """Change, within, between, entry and exit, of sums by replicate, period and cell; `both`: cells of both periods.

    A cell of both periods stays one where a group is left out.
    """
    # Where too few vacancies lie in such cells, what changed within them says nothing of the whole.
    enough = (n[0][:, both].sum(axis=1) >= LEAST_MATCHED * n[0].sum(axis=1)).all() and both.any()
    known = 0.0 if enough else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        p = np.where(n > 0, p, p[:, ::-1])  # what a replicate lacks in one period is taken from the other
        p = np.where(np.isfinite(p), p, 0.0)[:, :, both]
        whole = n.sum(axis=2)
        common = n[:, :, both].sum(axis=2)
        share = x.sum(axis=2) / whole
        continuing = x[:, :, both].sum(axis=2) / common
        weight = n[:, :, both] / common[:, :, None]
        entry = share[:, 1] - continuing[:, 1]  # = weight of the new × (their share − that of the continuing)
        exit_ = continuing[:, 0] - share[:, 0]
    return {
        CHANGE: share[:, 1] - share[:, 0],
        WITHIN: known + (weight.mean(axis=1) * (p[:, 1] - p[:, 0])).sum(axis=1),
        "between": known + (p.mean(axis=1) * (weight[:, 1] - weight[:, 0])).sum(axis=1),
        ENTRY: known + entry,
        EXIT: known + exit_,
    }


def _shapley(name: str, names: Sequence[str], worth: Mapping[frozenset[str], Floats]) -> Floats:
    """What `name` adds to the worth of the others, over all orders in which they may come (Shapley 1953)."""
    others = [other for other in names if other != name]
    total = np.zeros_like(worth[frozenset()])
    for size in range(len(others) + 1):
        chance = factorial(size) * factorial(len(others) - size) / factorial(len(names))
        for before in combinations(others, size):
            total = total + chance * (worth[frozenset({*before, name})] - worth[frozenset(before)])
    return total


def _part(name: str, replicates: Floats, confidence: float) -> Part:
    low, high = interval(replicates, confidence)
    return Part(name, float(replicates[0]), float(low), float(high))
