"""Respondents weighed to the sector and size of firms or jobs that they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.errors import InputError, nearest
from overstap.survey.rake import categories, design_effect, rake
from overstap.survey.scales import number_of
from overstap.survey.sheet import read_sheet

DIMENSIONS = ("sector", "size", "role")
_MEND = "Columns: sector,size,total, one row a cell; leave sector or size empty for a total over it."


@dataclass
class Weighed:
    """Respondents with their weights, and what is to be told of it: (measure, detail, value)."""

    respondents: pa.Table
    told: list[tuple[str, str, float | None]] = field(default_factory=list)


def read_margins(path: Path) -> dict[tuple[str, ...], dict[str, float]]:
    """Totals by the dimensions that a row names: {("sector", "size"): {"chemie\\t1-9": 120, …}, …}.

    Raises InputError for an unknown column, a total that is no number or negative, or a cell that stands twice.
    """
    sheet = read_sheet(path)
    names = [name.strip().lower() for name in sheet.header]
    if "total" not in names:
        raise InputError(f"{path.name} has no column 'total'; it has {', '.join(names)}.", fix=_MEND)
    if unknown := [name for name in names if name not in (*DIMENSIONS, "total", "source")]:
        raise InputError(
            f"{path.name}: '{unknown[0]}' is no margin. {nearest(unknown[0], DIMENSIONS)}".strip(), fix=_MEND
        )
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for line, cells in enumerate(sheet.rows, 2):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        total = number_of(row["total"])
        if total is None or total < 0:
            raise InputError(f"{path.name}, line {line}: '{row['total']}' is no total.", fix=_MEND)
        dims = tuple(name for name in DIMENSIONS if row.get(name) and row[name] != "all")
        if not dims:
            continue
        key = "\t".join(row[name] for name in dims)
        if key in found.setdefault(dims, {}):
            raise InputError(
                f"{path.name}, line {line}: {key.replace(chr(9), ', ')} stands twice.", fix="Keep one row."
            )
        found[dims][key] = total
    return found


def weigh(respondents: pa.Table, margins: dict[tuple[str, ...], dict[str, float]], trim: float) -> Weighed:
    """Weights with mean 1 of those who count, raked to the margins from the weights that they have. What the margins
    name and nobody answered from, and the other way round, is told; an own weight that is
    unknown counts as 1, which is told too."""
    rows: list[dict[str, Any]] = respondents.to_pylist()
    counted = [i for i, row in enumerate(rows) if row["is_counted"]]
    start = np.array([rows[i]["weight"] or 1.0 for i in counted], float)
    told: list[tuple[str, str, float | None]] = []
    if unknown_n := sum(rows[i]["weight"] is None for i in counted):
        told.append(("weight_unknown", "", float(unknown_n)))
    groups, targets = [], []
    for dims, totals in margins.items():
        values = [_key(rows[i], dims) for i in counted]
        at, target, unknown = categories(values, totals, start)
        groups.append(at)
        targets.append(target)
        label = " × ".join(dims)
        missing = [name for name in totals if name not in set(values)]
        share = sum(totals[name] for name in missing) / (sum(totals.values()) or 1.0)
        told.append(("margin_not_covered", label, 100 * share))
        told += [
            ("not_in_margins", f"{label}: {name.replace(chr(9), ', ') or '–'}", float(n)) for name, n in unknown.items()
        ]
    found = rake(groups, targets, start, trim) if groups else None
    weights = found.weights if found else start / (start.mean() if len(start) else 1.0)
    if found:
        told += [("trimmed", "", float(found.trimmed)), ("furthest_margin", "", 100 * found.furthest)]
    told.append(("design_effect", "", design_effect(weights) if len(weights) else None))
    column: list[float | None] = [None] * len(rows)
    for i, weight in zip(counted, weights, strict=True):
        column[i] = float(weight)
    at_ = respondents.schema.get_field_index("weight")
    return Weighed(respondents.set_column(at_, respondents.schema.field(at_), pa.array(column, pa.float64())), told)


def _key(row: dict[str, Any], dims: tuple[str, ...]) -> str | None:
    values = [row[name] for name in dims]
    return None if None in values else "\t".join(values)
