"""From programmes to occupations: a matrix that divides who finishes over ISCO-08 groups, study, and elsewhere.

A row is a field of ISCED-F 2013, a level, and a place to go, with its weight; the weights of a field and level add to
1, with an explicit part `outside` that works elsewhere or is not known. The longest field that begins a programme's
own counts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from overstap.education.rows import LEVELS, check_field, read_rows
from overstap.errors import InputError, nearest
from overstap.moves.facts import allocated_units
from overstap.reference.tables import load
from overstap.schema.education import DESTINATION_OTHER

Bounds = tuple[float, float | None]
"""A number of persons at least and at most; None where no most is known."""

_COLUMNS: dict[str, tuple[str, ...]] = {"isced_f": (), "level": (), "isco08": ("isco",), "weight": (), "source": ()}
_ASSUMED = ("assumption", "assumed", "aanname", "aangenomen", "unknown", "onbekend")
"""How a source begins that is none; a row without source is assumed too."""
_ELSEWHERE = ("study", "outside")
_OFF = 1e-3  # how far weights may be from 1: they are written with four decimals


@dataclass(frozen=True)
class Matrix:
    """`weights`: (field, level) → place to go → weight; `published`: those of them that rest on a published figure, all
    others being assumed."""

    weights: Mapping[tuple[str, str], Mapping[str, float]]
    published: frozenset[tuple[str, str, str]] = frozenset()

    def of(self, field: str | None, level: str | None) -> Mapping[str, float] | None:
        """Weights of a field and level, or None where either is unknown or has no row."""
        row = self._row(field, level)
        return None if row is None else self.weights[row]

    def basis(self, field: str | None, level: str | None, place: str) -> str:
        """How it is known that those of a field and level go to a place: `published` or `matrix` (assumed)."""
        row = self._row(field, level)
        return "published" if row is not None and (*row, place) in self.published else "matrix"

    def _row(self, field: str | None, level: str | None) -> tuple[str, str] | None:
        rows = ((str(field)[:end], str(level)) for end in range(len(field or ""), 1, -1))
        return next((row for row in rows if row in self.weights), None)


def load_matrix(path: Path | None = None) -> Matrix:
    """The bundled matrix, or the user's own (isced_f, level, isco08, weight, source).

    Raises InputError, with the line, for an unknown field, level or ISCO-08 group, a weight outside 0–1, a row that
    stands there twice, or weights of a field and level that do not add to 1.
    """
    if path is None:
        rows = [
            (f"line {i}", str(r["isced_f"]), str(r["level"]), str(r["isco08"]), float(r["weight"]), str(r["source"]))
            for i, r in enumerate(load("programme_occupation").to_pylist(), start=2)
        ]
    else:
        rows = list(_own(path))
    weights: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    published = set()
    for where, field, level, place, weight, source in rows:
        if place in weights[field, level]:
            raise InputError(f"{where}: {place} of {field}, {level} stands there twice.", fix="Keep one of the rows.")
        weights[field, level][place] = weight
        if source and not source.lower().startswith(_ASSUMED):
            published.add((field, level, place))
    for (field, level), given in weights.items():
        total = math.fsum(given.values())
        if abs(total - 1) > _OFF:
            raise InputError(
                f"{path.name if path else 'The matrix'}: weights of field {field}, level {level} add to {total:.4f}.",
                fix="Let them add to 1; put what works elsewhere or is not known in a row 'outside'.",
            )
    return Matrix(
        {key: {place: w / math.fsum(given.values()) for place, w in given.items()} for key, given in weights.items()},
        frozenset(published),
    )


def _own(path: Path) -> Iterable[tuple[str, str, str, str, float, str]]:
    isco = set(load("isco08")["code"].to_pylist())
    for row in read_rows(path, _COLUMNS, ("isced_f", "level", "isco08", "weight")):
        field = check_field(row["isced_f"], row.where)
        if field is None:
            raise InputError(f"{row.where}: no field of ISCED-F.", fix="Give two to four digits, 0531.")
        if row["level"] not in LEVELS:
            raise InputError(
                f"{row.where}: '{row['level']}' is no level.",
                why=nearest(row["level"], LEVELS),
                fix=f"Levels: {', '.join(LEVELS)}.",
            )
        place = row["isco08"]
        if place not in isco and place not in _ELSEWHERE:
            raise InputError(
                f"{row.where}: '{place}' is no group of ISCO-08.",
                why=nearest(place, isco),
                fix="Give one to four digits, or study, or outside.",
            )
        try:
            weight = float(row["weight"])
        except ValueError:
            weight = math.nan
        if not 0 <= weight <= 1:
            raise InputError(
                f"{row.where}: weight '{row['weight']}' is not from 0 to 1.", fix="Write 0.25 for a quarter."
            )
        yield row.where, field, row["level"], place, weight, row["source"]


def inflow(graduates: pa.Table, matrix: Matrix) -> pa.Table:
    """Graduates (`core_graduates`) by where their programme leads: isco08, region, year, inflow_low, inflow_high.

    Regions `all` and each that is known. Graduates without field, level or row of the matrix go to `unknown`; a number
    that is not known leaves `inflow_high` null, as there is no most. A graduate counts once: the rows of a region and
    year add to its graduates.
    """
    sums: dict[tuple[str, str, int], list[float | None]] = {}
    for row in graduates.to_pylist():
        places = matrix.of(row["isced_f"], row["level"]) or {"unknown": 1.0}
        for place, weight in places.items():
            for region in {"all", row["region"] or "unknown"}:
                add(sums.setdefault((place, region, row["year"]), [0.0, 0.0]), row, "graduates", weight)
    rows = [
        {"isco08": place, "region": region, "year": year, "inflow_low": low, "inflow_high": high}
        for (place, region, year), (low, high) in sorted(sums.items())
    ]
    types = [pa.string(), pa.string(), pa.int64(), pa.float64(), pa.float64()]
    names = ("isco08", "region", "year", "inflow_low", "inflow_high")
    return pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))


def add(total: list[float | None], row: Mapping[str, Any], name: str, weight: float = 1.0) -> None:
    """Add the bounds `<name>_low` and `<name>_high` of a row to [low, high]; an unknown number leaves no most."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    total[0] = (total[0] or 0.0) + weight * (low or 0.0)
    total[1] = None if total[1] is None or high is None else total[1] + weight * high


