"""Countries, quality and definitions: what is unknown is said, what was set is shown as it was run."""

from __future__ import annotations

import pytest

from overstap.pipeline import Study
from overstap.publish.accuracy import SHIPPED, AccuracyChapter
from overstap.publish.countries import CountriesChapter
from overstap.publish.definitions import THRESHOLDS, Definitions
from overstap.publish.labels import Translator
from overstap.publish.quality import QualityChapter
from tests.unit.test_publish_education import Changed


def test_the_place_of_the_netherlands_is_that_of_the_table(finished_study: Study) -> None:
    chapter = CountriesChapter(finished_study, Translator.for_study(finished_study, "en"))
    rows = finished_study.table("out_countries").to_pylist()
    own = next(
        row
        for row in rows
        if (row["country"], row["item"], row["measure"], row["period"]) == ("NL", "ict", "share", "2022")
    )
    said = chapter.said()
    assert said[0].state == "known" and f"{own['rank']} of {own['countries_n']}" in said[0].text
    assert len(chapter.table()) == len(chapter.chart().rows) == own["countries_n"] + 1  # and the union
    assert [row[0] for row in chapter.table()].count("The Netherlands") + [row[0] for row in chapter.table()].count(
        "Netherlands"
    ) == 1


def test_an_item_without_figures_is_unknown_and_has_no_chart(finished_study: Study) -> None:
    chapter = CountriesChapter(finished_study, Translator.for_study(finished_study, "nl"), "not there")
    assert [sentence.state for sentence in chapter.said()] == ["unknown"]
    assert chapter.chart().rows == ()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_thresholds_are_those_of_the_study_and_tell_what_is_its_own_choice(
    finished_study: Study, language: str
) -> None:
    t = Translator.for_study(finished_study, language)  # type: ignore[arg-type]
    spec = finished_study.spec
    other = spec.model_copy(update={"measures": spec.measures.model_copy(update={"min_n": 77})})
    rows = {row[2]: row for row in Definitions(Study(finished_study.path, other, finished_study.store), t).thresholds()}
    assert set(rows) == set(THRESHOLDS)
    assert rows["measures.min_n"][1] == "77" and not rows["measures.min_n"][3]
    assert rows["panel.consensus"][3]


def test_settings_without_a_value_are_said_to_be_none(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "en")
    found = dict(Definitions(finished_study, t).settings())
    assert found["audit"] == "not given" and found["measures.confidence"] == "0.95"


def test_accuracy_that_ships_is_shown_with_interval_and_n(finished_study: Study) -> None:
    chapter = AccuracyChapter(finished_study, Translator.for_study(finished_study, "en"))
    assert len(chapter.shipped()) == len(SHIPPED)
    assert all(int(one.n.replace(",", "")) > 0 and "–" in one.interval for one in chapter.shipped())
    assert chapter.audited()[0].state == "none"


def test_an_audit_is_told_where_there_is_one(finished_study: Study) -> None:
    row = {"item_kind": "skill", "item_id": "core.python", "function_group": "all", "period": "all", "ads_n": 60}
    row |= {"coded_n": 20, "asked_n": 25, "right_n": 18, "precision_pct": 90.0, "precision_low": 70.0}
    row |= {"precision_high": 97.0}
    t = Translator.for_study(finished_study, "en")
    said, pairs = AccuracyChapter(Changed(finished_study, "out_audit", [row]), t).audited()  # type: ignore[arg-type]
    assert said.state == "some" and "60 ads" in said.text
    (right, found) = pairs[0]
    assert (right.value, right.interval, right.n) == ("90\u00a0%", "70–97\u00a0%", "20")
    assert (found.value, found.interval) == ("unknown", "unknown")


def test_what_is_not_coded_and_what_is_coded_add_up(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "en")
    rows = finished_study.table("out_quality").to_pylist()
    base = sum(row["base_n"] for row in rows if row["measure"] == "titles_coded")
    coded = sum(row["value_n"] for row in rows if row["measure"] == "titles_coded")
    shown = {name: n for name, n, _ in QualityChapter(finished_study, t).not_coded()}
    assert shown["occupation"] == t.number(base - coded)
