"""Forecasts that were tested: a combination of plain methods, with intervals from its own past errors.

Choosing one method per series on a short past is choosing noise; combining is not (Bates & Granger 1969; the M
competitions). Intervals are the quantiles of the errors that the same combination made when it stood at earlier
origins, scaled by the usual step of each series and pooled over series (Williams & Goodman 1971; split conformal). The
back-test is nested: at each origin the interval knows only errors that were known by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from overstap.analysis import forecast_methods as methods
from overstap.analysis.uncertainty import Floats

COMBINED: Mapping[str, float] = {"common": 2, "naive": 1, "damped_trend": 1}
LEAST_PERIODS = 12
LEAST_ORIGINS = 6  # origins with known errors, below which no interval is given
WINDOWS = 2  # stretches as long as the horizon that the tested past must hold side by side
_RULES = {name: getattr(methods, name) for name in ("common", "naive", "damped_trend", "diffusion")}
_TIMES = (0, 1, 2)  # weights of a method among the mixes that `nested` chooses from


@dataclass(frozen=True)
class Nested:
    """What choosing the mix of methods is worth: chosen on the `before` origins whose outcomes were all known at the
    first of the `after` that follow, and tried on those.

    `errors`: mean absolute scaled errors there of the mix chosen, the mix used, the last value and the year before.
    """

    errors: tuple[float, float, float, float]
    before: int
    after: int


@dataclass(frozen=True)
class BackTest:
    """How the combination did at past origins, per period ahead: errors relative to the last value's and coverage.

    `error`, `naive`, `seasonal`: mean absolute scaled errors (Hyndman & Koehler 2006) of the combination, of the last
    value and of the value a year before; `coverage`: share of outcomes within the interval; `origins`, `n`: how many.
    """

    error: Floats
    naive: Floats
    seasonal: Floats
    coverage: Floats
    origins: int
    n: int
    nested: Nested | None = None


@dataclass(frozen=True)
class Forecast:
    """Values with bounds [series, horizon] on the scale of the input, NaN where the data cannot carry them.

    `errors` [origin, series, horizon] of the past, in units of `step` [series], serve bounds of what is made from the
    values; `back_test` is None where the series are too short for any.
    """

    value: Floats
    low: Floats
    high: Floats
    errors: Floats
    step: Floats
    back_test: BackTest | None


def reach(periods: int, length: int) -> int:
    """How many periods ahead the past of a series tests; `length`: periods in a year.

    Outcomes of a long horizon overlap, so that many origins may tell one outcome over and over: after its first periods
    the past must hold WINDOWS stretches of that length side by side, and LEAST_ORIGINS origins.
    """
    past = periods - _first_origin(length)
    return max(min(past // WINDOWS, past - LEAST_ORIGINS + 1), 0)


def _first_origin(length: int) -> int:
    """The periods that the earliest origin knows."""
    return LEAST_PERIODS if length > 1 else LEAST_PERIODS - 4


def carry(z: Floats, horizon: int, length: int, weights: Mapping[str, float] = COMBINED) -> Floats:
    """The combination [series, horizon] of series `z` [series, periods]; `length`: periods in a year."""
    return mixed(_by_method(z, horizon, length, weights), weights)


def _by_method(z: Floats, horizon: int, length: int, names: Iterable[str]) -> Floats:
    """What each method gives [method, series, horizon], the season apart."""
    seasonal = methods.season(z, length)
    periods = z.shape[1]
    place = np.arange(periods + horizon) % seasonal.shape[1]
    w = z - seasonal[:, place[:periods]]
    return np.stack([_RULES[name](w, horizon) + seasonal[:, place[periods:]] for name in names])


def mixed(by_method: Floats, weights: Mapping[str, float] = COMBINED) -> Floats:
    """Methods in the order of `weights` [method, ...], averaged."""
    return np.asarray(np.average(by_method, axis=0, weights=list(weights.values())))


def past_errors(z: Floats, horizon: int, length: int, least: int, names: Iterable[str] = COMBINED) -> Floats:
    """Errors [method, origin, series, horizon] in units of each series' usual step; NaN where the outcome is not known.

    Origin i knows the first `least` + i periods. As errors are outcomes less forecasts, those of a mix are the mix.
    """
    periods, names = z.shape[1], list(names)
    out = np.full((len(names), max(periods - least, 0), len(z), horizon), np.nan)
    for i in range(out.shape[1]):
        known = z[:, : least + i]
        ahead = min(horizon, periods - least - i)
        made = _by_method(known, horizon, length, names)[:, :, :ahead]
        out[:, i, :, :ahead] = (z[:, least + i : least + i + ahead] - made) / usual_step(known)[:, None]
    return out


def forecast(
    z: Floats,
    horizon: int,
    length: int,
    coverage: float = 0.8,
    weights: Mapping[str, float] = COMBINED,
    *,
    shared: bool = True,
) -> Forecast:
    """Forecast with back-test of complete series `z` [series, periods], on a scale where changes add up.

    NaN throughout where there are fewer than LEAST_PERIODS periods; bounds are NaN beyond `reach`.
    `shared`: see `half_width`.
    """
    periods = z.shape[1]
    if periods < LEAST_PERIODS:
        blank = np.full((len(z), horizon), np.nan)
        return Forecast(blank, blank, blank, blank[None], blank[:, 0], None)
    least = _first_origin(length)
    if length > 1:
        least = max(least, min(periods - LEAST_ORIGINS - horizon, 8 * length))
    by_method = past_errors(z, horizon, length, least, weights)
    errors = mixed(by_method, weights)
    value = carry(z, horizon, length, weights)
    step = usual_step(z)
    half = half_width(errors, coverage, shared=shared) * step[:, None]
    half[:, reach(periods, length) :] = np.nan
    tested = _back_test(z, errors, by_method, length, least, coverage, shared)
    return Forecast(value, value - half, value + half, errors, step, tested)


def usual_step(z: Floats) -> Floats:
    """Mean absolute change from period to period of each series; NaN where it never changes."""
    step = np.abs(np.diff(z, axis=1)).mean(axis=1)
    return np.where(step > 0, step, np.nan)


def half_width(errors: Floats, coverage: float, *, shared: bool = True) -> Floats:
    """Half the width of an interval, in usual steps: a quantile of the absolute past errors of all series.

    `errors` [origin, series, horizon]; never narrower further ahead, NaN where fewer than LEAST_ORIGINS are known.
    `shared`: all series meet the same shocks, so that an origin is one draw of errors, however many series it has; else
    the errors themselves tell how many draws they are.
    """
    horizon = errors.shape[2]
    out = np.full(horizon, np.nan)
    for ahead in range(horizon):
        column = np.abs(errors[:, :, ahead])
        origins = np.isfinite(column).any(axis=1).sum()
        if origins >= LEAST_ORIGINS:
            # The next error is one more draw: the quantile is raised for the number of origins (Vovk et al. 2005).
            level = min(coverage * (1 + 1 / (origins if shared else max(origins, _draws(column)))), 1.0)
            out[ahead] = np.nanquantile(column, level)
    return np.maximum.accumulate(np.nan_to_num(out, nan=0.0)) + np.where(np.isfinite(out), 0.0, np.nan)


def _draws(values: Floats) -> float:
    """How many independent values those of [origin, series] are worth, given how alike those of an origin are (Kish
    1965, from the analysis of variance between origins)."""
    known = values[np.isfinite(values).any(axis=1)]
    known = known[:, np.isfinite(known).all(axis=0)]
    origins, series = known.shape
    if origins < 2 or series < 2:
        return float(origins)
    means = known.mean(axis=1)
    within = ((known - means[:, None]) ** 2).sum() / (origins * (series - 1))
    between = series * means.var(ddof=1)
    alike = max(between - within, 0.0) / max(between + (series - 1) * within, 1e-300)
    return float(origins * series / (1 + (series - 1) * alike))


def _back_test(
    z: Floats, errors: Floats, by_method: Floats, length: int, least: int, coverage: float, shared: bool
) -> BackTest:
    origins, _, horizon = errors.shape
    inside = np.full(errors.shape, np.nan)
    plain = {"naive": np.full(errors.shape, np.nan), "seasonal": np.full(errors.shape, np.nan)}
    for i in range(origins):
        end = least + i
        known, ahead = z[:, :end], min(horizon, z.shape[1] - end)
        # An error h periods ahead of origin j is known at origin i where j + h ≤ i.
        seen = np.where((np.arange(origins)[:, None] + np.arange(1, horizon + 1))[:, None, :] <= i, errors, np.nan)
        half = half_width(seen, coverage, shared=shared)
        inside[i] = np.where(np.isfinite(half) & np.isfinite(errors[i]), np.abs(errors[i]) <= half, np.nan)
        step = usual_step(known)[:, None]
        back = [end - length + h % length for h in range(ahead)]
        outcome = z[:, end : end + ahead]
        plain["naive"][i, :, :ahead] = (outcome - known[:, -1:]) / step
        plain["seasonal"][i, :, :ahead] = (outcome - known[:, back]) / step
    mean = {name: _mean(np.abs(values)) for name, values in {"error": errors, **plain}.items()}
    nested = _nested(by_method, errors, *plain.values())
    n = int(np.isfinite(errors).sum())
    return BackTest(mean["error"], mean["naive"], mean["seasonal"], _mean(inside), origins, n, nested)


def _nested(by_method: Floats, *others: Floats) -> Nested | None:
    """The mix of methods chosen on the first half of the origins, tried on the second; None where that is too few."""
    origins, _, horizon = by_method.shape[1:]
    half = origins // 2
    if half < LEAST_ORIGINS + horizon:
        return None
    known = (np.arange(origins)[:, None] + np.arange(1, horizon + 1) <= half)[:, None, :]
    mixes = {tuple(np.divide(times, sum(times))) for times in product(_TIMES, repeat=len(by_method)) if any(times)}
    tried = {mix: np.abs(np.tensordot(mix, by_method, 1)) for mix in sorted(mixes)}
    if not np.isfinite(next(iter(tried.values()))[half:]).any():  # a series that never moved has no errors to compare
        return None
    best = min(tried, key=lambda mix: float(np.nanmean(_mean(np.where(known, tried[mix], np.nan)))))
    later = (tried[best], *(np.abs(values) for values in others))
    chosen, used, naive, seasonal = (float(np.nanmean(_mean(values[half:]))) for values in later)
    return Nested((chosen, used, naive, seasonal), half, origins - half)


def _mean(values: Floats) -> Floats:
    """Mean over origins and series, per period ahead; NaN where none is known."""
    known = np.isfinite(values)
    count = known.sum(axis=(0, 1))
    total = np.where(known, values, 0).sum(axis=(0, 1))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
