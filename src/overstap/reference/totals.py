"""Official vacancies per sector and quarter, as Statistics Netherlands publishes them or as a user keeps them.

A table of official statistics holds totals beside their parts: divisions within sections, sections within groups, size
classes. Only a disjoint set of sectors may be weighted to: the finest sections and groups that do not overlap.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import inf, isfinite
from pathlib import Path

import pyarrow as pa

from overstap.analysis.periods import parse_period
from overstap.errors import InputError
from overstap.reference.home import data_home
from overstap.schema import table_spec
from overstap.sources.tables import csv_rows

SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"
COUNTED = SECTIONS[:19]  # T (households as employers) and U (embassies) have no vacancies in the survey
WHOLE = "A-U"
STATLINE = "statline"
MEASURES = ("new", "open")
MOST = 10_000_000  # vacancies of one sector in one quarter: more than there are jobs in the Netherlands

_SECTOR = re.compile(r"([A-U])(?:\s*[-–]\s*([A-U]))?(?=$|[\s:,])")
_WHOLE = re.compile(r"t001081|totaal|total|alle\b|all\b", re.IGNORECASE)
_WITHIN = re.compile(r"\d|bedrijfsgrootte|WP\d", re.IGNORECASE)  # divisions and size classes: parts of the sections
_FIX = (
    "See 'Weights' in docs/method.md for the columns: sector (or label), period, new, open (or new_x1000, open_x1000)."
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a table of totals that can be used: a code of `out_warnings`, what it is about, how many."""

    code: str
    subject: str
    n: int


@dataclass(frozen=True)
class Totals:
    """Rows of `core_totals`, disjoint, and the faults of the table that they come from."""

    rows: pa.Table
    faults: tuple[Fault, ...] = ()

    @classmethod
    def none(cls) -> Totals:
        """No totals at all."""
        return cls(table_spec("core_totals").schema.empty_table())


@lru_cache(maxsize=512)
def letters(code: str) -> frozenset[str]:
    """The section letters of a sector code: `C`, or `B-E` for B, C, D and E."""
    first, _, last = code.partition("-")
    return frozenset(SECTIONS[SECTIONS.index(first) : SECTIONS.index(last or first) + 1])


def disjoint(codes: Iterable[str]) -> list[str]:
    """The finest codes that do not overlap, in the order of SBI: sections first, then groups of sections left over."""
    free, chosen = set(SECTIONS), []
    for code in sorted(set(codes), key=lambda code: (len(letters(code)), code)):
        if letters(code) <= free:
            chosen.append(code)
            free -= letters(code)
    return sorted(chosen)


def parse_quarter(text: str) -> str | None:
    """`2019Q3` of 2019KW03, 2019Q3, 2019-Q3 or '2019 3e kwartaal'; empty for a year, null for anything else."""
    period = parse_period(text)
    if period is None or period.length > 4:
        return None
    return f"{period.number // 4}Q{period.number % 4 + 1}" if period.length == 4 else ""


def parse_sector(text: str) -> str | None:
    """`C` or `B-E` of a sector's code or label; empty for parts that the sections hold, null for anything else."""
    text = text.strip()
    if _WHOLE.match(text):
        return WHOLE
    match = _SECTOR.match(text)
    if match:
        return match.group(1) if match.group(2) in (None, match.group(1)) else f"{match.group(1)}-{match.group(2)}"
    return "" if _WITHIN.match(text) else None


def quarter_days(quarter: str) -> tuple[date, date]:
    """First and last day of a quarter, `2019Q3`."""
    year, number = int(quarter[:4]), int(quarter[5])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, 3 * number - 2, 1), after - timedelta(days=1)


def totals_path(name: str, base: Path, home: Path | None = None) -> Path:
    """The file that `weights.totals` names: relative to the study file, or what was installed from StatLine.

    Raises InputError where StatLine's table was asked for and never installed.
    """
    if name != STATLINE:
        return base / name
    path = data_home(home) / "statline" / "80472ned.csv"
    if not path.exists():
        raise InputError(
            "The vacancies of StatLine are not installed.", fix="Fetch them once: overstap reference install statline"
        )
    return path


