"""Coded vacancies as counts per group of employers: what `composition` and `spread` are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column
from overstap.analysis.composition import Cells
from overstap.analysis.cross import has
from overstap.analysis.jackknife import Codes as Numbers
from overstap.analysis.jackknife import employer_groups
from overstap.analysis.uncertainty import Floats

Item = tuple[str, str]  # kind and id


def groups_of(codes: Codes) -> tuple[Numbers, int]:
    """The group of each vacancy's employer, and how many groups there are."""
    return employer_groups(codes.employers.astype(np.int64))


def mixed_cells(codes: Codes, dimensions: Sequence[str], period: str, items: Sequence[Item]) -> Cells:
    """Vacancies by group of employers, period and cell of the dimensions (of one value each), with their items.

    Counted, not weighted, as `out_change` is: a change and its parts must be of one share.
    """
    group, groups = groups_of(codes)
    time = codes.column(period).codes.astype(np.int64)
    key = time * groups + group
    for name in dimensions:
        column = codes.column(name)
        key = key * max(1, len(column.levels)) + column.codes
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    rows = len(first)
    return Cells(
        {name: codes.column(name).codes[first].astype(np.int64) for name in dimensions},
        time[first],
        group[first],
        np.bincount(place, minlength=rows).astype(np.float64),
        {f"{kind}:{id}": _with(codes, kind, id, place, rows) for kind, id in items},
    )


def _with(codes: Codes, kind: str, id: str, place: Numbers, rows: int) -> Floats:
    asked = has(codes.column(kind), codes.code(kind, id))
    return np.bincount(place[asked], minlength=rows).astype(np.float64)


def counts_by_group(
    codes: Codes, dimension: str, kind: str, periods: Sequence[str], skills: Sequence[str]
) -> Mapping[str, Floats]:
    """Counts of ads per period of this kind: `x` [period, group, class, skill], and `n` [period, group, class] that ask
    any.

    Vacancies whose class is unknown stay out.
    """
    group, groups = groups_of(codes)
    classes, asked, time = codes.column(dimension), codes.column("skill"), codes.column(kind)
    wanted = _renumbered(time, periods)[time.codes]
    kept = _renumbered(classes, [level for level in classes.levels if level != "unknown"])[classes.codes]
    sizes = (len(periods), groups, len(classes.levels))
    base = (wanted * groups + group) * sizes[2] + kept
    base[(wanted < 0) | (kept < 0)] = -1
    assert asked.offsets is not None
    lengths = np.diff(asked.offsets)
    some = (base >= 0) & (lengths > 0)
    n = np.bincount(base[some], minlength=int(np.prod(sizes))).reshape(sizes)
    skill = _renumbered(asked, skills)[asked.codes]
    of_pair = np.repeat(base, lengths)
    used = (of_pair >= 0) & (skill >= 0)
    pairs = of_pair[used] * len(skills) + skill[used]
    x = np.bincount(pairs, minlength=int(np.prod(sizes)) * len(skills)).reshape(*sizes, len(skills))
    return {"x": x.astype(np.float64), "n": n.astype(np.float64)}


def _renumbered(column: Column, wanted: Sequence[str]) -> Numbers:
    """The place of each level in `wanted`, −1 where it is not in it; by code, the last for code −1."""
    place = {value: i for i, value in enumerate(wanted)}
    return np.array([*(place.get(level, -1) for level in column.levels), -1], dtype=np.int64)
