"""Levels: what is asked within every value of every dimension, over the whole period and in each year.

One dimension at a time and thread, as a stream, so that memory holds the rows of a few dimensions.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column
from overstap.analysis.cross import Crossed, apart, cells_of, stacked
from overstap.analysis.demand import nullable, sums_of, weighted_columns
from overstap.analysis.demand_sums import WEIGHED, weighed_sums
from overstap.analysis.ranks import rank_shares
from overstap.analysis.uncertainty import clustered_shares
from overstap.batches import ordered_map
from overstap.schema import table_spec
from overstap.schema.codes import TRAITS
from overstap.schema.out import ALL, LEVEL_KINDS

_ROWS = 1 << 16
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class LevelSettings:
    """`min_display`: vacancies of all periods from which a skill is listed in a level; `notes`: why vacancies of
    a sector, or `all`, have no weight."""

    confidence: float
    min_n: int
    min_display: int
    notes: Mapping[str, str] = field(default_factory=dict)


def levels(codes: Codes, settings: LevelSettings, threads: int | None = None) -> Iterator[pa.RecordBatch]:
    """Rows of `out_levels`, by dimension, kind of item, length of the period, level and item.

    A dimension is not split by itself. Ranks are among the items that are listed.
    """
    names = [dimension.name for dimension in TRAITS] if codes.n else []
    codes.load(["year", *LEVEL_KINDS, *names])  # now: the threads below would each read them
    items = stacked(codes, LEVEL_KINDS)
    for tables in ordered_map(
        lambda name: _within(codes, items, name, settings), names, threads or os.cpu_count() or 1
    ):
        for table in tables:
            yield from table.to_batches(max_chunksize=_ROWS)


def _within(codes: Codes, items: Column, dimension: str, settings: LevelSettings) -> list[pa.Table]:
    """Rows within the values of a dimension."""
    tables = []
    cells = cells_of(codes, [dimension])
    sums_of_all, sums_of_years = weighed_sums(codes, cells, items, "year", threads=1)
    of_all, of_years = (apart(codes, LEVEL_KINDS, sums) for sums in (sums_of_all, sums_of_years))
    for kind in LEVEL_KINDS:
        if kind == dimension:
            continue
        whole, years = of_all[kind], of_years[kind]
        listed = np.zeros((len(codes.levels(dimension)), max(1, len(codes.levels(kind)))), bool)
        least = settings.min_display if kind == "skill" else 1
        listed[whole.keys[dimension], whole.items] = whole.measures["asked_n"] >= least
        for period, sums in ((ALL, whole), ("year", years)):
            part = sums.where(listed[sums.keys[dimension], sums.items])
            tables.append(_rows(codes, dimension, kind, period, part, settings))
    return tables


def _rows(codes: Codes, dimension: str, kind: str, period: str, sums: Crossed, settings: LevelSettings) -> pa.Table:
    n = len(sums.items)
    measures = sums.measures
    columns = {name: pa.nulls(n, pa.float64()) for name in WEIGHED} | {k: pa.array(v) for k, v in measures.items()}
    table = pa.table(columns)
    plain = sums_of(table)
    shares = clustered_shares(plain, settings.confidence)
    ranks = rank_shares(plain, _cells(codes, sums, dimension, period), settings.confidence, shares.design_effect)
    counts = {name: pa.array(measures[name].astype(np.int64)) for name in ("asked_n", "vacancies_n", "employers_n")}
    level = codes.named(dimension, sums.keys[dimension])
    weighs = np.nan_to_num(measures.get("weight_n", np.zeros(n))) > 0
    shown = {
        "dimension": pa.repeat(dimension, n),
        "level": level,
        "period_kind": pa.repeat(period, n),
        "period": codes.named(period, sums.keys[period]) if period != ALL else pa.repeat(ALL, n),
        "item_kind": pa.repeat(kind, n),
        "item_id": codes.named(kind, sums.items),
        **counts,
        "share_pct": nullable(100 * shares.share),
        "share_low": nullable(100 * shares.low),
        "share_high": nullable(100 * shares.high),
        "design_effect": nullable(shares.design_effect),
        "rank": pa.array(ranks.rank),
        "rank_low": pa.array(ranks.low),
        "rank_high": pa.array(ranks.high),
        **weighted_columns(table, settings.confidence),
        "vacancies_estimated": nullable(np.where(weighs, measures.get("weight_x", np.nan), np.nan)),
        "note": _notes(codes, dimension, sums, weighs, settings.notes),
        "is_reliable": pa.array((plain.n >= settings.min_n) & (plain.g >= 2)),
    }
    return pa.table({name: shown[name] for name in table_spec("out_levels").names})


def _cells(codes: Codes, sums: Crossed, dimension: str, period: str) -> Numbers:
    """The number of each row's level and period."""
    cell = sums.keys[dimension].astype(np.int64)
    return cell if period == ALL else cell * len(codes.levels(period)) + sums.keys[period]


def _notes(
    codes: Codes, dimension: str, sums: Crossed, weighs: NDArray[np.bool_], notes: Mapping[str, str]
) -> pa.DictionaryArray:
    """Why a row has no weighted share, where that is known; null where it has one."""
    if not len(codes.weights):
        reasons = [notes.get(ALL)]
        of_row = np.zeros(len(weighs), np.int32)
    else:
        reasons = [notes.get(level) if dimension == "sector" else None for level in codes.levels(dimension)]
        of_row = sums.keys[dimension]
    told = np.array([reason is not None for reason in reasons] or [False])
    indices = pa.array(of_row, mask=weighs | ~told[of_row])
    return pa.DictionaryArray.from_arrays(indices, pa.array([reason or "" for reason in reasons], pa.string()))
