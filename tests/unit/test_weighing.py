"""A study with official totals: its vacancies add up to them, and its pages say so."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from overstap.errors import InputError
from overstap.pipeline import Study
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.report import render_report
from overstap.reference.totals import quarter_days
from overstap.schema.out import CELL_NAMES
from tests.fixtures import make_store

QUARTERS = [f"{year}Q{number}" for year in range(2012, 2018) for number in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Sector C has vacancies, half of them of unknown sector; S has none. The second quarter has no totals."""
    rows = [f"{s},{q},{new},{new / 2}" for q in QUARTERS if q != "2012Q2" for s, new in (("C", 5000), ("S", 400))]
    text = "\n".join(["sector,period,new,open", *rows])
    return make_store(tmp_path_factory.mktemp("weighed") / "study", ads=6000, totals=text)


def test_new_vacancies_add_up_to_the_totals(weighed: Study) -> None:
    sums: dict[str, float] = defaultdict(float)
    sources = dict(
        zip(*(weighed.table("core_vacancies")[c].to_pylist() for c in ("vacancy_id", "source_id")), strict=True)
    )
    rows = weighed.table("core_weights").to_pylist()
    assert len(rows) == len(sources)
    for row in rows:
        if sources[row["vacancy_id"]] == "board":
            assert (row["weight"], row["note"]) == (None, "search_terms")
        elif row["quarter"] == "2012Q2":
            assert (row["weight"], row["note"]) == (None, "no_totals")
        else:
            sums[row["quarter"]] += row["weight"]
    assert set(sums) == set(QUARTERS) - {"2012Q2"}
    assert all(value == pytest.approx(5400) for value in sums.values())


def test_open_vacancies_add_up_to_theirs(weighed: Study) -> None:
    sums: dict[str, float] = defaultdict(float)
    days = {v["vacancy_id"]: (v["first_date"], v["last_date"]) for v in weighed.table("core_vacancies").to_pylist()}
    for row in weighed.table("core_stock").to_pylist():
        first, last = days[row["vacancy_id"]]
        end = quarter_days(row["quarter"])[1]
        assert first <= end <= last + timedelta(days=30)
        if row["weight"] is not None:
            sums[row["quarter"]] += row["weight"]
        else:
            assert row["note"] in ("search_terms", "thin")
    assert len(sums) >= 18 and "2012Q2" not in sums
    assert sums == pytest.approx(dict.fromkeys(sums, 2700))


def test_warnings_stand_in_the_tables(weighed: Study) -> None:
    found = {row["code"]: row["subject"] for row in weighed.table("out_warnings").to_pylist()}
    assert found["totals_miss_quarter"] == "2012Q2"
    assert found["search_terms"] == "board"
    assert found["totals_miss_sector"].startswith("A, B, D")
    assert found["strata_joined"] == "C, S"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_says_what_it_is_weighted_to(weighed: Study, page_of: Callable[[Lang], str], language: Lang) -> None:
    page = html.unescape(render_report(weighed, language))
    assert 'data-weights="weighted"' in page and "totals.csv" in page
    assert "2012Q2" in page[: page.index('<section id="summary"')]
    assert {"nl": "C Industrie", "en": "C Manufacturing"}[language] in page
    bare = html.unescape(page_of(language))
    assert {"nl": "De aandelen zijn ongewogen", "en": "Shares are unweighted"}[language] in bare
    assert 'data-weights="none"' in bare


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_give_weighted_shares_beside_plain_ones(weighed: Study, finished_study: Study, language: Lang) -> None:
    t = Translator.for_study(weighed, language)
    label, remark = t.column("out_demand", "weighted_pct"), t("chart.weighted")
    page, bare = (html.unescape(render_report(study, language)) for study in (weighed, finished_study))
    assert label in page and remark in page
    assert label not in bare and remark not in bare
    rows = weighed.table("out_demand").to_pylist()
    whole = next(r for r in rows if {r[n] for n in CELL_NAMES} == {"all"} and r["item_id"] == "digital")
    weights = {r["vacancy_id"]: r["weight"] or 0.0 for r in weighed.table("core_weights").to_pylist()}
    groups = {r["skill_id"]: r["category_group"] for r in weighed.table("core_skills").to_pylist()}
    asked = {
        r["vacancy_id"] for r in weighed.table("core_vacancy_skills").to_pylist() if groups[r["skill_id"]] == "digital"
    }
    share = sum(weights[v] for v in asked) / sum(weights.values())
    assert whole["period"] == "all" and whole["weighted_pct"] == pytest.approx(100 * share)
    assert whole["weighted_low"] < whole["weighted_pct"] < whole["weighted_high"]
    assert {row["weighted_pct"] for row in finished_study.table("out_demand").to_pylist()} == {None}


def test_a_study_whose_totals_cannot_be_read_does_not_start(tmp_path: Path) -> None:
    study = make_store(tmp_path / "study", ads=50, totals="sector,period,new\nC,2012Q1,5\n")
    (study.base / "totals.csv").write_text("sector,period,new\nC,March,5\n", encoding="utf-8")
    problems = [error for error in study.check() if isinstance(error, InputError)]
    assert any("'March' cannot be read" in error.what for error in problems)
