"""What is wrong with a study's data is said in its output, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from overstap.analysis.warnings import SEVERITY, find_warnings
from overstap.publish.caution import Caution, warning_text
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.reference.totals import Fault
from overstap.schema import table_spec
from overstap.study import StudySpec


def study(**settings: Any) -> StudySpec:
    source = {"id": "feed", "format": "csv", "files": ["a.csv"], "sample": "complete"}
    found = {"id": "found", "format": "csv", "files": ["b.csv"], "sample": "search_terms"}
    period = {"first": "2018-01-01", "last": "2019-12-31"}
    base = {"study": "s", "title": {"en": "S"}, "period": period, "sources": [source, found]}
    return StudySpec.model_validate({**base, **settings})


def posted(*rows: tuple[str, str, int, int]) -> pa.Table:
    """Rows (source, year, vacancies, of the largest employer) as `core_concentration`."""
    made = [{"source_id": s, "year": y, "vacancies_n": n, "employers_n": 9, "largest_n": k} for s, y, n, k in rows]
    return pa.Table.from_pylist(made, schema=table_spec("core_concentration").schema)


def weights(*rows: dict[str, Any]) -> pa.Table:
    fixed = {"kind": "new", "vacancies_n": 50, "weighted_n": 50}
    return pa.Table.from_pylist([{**fixed, **row} for row in rows], schema=table_spec("out_weights").schema)


def places(*rows: tuple[str, int, int]) -> pa.Table:
    """Rows (source, ads in the Netherlands, ads elsewhere) as `core_places`; ten more name no place."""
    made = [
        {"source_id": s, "ads_n": home + away + 10, "home_n": home, "abroad_n": away, "unread_n": 0}
        for s, home, away in rows
    ]
    return pa.Table.from_pylist(made, schema=table_spec("core_places").schema)


def codes(table: pa.Table) -> dict[str, tuple[str, float]]:
    return {row["code"]: (row["subject"], row["n"]) for row in table.to_pylist()}


EVEN = posted(("all", "all", 200, 9), ("all", "2018", 100, 9), ("all", "2019", 100, 9), ("feed", "all", 200, 9))


DUTCH = places(("feed", 190, 10))


def test_an_even_market_has_no_warnings() -> None:
    assert codes(find_warnings(study(), (), weights(), EVEN, DUTCH)) == {}


def test_a_year_without_vacancies() -> None:
    table = posted(("all", "all", 100, 9), ("all", "2019", 100, 9))
    assert codes(find_warnings(study(), (), weights(), table, DUTCH)) == {"year_without_ads": ("2018", 0)}


@pytest.mark.parametrize(
    ("largest", "subject"),
    [((180, 90, 90), "all"), ((50, 3, 47), "2019"), ((90, 49, 41), None)],
)
def test_one_employer_that_posts_most(largest: tuple[int, int, int], subject: str | None) -> None:
    whole, first, last = largest
    table = posted(("all", "all", 200, whole), ("all", "2018", 110, first), ("all", "2019", 90, last))
    found = find_warnings(study(), (), weights(), table, DUTCH).to_pylist()
    assert [(row["code"], row["subject"]) for row in found] == ([("employer_dominates", subject)] if subject else [])


def test_few_vacancies_of_one_employer_are_no_warning() -> None:
    table = posted(("all", "all", 200, 9), ("all", "2018", 5, 5), ("all", "2019", 195, 9))
    assert codes(find_warnings(study(), (), weights(), table, DUTCH)) == {}


def test_totals_that_miss_quarters_and_sectors_or_are_below_the_ads() -> None:
    rows = weights(
        {"quarter": "2018Q1", "sector": "all", "total_n": 1000.0, "coverage_pct": 20.0},
        {"quarter": "2018Q1", "sector": "C", "note": "no_total"},
        {"quarter": "2018Q2", "sector": "all", "total_n": None, "note": "no_totals"},
        {"quarter": "2018Q3", "sector": "all", "total_n": 40.0, "coverage_pct": 125.0},
        {"quarter": "2018Q3", "sector": "A", "total_n": 40.0, "stratum": "A-B"},
        {"quarter": "2018Q4", "sector": "A", "total_n": 40.0, "note": "thin"},
        {"quarter": "all", "sector": "all", "total_n": 40.0, "trimmed_pct": 3.2},
    )
    found = codes(
        find_warnings(study(weights={"totals": "t.csv"}), (Fault("totals_negative", "C", 1),), rows, EVEN, DUTCH)
    )
    assert found == {
        "totals_negative": ("C", 1),
        "totals_miss_quarter": ("2018Q2", 1),
        "vacancies_without_total": ("C", 50),
        "totals_below_ads": ("2018Q3", 1),
        "strata_thin": ("2018Q4", 1),
        "strata_joined": ("A", 1),
        "weights_trimmed": ("", 3),
    }


def test_a_period_that_cuts_a_quarter() -> None:
    spec = study(period={"first": "2018-02-10", "last": "2019-12-31"}, weights={"totals": "t.csv"})
    rows = weights(
        {"quarter": "2018Q1", "sector": "all", "total_n": 9.0}, {"quarter": "2018Q2", "sector": "all", "total_n": 9.0}
    )
    assert codes(find_warnings(spec, (), rows, EVEN, DUTCH)) == {"quarter_partial": ("2018Q1", 1)}


def test_a_feed_of_another_country_is_told_first() -> None:
    table = posted(("all", "all", 100, 90), ("all", "2019", 100, 90))
    found = find_warnings(study(), (), weights(), table, places(("feed", 10, 190), ("found", 20, 5), ("few", 0, 9)))
    told = found.to_pylist()
    assert (told[0]["code"], told[0]["subject"], told[0]["n"]) == ("places_abroad", "feed", 95)
    assert [row["code"] for row in told].count("places_abroad") == 1 and len(told) > 1
    caution = Caution(apart=("2018", "2019"), warnings=tuple(told[::-1]))
    assert caution.lines(Translator("nl"), [])[0] == warning_text(Translator("nl"), told[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SEVERITY)
def test_every_warning_has_words(code: str, language: Lang) -> None:
    text = warning_text(Translator(language), {"code": code, "subject": "SUBJECT", "n": 12.0})
    assert "SUBJECT" in text or code == "weights_trimmed"
    assert "12" in text or code == "year_without_ads"


def test_settings_refuse_feeds_that_can_have_no_weights(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="selected by search terms"):
        study(weights={"sources": ["found"]})
    with pytest.raises(ValueError, match="Did you mean 'feed'"):
        study(weights={"sources": ["fed"]})
