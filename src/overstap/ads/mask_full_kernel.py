"""Names with a surname, wherever they stand in the bytes of a text: `overstap.ads.mask_names` says which, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.bits import first_out, load8, small_letters
from overstap.ads.compiled import ZERO, Array, inlined, part
from overstap.ads.mask_context_kernel import has_number, in_title_case, word_before
from overstap.ads.mask_lists import LANGUAGES, OTHER_PARTS, SHORT_FORMS, SURE_PARTS
from overstap.ads.mask_name_kernel import name_at, trimmed
from overstap.ads.mask_tables import (
    BEFORE,
    BEHIND,
    BODY,
    DOUBTFUL,
    FILLER,
    FIRST,
    HEAD,
    HEAD_BITS,
    LINK,
    NEVER,
    PLACE,
    SECOND,
    START,
    UP,
    NameTables,
)
from overstap.ads.mask_text_kernel import before, behind, is_letter, is_word, is_word_byte
from overstap.ads.mask_word_kernel import bits_of, cap_end, ends_like_function, given_bits, letter_at, word_end

_ONE, _CASES, _HEAD, _TOP = np.uint64(1), np.uint64(0x2020202020202020), np.uint64(HEAD), np.uint64(64 - HEAD_BITS)
_SURE = tuple(f" {word} ".encode() for word in SURE_PARTS)
_OTHER = tuple(f" {word} ".encode() for word in OTHER_PARTS)
_PARTS = np.frombuffer(b"".join([*_SURE, *_OTHER]), np.uint8)
_STARTS = np.cumsum([0, *(len(word) for word in [*_SURE, *_OTHER])])
_N_SURE = len(_SURE)
_SHORT = np.array([ord(short[0]) << 8 | ord(short[1]) for short in SHORT_FORMS])
_LANGUAGES = np.frombuffer("".join(LANGUAGES).encode(), np.uint8)


@inlined
def may_begin(data: Array, at: int, start: int, end: int, heads: Array, near: Array) -> bool:
    """Whether a name with a surname may begin with the capital at `at`: a cheap look at the word and at its neighbours,
    which most capitals do not pass. First at what follows, as most are followed by a word in lower case."""
    if at > start and is_word_byte(data[at - 1]):
        return False
    i = at + 1
    while i + 8 <= end:
        run = int(np.int64(first_out(small_letters(load8(data, i)))))
        i += run
        if run < 8:
            break
    first, plain = i, data[at] < 0x80
    while i < end and (is_letter(data[i]) or data[i] == 39 or data[i] == 45 or data[i] >= 0x80):
        plain = plain and is_letter(data[i])
        i += 1
    size = i - at
    if i + 1 >= end or (first == at + 1 and size > 1 and 65 <= data[first] <= 90):  # "NHS"
        return False
    if data[i] != 32:
        return data[i] == 46 and (size == 1 or (size == 2 and not plain))
    sign = data[i + 1]
    if sign < 65 and sign != 39:
        return False
    small = 97 <= sign <= 122
    if small and not _leads_to_capital(data, i + 1, end, near):
        return False
    if small or size == 1 or not plain or at + 8 > end:
        return True
    place = head_of(load8(data, at), size)
    if heads[place >> 3] >> (place & 7) & 1:
        return True
    return at - start >= 3 and data[at - 1] == 32 and near[_ending(data, at - 1, start)] & BEFORE != 0


@inlined
def _leads_to_capital(data: Array, at: int, end: int, near: Array) -> bool:
    """Whether at most three words that may be parts of a surname stand at `at`, and then no word in lower case."""
    for _ in range(3):
        if at + 4 >= end:
            return False
        key = (np.int64(data[at]) & 31) << 10 | (np.int64(data[at + 1]) & 31) << 5
        if data[at + 2] == 32:
            size = 2
        elif data[at + 3] == 32:
            size = 3
            key |= np.int64(data[at + 2]) & 31
        else:
            return False
        if near[key] & BEHIND == 0:
            return False
        at += size + 1
        if not 97 <= data[at] <= 122:
            return bool(data[at] >= 65 or data[at] == 39)
    return False


@inlined
def _ending(data: Array, at: int, start: int) -> int:
    """The number of the last three letters before `at`, as `mask_tables` counts them."""
    third = np.int64(data[at - 3]) if at - start >= 3 and is_letter(data[at - 3]) else np.int64(0)
    return int((third & 31) << 10 | (np.int64(data[at - 2]) & 31) << 5 | np.int64(data[at - 1]) & 31)


@inlined
def head_of(eight: Any, size: int) -> int:
    """The number of a word of `size` letters of ASCII, whatever their case, that the eight bytes begin with, as
    `mask_tables` counts them."""
    if size < 8:
        eight &= (_ONE << np.uint64(8 * size)) - _ONE
        eight |= _CASES & ((_ONE << np.uint64(8 * size)) - _ONE)
    else:
        eight |= _CASES
    return int(np.int64((eight + np.uint64(size)) * _HEAD >> _TOP))


@part
def _inside(data: Array, at: int, start: int, t: NameTables) -> bool:
    return is_word(data, before(data, at, 1, start), at, t)


@part
def full_name(data: Array, at: int, start: int, end: int, t: NameTables, scratch: Array) -> int:
    """The end of the name with a surname that begins with the capital at `at` of the text `data[start:end]`; else 0."""
    if at > start and (data[at - 1] in (91, 95, 64, 35, 38) or (data[at - 1] >= 0x80 and _inside(data, at, start, t))):
        return 0
    kind, width = letter_at(data, at, end, t)
    if kind != UP:
        return 0
    k = word_end(data, at, end, t)
    bits = bits_of(data, at, k, t, scratch)
    if k > at + width:  # most words end here: never a name, or unknown and where none is looked for
        if bits & START == 0:
            if bits & (NEVER | FILLER):
                return 0
            known = given_bits(data, at, k, bits, t, scratch) & FIRST
            if (
                not known
                and word_before(data, at, start, t, scratch) & LINK == 0
                and _particle_behind(data, k, end) < 2
            ):
                return 0
    elif k < end and data[k] == 32 and letter_at(data, k + 1, end, t)[0] != UP and _particle_behind(data, k, end) == 0:
        return 0
    words, stop, titled, initials = name_at(data, at, end, t, scratch)
    if stop == 0 or titled:
        return 0
    stop, number, first = trimmed(data, words, stop, end, initials, t, scratch)
    if number == 0 or number + initials < 2:
        return 0
    if in_title_case(data, stop, end, t, scratch) or has_number(data, stop, end):
        return 0
    leads = word_before(data, at, start, t, scratch)
    if leads & BODY or first & PLACE:
        return 0
    return stop if _is_full(data, at, words, stop, end, initials, number, first, leads & LINK != 0, t, scratch) else 0


@part
def _is_full(
    data: Array, at: int, words: int, stop: int, end: int, initials: bool, number: int, first: int, led_to: bool,
    t: NameTables, scratch: Array,
) -> bool:  # fmt: skip
    particle = 0
    if not initials:
        given = cap_end(data, words, end, t)
        if given:
            particle = _particle_behind(data, given, end)
        if first & FIRST and (first & DOUBTFUL == 0 or particle or _has_function(data, stop, end, t, scratch)):
            return True
    if number > 1 and first & SECOND:
        return False
    if particle == 2:
        return True
    if initials:
        return _are_initials(data, at, words, led_to)
    return led_to and _has_function(data, stop, end, t, scratch)


@part
def _particle_behind(data: Array, at: int, end: int) -> int:
    """2 for a part of a surname that nothing else is, 1 for another, 0 for none."""
    if at >= end or data[at] != 32:
        return 0
    for word in range(_STARTS.shape[0] - 1):
        begin = _STARTS[word]
        size = _STARTS[word + 1] - begin
        if at + size > end:
            continue
        k = 0
        while k < size and data[at + k] == _PARTS[begin + k]:
            k += 1
        if k == size:
            return 2 if word < _N_SURE else 1
    return 0


@part
def _are_initials(data: Array, at: int, words: int, led_to: bool) -> bool:
    """Whether letters before a surname are somebody's: no language or short form of a body before a sentence."""
    n, code = ZERO, ZERO
    i = at
    while i < words and data[i] != 40:
        byte = int(data[i])
        if byte != 32 and byte != 46:
            if byte & 0xC0 != 0x80:
                n += 1
            code = (code << 8 | byte) & 0xFFFF
        i += 1
    if n == 1:
        if not led_to:
            return False
        spoken = False
        for letter in _LANGUAGES:
            spoken = spoken or code == letter
        return not spoken
    if n > 2:
        return True
    for short in _SHORT:
        if code == short:
            return led_to
    return True


@part
def _has_function(data: Array, at: int, end: int, t: NameTables, scratch: Array) -> bool:
    """Whether a function is among the four words behind a comma, dash or bracket."""
    at += at < end and data[at] == 32
    if at < end and data[at] in (44, 40, 45):
        at += 1
    elif at + 2 < end and data[at] == 0xE2 and data[at + 1] == 0x80 and data[at + 2] == 0x93:
        at += 3
    else:
        return False
    at += at < end and data[at] == 32
    stop = behind(data, at, 40, end)
    n = 0
    while at < stop and n < 4:
        kind, width = letter_at(data, at, stop, t)
        if kind == 0:
            at += width
            continue
        k = word_end(data, at, stop, t)
        if ends_like_function(data, at, k, t, scratch):
            return True
        n += 1
        at = k
    return False
