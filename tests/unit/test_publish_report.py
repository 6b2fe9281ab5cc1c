"""The report: whole, self-contained, honest about simulation, and with one number for text, table and chart."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from overstap.pipeline import Study
from overstap.publish import charts, tables
from overstap.publish.bundled import asset
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import content_policy, inline_script, json_block, render_report, write_reports
from overstap.publish.report_data import ReportData
from overstap.publish.theme import vega_config
from overstap.publish.vega import layered
from overstap.reference.sources import ESCO_STATEMENT


@pytest.fixture(scope="session", params=LANGUAGES)
def report(request: pytest.FixtureRequest, page_of: Callable[[Lang], str]) -> str:
    return page_of(request.param)


def test_report_loads_nothing_and_lets_only_its_scripts_run(report: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", report, flags=re.S)
    assert not re.search(r"<(?:link|img|iframe|object)\b|\bsrc=|url\(", markup)
    scripts = re.findall(r"<script>(.*?)</script>", report, flags=re.S)
    assert len(scripts) == 2
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="(.*?)"', report)[0])
    assert policy.startswith("default-src 'none'")
    assert policy == content_policy(scripts)


def test_every_section_says_that_the_ads_are_simulated(report: str) -> None:
    for part in ("ahead", "moves", "initiatives"):
        start = report.index(f'<section id="{part}"')
        end = report.index("</section>", start)
        assert '<p class="tag official">' in report[start:end]  # no ads, but official figures
        report = report[:start] + report[end:]
    for part in ("education", "survey", "panel"):  # data of their own, simulated too
        start = report.index(f'<section id="{part}"')
        assert re.search(
            r'<p class="tag[^>]*>(?:Gesimuleerde|Simulated)', report[start : report.index("</section>", start)]
        )
    quiet = ("method", "accuracy", "literature", "licences")  # of no ad of the study
    tagged = re.findall(r'<section id="([\w-]+)"[^>]*>\s*<h2 [^>]*>[^<]*</h2>\s*<p class="tag', report)
    every = [id for id in re.findall(r'<section id="([\w-]+)"', report) if id not in quiet]
    assert tagged == every
    assert report.count('<figure class="chart"') == len(re.findall(r"<figcaption>(?:Gesimuleerde|Simulated)", report))


def test_a_report_of_real_ads_shows_no_published_figures_beside_its_own(finished_study: Study) -> None:
    spec = finished_study.spec.model_copy(update={"simulated": False})
    page = render_report(Study(finished_study.path, spec, finished_study.store), "en")
    assert 'class="tag"' not in page
    assert 'id="published"' not in page
    assert ReportData(Study(finished_study.path, spec, finished_study.store), Translator("en")).published_ict() == {}


def test_required_statements_and_notes_are_there(report: str) -> None:
    assert ESCO_STATEMENT in report
    assert "Alle advertenties van het dorp." in report or "All ads of the village." in report
    assert "0123456789abcdef" in report
    assert "Redistribution and use in source and binary forms" in report


def test_write_reports_writes_both_languages_whole(finished_study: Study) -> None:
    paths = write_reports(finished_study)
    assert [path.name for path in paths] == ["report-nl.html", "report-en.html"]
    assert all(path.read_text(encoding="utf-8").rstrip().endswith("</html>") for path in paths)
    assert not list(finished_study.store.folder.glob("*.part"))


def all_charts(study: Study, language: Lang) -> list[charts.Chart]:
    data = ReportData(study, Translator.for_study(study, language))
    parts = [chart for part in data.parts() for chart in part.charts]
    return [data.volume(), data.ict_share(), data.digital_by_year(), data.movers("skill"), data.movers("title"), *parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_explains_itself(finished_study: Study, language: Lang) -> None:
    made = all_charts(finished_study, language)
    assert len({chart.id for chart in made}) == len(made) > 10
    for chart in made:
        assert chart.title
        assert chart.finding
        assert chart.description
        assert re.search(r"n\u00a0=\u00a0[\d.,]+", chart.caption), chart.id
        assert "2012" in chart.caption
        assert chart.spec["description"].startswith(chart.title)
        assert chart.standalone()["title"]["text"]


def texts(spec: Any) -> set[str]:
    if isinstance(spec, dict):
        found: set[str] = {v for k, v in spec.items() if k.endswith("_text")}
        return found.union(*(texts(v) for v in spec.values()))
    return set().union(*(texts(v) for v in spec)) if isinstance(spec, list) else set()


def test_chart_table_and_csv_show_the_same_rows(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "nl")
    chart = ReportData(finished_study, t).ict_share()
    in_chart = texts(chart.spec)
    records = list(csv.DictReader(io.StringIO(tables.to_csv(chart.rows, chart.columns, t))))
    assert len(records) == len(chart.rows) == 4
    for row, record in zip(chart.rows, records, strict=True):
        assert t.percent(row["share_pct"]) in in_chart
        assert tables.cell(t, row, "share_pct") + "\u00a0%" == t.percent(row["share_pct"])
        assert float(record["share_pct"]) == row["share_pct"]
        assert row["share_pct"] == pytest.approx(100 * row["asked_n"] / row["vacancies_n"])


def test_specs_hold_no_expressions_and_no_colours(finished_study: Study) -> None:
    for chart in all_charts(finished_study, "nl"):
        text = json.dumps(chart.spec)
        assert '"expr"' not in text
        assert '"calculate"' not in text
        assert not re.search(r'"#[0-9a-f]{6}"', text)


def test_both_modes_define_the_same_styles() -> None:
    t = Translator("nl")
    light, dark = vega_config(t, "light"), vega_config(t, "dark")
    assert set(light["style"]) == set(dark["style"])
    assert light["locale"]["number"]["decimal"] == ","


def test_select_counts_no_vacancy_twice(finished_study: Study) -> None:
    yearly = tables.select(finished_study, "out_volume", period_kind="year")
    assert sum(yearly["vacancies_n"].to_pylist()) == finished_study.store.manifest.tables["core_vacancies"].rows


def test_a_title_that_is_a_script_or_a_formula_does_no_harm() -> None:
    assert "</script" not in json_block({"title": "</script><script>alert(1)</script>"})
    assert "</script" not in inline_script("x = '</script>'")
    row = {"item_kind": "title", "item_id": "=cmd()", "share_pct": 1.0}
    assert "'=cmd()" in tables.to_csv([row], ("item_kind", "item_id", "share_pct"))


def test_vendored_libraries_match_their_digests_and_carry_licences() -> None:
    import hashlib

    for entry in json.loads(asset("vendor/vendor.json")):
        assert "Redistribution" in asset(f"vendor/{entry['licence_file']}")
        if entry["file"]:
            text = asset(f"vendor/{entry['file']}")
            assert hashlib.sha256(text.encode()).hexdigest() == entry["sha256"]


@pytest.mark.web
@pytest.mark.parametrize("width", [1280, 320])
def test_report_draws_every_chart_in_a_browser(finished_study: Study, chromium: Any, width: int) -> None:
    path = write_reports(finished_study)[0]
    faults: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: faults.append(r.url) if r.url.startswith("http") else None)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-charts=ready]", state="attached")
    drawn = page.locator(".chart-canvas svg").count()
    wide = page.evaluate("document.documentElement.scrollWidth")
    expected = page.locator(".chart-canvas").count()
    page.close()
    assert not faults
    assert drawn == expected > 10
    assert wide <= width


def test_long_names_of_a_chart_run_over_lines_and_short_ones_do_not() -> None:
    encoding = {"encoding": {"y": {"field": "name", "axis": {"title": None}}}}
    short = layered([{"name": "Python"}], [encoding], "", {"step": 26})
    long = layered(
        [{"name": "Binnen vijf jaar is er een tekort aan mensen die AI kunnen toepassen"}], [encoding], "", {"step": 26}
    )
    assert "labelExpr" not in short["layer"][0]["encoding"]["y"]["axis"] and short["height"]["step"] == 26
    assert "{1,36}" in long["layer"][0]["encoding"]["y"]["axis"]["labelExpr"] and long["height"]["step"] > 26
    assert "labelExpr" not in encoding["encoding"]["y"]["axis"], "what was given is left as it was"
