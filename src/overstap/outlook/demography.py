"""A sector's workforce by age, carried forward: who retires, what is left, and how much more each must then produce.

Ages come from the user's table; none are invented. People within a band are spread evenly over its years. Each year all
grow a year older; who reaches the retirement age goes, others leave at the rate that the table gives. Entrants come at
the ages of the row that names them, and then age, leave and retire as all do. Without rates of leaving nobody can tell
how many stay. The retirement age is a range, as nobody knows at which age people will go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.errors import InputError
from overstap.outlook.draws import bounds
from overstap.outlook.source import Floats
from overstap.schema import table_spec

COLUMNS: dict[str, str] = {
    "sector": "name of the sector or workforce; for moves.groups the code of an occupation",
    "year": "year that the ages are of, the same in all rows of a sector",
    "age_from": "youngest age of the band",
    "age_to": "oldest age of the band, itself included",
    "people": "people of the band who work in the sector",
    "exit_low": "part of the band (0-1) that leaves the sector a year before retirement, on balance, lower bound",
    "exit_high": "the same, upper bound; both empty: unknown, and so is who stays",
    "entrants_low": "people who enter the sector a year, lower bound, in the row of their ages; both empty: unknown",
    "entrants_high": "the same, upper bound",
    "source": "where the figures come from",
}
RETIREMENT = (65.0, 68.0)
"""Ages between which the mean retirement age is taken to lie, unless the study says otherwise: an assumption."""
_OLDEST = 100
_GROUPS = {"young": slice(0, 35), "middle": slice(35, 50), "old": slice(50, _OLDEST + 1)}
"""Ages of the groups that levers on retraining name."""


@dataclass(frozen=True, slots=True)
class Workforce:
    """A sector's people by year of age (index 0 is age 0), exit rates and entrants a year with bounds, NaN unknown.

    `entry` is the share of entrants by year of age, `bands` are those of the table: youngest and oldest age, people.
    """

    sector: str
    year: int
    people: Floats
    exit_low: Floats
    exit_high: Floats
    entrants: tuple[float, float]
    entry: Floats
    source: str
    bands: tuple[tuple[int, int, float], ...] = ()


def template() -> str:
    """The header of a table of ages, with two made-up rows."""
    rows = ("Example,2025,15,44,5000,0.02,0.04,300,400,example", "Example,2025,45,66,5000,0.01,0.02,,,example")
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def read_ages(files: Sequence[Path]) -> list[Workforce]:
    """The workforces of CSV files with the columns of COLUMNS. Raises `InputError`, naming row and column at fault."""
    from overstap.sources.tables import csv_rows

    groups: dict[str, list[tuple[str, dict[str, float], str]]] = {}
    for path in files:
        fix = "overstap outlook template --ages prints the columns."
        needed = ("sector", "year", "age_from", "age_to", "people")
        for number, given in enumerate(csv_rows(path, needed, "Name a CSV file of ages.", fix), 2):
            where = f"{path.name}, row {number}"
            sector = (given.get("sector") or "").strip()
            if not sector:
                raise InputError(f"{where}: the sector is empty.", fix="Name it in every row.")
            groups.setdefault(sector, []).append(
                (where, _numbers(where, given), (given.get("source") or "own").strip())
            )
    return [_workforce(sector, rows) for sector, rows in groups.items()]


def age_shares(workforces: Sequence[Workforce]) -> pa.Table:
    """Which part of each workforce is young (under 35), middle (35 to 49) and old: the form of `moves.groups`."""
    rows = [
        {"code": one.sector, "kind": "age", "group": name, "share": float(one.people[ages].sum() / one.people.sum())}
        for one in workforces
        for name, ages in _GROUPS.items()
    ]
    types = {"code": pa.string(), "kind": pa.string(), "group": pa.string(), "share": pa.float64()}
    return pa.Table.from_pylist(rows, schema=pa.schema(list(types.items())))


def _numbers(where: str, given: Mapping[str, str | None]) -> dict[str, float]:
    from overstap.reference.totals import number_of

    names = [name for name in COLUMNS if name not in ("sector", "source")]
    read = {name: number_of(f"{where}, {name}", given.get(name)) for name in names}
    values = {name: np.nan if value is None else value for name, value in read.items()}
    for name in ("year", "age_from", "age_to", "people"):
        if np.isnan(values[name]):
            raise InputError(f"{where}: {name} is empty.", fix="Leave a band out of which nothing is known.")
    for name, value in values.items():
        if value < 0:
            raise InputError(f"{where}: {name} is {value:g}.", fix="Give 0 or more; leave unknown cells empty.")
        if name in ("year", "age_from", "age_to") and value % 1:
            raise InputError(f"{where}: {name} is {value:g}.", fix="Give years and ages as whole numbers.")
    if values["age_to"] >= _OLDEST:
        raise InputError(f"{where}: age_to is {values['age_to']:g}.", fix=f"Give ages below {_OLDEST}.")
    if values["age_from"] > values["age_to"]:
        raise InputError(f"{where}: the band runs from {values['age_from']:g} down to {values['age_to']:g}.")
    for name in ("exit", "entrants"):
        low, high = values[f"{name}_low"], values[f"{name}_high"]
        if np.isnan(low) != np.isnan(high) or low > high:
            raise InputError(f"{where}: {name}_low and {name}_high do not bound a range.", fix="Give both, low first.")
    if values["exit_high"] > 1:
        raise InputError(f"{where}: exit_high is {values['exit_high']:g}.", fix="Give a share between 0 and 1.")
    return values


def _workforce(sector: str, rows: list[tuple[str, dict[str, float], str]]) -> Workforce:
    rows = sorted(rows, key=lambda row: row[1]["age_from"])
    for (_, before, _), (where, after, _) in pairwise(rows):
        if after["year"] != before["year"]:
            raise InputError(f"{where}: {sector} has ages of two years.", fix="Give the ages of one year.")
        if after["age_from"] <= before["age_to"]:
            raise InputError(f"{where}: age {after['age_from']:g} of {sector} is in two bands.")
        if after["age_from"] > before["age_to"] + 1:
            raise InputError(
                f"{where}: {sector} has no band for ages {before['age_to'] + 1:g} to {after['age_from'] - 1:g}.",
                fix="Give a band with 0 people where there is nobody.",
            )
    entering = [row for _, row, _ in rows if not np.isnan(row["entrants_low"])]
    if len(entering) > 1:
        raise InputError(f"The entrants of {sector} are given in {len(entering)} rows.", fix="Give them in one row.")
    people, low, high, entry = np.zeros((4, _OLDEST + 1))
    for _, row, _ in rows:
        band = slice(int(row["age_from"]), int(row["age_to"]) + 1)
        people[band] = row["people"] / (band.stop - band.start)
        low[band], high[band] = row["exit_low"], row["exit_high"]
        if not np.isnan(row["entrants_low"]):
            entry[band] = 1 / (band.stop - band.start)
    if not people.any():
        raise InputError(f"{rows[0][0]}: nobody works in {sector}.", fix="Leave a sector without people out.")
    oldest = int(rows[-1][1]["age_to"])
    low[oldest:], high[oldest:] = low[oldest], high[oldest]  # who grows older than all bands leaves as the oldest do
    entrants = (entering[0]["entrants_low"], entering[0]["entrants_high"]) if entering else (np.nan, np.nan)
    bands = tuple((int(row["age_from"]), int(row["age_to"]), row["people"]) for _, row, _ in rows)
    return Workforce(sector, int(rows[0][1]["year"]), people, low, high, entrants, entry, rows[0][2], bands)


def project(
    workforce: Workforce, years: int, draws: int, rng: np.random.Generator, retirement: tuple[float, float] = RETIREMENT
) -> dict[str, Floats]:
    """`retired`, `left`, `entered` since the start, those who `stayed` and all `people` [year, draw], the first year 0.

    `retired`, `left` and `stayed` are of those who were there at the start, and add up to their number; without rates
    of leaving the last two are unknown (NaN), and `retired` is as if nobody left. Entrants are unknown where the table
    does not name them, and so are people. Draw 0 has every range in its middle.
    """
    at = rng.random((3, draws))
    at[:, 0] = 0.5
    age = retirement[0] + at[0] * (retirement[1] - retirement[0])
    rate = workforce.exit_low[:, None] + at[1] * (workforce.exit_high - workforce.exit_low)[:, None]
    enter = workforce.entrants[0] + at[2] * (workforce.entrants[1] - workforce.entrants[0])
    coming = np.where(workforce.entry[:, None] > 0, workforce.entry[:, None] * enter, 0.0)
    now = np.repeat(workforce.people[:, None], draws, axis=1)
    unknown = bool(np.isnan(rate[np.argmax(workforce.people + workforce.entry > 0) :]).any())
    rate = np.nan_to_num(rate)
    retired, left, stayed = _carried(now, np.zeros_like(now), rate, age, years)
    joined = _carried(np.zeros_like(now), coming, rate, age, years)[2]
    if unknown:
        left, stayed = np.full_like(left, np.nan), np.full_like(stayed, np.nan)
    entered = enter[None, :] * np.arange(years + 1)[:, None]
    people = stayed + joined if workforce.entry.any() else np.full_like(stayed, np.nan)
    return {"retired": retired, "left": left, "stayed": stayed, "entered": entered, "people": people}


def _carried(now: Floats, coming: Floats, rate: Floats, age: Floats, years: int) -> tuple[Floats, Floats, Floats]:
    """Retired and left since the start, and still there [year, draw], of people `now` and those who come at the end of
    each year [age, draw], with `rate` of leaving [age, draw] and the retirement `age` [draw]."""
    # Someone who counts as x is between x and x + 1: over the retirement age for the part that is past it.
    past = np.clip(np.arange(_OLDEST + 1)[:, None] + 1 - age, 0.0, 1.0)
    retired, left, there = np.zeros((3, years + 1, now.shape[1]))
    there[0] = now.sum(axis=0)
    working = now * (1 - past)
    beyond = now - working  # past the age already and still there: they go in the first year
    before = np.vstack([np.zeros((1, now.shape[1])), 1 - past[:-1]])
    share = np.minimum(np.divide(1 - past, before, out=np.zeros_like(past), where=before > 0), 1.0)
    for year in range(1, years + 1):
        gone = working * rate
        older = np.vstack([np.zeros((1, now.shape[1])), (working - gone)[:-1]])
        working = older * share
        retired[year] = retired[year - 1] + (older - working + beyond).sum(axis=0)
        left[year] = left[year - 1] + gone.sum(axis=0)
        there[year] = working.sum(axis=0) + coming.sum(axis=0)
        beyond = coming * past
        working = working + coming * (1 - past)
    return retired, left, there


def required_productivity(start: Floats, end: Floats, years: Floats, output: float = 0.0) -> Floats:
    """Growth of output per worker (% a year) with which `end` workers make `output` (% a year) more."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 100 * ((1 + output / 100) * (start / end) ** (1 / years) - 1)
    return np.where(end > 0, found, np.nan)


