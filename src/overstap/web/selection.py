"""What to show: a `Selection` ⇄ query string ⇄ bound parameters of a query.

Every page, chart, download and link of the dashboard is made from one Selection, so that a link shows what its sender
saw.
Names of parameters are the names of the contract's columns; `lang` is the language of the page itself.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from overstap.errors import OverstapError, nearest
from overstap.outlook.levers import levers
from overstap.outlook.live import choices
from overstap.schema.out import ALL, CELL_NAMES, ITEM_KINDS

LANGS = ("nl", "en")
SORTS = ("share", "name")
EACH = ("year", "month")  # a period of this name means: every year, every month
SHOW_MAX = 500
EVERYTHING = 0  # `show` for all rows; written `show=all`
ITEMS_MAX = 7  # as many lines as the charts have shapes to tell apart
PATHS = {
    "home": "/",
    "demand": "/demand",
    "compare": "/compare",
    "levels": "/levels",
    "outlook": "/outlook",
    "scenarios": "/scenarios",
    "moves": "/moves",
    "occupation": "/occupation",
    "skill": "/skill",
    "education": "/education",
    "survey": "/survey",
    "curriculum": "/curriculum",
    "panel": "/panel",
    "initiatives": "/initiatives",
    "sector": "/sector",
    "countries": "/countries",
    "definitions": "/definitions",
    "quality": "/quality",
    "editions": "/editions",
    "trace": "/trace",
    "search": "/search",
}
OTHER = tuple(f"other_{name}" for name in (*CELL_NAMES, "period"))
"""The choices of the second group of a comparison: those of a cell and its period; the first group has theirs."""
LEVELS = ("level", "other_level")
"""A value of a dimension, as `sector:C`, that a group of a comparison is limited to."""
INITIATIVE = ("area", "province", "initiative_kind", "learning", "initiative")
"""Choices of the page on initiatives; its topsectors (`area`) are not those of ads."""
MENU: dict[str, tuple[str, ...]] = {
    "home": ("home",),
    "asked": ("demand", "skill", "occupation", "compare", "levels"),
    "sector": ("sector",),
    "ahead": ("outlook", "scenarios", "countries"),
    "moves": ("moves",),
    "education": ("education", "curriculum"),
    "views": ("survey", "panel", "initiatives"),
    "about": ("definitions", "quality", "editions"),
}
"""The pages that every page leads to, in groups: a group leads to its first page, and its pages to each other."""
EVERY_CELL = dict.fromkeys(CELL_NAMES, ALL)
"""The cell of all vacancies."""
PARAMETERS = (
    "lang",
    *CELL_NAMES,
    "period",
    "dimension",
    "item_kind",
    "category",
    "item_id",
    "sort",
    "show",
    "occupation",
    "region",
    "abroad",
    "lever",
    *INITIATIVE,
    *OTHER,
    *LEVELS,
)
SETTINGS = ("lang", "sort", "show")
"""How rows are told, in what order and how many: on no table do they choose which."""
FILTERS = tuple(name for name in PARAMETERS if name not in SETTINGS)
_IGNORED = ("utm_", "fbclid", "gclid")  # added to links by mail programs and social media
_KNOWN_SHOWN = 12


class UnknownChoice(OverstapError):
    """A filter, or a value of one, that the study does not have.

    `name` and `value` as given; `nearest` the valid value most like it, or an empty string; `known` some valid values;
    `status` the HTTP status: 404 where the value does not exist, 422 where it could not be read.
    """

    def __init__(self, name: str, value: str, known: Sequence[str], suggestion: str = "", status: int = 404) -> None:
        self.name, self.value, self.status = name, value, status
        is_filter = name == "filter"
        self.known = tuple(known if is_filter else known[:_KNOWN_SHOWN])
        self.nearest = suggestion
        hint = f"Did you mean '{suggestion}'? " if suggestion else ""
        some = ", ".join(self.known)
        if is_filter:
            what = f"There is no filter '{value}'."
            known_here = f"Filters here: {some}. " if some else "There are no filters here. "
            fix = f"{hint}{known_here}Beside these: {', '.join(SETTINGS)}."
        else:
            what = f"'{value}' is not a value of {name}."
            fix = f"{hint}Known values, for example: {some}."
        super().__init__(what, fix=fix)


@dataclass(frozen=True)
class Vocabulary:
    """The values that occur in a study's tables.

    `cells` holds the values of each dimension, `years` and `months` the periods, `items` the items of each kind,
    `categories` the groups and categories of skills, `dimensions` those of the levels, `occupations` those of
    moves, `regions` those of the outlook and of education, `abroad` what countries are compared in,
    `initiatives` the values of each choice among initiatives, `levels` the values of dimensions that groups can be
    limited to, as `sector:C`; `labels` their names in any language, lower case, by (name, label).
    """

    cells: Mapping[str, frozenset[str]]
    years: frozenset[str]
    months: frozenset[str]
    items: Mapping[str, frozenset[str]]
    categories: frozenset[str]
    dimensions: frozenset[str] = frozenset()
    occupations: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    abroad: frozenset[str] = frozenset()
    initiatives: Mapping[str, frozenset[str]] = field(default_factory=dict)
    levels: frozenset[str] = frozenset()
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def require(self, name: str, value: str, known: Iterable[str]) -> str:
        """`value` where it is known; raises UnknownChoice with the nearest value, by code or by label."""
        values = set(known)
        if value in values:
            return value
        each = [one for one in (ALL, *EACH) if one in values and (one == ALL or name.endswith("period"))]
        order = sorted(values - {"", *each}, key=lambda v: (len(v) if name.endswith("period") else 0, v))
        shown = [*order[: _KNOWN_SHOWN - len(each)], *each]
        raise UnknownChoice(name, value, shown, self._nearest(name, value, values))

    def _nearest(self, name: str, value: str, values: set[str]) -> str:
        asked, same = value.strip().lower(), name.removeprefix("other_")
        named = {label: code for (where, label), code in self.labels.items() if where == same and code in values}
        folded = {code.lower().removeprefix("core."): code for code in values}
        candidates = named | folded
        if asked in candidates:
            return candidates[asked]
        match = difflib.get_close_matches(asked, candidates, n=1, cutoff=0.6)
        return candidates[match[0]] if match else ""


@dataclass(frozen=True)
class Selection:
    """What a reader looks at. Every field but `lang` and `view` filters or orders rows; `all` filters nothing.

    `period` is `all`, a year, a month, or (for data) `year` or `month`: every one of them. `item_id` holds the items to
    follow over the years, in the order chosen. `dimension` is what levels are of, `occupation` the one moved from,
    `region` that of the outlook, `abroad` what countries are compared in, `lever` what levers are turned to.
    """

    lang: str = "nl"
    view: str = "demand"
    topsector: str = ALL
    function_group: str = ALL
    language: str = ALL
    source_id: str = ALL
    period: str = ALL
    dimension: str = "sector"
    item_kind: str = "skill"
    category: str = ALL
    item_id: tuple[str, ...] = ()
    sort: str = "share"
    show: int = 10
    occupation: str = ""
    region: str = ALL
    abroad: str = "ict"
    lever: tuple[str, ...] = ()
    area: str = ALL
    province: str = ALL
    initiative_kind: str = ALL
    learning: str = ALL
    initiative: str = ""
    other_topsector: str = ALL
    other_function_group: str = ALL
    other_language: str = ALL
    other_source_id: str = ALL
    other_period: str = ALL
    level: str = ""
    other_level: str = ""

    @property
    def cell(self) -> dict[str, str]:
        """The cell of the selection: value by dimension."""
        return {name: str(getattr(self, name)) for name in CELL_NAMES}

    @property
    def period_kind(self) -> str:
        """year, month or all: the length of the period."""
        if self.period in (*EACH, ALL):
            return self.period
        return "month" if len(self.period) == 7 else "year"

    def but(self, **changes: Any) -> Selection:
        """The same selection with some fields changed."""
        return replace(self, **changes)

    def query(self) -> str:
        """The canonical query string: `lang`, then what differs from the defaults, in a fixed order."""
        return urlencode(self.pairs())

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Names and values of the canonical query string; a form's hidden inputs leave out the fields it sets."""
        default = Selection()
        pairs: list[tuple[str, str]] = []
        for name in PARAMETERS:
            value = getattr(self, name)
            if name in without:
                continue
            if isinstance(value, tuple):
                pairs += [(name, item) for item in value]
            elif name == "lang" or value != getattr(default, name):
                pairs.append((name, "all" if name == "show" and value == EVERYTHING else str(value)))
        return pairs

    def href(self, path: str | None = None) -> str:
        """The link to this selection: of its own view, or of `path`."""
        return f"{path or PATHS[self.view]}?{self.query()}"

    def elsewhere(self, view: str) -> str:
        """The link to another page: with the choices that pages share, to the front page with none."""
        if view == "home":
            return Selection(lang=self.lang, view=view).href()
        return self.but(region=ALL).href(PATHS[view])

    def data_href(self, table: str, form: str) -> str:
        """The link to the rows of this selection as data: `table` as `json` or `csv`. `show` is always named."""
        show = ("show", "all" if self.show == EVERYTHING else str(self.show))
        pairs = self.pairs("show", *OTHER, *LEVELS)  # choices of one page; tables have a column `level` of their own
        if table == "out_levels" and self.level:
            pairs.append(("level", self.level.partition(":")[2]))
        if table == "out_initiatives":  # its key has the initiatives' own topsectors, which the page calls an area
            pairs = [("topsector" if name == "area" else name, value) for name, value in pairs]
        return f"/api/{table}.{form}?{urlencode([*pairs, show])}"

    def parameters(self) -> dict[str, Any]:
        """The bound parameters of the queries: the cell, the period, dimension, the kind of item, category, items."""
        return {
            **self.cell,
            "period_kind": self.period_kind,
            "period": self.period,
            "dimension": self.dimension,
            "item_kind": self.item_kind,
            "category": self.category,
            "item_id": list(self.item_id),
        }


