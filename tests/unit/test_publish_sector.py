"""One topsector in the order of the study: every sentence has a truth condition, and the conclusion adds nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import render_sector_report, write_sector_reports
from overstap.publish.report_data import topsectors_of
from overstap.publish.sector import ORDER, Part, SectorChapter
from overstap.publish.sector_figures import employers_sentence, jobs_sentence
from overstap.publish.words import Sentence
from overstap.study_outlook import OutlookSettings

T = Translator("en")


def chapter(study: Study, code: str = "energie", language: Lang = "en") -> SectorChapter:
    return SectorChapter(study, Translator.for_study(study, language), code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_stand_in_the_order_of_the_study_and_carry_what_a_chart_needs(
    finished_study: Study, language: Lang
) -> None:
    parts = chapter(finished_study, language=language).parts
    assert [part.key for part in parts] == list(ORDER)
    for part in parts:
        assert part.said and "{" not in part.said[0].text
        assert (part.chart is None) if not part.is_known else True
        if part.chart is not None:
            assert part.chart.rows and part.chart.caption and part.chart.title


def test_the_conclusion_repeats_findings_word_for_word_and_names_what_is_open_or_missing(finished_study: Study) -> None:
    made = chapter(finished_study)
    made.__dict__["parts"] = [
        Part("technologies", (Sentence("It leads.", "clear"), Sentence("More.", "known"))),
        Part("employment", (Sentence("It may grow.", "unclear"),)),
        Part("education", (Sentence("Nothing known.", "none"),), is_known=False),
    ]
    told = made.conclusion()
    assert told[0] == ("Technologies", Sentence("It leads.", "clear"))
    assert [sentence.state for _, sentence in told] == ["clear", "open", "missing"]
    assert "employment" in told[1][1].text and "It may grow" not in " ".join(one.text for _, one in told)
    assert "education" in told[2][1].text and "employment" not in told[2][1].text
    made.__dict__["parts"] = made.__dict__["parts"][:1]
    assert [sentence.state for _, sentence in made.conclusion()] == ["clear"]


def test_a_topsector_without_data_says_so_in_every_part_and_how_to_bring_it(finished_study: Study) -> None:
    parts = chapter(finished_study, "water").parts
    assert not any(part.is_known for part in parts)
    assert {part.said[0].state for part in parts} == {"none"}
    shown = chapter(finished_study, "water")
    assert [sentence.state for _, sentence in shown.conclusion()] == ["missing"]


def _year(period: str, employers: int) -> dict[str, Any]:
    return {"period": period, "topsector": "energie", "employers_n": employers, "vacancies_n": 90, "ads_n": 95}


@pytest.mark.parametrize(
    ("counts", "selected", "state"),
    [((5, 9), False, "more"), ((9, 5), False, "fewer"), ((5, 5), False, "same"), ((5,), False, "one"),
     ((5, 9), True, "selected")],
)  # fmt: skip
def test_employers_are_called_more_or_fewer_only_where_they_are(
    counts: tuple[int, ...], selected: bool, state: str
) -> None:
    rows = [_year(str(2012 + i), n) for i, n in enumerate(counts)]
    said = employers_sentence(T, rows, selected)
    assert said.state == state
    assert (", more than" in said.text) == (state == "more")
    assert (", fewer than" in said.text) == (state == "fewer")


@pytest.mark.parametrize(
    ("low", "high", "state", "shown"),
    [(2_000.0, 8_000.0, "grows", "2,000 to 8,000"), (-8_000.0, -2_000.0, "shrinks", "2,000 to 8,000"),
     (-2_000.0, 8_000.0, "unclear", "−2,000 to +8,000"), (0.0, 8_000.0, "unclear", "0 to +8,000")],
)  # fmt: skip
def test_jobs_grow_or_shrink_only_where_the_whole_interval_does(
    low: float, high: float, state: str, shown: str
) -> None:
    row = {"topsector": "energie", "value": (low + high) / 2, "value_low": low, "value_high": high, "known_pct": 70.0}
    said = jobs_sentence(T, row, OutlookSettings())
    assert said.state == state
    assert shown in said.text and "70" in said.text


def test_a_report_of_one_topsector_follows_the_same_order_and_loads_nothing(finished_study: Study) -> None:
    page = render_sector_report(finished_study, "nl", "energie")
    found = re.findall(r'<section id="([a-z_]+)"', page)
    assert found[: len(ORDER) + 2] == ["summary", *ORDER, "conclusion"]
    assert {"accuracy", "literature"} <= set(found)
    summary = page[page.index('<section id="summary"') : page.index('<section id="technologies"')]
    assert "in Energie" in summary and summary.count('class="finding"') > 1
    for place in re.findall(r'href="#([a-z_-]+)"', summary):
        assert f'<section id="{place}"' in page or place == "summary"
    assert "Topsector Energie" in page and "default-src &#39;none&#39;" in page
    for part in chapter(finished_study, language="nl").parts:
        shown = part.chart.title if part.chart else part.said[0].text
        assert shown.split(":")[0] in page


def test_an_unknown_topsector_is_answered_with_the_nearest(finished_study: Study) -> None:
    assert "energie" in topsectors_of(finished_study)
    with pytest.raises(InputError, match="energi'"):
        write_sector_reports(finished_study, ["energi"])
