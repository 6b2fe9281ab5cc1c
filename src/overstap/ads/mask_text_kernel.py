"""Small questions about the bytes of a text, for the compiled search."""

from __future__ import annotations

from overstap.ads.bits import is_ascii, load8
from overstap.ads.clean_tables import BREAK, CHARACTERS, SPACE, WORD
from overstap.ads.compiled import Array, inlined, part, read_character
from overstap.ads.mask_tables import NameTables


@inlined
def is_letter(byte: int) -> bool:
    """Whether the byte is an ASCII letter."""
    return 97 <= (byte | 32) <= 122


@inlined
def is_digit(byte: int) -> bool:
    """Whether the byte is an ASCII digit."""
    return 48 <= byte <= 57


@inlined
def is_word_byte(byte: int) -> bool:
    """Whether the byte is an ASCII letter, digit or underscore."""
    return is_letter(byte) or is_digit(byte) or byte == 95


@part
def is_word(data: Array, at: int, end: int, t: NameTables) -> bool:
    """Whether a letter, digit or underscore stands at `at`, which is before `end`."""
    code, _ = read_character(data, at, end)
    return code >= 0 and (code >= CHARACTERS or t.kind[code] & WORD != 0)


@part
def says(data: Array, at: int, end: int, word: Array) -> bool:
    """Whether `word` (bytes, in lower case) stands at `at`, in any case."""
    if at + word.shape[0] > end:
        return False
    for k in range(word.shape[0]):
        byte = data[at + k]
        if 65 <= byte <= 90:
            byte |= 32
        if byte != word[k]:
            return False
    return True


@part
def space_width(data: Array, at: int, end: int, t: NameTables) -> int:
    """The bytes of the white space at `at`; 0 where none stands there."""
    if at >= end:
        return 0
    code, width = read_character(data, at, end)
    return width if 0 <= code < CHARACTERS and (t.kind[code] & (SPACE | BREAK) or code == 0x1F) else 0


@part
def stands(data: Array, at: int, end: int, word: Array) -> bool:
    """Whether `word` (bytes) stands at `at`, just so."""
    if at + word.shape[0] > end:
        return False
    k = 0
    while k < word.shape[0] and data[at + k] == word[k]:
        k += 1
    return bool(k == word.shape[0])


@part
def behind(data: Array, at: int, n: int, end: int) -> int:
    """The place `n` characters behind `at`, `end` at most."""
    while n > 8 and at + 8 <= end and is_ascii(load8(data, at)):
        at += 8
        n -= 8
    while n and at < end:
        at += 1
        while at < end and data[at] & 0xC0 == 0x80:
            at += 1
        n -= 1
    return at


@part
def before(data: Array, at: int, n: int, start: int) -> int:
    """The place `n` characters before `at`, `start` at least."""
    while n and at > start:
        at -= 1
        while at > start and data[at] & 0xC0 == 0x80:
            at -= 1
        n -= 1
    return at
