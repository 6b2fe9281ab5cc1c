"""Which names behind a trigger or before a mark are masked: the verdicts of `overstap.ads.mask_names`, compiled.

Spans go to `spans` (int64[3, room]: first and end byte, 1 for a name run together with its labels); what does not fit
is left out, and the caller sees that there is no room left.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.bits import first_out, load8, small_letters
from overstap.ads.clean_tables import CHARACTERS, WORD
from overstap.ads.compiled import ZERO, Array, part, read_character
from overstap.ads.mask_context_kernel import (
    has_number,
    in_title_case,
    is_adjacent,
    is_followed,
    is_joined,
    mark_after,
    sentence_end,
    word_before,
)
from overstap.ads.mask_name_kernel import NONE, name_at, particle_end, title_ends, trimmed
from overstap.ads.mask_tables import (
    DOUBTFUL,
    FILLER,
    FIRST,
    LEAD,
    LINK,
    NEVER,
    RARE,
    SECOND,
    START,
    THING,
    UP,
    NameTables,
)
from overstap.ads.mask_text_kernel import before, behind, is_word, says, stands
from overstap.ads.mask_word_kernel import bits_of, letter_at, word_end

_WINDOW, _LOOK_BACK = 130, 70  # characters, as in `mask_names`
_NAME, _WITH, _MET = (np.frombuffer(word, np.uint8) for word in (b"[NAME]", b"with ", b"met "))
_JOINING = (b" en ", b" and ", b" of ", b" or ", b" & ")
_EN, _AND, _OF, _OR, _AMPERSAND = (np.frombuffer(word, np.uint8) for word in _JOINING)


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
        if at + 8 <= limit:  # letters in lower case begin no name here
            at += int(np.int64(first_out(small_letters(load8(data, at)))))
        kind, width = letter_at(data, at, limit, t)
        if kind != UP:
            at += width
            continue
        if at > begin and data[at - 1] == 91:
            at += width
            continue
        stop, fresh = _begins(data, at, begin, end, t, scratch)
        words = name_end = ZERO
        titled = initials = False
        if fresh:
            words, name_end, titled, initials = name_at(data, at, limit, t, scratch)
        if name_end == 0:
            at = stop
            continue
        name, led = _led_by(data, at, start, begin, t, scratch)
        if name < at and not led and (titled or initials or _is_given(data, words, name_end, end, t, scratch)):
            name = at
        low = anchor
        for i in range(name - 6, anchor - 1, -1):
            if stands(data, i, name, _NAME):
                low, joined = i + 6, True
                break
        if joined:
            adjacent = is_joined(data, low, name, t) or _is_listed(data, low, name, name_end, end)
        else:
            adjacent = is_adjacent(data, low, name, t, scratch)
        sure = strong and not (joined and _has_capital(data, low, name, t))
        plain = word_before(data, name, begin, t, scratch) & THING == 0
        name_end = _judged(data, words, name_end, end, titled or led, initials, sure, plain, adjacent, t, scratch)
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
def before_mark(
    data: Array, mark: int, begin: int, end: int, t: NameTables, spans: Array, n: int, scratch: Array
) -> int:
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
        words, stop, titled, initials = name_at(data, here, mark, t, scratch)
        if stop == 0:
            continue
        name_end, number, first = trimmed(data, words, stop, end, initials, t, scratch)
        if number == 0:
            continue
        known, doubtful = first & FIRST != 0, first & DOUBTFUL != 0
        sure = known and (number > 1 or first & (DOUBTFUL | RARE) == 0)
        name, led = _led_by(data, here, start, begin, t, scratch)
        if name < here and not led and (titled or initials or known or number > 1):
            name = here
        titled = titled or led
        own_line = name == begin or data[name - 1] == 10
        whole = titled or initials or (known and number > 1 and not doubtful)
        full = whole and own_line and not _has_gap(data, name_end, mark)
        if not full and sentence_end(data, name_end, mark, t, scratch) < mark:
            continue
        apart = not known and number > 1 and first & SECOND == 0
        if titled or initials or sure or (apart and _stands_apart(data, name, name_end, begin, end, t, scratch)):
            if n == spans.shape[1]:
                return n
            spans[0, n], spans[1, n], spans[2, n] = name, name_end, 0
            n += 1
            at = name_end
    return n


@part
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
    while i > begin and data[i - 1] != 32 and data[i - 1] != 10 and at - i < 14:
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
            three, two, one = title_ends(data, i, at, t, scratch)
            for k in (three, two, one, i):
                if k == NONE:
                    continue
                reached = k
                for _ in range(3):
                    more = particle_end(data, reached, at, t, scratch)
                    if more == 0:
                        break
                    reached = more
                if reached == at:
                    return i, k > i
        i = behind(data, i, 1, at)
    return at, False


@part
def _is_given(data: Array, words: int, stop: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether a first name begins the words, so that a particle before them is a preposition."""
    _, number, first = trimmed(data, words, stop, end, False, t, scratch)
    return number > 1 or (number > 0 and first & FIRST != 0)


@part
def _stands_apart(data: Array, name: int, stop: int, begin: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether unknown words stand where a contact's name does, in a sentence with a mark behind them."""
    if not mark_after(data, stop, end, t, scratch)[0] or in_title_case(data, stop, end, t, scratch):
        return False
    if name == begin or data[name - 1] == 10:
        return True
    if name - begin > 1 and data[name - 1] == 32 and data[name - 2] in (46, 63, 33, 58, 59, 41, 42, 45):  # .?!:;)*-
        return True
    return word_before(data, name, begin, t, scratch) & LINK != 0


@part
def _is_listed(data: Array, low: int, name: int, stop: int, end: int) -> bool:
    """Whether a comma joins the name to the one before it, in a list that goes on behind it."""
    if name - low != 2 or data[low] != 44 or data[low + 1] != 32:
        return False
    stop += stop < end and data[stop] == 44
    found = False
    for word in (_EN, _AND, _OF, _OR, _AMPERSAND):
        found = found or stands(data, stop, end, word)
    return found


@part
def _has_gap(data: Array, at: int, stop: int) -> bool:
    while at < stop - 1 and not (data[at] == 10 and data[at + 1] == 10):
        at += 1
    return at < stop - 1


@part
def _has_capital(data: Array, at: int, stop: int, t: NameTables) -> bool:
    while at < stop:
        kind, width = letter_at(data, at, stop, t)
        if kind == UP:
            return True
        at += width
    return False


@part
def _judged(
    data: Array, words: int, stop: int, end: int, titled: bool, initials: bool, strong: bool, plain: bool,
    adjacent: bool, t: NameTables, scratch: Array,
) -> int:  # fmt: skip
    """The end of the name in `data[words:stop]`, where the evidence is enough; else 0."""
    stop, number, first = trimmed(data, words, stop, end, initials, t, scratch)
    if number == 0:
        return 0
    if titled:
        return 0 if has_number(data, stop, end) else stop
    known = first & FIRST != 0
    near, beside = mark_after(data, stop, end, t, scratch)
    if initials:
        ok = adjacent or near
    elif known and number > 1:
        ok = adjacent or near or strong
    elif known:
        alone = first & (DOUBTFUL | RARE) == 0
        ok = alone and (beside or (adjacent and (strong or near or is_followed(data, stop, end))))
    elif number > 1:
        ok = adjacent and (near or (strong and plain and not in_title_case(data, stop, end, t, scratch)))
    else:
        ok = adjacent and strong and beside
    return stop if ok else 0


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


@part
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
    while start < end and not (stands(data, start, end, _JOB) or stands(data, start, end, _ADDITIONAL)):
        start += 1
    return start < end
