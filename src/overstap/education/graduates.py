"""Graduates and destinations: from open files or the user's own tables, with what is not known as rows of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.education.matrix import Matrix, add
from overstap.education.rows import (
    bounds,
    check_field,
    fields_of_programmes,
    level_of,
    programme_code,
    read_rows,
    year_of,
)
from overstap.errors import InputError
from overstap.schema import table_spec
from overstap.schema.education import DESTINATION_OTHER

GRADUATES: dict[str, tuple[str, ...]] = {
    "programme": ("opleidingscode", "croho", "crebo"),
    "isced_f": (),
    "level": ("niveau",),
    "region": ("regio", "provincie"),
    "year": ("jaar",),
    "graduates_low": ("graduates", "gediplomeerden"),
    "graduates_high": (),
}
DESTINATIONS: dict[str, tuple[str, ...]] = {
    "isced_f": (),
    "level": ("niveau",),
    "year": ("jaar",),
    "destination": ("bestemming",),
    "persons": ("personen", "aantal"),
}
_BY = ("programme", "isced_f", "level", "region", "year")


def of_stocks(stocks: pa.Table) -> pa.Table:
    """The graduates of open files (`stocks.SCHEMA`) as `core_graduates`: summed over schools, forms and sexes.

    A programme that is known by name alone has a null code and keeps its field, where that is known.
    """
    sums: dict[tuple[Any, ...], list[float | None]] = {}
    for row in stocks.to_pylist():
        if row["kind"] == "graduates":
            total = sums.setdefault(tuple(row[name] for name in _BY), [0.0, 0.0])
            add(total, {"g_low": row["low"], "g_high": row["high"]}, "g")
    rows = [
        dict(zip(_BY, key, strict=True)) | {"graduates_low": low, "graduates_high": high}
        for key, (low, high) in sorted(sums.items(), key=lambda item: tuple(map(str, item[0])))
    ]
    return pa.Table.from_pylist(rows, schema=table_spec("core_graduates").schema)


def read_graduates(path: Path, programmes: Mapping[str, tuple[str | None, str | None]]) -> pa.Table:
    """The user's own table of graduates as `core_graduates`, also of years to come.

    Columns: programme, isced_f, level, region, year, graduates_low, graduates_high; where the latter is missing the
    first is the number itself, or a cell such as <5. Raises InputError with the line for a row that stands there twice,
    bounds that cross, or a row with neither programme nor field.
    """
    fields, rows = fields_of_programmes(), []
    seen: dict[tuple[Any, ...], str] = {}
    for row in read_rows(path, GRADUATES, ("level", "year", "graduates_low")):
        code = programme_code(row["programme"])
        field, level = programmes.get(code, (None, None))
        field = check_field(row["isced_f"], row.where) or field or fields.get(code)
        if not code and field is None:
            raise InputError(
                f"{row.where}: neither programme nor field.",
                fix="Give a programme code or an ISCED-F field; write programme unknown where neither is.",
            )
        low = bounds(row["graduates_low"], f"{row.where}, graduates_low")
        high = bounds(row["graduates_high"], f"{row.where}, graduates_high") if "graduates_high" in row.cells else low
        if low and high and low[0] > high[1]:
            raise InputError(f"{row.where}: at least {low[0]} and at most {high[1]} graduates.", fix="Swap them.")
        cell = {
            "programme": None if code.lower() in ("", "unknown", "onbekend") else code,
            "isced_f": field,
            "level": level or level_of(row["level"], code),
            "region": row["region"] or None,
            "year": year_of(row["year"], f"{row.where}, year", last=True),
            "graduates_low": low and float(low[0]),
            "graduates_high": high and float(high[1]),
        }
        key = tuple(cell[name] for name in _BY)
        if key in seen:
            raise InputError(
                f"{row.where}: the same programme, level, region and year as {seen[key]}.",
                why="Periods or parts of the table overlap; graduates would be counted double.",
                fix="Keep one row, or add the two.",
            )
        seen[key] = row.where
        rows.append(cell)
    return pa.Table.from_pylist(rows, schema=table_spec("core_graduates").schema)


def read_destinations(path: Path) -> dict[tuple[str, str, int], dict[str, tuple[int, int] | None]]:
    """Observed destinations: (field, level, year) → destination → persons as bounds, None where not known.

    A destination is an ISCO-08 group, `study`, `outside`, `unknown`, or a word of the user. Raises InputError for a row
    that stands there twice, or one without field or destination.
    """
    found: dict[tuple[str, str, int], dict[str, tuple[int, int] | None]] = {}
    for row in read_rows(path, DESTINATIONS, tuple(DESTINATIONS)):
        field, level = check_field(row["isced_f"], row.where), level_of(row["level"], "")
        if field is None or level is None:
            raise InputError(f"{row.where}: a field and a level are needed.", fix="See overstap education template.")
        key = field, level, year_of(row["year"], f"{row.where}, year", last=True)
        place = row["destination"] or "unknown"
        if place in found.setdefault(key, {}):
            raise InputError(f"{row.where}: destination '{place}' of {field}, {level} stands there twice.")
        found[key][place] = bounds(row["persons"], f"{row.where}, persons")
    return found


def destinations(
    graduates: pa.Table,
    matrix: Matrix,
    observed: Mapping[tuple[str, str, int], Mapping[str, tuple[int, int] | None]],
) -> pa.Table:
    """Where those who finish go (`out_education_destinations`): as observed in the years given, else as the matrix
    divides the graduates of the last year of their level.

    Of observed destinations, graduates that no row accounts for are `unknown`.
    """
    finished: dict[tuple[str, str, int], list[float | None]] = {}
    for row in graduates.to_pylist():
        key = row["isced_f"] or "unknown", row["level"] or "unknown", row["year"]
        add(finished.setdefault(key, [0.0, 0.0]), row, "graduates")
    last: dict[str, int] = {}
    for _, level, year in finished:
        last[level] = max(year, last.get(level, year))
    rows: list[dict[str, Any]] = []
    for key, places in sorted(observed.items()):
        rows += _rows(key, _of_observed(places, _finished(finished, key)), lambda _: "observed")
    for key, (low, high) in sorted(finished.items()):
        if key[2] == last[key[1]] and key not in observed:
            weights = matrix.of(*key[:2]) or {"unknown": 1.0}
            divided = {p: ((low or 0.0) * w, None if high is None else high * w) for p, w in weights.items()}
            rows += _rows(key, divided, partial(matrix.basis, key[0], key[1]))
    return pa.Table.from_pylist(rows, schema=table_spec("out_education_destinations").schema)


def _finished(
    finished: Mapping[tuple[str, str, int], list[float | None]], key: tuple[str, str, int]
) -> tuple[float, float | None] | None:
    """Graduates of a field (with the finer fields below it), level and year."""
    mine = [
        total
        for (field, level, year), total in finished.items()
        if (level, year) == key[1:] and field.startswith(key[0])
    ]
    if not mine:
        return None
    highs = [high for _, high in mine]
    return sum(low or 0.0 for low, _ in mine), None if None in highs else sum(h for h in highs if h is not None)


def _of_observed(
    places: Mapping[str, tuple[int, int] | None], whole: tuple[float, float | None] | None
) -> dict[str, tuple[float, float | None]]:
    found: dict[str, tuple[float, float | None]] = {}
    for place, count in places.items():
        found[place] = (0.0, None) if count is None else (float(count[0]), float(count[1]))
    if whole is not None:
        low = sum(at_least for at_least, _ in found.values())
        tops = [at_most for _, at_most in found.values()]
        most = None if None in tops else sum(t for t in tops if t is not None)
        known = found.get("unknown", (0.0, 0.0))
        rest_low = 0.0 if most is None else max(whole[0] - most, 0.0)
        rest_high = None if whole[1] is None else max(whole[1] - low, 0.0)
        if rest_high is None or rest_high > 0:
            top = None if rest_high is None or known[1] is None else known[1] + rest_high
            found["unknown"] = known[0] + rest_low, top
    return found


def _rows(
    key: tuple[str, str, int],
    places: Mapping[str, tuple[float, float | None]],
    basis: Callable[[str], str],
) -> list[dict[str, Any]]:
    rows = []
    for place, (low, high) in sorted(places.items(), key=lambda item: (item[0] in DESTINATION_OTHER, item[0])):
        others_low = sum(at_least for name, (at_least, _) in places.items() if name != place)
        tops = [at_most for name, (_, at_most) in places.items() if name != place]
        others = None if None in tops else sum(t for t in tops if t is not None)
        share = share_bounds((low, high), (others_low, others))
        rows.append(
            dict(zip(("isced_f", "level", "year"), key, strict=True))
            | {"destination": place, "persons_low": low, "persons_high": high, "basis": basis(place)}
            | {"share_low": share[0], "share_high": share[1]}
        )
    return rows


def share_bounds(
    part: tuple[float, float | None], others: tuple[float, float | None]
) -> tuple[float | None, float | None]:
    """Percent that a part may be of itself and the others, at least and at most; null where a most is not known."""
    low = None if others[1] is None or part[0] + others[1] <= 0 else 100 * part[0] / (part[0] + others[1])
    high = None if part[1] is None or part[1] + others[0] <= 0 else 100 * part[1] / (part[1] + others[0])
    return low, high
