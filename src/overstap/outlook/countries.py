"""The Netherlands among other countries: the mix of occupations, its growth, and the place in the row.

Employment is Cedefop's, of 32 countries and the union; other indicators come from Eurostat's tables, as the user brings
them. A rank is that of the published figures: differences of a tenth of a point are no lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.outlook.backtest import spread
from overstap.outlook.eurostat import Series
from overstap.outlook.source import LAST_OBSERVED, SOURCE, UNION, WINDOW_END, Floats, country_paths
from overstap.schema import table_spec

UNIONS = frozenset({UNION, "EU27_2020", "EU28", "EU", "EA", "EA19", "EA20"})
ICT = ("25", "35")
"""Two-digit groups of ICT professionals and technicians; Eurostat's ICT specialists also count finer groups."""
_FIRST = 2012
"""First year of growth in the past: in 2010 and 2011 ISCO-08 was new, and many series of the file jump."""
SHARES = (_FIRST, LAST_OBSERVED, WINDOW_END)
GROWTHS = ((_FIRST, LAST_OBSERVED), (LAST_OBSERVED, WINDOW_END))
_UNLIKELY = 0.95


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the comparison and the employment of its two-digit groups [group, country, year], NaN unknown."""

    kind: str
    code: str
    groups: tuple[str, ...]
    parts: Floats

    @property
    def employed(self) -> Floats:
        """Employment [country, year] of the groups that have a figure; NaN where none has."""
        known = ~np.isnan(self.parts)
        return np.where(known.any(axis=0), np.nansum(self.parts, axis=0), np.nan)

    def in_all(self, at: Sequence[int]) -> tuple[Floats, list[str | None]]:
        """Employment [country, year] in the years `at` of the groups known in all of them, and which are left out."""
        parts = self.parts[:, :, at]
        known: npt.NDArray[np.bool_] = np.isnan(parts).sum(axis=2) == 0
        total = np.where((known.sum(axis=0) > 0)[:, None], np.where(known[:, :, None], parts, 0.0).sum(axis=0), np.nan)
        missing = [", ".join(g for g, k in zip(self.groups, has, strict=True) if not k) or None for has in known.T]
        return total, missing


def benchmark(series: Sequence[Series] = ()) -> pa.Table:
    """The rows of `out_countries`: shares and growth of occupations, and the user's indicators, with ranks."""
    rows = [row for one in (_cedefop(), *(_eurostat(one) for one in series)) for row in one]
    return pa.Table.from_pylist(rows, schema=table_spec("out_countries").schema)


def _items() -> tuple[list[str], tuple[int, ...], list[_Item], Floats]:
    """Countries, years, items, and all employment [country, year]."""
    paths = country_paths()
    countries = sorted(set(paths.countries))
    shape = (len(countries), len(paths.years))
    at = {country: i for i, country in enumerate(countries)}
    found: dict[tuple[str, str], dict[str, Floats]] = {}
    for country, code, path in zip(paths.countries, paths.codes, paths.employed, strict=True):
        for key in (("isco2", code), ("isco1", code[0]), *([("group", "ict")] if code in ICT else [])):
            found.setdefault(key, {}).setdefault(code, np.full(shape, np.nan))[at[country]] = path
    items = [_Item(*key, tuple(parts), np.array(list(parts.values()))) for key, parts in sorted(found.items())]
    total = np.nansum([item.employed for item in items if item.kind == "isco1"], axis=0)
    return countries, paths.years, items, np.where(total > 0, total, np.nan)


def _cedefop() -> Iterator[dict[str, object]]:
    countries, years, items, total = _items()
    jumps = {item.code: _breaks(item.employed, years) for item in items if item.kind != "group"}
    of_ict = [sorted({*one, *other}) for one, other in zip(*(jumps[code] for code in ICT), strict=True)]
    yield from _distance(countries, years, items)
    for item in items:
        breaks = jumps.get(item.code, of_ict)
        for year in SHARES:
            compared = SHARES if len(item.groups) > 1 else (year,)  # a sum is of the same groups in every year
            part, missing = item.in_all([years.index(one) for one in compared])
            share = 100 * part[:, compared.index(year)] / total[:, years.index(year)]
            basis = "survey" if year <= LAST_OBSERVED else "forecast"
            yield from _ranked(countries, share, item, "share", str(year), basis, "%", breaks, missing)
        for first, last in GROWTHS:
            ends, missing = item.in_all([years.index(first), years.index(last)])
            growth = 100 * ((ends[:, 1] / ends[:, 0]) ** (1 / (last - first)) - 1)
            basis = "survey" if last <= LAST_OBSERVED else "forecast"
            yield from _ranked(countries, growth, item, "growth", f"{first}-{last}", basis, "% a year", breaks, missing)


