"""Intervals for shares and ratios when the ads of one employer resemble each other.

Ads of one employer are not independent, so the variance is taken over employers: for x of n vacancies, with employer e
having x_e of n_e, the linearised variance of p = x / n is G/(G−1) · Σ(x_e − p·n_e)² / n² (Cochran, *Sampling
Techniques*, 1977, ch. 6 and 9). Its ratio to the binomial variance is the design effect; the Wilson interval (Wilson
1927) is then taken at the effective size (Korn & Graubard 1998): n / design effect, times (z / t)² with t the quantile
of Student's distribution at G−1 degrees of freedom, as a variance estimated from G employers is itself uncertain.
Where each employer has one ad the ads are independent, and the interval is Wilson's own.

With weights x, n and the sums over employers are weighted; the effective size starts from the count of vacancies, so
that the design effect holds both what clusters and what unequal weights take (Kish, *Survey Sampling*, 1965, ch. 11.7).

On the logit scale (p ± t · standard error, through the logit) the same variance covers less well where employers are
few, and as well with wider intervals once the design effect is held at 1 and above; see docs/accuracy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Per row: vacancies with the item (x), vacancies (n), employers (g) and the sums over employers.

    Where x and n are weights: also the `count` of vacancies and the sum of their squared weights, `ww`.
    """

    x: Floats
    n: Floats
    g: Floats
    xx: Floats
    xn: Floats
    nn: Floats
    count: Floats | None = None
    ww: Floats | None = None

    @property
    def size(self) -> Floats:
        """Vacancies, whatever their weight."""
        return self.n if self.count is None else self.count


@dataclass(frozen=True)
class Shares:
    """Shares as fractions, with bounds and design effect; NaN where they cannot be known."""

    share: Floats
    low: Floats
    high: Floats
    design_effect: Floats


@lru_cache(maxsize=64)
def normal_quantile(confidence: float) -> float:
    """z such that a standard normal lies within ±z with probability `confidence`."""
    return float(stats.norm.ppf(0.5 + confidence / 2))


def student_quantile(freedom: Floats, confidence: float) -> Floats:
    """t such that Student's variable with `freedom` degrees lies within ±t at chance `confidence`; NaN below 1."""
    degrees, back = np.unique(freedom, return_inverse=True)  # many rows share a cell, and the quantile takes long
    return np.where(degrees >= 1, stats.t.ppf(0.5 + confidence / 2, np.maximum(degrees, 1)), np.nan)[back]


def normal_quantiles(confidence: Floats) -> Floats:
    """`normal_quantile` for several levels."""
    levels, back = np.unique(confidence, return_inverse=True)
    return np.asarray(stats.norm.ppf(0.5 + levels / 2))[back]


def student_quantiles(freedom: Floats, confidence: Floats) -> Floats:
    """`student_quantile`, each at a level of its own."""
    pairs, back = np.unique(freedom + 1j * confidence, return_inverse=True)
    degrees, levels = pairs.real, pairs.imag
    return np.where(degrees >= 1, stats.t.ppf(0.5 + levels / 2, np.maximum(degrees, 1)), np.nan)[back]


def student_p_value(z: Floats, freedom: Floats) -> Floats:
    """Two-sided p-value of z standard errors that were estimated with `freedom` degrees (Student 1908); NaN below 1."""
    return np.where(freedom >= 1, 2 * stats.t.sf(np.abs(z), np.maximum(freedom, 1)), np.nan)


