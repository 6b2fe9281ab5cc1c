"""The compiled walk behind `overstap.ads.context`: one pass over the bytes of each text, whatever its mentions are.

What stands before a mention is known when the walk reaches it. What stands behind it is filled in when the walk meets
it: a mention is *open* from its end to the end of its sentence (and six words on), so that no byte is read twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.bits import first_out, letters, load8
from overstap.ads.compiled import NO, ZERO, inlined, kernel

(
    AT_START, BULLET, BEFORE, AFTER, MARKED, CAPITAL, WORDS_AFTER, LAST, BRACKET, SENTENCE_START, CLAUSE_START,
    SENTENCE_END, CLAUSE_END, LINE_END, LINE_START, JOINED,
) = range(16)  # fmt: skip
"""Rows of the output: the fields of `Context` in their order."""
_WORD, _MARKUP, _BREAK, _OTHER = 0, 1, 2, 3
_NEWLINE, _COMMA, _OPEN, _CLOSE, _STAR, _SLASH, _AND = 10, 44, 40, 41, 42, 47, 38
_SIX = 6
_FAR = np.int64(1) << 40


def _class_of(byte: int) -> int:
    """Letters and digits; of the longer characters all but those of punctuation, signs and pictures."""
    if byte in (10, 13):
        return _BREAK
    if byte < 128:
        return _WORD if chr(byte).isalnum() else _MARKUP if byte <= 32 or chr(byte) in '*_#\\`"' else _OTHER
    return _WORD if 0xC3 <= byte < 0xF0 and byte not in (0xE2, 0xEF) else _OTHER


_CLASS = np.array([_class_of(byte) for byte in range(256)], np.uint8)
_WIDTH = np.array([1 if b < 0xC0 else 2 if b < 0xE0 else 3 if b < 0xF0 else 4 for b in range(256)], np.uint8)


@kernel()
def walk_rows(raw: Any, offsets: Any, row: Any, start: Any, end: Any, only_first: Any, scratch: Any, out: Any) -> None:
    """Fill `out` (int32[16, mentions], zeros) for mentions ordered by row and start. `scratch`: int32[3, mentions]."""
    m = ZERO
    while m < len(row):
        first, stop = int(np.int64(offsets[row[m]])), int(np.int64(offsets[row[m] + 1]))
        m = _walk_text(raw, first, stop, m, row, start, end, only_first, scratch, out)


@inlined
def _walk_text(
    raw: Any, first: int, stop: int, m: int, row: Any, start: Any, end: Any, only_first: Any, scratch: Any, out: Any
) -> int:
    """Walk the text of mention `m`; gives the first mention of the next text."""
    waiting, opened, in_line = scratch[0], scratch[1], scratch[2]  # end not reached; behind it; begun in this line
    n_waiting, n_open, n_line = ZERO, ZERO, ZERO
    here, n = row[m], len(row)
    i, c, words, bullet, before, bracket, last = first, ZERO, ZERO, 0, _NEWLINE, -1, _NEWLINE
    sentence, clause, line, outside, joined = ZERO, ZERO, ZERO, ZERO, -1
    in_word, fresh = NO, NO  # inside a word; some open mention has seen no sign behind it
    edge = np.int64(start[m])  # next place at which a mention starts or ends
    while i < stop:
        byte = raw[i]
        if c >= edge:
            k = 0
            for w in range(n_waiting):
                if end[waiting[w]] <= c:
                    n_open = _open(raw, i, stop, waiting[w], words, in_word, opened, n_open, out)
                    fresh = True
                else:
                    waiting[k] = waiting[w]
                    k += 1
            n_waiting = k
            while m < n and row[m] == here and start[m] <= c:
                if only_first[m] and words > 0 and not 65 <= byte <= 90:
                    m += 1
                    continue  # no heading
                out[AT_START, m] = 1 if words == 0 else 0
                out[BULLET, m] = bullet
                out[BEFORE, m] = before
                out[CAPITAL, m] = 1 if 65 <= byte <= 90 else 0
                out[BRACKET, m] = bracket
                out[SENTENCE_START, m] = sentence
                out[CLAUSE_START, m] = clause
                out[LINE_START, m] = line
                out[JOINED, m] = joined
                in_line[n_line] = m
                n_line += 1
                if end[m] <= c:
                    n_open = _open(raw, i, stop, m, words, in_word, opened, n_open, out)
                    fresh = True
                else:
                    waiting[n_waiting] = m
                    n_waiting += 1
                m += 1
            if n_waiting == 0 and n_open == 0 and n_line == 0 and (m == n or row[m] != here):
                return m
            edge = np.int64(start[m]) if m < n and row[m] == here else _FAR
            for w in range(n_waiting):
                edge = min(edge, np.int64(end[waiting[w]]))
        kind = _CLASS[byte]
        if fresh and kind != _MARKUP and kind != _BREAK:
            for o in range(n_open):
                if out[AFTER, opened[o]] < 0:
                    out[AFTER, opened[o]] = byte
            fresh = False
        if kind == _WORD:
            if not in_word:
                words += 1
                in_word = True
                if _is_joint(raw, i, stop):
                    joined = c
            while True:
                if byte < 128 and i + 8 <= stop:
                    mask, _ = letters(load8(raw, i))
                    width = int(min(np.int64(first_out(mask)), edge - c))
                    i += width
                    c += width
                    before = raw[i - 1]
                else:
                    i += _WIDTH[byte]
                    c += 1
                    before = byte
                if i >= stop or c >= edge:
                    break
                byte = raw[i]
                if _CLASS[byte] != _WORD:
                    break
            last = before
            continue
        in_word = False
        if kind == _BREAK:
            _close(opened, n_open, words, c, out)
            for k in range(n_line):
                out[LINE_END, in_line[k]] = c
                out[LAST, in_line[k]] = last
            n_open, n_line, fresh = ZERO, ZERO, NO
            words, bullet, before, bracket, last = ZERO, 0, _NEWLINE, -1, _NEWLINE
            sentence = clause = line = c + 1
            if n_waiting == 0 and (m >= n or row[m] != here):
                return m
        elif byte != 32:
            if kind != _MARKUP:
                last = byte
            if _is_bullet(raw, i, stop):
                if words == 0 or byte >= 128:
                    bullet = 1
                    sentence = clause = c + 1
                elif kind != _MARKUP:
                    before = byte
                if byte >= 128:
                    n_open = _end_sentence(opened, n_open, words, c, out)
            elif _is_stop(raw, i, first, stop):
                sentence = clause = c + 1
                before = byte
                n_open = _end_sentence(opened, n_open, words, c, out)
            elif kind != _MARKUP:
                before = byte
                if byte == _COMMA:
                    clause = c + 1
                    _end_clause(opened, n_open, c, out)
                elif byte in (_SLASH, _AND):
                    joined = c
                elif byte == _OPEN:
                    bracket, outside = c, clause
                elif byte == _CLOSE:
                    if bracket >= 0:
                        bracket = -1  # commas in brackets do not split what is around them
                        clause = max(outside, sentence)
                    _end_clause(opened, n_open, c, out)
        i += _WIDTH[byte]
        c += 1
    for w in range(n_waiting):
        n_open = _open(raw, stop, stop, waiting[w], words, in_word, opened, n_open, out)
    _close(opened, n_open, words, c, out)
    for k in range(n_line):
        out[LINE_END, in_line[k]] = c
        out[LAST, in_line[k]] = last
    while m < n and row[m] == here:
        m += 1
    return m


@inlined
def _open(raw: Any, i: int, stop: int, m: int, words: int, in_word: bool, opened: Any, n_open: int, out: Any) -> int:
    """Open mention `m`, which ends at byte `i`; gives the new number of open ones. Until it is closed WORDS_AFTER holds
    the number of words before its end."""
    out[MARKED, m] = 1 if _is_bold(raw, i, stop) else 0
    inside = in_word and i < stop and _CLASS[raw[i]] == _WORD
    out[WORDS_AFTER, m] = words - 1 if inside else words
    out[AFTER, m] = out[SENTENCE_END, m] = out[CLAUSE_END, m] = -1
    opened[n_open] = m
    return n_open + 1


@inlined
def _is_bold(raw: Any, i: int, stop: int) -> bool:
    """Two stars at `i`, or behind one more sign of the line."""
    if i + 1 >= stop or _CLASS[raw[i]] == _BREAK or raw[i + 1] != _STAR:
        return False
    return bool(raw[i] == _STAR or (_WIDTH[raw[i]] == 1 and i + 2 < stop and raw[i + 2] == _STAR))


@inlined
def _end_sentence(opened: Any, n_open: int, words: int, c: int, out: Any) -> int:
    """End the sentence of open mentions at character `c`; those with six words behind them are done."""
    kept = ZERO
    for o in range(n_open):
        m = opened[o]
        ended = out[SENTENCE_END, m] >= 0
        behind = words - out[WORDS_AFTER, m]
        if not ended:
            out[SENTENCE_END, m] = c
            if out[CLAUSE_END, m] < 0:
                out[CLAUSE_END, m] = c
        if behind < _SIX:
            opened[kept] = m
            kept += 1
        else:
            out[WORDS_AFTER, m] = _SIX if ended else behind
    return kept


@inlined
def _end_clause(opened: Any, n_open: int, c: int, out: Any) -> None:
    for o in range(n_open):
        if out[CLAUSE_END, opened[o]] < 0:
            out[CLAUSE_END, opened[o]] = c


@inlined
def _close(opened: Any, n_open: int, words: int, c: int, out: Any) -> None:
    """Fill what the end of the line at character `c` decides."""
    for o in range(n_open):
        m = opened[o]
        behind = words - out[WORDS_AFTER, m]
        if out[SENTENCE_END, m] < 0:
            out[SENTENCE_END, m] = c
        else:
            behind = min(behind, _SIX)
        out[WORDS_AFTER, m] = behind
        if out[CLAUSE_END, m] < 0:
            out[CLAUSE_END, m] = c
        if out[AFTER, m] < 0:
            out[AFTER, m] = _NEWLINE


@inlined
def _is_joint(raw: Any, i: int, stop: int) -> bool:
    """Whether the word at `i` is "en", "of", "or" or "and", in small letters."""
    if i + 2 >= stop:
        return False
    a, b, c = raw[i], raw[i + 1], raw[i + 2]
    if a == 97 and b == 110 and c == 100:
        return bool(i + 3 < stop and _CLASS[raw[i + 3]] != _WORD)
    two = (a == 101 and b == 110) or (a == 111 and (b == 102 or b == 114))
    return bool(two and _CLASS[c] != _WORD)


@inlined
def _is_bullet(raw: Any, i: int, stop: int) -> bool:
    """• · ● ▪ ◦ ‣ and -, * or + before a space."""
    byte = raw[i]
    if byte == 45 or byte == _STAR or byte == 43:
        return bool(i + 1 < stop and raw[i + 1] == 32)
    if byte == 0xC2:
        return bool(i + 1 < stop and raw[i + 1] == 0xB7)
    if byte == 0xE2 and i + 2 < stop:
        return bool((raw[i + 1] == 0x80 and 0xA2 <= raw[i + 2] <= 0xA3) or 0x96 <= raw[i + 1] <= 0x97)
    return False


@inlined
def _is_stop(raw: Any, i: int, first: int, stop: int) -> bool:
    """A sign that ends a sentence, before a space or at the end; not the dot of an abbreviation ("o.a.")."""
    byte = raw[i]
    if byte == 59:
        return True
    if byte != 46 and byte != 33 and byte != 63:
        return False
    if i + 1 < stop and raw[i + 1] > 32:
        return _is_glued(raw, i, first, stop)
    if byte != 46 or i - 2 < first:
        return True
    return not (_CLASS[raw[i - 1]] == _WORD and (raw[i - 2] == 46 or raw[i - 2] <= 32))


@inlined
def _is_glued(raw: Any, i: int, first: int, stop: int) -> bool:
    """A stop whose space was lost ("… a business case.You have …"): small letters before it, a capital and a small
    letter behind it ("Node.js", "ASP.NET", "B.V." have none)."""
    if i + 3 >= stop or i - 3 < first:
        return False
    before = (97 <= raw[i - 1] <= 122 and 97 <= raw[i - 2] <= 122 and 97 <= raw[i - 3] <= 122) or raw[i - 1] == 41
    return bool(before and 65 <= raw[i + 1] <= 90 and (97 <= raw[i + 2] <= 122 or raw[i + 2] == 32))
