"""Markdown marks taken out of one line, in place: the compiled twin of the patterns in `overstap.ads.clean`.

An escaped sign is held as the byte FF and the sign with its high bit set, which no pattern knows, until the end.
"""

from __future__ import annotations

from overstap.ads.clean_tables import CHARACTERS, NUMBER, WORD, CleanTables
from overstap.ads.compiled import Array, part, read_character, start_before

_BLANK, _HASH, _STAR, _PLUS, _DASH, _EQUALS, _BACKSLASH, _UNDERSCORE, _TICK = 32, 35, 42, 43, 45, 61, 92, 95, 96
_OPEN, _CLOSE, _ROUND = 91, 93, 40
_HIDDEN = 0xFF


@part
def without_marks(out: Array, line: int, end: int, t: CleanTables) -> int:
    """The line `out[line:end]` without marks, in place; gives its new end, -1 where it has a link."""
    stars, under, escapes = False, False, False
    for i in range(line, end):
        byte = out[i]
        stars = stars or byte == _STAR
        escapes = escapes or byte == _BACKSLASH
        if i + 1 < end:
            follow = out[i + 1]
            under = under or (byte == _UNDERSCORE and follow == _UNDERSCORE)
            if byte == _CLOSE and follow == _ROUND:
                return -1
    if escapes:
        end = _hide(out, line, end, t)
    if line < end and out[line] == _HASH:
        end = _without_heading(out, line, end)
    if _is_rule(out, line, end, t):
        return line
    if line + 2 < end and (out[line] == _STAR or out[line] == _PLUS) and out[line + 1] == _BLANK:
        out[line] = _DASH
    if stars:
        end = _without_strong(out, line, end, t)
        end = _without_loose(out, line, end, t)
        end = _without_emphasis(out, line, end, t)
    if under:
        end = _without_underscores(out, line, end, t)
    return _shown(out, line, end) if escapes else end


@part
def _hide(out: Array, line: int, end: int, t: CleanTables) -> int:
    i = line
    while i + 1 < end:
        if out[i] == _BACKSLASH and t.escapable[out[i + 1]]:
            out[i] = _HIDDEN
            out[i + 1] |= 0x80
            i += 1
        i += 1
    return end


@part
def _shown(out: Array, line: int, end: int) -> int:
    o, i = line, line
    while i < end:
        byte = out[i]
        if byte == _HIDDEN:
            i += 1
            byte = out[i] & 0x7F
        out[o] = byte
        o += 1
        i += 1
    return o


@part
def _moved(out: Array, to: int, start: int, end: int) -> int:
    """Moves `out[start:end]` down to `to`; gives the end of it there."""
    for i in range(start, end):
        out[to + i - start] = out[i]
    return to + end - start


@part
def _run(out: Array, at: int, end: int, byte: int) -> int:
    """How often `byte` stands from `at` on."""
    i = at
    while i < end and out[i] == byte:
        i += 1
    return i - at


@part
def _without_heading(out: Array, line: int, end: int) -> int:
    n = _run(out, line, end, _HASH)
    if n > 6 or line + n >= end or out[line + n] != _BLANK:
        return end
    start, stop = line + n + 1, end
    while stop > start and out[stop - 1] == _HASH:
        stop -= 1
    if stop in (start, end) or out[stop - 1] != _BLANK:
        stop = end
    else:
        stop -= 1
    return _moved(out, line, start, stop)


@part
def _is_rule(out: Array, line: int, end: int, t: CleanTables) -> bool:
    """Whether the line is a rule: dashes, stars or underscores, spaced or not, equals signs, hashes, or a fence."""
    if line >= end:
        return False
    sign = out[line]
    n = _run(out, line, end, sign)
    if sign == _EQUALS:
        return n >= 3 and line + n == end
    if sign == _HASH:
        return n >= 2 and line + n == end
    if sign == _TICK:
        i = line + n
        while i < end:
            code, size = read_character(out, i, end)
            if not _is(code, WORD, t):
                return False
            i += size
        return n >= 3
    if sign != _DASH and sign != _STAR and sign != _UNDERSCORE:
        return False
    n = 0
    for i in range(line, end):
        if out[i] == sign:
            n += 1
        elif out[i] != _BLANK:
            return False
    return n >= 3


@part
def _is(code: int, bits: int, t: CleanTables) -> bool:
    return 0 <= code < CHARACTERS and t.kind[code] & bits != 0


@part
def _is_before(out: Array, at: int, line: int, bits: int, t: CleanTables) -> bool:
    """Whether the character before `at` has one of `bits`; a line's start has none."""
    if at <= line:
        return False
    start = start_before(out, at, line)
    return _is(read_character(out, start, at)[0], bits, t)


@part
def _is_at(out: Array, at: int, end: int, bits: int, t: CleanTables) -> bool:
    return at < end and _is(read_character(out, at, end)[0], bits, t)


