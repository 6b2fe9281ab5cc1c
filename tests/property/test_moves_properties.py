"""Measures of similarity over any profiles: in [0, 1], 1 on the diagonal, whatever the order of rows and columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from overstap.moves import measures as m

Floats = npt.NDArray[np.float64]
SKILLS = 6
WORTH = np.array([0.2, 1.0, 0.5, 0.7, 0.9, 0.3])
GROUPS = ["S1.1.1", "S1.1.2", "S2.1.1", "T3.1.1", "S4.4.4", "S4.4.4"]
PROFILES = st.integers(2, 6).flatmap(
    lambda n: arrays(np.float64, (n, SKILLS), elements=st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0]))
)
NEAR = arrays(np.float64, (SKILLS, SKILLS), elements=st.sampled_from([0.0, 0.0, 0.0, 0.3, 0.7]))
MEASURES: dict[str, Callable[[sp.csr_matrix, sp.csr_matrix], Floats]] = {
    "cosine": lambda asked, near: m.cosine(asked, WORTH),
    "jaccard": lambda asked, near: m.jaccard(asked),
    "overlap": lambda asked, near: m.overlap(asked, asked, near, WORTH),
    "activities": lambda asked, near: m.activities(asked, GROUPS),
    "group_cosine": lambda asked, near: m.group_cosine(asked, GROUPS),
    "meaning": lambda asked, near: m.meaning(asked.toarray()),
    "closeness": lambda asked, near: m.closeness(asked.toarray()),
}


def with_itself(near: Floats) -> sp.csr_matrix:
    found = near.copy()
    np.fill_diagonal(found, 1.0)
    return sp.csr_matrix(found)


@pytest.mark.parametrize("name", MEASURES)
@given(profiles=PROFILES, near=NEAR)
@settings(max_examples=60)
def test_within_bounds_and_wholly_like_itself(name: str, profiles: Floats, near: Floats) -> None:
    found = MEASURES[name](sp.csr_matrix(profiles), with_itself(near))
    known = ~np.isnan(found)
    assert ((found[known] >= 0) & (found[known] <= 1)).all()
    itself = np.diag(found)
    np.testing.assert_allclose(itself[~np.isnan(itself)], 1.0)
    if name != "closeness":
        assert (np.isnan(itself) == (profiles.sum(axis=1) == 0)).all()
    if name != "overlap":
        np.testing.assert_allclose(found, found.T, atol=1e-12)


@pytest.mark.parametrize("name", MEASURES)
@given(profiles=PROFILES, near=NEAR, seed=st.integers(0, 99))
@settings(max_examples=40)
def test_the_order_of_occupations_does_not_matter(name: str, profiles: Floats, near: Floats, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(profiles))
    found = MEASURES[name](sp.csr_matrix(profiles), with_itself(near))
    turned = MEASURES[name](sp.csr_matrix(profiles[order]), with_itself(near))
    np.testing.assert_allclose(turned, found[np.ix_(order, order)], atol=1e-12)


@given(profiles=PROFILES, near=NEAR, of=st.lists(st.integers(0, 1), min_size=1, max_size=3))
@settings(max_examples=40)
def test_some_origins_have_the_scores_they_have_among_all(profiles: Floats, near: Floats, of: list[int]) -> None:
    asked, rows = sp.csr_matrix(profiles), np.array(of)
    whole = m.overlap(asked, asked, with_itself(near), WORTH)
    np.testing.assert_array_equal(m.overlap(asked, asked, with_itself(near), WORTH, rows), whole[rows])
    np.testing.assert_array_equal(m.jaccard(asked, rows), m.jaccard(asked)[rows])


@given(profiles=PROFILES, near=NEAR)
@settings(max_examples=40)
def test_a_skill_more_never_covers_less(profiles: Floats, near: Floats) -> None:
    ask, more = sp.csr_matrix(profiles), profiles.copy()
    more[:, 0] = 1.0
    less_covered = m.overlap(ask, ask, sp.identity(SKILLS, format="csr"))
    covered = m.overlap(sp.csr_matrix(more), ask, sp.identity(SKILLS, format="csr"))
    known = ~np.isnan(less_covered)
    assert (covered[known] >= less_covered[known] - 1e-12).all()
