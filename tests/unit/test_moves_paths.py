"""Paths in several steps, and what has to be learnt on the way."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.moves.gaps import effort, efforts, gaps, missing, missing_parts
from overstap.moves.paths import cheapest_paths
from overstap.moves.profiles import Profiles


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 3))
def test_paths_are_those_of_trying_every_walk(seed: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    moves, costs, goals = rng.random((5, 5)) < 0.6, rng.integers(0, 5, (5, 5)).astype(float), {3, 4}
    walks = []
    for length in range(1, steps + 1):
        for rest in permutations(range(1, 5), length):
            at = (0, *rest)
            pairs = list(zip(at, rest, strict=False))
            if at[-1] in goals and not goals & set(at[:-1]) and all(moves[a, b] for a, b in pairs):
                walks.append(sum(costs[a, b] for a, b in pairs))
    found = cheapest_paths(moves, costs, 0, sorted(goals), most=3, steps=steps)
    assert [path.cost for path in found] == pytest.approx(sorted(walks)[:3])
    assert all(path.at[0] == 0 and path.at[-1] in goals for path in found)


def test_no_way_out_is_an_empty_list() -> None:
    assert cheapest_paths(np.zeros((3, 3), dtype=bool), np.ones((3, 3)), 0, [2]) == []
    assert cheapest_paths(np.ones((3, 3), dtype=bool), np.ones((3, 3)), 0, [0]) == []


@pytest.fixture
def town() -> Profiles:
    """A clerk writes and files; a planner writes, plans and drives; a mute asks nothing."""
    essential = sp.csr_matrix([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.5], [0.0, 0.0, 0.0, 0.0]])
    optional = sp.csr_matrix([[0.0, 0.0, 0.0, 0.25], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    codes, skills = ("clerk", "planner", "mute"), ("write", "file", "plan", "drive")
    groups, basis = ("S1.1", "S2.1", "S4.1", "S8.1"), ("observed",) * 3
    return Profiles("isco", codes, skills, groups, essential, optional, basis, "skills")


def test_missing_is_a_part_of_what_the_goal_asks(town: Profiles) -> None:
    lacking = missing(town, 0, 1)
    assert lacking.tolist() == pytest.approx([0.0, 0.0, 1 / 2.5, 0.25 / 2.5])
    assert missing(town, 0, 2).sum() == 0
    assert missing_parts(town)[0].tolist() == pytest.approx([0.0, 0.5, 0.0])
    assert missing_parts(town)[2, 1] == 1.0


def test_gaps_come_by_unit_with_the_largest_first(town: Profiles) -> None:
    found = gaps(town, missing(town, 0, 1))
    assert [(gap.group, gap.features) for gap in found] == [("S4.1", ("plan",)), ("S8.1", ("drive",))]


def test_who_lacks_everything_needs_the_whole_programme(town: Profiles) -> None:
    need = effort(gaps(town, missing(town, 2, 1)), 2)
    assert need.months == pytest.approx((12, 24, 36))
    assert need.eur[1] == pytest.approx(24 * 500)
    assert need.assumed == 1.0


def test_the_longest_listed_unit_gives_the_price(town: Profiles) -> None:
    row = {
        "months_low": 1.0,
        "months": 1.0,
        "months_high": 1.0,
        "eur_month_low": 1.0,
        "eur_month": 1.0,
        "eur_month_high": 1.0,
    }
    costs = pa.Table.from_pylist(
        [
            {"unit": "", "skill_level": 2, **row, "basis": "assumption", "source": "assumption"},
            {"unit": "S4", "skill_level": 2, **row, "months": 10.0, "basis": "observed", "source": "a price list"},
        ]
    )
    need = effort(gaps(town, missing(town, 0, 1)), 2, costs)
    assert need.months[1] == pytest.approx(0.4 * 10 + 0.1 * 1)
    assert need.assumed == pytest.approx(0.1 / 4.1)
    with pytest.raises(InputError, match="skill level 1"):
        efforts(town, (2, 2, 1), costs)
    with pytest.raises(InputError, match="skill level 4"):
        effort(gaps(town, missing(town, 0, 1)), 4, costs)


def test_efforts_of_all_moves_are_those_of_each(town: Profiles) -> None:
    every = efforts(town, (2, 3, 1))
    for start in range(3):
        for goal, level in ((0, 2), (1, 3)):
            one = effort(gaps(town, missing(town, start, goal)), level)
            assert [matrix[start, goal] for matrix in every.months] == pytest.approx(one.months)
            assert [matrix[start, goal] for matrix in every.eur] == pytest.approx(one.eur)
            assert every.assumed[start, goal] == pytest.approx(one.assumed)
            assert every.missing[start, goal] == pytest.approx(missing(town, start, goal).sum())
