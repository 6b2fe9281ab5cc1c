"""Signs of addresses and numbers in the bytes of a text, compiled."""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import Array, part
from overstap.ads.mask_tables import MaskTables
from overstap.ads.mask_text_kernel import is_digit, is_letter, is_word_byte, says

PHONE, EMAIL, SPELLED, LOST, PROFILE, IBAN, BSN, UNSURE = (1 << bit for bit in range(8))
"""Bits of a text: the kinds that may stand in it; the last for one that is left to Python, with characters beyond the
tables or more names than there is room for."""
KINDS = PHONE, EMAIL, SPELLED, LOST, PROFILE, IBAN, BSN  # in the order of `overstap.ads.mask.Kinds`

_TAIL, _AT, _LINKEDIN, _IN, _PUB = (
    np.frombuffer(word, np.uint8) for word in (b"apenstaartje", b"at", b"linkedin.com", b"in/", b"pub/")
)


@part
def is_spelled(data: Array, at: int, end: int) -> bool:
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
def is_profile(data: Array, at: int, start: int, end: int) -> bool:
    return (
        at - start >= 12
        and says(data, at - 12, end, _LINKEDIN)
        and (says(data, at + 1, end, _IN) or says(data, at + 1, end, _PUB))
    )


@part
def may_be_email(data: Array, at: int, start: int, end: int) -> bool:
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
def may_be_lost(data: Array, at: int, start: int, end: int) -> bool:
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
def stretch(data: Array, at: int, start: int, end: int, t: MaskTables) -> tuple[int, int]:
    """(last digit of the stretch of digits at `at`, kinds: PHONE, IBAN, BSN)."""
    i, last, inner, digits = at, at, 0, 0  # inner: bytes that begin no character
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
        group = at + 2 + (at + 2 < end and data[at + 2] == 32)
        n = 0
        while n < 4 and group + n < end and (is_digit(data[group + n]) or 65 <= data[group + n] <= 90):
            n += 1
        if n == 4:
            kinds |= IBAN
    if digits >= 6 and i - at - inner >= 8:
        plus = (at > start and data[at - 1] == 43) or (at > start + 1 and data[at - 1] == 32 and data[at - 2] == 43)
        if zero or american or plus:
            kinds |= PHONE
        if digits >= 7:
            kinds |= _labelled(data, at, start, end, t)
    return last, kinds


@part
def _labelled(data: Array, at: int, start: int, end: int, t: MaskTables) -> int:
    """PHONE where a word of phones stands in the 45 characters before `at`, BSN where one of citizens' numbers may."""
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
            kinds |= PHONE
        for word in range(t.label_start.shape[0] - 1):
            begin = t.label_start[word]
            size = t.label_start[word + 1] - begin
            if t.labels[begin] != low or i + size > at:
                continue
            k = 1
            while k < size and data[i + k] | 32 == t.labels[begin + k]:
                k += 1
            if k == size:
                kinds |= BSN if word >= t.label_start.shape[0] - 3 else PHONE
    return kinds
