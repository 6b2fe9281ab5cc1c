"""The compiled search for what may be personal: places in cleaned texts that `overstap.ads.mask` then looks at.

It may name a place where nothing is, never leave out one where something is; most texts have none. Triggers of names
are told only where a word behind them can be a name.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.clean_tables import CHARACTERS
from overstap.ads.compiled import Array, kernel, part, read_character
from overstap.ads.mask_name_kernel import may_follow, may_precede
from overstap.ads.mask_tables import BRACKET, DIGIT, GAP, HIGH, INNER, LABEL, NOTHING, SIGN, MaskTables
from overstap.ads.mask_text_kernel import is_digit, is_letter, is_word, is_word_byte, says

EMAIL, SPELLED, LOST, PROFILE, IBAN, BSN, GLUED, UNSURE = (1 << bit for bit in range(8))
"""Bits of a text: the kinds that may stand in it; the last for a text with characters beyond the tables."""
STRETCH, TRIGGER, MARK = range(3)
"""Kinds of place: a stretch of digits (start, end), a trigger (end, twice the characters from
there to the first name and 1 for a strong one), a mark (start, characters back to the first name); in characters."""

_EMAIL_MARK, _PHONE_MARK, _TAIL, _AT, _LINKEDIN, _IN, _PUB = (
    np.frombuffer(word, np.uint8)
    for word in (b"[email]", b"[phone]", b"apenstaartje", b"at", b"linkedin.com", b"in/", b"pub/")
)


@kernel("mask_name_kernel.py", "mask_text_kernel.py", "mask_tables.py", "clean_tables.py")
def find_rows(
    data: Array, starts: Array, ends: Array, first: int, t: MaskTables, flags: Array, places: Array, scratch: Array
) -> tuple[int, int]:
    """Search texts `first…`: bits into `flags`, (text, kind, a, b) into `places` (int32[4, room]); gives (first text
    not done, places written). Stops before a text whose places do not fit. `scratch` is uint8[64]."""
    n = 0
    for row in range(first, starts.shape[0]):
        reached = _find(data, starts[row], ends[row], row, t, flags, places, n, scratch)
        if reached < 0:
            return row, n
        n = reached
    return starts.shape[0], n


@part
def _find(
    data: Array, start: int, end: int, row: int, t: MaskTables, flags: Array, places: Array, n: int, scratch: Array
) -> int:
    found = 0
    i, extra = start, start  # i - extra is the character
    room = places.shape[1]
    open_trigger = True  # a text begins like a word behind a gap
    while i < end or open_trigger:
        if open_trigger:
            open_trigger = False
            if i + 2 >= end:
                continue
            key = np.int64(0)
            for k in range(3):
                byte = data[np.uint64(i + k)]
                key = key << 5 | (np.int64(0) if t.beside[byte] else np.int64(byte) & 31)
            if t.group[key] == 0:
                continue
            stop, strong = _trigger(data, i, end, int(t.group[key]), t)
            skip = may_follow(data, stop, end, strong, t.names, scratch) if stop > 0 else -1
            if skip >= 0:
                if n >= room:
                    return -1
                places[0, n], places[1, n], places[2, n], places[3, n] = row, TRIGGER, stop - extra, skip << 1 | strong
                n += 1
            continue
        byte = data[np.uint64(i)]
        action = t.action[byte]
        if action == NOTHING:
            i += 1
            continue
        if action == INNER:
            extra += 1
        elif action == GAP:
            open_trigger = True
            if byte == 46:
                if _may_be_lost(data, i, start, end):
                    found |= LOST
            elif byte == 47:
                if _is_profile(data, i, start, end):
                    found |= PROFILE
            elif byte == 40 and _is_spelled(data, i, end):
                found |= SPELLED
        elif action == DIGIT:
            stop, last, inner, kinds = _stretch(data, i, start, end, t)
            found |= kinds & ~1
            if kinds & 1:
                if n >= room:
                    return -1
                places[0, n], places[1, n], places[2, n], places[3, n] = row, STRETCH, i - extra, stop - extra - inner
                n += 1
            while i < last:
                extra += t.action[data[i]] == INNER
                i += 1
        elif action == SIGN:
            if _may_be_email(data, i, start, end):
                found |= EMAIL
        elif action == BRACKET:
            if _is_spelled(data, i, end):
                found |= SPELLED
            back = may_precede(data, i, start, t.names, scratch) if _is_mark(data, i, end) else 0
            if back > 0:
                if n >= room:
                    return -1
                places[0, n], places[1, n], places[2, n], places[3, n] = row, MARK, i - extra, back
                n += 1
        elif action == HIGH:
            if read_character(data, i, end)[0] >= CHARACTERS:
                found |= UNSURE
        elif action == LABEL and _is_label(data, i, start, end):
            found |= GLUED
        i += 1
    flags[row] = found
    return n


@part
def _trigger(data: Array, at: int, end: int, group: int, t: MaskTables) -> tuple[int, int]:
    """(end of the trigger of `group` at `at` with the rest of its word, whether it is strong); (0, 0) for none."""
    for word in range(t.first_trigger[group], t.first_trigger[group + 1]):
        begin = t.trigger_start[word]
        size = t.trigger_start[word + 1] - begin
        if at + size > end:
            continue
        k = 0
        while k < size:
            sign, byte = t.trigger[begin + k], data[at + k]
            if 65 <= byte <= 90:
                byte |= 32
            if byte != sign and not (t.beside[sign] and t.beside[byte]):
                break
            k += 1
        if k < size:
            continue
        stop = at + size
        if is_letter(t.trigger[begin + size - 1]):
            stop = _rest(data, stop, end, t)
        return stop, int(t.strong[word])
    return 0, 0


@part
def _rest(data: Array, at: int, end: int, t: MaskTables) -> int:
    """The end of the word that goes on at `at`, where it is one of the endings of a trigger; else 0."""
    stop = at
    while stop < end and is_letter(data[stop]):
        stop += 1
    if stop < end and is_word(data, stop, end, t.names):
        return 0
    if stop == at:
        return stop
    for word in range(t.rest_start.shape[0] - 1):
        begin = t.rest_start[word]
        if t.rest_start[word + 1] - begin == stop - at:
            k = 0
            while k < stop - at and data[at + k] | 32 == t.rest[begin + k]:
                k += 1
            if k == stop - at:
                return stop
    return 0


@part
def _is_label(data: Array, at: int, start: int, end: int) -> bool:
    """Whether `Name` stands at `at` with a capital behind it."""
    if at + 5 > end or data[at + 1] != 97 or data[at + 2] != 109 or data[at + 3] != 101:
        return False
    at += 4
    at += at < end and data[at] == 58
    at += at < end and data[at] == 32
    return at < end and 65 <= data[at] <= 90


@part
def _is_mark(data: Array, at: int, end: int) -> bool:
    """Whether `[EMAIL]` or `[PHONE]` stands at `at`."""
    return says(data, at, end, _EMAIL_MARK) or says(data, at, end, _PHONE_MARK)


@part
def _is_spelled(data: Array, at: int, end: int) -> bool:
    """Whether `(at)` of any kind stands at `at`."""
    at += 1
    if at < end and (data[at] == 32 or data[at] == 10):
        at += 1
    if says(data, at, end, _TAIL):
        at += 12
    elif says(data, at, end, _AT):
        at += 2
    elif at < end and data[at] == 64:
        at += 1
    else:
        return False
    if at < end and (data[at] == 32 or data[at] == 10):
        at += 1
    return at < end and (data[at] == 41 or data[at] == 93 or data[at] == 125)


@part
def _is_profile(data: Array, at: int, start: int, end: int) -> bool:
    return (
        at - start >= 12
        and says(data, at - 12, end, _LINKEDIN)
        and (says(data, at + 1, end, _IN) or says(data, at + 1, end, _PUB))
    )


@part
def _may_be_email(data: Array, at: int, start: int, end: int) -> bool:
    if at == start or at + 1 >= end or data[at - 1] == 32 or data[at - 1] == 10:
        return False
    i = at + 1
    while i < end and (is_letter(data[i]) or is_digit(data[i]) or data[i] == 45 or data[i] == 95 or data[i] >= 0x80):
        i += 1
    return i > at + 1 and i < end and data[i] == 46


@part
def _is_small(byte: int) -> bool:
    return 97 <= byte <= 122


@part
def _may_be_lost(data: Array, at: int, start: int, end: int) -> bool:
    """Whether the dot at `at` may be the first of a domain, one space behind a name with dots."""
    if at + 1 >= end or not _is_small(data[at + 1]):
        return False
    i = at - 1
    while i > start and (_is_small(data[i]) or is_digit(data[i]) or data[i] == 45):
        i -= 1
    if i <= start or i == at - 1 or data[i] != 32:
        return False
    i -= 1
    while i > start and (_is_small(data[i]) or data[i] == 39 or data[i] == 45 or data[i] >= 0x80):
        i -= 1
    return i > start and data[i] == 46 and (_is_small(data[i - 1]) or data[i - 1] in (39, 45) or data[i - 1] >= 0x80)


@part
def _stretch(data: Array, at: int, start: int, end: int, t: MaskTables) -> tuple[int, int, int, int]:
    """The stretch of digits at `at`: (its end, its last digit, bytes in it that begin no character, kinds: 1 for a
    phone number, IBAN, BSN)."""
    i, last, inner, digits = at, at, 0, 0
    zero = american = False
    group, before, earlier = 0, 0, 0  # digits of the group in hand and of the two before
    while i < end:
        byte = data[i]
        if is_digit(byte):
            if byte == 48 and group == 0:
                one = int(data[i - 1]) if i > start else 32
                two = int(data[i - 2]) if i > start + 1 else 32
                # After a digit and a dot, comma or hyphen a number goes on; else one may begin.
                zero = zero or not ((one == 46 or one == 44 or one == 45) and is_digit(two))
            group += 1
            digits += 1
            last = i
        else:
            if byte == 0xE2 and i + 2 < end and data[i + 1] == 0x80 and data[i + 2] == 0x93:
                i += 2
                inner += 2
            elif not (byte == 32 or byte == 40 or byte == 41 or byte == 46 or byte == 45 or byte == 47):
                break
            if group:
                american = american or (group == 4 and before == 3 and earlier == 3)
                earlier, before, group = before, group, 0
        i += 1
    american = american or (group == 4 and before == 3 and earlier == 3)
    kinds = 0
    two_digits = last > at and is_digit(data[at + 1])
    if two_digits and at - start >= 2 and 65 <= data[at - 1] <= 90 and 65 <= data[at - 2] <= 90:
        kinds |= IBAN
    if digits >= 6 and i - at - inner >= 8:
        plus = (at > start and data[at - 1] == 43) or (at > start + 1 and data[at - 1] == 32 and data[at - 2] == 43)
        if zero or american or plus:
            kinds |= 1
        if digits >= 7:
            kinds |= _labelled(data, at, start, end, t)
    return i, last, inner, kinds


@part
def _labelled(data: Array, at: int, start: int, end: int, t: MaskTables) -> int:
    """1 where a word of phones stands in the 45 characters before `at`, BSN where one of citizens' numbers may."""
    kinds, characters, i = 0, 0, at
    while i > start and characters < 45:
        i -= 1
        byte = data[i]
        characters += byte & 0xC0 != 0x80
        if not is_letter(byte):
            continue
        low = byte | 32
        alone = not (i > start and is_word_byte(data[i - 1])) and not (i + 1 < at and is_word_byte(data[i + 1]))
        if alone and (low == 116 or low == 112 or low == 109):  # T, P, M
            kinds |= 1
        for word in range(t.label_start.shape[0] - 1):
            begin = t.label_start[word]
            size = t.label_start[word + 1] - begin
            if t.labels[begin] != low or i + size > at:
                continue
            k = 1
            while k < size and data[i + k] | 32 == t.labels[begin + k]:
                k += 1
            if k == size:
                kinds |= BSN if word >= t.label_start.shape[0] - 3 else 1
    return kinds
