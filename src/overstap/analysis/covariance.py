"""Employers that post in both of two periods: what makes a difference of shares surer than two shares apart.

An employer who asks a skill tends to ask it again. With x of n vacancies, p = x / n and the employers e of either
period, the linearised covariance of both shares is G/(G−1) · Σ (x₁ₑ − p₁n₁ₑ)(x₂ₑ − p₂n₂ₑ) / (n₁n₂), to which only those
of both add; the variance of the difference is then the sum of both variances less twice this (Wolter, *Introduction to
Variance Estimation*, 2007, ch. 6, for a difference of two ratios). Sums over employers suffice for it.
"""

from __future__ import annotations

import numpy as np

from overstap.analysis.uncertainty import Floats, Sums

_MOST = 0.95  # beyond it a difference would have next to no error


def covariance(first: Sums, last: Sums, pairs: Floats) -> Floats:
    """Covariance of the shares of two periods; `pairs` [4, row]: over employers Σ x₁x₂, Σ x₁n₂, Σ n₁x₂ and Σ n₁n₂.

    G is taken as the larger number of employers of one period: G/(G−1) hardly differs.
    """
    xx, xn, nx, nn = pairs
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q, g = first.x / first.n, last.x / last.n, np.maximum(first.g, last.g)
        products = xx - q * xn - p * nx + p * q * nn
        return np.asarray(np.where(g >= 2, g / (g - 1) * products / (first.n * last.n), 0.0))


def correlation(first: Sums, last: Sums, pairs: Floats, effects: tuple[Floats, Floats]) -> Floats:
    """Correlation of the shares of two periods, at most _MOST, 0 where unknown; `effects`: their design effects."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = [
            effect * (side.x / side.n) * (1 - side.x / side.n) / side.size
            for side, effect in zip((first, last), effects, strict=True)
        ]
        found = covariance(first, last, pairs) / np.sqrt(variance[0] * variance[1])
    return np.clip(np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0), -1.0, _MOST)
