"""Any item within any cell in any period: the sums over employers from which share and interval follow.

One pass over the coded vacancies a slice of cells (see `cross_kernel`); slices bound the memory, keep their sums within
reach of the processor's cache, and are what threads share out. Unweighted sums are whole numbers, hence exact and the
same for any order of rows; weighted ones are equal but for rounding.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, Ints, Longs
from overstap.analysis.cross_kernel import (
    CELL_WIDTH,
    COUNT,
    EMPLOYERS,
    ITEM_PRODUCTS,
    ITEM_SQUARES,
    ITEM_WIDTH,
    SQUARED_WEIGHTS,
    SQUARES,
    WEIGHT,
    add_up,
    product,
)
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
    """Rows of a cross, by cell and item: `keys` holds the code of each row in each dimension that it is split by."""

    keys: Mapping[str, Ints]
    items: Ints
    asked_n: NDArray[np.int64]
    vacancies_n: NDArray[np.int64]
    known_n: NDArray[np.int64]
    employers_n: NDArray[np.int64]
    x: NDArray[np.float64]
    n: NDArray[np.float64]
    sum_xx: NDArray[np.float64]
    sum_xn: NDArray[np.float64]
    sum_nn: NDArray[np.float64]
    sum_ww: NDArray[np.float64]


_MEASURES = tuple(name for name in Sums.__dataclass_fields__ if name not in ("keys", "items"))


@dataclass(frozen=True)
class _Cells:
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
    sums = cross_codes(
        codes, item, by, period, where, weighted=weighted, known=known, threads=threads, memory=memory
    )  # fmt: skip
    rows = len(sums.items)
    periods = _named(codes, period, sums.keys[period]) if period != ALL else pa.repeat(ALL, rows)
    return pa.table(
        {
            "period": periods,
            **{name: _named(codes, name, sums.keys[name]) for name in by},
            "item_kind": pa.repeat(item, rows),
            "item_id": _named(codes, item, sums.items),
            **{name: pa.array(getattr(sums, name)) for name in _MEASURES},
        }
    )


def cross_codes(
    codes: Codes,
    item: str,
    by: Sequence[str] = (),
    period: str = ALL,
    where: Mapping[str, str] | None = None,
    *,
    without: Mapping[str, Sequence[str]] | None = None,
    weighted: bool = False,
    known: bool = False,
    threads: int | None = None,
    memory: int = MEMORY,
) -> Sums:
    """`cross` with codes in place of values. `without`: values of dimensions of `by` that make no cell."""
    _check(by, period)
    items = codes.column(item)
    cells = _cells_of(codes, [*by, *([period] if period != ALL else [])], _kept(codes, where, items, known), without)
    # Periods of a cell stand side by side: what is seen in one has a row in all.
    periods = len(codes.levels(period)) if period != ALL else 1
    groups = _groups(cells, period, periods)
    weights = codes.weights if weighted else np.empty(0)
    workers = threads or os.cpu_count() or 1
    slices = _slices(groups, max(1, memory // (8 * ITEM_WIDTH * max(1, len(items.levels)))), workers)
    unknown = items.levels.index(UNKNOWN) if UNKNOWN in items.levels else -1

    def work(bounds: tuple[int, int]) -> list[NDArray[np.generic]]:
        return _sum_slice(codes.starts, cells, items, weights, groups, bounds, unknown)

    with ThreadPoolExecutor(min(workers, max(1, len(slices)))) as pool:
        found = list(pool.map(work, slices))
    at, which, *measures = (np.concatenate(part) for part in zip(*found, strict=True))
    return Sums({name: key[at] for name, key in cells.keys.items()}, which, *measures)


def _named(codes: Codes, dimension: str, found: Ints) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(found), pa.array(codes.levels(dimension), pa.string()))


def _check(by: Sequence[str], period: str) -> None:
    lengths = (ALL, *PERIOD_NAMES)
    if period not in lengths:
        raise InputError(
            f"There is no period '{period}'.", fix=f"{nearest(period, lengths)} Periods: {', '.join(lengths)}.".strip()
        )
    for name in by:
        if (period, *by).count(name) > 1:
            raise InputError(f"'{name}' is named twice.", fix="Split by each dimension once.")


def _kept(codes: Codes, where: Mapping[str, str] | None, items: Column, known: bool) -> NDArray[np.bool_] | None:
    """Which rows count; None where all do."""
    kept = [_has(codes.column(name), codes.code(name, value)) for name, value in (where or {}).items()]
    if known and UNKNOWN in items.levels:
        kept.append(~_has(items, items.levels.index(UNKNOWN)))
    return np.logical_and.reduce(kept) if kept else None


def _has(column: Column, code: int) -> NDArray[np.bool_]:
    hits = column.codes == code
    if column.offsets is None:
        return hits
    before = np.concatenate([[0], np.cumsum(hits)])[column.offsets]
    return np.asarray(before[1:] > before[:-1])


def _cells_of(
    codes: Codes,
    names: Sequence[str],
    kept: NDArray[np.bool_] | None,
    without: Mapping[str, Sequence[str]] | None,
) -> _Cells:
    first = np.zeros(codes.n, np.int32) if kept is None else np.where(kept, 0, -1).astype(np.int32)
    found = _Cells(_EACH, first, 1, {})
    for name in names:
        found = _split(found, name, _left(codes.column(name), (without or {}).get(name, ())), codes.n)
        if found.n > _FEW_CELLS:
            found = _seen(found)
    return found


def _left(column: Column, without: Sequence[str]) -> Column:
    """The column with codes of −1 for values that make no cell."""
    gone = [code for code, value in enumerate(column.levels) if value in without]
    if not gone:
        return column
    return Column(np.where(np.isin(column.codes, gone), -1, column.codes).astype(np.int32), column.levels, column.offsets)


def _split(found: _Cells, name: str, column: Column, rows: int) -> _Cells:
    """Every cell split by one more dimension, the one that changes fastest."""
    size = max(1, len(column.levels))
    n = found.n * size
    if n >= MOST_CELLS:
        raise InputError(
            f"Split by {', '.join([*found.keys, name])} there are too many cells ({n:,}).",
            fix="Split by fewer or coarser dimensions, such as isco2 in place of isco4, or year in place of month.",
        )
    each = np.arange(n, dtype=np.int32)
    keys = {known: key[each // size] for known, key in found.keys.items()} | {name: each % np.int32(size)}
    if column.offsets is None and not found.offsets.size:
        cells = found.cells * np.int32(size) + column.codes
        if found.n == 1 or (found.cells.size and found.cells.min() < 0) or (column.codes < 0).any():
            cells = np.where((found.cells < 0) | (column.codes < 0), np.int32(-1), cells)
        return _Cells(_EACH, cells, n, keys)
    offsets = _EACH if column.offsets is None else column.offsets
    return _Cells(*product(rows, found.offsets, found.cells, offsets, column.codes, size), n, keys)


def _seen(found: _Cells) -> _Cells:
    """The same without the cells in which no vacancy is."""
    within = np.zeros(found.n + 1, bool)
    within[found.cells] = True  # −1 marks the last, which is no cell
    seen = np.flatnonzero(within[:-1])
    number = np.full(found.n + 1, -1, np.int32)
    number[seen] = np.arange(len(seen))
    return _Cells(found.offsets, number[found.cells], len(seen), {name: key[seen] for name, key in found.keys.items()})


def _groups(cells: _Cells, period: str, periods: int) -> Longs:
    """The first cell of each group of cells that differ in their period only, and the number of cells."""
    if period == ALL:
        return np.arange(cells.n + 1)
    others = [key for name, key in cells.keys.items() if name != period]
    new = np.zeros(cells.n, bool)
    new[:1] = True
    for key in others:
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


def _sum_slice(
    starts: Longs,
    cells: _Cells,
    items: Column,
    weights: NDArray[np.float64],
    groups: Longs,
    bounds: tuple[int, int],
    unknown: int,
) -> list[NDArray[np.generic]]:
    """Cell, item and measures of each row that the groups of cells within `bounds` have."""
    first, last = bounds
    low, n_cells, n_items = int(groups[first]), int(groups[last] - groups[first]), max(1, len(items.levels))
    bases, sums = np.zeros((n_cells, CELL_WIDTH)), np.zeros((n_cells * n_items, ITEM_WIDTH))
    offsets = _EACH if items.offsets is None else items.offsets
    add_up(starts, cells.offsets, cells.cells, offsets, items.codes, weights, low, bases, sums)
    asked = sums[:, COUNT].reshape(n_cells, n_items)
    sizes = np.diff(groups[first : last + 1])
    seen = np.repeat(np.logical_or.reduceat(asked > 0, groups[first:last] - low, axis=0), sizes, axis=0)
    cell, item = np.nonzero(seen & (bases[:, COUNT] > 0)[:, None])
    base, row = bases[cell], sums[cell * n_items + item]
    without = asked[cell, unknown] if unknown >= 0 else 0.0
    counts = (row[:, COUNT], base[:, COUNT], base[:, COUNT] - without, base[:, EMPLOYERS])
    return [
        (cell + low).astype(np.int64),
        item.astype(np.int32),
        *(count.astype(np.int64) for count in counts),
        *(row[:, WEIGHT], base[:, WEIGHT], row[:, ITEM_SQUARES], row[:, ITEM_PRODUCTS]),
        *(base[:, SQUARES], base[:, SQUARED_WEIGHTS]),
    ]
