"""The compiled masking of names, and the compiled search for addresses and numbers that `overstap.ads.mask` then
looks at.

The search may name a kind that a text does not hold, never leave out one that it does; most texts have none.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.bits import first_out, load8, small_letters
from overstap.ads.clean_tables import CHARACTERS
from overstap.ads.compiled import ZERO, Array, kernel, part, read_character
from overstap.ads.mask_full_kernel import full_name, may_begin
from overstap.ads.mask_judge_kernel import after_trigger, before_mark, glued_name, has_labels
from overstap.ads.mask_sign_kernel import (
    EMAIL,
    LOST,
    PROFILE,
    SPELLED,
    UNSURE,
    is_profile,
    is_spelled,
    may_be_email,
    may_be_lost,
    stretch,
)
from overstap.ads.mask_tables import ADDRESS, BRACKET, CAPITAL, DIGIT, GAP, HIGH, NOTHING, SIGN, MaskTables
from overstap.ads.mask_text_kernel import is_letter, is_word, stands

_EMAIL_MARK, _PHONE_MARK, _NAME_MARK, _GLUED_MARK, _LABEL = (
    np.frombuffer(word, np.uint8) for word in (b"[EMAIL]", b"[PHONE]", b"[NAME]", b"Name [NAME] ", b"Name")
)
_REACH = 600  # bytes before and behind a name within which masking it may bring something new to light


@kernel()
def mask_rows(
    data: Array, starts: Array, ends: Array, judged: Array, t: MaskTables, out: Array, read: Array, bounds: Array,
    found: Array, counts: Array, spans: Array, spare: Array, scratch: Array,
) -> int:  # fmt: skip
    """Mask the names in each text until there are none, into `out` (three bytes for one of `data`), text i from
    `bounds[i]` on; gives the bytes written.

    A text that may hold addresses or numbers stays as it is then, with their kinds in `found`, but for the kinds that
    `judged` (uint8) tells that it does not hold. Adds names masked to `counts`. `read` is `out` for reading only, as
    `data` is: else everything would be compiled twice. `spans` (int64[3, room]), `spare` (uint8, three for each byte of
    the longest text) and `scratch` (uint8[64]) are for use inside.
    """
    written = ZERO
    for row in range(starts.shape[0]):
        bounds[row] = written
        start, end = starts[row], ends[row]
        kinds, n = _find(data, start, end, start, end, t, spans, scratch)
        kinds &= ~judged[row]
        found[row] = kinds
        if kinds or n == 0:
            written = _copied(data, start, end, out, written)
            continue
        counts[row] += n
        stop = _replaced(data, start, end, spans, n, out, written)
        found[row], n, written = _again(out, read, written, stop, t, spans, n, spare, scratch)
        counts[row] += n
    bounds[starts.shape[0]] = written
    return written


@part
def _again(
    out: Array, read: Array, start: int, end: int, t: MaskTables, spans: Array, n: int, spare: Array, scratch: Array
) -> tuple[int, int, int]:
    """Masks on where the last round changed something in `out[start:end]` until nothing is found: (kinds that may be
    there now, names masked, new end)."""
    total = ZERO
    while True:
        low, high = _changed(out, start, end, spans, n)
        kinds, n = _find(read, start, end, low, high, t, spans, scratch)
        if kinds:
            return kinds | _find(read, start, end, start, end, t, spans, scratch)[0], total, end
        if n == 0:
            return 0, total, end
        total += n
        size = _copied(out, start, end, spare, ZERO)
        end = _replaced(spare, ZERO, size, _moved(spans, n, start), n, out, start)


@part
def _changed(out: Array, start: int, end: int, spans: Array, n: int) -> tuple[int, int]:
    """Where to look again after `_replaced`, which left the places of the marks in `spans`."""
    low, high = max(start, spans[0, 0] - _REACH), min(end, spans[1, n - 1] + _REACH)
    if spans[2, 0]:
        return start, end
    while low > start and out[low] & 0xC0 == 0x80:
        low -= 1
    return low, high


@part
def _moved(spans: Array, n: int, start: int) -> Array:
    for k in range(n):
        spans[0, k] -= start
        spans[1, k] -= start
    return spans


@part
def _copied(data: Array, start: int, end: int, out: Array, at: int) -> int:
    """Copies `data[start:end]` to `out` from `at` on; gives the end of it there."""
    for i in range(start, end):
        out[at + i - start] = data[i]
    return at + end - start


@part
def _replaced(data: Array, start: int, end: int, spans: Array, n: int, out: Array, at: int) -> int:
    """Copies `data[start:end]` to `out` from `at` on with a mark for each span, and has `spans` tell where these stand;
    gives the end of it there."""
    for k in range(n):
        at = _copied(data, start, spans[0, k], out, at)
        start = spans[1, k]
        mark = _GLUED_MARK if spans[2, k] else _NAME_MARK
        spans[0, k] = at
        at = _copied(mark, ZERO, mark.shape[0], out, at)
        spans[1, k] = at
    return _copied(data, start, end, out, at)


@part
def _find(
    data: Array, start: int, end: int, low: int, high: int, t: MaskTables, spans: Array, scratch: Array
) -> tuple[int, int]:
    """(kinds, number of names) that begin between `low` and `high` in `data[start:end]`; names go to `spans`, in
    order, without those that overlap an earlier one."""
    found, n, glued = 0, ZERO, 0
    heads, near = t.names.heads, t.names.near
    i = low
    whole = low if t.anywhere else end  # the end of the last name that was found by itself; none counts before it
    open_trigger = i == start or t.beside[data[i - 1]]  # a text begins like a word behind a gap
    while i < high or open_trigger:
        if open_trigger:
            open_trigger = False
            if i + 2 >= end:
                continue
            key = np.int64(0)
            for k in range(3):
                byte = data[np.uint64(i + k)]
                key = key << 5 | (np.int64(0) if t.beside[byte] else np.int64(byte) & 31)
            if t.group[key] == 0:
                continue
            stop, strong = _trigger(data, i, end, int(t.group[key]), t)
            if stop > 0:
                since = i if strong == ADDRESS else stop
                n = after_trigger(data, since, start, end, strong == 1, t.names, spans, n, scratch)
            continue
        byte = data[np.uint64(i)]
        action = t.action[byte]
        if action == NOTHING:
            i += 1
            while i + 8 <= high:  # the rest of a word: letters in lower case ask for nothing
                run = int(np.int64(first_out(small_letters(load8(data, i)))))
                i += run
                if run < 8:
                    break
            continue
        if action == GAP:
            open_trigger = True
            if byte == 46:
                if may_be_lost(data, i, start, end):
                    found |= LOST
            elif byte == 47:
                if is_profile(data, i, start, end):
                    found |= PROFILE
            elif byte == 40 and is_spelled(data, i, end):
                found |= SPELLED
        elif action == DIGIT:
            last, kinds = stretch(data, i, start, end, t)
            found |= kinds
            i = last
        elif action == SIGN:
            if may_be_email(data, i, start, end):
                found |= EMAIL
        elif action == BRACKET:
            if is_spelled(data, i, end):
                found |= SPELLED
            if stands(data, i, end, _EMAIL_MARK) or stands(data, i, end, _PHONE_MARK):
                n = before_mark(data, i, start, end, t.names, spans, n, scratch)
        elif action == HIGH:
            if read_character(data, i, end)[0] >= CHARACTERS:
                found |= UNSURE
        elif action == CAPITAL:
            if i >= whole and may_begin(data, i, start, end, heads, near):
                stop = full_name(data, i, start, end, t.names, scratch)
                if stop and n < spans.shape[1]:
                    spans[0, n], spans[1, n], spans[2, n] = i, stop, 0
                    n += 1
                    whole = stop
            if byte == 78 and stands(data, i, end, _LABEL):
                stop = glued_name(data, i, start, end, t.names)
                if stop and n < spans.shape[1] and has_labels(data, start, end):
                    spans[0, n], spans[1, n], spans[2, n] = i, stop, 1
                    n += 1
                    glued = 1
        i += 1
    if n >= spans.shape[1]:
        found |= UNSURE
    return found, _ordered(spans, n, glued)


@part
def _ordered(spans: Array, n: int, kind: int) -> int:
    """Puts the spans of `kind` in order, the longest first of those that begin together, without those that overlap an
    earlier one; gives their number."""
    m = 0
    for k in range(n):
        if spans[2, k] != kind:
            continue
        a, b = spans[0, k], spans[1, k]
        i = m
        while i > 0 and (spans[0, i - 1] > a or (spans[0, i - 1] == a and spans[1, i - 1] < b)):
            spans[0, i], spans[1, i] = spans[0, i - 1], spans[1, i - 1]
            i -= 1
        spans[0, i], spans[1, i] = a, b
        m += 1
    n = 0
    for k in range(m):
        if n == 0 or spans[0, k] >= spans[1, n - 1]:
            spans[0, n], spans[1, n], spans[2, n] = spans[0, k], spans[1, k], kind
            n += 1
    return n


@part
def _trigger(data: Array, at: int, end: int, group: int, t: MaskTables) -> tuple[int, int]:
    """(end of the trigger of `group` at `at` with the rest of its word, whether it is strong); (0, 0) for none."""
    for word in range(t.first_trigger[group], t.first_trigger[group + 1]):
        begin = t.trigger_start[word]
        size = t.trigger_start[word + 1] - begin
        if at + size > end:
            continue
        k = 0
        while k < size:
            sign, byte = t.trigger[begin + k], data[at + k]
            if 65 <= byte <= 90:
                byte |= 32
            if byte != sign and not (t.beside[sign] and t.beside[byte]):
                break
            k += 1
        if k < size:
            continue
        stop = at + size
        if is_letter(t.trigger[begin + size - 1]):
            stop = _rest(data, stop, end, t)
        return stop, int(t.strong[word])
    return 0, 0


@part
def _rest(data: Array, at: int, end: int, t: MaskTables) -> int:
    """The end of the word that goes on at `at`, where it is one of the endings of a trigger; else 0."""
    stop = at
    while stop < end and is_letter(data[stop]):
        stop += 1
    if stop < end and is_word(data, stop, end, t.names):
        return 0
    if stop == at:
        return stop
    for word in range(t.rest_start.shape[0] - 1):
        begin = t.rest_start[word]
        if t.rest_start[word + 1] - begin == stop - at:
            k = 0
            while k < stop - at and data[at + k] | 32 == t.rest[begin + k]:
                k += 1
            if k == stop - at:
                return stop
    return 0
