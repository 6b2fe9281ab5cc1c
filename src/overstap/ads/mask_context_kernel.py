"""What stands around a name in the bytes of a text: its sentence, marks and functions behind it, words that join it to
another. As `overstap.ads.mask_names` has them, compiled."""

from __future__ import annotations

import numpy as np

from overstap.ads.bits import first_out, load8, newlines, small_letters
from overstap.ads.clean_tables import CHARACTERS, NUMBER, WORD
from overstap.ads.compiled import Array, part, read_character
from overstap.ads.mask_name_kernel import is_another
from overstap.ads.mask_tables import BESIDE_MARK, FILLER, NEVER, SHORT, UP, NameTables
from overstap.ads.mask_text_kernel import before, behind, is_digit, is_letter, is_word, says, space_width, stands
from overstap.ads.mask_word_kernel import bits_of, follow_end, letter_at, word_end

_LOOK_AHEAD = 70  # characters
_NONE = np.uint64(0)
_EMAIL, _PHONE, _URL = (np.frombuffer(mark, np.uint8) for mark in (b"[EMAIL]", b"[PHONE]", b"[URL]"))
_WITH, _MET, _BIJ, _TO, _MAIL, _MV, _VM = (
    np.frombuffer(word, np.uint8) for word in (b"with ", b"met ", b"bij ", b"to ", b"-mail", b"m/v", b"v/m")
)
_OF, _OR, _EN, _AND, _UND = (np.frombuffer(word, np.uint8) for word in (b"of", b"or", b"en", b"and", b"und"))
_LEAD_OF = (b"ead ", b"irector ", b"anager ", b"rofessor ", b"hief ", b"ember ", b"chool ", b"epartment ")
_E, _I, _A, _R, _H, _M, _C, _D = (np.frombuffer(word, np.uint8) for word in _LEAD_OF)
_OUR, _ONZE, _DE, _RECRUITER, _MANAGER, _HR, _TEAMLE, _AND_RECRUITER = (
    np.frombuffer(word, np.uint8)
    for word in (b"our", b"onze", b"de ", b"recruiter", b"manager", b"hr", b"teamle", b" recruiter")
)


@part
def sentence_end(data: Array, start: int, stop: int, t: NameTables, scratch: Array) -> int:
    """The end of the sentence that goes on at `start`, `stop` at most, or of its line unless that ends at once."""
    two = behind(data, start, 2, stop)
    i = two
    while i < stop:
        if i + 8 <= stop:  # letters in lower case end nothing
            i += int(np.int64(first_out(small_letters(load8(data, i)))))
            if i >= stop:
                break
        byte = data[i]
        if byte == 46 or byte == 33 or byte == 63:
            width = space_width(data, i + 1, stop, t)
            if width:
                if byte != 46 or not _is_short(data, i, start, t, scratch):
                    stop = i
                    break
                i += width
        elif byte == 10:
            k = i + 1
            width = space_width(data, k, stop, t)
            while width and data[k] != 10:
                k += width
                width = space_width(data, k, stop, t)
            if width:
                stop = i
                break
        i += 1
    i = start
    while i < stop:
        if i + 8 <= stop and newlines(load8(data, i)) == _NONE:
            i += 8
            continue
        if data[i] == 10 and i > two:
            return i
        i += 1
    return stop


@part
def _is_short(data: Array, dot: int, start: int, t: NameTables, scratch: Array) -> bool:
    """Whether the letters before the dot are one, or short for a form of address or the like."""
    i, n = dot, 0
    while i > start and n < 5:
        k = before(data, i, 1, start)
        code, _ = read_character(data, k, dot)
        if code == 95 or code < 0 or code >= CHARACTERS or t.kind[code] & WORD == 0 or t.kind[code] & NUMBER:
            break
        i = k
        n += 1
    return n == 1 or (1 < n < 5 and bits_of(data, i, dot, t, scratch) & SHORT != 0)


@part
def is_adjacent(data: Array, at: int, stop: int, t: NameTables, scratch: Array) -> bool:
    """Whether only words of the lists stand between a trigger and a name, fourteen at most."""
    n = 0
    while at < stop:
        kind, width = letter_at(data, at, stop, t)
        if kind == 0:
            at += width
            continue
        k = word_end(data, at, stop, t)
        n += 1
        if n > 14 or bits_of(data, at, k, t, scratch) & (FILLER | NEVER) == 0:
            return False
        at = k
    return True


