"""Pairs of a unit that took part and one that did not, as alike as can be, and how alike they are.

Pairs are those that make the sum of Mahalanobis distances smallest, each unit used once (Rosenbaum 1989): with pairs made
once, the error follows from the pairs themselves (Abadie & Spiess 2022). Likeness is told by the standardised mean difference
of each covariate (Austin 2009), before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overstap.errors import InputError
from overstap.experiments.panel import Bools, Floats, Ints

SMD_GOOD, SMD_MOST = 0.1, 0.25  # Austin (2009); Stuart (2010)
_CELLS = 25_000_000  # distances held at once, in numbers of eight bytes


@dataclass(frozen=True)
class Matching:
    """Pairs by index, and per covariate the standardised mean difference before and after matching."""

    treated: Ints
    control: Ints
    names: tuple[str, ...]
    smd_before: Floats
    smd_after: Floats

    @property
    def worst(self) -> float:
        """The largest difference that is left, in standard deviations."""
        return float(np.abs(self.smd_after).max()) if len(self.names) else 0.0


def match(x: Floats, treated: Bools, names: tuple[str, ...]) -> Matching:
    """Pair the treated rows of `x` with others. Where others are fewer, those that they are most like are paired.

    Raises `InputError` where the groups are too large to be paired.
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    ours, theirs = np.flatnonzero(treated), np.flatnonzero(~treated)
    if len(ours) * len(theirs) > _CELLS:
        raise InputError(
            f"{len(ours)} units that took part cannot be paired with {len(theirs)} others in memory.",
            fix="Draw a random part of the others first, or use did.",
        )
    spread = np.atleast_2d(np.cov(x, rowvar=False))
    inverse = np.linalg.pinv(spread)
    distance = cdist(x[ours], x[theirs], "mahalanobis", VI=inverse)
    rows, columns = linear_sum_assignment(distance)
    pairs = ours[rows], theirs[columns]
    scale = np.sqrt((x[ours].var(axis=0, ddof=1) + x[theirs].var(axis=0, ddof=1)) / 2)
    return Matching(pairs[0], pairs[1], names, _smd(x[ours], x[theirs], scale), _smd(x[pairs[0]], x[pairs[1]], scale))


def _smd(ours: Floats, theirs: Floats, scale: Floats) -> Floats:
    """Differences of means in standard deviations of the groups before matching, so that both can be compared."""
    apart = ours.mean(axis=0) - theirs.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(scale > 0, apart / scale, np.where(np.abs(apart) < 1e-12, 0.0, np.inf))
    return found
