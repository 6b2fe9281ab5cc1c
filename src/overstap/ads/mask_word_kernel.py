"""Single words in the bytes of a text, and what the lists know of them, compiled."""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_tables import CHARACTERS, WORD
from overstap.ads.compiled import ZERO, Array, inlined, part, read_character
from overstap.ads.mask_tables import DOUBTFUL, FIRST, FNV, LOW, PRIME, RARE, UP, NameTables
from overstap.ads.mask_text_kernel import space_width

LONGEST = 64  # bytes; no word of the lists is as long
_LONGEST_ENDING = 40  # bytes; room for the longest of the endings
_FNV, _PRIME, _SHIFT = np.uint64(FNV), np.uint64(PRIME), np.uint64(20)


@part
def letter_at(data: Array, at: int, end: int, t: NameTables) -> tuple[int, int]:
    """(class, bytes) of the character at `at`; class 0 for one that no name has, and at the end."""
    if at >= end:
        return 0, 1
    code, width = read_character(data, at, end)
    return (int(t.letter[code]), width) if 0 <= code < 0x180 else (0, width)


@part
def word_end(data: Array, at: int, end: int, t: NameTables) -> int:
    """The end of the word at `at`: letters, digits, underscores, apostrophes, `&` and hyphens."""
    while at < end:
        code, width = read_character(data, at, end)
        sign = code == 39 or code == 45 or code == 38 or code == 0x2019
        if not sign and (code < 0 or code >= CHARACTERS or t.kind[code] & WORD == 0):
            break
        at += width
    return at


@part
def lowered(data: Array, at: int, stop: int, size: int, t: NameTables, scratch: Array) -> int:
    """Adds `data[at:stop]` in lower case to the `size` bytes in `scratch`; the new size, `LONGEST` for too many."""
    while at < stop:
        if size + 4 > LONGEST:
            return LONGEST
        code, width = read_character(data, at, stop)
        if 0 <= code < 0x180:
            low = int(t.lower[code])
            if low < 0x80:
                scratch[size] = low
                size += 1
            else:
                scratch[size], scratch[size + 1] = 0xC0 | low >> 6, 0x80 | low & 0x3F
                size += 2
        else:
            for k in range(width):
                scratch[size + k] = data[at + k]
            size += width
        at += width
    return size


@part
def known_bits(word: Array, size: int, t: NameTables) -> int:
    """The bits of the word in the first `size` bytes; 0 for an unknown one."""
    if size >= LONGEST:
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
def bits_of(data: Array, at: int, stop: int, t: NameTables, scratch: Array) -> int:
    """The bits of `data[at:stop]`, in any case."""
    if stop - at >= LONGEST:
        return 0
    return known_bits(scratch, lowered(data, at, stop, ZERO, t, scratch), t)


@part
def letters_end(data: Array, at: int, end: int, wanted: int, most: int, t: NameTables) -> int:
    """The end of the letters of one class, at most `most`, that stand at `at`; `at` itself where none do."""
    while at < end and most:
        kind, width = letter_at(data, at, end, t)
        if kind != wanted:
            break
        at += width
        most -= 1
    return at


@inlined
def _apostrophe_end(data: Array, at: int, end: int) -> int:
    if at >= end:
        return 0
    code, width = read_character(data, at, end)
    return at + width if code == 39 or code == 0x2019 else 0


@part
def cap_end(data: Array, at: int, end: int, t: NameTables) -> int:
    """The end of the capitalised word at `at`: `Anna`, `O'Neil`, `McDonald`, `Anna-Maria`."""
    i = letters_end(data, at, end, UP, 1, t)
    if i == at:
        return 0
    j = _apostrophe_end(data, i, end)
    if j:
        k = letters_end(data, j, end, UP, 1, t)
        if k > j:
            i = k
    j = letters_end(data, i, end, LOW, -1, t)
    if j == i:
        return 0
    i = j
    j = _apostrophe_end(data, i, end)
    if j:
        k = letters_end(data, j, end, LOW, -1, t)
        if k > j:
            i = k
    j = letters_end(data, i, end, UP, 1, t)
    if j > i:
        k = letters_end(data, j, end, LOW, -1, t)
        if k > j:
            i = k
    while i < end and data[i] == 45:
        j = letters_end(data, i + 1, end, UP, 1, t)
        k = _apostrophe_end(data, j, end) if j > i + 1 else 0
        if k:  # "-O'Neil"
            j = letters_end(data, k, end, UP, 1, t)
        k = letters_end(data, j, end, LOW, -1, t)
        if k == j:
            break
        i = k
        j = letters_end(data, i, end, UP, 1, t)
        k = letters_end(data, j, end, LOW, -1, t) if j > i else j
        if k > j:
            i = k
    return i


@part
def given_bits(data: Array, at: int, stop: int, bits: int, t: NameTables, scratch: Array) -> int:
    """FIRST, DOUBTFUL and RARE of the word `data[at:stop]`, of which `bits` are known: "Anna-Test" is as "Anna"."""
    hyphen = at
    while hyphen < stop and data[hyphen] != 45:
        hyphen += 1
    if hyphen < stop and (bits & FIRST == 0 or bits & RARE):
        head = bits_of(data, at, hyphen, t, scratch)
        if head & FIRST:
            bits = (bits | FIRST) & ~RARE | (head & RARE)
    return bits & (FIRST | DOUBTFUL | RARE)


@part
def follow_end(data: Array, at: int, end: int, t: NameTables) -> int:
    """The end of the signs at `at` up to a space, comma, colon, semicolon or bracket; looks no further than a word of
    the lists can be long."""
    stop = min(end, at + LONGEST)
    while at < stop and data[at] not in (44, 58, 59, 40, 41, 91, 93) and space_width(data, at, end, t) == 0:
        at += 1
    return at


@part
def ends_like_function(data: Array, at: int, stop: int, t: NameTables, scratch: Array) -> bool:
    at = max(at, stop - _LONGEST_ENDING)
    while data[at] & 0xC0 == 0x80:
        at += 1
    size = lowered(data, at, stop, ZERO, t, scratch)
    for ending in range(t.ending_start.shape[0] - 1):
        begin = t.ending_start[ending]
        length = t.ending_start[ending + 1] - begin
        if length > size or scratch[size - 1] != t.ending[begin + length - 1]:
            continue
        k = 0
        while k < length and scratch[size - length + k] == t.ending[begin + k]:
            k += 1
        if k == length:
            return True
    return False
