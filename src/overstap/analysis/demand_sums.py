"""`core_demand_sums` from coded vacancies: every set of the cell's dimensions, in each year and in all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import NONE, Column, Ints
from overstap.analysis.cross import Cells, Crossed, apart, cells_of, stacked, sum_both
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES, ITEM_KINDS, UNKNOWN

_DIMENSION = {"source_id": "source"}  # columns that are not named as their dimension
NO_CELL = {"topsector": (UNKNOWN, NONE)}
KINDS = sorted(ITEM_KINDS)
_ORDER = ("period_kind", *CELL_NAMES, "item_kind", "item_id", "period")
_SUMS = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
WEIGHED = {  # weighted measures by the names of columns
    "weight_x": "x",
    "weight_n": "n",
    "weight_g": "employers_n",
    "weight_xx": "sum_xx",
    "weight_xn": "sum_xn",
    "weight_nn": "sum_nn",
    "weight_ww": "sum_ww",
}
_CHUNK_ROWS = 1 << 16


def demand_sums(
    codes: Codes, threads: int | None = None, period: str = "year", wanted: Sequence[str] | None = None
) -> pa.Table:
    """Rows of `core_demand_sums`, in the order of period kind, cell, item and period.

    Of each period of this kind (year, quarter, month) and of all together, or of the `wanted` periods alone.
    """
    codes.load([period, *KINDS, *map(dimension_of, CELL_NAMES)])  # now, in one go
    # Of a dimension with one value the cells are those without it.
    plain = {name for name in CELL_NAMES if name not in NO_CELL and len(codes.levels(dimension_of(name))) == 1}
    sets = list(cell_sets()) if codes.n else []
    tasks = dict.fromkeys(tuple(name for name in by if name not in plain) for by in sets)
    kept = _kept(codes, period, wanted)
    items = stacked(codes, KINDS)

    def one(by: tuple[str, ...]) -> list[tuple[str, str, Crossed]]:
        cells = cells_of(codes, [*map(dimension_of, by)], kept, NO_CELL)
        whole, each = weighed_sums(codes, cells, items, period, threads=1)
        lengths = ((period, each), (ALL, whole)) if wanted is None else ((period, each),)
        return [(kind, length, part) for length, sums in lengths for kind, part in apart(codes, KINDS, sums).items()]

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        found = dict(zip(tasks, pool.map(one, tasks), strict=True))
    rows = [
        (kind, length, by, sums)
        for by in sets
        for kind, length, sums in found[tuple(name for name in by if name not in plain)]
    ]
    return _sorted_table(codes, rows, (ALL, period) if wanted is None else (period,), period)


def _kept(codes: Codes, kind: str, wanted: Sequence[str] | None) -> NDArray[np.bool_] | None:
    """Which vacancies are of the wanted periods; None where all count."""
    if wanted is None:
        return None
    return np.isin(codes.column(kind).codes, [codes.code(kind, period) for period in wanted if period])


def weighed_sums(
    codes: Codes, cells: Cells, item: str | Column, period: str, *, threads: int | None = None
) -> tuple[Crossed, Crossed]:
    """The sums of vacancies over all periods and in each, and where these have weights beside them those of WEIGHED."""
    sums = sum_both(codes, cells, item, period, measures=_SUMS, threads=threads)
    if not len(codes.weights):
        return sums
    # The same cells and items, seen in the same rows: the measures stand side by side.
    more = sum_both(codes, cells, item, period, weighted=True, measures=WEIGHED.values(), threads=threads)
    whole, each = (
        replace(one, measures={**one.measures, **{name: other.measures[m] for name, m in WEIGHED.items()}})
        for one, other in zip(sums, more, strict=True)
    )
    return whole, each


def cell_sets() -> Iterator[tuple[str, ...]]:
    """Every choice of the cell's dimensions."""
    for chosen in product((False, True), repeat=len(CELL_NAMES)):
        yield tuple(name for name, taken in zip(CELL_NAMES, chosen, strict=True) if taken)


def dimension_of(column: str) -> str:
    """The dimension that a column of the cell splits by."""
    return _DIMENSION.get(column, column)


def _sorted_table(
    codes: Codes, found: Sequence[tuple[str, str, tuple[str, ...], Crossed]], lengths: Sequence[str], period: str
) -> pa.Table:
    """Results as rows: every key column as the number of its value in sorted order, and one sort by all of them."""
    values = {
        "period_kind": sorted(lengths),
        "period": sorted({ALL, *codes.levels(period)}),
        **{name: sorted([*codes.levels(dimension_of(name)), ALL]) for name in CELL_NAMES},
        "item_kind": KINDS,
        "item_id": sorted({value for kind in KINDS for value in codes.levels(kind)}),
    }
    numbers = {name: {value: n for n, value in enumerate(known)} for name, known in values.items()}
    keys: dict[str, list[Ints]] = {name: [] for name in values}
    for kind, length, by, sums in found:
        rows = len(sums.items)
        fixed = {"period_kind": length, "item_kind": kind, "period": ALL, **dict.fromkeys(CELL_NAMES, ALL)}
        fixed |= {name: codes.levels(dimension_of(name))[0] for name in by}  # of one value, as it is not among the keys
        names = {dimension_of(name): name for name in by} | {length: "period"}
        coded = {"item_id": (kind, sums.items)} | {names[key]: (key, code) for key, code in sums.keys.items()}
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
    columns |= {name: pa.nulls(len(order), pa.float64()) for name in WEIGHED}
    for name in (*_SUMS, *(WEIGHED if len(codes.weights) else ())):
        columns[name] = pa.array(np.concatenate([np.empty(0), *(row[3].measures[name] for row in found)])[order])
    table = pa.table({name: columns[name] for name in table_spec("core_demand_sums").names})
    return pa.Table.from_batches(table.to_batches(max_chunksize=_CHUNK_ROWS), table.schema)


def _order(keys: Sequence[Ints], sizes: Sequence[int]) -> NDArray[np.int64]:
    """The order of rows by several keys, the first first: as one number each, for numbers sort fast."""
    whole = np.zeros(len(keys[0]), np.int64)
    for key, size in zip(keys, sizes, strict=True):
        whole = whole * max(1, size) + key
    return np.argsort(whole, kind="stable")
