"""Where the outlook is read: Cedefop's forecast, bundled, by occupation and year; of the Netherlands and of countries.

The file marks no year as forecast. Growth changes by 6 to 9 percentage points a year (median over groups and countries)
up to 2022, and by less than half a point after: the survey ends in LAST_OBSERVED. A count of 0 means that the survey
found too few to tell, so it is unknown here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from overstap.errors import StudyError
from overstap.reference import tables

Floats = npt.NDArray[np.float64]

LAST_OBSERVED = 2022
WINDOW = (2025, 2030)
"""Years between which the outlook is read, by default: the path that docs/method.md discusses."""
WINDOW_END = 2035  # last year of the bundled forecast
SOURCE = "cedefop_forecast"
UNION = "EU27"
"""The sum of the other countries: no country of its own."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Employment (persons) [group, year], NaN where unknown, of groups with their country."""

    countries: tuple[str, ...]
    codes: tuple[str, ...]
    years: tuple[int, ...]
    employed: Floats

    def between(self, first: int, last: int) -> Floats:
        """The columns of the years from `first` to `last`, both included."""
        return self.employed[:, self.years.index(first) : self.years.index(last) + 1]


def employment_paths() -> dict[str, dict[int, float]]:
    """Dutch employment (persons) by two-digit group and year; 0 where the forecast has no figure for the group."""
    paths: dict[str, dict[int, float]] = {}
    for row in tables.load("cedefop_employment").to_pylist():
        paths.setdefault(row["isco08_code"], {})[row["year"]] = float(row["employed"])
    return paths


@lru_cache(maxsize=1)
def country_paths() -> Paths:
    """Employment by two-digit group of every country of the forecast, the Netherlands with them."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    for row in tables.load("cedefop_countries").to_pylist():
        found.setdefault((row["country"], row["isco08_code"]), {})[row["year"]] = float(row["employed"])
    found |= {("NL", code): path for code, path in employment_paths().items()}
    keys = sorted(found)
    years = tuple(sorted({year for path in found.values() for year in path}))
    employed = np.array([[found[key].get(year) or np.nan for year in years] for key in keys])
    return Paths(tuple(c for c, _ in keys), tuple(code for _, code in keys), years, employed)


def dutch_paths() -> Paths:
    """The Dutch part of `country_paths`."""
    paths = country_paths()
    mine = np.array([country == "NL" for country in paths.countries])
    codes = tuple(code for code, own in zip(paths.codes, mine, strict=True) if own)
    return Paths(("NL",) * len(codes), codes, paths.years, paths.employed[mine])


def outflow_rates(years: range) -> dict[str, Floats]:
    """Persons who leave a major group in each of `years` (replacement demand), as a share of those in it that year."""
    employed: dict[str, Floats] = {}
    for code, path in employment_paths().items():
        employed[code[0]] = employed.get(code[0], np.zeros(len(years))) + np.array([path[year] for year in years])
    left = {major: np.full(len(years), np.nan) for major in employed}
    for row in tables.load("cedefop_openings").to_pylist():
        if row["year"] in years and row["isco08_code"] in left:
            left[row["isco08_code"]][row["year"] - years.start] = row["replacement"]
    return {major: left[major] / employed[major] for major in employed}


def leaving_rates(window: tuple[int, int]) -> dict[str, float]:
    """Persons who leave a two-digit group a year over `window`, as a share of those in it at its first year."""
    start, end = window
    rates = outflow_rates(range(start + 1, end + 1))
    found: dict[str, float] = {}
    for code, path in employment_paths().items():
        if path[start] > 0:
            stock = np.array([path[year] for year in range(start + 1, end + 1)])
            found[code] = float((rates[code[0]] * stock).mean() / path[start])
    return found


def check_window(window: tuple[int, int], paths: Mapping[str, Mapping[int, float]]) -> None:
    """Raises `StudyError` where the years of `window` are not in order or not in the forecast (`employment_paths`)."""
    years = sorted(next(iter(paths.values())))
    if window[0] >= window[1] or not set(window) <= set(years):
        raise StudyError(
            f"The outlook cannot be read from {window[0]} to {window[1]}.",
            why=f"The bundled forecast has the years {years[0]} to {years[-1]}; the first must come before the last.",
            fix=f"Choose years such as {WINDOW[0]}-{WINDOW[1]}, or bring your own outlook.",
        )
