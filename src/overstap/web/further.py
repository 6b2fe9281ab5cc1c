"""The pages beside demand: what is asked within the values of a dimension, and what lies ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from overstap.publish import tables
from overstap.publish.ahead import AheadChapter
from overstap.publish.behind import Behind
from overstap.publish.charts import Chart
from overstap.publish.education import EducationChapter
from overstap.publish.moves import MovesChapter
from overstap.publish.outlook import DIGITAL, Outlook
from overstap.publish.panel import PanelChapter
from overstap.publish.panel_data import BesideChapter
from overstap.publish.programmes import ProgrammesChapter
from overstap.publish.scenarios import ScenarioChapter
from overstap.publish.survey import SurveyChapter
from overstap.publish.training import TrainingChapter
from overstap.publish.weights import weights_of
from overstap.schema.out import ALL, LEVEL_KINDS
from overstap.web import levers, queries
from overstap.web.api import own_filters
from overstap.web.figures import Cell, Figure, View
from overstap.web.pages import Filter, choices, item_choices, view_of
from overstap.web.results import Snapshot
from overstap.web.selection import EACH, EVERY_CELL, EVERYTHING, Selection, UnknownChoice, most_like


def levels(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on one item within every value of a dimension, in a year or the whole period, over all vacancies."""
    period = ALL if selection.period in EACH else selection.period[:4]
    kind = selection.item_kind if selection.item_kind in LEVEL_KINDS else DIGITAL[0]
    dimensions = [name for name in snapshot.dimensions if name != kind]
    dimension = (
        selection.dimension if selection.dimension in dimensions else next(iter(dimensions), selection.dimension)
    )
    selection = selection.but(**EVERY_CELL, period=period, item_kind=kind, dimension=dimension, category=ALL)
    view = view_of(snapshot, selection)
    asked = queries.demand(snapshot, selection.but(item_id=(), period=ALL))["item_id"].to_pylist()
    first = DIGITAL[1] if kind == DIGITAL[0] and DIGITAL[1] in asked else next(iter(asked), "")
    item = (*selection.item_id, first)[0]
    selection = selection.but(item_id=(item,) if item else ())
    view = view_of(snapshot, selection)
    t, ui = view.t, view.ui
    chart = Outlook(snapshot.study, t, view.about).levels(dimension, kind, item, period)
    return {
        **shared(view),
        "filters": [
            choices(view, "dimension", [(name, t.value("dimension", name)) for name in dimensions]),
            choices(view, "item_kind", [(name, ui(f"kind.{name}")) for name in LEVEL_KINDS if name != dimension]),
            choices(view, "period", [(p, t.period(p)) for p in (ALL, *sorted(snapshot.vocabulary.years))]),
        ],
        "items": item_choices(view, (item,)) if item else [],
        "shown": plain(view, chart, selection),
        "weights": weights_of(snapshot.study, t),
    }