def weighting_effect(sums: Sums) -> Floats:
    """How much unequal weights widen what they do not depend on: n · Σw² / (Σw)² (Kish 1965); 1 without weights."""
    if sums.ww is None:
        return np.ones_like(sums.n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(sums.size * sums.ww / sums.n**2, 1.0)


def design_effect(sums: Sums) -> Floats:
    """How much larger the variance over employers is than the binomial one: ≥ 1, NaN for a single employer.

    Where no vacancy, or every vacancy, has the item the data show no variance; the effect is then that of the weights,
    as for one single vacancy: drawn at random, its formula averages, unweighted, to G/(G−1) · (1 − Σn_e²/n²) · n/(n−1),
    which is at most n/(n−1). So the upper bound of none lies below that of one. It is so too where each employer has
    one vacancy, which leaves no clusters.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p = sums.x / sums.n
        spread = np.maximum(sums.xx - 2 * p * sums.xn + p * p * sums.nn, 0.0)
        clustered = sums.g / (sums.g - 1) * spread / sums.n**2
        effect = clustered / (p * (1 - p) / sums.size)
        least = weighting_effect(sums)
        plain = (sums.x <= 0) | (sums.x >= sums.n) | (sums.g >= sums.size)
        effect = np.where(plain, least, np.maximum(effect, least))
    return np.where(sums.g >= 2, effect, np.nan)


def clustered_means(sums: Sums, confidence: float) -> Shares:
    """Mean x / n of what may be counted several times a vacancy, with bounds on the logarithmic scale.

    The linearised variance of a ratio (Cochran 1977) holds for counts as for shares. NaN for n = 0; bounds are NaN
    where no difference between employers tells the variance.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(sums.n > 0, sums.x / sums.n, np.nan)
        spread = sums.xx - 2 * mean * sums.xn + mean * mean * sums.nn
        told = (sums.g >= 2) & (spread > 1e-9 * sums.xx)  # less is rounding
        error = np.sqrt(np.where(told, sums.g / (sums.g - 1) * spread, np.nan)) / sums.x
        half = np.exp(student_quantile(sums.g - 1, confidence) * error)
    return Shares(mean, mean / half, mean * half, np.full_like(mean, np.nan))


def clustered_shares(sums: Sums, confidence: float) -> Shares:
    """Share x / n with its Wilson interval at the effective size. All inputs of equal length; NaN for n = 0."""
    return shares_within(sums, normal_quantile(confidence), student_quantile(sums.g - 1, confidence))


def shares_within(sums: Sums, z: Floats | float, t: Floats, effect: Floats | None = None) -> Shares:
    """The same, given the quantiles of the normal distribution and of Student's at g − 1 degrees of freedom, and the
    design effect where it is known already."""
    effect = design_effect(sums) if effect is None else effect
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sums.n > 0, sums.x / sums.n, np.nan)
        # Without t, cells of a dozen employers cover 92 % where they claim 95 (tests/recovery).
        ratio = np.where(sums.g >= sums.size, 1.0, z / t)
        low, high = wilson(share, sums.size / effect * ratio**2, z)
    return Shares(share, low, high, effect)


def wilson(share: Floats, size: Floats, z: Floats | float) -> tuple[Floats, Floats]:
    """Wilson's score interval of `share` observed on `size` independent draws (Wilson 1927)."""
    z2 = z * z
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (share + z2 / (2 * size)) / (1 + z2 / size)
        half = z / (1 + z2 / size) * np.sqrt(share * (1 - share) / size + z2 / (4 * size * size))
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)


def log_ratio_error(first: Sums, last: Sums, shared: Floats | float = 0.0) -> Floats:
    """Standard error of ln(p_last / p_first) (Katz et al. 1978, × design effect).

    `shared`: the correlation of both shares, as of employers that post in both periods (see `covariance`); with 0 the
    periods are taken as independent, and the interval errs on the wide side.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        one = design_effect(first) * (1 / first.x - 1 / first.n)
        other = design_effect(last) * (1 / last.x - 1 / last.n)
        variance = one + other - 2 * shared * np.sqrt(one * other)
    return cast(Floats, np.sqrt(variance))


def conditional_ratio(
    first_x: Floats, last_x: Floats, first_n: Floats, last_n: Floats, tail: Floats | float
) -> tuple[Floats, Floats]:
    """Exact bounds of the ratio of two rates, given their sum (Clopper & Pearson 1934 on last_x of first_x + last_x).

    `tail` is the chance beyond each bound: 0.025 for 95 %. Low counts in large bases; `high` is infinite where the
    first count is zero, `low` zero where the last one is.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        last_share = np.where(last_x > 0, stats.beta.ppf(tail, last_x, first_x + 1), 0.0)
        first_share = np.where(first_x > 0, stats.beta.ppf(tail, first_x, last_x + 1), 0.0)
        scale = first_n / last_n
        return last_share / (1 - last_share) * scale, (1 - first_share) / first_share * scale


def exact_p_value(first_x: Floats, last_x: Floats, first_n: Floats, last_n: Floats) -> Floats:
    """Two-sided p-value of equal rates, given the sum of the counts (doubled smaller tail of the binomial).

    The tails are incomplete beta functions, so that counts need not be whole: those deflated by a design effect are
    tested as they stand, and p < α exactly where `conditional_ratio` leaves out 1 (Clopper & Pearson 1934).
    """
    chance = last_n / (first_n + last_n)
    with np.errstate(invalid="ignore"):
        lower = np.where(first_x > 0, special.betainc(first_x, last_x + 1, 1 - chance), 1.0)
        upper = np.where(last_x > 0, special.betainc(last_x, first_x + 1, chance), 1.0)
    return cast(Floats, np.clip(2 * np.minimum(lower, upper), 0.0, 1.0))


def benjamini_hochberg(p: Floats) -> Floats:
    """p-values adjusted for the false-discovery rate within one family (Benjamini & Hochberg 1995)."""
    order = np.argsort(p)[::-1]  # by hand: there are thousands of families, and scipy's takes a thousandth of a second
    out = np.empty_like(p)
    out[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1)), 1.0)
    return out
