"""The tables of a study that published statements are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.codes import Codes
from overstap.analysis.cross import cells_of, cross, has, sum_items
from overstap.analysis.uncertainty import (
    Sums,
)
from overstap.reference.tables import load
from overstap.schema.out import ALL, CELL_NAMES

_RECENT = ("2015", "2016", "2017")  # the years of the published rankings
_ENDS = ("first_period", "last_period")
_MEASURES = ("x", "n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
Row = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The tables of one study that statements are held against.

    `demand`, `change`, `drift`: `out_` tables; `codes`: the coded vacancies, for shares over some of the years;
    `least`: vacancies below which a cell says nothing.
    """

    demand: pa.Table
    change: pa.Table
    drift: pa.Table
    codes: Codes
    confidence: float
    least: int

    @cached_property
    def shares(self) -> Mapping[tuple[str, ...], Row]:
        """Rows of `out_demand` by period, topsector and item."""
        return _by(self.demand, "period", "topsector", "item_kind", "item_id")

    @cached_property
    def changes(self) -> Mapping[tuple[str, ...], Row]:
        """Rows of `out_change` by topsector and item."""
        return _by(self.change, "topsector", "item_kind", "item_id")

    @cached_property
    def groups(self) -> Mapping[tuple[str, ...], Row]:
        """Sums of the function groups by topsector, of vacancies whose occupation is known."""
        table = cross(self.codes, "function_group", ("topsector",), known=True)
        return {(str(r["topsector"]), str(r["item_id"])): r for r in table.to_pylist()}

    @cached_property
    def recent_years(self) -> list[str]:
        """The years of the published rankings that have ads, or all years where none has."""
        known = sorted(self.codes.levels("year"))
        return [year for year in known if year in _RECENT] or known

    @cached_property
    def compared_years(self) -> list[str]:
        """The two years that `change` compares; none where it has no rows."""
        return [str(year) for name in _ENDS for year in self.change[name][:1].to_pylist()]

    def titles(self, names: Sequence[str], year: str) -> Sums:
        """Sums of the vacancies of a year that bear one of these titles: one row."""
        title, years = self.codes.column("title"), self.codes.column("year")
        kept = years.codes == years.levels.index(year)
        asked = np.logical_or.reduce([has(title, title.levels.index(name)) for name in names])
        n, x = (np.bincount(self.codes.employers, part) for part in (kept, kept & asked))
        totals = (x.sum(), n.sum(), (n > 0).sum(), (x * x).sum(), (x * n).sum(), (n * n).sum())
        return Sums(*(np.array([total], dtype=np.float64) for total in totals))

    def recent(self, topsector: str) -> tuple[list[str], Sums]:
        """Categories asked in a topsector (or all) in `recent_years`, with their sums; none where it does not occur."""
        year, tops = self.codes.column("year"), self.codes.column("topsector")
        kept = np.isin(year.codes, [year.levels.index(name) for name in self.recent_years])
        if topsector != ALL:
            code = tops.levels.index(topsector) if topsector in tops.levels else -2
            kept &= has(tops, code)
        found = sum_items(self.codes, cells_of(self.codes, [], kept), "category")
        names = [self.codes.levels("category")[i] for i in found.items]
        return names, Sums(*(found.measures[name] for name in _MEASURES))


def rows_needed() -> pc.Expression:
    """Which rows of `out_demand` and `out_change` the statements are held against: a few thousand of millions. Of items
    by the thousand, those that they name; of categories and groups all, as these are ranked."""
    named = {name for s in load("study_statements").to_pylist() for name in (s["item_id"] or "").split("/")}
    cell = reduce(and_, (pc.field(name) == ALL for name in CELL_NAMES if name != "topsector"))
    return cell & (~pc.field("item_kind").isin(["skill", "title"]) | pc.field("item_id").isin(sorted(named)))


def _by(table: pa.Table, *names: str) -> dict[tuple[str, ...], Row]:
    """Rows by their key; what no statement asks for is left out."""
    rows = table.filter(rows_needed()).to_pylist()
    return {tuple(row[name] for name in names): row for row in rows}
