"""Official vacancies before they are published, from the ads of the quarters since: does it help, and by how much?

The official series is carried forward as in `forecast`, and so is the number of vacancies found in ads. What the ads
then show beyond their own forecast, their surprise, is passed on to the official series by a slope, one per quarter
ahead, pooled over sectors (a bridge equation, Baffigi, Golinelli & Parigi 2004, between surprises). The slope of an
origin knows only what was published by then, so that the back-test is nested. Whether ads help is a test of equal
accuracy (Diebold & Mariano 1995, as corrected by Harvey, Leybourne & Newbold 1997); they are used only where they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from overstap.analysis.forecast import LEAST_ORIGINS, LEAST_PERIODS, carry, half_width, mixed, past_errors, usual_step
from overstap.analysis.forecast_methods import season
from overstap.analysis.uncertainty import Floats

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LEAST_ADS = 8  # quarters of ads before the first origin
LEAST_SLOPE = 4  # origins with known outcomes from which a slope is fitted
LEVEL = 0.05  # of the one-sided test that ads do not help


@dataclass(frozen=True)
class Nowcast:
    """Logarithms per series: what is given for the quarters ahead, and how the same did at earlier origins.

    `value`, `low`, `high`, `plain` [series, ahead]: with ads where they `help`, the bounds, the official series alone.
    `then`, `then_plain` [series, origin]: one quarter ahead, with ads and without, as they would have been said then,
    for the last official quarters. Per quarter ahead: `error`, `plain_error`, mean absolute errors with and without, in
    usual steps of each series (Hyndman & Koehler 2006), over `origins`, NaN where there is none; `p_value` of the test
    that ads do not help, NaN under LEAST_ORIGINS origins; `slope`, usual steps of the official series per usual step of
    surprise, 0 where unknown; `helps`.
    """

    value: Floats
    low: Floats
    high: Floats
    plain: Floats
    then: Floats
    then_plain: Floats
    slope: Floats
    error: Floats
    plain_error: Floats
    p_value: Floats
    origins: Ints
    helps: Bools


def nowcast(official: Floats, ads: Floats, ahead: int, coverage: float = 0.8, pool: int | None = None) -> Nowcast:
    """The `ahead` quarters after the last of `official`, both logarithms [series, quarters].

    `ads` ends `ahead` quarters after `official`, and may begin later. `official` has at least LEAST_PERIODS quarters.
    `pool`: slope, test and bounds are those of the first so many series; sums of others come after them.
    """
    known, late = official.shape[1], official.shape[1] + ahead - ads.shape[1]
    least = max(late + LEAST_ADS, LEAST_PERIODS)
    plain, step = carry(official, ahead, 4), usual_step(official)[:, None]
    unknown = np.full(ahead, np.nan)
    if known <= least:
        wide, none = np.full(plain.shape, np.nan), official[:, :0]
        no = np.zeros(ahead, dtype=np.int64)
        return Nowcast(plain, wide, wide, plain, none, none, np.zeros(ahead), unknown, unknown, unknown, no, no > 0)
    steps = np.stack([usual_step(official[:, :end]) for end in range(least, known)], axis=1)
    mine = mixed(past_errors(official, ahead, 4, least))
    surprise = mixed(past_errors(_free_of_season(ads, official[:, :least], late), ahead, 4, least - late))
    slopes = np.array([_slopes(mine[:i, :pool], surprise[:i, :pool]) for i in range(len(mine) + 1)])
    left = mine - slopes[:-1, None] * surprise[: len(mine)]
    error, plain_error, p_value, origins = _tests(mine[:, :pool], left[:, :pool])
    helps = p_value < LEVEL
    slope = np.nan_to_num(slopes[-1], nan=0.0)
    value = plain + helps * slope * surprise[len(mine)] * step
    half = half_width(np.where(helps, left, mine)[:, :pool], coverage) * step
    tested = np.isfinite(slopes[:-1, 0])
    outcome = official[:, least:][:, tested]
    then, then_plain = (outcome - (e[tested, :, 0].T * steps[:, tested]) for e in (left, mine))
    low, high = value - half, value + half
    return Nowcast(
        value, low, high, plain, then, then_plain, slope, error, plain_error, p_value, origins, np.asarray(helps)
    )  # fmt: skip


def _tests(mine: Floats, left: Floats) -> tuple[Floats, Floats, Floats, Ints]:
    """Per quarter ahead: mean errors with ads and without, the p-value of no gain, and origins with both."""
    ahead = mine.shape[2]
    error, plain_error, p_value = (np.full(ahead, np.nan) for _ in range(3))
    origins = np.zeros(ahead, dtype=np.int64)
    for h in range(ahead):
        both = np.isfinite(left[:, :, h]).all(axis=1)
        origins[h] = both.sum()
        if origins[h]:
            without, with_ads = (np.abs(errors[both, :, h]).mean(axis=1) for errors in (mine, left))
            error[h], plain_error[h] = with_ads.mean(), without.mean()
            if origins[h] >= LEAST_ORIGINS:
                p_value[h] = equal_accuracy(without - with_ads, h + 1)
    return error, plain_error, p_value, origins


def equal_accuracy(gain: Floats, ahead: int = 1) -> float:
    """p-value, one-sided, of no gain: `gain` is the loss without less the loss with, `ahead` steps ahead, by time.

    Diebold & Mariano (1995) with the variance of errors that overlap `ahead` − 1 steps, the small-sample correction and
    the t-distribution of Harvey et al. (1997); one step ahead this is the t-test of the mean. 1 where the variance is
    not positive, as may come of long overlaps.
    """
    n = len(gain)
    if np.ptp(gain) == 0:
        return float(gain[0] <= 0)
    off = gain - gain.mean()
    variance = (off @ off + 2 * sum(off[lag:] @ off[:-lag] for lag in range(1, min(ahead, n)))) / n
    shrink = (n + 1 - 2 * ahead + ahead * (ahead - 1) / n) / n
    if variance <= 0 or shrink <= 0:
        return 1.0
    return float(stats.t.sf(gain.mean() / np.sqrt(variance / n) * np.sqrt(shrink), n - 1))


def _free_of_season(ads: Floats, official: Floats, late: int) -> Floats:
    """Ads less the season that official figures had before the first origin: their own past is short."""
    seasonal = season(official, 4)
    return ads - seasonal[:, (late + np.arange(ads.shape[1])) % seasonal.shape[1]]


def _slopes(mine: Floats, surprise: Floats) -> Floats:
    """Least squares through 0 per quarter ahead, over the origins whose outcome is known; NaN where they are few."""
    origins, _, ahead = mine.shape
    out = np.full(ahead, np.nan)
    for h in range(ahead):
        past = origins - h
        x, y = surprise[: max(past, 0), :, h], mine[: max(past, 0), :, h]
        if past >= LEAST_SLOPE and np.nansum(x * x) > 0:
            out[h] = np.nansum(x * y) / np.nansum(x * x)
    return out
