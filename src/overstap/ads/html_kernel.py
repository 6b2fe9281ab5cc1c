"""The compiled reading of markup: lines and characters of texts whose tags stand as they should.

Gives what `overstap.ads.clean.without_html` gives, or says that a text is left to it, and so to a parser of HTML: where
elements are not closed in their order or one closes another unasked, where tags, entities or spaces are beyond the
tables, and where what comes out could be read as markup once more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.compiled import NO, ZERO, Array, kernel, part
from overstap.ads.html_lines_kernel import close_element, end_text, open_element
from overstap.ads.html_tables import (
    BREAK,
    HEADING,
    INLINE,
    ITEM,
    LINK,
    LIST,
    NOTHING,
    PARAGRAPH,
    HtmlTables,
)  # fmt: skip

DEEPEST = 64
"""Elements in one another at most."""
_NEWLINE, _RETURN, _BLANK, _AMPERSAND, _HASH, _SLASH, _SEMICOLON, _LESS, _EQUAL, _MORE = (
    10, 13, 32, 38, 35, 47, 59, 60, 61, 62,
)  # fmt: skip
_NO_TAG, _TAGS, _LINES, _LEFT = range(4)


@kernel()
def unmark_rows(
    data: Array, starts: Array, ends: Array, t: HtmlTables, out: Array, bounds: Array, left: Array, stack: Array
) -> int:
    """The texts `data[starts[i]:ends[i]]` without markup into `out`, text i to `out[bounds[i]:bounds[i + 1]]`; gives
    the bytes written. `left[i]` becomes true for a text that is left to Python; nothing is written for it. `out` needs
    twice the bytes of the texts and 64; `stack` (int64[DEEPEST]) is for use inside."""
    written = ZERO
    bounds[0] = 0
    for row in range(starts.shape[0]):
        tags = _tags_in(data, starts[row], ends[row], t)
        end = -1
        if tags == _NO_TAG:
            end = _decoded(data, starts[row], ends[row], t, out, written)
        elif tags != _LEFT:
            end = _read(data, starts[row], ends[row], tags == _TAGS, t, out, written, stack)
        left[row] = end < 0
        written = max(end, written)
        bounds[row + 1] = written
    return written


@part
def _tags_in(data: Array, i: int, end: int, t: HtmlTables) -> int:
    """Whether the text has tags, and any that makes lines."""
    found = _NO_TAG
    while i < end:
        if data[i] == _LESS and i + 1 < end and _begins_tag(data[i + 1]):
            closes = data[i + 1] == _SLASH
            kind = _tag(data, i + 1 + closes, end, t)[1]
            if kind == NOTHING:
                return _LEFT
            found = _LINES if found == _LINES or (not closes and kind != INLINE and kind != LINK) else _TAGS
        i += 1
    return found


@part
def _begins_tag(byte: int) -> bool:
    return 97 <= (byte | 32) <= 122 or byte == _SLASH or byte == 33 or byte == 63


@part
def _is_space(byte: int) -> bool:
    """Of HTML, between attributes and before a text."""
    return byte in (_BLANK, _NEWLINE, _RETURN) or byte == 9 or byte == 12


@part
def _tag(data: Array, at: int, end: int, t: HtmlTables) -> tuple[int, int, int]:
    """(name as a number, kind, end) of the name of a tag at `at`; NOTHING where it is not known."""
    name, n = np.uint64(0), 0
    while at + n < end and n < 8 and (97 <= (data[at + n] | 32) <= 122 or 48 <= data[at + n] <= 57):
        byte = data[at + n]
        small = byte | 32 if byte >= 65 else byte
        name |= np.uint64(small) << np.uint64(8 * n)
        n += 1
    k = _place(t.tags, name)
    follows = at + n < end and (_is_space(data[at + n]) or data[at + n] == _MORE or data[at + n] == _SLASH)
    if n == 0 or k < 0 or not follows:
        return 0, NOTHING, at
    return k, t.kinds[k], at + n


@part
def _place(names: Array, name: Any) -> int:
    low, high = 0, names.shape[0]
    while low < high:
        middle = (low + high) >> 1
        if names[middle] < name:
            low = middle + 1
        else:
            high = middle
    return low if low < names.shape[0] and names[low] == name else -1


@part
def _behind_tag(data: Array, i: int, end: int) -> int:
    """Where a tag ends of which the name ended at `i`; -1 where its attributes are odd."""
    while i < end:
        if _is_space(data[i]):
            i += 1
            continue
        if data[i] == _MORE:
            return i + 1
        if data[i] == _SLASH:
            return i + 2 if i + 1 < end and data[i + 1] == _MORE else -1
        while i < end and not (_is_space(data[i]) or data[i] == _MORE or data[i] == _SLASH or data[i] == _EQUAL):
            if data[i] == 34 or data[i] == 39 or data[i] == _LESS or data[i] == 0:
                return -1
            i += 1
        if i >= end or data[i] != _EQUAL:
            continue
        i += 1
        quote = data[i] if i < end and (data[i] == 34 or data[i] == 39) else 0
        i += quote != 0
        first = i
        while i < end and data[i] != quote and (quote or not (_is_space(data[i]) or data[i] == _MORE)):
            if data[i] == _LESS or data[i] == 0 or (quote and data[i] == _MORE):
                return -1
            if quote == 0 and (data[i] == 34 or data[i] == 39 or data[i] == _EQUAL or data[i] == 96):
                return -1
            i += 1
        if i >= end or (quote == 0 and i == first):
            return -1
        if quote:
            i += 1
            if i >= end or not (_is_space(data[i]) or data[i] == _MORE or data[i] == _SLASH):
                return -1
    return -1


@part
def _entity(data: Array, at: int, end: int, t: HtmlTables, strict: bool) -> tuple[int, int]:
    """(code point, end) of the entity at the `&` at `at`; the `&` itself where none begins, -1 where that is not sure.

    `strict`: as a parser of HTML does, a name may end without its semicolon."""
    i = at + 1
    if i < end and data[i] == _HASH:
        return _numeric(data, i + 1, end)
    name, n = np.uint64(0), 0
    while i < end and (97 <= (data[i] | 32) <= 122 or (n and 48 <= data[i] <= 57)):
        if n < 8:
            name |= np.uint64(data[i]) << np.uint64(8 * n)
        n += 1
        i += 1
    if n < 2:
        return _AMPERSAND, at + 1
    if i >= end or data[i] != _SEMICOLON:
        return (-1 if strict else _AMPERSAND), at + 1
    k = _place(t.entities, name) if n <= 8 else -1
    return (t.codes[k] if k >= 0 else -1), i + 1


@part
def _numeric(data: Array, i: int, end: int) -> tuple[int, int]:
    """(code point, end) of a number behind `&#`; -1 where it is no plain character."""
    base = 10
    if i < end and data[i] | 32 == 120:
        base = 16
        i += 1
    code, first = ZERO, i
    while i < end and i < first + 7:
        byte = data[i]
        if 48 <= byte <= 57:
            digit = byte - 48
        elif base == 16 and 97 <= (byte | 32) <= 102:
            digit = (byte | 32) - 87
        else:
            break
        code = code * base + digit
        i += 1
    plain = 33 <= code <= 126 or 160 <= code < 0xD800 or 0xE000 <= code < 0xFDD0 or 0x10000 <= code < 0x1FFFE
    if i == first or i >= end or data[i] != _SEMICOLON or not plain:
        return -1, i
    return code, i + 1


@part
def _put(out: Array, o: int, code: int) -> int:
    """Writes a code point as UTF-8."""
    if code < 0x80:
        out[o] = code
        return o + 1
    size = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    for k in range(size - 1, 0, -1):
        out[o + k] = 0x80 | code & 0x3F
        code >>= 6
    out[o] = (0xF00 >> size) & 0xFF | code
    return o + size


@part
def _decoded(data: Array, i: int, end: int, t: HtmlTables, out: Array, begin: int) -> int:
    """A text without tags with its entities as characters, written from `begin`; -1 where it is left to Python."""
    o, again = begin, NO
    while i < end:
        byte = data[i]
        if byte != _AMPERSAND:
            out[o] = byte
            o += 1
            i += 1
            continue
        code, i = _entity(data, i, end, t, False)
        if code < 0 or code == _LESS or (code == _AMPERSAND and data[i - 1] == _SEMICOLON):
            return -1
        again = again or code == _AMPERSAND
        o = _put(out, o, code)
    return -1 if again and _holds_entity(out, begin, o) else o


@part
def _holds_entity(out: Array, i: int, end: int) -> bool:
    """Whether a `&` in what was written may begin an entity."""
    while i < end:
        if out[i] == _AMPERSAND:
            k = i + 1 + (i + 1 < end and out[i + 1] == _HASH)
            while k < end and (97 <= (out[k] | 32) <= 122 or 48 <= out[k] <= 57):
                k += 1
            if k > i + 1 and k < end and out[k] == _SEMICOLON:
                return True
        i += 1
    return False


@part
def _read(data: Array, i: int, end: int, keep: bool, t: HtmlTables, out: Array, begin: int, stack: Array) -> int:
    """A text with tags as lines, written from `begin`; -1 where it is left to Python. `keep`: no tag makes lines, so
    those of the text itself stay."""
    while i < end and _is_space(data[i]):
        i += 1
    o, piece, node, depth = begin, begin, begin, ZERO  # piece: where what was written last begins
    broken, again = NO, NO  # the text in hand has a line break; an ampersand was written
    while i < end:
        byte = data[i]
        if byte == 0:
            return -1
        if byte == _AMPERSAND:
            code, i = _entity(data, i, end, t, True)
            if code < 0:
                return -1
            again = again or code == _AMPERSAND
            o = _put(out, o, code)
            broken = broken or code == _NEWLINE
            continue
        if byte != _LESS or i + 1 >= end or not _begins_tag(data[i + 1]):
            if byte == _RETURN:
                i += i + 1 < end and data[i + 1] == _NEWLINE
                byte = _NEWLINE
            broken = broken or byte == _NEWLINE
            out[o] = byte
            o += 1
            i += 1
            continue
        o, piece = end_text(out, node, o, piece, broken and not keep)
        if o < 0:
            return -1
        closes = data[i + 1] == _SLASH
        name, kind, i = _tag(data, i + 1 + closes, end, t)
        i = _behind_tag(data, i, end)
        if i < 0 or (data[i - 2] == _SLASH and kind != BREAK):
            return -1
        if closes:
            if depth == 0 or stack[depth - 1] != name or kind == BREAK:
                return -1
            depth -= 1
            o, piece = close_element(out, begin, o, piece, kind)
        else:
            if not _may_open(stack, depth, kind, t):
                return -1
            o, piece = open_element(out, begin, o, piece, kind)
            if kind != BREAK:
                stack[depth] = name
                depth += 1
        node, broken = o, NO
    o, piece = end_text(out, node, o, piece, broken and not keep)
    while o >= 0 and depth > 0:
        depth -= 1
        o, piece = close_element(out, begin, o, piece, t.kinds[stack[depth]])
    return -1 if o < 0 or (again and _holds_entity(out, begin, o)) else o


@part
def _may_open(stack: Array, depth: int, kind: int, t: HtmlTables) -> bool:
    """Whether an element can begin without that another ends, or stands where it should not."""
    if depth >= DEEPEST:
        return False
    if kind == ITEM and (depth == 0 or t.kinds[stack[depth - 1]] != LIST):
        return False
    if kind in (INLINE, BREAK):
        return True
    for k in range(depth):
        above = t.kinds[stack[k]]
        if kind == LINK:
            if above == LINK:
                return False
        elif above == PARAGRAPH or (kind == HEADING and above == HEADING):
            return False
    return True
