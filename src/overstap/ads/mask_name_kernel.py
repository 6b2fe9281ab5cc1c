"""The name of a person in the bytes of a text: the patterns of `overstap.ads.mask_names`, compiled.

Places are bytes; `end` is where the text, or the part of it in which a name must stand, ends. A function that gives a
place gives 0 where there is none.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_tables import CHARACTERS, WORD
from overstap.ads.compiled import ZERO, Array, inlined, part, read_character
from overstap.ads.mask_tables import (
    COMPANY,
    COMPANY_END,
    DOTTED,
    DOUBTFUL,
    FILLER,
    FIRST,
    FNV,
    LOW,
    NEVER,
    PARTICLE,
    PRIME,
    RARE,
    SECOND,
    SMALL,
    TITLE,
    UP,
    NameTables,
)
from overstap.ads.mask_text_kernel import is_letter, says, space_width, stands

NONE = -1  # no such place, where 0 may be one: the start of the text
LONGEST = 64  # bytes; no word of the lists is as long
_LONGEST_ENDING = 40  # bytes; room for the longest of the endings
_DER, _DEN, _TER, _TEN, _T, _T_CURLED = (
    np.frombuffer(word.encode(), np.uint8) for word in ("der ", "den ", "ter ", "ten ", "'t ", "’t ")
)
_DE, _HET, _IN, _OP, _VAN = (np.frombuffer(word, np.uint8) for word in (b"de ", b"het ", b"in", b"op", b" van "))
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
def particle_end(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> int:
    """The end of the part of a surname at `at`, with its space: `van `."""
    i = at
    while i < end and i - at < 5 and data[i] != 32:
        if i > at and 65 <= data[i] <= 90:
            return 0
        i += 1
    if i == at or i >= end or data[i] != 32:
        return 0
    bits = bits_of(data, at, i, t, scratch)
    if i - at == 2 and (says(data, at, i, _IN) or says(data, at, i, _OP)) and not _goes_on(data, i, end):
        return 0  # "in 't Veld", "op den Kamp"; else a preposition
    if bits & PARTICLE == 0 or (65 <= data[at] <= 90 and bits & SMALL == 0):
        return 0
    return i + 1


@part
def _goes_on(data: Array, at: int, end: int) -> bool:
    for word in (_T, _T_CURLED, _DE, _DEN, _DER, _HET):
        if at < end and data[at] == 32 and stands(data, at + 1, end, word):
            return True
    return False


@part
def title_end(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> int:
    """The end of the form of address at `at`, with its space: `dhr. `, `de heer `."""
    i = at
    while i < end and i - at < 10 and is_letter(data[i]):
        if i > at and data[i] < 97:
            return 0
        i += 1
    if i == at or i >= end:
        return 0
    if i - at == 2 and data[at] | 32 == 100 and data[at + 1] == 101:  # de heer
        if i + 5 < end and data[i] == 32 and data[i + 1] | 32 == 104 and data[i + 5] == 32:
            return i + 6 if data[i + 2] == 101 and data[i + 3] == 101 and data[i + 4] == 114 else 0
        return 0
    bits = bits_of(data, at, i, t, scratch)
    if data[i] == 32:
        return i + 1 if bits & TITLE else 0
    return i + 2 if bits & DOTTED and data[i] == 46 and i + 1 < end and data[i + 1] == 32 else 0


@part
def _led_cap_end(data: Array, at: int, end: int, initial: bool, t: NameTables, scratch: Array) -> int:
    """The end of at most three particles and a capitalised word (or, where `initial`, a capital with a dot)."""
    one = particle_end(data, at, end, t, scratch)
    two = particle_end(data, one, end, t, scratch) if one else 0
    three = particle_end(data, two, end, t, scratch) if two else 0
    for i in (three or NONE, two or NONE, one or NONE, at):
        if i == NONE:
            continue
        stop = cap_end(data, i, end, t)
        if stop:
            return stop
        if initial:
            j = letters_end(data, i, end, UP, 1, t)
            if j > i and j < end and data[j] == 46:
                return j + 1
    return 0


@part
def _behind_initials(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> int:
    """The end of one to five initials, with a short name in brackets, before a name: `J.P. `, `A. (Anna) `."""
    best, i = 0, at
    for _ in range(5):
        j = letters_end(data, i, end, UP, 1, t)
        if j == i or j >= end or (data[j] != 46 and data[j] != 32):
            break
        i = j + 1
        if data[j] == 46 and i < end and data[i] == 32:
            i += 1
        k = 0
        if i < end and data[i] == 40:
            k = cap_end(data, i + 1, end, t)
            k = k + 2 if k and k + 1 < end and data[k] == 41 and data[k + 1] == 32 else 0
        if k and _led_cap_end(data, k, end, False, t, scratch):
            best = k
        elif _led_cap_end(data, i, end, False, t, scratch):
            best = i
    return best


@part
def title_ends(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[int, int, int]:
    """The ends of three, two and one forms of address that stand at `at`; NONE where there are not so many."""
    one = title_end(data, at, end, t, scratch)
    two = title_end(data, one, end, t, scratch) if one else 0
    three = title_end(data, two, end, t, scratch) if two else 0
    return three or NONE, two or NONE, one or NONE


@part
def name_at(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[int, int, bool, bool]:
    """(start and end of the words, whether a form of address, and whether initials stand before them) of what may be a
    name at `at`; end 0 for none."""
    three, two, one = title_ends(data, at, end, t, scratch)
    for i in (three, two, one, at):
        if i == NONE:
            continue
        begin = _behind_initials(data, i, end, t, scratch)
        initials = begin > 0
        if not initials:
            begin = i
        stop = _led_cap_end(data, begin, end, False, t, scratch)
        if stop == 0:
            continue
        for _ in range(3):
            if stop >= end or data[stop] != 32:
                break
            more = _led_cap_end(data, stop + 1, end, True, t, scratch)
            if more == 0:
                break
            stop = more
        if stop < end and data[stop] == 32:
            three_up = letters_end(data, stop + 1, end, UP, 3, t)
            if _characters(data, stop + 1, three_up) == 3:
                stop = letters_end(data, three_up, end, UP, -1, t)
        return begin, stop, i > at, initials
    return at, ZERO, False, False


@part
def _characters(data: Array, at: int, stop: int) -> int:
    n = 0
    for i in range(at, stop):
        n += data[i] & 0xC0 != 0x80
    return n


@part
def trimmed(
    data: Array, at: int, stop: int, end: int, initials: bool, t: NameTables, scratch: Array
) -> tuple[int, int, int]:
    """The words `data[at:stop]` of a name, behind `initials` or not, up to the first that is never in one: (end, number
    of words with a capital, FIRST, DOUBTFUL and RARE of the first and SECOND where the next is a first name too);
    number 0 where they are no name, such as a company's."""
    n, name_end, first, i = 0, at, 0, at
    firm, firm_end = 0, at  # what stands before "van", in case a company follows
    one = one_end = two = two_end = at
    while i < stop:
        kind, width = letter_at(data, i, stop, t)
        if kind != UP:
            i += width
            continue
        k = cap_end(data, i, stop, t)
        if k == 0:
            k = letters_end(data, i, stop, UP, -1, t)
            if _characters(data, i, k) < 3:
                k = i + width
                if k >= stop or data[k] != 46:
                    i += width
                    continue
                k += 1
        bits = bits_of(data, i, k, t, scratch)
        if bits & SMALL == 0:
            never = bits & (NEVER | FILLER) != 0 or ends_like_function(data, i, k, t, scratch)
            if never and not _is_surname(data, at, i):
                break
            if n + initials > 1 and i - at > 5 and stands(data, i - 5, i, _VAN):
                firm, firm_end = n, name_end
            n += 1
            name_end = k
            if n == 1:
                one, one_end, first = i, k, given_bits(data, i, k, bits, t, scratch)
            elif n == 2:
                two, two_end = i, k
                if given_bits(data, i, k, bits, t, scratch) & FIRST:
                    first |= SECOND
        i = k
    if n and name_end < end and data[name_end] == 32:
        follow = follow_end(data, name_end + 1, end, t)
        if bits_of(data, name_end + 1, follow, t, scratch) & COMPANY_END:
            return firm_end, firm, first
    if n > 1:
        size = lowered(data, one, one_end, ZERO, t, scratch)
        if size < LONGEST:
            scratch[size] = 32
            size = lowered(data, two, two_end, size + 1, t, scratch)
            if known_bits(scratch, size, t) & COMPANY:
                return name_end, 0, 0
    return name_end, n, first


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
def _is_surname(data: Array, at: int, stop: int) -> bool:
    """Whether `data[at:stop]` ends with a particle behind which any word belongs to the surname: `van der `."""
    for word in (_DER, _DEN, _TER, _TEN, _T, _T_CURLED):
        size = word.shape[0]
        if stop - at >= size and says(data, stop - size, stop, word):
            return True
    return False


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
