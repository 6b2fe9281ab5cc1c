"""What the study of 2019 says of its panel and its data, on simulated markets in which it is planted."""

from __future__ import annotations

import pytest

from overstap.panel.compare import Demand
from overstap.schema.out import ALL
from overstap.simulate import MarketSpec
from overstap.simulate.experts import ORDERS
from tests.recovery.markets import changes, market_sums, shares
from tests.recovery.recovered import Recovered

PLANTED = {"sim.ai": "artificial_intelligence", "sim.iot": "internet_of_things", "sim.cybersecurity": "cybersecurity"}
# A concept of each of these categories: a category is asked at least as much as any of its concepts.
BESIDE = {
    "sim.excel": "basic_computer", "sim.sap": "resource_management_software", "sim.sql": "database",
    "sim.java": "programming", "sim.javascript": "web_development",
}  # fmt: skip


def test_ai_iot_and_cybersecurity_are_asked_little_and_rise_in_a_market_of_forty_thousand() -> None:
    sums = market_sums([MarketSpec(seed=3, n_vacancies=40_000)], [*PLANTED, *BESIDE])
    kinds = dict.fromkeys(PLANTED, "technology") | dict.fromkeys(BESIDE, "category")

    def named(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        mine = [row for row in rows if row["item_id"] in kinds and row["topsector"] == "3:all"]
        names = PLANTED | BESIDE
        return [
            row | {"topsector": ALL, "item_kind": kinds[row["item_id"]], "item_id": names[row["item_id"]]}
            for row in mine
        ]

    demand = Demand(named(shares(sums).to_pylist()), named(changes(sums).to_pylist()), [])
    for technology in PLANTED.values():
        found = demand.of("technology", technology)
        assert (found["level"], found["direction"]) == ("low", "rising"), (technology, found)
        assert found["above_n"] >= 4


@pytest.mark.xdist_group("recovery")
def test_the_demo_lays_its_panel_beside_its_ads(demo: Recovered) -> None:
    """Through ads, coding and files of answers. In 4,000 vacancies the rise of one technology cannot be demonstrated; it is
    seen in the ratio, and demonstrated for their category."""
    rows = demo.study.table("out_panel_data").to_pylist()
    own = {row["item"]: row for row in rows if row["basis"] == "panel" and row["moment"] == "before"}
    for item in PLANTED.values():
        assert own[item]["is_expected"] and own[item]["level"] == "low" and own[item]["ratio"] > 1, own[item]
    category = demo.rows("out_change", item_kind="category", item_id="digital_transformation", topsector="all")
    assert [row["direction"] for row in category] == ["rising"]


@pytest.mark.xdist_group("recovery")
def test_the_planted_order_is_found_and_agreement_with_it(demo: Recovered) -> None:
    """The true rank lies within the interval of ranks, which hold together in 95 % of lists."""
    rows = [row for row in demo.study.table("out_panel_ranking").to_pylist() if row["basis"] == "panel"]
    true = {(moment, item): n for moment, order in ORDERS.items() for n, item in enumerate(order, 1)}
    held = [row["rank_low"] <= true[row["moment"], row["item"]] <= row["rank_high"] for row in rows]
    assert len(held) == 22 and sum(held) >= 21
    agreed = {
        row["moment"]: row for row in demo.study.table("out_panel_agreement").to_pylist() if row["basis"] == "panel"
    }
    assert all(row["p_value"] < 0.01 and row["w"] > 0.4 for row in agreed.values())
    fit = demo.study.table("out_panel_fit").to_pylist()
    assert {row["note"] for row in fit if row["session"] == "study-2019"} == {"published"}
