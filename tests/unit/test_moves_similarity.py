"""The combined score, its thresholds, and what it says with nothing installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from overstap.moves.crosswalk import LEVELS
from overstap.moves.gaps import covering, efforts
from overstap.moves.profiles import profiles
from overstap.moves.similarity import Similarity, Threshold, bands, combine, similarity, threshold, weights
from overstap.moves.skill_meaning import MIDPOINT, SLOPE, SkillMeaning, stand_ins


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Similarity:
    home = tmp_path_factory.mktemp("home")
    return similarity(profiles("isco", home), home=home)


def test_the_combined_score_is_the_weighted_mean_of_what_is_known() -> None:
    one, names = np.array([[1.0, 0.2]]), np.array([[1.0, np.nan]])
    found = combine({"cosine": one, "names": names}, {"cosine": 0.25, "names": 0.75})
    np.testing.assert_allclose(found, [[1.0, 0.2]])
    found = combine({"cosine": np.array([[np.nan]]), "names": np.array([[0.9]])}, {"cosine": 0.25, "names": 0.75})
    assert np.isnan(found[0, 0])  # a name alone says nothing of what is asked


def test_thresholds_are_mean_less_one_deviation_of_the_groups() -> None:
    scores = np.array(
        [[1.0, 0.6, 0.1, 0.1], [0.8, 1.0, 0.1, 0.1], [0.1, 0.1, 1.0, 0.3], [0.1, 0.1, 0.3, 1.0]]
    )  # group means .7 and .3: mean .5, deviation .2
    found = bands(scores, ["x", "x", "y", "y"], ["x", "x", "", "z"])
    assert found == Threshold(pytest.approx(0.3), pytest.approx(0.7))  # type: ignore[arg-type]
    assert [found.band(score) for score in (0.9, 0.5, 0.1, np.nan)] == ["high", "medium", "low", None]


def test_the_bundled_weights_add_to_one_and_none_is_negative() -> None:
    for unit in ("skills", "groups", "ads"):
        found = weights(unit).values()
        assert sum(found) == pytest.approx(1, abs=1e-3) and min(found) >= 0
        for level in LEVELS:
            limit = threshold(unit, level)
            assert 0 < limit.medium <= limit.high < 1


def test_every_pair_of_unit_groups_is_rated_within_bounds(units: Similarity) -> None:
    assert units.combined.shape == (436, 436) and not np.isnan(units.combined).any()
    assert ((units.combined >= 0) & (units.combined <= 1 + 1e-12)).all()
    np.testing.assert_allclose(np.diag(units.combined), 1.0)
    assert not np.allclose(units.combined, units.combined.T)


def test_a_secretary_is_nearer_to_an_office_clerk_than_to_a_bricklayer(units: Similarity) -> None:
    place = {code: i for i, code in enumerate(units.codes)}
    clerk, mason = (units.combined[place["4120"], place[code]] for code in ("4110", "7112"))
    assert units.threshold.band(clerk) == "high" and units.threshold.band(mason) == "low"


def test_some_origins_have_the_scores_they_have_among_all(units: Similarity, tmp_path: Path) -> None:
    # 2240 is allocated: its scores are the mean of those of its kin.
    asked = ("4120", "2240", "7112")
    some = similarity(profiles("isco", tmp_path), asked, tmp_path)
    rows = [units.codes.index(code) for code in asked]
    np.testing.assert_allclose(some.combined, units.combined[rows], atol=1e-12)
    assert some.origins == asked


def test_an_allocated_occupation_scores_as_its_kin_do(tmp_path: Path, units: Similarity) -> None:
    p = profiles("isco", tmp_path)
    lost = p.codes.index("2240")
    kin, other = list(p.kin[lost]), p.codes.index("4120")
    found = units.components["jaccard"]
    assert found[lost, other] == pytest.approx(found[kin, other].mean())
    assert found[other, lost] == pytest.approx(found[other, kin].mean())
    assert found[lost, lost] == 1


def test_a_group_without_a_profile_is_not_rated(tmp_path: Path) -> None:
    found = similarity(profiles("brc", tmp_path), home=tmp_path)
    lost = found.codes.index("1311")
    assert np.isnan(found.combined[lost]).all() and np.isnan(found.combined[:, lost]).all()


def test_skills_stand_in_for_each_other_by_a_sigmoid_of_their_cosine() -> None:
    angle = np.arccos([1.0, MIDPOINT, 0.3])
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    near = SkillMeaning.of_vectors(vectors).near.toarray()
    assert near[0, 1] == pytest.approx(0.5, abs=1e-4) and near[0, 2] == 0
    np.testing.assert_array_equal(np.diag(near), 1)
    cosine = float(vectors[1] @ vectors[2])
    assert near[1, 2] == pytest.approx(1 / (1 + np.exp(SLOPE * (MIDPOINT - cosine))), rel=1e-3)


def test_what_learning_takes_is_the_same_before_and_after_the_moves_are_rated() -> None:
    """To the last bit: a first run rates the moves, later ones take the scores from the cache."""
    asked = profiles("brc")
    before = efforts(covering(asked, stand_ins(asked)), [2] * len(asked.codes))
    similarity(asked)
    after = efforts(covering(asked, stand_ins(asked)), [2] * len(asked.codes))
    for one, other in zip(before.months, after.months, strict=True):
        assert one.sum() > 0 and one.tobytes() == other.tobytes()
