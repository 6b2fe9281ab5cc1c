"""Cohort tables: how many students of each year of entry were there still, finished, dropped out or switched, by year.

A row is a year since entry of a cohort of a programme: at risk at its start, and events within it. From person records,
as in 1CijferHO, the same rows are made at once; no record of a person is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.education.life_table import CAUSES, Floats, Incidence, incidence, interval
from overstap.education.rows import (
    bounds,
    check_field,
    fields_of_programmes,
    level_of,
    programme_code,
    read_rows,
    sex_of,
)
from overstap.education.suppressed import extremes
from overstap.errors import InputError
from overstap.sources.tables import Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "programme": ("opleidingscode", "opleidingscode_actueel", "croho", "crebo"),
    "isced_f": ("iscedf", "iscedf_detailed"),
    "level": ("niveau", "type_hoger_onderwijs"),
    "sex": ("geslacht",),
    "region": ("provincie", "regio"),
    "numerus_fixus": ("fixus", "numerus", "fixusopleiding"),
    "cohort": ("instroomjaar", "cohortjaar", "jaar_van_instroom"),
    "year": ("years_since_start", "jaren_na_start", "verblijfsjaar", "studiejaar_nr"),
    "at_risk": ("ingeschreven", "students", "aanwezig"),
    "diploma": ("gediplomeerd", "diplomas"),
    "dropout": ("uitval", "drop_out"),
    "switch": ("switches", "overstap", "opleidingswissel"),
}
"""Columns of a cohort table and names, folded, by which they are recognised."""
NEEDED = ("programme", "cohort", "year", "at_risk", *CAUSES)
GROUPED = ("programme", "isced_f", "level", "sex", "region", "numerus_fixus", "cohort")
COUNTS = ("at_risk", *CAUSES)
SCHEMA = pa.schema(
    [(name, pa.bool_() if name == "numerus_fixus" else pa.string()) for name in GROUPED]
    + [("year", pa.int64())]
    + [(f"{name}_{end}", pa.int64()) for name in COUNTS for end in ("low", "high")]
)
"""A year since entry (from 1) of a cohort a row; counts as bounds, null where unknown."""
AFTER = (1, 5, 8)
_YES, _NO = ("1", "ja", "yes", "true", "waar", "j", "y"), ("0", "nee", "no", "false", "onwaar", "n")


def read_cohorts(path: Path, programmes: Mapping[str, tuple[str | None, str | None]]) -> pa.Table:
    """The cohort table (SCHEMA) of a file; `programmes` as of `stocks.read_stocks`.

    Raises InputError, with the line, where a programme has no code, a year stands there twice or is skipped, years of
    entry overlap, more students leave than were there, or more are there than were left.
    """
    fields = fields_of_programmes()
    rows = []
    for row in read_rows(path, COLUMNS, NEEDED):
        code = programme_code(row["programme"])
        if not code:
            raise InputError(
                f"{row.where}: a programme without code.",
                fix="Give its CROHO or crebo code, or 'unknown' where it is not known.",
            )
        field, level = programmes.get(code, (None, None))
        cell: dict[str, Any] = {
            "programme": None if code.lower() in ("unknown", "onbekend") else code,
            "isced_f": check_field(row["isced_f"], row.where) or field or fields.get(code),
            "level": level or level_of(row["level"], code),
            "sex": sex_of(row["sex"]),
            "region": row["region"] or None,
            "numerus_fixus": _yes_no(row),
            "cohort": _cohort(row),
            "year": _number(row),
        }
        for name in COUNTS:
            cell[f"{name}_low"], cell[f"{name}_high"] = bounds(row[name], f"{row.where}, {name}") or (None, None)
        rows.append((row.where, cell))
    _check(rows)
    return pa.Table.from_pylist([cell for _, cell in rows], schema=SCHEMA)


def _yes_no(row: Row) -> bool | None:
    text = row["numerus_fixus"].lower()
    if text and text not in (*_YES, *_NO):
        raise InputError(f"{row.where}: numerus_fixus is '{text}'.", fix="Write 1 or 0, or nothing for unknown.")
    return text in _YES if text else None


def _cohort(row: Row) -> str:
    """A year of entry, or several as 2015-2017."""
    if not re.fullmatch(r"\d{4}(-\d{4})?", row["cohort"]):
        raise InputError(f"{row.where}: '{row['cohort']}' is no cohort.", fix="Write the year of entry, 2015.")
    first, last = row["cohort"][:4], row["cohort"][-4:]
    if first > last:
        raise InputError(f"{row.where}: cohort {row['cohort']} ends before it begins.", fix=f"Write {last}-{first}.")
    return row["cohort"]


def _number(row: Row) -> int:
    if not re.fullmatch(r"[1-9]\d?", row["year"]):
        raise InputError(f"{row.where}: '{row['year']}' is no year since entry.", fix="Count from 1, the first year.")
    return int(row["year"])


def _check(rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Raises InputError for what cannot be: see `read_cohorts`."""
    groups: dict[tuple[Any, ...], dict[int, tuple[str, dict[str, Any]]]] = defaultdict(dict)
    for where, cell in rows:
        group = groups[tuple(cell[name] for name in GROUPED)]
        if cell["year"] in group:
            raise InputError(
                f"{where}: year {cell['year']} of cohort {cell['cohort']} of programme {cell['programme']} was given "
                f"before, in {group[cell['year']][0]}.",
                fix="Keep one row for each cohort and year.",
            )
        group[cell["year"]] = where, cell
    _check_overlap(groups)
    for years in groups.values():
        for number in sorted(years):
            where, cell = years[number]
            if number > 1 and number - 1 not in years:
                raise InputError(
                    f"{where}: year {number} is given and year {number - 1} is not.",
                    why="What happened between them is not known.",
                    fix="Give every year from 1, or end the cohort earlier.",
                )
            gone = sum(cell[f"{cause}_low"] or 0 for cause in CAUSES)
            there = cell["at_risk_high"]
            if there is not None and gone > there:
                raise InputError(f"{where}: {gone} students leave and {there} were there.", fix="Correct the row.")
            before = years.get(number - 1)
            left = None if before is None else _left_at_most(before[1])
            if left is not None and cell["at_risk_low"] is not None and cell["at_risk_low"] > left:
                raise InputError(
                    f"{where}: {cell['at_risk_low']} students at risk, and {left} were left of the year before.",
                    why="Students who come in later belong to the cohort of their own year of entry.",
                    fix="Leave them out of this cohort.",
                )


