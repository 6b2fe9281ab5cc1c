"""The lines and spaces that markup makes, for the compiled reading of it: before and behind elements, and within the
texts between them."""

from __future__ import annotations

from overstap.ads.compiled import Array, part
from overstap.ads.html_tables import BLOCK, BREAK, HEADING, INLINE, ITEM, LINK, LIST, PARAGRAPH

_NEWLINE, _RETURN, _BLANK, _DASH = 10, 13, 32, 45


@part
def _ends(out: Array, begin: int, o: int) -> bool:
    return o > begin and out[o - 1] == _NEWLINE


@part
def _lines(out: Array, o: int, n: int) -> tuple[int, int]:
    for k in range(n):
        out[o + k] = _NEWLINE
    return o + n, o


@part
def open_element(out: Array, begin: int, o: int, piece: int, kind: int) -> tuple[int, int]:
    """Writes what stands before an element: (end, where what was written last begins)."""
    if kind in (INLINE, LINK):
        return o, piece
    if kind == BREAK:
        return _lines(out, o, 1)
    ends = o == begin or _ends(out, begin, o)
    if kind == ITEM:
        first = o
        if not ends:
            out[o] = _NEWLINE
            o += 1
        out[o], out[o + 1] = _DASH, _BLANK
        return o + 2, first
    if o - piece >= 2 and out[o - 1] == _BLANK and out[o - 2] == _DASH:
        return o, piece  # a block that opens a list item stays on the line of its bullet
    if kind != BLOCK:
        return _lines(out, o, 2)
    return (o, piece) if ends else _lines(out, o, 1)


@part
def close_element(out: Array, begin: int, o: int, piece: int, kind: int) -> tuple[int, int]:
    """Writes what stands behind an element, as `open_element`."""
    if kind in (PARAGRAPH, HEADING, LIST):
        return _lines(out, o, 2)
    if kind in (BLOCK, ITEM) and not _ends(out, begin, o):
        return _lines(out, o, 1)
    return o, piece


@part
def end_text(out: Array, node: int, end: int, piece: int, broken: bool) -> tuple[int, int]:
    """Finishes the text between two tags, as `open_element`: where it is `broken` its spaces are joined, and only an
    empty line stays, as a paragraph that the feed forgot to mark up. -1 where it has a space that is beyond the
    tables."""
    if node == end:
        return end, piece
    if not broken:
        return end, node
    o, i = node, node
    while i < end:
        if not _width(out, i, end):
            if _is_odd(out, i, end):
                return -1, node
            out[o] = out[i]
            o += 1
            i += 1
            continue
        stop = i
        while stop < end and _width(out, stop, end):
            stop += _width(out, stop, end)
        empty = _empty_line(out, i, stop)
        blank = empty != i
        i = stop
        if blank:
            out[o] = _BLANK
            o += 1
        if empty >= 0:
            out[o], out[o + 1] = _NEWLINE, _NEWLINE
            o += 2
    return o, node


@part
def _width(out: Array, i: int, end: int) -> int:
    """Bytes of the space at `i`; 0 where none is there."""
    byte = out[i]
    if byte == _BLANK or 9 <= byte <= 13 or 28 <= byte <= 31:
        return 1
    return 2 if byte == 0xC2 and i + 1 < end and out[i + 1] == 0xA0 else 0


@part
def _is_odd(out: Array, i: int, end: int) -> bool:
    """Whether a space of another kind may stand at `i`."""
    byte = out[i]
    if byte == 0xC2:
        return bool(i + 1 < end and out[i + 1] == 0x85)
    if byte == 0xE1 or byte == 0xE3:
        return bool(i + 1 < end and (out[i + 1] == 0x9A or out[i + 1] == 0x80))
    if byte != 0xE2 or i + 2 >= end:
        return False
    last = out[i + 2]
    return bool(
        (out[i + 1] == 0x80 and (last <= 0x8A or last == 0xA8 or last == 0xA9 or last == 0xAF))
        or (out[i + 1] == 0x81 and last == 0x9F)
    )


@part
def _empty_line(out: Array, i: int, stop: int) -> int:
    """Where in the spaces `out[i:stop]` the first empty line begins, at the newline before it; -1 without one."""
    while i < stop:
        if out[i] == _NEWLINE:
            k = i + 1
            while k < stop and (out[k] == _BLANK or out[k] == 9 or out[k] == _RETURN):
                k += 1
            if k < stop and out[k] == _NEWLINE:
                return i
        i += 1
    return -1