@part
def _without_strong(out: Array, line: int, end: int, t: CleanTables) -> int:
    """`**…**` and `***…***` without their stars and the spaces inside them."""
    i, o = line, line
    before = 0  # the character before `i` as it was: that of the output differs once stars are gone
    while i < end:
        if out[i] == _STAR and i + 1 < end and out[i + 1] == _STAR:
            start, stop, after = _strong(out, i, end, before, t)
            if after > 0:
                o = _moved(out, o, start, stop)
                i = after
                before = _STAR
                continue
        i, o = _copied(out, i, o, end, _STAR)
        before = _last(out, o, line)
    return o


@part
def _copied(out: Array, i: int, o: int, end: int, sign: int) -> tuple[int, int]:
    """Moves what stands at `i` down to `o`, one byte at least, up to the next `sign`; gives the ends of both."""
    while True:
        out[o] = out[i]
        i += 1
        o += 1
        if i >= end or out[i] == sign:
            return i, o


@part
def _last(out: Array, end: int, line: int) -> int:
    """The character that ends at `end`; -1 for an escaped sign."""
    return read_character(out, start_before(out, end, line), end)[0]


@part
def _strong(out: Array, at: int, end: int, before: int, t: CleanTables) -> tuple[int, int, int]:
    """(start and end of the words, end of the match) of strong text at `at`; the last 0 where there is none."""
    n = _run(out, at, end, _STAR)
    if n > 3:
        return 0, 0, 0
    if _is(before, WORD, t):
        # Behind a word only where words follow at once; between digits it is a power. The third star is no space.
        if n == 2 and (not at + 2 < end or out[at + 2] == _BLANK):
            return 0, 0, 0
        if n == 2 and _is(before, NUMBER, t) and _is_at(out, at + 2, end, NUMBER, t):
            return 0, 0, 0
    start = at + n
    stop = start
    while stop < end and out[stop] != _STAR:
        stop += 1
    closing = _run(out, stop, end, _STAR)
    if stop == start or closing < 2 or closing > 3:
        return 0, 0, 0
    after = stop + closing
    if stop - start > 1:
        if out[start] == _BLANK:
            start += 1
        if out[stop - 1] == _BLANK and stop - start > 1:
            stop -= 1
    return start, stop, after


@part
def _without_loose(out: Array, line: int, end: int, t: CleanTables) -> int:
    """The line without two stars or more at its start or end."""
    n = _run(out, line, end, _STAR)
    if n >= 2:
        start = line + n
        if start < end and out[start] == _BLANK:
            start += 1
        end = _moved(out, line, start, end)
    stop = end - 1 if line < end and out[end - 1] == _BLANK else end
    start = stop
    while start > line and out[start - 1] == _STAR:
        start -= 1
    if _is_before(out, start, line, NUMBER, t):
        start += 1
    return start if stop - start >= 2 else end


@part
def _without_emphasis(out: Array, line: int, end: int, t: CleanTables) -> int:
    """`*…*` without its stars, where words stand close to them inside and none outside."""
    i, o, before = line, line, 0
    while i < end:
        if out[i] == _STAR and before != _STAR and not _is(before, WORD, t) and i + 1 < end:
            follow = out[i + 1]
            stop = i + 1
            if follow != _STAR and follow != _BLANK:
                while stop < end and out[stop] != _STAR:
                    stop += 1
                if (
                    stop < end
                    and out[stop - 1] != _BLANK
                    and not (stop + 1 < end and (out[stop + 1] == _STAR or _is_at(out, stop + 1, end, WORD, t)))
                ):
                    o = _moved(out, o, i + 1, stop)
                    i, before = stop + 1, _STAR
                    continue
        i, o = _copied(out, i, o, end, _STAR)
        before = _last(out, o, line)
    return o


@part
def _without_underscores(out: Array, line: int, end: int, t: CleanTables) -> int:
    """`__…__` without its underscores, where words stand close to them inside and none outside."""
    i, o, before, open_ended = line, line, 0, False
    while i < end:
        if (
            not open_ended
            and i + 4 < end
            and out[i] == _UNDERSCORE
            and out[i + 1] == _UNDERSCORE
            and not _is(before, WORD, t)
            and out[i + 2] != _BLANK
            and out[i + 2] != _UNDERSCORE
        ):
            stop = i + 3
            while stop + 1 < end and not (
                out[stop] == _UNDERSCORE
                and out[stop + 1] == _UNDERSCORE
                and out[stop - 1] != _BLANK
                and out[stop - 1] != _UNDERSCORE
                and not _is_at(out, stop + 2, end, WORD, t)
            ):
                stop += 1
            if stop + 1 < end:
                o = _moved(out, o, i + 2, stop)
                i, before = stop + 2, _UNDERSCORE
                continue
            open_ended = True  # where none closes here, none closes further on
        before, size = read_character(out, i, end)
        o = _moved(out, o, i, i + size)
        i += size
    return o
