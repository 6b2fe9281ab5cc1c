"""The page that lays two groups of vacancies side by side; a form chooses them, and the address holds the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from overstap.publish import words
from overstap.publish.compare import SHOWN, Difference, comparison, differences, overlap_of
from overstap.publish.labels import Translator, capital
from overstap.publish.report_data import topsectors_of
from overstap.schema.core import FUNCTION_GROUPS, LANGUAGES
from overstap.schema.out import ALL, CELL_NAMES, LEVEL_KINDS, UNKNOWN
from overstap.web import queries
from overstap.web.figures import Cell, Figure, View
from overstap.web.further import shared
from overstap.web.pages import Filter, categories, choices, view_of
from overstap.web.results import Row, Snapshot
from overstap.web.selection import EACH, EVERY_CELL, EVERYTHING, Selection

CHOSEN = (*CELL_NAMES, "period", "level")
KINDS = tuple(kind for kind in LEVEL_KINDS if kind != "function_group")
_BEGIN = ("ict", "other")  # the function groups compared where nothing is chosen


@dataclass(frozen=True)
class Group:
    """One side of the comparison: its name, what it is limited to, its rows of one kind of item, and its vacancies."""

    name: str
    limits: Mapping[str, str]
    rows: Sequence[Row]
    selection: Selection

    @property
    def title(self) -> str:
        """The name as a heading."""
        return capital(self.name)

    @property
    def vacancies(self) -> int | None:
        """The vacancies of the group; None where the study has no row of it."""
        return max((row["vacancies_n"] for row in self.rows if row["vacancies_n"]), default=None)


@dataclass(frozen=True)
class Levels:
    """The values of the dimensions that can be compared, for a select: (dimension, [(value, text, chosen)])."""

    name: str
    parts: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page of a comparison."""
    selection = _begun(snapshot, selection)
    view = view_of(snapshot, selection)
    t = view.t
    known = snapshot.levels
    first, second = (_group(view, side) for side in (_side(selection, ""), _side(selection, "other_")))
    overlap = overlap_of(first.limits, second.limits)
    found = differences(first.rows, second.rows, snapshot.study.spec.measures.fdr)
    shown = found if selection.show == EVERYTHING else found[: max(selection.show, SHOWN)]
    return {
        **shared(view),
        "groups": (first, second),
        "fields": [_fields(view, known, prefix) for prefix in ("", "other_")],
        "what": [
            choices(view, "item_kind", [(kind, view.ui(f"kind.{kind}")) for kind in KINDS]),
            *([choices(view, "category", categories(view))] if selection.item_kind in ("skill", "category") else []),
        ],
        "overlap": overlap,
        "figure_made": _figure(view, (first, second), found, shown, overlap) if found else None,
        "tested": sum(one.state != "unknown" for one in found),
        "fdr": t.percent(100 * snapshot.study.spec.measures.fdr, 0),
    }


def _begun(snapshot: Snapshot, selection: Selection) -> Selection:
    """The selection, with two function groups where no group is chosen; years for months, and no items or titles."""
    kind = selection.item_kind if selection.item_kind in KINDS else "skill"
    years = {
        name: ALL if value in EACH else value[:4]
        for name, value in (("period", selection.period), ("other_period", selection.other_period))
    }
    selection = selection.but(item_kind=kind, item_id=(), view="compare", **years)
    nothing = all(getattr(selection, f"{prefix}{name}") in (ALL, "") for prefix in ("", "other_") for name in CHOSEN)
    if nothing and set(_BEGIN) <= snapshot.vocabulary.cells["function_group"]:
        return selection.but(function_group=_BEGIN[0], other_function_group=_BEGIN[1])
    return selection


def _side(selection: Selection, prefix: str) -> Selection:
    """One side as a selection of its own; a value of a dimension counts over all cells."""
    chosen = {name: getattr(selection, f"{prefix}{name}") for name in CHOSEN}
    if chosen["level"]:
        chosen |= EVERY_CELL
    nothing = {f"other_{name}": "" if name == "level" else ALL for name in CHOSEN}
    return selection.but(**(chosen | nothing))


