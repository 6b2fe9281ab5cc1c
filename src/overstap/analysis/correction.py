"""Shares corrected for coding errors, with an interval that holds both the sample of ads and that of the audit.

A share is multiplied by the audit's correction of its item (see `overstap.audit.rates`), of the finest domain with
enough codings read: function group and year, function group, year, or all. A skill takes the correction of its
category. The interval joins the two by the method of variance estimates recovery on the scale of logarithms (Zou &
Donner 2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats, Shares
from overstap.schema.out import ALL

LEAST = 30  # codings read, below which a coarser domain is taken
LEAST_OF_ALL = 10  # codings read over all domains, below which nothing is corrected
Factor = tuple[float, float, float]  # correction, lower and upper bound
_UNKNOWN: Factor = (float("nan"), float("nan"), float("nan"))


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
