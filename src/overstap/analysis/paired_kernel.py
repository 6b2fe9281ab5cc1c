"""The compiled pass over employers that post in both of two periods."""

from __future__ import annotations

from overstap.ads.compiled import Array, kernel


@kernel()
def pair_cells(
    starts: Array, rows: Array, employers: Array, late: Array, offsets: Array, items: Array,
    own: Array, sums: Array, lists: Array, keys: Array, out: Array, begin_cell: int, end_cell: int,
) -> tuple[int, int]:  # fmt: skip
    """Sums over employers of products between two periods, of the cells from `begin_cell` up to `end_cell`, as many as
    the output has room for: the next cell, and rows made.

    By row: `employers`, those of one together in a cell; `late`, 1 in the last period and 0 in the first; items of row
    r from offset r to offset r + 1 (without offsets one each), below 0 none. `own` [item, 2], `sums` [item, 3] and
    `lists` [3, item] are nought before and after. Per row of output `keys` gets cell and item, `out` Σ x₁x₂, Σ x₁n₂,
    Σ n₁x₂ and Σ n₁n₂, with x the vacancies of an employer that have the item and n all of them.
    """
    here, seen, marks = lists[0], lists[1], lists[2]
    made = 0
    for cell in range(begin_cell, end_cell):
        if made + sums.shape[0] > keys.shape[1]:
            return cell, made
        at, end, n_seen, both = starts[cell], starts[cell + 1], 0, 0.0
        while at < end:
            employer, to = employers[rows[at]], at
            n_first, n_last, n_here = 0.0, 0.0, 0
            while to < end and employers[rows[to]] == employer:
                if late[rows[to]]:
                    n_last += 1.0
                else:
                    n_first += 1.0
                to += 1
            both += n_first * n_last
            for i in range(at, to):
                row = rows[i]
                first = offsets[row] if offsets.size else row
                last = offsets[row + 1] if offsets.size else row + 1
                for k in range(first, last):
                    item = int(items[k])
                    if item < 0:
                        continue
                    if own[item, 0] == 0.0 and own[item, 1] == 0.0:
                        here[n_here] = item
                        n_here += 1
                    own[item, int(late[row])] += 1.0
            for i in range(n_here):
                item = here[i]
                if marks[item] == 0:
                    marks[item] = 1
                    seen[n_seen] = item
                    n_seen += 1
                sums[item, 0] += own[item, 0] * own[item, 1]
                sums[item, 1] += own[item, 0] * n_last
                sums[item, 2] += n_first * own[item, 1]
                own[item, 0] = 0.0
                own[item, 1] = 0.0
            at = to
        for i in range(n_seen):
            item = seen[i]
            keys[0, made], keys[1, made] = cell, item
            out[0, made], out[1, made], out[2, made], out[3, made] = sums[item, 0], sums[item, 1], sums[item, 2], both
            sums[item] = 0.0
            marks[item] = 0
            made += 1
    return end_cell, made
