"""Advice for one person: every move has its reasons, nothing unknown passes for known, and a CV leaves no trace."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.moves import start as begin
from overstap.moves.advise import FEW, LITTLE, Wish, advise
from overstap.moves.atlas import Atlas
from overstap.moves.facts import ELSEWHERE
from overstap.moves.feasible import RULES
from overstap.moves.sectors import section_of, sectors_of, shares_by_two_digit
from overstap.moves.similarity import own_threshold, threshold
from overstap.moves.start import OWN, Start
from overstap.reference.tables import load


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def atlas(home: Path) -> Atlas:
    return Atlas.load("brc", home=home)


@pytest.fixture(scope="module")
def secretary(home: Path) -> Start:
    return begin.occupation("secretaresse", "brc", home=home)


def test_every_move_passes_every_rule_with_its_figures(atlas: Atlas, secretary: Start) -> None:
    advice = advise(atlas, secretary)
    here = advice.here
    for move in advice.moves:
        assert all(verdict == "yes" for verdict in move.rules.values())
        assert move.similarity >= advice.least_similarity
        assert move.facts["growth"] >= 0
        assert move.facts["pay_p50"] >= here["pay_p50"] - 0.1 - 1e-9  # CBS rounds to ten cents
        assert not move.licences


def test_a_near_miss_fails_one_rule_only_and_slightly_lower_pay_comes_first(atlas: Atlas, secretary: Start) -> None:
    advice = advise(atlas, secretary)
    assert advice.near
    for move in advice.near:
        assert sum(verdict in ("no", "unknown") for verdict in move.rules.values()) == 1
    now = advice.here["pay_p50"]
    little = [m.rules["pay"] == "no" and m.facts["pay_p50"] >= LITTLE * now for m in advice.near]
    assert little == sorted(little, reverse=True)
    assert all(m.facts["pay_p50"] is None or m.facts["pay_p50"] >= 0.75 * now for m in advice.near)


def test_any_pay_gives_more_moves_and_says_that_pay_was_not_asked(atlas: Atlas, secretary: Start) -> None:
    strict, free = (advise(atlas, secretary, Wish(pay=pay)) for pay in ("same", "any"))
    assert free.moves_n > strict.moves_n
    assert {move.rules["pay"] for move in free.moves} == {"not asked"}


def test_licensed_work_comes_only_where_it_is_asked_for(atlas: Atlas) -> None:
    starts = [Start("occupation", code) for code in atlas.codes]
    without, with_them = (
        [move for start in starts for move in advise(atlas, start, Wish(pay="any", licences=asked, top=50)).moves]
        for asked in (False, True)
    )
    assert not any(move.licences for move in without)
    assert any(move.licences for move in with_them)


def test_unknown_pay_of_a_goal_is_no_pass_and_no_zero(atlas: Atlas) -> None:
    at = {row["code"]: row for row in atlas.facts.to_pylist()}
    known = next(code for code, row in at.items() if row["pay_p50"] is not None)
    unknown = next(code for code, row in at.items() if row["pay_p50"] is None)
    goal = advise(atlas, Start("occupation", known), Wish(goal=unknown)).goal
    assert goal is not None
    assert goal.rules["pay"] == "unknown"
    assert goal.facts["pay_p50"] is None


def test_where_the_own_pay_is_unknown_the_pay_rule_is_not_asked(atlas: Atlas) -> None:
    rows = atlas.facts.to_pylist()
    unknown = next(row["code"] for row in rows if row["pay_p50"] is None)
    advice = advise(atlas, Start("occupation", unknown))
    assert advice.not_asked == ("pay",)
    assert all(move.rules["pay"] == "not asked" for move in advice.moves)


def test_a_goal_has_a_verdict_on_every_rule_and_ways_in_steps(atlas: Atlas, secretary: Start, home: Path) -> None:
    goal = begin.code_of("softwareontwikkelaar", "brc", home=home)
    advice = advise(atlas, secretary, Wish(goal=goal, pay="any"))
    assert advice.goal is not None
    assert set(advice.goal.rules) == set(RULES)
    for route in advice.routes:
        assert route.codes[0] == secretary.code
        assert route.codes[-1] == goal
        assert len(route.months) == len(route.codes) - 1
    with pytest.raises(InputError, match="start from"):
        advise(atlas, secretary, Wish(goal=secretary.code))


def test_ways_are_looked_for_only_where_direct_moves_are_few(atlas: Atlas) -> None:
    for code in atlas.codes[:40]:
        advice = advise(atlas, Start("occupation", code))
        if advice.moves_n >= FEW:
            assert advice.routes == ()


def test_few_skills_of_ones_own_have_bounds_of_their_own() -> None:
    for level in ("esco", "isco", "brc"):
        for unit in ("groups", "skills"):
            bounds = [own_threshold(unit, level, n) for n in (1, 4, 6, 32, 99)]
            mediums = [bound.medium for bound in bounds]
            assert mediums == sorted(mediums) and mediums[1] < mediums[2] < mediums[3] == mediums[4]
            assert mediums[0] == mediums[1] < threshold(unit, level).medium
            assert all(bound.medium < bound.high for bound in bounds)


def test_missing_parts_add_up_and_named_skills_are_not_those_held(atlas: Atlas, secretary: Start) -> None:
    for move in advise(atlas, secretary, Wish(pay="any")).moves:
        assert 0 <= move.missing <= 1
        assert sum(move.lacking.values()) == pytest.approx(move.missing)
        held = {skill.id for skill in move.shared}
        assert not held & {skill.id for unit in move.units for skill in unit.skills}
        assert move.effort.months[0] <= move.effort.months[1] <= move.effort.months[2]


def test_a_sector_keeps_only_work_that_is_found_there(atlas: Atlas, secretary: Start) -> None:
    advice = advise(atlas, secretary, Wish(pay="any", sector="Q", top=50))
    assert advice.moves
    assert all(dict(move.sectors)["Q"] >= 0.05 for move in advice.moves)
    assert advice.moves_n < advise(atlas, secretary, Wish(pay="any", top=50)).moves_n


def test_own_figures_take_the_place_of_bundled_ones(home: Path, secretary: Start) -> None:
    own = {"openings": pa.table({"code": ["0434"], "openings": [7.0]})}
    atlas = Atlas.load("brc", own, home=home)
    goal = advise(atlas, secretary, Wish(goal="0434")).goal
    assert goal is not None
    assert (goal.facts["openings"], goal.facts["openings_source"]) == (7.0, "own")


def test_advice_is_json_without_what_json_does_not_know(atlas: Atlas, secretary: Start) -> None:
    text = json.dumps(advise(atlas, secretary).as_json(), allow_nan=False)
    assert json.loads(text)["here"]["code"] == secretary.code


def test_groups_of_other_countries_are_no_advice(home: Path) -> None:
    atlas = Atlas.load("isco", home=home)
    columns = [atlas.codes.index(code) for code in ELSEWHERE]
    assert np.isnan(atlas.similar[:, columns]).all()


def test_shrinking_occupations_of_the_study_are_found_by_its_words(home: Path) -> None:
    words = ("secretaresses", "boekhoudkundig medewerker", "callcentermedewerker outbound")
    core = {r["isco08_code"] for r in load("shrinking_occupations").to_pylist() if r["scope"] == "core"}
    assert {begin.code_of(word, "isco", home=home) for word in words} <= core


def test_an_unknown_occupation_names_the_three_nearest(home: Path) -> None:
    with pytest.raises(InputError) as error:
        begin.occupation("xqzzy", "isco", home=home)
    assert error.value.why.count("'") == 6


def test_own_skills_make_a_row_of_their_own(atlas: Atlas, home: Path) -> None:
    skills = tuple(load("esco_skill_in_group")["esco_uri"].to_pylist()[:6])
    start = Start("skills", OWN, "zes", skills)
    whole = atlas.with_start(start, home)
    advice = advise(whole, start, Wish(top=50))
    assert whole.codes[-1] == OWN
    assert advice.not_asked == ("pay", "level")
    assert OWN not in {move.code for move in advice.moves}
    paid = replace(start, wage=500.0, skill_level=2)
    assert advise(atlas.with_start(paid, home), paid).moves == ()


@pytest.mark.parametrize(("text", "section"), [("Q", "Q"), ("q", "Q"), ("zorg", "Q"), ("Construction", "F")])
def test_a_sector_is_found_by_letter_or_word(text: str, section: str) -> None:
    assert section_of(text) == section


@pytest.mark.parametrize(
    ("text", "said"), [("", "no section"), ("zzz", "no section"), ("handel", "G Groot.*L Verhuur")]
)
def test_no_sector_or_more_than_one_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        section_of(text)


def test_shares_of_sectors_add_to_one() -> None:
    for shares in [*shares_by_two_digit().values(), *(s for s in sectors_of("brc").values() if s)]:
        assert sum(shares.values()) == pytest.approx(1.0)


def test_every_level_has_facts_for_all_that_it_compares(home: Path) -> None:
    from overstap.moves.crosswalk import LEVELS, codes
    from overstap.moves.facts import occupation_facts

    for level in LEVELS:
        assert set(codes(level, home)) == set(occupation_facts(level)["code"].to_pylist()), level
