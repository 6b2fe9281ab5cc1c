"""A figure without values never takes the report down: what the contract lets be unknown is drawn and said as such."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overstap.pipeline import Study
from overstap.publish.ahead import AheadChapter
from overstap.publish.charts import About, Chart
from overstap.publish.education import EducationChapter
from overstap.publish.experiments import ExperimentsChapter
from overstap.publish.initiatives import InitiativesChapter
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.moves import MovesChapter
from overstap.publish.outlook import IN_REPORT, Outlook
from overstap.publish.panel import PanelChapter
from overstap.publish.panel_data import BesideChapter
from overstap.publish.report import render_report
from overstap.publish.scenarios import ScenarioChapter
from overstap.schema import table_spec


@pytest.fixture(scope="module", params=["unknown", "empty"])
def hollow_study(
    finished_study: Study, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Study:
    """A study whose results hold no values: every one that may be null is, or no table has a row."""
    folder: Path = tmp_path_factory.mktemp("hollow") / "study"
    shutil.copytree(finished_study.base, folder)
    study = Study.open(folder / finished_study.path.name)
    for name in study.store.manifest.tables:
        for part in study.store.path(name).glob("*.parquet") if name.startswith("out_") else ():
            rows = pq.read_table(part)
            pq.write_table(_unknown(rows, name) if request.param == "unknown" else rows.slice(0, 0), part)
    return study


def _unknown(rows: pa.Table, name: str) -> pa.Table:
    for at, column in enumerate(table_spec(name).columns):
        if column.nullable and not column.key:
            rows = rows.set_column(at, rows.schema.field(at), pa.nulls(rows.num_rows, column.type))
    return rows


def _charts(study: Study, t: Translator) -> list[Chart]:
    outlook, ahead = Outlook(study, t, About(("board",))), AheadChapter(study, t)
    scenarios = ScenarioChapter(study, t)
    moves, education = MovesChapter(study, t), EducationChapter(study, t)
    initiatives = InitiativesChapter(study, t)
    return [
        *(outlook.levels(dimension, "category_group", "digital") for dimension in IN_REPORT),
        *(outlook.technologies(), outlook.technologies_by_year(), outlook.technology_movers()),
        *(outlook.intensity(), outlook.intensity_by_sector(), *outlook.cross_over(), outlook.new_phrases()),
        *(outlook.polarisation(), *outlook.nowcasts(), *(chart for _, _, chart in outlook.forecasts())),
        *(ahead.growth_chart(), scenarios.chart(), *scenarios.tornadoes(), moves.placed_chart()),
        *(education.success_chart(), education.destinations_chart()),
        *(*PanelChapter(study, t).charts(), *BesideChapter(study, t).charts()),
        *(initiatives.spread_chart(), initiatives.map_chart(), initiatives.network_chart()),
        *ExperimentsChapter(study, t).charts(),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_without_values_still_has_its_report(hollow_study: Study, language: Lang) -> None:
    charts = _charts(hollow_study, Translator.for_study(hollow_study, language))
    assert all(chart.title and chart.finding and chart.caption for chart in charts)
    page = render_report(hollow_study, language)
    assert page.rstrip().endswith("</html>") and ">None<" not in page
