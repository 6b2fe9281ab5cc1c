"""A cross as a table to read: share with interval, rank with its set of ranks, what is known, and the number behind."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.ranks import rank_shares
from overstap.analysis.uncertainty import Sums, design_effect, normal_quantile, shares_within, student_quantile

_FEW = 1 << 16  # rows that one thread reads as fast as several
COLUMNS = (
    "share_pct", "share_low", "share_high", "rank", "rank_low", "rank_high",
    "asked_n", "vacancies_n", "known_n", "employers_n", "design_effect",
)  # fmt: skip


def read_levels(sums: pa.Table, by: Sequence[str], confidence: float, most: int | None = None) -> pa.Table:
    """The rows of `cross.cross`, largest share first within each period and cell; shares and bounds in per cent.

    Bounds and design effect are null where a cell has a single employer. Sets of ranks hold for all items of a period
    and cell at once, also where only those that are `most` in rank are given.
    """
    starts = _groups(sums, ["period", *by])
    n = (os.cpu_count() or 1) if len(sums) > _FEW else 1
    cuts = [0, *starts[np.searchsorted(starts, np.arange(1, n) * len(sums) // n)].tolist(), len(sums)]
    with ThreadPoolExecutor(n) as pool:
        parts = pool.map(lambda cut: _read(sums.slice(cut[0], cut[1] - cut[0]), by, confidence, most), pairwise(cuts))
        return pa.concat_tables(parts)


def _read(sums: pa.Table, by: Sequence[str], confidence: float, most: int | None) -> pa.Table:
    """The rows of some groups."""
    starts = _groups(sums, ["period", *by])
    groups = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    names = ("x", "n", "employers_n", "sum_xx", "sum_xn", "sum_nn", "vacancies_n", "sum_ww")
    values = Sums(*(sums[name].to_numpy().astype(np.float64) for name in names))
    effect = design_effect(values)
    ranks = rank_shares(values, groups, confidence, effect)
    shown = np.flatnonzero(ranks.rank <= most) if most else np.arange(len(sums))
    order = shown[np.lexsort((ranks.rank[shown], groups[shown]))]
    sums, values = sums.take(pa.array(order)), Sums(*(getattr(values, field.name)[order] for field in fields(values)))
    shares = shares_within(
        values, normal_quantile(confidence), student_quantile(values.g - 1, confidence), effect[order]
    )
    known = {
        "share_pct": 100 * shares.share,
        "share_low": 100 * shares.low,
        "share_high": 100 * shares.high,
        "design_effect": shares.design_effect,
    }
    columns = {name: sums[name] for name in ("period", *by, "item_kind", "item_id")}
    columns |= {name: pa.array(value, from_pandas=True) for name, value in known.items()}
    columns |= {
        f"rank{end}": pa.array(r[order]) for end, r in (("", ranks.rank), ("_low", ranks.low), ("_high", ranks.high))
    }
    columns |= {name: sums[name] for name in ("asked_n", "vacancies_n", "known_n", "employers_n")}
    return pa.table({name: columns[name] for name in ("period", *by, "item_kind", "item_id", *COLUMNS)})


def _groups(table: pa.Table, names: Sequence[str]) -> NDArray[np.int64]:
    """Where the values in `names` are others than in the row before: bounds of the groups of rows that share them."""
    new = np.ones(len(table), bool)
    new[1:] = False
    for name in names:
        column = table[name]
        if not pa.types.is_dictionary(column.type):
            column = pc.dictionary_encode(column)
        codes = np.asarray(column.unify_dictionaries().combine_chunks().indices)
        new[1:] |= codes[1:] != codes[:-1]
    return np.append(np.flatnonzero(new), len(table))
