"""The compiled token pass of the span tagger: tokens with their looks, what stands between them, their classes.

Tokens are those of `overstap.ads.tokens`, read by the same compiled reader, so that a token's place and span agree with
the lexicon's. Nothing here makes a Python object per token or holds the interpreter's lock.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from overstap.ads.compiled import kernel, part
from overstap.ads.kernel import _dot, _read_token, _wide
from overstap.ads.kernel_lookup import keep
from overstap.ads.lexicon import GOLDEN, HASH_START, Array
from overstap.ads.tokens import DOT, LETTER, MARK, MAX_TOKEN_BYTES, SOFT, SUFFIX, WIDE, CharTables

SPACE, HYPHEN, SLASH, AND, APOSTROPHE, COMMA, COLON, OPEN, CLOSE, QUOTE, SIGN, STOP, BULLET, LINE, ITEM = range(15)
"""What stands before a token, the strongest sign counting. From STOP on a new segment starts: ITEM is a bullet at the
start of a line, BULLET one inside it."""
MAX_SEGMENT = 256
"""Most tokens that are decoded together; a longer segment is cut."""
MAX_PHRASE = 6
"""Most tokens of a phrase of the gazetteer."""
UNKNOWN = 0
"""Class of a word that the vocabulary does not hold."""

_HASH, _GOLDEN = np.uint64(HASH_START), np.uint64(GOLDEN)
_ZERO, _BYTE = np.uint64(0), np.uint64(255)
_S32 = np.uint64(32)


class Tokens(NamedTuple):
    """One entry a token of a batch of texts. `segment`: place of the first token of its segment."""

    row: Array  # int32
    start: Array  # int32, characters
    end: Array  # int32
    word: Array  # uint64, hash of the folded token
    prefix: Array  # uint32, first four folded bytes
    suffix: Array  # uint32, last four
    shape: Array  # uint8: capital, all capitals, inner capital, digit, sign; see `_shape`
    gap: Array  # uint8
    known: Array  # int32, row in the vocabulary's classes; 0 unknown
    phrase: Array  # uint8, class of the gazetteer's phrase it stands in × 4 + place in it


class Lookup(NamedTuple):
    """Open addressing from 64-bit hash to a small number; an empty slot has hash 0."""

    keys: Array  # uint64, a power of two long
    values: Array  # int32


@kernel()
def fill_lookup(keys: Array, values: Array, slots: Array, held: Array) -> None:
    """Put hashes (their upper 32 bits) with their numbers into an empty table."""
    mask = np.uint64(slots.shape[0] - 1)
    for k in range(keys.shape[0]):
        key = np.uint64(keys[k]) | (np.uint64(1) << _S32)
        at = np.uint64(keys[k]) & mask
        while slots[at] != _ZERO:
            if slots[at] == key:
                break
            at = (at + np.uint64(1)) & mask
        if slots[at] == _ZERO:
            slots[at] = key
            held[at] = values[k]


@part
def _look(value: Any, slots: Array, held: Array) -> int:
    short = value >> _S32
    key = short | (np.uint64(1) << _S32)
    mask = np.uint64(slots.shape[0] - 1)
    at = short & mask
    while True:
        if slots[at] == key:
            return int(held[at])
        if slots[at] == _ZERO:
            return 0
        at = (at + np.uint64(1)) & mask


@part
def _gap_of(byte: int) -> int:
    if byte == 10 or byte == 13:
        return LINE
    if byte == 44:
        return COMMA
    if byte == 46 or byte == 33 or byte == 63 or byte == 59:
        return STOP
    if byte == 58:
        return COLON
    if byte == 40 or byte == 91:
        return OPEN
    if byte == 41 or byte == 93:
        return CLOSE
    if byte == 45:
        return HYPHEN
    if byte == 47:
        return SLASH
    if byte == 38:
        return AND
    if byte == 39:
        return APOSTROPHE
    if byte == 34:
        return QUOTE
    if byte <= 32 or byte == 42 or byte == 95 or byte == 35 or byte == 92 or byte == 96:
        return SPACE
    return SIGN


@part
def _gap_wide(point: int) -> int:
    if point == 0x2022 or point == 0xB7 or point == 0x2023 or 0x25A0 <= point <= 0x25FF or point == 0x27A2:
        return BULLET
    if point == 0x2713 or point == 0x2714 or point == 0x2705 or point == 0xF0B7:
        return BULLET
    if point == 0x2018 or point == 0x2019:
        return APOSTROPHE
    if point == 0x201C or point == 0x201D or point == 0x201E:
        return QUOTE
    if point == 0xA0 or point == 0x200B or point == 0x202F or point == 0x2009:
        return SPACE
    return SIGN


@part
def _shape(data: Array, first: int, end: int, signed: bool) -> int:
    """1 capital first, 2 all capitals, 4 capital inside, 8 digit, 16 `+`, `#` or `.`, 32 no letter."""
    upper, lower, digits, inner = 0, 0, 0, 0
    for i in range(first, end):
        byte = data[i]
        if 65 <= byte <= 90:
            upper += 1
            if i > first:
                inner += 1
        elif 97 <= byte <= 122 or byte >= 128:
            lower += 1
        elif 48 <= byte <= 57:
            digits += 1
    shape = 0
    if upper > inner:
        shape |= 1
    if upper > 1 and lower == 0:
        shape |= 2
    elif inner > 0:
        shape |= 4
    if digits > 0:
        shape |= 8
    if signed:
        shape |= 16
    if upper + lower == 0:
        shape |= 32
    return shape


@part
def _byte_at(words: Array, k: int) -> Any:
    return (words[k >> 3] >> np.uint64(8 * (k & 7))) & _BYTE


@part
def _bytes_of(words: Array, first: int, stop: int) -> Any:
    value = _ZERO
    for k in range(first, stop):
        value = (value << np.uint64(8)) | _byte_at(words, k)
    return value


@part
def _tail_class(words: Array, size: int, other: Array, slots: Array, held: Array) -> int:
    """The class of the longest known word of five bytes or more that an unknown word ends with: the head of a Dutch
    compound."""
    for cut in range(3, size - 4):
        value, n = _HASH, (size - cut + 7) >> 3
        for j in range(n):
            word = _ZERO
            for k in range(8):
                place = cut + 8 * j + k
                if place < size:
                    word |= _byte_at(words, place) << np.uint64(8 * k)
            value = keep(other, j, word, value)
        found = _look(value, slots, held)
        if found:
            return found
    return UNKNOWN


@kernel()
def read_tokens(
    data: Array, starts: Array, ends: Array, chars: CharTables, vocabulary: Lookup, words: Array, other: Array,
    to: Tokens,
) -> int:  # fmt: skip
    """Read the tokens of texts (bytes starts[row] … ends[row]) into `to`, which must have room for half the bytes and
    one a text; gives their number."""
    n = 0
    for row in range(starts.shape[0]):
        i, end, extra = starts[row], ends[row], starts[row]
        before, gap, last_size = 0, LINE, 9
        while i < end:
            action, width, dotted, point = int(np.int64(chars.action[data[np.uint64(i)]])), 1, 0, 0
            if action == WIDE:
                point, width, action = _wide(data, i, end, chars.page, chars.kind)
            elif action == DOT:
                action, dotted = _dot(data, i, end, before, chars.action, chars.page, chars.kind)
            if action < LETTER or action == MARK:
                byte = int(data[i])
                sign = _gap_of(byte) if width == 1 else (SPACE if action == MARK else _gap_wide(point))
                if byte == 46 and (action == SOFT or last_size == 1):
                    sign = SPACE  # node.js, i.e.
                elif gap >= LINE and (sign in (HYPHEN, BULLET) or byte in (42, 43)):
                    sign = ITEM
                if sign > gap:
                    gap = sign
                before = DOT if byte == 46 else action
                i += width
                extra += width - 1
                continue
            first, first_character = i, i - extra
            # Of an index the reader needs the character tables alone.
            i, extra, size, body, value = _read_token(data, i, end, extra, dotted, chars, words)  # type: ignore[arg-type]
            before = LETTER if size == body else SUFFIX
            kept = min(size, MAX_TOKEN_BYTES)
            to.row[n], to.start[n], to.end[n] = row, first_character, i - extra
            to.word[n] = value
            to.prefix[n] = _bytes_of(words, 0, min(4, kept))
            to.suffix[n] = _bytes_of(words, max(0, kept - 4), kept)
            to.shape[n] = _shape(data, first, i, size > body or dotted > 0)
            to.gap[n] = gap
            known = _look(value, vocabulary.keys, vocabulary.values)
            if known == UNKNOWN and 8 <= size <= MAX_TOKEN_BYTES:
                known = _tail_class(words, size, other, vocabulary.keys, vocabulary.values)
            to.known[n] = known
            to.phrase[n] = 0
            n += 1
            gap, last_size = SPACE, size
    return n


@kernel()
def mark_phrases(n: int, phrases: Lookup, to: Tokens) -> None:
    """Mark the tokens of phrases of the gazetteer, leftmost and longest; a phrase crosses no sign but soft ones."""
    at = 0
    while at < n:
        value, length, kind = _HASH, 0, 0
        for k in range(MAX_PHRASE):
            here = at + k
            if here >= n or (k > 0 and to.gap[here] > APOSTROPHE):
                break
            value = (value ^ to.word[here]) * _GOLDEN
            value ^= value >> _S32
            found = _look(value, phrases.keys, phrases.values)
            if found:
                length, kind = k + 1, found
        for k in range(length):
            place = 3 if length == 1 else (0 if k == 0 else (2 if k == length - 1 else 1))
            to.phrase[at + k] = 4 * kind + place
        at += max(1, length)


@kernel()
def segments(n: int, gap: Array, row: Array, first: Array) -> int:
    """Where segments start: at a strong sign, at a new text, and after MAX_SEGMENT tokens; gives their number."""
    count, begun = 0, 0
    for t in range(n):
        if t == 0 or row[t] != row[t - 1] or gap[t] >= STOP or t - begun == MAX_SEGMENT:
            first[count] = t
            count += 1
            begun = t
    return count


def read(texts: Any, chars: CharTables, vocabulary: Lookup, phrases: Lookup) -> Tokens:
    """The tokens of `texts` (Arrow large strings without nulls) with their classes, in order."""
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = texts.buffers()[2]
    data = np.frombuffer(raw, np.uint8) if raw is not None and raw.size else np.zeros(1, np.uint8)
    room = int(offsets[-1] - offsets[0]) // 2 + len(texts) + 1
    kinds = (np.int32, np.int32, np.int32, np.uint64, np.uint32, np.uint32, np.uint8, np.uint8, np.int32, np.uint8)
    tokens = Tokens(*(np.empty(room, kind) for kind in kinds))
    words, other = np.zeros(MAX_TOKEN_BYTES // 8, np.uint64), np.zeros(MAX_TOKEN_BYTES // 8, np.uint64)
    n = read_tokens(data, offsets[:-1].copy(), offsets[1:].copy(), chars, vocabulary, words, other, tokens)
    mark_phrases(n, phrases, tokens)
    return Tokens(*(column[:n] for column in tokens))


def split(tokens: Tokens) -> Array:
    """The places of the first tokens of the segments, int64."""
    n = len(tokens.row)
    first = np.empty(n + 1, np.int64)
    return first[: segments(n, tokens.gap, tokens.row, first)].copy()
