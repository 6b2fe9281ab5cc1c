"""The user's own outlook: a documented table of periods, checked row by row, made into yearly paths.

ROA's and UWV's tables may not be passed on, so users bring them in this form (`overstap outlook template`). A row is a
period: the stock at its start and the flows in it. Flows of a period longer than a year are spread evenly over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from overstap.errors import InputError, nearest
from overstap.outlook.source import Floats
from overstap.reference.tables import load

COLUMNS: dict[str, str] = {
    "level": "isco1, isco2, isco4 (ISCO-08 by number of digits) or brc (BRC 2014)",
    "code": "code of the occupation in that classification, with its leading zeros",
    "region": "region as you name it; empty: the whole country",
    "first_year": "first year of the period whose flows the row counts",
    "last_year": "last year of the period; the same as first_year for one year",
    "employed": "people who work in it at the start of the period",
    "expansion": "expansion demand in the period (negative: decline)",
    "retirement": "people who retire in the period",
    "exits": "people who leave for another reason (disability, care, a pause)",
    "mobility": "people who move to another occupation, less those who come (may be negative)",
    "outflow": "all who leave, or replacement demand; empty where the three before are given",
    "inflow_low": "graduates who enter in the period, lower bound",
    "inflow_high": "graduates who enter in the period, upper bound",
    "unemployed": "short-term unemployed who look for this work at the start of the period",
    "vacancies": "open vacancies at the start of the period",
    "source": "where the figures come from",
}
_NEEDED = ("level", "code", "first_year", "last_year")
_PATH = ("employed", "expansion", "outflow")
_NUMBERS = tuple(
    name for name in COLUMNS if name not in ("level", "code", "region", "source", "first_year", "last_year")
)
_MAY_FALL = ("expansion", "mobility")
_DIGITS = {"isco1": 1, "isco2": 2, "isco4": 4}


@dataclass(frozen=True, slots=True)
class Own:
    """One occupation's own path by year, the first year the base; NaN where unknown.

    Stock, outflow and its parts are known only where `has_path`; else the table brings what lies beside a path: inflow,
    unemployed, vacancies.
    """

    level: str
    code: str
    region: str
    years: tuple[int, ...]
    employed: Floats
    outflow: Floats
    parts: Mapping[str, Floats]
    inflow_low: Floats
    inflow_high: Floats
    unemployed: float
    vacancies: float
    basis: str
    source: str

    @property
    def has_path(self) -> bool:
        """Whether the table gives stock and flows."""
        return not np.isnan(self.employed).any()


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    level: str
    code: str
    region: str
    first: int
    last: int
    values: Mapping[str, float]
    source: str


def template() -> str:
    """The header of an own table with one made-up row: ROA's published sums for a six-year period in this form."""
    row = {"level": "brc", "code": "1012", "first_year": "2019", "last_year": "2024", "employed": "326429"}
    row |= {"expansion": "45700", "outflow": "56000", "source": "example"}
    return ",".join(COLUMNS) + "\n" + ",".join(row.get(name, "") for name in COLUMNS) + "\n"


def read_own(files: Sequence[Path]) -> list[Own]:
    """The own paths of CSV files with the columns of COLUMNS, all files together.

    Raises `InputError`, naming row and column at fault.
    """
    from overstap.sources.tables import csv_rows

    fix = "overstap outlook template prints the columns."
    rows = []
    for path in files:
        table = csv_rows(path, _NEEDED, "Name a CSV file with your own outlook.", fix)
        rows += [_row(f"{path.name}, row {number}", given) for number, given in enumerate(table, 2)]
    return own_paths(rows)


def own_paths(rows: Sequence[_Row]) -> list[Own]:
    """Rows of periods made into one path for each occupation and region; what lies beside a path may have other rows.

    Raises `InputError` where periods overlap, years are missing, or stocks and flows do not close.
    """
    groups: dict[tuple[str, str, str, bool], list[_Row]] = {}
    for row in rows:
        key = (row.level, row.code, row.region, bool(np.isnan(row.values["employed"])))
        groups.setdefault(key, []).append(row)
    found = [_path(sorted(group, key=lambda row: (row.first, row.last))) for group in groups.values()]
    entering: dict[tuple[str, str, str], Own] = {}
    for own in found:
        if np.isnan(own.inflow_low).all():
            continue
        before = entering.setdefault((own.level, own.code, own.region), own)
        if before is not own:
            raise InputError(
                f"The inflow of {own.code} in {own.region} is given twice.",
                why=f"The sources are {before.source} and {own.source}.",
                fix="Leave it out of one of them.",
            )
    return found


def _row(where: str, given: Mapping[str, str | None]) -> _Row:
    from overstap.reference.totals import number_of

    for name in given:
        if name not in COLUMNS:
            hint = nearest(name, COLUMNS) or f"Columns are: {', '.join(COLUMNS)}."
            raise InputError(f"{where}: there is no column '{name}' in an own outlook.", why=hint)
    texts = {name: (given.get(name) or "").strip() for name in COLUMNS}
    level, code = texts["level"], texts["code"]
    if level not in (*_DIGITS, "brc"):
        hint = nearest(level, (*_DIGITS, "brc"))
        raise InputError(f"{where}: level '{level}' is not known.", why=hint, fix="Use isco1, isco2, isco4 or brc.")
    check_code(code, level, where)
    years = []
    for name in ("first_year", "last_year"):
        if not (texts[name].isdigit() and len(texts[name]) == 4):
            raise InputError(f"{where}: {name} is '{texts[name]}'.", fix="Write a year of four digits, 2026.")
        years.append(int(texts[name]))
    if years[0] > years[1]:
        raise InputError(f"{where}: the period ends in {years[1]}, before it begins in {years[0]}.")
    read = {name: number_of(f"{where}, {name}", texts[name]) for name in _NUMBERS}
    values = {name: np.nan if value is None else value for name, value in read.items()}
    for name, value in values.items():
        if value < 0 and name not in _MAY_FALL:
            raise InputError(f"{where}: {name} is {value:g}.", fix="Persons are 0 or more; leave unknown cells empty.")
    first, last = years
    return _Row(
        where, level, code, texts["region"] or "all", first, last, _whole(where, values), texts["source"] or "own"
    )