def _distance(countries: Sequence[str], years: Sequence[int], items: Sequence[_Item]) -> Iterator[dict[str, object]]:
    """The part of workers who would have to change group for the union's mix of two-digit groups (Duncan 1955).

    Both mixes are over the groups that have a figure in the country.
    """
    fine = [item for item in items if item.kind == "isco2"]
    groups = tuple(item.code for item in fine)
    whole, union = _Item("mix", "isco2", groups, np.empty(0)), countries.index(UNION)
    for year in SHARES:
        jobs = np.array([item.employed[:, years.index(year)] for item in fine])
        known = ~np.isnan(jobs)
        own, others = (np.where(known, one, 0.0) for one in (jobs, jobs[:, [union]]))
        apart = 50 * np.abs(own / own.sum(axis=0) - others / others.sum(axis=0)).sum(axis=0)
        missing = [", ".join(np.array(groups)[~has]) or None for has in known.T]
        basis = "survey" if year <= LAST_OBSERVED else "forecast"
        yield from _ranked(countries, apart, whole, "distance", str(year), basis, "%", [[]] * len(countries), missing)


def _breaks(employed: Floats, years: Sequence[int]) -> list[list[int]]:
    """The years up to LAST_OBSERVED in which a series jumps further than 95 % of series of its size do in a year."""
    past = slice(years.index(_FIRST), years.index(LAST_OBSERVED) + 1)
    later = list(years[past])[1:]
    log = np.log(employed[:, past])
    size = np.nan_to_num(employed[:, past].mean(axis=1), nan=1.0)
    usual = spread().half_width(np.maximum(size, 1.0), np.array([1.0]), _UNLIKELY)
    jumps = np.abs(np.diff(log, axis=1)) > usual
    return [[year for year, jump in zip(later, row, strict=True) if jump] for row in jumps]


def _ranked(
    countries: Sequence[str],
    values: Floats,
    item: _Item,
    measure: str,
    period: str,
    basis: str,
    unit: str,
    breaks: Sequence[Sequence[int]],
    missing: Sequence[str | None],
) -> Iterator[dict[str, object]]:
    """Rows of one measure. What leaves groups out is named and has no rank; a group without a figure has no row."""
    whole = [c for c, without in zip(countries, missing, strict=True) if without is None]
    values_of = dict(zip(countries, map(float, values), strict=True))
    ranks, n = ranks_of({country: values_of[country] for country in whole})
    for country, jumps, without in zip(countries, breaks, missing, strict=True):
        value = values_of[country]
        if np.isnan(value) and len(item.groups) < 2:
            continue
        inside = [str(year) for year in jumps if measure == "growth" and period.startswith(str(_FIRST))]
        yield {
            "country": country,
            "measure": measure,
            "item_kind": item.kind,
            "item": item.code,
            "period": period,
            "value": None if np.isnan(value) else value,
            "unit": unit,
            "rank": ranks.get(country),
            "countries_n": n,
            "left_out": without,
            "basis": basis,
            "breaks": ", ".join(inside) or None,
            "source": SOURCE,
        }


def ranks_of(values: Mapping[str, float]) -> tuple[dict[str, int], int]:
    """The rank of each country, 1 the highest, and how many have a value; unions have none, equals share a rank."""
    known = {c: v for c, v in values.items() if not np.isnan(v) and c not in UNIONS}
    return {c: 1 + sum(other > v for other in known.values()) for c, v in known.items()}, len(known)


def _eurostat(series: Series) -> Iterator[dict[str, object]]:
    for year in sorted({year for _, year in series.values}):
        mine = {country: value for (country, then), value in series.values.items() if then == year}
        ranks, n = ranks_of(mine)
        for country, value in sorted(mine.items()):
            flag = series.flags.get((country, year), "")
            yield {
                "country": country,
                "measure": "indicator",
                "item_kind": "eurostat",
                "item": series.name,
                "period": str(year),
                "value": value,
                "unit": series.unit,
                "rank": ranks.get(country),
                "countries_n": n,
                "left_out": None,
                "basis": "survey",
                "breaks": str(year) if "b" in flag else None,
                "source": series.source,
            }
