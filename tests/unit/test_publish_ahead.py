"""What is said of the years ahead: nothing beyond what is known, in both languages."""

from __future__ import annotations

import pytest

from overstap.outlook.levers import levers
from overstap.pipeline import Study
from overstap.publish.ahead import AheadChapter
from overstap.publish.labels import Lang, Translator
from overstap.publish.rounding import borne, step_of
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


def test_without_all_graduates_no_shortage_is_told(chapter: AheadChapter) -> None:
    """The fixture's schools teach some fields at some levels: a least is known of some groups, a most of none."""
    beyond = any(row["growth_low"] > 0 or row["growth_high"] < 0 for row in chapter.whole if row["level"] == "brc")
    told = ["openings", "sure" if beyond else "unsure", "two_totals"]
    assert _states(chapter) == [*told, "partly"]
    shown = {row["code"]: chapter.balance(row) for _, row in chapter.occupations()}
    assert all(row["balance"] is None for _, row in chapter.occupations())
    assert chapter.t("unit.unknown") in shown.values()
    none = [row | {"balance_low": None, "inflow_low": None} for row in chapter.whole]
    chapter.__dict__["whole"] = none
    assert _states(chapter) == [*told, "no_inflow"]


@pytest.mark.parametrize(("high", "state"), [(-10.0, "short"), (10.0, "none_short")])
def test_a_shortage_is_told_only_beyond_doubt(chapter: AheadChapter, high: float, state: str) -> None:
    row = {"balance": -50.0, "balance_low": -90.0, "balance_high": high, "growth_low": 0.1}
    changed = [one | row if one["code"] == "0811" else one for one in chapter.whole]
    chapter.__dict__["whole"] = changed
    assert _states(chapter) == ["openings", "sure", "two_totals", state, "partly"]
    assert chapter.balance(row) in (f"−50 ({chapter.t.signed_interval(-90, high, 0)})", "−50")
    least = chapter.balance(row | {"balance": None, "balance_high": None})
    assert least == chapter.t("ahead.shortage_at_most", value="90")


def test_a_region_shows_the_studys_own_figures_there_and_claims_nothing_of_the_country(
    finished_study: Study, chapter: AheadChapter
) -> None:
    own = [row | {"region": "Zeeland"} for row in chapter.whole if row["code"] in ("0811", "2512")]
    there = AheadChapter(finished_study, chapter.t, "Zeeland")
    there.__dict__["_everywhere"] = [*chapter.whole, *own]
    assert there.regions == ["Zeeland"] and {row["region"] for row in there.whole} == {"Zeeland"}
    assert _states(there)[0] == "region" and "Zeeland" in there.said()[0].text
    assert {row["code"] for _, row in there.occupations()} == {"0811", "2512"}
    assert len(there.growth_chart().rows) == 2


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
    cited = {"nl": "aangehaald in de studie van 2019", "en": "as the study of 2019 cites it"}
    assert cited[scenarios.t.language] in platform
    retraining = [line for lines_ in lines.values() for line in lines_ if "50 %" in line]
    assert retraining


def test_totals_stand_side_by_side_and_unknown_is_no_nought(scenarios: ScenarioChapter) -> None:
    t = scenarios.t
    sides = {side.label: side for side in scenarios.sides()}
    assert all(len(side.under) == 3 for side in sides.values())
    short = next(side for label, side in sides.items() if label.lower().startswith(t("ahead.outcome.shortage")))
    assert short.base == t("unit.unknown") and set(short.under) == {(t("unit.unknown"),) * 2}
    jobs = next(iter(sides.values()))
    assert jobs.under[0][1].startswith("−") and "–" in jobs.base  # automation takes jobs; the base has its interval
    states = [sentence.state for sentence in scenarios.said()]
    assert states == ["same", "other_years", "path", "no_inflow"]
    assert "2025–2030" in scenarios.said()[1].text and "2025–2035" in scenarios.said()[1].text


def test_topsectors_are_shown_where_they_are_known_and_only_there(scenarios: ScenarioChapter) -> None:
    assert all(part != scenarios.t.percent(0, 0) for _, part, _ in scenarios.by_topsector())
    known = {
        (scenario, "htsm", outcome): row | {"topsector": "htsm", "known_pct": 40.0}
        for (scenario, topsector, outcome), row in scenarios._rows.items()
        if topsector == "all"
    }
    unknown = {
        (scenario, "chemie", outcome): row | {"topsector": "chemie", "value": None}
        for (scenario, _, outcome), row in known.items()
    }
    whole = {key: row for key, row in scenarios._rows.items() if key[1] == "all"}
    scenarios.__dict__["_rows"] = {**whole, **known, **unknown}
    ((name, part, sides),) = scenarios.by_topsector()
    assert "HTSM" in name and part.startswith("40")
    assert len(sides) == 2 and all(len(side.under) == 3 and side.base for side in sides)


def test_every_scenario_with_ranges_has_its_own_tornado(scenarios: ScenarioChapter) -> None:
    charts = scenarios.tornadoes()
    assert [chart.id for chart in charts][-1] == "ahead-levers" and len(charts) > 1
    for chart in charts:
        reach = [abs(row["value_high"] - row["value_low"]) for row in chart.rows]
        assert reach == sorted(reach, reverse=True)


def test_a_number_has_the_digits_that_its_interval_bears() -> None:
    row = {"openings": 220_339.4, "openings_low": 31_987.2, "openings_high": 432_477.0, "growth_pct": 21.77}
    row |= {"growth_low": -23.8, "growth_high": 68.5}
    shown = borne(row, "openings", "growth_pct")
    assert (shown["openings"], shown["openings_low"], shown["growth_pct"]) == (220_000, 30_000, 22)
    assert step_of(381_234.0, None, None) == 1_000 and step_of(None, None, None) == 1
    assert step_of(5.0, 5.0, 5.0) == 0.01  # no width: the value's own digits


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
