"""A feed that is no whole of the market is told of before its figures; a whole and even one is not."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from overstap.pipeline import Study
from overstap.publish import charts, tables
from overstap.publish.caution import apart, make_caution
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import render_report
from overstap.publish.report_data import ReportData


def with_sample(study: Study, sample: str) -> Study:
    sources = [source.model_copy(update={"sample": sample}) for source in study.spec.sources]
    return Study(study.path, study.spec.model_copy(update={"sources": sources}), study.store)


def months(counts: list[int], source: str = "feed", first: int = 2012) -> list[dict[str, Any]]:
    return [
        {"period": f"{first + i // 12}-{i % 12 + 1:02d}", "ads_n": n, "source_id": source}
        for i, n in enumerate(counts)
        if n
    ]


@pytest.mark.parametrize(
    ("sample", "counts", "empty", "uneven", "is_due"),
    [
        ("complete", [10] * 24, 0, False, False),
        ("complete", [10] * 12 + [30] * 12, 0, False, False),
        ("search_terms", [10] * 24, 0, False, True),
        ("unknown", [10] * 24, 0, False, True),
        ("complete", [10] * 10 + [0, 0] + [10] * 12, 2, False, True),
        ("complete", [10] * 23 + [0], 1, False, True),
        ("complete", [10] * 23 + [99], 0, True, True),
        ("complete", [50] * 12 + [5] + [50] * 11, 0, True, True),
        ("complete", [50] * 23 + [5], 0, False, False),
        ("complete", [8] * 12 + [1] + [8] * 11, 0, False, False),
    ],
)
def test_a_caution_is_due_where_the_ads_are_no_even_whole(
    finished_study: Study, sample: str, counts: list[int], empty: int, uneven: bool, is_due: bool
) -> None:
    spec = with_sample(finished_study, sample).spec
    found = make_caution(spec.sources[:1], spec, months(counts))
    assert (found.empty, found.uneven, bool(found)) == (empty, uneven, is_due)
    assert bool(found.lines(Translator("nl"), spec.notes)) == is_due


def test_a_source_that_stops_is_seen_though_another_goes_on(finished_study: Study) -> None:
    spec = with_sample(finished_study, "complete").spec
    rows = months([10] * 12) + months([10] * 12, "board", 2013)
    assert make_caution(spec.sources, spec, rows).empty == 12


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("2012", "2014", True), ("2012", "2013", False), ("2012Q1", "2014Q1", True), ("2012", "2019", False)],
)
def test_periods_are_apart_where_no_source_has_ads_in_both(first: str, last: str, found: bool) -> None:
    rows = months([10] * 24) + months([10] * 24, "board", 2013)
    assert apart(rows, first, last) is found


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_years_without_a_common_source_no_riser_or_faller_is_named(finished_study: Study, language: Lang) -> None:
    t = Translator.for_study(finished_study, language)
    data = ReportData(finished_study, t)
    assert "×" in data.movers("skill").finding
    data.caution = replace(data.caution, apart=("2012", "2013"))
    data.about = replace(data.about, apart=("2012", "2013"))
    told = t("caution.apart", first="2012", last="2013")
    assert data.caution.lines(t, [])[0] == told
    moved = data.movers("skill")
    assert moved.finding == told
    assert moved.title == t("chart.title.series_apart", subject=t("report.change.skills"))
    assert data.digital_by_year().finding == told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", ["search_terms", "unknown"])
def test_notes_and_caution_stand_above_the_summary(finished_study: Study, sample: str, language: Lang) -> None:
    study = with_sample(finished_study, sample)
    page = html.unescape(render_report(study, language))
    t = Translator(language)
    above = page[: page.index('<section id="summary"')]
    for note in (study.spec.sources[0].note[language], study.spec.notes[0][language]):
        assert note in above
    assert t("caution.volume") in above
    summary = page[page.index('<section id="summary"') : page.index('<section id="quality"')]
    assert t("caution.years") in summary
    for claim in ("keer zoveel", "times as many", "aantoonba", "demonstrabl"):
        assert claim not in summary
    data = ReportData(study, Translator.for_study(study, language))
    assert t("caution.years") in data.movers("skill").finding
    assert data.volume().title == t("chart.title.volume_selected")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_and_even_feed_speaks_of_growth(finished_study: Study, language: Lang) -> None:
    study = with_sample(finished_study, "complete")
    page = html.unescape(render_report(study, language))
    assert 'id="caution"' not in page
    assert Translator(language)("caution.years") not in page
    summary = page[page.index('<section id="summary"') : page.index('<section id="quality"')]
    assert "keer zoveel" in summary or "times as many" in summary
    assert not any(": S" in said for said in re.findall(r'class="finding-text">(.*?)</p>', summary))


def test_topsectors_without_two_years_do_not_deny_that_the_whole_has_them(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "nl")
    data = ReportData(finished_study, t)
    rows = data.demand("year", "category_group", item_id="digital", topsector=data.topsectors)
    moved = data.change("category_group", item_id="digital", topsector=data.topsectors)
    none = moved.from_pylist([{**row, "first_base_n": 0} for row in moved.to_pylist()], schema=moved.schema)
    chart = charts.share_by_year(rows, none, t, data.about, id="x", subject="Digitaal")
    assert chart.finding == "Van geen van de topsectoren afzonderlijk zijn er twee jaren om te vergelijken."
    assert chart.title == "Digitaal: topsectoren niet te vergelijken"


def test_all_sectors_have_a_line_of_their_own(finished_study: Study) -> None:
    chart = ReportData(finished_study, Translator.for_study(finished_study, "nl")).digital_by_year()
    assert "Alle sectoren" in {value["name"] for value in chart.spec["data"]["values"]}


def test_cells_below_the_minimum_are_not_drawn_and_the_caption_says_so(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "nl")
    data = ReportData(finished_study, t)
    rows = data.demand("year", "category_group", item_id="digital", topsector=data.topsectors)
    weak = [
        {**row, "is_reliable": row["period"] != "2014" and row["topsector"] != "health"} for row in rows.to_pylist()
    ]
    table = rows.from_pylist(weak, schema=rows.schema)
    nothing = data.change("category_group", item_id="digital", topsector="health").slice(0, 0)
    chart = charts.share_by_year(table, nothing, t, data.about, id="x", subject="x")
    values = chart.spec["data"]["values"]
    assert {v["year"] for v in values if v["share"] is None} == {"2014"}
    assert t.short("topsector", "health").capitalize() not in {v["name"] for v in values}
    left_out = sum(not row["is_reliable"] for row in weak)
    assert f"Niet getekend: {left_out} metingen met n < 30" in chart.caption
    assert len(chart.rows) == len(weak)
    whole = charts.share_by_year(rows, nothing, t, data.about, id="x", subject="x")
    assert "Niet getekend" not in whole.caption


def test_unreliable_topsectors_have_no_bar(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "en")
    data = ReportData(finished_study, t)
    rows = data.demand("all", "function_group", item_id="ict", topsector=data.topsectors)
    weak = [{**row, "is_reliable": row["topsector"] != "health"} for row in rows.to_pylist()]
    chart = charts.ict_by_topsector(rows.from_pylist(weak, schema=rows.schema), t, data.about, id="x")
    assert len(chart.spec["data"]["values"]) == len(chart.rows) - 1 == 3
    assert "Not drawn: 1 estimate with n < 30" in chart.caption


def test_small_p_values_and_minus_signs_are_written_as_in_print() -> None:
    t = Translator("nl")
    assert tables.cell(t, {"p_value": 0.0004}, "p_value") == "<\u00a00,01"
    assert tables.cell(t, {"q_value": 0.013}, "q_value") == "0,01"
    assert t.factor(-1.5) == "\u22121,50"


def test_a_measure_that_tells_the_same_is_left_out_only_where_it_is_nought() -> None:
    aside = {"source_id": "feed", "measure": "rows_set_aside", "detail": "no_date", "value_n": 46}
    none = {"source_id": "feed", "measure": "ads_without_date", "detail": "", "value_n": 0}
    assert tables.worth_telling([none, aside]) == [aside]
    some = {**none, "value_n": 3}
    assert tables.worth_telling([some, aside]) == [some, aside]
    assert tables.worth_telling([none]) == [none]