@part
def is_joined(data: Array, at: int, stop: int, t: NameTables) -> bool:
    """Whether `data[at:stop]` ends with a word or sign that joins two names."""
    if _ends_joined(data, at, stop, t):
        return True
    for word in (_WITH, _MET, _BIJ, _TO):
        if stop - at >= word.shape[0] and stands(data, stop - word.shape[0], stop, word):
            return _ends_joined(data, at, stop - word.shape[0], t)
    return False


@part
def _ends_joined(data: Array, at: int, stop: int, t: NameTables) -> bool:
    while stop > at:
        k = before(data, stop, 1, at)
        if space_width(data, k, stop, t) == 0:
            break
        stop = k
    if stop <= at:
        return False
    if data[stop - 1] == 38 or data[stop - 1] == 47:
        i = stop - 1
        while i > at:
            i = before(data, i, 1, at)
            if data[i] == 41:
                return True
            if letter_at(data, i, stop, t)[0] == UP:
                return False
        return True
    for word in (_OF, _OR, _EN, _AND, _UND):
        i = stop - word.shape[0]
        if i >= at and stands(data, i, stop, word) and not (i > at and is_word(data, before(data, i, 1, at), i, t)):
            return data[i] != 111 or data[i + 1] != 102 or not _of_function(data, at, i)
    return False


@part
def _of_function(data: Array, at: int, stop: int) -> bool:
    for word in (_E, _I, _A, _R, _H, _M, _C, _D):
        if stop - at >= word.shape[0] and stands(data, stop - word.shape[0], stop, word):
            return True
    return False


@part
def mark_after(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[bool, bool]:
    """Whether a mark follows soon in the same sentence, and whether right beside it."""
    stop = behind(data, at, _LOOK_AHEAD, end)
    for i in range(at, stop):
        if data[i] == 91 and (
            stands(data, i, stop, _PHONE) or stands(data, i, stop, _EMAIL) or stands(data, i, stop, _URL)
        ):
            if sentence_end(data, at, i, t, scratch) < i:
                return False, False
            return True, _only_beside(data, at, i, t, scratch)
    return False, False


@part
def _only_beside(data: Array, at: int, stop: int, t: NameTables, scratch: Array) -> bool:
    while at < stop:
        k = at
        while k < stop and is_word(data, k, stop, t):
            k += read_character(data, k, stop)[1]
        if k == at:
            at += read_character(data, at, stop)[1]
            continue
        if k - at == 1 and data[at] | 32 == 101 and says(data, k, stop, _MAIL):  # e-mail
            k += 5
            if k < stop and is_word(data, k, stop, t):
                return False
        elif bits_of(data, at, k, t, scratch) & BESIDE_MARK == 0:
            return False
        at = k
    return True


@part
def is_followed(data: Array, at: int, end: int) -> bool:
    """Whether a function in brackets or after a comma follows."""
    end = behind(data, at, 30, end)
    i = at + (at < end and data[at] == 32)
    if i < end and data[i] == 40:
        return not (says(data, i + 1, end, _MV) or says(data, i + 1, end, _VM))
    if at + 1 >= end or data[at] != 44 or data[at + 1] != 32:
        return False
    at += 2
    for word in (_OUR, _ONZE, _DE, _RECRUITER, _MANAGER, _HR, _TEAMLE):
        if says(data, at, end, word):
            return True
    i = at
    while i < end and is_letter(data[i]):
        i += 1
    return i > at and says(data, i, end, _AND_RECRUITER)


@part
def in_title_case(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether capitals go on after the words."""
    if at >= end or data[at] != 32 or is_another(data, at, end, t, scratch):
        return False
    stop = follow_end(data, at + 1, end, t)
    ampersand = stop - at == 2 and data[at + 1] == 38
    return (letter_at(data, at + 1, end, t)[0] == UP or ampersand) and bits_of(
        data, at + 1, stop, t, scratch
    ) & NEVER == 0


@part
def has_number(data: Array, at: int, end: int) -> bool:
    """Whether a space and a digit follow, as of a house behind the name of a street."""
    return at + 1 < end and data[at] == 32 and is_digit(data[at + 1])


@part
def word_before(data: Array, at: int, begin: int, t: NameTables, scratch: Array) -> int:
    """The bits of the word before the space before `at`, in a text that starts at `begin`; 0 for a long one."""
    if at <= begin or data[at - 1] != 32:
        return 0
    i = at - 1
    while i > begin and data[i - 1] != 32 and data[i - 1] != 10:
        i -= 1
        if at - i > 12:
            return 0
    return bits_of(data, i, at - 1, t, scratch)
