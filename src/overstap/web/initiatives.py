"""The page on initiatives: the register with filters and map, one initiative, the network, gaps and what works."""

from __future__ import annotations

from typing import Any

from overstap.publish.experiments import ExperimentsChapter
from overstap.publish.initiatives import DIMENSIONS, Choice, InitiativesChapter
from overstap.schema.out import ALL
from overstap.web.figures import View
from overstap.web.further import plain, shared
from overstap.web.pages import Filter, view_of
from overstap.web.results import Snapshot
from overstap.web.selection import INITIATIVE, Selection

_NAMES = dict(zip(DIMENSIONS, INITIATIVE, strict=False))


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The values of the page: all initiatives of the choice, or one of them."""
    kept = {name: getattr(selection, name) for name in INITIATIVE}
    selection = Selection(lang=selection.lang, view="initiatives", **kept)
    view = view_of(snapshot, selection)
    choice = Choice(**{name: getattr(selection, key) for name, key in _NAMES.items()})
    chapter = InitiativesChapter(snapshot.study, view.t, choice)
    experiments = ExperimentsChapter(snapshot.study, view.t)
    everything = Selection(lang=selection.lang, view="initiatives")
    values: dict[str, Any] = {
        **shared(view),
        "initiatives": chapter,
        "experiments": experiments,
        "link": lambda code: everything.but(initiative=code).href(),
        "back": everything.href(),
        "filters": [_filter(view, chapter, name) for name in DIMENSIONS],
        "one": None,
        "charts": {},
        "evaluated": [],
    }
    if selection.initiative:
        effects = experiments.said(experiments.of(selection.initiative))
        return values | {"one": chapter.one(selection.initiative), "effects": effects}
    values["evaluated"] = [plain(view, chart, selection) for chart in experiments.charts()]
    if chapter.rows:
        charts = (chapter.spread_chart(), chapter.map_chart(), chapter.network_chart())
        values["charts"] = {chart.id: plain(view, chart, selection) for chart in charts}
    return values


def _filter(view: View, chapter: InitiativesChapter, dimension: str) -> Filter:
    """The select of a dimension, with the values that the register has."""
    t, name, chosen = view.t, _NAMES[dimension], getattr(chapter.choice, dimension)
    options = [(ALL, t("initiatives.filters.all"))]
    options += [(value, t.value(dimension, value)) for value in chapter.values(dimension)]
    made = tuple((value, text[:1].upper() + text[1:], value == chosen) for value, text in options)
    return Filter(name, t(f"initiatives.filters.{name}"), made)
