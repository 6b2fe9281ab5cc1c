"""Training packages across sectors: the greedy choice against all choices."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.moves.gaps import Gap, effort
from overstap.moves.packages import (
    ALL,
    OPENS,
    PersonsMove,
    by_sectors,
    packages,
    split_by_sector,
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


def test_moves_over_sectors_keep_their_persons_and_their_packages() -> None:
    sectors = {"a": {"G": 0.25, "Q": 0.75}, "b": {"J": 1.0}}
    gaps = (Gap("S1", 0.5, ()), Gap("S2", 0.3, ()))
    moves = [PersonsMove("a", "b", 40.0, ALL, ALL, gaps, 2), PersonsMove("b", "c", 8.0, ALL, ALL, gaps[:1], 2)]
    found = split_by_sector(moves, sectors)
    assert {(one.sector_from, one.sector_to): one.persons for one in found} == pytest.approx(
        {("G", "J"): 10.0, ("Q", "J"): 30.0, ("J", "unknown"): 8.0}
    )
    whole, split = packages(moves, 2), packages(found, 2)
    assert [p.group for p in whole] == [p.group for p in split]
    for one, other in zip(whole, split, strict=True):
        assert (other.persons, other.share, other.eur[1]) == pytest.approx((one.persons, one.share, one.eur[1]))


def test_negative_persons_and_no_packages_are_refused() -> None:
    with pytest.raises(InputError):
        packages([move(-1, {"S1": 1.0})])
    with pytest.raises(InputError):
        packages([move(1, {"S1": 1.0})], 0)
