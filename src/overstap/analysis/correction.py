"""Shares and changes corrected for coding errors, with intervals that hold both the sample of ads and the audit's.

What is coded is corrected by how often an audit found what is asked, and how often it found what is not (Rogan & Gladen
1978; see `overstap.audit.rates`): one method for shares and for changes, so that they agree. The two rates belong to
the coding, not to how often an item is asked, so that those of one audit serve every period and cell: the rates of the
function group where enough was read there, otherwise those of all. Single skills are not corrected: what is found
wrongly differs too much between them for the rates of a category to serve each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.uncertainty import Floats, Shares
from overstap.schema.out import ALL

KINDS = ("category", "category_group", "function_group")  # kinds of items that are corrected
LEAST = 30  # read ads that ask an item, below which the rates of all serve those of a function group
LEAST_OF_ALL = 10  # and below which, over all, nothing is corrected
_RATES = tuple(f"{rate}_{part}" for rate in ("recall", "false") for part in ("pct", "low", "high"))
_UNKNOWN = (float("nan"),) * len(_RATES)


class Bounded(NamedTuple):
    """Estimates with their bounds, one a row."""

    value: Floats
    low: Floats
    high: Floats


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


@dataclass(frozen=True)
class Corrections:
    """How the coding errs by item kind, item and function group: how many read ads ask the item, and its rates."""

    rates: Mapping[tuple[str, str, str], tuple[int, tuple[float, ...]]]

    @classmethod
    def none(cls) -> Corrections:
        """No audit: nothing is corrected."""
        return cls({})

    @classmethod
    def of_audit(cls, audit: pa.Table) -> Corrections:
        """From `out_audit`: the rates over all periods."""
        return cls(
            {
                (row["item_kind"], row["item_id"], row["function_group"]): (
                    row["asked_n"],
                    tuple(row[name] / 100 for name in _RATES),
                )
                for row in audit.to_pylist()
                if row["period"] == ALL and row["item_kind"] in KINDS and None not in [row[name] for name in _RATES]
            }
        )

    def share(self, cells: pa.RecordBatch | pa.Table, shares: Shares) -> Bounded:
        """The corrected shares of rows that name item and function group; NaN where they are not corrected."""
        return self._where_known(cells, [shares], lambda rates, share: true_share(share, rates), 1)[0]

    def change(self, cells: pa.RecordBatch | pa.Table, first: Shares, last: Shares) -> Change:
        """The corrected changes of rows that name item and function group; NaN where they are not corrected."""

        def change(rates: Rates, one: Shares, other: Shares) -> tuple[Floats, ...]:
            found = true_change(one, other, rates)
            return (*found.ratio, *found.difference)

        return Change(*self._where_known(cells, [first, last], change, 2))

    def _where_known(
        self,
        cells: pa.RecordBatch | pa.Table,
        sides: list[Shares],
        function: Callable[..., tuple[Floats, ...]],
        n: int,
    ) -> list[Bounded]:
        """`function` of rates and shares on the rows with rates and bounds; `n` results of three columns each."""
        out = np.full((3 * n, cells.num_rows), np.nan)
        if self.rates:
            rates = np.full((cells.num_rows, len(_RATES)), np.nan)
            rows = np.flatnonzero(pc.is_in(cells.column("item_kind").cast(pa.string()), pa.array(KINDS)))
            names = ("item_kind", "item_id", "function_group")
            keys = zip(*(cells.column(name).take(pa.array(rows)).to_pylist() for name in names), strict=True)
            known: dict[tuple[str, ...], tuple[float, ...]] = {}
            found = [known[key] if key in known else known.setdefault(key, self.of(*key)) for key in keys]
            rates[rows] = np.array(found, dtype=np.float64).reshape(-1, len(_RATES))
            at = np.flatnonzero(np.isfinite(rates[:, 0]) & np.all([np.isfinite(s.low) for s in sides], axis=0))
            of_row = [Bounded(*rates[at, k : k + 3].T) for k in (0, 3)]
            taken = [Shares(*(v[at] for v in (s.share, s.low, s.high, s.design_effect))) for s in sides]
            out[:, at] = function(Rates(*of_row), *taken)
        return [Bounded(*out[3 * k : 3 * k + 3]) for k in range(n)]

    def of(self, kind: str, item: str, group: str) -> tuple[float, ...]:
        """Rates of an item within a function group, each with its bounds: found, then false; NaN where none is known.

        Those of the group where enough was read of it. An item that is the group itself is coded in all of it.
        """
        whole_n, whole = self.rates.get((kind, item, ALL), (0, _UNKNOWN))
        n, rates = self.rates.get((kind, item, group if kind != "function_group" else ALL), (0, _UNKNOWN))
        if n >= LEAST:
            return rates
        return whole if whole_n >= LEAST_OF_ALL else _UNKNOWN


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
