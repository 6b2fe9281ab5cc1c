"""Orders and agreement against brute force, published values and other packages."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, rankdata, spearmanr, studentized_range
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.regression.linear_model import OLS

from overstap.panel import aggregate, delphi
from overstap.panel.aggregate import borda, kemeny, plackett_luce
from overstap.panel.agreement import kendall_w, mean_spearman, p_value, strength
from overstap.panel.orders import Floats, places, preferences, scores

GAP = np.nan
# Ratings of the anxiety of 20 persons by three raters; R's irr::kendall(anxiety, TRUE) gives Wt = 0.54, Chisq(19) = 30.8.
ANXIETY = np.array(
    [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ],
    dtype=float,
)


def drawn(seed: int, raters: int, items: int) -> Floats:
    draw = np.random.default_rng(seed)
    return np.array([draw.permutation(items) + 1.0 for _ in range(raters)])


def test_ties_share_their_mean_place_and_gaps_the_places_that_are_left() -> None:
    given_ranks = np.array([[1.0, 2.0, 2.0, GAP, GAP]])
    assert places(given_ranks).tolist() == [[1.0, 2.5, 2.5, 4.5, 4.5]]
    unknown = places(given_ranks, "unknown")
    assert unknown[0, :3].tolist() == [1.0, 2.5, 2.5] and np.isnan(unknown[0, 3:]).all()
    assert scores(places(given_ranks)).tolist() == [[1.0, 0.625, 0.625, 0.125, 0.125]]


def test_borda_has_the_textbook_scores_of_the_tennessee_election() -> None:
    """Memphis, Nashville, Chattanooga, Knoxville: 126, 194, 173 and 107 points of 100 voters; Nashville wins."""
    ballots = [(42, (1, 2, 3, 4)), (26, (4, 1, 2, 3)), (15, (4, 3, 1, 2)), (17, (4, 3, 2, 1))]
    ranks = np.array([ranks for n, ranks in ballots for _ in range(n)], dtype=float)
    found = borda(places(ranks), 0.95)
    assert (found.score * 3 * 100).round(6).tolist() == [126, 194, 173, 107]
    assert found.rank.tolist() == [3, 1, 2, 4]
    nearest = kemeny(places(ranks))
    assert nearest is not None and nearest.rank.tolist() == [4, 1, 2, 3], "the published Kemeny order: N, C, K, M"
    assert nearest.is_unique


@given(st.integers(0, 10**6))
@settings(max_examples=15)
def test_kemeny_is_the_best_of_all_orders_and_says_whether_it_is_alone(seed: int) -> None:
    draw = np.random.default_rng(seed)
    ranks = drawn(seed, int(draw.integers(1, 8)), 5)
    ranks[draw.random(ranks.shape) < 0.25] = GAP
    ranks[0, :2] = 1.0
    above = preferences(places(ranks))
    costs = [
        sum(above[order[b], order[a]] for a in range(5) for b in range(a + 1, 5)) for order in permutations(range(5))
    ]
    found = kemeny(places(ranks))
    assert found is not None
    order = np.argsort(found.rank)
    assert sum(above[order[b], order[a]] for a in range(5) for b in range(a + 1, 5)) == found.distance == min(costs)
    assert found.is_unique == (costs.count(min(costs)) == 1)


def test_kemeny_of_twenty_two_items_is_proven() -> None:
    assert kemeny(places(drawn(3, 11, 22))) is not None


def test_where_time_runs_out_a_best_order_is_not_called_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([aggregate._solve, lambda *_: None])
    monkeypatch.setattr(aggregate, "_solve", lambda *given: next(answers)(*given))
    found = kemeny(places(drawn(1, 5, 4)))
    assert found is not None and found.is_unique is None


def test_the_error_behind_intervals_of_ranks_is_that_of_the_analysis_of_variance() -> None:
    """Tukey's range with experts as blocks; the first two items lie within it."""
    ranks = np.array([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4], [1, 2, 3, 4], [2, 1, 3, 4.0]])
    y, (who, what) = scores(places(ranks)).ravel(), np.indices(ranks.shape).reshape(2, -1)
    design = np.column_stack([np.eye(4)[what], np.eye(6)[who][:, 1:]])
    apart = studentized_range.ppf(0.95, 4, 15) * np.sqrt(OLS(y, design).fit().mse_resid / 6)
    found = borda(places(ranks), 0.95)
    above = found.score[:, None] - found.score[None, :] > apart
    assert found.rank_low.tolist() == (1 + above.sum(axis=0)).tolist() == [1, 1, 3, 4]
    assert found.rank_high.tolist() == (4 - above.sum(axis=1)).tolist() == [2, 2, 3, 4]


