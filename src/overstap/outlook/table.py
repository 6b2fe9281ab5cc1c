"""The outlook as tables: a row for each occupation and year, and one for each occupation over all years.

Bundled figures are laid under the user's own: a path of one's own takes the place of the bundled one for that
occupation; inflow, unemployed and vacancies are added to either. Where at least so many graduates enter, and nobody
knows how many at most, a balance has a lower bound alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.outlook.balance import balance, indicator, inflow_draws, openings, openings_roa
from overstap.outlook.cells import ALL_REGIONS, LEVELS, PARTS, Cells, bundled, change, own_cells
from overstap.outlook.classes import ita_class, tension_class
from overstap.outlook.draws import bounds, stream
from overstap.outlook.own import Own
from overstap.outlook.source import WINDOW, WINDOW_END, Floats
from overstap.reference.tables import load

Key = tuple[str, str, str]  # level, code, region


@dataclass(frozen=True, slots=True)
class Settings:
    """Years, number of draws, seed, the confidence of intervals (0–1), and the levels to give."""

    first: int = WINDOW[0]
    last: int = WINDOW_END
    draws: int = 1_000
    seed: int = 1
    confidence: float = 0.8
    levels: tuple[str, ...] = LEVELS


@dataclass(frozen=True, slots=True)
class Outlook:
    """Cells with the inflow of graduates [cell, year] and its draws, and what else the user knows of them."""

    cells: Cells
    inflow_low: Floats
    inflow_high: Floats
    inflow: Floats
    own: Mapping[Key, Sequence[Own]]

    def key(self, at: int) -> Key:
        """Level, code and region of a cell."""
        return self.cells.level, self.cells.codes[at], self.cells.regions[at]


def outlook(settings: Settings, own: Sequence[Own] = ()) -> list[Outlook]:
    """The outlook of every level, bundled and own. Raises `StudyError` where a year has no forecast."""
    made = bundled(settings.first, settings.last, settings.draws, settings.seed, settings.levels)
    paths = [row for row in own if row.has_path]
    replaced = {(row.level, row.code, row.region) for row in paths}
    cells = [_without(c, replaced) for c in made] + own_cells(paths, settings.draws, settings.seed)
    beside: dict[Key, list[Own]] = {}
    for row in own:
        beside.setdefault((row.level, row.code, row.region), []).append(row)
    return [_with_inflow(c, beside, settings) for c in cells if c.codes]


def _without(cells: Cells, replaced: set[Key]) -> Cells:
    kept = [i for i, code in enumerate(cells.codes) if (cells.level, code, cells.regions[i]) not in replaced]
    return chosen(cells, kept)


def chosen(cells: Cells, kept: Sequence[int]) -> Cells:
    """Some of the cells, in the order given."""
    if len(kept) == len(cells.codes):
        return cells
    at = list(kept)
    return Cells(
        cells.level,
        tuple(cells.codes[i] for i in at),
        tuple(cells.regions[i] for i in at),
        cells.years,
        cells.employed[at],
        cells.outflow[at],
        cells.employed_draws[at],
        cells.outflow_draws[at],
        tuple(cells.employed_basis[i] for i in at),
        tuple(cells.outflow_basis[i] for i in at),
        tuple(cells.sources[i] for i in at),
        tuple(cells.groups_n[i] for i in at),
        {name: values[at] for name, values in cells.parts.items()},
    )


def _with_inflow(cells: Cells, beside: Mapping[Key, Sequence[Own]], settings: Settings) -> Outlook:
    low, high = (np.full(cells.employed.shape, np.nan) for _ in range(2))
    for i, code in enumerate(cells.codes):
        for row in beside.get((cells.level, code, cells.regions[i]), ()):
            for at, year in enumerate(cells.years):
                if year in row.years and np.isnan(low[i, at]):
                    then = row.years.index(year)
                    low[i, at], high[i, at] = row.inflow_low[then], row.inflow_high[then]
    draws = np.full((*low.shape, settings.draws), np.nan)
    one = Outlook(cells, low, high, draws, beside)
    for known in np.flatnonzero(~np.isnan(low).all(axis=1)).tolist():
        within = stream(settings.seed, "inflow", *one.key(known)).random((1, 1, settings.draws))
        draws[[known]] = inflow_draws(low[[known]], high[[known]], within)
    return one


def yearly(outlooks: Iterable[Outlook], confidence: float) -> pa.Table:
    """The rows of `out_outlook`: an occupation in a year, every flow with its interval."""
    from overstap.schema import table_spec

    rows = [row for one in outlooks for row in _years(one, confidence)]
    return pa.Table.from_pylist(rows, schema=table_spec("out_outlook").schema)


def whole(outlooks: Iterable[Outlook], confidence: float) -> pa.Table:
    """The rows of `out_outlook_window`: an occupation over all years, with the classes of ROA and UWV."""
    from overstap.schema import table_spec

    rows = [row for one in outlooks for row in _wholes(one, confidence)]
    return pa.Table.from_pylist(rows, schema=table_spec("out_outlook_window").schema)


def _years(one: Outlook, confidence: float) -> Iterable[dict[str, Any]]:
    cells = one.cells
    expansion, expansion_draws = cells.expansion, change(cells.employed_draws)
    places, places_draws = openings(expansion, cells.outflow), openings(expansion_draws, cells.outflow_draws)
    gap = balance((one.inflow_low + one.inflow_high) / 2, places)
    gap_draws = balance(one.inflow, places_draws)
    least = balance(one.inflow_low[:, :, None], places_draws)
    columns = {
        "employed": (cells.employed, cells.employed_draws),
        "expansion": (expansion, expansion_draws),
        "outflow": (cells.outflow, cells.outflow_draws),
        "openings": (places, places_draws),
        "balance": (gap, gap_draws),
        "balance_total": (_running(gap), _running(gap_draws)),
    }
    values = dict(_bounded(columns, confidence))
    _at_least(values, {"balance": least, "balance_total": _running(least)}, confidence)
    values |= {"openings_roa": openings_roa(expansion, cells.outflow), "short_pct": _short(gap_draws)}
    values |= {"inflow_low": one.inflow_low, "inflow_high": one.inflow_high}
    values |= {name: cells.parts.get(name, np.full_like(gap, np.nan)) for name in PARTS}
    for i in range(len(cells.codes)):
        for at, year in enumerate(cells.years):
            yield _named(one, i) | {"year": year} | {name: _known(value[i, at]) for name, value in values.items()}


def _wholes(one: Outlook, confidence: float) -> Iterable[dict[str, Any]]:
    cells = one.cells
    start, start_draws = cells.employed[:, 0], cells.employed_draws[:, 0]
    more, more_draws = cells.employed[:, -1] - start, cells.employed_draws[:, -1] - start_draws
    left, left_draws = cells.outflow[:, 1:].sum(axis=1), cells.outflow_draws[:, 1:].sum(axis=1)
    places = openings(cells.expansion, cells.outflow)[:, 1:].sum(axis=1)
    places_draws = openings(change(cells.employed_draws), cells.outflow_draws)[:, 1:].sum(axis=1)
    least, most = (ends[:, 1:].sum(axis=1) for ends in (one.inflow_low, one.inflow_high))
    enter = (least + most) / 2
    enter_draws = one.inflow[:, 1:].sum(axis=1)
    idle = np.array([_beside(one, i, "unemployed") for i in range(len(start))])
    seeking = np.nan_to_num(idle)
    columns = {
        "growth_pct": (_pct(more, start), _pct(more_draws, start_draws)),
        "expansion": (more, more_draws),
        "outflow": (left, left_draws),
        "openings": (places, places_draws),
        "balance": (balance(enter, places), balance(enter_draws, places_draws)),
        "ita": (indicator(enter, seeking, places), indicator(enter_draws, seeking[:, None], places_draws)),
    }
    values = dict(_bounded(columns, confidence)) | {"employed": start, "inflow": enter}
    values |= {"inflow_low": least, "inflow_high": most}
    of_least = indicator(least[:, None], seeking[:, None], places_draws)
    _at_least(values, {"balance": balance(least[:, None], places_draws), "ita": of_least}, confidence)
    values |= {"openings_roa": openings_roa(more, left), "short_pct": _short(columns["balance"][1])}
    for i in range(len(start)):
        row = _named(one, i) | {name: _known(value[i]) for name, value in values.items()}
        counted = bool(idle[i] == idle[i])  # ROA's classes count the unemployed: without them there is a ratio alone
        row |= {"first_year": cells.years[0], "last_year": cells.years[-1]}
        row["ita_class"] = ita_class(row["ita"]) if counted else None
        row["with_unemployed"] = None if row["ita"] is None else counted
        yield row | _tension(one, i)


def _tension(one: Outlook, at: int) -> dict[str, Any]:
    """Vacancies per short-term unemployed: the user's, else UWV's published figure."""
    open_, idle = (_beside(one, at, name) for name in ("vacancies", "unemployed"))
    level, code, region = one.key(at)
    tension = open_ / idle if idle > 0 else np.nan
    source = "own" if tension == tension else None
    published = _published_tension().get(code) if (level, region) == ("brc", ALL_REGIONS) else None
    if source is None and published:
        tension, source = published["tension"], f"uwv {published['period']}"
    return {"tension": _known(tension), "tension_class": tension_class(tension), "tension_source": source}


@lru_cache(maxsize=1)
def _published_tension() -> dict[str, dict[str, Any]]:
    return {row["brc_code"]: row for row in load("tightness").to_pylist()}


def _beside(one: Outlook, at: int, name: str) -> float:
    values = [float(getattr(row, name)) for row in one.own.get(one.key(at), ())]
    return next((value for value in values if value == value), np.nan)


def _named(one: Outlook, at: int) -> dict[str, Any]:
    level, code, region = one.key(at)
    cells = one.cells
    enters = _entering(one, at)
    return {
        "level": level,
        "code": code,
        "region": region,
        "employed_basis": cells.employed_basis[at],
        "outflow_basis": cells.outflow_basis[at],
        "source": cells.sources[at],
        "inflow_source": "; ".join(enters) or None,
        "groups_n": cells.groups_n[at],
    }


def _entering(one: Outlook, at: int) -> dict[str, None]:
    """The sources of the inflow: for each year of the first row that has one (`_with_inflow`)."""
    rows, found = one.own.get(one.key(at), ()), dict[str, None]()
    for year in one.cells.years:
        given = (row.source for row in rows if year in row.years and row.inflow_low[row.years.index(year)] >= 0)
        found |= dict.fromkeys(islice(given, 1))
    return found


def _bounded(columns: Mapping[str, tuple[Floats, Floats]], confidence: float) -> Iterable[tuple[str, Floats]]:
    """Each value with its bounds as the draws have them: nothing is done where one lies beyond the other."""
    for name, (value, draws) in columns.items():
        low, high = bounds(draws, confidence)
        yield name, value
        yield _stem(name, "low"), np.where(np.isfinite(value), low, np.nan)
        yield _stem(name, "high"), np.where(np.isfinite(value), high, np.nan)


def _at_least(values: dict[str, Floats], draws: Mapping[str, Floats], confidence: float) -> None:
    """Give a value of which only a least is known its lower bound, from `draws` at that least; the rest stays NaN."""
    for name, several in draws.items():
        floor = bounds(several, confidence)[0]
        values[f"{name}_low"] = np.where(np.isnan(values[name]) & np.isfinite(floor), floor, values[f"{name}_low"])


def _stem(name: str, end: str) -> str:
    return f"{name.removesuffix('_pct')}_{end}"


def _running(flows: Floats) -> Floats:
    """The sum since the base year; NaN in it, and from the first unknown year on."""
    total = np.cumsum(flows[:, 1:], axis=1)
    return np.concatenate([np.full_like(flows[:, :1], np.nan), total], axis=1)


def _short(gap: Floats) -> Floats:
    """The part of draws with a shortage (%); NaN where the balance is unknown."""
    return np.where(np.isnan(gap).any(axis=-1), np.nan, 100 * (gap < 0).mean(axis=-1))


def _pct(part: Floats, of: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(of > 0, 100 * part / of, np.nan)
    return found


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
