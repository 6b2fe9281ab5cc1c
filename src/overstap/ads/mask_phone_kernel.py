"""The compiled masking of phone numbers: the twin of `overstap.ads.mask_phones`, function by function.

A stretch of digits and what stands around it is copied to the row LINE, a byte for a character (`PhoneTables.signs`);
places are places in it. Where it does not fit, or a character has no sign, Python is to be asked.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads._pattern_kernel import match_at, search
from overstap.ads.compiled import ZERO, Array, kernel, part, read_character
from overstap.ads.mask_phone_tables import (
    AMERICAN,
    BARE,
    DASH,
    DATE,
    EURO,
    EXTENSION,
    INTERNATIONAL,
    NATIONAL,
    POUND,
    SAYS_NUMBER,
    SAYS_OTHER,
    SAYS_PHONE,
    TIMES,
)
from overstap.ads.mask_text_kernel import before, behind, is_digit, is_letter

_ROWS: list[int] = list(np.arange(2))
LINE, BEFORE = _ROWS
"""Rows of `work`: a stretch with what is around it; the characters before a number."""
ROWS, LONGEST, STEPS_BACK, PLACES = 2, 512, 4096, 8
_BACK, _ON = 48, 32
"""Characters before a stretch and behind it that are copied: no rule looks further."""
_SAYS, _GLUED, _DATED, _LEAST, _RUN = 40, 20, 4, 8, 28
_NEWLINE, _TAB, _SPACE, _OPEN, _CLOSE, _PLUS, _ZERO = (ord(sign) for sign in "\n\t ()+0")
_BETWEEN, _LARGER, _AMOUNT, _GOES_ON = tuple(b" ().-/"), tuple(b"_/#=+"), (EURO, ord("$"), POUND), (DASH, *b",-.")
_MARK, _NUMBER = (np.frombuffer(word, np.uint8) for word in (b"[PHONE]", b"number"))


@kernel()
def mask_phones(
    data: Array, starts: Array, ends: Array, t: Any, out: Array, bounds: Array, counts: Array, work: Array,
    places: Array, stack: Array, kept: Array,
) -> int:  # fmt: skip
    """Copy each text to `out` with a mark for each phone number, text i from `bounds[i]` on; gives the bytes written.

    `counts` takes how many each text has, -1 for one of which Python is to be asked. `t`: PhoneTables. `work`
    (uint8[ROWS, LONGEST]), `places` (int64[LONGEST + 1]), `stack` (int32[STEPS_BACK, 4]) and `kept` (int32[PLACES],
    zeros) are for use inside.
    """
    written = ZERO
    for row in range(starts.shape[0]):
        bounds[row] = written
        i, done, n = starts[row], starts[row], ZERO
        kept[-1] = 0
        while i < ends[row] and n >= 0:
            if not is_digit(data[i]):
                i += 1
                continue
            stop, size = _stretch(data, i, ends[row])
            if size >= _LEAST:
                first, last, length = _line(data, i, stop, starts[row], ends[row], t, work, places)
                found, done, written = _masked(
                    t, work, first, last, length, data, done, out, written, places, stack, kept
                )
                n = -1 if length < 0 or kept[-1] else n + found
            i = stop
        if n < 0:
            done, written = starts[row], bounds[row]
        counts[row] = n
        written = _copied(data, done, ends[row], out, written)
    bounds[starts.shape[0]] = written
    return written


@part
def _copied(data: Array, start: Any, end: Any, out: Array, at: Any) -> int:
    for i in range(start, end):
        out[at + i - start] = data[i]
    return int(at + end - start)


@part
def _stretch(data: Array, at: Any, end: Any) -> tuple[int, int]:
    """Where the digits and signs between them that begin at `at` end, and how many characters these are."""
    size = ZERO
    while at < end:
        byte = data[at]
        if byte == 0xE2 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] == 0x93:
            at += 2
        elif not (is_digit(byte) or byte in _BETWEEN):
            break
        at += 1
        size += 1
    return at, size


@part
def _line(
    data: Array, first: Any, last: Any, start: Any, end: Any, t: Any, work: Array, places: Array
) -> tuple[int, int, int]:
    """Copies the stretch between two bytes with what is around it to LINE; its start, its end and the length of the
    line, -1 where Python is to be asked."""
    at, stop, n = before(data, first, _BACK, start), behind(data, last, _ON, end), ZERO
    begin, close = ZERO, ZERO
    while at < stop:
        code, size = read_character(data, at, stop)
        if n == LONGEST or code < 0 or code >= len(t.signs) or t.signs[code] == 0:
            return begin, close, -1
        if at == first:
            begin = n
        if at == last:
            close = n
        work[LINE, n], places[n] = t.signs[code], at
        at += size
        n += 1
    places[n] = at
    return begin, n if at == last else close, n


@part
def _masked(
    t: Any, work: Array, first: Any, last: Any, length: Any, data: Array, done: Any, out: Array, written: Any,
    places: Array, stack: Array, kept: Array,
) -> tuple[int, int, int]:  # fmt: skip
    """Marks the phone numbers of a stretch, those that begin at byte `done` or later: how many, the byte up to which
    the text is written now, and the end of that in `out`."""
    n, start = ZERO, ZERO
    while start < length and places[start] < done:
        start += 1
    at_run = first
    while at_run < last and length > 0:
        stop = min(at_run + _RUN, last)
        while stop > at_run and not is_digit(work[LINE, stop - 1]):
            stop -= 1
        if not is_digit(work[LINE, at_run]) or stop - at_run < _LEAST:
            at_run += 1
            continue
        at = max(start, at_run - 3)
        while at < stop:
            begin, end = _first(t, work, length, at, stop, stack, kept)
            if begin < 0:
                break
            extended = match_at(t.patterns, EXTENSION, work, LINE, length, end, stack, kept)
            start = at = max(end, extended)
            written = _copied(data, done, places[begin], out, written)
            written = _copied(_MARK, ZERO, _MARK.shape[0], out, written)
            done = places[at]
            n += 1
        at_run = stop
    return n, done, written


@part
def _first(t: Any, work: Array, length: Any, start: Any, stop: Any, stack: Array, kept: Array) -> tuple[int, int]:
    """The first phone number that begins between `start` and `stop`; (-1, -1) for none."""
    at = start
    while True:
        while at < stop and (not _begins(work[LINE, at]) or (at > 0 and is_digit(work[LINE, at - 1]))):
            at += 1
        if at >= stop:
            return -1, -1
        if not _inside(t, work, at, stack, kept):
            end = _phone_at(t, work, length, at, stack, kept)
            if end >= 0:
                return at, end
            follow = work[LINE, at + 1] if at + 1 < length else _SPACE
            if not (work[LINE, at] == _OPEN and follow in (_PLUS, _OPEN)):
                while at < stop and _begins(work[LINE, at]):
                    at += 1
            dated = match_at(t.patterns, DATE, work, LINE, length, max(start, at - _DATED), stack, kept)
            at = max(at, dated)
        at += 1


@part
def _begins(sign: Any) -> bool:
    return bool(is_digit(sign) or sign in (_PLUS, _OPEN))


@part
def _inside(t: Any, work: Array, at: Any, stack: Array, kept: Array) -> bool:
    one = work[LINE, at - 1] if at > 0 else _SPACE
    two = work[LINE, at - 2] if at > 1 else _SPACE
    if work[LINE, at] == _PLUS and is_letter(one):
        return False
    larger = is_letter(one) or is_digit(one) or one in _LARGER or one in _AMOUNT
    if larger or (is_digit(work[LINE, at]) and one == _OPEN):
        if is_letter(one) and search(t.patterns, SAYS_PHONE, work, LINE, at, max(ZERO, at - _GLUED), stack, kept) >= 0:
            return False
        for k in range(_NUMBER.shape[0]):
            if at < _NUMBER.shape[0] or work[LINE, at - _NUMBER.shape[0] + k] != _NUMBER[k]:
                return True
        return False
    if is_digit(two) and one in _GOES_ON:
        return True
    return bool(one == _SPACE and at > 1 and two in _AMOUNT)


@part
def _phone_at(t: Any, work: Array, length: Any, at: Any, stack: Array, kept: Array) -> int:
    if match_at(t.patterns, DATE, work, LINE, length, at, stack, kept) >= 0:
        return -1
    if match_at(t.patterns, TIMES, work, LINE, length, at, stack, kept) >= 0:
        return -1
    sign = work[LINE, at]
    if sign == _PLUS or (sign == _ZERO and at + 1 < length and work[LINE, at + 1] == _ZERO):
        return int(_international(t, work, length, at, stack, kept))
    national = match_at(t.patterns, NATIONAL, work, LINE, length, at, stack, kept)
    american = match_at(t.patterns, AMERICAN, work, LINE, length, at, stack, kept)
    bare = match_at(t.patterns, BARE, work, LINE, length, at, stack, kept) if sign != _OPEN else -1
    if national < 0 and american < 0 and bare < 0:
        return -1
    n = ZERO
    for k in range(max(ZERO, at - _SAYS), at):
        work[BEFORE, n] = work[LINE, k]
        n += 1
    if search(t.patterns, SAYS_PHONE, work, BEFORE, n, ZERO, stack, kept) >= 0:
        return int(national if national >= 0 else american if american >= 0 else bare)
    if search(t.patterns, SAYS_OTHER, work, BEFORE, n, ZERO, stack, kept) >= 0:
        return -1
    spaced = n > 0 and work[BEFORE, n - 1] in (_SPACE, _NEWLINE, _TAB)
    numbered = spaced and search(t.patterns, SAYS_NUMBER, work, BEFORE, n, ZERO, stack, kept) >= 0
    if national >= 0 and not _plain(work, at, national, numbered):
        return int(national)
    if american >= 0 and not _plain(work, at, american, numbered):
        return int(american)
    return -1


@part
def _plain(work: Array, start: Any, end: Any, numbered: Any) -> bool:
    """`_plain_number` of what is between `start` and `end`, or digits in one piece behind the word for a number."""
    spaces, digits, size = ZERO, ZERO, end - start
    for k in range(start, end):
        spaces += work[LINE, k] == _SPACE
        digits += is_digit(work[LINE, k])
    zero = work[LINE, start] == _ZERO
    if digits == size:
        two, three = work[LINE, start + 1] - _ZERO, work[LINE, start + 2] - _ZERO
        usual = zero and (1 <= two <= 7 or (two == 8 and (three == 5 or three == 8)))
        return bool(numbered or not (usual and (size == 10 or size == 11)))
    return bool(spaces == 2 and digits + spaces == size and not zero and size == 12)


@part
def _is_nought(work: Array, at: Any, end: Any) -> bool:
    """Whether `(0)` stands at `at`, before `end`."""
    if at + 3 > end or work[LINE, at] != _OPEN:
        return False
    return bool(work[LINE, at + 1] == _ZERO and work[LINE, at + 2] == _CLOSE)


@part
def _international(t: Any, work: Array, length: Any, at: Any, stack: Array, kept: Array) -> int:
    if match_at(t.patterns, INTERNATIONAL, work, LINE, length, at, stack, kept) < 0:
        return -1
    start, end, n, begin = ZERO + kept[0], ZERO + kept[1], ZERO, ZERO
    at = start
    while at < end:
        if _is_nought(work, at, end):
            at += 3
            continue
        if is_digit(work[LINE, at]):
            begin = begin * 10 + work[LINE, at] - _ZERO if n < 3 else begin
            n += 1
        at += 1
    for size in range(3, 0, -1):
        code = begin
        for _ in range(size, min(n, 3)):
            code //= 10
        if t.low[code] == 0:
            continue
        if n - size < t.low[code]:
            return -1
        wanted, at = min(n, size + t.high[code]), start
        while wanted > 0:
            if _is_nought(work, at, end):
                at += 3
                continue
            wanted -= is_digit(work[LINE, at])
            at += 1
        return -1 if at < length and is_digit(work[LINE, at]) else int(at)
    return -1