def inflow_by(entering: pa.Table, level: Literal["isco", "brc", "isco2"]) -> pa.Table:
    """Inflow (as of `inflow`) by ISCO-08 unit groups, BRC 2014 groups, or two-digit ISCO-08 groups: code, region, year,
    inflow_low, inflow_high.

    A coarser group is divided over its unit groups by their jobs (allocated, `moves.facts.allocated_units`). Places
    that are no occupation are left out.
    """
    units = allocated_units()
    code_of = dict(zip(units.codes, units.brc, strict=True)) if level == "brc" else {}
    sums: dict[tuple[str, str, int], list[float | None]] = {}
    for row in entering.to_pylist():
        if row["isco08"] in DESTINATION_OTHER:
            continue
        for unit, share in shares_of_units(row["isco08"]).items():
            code = code_of[unit] if level == "brc" else unit[:2] if level == "isco2" else unit
            total = sums.setdefault((code, row["region"], row["year"]), [0.0, 0.0])
            add(total, row, "inflow", share)
    names = ("code", "region", "year", "inflow_low", "inflow_high")
    types = [pa.string(), pa.string(), pa.int64(), pa.float64(), pa.float64()]
    rows = [dict(zip(names, (*key, *total), strict=True)) for key, total in sorted(sums.items())]
    return pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))


@cache
def shares_of_units(group: str) -> Mapping[str, float]:
    """The unit groups of an ISCO-08 group, each with its part of the group's jobs (`moves.facts.allocated_units`)."""
    units = allocated_units()
    mine = {code: float(jobs) for code, jobs in zip(units.codes, units.jobs, strict=True) if code.startswith(group)}
    whole = sum(mine.values())
    return {code: jobs / whole for code, jobs in mine.items()}
