"""Training of the span tagger's conditional random fields: AdaGrad over segments, with dropped features.

Both chains (skill, knowledge) share the features of a token. Dropping features at random while training keeps the model
from leaning on single words, so that it carries over to words it has not seen and to the other language (Wager, Wang
and Liang 2013). The weights are averaged over the second half of the epochs and over seeds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Array = npt.NDArray[Any]
LABELS = 3  # outside, begin, inside
IMPOSSIBLE = -30.0  # inside behind outside


@njit(nogil=True, fastmath=True, cache=True)
def _epoch(
    weights: Array, squares: Array, moves: Array, move_squares: Array, ids: Array, low: Array, high: Array,
    order: Array, gold: Array, rate: float, drop: Array, importance: Array, seed: int,
) -> None:  # fmt: skip
    np.random.seed(seed)
    width, longest = ids.shape[1], 1
    for s in range(low.shape[0]):
        longest = max(longest, high[s] - low[s])
    score = np.zeros((longest, 6), np.float32)
    slope = np.zeros((longest, 6), np.float32)
    ahead = np.zeros((longest, 3), np.float32)
    behind = np.zeros((longest, 3), np.float32)
    total = np.zeros(longest, np.float32)
    used = np.zeros((longest, width), np.int32)
    factor, move_slope = np.zeros((3, 3), np.float32), np.zeros((3, 3), np.float32)
    for place in range(order.shape[0]):
        s = order[place]
        lo, size, share = low[s], high[s] - low[s], importance[s]
        for t in range(size):
            for label in range(6):
                score[t, label] = 0
            for f in range(width):
                d = ids[lo + t, f]
                if d >= 0 and np.random.random() < drop[f]:
                    d = -1
                used[t, f] = d
                if d >= 0:
                    for label in range(6):
                        score[t, label] += weights[d, label]
        for layer in range(2):
            base = 3 * layer
            for a in range(3):
                for b in range(3):
                    factor[a, b], move_slope[a, b] = np.exp(moves[layer, a, b]), 0
            factor[0, 2] = 0
            for t in range(size):
                top = max(score[t, base], score[t, base + 1], score[t, base + 2])
                for label in range(3):
                    score[t, base + label] = np.exp(score[t, base + label] - top)
            for t in range(size):
                whole = np.float32(0)
                for label in range(3):
                    value = np.float32(1 if t == 0 and label < 2 else 0)
                    if t > 0:
                        for other in range(3):
                            value += ahead[t - 1, other] * factor[other, label]
                    ahead[t, label] = value * score[t, base + label]
                    whole += ahead[t, label]
                for label in range(3):
                    ahead[t, label] /= whole
                total[t] = whole
            for label in range(3):
                behind[size - 1, label] = 1
            for t in range(size - 2, -1, -1):
                for label in range(3):
                    value = np.float32(0)
                    for other in range(3):
                        value += factor[label, other] * score[t + 1, base + other] * behind[t + 1, other]
                    behind[t, label] = value / total[t + 1]
            for t in range(size):
                truth = gold[lo + t, layer]
                for label in range(3):
                    slope[t, base + label] = share * (ahead[t, label] * behind[t, label] - (1 if label == truth else 0))
                if t == 0:
                    continue
                before = gold[lo + t - 1, layer]
                for a in range(3):
                    for b in range(3):
                        value = ahead[t - 1, a] * factor[a, b] * score[t, base + b] * behind[t, b] / total[t]
                        move_slope[a, b] += share * (value - (1 if a == before and b == truth else 0))
            for a in range(3):
                for b in range(3):
                    value = move_slope[a, b]
                    if value != 0:
                        move_squares[layer, a, b] += value * value
                        moves[layer, a, b] -= rate * value / np.sqrt(move_squares[layer, a, b])
        for t in range(size):
            for f in range(width):
                d = used[t, f]
                if d < 0:
                    continue
                for label in range(6):
                    value = slope[t, label]
                    if abs(value) > 1e-4:
                        squares[d, label] += value * value
                        weights[d, label] -= rate * value / np.sqrt(squares[d, label])


def fit(
    ids: Array, n_features: int, low: Array, high: Array, gold: Array, drop: Array, importance: Array, *,
    epochs: int, seeds: int, rate: float = 0.2,
) -> tuple[Array, Array]:  # fmt: skip
    """Weights float32[n_features, 6] (the labels of both layers) and moves float32[2, 3, 3].

    `ids`: int32[tokens, features], −1 for none. Segments are tokens [low, high); `gold`: int8[tokens, 2] labels;
    `drop`: chance per feature to be left out; `importance`: weight per segment. The weights are scaled by what is not
    dropped, so that at use all features count.
    """
    weights_sum, moves_sum, count = np.zeros((n_features, 6)), np.zeros((2, 3, 3)), 0
    drop, importance = drop.astype(np.float32), importance.astype(np.float32)
    for seed in range(seeds):
        weights, squares = np.zeros((n_features, 6), np.float32), np.ones((n_features, 6), np.float32)
        moves, move_squares = np.zeros((2, 3, 3), np.float32), np.ones((2, 3, 3), np.float32)
        rng = np.random.default_rng(seed)
        for epoch in range(epochs):
            order = rng.permutation(len(low))
            _epoch(
                weights, squares, moves, move_squares, ids, low, high, order, gold, np.float32(rate), drop, importance,
                1000 * seed + epoch,
            )  # fmt: skip
            if epoch >= epochs // 2:
                weights_sum, moves_sum, count = weights_sum + weights, moves_sum + moves, count + 1
    keep = np.ones(n_features, np.float32)
    for column in range(ids.shape[1]):
        used = ids[:, column][ids[:, column] >= 0]
        keep[used] = 1 - drop[column]
    moves_mean = (moves_sum / count).astype(np.float32)
    moves_mean[:, 0, 2] = IMPOSSIBLE
    return (weights_sum / count * keep[:, None]).astype(np.float32), moves_mean
