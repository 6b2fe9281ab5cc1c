"""Ways to carry series forward, many series at a time. Each takes `w` [series, periods] and gives [series, horizon].

Values are on a scale on which changes add up (logarithm of counts, log odds of shares), free of season. Plain ones
first: what they miss, the combination of `forecast` averages out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from scipy import special

from overstap.analysis.uncertainty import Floats

Method = Callable[[Floats, int], Floats]
_YEARS_OF_SEASON = 12  # a season is read from the last years only: it shifts
_LEVEL_WINDOW = 60
_RIDGE = 0.3
_FADE = 0.97  # weight of a period against the next one: relations of long ago count less
_LAGS = (2, 4, 8)
_FIRST = 9  # periods behind the first one whose relations are read
_LEAST_PAST = 12  # periods from which relations can be learned
_CEILINGS = (1.1, 1.3, 1.6, 2.0, 3.0, 5.0, 10.0)  # of the highest share seen, at which growth may end


def season(z: Floats, length: int) -> Floats:
    """Additive season [series, length], position 0 being that of the first period; 0 where none is clear.

    Classical decomposition by a centred mean, drawn to none by how unsure it is (James & Stein 1961).
    """
    if length < 2 or z.shape[1] < 3 * length:
        return np.zeros((len(z), max(length, 1)))
    kernel = np.ones(length + 1 - length % 2) / length
    if length % 2 == 0:
        kernel[[0, -1]] /= 2
    half = len(kernel) // 2
    trend = np.apply_along_axis(np.convolve, 1, z, kernel, "valid")
    rest = z[:, half:-half] - trend
    place = (np.arange(rest.shape[1]) + half) % length
    parts = [rest[:, place == k][:, -_YEARS_OF_SEASON:] for k in range(length)]
    factor = np.stack([part.mean(axis=1) for part in parts], axis=1)
    factor -= factor.mean(axis=1, keepdims=True)
    noise = sum(part.var(axis=1, ddof=1) / part.shape[1] for part in parts)
    clear = (factor**2).sum(axis=1)
    kept = np.clip(1 - np.divide(noise, clear, out=np.ones_like(clear), where=clear > 0), 0, 1)
    return cast(Floats, factor * kept[:, None])


def naive(w: Floats, horizon: int) -> Floats:
    """The last value."""
    return np.repeat(w[:, -1:], horizon, axis=1)


def damped_trend(w: Floats, horizon: int) -> Floats:
    """Holt's linear trend, damped (Gardner & McKenzie 1985); constants by the least squares of one step ahead."""
    best, out = np.full(len(w), np.inf), naive(w, horizon)
    for alpha in (0.3, 0.5, 0.7, 0.9, 1.0):
        for beta in (0.05, 0.1, 0.2, 0.3, 0.5):
            for phi in (0.8, 0.9, 0.95):
                level, trend, loss = w[:, 0].copy(), np.zeros(len(w)), np.zeros(len(w))
                for i in range(1, w.shape[1]):
                    expected = level + phi * trend
                    error = w[:, i] - expected
                    loss += error**2 if i > 4 else 0
                    level, trend = expected + alpha * error, phi * trend + alpha * beta * error
                better = loss < best
                best[better] = loss[better]
                ahead = np.cumsum(phi ** np.arange(1, horizon + 1))
                out[better] = level[better, None] + trend[better, None] * ahead
    return out


def diffusion(w: Floats, horizon: int) -> Floats:
    """Log odds of shares that grow, or fade, along a logistic curve to a ceiling below 1 (Griliches 1957).

    Of several ceilings the one whose curve fits best by least squares; carried on from the last value, from which the
    curve's own steps are taken. Without a ceiling in sight this is the straight line of log odds.
    """
    share = special.expit(w)
    size = w.shape[1]
    time = np.arange(size) - (size - 1) / 2
    best, out = np.full(len(w), np.inf), naive(w, horizon)
    for times in (*_CEILINGS, np.inf):
        ceiling = np.minimum(share.max(axis=1) * times, 1.0)[:, None]
        curve = special.logit(np.clip(share / ceiling, 1e-9, 1 - 1e-9))
        slope = (curve * time).sum(axis=1, keepdims=True) / (time**2).sum()
        level = curve.mean(axis=1, keepdims=True)
        path = special.logit(ceiling * special.expit(level + slope * (np.arange(size + horizon) - (size - 1) / 2)))
        loss = ((w - path[:, :size]) ** 2).sum(axis=1)
        better = loss < best
        best[better] = loss[better]
        out[better] = (w[:, -1:] + path[:, size:] - path[:, size - 1 : size])[better]
    return out


def common(w: Floats, horizon: int) -> Floats:
    """What followed, in all series together, on momentum and level like these: a ridge regression per period ahead.

    Its inputs are the recent changes of the series and of all, and how far each stands from its own mean of the last
    years, in units of the series' usual step. The last value where the past is too short to learn from.
    """
    series, size = w.shape
    usual = np.diff(w, axis=1).std(axis=1)
    usual = np.where(usual > 0, usual, 1.0)
    out = naive(w, horizon)
    if size <= _FIRST:
        return out
    inputs = _states(w, usual)
    for ahead in range(1, horizon + 1):
        past = range(_FIRST, size - ahead)
        if len(past) < _LEAST_PAST:
            continue
        x = inputs[: len(past)].reshape(len(past) * series, -1)
        y = ((w[:, _FIRST + ahead :] - w[:, _FIRST : size - ahead]) / usual[:, None]).T.ravel()
        weight = np.repeat(_FADE ** np.arange(len(past))[::-1], series)
        square = (x * weight[:, None]).T @ x
        ridge = (_RIDGE * np.trace(square) / len(square) + 1e-9) * np.eye(len(square))
        coefficient = np.linalg.solve(square + ridge, (x * weight[:, None]).T @ y)
        out[:, ahead - 1] += inputs[-1] @ coefficient * usual
    return out


def _states(w: Floats, usual: Floats) -> Floats:
    """Inputs of `common` at every period from _FIRST on: [period, series, input]."""
    weight = 1 / usual**2
    of_all = (w * weight[:, None]).sum(axis=0) / weight.sum()
    scale = max(float(np.diff(of_all).std()), 1e-9)
    smooth = w.copy()
    for i in range(1, w.shape[1]):
        smooth[:, i] = 0.6 * w[:, i] + 0.4 * smooth[:, i - 1]
    states = []
    for i in range(_FIRST, w.shape[1]):
        window = slice(max(i + 1 - _LEVEL_WINDOW, 0), i + 1)
        own = [w[:, i] - smooth[:, i], *(smooth[:, i] - smooth[:, i - lag] for lag in _LAGS)]
        own.append(w[:, i] - w[:, window].mean(axis=1))
        shared = [of_all[i] - of_all[i - lag] for lag in (1, *_LAGS)] + [of_all[i] - of_all[window].mean()]
        columns = [column / usual for column in own] + [np.full(len(w), value / scale) for value in shared]
        states.append(np.column_stack(columns))
    return np.array(states)
