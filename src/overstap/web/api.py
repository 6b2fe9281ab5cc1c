"""The open API: rows of `out_` tables for a selection, as JSON with its metadata and as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from overstap.errors import OverstapError, nearest
from overstap.publish.labels import Translator
from overstap.publish.tables import LABELLED, cell, to_csv
from overstap.publish.weights import weights_of
from overstap.publish.words import movers
from overstap.schema import education, initiatives, moves, table_spec
from overstap.schema.out import ALL
from overstap.web import queries
from overstap.web.figures import in_order
from overstap.web.results import Row, Snapshot
from overstap.web.selection import EACH, EVERYTHING, PARAMETERS, Selection

QUERIES: dict[str, Callable[[Snapshot, Selection], pa.Table]] = {
    "out_demand": queries.demand,
    "out_change": queries.change,
    "out_volume": queries.volume,
    "out_quality": queries.quality,
    "out_levels": queries.levels,
    "out_forecast": queries.forecast,
    "out_intensity": queries.intensity,
    "out_borders": queries.borders,
    "out_polarisation": queries.polarisation,
    "out_nowcast": queries.nowcast,
    "out_cross_over": queries.cross_over,
    "out_new_phrases": queries.new_phrases,
}
_AHEAD = (
    "out_outlook", "out_outlook_window", "out_scenarios", "out_scenario_levers", "out_countries", "out_workforce_age",
)  # fmt: skip

_OUTLOOK = (
    "out_forecast", "out_borders", "out_polarisation", "out_nowcast", "out_cross_over", "out_new_phrases", *_AHEAD,
)  # fmt: skip
_WHOLE = ("out_change", "out_quality", *_OUTLOOK)  # have no period to choose
_EDUCATION = tuple(spec.name for spec in education.TABLES if spec.name.startswith("out_"))
_MOVES = tuple(spec.name for spec in moves.TABLES if spec.name.startswith("out_"))
_INITIATIVES = tuple(spec.name for spec in initiatives.TABLES if spec.name.startswith("out_"))
QUERIES |= {name: queries.whole(name) for name in (*_AHEAD, *_EDUCATION, *_MOVES, *_INITIATIVES)}
_PAGES = {"out_quality": "quality", "out_levels": "levels"} | dict.fromkeys((*_OUTLOOK, "out_intensity"), "outlook")
_PAGES |= dict.fromkeys(_EDUCATION, "education") | dict.fromkeys(_MOVES, "moves")
_PAGES |= dict.fromkeys(_INITIATIVES, "initiatives")


def rows_of(snapshot: Snapshot, table: str, selection: Selection) -> list[Row]:
    """The rows of `table` that the selection shows, in the order of the page.

    `show` limits a ranking to the highest shares, and changes to the strongest risers and fallers.
    """
    rows: list[Row] = QUERIES[table](snapshot, selection).to_pylist()
    t, limit = snapshot.translator(selection.lang), selection.show
    if table == "out_demand" and selection.period not in EACH:
        return in_order(t, selection, rows[:limit] if limit != EVERYTHING else rows)
    if limit == EVERYTHING or table in (*_EDUCATION, *_MOVES, *_INITIATIVES):
        return rows
    if table == "out_change":
        return [dict(row) for row in (*movers(rows, "rising", limit), *reversed(movers(rows, "falling", limit)))]
    return rows[:limit]


def tables(snapshot: Snapshot, lang: str, base: str) -> dict[str, Any]:
    """Every table that the API has: its name, what it holds, and where; `base` is the address of the server."""
    t, address = snapshot.translator(lang), base.rstrip("/") + "/api/"
    named = [
        {"table": name, "label": t.table(name), "json": f"{address}{name}.json", "csv": f"{address}{name}.csv"}
        for name in sorted(QUERIES)
    ]
    return {"tables": named, "filters": list(PARAMETERS), "contracts": f"{address}datapackage.json"}


def no_table(path: str) -> OverstapError:
    """That the API has nothing at `path`, with the table nearest to it."""
    name, _, form = path.removeprefix("/api/").partition(".")
    told = nearest(name, QUERIES)
    known = ", ".join(sorted(QUERIES))
    what = f"The API has no '{name}'." if name not in QUERIES else f"{name} cannot be had as '{form}'."
    return OverstapError(what, why="Tables are had as .json or .csv.", fix=f"{told} Tables: {known}.".strip())


def for_table(table: str, selection: Selection) -> Selection:
    """The selection with what `table` does not have set aside: volumes have no whole period, changes no period."""
    if table == "out_volume" and selection.period == ALL:
        return selection.but(period="year")
    return selection.but(period=ALL) if table in _WHOLE else selection


def as_json(snapshot: Snapshot, table: str, selection: Selection, base: str) -> dict[str, Any]:
    """Rows of `table` with all a reader needs to cite them; `base` is the address of the server."""
    contract, spec = table_spec(table), snapshot.study.spec
    rows = rows_of(snapshot, table, selection)
    t = snapshot.translator(selection.lang)
    sizes = [row["vacancies_n"] for row in rows if "vacancies_n" in row]
    return {
        "table": table,
        "label": t.table(table),
        "study": spec.study,
        "simulated": spec.simulated,
        "selection": {**selection.parameters(), "sort": selection.sort, "show": selection.show or "all"},
        "n": {"low": min(sizes), "high": max(sizes)} if sizes else None,
        "sources": [s.id for s in spec.sources] if selection.source_id == ALL else [selection.source_id],
        "period": t.period(selection.period) if selection.period not in EACH else t.whole_period,
        "interval_level": spec.measures.confidence,
        "weights": weights_of(snapshot.study, t).sentence.text,
        "data_version": snapshot.version,
        "permalink": base.rstrip("/") + page_selection(table, selection).href(),
        "columns": [
            {"name": c.name, "label": getattr(c, f"label_{selection.lang}"), "unit": c.unit, "key": c.key}
            for c in contract.columns
        ],
        "rows": [_with_label(t, row) for row in rows],
    }


def _with_label(t: Translator, row: Row) -> Row:
    return row | {f"{name.removesuffix('_id')}_label": cell(t, row, name) for name in LABELLED if name in row}


def page_selection(table: str, selection: Selection) -> Selection:
    """The page on which the rows of `table` for this selection are shown."""
    if table in _PAGES:
        return selection.but(view=_PAGES[table])
    shown = selection.show if selection.show != EVERYTHING else Selection().show
    return selection.but(view="demand", show=shown, period=ALL if selection.period in EACH else selection.period)


def as_csv(snapshot: Snapshot, table: str, selection: Selection) -> str:
    """Rows of `table` as CSV with the contract's names, unrounded; texts cannot run as formulas."""
    rows = rows_of(snapshot, table, selection)
    return to_csv(table, rows, table_spec(table).names, snapshot.translator(selection.lang))
