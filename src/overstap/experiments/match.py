"""For each unit that took part the most alike that did not, and how alike the two groups then are.

Nearest by Mahalanobis distance, with replacement, so that a unit that is like several serves for each (Rubin 1980;
Stuart 2010). What is left of the differences is taken out by regression in the matched sample (Ho, Imai, King &
Stuart 2007). Likeness is told by the standardised mean difference of each covariate (Austin 2009), before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overstap.experiments.panel import Bools, Floats

SMD_GOOD, SMD_MOST = 0.1, 0.25  # Austin (2009); Stuart (2010)


@dataclass(frozen=True)
class Matching:
    """The weight of each unit (1 for who took part, for others how often they serve), and per covariate the
    standardised
    mean difference before and after matching."""

    weights: Floats
    names: tuple[str, ...]
    smd_before: Floats
    smd_after: Floats

    @property
    def worst(self) -> float:
        """The largest difference that is left, in standard deviations."""
        return float(np.abs(self.smd_after).max())


def match(x: Floats, treated: Bools, names: tuple[str, ...]) -> Matching:
    """Match the treated rows of `x`, which holds a column per name and no NaN, with the others."""
    from scipy.spatial import cKDTree

    ours, theirs = np.flatnonzero(treated), np.flatnonzero(~treated)
    alike = _whitened(x)
    _, nearest = cKDTree(alike[theirs]).query(alike[ours])
    weights = treated.astype(float)
    np.add.at(weights, theirs[nearest], 1.0)
    scale = np.sqrt((x[ours].var(axis=0, ddof=1) + x[theirs].var(axis=0, ddof=1)) / 2)
    before = _apart(x[ours].mean(axis=0), x[theirs].mean(axis=0), scale)
    after = _apart(x[ours].mean(axis=0), np.average(x[theirs], axis=0, weights=weights[theirs]), scale)
    return Matching(weights, names, before, after)


def _whitened(x: Floats) -> Floats:
    """Columns turned and scaled so that their distance is Mahalanobis'; one without spread weighs nothing."""
    centred = x - x.mean(axis=0)
    _, size, turn = np.linalg.svd(centred, full_matrices=False)
    kept = size > 1e-10 * max(size.max(initial=0.0), 1e-300)
    made: Floats = centred @ turn[kept].T / size[kept]
    return made


def _apart(ours: Floats, theirs: Floats, scale: Floats) -> Floats:
    """Differences of means in standard deviations of the groups before matching, so that both can be compared."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(scale > 0, (ours - theirs) / scale, np.where(np.isclose(ours, theirs), 0.0, np.inf))
    return found
