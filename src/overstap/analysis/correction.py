"""Shares corrected for coding errors, with an interval that holds both the sample of ads and that of the audit.

A share is multiplied by the audit's correction of its item (see `overstap.audit.rates`), of the finest domain with
enough codings read: function group and year, function group, year, or all. A skill takes the correction of its
category. The interval joins the two by the method of variance estimates recovery on the scale of logarithms (Zou &
Donner 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats, Shares
from overstap.schema.out import ALL

LEAST = 30  # codings read, below which a coarser domain is taken
LEAST_OF_ALL = 10  # codings read over all domains, below which nothing is corrected
Factor = tuple[float, float, float]  # correction, lower and upper bound
_UNKNOWN: Factor = (float("nan"), float("nan"), float("nan"))


class Bounded(NamedTuple):
    """Estimates with their bounds, one a row."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Corrections:
    """Corrections by item kind, item, function group and period; `category`: the category of each skill."""

    factors: Mapping[tuple[str, str, str, str], tuple[int, Factor]]
    category: Mapping[str, str]

    @classmethod
    def none(cls) -> Corrections:
        """No audit: every correction is unknown."""
        return cls({}, {})

    @classmethod
    def of_audit(cls, audit: pa.Table, skills: pa.Table) -> Corrections:
        """From `out_audit` and `core_skills`."""
        factors = {
            (row["item_kind"], row["item_id"], row["function_group"], row["period"]): (
                row["coded_n"],
                (row["correction"], row["correction_low"], row["correction_high"]),
            )
            for row in audit.to_pylist()
            if row["correction"] is not None
        }
        ids, categories = skills["skill_id"].to_pylist(), skills["category"].to_pylist()
        return cls(factors, dict(zip(ids, categories, strict=True)))

    def of(self, batch: pa.RecordBatch, shares: Shares) -> Shares:
        """The corrected shares of rows of `core_demand_sums`; NaN where there is no correction."""
        if not self.factors:
            unknown = np.full(len(shares.share), np.nan)
            return Shares(unknown, unknown, unknown, shares.design_effect)
        names = ("item_kind", "item_id", "function_group", "period")
        keys = zip(*(batch.column(name).to_pylist() for name in names), strict=True)
        known: dict[tuple[str, ...], Factor] = {}
        found = [known[key] if key in known else known.setdefault(key, self.factor(*key)) for key in keys]
        factor, low, high = np.array(found, dtype=np.float64).reshape(-1, 3).T
        return corrected(shares, factor, low, high)

    def factor(self, kind: str, item: str, group: str, period: str) -> Factor:
        """The correction of an item in a cell, from the finest domain with enough codings; NaN where there is none."""
        if kind == "skill":
            item = self.category.get(item, "")
        whole = self.factors.get((kind, item, ALL, ALL))
        if whole is None or whole[0] < LEAST_OF_ALL:
            return _UNKNOWN
        # An item that is the group itself: within the group all are coded with it.
        group = ALL if kind == "function_group" else group
        for domain in ((group, period), (group, ALL), (ALL, period)):
            n, factor = self.factors.get((kind, item, *domain), (0, _UNKNOWN))
            if n >= LEAST:
                return factor
        return whole[1]


