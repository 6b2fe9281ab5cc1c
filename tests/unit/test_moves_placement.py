"""Placement against counting every possibility, and the rules that decide which moves there are."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError, StudyError
from overstap.moves.collective import (
    Question,
    answer,
    by_group,
    by_occupation,
    capacity,
    flows,
    headline,
    leavers,
    surface,
    worth_of_loosening,
)
from overstap.moves.facts import SCHEMA
from overstap.moves.feasible import Occupations, Rules, allowed, first_reason, verdicts
from overstap.moves.placement import most, place

small = st.integers(0, 3)


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    people = np.array(draw(st.lists(small, min_size=rows, max_size=rows)), dtype=np.int64)
    openings = np.array(draw(st.lists(small, min_size=columns, max_size=columns)), dtype=np.int64)
    cells = draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns))
    return people, openings, np.array(cells).reshape(rows, columns)


def _every_answer(people: np.ndarray, openings: np.ndarray, moves: np.ndarray) -> list[np.ndarray]:
    """All whole answers, by counting: each cell from nought to what its row and column allow."""
    ranges = [
        range(int(min(people[i], openings[j])) + 1 if moves[i, j] else 1)
        for i, j in product(range(len(people)), range(len(openings)))
    ]
    answers = (np.array(cells).reshape(moves.shape) for cells in product(*ranges))
    return [a for a in answers if (a.sum(axis=1) <= people).all() and (a.sum(axis=0) <= openings).all()]


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 2**31))
def test_placement_is_that_of_counting_every_possibility(problem: tuple[np.ndarray, ...], seed: int) -> None:
    people, openings, moves = problem
    worth = np.random.default_rng(seed).random(moves.shape)
    every = _every_answer(people, openings, moves)
    highest = max(a.sum() for a in every)
    best = [a for a in every if a.sum() == highest]
    placement = place(people, openings, moves, np.ones(moves.shape), worth)
    assert most(people, openings, moves) == highest == placement.placed
    assert placement.placed_low.tolist() == np.min([a.sum(axis=1) for a in best], axis=0).tolist()
    assert placement.placed_high.tolist() == np.max([a.sum(axis=1) for a in best], axis=0).tolist()
    assert (worth * placement.flows).sum() == pytest.approx(max((worth * a).sum() for a in best))
    assert (placement.flows.sum(axis=1) <= people).all() and (placement.flows.sum(axis=0) <= openings).all()


def test_the_same_input_gives_the_same_answer() -> None:
    people, openings = np.array([5, 5, 5]), np.array([4, 4, 4])
    moves = np.ones((3, 3), dtype=bool)
    first, second = (place(people, openings, moves).flows for _ in range(2))
    assert (first == second).all() and first.sum() == 12


def test_negative_counts_are_refused() -> None:
    with pytest.raises(StudyError, match="number 2"):
        place(np.array([1, -1]), np.array([1, 1]), np.ones((2, 2), dtype=bool))


def _facts(**columns: list[object]) -> pa.Table:
    n = len(columns["code"])
    return pa.table({field.name: pa.array(columns.get(field.name, [None] * n), field.type) for field in SCHEMA})


@pytest.fixture
def town() -> pa.Table:
    """Clerks shrink by 100 a year over five years; carers and planners grow; planners earn less, nurses ask a licence."""
    return _facts(
        code=["clerk", "carer", "planner", "nurse", "chief"],
        skill_level_min=[2, 2, 2, 2, 4],
        skill_level_max=[2, 2, 2, 2, 4],
        jobs=[1000.0, 500.0, 500.0, 500.0, 50.0],
        women=[0.8, 0.5, 0.5, 0.5, None],
        pay_p50=[20.0, None, 18.0, 25.0, 60.0],
        growth=[-0.5, 0.1, 0.1, 0.1, 0.1],
        expansion=[-100.0, 10.0, 10.0, 10.0, 1.0],
        outflow=[30.0, 10.0, 30.0, 40.0, 1.0],
        openings=[0.0, 20.0, 40.0, 50.0, 2.0],
        licences=[[], [], [], ["register"], []],
    )


def _ask(town: pa.Table, **rules: object) -> Question:
    return Question(town, np.full((5, 5), 0.6), 5, Rules(similar=0.5, **rules))  # type: ignore[arg-type]


def test_who_is_counted_changes_the_question(town: pa.Table) -> None:
    assert leavers(town, "employed", 5).tolist() == [1000, 0, 0, 0, 0]
    assert leavers(town, "net_decline", 5).tolist() == [500, 0, 0, 0, 0]
    assert leavers(town, "displaced", 5).tolist() == [350, 0, 0, 0, 0]
    assert capacity(town, 5, {"planner": 15.0}).tolist() == [0, 100, 125, 250, 10]


def test_unknown_pay_is_bounded_and_never_zero(town: pa.Table) -> None:
    row = headline(_ask(town), pays=["same"], whos=["net_decline"]).to_pylist()[0]
    assert (row["leavers"], row["placed"], row["placed_high"]) == (500, 0.0, 100)
    assert headline(_ask(town), pays=["75"], whos=["net_decline"])["placed"].to_pylist() == [200.0]


def test_each_rule_gives_its_own_reason(town: pa.Table) -> None:
    occupations = Occupations.of(town)
    similarity = np.full((5, 5), 0.6)
    same = verdicts(occupations, similarity, Rules(similar=0.5))
    assert [bool(same[r][0, 3]) for r in ("similar", "level", "licence", "outlook", "pay")] == [1, 1, 0, 1, 1]
    assert first_reason(same)[0] == "pay"
    assert not same["level"][0, 4]
    assert first_reason(verdicts(occupations, similarity, Rules(similar=0.9)))[0] == "similar"
    assert allowed(verdicts(occupations, similarity, Rules(similar=0.5, licences=True)))[0].tolist() == [0, 0, 0, 1, 0]


def test_pay_that_rounding_may_make_the_same_is_kept() -> None:
    """CBS rounds to ten cents: 24.30 after 24.40 may be the same; own figures are exact."""
    for source, passes in (("cbs_85517ned", [True, True, False]), ("own", [True, False, False])):
        pay = Occupations.of(
            _facts(code=["a", "b", "c"], pay_p50=[24.4, 24.3, 24.2], pay_source=[source] * 3, licences=[[]] * 3)
        )
        judged = verdicts(pay, np.ones((3, 3)), Rules(similar=0.5), [0])
        assert judged["pay"].tolist() == [passes]


def test_some_origins_are_judged_as_among_all(town: pa.Table) -> None:
    occupations, similar = Occupations.of(town), np.full((5, 5), 0.6)
    rules = Rules(similar=0.5, pay="75")
    every, some = verdicts(occupations, similar, rules), verdicts(occupations, similar, rules, [3, 0])
    for rule in every:
        np.testing.assert_array_equal(some[rule], every[rule][[3, 0]])


def test_what_loosening_a_bound_brings_is_found_by_solving_again(town: pa.Table) -> None:
    more = {row["bound"]: row["more"] for row in worth_of_loosening(_ask(town, pay="75")).to_pylist()}
    assert more == {"similar": 0, "level": 10, "licence": 250, "outlook": 0, "pay": 100, "capacity": 20}


def test_the_unplaced_have_a_reason_and_flows_add_up(town: pa.Table) -> None:
    question = _ask(town, pay="any")
    placement = answer(question)
    row = by_occupation(question, placement).to_pylist()[0]
    assert (row["code"], row["leavers"], row["placed"], row["reason"]) == ("clerk", 500, 300.0, "capacity")
    assert sum(f["persons"] for f in flows(question, placement).to_pylist()) == 300.0


def test_an_aim_can_come_before_the_number_placed(town: pa.Table) -> None:
    question = _ask(town, pay="any", licences=True)
    few = replace(question, who="displaced")
    kept = answer(few, "pay").flows[0]
    assert kept[3] == 250, "those who can keep their pay do so first"
    assert kept.sum() == answer(few).placed


def test_a_surface_names_its_settings(town: pa.Table) -> None:
    rows = list(surface([({"pay": pay}, _ask(town, pay=pay)) for pay in ("same", "75", "any")]))
    assert [(row["pay"], row["placed"]) for row in rows] == [("same", 0), ("75", 200), ("any", 300)]


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 2**31))
def test_bounds_hold_whatever_comes_after_the_number_placed(problem: tuple[np.ndarray, ...], seed: int) -> None:
    people, openings, moves = problem
    aim = (np.random.default_rng(seed).random(moves.shape) < 0.5).astype(float)
    placement = place(people, openings, moves, aim, np.ones(moves.shape))
    placed = placement.flows.sum(axis=1)
    assert placement.placed == most(people, openings, moves)
    assert (placement.placed_low <= placed).all() and (placed <= placement.placed_high).all()


@pytest.mark.parametrize("graduates", [{"clark": 10.0}, {"carer": None}, {"carer": -1.0}])
def test_graduates_that_cannot_be_are_refused(town: pa.Table, graduates: dict[str, float]) -> None:
    with pytest.raises(InputError):
        capacity(town, 5, graduates)


def test_groups_leave_and_are_placed_as_their_occupation(town: pa.Table) -> None:
    question = _ask(town, pay="any")
    ages = pa.table({"code": ["clerk", "clerk"], "kind": ["age"] * 2, "group": ["35+", "35-"], "share": [0.75, 0.25]})
    rows = {(r["kind"], r["group"]): r for r in by_group(question, answer(question), ages).to_pylist()}
    assert (rows["sex", "women"]["leavers"], rows["sex", "women"]["placed"]) == (400, 240)
    assert (rows["age", "35+"]["leavers"], rows["age", "35+"]["placed_pct"]) == (375, 60)
    with pytest.raises(InputError, match="clark"):
        by_group(question, answer(question), ages.set_column(0, "code", pa.array(["clark", "clerk"])))
