"""How wrong a plain forecast was in the past, by horizon and by size of the group: what an outlook's interval rests on.

Cedefop gives one path without interval, and no earlier edition to hold it against. So the forecast "as it is now" is
made from every year 2010 to LAST_OBSERVED in every country of the file and held against what came. The size of its
errors is fitted by group size and horizon, their shape by Student's t, what groups of a country share by the mean
product of their errors. Countries differ, so the scale is drawn up or down until it holds what it should in the
Netherlands' own past, the redesign of its survey in 2021 included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from overstap.outlook.source import LAST_OBSERVED, UNION, Floats, Paths, country_paths

_CENTRAL = 0.8
_TAIL = 0.95
_DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Errors of log employment: exp(a + b ln size + c ln horizon + d ln size ln horizon) times Student's t of `df`.

    `size` counts persons, the horizon years. `shared` is the correlation between groups of one country, `n` how many
    errors it was fitted on.
    """

    a: float
    b: float
    c: float
    d: float
    df: float
    shared: float
    n: int

    def scale(self, size: Floats, horizon: Floats) -> Floats:
        """The scale of the error [group, horizon]; 0 at horizon 0, NaN where the size is unknown."""
        log_size, later = np.log(size)[:, None], np.maximum(horizon, 1.0)[None, :]
        found = np.exp(self.a + self.b * log_size + (self.c + self.d * log_size) * np.log(later))
        return np.where(horizon[None, :] > 0, found, 0.0)

    def half_width(self, size: Floats, horizon: Floats, coverage: float) -> Floats:
        """Half the interval of log employment that holds `coverage` of outcomes."""
        found: Floats = self.scale(size, horizon) * float(student.ppf(0.5 + coverage / 2, self.df))
        return found


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of log employment with the country, origin, size and horizon of each."""

    country: npt.NDArray[np.str_]
    origin: npt.NDArray[np.int64]
    size: Floats
    horizon: Floats
    error: Floats

    def where(self, kept: npt.NDArray[np.bool_]) -> Errors:
        """Those that are kept."""
        return Errors(*(getattr(self, name)[kept] for name in self.__slots__))


Kind = Literal["forecast", "allocation"]


def past_errors(paths: Paths, kind: Kind = "forecast") -> Errors:
    """Errors of the forecast "as it is now" from every year, or how growth scatters about that of the major group.

    The second stands in for what is lost where a group inherits the growth of a coarser one: two-digit groups about
    their major group, as finer groups about their two-digit group. Groups alone in their major group say nothing.
    """
    kept = np.array([country != UNION for country in paths.countries])
    country = np.array(paths.countries)[kept]
    history = paths.between(paths.years[0], LAST_OBSERVED)[kept]
    major = np.unique(
        [c + code[0] for c, code in zip(country, np.array(paths.codes)[kept], strict=True)], return_inverse=True
    )[1]
    parts = []
    for origin in range(history.shape[1] - 1):
        for horizon in range(1, history.shape[1] - origin):
            start, end = history[:, origin], history[:, origin + horizon]
            error = np.log(end) - np.log(start)
            if kind == "allocation":
                error = error - _of_the_whole(start, end, major)
            known = ~np.isnan(error)
            n = int(known.sum())
            parts.append((country[known], np.full(n, origin), start[known], np.full(n, float(horizon)), error[known]))
    return Errors(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _of_the_whole(start: Floats, end: Floats, at: npt.NDArray[np.int64]) -> Floats:
    """Log growth of the group that each belongs to (`at`), of its known members; NaN where it has one only."""
    known = ~np.isnan(start + end)
    first, last, n = (np.bincount(at, weights=np.where(known, x, 0.0)) for x in (start, end, np.ones_like(start)))
    growth = np.full(len(n), np.nan)
    growth[n > 1] = np.log(last[n > 1] / first[n > 1])
    found: Floats = growth[at]
    return found


def fit(errors: Errors) -> Spread:
    """The spread of errors. Scale by least squares on the log of their size, shape by two quantiles."""
    some = errors.where(errors.error != 0)
    size, horizon = np.log(some.size), np.log(some.horizon)
    design = np.stack([np.ones_like(size), size, horizon, size * horizon], axis=1)
    found = np.linalg.lstsq(design, np.log(np.abs(some.error)), rcond=None)[0]
    ratio = np.abs(some.error) / np.exp(design @ found)
    central, tail = np.quantile(ratio, [_CENTRAL, _TAIL])
    grid = np.arange(2.5, 30.0, 0.1)
    shape = student.ppf(0.5 + _TAIL / 2, grid) / student.ppf(0.5 + _CENTRAL / 2, grid)
    df = float(grid[np.argmin(np.abs(shape - tail / central))])
    found[0] += np.log(central / student.ppf(0.5 + _CENTRAL / 2, df))
    a, b, c, d = map(float, found)
    return Spread(a, b, c, d, df, _shared(some, design @ found), len(some.error))


def _shared(errors: Errors, log_scale: Floats) -> float:
    """The mean product of the scaled errors of two groups of one country, origin and horizon, over their variance."""
    z = errors.error / np.exp(log_scale)
    z = np.clip(z, -5, 5)  # a few broken series do not decide it
    country = np.unique(errors.country, return_inverse=True)[1]
    at = np.unique(country * 10_000 + errors.origin * 100 + errors.horizon.astype(int), return_inverse=True)[1]
    total, squares, n = (np.bincount(at, weights=w) for w in (z, z * z, np.ones_like(z)))
    pairs = float((n * (n - 1)).sum())
    return max(0.0, float((total**2 - squares).sum()) / pairs / float((z * z).mean()))


@lru_cache(maxsize=2)
def spread(kind: Kind = "forecast", country: str = "NL") -> Spread:
    """The spread fitted on all countries of the bundled file, its scale that of `country`."""
    errors = past_errors(country_paths(), kind)
    whole = fit(errors)
    mine = errors.where(errors.country == country)
    factor = float(np.quantile(np.abs(mine.error) / _half(whole, mine, _CENTRAL), _CENTRAL))
    return replace(whole, a=whole.a + float(np.log(factor)))


def coverage_elsewhere(kind: Kind = "forecast", coverage: float = 0.8) -> dict[str, tuple[float, int]]:
    """Per country, which share of its errors lies in intervals fitted on the others, and how many these are."""
    errors = past_errors(country_paths(), kind)
    found: dict[str, tuple[float, int]] = {}
    for country in np.unique(errors.country):
        mine, others = errors.where(errors.country == country), errors.where(errors.country != country)
        half = _half(fit(others), mine, coverage)
        found[str(country)] = float((np.abs(mine.error) <= half).mean()), len(mine.error)
    return found


def coverage_at_home(kind: Kind = "forecast", coverage: float = 0.8, country: str = "NL") -> tuple[float, int]:
    """Which share of a country's own errors lies in the intervals that the outlook draws, and how many these are.

    Draws have mean 1, so that their intervals lie a little lower than those of errors about 0.
    """
    from overstap.outlook.draws import bounds, error_paths

    errors = past_errors(country_paths(), kind)
    mine, used = errors.where(errors.country == country), spread(kind, country)
    held = []
    for horizon in np.unique(mine.horizon):
        some = mine.where(mine.horizon == horizon)
        names = [("back-test", str(horizon), str(i)) for i in range(len(some.size))]
        factors = error_paths(used, some.size, np.array([horizon]), _DRAWS, 1, names)[:, 0]
        low, high = bounds(np.log(factors), coverage)
        held.append((low <= some.error) & (some.error <= high))
    return float(np.concatenate(held).mean()), len(mine.error)


def _half(spread: Spread, errors: Errors, coverage: float) -> Floats:
    size, horizon = np.log(errors.size), np.log(errors.horizon)
    scale = np.exp(spread.a + spread.b * size + (spread.c + spread.d * size) * horizon)
    found: Floats = scale * float(student.ppf(0.5 + coverage / 2, spread.df))
    return found
