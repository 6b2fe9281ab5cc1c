"""Each measure of similarity on a case worked out by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp

from overstap.moves import measures as m

Floats = npt.NDArray[np.float64]
# Two occupations over four skills: both ask a, the first b as well, the second c and d.
ASKED = sp.csr_matrix(np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0]]))
ONES = np.ones(4)


def near(*links: tuple[int, int, float]) -> sp.csr_matrix:
    found = np.eye(4)
    for s, t, value in links:
        found[s, t] = value
    return sp.csr_matrix(found)


def test_cosine_weighs_what_is_rare() -> None:
    assert m.cosine(ASKED, ONES)[0, 1] == pytest.approx(1 / np.sqrt(2 * 3))
    worth = np.array([2.0, 1.0, 1.0, 1.0])
    assert m.cosine(ASKED, worth)[0, 1] == pytest.approx(4 / np.sqrt((4 + 1) * (4 + 1 + 1)))


def test_jaccard_is_shared_over_either() -> None:
    assert m.jaccard(ASKED)[0, 1] == pytest.approx(1 / 4)
    parts = sp.csr_matrix(np.array([[0.5, 0.5], [0.2, 0.4]]))
    assert m.jaccard(parts)[0, 1] == pytest.approx((0.2 + 0.4) / (0.5 + 0.5))


def test_overlap_is_a_share_of_what_the_destination_asks() -> None:
    found = m.overlap(ASKED, ASKED, near())
    np.testing.assert_allclose(found, [[1, 1 / 3], [1 / 2, 1]])


def test_overlap_takes_the_best_matches_first_and_each_skill_once() -> None:
    # b stands in for c by .8 and for d by .6; it can serve one of them only.
    found = m.overlap(ASKED, ASKED, near((1, 2, 0.8), (1, 3, 0.6)))
    assert found[0, 1] == pytest.approx((1 + 0.8) / 3)
    # a itself would also do for c, by .9, but is taken by a.
    found = m.overlap(ASKED, ASKED, near((0, 2, 0.9), (1, 3, 0.6)))
    assert found[0, 1] == pytest.approx((1 + 0.6) / 3)


def test_overlap_moves_no_more_weight_than_either_side_has() -> None:
    give, ask = sp.csr_matrix([[0.25, 0.0]]), sp.csr_matrix([[1.0, 1.0]])
    asked = m.overlap(give, ask, sp.csr_matrix(np.array([[1.0, 0.5], [0.0, 1.0]])))
    assert asked[0, 0] == pytest.approx(0.25 / 2)


def test_overlap_counts_skills_by_their_worth() -> None:
    found = m.overlap(ASKED, ASKED, near(), np.array([3.0, 1.0, 1.0, 1.0]))
    np.testing.assert_allclose(found, [[1, 3 / 5], [3 / 4, 1]])


def test_activities_compare_the_second_level_of_skills_only() -> None:
    groups = ["S1.2.3", "S1.2.9", "S4.1.0", "0613"]
    asked = sp.csr_matrix(np.array([[1.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0]]))
    # S1.2: 2 and 1, S4.1: 0 and 1; knowledge (0613) is left out.
    assert m.activities(asked, groups)[0, 1] == pytest.approx(2 / (2 * np.sqrt(2)))


def test_group_cosine_damps_numbers_and_weighs_rare_groups() -> None:
    asked = sp.csr_matrix(np.array([[4.0, 1.0, 0.0], [1.0, 0.0, 1.0]]))
    # Groups x (4 and 1; in both), y (1; in one), z (1; in one). Worth: log 2 / log 3 and 1.
    x = np.log(2) / np.log(3)
    found = m.group_cosine(asked, ["x", "y", "z"])
    assert found[0, 1] == pytest.approx(2 * x * x / np.sqrt((4 * x * x + 1) * (x * x + 1)))


def test_specificity_falls_with_the_occupations_that_ask_it() -> None:
    np.testing.assert_allclose(m.specificity(ASKED), [np.log(2) / np.log(3), 1, 1, 1])


def test_meaning_has_no_negative_likeness() -> None:
    vectors = np.array([[1.0, 0.0], [1.0, 1.0], [-1.0, 0.0]])
    np.testing.assert_allclose(m.meaning(vectors)[0], [1, np.sqrt(0.5), 0])


def test_closeness_is_one_less_the_mean_difference() -> None:
    ratings = np.array([[0.0, 1.0], [0.5, 0.5], [np.nan, 0.0]])
    found = m.closeness(ratings)
    assert found[0, 1] == pytest.approx(0.5) and found[0, 0] == 1
    assert np.isnan(found[0, 2]) and np.isnan(found[2, 2])


def test_the_space_of_skills_is_the_lower_of_two_chances() -> None:
    # Four ads; every ad asks two of the skills, so each counts where its share (½) is at least its share of all (¼, ⅜, …).
    ads = sp.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1]]))
    # Skill a: ads 1–3, b: 1, 2, 4, c: 3, 4. a and b meet in two of three; a and c in one of three.
    np.testing.assert_allclose(m.skill_space(ads), [[1, 2 / 3, 1 / 3], [2 / 3, 1, 1 / 3], [1 / 3, 1 / 3, 1]])


def test_a_skill_below_its_usual_share_does_not_count_in_an_ad() -> None:
    ads = sp.csr_matrix(np.array([[1, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]]))
    # In the third ad skill a is a quarter of the skills, and half of all skills asked: RCA ½.
    assert m.skill_space(ads)[0, 1] == 0 and m.skill_space(ads)[1, 2] == 1


def test_profiles_in_the_space_of_skills() -> None:
    theta = np.array([[1.0, 0.5], [0.5, 1.0]])
    asked = sp.csr_matrix(np.array([[1.0, 0.0], [0.5, 0.5]]))
    found = m.in_skill_space(asked, theta)
    np.testing.assert_allclose(found, [[1, 0.75], [0.75, 0.75]])


@pytest.mark.parametrize("name", ["cosine", "jaccard", "overlap", "meaning", "activities"])
def test_an_empty_profile_is_not_known_rather_than_unlike(name: str) -> None:
    asked = sp.csr_matrix(np.array([[1.0, 1.0], [0.0, 0.0]]))
    found = {
        "cosine": lambda: m.cosine(asked, np.ones(2)),
        "jaccard": lambda: m.jaccard(asked),
        "overlap": lambda: m.overlap(asked, asked, sp.identity(2, format="csr")),
        "meaning": lambda: m.meaning(asked.toarray()),
        "activities": lambda: m.activities(asked, ["S1.1.1", "S2.2.2"]),
    }[name]()
    assert found[0, 0] == pytest.approx(1)
    assert np.isnan(found[1]).all() and np.isnan(found[:, 1]).all()
