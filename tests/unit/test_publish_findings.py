"""Each finding is said when, and only when, its condition holds; the main ones are chosen by the written rules."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from overstap.pipeline import Study
from overstap.publish.caution import Caution
from overstap.publish.findings import MAIN, QUESTIONS, THEMES, Estimate, Finding, Standing, main_findings, side_of
from overstap.publish.findings_ahead import AheadFindings
from overstap.publish.findings_demand import DIGITAL, DemandFindings, change_state
from overstap.publish.labels import LANGUAGES, Lang, Translator, catalogue
from overstap.publish.recommendations import NUMBERS, RecommendationsChapter
from overstap.publish.spark import spark, whisker
from overstap.publish.summary import SummaryChapter

CHANGE: dict[str, Any] = {
    "topsector": "all", "function_group": "all", "language": "all", "source_id": "all", "item_kind": "category_group",
    "item_id": "digital", "first_period": "2012", "last_period": "2017", "first_n": 250, "last_n": 300,
    "first_base_n": 1000, "last_base_n": 1000, "ratio": 1.2, "ratio_low": 1.1, "ratio_high": 1.3, "shrunk_ratio": 1.15,
    "listed_low": 1.05, "listed_high": 1.35, "difference_pp": 5.0, "difference_low": 2.1, "difference_high": 7.9,
    "growth_factor": 1.5, "growth_low": 0.5, "growth_high": 3.2, "direction": "rising", "is_displayed": True,
}  # fmt: skip
FALL = {"direction": "falling", "difference_pp": -5.0, "difference_low": -7.9, "difference_high": -2.1, "last_n": 200}
NEAR = {"direction": "unclear", "difference_pp": 0.3, "difference_low": -1.2, "difference_high": 1.8}
CHANGES = {
    "rising": ({}, "firm"),
    "falling": (FALL, "firm"),
    "flat": (NEAR, "firm"),
    "unclear": ({**NEAR, "difference_high": 2.4}, "open"),
    "hint": ({"direction": "unclear"}, "open"),
    "too_few": ({"is_displayed": False}, "unknown"),
    "unknown": ({"first_base_n": 0}, "unknown"),
}
TOLD = {
    "nl": {"rising": "steeg van", "falling": "daalde van", "flat": "vrijwel gelijk", "unclear": "onduidelijk"},
    "en": {"rising": "rose from", "falling": "fell from", "flat": "stayed about the same", "unclear": "unclear"},
}


@pytest.mark.parametrize("state", CHANGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_said_only_as_it_is(finished_study: Study, state: str, language: Lang) -> None:
    changed, standing = CHANGES[state]
    row = CHANGE | changed
    assert change_state(row) == state
    t = Translator.for_study(finished_study, language)
    ads = DemandFindings(finished_study, t)
    ads.__dict__["caution"] = Caution()
    ads._cells[("out_change", "all")] = pa.Table.from_pylist([row])
    found = ads.change("digital", DIGITAL)
    assert found is not None and (found.state, found.standing) == (state, standing)
    for other, words in TOLD[language].items():
        assert (words in found.text) is (other == state)
    assert (found.number in ("onbekend", "unknown")) is (standing == "unknown")
    assert ("n\u00a0=\u00a0" in found.caption) is (standing != "unknown")


def test_of_ads_that_were_selected_no_change_stands_firm(finished_study: Study) -> None:
    t = Translator.for_study(finished_study, "en")
    ads = DemandFindings(finished_study, t)
    ads._cells[("out_change", "all")] = pa.Table.from_pylist([CHANGE])
    ads.__dict__["caution"] = Caution(empty=3)
    careful = ads.change("digital", DIGITAL)
    assert careful is not None and careful.standing == "open" and careful.text.endswith(t("caution.years"))
    ads.__dict__["caution"] = Caution(apart=("2012", "2017"))
    apart = ads.change("digital", DIGITAL)
    assert apart is not None and (apart.state, apart.standing) == ("apart", "unknown") and "rose" not in apart.text
    assert ads.mover("rising") is None and ads.within() is None


def test_a_cell_without_a_row_is_no_finding(finished_study: Study) -> None:
    ads = DemandFindings(finished_study, Translator.for_study(finished_study, "nl"))
    ads._cells[("out_change", "all")] = pa.Table.from_pylist([CHANGE]).slice(0, 0)
    assert ads.change("digital", DIGITAL) is None


@pytest.mark.parametrize(
    ("direction", "changed", "state"),
    [("rising", {}, "rising"), ("rising", FALL, "none"), ("falling", {}, "none"),
     ("falling", {**FALL, "ratio": 0.8, "shrunk_ratio": 0.8}, "falling"), ("rising", {"is_displayed": False}, "unknown")],
)  # fmt: skip
def test_the_skill_that_moved_most(finished_study: Study, direction: str, changed: dict[str, Any], state: str) -> None:
    ads = DemandFindings(finished_study, Translator.for_study(finished_study, "en"))
    ads.__dict__["caution"] = Caution()
    row = CHANGE | {"item_kind": "skill", "item_id": "core.python"} | changed
    ads._cells[("out_change", "all")] = pa.Table.from_pylist([row])
    found = ads.mover(direction)
    assert found is not None and found.state == state
    assert ("Python" in found.text) is (state in ("rising", "falling"))


OUTLOOK = {"level": "brc", "code": "0811", "region": "all", "balance": None, "balance_low": None, "balance_high": None,
           "growth_pct": 2.0, "growth_low": -3.0, "growth_high": 7.0}  # fmt: skip
SHORTAGES = {
    "short": {"balance": -1000.0, "balance_low": -1500.0, "balance_high": -200.0},
    "none": {"balance": -100.0, "balance_low": -600.0, "balance_high": 400.0},
    "unknown": {"balance_low": -600.0},
}
GROWTH = {
    "rising": [{"growth_pct": 9.0, "growth_low": 3.0, "growth_high": 15.0}],
    "falling": [{"growth_pct": -9.0, "growth_low": -15.0, "growth_high": -3.0}],
    "both": [{"growth_low": 1.0}, {"code": "0111", "growth_pct": -9.0, "growth_high": -3.0, "growth_low": -15.0}],
    "unclear": [{}],
    "unknown": [{"growth_low": None, "growth_high": None}],
}
PLACED = {"who": "net_decline", "pay": "same", "first_year": 2025, "last_year": 2030, "leavers": 50000.0}
PLACES = {
    "most": {"placed_pct": 60.0, "placed_high_pct": 70.0},
    "few": {"placed_pct": 20.0, "placed_high_pct": 40.0},
    "open": {"placed_pct": 40.0, "placed_high_pct": 70.0},
    "nobody": {"leavers": 0, "placed_pct": 0.0, "placed_high_pct": 0.0},
    "unknown": {"placed_pct": None, "placed_high_pct": None},
}
DROPPED = {"sector": "all", "split": "all", "value": "all", "state": "dropout", "after": 5, "students": 500.0}
WHOLE = DROPPED | {"isced_f": "all", "chance_pct": 25.0, "chance_low": 23.0, "chance_high": 27.0}
DROPOUTS: dict[str, list[dict[str, Any]]] = {
    "higher": [WHOLE, DROPPED | {"isced_f": "0613", "chance_pct": 31.0, "chance_low": 28.0, "chance_high": 34.0}],
    "lower": [WHOLE, DROPPED | {"isced_f": "0613", "chance_pct": 20.0, "chance_low": 18.0, "chance_high": 22.0}],
    "close": [WHOLE, DROPPED | {"isced_f": "0613", "chance_pct": 26.0, "chance_low": 22.0, "chance_high": 30.0}],
    "alone": [WHOLE],
    "unknown": [],
}
LACKS = {"most": (60.0, 55.0, 65.0), "few": (30.0, 25.0, 35.0), "open": (51.0, 45.0, 57.0), "unknown": None}
FITS = {"agree": (0.5, 0.2, 0.8), "against": (-0.5, -0.8, -0.2), "open": (0.1, -0.4, 0.6), "unknown": None}
GAPS = {"short": (2.0, 1.0, 3.0), "surplus": (-2.0, -3.0, -1.0), "unclear": (0.5, -0.5, 1.5), "unknown": None}


def beside(study: Study, language: Lang, tables: dict[str, list[dict[str, Any]]]) -> AheadFindings:
    """Candidates from these rows alone."""
    found = AheadFindings(study, Translator.for_study(study, language))
    found._rows = lambda table: tables.get(table, [])  # type: ignore[method-assign]
    found._ahead.__dict__["whole"] = tables.get("out_outlook_window", [])
    return found


def said(finding: Finding, state: str, others: set[str]) -> None:
    """That a finding has the state, stands unknown only where it is, and says nothing that another state would."""
    assert finding.state == state
    assert (finding.standing == "unknown") is (state == "unknown")
    assert finding.text not in others and "{" not in finding.text
    others.add(finding.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_beside_the_ads_has_a_condition_of_its_own(finished_study: Study, language: Lang) -> None:
    texts: set[str] = set()
    for state, row in SHORTAGES.items():
        said(beside(finished_study, language, {"out_outlook_window": [OUTLOOK | row]}).shortage(), state, texts)
    for state, rows in GROWTH.items():
        window = [OUTLOOK | row for row in rows]
        said(beside(finished_study, language, {"out_outlook_window": window}).growth(), state, texts)
    for state, row in PLACES.items():
        said(beside(finished_study, language, {"out_placement": [PLACED | row]}).placement(), state, texts)
    for state, rows in DROPOUTS.items():
        said(beside(finished_study, language, {"out_education_success": rows}).dropout(), state, texts)
    for state, part in LACKS.items():
        row = {"part": "digital", "verdict": "missing", "programme": "HBO-ICT", "vacancies_n": 100, "first_year": None}
        row |= dict(zip(("part_pct", "part_low", "part_high"), part or (None,) * 3, strict=True))
        said(beside(finished_study, language, {"out_curriculum_parts": [row]}).curriculum(), state, texts)
    for state, tau in FITS.items():
        key = {"session": "own", "list": "technologies", "moment": "after", "round": 1}
        row = key | {"against": "growth", "items_n": 9}
        row |= dict(zip(("tau_b", "tau_b_low", "tau_b_high"), tau or (None,) * 3, strict=True))
        tables = {"out_panel_fit": [row], "out_panel_ranking": [key | {"basis": "panel"}]}
        said(beside(finished_study, language, tables).fit(), state, texts)
    for state, gap in GAPS.items():
        row = {"basis": "panel", "function_group": "ict", "item": "python", "gap": gap and gap[0], "raters_n": 9,
               "importance": 4.0, "mastery": 3.0}  # fmt: skip
        row |= dict(zip(("difference", "difference_low", "difference_high"), gap or (None,) * 3, strict=True))
        said(beside(finished_study, language, {"out_panel_gap": [row]}).gap(), state, texts)


def test_a_side_is_taken_only_where_the_interval_does() -> None:
    sides = [side_of(Estimate(*e), 2.0) for e in ((3, 1, 5), (-3, -5, -1), (0, -1, 1), (0, -3, 3), (1, None, 2))]
    assert sides == ["above", "below", "flat", "unclear", "unknown"]
    assert side_of(Estimate(0, -1, 1)) == "unclear"  # flat needs a threshold


def made(id: str, theme: str, standing: Standing, low: float | None = 1.0) -> Finding:
    return Finding(id, theme, standing, standing, id, estimate=Estimate(2.0, low, 3.0))


def test_the_main_findings_are_firm_first_one_a_theme_and_never_unknown() -> None:
    candidates = [
        made("digital", "demand", "open"), made("soft", "demand", "firm"), made("within", "demand", "firm"),
        made("riser", "skills", "firm"), made("growth", "outlook", "open", None), made("placement", "moves", "open"),
        made("dropout", "education", "unknown"), made("fit", "experts", "firm"),
    ]  # fmt: skip
    main, others = main_findings(candidates)
    assert [one.id for one in main] == ["soft", "riser", "growth", "placement", "fit"]
    assert others[0].id == "within" and others[-1].id == "dropout"
    assert [one.id for one in main_findings(candidates, 4)[0]] == ["soft", "riser", "placement", "fit"]
    assert [one.id for one in main_findings(candidates[:3])[0]] == ["digital", "soft", "within"]
    assert main_findings(candidates[6:7]) == ([], candidates[6:7])


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_of_a_study_are_whole_and_say_that_they_are_simulated(finished_study: Study, language: Lang) -> None:
    t = Translator.for_study(finished_study, language)
    summary = SummaryChapter(finished_study, t)
    every = [*summary.main, *summary.others, *summary.unknown]
    assert 0 < len(summary.main) <= MAIN and {one.id for one in every} <= set(QUESTIONS)
    for one in every:
        assert one.text and one.theme in THEMES and "{" not in one.text + one.caption
        if one.standing != "unknown":
            assert one.caption.count("n\u00a0=\u00a0") == 1
            from_ads = one.theme in ("demand", "skills")
            assert one.caption.startswith(t("chart.simulated")) or not from_ads
    sector = SummaryChapter(finished_study, t, "htsm")
    assert {one.theme for one in sector.main} <= {"demand", "skills", "education"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_recommendation_has_its_evidence_or_says_that_there_is_none(
    finished_study: Study, language: Lang
) -> None:
    found = RecommendationsChapter(finished_study, Translator.for_study(finished_study, language)).all
    assert tuple(one.number for one in found) == NUMBERS
    assert not found[6].evidence and not found[7].evidence  # the system of education and its government
    for one in found:
        assert one.title and one.who and one.silent
        assert {*one.known, *one.missing} == set(one.evidence)
        assert all(line.standing == "unknown" for line in one.missing)


def test_a_drawing_shows_no_value_that_is_only_a_bound() -> None:
    assert whisker(Estimate(None, 1, 2)) == ""
    assert "<circle" in whisker(Estimate(2, 1, 3), "nul") and "nul" in whisker(Estimate(2, 1, 3), "nul")
    assert "<circle" not in whisker(Estimate(40, 40, 65, 50))
    assert "&lt;b" in whisker(Estimate(2, 1, 3), "<b")
    broken = Finding("digital", "demand", "rising", "firm", "", points=(("2012", 1.0), ("2013", None), ("2014", 2.0)))
    assert "<polyline" not in spark(broken)  # nothing is drawn over a year that is not known


def test_both_catalogues_have_the_same_states() -> None:
    mine = [
        {k for k in catalogue(lang) if k.startswith(("findings.", "compare.", "recommendations."))}
        for lang in LANGUAGES
    ]
    assert mine[0] == mine[1]


def test_a_bound_on_nought_or_on_the_other_interval_settles_nothing(finished_study: Study) -> None:
    def of(table: str, *rows: dict[str, Any]) -> AheadFindings:
        return beside(finished_study, "en", {table: list(rows)})

    for touching in ({"growth_low": 0.0}, {"growth_low": -9.0, "growth_high": 0.0}):
        assert of("out_outlook_window", OUTLOOK | touching).growth().state == "unclear"
    short = SHORTAGES["short"] | {"balance_high": 0.0}
    assert of("out_outlook_window", OUTLOOK | short).shortage().state == "none"
    for low, high in ((28.0, 40.0), (10.0, 23.0)):
        one = DROPPED | {"isced_f": "0613", "chance_pct": 25.0, "chance_low": low, "chance_high": high}
        whole = WHOLE | {"chance_low": 23.0, "chance_high": 28.0}
        assert of("out_education_success", whole, one).dropout().state == "close"
    for low, high in ((50.0, 70.0), (20.0, 50.0)):
        assert of("out_placement", PLACED | {"placed_pct": low, "placed_high_pct": high}).placement().state == "open"


@pytest.mark.parametrize("sign", [1, -1])
def test_of_several_sure_groups_the_surest_is_named_with_its_own_interval(finished_study: Study, sign: int) -> None:
    """By the bound nearest nought, in whatever order rows come; a larger estimate that is less sure comes after."""

    def row(code: str, near: float, middle: float, far: float) -> dict[str, Any]:
        low, high = sorted((sign * near, sign * far))
        return OUTLOOK | {"code": code, "growth_low": low, "growth_high": high, "growth_pct": sign * middle}

    rows = [row("0811", 1.0, 30.0, 60.0), row("0111", 4.0, 6.0, 9.0), row("0121", 2.0, 8.0, 90.0)]
    for window in (rows, rows[::-1]):
        found = beside(finished_study, "en", {"out_outlook_window": window}).growth()
        name = found_name(finished_study, "0111")
        low, high = ("+4", "+9") if sign > 0 else ("\u22129", "\u22124")
        assert f"‘{name}’" in found.text and f"{low} to {high}" in found.text and "3 of 3" in found.text


def found_name(study: Study, code: str) -> str:
    return Translator.for_study(study, "en").named("brc", code)