def ahead(
    workforces: Sequence[Workforce],
    until: int,
    draws: int,
    seed: int,
    confidence: float,
    retirement: tuple[float, float] = RETIREMENT,
    output: float = 0.0,
) -> pa.Table:
    """The rows of `out_workforce_age`, a year of a sector each. Raises `InputError` where `until` is not ahead."""
    rows: list[dict[str, Any]] = []
    for one in workforces:
        if until <= one.year:
            raise InputError(
                f"The ages of {one.sector} are of {one.year}, not before {until}.", fix="Choose a later year."
            )
        found = project(one, until - one.year, draws, np.random.default_rng(seed), retirement)
        total, years = float(one.people.sum()), np.arange(until - one.year + 1)[:, None]
        people = found["people"]
        with np.errstate(divide="ignore"):
            growth = required_productivity(people[:1], people, years.astype(float), output)
        growth[0] = np.nan
        columns = {
            "retired": found["retired"],
            "retired_share_pct": 100 * found["retired"] / total,
            "left": found["left"],
            "stayed": found["stayed"],
            "entered": found["entered"],
            "people": people,
            "productivity_pct": growth,
        }
        ends = {name: bounds(values, confidence) for name, values in columns.items()}
        for i, year in enumerate(range(one.year, until + 1)):
            row: dict[str, Any] = {"sector": one.sector, "year": year, "source": one.source}
            for name, values in columns.items():
                value, stem = float(values[i, 0]), name.removesuffix("_pct")
                low, high = (float(end[i]) for end in ends[name])
                bounded = {name: value, f"{stem}_low": low, f"{stem}_high": high}
                row |= bounded if not np.isnan(value) else dict.fromkeys(bounded)
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=table_spec("out_workforce_age").schema)
