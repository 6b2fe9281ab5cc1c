"""Training packages across sectors: the greedy choice against all choices, costs by payer, and who must retrain."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.moves.gaps import Gap, effort
from overstap.moves.packages import (
    OPENS,
    PersonsMove,
    bill,
    by_sectors,
    moves_by_sector,
    packages,
    population,
)


def move(persons: float, gaps: dict[str, float], pair: tuple[str, str] = ("G", "Q"), level: int = 2) -> PersonsMove:
    return PersonsMove("a", "b", persons, *pair, tuple(Gap(g, m, (g,)) for g, m in gaps.items()), level)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 3))
def test_the_greedy_choice_reaches_its_bound(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    units = ("S1", "S2", "S3", "S4", "S5")
    moves = [
        move(float(rng.integers(1, 20)), {u: float(rng.random()) for u in rng.choice(units, 3, replace=False)})
        for _ in range(6)
    ]

    def worth(chosen: tuple[str, ...]) -> float:
        total = 0.0
        for one in moves:
            whole = sum(gap.missing for gap in one.gaps)
            part = sum(gap.missing for gap in one.gaps if gap.group in chosen) / whole
            total += one.persons * min(1.0, part / OPENS)
        return total

    found = packages(moves, most)
    best = max(worth(chosen) for chosen in combinations(units, most))
    assert worth(tuple(p.group for p in found)) == pytest.approx(sum(p.covered for p in found))
    assert sum(p.covered for p in found) >= (1 - 1 / math.e) * best - 1e-9
    assert [p.share for p in found] == sorted(p.share for p in found)


def test_a_move_opens_when_most_of_it_is_taught() -> None:
    found = packages([move(100, {"S1": 0.4, "S2": 0.1}), move(10, {"S2": 0.3})], 2)
    assert [(p.group, p.persons, p.opened) for p in found] == [("S1", 100.0, 100.0), ("S2", 110.0, 110.0)]
    assert found[-1].share == pytest.approx(1.0)
    assert found[0].months == pytest.approx(effort([Gap("S1", 0.4, ())], 2).months)


def test_no_package_is_chosen_that_adds_nothing() -> None:
    assert len(packages([move(5, {"S1": 0.9, "S2": 0.1})], 5)) == 1
    assert packages([], 3) == []
    assert packages([move(0, {"S1": 1.0})], 3) == []


def test_pairs_of_sectors_come_by_their_persons_and_staying_is_none() -> None:
    found = by_sectors([move(5, {"S1": 0.5}), move(50, {"S2": 0.5}, ("K", "J")), move(9, {"S1": 0.5}, ("G", "G"))])
    assert list(found) == [("K", "J"), ("G", "Q")]


def test_flows_over_sectors_keep_their_persons() -> None:
    sectors = {"a": {"G": 0.25, "Q": 0.75}, "b": {"J": 1.0}}
    flows = {("a", "b"): 40.0, ("b", "c"): 8.0}
    gaps = dict.fromkeys(flows, (Gap("S1", 0.5, ()),))
    found = moves_by_sector(flows, sectors, gaps, {"b": 2, "c": 2})
    assert sum(one.persons for one in found) == pytest.approx(48.0)
    assert {(one.sector_from, one.sector_to): one.persons for one in found} == pytest.approx(
        {("G", "J"): 10.0, ("Q", "J"): 30.0, ("J", "unknown"): 8.0}
    )


def test_payers_share_the_whole_bill_and_a_subsidy_moves_it_to_the_government() -> None:
    moves = [move(10, {"S1": 0.5})]
    shares = {"employer": 0.6, "fund": 0.3, "worker": 0.1}
    plain, helped = (bill(moves, shares, {("a", "b"): 1.0}, subsidy=part) for part in (0.0, 0.5))
    assert plain.total == helped.total
    assert sum(cost[1] for cost in helped.by_payer.values()) == pytest.approx(helped.total[1])
    assert helped.by_payer["government"][1] == pytest.approx(0.5 * helped.total[1])
    assert helped.by_payer["employer"][1] == pytest.approx(0.5 * plain.by_payer["employer"][1])


def test_a_loss_of_pay_brings_no_return_and_unknown_pay_counts_as_none() -> None:
    moves = [move(10, {"S1": 0.5})]
    lost, unknown = (bill(moves, {"fund": 1.0}, {("a", "b"): gain}) for gain in (-1.0, None))
    assert lost.positive == (False, False, False)
    assert lost.returns[0] <= lost.returns[2] < 0
    assert unknown.returns == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("shares", "subsidy", "said"),
    [({"employr": 1.0}, 0.0, "employer"), ({"fund": 0.5}, 0.0, "add to"), ({"fund": 1.0}, 2.0, "subsidy")],
)
def test_wrong_shares_are_refused(shares: dict[str, float], subsidy: float, said: str) -> None:
    with pytest.raises(InputError) as error:
        bill([move(1, {"S1": 1.0})], shares, {}, subsidy=subsidy)
    assert said in str(error.value)


def test_population_by_what_the_table_gives() -> None:
    table = pa.table({"age": ["35+", "15-34", "35+"], "contract": ["flex", "flex", "flex"], "persons": [10, 20, 30]})
    rows = population(table).to_pylist()
    assert rows == [
        {"age": "15-34", "contract": "flex", "persons": 20, "share": pytest.approx(1 / 3)},
        {"age": "35+", "contract": "flex", "persons": 40, "share": pytest.approx(2 / 3)},
    ]


@pytest.mark.parametrize(
    "table", [{"persons": [1]}, {"age": ["x"]}, {"agee": ["x"], "persons": [1]}, {"age": ["x"], "persons": [-1]}]
)
def test_a_population_that_cannot_be_read_is_refused(table: dict[str, list[object]]) -> None:
    with pytest.raises(InputError):
        population(pa.table(table))


def test_negative_persons_and_no_packages_are_refused() -> None:
    with pytest.raises(InputError):
        packages([move(-1, {"S1": 1.0})])
    with pytest.raises(InputError):
        packages([move(1, {"S1": 1.0})], 0)
