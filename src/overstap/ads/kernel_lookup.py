"""The compiled look-ups of the token pass: a folded token, eight bytes a word, in the vocabulary of a `FormIndex`,
and the children of a node of its trie."""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.compiled import inlined, part
from overstap.ads.compounds import LEAST_PART, LINK_BYTES
from overstap.ads.lexicon import FEW_CHILDREN, GOLDEN, HASH_START, PART, STAND_IN, Array, IndexArrays
from overstap.ads.tokens import MAX_TOKEN_BYTES

_OFFSET, _GOLDEN = np.uint64(HASH_START), np.uint64(GOLDEN)
_ZERO, _ONE, _BYTE, _LOW_HALF = np.uint64(0), np.uint64(1), np.uint64(255), np.uint64(0xFFFFFFFF)
_S6, _S24, _S32, _S56 = np.uint64(6), np.uint64(24), np.uint64(32), np.uint64(56)
_SIX_BITS = np.uint64(63)
_LINKS = np.array([[len(link), int.from_bytes(link, "little")] for link in LINK_BYTES], np.int64)


@inlined
def keep(words: Array, place: int, word: Any, value: Any) -> Any:
    """Store a word of the token where there is room, and give the hash with it."""
    if place < MAX_TOKEN_BYTES // 8:
        words[place] = word
    value = (value ^ word) * _GOLDEN
    return value ^ (value >> _S32)


@inlined
def find(value: Any, words: Array, n: int, slots: Array, known: Array, starts: Array) -> int:
    """The id of the token whose folded bytes are the first `n` of `words`; -1 where there is none. The first word is
    compared in the slot itself; a word whose top byte is 0 is the whole token."""
    mask = np.uint64(slots.shape[0] - 1)
    at = value & mask  # the hash has its high half folded in
    while True:
        word = slots[at, 0]
        if word == _ZERO:
            return -1
        if word == words[0]:
            token = int(np.int64(slots[at, 1] >> _S32))
            if word >> _S56 == _ZERO:
                return token
            place = slots[at, 1] & _LOW_HALF
            k = starts[place]
            if starts[place + _ONE] - k == n:
                same = True
                for j in range(1, n):
                    if known[k + j] != words[j]:
                        same = False
                        break
                if same:
                    return token
        at = (at + _ONE) & mask


@part
def find_compound(words: Array, other: Array, size: int, ix: IndexArrays) -> tuple[int, int]:
    """The first part of a compound, marked PART, and how many bytes stand behind it; (-1, 0) where it is none."""
    tail = _ZERO
    for k in range(size - 4, size):
        tail |= ((words[k >> 3] >> np.uint64(8 * (k & 7))) & _BYTE) << np.uint64(8 * (k - size + 4))
    bucket = int(np.int64((tail * _GOLDEN) >> _S56))
    for head in range(ix.head_start[bucket], ix.head_start[bucket + 1]):
        length = int(np.int64(ix.heads[head, 0]))
        rest = size - length
        if rest < LEAST_PART:
            continue
        same = True
        for j in range((length + 7) >> 3):
            if eight_from(words, rest + 8 * j, size) != ix.heads[head, 1 + j]:
                same = False
                break
        if not same:
            continue
        for link in range(_LINKS.shape[0]):
            stop = rest - _LINKS[link, 0]
            if stop < LEAST_PART or eight_from(words, stop, rest) != np.uint64(_LINKS[link, 1]):
                continue
            token = find_slice(words, other, 0, stop, ix.slots, ix.words, ix.word_start)
            if token >= 0 and token & STAND_IN == 0 and ix.is_part[token]:
                return token | PART, size - stop
    return -1, 0


@inlined
def eight_from(words: Array, start: int, stop: int) -> Any:
    """Up to eight bytes of a token from place `start`, as one word."""
    word = _ZERO
    for k in range(8):
        place = start + k
        if place < stop:
            word |= ((words[place >> 3] >> np.uint64(8 * (place & 7))) & _BYTE) << np.uint64(8 * k)
    return word


@inlined
def find_slice(words: Array, other: Array, front: int, stop: int, slots: Array, known: Array, starts: Array) -> int:
    """The id of the token that bytes `front` to `stop` of a token are; -1 where there is none."""
    value, n = _OFFSET, (stop - front + 7) >> 3
    for j in range(n):
        value = keep(other, j, eight_from(words, front + 8 * j, stop), value)
    return find(value, other, n, slots, known, starts)


@part
def find_shorter(
    words: Array, other: Array, dotted: int, body: int, size: int, slots: Array, known: Array, starts: Array
) -> tuple[int, int, int]:
    """Readings of a token that is not in the vocabulary whole: (token, bytes cut in front, bytes cut behind)."""
    for reading in range(3):
        front = 1 if reading > 0 else 0
        stop = size if reading == 1 else body
        if front > dotted or (stop == size and front == 0) or stop > MAX_TOKEN_BYTES:
            continue
        token = find_slice(words, other, front, stop, slots, known, starts)
        if token >= 0:
            return token, front, size - stop
    return -1, 0, 0


@inlined
def child_of(node: int, token: int, ix: IndexArrays) -> int:
    """The child of `node` that `token` leads to; -1 where there is none."""
    if not may_lead(node, token, ix.edge_bits):
        return -1
    low, high = int(np.int64(ix.nodes[node, 0] >> _S32)), int(np.int64(ix.nodes[node + 1, 0] >> _S32))
    wanted = np.uint64(token)
    if high - low <= FEW_CHILDREN:
        for child in range(low, high):
            if ix.nodes[child, 0] & _LOW_HALF == wanted:
                return child
        return -1
    mask = np.uint64(ix.edges.shape[0] - 1)
    at = (_edge(node, token) >> _S32) & mask
    while True:
        child = int(np.int64(ix.edges[at]))
        if child < 0 or (low <= child < high and ix.nodes[child, 0] & _LOW_HALF == wanted):
            return child
        at = (at + _ONE) & mask


@inlined
def _edge(node: int, token: int) -> Any:
    """The hash of an edge of the trie."""
    return ((np.uint64(node) << _S32) | np.uint64(token)) * _GOLDEN


@inlined
def may_lead(node: int, token: int, bits: Array) -> bool:
    """Whether `token` may lead to a child of `node`; false is certain."""
    bit = (_edge(node, token) >> _S24) & np.uint64(bits.shape[0] * 64 - 1)
    return bool((bits[bit >> _S6] >> (bit & _SIX_BITS)) & _ONE != _ZERO)
