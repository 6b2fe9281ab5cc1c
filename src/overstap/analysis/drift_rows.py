"""From coded vacancies to `out_drift`: what moved in the feed, in the coding and in the wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis import drift
from overstap.analysis.codes import Codes
from overstap.analysis.coding import NONE
from overstap.analysis.cross import Crossed, cells_of, cross, sum_items
from overstap.analysis.market import Row, known, table_of
from overstap.analysis.periods import follows
from overstap.analysis.uncertainty import Floats, Sums, log_ratio_error, normal_quantile
from overstap.schema.out import ALL, UNKNOWN

_SUMS = ("x", "n", "employers_n", "sum_xx", "sum_xn", "sum_nn")


def drift_table(codes: Codes, boards: pa.Table, least: int) -> pa.Table:
    """Rows of `out_drift`, given `core_boards`; skills with `least` vacancies or more are watched for a change of
    wording."""
    years, sources = codes.levels("year"), codes.levels("source")
    rows = [*_moved_sources(codes, years, sources), *_moved_boards(boards)]
    for kind, dimension in (("source_mix", "isco2"), ("source_language", "language")):
        rows += _moved_mixes(codes, years, sources, kind, dimension)
    rows += _moved_coding(codes, years, sources)
    rows += _moved_wording(codes, years, least, ALL)
    if len(codes.levels("topsector")) > 1:
        rows += _moved_wording(codes, years, least, "topsector")
    return table_of("out_drift", sorted(rows, key=lambda r: (r["kind"], r["subject"], r["topsector"], r["period"])))


def _moved_sources(codes: Codes, years: Sequence[str], sources: Sequence[str]) -> Iterable[Row]:
    pair = codes.column("year").codes.astype(np.int64) * len(sources) + codes.column("source").codes
    counts = np.bincount(pair, minlength=len(years) * len(sources)).reshape(len(years), len(sources))
    for moved in drift.moved_sources(counts):
        row = _drift("source", sources[moved.source], years[moved.last], 100 * moved.before, 100 * moved.after)
        yield row | _counted(codes, [moved.first, moved.last])


def _moved_boards(boards: pa.Table) -> Iterable[Row]:
    """Boards within a feed that joins several; that of a feed with one is the source itself."""
    rows = [r for r in boards.to_pylist() if r["board"]]
    years = sorted({r["year"] for r in rows})
    places = {key: i for i, key in enumerate(sorted({(r["source_id"], r["board"]) for r in rows}))}
    counts = np.zeros((len(years), len(places)), np.int64)
    for r in rows:
        counts[years.index(r["year"]), places[r["source_id"], r["board"]]] += r["vacancies_n"]
    keys = list(places)
    several = Counter(source for source, _ in keys)
    for moved in drift.moved_sources(counts):
        source, board = keys[moved.source]
        if several[source] > 1:
            row = _drift("board", f"{source}/{board}", years[moved.last], 100 * moved.before, 100 * moved.after)
            yield row | {"vacancies_n": int(counts[[moved.first, moved.last]].sum())}


def _moved_mixes(
    codes: Codes, years: Sequence[str], sources: Sequence[str], kind: str, dimension: str
) -> Iterable[Row]:
    table = cross(codes, dimension, ("source",), "year", known=True)
    for source in sources:
        for first, last in _side_by_side(table.filter(pc.equal(table["source"], source)), years, ("item_id",)):
            distance, p_value = drift.mix_distance(first.sums, last.sums)
            if distance >= drift.MIX_MOVED and p_value < drift.CERTAIN:
                row = _drift(kind, source, last.period, None, None, distance, len(first.sums.x), p_value)
                number, year = sources.index(source), years.index(last.period)
                yield row | _counted(codes, [year - 1, year], codes.column("source").codes == number)


def _moved_coding(codes: Codes, years: Sequence[str], sources: Sequence[str]) -> Iterable[Row]:
    asked = codes.column("skill")
    assert asked.offsets is not None
    some = (np.diff(asked.offsets) > 0).astype(np.float64)
    year, source = codes.column("year").codes, codes.column("source").codes
    for number, name in enumerate(sources):
        sums = [_employer_sums(codes.employers, some, (year == y) & (source == number)) for y in range(len(years))]
        for y in range(1, len(years)):
            first, last = sums[y - 1], sums[y]
            if min(first.n[0], last.n[0]) == 0 or min(first.x[0], last.x[0]) == 0:
                continue
            ratio, p_value = drift.coded_otherwise(first, last)
            if abs(np.log(ratio[0])) >= np.log1p(drift.CODED_MOVED) and p_value[0] < drift.CERTAIN:
                before, after = (100 * s.x[0] / s.n[0] for s in (first, last))
                row = _drift("coded", name, years[y], before, after, ratio[0], None, p_value[0])
                row |= _bounds(ratio[0], float(log_ratio_error(first, last)[0]))
                yield row | _counted(codes, [y - 1, y], source == number)


def _moved_wording(codes: Codes, years: Sequence[str], least: int, split: str) -> Iterable[Row]:
    """Flags over all vacancies, or in each topsector: one family each, of every skill, or skill and topsector, that
    `least` vacancies or more ask."""
    if len(years) < 2:
        return
    by = [] if split == ALL else [split]
    whole = sum_items(codes, cells_of(codes, by), "skill", "year")
    found = sum_items(codes, cells_of(codes, [*by, "isco2"]), "skill", "year")
    watched: list[_Watched] = []
    if split == ALL:
        watched += _watch(codes, whole, found, years, least, ALL)
    else:
        for number, place in enumerate(codes.levels(split)):
            if place not in (UNKNOWN, NONE):
                here, there = (side.where(side.keys[split] == number) for side in (whole, found))
                watched += _watch(codes, here, there, years, least, place)
    family = drift.named_otherwise([(one.steps, one.usual) for one in watched])
    for one, told in zip(watched, family, strict=True):
        if told is not None:
            yield one.row(*told, years)


@dataclass(frozen=True)
class _Watched:
    """A skill that is asked often enough in one place: its steps, how far skills usually move in it, and per year the
    vacancies with it (x), all of them (n) and their employers."""

    skill: str
    place: str
    steps: list[drift.Jump]
    usual: float
    counts: dict[str, Floats]

    def row(self, step: drift.Jump, q_value: float, years: Sequence[str]) -> Row:
        """The row of a flag."""
        pair = [step.at - 1, step.at]
        x, n = self.counts["x"][pair], self.counts["n"][pair]
        before, after = (100 * x[i] / n[i] if n[i] else None for i in (0, 1))
        row = _drift("wording", self.skill, years[step.at], before, after, step.ratio, step.units, step.p_value)
        row |= {"topsector": self.place, "q_value": q_value, **_bounds(step.ratio, step.error)}
        row["vacancies_n"] = int(self.counts["vacancies_n"][pair].sum())
        return row | {"employers_n": int(self.counts["employers_n"][pair].max())}


def _watch(
    codes: Codes, whole: Crossed, found: Crossed, years: Sequence[str], least: int, place: str
) -> list[_Watched]:
    """The skills that `least` vacancies or more of one place ask; `found` split by occupation, `whole` not."""
    skills, occupations = codes.levels("skill"), codes.levels("isco2")
    cells = {name: np.zeros((len(skills), len(years))) for name in ("x", "n", "asked_n", "vacancies_n", "employers_n")}
    for name, values in cells.items():
        values[whole.items, whole.keys["year"]] = whole.measures[name]
    sums = np.zeros((len(_SUMS), len(skills), len(years), len(occupations)))
    for i, name in enumerate(_SUMS):
        sums[i, found.items, found.keys["year"], found.keys["isco2"]] = found.measures[name]
    told = np.array([occupation != UNKNOWN for occupation in occupations])
    often = np.flatnonzero(cells["asked_n"].sum(axis=1) >= least)
    steps = {number: _steps(sums[:, number], told, years) for number in often.tolist()}
    usual = drift.usual_step(steps.values())
    return [
        _Watched(skills[number], place, own, usual, {name: values[number] for name, values in cells.items()})
        for number, own in steps.items()
    ]


def _steps(sums: Floats, told: NDArray[np.bool_], years: Sequence[str]) -> list[drift.Jump]:
    """The steps of one skill between years that follow each other: a change over years without ads is none."""
    units = sums[:, :, told & sums[1].any(axis=0)]
    found = drift.steps([_sums(units[:, year]) for year in range(len(years))])
    return [step for step in found if follows(years[step.at - 1], years[step.at])]


def _counted(codes: Codes, years: Sequence[int], kept: NDArray[np.bool_] | None = None) -> Row:
    """Vacancies and employers of the years, of the rows that are `kept`."""
    mine = np.isin(codes.column("year").codes, years)
    mine = mine if kept is None else mine & kept
    employers = np.count_nonzero(np.bincount(codes.employers[mine]))
    return {"vacancies_n": int(mine.sum()), "employers_n": int(employers)}


def _bounds(ratio: float, error: float) -> Row:
    """95 % bounds of a ratio from the error of its logarithm."""
    half = normal_quantile(0.95) * error
    return {"size_low": known(float(ratio * np.exp(-half))), "size_high": known(float(ratio * np.exp(half)))}


@dataclass(frozen=True)
class _Side:
    period: str
    sums: Sums


def _side_by_side(table: pa.Table, years: Sequence[str], keys: Sequence[str]) -> Iterable[tuple[_Side, _Side]]:
    """Sums of each year beside those of the year before, of the same items."""
    sides = _per_year(table, years, keys[0])
    for first, last in pairwise(sides):
        if first.sums.n.size and first.sums.n.max() > 0 and last.sums.n.max() > 0:
            yield first, last


def _per_year(table: pa.Table, years: Sequence[str], unit: str) -> list[_Side]:
    """Sums of every year, one row per unit of the table, in one order; nought where a unit has none."""
    units = {value: i for i, value in enumerate(sorted(set(table[unit].to_pylist())))}
    place = {year: i for i, year in enumerate(years)}
    sums = np.zeros((len(_SUMS), len(years), len(units)))
    where = (
        np.array([place[p] for p in table["period"].to_pylist()], dtype=np.int64),
        np.array([units[u] for u in table[unit].to_pylist()], dtype=np.int64),
    )
    for i, name in enumerate(_SUMS):
        sums[(i, *where)] = table[name].to_numpy()
    return [_Side(year, _sums(sums[:, i])) for i, year in enumerate(years)]


def _sums(values: Floats) -> Sums:
    """Sums with a weight of one each: what was counted is what is weighed."""
    x, n, g, xx, xn, nn = values
    return Sums(x, n, g, xx, xn, nn)


def _employer_sums(employer: Any, x: Floats, kept: Any) -> Sums:
    """Sums of one cell, the rows that are `kept`."""
    _, place = np.unique(employer[kept], return_inverse=True)
    size = int(place.max(initial=-1)) + 1
    n_e, x_e = np.bincount(place, minlength=size), np.bincount(place, weights=x[kept], minlength=size)
    totals = (x_e.sum(), n_e.sum(), size, (x_e**2).sum(), (x_e * n_e).sum(), (n_e.astype(float) ** 2).sum())
    return _sums(np.array(totals, dtype=np.float64)[:, None])


def _drift(
    kind: str,
    subject: str,
    period: str,
    before: float | None,
    after: float | None,
    size: float | None = None,
    units: int | None = None,
    p_value: float | None = None,
) -> Row:
    values = {"before": before, "after": after, "size": size, "p_value": p_value}
    return {"kind": kind, "subject": subject, "topsector": ALL, "period": period, "units_n": units} | {
        name: None if value is None else known(value) for name, value in values.items()
    }