def outlook(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on technologies, digital intensity, forecasts, polarisation and the labour market ahead."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    found = Outlook(snapshot.study, view.t, view.about)
    technologies = selection.but(item_kind="technology")
    parts = {
        "technologies": [
            plain(view, found.technologies(), technologies),
            plain(view, found.technologies_by_year(), technologies.but(period="year")),
        ],
        "intensity": [
            plain(view, found.intensity(), selection.but(period="year")),
            plain(view, found.intensity_by_sector(), selection),
        ],
        "cross_over": [plain(view, chart, selection) for chart in found.cross_over()],
        "new_phrases": [plain(view, found.new_phrases(), selection)],
        "forecast": [
            plain(view, chart, selection.but(item_kind=kind, item_id=(item,)))
            for kind, item, chart in found.forecasts()
        ],
        "nowcast": [plain(view, chart, selection) for chart in found.nowcasts()],
        "polarisation": [plain(view, found.polarisation(), selection)],
    }
    workforce, sections = Behind(snapshot.study, view.t).workforce()
    ahead = AheadChapter(snapshot.study, view.t, selection.region)
    absent = _absent(selection, ahead.regions)
    if absent:  # a region of education alone
        selection = selection.but(region=ALL)
        view, ahead = view_of(snapshot, selection), AheadChapter(snapshot.study, view.t)
    return {
        **shared(view),
        "parts": parts,
        "outlook": found,
        "workforce": workforce,
        "sections": sections,
        "ahead": ahead,
        "absent": view.t.value("region", absent) if absent else "",
        "growth": plain(view, ahead.growth_chart(), selection),
        "scenarios": plain(view, ScenarioChapter(snapshot.study, view.t).chart(), selection),
        "regions": _regions(view, ahead.regions),
    }


def _absent(selection: Selection, known: Sequence[str]) -> str:
    """The chosen region where it is none of those `known` here, so that the whole country is shown; else none."""
    return "" if selection.region in (ALL, *known) else selection.region


def _regions(view: View, known: Sequence[str]) -> Filter | None:
    """The select of regions; None where the data of the page have none."""
    options = [(ALL, view.ui("filters.everywhere")), *((name, view.t.value("region", name)) for name in known)]
    return choices(view, "region", options) if known else None


def scenarios(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on scenarios: their totals side by side with the base, by topsector, and what each lever does."""
    selection = Selection(lang=selection.lang, view="scenarios", lever=selection.lever)
    view = view_of(snapshot, selection)
    found = ScenarioChapter(snapshot.study, view.t)
    outcomes = ("openings", "employed") if found.named else ()
    return {
        **shared(view),
        "scenarios": found,
        "levers": levers.form(view) if levers.offered(snapshot.study) else [],
        "turned": levers.turned(view),
        "charts": [plain(view, found.chart(outcome), selection) for outcome in outcomes],
        "tornadoes": [plain(view, chart, selection) for chart in found.tornadoes()],
    }


def moves(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on moves: where people in one occupation can go and why not, or where everyone could."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    found = MovesChapter(snapshot.study, view.t)
    names = sorted((found.name(row["code"]), row["code"]) for row in snapshot.occupations)
    chosen = selection.occupation
    return {
        **shared(view),
        "moves": found,
        "training": TrainingChapter(snapshot.study, view.t),
        "window": ScenarioChapter(snapshot.study, view.t).window(),
        "options": [(code, name, code == chosen) for name, code in names],
        "placed": plain(view, found.placed_chart(), selection),
        "chosen": found.name(chosen) if chosen else "",
        "found": found.moves_from(chosen) if chosen else [],
    }


def education(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on education for a sector, by default the study's: stocks, success, destinations, inflow, openings."""
    study, t = snapshot.study, snapshot.translator(selection.lang)
    named = None if selection.topsector == ALL else selection.topsector
    found = EducationChapter(study, t, named, selection.region)
    if named not in (None, *(code for code, _ in found.choices())):
        offered = {name.lower(): code for code, name in found.choices()} | {code: code for code, _ in found.choices()}
        near = offered.get(most_like(selection.topsector, offered), "")
        raise UnknownChoice("topsector", selection.topsector, list(dict.fromkeys(offered.values())), near)
    absent = _absent(selection, found.regions)
    if absent:  # a region of another sector: the reader changed the sector alone
        selection, found = selection.but(region=ALL), EducationChapter(study, t, named, ALL)
    selection = selection.but(**(EVERY_CELL | {"topsector": found.code}), period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    return {
        **shared(view),
        "regions": _regions(view, found.regions),
        "absent": t.value("region", absent) if absent else "",
        "education": found,
        "sectors": [(code, name, code == found.code) for code, name in found.choices()],
        "success": plain(view, found.success_chart(), selection),
        "destinations": plain(view, found.destinations_chart(), selection),
    }


def survey(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on the survey and on coded evidence."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    found = SurveyChapter(snapshot.study, view.t)
    return {**shared(view), "survey": found, "figures": [plain(view, chart, selection) for chart in found.charts()]}


def curriculum(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on what programmes teach of what is asked."""
    view = view_of(snapshot, selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL))
    return {**shared(view), "chapter": ProgrammesChapter(snapshot.study, view.t)}


def panel(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The page on panels: what experts expect, how far they agree, and what the ads ask of it."""
    selection = selection.but(**EVERY_CELL, period=ALL, item_id=(), category=ALL)
    view = view_of(snapshot, selection)
    found, beside = PanelChapter(snapshot.study, view.t), BesideChapter(snapshot.study, view.t)
    figures = {chart.id: plain(view, chart, selection) for chart in (*found.charts(), *beside.charts())}
    made = {"figures": figures, "made": lambda chart: figures[chart.id]}
    return {**shared(view), "panel": found, "beside": beside, **made}


def shared(view: View) -> dict[str, Any]:
    """The selection and the cautions that every page shows."""
    notes = view.snapshot.study.spec.notes
    return {"selection": view.selection, "cautions": view.caution.lines(view.t, notes)}


def plain(view: View, chart: Chart, selection: Selection, own: Mapping[str, str] | None = None) -> Figure:
    """A chart with the table of its rows as the report shows it; `selection`: that of its rows in the API.

    `own`: columns of the table's key that narrow it there. Skills and occupations lead to their own pages.
    """
    t, table = view.t, chart.table
    number = [tables.is_number(table, name) for name in chart.columns]
    heads = tables.header(t, table, chart.columns)
    head = tuple(Cell(text, number=n) for text, n in zip(heads, number, strict=True))
    body = tuple(
        tuple(
            Cell(tables.cell(t, row, name), page_of(view, row, name), number=n)
            for name, n in zip(chart.columns, number, strict=True)
        )
        for row in chart.rows
    )
    weak = tuple(not row.get("is_reliable", True) for row in chart.rows)
    chosen = selection.but(show=EVERYTHING)
    shares = view.sharing(table, chosen, chart, _held_in_common(chart, chosen) | dict(own or {}))
    return Figure(chart, head, body, weak, **shares, traced=False)


def _held_in_common(chart: Chart, selection: Selection) -> dict[str, str]:
    """What the key of every row of a chart holds alike and the selection does not name: its data are those rows."""
    named = {name for name, _ in selection.pairs()}
    columns = [name for name in own_filters(chart.table) if name not in named]
    values = {name: {row.get(name) for row in chart.rows} for name in columns}
    alike = {name: one for name, found in values.items() if len(found) == 1 for one in found}
    return {name: str(one) for name, one in alike.items() if isinstance(one, str | int) and not isinstance(one, bool)}


def page_of(view: View, row: Mapping[str, Any], name: str) -> str:
    """The page on the skill or occupation that a cell names; empty where it names none."""
    value, lang = row[name], view.t.language
    is_skill = name == "other_id" or (name == "item_id" and row.get("item_kind") == "skill")
    if is_skill and isinstance(value, str) and (value,) != view.selection.item_id[:1]:
        return Selection(lang=lang, view="skill", item_id=(value,)).href()
    level = "isco4" if view.snapshot.study.spec.moves.level == "isco" else "brc"
    if name == "level" and row.get("dimension") == level and value in view.snapshot.vocabulary.occupations:
        return Selection(lang=lang, view="occupation", occupation=value).href()
    return ""
