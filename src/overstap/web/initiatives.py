"""The page on initiatives: the register with filters and map, one initiative, the network, gaps and what works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from overstap.publish.charts import Chart
from overstap.publish.experiments import ExperimentsChapter
from overstap.publish.initiatives import DIMENSIONS, Choice, InitiativesChapter
from overstap.schema.out import ALL
from overstap.web.figures import Figure, View
from overstap.web.further import plain, shared
from overstap.web.pages import Filter, view_of
from overstap.web.results import Snapshot
from overstap.web.selection import PATHS, Selection, UnknownChoice

_NAMES = dict(zip(DIMENSIONS, ("area", "province", "kind", "learning"), strict=True))
PARAMETERS = ("initiative", *_NAMES.values())
"""Parameters of the page beside the language: the topsectors of a register are not those of ads."""


def page(snapshot: Snapshot, selection: Selection, given: Mapping[str, str]) -> dict[str, Any]:
    """The values of the page. Raises UnknownChoice for a value that the register does not have."""
    selection = Selection(lang=selection.lang, view="initiatives")
    view = view_of(snapshot, selection)
    asked = {name: given.get(name, "").strip() for name in PARAMETERS}
    chapter = InitiativesChapter(snapshot.study, view.t)
    experiments = ExperimentsChapter(snapshot.study, view.t)
    codes = [row["initiative_id"] for row in chapter.everything]
    code = _require("initiative", asked["initiative"], codes) if asked["initiative"] else ""
    choice = Choice(
        **{name: _require(key, asked[key] or ALL, [ALL, *chapter.values(name)]) for name, key in _NAMES.items()}
    )
    chapter = InitiativesChapter(snapshot.study, view.t, choice)
    chosen = {_NAMES[name]: getattr(choice, name) for name in DIMENSIONS if getattr(choice, name) != ALL}
    values: dict[str, Any] = {
        **shared(view),
        "initiatives": chapter,
        "experiments": experiments,
        "chosen": chosen,
        "more": "&" + urlencode({"initiative": code} if code else chosen) if code or chosen else "",
        "link": lambda one: f"{PATHS['initiatives']}?{urlencode({'lang': selection.lang, 'initiative': one})}",
        "back": selection.href(),
        "one": chapter.one(code) if code else None,
        "effects": experiments.said(experiments.of(code)) if code else [],
        "filters": [_filter(view, chapter, name) for name in DIMENSIONS],
        "figures": {},
        "evaluated": [],
    }
    if not code:
        values["evaluated"] = [_figure(view, chart, "") for chart in experiments.charts()]
    if not code and chapter.rows:
        charts = (chapter.spread_chart(), chapter.map_chart(), chapter.network_chart())
        values["figures"] = {chart.id: _figure(view, chart, values["more"]) for chart in charts}
    return values


def _figure(view: View, chart: Chart, more: str) -> Figure:
    """A chart with its table; the link to it keeps what was chosen."""
    made = plain(view, chart, view.selection)
    links = tuple((text, href.replace("#", f"{more}#")) for text, href in made.links)
    return replace(made, links=links)


def _require(name: str, value: str, known: list[str]) -> str:
    """`value` where the register has it; raises UnknownChoice with the nearest that it has."""
    import difflib

    if value in known:
        return value
    near = difflib.get_close_matches(value.lower(), known, n=1, cutoff=0.5)
    raise UnknownChoice(name, value, known, near[0] if near else "")


def _filter(view: View, chapter: InitiativesChapter, dimension: str) -> Filter:
    """The select of a dimension, with the values that the register has."""
    t, chosen = view.t, getattr(chapter.choice, dimension)
    options = [(ALL, t("initiatives.filters.all"))]
    options += [(value, t.value(dimension, value)) for value in chapter.values(dimension)]
    made = tuple((value, text[:1].upper() + text[1:], value == chosen) for value, text in options)
    return Filter(_NAMES[dimension], t(f"initiatives.filters.{_NAMES[dimension]}"), made)