@pytest.mark.parametrize("raters", [5, 11])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_intervals_of_ranks_hold_all_true_ranks_at_once(raters: int, spread: float) -> None:
    """200 panels that draw from one order, or from none: then every rank is as true. Binomial: P(fewer) < 0.5 %."""
    draw, worth, held = np.random.default_rng(raters), -spread * np.arange(8), 0
    for _ in range(200):
        ranks = rankdata(-draw.gumbel(worth, size=(raters, 8)), axis=1)
        found = borda(places(ranks), 0.95)
        true = np.arange(1, 9)
        held += bool(np.all((found.rank_low <= (true if spread else 1)) & (found.rank_high >= (true if spread else 8))))
    assert held >= 182


def test_plackett_luce_equals_cox_regression_with_efron_ties() -> None:
    """An exploded logit is the partial likelihood of a Cox model with a stratum per expert (Allison & Christakis 1994)."""
    ranks = drawn(8, 12, 5)
    ranks[0], ranks[3] = [1, 1, 2, 3, 3], [1, 2, 2, 2, 3]
    times = ranks.ravel()
    who, items = np.repeat(np.arange(12), 5), np.tile(np.eye(5)[:, 1:], (12, 1))
    cox = PHReg(times, items, strata=who, ties="efron").fit()
    found = plackett_luce(ranks, 0.95, ghost=0.0)
    assert found.log[1:] - found.log[0] == pytest.approx(cox.params, abs=1e-6)


def test_plackett_luce_of_first_choices_is_their_share_and_stays_finite_with_the_ghost() -> None:
    ranks = np.full((20, 3), GAP)
    ranks[:12, 0], ranks[12:17, 1], ranks[17:, 2] = 1, 1, 1
    assert plackett_luce(ranks, 0.95, ghost=0.0).worth == pytest.approx([0.6, 0.25, 0.15], abs=1e-6)
    always = plackett_luce(np.tile([1.0, 2.0, 3.0], (11, 1)), 0.95)
    assert always.worth.sum() == pytest.approx(1) and 0.5 < always.low[0] < always.worth[0] < always.high[0] < 1


def test_what_is_not_known_counts_for_nothing_and_what_is_left_out_counts_below() -> None:
    ranks = np.array([[1, 2, GAP], [2, 1, GAP], [1, 2, GAP]], dtype=float)
    below = plackett_luce(ranks, 0.95)
    unknown = plackett_luce(ranks, 0.95, "unknown")
    assert below.worth[2] < 0.1 < unknown.worth[2]


def test_kendall_w_equals_the_published_value_of_r_and_friedmans_statistic() -> None:
    placed = places(ANXIETY)
    w = kendall_w(placed)
    assert w is not None and round(w, 2) == 0.54 and round(3 * 19 * w, 1) == 30.8
    for ranks in (ANXIETY, drawn(4, 11, 10)):
        m, n = ranks.shape
        chi2 = friedmanchisquare(*ranks.T).statistic
        assert kendall_w(places(ranks)) == pytest.approx(chi2 / (m * (n - 1)))


