"""The steps of panels: read the answers, measure order and agreement, lay them beside what the ads ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.errors import OverstapError, problems_of
from overstap.reference.technologies import technologies_of
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES
from overstap.steps import Context, Step, tables_step
from overstap.study_panel import PanelSettings

if TYPE_CHECKING:
    from overstap.panel.items import Index
    from overstap.panel.measure import Asked

READ = ("core_rankings", "core_ratings", "core_panel_items", "core_claims")
MEASURED = ("out_panel_ranking", "out_panel_agreement", "out_panel_statements", "out_panel_gap")
COMPARED = ("out_panel_data", "out_panel_fit")
_SKILLS = ["skill_id", "label_nl", "label_en", "category", "category_group"]


def panel_steps() -> list[Step]:
    """The steps in order."""
    return [
        tables_step(
            "read_panel",
            READ,
            ("core_skills", "core_questions", "core_respondents", "core_answers"),
            _read,
            depends=_files,
            code=_code("read", "items", "session", "spec"),
        ),
        tables_step(
            "measure_panel",
            MEASURED,
            ("core_rankings", "core_ratings"),
            _measure,
            depends=lambda context: [context.spec.panel.model_dump(), context.spec.measures.confidence],
            code=_code("measure", "aggregate", "agreement", "delphi"),
        ),
        tables_step(
            "compare_panel",
            COMPARED,
            ("out_panel_ranking", "out_demand", "out_change", "core_skills", "core_panel_items", "core_claims"),
            _compare,
            depends=lambda context: [context.spec.measures.confidence, context.spec.technologies, _files(context)],
            code=_code("compare", "items"),
        ),
    ]


def _code(*modules: str) -> tuple[str, ...]:
    return ("overstap.panel_steps", *(f"overstap.panel.{name}" for name in modules))


def check_panel(panel: PanelSettings, base: Path) -> list[OverstapError]:
    """Every problem of the settings and files of panels; `base` is the study file's folder."""
    from overstap.panel.items import read_claims, read_items, read_statements

    checks: list[Callable[[], object]] = [
        lambda: _answers(panel, base),
        lambda: panel.statements and read_statements(base / panel.statements),
        lambda: panel.items and read_items(base / panel.items),
        lambda: read_claims(base / panel.claims if panel.claims else None),
    ]
    return problems_of(checks)


def _files(context: Context) -> Any:
    panel = context.spec.panel
    names = [*(one.file for one in panel.rankings), *(one.file for one in panel.ratings)]
    names += [name for name in (panel.statements, panel.items, panel.claims) if name]
    files = [context.base / name for name in names]
    files += [path for name in panel.sessions for path in sorted((context.base / name).glob("*"))]
    return [panel.model_dump(), context.digests([path for path in files if path.is_file()])]