def parse_selection(
    given: Sequence[tuple[str, str]],
    known: Vocabulary,
    *,
    view: str = "demand",
    also: Sequence[str] = (),
    show: str = str(Selection.show),
    offered: Sequence[str] = FILTERS,
) -> Selection:
    """The selection that a query string names, given as (name, value) pairs.

    `show` is taken where the query names none. Empty values and those of `also` (other parameters of the page) are left
    out. A category or item that belongs to another kind of item is dropped, so that a form may change the kind alone.
    Raises UnknownChoice; where it is the filter that does not exist, with those that are `offered`.
    """
    values = _by_name(given, also, offered)
    choice = {name: pair[-1] for name, pair in values.items()}
    lang = _one_of("lang", choice.get("lang", LANGS[0]), LANGS)
    kind = _one_of("item_kind", choice.get("item_kind", "skill"), ITEM_KINDS)
    cell = {name: known.require(name, choice.get(name, ALL), known.cells[name] | {ALL}) for name in CELL_NAMES}
    return Selection(
        lang=lang,
        view=view,
        **cell,
        period=known.require("period", choice.get("period", ALL), {ALL, *EACH} | known.years | known.months),
        dimension=known.require("dimension", choice.get("dimension", Selection.dimension), _dimensions(known)),
        item_kind=kind,
        category=_category(choice.get("category", ALL), kind, known),
        item_id=_items(values.get("item_id", []), kind, known),
        sort=_one_of("sort", choice.get("sort", SORTS[0]), SORTS),
        show=_show(choice.get("show", show)),
        occupation=known.require("occupation", choice.get("occupation", ""), {"", *known.occupations}),
        region=known.require("region", choice.get("region", ALL), known.regions | {ALL}),
        abroad=known.require("abroad", choice.get("abroad", Selection.abroad), known.abroad | {Selection.abroad}),
        lever=_levers(values.get("lever", [])),
        **{name: _of_initiatives(name, choice, known) for name in INITIATIVE},
        **{name: _of_other(name, choice, known) for name in OTHER},
        **{name: known.require(name, choice.get(name, ""), known.levels | {""}) for name in LEVELS},
    )


