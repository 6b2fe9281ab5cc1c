"""Experts beside demand: the study's finding from what it published, quadrants, and what cannot be known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from overstap.panel.compare import Demand, compared, fits
from overstap.panel.items import Index, read_claims
from overstap.panel.measure import published
from overstap.reference.technologies import technologies_of

ALL = {"topsector": "all", "function_group": "all", "language": "all", "source_id": "all"}
RISEN = ("artificial_intelligence", "internet_of_things", "cybersecurity")


def index() -> Index:
    return Index([], technologies_of("default", Path()), [])


def share(kind: str, item: str, pct: float, half: float = 0.2) -> dict[str, Any]:
    bounds = {"share_pct": pct, "share_low": max(0.0, pct - half), "share_high": pct + half}
    about = {"item_kind": kind, "item_id": item, "period_kind": "all", "asked_n": int(100 * pct), "vacancies_n": 10_000}
    return ALL | about | bounds


def change(item: str, ratio: float, direction: str) -> dict[str, Any]:
    about = {"item_kind": "technology", "item_id": item, "direction": direction}
    return ALL | about | {"ratio": ratio, "ratio_low": ratio / 2, "ratio_high": ratio * 2}


def order(items: tuple[str, ...]) -> list[dict[str, Any]]:
    about = {"session": "panel", "list": "technologies", "moment": "all", "round": 1, "basis": "panel"}
    return [about | {"item": item, "rank": place, "direction": None} for place, item in enumerate(items, 1)]


DEMAND = Demand(
    [
        share("technology", "artificial_intelligence", 0.8),
        share("technology", "internet_of_things", 0.4),
        share("technology", "cybersecurity", 0.6),
        share("technology", "cloud_computing", 9.0),
        share("technology", "robotics", 5.0, half=2.0),
        *(share("category", name, pct) for name, pct in (("basic_computer", 10), ("programming", 8), ("database", 5), ("web_development", 3))),
    ],
    [change(item, 4.0, "rising") for item in RISEN] + [change("cloud_computing", 1.1, "unclear"), change("robotics", 1, "unclear")],
    [],
)  # fmt: skip


def test_what_is_published_shows_ai_iot_and_cybersecurity_low_in_level_and_rising() -> None:
    orders, agreements, gaps = published()
    rows = compared(orders, index(), Demand([], [], []), read_claims(None))
    printed = [row for row in rows if row["demand"] == "published" and row["list"] == "technologies"]
    found = {row["item"]: row for row in printed if row["moment"] == "before"}
    assert {item for item, row in found.items() if row["level"] == "low" and row["direction"] == "rising"} == set(RISEN)
    assert all(found[item]["quadrant"] == "expected_seen" for item in RISEN)
    after = {row["item"]: row["quadrant"] for row in printed if row["moment"] == "after"}
    assert after["blockchain"] == after["cloud_computing"] == "unexpected_seen", "experts see them fall, demand rises"
    assert after["quantum_technology"] == "unknown", "the study says nothing of its demand"
    assert {row["note"] for row in agreements} == {"published"} and not any(row.get("w") for row in agreements)
    assert [(row["item"], row["told"]) for row in gaps if row["function_group"] == "ict"] == [
        ("information_security", "large_majority"), ("big_data_statistics", "large_majority"),
    ]  # fmt: skip


def test_a_published_order_gives_no_tau() -> None:
    rows = compared(published()[0], index(), DEMAND, [])
    assert {row["note"] for row in fits(rows, 0.95)} == {"published"}


def test_the_four_quadrants_follow_from_rank_level_and_growth() -> None:
    panel = (
        "artificial_intelligence",
        "quantum_technology",
        "cybersecurity",
        "cloud_computing",
        "blockchain",
        "robotics",
    )
    rows = {row["item"]: row for row in compared(order(panel), index(), DEMAND, read_claims(None))}
    assert {item: row["quadrant"] for item, row in rows.items()} == {
        "artificial_intelligence": "expected_seen",
        "quantum_technology": "expected_unseen",
        "cybersecurity": "expected_seen",
        "cloud_computing": "unexpected_seen",
        "blockchain": "neither",
        "robotics": "unknown",
    }
    ai = rows["artificial_intelligence"]
    assert (ai["level"], ai["direction"], ai["above_n"], ai["categories_n"], ai["level_rank"]) == (
        "low",
        "rising",
        4,
        4,
        3,
    )
    assert (rows["quantum_technology"]["asked_n"], rows["quantum_technology"].get("ratio")) == (0, None)
    assert rows["robotics"]["level"] == "unclear", "its interval holds the median category"
    assert ai["claims_n"] == 2


def test_tau_has_bounds_and_says_which_way() -> None:
    items = tuple(f"item {n}" for n in range(8))
    swapped = {4: 5, 5: 4}  # one pair of 28 the other way round
    rows = [
        row | {"demand": "ads", "expert_rank": row["rank"], "share_pct": 10.0 - swapped.get(row["rank"], row["rank"])}
        for row in order(items)
    ]
    found = {row["against"]: row for row in fits(rows, 0.95)}
    assert found["level"]["tau_b"] == pytest.approx(1 - 2 / 28)
    assert found["level"]["tau_b_low"] < found["level"]["tau_b"] < found["level"]["tau_b_high"] < 1
    assert found["growth"] | {"items_n": 0} == found["growth"] and found["growth"]["note"] == "few"


def test_what_nobody_asked_at_first_has_grown_most() -> None:
    new = change("artificial_intelligence", 4.0, "rising") | {"ratio": None, "ratio_low": 3.0, "ratio_high": None}
    demand = Demand(
        [share("technology", item, 1) for item in RISEN], [new, *(change(i, 2.0, "rising") for i in RISEN[1:])], []
    )
    rows = {row["item"]: row for row in compared(order(RISEN), index(), demand, [])}
    assert [rows[item]["growth_rank"] for item in RISEN] == [1, 2, 2]
    items = tuple(f"item {n}" for n in range(7))
    listed = [row | {"demand": "ads", "expert_rank": row["rank"], "ratio": 9.0 - row["rank"]} for row in order(items)]
    listed[0] |= {"ratio": None, "ratio_low": 3.0}
    found = {row["against"]: row for row in fits(listed, 0.95)}["growth"]
    assert (found["items_n"], found["tau_b"]) == (7, 1)


def test_nought_of_few_vacancies_is_not_called_low() -> None:
    beside = [
        share("category", name, pct) for name, pct in (("programming", 8), ("database", 5), ("web_development", 3))
    ]
    few = Demand([row | {"vacancies_n": 20} for row in beside], [], []).of("technology", "blockchain")
    many = Demand(beside, [], []).of("technology", "blockchain")
    assert (few["level"], few["share_pct"]) == ("unclear", 0) and few["share_high"] > 15
    assert many["level"] == "low" and 0 < many["share_high"] < 0.1


def test_items_that_share_every_place_are_not_expected() -> None:
    rows = [row | {"rank": 1} for row in order(RISEN)] + [row | {"rank": None} for row in order(("robotics",))]
    found = {row["item"]: row["is_expected"] for row in compared(rows, index(), DEMAND, [])}
    assert found == dict.fromkeys(RISEN, False) | {"robotics": None}


def test_what_has_no_match_in_the_ads_is_not_known() -> None:
    row = compared(order(("Something else", "artificial_intelligence")), index(), DEMAND, [])[0]
    assert (row["item_kind"], row.get("share_pct"), row["quadrant"]) == (None, None, "unknown")
