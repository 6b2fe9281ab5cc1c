"""The compiled twin of `normalise_title`: the key of a title of ASCII, by the same patterns in the same order.

A title is a row of `work`, which these functions change in place; the other rows are theirs to write in. `tools` are
`title_reader.Tools`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads._pattern_kernel import blank, drop, match_at, search
from overstap.ads._strings_kernel import place_of
from overstap.ads.compiled import NO, ZERO, part
from overstap.ads.title_patterns import (
    BARS,
    BRACKETS,
    DASH,
    EDGE,
    EMPLOYER,
    GENDER,
    HOURS,
    IN_PLACE,
    INNER,
    LEVEL,
    NUMBER,
    PHRASES,
    POSSESSIVE,
    REGION,
    ROMAN,
    SALARY,
    SENIOR_FIRST,
)  # fmt: skip

_ROWS: list[int] = list(np.arange(9))
TEXT, SPARE, KEPT, BAR, SEGMENT, PART, PLAIN, TOKENS, BEFORE = _ROWS
"""Rows of `work`: the title as it changes, one to write without matches, before signs are dropped, three of parts of
the title, a part as it is looked up, tokens in the making, the title before a pass."""
_PASSES = 12
_PLACE, _TOWN = 1, 2
_KINDS: list[int] = list(1 << np.arange(4))
_AT_EDGE, _BEFORE_PLACE, _AFTER_PLACE, _IN = _KINDS
_SPACE, _DOT, _SLASH, _TICK, _QUOTE = 32, 46, 47, 96, 39
_LAST_OF_ROMAN = (105, 118)  # i, v


def signs(held: str, *, alnum: bool = True) -> Any:
    """A table of bytes: true for the signs of `held`, and for small letters and digits."""
    return np.array(
        [b < 128 and (chr(b) in held or (alnum and chr(b).isalnum() and b not in range(65, 91))) for b in range(256)]
    )


SPACES = signs(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f", alnum=False)
ALNUM = signs("")
_TOKEN, _PLAIN_SIGN = signs("+#.&/"), signs("+#&")
_UNTOLD, _LOOSE_END = signs("+#./", alnum=False), signs(".&", alnum=False)


@part
def key_of(tools: Any, work: Any, length: Any, employer: Any, stack: Any, kept: Any) -> Any:
    """The length of the key of the title in row TEXT, which becomes the key, and whether it names an employer."""
    n = ZERO
    for i in range(length):
        byte = work[TEXT, i]
        work[TEXT, i] = byte + 32 if 65 <= byte <= 90 else _QUOTE if byte == _TICK else byte
    n = drop(tools.patterns, POSSESSIVE, work, TEXT, length, SPARE, stack, kept)
    named = NO
    for _ in range(_PASSES):
        for i in range(n):
            work[BEFORE, i] = work[TEXT, i]
        after, here = _pass(tools, work, n, employer, stack, kept)
        named |= here
        same = after == n
        i = 0
        while same and i < n:
            same = work[BEFORE, i] == work[TEXT, i]
            i += 1
        n = after
        if same:
            break
    return n, named


@part
def _pass(tools: Any, work: Any, length: Any, employer: Any, stack: Any, kept: Any) -> Any:
    """Row TEXT with less of what is not the job, and whether it names an employer."""
    patterns = tools.patterns
    n = _without_brackets(patterns, work, length, stack, kept)
    whole = n
    for i in range(n):
        work[KEPT, i] = work[TEXT, i]
    n = _without_signs(patterns, work, TEXT, n, stack, kept)
    n = blank(patterns, PHRASES, work, TEXT, n, SPARE, stack, kept)
    n = blank(patterns, LEVEL, work, TEXT, n, SPARE, stack, kept)
    n = strip(work, TEXT, n)
    n = strip(work, TEXT, blank(patterns, SENIOR_FIRST, work, TEXT, n, SPARE, stack, kept))
    named = search(patterns, EMPLOYER, work, TEXT, n, ZERO, stack, kept) >= 0
    if named and not employer:
        n = drop(patterns, EMPLOYER, work, TEXT, n, SPARE, stack, kept)
    n = _segments(tools, work, n, stack, kept)
    n = tokens(work, SEGMENT, n, TEXT)
    n = _edged(tools, work, n, stack, kept)
    if n and (work[TEXT, n - 1] in _LAST_OF_ROMAN or 49 <= work[TEXT, n - 1] <= 54):
        n = drop(patterns, ROMAN, work, TEXT, n, SPARE, stack, kept)
        n = _edged(tools, work, n, stack, kept)
    if n:
        return n, named
    n = tokens(work, KEPT, whole, TEXT)
    if n == 0:
        return 0, named
    whole = _without_signs(patterns, work, KEPT, whole, stack, kept)
    whole = blank(patterns, PHRASES, work, KEPT, whole, SPARE, stack, kept)
    return (n if tokens(work, KEPT, whole, SEGMENT) else 0), named


@part
def _without_brackets(patterns: Any, work: Any, length: Any, stack: Any, kept: Any) -> int:
    """Row TEXT without what stands in brackets, unless nothing else does."""
    if search(patterns, INNER, work, TEXT, length, ZERO, stack, kept) < 0:
        return int(length)
    for i in range(length):
        work[KEPT, i] = work[TEXT, i]
    n = length
    while search(patterns, BRACKETS, work, TEXT, n, ZERO, stack, kept) >= 0:
        n = blank(patterns, BRACKETS, work, TEXT, n, SPARE, stack, kept)
    n = blank(patterns, INNER, work, TEXT, n, SPARE, stack, kept)
    if tokens(work, TEXT, n, SEGMENT):
        return int(n)
    for i in range(length):
        work[TEXT, i] = work[KEPT, i]
    return int(blank(patterns, INNER, work, TEXT, length, SPARE, stack, kept))


@part
def _without_signs(patterns: Any, work: Any, row: Any, length: Any, stack: Any, kept: Any) -> int:
    """A row without gender marks, salary, hours and numbers."""
    n = blank(patterns, GENDER, work, row, length, SPARE, stack, kept)
    for i in range(n):
        if 48 <= work[row, i] <= 57:
            n = blank(patterns, SALARY, work, row, n, SPARE, stack, kept)
            n = blank(patterns, HOURS, work, row, n, SPARE, stack, kept)
            return int(blank(patterns, NUMBER, work, row, n, SPARE, stack, kept))
    return int(n)


@part
def strip(work: Any, row: Any, length: Any) -> int:
    """A row without white space at either end."""
    start, end = 0, length
    while start < end and SPACES[work[row, start]]:
        start += 1
    while end > start and SPACES[work[row, end - 1]]:
        end -= 1
    if start:
        for i in range(start, end):
            work[row, i - start] = work[row, i]
    return int(end - start)


@part
def _is_small(tools: Any, work: Any, row: Any, start: Any, end: Any, kind: Any) -> bool:
    """Whether a word is one that keeps a title or the name of a place from being bare: see `title_reader.SMALL`."""
    place = place_of(tools.small, work, row, start, end)
    return bool(place >= 0 and tools.small_kinds[place] & kind)


@part
def _edged(tools: Any, work: Any, length: Any, stack: Any, kept: Any) -> int:
    """Row TEXT without small words at either end."""
    words, last, _, _ = _last_words(work, TEXT, length)
    end = ZERO
    while end < length and work[TEXT, end] != _SPACE:
        end += 1
    if not words or not (
        _is_small(tools, work, TEXT, ZERO, end, _AT_EDGE) or _is_small(tools, work, TEXT, last, length, _AT_EDGE)
    ):
        return int(length)
    return strip(work, TEXT, drop(tools.patterns, EDGE, work, TEXT, length, SPARE, stack, kept))


@part
def tokens(work: Any, row: Any, length: Any, out: Any) -> int:
    """The tokens of a row, with a space between, to the row `out`; gives its length."""
    m = 0
    for i in range(length):  # no white space about a slash
        byte = work[row, i]
        if SPACES[byte] and m and work[TOKENS, m - 1] == _SLASH:
            continue
        if byte == _SLASH:
            while m and SPACES[work[TOKENS, m - 1]]:
                m -= 1
        work[TOKENS, m] = byte
        m += 1
    n, i = 0, 0
    while i < m:
        if not _TOKEN[work[TOKENS, i]]:
            i += 1
            continue
        start = i
        while i < m and _TOKEN[work[TOKENS, i]]:
            i += 1
        before = n
        if n:
            work[out, n] = _SPACE
            n += 1
        end = _token(work, start, i, out, n)
        n = end if end > n else before
    return n


@part
def _token(work: Any, start: Any, end: Any, out: Any, n: Any) -> int:
    """One token without loose signs, written to the row `out` from `n` on; gives its end, which is `n` for none."""
    while start < end and work[TOKENS, start] == _SLASH:
        start += 1
    while end > start and work[TOKENS, end - 1] == _SLASH:
        end -= 1
    while end > start and _LOOSE_END[work[TOKENS, end - 1]]:
        end -= 1
    m, i = n, start
    while i < end:
        byte = work[TOKENS, i]
        if byte == _SLASH and i + 1 < end and work[TOKENS, i + 1] == _SLASH:
            while i < end and work[TOKENS, i] == _SLASH:
                i += 1
            continue
        if byte != _DOT or (i + 1 < end and ALNUM[work[TOKENS, i + 1]]):
            work[out, m] = byte
            m += 1
        i += 1
    loose = n
    while loose < m and _LOOSE_END[work[out, loose]]:
        loose += 1
    if loose > n and loose < m and 97 <= work[out, loose] <= 122:
        loose -= 1
    told = NO
    for k in range(loose, m):
        byte = work[out, k]
        told |= not _UNTOLD[byte]
        work[out, k - (loose - n)] = byte
    return int(n + m - loose) if told else int(n)


@part
def _segments(tools: Any, work: Any, length: Any, stack: Any, kept: Any) -> int:
    """Of the parts of row TEXT between bars the first that is a title, of it the parts between dashes that are no
    places, to row SEGMENT."""
    patterns = tools.patterns
    start = ZERO
    while start <= length:
        at = search(patterns, BARS, work, TEXT, length, start, stack, kept)
        end, after = (at, kept[-2]) if at >= 0 else (length, length + 1)
        for i in range(start, end):
            work[BAR, i - start] = work[TEXT, i]
        n = _parts(tools, work, end - start, stack, kept)
        if n:
            return n
        start = after
    return 0


@part
def _parts(tools: Any, work: Any, length: Any, stack: Any, kept: Any) -> int:
    """Of the parts of row BAR between dashes all that are not places, without these, to row SEGMENT."""
    n, start = ZERO, ZERO
    while start <= length:
        at = search(tools.patterns, DASH, work, BAR, length, start, stack, kept)
        end, after = (at, kept[-2]) if at >= 0 else (length, length + 1)
        told = NO
        for i in range(start, end):
            told |= _TOKEN[work[BAR, i]]
        if told and not _is_place(tools, work, BAR, start, end, stack, kept):
            if n:
                work[SEGMENT, n] = _SPACE
                n += 1
            for i in range(start, end):
                work[SEGMENT, n + i - start] = work[BAR, i]
            n = _drop_places(tools, work, n, n + end - start, stack, kept)
        start = after
    return n


@part
def _plain(work: Any, row: Any, start: Any, end: Any) -> int:
    """The words of a part of a row, with a space between and no signs, to row PLAIN."""
    n = ZERO
    for i in range(start, end):
        byte = work[row, i]
        if _PLAIN_SIGN[byte]:
            work[PLAIN, n] = byte
            n += 1
        elif n and work[PLAIN, n - 1] != _SPACE:
            work[PLAIN, n] = _SPACE
            n += 1
    return n - 1 if n and work[PLAIN, n - 1] == _SPACE else n


@part
def _is_place(tools: Any, work: Any, row: Any, start: Any, end: Any, stack: Any, kept: Any) -> bool:
    """Whether a part of a row is the name of a place, or the region of one."""
    n = _plain(work, row, start, end)
    place = place_of(tools.places, work, PLAIN, ZERO, n)
    if place >= 0 and tools.place_kinds[place] & _PLACE:
        return True
    words, last, _, _ = _last_words(work, PLAIN, n)
    end = ZERO
    while end < n and work[PLAIN, end] != _SPACE:
        end += 1
    if not words or not (
        _is_small(tools, work, PLAIN, ZERO, end, _BEFORE_PLACE) or _is_small(tools, work, PLAIN, last, n, _AFTER_PLACE)
    ):
        return False
    if match_at(tools.patterns, REGION, work, PLAIN, n, ZERO, stack, kept) < 0:
        return False
    place = place_of(tools.places, work, PLAIN, kept[0], kept[1])
    return bool(place >= 0 and tools.place_kinds[place] & _PLACE)


@part
def _drop_places(tools: Any, work: Any, start: Any, end: Any, stack: Any, kept: Any) -> int:
    """Row SEGMENT, whose last part begins at `start`, without "in <place>" or a bare town at its end; its length."""
    for i in range(start, end):
        work[PART, i - start] = work[SEGMENT, i]
    n = end - start
    within, begin = NO, ZERO
    for i in range(n):
        if SPACES[work[PART, i]]:
            within |= i > begin and _is_small(tools, work, PART, begin, i, _IN)
            begin = i + 1
    if within and match_at(tools.patterns, IN_PLACE, work, PART, n, ZERO, stack, kept) >= 0:
        before, place, last = kept[1], kept[2], kept[3]
        if _is_place(tools, work, PART, place, last, stack, kept):
            n = before
    words, first, second, third = _last_words(work, PART, n)
    for size, at in ((3, third), (2, second), (1, first)):
        if words > size:
            place = place_of(tools.places, work, PLAIN, ZERO, _plain(work, PART, at, n))
            if place >= 0 and tools.place_kinds[place] & _TOWN:
                return int(start + at)
    return int(start + n)


@part
def _last_words(work: Any, row: Any, length: Any) -> Any:
    """How many words a row has, up to four, and where the last, the last but one and the third from the end begin."""
    words, first, second, third = ZERO, ZERO, ZERO, ZERO
    i = length
    while words < 4:
        while i > 0 and SPACES[work[row, i - 1]]:
            i -= 1
        if i == 0:
            break
        while i > 0 and not SPACES[work[row, i - 1]]:
            i -= 1
        words += 1
        if words == 1:
            first = i
        elif words == 2:
            second = i
        elif words == 3:
            third = i
    return words, first, second, third
