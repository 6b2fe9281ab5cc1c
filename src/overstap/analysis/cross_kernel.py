"""The compiled pass that sums vacancies per cell and item, employer by employer.

The rows of one employer stand together, so what an employer adds to a cell is known when its rows have been read once,
and no table of employers is kept: a mark beside each sum tells which employer its running count belongs to.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import Array, inlined, kernel

# Columns of the sums of a cell: vacancies, weight n, Σ w², employers that weigh, Σ n_e², then n_e of the employer at
# work and its mark. Of an item in a cell: vacancies, their weight x, Σ x_e², Σ x_e·n_e, then x_e and its mark.
COUNT, WEIGHT, SQUARED_WEIGHTS, EMPLOYERS, SQUARES, OF_EMPLOYER, MARK = range(7)
ITEM_SQUARES, ITEM_PRODUCTS, ITEM_OF_EMPLOYER, ITEM_MARK = 2, 3, 4, 5
CELL_WIDTH, ITEM_WIDTH = 7, 6
MEASURES = (
    "asked_n", "vacancies_n", "known_n", "employers_n", "x", "n", "sum_xx", "sum_xn", "sum_nn", "sum_ww"
)  # fmt: skip


@inlined
def _first(offsets: Array, row: int) -> int:
    return row if offsets.size == 0 else int(offsets[row])


@inlined
def _weight(weights: Array, row: int) -> float:
    return 1.0 if weights.size == 0 else float(weights[row])


@kernel()
def add_up(
    starts: Array,
    cell_offsets: Array,
    cells: Array,
    item_offsets: Array,
    items: Array,
    weights: Array,
    low: int,
    bases: Array,
    sums: Array,
) -> None:
    """Add every vacancy to the cells from `low` on that `bases` holds, and its items to their `sums`.

    `starts`: first row of each employer, and the end. Cells and items of row r: those from offset r to offset r + 1,
    each once; without offsets one each, and below 0 none. `weights`: of each row, or none for 1. `bases`: cells ×
    CELL_WIDTH, `sums`: cells · items × ITEM_WIDTH, nought before the first call.
    """
    n_cells = bases.shape[0]
    n_items = sums.shape[0] // n_cells
    for employer in range(starts.size - 1):
        mark = float(employer + 1)
        found = 0
        for row in range(starts[employer], starts[employer + 1]):
            for at in range(_first(cell_offsets, row), _first(cell_offsets, row + 1)):
                cell = int(cells[at]) - low
                if cell < 0 or cell >= n_cells:
                    continue
                found += 1
                weight = _weight(weights, row)
                if bases[cell, MARK] != mark:
                    bases[cell, MARK] = mark
                    bases[cell, OF_EMPLOYER] = 0.0
                before = bases[cell, OF_EMPLOYER]
                if before == 0.0 and weight > 0.0:  # one whose vacancies weigh nothing tells nothing of the variance
                    bases[cell, EMPLOYERS] += 1.0
                bases[cell, COUNT] += 1.0
                bases[cell, WEIGHT] += weight
                bases[cell, SQUARED_WEIGHTS] += weight * weight
                bases[cell, SQUARES] += weight * (2.0 * before + weight)
                bases[cell, OF_EMPLOYER] = before + weight
        if found == 0:
            continue
        for row in range(starts[employer], starts[employer + 1]):
            first_item, last_item = _first(item_offsets, row), _first(item_offsets, row + 1)
            weight = _weight(weights, row)
            for at in range(_first(cell_offsets, row), _first(cell_offsets, row + 1)):
                cell = int(cells[at]) - low
                if cell < 0 or cell >= n_cells:
                    continue
                of_employer = bases[cell, OF_EMPLOYER]
                for item_at in range(first_item, last_item):
                    item = int(items[item_at])
                    if item < 0:
                        continue
                    to = cell * n_items + item
                    if sums[to, ITEM_MARK] != mark:
                        sums[to, ITEM_MARK] = mark
                        sums[to, ITEM_OF_EMPLOYER] = 0.0
                    before = sums[to, ITEM_OF_EMPLOYER]
                    sums[to, COUNT] += 1.0
                    sums[to, WEIGHT] += weight
                    sums[to, ITEM_SQUARES] += weight * (2.0 * before + weight)
                    sums[to, ITEM_PRODUCTS] += weight * of_employer
                    sums[to, ITEM_OF_EMPLOYER] = before + weight


@kernel(makes_arrays=True)
def product(rows: int, offsets: Array, cells: Array, more: Array, codes: Array, stride: int) -> tuple[Array, Array]:
    """Cells split by the values of one more dimension: of each row every cell + code · stride; one below 0 is none.

    Gives offsets and cells; offsets of length 0 mean one entry a row, as they do in `add_up`. `more`: those of `codes`.
    """
    made = np.zeros(rows + 1, np.int64)
    out = np.empty(0, np.int32)
    for turn in range(2):
        at = 0
        for row in range(rows):
            for i in range(_first(offsets, row), _first(offsets, row + 1)):
                for j in range(_first(more, row), _first(more, row + 1)):
                    if cells[i] >= 0 and codes[j] >= 0:
                        if turn == 1:
                            out[at] = cells[i] + codes[j] * stride
                        at += 1
            made[row + 1] = at
        if turn == 0:
            out = np.empty(at, np.int32)
    return made, out


@kernel(makes_arrays=True)
def collect(groups: Array, low: int, bases: Array, sums: Array, unknown: int) -> tuple[Array, Array, Array]:
    """The rows that the sums of `add_up` make: an item that is seen in any cell of a group has one in each cell of it
    that has vacancies.

    `groups`: first cell of each group, and the end. `unknown`: the item that means so, or −1. Gives cell, item and the
    measures of `MEASURES` of each row, in the order of cell and item.
    """
    n_items = sums.shape[0] // bases.shape[0]
    seen = np.zeros(n_items, np.bool_)
    out = np.empty((len(MEASURES), 0))
    cells, items = np.empty(0, np.int64), np.empty(0, np.int32)
    for turn in range(2):
        at = 0
        for group in range(groups.size - 1):
            first, last = groups[group] - low, groups[group + 1] - low
            seen[:] = False
            for cell in range(first, last):
                if bases[cell, COUNT] > 0:
                    for item in range(n_items):
                        if sums[cell * n_items + item, COUNT] > 0:
                            seen[item] = True
            n_seen = seen.sum()
            for cell in range(first, last):
                if bases[cell, COUNT] == 0:
                    continue
                if turn == 0:
                    at += n_seen
                    continue
                known = bases[cell, COUNT]
                if unknown >= 0:
                    known -= sums[cell * n_items + unknown, COUNT]
                for item in range(n_items):
                    if seen[item]:
                        row = cell * n_items + item
                        cells[at], items[at] = cell + low, item
                        out[0, at], out[1, at], out[2, at] = sums[row, COUNT], bases[cell, COUNT], known
                        out[3, at], out[4, at] = bases[cell, EMPLOYERS], sums[row, WEIGHT]
                        out[5, at], out[6, at] = bases[cell, WEIGHT], sums[row, ITEM_SQUARES]
                        out[7, at], out[8, at] = sums[row, ITEM_PRODUCTS], bases[cell, SQUARES]
                        out[9, at] = bases[cell, SQUARED_WEIGHTS]
                        at += 1
        if turn == 0:
            out = np.empty((len(MEASURES), at))
            cells, items = np.empty(at, np.int64), np.empty(at, np.int32)
    return cells, items, out


@kernel(makes_arrays=True)
def pick(rows: Array, offsets: Array, values: Array, meaning: Array) -> tuple[Array, Array]:
    """What the values of the given rows mean: each meaning once a row, in order; a row or meaning below 0 is none.

    Gives offsets and meanings of `rows`; `offsets` bound the values of each row that there is.
    """
    made = np.zeros(rows.size + 1, np.int64)
    most = 0
    for k in range(rows.size):
        if rows[k] >= 0:
            most += offsets[rows[k] + 1] - offsets[rows[k]]
    out = np.empty(most, np.int32)
    at = 0
    for k in range(rows.size):
        start = at
        for i in range(offsets[rows[k]] if rows[k] >= 0 else 0, offsets[rows[k] + 1] if rows[k] >= 0 else 0):
            value = meaning[values[i]]
            if value < 0:
                continue
            to = at
            while to > start and out[to - 1] > value:
                to -= 1
            if to > start and out[to - 1] == value:
                continue
            for j in range(at, to, -1):
                out[j] = out[j - 1]
            out[to] = value
            at += 1
        made[k + 1] = at
    return made, out[:at].copy()
