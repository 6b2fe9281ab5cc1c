"""Weights of cells and sectors over all quarters, as tables: what each vacancy weighs, and what the weights rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.strata import Quarter, Weighed, weigh
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.schema.weights import KINDS

Row = dict[str, Any]


@dataclass(frozen=True)
class WeightSettings:
    """`refused`: sources without weights, with the note that says why (`search_terms`, `not_counted`); for the rest see
    `overstap.study.Weights`."""

    min_n: int = 30
    trim: float = 5.0
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One kind and quarter: its cells, of which `counted` (indices) may have a weight, their weights, the totals."""

    kind: str
    quarter: str
    cells: Sequence[Row]
    counted: Sequence[int]
    weighed: Weighed
    totals: Mapping[str, float]

    def cell_rows(self, refused: Mapping[str, str]) -> Iterator[Row]:
        """Rows of `core_strata_weights`; the weight is null where the cell has none."""
        place = {i: c for c, i in enumerate(self.counted)}
        nothing = bool(np.isnan(self.weighed.weight).all())
        names = {sector: self.weighed.name(sector) for sector in {cell["sector"] for cell in self.cells}}
        for i, cell in enumerate(self.cells):
            row = {name: cell[name] for name in ("kind", "quarter", "source_id", "sector", "isco2")}
            if i not in place:
                yield {**row, "stratum": None, "weight": None, "note": refused[cell["source_id"]]}
                continue
            weight = float(self.weighed.weight[place[i]])
            known = None if np.isnan(weight) else weight
            stratum = names[cell["sector"]] if known is not None else None
            yield {**row, "stratum": stratum, "weight": known, "note": self._note(place[i], stratum, nothing)}

    def _note(self, c: int, stratum: str | None, nothing: bool) -> str | None:
        """Why a cell has no weight, `nothing` where no cell has; or what is special about its weight."""
        if np.isnan(self.weighed.weight[c]):
            return "no_totals" if not self.totals else "thin" if nothing else "no_total"
        if self.weighed.trimmed[c]:
            return "trimmed"
        return "joined" if stratum and stratum not in self.totals else None


def weigh_parts(counts: pa.Table, totals: pa.Table, settings: WeightSettings, kind: str) -> list[Part]:
    """The weights of each quarter with vacancies, from `core_strata_counts` and `core_totals`, whatever their order."""
    cells: dict[str, list[Row]] = defaultdict(list)
    of_kind = pc.and_(pc.equal(counts["kind"], kind), pc.not_equal(counts["source_id"], ALL))
    order = [(name, "ascending") for name in ("source_id", "sector", "isco2")]
    for row in counts.filter(of_kind).sort_by(order).to_pylist():
        cells[row["quarter"]].append(row)
    official: dict[str, dict[str, float]] = defaultdict(dict)
    for row in totals.to_pylist():
        if row[f"{kind}_n"] is not None:
            official[row["quarter"]][row["sector"]] = row[f"{kind}_n"]
    made = []
    for quarter, found in sorted(cells.items()):
        counted = [i for i, row in enumerate(found) if row["source_id"] not in settings.refused]
        some = [found[i] for i in counted]
        n = np.array([row["vacancies_n"] for row in some], dtype=np.float64)
        known = Quarter([row["sector"] for row in some], [row["isco2"] for row in some], n, official[quarter])
        weighed = weigh(known, settings.min_n, settings.trim)
        made.append(Part(kind, quarter, found, counted, weighed, official[quarter]))
    return made


def weigh_cells(counts: pa.Table, totals: pa.Table, settings: WeightSettings) -> pa.Table:
    """Rows of `core_strata_weights`.

    Where no vacancy of a kind can have a weight, every one has weight 1; else a vacancy without one has null. The note
    says why.
    """
    made = [with_ones(weigh_parts(counts, totals, settings, kind), settings.refused) for kind in KINDS]
    rows = [row for kind in made for part in kind for row in part]
    return pa.Table.from_pylist(rows, schema=table_spec("core_strata_weights").schema)


def with_ones(parts: Sequence[Part], refused: Mapping[str, str]) -> list[list[Row]]:
    """The rows of the cells of each part, all of weight 1 where none has a weight."""
    rows = [list(part.cell_rows(refused)) for part in parts]
    if any(row["weight"] is not None for part in rows for row in part):
        return rows
    return [[{**row, "weight": 1.0} for row in part] for part in rows]
