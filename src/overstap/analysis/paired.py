"""Sums of products between two periods over the employers that post in both, which `covariance` takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, wide
from overstap.analysis.cross import Cells, cells_of, stacked
from overstap.analysis.demand_sums import KINDS, NO_CELL, cell_sets, dimension_of
from overstap.analysis.paired_kernel import pair_cells
from overstap.analysis.uncertainty import Floats
from overstap.schema.out import ALL, CELL_NAMES

Numbers = NDArray[Any]
PRODUCTS = ("pair_xx", "pair_xn", "pair_nx", "pair_nn")
_ROOM = 1 << 16


def paired_sums(codes: Codes, period: str, first: str, last: str) -> pa.Table:
    """Rows of the cell's columns, item_kind, item_id and PRODUCTS, for every item that is seen in a cell of
    `core_demand_sums` in one of the two periods of this kind (year, quarter, month)."""
    names = [*CELL_NAMES, "item_kind", "item_id"]
    fields = [(name, pa.string()) for name in names] + [(name, pa.float64()) for name in PRODUCTS]
    time, levels = codes.column(period), codes.levels(period)
    if first == last or not {first, last} <= set(levels):
        return pa.schema(fields).empty_table()
    kept = np.isin(time.codes, [levels.index(first), levels.index(last)])
    late = (time.codes == levels.index(last)).astype(np.uint8)

    def one(by: tuple[str, ...]) -> list[pa.Table]:
        cells = cells_of(codes, [*map(dimension_of, by)], kept, NO_CELL)
        made, first = [], 0
        cells_found, found, sums = pair_items(codes, cells, items, late)
        for kind in KINDS:
            mine = (found >= first) & (found < first + len(codes.levels(kind)))
            cell, item, products = cells_found[mine], found[mine] - np.int32(first), sums[:, mine]
            first += len(codes.levels(kind))
            columns = {name: pa.repeat(pa.scalar(ALL), len(cell)) for name in CELL_NAMES}
            for name in by:
                dimension = dimension_of(name)
                columns[name] = codes.named(dimension, cells.keys[dimension][cell]).cast(pa.string())
            columns |= {"item_kind": pa.repeat(kind, len(cell)), "item_id": codes.named(kind, item).cast(pa.string())}
            columns |= {name: pa.array(values) for name, values in zip(PRODUCTS, products, strict=True)}
            made.append(pa.table(columns).select([name for name, _ in fields]).cast(pa.schema(fields)))
        return made

    codes.load([*KINDS, *map(dimension_of, CELL_NAMES)])
    items = stacked(codes, KINDS)
    with ThreadPoolExecutor() as pool:
        return pa.concat_tables([table for tables in pool.map(one, cell_sets()) for table in tables])


def pair_items(codes: Codes, cells: Cells, items: Column, late: Numbers) -> tuple[Numbers, Numbers, Floats]:
    """Cell, item and PRODUCTS of each pair of these that is seen; `late`: by row 1 in the last period and 0 in the
    first."""
    n = max(1, len(items.levels))
    offsets = np.empty(0, np.int32) if items.offsets is None else items.offsets
    found_items = wide(items.codes)
    work = np.zeros((n, 2)), np.zeros((n, 3)), np.zeros((3, n), np.int32)
    keys, out = np.empty((2, max(_ROOM, n)), np.int32), np.empty((4, max(_ROOM, n)))

    def parts() -> Iterator[tuple[Numbers, Numbers]]:
        cell, last = 0, len(cells.starts) - 1
        while cell < last:
            cell, made = pair_cells(
                cells.starts, cells.rows, codes.employers, late, offsets, found_items, *work, keys, out, cell, last
            )
            yield keys[:, :made].copy(), out[:, :made].copy()

    found: Sequence[tuple[Numbers, Numbers]] = [(np.empty((2, 0), np.int32), np.empty((4, 0))), *parts()]
    (cell, item), products = (np.concatenate([part[i] for part in found], axis=1) for i in range(2))
    return cell, item, products
