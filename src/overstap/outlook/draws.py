"""Possible futures of many groups at once: the path of the outlook, times errors as large as those of the past.

An error is Student's t, in part shared by all groups, and as large at each horizon as the back-test says. A path is off
in one direction throughout: swings from year to year are not drawn, as a place that is lost in one year and comes back
in the next is no opening of the outlook. Everything is an array [group, year, draw].
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from overstap.outlook.backtest import Spread

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_FARTHEST = float(np.log(4))  # no group is taken to end at more than four times its path, or less than a quarter


def error_paths(
    spread: Spread, size: Floats, horizon: Floats, draws: int, rng: np.random.Generator, shared: float | None = None
) -> Floats:
    """Factors on employment [group, year, draw] with median 1; exactly 1 at horizon 0.

    `size` (persons) of each group, `horizon` in years. `shared` is the correlation between groups, by default
    that of `spread`.
    """
    rho = spread.shared if shared is None else shared
    own, common = rng.standard_normal((len(size), 1, draws)), rng.standard_normal((1, 1, draws))
    z = np.sqrt(1 - rho) * own + np.sqrt(rho) * common
    mixing = np.sqrt(spread.df / rng.chisquare(spread.df, z.shape))
    factors: Floats = np.exp(np.clip(spread.scale(size, horizon)[:, :, None] * z * mixing, -_FARTHEST, _FARTHEST))
    return factors


def kept_within(factors: Floats, weights: Floats, parent: Ints) -> Floats:
    """Factors [child, year, draw] drawn to a weighted mean of 1 within each parent, so that its total stands."""
    found = np.empty_like(factors)
    for group in np.unique(parent):
        mine = np.flatnonzero(parent == group)
        share = weights[mine] / weights[mine].sum()
        found[mine] = factors[mine] / np.tensordot(share, factors[mine], axes=1)
    return found


def bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The lower and upper quantile over draws (last axis)."""
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=-1)
    return low, high
