"""Nobody works a hidden cell out: the attack by linear programming on random cubes, and on those of a survey."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.disclosure.cube import Cube, bounds
from overstap.disclosure.protect import protect

Key = tuple[str, str]
ALL = "all"


def crossed(table: list[list[int]]) -> Cube[Key]:
    """A two-way table with all its totals; cells of nobody are left out."""
    counts: dict[Key, int] = {}
    for i, row in enumerate(table):
        for j, n in enumerate(row):
            for key in ((f"r{i}", f"c{j}"), (f"r{i}", ALL), (ALL, f"c{j}"), (ALL, ALL)):
                counts[key] = counts.get(key, 0) + n
    counts = {key: n for key, n in counts.items() if n}
    rows, columns = sorted({a for a, _ in counts} - {ALL}), sorted({b for _, b in counts} - {ALL})
    sums = [((a, ALL), [(a, b) for b in columns if (a, b) in counts]) for a in (ALL, *rows) if (a, ALL) in counts]
    sums += [((ALL, b), [(a, b) for a in rows if (a, b) in counts]) for b in (ALL, *columns) if (ALL, b) in counts]
    return Cube(counts, sums)


def attacked(cube: Cube[Key], hidden: frozenset[Key], least: int) -> None:
    """No hidden cell can be bounded within fewer than `least` people; what it holds lies within its bounds."""
    for key, (low, high) in bounds(cube, hidden).items():
        assert high - low >= least - 1e-4, (key, low, high)
        assert low - 1e-6 <= cube.counts[key] <= high + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_hidden_cell_of_a_two_way_table_can_be_bounded(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    cell = st.one_of(st.integers(0, 6), st.integers(0, 60))
    table = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=4))
    least = data.draw(st.integers(2, 10))
    cube = crossed(table)
    hidden = protect(cube, least)
    assert {key for key, n in cube.counts.items() if n < least} <= hidden
    attacked(cube, hidden, least)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 60), min_size=1, max_size=7),
       st.integers(2, 12), st.integers(0, 30))  # fmt: skip
def test_no_group_of_a_split_can_be_bounded(groups: dict[str, int], least: int, others: int) -> None:
    cube = Cube({ALL: sum(groups.values()) + others} | groups, [(ALL, list(groups))])
    hidden = protect(cube, least)
    assert {key for key, n in cube.counts.items() if n < least} <= hidden
    for low, high in bounds(cube, hidden).values():
        assert high - low >= least - 1e-4


def test_a_group_that_few_weigh_down_is_hidden_too() -> None:
    cube = Cube({ALL: 90, "a": 30, "b": 30, "c": 30}, [(ALL, ["a", "b", "c"])])
    assert protect(cube, 10) == frozenset()
    assert len(protect(cube, 10, {"b"})) == 2


def test_the_least_people_are_hidden() -> None:
    table = [[3, 40, 50], [30, 12, 60], [70, 20, 80]]
    hidden = protect(crossed(table), 10)
    assert hidden == {("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")}


def test_in_a_large_cube_no_cell_can_be_bounded_either() -> None:
    rng = np.random.default_rng(3)
    cube = crossed(rng.poisson(rng.uniform(2, 40, (9, 6))).tolist())
    attacked(cube, protect(cube, 5), 5)


def three_way(size: tuple[int, int, int], seed: int) -> Cube[tuple[str, ...]]:
    """A skewed three-way table with all its totals, as an education has: sector by programme by region."""
    table = np.random.default_rng(seed).negative_binomial(1, 0.03, size)
    counts: dict[tuple[str, ...], int] = {}
    for place in np.ndindex(*size):
        for shown in product((True, False), repeat=3):
            key = tuple(f"{'abc'[d]}{place[d]}" if shown[d] else ALL for d in range(3))
            counts[key] = counts.get(key, 0) + int(table[place])
    counts = {key: n for key, n in counts.items() if n}
    parts: dict[tuple[tuple[str, ...], int], list[tuple[str, ...]]] = {}
    for key in counts:
        for d in (d for d in range(3) if key[d] != ALL):
            parts.setdefault(((*key[:d], ALL, *key[d + 1 :]), d), []).append(key)
    return Cube(counts, [(whole, cells) for (whole, _), cells in parts.items()])


def test_a_cube_of_three_ways_is_protected_too_alike_each_time_and_not_hidden_whole() -> None:
    cube = three_way((7, 6, 5), 4)
    assert len(cube.counts) > 250
    hidden = protect(cube, 10)
    small = {key for key, n in cube.counts.items() if n < 10}
    assert small < hidden and len(hidden) < 3 * len(small)
    for low, high in bounds(cube, hidden, sorted(hidden)[::4]).values():
        assert high - low >= 10 - 1e-4
    assert hidden == protect(cube, 10)


@pytest.mark.parametrize("hidden", [{("r0", "c0")}, {("r0", "c0"), ("r0", "c1")}])
def test_the_attack_finds_what_can_be_subtracted(hidden: set[Key]) -> None:
    low, high = bounds(crossed([[3, 40], [30, 50]]), hidden)["r0", "c0"]
    assert low == high == 3
