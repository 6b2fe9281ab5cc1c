"""The queries of the dashboard: rows of `out_` tables for a selection. Values are bound, never written into them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from overstap.schema import table_spec
from overstap.schema.out import CELL_NAMES
from overstap.web.results import Row, Snapshot
from overstap.web.selection import EACH, Selection

_PERIOD = "period_kind = $period_kind AND ($period_kind = $period OR period = $period)"
_SKILLS = """item_id IN (
    SELECT skill_id FROM core_skills WHERE category = $category OR category_group = $category)"""
_CATEGORIES = """item_id IN (
    SELECT category FROM core_skills WHERE category = $category OR category_group = $category)"""


def _where(
    selection: Selection, *, period: bool, item: bool, cell: Sequence[str] = CELL_NAMES
) -> tuple[str, dict[str, object]]:
    terms, used = [f"{name} = ${name}" for name in cell], [*cell]
    if period:
        terms.append(_PERIOD)
        used += ["period_kind", "period"]
    if item:
        terms.append("item_kind = $item_kind")
        used.append("item_kind")
        if selection.category != "all":
            terms.append(_SKILLS if selection.item_kind == "skill" else _CATEGORIES)
            used.append("category")
        if selection.item_id:
            terms.append("list_contains($item_id, item_id)")
            used.append("item_id")
    every = selection.parameters()
    return " AND ".join(terms), {name: every[name] for name in used}


def demand(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_demand` of cell, period, kind, category and items: highest share first, or per item by period."""
    where, values = _where(selection, period=True, item=True)
    order = "item_id, period" if selection.period in EACH else "share_pct DESC, item_id"
    return snapshot.table(f"SELECT * FROM out_demand WHERE {where} ORDER BY {order}", values)


def change(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_change` of the cell, kind, category and items."""
    where, values = _where(selection, period=False, item=True)
    return snapshot.table(f"SELECT * FROM out_change WHERE {where} ORDER BY item_id", values)


def volume(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_volume` of the cell and period."""
    where, values = _where(selection, period=True, item=False)
    return snapshot.table(f"SELECT * FROM out_volume WHERE {where} ORDER BY period", values)


def levels(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_levels` of the dimension, period, kind, category and items."""
    where, values = _where(selection, period=True, item=True, cell=("dimension",))
    return snapshot.table(f"SELECT * FROM out_levels WHERE {where} ORDER BY item_id, level, period", values)


def forecast(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_forecast` of the kind, category and items, all quarters ahead."""
    where, values = _where(selection, period=False, item=True, cell=())
    return snapshot.table(f"SELECT * FROM out_forecast WHERE {where} ORDER BY item_id, period", values)


def intensity(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_intensity`: of the period, or of every year, all sectors and function groups."""
    query = """
        SELECT * FROM out_intensity WHERE period = $period OR ($period IN ('year', 'month') AND period != 'all')
        ORDER BY period, sector, function_group
    """
    return snapshot.table(query, {"period": selection.period})


def whole(table: str) -> Callable[[Snapshot, Selection], pa.Table]:
    """All rows of a table that no choice of the page narrows, in the order of its key."""
    key = ", ".join(f'"{name}"' for name in table_spec(table).key)
    query = f"SELECT * FROM {table} ORDER BY {key or 'ALL'}"
    return lambda snapshot, selection: snapshot.table(query, {})


def quality(snapshot: Snapshot, selection: Selection) -> pa.Table:
    """Rows of `out_quality` of the source, or of every source."""
    query = """
        SELECT * FROM out_quality WHERE $source_id = 'all' OR source_id = $source_id
        ORDER BY source_id, measure, detail
    """
    return snapshot.table(query, {"source_id": selection.source_id})


def vacancies(snapshot: Snapshot, selection: Selection) -> int:
    """The number of vacancies of the cell in the whole study."""
    rows = volume(snapshot, selection.but(period="year"))
    return sum(row["vacancies_n"] for row in rows.to_pylist())


def texts_of(snapshot: Snapshot, ad_ids: list[str]) -> dict[str, str]:
    """The masked text of some ads, by id."""
    query = "SELECT ad_id, text FROM raw_ads WHERE list_contains($ad_ids, ad_id)"
    rows: list[Row] = snapshot.rows(query, {"ad_ids": ad_ids})
    return {row["ad_id"]: row["text"] for row in rows}