def chooses(given: Iterable[str]) -> bool:
    """Whether a query with these names chooses more than a language; the page on demand then answers for the front."""
    return any(name != "lang" and not name.startswith(_IGNORED) for name in given)


def _of_other(name: str, choice: Mapping[str, str], known: Vocabulary) -> str:
    same = name.removeprefix("other_")
    values = known.years if same == "period" else known.cells[same]
    return known.require(name, choice.get(name, ALL), values | {ALL})


def _of_initiatives(name: str, choice: Mapping[str, str], known: Vocabulary) -> str:
    default = "" if name == "initiative" else ALL
    return known.require(name, choice.get(name, default), {default, *known.initiatives.get(name, ())})


def _levers(values: Sequence[str]) -> tuple[str, ...]:
    """What levers were turned to, as `name:value`, the last value of each; neutral ones are left out."""
    offered = {f"{name}:{value:g}": value for name, steps in choices().items() for value in steps}
    chosen: dict[str, str] = {}
    for given in values:
        name = given.partition(":")[0]
        same = [one for one in offered if one.partition(":")[0] == name]
        neutral = [one for one in offered if offered[one] == levers()[one.partition(":")[0]].neutral]
        one = given if given in offered else _one_of("lever", given, same or neutral)
        chosen.pop(name, None)
        if offered[one] != levers()[name].neutral:
            chosen[name] = one
    return tuple(chosen[name] for name in choices() if name in chosen)


