"""Coded vacancies as counts per group of employers: what `composition` and `spread` are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, wide
from overstap.analysis.composition import LEAST_CELL, Mix, joint
from overstap.analysis.cross_kernel import count_items
from overstap.analysis.uncertainty import Floats
from overstap.schema.out import UNKNOWN

_MEMORY = 128 << 20  # bytes of the counts of the items that are held at a time, where one item has not more
_EACH: NDArray[np.int32] = np.empty(0, np.int32)
Item = tuple[str, str]  # kind and id
Numbers = NDArray[np.int64]


def mixes(
    codes: Codes,
    dimensions: Sequence[str],
    kind: str,
    periods: Sequence[str],
    items: Sequence[Item],
    least: int = LEAST_CELL,
) -> Iterator[Mix]:
    """Vacancies by group of employers, period and cell of the dimensions (of one value each), with some of the items at
    a time, in their order: `kind:id`.

    Counted, not weighted, as `out_change` is: a change and its parts must be of one share. `least`: vacancies in two
    periods, as a mean, below which a cell is pooled.
    """
    group, groups = codes.groups
    time = _places(codes.column(kind), periods)[codes.column(kind).codes]
    own = pooled({name: codes.column(name) for name in dimensions}, time >= 0, least * len(periods) / 2)
    cell = joint(own.values())
    cells, first = np.unique(cell, return_index=True)
    shape = (groups, len(periods), len(cells))
    key = np.where(time >= 0, (group * shape[1] + time) * shape[2] + cell, -1)
    n = np.bincount(key[key >= 0], minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)
    of_cell = {name: values[first].astype(np.int64) for name, values in own.items()}
    held = max(1, _MEMORY // (4 * n.size))
    for of_kind, some in groupby(items, key=lambda item: item[0]):
        ids = [id for _, id in some]
        for start in range(0, len(ids), held):
            part = ids[start : start + held]
            x = _counts(codes.column(of_kind), part, key, n.size).reshape(len(part), *shape)
            yield Mix(of_cell, n, {f"{of_kind}:{id}": x[i] for i, id in enumerate(part)})


def pooled(columns: Mapping[str, Column], kept: NDArray[np.bool_], least: float) -> dict[str, NDArray[np.int32]]:
    """Codes of each dimension in which cells of fewer than `least` of the rows that are `kept` are pooled.

    Rows of such a cell get the code `other` (the number of levels) in the dimension of most levels; those that then
    still lie in one so too in the next, and so on: a new board keeps its cells longest.
    """
    own = {name: column.codes.copy() for name, column in columns.items()}
    for name in sorted(columns, key=lambda name: -len(columns[name].levels)):
        cell = joint(own.values())
        small = np.bincount(cell[kept], minlength=int(cell.max(initial=-1)) + 1) < least
        if not small.any():
            break
        own[name][small[cell]] = len(columns[name].levels)
    return own


def counts_by_group(
    codes: Codes, dimension: str, kind: str, periods: Sequence[str], skills: Sequence[str]
) -> Mapping[str, Floats]:
    """Counts of ads per period of this kind: `x` [period, group, class, skill], and `n` [period, group, class] that ask
    any.

    Vacancies whose class is unknown stay out.
    """
    group, groups = codes.groups
    classes, asked, time = codes.column(dimension), codes.column("skill"), codes.column(kind)
    wanted = _places(time, periods)[time.codes]
    kept = _places(classes, [level for level in classes.levels if level != UNKNOWN])[classes.codes]
    shape = (groups, len(classes.levels))
    key = np.where(kept >= 0, group * shape[1] + kept, -1)
    assert asked.offsets is not None
    some = np.diff(asked.offsets) > 0

    def of_period(period: int) -> tuple[Floats, Floats]:
        mine = np.where((wanted == period) & some, key, -1)
        n = np.bincount(mine[mine >= 0], minlength=int(np.prod(shape))).astype(np.float64)
        x = _counts(asked, skills, mine, n.size).T.astype(np.float64)
        return x.reshape(*shape, len(skills)), n.reshape(shape)

    with ThreadPoolExecutor() as pool:
        x, n = zip(*pool.map(of_period, range(len(periods))), strict=True)
    return {"x": np.stack(x), "n": np.stack(n)}


def _counts(column: Column, ids: Sequence[str], key: Numbers, size: int) -> NDArray[np.int32]:
    """How many rows of each key have each of the items: [item, key]; a key below 0 is none."""
    out = np.zeros((len(ids), size), np.int32)
    offsets = _EACH if column.offsets is None else column.offsets
    count_items(key, offsets, wide(column.codes), _places(column, ids), out)
    return out


def _places(column: Column, wanted: Sequence[str]) -> Numbers:
    """The place of each level in `wanted`, by code; −1 where it is not in it."""
    place = {value: i for i, value in enumerate(wanted)}
    return np.array([place.get(level, -1) for level in column.levels], dtype=np.int64)
