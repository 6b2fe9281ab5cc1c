"""Cross-over and new phrases in pages and downloads: a chart, a sentence that its rows carry, and no raw code."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from typing import Any

import pytest

from overstap.ads.title_domains import DOMAINS
from overstap.pipeline import Study
from overstap.publish import beyond, tables
from overstap.publish.charts import About
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.outlook import Outlook
from overstap.schema.market import APART, DRIFTS, PARTS, UNTESTED
from overstap.schema.out import DIRECTIONS as CHANGES
from overstap.schema.phrases import DIRECTIONS

Row = dict[str, Any]
ABOUT = About(("board",), 0.95, min_n=30)
NL = Translator("nl")


def crossed(item: str, share: float, change: float | None = None, **more: Any) -> Row:
    row = {"kind": "skills", "item_id": item, "isco2": "all", "sector": "all", "period": "2017", "asked_n": 100}
    row |= {"vacancies_n": 1000, "employers_n": 90, "share_pct": share, "share_low": share - 1, "share_high": share + 1}
    sure = change is not None and abs(change) > 1
    row |= {"change_pp": change, "change_low": None if change is None else change - 1, "q_value": 0.01, "note": None}
    row |= {"change_high": None if change is None else change + 1, "skills": ["core.python"], "is_reliable": True}
    return row | {"direction": ("rising" if (change or 0) > 0 else "falling") if sure else "unclear"} | more


def test_the_sentence_names_what_is_found_most_and_only_what_demonstrably_moved() -> None:
    rows = [crossed("ict", 21.0, 6.0), crossed("law", 5.0, -3.0), crossed("health", 8.0, 0.5)]
    chart = beyond.cross_over_by_domain([*rows, crossed("ict", 15.0, period="2012")], NL, ABOUT, id="c")
    assert chart.title == "Over de grens van een vakgebied: vooral vaardigheden van het vakgebied ICT"
    assert "21,0\u00a0% (20,0–22,0\u00a0%) van de 1.000" in chart.finding
    assert "Gegroeid sinds de eerste periode: ICT (+6,0" in chart.finding
    assert "Gekrompen: recht (−3,0" in chart.finding and "zorg" not in chart.finding
    assert [row["item_id"] for row in chart.rows] == ["ict", "health", "law"]
    assert [value["name"] for value in chart.spec["data"]["values"]] == ["ICT", "Zorg", "Recht"]
    steady = beyond.cross_over_by_domain([crossed("ict", 21.0, 0.2)], NL, ABOUT, id="c")
    assert "Geen van de getoonde verschillen" in steady.finding
    apart = beyond.cross_over_by_domain([crossed("ict", 21.0, note=APART)], NL, ABOUT, id="c")
    assert "niet te vergelijken" in apart.finding and "note" in apart.columns
    assert beyond.cross_over_by_domain([], NL, ABOUT, id="c").title.endswith("te weinig gegevens")


def test_occupations_are_those_outside_ict() -> None:
    rows = [crossed("ict", 40.0, 5.0, isco2="21"), crossed("law", 60.0, isco2="22"), crossed("ict", 20.0)]
    chart = beyond.cross_over_by_occupation(rows, Translator("en"), ABOUT, id="o")
    assert [row["isco2"] for row in chart.rows] == ["21"]


def phrase(text: str, direction: str, **more: Any) -> Row:
    row = {"phrase": text, "language": "nl", "direction": direction, "sample_pct": 100.0, "note": None}
    return row | {"last_pct": 2.0, "last_low": 1.0, "last_high": 3.0, "last_base_n": 500, "last_period": "2017"} | more


def test_phrases_are_called_candidates_and_counted_by_direction() -> None:
    rows = [phrase("GPS", "new"), phrase("triage", "unclear"), phrase("Elm", "rising")]
    chart = beyond.new_phrases(rows, NL, ABOUT, id="p")
    assert "1 nieuw, 1 vaker dan eerst, 0 minder vaak" in chart.finding and "kandidaten" in chart.finding
    assert "‘GPS’, ‘triage’ en ‘Elm’" in chart.title
    assert len(chart.spec["data"]["values"]) == 3
    silent = beyond.new_phrases([phrase("GPS", "unclear", note=APART)], NL, ABOUT, id="p")
    assert "niet te zeggen" in silent.finding and "vaker dan eerst," not in silent.finding
    assert "Geen woorden" in beyond.new_phrases([], NL, ABOUT, id="p").finding


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_label_in_both_languages(language: Lang) -> None:
    t = Translator(language)
    kinds = (*DRIFTS, "hybrid", "skills", "new", "open")
    for dimension, values in (
        ("part", PARTS), ("kind", kinds), ("domain", (*DOMAINS, "any")), ("note", (APART, UNTESTED)),
        ("direction", {*DIRECTIONS, *CHANGES}), ("basis", ("allocated", "projected")),
    ):  # fmt: skip
        for value in values:
            assert t.has(f"value.{dimension}.{value}") or t.has(f"moves.{dimension}.{value}"), (dimension, value)
    assert t.item_of({"item_id": "ict law"}) == {"nl": "ICT en recht", "en": "ICT and law"}[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_downloads_give_labels_beside_codes(language: Lang) -> None:
    t = Translator(language, {("skill", "core.python"): "Python"})
    text = tables.to_csv([crossed("ict", 21.0, 6.0)], ("kind", "item_id", "skills"), t)
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["kind"], row["item_id"], row["skills"]) == ("skills", "ict", "core.python")
    assert (row["kind_label"], row["item_label"]) == (t.value("kind", "skills"), "ICT")
    assert tables.cell(t, crossed("ict", 21.0), "skills") == "Python"
    parts = tables.to_csv([{"part": "isco2"}], ("part",), t)
    assert parts.splitlines() == ["part,part_label", f"isco2,{t.value('part', 'isco2')}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_stand_in_the_report_with_their_sentence(
    finished_study: Study, page_of: Callable[[Lang], str], language: Lang
) -> None:
    t = Translator.for_study(finished_study, language)
    page = html.unescape(page_of(language))
    outlook = Outlook(finished_study, t, ABOUT)
    for id, found in (("cross-over-part", outlook.cross_over()), ("new-phrases-part", [outlook.new_phrases()])):
        section = page[page.index(f'<section id="{id}"') :].split("</section>")[0]
        for chart in found:
            assert chart.finding in section
        assert f'<a href="#{id}">' in page
    behind = page[page.index('<section id="behind"') :].split("</section>")[0]
    assert t.value("part", "within").capitalize() in behind or "<table" not in behind


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_of_a_language_that_was_not_read_are_drawn_as_unknown(language: Lang) -> None:
    t = Translator(language)
    unread = {"last_pct": None, "last_low": None, "last_high": None, "last_base_n": 0}
    chart = beyond.new_phrases([phrase("GPS", "unclear"), phrase("triage", "unclear", **unread)], t, ABOUT, id="p")
    shown = chart.spec["data"]["values"][1]
    assert (shown["share"], shown["end"], shown["share_text"]) == (None, 0.0, t("unit.unknown"))
    assert "n\u00a0=\u00a0500." in chart.caption and t("new_phrases.unread.one") in chart.finding
    silent = beyond.new_phrases([phrase("triage", "unclear", **unread)], t, ABOUT, id="p")
    assert [value["end"] for value in silent.spec["data"]["values"]] == [0.0]


def test_a_phrase_of_two_languages_is_named_once() -> None:
    rows = [phrase("computer science", "unclear", language="en"), phrase("Computer Science", "unclear")]
    chart = beyond.new_phrases([*rows, phrase("GPS", "new")], NL, ABOUT, id="p")
    assert "‘computer science’ en ‘GPS’" in chart.title and NL("new_phrases.languages", n="2") in chart.finding
    named = [value["name"] for value in chart.spec["data"]["values"]]
    assert named == ["computer science (en)", "computer science (nl)", "GPS (nl)"]
