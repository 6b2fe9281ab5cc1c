"""How widely skills are asked, and how fast what occupations ask changes.

Both are computed from counts per group of employers (see `overstap.analysis.jackknife`), which serve twice: for the
interval, and to take off what chance adds. Two shares that are truly equal still differ in a sample, so a sum of
absolute differences is never nought; and a skill seen three times seems narrower than it is. Comparing groups with
other groups takes that off.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.jackknife import interval, without_each
from overstap.analysis.spread_kernel import cross_halves
from overstap.analysis.uncertainty import Floats

_SPLITS = 10


@dataclass(frozen=True)
class Estimates:
    """Values with their bounds, all of one shape; NaN where they cannot be known."""

    value: Floats
    low: Floats
    high: Floats


def effective_number(x: Floats, confidence: float) -> Estimates:
    """Among how many classes (occupations, sectors) an item is spread: one over the chance that two ads share theirs.

    `x`: ads with the item, by group, class and item. The inverse of Simpson's index (1949; Hill 1973, order 2) over
    pairs of ads of different groups, so that neither few ads nor one employer's many make an item look narrow.
    """
    groups = len(x)
    squares = (x**2).sum(axis=0)  # by class and item: pairs within a group, to be left out
    whole = x.sum(axis=0)
    of_group = x.sum(axis=1)
    left_squares = np.concatenate([squares[None], squares[None] - x**2])
    left = without_each(x)
    inside = (left**2 - left_squares).sum(axis=1)
    total2 = (of_group**2).sum(axis=0)
    total = np.concatenate([whole.sum(axis=0)[None], whole.sum(axis=0)[None] - of_group])
    pairs = total**2 - np.concatenate([total2[None], total2[None] - of_group**2])
    with np.errstate(divide="ignore", invalid="ignore"):
        number = np.where(inside > 0, pairs / inside, np.nan)
    low, high = interval(number, confidence) if groups >= 2 else (number[0] * np.nan, number[0] * np.nan)
    return Estimates(number[0], np.maximum(low, 1.0), high)


def turnover(first_x: Floats, first_n: Floats, last_x: Floats, last_n: Floats, confidence: float) -> Estimates:
    """How much what an occupation asks changed: the sum over skills of the absolute change of their shares.

    The measure of Deming & Noray (2020), with chance taken off: the sign of each change is read in one half of the
    employers and its size in the other, over several random halvings, so that skills that did not change add nothing on
    average (raw sums only grow with noise). Where changes are small it errs on the low side.

    `…_x`: ads with the skill, by group, occupation and skill; `…_n`: ads with any skill, by group and occupation.
    """
    groups = len(first_n)
    rng = np.random.default_rng(0)
    halves = [rng.permutation(groups) < groups // 2 for _ in range(_SPLITS)]
    x, n = np.stack([first_x, last_x]).astype(np.float64), np.stack([first_n, last_n]).astype(np.float64)
    with ThreadPoolExecutor() as pool:
        replicates = np.mean(list(pool.map(lambda half: _crossed(half, x, n), halves)), axis=0)
    low, high = interval(replicates, confidence) if groups >= 2 else (replicates[0] * np.nan, replicates[0] * np.nan)
    return Estimates(replicates[0], np.maximum(low, 0.0), high)


def raw_turnover(first_x: Floats, first_n: Floats, last_x: Floats, last_n: Floats) -> Floats:
    """The sum of absolute changes as published, chance included; arguments as for `turnover`."""
    change = _change(*(v.sum(axis=0) for v in (first_x, first_n, last_x, last_n)))
    return cast(Floats, np.abs(change).sum(axis=-1))


def _crossed(half: NDArray[np.bool_], x: Floats, n: Floats) -> Floats:
    """Sign in one half times size in the other, both ways; first of all groups, then without each."""
    x_halves, n_halves = (np.stack([v[:, half].sum(axis=1), v[:, ~half].sum(axis=1)], axis=1) for v in (x, n))
    out = np.empty((len(half) + 1, x.shape[2]))
    cross_halves((~half).astype(np.int8), x, n, x_halves, n_halves, out)
    return out


def _change(first_x: Floats, first_n: Floats, last_x: Floats, last_n: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return last_x / last_n[..., None] - first_x / first_n[..., None]
