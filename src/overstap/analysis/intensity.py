"""Digital intensity: how many vacancies ask digital skills, and how many of them they ask; and whether borders fade.

The mean number of digital skills and the depth (the mean among vacancies that ask any) are ratios of sums over
employers, as shares are. The borders between ICT and other functions compare groups that the same employers post for in
the same years, so their intervals leave out groups of employers one at a time (see `overstap.analysis.jackknife`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, Longs
from overstap.analysis.cross import cells_of, sum_both
from overstap.analysis.jackknife import interval, without_each
from overstap.analysis.market import known, table_of
from overstap.analysis.uncertainty import Floats, Sums, clustered_means, clustered_shares
from overstap.schema.out import ALL

GROUP = "digital"
ICT, OTHERS = "ict", ("manager", "other")
MEASURES = ("share", "mean", "depth")
_SETS = ((), ("function_group",), ("sector",), ("sector", "function_group"))
_ITEMS = ("vacancy", "any", "each")  # what is counted: vacancies, those that ask any digital skill, and each skill
_VACANCY, _ANY, _EACH = range(3)
Row = dict[str, Any]


def digital_counts(codes: Codes, skills: pa.Table) -> Longs:
    """How many digital skills each vacancy asks; `skills`: `core_skills`."""
    group = dict(zip(skills["skill_id"].to_pylist(), skills["category_group"].to_pylist(), strict=True))
    column = codes.column("skill")
    assert column.offsets is not None
    digital = np.array([*(group.get(skill) == GROUP for skill in column.levels), False])[column.codes]
    before = np.concatenate([[0], np.cumsum(digital)])
    return np.asarray(np.diff(before[column.offsets]), dtype=np.int64)


def intensity_table(codes: Codes, skills: pa.Table, *, confidence: float, min_n: int) -> pa.Table:
    """Rows of `out_intensity`: by function group and sector, both or either or none, in all and in each year."""
    if not codes.n:
        return table_of("out_intensity", [])
    counts = digital_counts(codes, skills)
    items = _repeated(counts)
    rows: list[Row] = []
    for by in _SETS:
        whole, some = _sums(codes, by, items), _sums(codes, by, items, counts > 0)
        rows += [
            _row(dict(zip((*by, "year"), key, strict=True)), sums, some.get(key), confidence, min_n)
            for key, sums in whole.items()
        ]
    return table_of(
        "out_intensity", sorted(rows, key=lambda row: (row["period"], row["sector"], row["function_group"]))
    )


def _row(cell: dict[str, str], whole: list[Sums], some: list[Sums] | None, confidence: float, min_n: int) -> Row:
    """A row of `out_intensity` from the sums of all vacancies of a cell, and of those that ask any digital skill."""
    share, mean = clustered_shares(whole[_ANY], confidence), clustered_means(whole[_EACH], confidence)
    n, employers = int(whole[_ANY].n[0]), int(whole[_ANY].g[0])
    row = {
        "period": cell.get("year", ALL),
        "function_group": cell.get("function_group", ALL),
        "sector": cell.get("sector", ALL),
        "vacancies_n": n,
        "employers_n": employers,
        "digital_n": int(whole[_ANY].x[0]),
        "skills_n": int(whole[_EACH].x[0]),
        **_bounds("share_pct", share.share * 100, share.low * 100, share.high * 100),
        **_bounds("mean", mean.share, mean.low, mean.high),
        "is_reliable": n >= min_n and employers >= 2,
    }
    if some is not None:
        depth = clustered_means(some[_EACH], confidence)
        row |= _bounds("depth", depth.share, np.maximum(depth.low, 1.0), depth.high)
    return row


def _bounds(name: str, value: Floats, low: Floats, high: Floats) -> Row:
    stem = name.removesuffix("_pct")
    return {name: known(value[0]), f"{stem}_low": known(low[0]), f"{stem}_high": known(high[0])}


def _sums(
    codes: Codes, by: Sequence[str], items: Column, kept: NDArray[np.bool_] | None = None
) -> dict[tuple[str, ...], list[Sums]]:
    """By the values of each cell and year, or all, its sums of each of _ITEMS, of the vacancies that are `kept` (None:
    all)."""
    cells: dict[tuple[str, ...], list[Sums]] = {}
    none = np.zeros(1)
    for found in sum_both(codes, cells_of(codes, by, kept), items, "year"):
        x, n, g, xx, xn, nn = (
            found.measures[name] for name in ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
        )
        for i, item in enumerate(found.items):
            at, key = slice(i, i + 1), tuple(codes.levels(name)[found.keys[name][i]] for name in by)
            key = (*key, codes.levels("year")[found.keys["year"][i]] if "year" in found.keys else ALL)
            if item == _VACANCY:  # the first of each cell, in which every vacancy is
                cells[key] = [Sums(none, n[at], g[at], none, none, nn[at]) for _ in _ITEMS]
            cells[key][item] = Sums(x[at], n[at], g[at], xx[at], xn[at], nn[at])
    return cells


def _repeated(counts: Longs) -> Column:
    """Items of each vacancy: once itself, once that it asks any digital skill, and once each skill that it asks."""
    offsets = np.concatenate([[0], np.cumsum(1 + (counts > 0) + counts)])
    items = np.full(offsets[-1], _EACH, np.int32)
    items[offsets[:-1]] = _VACANCY
    items[offsets[:-1][counts > 0] + 1] = _ANY
    return Column(items, list(_ITEMS), offsets)


def borders_table(codes: Codes, skills: pa.Table, *, confidence: float, min_n: int) -> pa.Table:
    """Rows of `out_borders`: by sector and year, how far each other function group is behind ICT, and how far that has
    changed since the first year. Unknown where a group has fewer than `min_n` vacancies."""
    groups, sectors, years = (codes.levels(name) for name in ("function_group", "sector", "year"))
    others = [group for group in OTHERS if group in groups]
    if ICT not in groups:
        return table_of("out_borders", [])
    n, gap, change = _gaps(codes, digital_counts(codes, skills), others, confidence)
    rows: list[Row] = []
    for s, sector in enumerate([*sectors, ALL]):
        for o, other in enumerate(others):
            for y, year in enumerate(years):
                enough = min(n[s, y, o], n[s, y, -1]) >= min_n
                first = enough and min(n[s, 0, o], n[s, 0, -1]) >= min_n and y > 0
                for m, measure in enumerate(MEASURES):
                    at, scale = (s, y, o, m), 100 if measure == "share" else 1
                    row: Row = {"sector": sector, "function_group": other, "measure": measure, "period": year}
                    row |= {"ict_n": int(n[s, y, -1]), "group_n": int(n[s, y, o])}
                    for name, values, told in (("gap", gap, enough), ("change", change, first)):
                        value, low, high = (known(v[at] * scale) if told else None for v in values)
                        row |= {name: value, f"{name}_low": low, f"{name}_high": high}
                    rows.append(row)
    return table_of("out_borders", rows)


def _gaps(
    codes: Codes, counts: Longs, others: list[str], confidence: float
) -> tuple[Floats, tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]:
    """Vacancies [sector and all, year, other groups and ICT]; ICT less each other group, and its change since the first
    year, with bounds [sector and all, year, other group, measure]."""
    group, groups = codes.groups
    sector, year, function = (codes.column(name) for name in ("sector", "year", "function_group"))
    place = {name: i for i, name in enumerate([*others, ICT])}
    of_function = np.array([place.get(level, -1) for level in function.levels])[function.codes]
    shape = (groups, len(sector.levels), len(year.levels), len(place))
    kept = of_function >= 0
    cell = np.ravel_multi_index((group[kept], sector.codes[kept], year.codes[kept], of_function[kept]), shape)
    size = int(np.prod(shape))
    sums = np.stack(
        [
            np.bincount(cell, weights=weights, minlength=size).reshape(shape)
            for weights in (None, (counts[kept] > 0).astype(np.float64), counts[kept].astype(np.float64))
        ]
    ).astype(np.float64)
    sums = np.concatenate([sums, sums.sum(axis=2, keepdims=True)], axis=2)
    n, some, each = (without_each(part) for part in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.stack([some / n, each / n, each / some], axis=-1)
    gap = values[..., -1:, :] - values[..., :-1, :]
    change = gap - gap[:, :, :1]
    return n[0], (gap[0], *interval(gap, confidence)), (change[0], *interval(change, confidence))
