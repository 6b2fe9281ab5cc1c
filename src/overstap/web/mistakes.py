"""What a reader sees who asked for something that is not there: what it was, what is nearest, and what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from overstap.errors import InputError
from overstap.publish.countries import CountriesChapter
from overstap.publish.labels import Translator
from overstap.schema.out import ALL, CELL_NAMES
from overstap.trace import TRACEABLE, UnknownAddress, names_number
from overstap.web import levers
from overstap.web.figures import View
from overstap.web.pages import example_address, view_of
from overstap.web.results import Snapshot, category_label
from overstap.web.selection import INITIATIVE, PATHS, Selection, UnknownChoice
from overstap.web.texts import Texts

_GROUP = (*CELL_NAMES, "period")
ON_PAGE: dict[str, tuple[str, ...]] = {
    "demand": (*_GROUP, "item_kind", "category", "item_id"),
    "compare": (*_GROUP, "level", *(f"other_{name}" for name in (*_GROUP, "level")), "item_kind", "category"),
    "levels": ("dimension", "item_kind", "item_id", "period"),
    "outlook": ("region",),
    "scenarios": ("lever",),
    "moves": ("occupation",),
    "occupation": ("occupation",),
    "skill": ("item_id", "category"),
    "education": ("topsector", "region"),
    "curriculum": (),
    "initiatives": INITIATIVE,
    "sector": ("topsector",),
    "countries": ("abroad",),
    "quality": ("source_id",),
}
"""The filters that narrow what a page shows; one that is not here has none."""

_CALLED: dict[tuple[str, str], str] = {
    ("levels", "item_id"): "ui levels.item",
    ("moves", "occupation"): "ui moves.from",
    ("skill", "item_id"): "t hubs.column.skill",
    ("education", "topsector"): "t education.choose",
    ("sector", "topsector"): "t sector.choose",
    ("countries", "abroad"): "t countries.choose",
} | {("initiatives", name): f"t initiatives.filters.{name}" for name in INITIATIVE if name != "initiative"}
"""Filters that a page's form calls otherwise than `filters.<name>`."""
_TO_FIND = ("item_id", "occupation", "initiative")  # so many values that a search helps more than a list


def filter_label(t: Translator, ui: Texts, view: str, name: str) -> str:
    """What the form of a page calls a filter."""
    of, _, key = _CALLED.get((view, name), f"ui filters.{name}").partition(" ")
    label = t(key) if of == "t" else ui(key)
    return ui("error.of_second", name=label) if name.startswith("other_") else label


def unknown_choice(snapshot: Snapshot, error: UnknownChoice, selection: Selection, path: str) -> dict[str, Any]:
    """The page on a filter value that does not exist: the nearest value as a link, and some that exist."""
    view = view_of(snapshot, selection)
    t, ui = view.t, view.ui
    page = next((name for name, at in PATHS.items() if at == path), "demand")
    is_filter = error.name == "filter"
    if is_filter:
        what = ui("error.unknown_filter", value=error.value)
    else:
        what = ui("error.unknown_value", value=error.value, name=filter_label(t, ui, page, error.name))
    label = _labels(view, error.name)

    def link(value: str) -> tuple[str, str]:
        if is_filter:
            return f"{filter_label(t, ui, page, value)} ({value})", selection.href(path)
        if error.name == "figure":
            return value, f"{selection.href(path)}#{value}"
        if not hasattr(selection, error.name) or error.name == "view":
            return label(value), selection.href(PATHS.get(value, path))
        wanted: Any = (value,) if error.name in ("item_id", "lever") else value
        if error.name == "show":
            wanted = 0 if value == "all" else int(value)
        return label(value), selection.but(**{error.name: wanted}).href(path)

    return {
        "selection": selection,
        "what": what,
        "why": "" if error.known or not is_filter else ui("error.no_filters"),
        "fix": "",
        "nearest": link(error.nearest) if error.nearest else None,
        "known": [link(value) for value in error.known if value != error.nearest],
        "known_head": ui("error.known_filters" if is_filter else "error.known"),
        "status": error.status,
        "to_find": error.name in _TO_FIND,
    }


def unknown_address(snapshot: Snapshot, error: InputError, selection: Selection, address: str) -> dict[str, Any]:
    """The page on an address of which there is no number or ad: what is nearest, and an address that there is."""
    ui, example = Texts(selection.lang), example_address(snapshot)
    near, known = (error.near, error.known) if isinstance(error, UnknownAddress) else ("", ())

    def link(value: str) -> tuple[str, str]:
        return value, f"/trace?{urlencode({'lang': selection.lang, 'address': value})}"

    kind = "number" if names_number(snapshot.study, address) else "ad"
    cited = [ui("trace.near", name=near)] if near else []
    cited += [ui("trace.known", names=", ".join(known))] if known else []
    return {
        "selection": selection,
        "what": ui(f"trace.no_{kind}", address=address.strip()[:200]),
        "why": "",
        "fix": " ".join([*cited, ui("trace.write", tables=", ".join(TRACEABLE))]),
        "nearest": None,
        "known": [link(example)],
        "known_head": ui("error.known"),
        "to_find": False,
    }


def _labels(view: View, name: str) -> Callable[[str], str]:
    """What a value of a filter is called on the pages; its code where it has no other name."""
    t, ui, same = view.t, view.ui, name.removeprefix("other_")
    named: Mapping[str, str] = {}
    if same == "occupation":
        names = view.snapshot.occupations
        named = {row["code"]: row[f"name_{t.language}"] or row["name_en"] or row["name_nl"] for row in names}
    elif same == "initiative":
        rows = view.snapshot.rows("SELECT initiative_id, name_nl, name_en FROM core_initiatives")
        named = {row["initiative_id"]: row[f"name_{t.language}"] for row in rows}
    elif same == "abroad":
        named = dict(CountriesChapter(view.snapshot.study, t, view.selection.abroad).choices())
    elif same == "lever":
        named = {value: f"{one.label}: {text}" for one in levers.form(view) for value, text, _ in one.options}
    elif same in INITIATIVE:
        named = {ALL: t("initiatives.filters.all")}
        same = "topsector" if same == "area" else same

    def called(value: str) -> str:
        text = named.get(value) or _called(t, ui, view.selection, same, value)
        return text[:1].upper() + text[1:]

    return called


def _called(t: Translator, ui: Texts, selection: Selection, name: str, value: str) -> str:
    for key in (f"{name.removeprefix('item_')}.{value}", f"error.value.{name}.{value}"):
        if ui.has(key):
            return ui(key)
    if name == "category":
        return category_label(t, value)
    if name == "period":
        return str(t.period(value))
    if name == "item_id":
        return str(t.item(selection.item_kind, value))
    if name == "level":
        dimension, _, level = value.partition(":")
        return f"{t.value('dimension', dimension)}: {t.value(dimension, level)}"
    if name == "view":
        return ui(f"nav.{value}") if ui.has(f"nav.{value}") else value
    return t.value(name, value) if name in (*CELL_NAMES, *INITIATIVE, "dimension", "region") else value