def _group(view: View, side: Selection) -> Group:
    limits = {**side.cell, "period": side.period}
    if not side.level:
        name = words.cell_words(view.t, side.cell)
        label = _with_period(view.t, f"{name['vacancies']}{name['where']}", side)
        return Group(label, limits, queries.demand(view.snapshot, side).to_pylist(), side)
    dimension, _, level = side.level.partition(":")
    side = side.but(dimension=dimension)
    rows = queries.levels(view.snapshot, side).to_pylist()
    label = view.t(
        "compare.level", dimension=view.t.value("dimension", dimension), level=view.t.value(dimension, level)
    )
    limits[dimension] = level
    return Group(_with_period(view.t, label, side), limits, [row for row in rows if row["level"] == level], side)


def _with_period(t: Translator, label: str, side: Selection) -> str:
    return label if side.period == ALL else f"{label}, {t.period(side.period)}"


def _fields(view: View, known: Mapping[str, Sequence[str]], prefix: str) -> tuple[list[Filter], Levels]:
    """The selects of one side."""
    t, cells = view.t, view.snapshot.vocabulary.cells
    ordered = {
        "topsector": topsectors_of(view.snapshot.study),
        "function_group": [v for v in (*FUNCTION_GROUPS, UNKNOWN) if v in cells["function_group"]],
        "language": [v for v in LANGUAGES if v in cells["language"]],
        "source_id": sorted(cells["source_id"] - {ALL}),
        "period": sorted(view.snapshot.vocabulary.years),
    }
    made = []
    for name, values in ordered.items():
        label = t.period if name == "period" else lambda value, name=name: t.value(name, value)
        made.append(choices(view, f"{prefix}{name}", [(value, label(value)) for value in (ALL, *values)]))
    chosen = getattr(view.selection, f"{prefix}level")
    parts = tuple(
        (
            capital(t.value("dimension", dimension)),
            tuple((f"{dimension}:{v}", capital(t.value(dimension, v)), f"{dimension}:{v}" == chosen) for v in values),
        )
        for dimension, values in known.items()
    )
    return [one for one in made if len(one.options) > 2], Levels(f"{prefix}level", parts)


def _figure(
    view: View, groups: tuple[Group, Group], found: Sequence[Difference], shown: Sequence[Difference], overlap: str
) -> Figure:
    t, names = view.t, (groups[0].name, groups[1].name)
    chart = comparison(t, view.about, found, names, overlap)
    heads = [t("compare.item")]
    for name in names:
        heads += [capital(name), t("compare.interval")]
    heads += [t("compare.difference"), t("compare.interval"), t("compare.q"), t("compare.verdict")]
    number = [False, *(7 * [True]), False]
    head = tuple(Cell(text, number=n) for text, n in zip(heads, number, strict=True))
    body = tuple(_cells(t, one) for one in shown)
    shared_by = view.sharing("out_demand", view.selection, chart)
    permalink, csv, xlsx, _ = shared_by["links"]
    files = tuple(
        (
            t("compare.file", group=capital(group.name)),
            group.selection.but(show=EVERYTHING).data_href(_table_of(group), "json"),
        )
        for group in groups
    )
    made = Figure(chart, head, body, tuple(one.state == "unknown" for one in shown), **shared_by, traced=False)
    return replace(made, links=(permalink, csv, xlsx, *files))


def _table_of(group: Group) -> str:
    return "out_levels" if group.selection.level else "out_demand"


def _cells(t: Translator, one: Difference) -> tuple[Cell, ...]:
    texts = [t.item(one.first["item_kind"], one.first["item_id"])]
    for row in (one.first, one.second):
        texts += [t.percent(row["share_pct"]), _interval(t, row)]
    between = (
        t("unit.unknown") if one.low is None else t("findings.between", low=t.signed(one.low), high=t.signed(one.high))
    )
    texts += [t.signed(one.value), between, _q(t, one.q_value), t(f"compare.state.{one.state}")]
    number = [False, *(7 * [True]), False]
    return tuple(Cell(text, number=n) for text, n in zip(texts, number, strict=True))


def _q(t: Translator, value: float | None) -> str:
    if value is None:
        return t("unit.unknown")
    return f"< {t.number(0.001, 3)}" if value < 0.001 else t.number(value, 3)


def _interval(t: Translator, row: Mapping[str, Any]) -> str:
    if row["share_low"] is None:
        return t("unit.unknown")
    return t.percent_interval(row["share_low"], row["share_high"])