def _answers(panel: PanelSettings, base: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rankings and ratings of all files and sessions, experts by their label."""
    from overstap.panel.read import fitting, read_rankings, read_ratings
    from overstap.panel.session import Session

    ranked = [row for one in panel.rankings for row in read_rankings(base / one.file, one)]
    rated = [row for one in panel.ratings for row in read_ratings(base / one.file, one)]
    for name in panel.sessions:
        session = Session.open(base / name)
        ranked += session.rankings()
        rated += session.ratings()
    fitting([*ranked, *rated])
    return ranked, rated


def _of_survey(context: Context) -> list[dict[str, Any]]:
    """The answers to the survey's ranking questions that the panel takes in, of the respondents who count."""
    from overstap.panel.read import of_survey

    def rows(table: str, *columns: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = context.store.read(table, list(columns)).to_pylist()
        return found

    lists = context.spec.panel.survey
    if not lists:
        return []
    questions = rows("core_questions", "question_code", "kind", "options", "options_nl", "options_en")
    counted = {
        row["respondent_id"] for row in rows("core_respondents", "respondent_id", "is_counted") if row["is_counted"]
    }
    answers = rows("core_answers", "respondent_id", "question_code", "item", "part", "value")
    return of_survey(lists, questions, [row for row in answers if row["respondent_id"] in counted])


def index_of(panel: PanelSettings, base: Path, technologies: str, skills: Iterable[dict[str, Any]]) -> Index:
    """What items are called: own ones, those of the published panel, technologies, categories and skills."""
    from overstap.panel.items import Index, Item, read_items
    from overstap.panel.session import Session
    from overstap.reference.tables import load

    own = read_items(base / panel.items) if panel.items else []
    live = [choice for name in panel.sessions for choice in Session.open(base / name).choices]
    called = [Item(one.item, {lang: one.label(lang) for lang in ("nl", "en")}) for one in live]
    told = [
        Item(r["item"], {"nl": r["label_nl"], "en": r["label_en"]}, r["item_kind"], r["item_id"])
        for r in load("panel_items").to_pylist()
    ]
    return Index([*own, *told], technologies_of(technologies, base), skills, called)


def _index(context: Context) -> Index:
    skills = context.store.read("core_skills", _SKILLS).to_pylist()
    return index_of(context.spec.panel, context.base, context.spec.technologies, skills)


def _read(context: Context) -> tuple[pa.Table, ...]:
    from overstap.panel.items import read_claims, read_statements
    from overstap.panel.measure import published
    from overstap.panel.read import by_number, named, without_few
    from overstap.panel.session import Session

    panel, base, index = context.spec.panel, context.base, _index(context)
    ranked, rated = _answers(panel, base)
    ranked += _of_survey(context)
    by_number(ranked, rated)
    without_few([*ranked, *rated], panel.min_group)
    texts = {row["item"]: row for row in (read_statements(base / panel.statements) if panel.statements else [])}
    for name in panel.sessions:
        for row in Session.open(base / name).statements:
            texts.setdefault(row["item"], row)
    named(ranked, index.find)
    named([row for row in rated if row["aspect"] != "agreement"], index.find)
    claims = read_claims(base / panel.claims if panel.claims else None)
    for row in claims:
        row["item"] = index.find(row["item"])
    used = {row["item"] for row in ranked} | {row["item"] for row in rated if row["aspect"] != "agreement"}
    if panel.published:
        used |= {row["item"] for part in published() for row in part if "item" in row}
    items: list[dict[str, Any]] = []
    for id in sorted(used | {row["item"] for row in claims}):
        item = index.item(id)
        items.append(
            {"kind": "item", "item": id, **_labels(item.labels), "item_kind": item.kind, "item_id": item.matched}
        )
    for id in sorted({row["item"] for row in rated if row["aspect"] == "agreement"} | set(texts)):
        items.append({"kind": "statement", **(texts.get(id) or {"item": id, "label_nl": id, "label_en": id})})
    return tuple(_table(name, rows) for name, rows in zip(READ, (ranked, rated, items, claims), strict=True))


def _labels(labels: Any) -> dict[str, str]:
    return {"label_nl": labels["nl"], "label_en": labels["en"]}


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=table_spec(name).schema)


def _asked(context: Context) -> Asked:
    from overstap.panel.measure import Asked

    panel = context.spec.panel
    return Asked(
        context.spec.measures.confidence,
        panel.consensus,
        panel.stable,
        panel.min_group,
        panel.draws,
        panel.seed,
    )


def _measure(context: Context) -> tuple[pa.Table, ...]:
    from overstap.panel import measure

    asked = _asked(context)
    ranked, rated = (context.store.read(name).to_pylist() for name in ("core_rankings", "core_ratings"))
    orders, agreements = measure.rankings(ranked, asked)
    found = [orders, agreements, measure.statements(rated, asked), measure.gaps(rated, asked)]
    if context.spec.panel.published:
        told = measure.published()
        for rows, more in zip((found[0], found[1], found[3]), told, strict=True):
            rows += more
    return tuple(_table(name, rows) for name, rows in zip(MEASURED, found, strict=True))


def _compare(context: Context) -> tuple[pa.Table, ...]:
    from overstap.panel.compare import Demand, compared, fits

    read = context.store.read
    skills = read("core_skills", _SKILLS).to_pylist()
    whole = reduce(and_, (pc.field(name) == ALL for name in CELL_NAMES))
    asked = read("out_demand", where=whole & (pc.field("period_kind") == ALL)).to_pylist()
    demand = Demand(asked, read("out_change", where=whole).to_pylist(), skills, context.spec.measures.confidence)
    orders, claims = read("out_panel_ranking").to_pylist(), read("core_claims").to_pylist()
    rows = compared(orders, _index(context), demand, claims)
    return _table("out_panel_data", rows), _table("out_panel_fit", fits(rows, context.spec.measures.confidence))
