"""Ratio and difference of the shares of two periods, with intervals and p-values over clusters of ads."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from overstap.analysis.covariance import correlation
from overstap.analysis.uncertainty import (
    Floats,
    Shares,
    Sums,
    conditional_ratio,
    design_effect,
    exact_p_value,
    log_ratio_error,
    normal_quantile,
    student_p_value,
    student_quantile,
)

_SMALL = 10  # effective count, in either period, below which exact bounds are taken in place of the normal ones
_LEAST = 1e-300  # a tail that has run out of digits still gives a finite z


@dataclass(frozen=True)
class Compared:
    """Two periods side by side: their sums, and what every interval of their ratio is made of, one a row.

    `deflate`: the larger design effect; `freedom`: degrees, of the period with fewest employers. NaN, as is all that
    follows from it, where a period has a single employer: its ads say nothing of others. `shared`: the correlation of
    both shares, from the employers that post in both periods.
    """

    first: Sums
    last: Sums
    deflate: Floats
    freedom: Floats
    shared: Floats

    @classmethod
    def of(cls, first: Sums, last: Sums, pairs: Floats | None = None) -> Compared:
        """From the sums of both periods, and those of employers that post in both (see `covariance`; None: no such)."""
        effects = design_effect(first), design_effect(last)
        shared = np.zeros_like(first.n) if pairs is None else correlation(first, last, pairs, effects)
        return cls(first, last, np.maximum(*effects), np.minimum(first.g, last.g) - 1, shared)

    def rows(self, at: NDArray[np.int64]) -> Compared:
        """Some of the rows."""
        columns = (values[at] for values in (self.deflate, self.freedom, self.shared))
        return Compared(_rows(self.first, at), _rows(self.last, at), *columns)

    @property
    def ratio(self) -> Floats:
        """Share in the last period over that in the first; infinite or NaN where none had the item at first."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((self.last.x / self.last.n) / (self.first.x / self.first.n))

    @property
    def small(self) -> NDArray[np.bool_]:
        """Few counts: exact bounds, on counts deflated by the design effect so that clusters still widen them.

        So too where every vacancy has the item: that period would have no error at all.
        """
        first, last = self.first, self.last
        with np.errstate(invalid="ignore"):
            few = np.minimum(first.x, last.x) / self.deflate < _SMALL
        return np.asarray(few | (first.x >= first.n) | (last.x >= last.n))

    def quantile(self, confidence: Floats | float) -> Floats:
        """Student's quantile: the fewer the employers, the less certain the error itself, as for shares."""
        if isinstance(confidence, float):
            return student_quantile(self.freedom, confidence)
        return np.where(self.freedom >= 1, stats.t.ppf(0.5 + confidence / 2, np.maximum(self.freedom, 1)), np.nan)

    def tail(self, confidence: Floats | float) -> Floats:
        """The chance beyond an exact bound: t in place of z, for the exact bounds leave out what lies beyond t."""
        return np.asarray(stats.norm.sf(self.quantile(confidence)))

    def ratio_bounds(self, confidence: Floats | float) -> tuple[Floats, Floats]:
        """Bounds of the ratio, at one confidence or one for each row."""
        with np.errstate(divide="ignore", invalid="ignore"):
            half = self.quantile(confidence) * log_ratio_error(self.first, self.last, self.shared)
            low, high = self.ratio * np.exp(-half), self.ratio * np.exp(half)
            exact_low, exact_high = conditional_ratio(*self._effective(), self.tail(confidence))
            small = self.small
            return np.where(small, exact_low, low), np.where(small, exact_high, high)

    def p_value(self) -> Floats:
        """Of no change."""
        with np.errstate(divide="ignore", invalid="ignore"):
            exact_z = stats.norm.isf(np.maximum(exact_p_value(*self._effective()) / 2, _LEAST))
            normal_z = np.log(self.ratio) / log_ratio_error(self.first, self.last, self.shared)
            return student_p_value(np.where(self.small, exact_z, normal_z), self.freedom)

    def log_ratio(self, confidence: float) -> tuple[Floats, Floats]:
        """Logarithm of the ratio and its standard error, both known where a count is nought: half a count is added to
        each effective one (Gart & Zweifel 1967). Few employers enlarge the error by t / z."""
        with np.errstate(divide="ignore", invalid="ignore"):
            value, variance = np.zeros_like(self.deflate), np.zeros_like(self.deflate)
            for sign, side in ((-1, self.first), (1, self.last)):
                x, n = side.x / self.deflate + 0.5, side.n / self.deflate + 0.5
                value += sign * np.log(x / n)
                variance += 1 / x - 1 / n
            return value, np.sqrt(variance) * self.quantile(confidence) / normal_quantile(confidence)

    def _effective(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.first.x / self.deflate, self.last.x / self.deflate, self.first.n, self.last.n


def difference(first: Shares, last: Shares, shared: Floats | float = 0.0) -> tuple[Floats, Floats, Floats]:
    """Last share less the first with bounds: the deviations of both shares' own bounds, squared and added, less twice
    their product times the correlation of both shares (Newcombe 1998, method 10 for two samples and for one sample
    twice, here on clustered intervals)."""
    by = last.share - first.share

    def both(one: Floats, other: Floats) -> Floats:
        return np.asarray(np.sqrt(np.maximum(one**2 + other**2 - 2 * shared * one * other, 0.0)))

    down = both(last.share - last.low, first.high - first.share)
    up = both(last.high - last.share, first.share - first.low)
    return by, by - down, by + up


def _rows(sums: Sums, at: NDArray[np.int64]) -> Sums:
    values = (getattr(sums, f.name) for f in fields(sums))
    return Sums(*(None if v is None else v[at] for v in values))  # type: ignore[arg-type]
