"""The page on what changed since the edition before."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from overstap.publish.editions import EditionsChapter
from overstap.schema.out import ALL
from overstap.web import queries
from overstap.web.further import plain, shared
from overstap.web.pages import view_of
from overstap.web.results import Snapshot
from overstap.web.selection import EVERY_CELL, Selection


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on what changed since the edition before, or how to name one."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    shares, years, facts = (
        snapshot.rows(f"SELECT * FROM {name}") for name in ("out_editions", "out_edition_years", "out_edition_facts")
    )
    found = EditionsChapter(shares, sorted(years, key=lambda row: row["year"]), facts, view.t)
    page = {**shared(view), "editions": found}
    if not found.is_named:
        return page
    yearly: pa.Table = queries.demand(snapshot, selection.but(item_kind="category_group", period="year"))
    more: pa.Table = queries.demand(snapshot, selection.but(item_kind="category", period="year"))
    market = found.market([*yearly.to_pylist(), *more.to_pylist()])
    return page | {"figure_shown": plain(view, found.chart(view.about), selection), "market": market}