def _left_at_most(cell: Mapping[str, Any]) -> int | None:
    if cell["at_risk_high"] is None:
        return None
    return int(cell["at_risk_high"]) - sum(cell[f"{cause}_low"] or 0 for cause in CAUSES)


def _check_overlap(groups: Mapping[tuple[Any, ...], Mapping[int, tuple[str, dict[str, Any]]]]) -> None:
    """Raises InputError where the years of entry of two cohorts of one group overlap."""
    of_group: dict[tuple[Any, ...], dict[int, str]] = defaultdict(dict)
    for key, years in groups.items():
        cohort = str(key[-1])
        first, last = int(cohort[:4]), int(cohort[-4:])
        for year in range(first, last + 1):
            other = of_group[key[:-1]].setdefault(year, cohort)
            if other != cohort:
                raise InputError(
                    f"{next(iter(years.values()))[0]}: cohorts {other} and {cohort} of programme {key[0]} overlap in "
                    f"{year}.",
                    why="Students of that year would be counted double.",
                    fix="Keep one of the two.",
                )


def success(
    cohorts: pa.Table, by: Sequence[str], confidence: float, after: Sequence[int] = AFTER
) -> list[dict[str, Any]]:
    """Chances after some years (`after`), of all cohorts together within each value of `by`, columns of GROUPED.

    A row per value, year and state: `students` at entry, `chance` with `low` and `high` in percent. Counts of cohorts
    are summed by year since entry, so that those followed longer tell of later years. Where counts are suppressed the
    bounds hold for every count that they may be, and the chance itself is null. Years that no cohort reached, and
    states of which counts are unknown, have null values.
    """
    found = []
    table = cohorts.to_pylist()
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in table:
        groups[tuple(row[name] for name in by)].append(row)
    for key, rows in sorted(groups.items(), key=lambda item: tuple(str(part) for part in item[0])):
        low, high = summed(rows)
        students = float(low[0, 0]) if len(low) and low[0, 0] == high[0, 0] else None
        known = incidence(low[:, 0], low[:, 1:]) if (low == high).all() else None
        for state, number in (("diploma", 1), ("dropout", 2), ("switch", 3), ("enrolled", 0)):
            for year in after:
                ends = extremes(low, high, number, year) if known is None else (known, known)
                chance = _between(ends, number, year, confidence)
                found.append({**dict(zip(by, key, strict=True)), "state": state, "after": year, "students": students})
                found[-1] |= dict(zip(("chance", "low", "high"), chance, strict=True))
    return found


def summed(rows: Iterable[Mapping[str, Any]]) -> tuple[Floats, Floats]:
    """Counts (years, 4) of rows by year since entry, at least and at most, up to the first year with an unknown one."""
    by_year: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_year[row["year"]].append(row)
    low, high = [], []
    for year in range(1, max(by_year, default=0) + 1):
        cells = by_year.get(year, [])
        if not cells or any(cell[f"{name}_low"] is None for cell in cells for name in COUNTS):
            break
        low.append([sum(cell[f"{name}_low"] for cell in cells) for name in COUNTS])
        high.append([sum(cell[f"{name}_high"] for cell in cells) for name in COUNTS])
    return np.array(low, np.float64).reshape(-1, 4), np.array(high, np.float64).reshape(-1, 4)


def _between(
    ends: tuple[Incidence, Incidence] | None, state: int, year: int, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The chance, null where both life tables differ, with its interval over both, in percent; nulls where unknown."""
    least, most = (one.after(year) for one in ends) if ends else (None, None)
    if ends is None or least is None or most is None:
        return None, None, None
    bottom = interval(least[0][state], least[1][state], ends[0].at_risk[0], confidence)[0]
    top = interval(most[0][state], most[1][state], ends[1].at_risk[0], confidence)[1]
    known = abs(least[0][state] - most[0][state]) < 1e-12
    return 100 * float(least[0][state]) if known else None, 100 * bottom, 100 * top
