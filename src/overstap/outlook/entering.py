"""The inflow of graduates into occupations, from files of graduates and the matrix of programmes and occupations.

Nobody knows how many will finish in the years ahead: each year is taken to lie between the least and the most of the
last years of the files. Where the matrix also leads to an occupation from a level or field that the files do not cover,
there is a least and no most; where it leads there from none that they cover, nothing is known. An inflow is never taken
to be nought for want of a file. What the matrix itself may be off is in no bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.education.matrix import Matrix, inflow, inflow_by
from overstap.education.rows import LEVELS as TAUGHT
from overstap.education.sector import AVERAGED, uncovered
from overstap.moves.facts import allocated_units
from overstap.outlook.cells import ALL_REGIONS, LEVELS
from overstap.outlook.own import Own
from overstap.outlook.source import Floats

Bounds = tuple[float, float]
"""Graduates a year at least and at most; NaN where there is no most."""


def entering(graduates: pa.Table, matrix: Matrix, years: Sequence[int], levels: Sequence[str] = LEVELS) -> list[Own]:
    """The inflow of every occupation that graduates (`core_graduates`) enter, alike in each of `years` but the first.

    Rows of `own.Own` that bring an inflow and no path; `inflow_high` is NaN where no most is known. Graduates of
    schools in a region may work in another, so that only the whole country has an inflow. Nothing without graduates.
    """
    units = _units(graduates, matrix)
    if not units:
        return []
    source = _source(graduates)
    found = []
    for level in levels:
        for code, (low, high) in sorted(_summed(units, level).items()):
            unknown = np.full(len(years), np.nan)
            found.append(
                Own(
                    level, code, ALL_REGIONS, tuple(years), unknown, unknown, {},
                    _from_second(low, len(years)), _from_second(high, len(years)), np.nan, np.nan, "allocated", source,
                )
            )  # fmt: skip
    return found


def _units(graduates: pa.Table, matrix: Matrix) -> dict[str, Bounds]:
    """Graduates a year by ISCO-08 unit group, of those groups to which the matrix leads from what the files cover."""
    found: dict[str, Bounds] = {}
    for level in sorted(set(graduates["level"].to_pylist()) - {None}):  # sums follow the order
        mine = graduates.filter(pc.equal(graduates["level"], level))
        years = sorted(set(mine["year"].to_pylist()))[-AVERAGED:]
        placed = inflow(mine.filter(pc.is_in(mine["year"], pa.array(years))), matrix)
        by_unit: dict[str, dict[int, Bounds]] = {}
        for row in inflow_by(placed.filter(pc.field("region") == ALL_REGIONS), "isco").to_pylist():
            high = np.nan if row["inflow_high"] is None else row["inflow_high"]
            by_unit.setdefault(row["code"], {})[row["year"]] = row["inflow_low"], high
        for unit, by_year in by_unit.items():
            given = [by_year.get(year, (0.0, 0.0)) for year in years]
            before = found.get(unit, (0.0, 0.0))
            most = float(np.max([high for _, high in given]))  # NaN where a year has none
            found[unit] = before[0] + min(low for low, _ in given), before[1] + most
    open_ended = uncovered(graduates, matrix)
    return {unit: (low, np.nan if unit.startswith(open_ended) else high) for unit, (low, high) in found.items()}


def _summed(units: Mapping[str, Bounds], level: str) -> dict[str, Bounds]:
    """The sums over unit groups by occupation of a level: no most where one of its unit groups with jobs has none, or
    has no inflow that is known."""
    known = allocated_units()
    coarser = dict(zip(known.codes, known.brc, strict=True))
    sums: dict[str, Bounds] = {}
    reached = set()
    for unit, jobs in zip(known.codes, known.jobs, strict=True):
        code = coarser[unit] if level == "brc" else unit[: int(level[-1])]
        low, high = units.get(unit, (0.0, np.nan if jobs >= 1 else 0.0))
        before = sums.get(code, (0.0, 0.0))
        sums[code] = before[0] + low, before[1] + high
        reached |= {code} if unit in units else set()
    return {code: ends for code, ends in sums.items() if code in reached and (ends[0] > 0 or ends[1] == ends[1])}


def _source(graduates: pa.Table) -> str:
    """Which graduates these are: levels and years, and that the matrix places them."""
    given = set(graduates["level"].to_pylist())
    levels = [level for level in TAUGHT if level in given]
    years = sorted(set(graduates["year"].to_pylist()))
    span = list(dict.fromkeys((years[0], years[-1])))
    return f"graduates {'-'.join(map(str, span))} ({', '.join(levels)}) by matrix"


def _from_second(value: float, years: int) -> Floats:
    return np.concatenate([[np.nan], np.full(years - 1, value)])
