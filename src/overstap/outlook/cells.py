"""Employment and outflow of occupations by year, with their draws: from the bundled forecast or the user's own table.

Two-digit and major groups are Cedefop's own figures. BRC 2014 groups and unit groups start from CBS's jobs and inherit
the growth of their two-digit group; how finer groups scatter about it is drawn, within totals that stand. Errors grow
from the base year, which is taken as known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from overstap.moves.facts import allocated_units
from overstap.outlook.backtest import spread
from overstap.outlook.draws import error_paths, kept_within, rate_factors
from overstap.outlook.own import Own
from overstap.outlook.source import (
    LAST_OBSERVED,
    SOURCE,
    WINDOW_END,
    Floats,
    check_window,
    dutch_paths,
    employment_paths,
    outflow_rates,
)

LEVELS = ("isco1", "isco2", "brc", "isco4")
PARTS = ("retirement", "exits", "mobility")
ALL_REGIONS = "all"


@dataclass(frozen=True, slots=True)
class Cells:
    """Occupations of one level with the same years: persons [cell, year], draws [cell, year, draw].

    The first year is the base: it has a stock and no flows, so every array of flows has NaN there. `parts` of the
    outflow are known only where the user's table gives them. Bases are observed, allocated or own.
    """

    level: str
    codes: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    employed: Floats
    outflow: Floats
    employed_draws: Floats
    outflow_draws: Floats
    employed_basis: tuple[str, ...]
    outflow_basis: tuple[str, ...]
    sources: tuple[str, ...]
    groups_n: tuple[int, ...]
    parts: dict[str, Floats] = field(default_factory=dict)

    @property
    def expansion(self) -> Floats:
        """Change of employment in each year; NaN in the base year."""
        return change(self.employed)


def change(stock: Floats) -> Floats:
    """Change from the year before along axis 1, NaN in the first year."""
    return np.concatenate([np.full_like(stock[:, :1], np.nan), np.diff(stock, axis=1)], axis=1)


def bundled(first: int, last: int, draws: int, seed: int, levels: Sequence[str] = LEVELS) -> list[Cells]:
    """The bundled outlook of each of `levels`. Raises `StudyError` where a year has no forecast."""
    check_window((first, last), employment_paths())
    codes, employed = _known(first, last)
    horizon = np.arange(employed.shape[1], dtype=float)
    factors = error_paths(spread(), employed[:, 0], horizon, draws, seed, _names("isco2", codes))
    groups = _Groups(codes, tuple(range(first, last + 1)), employed, factors, _rates(codes, first, last))
    found = _cedefop(groups, seed)
    if {"brc", "isco4"} & set(levels):
        found += _allocated(groups, seed)
    return [cells for cells in found if cells.level in levels]


def _names(level: str, codes: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(level, code, ALL_REGIONS) for code in codes]


@dataclass(frozen=True, slots=True)
class _Groups:
    """Two-digit groups: persons and rates of outflow [group, year], and factors of error [group, year, draw]."""

    codes: tuple[str, ...]
    years: tuple[int, ...]
    employed: Floats
    factors: Floats
    rates: Floats

    @property
    def draws(self) -> int:
        """How many futures there are."""
        return int(self.factors.shape[2])


def _known(first: int, last: int) -> tuple[tuple[str, ...], Floats]:
    """Two-digit groups with a figure in the first year, and their paths."""
    paths = dutch_paths()
    employed = paths.between(first, last)
    kept = [not np.isnan(path).any() for path in employed]
    return tuple(code for code, known in zip(paths.codes, kept, strict=True) if known), employed[kept]


def _rates(codes: Sequence[str], first: int, last: int) -> Floats:
    """Persons who leave, as a share of those employed [group, year]; NaN in the base year."""
    rates = outflow_rates(range(first + 1, last + 1))
    return np.array([np.concatenate([[np.nan], rates[code[0]]]) for code in codes])


def rate_spread() -> float:
    """How rates of outflow differ between major groups: the standard deviation of their logs, for what is finer."""
    rates = outflow_rates(range(LAST_OBSERVED + 1, WINDOW_END + 1))
    return float(np.std([np.log(np.nanmean(rate)) for rate in rates.values()], ddof=1))


def _cedefop(groups: _Groups, seed: int) -> list[Cells]:
    codes, years, employed, rate = groups.codes, groups.years, groups.employed, groups.rates
    stock = employed[:, :, None] * groups.factors
    leaving = rate[:, :, None] * stock
    majors, at = np.unique([code[0] for code in codes], return_inverse=True)
    sums = (at[None, :] == np.arange(len(majors))[:, None]).astype(float)
    flows = _Flows(employed, rate * employed, stock, leaving)
    n = [int(k) for k in sums.sum(axis=1)]
    spread_out = rate_factors(rate_spread(), groups.draws, seed, _names("isco2", codes))
    finer = flows._replace(outflow_draws=leaving * spread_out)
    return [
        _cells("isco1", majors.tolist(), years, flows.over(sums), ("observed", "observed"), n),
        _cells("isco2", codes, years, finer, ("observed", "allocated"), [1] * len(codes)),
    ]


def _allocated(groups: _Groups, seed: int) -> list[Cells]:
    units = allocated_units((groups.years[0], groups.years[-1]))
    at = {code: i for i, code in enumerate(groups.codes)}
    kept = np.array([i for i, code in enumerate(units.codes) if code[:2] in at])
    parent = np.array([at[units.codes[i][:2]] for i in kept])
    jobs, years = units.jobs[kept], groups.years
    central = jobs[:, None] * (groups.employed / groups.employed[:, :1])[parent]
    horizon = np.arange(len(years), dtype=float)
    names = _names("isco4", [units.codes[i] for i in kept])
    own = error_paths(spread("allocation"), jobs, horizon, groups.draws, seed, names, shared=0.0)
    stock = central[:, :, None] * groups.factors[parent] * kept_within(own, jobs, parent)
    rate = groups.rates[parent]
    spread_out = rate_factors(rate_spread(), groups.draws, seed, names)
    flows = _Flows(central, rate * central, stock, rate[:, :, None] * stock * spread_out)
    every, basis = np.array(units.brc), ("allocated", "allocated")
    sums: dict[str, Floats] = {}
    for group in np.unique(every):
        whole, mine = units.jobs[every == group].sum(), every[kept] == group
        if mine.any() and jobs[mine].sum() >= whole / 2:  # else most of its jobs have no forecast
            sums[str(group)] = mine * (whole / jobs[mine].sum())
    n = [len(set(parent[weight > 0])) for weight in sums.values()]
    real = np.array([not units.codes[i].endswith("00") for i in kept])  # the others stand for a rest group of BRC
    codes = [units.codes[i] for i in kept[real]]
    return [
        _cells("brc", list(sums), years, flows.over(np.array(list(sums.values()))), basis, n),
        _cells("isco4", codes, years, flows.over(np.eye(len(kept))[real]), basis, [1] * len(codes)),
    ]


class _Flows(NamedTuple):
    """Employed and outflow [cell, year], and their draws."""

    employed: Floats
    outflow: Floats
    employed_draws: Floats
    outflow_draws: Floats

    def over(self, sums: Floats) -> _Flows:
        """Weighted sums over cells; `sums` is [new cell, cell]."""
        return _Flows(*(np.tensordot(sums, array, axes=1) for array in self))


def _cells(
    level: str,
    codes: Sequence[str],
    years: tuple[int, ...],
    flows: _Flows,
    bases: tuple[str, str],
    groups_n: Sequence[int],
) -> Cells:
    n, (employed_basis, outflow_basis) = len(codes), bases
    known = (employed_basis,) * n, (outflow_basis,) * n
    flows.employed_draws[:, 0] = flows.employed[:, :1]  # the base year is known, to the last digit of a sum
    return Cells(level, tuple(codes), (ALL_REGIONS,) * n, years, *flows, *known, (SOURCE,) * n, tuple(groups_n))


def own_cells(rows: Sequence[Own], draws: int, seed: int) -> list[Cells]:
    """The user's own paths, those of one level and the same years together; their errors are as large as the past's."""
    alike: dict[tuple[str, tuple[int, ...]], list[Own]] = {}
    for row in rows:
        alike.setdefault((row.level, row.years), []).append(row)
    found = []
    for (level, years), mine in alike.items():
        employed, outflow = np.array([row.employed for row in mine]), np.array([row.outflow for row in mine])
        horizon = np.array(years, dtype=float) - years[0]
        size, names = np.maximum(employed[:, 0], 1.0), [(row.level, row.code, row.region) for row in mine]
        stock = employed[:, :, None] * error_paths(spread(), size, horizon, draws, seed, names)
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = np.where(employed > 0, outflow / employed, np.nan)
        leaving = np.where(employed[:, :, None] > 0, rate[:, :, None] * stock, outflow[:, :, None])
        parts = {name: np.array([row.parts[name] for row in mine]) for name in PARTS}
        found.append(
            Cells(
                level,
                tuple(row.code for row in mine),
                tuple(row.region for row in mine),
                years,
                *_Flows(employed, outflow, stock, leaving),
                tuple(row.basis for row in mine),
                tuple(row.basis for row in mine),
                tuple(row.source for row in mine),
                (1,) * len(mine),
                parts,
            )
        )
    return found
