"""The compiled pass that sums vacancies per cell, period and item, employer by employer.

Rows are dealt out over cells by a counting sort that keeps their order, in which those of one employer stand together
and, of those, the ones of a period. So a cell is one run of rows, what an employer adds is known at the end of a part
of that run, and the sums at work are those of one cell, which fit in the processor's cache however many cells there
are.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import Array, inlined, kernel

# Columns of the sums of a period of a cell: vacancies, their weight n, Σ w², employers that weigh, Σ n_e².
COUNT, WEIGHT, SQUARED_WEIGHTS, EMPLOYERS, SQUARES = range(5)
# Of an item in it: vacancies, their weight x, Σ x_e², Σ x_e·n_e. Of an item of one employer: vacancies and weight in
# the period at work; over its periods so far vacancies, weight, and the sums of each period's squares and products.
# Without weights x is the count, and what employers of one vacancy add, 1 to each sum, is counted in its place.
ITEM_SQUARES, ITEM_PRODUCTS = 2, 3
CELL_WIDTH, ITEM_WIDTH, OWN_WIDTH = 5, 4, 6
MEASURES = (
    "asked_n", "vacancies_n", "known_n", "employers_n", "x", "n", "sum_xx", "sum_xn", "sum_nn", "sum_ww"
)  # fmt: skip


@inlined
def _first(offsets: Array, row: int) -> int:
    return row if offsets.size == 0 else int(offsets[row])


@inlined
def _ascends(items: Array, at: int, to: int) -> bool:
    """Whether no item is named twice, or is none, as far as their order tells."""
    last = -1
    for i in range(at, to):
        if items[i] <= last:
            return False
        last = items[i]
    return True


@inlined
def _add_single(sums: Array, n_periods: int) -> None:
    """What employers of one vacancy add to the sums of an item, without weights."""
    for period in range(n_periods):
        for column in (COUNT, ITEM_SQUARES, ITEM_PRODUCTS):
            sums[period, column] += sums[period, WEIGHT]
        sums[period, WEIGHT] = sums[period, COUNT]


@inlined
def _weight(weights: Array, row: int) -> float:
    return 1.0 if weights.size == 0 else float(weights[row])


@inlined
def _period(periods: Array, row: int) -> int:
    return 0 if periods.size == 0 else int(periods[row])


@kernel(makes_arrays=True)
def by_cell(offsets: Array, cells: Array, n_cells: int) -> tuple[Array, Array]:
    """The rows of each cell, in their order: bounds of the cells, and rows.

    `cells` of row r: those from offset r to offset r + 1; without offsets one each, and below 0 none.
    """
    starts = np.zeros(n_cells + 1, np.int64)
    for cell in cells:
        if cell >= 0:
            starts[cell + 1] += 1
    for cell in range(n_cells):
        starts[cell + 1] += starts[cell]
    to = starts[:-1].copy()
    rows = np.empty(starts[-1], np.int32)
    n_rows = cells.size if offsets.size == 0 else offsets.size - 1
    for row in range(n_rows):
        for at in range(_first(offsets, row), _first(offsets, row + 1)):
            cell = cells[at]
            if cell >= 0:
                rows[to[cell]] = row
                to[cell] += 1
    return starts, rows


@kernel(makes_arrays=True)
def sum_cells(
    first: int,
    last: int,
    starts: Array,
    employers: Array,
    periods: Array,
    whole: bool,
    item_offsets: Array,
    items: Array,
    weights: Array,
    unknown: int,
    bases: Array,
    sums: Array,
    own: Array,
    lists: Array,
    keys: Array,
    out: Array,
) -> tuple[int, int]:
    """Sums of the cells from `first` up to `last`, as many as the output has room for: the next cell, and rows made.

    `starts`: bounds of the rows of each cell. By row, those of a cell side by side: `employers`; `periods`, none where
    there is one; items of row r from offset r to offset r + 1, any of them several times, without offsets one each, and
    below 0 none; `weights`, none for 1.
    `whole`: besides each period all of them together. `unknown`: the item that means so, or −1.
    `bases` [period and whole, CELL_WIDTH], `sums` [item, period and whole, ITEM_WIDTH], `own` [item, OWN_WIDTH] and
    `lists` [4, item] are nought before and after. Per row of output `keys` gets cell, period (of the whole −1) and
    item, `out` the measures of MEASURES; an item that is seen in a cell has a row in each of the cell's periods.
    """
    n_periods = bases.shape[0] - 1
    seen, here, over = lists[0], lists[1], lists[2]  # items of the cell, of the employer's period, of the employer
    marks = lists[3]
    made, plain = 0, weights.size == 0
    for cell in range(first, last):
        begin, end = starts[cell], starts[cell + 1]
        if begin == end:
            continue
        if made + (n_periods + 1) * sums.shape[0] > keys.shape[1]:
            return cell, made
        n_seen = 0
        at = begin
        while at < end:
            employer = employers[at]
            parts, n_over = 0, 0
            n_whole, n_squares, n_weighing = 0.0, 0.0, 0.0
            while at < end and employers[at] == employer:
                period = _period(periods, at)
                to, n_own, squared = at, 0.0, 0.0
                while to < end and employers[to] == employer and _period(periods, to) == period:
                    weight = _weight(weights, to)
                    n_own += weight
                    squared += weight * weight
                    to += 1
                bases[period, COUNT] += to - at
                bases[period, WEIGHT] += n_own
                bases[period, SQUARED_WEIGHTS] += squared
                bases[period, SQUARES] += n_own * n_own
                if n_own > 0.0:  # one whose vacancies weigh nothing tells nothing of the variance
                    bases[period, EMPLOYERS] += 1.0
                    n_weighing += 1.0
                n_whole += n_own
                n_squares += n_own * n_own
                several = whole and (parts > 0 or (to < end and employers[to] == employer))
                if to == at + 1 and _ascends(items, _first(item_offsets, at), _first(item_offsets, to)):
                    for item_at in range(_first(item_offsets, at), _first(item_offsets, to)):
                        item = int(items[item_at])
                        if marks[item] == 0:
                            marks[item] = 1
                            seen[n_seen] = item
                            n_seen += 1
                        if plain:
                            sums[item, period, WEIGHT] += 1.0
                        else:
                            sums[item, period, COUNT] += 1.0
                            sums[item, period, WEIGHT] += n_own
                            sums[item, period, ITEM_SQUARES] += squared
                            sums[item, period, ITEM_PRODUCTS] += squared
                        if several:
                            if own[item, 2] == 0.0:
                                over[n_over] = item
                                n_over += 1
                            own[item, 2] += 1.0
                            own[item, 3] += n_own
                            own[item, 4] += squared
                            own[item, 5] += squared
                    parts += 1
                    at = to
                    continue
                n_here = 0
                for row in range(at, to):
                    weight = _weight(weights, row)
                    for item_at in range(_first(item_offsets, row), _first(item_offsets, row + 1)):
                        item = int(items[item_at])
                        if item < 0:
                            continue
                        if own[item, 0] == 0.0:
                            here[n_here] = item
                            n_here += 1
                        own[item, 0] += 1.0
                        own[item, 1] += weight
                for i in range(n_here):
                    item = here[i]
                    count, x_own = own[item, 0], own[item, 1]
                    own[item, 0] = 0.0
                    own[item, 1] = 0.0
                    if marks[item] == 0:
                        marks[item] = 1
                        seen[n_seen] = item
                        n_seen += 1
                    sums[item, period, COUNT] += count
                    if not plain:
                        sums[item, period, WEIGHT] += x_own
                    sums[item, period, ITEM_SQUARES] += x_own * x_own
                    sums[item, period, ITEM_PRODUCTS] += x_own * n_own
                    if several:
                        if own[item, 2] == 0.0:
                            over[n_over] = item
                            n_over += 1
                        own[item, 2] += count
                        own[item, 3] += x_own
                        own[item, 4] += x_own * x_own
                        own[item, 5] += x_own * n_own
                parts += 1
                at = to
            if whole and parts > 1:  # what the sums of its periods lack of those of all
                bases[n_periods, SQUARES] += n_whole * n_whole - n_squares
                bases[n_periods, EMPLOYERS] += min(n_weighing, 1.0) - n_weighing
                for i in range(n_over):
                    item = over[i]
                    x_whole = own[item, 3]
                    sums[item, n_periods, ITEM_SQUARES] += x_whole * x_whole - own[item, 4]
                    sums[item, n_periods, ITEM_PRODUCTS] += x_whole * n_whole - own[item, 5]
                    own[item, 2], own[item, 3], own[item, 4], own[item, 5] = 0.0, 0.0, 0.0, 0.0
        if whole:
            for period in range(n_periods):
                for column in range(CELL_WIDTH):  # an array set to an array takes seconds to compile
                    bases[n_periods, column] += bases[period, column]
        seen[:n_seen].sort()
        if plain:
            for i in range(n_seen):
                _add_single(sums[seen[i]], n_periods)
        for period in range(n_periods + 1 if whole else n_periods):
            if bases[period, COUNT] == 0.0:
                continue
            n_known = bases[period, COUNT]
            if unknown >= 0:
                for i in range(n_periods) if period == n_periods else range(period, period + 1):
                    n_known -= sums[unknown, i, COUNT]
            for i in range(n_seen):
                item = seen[i]
                if period == n_periods:
                    for other in range(n_periods):
                        sums[item, period] += sums[item, other]
                keys[0, made], keys[1, made], keys[2, made] = cell, -1 if period == n_periods else period, item
                out[0, made] = sums[item, period, COUNT]
                out[1, made] = bases[period, COUNT]
                out[2, made] = n_known
                out[3, made] = bases[period, EMPLOYERS]
                out[4, made] = sums[item, period, WEIGHT]
                out[5, made] = bases[period, WEIGHT]
                out[6, made] = sums[item, period, ITEM_SQUARES]
                out[7, made] = sums[item, period, ITEM_PRODUCTS]
                out[8, made] = bases[period, SQUARES]
                out[9, made] = bases[period, SQUARED_WEIGHTS]
                made += 1
        for i in range(n_seen):
            sums[seen[i]] = 0.0
            marks[seen[i]] = 0
        bases[:] = 0.0
    return last, made


@kernel(makes_arrays=True)
def gather(rows: Array, offsets: Array, items: Array) -> tuple[Array, Array]:
    """The items of the given rows side by side, with their bounds: apart from the sums, so that the processor fetches
    those of many rows at once."""
    bounds, begins = np.empty(rows.size + 1, np.int32), np.empty(rows.size, np.int32)
    bounds[0] = 0
    for i in range(rows.size):
        row = rows[i]
        begins[i] = offsets[row]
        bounds[i + 1] = bounds[i] + offsets[row + 1] - offsets[row]
    out = np.empty(bounds[-1], items.dtype)
    for i in range(rows.size):
        at, to = begins[i], bounds[i]
        for k in range(bounds[i + 1] - to):
            out[to + k] = items[at + k]
    return bounds, out


@kernel()
def stack(offsets: Array, items: Array, first: int, to: Array, out: Array) -> None:
    """Put the items of each row, numbered from `first`, into `out` from `to` on, which moves past them."""
    for row in range(to.size):
        for at in range(_first(offsets, row), _first(offsets, row + 1)):
            out[to[row]] = first + items[at]
            to[row] += 1


@kernel()
def count_items(keys: Array, offsets: Array, items: Array, places: Array, out: Array) -> None:
    """Add 1 to `out` [place, key] for each item of each row: `places` of items, `keys` of rows, below 0 none."""
    for row in range(keys.size):
        key = keys[row]
        if key >= 0:
            for at in range(_first(offsets, row), _first(offsets, row + 1)):
                place = places[items[at]]
                if place >= 0:
                    out[place, key] += 1


@kernel(makes_arrays=True)
def foreign(offsets: Array, items: Array, value: Array, own: Array) -> tuple[Array, Array]:
    """The items of each row whose `value` is not below 0 and not the row's `own`, with their bounds."""
    bounds = np.zeros(offsets.size, np.int32)
    out = np.empty(0, items.dtype)
    for turn in range(2):
        made = 0
        for row in range(own.size):
            for at in range(offsets[row], offsets[row + 1]):
                if value[items[at]] >= 0 and value[items[at]] != own[row]:
                    if turn == 1:
                        out[made] = items[at]
                    made += 1
            bounds[row + 1] = made
        if turn == 0:
            out = np.empty(made, items.dtype)
    return bounds, out


@kernel(makes_arrays=True)
def product(rows: int, offsets: Array, cells: Array, more: Array, codes: Array, stride: int) -> tuple[Array, Array]:
    """Cells split by the values of one more dimension: of each row every cell + code · stride; one below 0 is none.

    Gives offsets and cells; offsets of length 0 mean one entry a row, as in `by_cell`. `more`: those of `codes`.
    """
    made = np.zeros(rows + 1, np.int32)
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
def pick(rows: Array, offsets: Array, values: Array, meaning: Array) -> tuple[Array, Array]:
    """What the values of the given rows mean: each meaning once a row, in order; a row or meaning below 0 is none.

    Gives offsets and meanings of `rows`; `offsets` bound the values of each row that there is.
    """
    made = np.zeros(rows.size + 1, np.int32)
    most = 0
    for k in range(rows.size):
        if rows[k] >= 0:
            most += offsets[rows[k] + 1] - offsets[rows[k]]
    out = np.empty(most, meaning.dtype)
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
