"""Any item within any cell in any period: the sums over employers from which share and interval follow.

Rows are dealt out over cells, and each cell is summed by itself (see `cross_kernel`); threads share out the cells.
Unweighted sums are whole numbers, hence exact and the same for any order of rows; weighted ones are equal but for
rounding.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, Ints, Longs, narrow, wide
from overstap.analysis.cross_kernel import (
    CELL_WIDTH,
    ITEM_WIDTH,
    MEASURES,
    OWN_WIDTH,
    by_cell,
    gather,
    product,
    stack,
    sum_cells,
)
from overstap.analysis.uncertainty import Floats
from overstap.errors import InputError, nearest
from overstap.schema.codes import PERIOD_NAMES
from overstap.schema.out import ALL, UNKNOWN

MOST_CELLS = 1 << 26
_FEW_CELLS = 1 << 16  # cells that may be held although no vacancy is in them
_ROWS_HELD = 1 << 16  # rows that a thread makes at a time, where one cell has not more
_SLICES = 4  # parts of the cells for each thread, so that none waits long for the others
_SLICE_ROWS = 1 << 18  # and about as many rows at most, which the processor's caches hold
_EACH: Ints = np.empty(0, np.int32)  # offsets of what has one entry a row
_NO_PERIOD = np.empty(0, np.int16)


@dataclass(frozen=True)
class Crossed:
    """Rows of a cross, by cell, period and item: `keys` holds the code of each row in each dimension that it is split
    by, `measures` what the sums come to, by name."""

    keys: Mapping[str, Ints]
    items: Ints
    measures: Mapping[str, Floats]

    def where(self, rows: NDArray[np.bool_] | Longs) -> Crossed:
        """Some of the rows: those that are true, or those of these numbers."""
        rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows  # taken faster, and there are many columns
        keys = {name: key[rows] for name, key in self.keys.items()}
        return Crossed(keys, self.items[rows], {name: values[rows] for name, values in self.measures.items()})


@dataclass(frozen=True)
class Cells:
    """The rows of each cell (see `by_cell`); `keys`: per dimension the code of each cell."""

    starts: Longs
    rows: Ints
    keys: dict[str, Ints]


def cross(
    codes: Codes,
    item: str = "skill",
    by: Sequence[str] = (),
    period: str = ALL,
    where: Mapping[str, str] | None = None,
    *,
    weighted: bool = False,
    known: bool = False,
    threads: int | None = None,
) -> pa.Table:
    """How many vacancies have each value of `item` in each cell of `by` and each `period` (all, year, quarter, month).

    Columns: period, those of `by`, item_kind, item_id, asked_n, vacancies_n and known_n (of those in the cell the
    vacancies whose item is known), employers_n, x and n (weights of asked_n and vacancies_n), sum_xx, sum_xn and sum_nn
    (over employers), and sum_ww, of squared weights. Rows in the order of their keys; an item that is seen in a cell in
    any period has a row in each of the cell's periods. `where` keeps the vacancies that have a value; with `known` only
    those count whose item is known.

    Raises InputError for an unknown dimension or value, and for more cells than can be held.
    """
    dimensions = [*by, *([period] if period != ALL else [])]
    _check(dimensions, period)
    codes.load([item, *dimensions, *(where or {})])
    kept = _kept(codes, where, codes.column(item), known)
    sums = sum_items(codes, cells_of(codes, by, kept), item, period, weighted=weighted, threads=threads)
    rows = len(sums.items)
    counts = {
        name: values.astype(np.int64) if name.endswith("_n") else values for name, values in sums.measures.items()
    }
    return pa.table(
        {
            "period": codes.named(period, sums.keys[period]) if period != ALL else pa.repeat(ALL, rows),
            **{name: codes.named(name, sums.keys[name]) for name in by},
            "item_kind": pa.repeat(item, rows),
            "item_id": codes.named(item, sums.items),
            **counts,
        }
    )


def sum_items(
    codes: Codes,
    cells: Cells,
    item: str | Column,
    period: str = ALL,
    *,
    weighted: bool = False,
    threads: int | None = None,
) -> Crossed:
    """The sums of `cross` for `item` within `cells`.

    An item may also be codes of one's own; one that a vacancy has several times counts as often.
    """
    cell, time, items, measures = _summed(codes, cells, item, period, False, weighted, threads)
    return _crossed(cells, cell, time if period != ALL else None, items, measures, period)


def sum_both(
    codes: Codes,
    cells: Cells,
    item: str | Column,
    period: str,
    *,
    weighted: bool = False,
    measures: Iterable[str] = MEASURES,
    threads: int | None = None,
) -> tuple[Crossed, Crossed]:
    """The sums over all periods together, and those of each, in one pass: an item that is seen in one is in both."""
    cell, time, items, sums = _summed(codes, cells, item, period, True, weighted, threads)
    found = Crossed({}, items, {name: sums[MEASURES.index(name)] for name in dict.fromkeys(measures)})
    parts = []
    for rows, length in ((np.flatnonzero(time < 0), None), (np.flatnonzero(time >= 0), period)):
        part = found.where(rows)
        keys = {name: key[cell[rows]] for name, key in cells.keys.items()}
        parts.append(replace(part, keys=keys if length is None else keys | {length: time[rows]}))
    return parts[0], parts[1]


def stacked(codes: Codes, names: Sequence[str]) -> Column:
    """Several dimensions as one item, the values of each after those of the one before, summed in a single pass.

    `apart` takes what is summed to pieces. No value of it means unknown.
    """
    columns = [codes.column(name) for name in names]
    lengths = [1 if column.offsets is None else np.diff(column.offsets) for column in columns]
    offsets = np.zeros(codes.n + 1, np.int32)
    np.cumsum(np.broadcast_to(sum(lengths), codes.n), out=offsets[1:])
    levels = [f"{name}:{value}" for name, column in zip(names, columns, strict=True) for value in column.levels]
    to, out, first = offsets[:-1].copy(), narrow(np.empty(offsets[-1], np.int16), len(levels), np.int16), 0
    for column in columns:
        stack(_EACH if column.offsets is None else column.offsets, wide(column.codes), first, to, out)
        first += len(column.levels)
    return Column(out, levels, offsets)


def apart(codes: Codes, names: Sequence[str], found: Crossed) -> dict[str, Crossed]:
    """By dimension what was summed of it, given the sums of those that were `stacked`."""
    parts, first = {}, 0
    for name in names:
        last = first + len(codes.levels(name))
        part = found.where(np.flatnonzero((found.items >= first) & (found.items < last)))
        parts[name], first = replace(part, items=part.items - np.int32(first)), last
    return parts


def _crossed(cells: Cells, cell: Ints, time: Ints | None, items: Ints, measures: Floats, period: str) -> Crossed:
    keys = {name: key[cell] for name, key in cells.keys.items()}
    return Crossed(keys | ({} if time is None else {period: time}), items, dict(zip(MEASURES, measures, strict=True)))


def _summed(
    codes: Codes, cells: Cells, item: str | Column, period: str, whole: bool, weighted: bool, threads: int | None
) -> tuple[Ints, Ints, Ints, Floats]:
    """Cell, period, item and measures of every row."""
    items = item if isinstance(item, Column) else codes.column(item)
    n_items = max(1, len(items.levels))
    unknown = items.levels.index(UNKNOWN) if UNKNOWN in items.levels else -1
    time = codes.column(period) if period != ALL else Column(_NO_PERIOD, [ALL])
    n_periods = max(1, len(time.levels))
    item_codes, time_codes = wide(items.codes), wide(time.codes)  # a pass is compiled once more for each size
    weighs = codes.weights if weighted else np.empty(0)

    def work(bounds: tuple[int, int]) -> Iterator[tuple[Ints, Floats]]:
        first, last = bounds
        starts = cells.starts[first : last + 1] - cells.starts[first]
        rows = cells.rows[cells.starts[first] : cells.starts[last]]
        # Side by side by cell, so that they are fetched at once and are at hand when they are summed.
        offsets, found = (_EACH, item_codes[rows]) if items.offsets is None else gather(rows, items.offsets, item_codes)
        employers, times = codes.employers[rows], time_codes if period == ALL else time_codes[rows]
        weights = weighs[rows] if len(weighs) else weighs
        bases, sums = np.zeros((n_periods + 1, CELL_WIDTH)), np.zeros((n_items, n_periods + 1, ITEM_WIDTH))
        own, lists = np.zeros((n_items, OWN_WIDTH)), np.zeros((4, n_items), np.int32)
        room = max(_ROWS_HELD, n_items * (n_periods + 1))
        keys, out = np.empty((3, room), np.int32), np.empty((len(MEASURES), room))
        cell, n_cells = 0, last - first
        while cell < n_cells:
            cell, made = sum_cells(
                cell, n_cells, starts, employers, times, whole, offsets, found, weights,
                unknown, bases, sums, own, lists, keys, out,
            )  # fmt: skip
            part = keys[:, :made].copy()
            part[0] += np.int32(first)
            yield part, out[:, :made].copy()

    slices = _slices(cells, workers := threads or os.cpu_count() or 1)
    with ThreadPoolExecutor(min(workers, len(slices))) as pool:
        made = [part for parts in pool.map(lambda bounds: list(work(bounds)), slices) for part in parts]
    keys = np.concatenate([np.empty((3, 0), np.int32), *(part[0] for part in made)], axis=1)
    measures = np.concatenate([np.empty((len(MEASURES), 0)), *(part[1] for part in made)], axis=1)
    return keys[0], keys[1], keys[2], measures


def _check(dimensions: Sequence[str], period: str) -> None:
    lengths = (ALL, *PERIOD_NAMES)
    if period not in lengths:
        raise InputError(
            f"There is no period '{period}'.", fix=f"{nearest(period, lengths)} Periods: {', '.join(lengths)}.".strip()
        )
    for name in dimensions:
        if dimensions.count(name) > 1:
            raise InputError(f"'{name}' is named twice.", fix="Split by each dimension once.")


def _kept(codes: Codes, where: Mapping[str, str] | None, items: Column, known: bool) -> NDArray[np.bool_] | None:
    """Which rows count; None where all do."""
    kept = [has(codes.column(name), codes.code(name, value)) for name, value in (where or {}).items()]
    if known and UNKNOWN in items.levels:
        kept.append(~has(items, items.levels.index(UNKNOWN)))
    return np.all(kept, axis=0) if kept else None


def has(column: Column, code: int) -> NDArray[np.bool_]:
    """Which rows have a code."""
    hits: NDArray[np.bool_] = column.codes == code
    if column.offsets is None:
        return hits
    found = np.zeros(len(column.offsets) - 1, np.bool_)
    found[np.searchsorted(column.offsets, np.flatnonzero(hits), side="right") - 1] = True
    return found


def cells_of(
    codes: Codes,
    names: Sequence[str],
    kept: NDArray[np.bool_] | None = None,
    without: Mapping[str, Sequence[str]] | None = None,
) -> Cells:
    """Cells of the dimensions `names`, the last of which changes fastest, for the rows that are `kept` (None: all).

    `without`: values that make no cell. Raises InputError for an unknown dimension, and for more cells than MOST_CELLS.
    """
    columns = {name: _left(codes.column(name), (without or {}).get(name, ())) for name in names}
    sizes = [max(1, len(column.levels)) for column in columns.values()]
    n = math.prod(sizes)
    if n > MOST_CELLS:
        raise InputError(
            f"Split by {', '.join(names)} there are {n:,} cells, too many to hold.",
            fix="Split by fewer or coarser dimensions, such as isco2 in place of isco4, or year in place of month.",
        )
    strides = dict(zip(names, np.cumprod([1, *sizes[:0:-1]])[::-1].astype(np.int32), strict=True)) if sizes else {}
    cells, none, offsets = np.zeros(codes.n, np.int32), None if kept is None else ~kept, _EACH
    for name, column in columns.items():
        if column.offsets is None:
            cells += column.codes * strides[name]
            if (column.codes < 0).any():
                none = column.codes < 0 if none is None else none | (column.codes < 0)
    if none is not None:
        cells[none] = -1
    for name, column in columns.items():
        if column.offsets is not None:
            offsets, cells = product(codes.n, offsets, cells, column.offsets, column.codes, strides[name])
    each = np.arange(n, dtype=np.int32)
    keys = {name: each // strides[name] % np.int32(size) for name, size in zip(names, sizes, strict=True)}
    if n > _FEW_CELLS:
        cells, keys = _seen(cells, keys)
    return Cells(*by_cell(offsets, cells, len(next(iter(keys.values()))) if keys else 1), keys)


def _left(column: Column, without: Sequence[str]) -> Column:
    """The column with codes of −1 for values that make no cell."""
    gone = np.array([value in without for value in column.levels], bool)
    if not gone.any():
        return column
    return Column(
        np.where(gone[column.codes], column.codes.dtype.type(-1), column.codes), column.levels, column.offsets
    )


def _seen(cells: Ints, keys: Mapping[str, Ints]) -> tuple[Ints, dict[str, Ints]]:
    """The same without the cells in which no vacancy is."""
    n = len(next(iter(keys.values())))
    within = np.zeros(n + 1, bool)
    within[0] = True  # so that there is one, whatever is left to count
    within[cells] = True  # −1 marks the last, which is no cell
    seen = np.flatnonzero(within[:-1])
    number = np.full(n + 1, -1, np.int32)
    number[seen] = np.arange(len(seen))
    return number[cells], {name: key[seen] for name, key in keys.items()}


def _slices(cells: Cells, workers: int) -> list[tuple[int, int]]:
    """First and last cell of parts that have about as many rows."""
    n_rows = int(cells.starts[-1])
    parts = max(_SLICES * workers if workers > 1 else 1, n_rows // _SLICE_ROWS)
    bounds = np.searchsorted(cells.starts, np.arange(1, parts) * n_rows // parts)
    cut = np.unique(np.concatenate([[0], bounds, [len(cells.starts) - 1]])).tolist()
    return list(pairwise(cut)) or [(0, 0)]
