"""Levers that a reader turns: at rest the base to the last digit, and the same as a scenario file of these values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from overstap.moves.collective import Question
from overstap.moves.facts import REST_GROUPS, occupation_facts
from overstap.moves.feasible import Rules
from overstap.outlook.futures import Market, run
from overstap.outlook.levers import levers
from overstap.outlook.live import OWN, Live, choices
from overstap.outlook.market import brc_outlook
from overstap.outlook.scenario import parse
from overstap.outlook.table import Settings


@pytest.fixture(scope="module")
def market() -> Market:
    facts = occupation_facts("brc", (2025, 2030))
    facts = facts.filter(pa.compute.invert(pa.compute.is_in(facts["code"], pa.array(sorted(REST_GROUPS)))))
    alike = np.random.default_rng(3).random((facts.num_rows, facts.num_rows))
    return Market(brc_outlook(Settings(2025, 2030, draws=10, levels=("brc",))), Question(facts, alike, 5, Rules(0.9)))


def test_a_lever_gives_what_a_scenario_of_its_value_gives(market: Market) -> None:
    turned = Live(market, 0.8, 1).turned({"technology_adoption": 0.1})
    text = "scenario: own\ntitle: {en: x}\nlevers: {technology_adoption: 0.1}\n"
    rows = run(market, [parse(text, "own.yaml")], 0.8, 1)[0].to_pylist()
    assert turned == [row for row in rows if row["scenario"] == OWN]
    assert next(row for row in turned if row["outcome"] == "employed")["change"] < 0  # type: ignore[operator]


def test_neutral_levers_change_nothing(market: Market) -> None:
    rest = {name: levers()[name].neutral for name in choices()}
    rows = Live(market, 0.8, 1).turned(rest)
    assert {row["change"] for row in rows if row["change"] is not None} == {0.0}


def test_every_lever_may_stand_at_rest_and_at_its_ends() -> None:
    for name, values in choices().items():
        lever = levers()[name]
        assert {lever.low, lever.neutral, lever.high} <= set(values)
