"""Dutch ads of 2023 and 2024, of which the collection changed more than the market: the flags must say so."""

from __future__ import annotations

from collections import Counter

import pytest

from overstap.pipeline import Study
from tests.shared_data import needs

pytestmark = [pytest.mark.xdist_group("studies"), *needs("ads")]


def test_boards_that_came_and_went_in_one_feed_are_flagged(netherlands: Study) -> None:
    """LinkedIn was half of 2023 and is gone in 2024, when Glassdoor came: counted here from the feed's own addresses."""
    year = {r["vacancy_id"]: r["year"] for r in netherlands.table("core_vacancies", ["vacancy_id", "year"]).to_pylist()}
    counts: Counter[tuple[str, str]] = Counter()
    for ad in netherlands.table("raw_ads", ["ad_id", "url"]).to_pylist():
        if ad["ad_id"] in year:
            counts[year[ad["ad_id"]], ad["url"].split("/")[2].removeprefix("www.")] += 1
    total = Counter({y: sum(n for (at, _), n in counts.items() if at == y) for y in ("2023", "2024")})
    flags = {r["subject"]: r for r in netherlands.table("out_drift").to_pylist() if r["kind"] == "board"}
    assert set(flags) == {f"job_boards/{board}" for board in ("linkedin.com", "nl.indeed.com", "glassdoor.nl")}
    for subject, row in flags.items():
        board = subject.split("/", 1)[1]
        assert row["period"] == "2024"
        assert row["before"] == pytest.approx(100 * counts["2023", board] / total["2023"])
        assert row["after"] == pytest.approx(100 * counts["2024", board] / total["2024"])
    assert flags["job_boards/linkedin.com"]["before"] > 45 and flags["job_boards/linkedin.com"]["after"] == 0


def test_search_terms_that_changed_show_in_the_occupations_and_languages(netherlands: Study) -> None:
    flags = {r["kind"]: r for r in netherlands.table("out_drift").to_pylist()}
    for kind in ("source_mix", "source_language"):
        row = flags[kind]
        assert (row["subject"], row["period"]) == ("job_boards", "2024")
        assert row["size"] >= 0.10 and row["p_value"] < 0.001


def test_a_feed_that_is_collected_in_one_way_is_not_flagged_for_its_boards(hacker_news: Study) -> None:
    kinds = {r["kind"] for r in hacker_news.table("out_drift").to_pylist()}
    assert not kinds & {"source", "board", "source_language"}
