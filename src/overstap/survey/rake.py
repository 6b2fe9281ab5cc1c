"""Raking of respondents to known totals (iterative proportional fitting), with trimming and Kish's design effect.

Sources: Deming & Stephan 1940 (fitting), Kish 1965 (design effect), Potter 1990 (trimming, with the total kept).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_ROUNDS = 1_000
_NEAR = 1e-10


@dataclass(frozen=True)
class Raked:
    """Weights with mean 1, how far the furthest margin is off (as a share of the total), how many were trimmed, and
    rounds taken."""

    weights: Floats
    furthest: float
    trimmed: int
    rounds: int


def rake(
    groups: Sequence[Ints], targets: Sequence[Floats], start: Floats | None = None, trim: float | None = None
) -> Raked:
    """Weights of respondents such that their sums by each grouping are in proportion to its targets.

    `groups`: per margin the category of every respondent, as a place in its targets; `start`: weights to begin from, or
    1; `trim`: times the median above which weights are cut, the rest raked anew. A target of a category in which there
    is nobody is left out, and the others keep their proportions.
    """
    n = len(groups[0]) if groups else len(start if start is not None else ())
    weights = np.ones(n) if start is None else np.asarray(start, float).copy()
    if n == 0:
        return Raked(weights, 0.0, 0, 0)
    shares = [_shares(group, target) for group, target in zip(groups, targets, strict=True)]
    weights, rounds = _fit(weights / weights.mean(), groups, shares, np.full(n, np.inf))
    trimmed = 0
    if trim is not None:
        cap = trim * float(np.median(weights))
        trimmed = int((weights > cap * (1 + 1e-9)).sum())
        if trimmed:
            weights, more = _fit(np.minimum(weights, cap), groups, shares, np.full(n, cap))
            rounds += more
    return Raked(weights, _furthest(weights, groups, shares), trimmed, rounds)


def _shares(group: Ints, target: Floats) -> Floats:
    """Shares of the total that each category is to have; nothing for those with nobody in them."""
    present = np.bincount(group, minlength=len(target)) > 0
    kept = np.where(present, target, 0.0)
    return kept / kept.sum() if kept.sum() > 0 else kept


def _fit(weights: Floats, groups: Sequence[Ints], shares: Sequence[Floats], cap: Floats) -> tuple[Floats, int]:
    n = len(weights)
    done = 0
    while done < _ROUNDS:
        done += 1
        for group, share in zip(groups, shares, strict=True):
            sums = np.bincount(group, weights, len(share))
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.where(sums > 0, share * n / sums, 1.0)
            weights = np.minimum(weights * factor[group], cap)
        if _furthest(weights, groups, shares) < _NEAR:
            break
    return weights * n / weights.sum(), done


def _furthest(weights: Floats, groups: Sequence[Ints], shares: Sequence[Floats]) -> float:
    total = weights.sum()
    gaps = [
        float(np.abs(np.bincount(group, weights, len(share)) / total - share).max())
        for group, share in zip(groups, shares, strict=True)
    ]
    return max(gaps, default=0.0)


def design_effect(weights: Floats) -> float:
    """Kish's design effect of unequal weights: 1 + CV², as n Σw² / (Σw)²; 1 for none."""
    total = float(weights.sum())
    return float(len(weights) * (weights**2).sum() / total**2) if total > 0 else 1.0


def effective(weights: Floats) -> float:
    """The number of respondents that equal weights would need for as much: (Σw)² / Σw²."""
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square > 0 else 0.0


def categories(
    values: Sequence[str | None], totals: Mapping[str, float], start: Floats
) -> tuple[Ints, Floats, dict[str, int]]:
    """Places of values in the targets, and the targets. Who has a value that the totals do not name, or none, is a
    category whose target is its own share of the weights at the `start`, so that raking leaves that share as it is;
    how many those are by value is given too."""
    names = list(totals)
    place = {name: at for at, name in enumerate(names)}
    at = np.array([place.get(value or "", len(names)) for value in values], np.int64)
    unknown: dict[str, int] = {}
    for value in values:
        if (value or "") not in place:
            unknown[value or ""] = unknown.get(value or "", 0) + 1
    share = float(start[at == len(names)].sum() / start.sum()) if len(values) else 0.0
    present = {name for name in values if name in place}
    known = sum(total for name, total in totals.items() if name in present)
    target = np.array([*totals.values(), share / (1 - share) * known if share < 1 else 1.0])
    return at, target, unknown
