"""Whether a contact's name can stand behind a trigger or before a mark: the compiled, generous part of
`overstap.ads.mask_names`. It knows lists of words and the form of a name, and leaves the verdict to that module."""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_tables import CHARACTERS, WORD
from overstap.ads.compiled import Array, inlined, part, read_character
from overstap.ads.mask_tables import FILLER, FIRST, FNV, LOW, NEVER, PARTICLE, PRIME, TITLE, UP, NameTables
from overstap.ads.mask_text_kernel import is_letter, is_word_byte, says

_NAME, _EMAIL, _PHONE, _URL = (np.frombuffer(mark, np.uint8) for mark in (b"[name]", b"[email]", b"[phone]", b"[url]"))
_WINDOW, _LOOK_BACK = 130, 70  # characters, as in `mask_names`
_AHEAD = 400  # bytes within which a mark is looked for behind a name
_LONGEST = 64  # bytes of the longest word looked up
_FNV, _PRIME, _SHIFT = np.uint64(FNV), np.uint64(PRIME), np.uint64(20)


@part
def may_follow(data: Array, at: int, end: int, strong: int, t: NameTables, scratch: Array) -> int:
    """How many characters behind a trigger that ends at `at` the first name of its sentence may stand; -1 for none."""
    i, n, begin = at, 0, -1  # n characters from the trigger on
    near, joined, joins, line_passed = True, False, False, False
    while i < end and n < _WINDOW:
        byte = data[i]
        if byte == 10:
            if n > 2 or line_passed:
                return -1
            line_passed = True
        elif n >= 2 and (byte == 33 or byte == 63 or byte == 46) and i + 1 < end and data[i + 1] in (32, 10):
            if byte != 46 or _ends_sentence(data, i, at):
                return -1
        elif byte == 38 or byte == 47:
            joins = True
        elif byte == 91 and says(data, i, end, _NAME):
            joined, joins = True, False
            i += 6
            n += 6
            continue
        code, size = read_character(data, i, end)
        if code < 0 or code >= CHARACTERS or t.kind[code] & WORD == 0 or byte <= 57:
            i += size
            n += 1
            continue
        adjacent = joins if joined else near
        stop, bits, characters = _word(data, i, end, t, scratch)
        if characters == 1 and begin < 0:
            begin = n  # an initial may belong to the name
        if bits & TITLE and _title_ends(data, stop, end):
            return n if begin < 0 else begin
        k, m = i, 0
        while k < stop and n + m < _WINDOW:  # a name may also begin behind a hyphen inside the word
            code, size = read_character(data, k, end)
            if 0 <= code < 0x180 and t.letter[code] == UP:
                fresh = not (k > 0 and (is_word_byte(data[k - 1]) or data[k - 1] == 91))
                if fresh and _may_be_name(data, k, end, adjacent, strong, t, scratch):
                    return n + m if begin < 0 else begin
                if not (k > 0 and data[k - 1] == 91):
                    break  # `mask_names` goes on behind the word
            k += size
            m += 1
        near = near and bits & (NEVER | FILLER | PARTICLE | TITLE) != 0
        joins = characters <= 4 or (joins and bits & (PARTICLE | TITLE) != 0)
        i = stop
        n += characters
    return -1


@inlined
def _title_ends(data: Array, at: int, end: int) -> bool:
    """Whether a form of address that ends at `at` is followed by a word, on the same line."""
    at += at < end and data[at] == 46
    return at + 1 < end and data[at] == 32 and (is_letter(data[at + 1]) or data[at + 1] == 39 or data[at + 1] >= 0xC3)


@part
def may_precede(data: Array, at: int, start: int, t: NameTables, scratch: Array) -> int:
    """How many characters to look back from the mark at `at` for a known first name or form of address; 0 for none."""
    i, n, found = at, 0, False
    while i > start and n < _LOOK_BACK + 30:  # a form of address may stand before the window
        i -= 1
        byte = data[i]
        if byte & 0xC0 == 0x80:
            continue
        n += 1
        if i > start and (is_word_byte(data[i - 1]) or data[i - 1] == 91):
            continue
        code, _ = read_character(data, i, at)
        if not (0 <= code < 0x180) or t.letter[code] == 0:
            continue
        stop, bits, _ = _word(data, i, at, t, scratch)
        if bits & TITLE and _title_ends(data, stop, at):
            found = True
        elif t.letter[code] == UP and n <= _LOOK_BACK:
            stop, bits, known = _cap(data, i, at, t, scratch)
            if stop > 0 and known:
                found = True
    return _LOOK_BACK if found else 0  # an initial before it may belong to the name


@inlined
def _ends_sentence(data: Array, at: int, start: int) -> bool:
    """Whether the dot at `at` surely ends a sentence: the word before it is longer than any abbreviation, or none."""
    i = at
    while i > start and at - i <= 4 and is_letter(data[i - 1]):
        i -= 1
    return at - i > 4 or (i == at and data[at - 1] < 0x80)


@part
def _may_be_name(data: Array, at: int, end: int, adjacent: bool, strong: int, t: NameTables, scratch: Array) -> bool:
    """Whether the capital at `at` may begin a name, without form of address."""
    stop, bits, known = _cap(data, at, end, t, scratch)
    if stop == 0:  # no capitalised word: perhaps an initial
        _, size = read_character(data, at, end)
        follow = data[at + size] if at + size < end else np.uint8(0)
        return (follow == 46 or follow == 32) and (adjacent or _mark_ahead(data, at, end))
    if known:
        return adjacent or strong != 0 or _mark_ahead(data, stop, end)
    if bits & (NEVER | FILLER) or not adjacent:
        return False
    if strong and stop + 1 < end and data[stop] == 32:
        code, _ = read_character(data, stop + 1, end)
        if 0 <= code < 0x180 and (t.letter[code] == UP or code == 39):
            return True
        _, bits, _ = _word(data, stop + 1, end, t, scratch)
        if bits & PARTICLE or code == 0x2019:
            return True
    return _mark_ahead(data, stop, end)


