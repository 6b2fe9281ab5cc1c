"""Any item within any cell in any period: the sums over employers from which share and interval follow.

One pass over the coded vacancies a slice of cells (see `cross_kernel`); slices bound the memory, keep their sums within
reach of the processor's cache, and are what threads share out. Unweighted sums are whole numbers, hence exact and the
same for any order of rows; weighted ones are equal but for rounding.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, Ints, Longs
from overstap.analysis.cross_kernel import CELL_WIDTH, ITEM_WIDTH, MEASURES, add_up, collect, product
from overstap.errors import InputError, nearest
from overstap.schema.codes import PERIOD_NAMES
from overstap.schema.out import ALL, UNKNOWN

MEMORY = 64 << 20
"""Bytes of the sums that a thread holds at a time, where a cell and its periods are not larger by themselves."""
MOST_CELLS = 1 << 26
_FEW_CELLS = 1 << 16  # cells that may be held although no vacancy is in them
_EACH: Longs = np.empty(0, np.int64)  # offsets of what has one entry a row


@dataclass(frozen=True)
class Sums:
    """Rows of a cross, by cell and item: `keys` holds the code of each row in each dimension that it is split by,
    `measures` what the sums come to, by name."""

    keys: Mapping[str, Ints]
    items: Ints
    measures: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Cells:
    """Cells of each row (see `add_up`), and their number; `keys`: per dimension the code of each cell."""

    offsets: Longs
    cells: Ints
    n: int
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
    memory: int = MEMORY,
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
    cells = cells_of(codes, dimensions, kept)
    sums = sum_items(codes, cells, item, period, weighted=weighted, threads=threads, memory=memory)
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
    memory: int = MEMORY,
) -> Sums:
    """The sums of `cross` for `item` within `cells`, of which `period` is the last dimension, unless it is all.

    An item may also be codes of one's own; one that a vacancy has several times counts as often.
    """
    items = item if isinstance(item, Column) else codes.column(item)
    weights = codes.weights if weighted else np.empty(0)
    offsets = _EACH if items.offsets is None else items.offsets
    n_items = max(1, len(items.levels))
    unknown = items.levels.index(UNKNOWN) if UNKNOWN in items.levels else -1
    # Periods of a cell stand side by side: what is seen in one has a row in all.
    groups = _groups(cells, period)
    workers = threads or os.cpu_count() or 1
    slices = _slices(groups, max(1, memory // (8 * ITEM_WIDTH * n_items)), workers)

    def work(bounds: tuple[int, int]) -> tuple[Longs, Ints, NDArray[np.float64]]:
        within = groups[bounds[0] : bounds[1] + 1]
        low, n_cells = int(within[0]), int(within[-1] - within[0])
        bases, sums = np.zeros((n_cells, CELL_WIDTH)), np.zeros((n_cells * n_items, ITEM_WIDTH))
        add_up(codes.starts, cells.offsets, cells.cells, offsets, items.codes, weights, low, bases, sums)
        return collect(within, low, bases, sums, unknown)

    with ThreadPoolExecutor(min(workers, max(1, len(slices)))) as pool:
        at, which, measures = zip(*pool.map(work, slices), strict=True)
    rows = np.concatenate(at)
    keys = {name: key[rows] for name, key in cells.keys.items()}
    return Sums(keys, np.concatenate(which), dict(zip(MEASURES, np.concatenate(measures, axis=1), strict=True)))


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
    found = Cells(offsets, cells, n, keys)
    return found if n <= _FEW_CELLS else _seen(found)


def _left(column: Column, without: Sequence[str]) -> Column:
    """The column with codes of −1 for values that make no cell."""
    gone = np.array([value in without for value in column.levels], bool)
    if not gone.any():
        return column
    return Column(np.where(gone[column.codes], np.int32(-1), column.codes), column.levels, column.offsets)


def _seen(found: Cells) -> Cells:
    """The same without the cells in which no vacancy is."""
    within = np.zeros(found.n + 1, bool)
    within[0] = True  # so that there is one, whatever is left to count
    within[found.cells] = True  # −1 marks the last, which is no cell
    seen = np.flatnonzero(within[:-1])
    number = np.full(found.n + 1, -1, np.int32)
    number[seen] = np.arange(len(seen))
    return Cells(found.offsets, number[found.cells], len(seen), {name: key[seen] for name, key in found.keys.items()})


def _groups(cells: Cells, period: str) -> Longs:
    """The first cell of each group of cells that differ in their period only, and the number of cells."""
    new = np.full(cells.n, period == ALL)
    new[:1] = True
    for name, key in cells.keys.items():
        if name != period:
            new[1:] |= key[1:] != key[:-1]
    return np.append(np.flatnonzero(new), cells.n)


def _slices(groups: Longs, cells_held: int, workers: int) -> list[tuple[int, int]]:
    """Numbers of groups [first, last): as few slices as the memory allows, but one for each worker."""
    n = len(groups) - 1
    held = min(cells_held, -(-int(groups[-1]) // workers))
    slices, first = [], 0
    while first < n:
        last = int(np.searchsorted(groups, groups[first] + held, side="right")) - 1
        last = min(max(last, first + 1), n)
        slices.append((first, last))
        first = last
    return slices
