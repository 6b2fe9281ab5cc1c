"""The name of a person in the bytes of a text: the patterns of `overstap.ads.mask_names`, compiled.

Places are bytes; `end` is where the text, or the part of it in which a name must stand, ends. A function that gives a
place gives 0 where there is none.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import ZERO, Array, part
from overstap.ads.mask_tables import (
    COMPANY,
    COMPANY_END,
    DOTTED,
    FILLER,
    FIRST,
    NEVER,
    PARTICLE,
    PLACE,
    SECOND,
    SMALL,
    TITLE,
    TOWN,
    UP,
    NameTables,
)
from overstap.ads.mask_text_kernel import is_letter, says, stands
from overstap.ads.mask_word_kernel import (
    LONGEST,
    bits_of,
    cap_end,
    ends_like_function,
    follow_end,
    given_bits,
    known_bits,
    letter_at,
    letters_end,
    lowered,
)

NONE = -1  # no such place, where 0 may be one: the start of the text
_DER, _DEN, _TER, _TEN, _T, _T_CURLED = (
    np.frombuffer(word.encode(), np.uint8) for word in ("der ", "den ", "ter ", "ten ", "'t ", "’t ")
)
_DASH, _VAN_BEFORE = np.frombuffer("–".encode(), np.uint8), np.frombuffer(b"van ", np.uint8)
_DE, _HET, _IN, _OP, _VAN = (np.frombuffer(word, np.uint8) for word in (b"de ", b"het ", b"in", b"op", b" van "))


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
        alone = True
        for _ in range(4):
            if stop >= end or data[stop] != 32:
                break
            more = _led_cap_end(data, stop + 1, end, True, t, scratch)
            if more == 0:
                break
            stop, alone = more, False
        if stop < end and data[stop] == 32:
            three_up = letters_end(data, stop + 1, end, UP, 3, t)
            if _characters(data, stop + 1, three_up) == 3:
                stop = letters_end(data, three_up, end, UP, -1, t)
        if not alone:
            stop = _second_surname(data, stop, end, t, scratch)
        return begin, stop, i > at, initials
    return at, ZERO, False, False


@part
def _second_surname(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> int:
    """The end of the surname with particles that a dash parts from the name before `at`: ` - van Bavel`; else `at`."""
    if at + 3 >= end or data[at] != 32:
        return at
    i = at + 2 if data[at + 1] == 45 else at + 4 if stands(data, at + 1, end, _DASH) else at
    if i == at or i >= end or data[i] != 32:
        return at
    one = particle_end(data, i + 1, end, t, scratch)
    two = particle_end(data, one, end, t, scratch) if one else 0
    three = particle_end(data, two, end, t, scratch) if two else 0
    for k in (three, two, one):
        stop = cap_end(data, k, end, t) if k else 0
        if stop:
            return stop
    return at


@part
def is_another(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether an ampersand and another name stand at `at`."""
    if at + 4 >= end or data[at] != 32 or data[at + 1] != 38 or data[at + 2] != 32:
        return False
    kind, width = letter_at(data, at + 3, end, t)
    if kind != UP:
        return False
    i = at + 3 + width
    if i < end and (data[i] == 46 or data[i] == 32):
        return True
    k = cap_end(data, at + 3, end, t)
    return k > 0 and given_bits(data, at + 3, k, bits_of(data, at + 3, k, t, scratch), t, scratch) & FIRST != 0


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
    of words with a capital, FIRST, DOUBTFUL and RARE of the first, SECOND where the next is a first name too and
    PLACE where one behind the first, or the word that follows, tells a street or a building); number 0 where they are
    no name, such as a company's."""
    n, name_end, first, i = 0, at, 0, at
    place = firm_place = False
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
            if bits & TOWN and n + initials > 0 and i - at >= 4 and says(data, i - 4, i, _VAN_BEFORE):
                never = False
            if never and not _is_surname(data, at, i):
                break
            if n + initials > 1 and i - at > 5 and stands(data, i - 5, i, _VAN):
                firm, firm_end, firm_place = n, name_end, place
            place = place or (n > 0 and bits & PLACE != 0)
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
        bits = bits_of(data, name_end + 1, follow, t, scratch)
        if bits & COMPANY_END and not is_another(data, name_end, end, t, scratch):
            return firm_end, firm, first | (PLACE if firm_place else 0)
        place = place or bits & PLACE != 0
    if n > 1:
        size = lowered(data, one, one_end, ZERO, t, scratch)
        if size < LONGEST:
            scratch[size] = 32
            size = lowered(data, two, two_end, size + 1, t, scratch)
            if known_bits(scratch, size, t) & COMPANY:
                return name_end, 0, 0
    return name_end, n, first | (PLACE if place else 0)


@part
def _is_surname(data: Array, at: int, stop: int) -> bool:
    """Whether `data[at:stop]` ends with a particle behind which any word belongs to the surname: `van der `."""
    for word in (_DER, _DEN, _TER, _TEN, _T, _T_CURLED):
        size = word.shape[0]
        if stop - at >= size and says(data, stop - size, stop, word):
            return True
    return False
