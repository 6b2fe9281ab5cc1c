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
from scipy import stats

from overstap.analysis.forecast import LEAST_ORIGINS, LEAST_PERIODS, carry, half_width, mixed, past_errors, usual_step
from overstap.analysis.forecast_methods import season
from overstap.analysis.uncertainty import Floats

LEAST_ADS = 8  # quarters of ads before the first origin
LEAST_SLOPE = 4  # origins with known outcomes from which a slope is fitted
LEVEL = 0.05  # of the one-sided test that ads do not help


@dataclass(frozen=True)
class Nowcast:
    """Logarithms per series: what is given for the quarters ahead, and how the same did at earlier origins.

    `value`, `low`, `high`, `plain` [series, ahead]: with ads where they `help`, the bounds, the official series alone.
    `then`, `then_plain` [series, origin]: one quarter ahead, with ads and without, as they would have been said then,
    for the last official quarters. `error`, `plain_error`: their mean absolute errors in usual steps of each series
    (Hyndman & Koehler 2006), NaN where there is no origin; `p_value`: of the test that ads do not help, NaN under
    LEAST_ORIGINS origins; `slope` [ahead]: usual steps of the official series per usual step of surprise, 0 unknown.
    """

    value: Floats
    low: Floats
    high: Floats
    plain: Floats
    then: Floats
    then_plain: Floats
    slope: Floats
    error: float
    plain_error: float
    p_value: float
    helps: bool

    @property
    def origins(self) -> int:
        """How many quarters the test rests on."""
        return int(self.then.shape[1])


def nowcast(official: Floats, ads: Floats, ahead: int, coverage: float = 0.8) -> Nowcast:
    """The `ahead` quarters after the last of `official`, both logarithms [series, quarters].

    `ads` ends `ahead` quarters after `official`, and may begin later. `official` has at least LEAST_PERIODS quarters.
    """
    known, late = official.shape[1], official.shape[1] + ahead - ads.shape[1]
    least = max(late + LEAST_ADS, LEAST_PERIODS)
    plain, step = carry(official, ahead, 4), usual_step(official)[:, None]
    if known <= least:
        wide = half_width(np.full((1, len(official), ahead), np.nan), coverage)
        none = official[:, :0]
        return Nowcast(
            plain, plain - wide, plain + wide, plain, none, none, np.zeros(ahead), np.nan, np.nan, np.nan, False
        )
    steps = np.stack([usual_step(official[:, :end]) for end in range(least, known)], axis=1)
    mine = mixed(past_errors(official, ahead, 4, least))
    surprise = mixed(past_errors(_free_of_season(ads, official[:, :least], late), ahead, 4, least - late))
    slopes = np.array([_slopes(mine[:i], surprise[:i]) for i in range(len(mine) + 1)])
    left = mine - slopes[:-1, None] * surprise[: len(mine)]
    tested = np.isfinite(slopes[:-1, 0])
    losses = [np.abs(errors[tested, :, 0]).mean(axis=1) for errors in (mine, left)]
    p_value = equal_accuracy(losses[0] - losses[1]) if tested.sum() >= LEAST_ORIGINS else np.nan
    helps = bool(p_value < LEVEL)
    slope = np.nan_to_num(slopes[-1], nan=0.0)
    value = plain + helps * slope * surprise[len(mine)] * step
    half = half_width(left[tested] if helps else mine, coverage) * step
    outcome = official[:, least:][:, tested]
    then, then_plain = (outcome - (e[tested, :, 0].T * steps[:, tested]) for e in (left, mine))
    error, plain_error = (float(loss.mean()) if len(loss) else np.nan for loss in losses[::-1])
    return Nowcast(
        value, value - half, value + half, plain, then, then_plain, slope, error, plain_error, p_value, helps
    )


def equal_accuracy(gain: Floats) -> float:
    """p-value, one-sided, of no gain: `gain` is the loss without less the loss with, one step ahead.

    One step ahead the corrected test of Harvey et al. (1997) is the t-test of the mean difference.
    """
    if np.ptp(gain) == 0:
        return float(gain[0] <= 0)
    return float(stats.ttest_1samp(gain, 0, alternative="greater").pvalue)


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
