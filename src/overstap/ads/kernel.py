"""The compiled token pass: one walk over Arrow text buffers finds all forms of a `FormIndex`.

Definition of tokens and folding: `overstap.ads.tokens`; this module gives the same result on every string, without a
Python object per ad. The functions compile at the first call and are kept in Numba's cache on disk; they hold no lock
while they run, so threads work side by side. Reads stay within a text's own bytes whatever these are.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from overstap.ads.bits import first_out, letters, load8
from overstap.ads.compiled import ZERO, inlined, kernel, part
from overstap.ads.compounds import LEAST_LETTERS
from overstap.ads.kernel_lookup import child_of, find, find_compound, find_shorter, keep, may_lead
from overstap.ads.kernel_state import END, FORM, KIND, LAST_TOKEN, ROW, SEGMENT, START, TOKEN, Output, Segment
from overstap.ads.lexicon import (
    ENDS,
    HASH_START,
    OUT_COUNT,
    OUT_EVERY,
    OUT_EXACT,
    OUT_KIND,
    OUT_LISTED,
    PART,
    STAND_IN,
    Array,
    IndexArrays,
)
from overstap.ads.tokens import DIGIT, DOT, HARD, LETTER, MARK, MAX_TOKEN_BYTES, SOFT, SUFFIX, WIDE

_OFFSET = np.uint64(HASH_START)
_ZERO, _ONE, _BYTE = np.uint64(0), np.uint64(1), np.uint64(255)
_S3, _S8, _S56, _S64 = (np.uint64(shift) for shift in (3, 8, 56, 64))
_LOW_HALF = np.uint64(0xFFFFFFFF)
_KIND, _EVERY, _EXACT = np.uint64(OUT_KIND), np.uint64(OUT_EVERY), np.uint64(OUT_EXACT)
_LISTED, _COUNT = np.uint64(1 << OUT_LISTED), np.uint64(OUT_COUNT)
_ID = PART - 1
_WORD, _NINE = 0x30, 0x39  # in the action table: lowest folded byte of a letter or digit, last digit
_POINT = 46
_HARD = cast(int, np.int64(HARD))


@kernel()
def scan_rows(
    data: Array, starts: Array, ends: Array, first: int, ix: IndexArrays, seg: Segment, longest: int, to: Output
) -> tuple[int, int]:
    """Scan texts `first…`; gives (first text not done, mentions written). Stops before a text whose mentions do not
    fit in `to.mentions` any more. `longest` is the number of tokens of the longest form, at least 1."""
    written = ZERO
    for row in range(first, starts.shape[0]):
        reached = _scan_text(data, starts[row], ends[row], row, ix, seg, longest, to, written)
        if reached < 0:
            return row, written
        written = reached
    return starts.shape[0], written


@inlined
def _scan_text(
    data: Array, start: int, end: int, row: int, ix: IndexArrays, seg: Segment, longest: int, to: Output, written: int
) -> int:
    """Scan one text; gives the new number of mentions, -1 where there is no room for them."""
    i, extra = start, start  # i - extra is the character offset
    count, held, base, live = (
        ZERO,
        ZERO,
        ZERO,
        ZERO,
    )  # tokens so far; tokens held, place of the first, how many may start a match
    root = -1  # node that the last held token enters
    before = _HARD  # class of what stands directly before
    for kind in range(seg.free.shape[0]):
        seg.free[kind] = 0
    for vote in range(seg.tally.shape[0]):
        seg.tally[vote] = 0
    while True:
        flush = ZERO  # held tokens to match from before going on
        if i >= end:
            flush = held
        else:
            action, width, dotted = int(np.int64(ix.action[data[np.uint64(i)]])), 1, 0
            if action == WIDE:
                _, width, action = _wide(data, i, end, ix.page, ix.kind)
            elif action == DOT:
                action, dotted = _dot(data, i, end, before, ix.action, ix.page, ix.kind)
            if action < LETTER or action == MARK:
                if action in (HARD, SUFFIX):
                    flush = held
                before = DOT if data[i] == _POINT else action
                i += width
                extra += width - 1
            else:
                first, first_character = i, i - extra
                i, extra, size, body, value = _read_token(data, i, end, extra, dotted, ix, seg.words)
                before = LETTER if size == body else SUFFIX
                token, cut_front, cut_back = -1, 0, 0
                if size <= MAX_TOKEN_BYTES:
                    token = find(value, seg.words, (size + 7) >> 3, ix.slots, ix.words, ix.word_start)
                if token < 0 and (dotted or size > body):
                    token, cut_front, cut_back = find_shorter(
                        seg.words, seg.other, dotted, body, size, ix.slots, ix.words, ix.word_start
                    )
                if token < 0 and LEAST_LETTERS <= size <= MAX_TOKEN_BYTES and size == body and not dotted:
                    token, cut_back = find_compound(seg.words, seg.other, size, ix)
                    if i - extra - first_character != i - first:
                        cut_back = 0  # not all ASCII: the span is the whole word
                count += 1
                if token < 0:
                    flush = held
                else:
                    seg.token[held] = token
                    token &= _ID
                    vote = ix.first[token, 1]
                    if vote >= 0:
                        seg.tally[vote] += 1
                    if held == 0:
                        base = count - 1
                    else:
                        seg.live[live] = held - 1
                        live += root >= 0 and (root & ENDS != 0 or may_lead(root & ~ENDS, token, ix.edge_bits))
                    root = ix.first[token, 0]
                    seg.span[held, 0] = first + cut_front
                    seg.span[held, 1] = i - cut_back
                    seg.span[held, 2] = first_character + cut_front
                    seg.span[held, 3] = i - extra - cut_back
                    held += 1
                    if held == SEGMENT:
                        flush = SEGMENT - longest + 1
        if flush > 0:
            if flush == held:
                seg.live[live] = held - 1
                live += root >= 0 and root & ENDS != 0
            if live > 0:
                written = _match(data, row, base, held, live, flush, ix, seg, to.mentions, written)
                if written < 0:
                    return -1
            held -= flush
            base += flush
            live = _shift(seg, held, live, flush) if held > 0 else 0
        elif i >= end and held == 0:
            break
    to.n_tokens[row] = count
    for name in range(to.votes.shape[1]):
        total = 0
        for vote in range(seg.tally.shape[0]):
            total += seg.tally[vote] * ix.votes[vote, name]
        to.votes[row, name] = total
    return written


@part
def _shift(seg: Segment, held: int, live: int, done: int) -> int:
    """Drop the first `done` tokens, so that `held` are left; gives how many of these may start a match."""
    for k in range(held):
        seg.token[k] = seg.token[done + k]
        for side in range(4):
            seg.span[k, side] = seg.span[done + k, side]
    n = 0
    for k in range(live):
        if seg.live[k] >= done:
            seg.live[n] = seg.live[k] - done
            n += 1
    return n


@inlined
def _read_token(
    data: Array, i: int, end: int, extra: int, dotted: int, ix: IndexArrays, words: Array
) -> tuple[int, int, int, int, Any]:
    """Read the token at `i` into `words`, folded, eight bytes a word; gives (place behind it, `extra` there, its
    bytes, its bytes without `+#`, hash). Bytes beyond the longest token are counted but not kept."""
    word, shift, full, value = _ZERO, _ZERO, 0, _OFFSET  # word in hand, bits in it, words before it, hash
    if dotted:
        word, shift = np.uint64(_POINT), _S8
        i += 1
    body = -1
    while i < end:
        byte = np.uint64(ix.action[data[np.uint64(i)]])
        packed, n_bytes, width = byte, 1, 1
        if byte >= _WORD and body < 0:
            # The common case on its own: a run of ASCII letters and digits, eight bytes at a time.
            if i + 8 <= end:
                mask, low = letters(load8(data, i))
                n_bytes = int(np.int64(first_out(mask)))
                taken = np.uint64(8 * n_bytes)
                if n_bytes < 8:
                    low &= (_ONE << taken) - _ONE
                word |= low << shift
                i += n_bytes
                if shift + taken >= _S64:
                    value = keep(words, full, word, value)
                    word = low >> (_S64 - shift) if shift > _ZERO else _ZERO
                    full += 1
                    shift -= _S64
                shift += taken
                continue
            while True:
                word |= byte << shift
                shift += _S8
                i += 1
                if shift == _S64:
                    value = keep(words, full, word, value)
                    word, shift = _ZERO, _ZERO
                    full += 1
                if i >= end:
                    break
                byte = np.uint64(ix.action[data[np.uint64(i)]])
                if byte < _WORD:
                    break
            continue
        if byte == SUFFIX:
            if body < 0:
                body = 8 * full + int(np.int64(shift >> _S3))
            packed = np.uint64(data[i])
        elif byte == WIDE and body < 0:
            point, width, wide = _wide(data, i, end, ix.page, ix.kind)
            if wide < LETTER:
                break
            packed, n_bytes = _folded(data, i, width, point, wide, ix.page, ix.fold)
        else:
            break
        for _ in range(n_bytes):
            word |= (packed & _BYTE) << shift
            packed = packed >> _S8
            shift += _S8
            if shift == _S64:
                value = keep(words, full, word, value)
                word, shift = _ZERO, _ZERO
                full += 1
        i += width
        extra += width - 1
    size = 8 * full + int(np.int64(shift >> _S3))
    if shift > _ZERO:
        value = keep(words, full, word, value)
    return i, extra, size, size if body < 0 else body, value


@inlined
def _match(
    data: Array, row: int, base: int, held: int, live: int, stop: int, ix: IndexArrays, seg: Segment, out: Array,
    written: int,
) -> int:  # fmt: skip
    """Match from each of the `live` tokens among the first `stop` held ones; `base` is the place of the first of them
    in the text. Gives the new number of mentions, -1 where `out` is full."""
    capacity = out.shape[1]
    for number in range(live):
        at = seg.live[number]
        if at >= stop:
            break
        node = ix.first[seg.token[at] & _ID, 0] & ~ENDS
        last, n_touched = at, 0
        while True:
            output = ix.nodes[node, 1]
            listed = output & _LISTED != _ZERO
            first = int(np.int64(output & _LOW_HALF))
            output_end = first + (int(np.int64(output >> _COUNT)) if listed else 1)
            if last == at and seg.token[at] & STAND_IN:
                output_end = first
            for place in range(first, output_end):
                if listed:
                    output = ix.outputs[place]
                kind = int(np.int64((output >> _KIND) & _BYTE))
                every = (output >> _EVERY) & _ONE != _ZERO
                if not every and (base + at < seg.free[kind] or seg.best_last[kind] == last):
                    continue
                if (output >> _EXACT) & _ONE != _ZERO and not _same_case(
                    data, at, last, ix.out_case[place], ix.case_blob, ix.case_start, seg.span
                ):
                    continue
                form = int(np.int64(output & _LOW_HALF))
                if every:
                    if written >= capacity:
                        return _abandon(seg, n_touched)
                    _emit(out, written, row, kind, form, at, last, base, seg)
                    written += 1
                else:
                    if seg.best_last[kind] < 0:
                        seg.touched[n_touched] = kind
                        n_touched += 1
                    seg.best_last[kind] = last
                    seg.best_form[kind] = form
            last += 1
            if last >= held or (seg.token[at] | seg.token[last]) & PART:
                break
            node = child_of(node, seg.token[last] & _ID, ix)
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


@inlined
def _abandon(seg: Segment, n_touched: int) -> int:
    for k in range(n_touched):
        seg.best_last[seg.touched[k]] = -1
    return -1


@inlined
def _emit(out: Array, n: int, row: int, kind: int, form: int, at: int, last: int, base: int, seg: Segment) -> None:
    out[ROW, n] = row
    out[KIND, n] = kind
    out[FORM, n] = form
    out[START, n] = seg.span[at, 2]
    out[END, n] = seg.span[last, 3]
    out[TOKEN, n] = base + at
    out[LAST_TOKEN, n] = base + last


@part
def _same_case(data: Array, at: int, last: int, case: int, blob: Array, starts: Array, span: Array) -> bool:
    k, stop = starts[case], starts[case + 1]
    for token in range(at, last + 1):
        first, end = span[token, 0], span[token, 1]
        if end - first > stop - k:
            return False
        for i in range(first, end):
            if data[i] != blob[k]:
                return False
            k += 1
    return bool(k == stop)


@part
def _dot(data: Array, i: int, end: int, before: int, action: Array, page: Array, kind: Array) -> tuple[int, int]:
    """What a dot at `i` is: (LETTER, 1) where it begins a token, else SOFT or HARD and 0."""
    following = HARD
    if i + 1 < end:
        following = int(np.int64(action[data[i + 1]]))
        if following >= _WORD:
            following = DIGIT if following <= _NINE else LETTER
        elif following == WIDE:
            _, _, following = _wide(data, i + 1, end, page, kind)
    if following == LETTER and before not in (LETTER, DOT):
        return LETTER, 1
    return (SOFT if before == LETTER and following in (LETTER, DIGIT) else HARD), 0


@part
def _folded(data: Array, i: int, width: int, point: int, kind: int, page: Array, fold: Array) -> tuple[Any, int]:
    """The folded bytes of a code point, lowest first, and their number; a mark has none."""
    if kind == MARK:
        return _ZERO, 0
    packed = fold[int(np.int64(page[point >> 8])) * 256 + (point & 255)]
    if packed != _ZERO:
        return packed, int(np.int64(packed >> _S56))
    for k in range(width):
        packed |= np.uint64(data[i + k]) << np.uint64(8 * k)
    return packed, width


@part
def _wide(data: Array, i: int, end: int, page: Array, kind: Array) -> tuple[int, int, int]:
    """Code point, width in bytes and class at `i`; (-1, 1, HARD) for bytes that are no UTF-8."""
    lead = int(np.int64(data[i]))
    width = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    if lead < 0xC2 or lead > 0xF4 or i + width > end:
        return -1, 1, HARD
    point = lead & (0x7F >> width)
    for k in range(1, width):
        byte = int(np.int64(data[i + k]))
        if byte & 0xC0 != 0x80:
            return -1, 1, HARD
        point = (point << 6) | (byte & 0x3F)
    if point > 0x10FFFF:
        return -1, 1, HARD
    return point, width, int(np.int64(kind[int(np.int64(page[point >> 8])) * 256 + (point & 255)]))
