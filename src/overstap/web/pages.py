"""What each page shows, as plain values for its template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow.compute as pc
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from overstap import __version__
from overstap.publish import words
from overstap.publish.bundled import asset
from overstap.publish.definitions import Definitions
from overstap.publish.labels import catalogue, skill_label
from overstap.publish.quality import QualityChapter
from overstap.publish.report import json_block, make_environment, references
from overstap.publish.report_data import topsectors_of
from overstap.publish.tables import worth_telling
from overstap.publish.theme import vega_config
from overstap.publish.weights import weights_of
from overstap.reference.core_files import GROUPS
from overstap.reference.sources import ESCO_STATEMENT
from overstap.schema.core import FUNCTION_GROUPS, LANGUAGES
from overstap.schema.out import ALL, ITEM_KINDS, UNKNOWN
from overstap.snippets import in_context
from overstap.trace import (
    names_number,
    parse_address,
    trace_ad,
    trace_number,
)
from overstap.web import figures, queries
from overstap.web.contents import with_contents
from overstap.web.figures import View
from overstap.web.results import Snapshot, category_label
from overstap.web.selection import EACH, LANGS, MENU, PATHS, SORTS, Selection
from overstap.web.texts import Texts

SHOWN = (10, 25, 50, 100)
CHOICES_MAX = 400
TRACE_ADS = 10


@dataclass(frozen=True)
class Filter:
    """A select of the filter form: its name, label and options as (value, text, chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


def environment(snapshot: Snapshot, lang: str) -> Environment:
    """The templates of the pages, over those of the report, in one language."""
    t, ui = snapshot.translator(lang), Texts(lang)
    made = make_environment(t)
    assert made.loader is not None
    made.loader = ChoiceLoader([PackageLoader("overstap.web"), made.loader])
    spec = snapshot.study.spec
    made.filters["raised"] = raised
    made.filters["with_contents"] = with_contents
    made.globals |= {
        "ui": ui,
        "lang": lang,
        "skill_label": skill_label,
        "langs": LANGS,
        "menu": MENU,
        "paths": PATHS,
        "spec": spec,
        "study_title": spec.title.get(t.language) or next(iter(spec.title.values()), spec.study),
        "simulated": spec.simulated,
        "version": __version__,
        "data_version": snapshot.version,
        "occupation_href": lambda code: _page_of(snapshot, lang, code),
        "skill_href": lambda code: Selection(lang=lang, view="skill", item_id=(code,)).href(),
        "confidence": t.percent(100 * spec.measures.confidence, 0),
        "themes": json_block({"light": vega_config(t, "light"), "dark": vega_config(t, "dark")}),
    }
    return made


def _page_of(snapshot: Snapshot, lang: str, code: str) -> str:
    """The page of an occupation of the moves; empty for one of another level."""
    known = code in snapshot.vocabulary.occupations
    return Selection(lang=lang, view="occupation", occupation=code).href() if known else ""


def raised(part: Markup) -> Markup:
    """A part of the report as a page of its own: its headings stand one level higher, so that none is passed over."""
    return Markup(re.sub(r"<(/?)h([34])\b", lambda m: f"<{m[1]}h{int(m[2]) - 1}", part))


def view_of(snapshot: Snapshot, selection: Selection) -> View:
    """The view of a selection."""
    return View(snapshot, selection, snapshot.translator(selection.lang), Texts(selection.lang))


def demand(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The demand page: headline, filters, ranking, years, risers and fallers, volume. Empty cells have no figures."""
    # Shares are measured per year: a month shows its year, and "every year" the whole period.
    selection = selection.but(period=ALL if selection.period in EACH else selection.period[:4])
    view = view_of(snapshot, selection)
    yearly = queries.volume(snapshot, selection.but(period="year")).to_pylist()
    counted = sum(r["vacancies_n"] for r in yearly if selection.period in (ALL, r["period"]))
    page: dict[str, Any] = {
        "selection": selection,
        "filters": filters(view),
        "vacancies": counted,
        "period": view.t.period(selection.period),
        "sources": view.about.sources,
        "figures": {},
        "headline": [],
        "cautions": view.caution.lines(view.t, snapshot.study.spec.notes),
        "weights": weights_of(snapshot.study, view.t),
    }
    if not counted:
        return page
    rank = figures.ranking(view)
    page["headline"] = figures.headline(view)
    page["figures"]["ranking"] = rank
    chosen = selection.item_id or tuple(r["item_id"] for r in rank.chart.rows[:1])
    if chosen:
        # The item that leads is followed where none is chosen; the links name it, the page's permalink does not.
        page["figures"]["years"] = figures.years(view_of(snapshot, selection.but(item_id=chosen)))
        page["items"] = item_choices(view, chosen)
        is_skill = selection.item_kind == "skill"
        page["about"] = Selection(lang=selection.lang, view="skill", item_id=chosen[-1:]).href() if is_skill else ""
    page["figures"]["change"] = figures.risers_and_fallers(view)
    page["figures"]["volume"] = figures.volume(view)
    return page


def filters(view: View) -> list[Filter]:
    """The selects of the filter form, those with a single choice left out."""
    s, t, ui, known = view.selection, view.t, view.ui, view.snapshot.vocabulary
    topsectors = topsectors_of(view.snapshot.study)
    groups = _ordered(known.cells["function_group"], (*FUNCTION_GROUPS, UNKNOWN))
    languages = _ordered(known.cells["language"], LANGUAGES)
    found = [
        choices(view, "period", [(p, t.period(p)) for p in (ALL, *sorted(known.years))]),
        choices(view, "topsector", [(v, t.value("topsector", v)) for v in (ALL, *topsectors)]),
        choices(view, "function_group", [(v, t.value("function_group", v)) for v in (ALL, *groups)]),
        choices(view, "language", [(v, t.value("language", v)) for v in (ALL, *languages)]),
        choices(view, "source_id", [(v, t.value("source_id", v)) for v in (ALL, *sorted(known.cells["source_id"]))]),
        choices(view, "item_kind", [(kind, ui(f"kind.{kind}")) for kind in ITEM_KINDS]),
    ]
    if s.item_kind in ("skill", "category"):
        found.append(choices(view, "category", categories(view)))
    found.append(choices(view, "sort", [(value, ui(f"sort.{value}")) for value in SORTS]))
    found.append(choices(view, "show", [(str(n), t.number(n)) for n in sorted({*SHOWN, s.show} - {0})]))
    return [f for f in found if len(f.options) > 2 or f.name not in ("topsector", "source_id", "language")]


def choices(view: View, name: str, options: Sequence[tuple[str, str]]) -> Filter:
    """The select of a filter, with (value, text) as options."""
    chosen = str(getattr(view.selection, name))
    made = tuple((value, text[:1].upper() + text[1:], value == chosen) for value, text in options)
    return Filter(name, view.ui(f"filters.{name}"), made)


def _ordered(values: frozenset[str], order: Sequence[str]) -> list[str]:
    return [v for v in order if v in values] + sorted(values - set(order))


def categories(view: View) -> list[tuple[str, str]]:
    """The groups of categories and then the categories, as options."""
    t, skills = view.t, view.snapshot.skills
    groups = _ordered(frozenset(s["category_group"] for s in skills), GROUPS)
    options = [(ALL, view.ui("filters.all_categories")), *((g, category_label(t, g)) for g in groups)]
    if view.selection.item_kind == "skill":
        single = {s["category"]: s["category_group"] for s in skills if s["category"] not in groups}
        prefix = "value.category."
        order = [key.removeprefix(prefix) for key in catalogue(t.language) if key.startswith(prefix)]
        named = _ordered(frozenset(single), order)
        options += [(c, "\u2003" + t.value("category", c)) for c in named]
    return options


def item_choices(view: View, chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    """The items that can be followed over the years: those of the cell, most asked first by name, as options."""
    rows = queries.demand(view.snapshot, view.selection.but(item_id=(), period=ALL))
    ids = rows["item_id"].filter(pc.greater(rows["asked_n"], 0)).slice(0, CHOICES_MAX).to_pylist()
    every = sorted({*ids, *chosen}, key=lambda i: view.t.item(view.selection.item_kind, i).lower())
    return [(i, view.t.item(view.selection.item_kind, i), i == chosen[0]) for i in every]


def definitions(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The definitions page: the method part of the report."""
    import json

    t = snapshot.translator(selection.lang)
    manifest = snapshot.study.store.folder / "manifest.json"
    names = ("method", "sources", "provenance", "licences")
    return {
        "selection": selection,
        "found": Definitions(snapshot.study, t),
        "titles": {
            **{name: t(f"report.{name}.title") for name in names},
            "method": Texts(t.language)("definitions.terms"),
        },
        "made": t.date(datetime.fromtimestamp(manifest.stat().st_mtime, tz=UTC).date()),
        "manifest": snapshot.study.store.manifest,
        "sim": False,
        "weights": weights_of(snapshot.study, t),
        "references": references(),
        "vendor": json.loads(asset("vendor/vendor.json")),
        "licence_text": asset("vendor/vega.LICENSE.txt"),
        "esco_statement": ESCO_STATEMENT,
    }


def quality(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The quality page: accuracy, what is set aside and not coded, drift, weights, and every row per source."""
    rows = worth_telling(queries.quality(snapshot, selection).to_pylist())
    cell = Selection(lang=selection.lang, source_id=selection.source_id)
    sentences = words.quality_sentences(snapshot.translator(selection.lang), rows, queries.vacancies(snapshot, cell))
    return {
        "selection": selection,
        "rows": rows,
        "sentences": sentences,
        "chapter": QualityChapter(snapshot.study, snapshot.translator(selection.lang)),
        "weights": weights_of(snapshot.study, snapshot.translator(selection.lang)),
        "csv": selection.data_href("out_quality", "csv"),
        "json": selection.data_href("out_quality", "json"),
    }


def trace(snapshot: Snapshot, selection: Selection, address: str) -> tuple[str, dict[str, Any]]:
    """The template and values of a trace: of a number, of an ad, or the form where no address is given.

    Raises InputError with the nearest valid address or ad.
    """
    page: dict[str, Any] = {"selection": selection, "address": address, "example": example_address(snapshot)}
    if not address:
        return "trace.html", page
    if names_number(snapshot.study, address):
        found = trace_number(snapshot.study, snapshot.rows, parse_address(address), TRACE_ADS)
        texts = queries.texts_of(snapshot, [ad["ad_id"] for ad in found["ads"]])
        for ad in found["ads"]:
            ad["spans"] = [in_context(span, texts.get(ad["ad_id"], "")) for span in ad["spans"]]
        table = found["address"].split("/")[0]
        return "trace_number.html", {**page, "found": found, "table": table}
    found = trace_ad(snapshot.study, snapshot.rows, address)
    text = found.pop("text") or ""
    found["skills"] = [in_context(span, text) for span in found["skills"]]
    found["fact_spans"] = [in_context(span, text) for span in found["fact_spans"] or []]
    return "trace_ad.html", {**page, "found": found}


def example_address(snapshot: Snapshot) -> str:
    """The address of a number that the study has."""
    last = max(snapshot.vocabulary.years, default=ALL)
    return f"out_demand/period={last}/item_kind=category_group/item_id=digital"
