"""The compiled cleaning: from the UTF-8 bytes of texts to those of plain lines, without a Python object per text.

Gives what `overstap.ads.clean.clean_text` gives, or says that a text is left to it: characters whose normal form is
not sure, and links; tags and entities Python takes out before the text comes here again. Each line is
written to the output as it is read, spaces joined; marks are then taken out of it in place, which makes it no longer.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_marks import without_marks
from overstap.ads.clean_tables import (
    BLANK,
    BREAK,
    CAPITAL,
    CHARACTERS,
    DOT,
    DROP,
    END_OF_LINE,
    MARK,
    MARKUP,
    ODD,
    PLAIN,
    SPACE,
    TIGHT,
    UNSURE,
    WIDE,
    WORD,
    CleanTables,
)  # fmt: skip
from overstap.ads.compiled import NO, YES, ZERO, Array, kernel, part, read_character, start_before

_NEWLINE, _RETURN, _BLANK, _ROUND, _STAR, _DASH, _BACKSLASH, _CLOSE, _UNDERSCORE = 10, 13, 32, 40, 42, 45, 92, 93, 95
_GLUED = 100  # newlines put into one line at most


@kernel()
def clean_rows(
    data: Array, starts: Array, ends: Array, markup: bool, t: CleanTables, out: Array, bounds: Array, left: Array
) -> int:
    """Clean the texts `data[starts[i]:ends[i]]` into `out`, text i to `out[bounds[i]:bounds[i + 1]]`; gives the bytes
    written. `markup` tells whether tags and entities may stand in them. `left[i]` becomes true for a text that is left
    to Python; nothing is written for it. `out` needs one and a half times the bytes of the texts and 64."""
    written = ZERO
    bounds[0] = 0
    for row in range(starts.shape[0]):
        end = _clean(data, starts[row], ends[row], markup, t, out, written)
        left[row] = end < 0
        written = max(end, written)
        bounds[row + 1] = written
    return written


@part
def _clean(data: Array, i: int, end: int, markup: bool, t: CleanTables, out: Array, begin: int) -> int:
    """One text, written from `begin`; gives the end of what was written, -1 where the text is left to Python."""
    o, line = begin, begin
    blank, marks, glued, dotted = YES, NO, NO, NO  # after a space or at a line's start; of the line in hand
    while True:
        while i < end:
            byte = data[np.uint64(i)]
            action = t.action[byte]
            if action != PLAIN:
                # One space is as common as letters.
                if byte != _BLANK or blank:
                    break
                blank = True
            else:
                blank = False
            out[np.uint64(o)] = byte
            o += 1
            i += 1
        if i >= end or action == END_OF_LINE:
            if i < end and data[i] == _RETURN and i + 1 < end and data[i + 1] == _NEWLINE:
                i += 1
            i += 1
            o = _end_line(out, begin, line, o, marks, dotted, glued, t)
            if o < 0:
                return -1
            if i >= end:
                return _end_text(out, begin, o)
            line, blank, marks, glued, dotted = o, YES, NO, NO, NO
            continue
        size = 1
        if action == WIDE:
            code, size = read_character(data, i, end)
            if code < 0 or code >= CHARACTERS:
                return -1
            kind = t.kind[code]
            if kind & (UNSURE | SPACE | BREAK | DROP):
                if kind & UNSURE:
                    return -1
                if kind & BREAK:
                    o = _end_line(out, begin, line, o, marks, dotted, glued, t)
                    if o < 0:
                        return -1
                    line, blank, marks, glued, dotted = o, YES, NO, NO, NO
                    i += size
                    continue
                action = ODD if kind & DROP else BLANK
            elif kind & (DOT | TIGHT):
                dotted = dotted or o == line
        if action == ODD:
            i += size
            continue
        if action == BLANK:
            if not blank:
                out[o] = _BLANK
                o += 1
                blank = True
            i += size
            continue
        if action == MARKUP:
            if markup and _begins_markup(data, i, end):
                return -1
        elif action == MARK:
            marks = marks or _begins_mark(data, i, end, o == line)
        elif action == CAPITAL:
            glued = glued or (o > line + 1 and _is_small_end(out, o))
        for k in range(size):
            out[o + k] = data[i + k]
        o += size
        i += size
        blank = False


@part
def _begins_mark(data: Array, at: int, end: int, first: bool) -> bool:
    """Whether a Markdown mark may begin at `at`; `first` at the start of a line, where more signs are marks."""
    sign = data[at]
    if first or sign in (_STAR, _BACKSLASH):
        return True
    follow = data[at + 1] if at + 1 < end else _BLANK
    return (sign == _CLOSE and follow == _ROUND) or (sign == _UNDERSCORE and follow == _UNDERSCORE)


@part
def _begins_markup(data: Array, at: int, end: int) -> bool:
    """Whether a tag or an entity may begin at `at`."""
    if at + 1 >= end:
        return False
    sign, follow = data[at], data[at + 1]
    letter = 97 <= (follow | 32) <= 122
    if sign == 60:  # <
        return bool(letter or follow == 47 or follow == 33 or follow == 63)
    if follow == 35:  # &#
        return True
    if letter:
        for k in range(at + 2, min(end, at + 34)):
            byte = data[k]
            if byte == 59:
                return True
            if not (48 <= byte <= 57 or 97 <= (byte | 32) <= 122):
                return False
    return False


@part
def _is_small_end(out: Array, o: int) -> bool:
    """Whether the byte before `o` ends a letter in lower case (a-z or ß-ÿ)."""
    byte = out[o - 1]
    return bool(97 <= byte <= 122 or (0x9F <= byte <= 0xBF and out[o - 2] == 0xC3))


@part
def _end_line(out: Array, begin: int, line: int, o: int, marks: bool, dotted: bool, glued: bool, t: CleanTables) -> int:
    """Finish the line `out[line:o]` with its newline; gives the place of the next line, -1 for a text left out."""
    if o > line and out[o - 1] == _BLANK:
        o -= 1
    if marks:
        o = without_marks(out, line, o, t)
        if o < 0:
            return -1
        o = _joined(out, line, o)
        dotted = True
    if dotted:
        o = _with_bullet(out, line, o, t)
    if o == line and (line < begin + 2 or out[line - 2] == _NEWLINE):
        return line if line > begin else begin
    if glued or marks:
        o = _unglued(out, line, o, t)
        if o < 0:
            return -1
    out[o] = _NEWLINE
    return o + 1


@part
def _end_text(out: Array, begin: int, o: int) -> int:
    while o > begin and out[o - 1] == _NEWLINE:
        o -= 1
    return o


@part
def _joined(out: Array, line: int, end: int) -> int:
    """The line without spaces at its ends or two in a row."""
    o, blank = line, True
    for i in range(line, end):
        byte = out[i]
        if byte != _BLANK or not blank:
            out[o] = byte
            o += 1
        blank = byte == _BLANK
    return o - 1 if o > line and out[o - 1] == _BLANK else o


@part
def _with_bullet(out: Array, line: int, end: int, t: CleanTables) -> int:
    """The line with `- ` in place of a bullet of any kind at its start."""
    i, tight_end, is_tight = line, -1, True
    while i < end:
        code, size = read_character(out, i, end)
        kind = t.kind[code] if 0 <= code < CHARACTERS else 0
        if is_tight and not kind & TIGHT:
            is_tight = False
            if i > line and kind & WORD:
                tight_end = i
        if not kind & DOT:
            break
        i += size
    if i > line and i + 1 < end and out[i] == _BLANK:
        body = i + 1
    elif tight_end > 0:
        body = tight_end
    else:
        return end
    out[line], out[line + 1] = _DASH, _BLANK
    o = line + 2
    for k in range(body, end):
        out[o] = out[k]
        o += 1
    return o


@part
def _unglued(out: Array, line: int, end: int, t: CleanTables) -> int:
    """The line with a newline before each word that opens a line and is glued to a word in small letters; -1 where
    these are so many that moving the rest of the line each time would take long."""
    i, n = line + 2, 0
    while i < end:
        letter = out[i]
        if 65 <= letter <= 90 and t.first_opener[letter] < t.first_opener[letter + 1] and _is_small_end(out, i):
            before = start_before(out, i, line)
            if before > line and _is_small(out, before) and _opens(out, i, end, t):
                for k in range(end, i, -1):
                    out[k] = out[k - 1]
                out[i] = _NEWLINE
                n += 1
                if n > _GLUED:
                    return -1
                end += 1
                i += 1
        i += 1
    return end


@part
def _is_small(out: Array, end: int) -> bool:
    """Whether a letter in lower case ends at `end`, where at least one byte stands before."""
    byte = out[end - 1]
    return bool(97 <= byte <= 122 or (0x9F <= byte <= 0xBF and end > 1 and out[end - 2] == 0xC3))


@part
def _opens(out: Array, at: int, end: int, t: CleanTables) -> bool:
    letter = out[at]
    for word in range(t.first_opener[letter], t.first_opener[letter + 1]):
        first, size = t.opener_start[word], t.opener_start[word + 1] - t.opener_start[word]
        stop = at + 1 + size
        if stop > end:
            continue
        same = True
        for k in range(size):
            if out[at + 1 + k] != t.opener[first + k]:
                same = False
                break
        if same:
            follow, _ = read_character(out, stop, end) if stop < end else (0, 0)
            if not (97 <= follow <= 122 or 0xDF <= follow <= 0xFF):
                return True
    return False
