"""Effects of comparable experiments laid together: a mean that expects them to differ, and what a next one may do.

Random effects by statsmodels: spread of true effects after Paule & Mandel (1982), interval after Hartung & Knapp
(2001), whose error is never taken smaller than the plain one (Röver, Knapp & Friede 2015); prediction interval after
Higgins, Thompson & Spiegelhalter (2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overstap.errors import InputError
from overstap.experiments.regress import library

LEAST, LEAST_NEXT = 2, 3  # experiments for a mean, and for what a next one may do


@dataclass(frozen=True)
class Together:
    """The mean effect, its interval and p-value, the spread of true effects, range of a next one (None: unknown)."""

    value: float
    low: float
    high: float
    p: float
    studies_n: int
    q: float
    tau: float
    i2: float
    next_low: float | None
    next_high: float | None


def together(effects: Sequence[float], errors: Sequence[float], confidence: float = 0.95) -> Together:
    """The effects with their standard errors, laid together.

    Raises `InputError` for fewer than two, or an error that is no positive number.
    """
    from scipy import stats

    y, error = np.asarray(effects, float), np.asarray(errors, float)
    k = len(y)
    if k < LEAST:
        raise InputError(
            f"{k} experiment cannot be laid together.",
            why="A mean over experiments needs at least two of them that measured the same.",
        )
    if not (np.isfinite(y).all() and np.isfinite(error).all() and (error > 0).all()):
        raise InputError("An effect has no standard error above 0.", fix="Leave that experiment out.")
    library()
    from statsmodels.stats.meta_analysis import combine_effects

    made = combine_effects(y, error**2, method_re="iterated", use_t=True)
    weights = np.asarray(made.weights_rel_re, float)
    mean = float(made.mean_effect_re)
    plain = float(made.sd_eff_w_re)
    knapp = float(np.sqrt((weights * (y - mean) ** 2).sum() / (k - 1)))
    used = max(plain, knapp)
    half = float(stats.t.ppf((1 + confidence) / 2, k - 1)) * used
    p = float(2 * stats.t.sf(abs(mean) / used, k - 1))
    tau2, q = max(float(made.tau2), 0.0), float(made.q)
    ends: tuple[float | None, float | None] = (None, None)
    if k >= LEAST_NEXT:
        reach = float(stats.t.ppf((1 + confidence) / 2, k - 2)) * float(np.sqrt(tau2 + used**2))
        ends = mean - reach, mean + reach
    i2 = max(0.0, 100 * (q - (k - 1)) / q) if q > 0 else 0.0
    return Together(mean, mean - half, mean + half, p, k, q, tau2**0.5, i2, *ends)
