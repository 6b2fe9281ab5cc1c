"""Possible futures of many groups at once: the path of the outlook, times errors as large as those of the past.

An error is Student's t, in part shared by all groups, and as large at each horizon as the back-test says. A path is off
in one direction throughout: swings from year to year are not drawn, as a place that is lost in one year and comes back
in the next is no opening of the outlook. Everything is an array [group, year, draw].

Factors have mean 1 over the draws, not median 1: means add up, so that the draws of a sum lie about the sum of paths.
Every group draws from a stream of its own, so that no figure hangs on which others are drawn beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from overstap.outlook.backtest import Spread
from overstap.outlook.source import Floats

Ints = npt.NDArray[np.int64]
_FARTHEST = float(np.log(4))  # no group is taken to end at more than four times its path, or less than a quarter
_TURNS = 4


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random numbers that are called by `names`: the same ones wherever they are asked."""
    return np.random.default_rng([seed, crc32("/".join(names).encode())])


def error_paths(
    spread: Spread,
    size: Floats,
    horizon: Floats,
    draws: int,
    seed: int,
    names: Sequence[Sequence[str]],
    shared: float | None = None,
) -> Floats:
    """Factors on employment [group, year, draw] with mean 1 over draws; exactly 1 at horizon 0.

    `size` (persons) of each group, `horizon` in years, `names` that call each group's stream. `shared` is the
    correlation between groups, by default that of `spread`.
    """
    rho = spread.shared if shared is None else shared
    z, mixing = np.empty((2, len(size), 1, draws))
    for i, name in enumerate(names):
        rng = stream(seed, "errors", *name)
        z[i], mixing[i] = rng.standard_normal((1, draws)), np.sqrt(spread.df / rng.chisquare(spread.df, (1, draws)))
    z = np.sqrt(1 - rho) * z + np.sqrt(rho) * stream(seed, "shared errors").standard_normal((1, 1, draws))
    factors = np.exp(np.clip(spread.scale(size, horizon)[:, :, None] * z * mixing, -_FARTHEST, _FARTHEST))
    return around_one(factors)


def rate_factors(deviation: float, draws: int, seed: int, names: Sequence[Sequence[str]]) -> Floats:
    """Lognormal factors on rates of outflow [group, 1, draw] with mean 1; `deviation` is that of their logs."""
    z = np.array([stream(seed, "rates", *name).standard_normal((1, draws)) for name in names])
    return around_one(np.exp(deviation * z))


def around_one(factors: Floats) -> Floats:
    """Factors drawn to a mean of 1 over the draws (last axis)."""
    found: Floats = factors / factors.mean(axis=-1, keepdims=True)
    return found


def kept_within(factors: Floats, weights: Floats, parent: Ints) -> Floats:
    """Factors [child, year, draw] drawn to a weighted mean of 1 within each parent, so that its total stands.

    The mean over the draws of each child is brought near 1 as well, by turns (Deming & Stephan 1940).
    """
    found = np.empty_like(factors)
    for group in np.unique(parent):
        mine = np.flatnonzero(parent == group)
        share, one = weights[mine] / weights[mine].sum(), factors[mine]
        for _ in range(_TURNS):
            one = around_one(one)
            one = one / np.tensordot(share, one, axes=1)
        found[mine] = one
    return found


def bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The lower and upper quantile over draws (last axis), each one of the draws; NaN where a draw is unknown."""
    low, high = ordered(draws, (1 - confidence) / 2, (1 + confidence) / 2)
    return low, high


def ordered(draws: Floats, *parts: float) -> list[Floats]:
    """The draws (last axis) up to which each part of them lies: not drawn between two, as one may be infinite."""
    n = draws.shape[-1]
    at = [max(0, int(np.ceil(part * n - 1e-9)) - 1) for part in parts]
    unknown = np.isnan(draws).any(axis=-1)
    found = np.partition(draws, at, axis=-1)
    return [np.where(unknown, np.nan, found[..., i]) for i in at]
