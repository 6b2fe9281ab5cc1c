"""The report: one HTML file per language that holds its data, styles and charts and works without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from overstap import __version__
from overstap.errors import InputError, nearest
from overstap.pipeline import Study
from overstap.publish import tables
from overstap.publish.accuracy import AccuracyChapter, literature
from overstap.publish.ahead import AheadChapter
from overstap.publish.behind import Behind
from overstap.publish.bundled import asset
from overstap.publish.charts import Chart
from overstap.publish.editions import EditionsChapter
from overstap.publish.education import EducationChapter
from overstap.publish.experiments import ExperimentsChapter
from overstap.publish.initiatives import InitiativesChapter
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.moves import MovesChapter
from overstap.publish.outlook import Outlook
from overstap.publish.panel import PanelChapter
from overstap.publish.panel_data import BesideChapter
from overstap.publish.programmes import ProgrammesChapter
from overstap.publish.recommendations import RecommendationsChapter
from overstap.publish.report_data import ReportData, topsectors_of
from overstap.publish.scenarios import ScenarioChapter
from overstap.publish.sector import SectorChapter
from overstap.publish.spark import spark
from overstap.publish.summary import SummaryChapter
from overstap.publish.survey import SurveyChapter
from overstap.publish.texts import FOLDER, own_texts, placed
from overstap.publish.theme import vega_config
from overstap.publish.training import TrainingChapter
from overstap.publish.weights import weights_of
from overstap.reference.sources import ESCO_STATEMENT, Source
from overstap.reference.tables import sources_of
from overstap.whole import write_whole

SCRIPTS = ("vendor/vega.min.js", "charts.js")
REFERENCE_TABLES = ("isco08", "occupation_titles", "sbi2008", "topsector_sbi", "topsectors", "places")
SECTOR_PLACES = {
    "digital": "task_change", "skills": "skills", "change": "skills", "ahead": "employment", "education": "education",
    "panel": "experts", "panel-data": "experts",
}  # fmt: skip
"""The chapter of a report on one topsector that shows what the whole report shows in another."""
HIDDEN = ("item_kind",)  # in the CSV, not in the table that a reader sees


def write_reports(study: Study) -> list[Path]:
    """Write `report-nl.html` and `report-en.html` beside the tables of the last run; their paths.

    Raises StoreError where the study has not been run.
    """
    return [_write(study, f"report-{language}", render_report(study, language)) for language in LANGUAGES]


def write_sector_reports(study: Study, topsectors: Sequence[str]) -> list[Path]:
    """Write `report-<topsector>-<language>.html` of each topsector in both languages; their paths.

    Raises InputError for a topsector that no vacancy of the study has.
    """
    known = topsectors_of(study)
    for code in topsectors:
        if code not in known:
            hint = nearest(code, known) or f"Topsectors of this study: {', '.join(known) or 'none'}."
            raise InputError(f"No vacancy of this study lies in the topsector '{code}'.", fix=hint)
    return [
        _write(study, f"report-{code}-{language}", render_sector_report(study, language, code))
        for code in topsectors
        for language in LANGUAGES
    ]


def _write(study: Study, name: str, html: str) -> Path:
    path = study.store.folder / f"{name}.html"
    write_whole(html, path)
    return path


def render_sector_report(study: Study, language: Lang, topsector: str) -> str:
    """The report of one topsector in one language as HTML."""
    t = Translator.for_study(study, language)
    chapter = SectorChapter(study, t, topsector)
    template = make_environment(t).get_template("sector.html.j2")
    vacancies = sum(row["vacancies_n"] for row in chapter.volume())
    page = template.render(
        **_frame(study, t),
        topsector=chapter.name,
        vacancies=vacancies,
        chapter=chapter,
        summary=SummaryChapter(study, t, topsector),
        place_of=lambda finding: SECTOR_PLACES.get(finding.chapter, ""),
    )
    return placed(page, own_texts(study.base / FOLDER / topsector, language), t("formats.texts.label"))


def _frame(study: Study, t: Translator) -> dict[str, Any]:
    """What every report has around its chapters: title, dates, styles, scripts, method and licences."""
    scripts = [inline_script(asset(name)) for name in SCRIPTS]
    made = datetime.fromtimestamp((study.store.folder / "manifest.json").stat().st_mtime, tz=UTC).date()
    vendored = json.loads(asset("vendor/vendor.json"))
    return {
        "spec": study.spec,
        "title": study.spec.title.get(t.language) or next(iter(study.spec.title.values()), study.spec.study),
        "survey": SurveyChapter(study, t),
        "confidence": t.percent(100 * study.spec.measures.confidence, 0),
        "weights": weights_of(study, t),
        "made": t.date(made),
        "version": __version__,
        "manifest": study.store.manifest,
        "style": Markup(asset("overstap.css").replace("</", "<\\/")),
        "themes": json_block({mode: vega_config(t, mode) for mode in ("light", "dark")}),
        "scripts": [Markup(script) for script in scripts],
        "csp": content_policy(scripts),
        "vendor": [one for one in vendored if not one["file"] or f"vendor/{one['file']}" in SCRIPTS],
        "licence_text": asset("vendor/vega.LICENSE.txt"),
        "esco_statement": ESCO_STATEMENT,
        "references": references(),
        "accuracy": AccuracyChapter(study, t),
        "literature": Markup(literature()),
    }


def render_report(study: Study, language: Lang) -> str:
    """The report of one language as HTML."""
    t = Translator.for_study(study, language)
    data = ReportData(study, t)
    page = (
        make_environment(t)
        .get_template("report.html.j2")
        .render(
            **_frame(study, t),
            topsector="",
            vacancies=data.vacancies,
            data=data,
            summary=SummaryChapter(study, t),
            place_of=lambda finding: finding.chapter,
            recommendations=RecommendationsChapter(study, t),
            behind=Behind(study, t),
            outlook=Outlook(study, t, data.about),
            ahead=AheadChapter(study, t),
            scenarios=ScenarioChapter(study, t),
            moves=MovesChapter(study, t),
            training=TrainingChapter(study, t),
            education=EducationChapter(study, t),
            panel=PanelChapter(study, t),
            beside=BesideChapter(study, t),
            as_is=lambda chart: chart,
            programmes=ProgrammesChapter(study, t),
            initiatives=InitiativesChapter(study, t),
            experiments=ExperimentsChapter(study, t),
            comparison=_comparison(study),
            editions=EditionsChapter.of(study, t),
            yearly_groups=[
                row for kind in ("category_group", "category") for row in data.demand("year", kind).to_pylist()
            ],
        )
    )
    return placed(page, own_texts(study.base / FOLDER, language), t("formats.texts.label"))


def make_environment(t: Translator) -> Environment:
    """Templates with everything escaped, an unknown name an error, and `t` with the table helpers at hand."""
    environment = Environment(
        loader=PackageLoader("overstap.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "t": t,
        "shown_columns": lambda chart: [name for name in chart.columns if name not in HIDDEN],
        "header": lambda table, columns: tables.header(t, table, columns),
        "cell": lambda row, name: tables.cell(t, row, name),
        "is_number": tables.is_number,
        "in_language": lambda texts: texts.get(t.language) or next(iter(texts.values()), ""),
        "csv_uri": lambda chart: chart_csv_uri(chart, t),
        "json_block": json_block,
        "spark": spark,
        "occupation_href": lambda code: "",  # a report has no pages to lead to
        "skill_href": lambda code: "",
    }
    return environment


def chart_csv_uri(chart: Chart, t: Translator) -> str:
    """The rows of a chart as a CSV download that needs no network."""
    return tables.data_uri(tables.to_csv(chart.rows, chart.columns, t))


def json_block(value: Any) -> Markup:
    """`value` as JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def inline_script(text: str) -> str:
    """`text` such that it does not end the script element that it stands in."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def content_policy(scripts: list[str]) -> str:
    """A content security policy that lets only these scripts run and nothing load from anywhere."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    rules = ["default-src 'none'", f"script-src {allowed}", "style-src 'unsafe-inline'", "img-src data:"]
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _comparison(study: Study) -> tuple[str, str]:
    """The two periods that changes are taken between; two dashes where there is nothing to compare."""
    rows = study.table("out_change", ["first_period", "last_period"]).slice(0, 1).to_pylist()
    return (rows[0]["first_period"], rows[0]["last_period"]) if rows else ("–", "–")


@lru_cache(maxsize=1)
def references() -> tuple[Source, ...]:
    """The sources of the reference tables behind the codes, each once."""
    return tuple({source.id: source for name in REFERENCE_TABLES for source in sources_of(name)}.values())
