"""Which names behind a trigger or before a mark are masked: the verdicts of `overstap.ads.mask_names`, compiled.

Spans go to `spans` (int64[3, room]: first and end byte, 1 for a name run together with its labels); what does not fit
is left out, and the caller sees that there is no room left.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_tables import CHARACTERS, NUMBER, WORD
from overstap.ads.compiled import Array, inlined, part, read_character
from overstap.ads.mask_name_kernel import bits_of, follow_end, letter_at, name_at, particle_end, title_end, trimmed, word_end
from overstap.ads.mask_tables import (
    BESIDE_MARK,
    DOUBTFUL,
    FILLER,
    FIRST,
    LEAD,
    NEVER,
    SHORT,
    START,
    UP,
    NameTables,
)
from overstap.ads.mask_text_kernel import before, behind, is_letter, is_word, says, space_width, stands

_WINDOW, _LOOK_BACK = 130, 70  # characters, as in `mask_names`
_NAME, _EMAIL, _PHONE, _URL = (np.frombuffer(mark, np.uint8) for mark in (b"[NAME]", b"[EMAIL]", b"[PHONE]", b"[URL]"))
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
def after_trigger(
    data: Array, start: int, begin: int, end: int, strong: bool, t: NameTables, spans: Array, n: int, scratch: Array
) -> int:
    """Adds the names in the sentence after a trigger that ends at `start`, of the text from `begin` to `end`; the new
    number of spans."""
    if strong and start < end and data[start] == 32:
        strong = not (says(data, start + 1, end, _WITH) or says(data, start + 1, end, _MET))
    limit = sentence_end(data, start, behind(data, start, _WINDOW, end), t, scratch)
    anchor, at, joined = start, start, False
    while at < limit:
        kind, width = letter_at(data, at, limit, t)
        if kind != UP:
            at += width
            continue
        if data[at - 1] == 91:
            at += width
            continue
        stop, fresh = _begins(data, at, begin, end, t, scratch)
        words = name_end = 0
        titled = initials = False
        if fresh:
            words, name_end, titled, initials = name_at(data, at, limit, t, scratch)
        if name_end == 0:
            at = stop
            continue
        name, led = _led_by(data, at, start, begin, t, scratch)
        low = anchor
        for i in range(name - 6, anchor - 1, -1):
            if stands(data, i, name, _NAME):
                low, joined = i + 6, True
                break
        adjacent = _is_joined(data, low, name, t) if joined else _adjacent(data, low, name, t, scratch)
        sure = strong and not (joined and _has_capital(data, low, name, t))
        name_end = _judged(data, words, name_end, end, titled or led, initials, sure, adjacent, t, scratch)
        if name_end == 0:
            at = stop
            continue
        if n == spans.shape[1]:
            return n
        spans[0, n], spans[1, n], spans[2, n] = name, name_end, 0
        n += 1
        anchor = at = name_end
        joined = True
        limit = sentence_end(data, at, behind(data, at, _LOOK_BACK, end), t, scratch)
    return n


@part
def before_mark(data: Array, mark: int, begin: int, end: int, t: NameTables, spans: Array, n: int, scratch: Array) -> int:
    """Adds the names in the same sentence shortly before the mark at `mark`, in a text that begins at `begin`."""
    start = before(data, mark, _LOOK_BACK, begin)
    at = start
    while at < mark:
        kind, width = letter_at(data, at, mark, t)
        here = at
        at += width
        if kind != UP or (here > begin and data[here - 1] in (91, 95)):
            continue
        _, fresh = _begins(data, here, begin, end, t, scratch)
        if not fresh:
            continue
        words, stop, titled, _ = name_at(data, here, mark, t, scratch)
        if stop == 0:
            continue
        name_end, number, first = trimmed(data, words, stop, end, t, scratch)
        if number == 0:
            continue
        known, doubtful = first & FIRST != 0, first & DOUBTFUL != 0
        own_line = here == begin or data[here - 1] == 10
        full = own_line and known and number > 1 and not doubtful and not _has_gap(data, name_end, mark)
        if not full and sentence_end(data, name_end, mark, t, scratch) < mark:
            continue
        name, led = _led_by(data, here, start, begin, t, scratch)
        if titled or led or (known and (number > 1 or (not doubtful and _mark_after(data, name_end, end, t, scratch)[1]))):
            if n == spans.shape[1]:
                return n
            spans[0, n], spans[1, n], spans[2, n] = name, name_end, 0
            n += 1
            at = name_end
    return n


@inlined
def _begins(data: Array, at: int, begin: int, end: int, t: NameTables, scratch: Array) -> tuple[int, bool]:
    """(end of the word at `at`, whether a name may begin with it: not inside a word, nor with one that begins none)."""
    stop = word_end(data, at, end, t)
    if at > begin:
        code, _ = read_character(data, before(data, at, 1, begin), end)
        if code != 95 and 0 <= code < CHARACTERS and t.kind[code] & WORD:
            return stop, False
    bits = bits_of(data, at, stop, t, scratch)
    never = bits & (NEVER | FILLER) != 0 and bits & START == 0 and stop > at + letter_at(data, at, end, t)[1]
    return stop, not never


@part
def _led_by(data: Array, at: int, start: int, begin: int, t: NameTables, scratch: Array) -> tuple[int, bool]:
    """Where the name at `at` begins, with address and particles before it from `start` on; whether with an address."""
    if at <= begin or data[at - 1] != 32:
        return at, False
    i = at - 1
    while i > begin and data[i - 1] != 32 and at - i < 14:
        i -= 1
    if bits_of(data, i, at - 1, t, scratch) & LEAD == 0:
        return at, False
    i = before(data, at, 30, start)
    while i < at:
        inside = False
        if i > begin:
            last = before(data, i, 1, begin)
            inside = data[last] == 91 or is_word(data, last, at, t)
        if not inside:
            one = title_end(data, i, at, t, scratch)
            two = title_end(data, one, at, t, scratch) if one else 0
            three = title_end(data, two, at, t, scratch) if two else 0
            for k in (three, two, one, i):
                if k == 0 and k != i:
                    continue
                reached = k
                for _ in range(3):
                    if reached and reached < at:
                        reached = particle_end(data, reached, at, t, scratch)
                if reached == at:
                    return i, k > i
        i = behind(data, i, 1, at)
    return at, False


@part
def sentence_end(data: Array, start: int, stop: int, t: NameTables, scratch: Array) -> int:
    """The end of the sentence that goes on at `start`, `stop` at most, or of its line unless that ends at once."""
    two = behind(data, start, 2, stop)
    i = two
    while i < stop:
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
    lines = 0
    for i in range(start, stop):
        if data[i] == 10:
            if i > two or lines:
                return i
            lines = 1
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
def _has_gap(data: Array, at: int, stop: int) -> bool:
    for i in range(at, stop - 1):
        if data[i] == 10 and data[i + 1] == 10:
            return True
    return False


@part
def _has_capital(data: Array, at: int, stop: int, t: NameTables) -> bool:
    while at < stop:
        kind, width = letter_at(data, at, stop, t)
        if kind == UP:
            return True
        at += width
    return False


@part
def _adjacent(data: Array, at: int, stop: int, t: NameTables, scratch: Array) -> bool:
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
def _is_joined(data: Array, at: int, stop: int, t: NameTables) -> bool:
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
def _judged(
    data: Array, words: int, stop: int, end: int, titled: bool, initials: bool, strong: bool, adjacent: bool,
    t: NameTables, scratch: Array,
) -> int:  # fmt: skip
    """The end of the name in `data[words:stop]`, where the evidence is enough; else 0."""
    stop, number, first = trimmed(data, words, stop, end, t, scratch)
    if number == 0:
        return 0
    if titled:
        return stop
    known, doubtful = first & FIRST != 0, first & DOUBTFUL != 0
    near, beside = _mark_after(data, stop, end, t, scratch)
    if initials:
        ok = adjacent or near
    elif known and number > 1:
        ok = adjacent or near or strong
    elif known:
        ok = not doubtful and (beside or (adjacent and (strong or near or _followed(data, stop, end))))
    elif number > 1:
        ok = adjacent and (near or (strong and not _in_title_case(data, stop, end, t, scratch)))
    else:
        ok = adjacent and strong and beside
    return stop if ok else 0


@part
def _mark_after(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> tuple[bool, bool]:
    """Whether a mark follows soon in the same sentence, and whether right beside it."""
    stop = behind(data, at, _LOOK_BACK, end)
    for i in range(at, stop):
        if data[i] == 91 and (stands(data, i, stop, _PHONE) or stands(data, i, stop, _EMAIL) or stands(data, i, stop, _URL)):
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
def _followed(data: Array, at: int, end: int) -> bool:
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
def _in_title_case(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether capitals go on after the words."""
    if at >= end or data[at] != 32:
        return False
    stop = follow_end(data, at + 1, end, t)
    ampersand = stop - at == 2 and data[at + 1] == 38
    return (letter_at(data, at + 1, end, t)[0] == UP or ampersand) and bits_of(data, at + 1, stop, t, scratch) & NEVER == 0