def corrected(shares: Shares, factor: Floats, low: Floats, high: Floats) -> Shares:
    """Shares times their corrections, bounds joined on the scale of logarithms; at most 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = shares.share * factor
        down = np.hypot(np.log(shares.share / shares.low), np.log(factor / low))
        up = np.hypot(np.log(shares.high / shares.share), np.log(high / factor))
        lower, upper = share * np.exp(-down), share * np.exp(up)
    # Of nought the logarithm is unbounded: what was not seen is bounded by what may have been.
    none = np.isfinite(factor) & ((shares.share == 0) | (factor == 0))
    lower, upper = np.where(none, 0.0, lower), np.where(none, shares.high * high, upper)
    return Shares(np.minimum(share, 1.0), np.minimum(lower, 1.0), np.minimum(upper, 1.0), shares.design_effect)


@dataclass(frozen=True)
class Rates:
    """How the coding of an item errs, as fractions with their bounds; NaN where an audit does not tell."""

    found: Bounded  # of the vacancies that ask it, those coded with it (sensitivity)
    false: Bounded  # of those that do not ask it, those coded with it all the same (1 − specificity)


@dataclass(frozen=True)
class Change:
    """Corrected change between two periods: the ratio of the shares, last to first, and their difference (fraction)."""

    ratio: Bounded
    difference: Bounded


def true_share(shares: Shares, rates: Rates) -> Bounded:
    """The share that is asked, given the share that is coded: (p − false) / (found − false), within 0–1.

    Rogan & Gladen 1978. Right also where the share is not that of the audit, as long as the rates hold; bounds as in
    `true_change`. NaN where the coding finds no more than it errs.
    """

    def share(p: Floats, found: Floats, false: Floats) -> Floats:
        return np.where(found > false, (p - false) / (found - false), np.nan)

    bounds = _square_and_add(share, Bounded(shares.share, shares.low, shares.high), rates.found, rates.false)
    return Bounded(*(np.clip(v, 0.0, 1.0) for v in (bounds.value, bounds.low, bounds.high)))


def true_change(first: Shares, last: Shares, rates: Rates) -> Change:
    """Change of what is asked between two periods coded with the same errors.

    The rates are those of one audit, so their error is shared: in the ratio (p₂ − false) / (p₁ − false) `found` drops
    out, in the difference (p₂ − p₁) / (found − false) both scale the two periods alike. False codings pull the ratio of
    coded shares to 1, missed ones the difference to 0. Bounds: each of the measured quantities is put at its own
    bounds in turn and the deviations are squared and added (Newcombe 1998; Zou & Donner 2008), for the ratio on the
    scale of logarithms; the two periods and the audit count as independent. NaN where a coded share is not above the
    false ones: then nothing is known of its change. A bound is 0 or infinite where one end of an interval reaches that.

    Holds where the rates are the same in both periods: that the wording of ads drifts is not corrected.
    """

    def ratio(p1: Floats, p2: Floats, false: Floats) -> Floats:
        # Infinite where one of the two is no more than the false codings, NaN where both are.
        return np.log(np.maximum(p2 - false, 0.0)) - np.log(np.maximum(p1 - false, 0.0))

    def difference(p1: Floats, p2: Floats, found: Floats, false: Floats) -> Floats:
        return np.where(found > false, (p2 - p1) / (found - false), np.sign(p2 - p1) * np.inf)

    shares = tuple(Bounded(s.share, s.low, s.high) for s in (first, last))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = _square_and_add(ratio, *shares, rates.false)
        by = _square_and_add(difference, *shares, rates.found, rates.false)
        known = (first.share > rates.false.value) & (last.share > rates.false.value)
        ratios = Bounded(*(np.where(known, np.exp(v), np.nan) for v in (logs.value, logs.low, logs.high)))
    known = rates.found.value > rates.false.value
    limited = (np.where(known, np.clip(v, -1.0, 1.0), np.nan) for v in (by.value, by.low, by.high))
    return Change(ratios, Bounded(*limited))


def _square_and_add(function: Callable[..., Floats], *measured: Bounded) -> Bounded:
    """A function of independent measured quantities with its bounds: the deviations that each of them causes at its own
    bounds, squared and added."""
    values = [m.value for m in measured]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        point = function(*values)
        down, up = np.zeros_like(point), np.zeros_like(point)
        for i, quantity in enumerate(measured):
            ends = [function(*values[:i], end, *values[i + 1 :]) for end in (quantity.low, quantity.high)]
            # Where the function has no value at an end, nothing bounds it.
            unbounded = np.where(np.isnan(ends).any(axis=0), np.inf, 0.0)
            down = np.hypot(down, np.fmax(point - np.minimum(*ends), unbounded))
            up = np.hypot(up, np.fmax(np.maximum(*ends) - point, unbounded))
        return Bounded(point, point - down, point + up)
