"""What is said of the years ahead: nothing beyond what is known, in both languages."""

from __future__ import annotations

import pytest

from overstap.outlook.levers import levers
from overstap.pipeline import Study
from overstap.publish.ahead import AheadChapter
from overstap.publish.labels import Lang, Translator
from overstap.publish.scenarios import ScenarioChapter
from overstap.publish.tables import cell


@pytest.fixture(params=["nl", "en"])
def chapter(finished_study: Study, request: pytest.FixtureRequest) -> AheadChapter:
    language: Lang = request.param
    return AheadChapter(finished_study, Translator.for_study(finished_study, language))


@pytest.fixture
def scenarios(finished_study: Study, chapter: AheadChapter) -> ScenarioChapter:
    return ScenarioChapter(finished_study, chapter.t)


def _states(chapter: AheadChapter) -> list[str]:
    return [sentence.state for sentence in chapter.said()]


def test_without_inflow_no_shortage_is_told(chapter: AheadChapter) -> None:
    beyond = any(row["growth_low"] > 0 or row["growth_high"] < 0 for row in chapter.whole if row["level"] == "brc")
    assert _states(chapter) == ["openings", "sure" if beyond else "unsure", "two_totals", "no_inflow"]
    assert all(row["balance"] is None for _, row in chapter.occupations())


@pytest.mark.parametrize(("high", "state"), [(-10.0, "short"), (10.0, "none_short")])
def test_a_shortage_is_told_only_beyond_doubt(chapter: AheadChapter, high: float, state: str) -> None:
    row = {"balance": -50.0, "balance_low": -90.0, "balance_high": high, "growth_low": 0.1}
    changed = [one | row if one["code"] == "0811" else one for one in chapter.whole]
    chapter.__dict__["whole"] = changed
    assert _states(chapter) == ["openings", "sure", "two_totals", state]


def test_charts_show_their_rows_with_source_period_and_interval(
    chapter: AheadChapter, scenarios: ScenarioChapter
) -> None:
    for chart in (chapter.growth_chart(), scenarios.chart(), *scenarios.tornadoes()):
        assert "2025–2035" in chart.caption and "Cedefop" in chart.caption and "80" in chart.caption
        assert len(chart.spec["data"]["values"]) == len(chart.rows) > 0
        assert all(set(chart.columns) <= row.keys() for row in chart.rows)
    assert {row["scenario"] for row in scenarios.chart().rows} == {"automation", "platform_work", "retraining"}


def test_every_lever_and_unit_has_words(chapter: AheadChapter) -> None:
    for lever in levers().values():
        assert chapter.t(f"ahead.lever.{lever.name}") and chapter.t(f"ahead.unit.{lever.unit.replace(' ', '_')}")


def test_scenarios_say_their_sizes_and_sources(scenarios: ScenarioChapter) -> None:
    lines = {title: said for title, _, said in scenarios.listed()}
    platform = next(lines_[0] for title, lines_ in lines.items() if "latform" in title)
    assert "ING" in platform and platform.count("000") >= 2
    retraining = [line for lines_ in lines.values() for line in lines_ if "50 %" in line]
    assert retraining


def test_the_netherlands_stands_among_countries_and_ages_come_from_the_table(chapter: AheadChapter) -> None:
    (name, share, growth), *_ = chapter.abroad()
    assert "ICT" in name and share["rank"] == 3 and growth is not None and "2021" in growth["breaks"]
    (row,) = chapter.ages()
    assert (row["sector"], row["year"]) == ("Example", 2035)


def test_tables_show_no_code_of_levers_units_outcomes_or_basis(
    chapter: AheadChapter, scenarios: ScenarioChapter
) -> None:
    t = chapter.t
    for chart in (chapter.growth_chart(), scenarios.chart(), scenarios.lever_chart()):
        for row in chart.rows:
            for name in {"lever", "unit", "scenario", "outcome", "employed_basis", "outflow_basis"} & set(
                chart.columns
            ):
                shown = cell(t, row, name)
                assert shown not in (row[name], row[name].replace("_", " ")) or t.language == "en", (name, shown)
    (unit,) = {cell(t, row, "unit") for row in scenarios.lever_chart().rows if row["unit"] == "share"}
    assert unit in ("aandeel (0–1)", "share (0–1)")  # the numbers beside it are no per cent
