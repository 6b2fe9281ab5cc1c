"""`core_demand_sums` from coded vacancies: every set of the cell's dimensions, in each year and in all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import NONE, Ints
from overstap.analysis.cross import Sums, cross_codes
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES, ITEM_KINDS, UNKNOWN

_DIMENSION = {"source_id": "source"}  # columns that are not named as their dimension
_NO_CELL = {"topsector": (UNKNOWN, NONE)}
_KINDS, _PERIODS = sorted(ITEM_KINDS), (ALL, "year")
_ORDER = ("period_kind", *CELL_NAMES, "item_kind", "item_id", "period")
_SUMS = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
_CHUNK_ROWS = 1 << 16

_Task = tuple[str, str, tuple[str, ...]]  # kind of item, period kind, columns of the cell that are split


def demand_sums(codes: Codes, threads: int | None = None) -> pa.Table:
    """Rows of `core_demand_sums`, in the order of period kind, cell, item and period."""
    for name in ("year", *_KINDS, *map(_dimension, CELL_NAMES)):
        codes.column(name)  # read now: threads would each read it
    tasks = [(kind, period, by) for by in _sets() for period in _PERIODS for kind in _KINDS] if codes.n else []

    def one(task: _Task) -> Sums:
        kind, period, by = task
        return cross_codes(codes, kind, [_dimension(name) for name in by], period, without=_NO_CELL, threads=1)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return _sorted_table(codes, tasks, list(pool.map(one, tasks)))


def _sets() -> Iterator[tuple[str, ...]]:
    """Every choice of the cell's dimensions."""
    for chosen in product((False, True), repeat=len(CELL_NAMES)):
        yield tuple(name for name, taken in zip(CELL_NAMES, chosen, strict=True) if taken)


def _dimension(column: str) -> str:
    return _DIMENSION.get(column, column)


def _sorted_table(codes: Codes, tasks: Sequence[_Task], found: Sequence[Sums]) -> pa.Table:
    """Results as rows: every key column as the number of its value in sorted order, and one sort by all of them."""
    values = {
        "period_kind": sorted(_PERIODS),
        "period": sorted([*codes.levels("year"), ALL]),
        **{name: sorted([*codes.levels(_dimension(name)), ALL]) for name in CELL_NAMES},
        "item_kind": _KINDS,
        "item_id": sorted({value for kind in _KINDS for value in codes.levels(kind)}),
    }
    numbers = {name: {value: n for n, value in enumerate(known)} for name, known in values.items()}
    keys: dict[str, list[Ints]] = {name: [] for name in values}
    for (kind, period, by), sums in zip(tasks, found, strict=True):
        rows = len(sums.items)
        fixed = {"period_kind": period, "item_kind": kind, "period": ALL, **dict.fromkeys(CELL_NAMES, ALL)}
        coded = {"item_id": (kind, sums.items)} | {name: (_dimension(name), sums.keys[_dimension(name)]) for name in by}
        if period != ALL:
            coded["period"] = (period, sums.keys[period])
        for name, known in numbers.items():
            if name in coded:
                dimension, key = coded[name]
                to = np.array([known[value] for value in codes.levels(dimension)], np.int32)
                keys[name].append(to[key])
            else:
                keys[name].append(np.full(rows, known[fixed[name]], np.int32))
    joined = {name: np.concatenate([np.empty(0, np.int32), *parts]) for name, parts in keys.items()}
    order = _order([joined[name] for name in _ORDER], [len(values[name]) for name in _ORDER])
    columns: dict[str, pa.Array] = {
        name: pa.DictionaryArray.from_arrays(pa.array(key[order]), pa.array(values[name], pa.string()))
        for name, key in joined.items()
    }
    for name in _SUMS:
        columns[name] = pa.array(np.concatenate([np.empty(0), *(getattr(sums, name) for sums in found)])[order])
    table = pa.table({name: columns[name] for name in table_spec("core_demand_sums").names})
    return pa.Table.from_batches(table.to_batches(max_chunksize=_CHUNK_ROWS), table.schema)


def _order(keys: Sequence[Ints], sizes: Sequence[int]) -> NDArray[np.int64]:
    """The order of rows by several keys, the first first: as one number each, for numbers sort fast."""
    whole = np.zeros(len(keys[0]), np.int64)
    for key, size in zip(keys, sizes, strict=True):
        whole = whole * max(1, size) + key
    return np.argsort(whole, kind="stable")
