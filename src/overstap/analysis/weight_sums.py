"""What the weights rest on, add up to and cost, per sector and quarter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.strata import kish
from overstap.analysis.weights import Part, Row, WeightSettings, weigh_parts, with_ones
from overstap.reference.totals import letters
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.schema.weights import KINDS, NOTES


@dataclass
class Tally:
    """What is known of a sector over a quarter or more. `masses` and `weights`: vacancies, whole or in part, and what
    each weighs; `found`: vacancies of feeds that count, with those spread over sectors."""

    vacancies: int = 0
    weighted: int = 0
    trimmed: int = 0
    found: float = 0.0
    spread: float = 0.0
    total: float | None = None
    masses: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    strata: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)

    def figures(self) -> dict[str, Any]:
        """The columns of `out_weights` that are measured."""
        mass, weight = np.array(self.masses), np.array(self.weights)
        some = bool(mass.sum() > 0)
        effect = max(1.0, kish(mass, weight)) if some else None  # equal weights round to just below 1
        return {
            "stratum": next(iter(self.strata)) if len(self.strata) == 1 else None,
            "vacancies_n": self.vacancies,
            "weighted_n": self.weighted,
            "spread_n": self.spread,
            "total_n": self.total,
            "weights_sum": float(mass @ weight) if some else None,
            "weight_mean": float(mass @ weight / mass.sum()) if some else None,
            "weight_max": float(weight.max()) if some else None,
            "trimmed_pct": 100 * self.trimmed / self.weighted if self.weighted else None,
            "design_effect": effect,
            "effective_n": float(mass.sum() / effect) if effect else None,
            "coverage_pct": 100 * self.found / self.total if self.total else None,
            "note": min(self.notes, key=NOTES.index, default=None),
        }


def measure_weights(counts: pa.Table, totals: pa.Table, settings: WeightSettings) -> pa.Table:
    """Rows of `out_weights` from `core_strata_counts` and `core_totals`: per kind each sector in each quarter, `all`
    sectors, `all` quarters, and those of agencies and of unknown sector by themselves."""
    whole = counts.filter(pc.equal(counts["source_id"], ALL)).to_pylist()
    employers = {(row["kind"], row["quarter"], row["sector"]): row["employers_n"] for row in whole}
    rows: list[Row] = []
    for kind in KINDS:
        sums: dict[tuple[str, str], Tally] = defaultdict(Tally)
        parts = weigh_parts(counts, totals, settings, kind)
        cells = with_ones(parts, settings.refused)
        for part, rows_of_part in zip(parts, cells, strict=True):
            _add_cells(sums, part, rows_of_part)
            _add_spread(sums, part)
            _add_totals(sums, part)
        if kind == "new":
            sums[ALL, ALL].notes |= _why_all_ones(parts, cells)
        for (quarter, sector), found in sorted(sums.items()):
            key = {"kind": kind, "quarter": quarter, "sector": sector}
            some = employers.get((kind, quarter, sector)) if found.vacancies else 0
            rows.append({**key, "employers_n": some, **found.figures()})
    return pa.Table.from_pylist(rows, schema=table_spec("out_weights").schema)


def _why_all_ones(parts: Sequence[Part], cells: Sequence[Sequence[Row]]) -> set[str]:
    """Why no vacancy has a weight, for most of them; empty where any has one."""
    if any(not np.isnan(part.weighed.weight).all() for part in parts):
        return set()
    why: Counter[str] = Counter()
    for part, rows in zip(parts, cells, strict=True):
        for cell, row in zip(part.cells, rows, strict=True):
            why[row["note"]] += cell["vacancies_n"]
    return {note for note, _ in why.most_common(1)}


def _add_cells(sums: dict[tuple[str, str], Tally], part: Part, cells: Sequence[Row]) -> None:
    """Every vacancy under its own sector (a code of the totals, where one holds it) and under all."""
    counted = set(part.counted)
    keys = {sector: _keys(part, _code_of(part, sector)) for sector in {cell["sector"] for cell in part.cells}}
    for i, (cell, row) in enumerate(zip(part.cells, cells, strict=True)):
        n, weight = cell["vacancies_n"], row["weight"]
        own = keys[cell["sector"]]
        for key in own:
            found = sums[key]
            found.vacancies += n
            found.found += n if i in counted else 0
            if weight is not None:
                found.weighted += n
                found.masses.append(n)
                found.weights.append(weight)
            found.trimmed += n if row["note"] == "trimmed" else 0
            if row["note"] and key == own[0]:
                found.notes.add(row["note"])


def _code_of(part: Part, sector: str) -> str:
    """The code of the totals that holds a sector; the sector itself where none does."""
    return next((code for code in part.weighed.codes if sector in letters(code)), sector)


def _keys(part: Part, sector: str) -> list[tuple[str, str]]:
    """Where a vacancy counts, its own sector and all by turns. Open vacancies of two quarters cannot be added up."""
    quarters = (part.quarter, ALL) if part.kind == "new" else (part.quarter,)
    return [(quarter, name) for quarter in quarters for name in (sector, ALL)]


def _add_spread(sums: dict[tuple[str, str], Tally], part: Part) -> None:
    """The part of agencies and unknown sectors that each sector gets."""
    w = part.weighed
    for c, i in enumerate(part.counted):
        if len(part.cells[i]["sector"]) == 1 or np.isnan(w.weight[c]):
            continue
        for s in np.flatnonzero(w.chance[c]):
            mass = float(part.cells[i]["vacancies_n"] * w.chance[c, s])
            for key in _keys(part, w.codes[s])[::2]:
                found = sums[key]
                found.spread += mass
                found.found += mass
                found.masses.append(mass)
                found.weights.append(float(w.part[c, s] / w.chance[c, s]))


def _add_totals(sums: dict[tuple[str, str], Tally], part: Part) -> None:
    for code, total in part.totals.items():
        for key in _keys(part, code):
            sums[key].total = (sums[key].total or 0.0) + total
        if not np.isnan(part.weighed.weight).all():
            name = part.weighed.name(code) or code
            sums[part.quarter, code].strata.add(name)
            if name != code:
                sums[part.quarter, code].notes.add("joined")