def _dimensions(known: Vocabulary) -> frozenset[str]:
    return known.dimensions | {Selection.dimension}


def _by_name(given: Sequence[tuple[str, str]], also: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name in also or name.startswith(_IGNORED):
            continue
        if name not in PARAMETERS:
            names = dict.fromkeys([*offered, *SETTINGS])
            found = nearest(name, names).partition("'")[2].rpartition("'")[0]
            raise UnknownChoice("filter", name, offered, found, status=422)
        if value.strip():
            values.setdefault(name, []).append(value.strip())
    return values


def _one_of(name: str, value: str, known: Sequence[str]) -> str:
    if value in known:
        return value
    raise UnknownChoice(name, value, known, most_like(value, known))


def most_like(value: str, known: Iterable[str]) -> str:
    """The known value most like `value`; an empty string where none is near."""
    match = difflib.get_close_matches(value.lower(), list(known), n=1, cutoff=0.5)
    return match[0] if match else ""


def _category(value: str, kind: str, known: Vocabulary) -> str:
    known.require("category", value, known.categories | {ALL})
    return value if kind in ("skill", "category") else ALL


def _items(values: Sequence[str], kind: str, known: Vocabulary) -> tuple[str, ...]:
    kept: list[str] = []
    for value in values:
        if value in known.items.get(kind, ()):
            kept += [value] if value not in kept else []
        elif not any(value in items for items in known.items.values()):
            known.require("item_id", value, known.items.get(kind, ()))
    return tuple(kept[:ITEMS_MAX])


def _show(value: str) -> int:
    if value == "all":
        return EVERYTHING
    if value.isascii() and value.isdecimal() and 1 <= int(value[:6]) <= SHOW_MAX:
        return int(value)
    shown = "10" if not value.isdecimal() else str(min(max(int(value[:6]), 1), SHOW_MAX))
    raise UnknownChoice("show", value, ["10", "25", "50", "100", str(SHOW_MAX), "all"], shown, status=422)
