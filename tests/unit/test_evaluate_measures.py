"""The measures of annotated sets, worked out by hand and against scikit-learn."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from overstap.evaluate.measures import (
    NONE,
    calibration_error,
    confusion,
    mean,
    proportion,
    r_precision,
    reciprocal_rank,
    reliability,
)
from overstap.evaluate.of_skills import linked_section
from overstap.evaluate.of_titles import accuracy_by_digits


def test_r_precision_is_over_what_can_be_found() -> None:
    found = ["a", "x", "b", "y", "z", "c"]
    assert r_precision(found, {"a", "b", "c"}, 5) == pytest.approx(2 / 3)
    assert r_precision(found, {"a", "b", "c"}, 10) == 1
    assert r_precision(found, {"a"}, 5) == 1
    assert r_precision(found, set("abcdefgh"), 5) == pytest.approx(2 / 5)  # eight asked, five places
    assert r_precision([], {"a"}, 5) == 0


def test_reciprocal_rank_is_of_the_first_right_one() -> None:
    assert reciprocal_rank(["x", "b", "a"], {"a", "b"}) == 1 / 2
    assert reciprocal_rank(["x"], {"a"}) == 0


def test_reliability_by_hand() -> None:
    bins = reliability([0.05, 0.51, 0.55, 0.59, 1.0, 0.9], [False, True, False, True, True, False])
    assert [(round(b.low, 1), b.right.n) for b in bins] == [(0.0, 1), (0.5, 3), (0.9, 2)]
    assert bins[1].mean_score == pytest.approx(0.55)
    assert bins[1].right.value == pytest.approx(2 / 3)
    assert bins[1].right.low == pytest.approx(0.2077, abs=1e-4)  # Wilson, 2 of 3
    assert bins[1].right.high == pytest.approx(0.9385, abs=1e-4)
    assert calibration_error(bins) == pytest.approx((0.05 + 3 * (2 / 3 - 0.55) + 2 * 0.45) / 6)


def test_reliability_and_confusion_agree_with_scikit_learn() -> None:
    calibration = pytest.importorskip("sklearn.calibration")
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    scores = rng.random(500)
    right = rng.random(500) < scores
    bins = reliability(scores.tolist(), right.tolist())
    shares, means = calibration.calibration_curve(right, scores, n_bins=10)
    np.testing.assert_allclose([b.right.value for b in bins], shares)
    np.testing.assert_allclose([b.mean_score for b in bins], means)
    gold, found = (rng.choice(list("abc"), 200).tolist() for _ in range(2))
    counted = confusion(gold, found)
    np.testing.assert_array_equal(counted.counts[:, :-1], metrics.confusion_matrix(gold, found))


def test_confusion_holds_what_was_given_nothing() -> None:
    counted = confusion(["2", "5"], [None, "7"])
    assert counted.found == ("2", "5", "7", NONE)
    assert counted.counts.tolist() == [[0, 0, 0, 1], [0, 0, 1, 0]]


def test_intervals_hold_their_figure_and_none_is_known_of_no_case() -> None:
    estimate = mean([1, 0, 0.5, 1, 0.25])
    assert estimate.value == pytest.approx(0.55)
    assert 0 <= estimate.low < 0.55 < estimate.high <= 1
    assert mean([1, 0, 0.5, 1, 0.25]) == estimate, "the same at every run"
    assert math.isnan(mean([1.0] * 9).low), "nine alike do not say that there is no variance"
    assert math.isnan(mean([]).value) and math.isnan(proportion([]).value)


def test_codes_count_at_the_digits_that_are_known() -> None:
    shares = accuracy_by_digits(["2512", "2221", "23"], ["2511", None, "2330"])
    assert {name: (e.value, e.n) for name, e in shares.items()} == {
        "right at 4 digits": (0, 2),
        "right at 3 digits": (0.5, 2),
        "right at 2 digits": (pytest.approx(2 / 3), 3),
        "right at 1 digit": (pytest.approx(2 / 3), 3),
    }


def test_linked_sentences_are_scored_per_sentence() -> None:
    table = pa.table({"uri": ["u0", "u1", "u2", "u3"], "label_en": ["zero", "one", "two", "three"]})
    links = SimpleNamespace(
        query=np.array([0, 0, 1, 1]), skill=np.array([1, 0, 2, 3]), score=np.array([0.9, 0.6, 0.8, 0.2])
    )
    linker = SimpleNamespace(skills=table, link=lambda texts, top: links)
    asked = {"first": ["u0"], "second": ["u1", "u0"], "third": ["u9"]}
    section = linked_section("own", asked, True, linker)
    values = {name: (e.value, e.n) for name, e in section.figures}
    assert values["RP@5"] == (pytest.approx(1 / 3), 3)
    assert values["MRR (first 10)"] == (pytest.approx(0.5 / 3), 3)
    assert "1 of these URIs" in section.about
    hidden = linked_section("own", asked, False, linker)
    assert not [part for part in hidden.parts if "second" in str(part) or "first'" in str(part)]
