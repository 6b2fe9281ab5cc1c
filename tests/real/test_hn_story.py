"""The known story of one real market: who is hiring on Hacker News, 2013–2016.

What rose and fell is taken from what happened in those years, not from our numbers: React (open since May 2013) took
over from Backbone and jQuery; Docker (March 2013) and Kubernetes (June 2014) spread; Swift (June 2014) took over from
Objective-C, TypeScript and ES2015 from CoffeeScript; Spark and Kafka grew as Hadoop waned; deep learning came; PHP waned.
"""

from __future__ import annotations

from typing import Any

import pytest

from overstap.pipeline import Study
from tests.shared_data import needs

pytestmark = [pytest.mark.xdist_group("studies"), *needs("ads")]
CAME = ("react", "docker", "kubernetes", "swift", "go_language", "typescript", "spark", "kafka", "deep_learning")
WENT = ("backbone", "jquery", "coffeescript", "objective_c", "php", "hadoop")
STEADY = ("python", "java", "linux", "communication")
CELL = ("topsector", "function_group", "language", "source_id")


def of_all(study: Study, table: str) -> dict[str, dict[str, Any]]:
    """Skills of a table, over all vacancies."""
    rows = study.table(table).to_pylist()
    kept = (r for r in rows if all(r.get(name, "all") == "all" for name in CELL) and r["item_kind"] == "skill")
    return {r["item_id"].removeprefix("core."): r for r in kept}


def test_what_came_and_went_is_found_and_never_turned_round(hacker_news: Study) -> None:
    found = of_all(hacker_news, "out_change")
    for names, direction in ((CAME, "rising"), (WENT, "falling")):
        for name in names:
            row = found[name]
            assert row["direction"] == direction, row
            assert row["q_value"] <= hacker_news.spec.measures.fdr
            assert row["is_displayed"]
            assert row["ratio_low"] > 1 if direction == "rising" else row["ratio_high"] < 1, row
    for name in STEADY:  # asked as much or nearly: no halving, no doubling
        assert found[name]["ratio_low"] < 1.5 and found[name]["ratio_high"] > 0.6, found[name]


def test_a_skill_that_hardly_was_there_has_no_ratio_to_speak_of(hacker_news: Study) -> None:
    """From one ad to hundreds: the bound says how much at least, and the upper one is open or all but."""
    found = of_all(hacker_news, "out_change")
    assert found["react"]["first_n"] <= 5 and found["react"]["last_n"] > 1_000
    assert found["react"]["ratio_low"] > 20
    assert found["react"]["ratio_high"] is None or found["react"]["ratio_high"] > 20 * found["react"]["ratio_low"]
    assert found["swift"]["first_n"] == 0 and found["swift"]["ratio"] is None and found["swift"]["ratio_low"] > 1


def test_the_change_lies_within_occupations_not_in_who_posts(hacker_news: Study) -> None:
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    for row in hacker_news.table("out_composition").to_pylist():
        if row["item_kind"] == "skill":
            parts.setdefault(row["item_id"].removeprefix("core."), {})[row["part"]] = row
    for name in ("react", "docker", "backbone"):
        change, within = parts[name]["change"], parts[name]["within"]
        assert abs(within["value_pp"]) > 0.8 * abs(change["value_pp"])
        assert within["value_low"] * within["value_high"] > 0  # told from none
        sizes = {part: row["value_pp"] for part, row in parts[name].items() if part != "change"}
        assert sum(sizes.values()) == pytest.approx(change["value_pp"], abs=1e-6)
        assert sizes["source"] == pytest.approx(0.0, abs=1e-9)  # one feed


def test_neither_the_feed_nor_the_named_technologies_are_flagged_for_drift(hacker_news: Study) -> None:
    """One feed and one board throughout, so neither can have moved. Posts came to begin with a line of company, job and
    place: more titles are coded, by their role, so that the mix of occupations stands. Few skills are flagged for wording,
    and none of those whose story is known."""
    rows = hacker_news.table("out_drift").to_pylist()
    assert {r["kind"] for r in rows} <= {"wording", "coded"}
    wording = {r["subject"].removeprefix("core.") for r in rows if r["kind"] == "wording"}
    assert not wording & {*CAME, *WENT}
    displayed = [r for r in of_all(hacker_news, "out_change").values() if r["is_displayed"]]
    assert len(wording) <= 0.03 * len(displayed)


def test_what_rose_is_asked_within_one_kind_of_work(hacker_news: Study) -> None:
    rows = {
        r["skill_id"].removeprefix("core."): r
        for r in hacker_news.table("out_spread").to_pylist()
        if r["dimension"] == "isco2"
    }
    assert 1 <= rows["react"]["last_number"] < 2  # ICT professionals and next to nobody else
    assert rows["aws"]["movement"] == "deepening" and rows["aws"]["last_high"] < rows["aws"]["first_high"]
    assert all(rows[name]["movement"] in ("spreading", "deepening", "unclear") for name in CAME if name in rows)
    assert all(rows[name]["movement"] in ("vanishing", "thinning", "unclear") for name in WENT if name in rows)


def test_no_share_is_forecast_from_sixteen_quarters(hacker_news: Study) -> None:
    rows = hacker_news.table("out_forecast").to_pylist()
    assert {r["note"] for r in rows} <= {"untested", "drift", "few", "gap"}
    assert all(r["share_low"] is None for r in rows)
