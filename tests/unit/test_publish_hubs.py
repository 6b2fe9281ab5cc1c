"""What is said of one skill, one occupation and two editions: each state appears when it is true, and else does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from overstap.publish.charts import About
from overstap.publish.editions import EditionsChapter
from overstap.publish.hubs import concentration, moves_sentence, taught, together_sentence
from overstap.publish.labels import LANGUAGES, Translator
from overstap.publish.report import make_environment


@pytest.fixture(params=LANGUAGES)
def t(request: pytest.FixtureRequest) -> Translator:
    return Translator(request.param, {("skill", "core.python"): "Python", ("skill", "core.sql"): "SQL"})


def pair(**changes: Any) -> dict[str, Any]:
    row = {"other_id": "core.sql", "lift": 3.0, "lift_low": 2.0, "lift_high": 4.0, "vacancies_n": 233}
    return row | {"is_reliable": True} | changes


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "few"),
        ([pair(lift_low=0.9)], "none"),
        ([pair(is_reliable=False)], "none"),
        ([pair(lift_low=None)], "none"),
        ([pair()], "some"),
    ],
)
def test_others_are_asked_more_often_only_where_the_interval_says_so(
    t: Translator, rows: list[dict[str, Any]], state: str
) -> None:
    said = together_sentence(t, rows, "Python", 20)
    assert said.state == state
    assert ("SQL" in said.text) is (state == "some")


def test_concentration_is_that_of_equal_employers(t: Translator) -> None:
    row = {"asked_n": 40}
    assert "4" in concentration(t, row, {"asked_n": 40, "sum_xx": 400.0}, "Python").text  # four with ten each
    assert concentration(t, row, None, "Python").state == "unknown"


def test_nobody_found_to_teach_a_skill_is_no_claim_that_nobody_does(t: Translator) -> None:
    missing = {"file": "a.txt", "verdict": "missing"}
    assert taught(t, [missing], (), ()).state == "none"
    assert taught(t, [missing, missing | {"verdict": "covered"}], (), ()).state == "some"
    assert taught(t, [], (), [{"initiative_id": "x"}]).state == "some"
    assert taught(t, [], (), ()).state == "unknown"


def test_moves_are_counted_by_what_they_pass(t: Translator) -> None:
    near = {"is_feasible": False, "is_desirable": False}
    feasible = near | {"is_feasible": True}
    assert moves_sentence(t, [], "x").state == "none"
    assert moves_sentence(t, [near], "x").state == "near"
    assert moves_sentence(t, [near, feasible], "x").state == "feasible"
    assert moves_sentence(t, [feasible | {"is_desirable": True}], "x").state == "some"


def share(coding: float | None, data: float | None, year: str = "2016") -> dict[str, Any]:
    difference = (coding or 0.0) + (data or 0.0) if coding is not None else 2.0
    row = {"item_kind": "skill", "item_id": "core.python", "year": year, "old_pct": 10.0, "new_pct": 10.0 + difference}
    row |= {"difference_pct": difference, "by_coding_pct": coding, "by_vacancies_pct": data}
    return row | {f"{of}_{end}": 10.0 for of in ("old", "new") for end in ("low", "high")} | {"new_n": 90}


YEARS = [
    {"year": "2016", "old_n": 100, "new_n": 90, "both_n": 80},
    {"year": "2017", "old_n": 0, "new_n": 50, "both_n": 0},
]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([share(0.0, 0.0)], "same"),
        ([share(1.0, 0.0)], "coding"),
        ([share(0.0, -1.0)], "data"),
        ([share(1.0, 0.0), share(0.0, 1.0)], "both"),
    ],
)
def test_the_reason_of_a_difference_is_told_apart(t: Translator, rows: list[dict[str, Any]], state: str) -> None:
    found = EditionsChapter(rows, YEARS, [{"fact": "study"}], t)
    assert [said.state for said in found.said()] == [state, "vacancies", "news"]
    assert found.counts == {"old": 100, "new": 90, "both": 80}


def test_without_shared_vacancies_no_reason_is_given(t: Translator) -> None:
    years = [{"year": "2016", "old_n": 100, "new_n": 90, "both_n": 0}]
    found = EditionsChapter([share(None, None)], years, [{"fact": "study"}], t)
    assert found.said()[0].state == "apart"
    assert found.cause(found.differing[0]) == t("unit.unknown")


def test_the_market_is_told_from_years_of_one_coding(t: Translator) -> None:
    row = share(1.0, 0.0) | {"item_kind": "category_group", "item_id": "digital"}
    kind = {"item_kind": "category_group", "item_id": "digital"}
    yearly = [
        kind | {"period": "2016", "share_pct": 11.0, "share_low": 10.0, "share_high": 12.0},
        kind | {"period": "2017", "share_pct": 15.0, "share_low": 14.0, "share_high": 16.0},
    ]
    ((_, published, *_, moved),) = EditionsChapter([row], YEARS, [{"fact": "study"}], t).market(yearly)
    assert published == t.percent(10.0) and moved == t.value("direction", "rising")
    yearly[1] |= {"share_low": 11.5}
    assert EditionsChapter([row], YEARS, [{"fact": "study"}], t).market(yearly)[0][-1] == t.value(
        "direction", "unclear"
    )


def test_of_a_share_without_an_interval_nothing_is_said_of_uncertainty(t: Translator) -> None:
    row = share(1.0, 0.0)
    found = EditionsChapter([row], YEARS, [{"fact": "study"}], t)
    assert t("hubs.editions.within") in found.cause(row) and "(" in found.share(row, "old")
    none = row | {"old_pct": 0.0, "old_low": None, "old_high": None}
    assert found.cause(none) == t("hubs.editions.cause.coding")
    assert found.share(none, "old") == t.percent(0.0)


def test_a_year_that_an_edition_did_not_have_is_no_zero(t: Translator) -> None:
    found = EditionsChapter([], YEARS, [{"fact": "study"}], t)
    assert [found.count(YEARS[1], name) for name in ("old_n", "new_n", "both_n")] == ["–", "50", "–"]
    apart = {"year": "2016", "old_n": 9, "new_n": 8, "both_n": 0}
    assert found.count(apart, "both_n") == "0"


def test_settings_that_changed_are_told_in_words(t: Translator) -> None:
    facts = [
        {"fact": "setting", "subject": "annotation.semantic", "before": None, "now": "True"},
        {"fact": "setting", "subject": "period.last", "before": "2016-12-31", "now": "2017-12-31"},
    ]
    (_, _, before, now), (*_, last) = EditionsChapter([], YEARS, facts, t).set_up()
    assert (before, now, last) == (t("hubs.editions.fact.default"), t.value("yes_no", "yes"), "2017-12-31")


def test_the_report_tells_what_changed_since_the_edition_before(t: Translator) -> None:
    row = share(1.0, 0.0) | {"item_kind": "category_group", "item_id": "digital", "both_n": 80, "old_n": 100}
    kind = {"item_kind": "category_group", "item_id": "digital", "share_low": 10.0, "share_high": 12.0}
    yearly = [kind | {"period": year, "share_pct": 11.0} for year in ("2016", "2017")]
    source = '{% from "macros.html.j2" import figure, heading with context %}{% include "editions.html.j2" %}'
    facts = [{"fact": "source", "subject": "board", "before": "no", "now": "yes"}]
    shown = {
        "editions": EditionsChapter([row], YEARS, facts, t),
        "yearly_groups": yearly,
        "data": SimpleNamespace(about=About(("feed",), simulated=True)),
        "titles": {"editions-part": "x"},
        "sim": True,
    }
    page = make_environment(t).from_string(source).render(shown)
    assert t("hubs.editions.market") in page and t("hubs.editions.title.coding") in page
    assert page.count('id="editions"') == 1 and "<code>board</code>" in page
