"""Tables of Eurostat as it gives them out: TSV (bulk download) and CSV (SDMX 2.0), one indicator by country and year.

ICT specialists are in `isoc_sks_itspt`, digital skills in `isoc_sk_dskl_i21`. A table holds several indicators: `where`
picks one value of each dimension that has more than one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import InputError, nearest

_GEO, _TIME = "geo", "TIME_PERIOD"
_NO_DIMENSION = {
    "DATAFLOW",
    "STRUCTURE",
    "STRUCTURE_ID",
    "LAST UPDATE",
    "OBS_VALUE",
    "OBS_FLAG",
    "CONF_STATUS",
    _GEO,
    _TIME,
}
_CELL = re.compile(r"^\s*(?P<value>:|-?\d+(?:\.\d+)?)\s*(?P<flag>[a-z]*)\s*$")


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator: values by country (Eurostat's codes) and year; flags such as b, a break in the series."""

    name: str
    unit: str
    values: Mapping[tuple[str, int], float]
    flags: Mapping[tuple[str, int], str]
    source: str


def read_eurostat(path: Path, name: str, where: Mapping[str, str] | None = None) -> Series:
    """The indicator `name` of a file of Eurostat, TSV or CSV.

    Raises `InputError` for a file of another form, a dimension or value that it does not have, several values of a
    dimension that `where` leaves open, a country and year given twice, and a cell that is no number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.", fix="Download the table from Eurostat's data browser.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder.", fix="Name one table of Eurostat in it, TSV or SDMX-CSV.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: {error}.", fix="Save it as UTF-8 text.") from error
    rows = list(_tsv(path, text) if "\t" in text.partition("\n")[0] else _csv(path, text))
    kept = _picked(path, rows, where or {})
    values: dict[tuple[str, int], float] = {}
    flags: dict[tuple[str, int], str] = {}
    for row in kept:
        place = row.country, row.year
        if place in values:
            raise InputError(f"{path.name} gives {row.country} twice for {row.year}.", fix="Keep one row of each.")
        if row.value is not None:
            values[place] = row.value
            flags[place] = row.flag
    units = {row.dimensions.get("unit", "") for row in kept}
    return Series(name, min(units, default=""), values, flags, f"Eurostat, {path.stem}")


@dataclass(frozen=True, slots=True)
class _Row:
    dimensions: Mapping[str, str]
    country: str
    year: int
    value: float | None
    flag: str


def _tsv(path: Path, text: str) -> Iterator[_Row]:
    lines = text.splitlines()
    head, *periods = lines[0].split("\t")
    names = head.split("\\")[0].strip().split(",")
    if _GEO not in names:
        raise _other_form(path, names)
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        key, *cells = line.split("\t")
        dimensions = dict(zip(names, (part.strip() for part in key.split(",")), strict=False))
        for period, cell in zip(periods, cells, strict=False):
            value, flag = _cell(f"{path.name}, row {number}", cell)
            yield _Row(_of(dimensions), dimensions[_GEO], _year(path, number, period), value, flag)


def _csv(path: Path, text: str) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = reader.fieldnames or []
    if not {_GEO, _TIME, "OBS_VALUE"} <= set(names):
        raise _other_form(path, names)
    for number, row in enumerate(reader, 2):
        value, flag = _cell(f"{path.name}, row {number}", f"{row['OBS_VALUE'] or ':'} {row.get('OBS_FLAG') or ''}")
        yield _Row(_of(row), row[_GEO], _year(path, number, row[_TIME]), value, flag)


def _other_form(path: Path, names: Sequence[str]) -> InputError:
    return InputError(
        f"{path.name} is not a table of Eurostat.",
        why=f"Its columns are: {', '.join(names)[:200]}.",
        fix="Download TSV or SDMX-CSV: it has the dimensions with geo, then years (TSV) or TIME_PERIOD and OBS_VALUE.",
    )


def _of(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name not in _NO_DIMENSION}


def _year(path: Path, number: int, text: str) -> int:
    if not re.fullmatch(r"\d{4}", text.strip()):
        raise InputError(
            f"{path.name}, row {number}: '{text.strip()}' is not a year.", fix="Only yearly tables are read."
        )
    return int(text)


def _cell(where: str, text: str) -> tuple[float | None, str]:
    """A value, none where Eurostat has a colon, and its flags."""
    found = _CELL.match(text)
    if not found:
        raise InputError(f"{where}: '{text.strip()}' is not a value of Eurostat.", fix="Leave the file as downloaded.")
    return (None if found["value"] == ":" else float(found["value"])), found["flag"]


def _picked(path: Path, rows: list[_Row], where: Mapping[str, str]) -> list[_Row]:
    seen: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.dimensions.items():
            seen.setdefault(name, set()).add(value)
    for name, value in where.items():
        known = seen.get(name)
        if known is None:
            hint = nearest(name, seen) or f"Dimensions are: {', '.join(seen)}."
            raise InputError(f"{path.name} has no dimension '{name}'.", why=hint)
        if value not in known:
            hint = nearest(value, known) or f"Values are: {', '.join(sorted(known)[:12])}."
            raise InputError(f"{path.name} has no {name} '{value}'.", why=hint)
    kept = [row for row in rows if all(row.dimensions[name] == value for name, value in where.items())]
    for name in seen:
        left = sorted({row.dimensions[name] for row in kept})
        if len(left) > 1:
            raise InputError(
                f"{path.name} holds several indicators: {name} is {', '.join(left[:8])}.",
                fix=f"Choose one: where {name}={left[0]}.",
            )
    return kept