def _whole(where: str, values: dict[str, float]) -> dict[str, float]:
    """The outflow that follows from its parts, and the checks of one row."""
    parts = values["retirement"] + values["exits"] + values["mobility"]
    if np.isnan(values["outflow"]):
        values["outflow"] = parts
    elif abs(values["outflow"] - parts) > 1 + 0.001 * abs(parts):
        raise InputError(
            f"{where}: outflow is {values['outflow']:g}, its parts add up to {parts:g}.",
            fix="Give the parts or their sum; where both are given they agree.",
        )
    if values["outflow"] < 0:
        raise InputError(f"{where}: the parts of the outflow add up to {parts:g}.", fix="An outflow is 0 or more.")
    missing = [name for name in _PATH if np.isnan(values[name])]
    if 0 < len(missing) < len(_PATH):
        raise InputError(
            f"{where}: {missing[0]} is empty.",
            why="A path needs employed, expansion and outflow (or its three parts); what is unknown is not taken as 0.",
            fix="Give all three, or none where the row only brings inflow, unemployed or vacancies.",
        )
    if values["employed"] + values["expansion"] < 0:
        raise InputError(f"{where}: employment would end below 0.", fix="Look at employed and expansion.")
    if np.isnan(values["inflow_low"]) != np.isnan(values["inflow_high"]):
        raise InputError(
            f"{where}: one bound of the inflow is empty.", fix="Give both; the same twice where it is known."
        )
    if values["inflow_low"] > values["inflow_high"]:
        raise InputError(f"{where}: inflow_low is above inflow_high.", fix="Turn the two round.")
    return values


def _path(rows: list[_Row]) -> Own:
    one = rows[0]
    for before, after in pairwise(rows):
        if after.first <= before.last:
            raise InputError(
                f"{after.where}: {one.code} in {one.region} is given twice for {after.first}.",
                why=f"{before.where} has the years {before.first} to {before.last}.",
                fix=f"Let {after.where} begin in {before.last + 1}, or take one of the two out.",
            )
        if after.first > before.last + 1:
            raise InputError(
                f"{after.where}: {one.code} in {one.region} has no row for {before.last + 1} to {after.first - 1}.",
                fix="Let periods follow on each other; a missing year is not taken as one without flows.",
            )
    years = (one.first - 1, *(year for row in rows for year in range(row.first, row.last + 1)))
    spread = {name: _spread(rows, name) for name in _NUMBERS}
    stock = np.concatenate([[one.values["employed"]], one.values["employed"] + np.cumsum(spread["expansion"][1:])])
    for row in rows[1:]:
        carried = stock[years.index(row.first - 1)]
        if abs(row.values["employed"] - carried) > 100 + 0.01 * carried:
            raise InputError(
                f"{row.where}: {one.code} starts at {row.values['employed']:g}; the rows before end at {carried:g}.",
                why="Stocks and flows do not close.",
                fix="Take both from one edition of one source, and start anew where a series breaks.",
            )
    if (stock < 0).any():
        raise InputError(f"{rows[-1].where}: employment of {one.code} falls below 0 in the years of the table.")
    single = all(row.first == row.last for row in rows)
    sources = dict.fromkeys(row.source for row in rows)
    return Own(
        one.level, one.code, one.region, years, stock, spread["outflow"],
        {name: spread[name] for name in ("retirement", "exits", "mobility")},
        spread["inflow_low"], spread["inflow_high"], one.values["unemployed"], one.values["vacancies"],
        "observed" if single else "allocated", "; ".join(sources),
    )  # fmt: skip


def _spread(rows: Sequence[_Row], name: str) -> Floats:
    """Flows of the periods, evenly over their years; NaN in the base year."""
    length = [row.last - row.first + 1 for row in rows]
    yearly = [row.values[name] / n for row, n in zip(rows, length, strict=True)]
    return np.concatenate([[np.nan], np.repeat(yearly, length)])


def check_code(code: str, level: str, where: str = "") -> None:
    """Raises `InputError` for a code that a level does not have, with the nearest that it has."""
    if code in codes_of(level):
        return
    other = [name for name in (*_DIGITS, "brc") if name != level and code in codes_of(name)]
    padded = code.zfill(4) if level == "brc" else code
    begins = [known for known in codes_of(level) if known[:2] == code[:2]]
    hint = f"It is a code of {' and '.join(other)}." if other else nearest(code, codes_of(level))
    if padded != code and padded in codes_of(level):
        hint = f"Did you mean '{padded}'? Spreadsheets drop leading zeros."
    elif not hint and begins:
        hint = f"Those that begin with {code[:2]} are {', '.join(begins[:8])}."
    raise InputError(
        f"{where}{': t' if where else 'T'}here is no occupation '{code}' in {level}.",
        why=hint or f"Its codes run from {codes_of(level)[0]} to {codes_of(level)[-1]}.",
        fix=f"Codes are listed by overstap outlook show --level {other[0] if other else level}.",
    )


@lru_cache(maxsize=4)
def codes_of(level: str) -> tuple[str, ...]:
    """Every code of a level."""
    if level == "brc":
        return tuple(row["code"] for row in load("brc2014").to_pylist())
    return tuple(r["code"] for r in load("isco08").to_pylist() if len(r["code"]) == _DIGITS[level])