@part
def _mark_ahead(data: Array, at: int, end: int) -> bool:
    for i in range(at, min(end, at + _AHEAD)):
        if data[i] == 91 and (says(data, i, end, _EMAIL) or says(data, i, end, _PHONE) or says(data, i, end, _URL)):
            return True
    return False


@part
def _word(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[int, int, int]:
    """(end, bits, characters) of the word at `at`: letters, digits, underscores, apostrophes, `&` and hyphens."""
    i, n, size = at, 0, 0
    while i < end:
        code, width = read_character(data, i, end)
        if code == 39 or code == 45 or code == 38 or code == 0x2019:
            pass
        elif code < 0 or code >= CHARACTERS or t.kind[code] & WORD == 0:
            break
        size = _lower(code, width, data, i, size, t, scratch)
        i += width
        n += 1
    return i, _bits(scratch, size, t), n


@inlined
def _lower(code: int, width: int, data: Array, at: int, size: int, t: NameTables, scratch: Array) -> int:
    """Adds a character in lower case to the word in `scratch`; gives its new size, too large where there is no room."""
    if size + 4 > _LONGEST:
        return _LONGEST
    if code < 0x180:
        low = int(t.lower[code])
        if low < 0x80:
            scratch[size] = low
            return size + 1
        scratch[size] = 0xC0 | low >> 6
        scratch[size + 1] = 0x80 | low & 0x3F
        return size + 2
    for k in range(width):
        scratch[size + k] = data[at + k]
    return size + width


@part
def _bits(word: Array, size: int, t: NameTables) -> int:
    """The bits of the word in the first `size` bytes; 0 for an unknown one."""
    if size >= _LONGEST:
        return 0
    value = _FNV
    for k in range(size):
        value = (value ^ np.uint64(word[k])) * _PRIME
    last = t.words.slots.shape[0] - 1
    at = np.int64(value >> _SHIFT) & last
    while t.words.slots[at] >= 0:
        number = t.words.slots[at]
        begin = t.words.start[number]
        if t.words.start[number + 1] - begin == size:
            k = 0
            while k < size and t.words.data[begin + k] == word[k]:
                k += 1
            if k == size:
                return int(t.bits[number])
        at = (at + 1) & last
    return 0


@part
def _letters(
    data: Array, at: int, end: int, wanted: int, size: int, most: int, t: NameTables, scratch: Array
) -> tuple[int, int]:
    """Reads letters of one class, at most `most`, into `scratch`; (place behind them, new size)."""
    n = 0
    while at < end and n < most:
        code, width = read_character(data, at, end)
        if not (0 <= code < 0x180) or t.letter[code] != wanted:
            break
        size = _lower(code, width, data, at, size, t, scratch)
        at += width
        n += 1
    return at, size


@inlined
def _apostrophe(data: Array, at: int, end: int, size: int, t: NameTables, scratch: Array) -> tuple[int, int]:
    """The place behind an apostrophe at `at`, and the new size; (0, 0) where none stands there."""
    if at >= end:
        return 0, 0
    code, width = read_character(data, at, end)
    if code != 39 and code != 0x2019:
        return 0, 0
    return at + width, _lower(code, width, data, at, size, t, scratch)


@part
def _cap(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[int, int, bool]:
    """The capitalised word at `at`, as `mask_names` writes it: (end or 0 where none is, bits, whether it or its part
    before the first hyphen is a first name). A word that ends like a function or an organisation is never a name."""
    i, size = _letters(data, at, end, UP, 0, 1, t, scratch)
    j, more = _apostrophe(data, i, end, size, t, scratch)
    if j:
        k, more = _letters(data, j, end, UP, more, 1, t, scratch)
        if k > j:
            i, size = k, more
    j, size = _letters(data, i, end, LOW, size, _LONGEST, t, scratch)
    if j == i:
        return 0, 0, False
    i = j
    j, more = _apostrophe(data, i, end, size, t, scratch)
    if j:
        k, more = _letters(data, j, end, LOW, more, _LONGEST, t, scratch)
        if k > j:
            i, size = k, more
    j, more = _letters(data, i, end, UP, size, 1, t, scratch)
    if j > i:
        k, more = _letters(data, j, end, LOW, more, _LONGEST, t, scratch)
        if k > j:
            i, size = k, more
    known = _bits(scratch, size, t) & FIRST != 0
    while i < end and data[i] == 45:
        more = _lower(45, 1, data, i, size, t, scratch)
        j, more = _letters(data, i + 1, end, UP, more, 1, t, scratch)
        k, more = _letters(data, j, end, LOW, more, _LONGEST, t, scratch)
        if k == j:
            break
        i, size = k, more
    bits = _bits(scratch, size, t)
    if size < _LONGEST and _ends_like_function(scratch, size, t):
        bits |= NEVER
    return i, bits, (known or bits & FIRST != 0) and bits & (NEVER | FILLER) == 0


@part
def _ends_like_function(word: Array, size: int, t: NameTables) -> bool:
    for ending in range(t.ending_start.shape[0] - 1):
        begin = t.ending_start[ending]
        length = t.ending_start[ending + 1] - begin
        if length > size or word[size - 1] != t.ending[begin + length - 1]:
            continue
        k = 0
        while k < length and word[size - length + k] == t.ending[begin + k]:
            k += 1
        if k == length:
            return True
    return False