def read_totals(path: Path, live_days: int = 30) -> Totals:
    """The totals of a CSV with the columns sector (or label), period, and new and open, or new_x1000 and open_x1000.

    Vacancies, not thousands; null where the table has none or a negative number. Raises InputError that names row and
    value for a period or sector that cannot be read, a sector given twice, or numbers in the wrong unit.
    """
    rows = csv_rows(path, ("period",), "Name the file in 'weights.totals', or take that out.", _FIX)
    columns = set(rows[0]) if rows else set()
    name = next((c for c in ("label", "sector", "code") if c in columns), None)
    scales = {m: (c, k) for m in MEASURES for c, k in ((m, 1.0), (f"{m}_x1000", 1000.0)) if c in columns}
    if name is None or not scales:
        lacking = "sector" if name is None else "new"
        raise InputError(f"{path} lacks the column {lacking}.", why=f"It has: {', '.join(sorted(columns))}.", fix=_FIX)
    cells: dict[tuple[str, str], dict[str, float | None]] = {}
    for number, row in enumerate(rows, 2):
        where = f"{path}, row {number}"
        key = _key(where, row[name] or "", row["period"] or "")
        if key is None:
            continue
        if key in cells:
            why = "Sectors that overlap would count vacancies twice."
            raise InputError(f"{where}: sector {key[0]} is given twice for {key[1]}.", why=why, fix="Keep one row.")
        cells[key] = {m: _vacancies(where, row[column], scale) for m, (column, scale) in scales.items()}
    if not cells:
        why = "Totals are needed per SBI section and quarter; years cannot be split."
        raise InputError(f"{path} has no row of a section in a quarter.", why=why, fix=_FIX)
    units = {m: scale * unit_of(row[column] for row in rows) for m, (column, scale) in scales.items()}
    return _totals(cells, units, live_days)


def _key(where: str, sector: str, period: str) -> tuple[str, str] | None:
    code, quarter = parse_sector(sector), parse_quarter(period)
    if quarter is None:
        fix = "Write quarters as 2019Q3, 2019-Q3 or 2019KW03, years as 2019."
        raise InputError(f"{where}: the period '{period}' cannot be read.", fix=fix)
    if code is None:
        fix = "Write SBI 2008 sections as A to U, groups as B-E, the total as A-U."
        raise InputError(f"{where}: the sector '{sector}' cannot be read.", fix=fix)
    return (code, quarter) if code and quarter else None


def number_of(where: str, text: str | None) -> float | None:
    """A number as a table of statistics writes it, with a point or a comma; null where it is empty or withheld.

    Raises InputError that names `where` for anything else.
    """
    text = (text or "").strip().replace("\u00a0", "")
    if text in ("", ".", "-", "x") or text.lower() == "nan":
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = inf
    if not isfinite(value):
        raise InputError(f"{where}: '{text}' is not a number.", fix="Leave a cell empty where it is unknown.")
    return value


def _vacancies(where: str, text: str | None, scale: float) -> float | None:
    value = number_of(where, text)
    if value is not None and value * scale > MOST:
        why = "A column that ends in _x1000 holds thousands." if scale > 1 else ""
        raise InputError(
            f"{where}: {value * scale:,.0f} vacancies are more than there are jobs.",
            why=why,
            fix="Name the column new or open.",
        )
    return None if value is None else value * scale


def unit_of(texts: Iterable[str | None]) -> float:
    """The unit that numbers are rounded to, from the most decimals that any has."""
    return 10.0 ** -max((len((text or "").replace(",", ".").partition(".")[2].strip()) for text in texts), default=0)


def _totals(cells: dict[tuple[str, str], dict[str, float | None]], units: dict[str, float], live_days: int) -> Totals:
    # A section that is listed but never has a value must not push out the group that counts it.
    valued = {code for (code, _), values in cells.items() if any(v is not None for v in values.values())}
    chosen = disjoint(valued - {WHOLE}) or [WHOLE]
    quarters = sorted({quarter for _, quarter in cells})
    negative: Counter[str] = Counter()
    out = []
    for quarter in quarters:
        first, last = quarter_days(quarter)
        for code in chosen:
            values = cells.get((code, quarter), {})
            negative[code] += sum(value is not None and value < 0 for value in values.values())
            known = {f"{m}_n": v if (v := values.get(m)) is not None and v >= 0 else None for m in MEASURES}
            if any(value is not None for value in known.values()):
                days = {"first_date": first, "last_date": last, "live_since": last - timedelta(days=live_days)}
                out.append({"quarter": quarter, "sector": code, **known, **days})
    faults = [Fault("totals_negative", code, n) for code, n in negative.items() if n]
    faults += [fault for m, unit in units.items() for fault in _not_adding(cells, chosen, quarters, m, unit)]
    missing = [letter for letter in COUNTED if not any(letter in letters(code) for code in chosen)]
    if missing:
        faults.append(Fault("totals_miss_sector", ", ".join(missing), len(missing)))
    return Totals(pa.Table.from_pylist(out, schema=table_spec("core_totals").schema), tuple(faults))


def _not_adding(
    cells: dict[tuple[str, str], dict[str, float | None]], chosen: list[str], quarters: list[str], m: str, unit: float
) -> list[Fault]:
    """Quarters whose sectors do not add up to the total of the table beyond what rounding can do."""
    wrong = []
    for quarter in quarters:
        total = cells.get((WHOLE, quarter), {}).get(m)
        parts = [cells.get((code, quarter), {}).get(m) for code in chosen]
        known = [part for part in parts if part is not None]
        if total is not None and len(known) == len(parts) and abs(sum(known) - total) > unit * (len(parts) + 1) / 2:
            wrong.append(quarter)
    return [Fault("totals_not_adding", ", ".join(wrong), len(wrong))] if wrong else []
