"""The scores of tokens as sums of the weights of their features, with what recurs remembered.

Almost all features of `span_features` belong to one word, to two adjacent words, to the looks of three tokens or to a
place in the segment. Their sums are kept under these, so that a token costs a few look-ups in place of 46; words and
looks recur. The sums are of whole numbers and the same as without memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from overstap.ads.compiled import inlined, part
from overstap.ads.lexicon import GOLDEN, Array
from overstap.semantic.span_features import _class, _mix, _small, _word
from overstap.semantic.span_tokens import MAX_SEGMENT, Tokens

_GOLDEN, _S32, _S16, _S8, _ZERO = np.uint64(GOLDEN), np.uint64(32), np.uint64(16), np.uint64(8), np.uint64(0)
_LANES, _ONE_HIT = np.uint64(0x00FF00FF00FF00FF), np.uint64(1 << 48)
_THREE, _TWO = np.uint64(0xFFFFFF), np.uint64(0xFFFF)

ROLES, WORDS, PAIRS, LOOKS, PLACES = 8, 1 << 13, 1 << 14, 1 << 13, 1 << 11
SELF, LEFT, RIGHT, LEFT2, RIGHT2, LEFT3, RIGHT3, FIRST = range(ROLES)
"""What a word is to the token whose score it adds to; LEFT3 stands for the third and the fourth to the left."""
_REACH = (
    (SELF, 0), (LEFT, 1), (RIGHT, -1), (LEFT2, 2), (RIGHT2, -2), (LEFT3, 3), (LEFT3, 4), (RIGHT3, -3),
)  # fmt: skip
OWN, NEXT, AFTER, AHEAD = range(4)
"""What a pair of adjacent words is to a token: it ends, begins, stands left of it, stands right of it."""
_PAIR_REACH = ((OWN, 0), (NEXT, -1), (AFTER, 1), (AHEAD, -2))


class Weights(NamedTuple):
    """The model as the decoder reads it. A slot of `table` (uint64, open addressing by the key's low bits) holds six
    weights, each a byte with 128 added, for outside, begin and inside of a skill, then of a knowledge; and in its upper
    16 bits the upper half of the key, at least 1. An empty slot is 0."""

    table: Array
    step: Array  # float32[2], what one step of a weight is worth, per layer
    outside: Array  # float32[2], added to the score of outside, per layer
    moves: Array  # float32[2, 3, 3], from label to label, per layer


class Memory(NamedTuple):
    """Sums by key, direct-mapped: a slot holds what was asked last. A sum is two words with lanes of 16 bits: the even
    and the odd of six weights, and in the highest lane of the first how many features were known."""

    word_keys: Array
    words: Array  # uint64[WORDS, ROLES, 2]
    pair_keys: Array
    pairs: Array  # uint64[PAIRS, 4, 2]
    look_keys: Array
    looks: Array  # uint64[LOOKS, 2]
    place_keys: Array
    places: Array  # uint64[PLACES, 2]
    sums: Array  # uint64[MAX_SEGMENT + 1, 2], of the tokens of the segment in hand and of what they share


def new_memory() -> Memory:
    """An empty memory, for one thread at a time."""
    columns: list[Array] = []
    for size, shape in ((WORDS, (ROLES, 2)), (PAIRS, (4, 2)), (LOOKS, (2,)), (PLACES, (2,))):
        columns += [np.zeros(size, np.uint64), np.zeros((size, *shape), np.uint64)]
    columns.append(np.zeros((MAX_SEGMENT + 1, 2), np.uint64))
    return Memory(*columns)


@part
def _add(key: Any, table: Array, to: Array) -> None:
    """Add the weights of a feature; one the model does not know adds nothing."""
    mask = np.uint64(table.shape[0] - 1)
    tag = max(key >> _S16, np.uint64(1))
    at = key & mask
    while table[at] != _ZERO:
        slot = table[at]
        if slot >> np.uint64(48) == tag:
            to[0] += (slot & _LANES & np.uint64(0xFFFFFFFFFFFF)) + _ONE_HIT
            to[1] += (slot >> _S8) & np.uint64(0x00FF00FF00FF)
            return
        at = (at + np.uint64(1)) & mask


@inlined
def _sum(source: Array, to: Array) -> None:
    to[0] += source[0]
    to[1] += source[1]


@part
def _suffix(tk: Tokens, t: int, lo: int, hi: int) -> Any:
    return np.uint64(tk.suffix[t]) if lo <= t < hi else _ZERO


@part
def _fill_word(word: Any, tk: Tokens, t: int, lo: int, hi: int, classes: Array, table: Array, sums: Array) -> None:
    """The sums of a word in each role."""
    sums[:] = _ZERO
    suffix = _suffix(tk, t, lo, hi)
    wide, fine = _class(tk, t, lo, hi, classes, 0), _class(tk, t, lo, hi, classes, 1)
    prefix = np.uint64(tk.prefix[t]) if lo <= t < hi else _ZERO
    for slot, value in ((0, word), (12, suffix), (13, suffix & _THREE), (14, suffix & _TWO), (19, prefix)):
        _add(_mix(slot, value, _ZERO), table, sums[SELF])
    for role, by_word in ((LEFT, 1), (RIGHT, 2), (LEFT2, 3), (RIGHT2, 4), (LEFT3, 9), (RIGHT3, 11), (FIRST, 42)):
        _add(_mix(by_word, word, _ZERO), table, sums[role])
    for role, slot in ((LEFT, 15), (RIGHT, 16)):
        _add(_mix(slot, suffix & _THREE, _ZERO), table, sums[role])
    for role, slot in ((SELF, 26), (LEFT, 27), (RIGHT, 28), (LEFT2, 34), (RIGHT2, 35)):
        _add(_mix(slot, wide, _ZERO), table, sums[role])
    for role, slot in ((SELF, 31), (LEFT, 32), (RIGHT, 33)):
        _add(_mix(slot, fine, _ZERO), table, sums[role])


@inlined
def _of_word(tk: Tokens, t: int, lo: int, hi: int, classes: Array, table: Array, memory: Memory) -> int:
    """The slot of the word at `t`, which may be the edge of the segment, with its sums in each role."""
    word = _word(tk, t, lo, hi)
    at = int((word * _GOLDEN >> _S32) & np.uint64(WORDS - 1))
    if memory.word_keys[at] != word:
        memory.word_keys[at] = word
        _fill_word(word, tk, t, lo, hi, classes, table, memory.words[at])
    return at


@part
def _fill_pair(
    left: Any, right: Any, tk: Tokens, t: int, lo: int, hi: int, classes: Array, table: Array, sums: Array
) -> None:
    """The sums of two words in each role."""
    sums[:] = _ZERO
    a, b = _suffix(tk, t - 1, lo, hi) & _TWO, _suffix(tk, t, lo, hi) & _TWO
    c, d = _class(tk, t - 1, lo, hi, classes, 0), _class(tk, t, lo, hi, classes, 0)
    for role, slot in ((OWN, 5), (NEXT, 6), (AFTER, 7), (AHEAD, 8)):
        _add(_mix(slot, left, right), table, sums[role])
    for role, slot in ((OWN, 17), (NEXT, 18)):
        _add(_mix(slot, a, b), table, sums[role])
    for role, slot in ((OWN, 29), (NEXT, 30)):
        _add(_mix(slot, c, d), table, sums[role])


@inlined
def _of_pair(tk: Tokens, t: int, lo: int, hi: int, classes: Array, table: Array, memory: Memory) -> int:
    """The slot of the words at `t` - 1 and `t`, one of which may be the edge, with the sums of the pair."""
    left, right = _word(tk, t - 1, lo, hi), _word(tk, t, lo, hi)
    key = (left * _GOLDEN ^ left >> _S32) * _GOLDEN + right
    at = int((key * _GOLDEN >> _S32) & np.uint64(PAIRS - 1))
    if memory.pair_keys[at] != key:
        memory.pair_keys[at] = key
        _fill_pair(left, right, tk, t, lo, hi, classes, table, memory.pairs[at])
    return at


@inlined
def _look(column: Array, t: int, lo: int, hi: int) -> Any:
    return np.uint64(_small(column, t, lo, hi))


@part
def _fill_looks(
    h0: Any, hl: Any, hr: Any, g0: Any, g1: Any, g2: Any, p0: Any, pl: Any, pr: Any, table: Array, to: Array
) -> None:
    """The sum of shapes, gaps and phrases."""
    to[:] = _ZERO
    for slot, one, two in ((21, hl, h0), (22, h0, hr), (23, h0, g0), (24, g0, g1), (25, g1, g2)):
        _add(_mix(slot, one, two), table, to)
    for slot, one, two in ((37, pl, p0), (38, p0, pr), (39, p0, h0)):
        _add(_mix(slot, one, two), table, to)
    _add(_mix(20, h0, _ZERO), table, to)
    _add(_mix(36, p0, _ZERO), table, to)


@inlined
def _of_looks(tk: Tokens, t: int, lo: int, hi: int, table: Array, memory: Memory) -> int:
    """The slot of the shapes, gaps and phrases of `t` and its neighbours."""
    h0, hl, hr = np.uint64(tk.shape[t]), _look(tk.shape, t - 1, lo, hi), _look(tk.shape, t + 1, lo, hi)
    g0, g1, g2 = np.uint64(tk.gap[t]), _look(tk.gap, t + 1, lo, hi), _look(tk.gap, t + 2, lo, hi)
    p0, pl, pr = np.uint64(tk.phrase[t]), _look(tk.phrase, t - 1, lo, hi), _look(tk.phrase, t + 1, lo, hi)
    # Shapes are below 64, gaps below 15, phrases below 64, else 255: 7, 5 and 7 bits tell them apart.
    key = np.uint64(1)
    for value in (h0, hl, hr, p0, pl, pr):
        key = key << np.uint64(7) | (value & np.uint64(127))
    for value in (g0, g1, g2):
        key = key << np.uint64(5) | (value & np.uint64(31))
    at = int((key * _GOLDEN >> _S32) & np.uint64(LOOKS - 1))
    if memory.look_keys[at] != key:
        memory.look_keys[at] = key
        _fill_looks(h0, hl, hr, g0, g1, g2, p0, pl, pr, table, memory.looks[at])
    return at


@part
def _fill_place(length: int, place: int, gap: int, wide: int, table: Array, to: Array) -> None:
    """The sum of a place in a segment."""
    to[:] = _ZERO
    for slot, value in ((40, length), (41, gap), (44, wide)):
        _add(_mix(slot, value, place), table, to)
    _add(_mix(45, _ZERO, _ZERO), table, to)


@inlined
def _of_place(length: int, place: int, gap: int, wide: int, table: Array, memory: Memory) -> int:
    """The slot of a place in a segment of so many tokens that begins with a gap and a word of a class."""
    key = np.uint64((((wide << 4 | gap) << 4 | length) << 4 | place) << 1 | 1)
    at = int((key * _GOLDEN >> _S32) & np.uint64(PLACES - 1))
    if memory.place_keys[at] != key:
        memory.place_keys[at] = key
        _fill_place(length, place, gap, wide, table, memory.places[at])
    return at


@part
def score_segment(tk: Tokens, lo: int, hi: int, classes: Array, weights: Weights, memory: Memory, out: Array) -> None:
    """The score of each label for the tokens [lo, hi) of a segment into `out`, float32[hi - lo, 6]."""
    sums, table, size = memory.sums, weights.table, hi - lo
    sums[:size] = _ZERO
    for t in range(lo - 4, hi + 3):
        word = memory.words[_of_word(tk, t, lo, hi, classes, table, memory)]
        for role, ahead in _REACH:
            if lo <= t + ahead < hi:
                _sum(word[role], sums[t + ahead - lo])
    for t in range(lo - 1, hi + 2):
        pair = memory.pairs[_of_pair(tk, t, lo, hi, classes, table, memory)]
        for role, ahead in _PAIR_REACH:
            if lo <= t + ahead < hi:
                _sum(pair[role], sums[t + ahead - lo])
    first = memory.words[_of_word(tk, lo, lo, hi, classes, table, memory), FIRST]
    opening = _mix(43, tk.word[lo], _word(tk, lo + 1, lo, hi))
    start = sums[size]
    start[0], start[1] = first[0], first[1]
    _add(opening, table, start)
    wide = _class(tk, lo, lo, hi, classes, 0)
    for t in range(lo, hi):
        to = sums[t - lo]
        _sum(start, to)
        _sum(memory.looks[_of_looks(tk, t, lo, hi, table, memory)], to)
        _sum(
            memory.places[_of_place(min(size, 12), min(t - lo, 4), _small(tk.gap, lo, lo, hi), wide, table, memory)], to
        )
        hits = 128 * int(to[0] >> np.uint64(48))
        for lane in range(3):
            shift = np.uint64(16 * lane)
            for odd in range(2):
                label = 2 * lane + odd
                steps = int((to[odd] >> shift) & _TWO) - hits
                out[t - lo, label] = steps * weights.step[label // 3]
        out[t - lo, 0] += weights.outside[0]
        out[t - lo, 3] += weights.outside[1]
