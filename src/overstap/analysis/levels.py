"""A cross as a table to read: share with interval, rank with its set of ranks, what is known, and the number behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.ranks import rank_shares
from overstap.analysis.uncertainty import Sums, clustered_shares

COLUMNS = (
    "share_pct", "share_low", "share_high", "rank", "rank_low", "rank_high",
    "asked_n", "vacancies_n", "known_n", "employers_n", "design_effect",
)  # fmt: skip


def read_levels(sums: pa.Table, by: Sequence[str], confidence: float) -> pa.Table:
    """The rows of `cross.cross`, largest share first within each period and cell; shares and bounds in per cent.

    Bounds and design effect are null where a cell has a single employer. Sets of ranks hold for all items of a period
    and cell at once.
    """
    names = ("x", "n", "employers_n", "sum_xx", "sum_xn", "sum_nn", "vacancies_n", "sum_ww")
    values = Sums(*(sums[name].to_numpy().astype(np.float64) for name in names))
    shares, groups = clustered_shares(values, confidence), _groups(sums, ["period", *by])
    ranks = rank_shares(values, groups, confidence, shares.design_effect)
    known = {
        "share_pct": 100 * shares.share,
        "share_low": 100 * shares.low,
        "share_high": 100 * shares.high,
        "design_effect": shares.design_effect,
    }
    columns = {name: sums[name] for name in ("period", *by, "item_kind", "item_id")}
    columns |= {name: pa.array(value, from_pandas=True) for name, value in known.items()}
    columns |= {"rank": pa.array(ranks.rank), "rank_low": pa.array(ranks.low), "rank_high": pa.array(ranks.high)}
    columns |= {name: sums[name] for name in ("asked_n", "vacancies_n", "known_n", "employers_n")}
    order = np.lexsort((ranks.rank, groups))
    shown = ("period", *by, "item_kind", "item_id", *COLUMNS)
    return pa.table({name: columns[name] for name in shown}).take(pa.array(order))


def _groups(table: pa.Table, names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each row by its values in `names`, in the order in which the rows first have them."""
    whole = np.zeros(table.num_rows, np.int64)
    for name in names:
        encoded = pc.dictionary_encode(table[name]).unify_dictionaries().combine_chunks()
        whole = whole * max(1, len(encoded.dictionary)) + np.asarray(encoded.indices)
        whole = np.unique(whole, return_inverse=True)[1].astype(np.int64)
    first = np.unique(whole, return_index=True)[1]
    return np.argsort(np.argsort(first))[whole]
