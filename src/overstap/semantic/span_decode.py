"""From tokens to spans, compiled: weights of the features, best path, probabilities.

Two chains over the same features, one for skills, one for knowledge, since a knowledge may stand inside a skill.
Method: linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) with labels outside, begin, inside.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from overstap.ads.compiled import kernel, part
from overstap.ads.lexicon import Array
from overstap.semantic.span_scores import Memory, Weights, new_memory, score_segment
from overstap.semantic.span_tokens import MAX_SEGMENT, Tokens

_ZERO = np.uint64(0)


@kernel()
def fill_weights(keys: Array, packed: Array, table: Array) -> None:
    """Put packed weights (the lower 48 bits) under their keys into an empty table."""
    mask = np.uint64(table.shape[0] - 1)
    for k in range(keys.shape[0]):
        key = np.uint64(keys[k])
        at = key & mask
        while table[at] != _ZERO:
            at = (at + np.uint64(1)) & mask
        table[at] = (max(key >> np.uint64(16), np.uint64(1)) << np.uint64(48)) | packed[k]


class Decoder(NamedTuple):
    """Scratch of one thread."""

    memory: Memory
    score: Array  # float32[MAX_SEGMENT, 6]
    best: Array  # float32[MAX_SEGMENT, 3]
    back: Array  # uint8[MAX_SEGMENT, 3]
    label: Array  # uint8[MAX_SEGMENT]
    ahead: Array  # float32[MAX_SEGMENT, 3]
    behind: Array  # float32[MAX_SEGMENT, 3]
    level: Array  # float32[MAX_SEGMENT, 3]
    factor: Array  # float32[3, 3]


@part
def _best_path(lo: int, size: int, layer: int, moves: Array, work: Decoder) -> bool:
    """The labels of the best path (Viterbi) into `work.label`; gives whether it holds a span."""
    score, best, back, base = work.score, work.best, work.back, 3 * layer
    for label in range(3):
        best[0, label] = score[0, base + label]
    best[0, 2] = -1e9
    for t in range(1, size):
        for label in range(3):
            top, chosen = best[t - 1, 0] + moves[layer, 0, label], 0
            for other in range(1, 3):
                value = best[t - 1, other] + moves[layer, other, label]
                if value > top:
                    top, chosen = value, other
            best[t, label] = top + score[t, base + label]
            back[t, label] = chosen
    here, found = 0, False
    for label in range(1, 3):
        if best[size - 1, label] > best[size - 1, here]:
            here = label
    for t in range(size - 1, -1, -1):
        work.label[t] = here
        found = found or here > 0
        here = int(back[t, here]) if t > 0 else here
    return found


@part
def _marginals(size: int, layer: int, moves: Array, work: Decoder) -> None:
    """The probability that each token is inside a span (forward–backward), into `work.behind[:, 0]`."""
    score, ahead, behind, level, base = work.score, work.ahead, work.behind, work.level, 3 * layer
    factor = work.factor
    for label in range(3):
        for other in range(3):
            factor[label, other] = np.exp(moves[layer, label, other])
    for t in range(size):
        top = max(score[t, base], score[t, base + 1], score[t, base + 2])
        total = np.float32(0)
        for label in range(3):
            value = np.float32(0)
            if t == 0:
                value = np.float32(1 if label < 2 else 0)
            else:
                for other in range(3):
                    value += ahead[t - 1, other] * factor[other, label]
            level[t, label] = np.exp(score[t, base + label] - top)
            ahead[t, label] = value * level[t, label]
            total += ahead[t, label]
        for label in range(3):
            ahead[t, label] /= total
    last = size - 1
    for label in range(3):
        behind[last, label] = 1
    for t in range(last - 1, -1, -1):
        total = np.float32(0)
        for label in range(3):
            value = np.float32(0)
            for other in range(3):
                value += factor[label, other] * level[t + 1, other] * behind[t + 1, other]
            behind[t, label] = value
            total += value
        for label in range(3):
            behind[t, label] /= total
    for t in range(size):
        outside, total = ahead[t, 0] * behind[t, 0], np.float32(0)
        for label in range(3):
            total += ahead[t, label] * behind[t, label]
        behind[t, 0] = 1 - outside / total


@kernel()
def decode(
    tk: Tokens, first: Array, n_segments: int, n: int, wanted: Array, classes: Array, weights: Weights, work: Decoder,
    spans: Array, scores: Array,
) -> int:  # fmt: skip
    """Find the spans of the segments that are wanted: int32[3, n] of layer, first and last token, and the mean
    probability of their tokens to be inside one, ordered by segment, layer and place. Gives their number."""
    found = 0
    for s in range(n_segments):
        if not wanted[s]:
            continue
        lo = first[s]
        hi = first[s + 1] if s + 1 < n_segments else n
        score_segment(tk, lo, hi, classes, weights, work.memory, work.score)
        for layer in range(2):
            if not _best_path(lo, hi - lo, layer, weights.moves, work):
                continue
            _marginals(hi - lo, layer, weights.moves, work)
            t = 0
            while t < hi - lo:
                if work.label[t] != 1:
                    t += 1
                    continue
                stop, total = t + 1, work.behind[t, 0]
                while stop < hi - lo and work.label[stop] == 2:
                    total += work.behind[stop, 0]
                    stop += 1
                spans[0, found], spans[1, found], spans[2, found] = layer, lo + t, lo + stop - 1
                scores[found] = total / (stop - t)
                found += 1
                t = stop
    return found


def new_decoder() -> Decoder:
    """Fresh scratch for one thread."""
    best, ahead, behind, level = (np.zeros((MAX_SEGMENT, 3), np.float32) for _ in range(4))
    return Decoder(
        memory=new_memory(),
        score=np.zeros((MAX_SEGMENT, 6), np.float32),
        best=best,
        back=np.zeros((MAX_SEGMENT, 3), np.uint8),
        label=np.zeros(MAX_SEGMENT, np.uint8),
        ahead=ahead,
        behind=behind,
        level=level,
        factor=np.zeros((3, 3), np.float32),
    )