_JOB, _EMAIL_LABEL, _ADDITIONAL, _TELEPHONE = (
    np.frombuffer(word, np.uint8) for word in (b"Job title", b"Email", b"Additional contact", b"Telephone")
)


@part
def glued_name(data: Array, at: int, begin: int, end: int, t: NameTables) -> int:
    """The end of the name that the feed ran together with the labels beside it, where `at` has the `Name` before it."""
    if at > begin and 97 <= data[at - 1] <= 122:
        return 0
    i = at + 4
    i += i < end and data[i] == 58
    i += i < end and data[i] == 32
    best = 0
    for words in range(4):
        if i >= end or not 65 <= data[i] <= 90:
            break
        stop = _last_glued(data, i + 1, end, t) if words else 0
        if stop:
            best = stop
        i += 1
        while i < end and (_in_glued(data, i, end, t) or data[i] == 46):
            i += read_character(data, i, end)[1]
        if i >= end or data[i] != 32:
            break
        i += 1
    return best


@inlined
def _in_glued(data: Array, at: int, end: int, t: NameTables) -> bool:
    code, _ = read_character(data, at, end)
    return code == 39 or code == 45 or code == 0x2019 or (0 <= code < CHARACTERS and t.kind[code] & WORD != 0)


@part
def _last_glued(data: Array, at: int, end: int, t: NameTables) -> int:
    """The first place from `at` on, in the same word, where a label stands."""
    while at < end:
        for label in (_JOB, _EMAIL_LABEL, _ADDITIONAL, _TELEPHONE):
            if stands(data, at, end, label):
                return at
        if not _in_glued(data, at, end, t):
            break
        at += read_character(data, at, end)[1]
    return 0


@part
def has_labels(data: Array, start: int, end: int) -> bool:
    """Whether the labels of such a feed stand in the text."""
    for i in range(start, end):
        if stands(data, i, end, _JOB) or stands(data, i, end, _ADDITIONAL):
            return True
    return False
