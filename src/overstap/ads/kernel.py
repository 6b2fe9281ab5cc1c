"""The compiled token pass: one walk over Arrow text buffers finds all forms of a `FormIndex`.

Definition of tokens and folding: `overstap.ads.tokens`; this module gives the same result on every string, without a
Python object per ad. The functions compile at the first call and are kept in Numba's cache on disk; they hold no lock
while they run, so threads work side by side. Reads stay within a text's own bytes whatever these are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from overstap.ads.lexicon import FNV_OFFSET, FNV_PRIME, GOLDEN, Array, IndexArrays
from overstap.ads.tokens import DIGIT, DOT, HARD, LETTER, MARK, MAX_TOKEN_BYTES, SUFFIX, WIDE

ROW, KIND, FORM, START, END, TOKEN, LAST_TOKEN = range(7)
"""Rows of the output block."""
SEGMENT = 1024
"""Most tokens held at once; a longer run without a hard break is worked off in steps."""

_OFFSET, _PRIME, _GOLDEN = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME), np.uint64(GOLDEN)
_ONE, _LOW32, _BYTE = np.uint64(1), np.uint64(0xFFFFFFFF), np.uint64(255)
_S6, _S8, _S24, _S32, _S56 = np.uint64(6), np.uint64(8), np.uint64(24), np.uint64(32), np.uint64(56)
_SIX_BITS = np.uint64(63)
_WORD = 0x30  # lowest folded byte of an ASCII letter or digit in the action table


class Segment(NamedTuple):
    """Scratch of one run: known tokens between hard breaks, and the match state of each kind."""

    token: Array
    span: Array  # int64[SEGMENT, 4]: first byte, end byte, first character, end character
    free: Array  # per kind: first token that no earlier match covers
    best_form: Array
    best_last: Array
    touched: Array
    scratch: Array  # folded bytes of the token in hand


@njit(nogil=True, cache=True)
def scan_rows(
    data: Array,
    starts: Array,
    ends: Array,
    first_row: int,
    ix: IndexArrays,
    seg: Segment,
    longest: int,
    out: Array,
    n_tokens: Array,
    votes: Array,
) -> tuple[int, int]:
    """Scan texts `first_row…`; gives (first row not done, mentions written). Stops before a row whose mentions do
    not fit in `out` any more."""
    written = 0
    for row in range(first_row, starts.shape[0]):
        end_of_row = _scan_text(data, starts[row], ends[row], row, ix, seg, longest, out, written, n_tokens, votes)
        if end_of_row < 0:
            return row, written
        written = end_of_row
    return starts.shape[0], written


@njit(nogil=True, cache=True)
def _scan_text(
    data: Array,
    start: int,
    end: int,
    row: int,
    ix: IndexArrays,
    seg: Segment,
    longest: int,
    out: Array,
    written: int,
    n_tokens: Array,
    votes: Array,
) -> int:
    scratch = seg.scratch
    i, extra = start, start  # i - extra is the character offset
    count, held, before = 0, 0, HARD  # tokens so far, tokens held in the segment, class of what stands before
    seg.free[:] = 0
    votes[row, :] = 0
    while i < end:
        action = ix.action[data[i]]
        width, dotted, starts_token = 1, 0, False
        if action >= _WORD:
            starts_token = True
        elif action == WIDE:
            point, width = _decode(data, i, end)
            action = _class(point, ix)
            starts_token = action in (LETTER, DIGIT)
        elif action == DOT:
            following = _class_at(data, i + 1, end, ix)
            if following == LETTER and before not in (LETTER, DOT):
                dotted, starts_token = 1, True
            elif not (before == LETTER and following in (LETTER, DIGIT)):
                action = HARD
        if not starts_token:
            if held > 0 and action in (HARD, SUFFIX):
                written = _match(data, row, count, held, held, ix, seg, out, written)
                if written < 0:
                    return -1
                held = 0
            if ix.action[data[i]] == DOT:
                action = DOT
            before = action
            i += width
            extra += width - 1
            continue

        # One token: fold and hash to its end, then look it up.
        token_at, token_char = i, i - extra
        size, value = 0, _OFFSET
        if dotted:
            value = (value ^ np.uint64(46)) * _PRIME
            scratch[0] = 46
            size = 1
            i += 1
        while i < end:
            byte = ix.action[data[i]]
            if byte >= _WORD:
                value = (value ^ np.uint64(byte)) * _PRIME
                if size < MAX_TOKEN_BYTES:
                    scratch[size] = byte
                size += 1
                i += 1
            elif byte == WIDE:
                point, width = _decode(data, i, end)
                wide = _class(point, ix)
                if wide not in (LETTER, DIGIT, MARK):
                    break
                if wide != MARK:
                    packed = ix.fold[int(ix.page[point >> 8]) * 256 + (point & 255)]
                    n_folded = width if packed == 0 else int(packed >> _S56)
                    for k in range(n_folded):
                        folded = np.uint64(data[i + k]) if packed == 0 else (packed >> np.uint64(8 * k)) & _BYTE
                        value = (value ^ folded) * _PRIME
                        if size < MAX_TOKEN_BYTES:
                            scratch[size] = np.uint8(folded)
                        size += 1
                i += width
                extra += width - 1
            else:
                break
        body = size
        while i < end and ix.action[data[i]] == SUFFIX:
            value = (value ^ np.uint64(data[i])) * _PRIME
            if size < MAX_TOKEN_BYTES:
                scratch[size] = data[i]
            size += 1
            i += 1
        before = LETTER if size == body else SUFFIX
        count += 1
        token, cut_front, cut_back = -1, 0, 0
        if size <= MAX_TOKEN_BYTES:
            token = _find(value, scratch, 0, size, ix)
        if token < 0 and (dotted or size > body):
            token, cut_front, cut_back = _find_shorter(scratch, dotted, body, size, ix)
        if token < 0:
            if held > 0:
                written = _match(data, row, count - 1, held, held, ix, seg, out, written)
                if written < 0:
                    return -1
                held = 0
            continue
        vote = ix.vote_row[token]
        if vote >= 0:
            for k in range(votes.shape[1]):
                votes[row, k] += ix.votes[vote, k]
        seg.token[held] = token
        seg.span[held, 0] = token_at + cut_front
        seg.span[held, 1] = i - cut_back
        seg.span[held, 2] = token_char + cut_front
        seg.span[held, 3] = i - extra - cut_back
        held += 1
        if held == SEGMENT:
            done = SEGMENT - longest + 1
            written = _match(data, row, count, held, done, ix, seg, out, written)
            if written < 0:
                return -1
            held -= done
            for k in range(held):
                seg.token[k] = seg.token[done + k]
                seg.span[k] = seg.span[done + k]
    if held > 0:
        written = _match(data, row, count, held, held, ix, seg, out, written)
    n_tokens[row] = count
    return written


@njit(nogil=True, cache=True)
def _match(
    data: Array, row: int, count: int, held: int, stop: int, ix: IndexArrays, seg: Segment, out: Array, written: int
) -> int:
    """Match from each of the first `stop` held tokens; `count` is the number of tokens up to the last held one.
    Gives the new number of mentions, -1 where `out` is full."""
    base = count - held
    capacity = out.shape[1]
    for at in range(stop):
        node = ix.root[seg.token[at]]
        if node < 0:
            continue
        last, n_touched = at, 0
        while True:
            for o in range(ix.out_start[node], ix.out_start[node + 1]):
                kind = ix.out_kind[o]
                every = ix.overlapping[kind]
                if not every and (base + at < seg.free[kind] or seg.best_last[kind] == last):
                    continue
                if ix.out_case[o] >= 0 and not _same_case(data, at, last, ix.out_case[o], ix, seg):
                    continue
                if every:
                    if written >= capacity:
                        return _abandon(seg, n_touched)
                    _emit(out, written, row, kind, ix.out_form[o], at, last, base, seg)
                    written += 1
                else:
                    if seg.best_last[kind] < 0:
                        seg.touched[n_touched] = kind
                        n_touched += 1
                    seg.best_last[kind] = last
                    seg.best_form[kind] = ix.out_form[o]
            last += 1
            if last >= held:
                break
            node = _child(node, seg.token[last], ix)
            if node < 0:
                break
        if written + n_touched > capacity:
            return _abandon(seg, n_touched)
        for k in range(n_touched):
            kind = seg.touched[k]
            _emit(out, written, row, kind, seg.best_form[kind], at, seg.best_last[kind], base, seg)
            written += 1
            seg.free[kind] = base + seg.best_last[kind] + 1
            seg.best_last[kind] = -1
    return written


@njit(nogil=True, cache=True)
def _abandon(seg: Segment, n_touched: int) -> int:
    for k in range(n_touched):
        seg.best_last[seg.touched[k]] = -1
    return -1


@njit(nogil=True, cache=True)
def _emit(out: Array, n: int, row: int, kind: int, form: int, at: int, last: int, base: int, seg: Segment) -> None:
    out[ROW, n] = row
    out[KIND, n] = kind
    out[FORM, n] = form
    out[START, n] = seg.span[at, 2]
    out[END, n] = seg.span[last, 3]
    out[TOKEN, n] = base + at
    out[LAST_TOKEN, n] = base + last


@njit(nogil=True, cache=True)
def _same_case(data: Array, at: int, last: int, case: int, ix: IndexArrays, seg: Segment) -> bool:
    k, stop = ix.case_start[case], ix.case_start[case + 1]
    for token in range(at, last + 1):
        first, end = seg.span[token, 0], seg.span[token, 1]
        if end - first > stop - k:
            return False
        for i in range(first, end):
            if data[i] != ix.case_blob[k]:
                return False
            k += 1
    return bool(k == stop)


@njit(nogil=True, cache=True)
def _child(node: int, token: int, ix: IndexArrays) -> int:
    key = (np.uint64(node) << _S32) | np.uint64(token)
    mixed = key * _GOLDEN
    bit = (mixed >> _S24) & np.uint64(ix.edge_bits.shape[0] * 64 - 1)
    if (ix.edge_bits[bit >> _S6] >> (bit & _SIX_BITS)) & _ONE == 0:
        return -1
    mask = np.uint64(ix.edges.shape[0] - 1)
    at = (mixed >> _S32) & mask
    while True:
        child = ix.edges[at, 1]
        if child == 0:
            return -1
        if ix.edges[at, 0] == key:
            return int(child) - 1
        at = (at + _ONE) & mask


@njit(nogil=True, cache=True)
def _find(value: Any, scratch: Array, first: int, stop: int, ix: IndexArrays) -> int:
    mask = np.uint64(ix.slots.shape[0] - 1)
    at = (value ^ (value >> _S32)) & mask
    tag = value >> _S32
    while True:
        slot = ix.slots[at]
        if slot == 0:
            return -1
        if slot >> _S32 == tag:
            token = int(slot & _LOW32) - 1
            k = ix.blob_start[token]
            if ix.blob_start[token + 1] - k == stop - first:
                same = True
                for i in range(stop - first):
                    if ix.blob[k + i] != scratch[first + i]:
                        same = False
                        break
                if same:
                    return token
        at = (at + _ONE) & mask


@njit(nogil=True, cache=True)
def _find_shorter(scratch: Array, dotted: int, body: int, size: int, ix: IndexArrays) -> tuple[int, int, int]:
    """Readings of a token that is not in the vocabulary whole: (token, bytes cut in front, bytes cut behind)."""
    for reading in range(3):
        front = 1 if reading > 0 else 0
        stop = size if reading == 1 else body
        if front > dotted or (stop == size and front == 0) or stop > MAX_TOKEN_BYTES:
            continue
        value = _OFFSET
        for i in range(front, stop):
            value = (value ^ np.uint64(scratch[i])) * _PRIME
        token = _find(value, scratch, front, stop, ix)
        if token >= 0:
            return token, front, size - stop
    return -1, 0, 0


@njit(nogil=True, cache=True)
def _class(point: int, ix: IndexArrays) -> int:
    return int(ix.kind[int(ix.page[point >> 8]) * 256 + (point & 255)]) if point >= 0 else HARD


@njit(nogil=True, cache=True)
def _class_at(data: Array, i: int, end: int, ix: IndexArrays) -> int:
    if i >= end:
        return HARD
    point, _ = _decode(data, i, end)
    return _class(point, ix)


@njit(nogil=True, cache=True)
def _decode(data: Array, i: int, end: int) -> tuple[int, int]:
    """Code point and width in bytes at `i`; (-1, 1) for bytes that are no UTF-8."""
    lead = int(data[i])
    if lead < 0x80:
        return lead, 1
    width = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    if lead < 0xC2 or lead > 0xF4 or i + width > end:
        return -1, 1
    point = lead & (0x7F >> width)
    for k in range(1, width):
        byte = int(data[i + k])
        if byte & 0xC0 != 0x80:
            return -1, 1
        point = (point << 6) | (byte & 0x3F)
    return (point, width) if point <= 0x10FFFF else (-1, 1)


def new_segment(n_kinds: int) -> Segment:
    """Fresh scratch for one thread."""
    kinds = max(1, n_kinds)
    return Segment(
        token=np.zeros(SEGMENT, np.int32),
        span=np.zeros((SEGMENT, 4), np.int64),
        free=np.zeros(kinds, np.int64),
        best_form=np.zeros(kinds, np.int32),
        best_last=np.full(kinds, -1, np.int64),
        touched=np.zeros(kinds, np.int64),
        scratch=np.zeros(MAX_TOKEN_BYTES, np.uint8),
    )
