"""The page on topsectors: which there are, or one of them in the order of the study."""

from __future__ import annotations

from typing import Any

from overstap.publish import words
from overstap.publish.report_data import topsectors_of
from overstap.publish.sector import Part, SectorChapter
from overstap.schema.out import ALL
from overstap.web import queries
from overstap.web.figures import View
from overstap.web.further import plain, shared
from overstap.web.pages import view_of
from overstap.web.results import Snapshot
from overstap.web.selection import EVERY_CELL, EVERYTHING, PATHS, Selection

_WITH_TOPSECTOR = ("demand", "education")
"""Pages that the choice of a topsector narrows."""


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The values of the page, made once for each run: one topsector, or the list of them where none is chosen."""
    key = ("sector", selection.lang, selection.topsector)
    if key not in snapshot.kept:
        snapshot.kept[key] = _page(snapshot, selection)
    found: dict[str, Any] = snapshot.kept[key]
    return found


def _page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    code = selection.topsector
    selection = Selection(lang=selection.lang, view="sector", topsector=code)
    view = view_of(snapshot, selection)
    t = view.t
    known = topsectors_of(snapshot.study)
    named = known if code in (ALL, *known) else [*known, code]
    values: dict[str, Any] = {
        **shared(view),
        "options": [(c, t.value("topsector", c), c == code) for c in named],
        "sector": None,
        "figures": {},
    }
    if code == ALL:
        return values | {"listed": _listed(view, known)}
    chapter = SectorChapter(snapshot.study, t, code)
    figures = {
        part.key: plain(view, part.chart, _narrowed(selection, part))
        for part in chapter.parts
        if part.chart is not None
    }
    links = {part.key: _more(selection, part) for part in chapter.parts}
    return values | {"sector": chapter, "figures": figures, "links": links}


def _listed(view: View, known: list[str]) -> list[tuple[str, str, str]]:
    """Each topsector: its name, the address of its page, and what its vacancies ask of digital skills."""
    asked = view.selection.but(item_kind="category_group", item_id=("digital",), period=ALL, show=EVERYTHING)
    found = []
    for code in known:
        rows = queries.demand(view.snapshot, asked.but(topsector=code)).to_pylist()
        said = words.share_sentence(view.t, rows[0]).text if rows else view.t("unit.unknown")
        found.append((view.t.value("topsector", code), view.selection.but(topsector=code).href(), said))
    return found


def _narrowed(selection: Selection, part: Part) -> Selection:
    """The choice of the part's rows in the API."""
    period = "year" if part.key in ("task_change", "entrants") else ALL
    return selection.but(**part.choice, period=period, show=EVERYTHING)


def _more(selection: Selection, part: Part) -> tuple[str, str]:
    """Name and address of the page that shows more of a part, narrowed to the topsector where it can be."""
    chosen = selection if part.page in _WITH_TOPSECTOR else selection.but(**EVERY_CELL)
    chosen = chosen.but(view=part.page, **part.choice)
    return part.page, chosen.href(PATHS[part.page])
