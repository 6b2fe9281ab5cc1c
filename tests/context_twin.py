"""What `overstap.ads.context` says of a mention, by the shortest path: the definition that the compiled walk must meet."""

from __future__ import annotations

from typing import Any


def _width(byte: Any) -> int:
    if byte < 0xC0:
        return 1
    return 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4


def _is_word(byte: Any) -> bool:
    """Letters and digits; of the longer characters all but those of punctuation, signs and pictures."""
    if byte < 128:
        return bool(48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122)
    return bool(byte >= 0xC3 and byte != 0xE2 and byte != 0xEF and byte < 0xF0)


def _is_markup(byte: Any) -> bool:
    return bool(byte <= 32 or byte == 42 or byte == 95 or byte == 35 or byte == 92 or byte == 96 or byte == 34)


def _is_bullet(raw: Any, i: int, end: int) -> bool:
    """• · ● ▪ ◦ ‣ and -, * or + before a space."""
    byte = raw[i]
    if byte == 45 or byte == 42 or byte == 43:
        return bool(i + 1 < end and raw[i + 1] == 32)
    if byte == 0xC2:
        return bool(i + 1 < end and raw[i + 1] == 0xB7)
    if byte == 0xE2 and i + 2 < end:
        return bool((raw[i + 1] == 0x80 and 0xA2 <= raw[i + 2] <= 0xA3) or 0x96 <= raw[i + 1] <= 0x97)
    return False


def _is_glued(raw: Any, i: int, first: int, end: int) -> bool:
    """A stop whose space was lost ("… a business case.You have …"): small letters before it, a capital and a small
    letter behind it ("Node.js", "ASP.NET", "B.V." have none)."""
    if i + 3 >= end or i - 3 < first:
        return False
    before = (97 <= raw[i - 1] <= 122 and 97 <= raw[i - 2] <= 122 and 97 <= raw[i - 3] <= 122) or raw[i - 1] == 41
    return bool(before and 65 <= raw[i + 1] <= 90 and (97 <= raw[i + 2] <= 122 or raw[i + 2] == 32))


def _is_stop(raw: Any, i: int, first: int, end: int) -> bool:
    """A sign that ends a sentence, before a space or at the end."""
    byte = raw[i]
    if byte == 59:
        return True
    if byte != 46 and byte != 33 and byte != 63:
        return False
    if i + 1 < end and raw[i + 1] > 32:
        return _is_glued(raw, i, first, end)
    return not (byte == 46 and i - 2 >= first and _is_word(raw[i - 1]) and (raw[i - 2] == 46 or raw[i - 2] <= 32))


_JOINTS = (b"en", b"of", b"or", b"and")


def _is_joint(raw: Any, i: int, end: int) -> bool:
    """A word of small letters that joins the parts of a list."""
    stop = i
    while stop < end and _is_word(raw[stop]):
        stop += 1
    return bytes(raw[i:stop]) in _JOINTS


def walk(raw: Any, offsets: Any, row: Any, start: Any, end: Any, only_first: Any, out: Any) -> None:
    """As `context_kernel.walk_rows`: every mention looks ahead for itself, and no state is shared."""
    m = 0
    n = len(row)
    while m < n:
        here = row[m]
        first, last_byte = offsets[here], offsets[here + 1]
        i, c = first, 0
        words, bullet, before, bracket = 0, 0, 10, -1
        sentence, clause, line, outside, joined = 0, 0, 0, 0, -1
        line_end, line_last = -1, 10
        in_word = False
        while i < last_byte and m < n and row[m] == here:
            byte = int(raw[i])
            while m < n and row[m] == here and start[m] <= c:
                if only_first[m] and words > 0 and not 65 <= byte <= 90:
                    m += 1
                    continue  # no heading
                out[0, m] = 1 if words == 0 else 0
                out[1, m] = bullet
                out[2, m] = before
                out[5, m] = 1 if 65 <= byte <= 90 else 0
                out[8, m] = bracket
                out[9, m] = sentence
                out[10, m] = clause
                if line_end < c:
                    line_end, line_last = _end_of_line(raw, i, c, last_byte)
                out[7, m] = line_last
                out[13, m] = line_end
                out[14, m] = line
                out[15, m] = joined
                _look_ahead(raw, i, c, first, last_byte, end[m], out, m)
                m += 1
            if byte == 10 or byte == 13:
                words, bullet, before, bracket = 0, 0, 10, -1
                sentence = clause = line = c + 1
                in_word = False
            elif _is_word(byte):
                if not in_word:
                    words += 1
                    joined = c if _is_joint(raw, i, last_byte) else joined
                in_word = True
                before = byte
            else:
                in_word = False
                if _is_bullet(raw, i, last_byte) and (words == 0 or byte >= 128):
                    bullet = 1
                    sentence = clause = c + 1
                elif _is_stop(raw, i, first, last_byte):
                    sentence = clause = c + 1
                    before = byte
                elif not _is_markup(byte):
                    before = byte
                    if byte == 44:
                        clause = c + 1
                    elif byte in (47, 38):
                        joined = c
                    elif byte == 40:
                        bracket, outside = c, clause
                    elif byte == 41 and bracket >= 0:
                        bracket = -1  # commas in brackets do not split what is around them
                        clause = max(outside, sentence)
            i += _width(byte)
            c += 1
        while m < n and row[m] == here:
            m += 1


def _end_of_line(raw: Any, i: int, c: int, last_byte: int) -> tuple[int, int]:
    """The character where the line ends, and the last sign in it that is no space or markup."""
    last = 10
    while i < last_byte and raw[i] != 10 and raw[i] != 13:
        byte = raw[i]
        if not _is_markup(byte):
            last = int(byte)
        i += _width(byte)
        c += 1
    return c, last


def _look_ahead(raw: Any, i: int, c: int, first: int, last_byte: int, stop: int, out: Any, m: int) -> None:
    while i < last_byte and c < stop:
        i += _width(raw[i])
        c += 1
    begin = i
    after, words = -1, 0
    sentence, clause = -1, -1
    in_word = False
    while i < last_byte and raw[i] != 10 and raw[i] != 13 and (sentence < 0 or words < 6):
        byte = raw[i]
        if i == begin + 1 and byte == 42 and raw[begin] == 42:
            out[4, m] = 1
        if i == begin + 2 and byte == 42 and raw[begin + 1] == 42:
            out[4, m] = 1
        if after < 0 and not _is_markup(byte):
            after = byte
        word = _is_word(byte)
        if word and not in_word:
            words += 1
        in_word = word
        if sentence < 0 and (_is_stop(raw, i, first, last_byte) or (byte >= 128 and _is_bullet(raw, i, last_byte))):
            sentence = c
        if clause < 0 and (byte == 44 or byte == 41 or sentence >= 0):
            clause = c
        i += _width(byte)
        c += 1
    out[3, m] = after if after >= 0 else 10
    out[6, m] = words
    out[11, m] = sentence if sentence >= 0 else c
    out[12, m] = clause if clause >= 0 else c
