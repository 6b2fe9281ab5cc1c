"""The open API: rows of every `out_` table for a selection. How an answer is written stands in `overstap.web.forms`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.errors import OverstapError, nearest
from overstap.publish.words import movers
from overstap.schema import TABLES, education, initiatives, moves, panel, survey, table_spec, training
from overstap.schema.out import ALL, CELL_NAMES
from overstap.web import queries
from overstap.web.figures import in_order
from overstap.web.forms import CHOSEN, FORMS
from overstap.web.results import Row, Snapshot, TooMuch
from overstap.web.selection import (
    EACH,
    EVERYTHING,
    LEVELS,
    PARAMETERS,
    SETTINGS,
    Selection,
    UnknownChoice,
    most_like,
)

ROWS_MAX = 200_000
"""Rows that one answer may have; a whole table of any size can be had as Parquet."""

ANSWERS = tuple(sorted(name for name in TABLES if name.startswith("out_")))

_OF_OUTLOOK = (
    "out_forecast", "out_borders", "out_polarisation", "out_nowcast", "out_cross_over", "out_new_phrases",
    "out_intensity", "out_outlook", "out_outlook_window", "out_scenarios", "out_scenario_levers",
    "out_scenario_occupations", "out_countries", "out_workforce_age", "out_digital_workforce",
)  # fmt: skip
_PAGES = {"out_quality": "quality", "out_levels": "levels"} | dict.fromkeys(_OF_OUTLOOK, "outlook")
_PAGES |= dict.fromkeys((spec.name for spec in education.TABLES), "education")
_PAGES |= dict.fromkeys(("out_curriculum", "out_curriculum_parts"), "curriculum")
_PAGES |= dict.fromkeys((spec.name for spec in (*moves.TABLES, *training.TABLES)), "moves")
_PAGES |= dict.fromkeys((spec.name for spec in panel.TABLES), "panel")
_PAGES |= dict.fromkeys(("out_scenarios", "out_scenario_levers", "out_scenario_occupations"), "scenarios")
_PAGES |= dict.fromkeys((spec.name for spec in survey.TABLES), "survey")
_PAGES |= dict.fromkeys((spec.name for spec in initiatives.TABLES), "initiatives")
_PAGES |= {"out_skill_pairs": "skill", "out_spread": "skill"}
_PAGES |= dict.fromkeys(("out_occupations", "out_occupation_change", "out_occupation_titles"), "occupation")
_PAGES |= dict.fromkeys(("out_editions", "out_edition_years", "out_edition_facts"), "editions")
_BY_PERIOD = ("out_demand", "out_volume", "out_levels", "out_intensity")


def own_filters(table: str) -> tuple[str, ...]:
    """The columns of its key by which the API narrows `table`, beside the choices of the pages or instead of them."""
    key = table_spec(table).key
    of_pages = {*PARAMETERS, "period_kind"} - {*LEVELS}
    return tuple(name for name in key if name not in of_pages) if table in CHOSEN else key


_OF_ITEMS = ("item_kind", "category", "item_id")
_CHOICES: dict[str, tuple[str, ...]] = {
    "out_demand": (*CELL_NAMES, "period", *_OF_ITEMS),
    "out_change": (*CELL_NAMES, *_OF_ITEMS),
    "out_volume": (*CELL_NAMES, "period"),
    "out_quality": ("source_id",),
    "out_levels": ("dimension", "period", *_OF_ITEMS),
    "out_forecast": _OF_ITEMS,
    "out_intensity": ("period",),
}


def filters_of(table: str) -> tuple[str, ...]:
    """Everything that narrows the rows of `table` in the API: choices of the pages, then columns of its key."""
    return tuple(dict.fromkeys([*_CHOICES.get(table, ()), *own_filters(table)]))


def table_of(
    snapshot: Snapshot, table: str, selection: Selection, wanted: Mapping[str, Sequence[str]] | None = None
) -> pa.Table:
    """The rows of `table` that the selection shows, in the order of the page.

    `wanted` holds values by column of its key; `all` narrows nothing where no row has it. `show` limits a ranking to
    the highest shares, and changes to the strongest risers and fallers. Raises UnknownChoice for a value that is
    not in its column.
    """
    query = getattr(queries, table.removeprefix("out_")) if table in CHOSEN else queries.whole(table)
    found = _narrowed(query(snapshot, selection), wanted or {})
    limit = selection.show
    if table == "out_change" and limit != EVERYTHING:
        rows = found.to_pylist()
        return _of_rows(found, [*movers(rows, "rising", limit), *reversed(movers(rows, "falling", limit))])
    if limit != EVERYTHING and not (table == "out_demand" and selection.period in EACH):
        found = found.slice(0, limit)
    if table == "out_demand" and selection.period not in EACH and selection.sort == "name":
        return _of_rows(found, in_order(snapshot.translator(selection.lang), selection, found.to_pylist()))
    return found


def rows_of(
    snapshot: Snapshot, table: str, selection: Selection, wanted: Mapping[str, Sequence[str]] | None = None
) -> list[Row]:
    """As `table_of`, as dicts. Raises TooMuch beyond `ROWS_MAX`."""
    found = table_of(snapshot, table, selection, wanted)
    if found.num_rows > ROWS_MAX:
        raise TooMuch(f"{table} has {found.num_rows:,} rows for this choice; an answer has at most {ROWS_MAX:,}.")
    rows: list[Row] = found.to_pylist()
    return rows


def _of_rows(found: pa.Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=found.schema)


def _narrowed(found: pa.Table, wanted: Mapping[str, Sequence[str]]) -> pa.Table:
    for name, values in wanted.items():
        column = pc.cast(found[name], pa.string())
        known = {str(value) for value in pc.unique(column).to_pylist() if value is not None}
        values = [value for value in values if value in known or value != ALL]
        if not values or not found.num_rows:
            continue
        for value in values:
            if value not in known:
                raise UnknownChoice(name, value, sorted(known), most_like(value, known))
        found = found.filter(pc.is_in(column, pa.array(values, pa.string())))
    return found


def tables(snapshot: Snapshot, lang: str, base: str) -> dict[str, Any]:
    """Every table that the API has: its name, what it holds, and where; `base` is the address of the server."""
    t, address = snapshot.translator(lang), base.rstrip("/") + "/api/"
    named = [
        {
            "table": name,
            "label": t.table(name),
            **{form: f"{address}{name}.{form}" for form in FORMS},
            "filters": list(filters_of(name)),
        }
        for name in ANSWERS
    ]
    return {"tables": named, "settings": list(SETTINGS), "contracts": f"{address}datapackage.json"}


def no_table(path: str) -> OverstapError:
    """That the API has nothing at `path`, with the table nearest to it."""
    name, _, form = path.removeprefix("/api/").partition(".")
    told = nearest(name, ANSWERS)
    known = ", ".join(ANSWERS)
    what = f"The API has no '{name}'." if name not in ANSWERS else f"{name} cannot be had as '{form}'."
    return OverstapError(what, why=f"Tables are had as .{', .'.join(FORMS)}.", fix=f"{told} Tables: {known}.".strip())


def for_table(table: str, selection: Selection) -> Selection:
    """The selection with what `table` does not have set aside: volumes have no whole period, changes no period."""
    if table == "out_volume" and selection.period == ALL:
        return selection.but(period="year")
    return selection if table in _BY_PERIOD else selection.but(period=ALL)


def page_selection(table: str, selection: Selection) -> Selection:
    """The page on which the rows of `table` for this selection are shown."""
    if table in _PAGES:
        return selection.but(view=_PAGES[table])
    shown = selection.show if selection.show != EVERYTHING else Selection().show
    return selection.but(view="demand", show=shown, period=ALL if selection.period in EACH else selection.period)