def test_mean_spearman_leaves_self_pairs_out_and_fits_w() -> None:
    """Without ties: mean rho = (m W − 1) / (m − 1)."""
    placed = places(drawn(5, 7, 9))
    found, w = mean_spearman(placed, 0.95), kendall_w(placed)
    pairs = [spearmanr(placed[a], placed[b]).statistic for a in range(7) for b in range(a)]
    assert found is not None and w is not None and found.low is not None and found.high is not None
    assert found.mean == pytest.approx(np.mean(pairs)) == pytest.approx((7 * w - 1) / 6)
    assert found.low < found.mean < found.high


def test_the_permutation_test_is_sure_of_agreement_and_unsure_of_noise() -> None:
    same = np.tile(np.arange(1.0, 7), (6, 1))
    assert p_value(same, 999, 1) == 0.001
    p = [p_value(places(drawn(seed, 8, 6)), 199, seed) for seed in range(60)]
    assert sum(one <= 0.05 for one in p) <= 8, "of 60 panels without agreement about 3 are called significant"


def test_experts_who_all_answer_alike_leave_no_interval() -> None:
    """Five that agree wholly are not certain that a sixth would: the jackknife sees nothing vary."""
    found = mean_spearman(places(np.tile(np.arange(1.0, 7), (5, 1))), 0.95)
    assert found is not None and (round(found.mean, 9), found.low, found.high) == (1, None, None)
    still = delphi.stability(np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 2, 3, 4, 5]), 0.95)
    assert still is not None and (still.kappa, still.low, still.high) == (1, None, None)


def test_w_is_not_known_where_nobody_tells_items_apart() -> None:
    assert kendall_w(places(np.ones((4, 3)))) is None
    assert mean_spearman(places(np.ones((4, 3))), 0.95) is None
    assert strength(0.3, 0.2) == "chance", "five experts who rank at random have a W of 0.2 on average"
    assert [strength(w, 0.01) for w in (0.1, 0.3, 0.5, 0.7, 0.9)] == [
        "very_weak", "weak", "moderate", "strong", "very_strong",
    ]  # fmt: skip


@pytest.mark.parametrize(("scale", "ends"), [((1, 5), (2, 4)), ((1, 9), (3, 7)), ((1, 4), (2, 3)), ((0, 10), (3, 7))])
def test_the_sides_of_a_scale_are_its_outer_thirds(scale: tuple[int, int], ends: tuple[int, int]) -> None:
    assert delphi.sides(*scale) == ends


def test_consensus_needs_the_threshold_on_one_side_and_few_on_the_other() -> None:
    eight_of_eleven = np.array([4.0] * 8 + [3.0] * 3)
    assert delphi.consensus(eight_of_eleven, (1, 5), 0.70) == "agree"
    assert delphi.consensus(eight_of_eleven, (1, 5), 0.75) == "none"
    assert delphi.consensus(np.array([5.0] * 8 + [1.0] * 3), (1, 5), 0.70) == "none", "three of eleven are against it"
    assert delphi.consensus(np.array([1.0] * 10 + [4.0]), (1, 5), 0.8) == "disagree"


def test_weighted_kappa_has_cohens_value() -> None:
    """Against the definition with quadratic weights on the table of the two rounds."""
    one, other = np.array([1, 1, 2, 2, 3, 3, 3, 4, 5, 5.0]), np.array([1, 2, 2, 3, 3, 3, 4, 4, 5, 4.0])
    table = np.zeros((5, 5))
    for a, b in zip(one, other, strict=True):
        table[int(a) - 1, int(b) - 1] += 0.1
    weights = np.subtract.outer(range(5), range(5)) ** 2
    expected = np.outer(table.sum(1), table.sum(0))
    assert delphi.weighted_kappa(one, other) == pytest.approx(1 - (weights * table).sum() / (weights * expected).sum())
    still = delphi.stability(one, one, 0.95)
    assert still is not None and still.kappa == 1 and still.same == 1
    flat = delphi.stability(np.full(6, 4.0), np.full(6, 4.0), 0.95)
    assert flat is not None and flat.kappa is None and flat.same == 1
