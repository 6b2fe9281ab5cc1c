"""What the compiled search for personal data knows: triggers, lists of words and classes of bytes, as arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from overstap.ads import mask_lists
from overstap.ads.clean_tables import clean_tables
from overstap.ads.mask_lists import ADDRESSES, BESIDE, FILLERS, PARTICLES, REST_OF_WORD, TITLES, TRIGGERS
from overstap.ads.mask_shapes import LOW as LOW_LETTERS
from overstap.ads.mask_shapes import TITLE as TITLE_SHAPE
from overstap.ads.mask_shapes import UP as UP_LETTERS
from overstap.ads.names import (
    BODY_BEFORE,
    COMPANY_ENDS,
    LINKS,
    NOT_NAME_ENDINGS,
    NOT_NAMES,
    PLACE_BEHIND,
    THINGS,
    TOWNS,
    first_names,
)

Array = NDArray[Any]

(
    FIRST,
    NEVER,
    FILLER,
    PARTICLE,
    SMALL,
    TITLE,
    DOTTED,
    START,
    LEAD,
    DOUBTFUL,
    SHORT,
    COMPANY,
    COMPANY_END,
    BESIDE_MARK,
    BODY,
    PLACE,
    RARE,
    THING,
    LINK,
    SECOND,
    TOWN,
) = (1 << bit for bit in range(21))
"""Bits of a word: common first name; never a name; between a trigger and a name; part of a surname; the same, also with
a capital; form of address; the same, with a dot; one of PARTICLE or an address in any form; may lead a name; first name
that is also a word; short for something, with a dot; company of two names; end of a company's name; between a name and
a mark; before a name that is none; behind one;
first name that is no name alone; before a thing; before a
name; of a name, that its second word is a first name; place that is a surname behind "van"."""
NOTHING, GAP, DIGIT, SIGN, BRACKET, CAPITAL, HIGH = range(7)
"""What a byte of a text asks for: nothing; look for a trigger behind it; a stretch of digits; an `@`; an opening
bracket; a capital; a character that may be beyond the tables."""
UP, LOW = 1, 2
"""Classes of a character in a name."""
BEFORE, BEHIND = 1, 2
"""Where three letters may stand: at the end of the word before a name; as a part of a surname behind its first word."""
ADDRESS = 2  # beside weak and strong triggers: a form of address, with which the name begins
FNV, PRIME = 0xCBF29CE484222325, 0x100000001B3
HEAD, HEAD_BITS = 0x9E3779B97F4A7C15, 18  # of the numbers of the first eight letters of words


class Words(NamedTuple):
    """A set of byte strings: slot by hash → number or -1, and the strings one after another."""

    slots: Array
    data: Array
    start: Array


class NameTables(NamedTuple):
    """`kind` per character as in `clean_tables`; `letter` (UP or LOW) per character below U+0180 with its lower case in
    `lower`; bits per word; the endings of words that are no names; `heads`: a bit for each number of the first eight
    letters of a word, set for those of first names and particles; `near`: by three letters, whether a word that leads
    to a name may end with them (BEFORE), and whether they are a part of a surname (BEHIND)."""

    kind: Array
    letter: Array
    lower: Array
    words: Words
    bits: Array
    ending: Array
    ending_start: Array
    heads: Array
    near: Array


class MaskTables(NamedTuple):
    """`action` and `beside` per byte; triggers (without the space before them), those of one `group` together and the
    longest first; `group` by the first three signs, 0 for none; `strong` may be
    ADDRESS; endings of a trigger's word; words before numbers; whether a name counts `anywhere` (0 or 1)."""

    action: Array
    beside: Array
    group: Array
    first_trigger: Array
    trigger: Array
    trigger_start: Array
    strong: Array
    rest: Array
    rest_start: Array
    labels: Array
    label_start: Array
    names: NameTables
    anywhere: int


@cache
def mask_tables(anywhere: bool = True) -> MaskTables:
    """The tables, made once. Not `anywhere`: a name counts only where a trigger or a mark leads to it."""
    if not anywhere:
        return mask_tables()._replace(anywhere=0)
    action = np.zeros(256, np.uint8)
    beside = np.zeros(256, np.bool_)
    action[[ord(sign) for sign in BESIDE]] = GAP
    beside[[ord(sign) for sign in BESIDE]] = True
    action[48:58] = DIGIT
    action[0xF0:0xF5] = HIGH
    action[ord("A") : ord("Z") + 1] = CAPITAL
    action[0xC3:0xC6] = CAPITAL  # the first byte of one with an accent
    action[ord("@")] = SIGN
    action[[ord("["), ord("{")]] = BRACKET
    leads = TRIGGERS | dict.fromkeys(ADDRESSES, ADDRESS)
    keys = sorted({key_of(word[1:].encode(), beside) for word in leads})
    group = np.zeros(1 << 15, np.uint8)
    group[keys] = np.arange(1, len(keys) + 1)
    plain = [(word[1:], int(strong)) for word, strong in leads.items()]
    groups = {word: int(group[key_of(word.encode(), beside)]) for word, _ in plain}
    plain.sort(key=lambda item: (groups[item[0]], -len(item[0]), item[0]))
    triggers = _joined(word for word, _ in plain)
    return MaskTables(
        action,
        beside,
        group,
        np.searchsorted([groups[word] for word, _ in plain], np.arange(len(keys) + 2)),
        *triggers,
        np.array([strong for _, strong in plain]),
        *_joined(REST_OF_WORD),
        *_joined(_LABELS),
        _name_tables(),
        1,
    )


def key_of(word: bytes, beside: Array) -> int:
    """The number of the first three signs: letters count whatever their case, and what parts words is all one."""
    key = 0
    for byte in word[:3]:
        key = key << 5 | (0 if beside[byte] else byte & 31)
    return key


def _name_tables() -> NameTables:
    title = re.compile(TITLE_SHAPE)
    words, bits = _words({
        FIRST: first_names(), NEVER: NOT_NAMES, FILLER: FILLERS, PARTICLE: PARTICLES, START: PARTICLES | TITLES,
        SMALL: mask_lists.SMALL_PARTS,
        TITLE: [word for word in TITLES if title.fullmatch(f"{word} ")],
        DOTTED: [word for word in TITLES if title.fullmatch(f"{word}. ")],
        LEAD: mask_lists.LEADS, DOUBTFUL: mask_lists.DOUBTFUL, SHORT: mask_lists.ABBREVIATIONS,
        COMPANY: mask_lists.COMPANIES, COMPANY_END: COMPANY_ENDS, BESIDE_MARK: mask_lists.BESIDE_WORDS,
        BODY: BODY_BEFORE, PLACE: PLACE_BEHIND, THING: THINGS, LINK: LINKS,
        TOWN: TOWNS,
        RARE: [name for name, alone in first_names().items() if not alone],
    })  # fmt: skip
    return NameTables(clean_tables().kind, *_letters(), words, bits, *_joined(NOT_NAME_ENDINGS), _heads(), _near())


def _heads() -> Array:
    heads = np.zeros(1 << HEAD_BITS, np.bool_)
    for word in {*first_names(), *PARTICLES}:
        if word.isascii() and word.isalpha():
            eight = int.from_bytes(word[:8].encode(), "little")
            heads[(eight + len(word)) * HEAD % (1 << 64) >> (64 - HEAD_BITS)] = True
    return np.packbits(heads, bitorder="little")


def _near() -> Array:
    near = np.zeros(1 << 15, np.uint8)
    for word in LINKS:
        near[_three(word[-3:].rjust(3, "\0"))] |= BEFORE
    for word in PARTICLES:
        near[_three(word.ljust(3, "\0"))] |= BEHIND
    return near


def _three(letters: str) -> int:
    first, second, third = (ord(letter) & 31 for letter in letters)
    return first << 10 | second << 5 | third


# Words before a number that make it a phone number, or a citizen's number, somewhere near.
_LABELS = ["tel", "phone", "mob", "gsm", "app", "bel", "call", "ring", "fax", "text", "sms", "dial", "bsn", "nummer"]


def _joined(words: Iterable[str]) -> tuple[Array, Array]:
    found = [word.encode() for word in words]
    return np.frombuffer(b"".join(found), np.uint8), np.cumsum([0, *(len(word) for word in found)])


def _words(sets: Mapping[int, Iterable[str]]) -> tuple[Words, Array]:
    bits: dict[str, int] = {}
    for bit, words in sets.items():
        for word in words:
            bits[word] = bits.get(word, 0) | bit
    data, start = _joined(bits)
    size = 1 << (4 * len(bits)).bit_length()
    slots = np.full(size, -1, np.int32)
    for number, word in enumerate(bits):
        value = FNV
        for byte in word.encode():
            value = (value ^ byte) * PRIME % (1 << 64)
        at = (value >> 20) % size
        while slots[at] >= 0:
            at = (at + 1) % size
        slots[at] = number
    return Words(slots, data, start), np.array(list(bits.values()), np.uint32)


def _letters() -> tuple[Array, Array]:
    letter, lower = np.zeros(0x180, np.uint8), np.arange(0x180, dtype=np.uint16)
    up, low = re.compile(f"[{UP_LETTERS}]"), re.compile(f"[{LOW_LETTERS}]")
    for code in range(0x180):
        sign = chr(code)
        letter[code] = UP if up.match(sign) else LOW if low.match(sign) else 0
        if len(sign.lower()) == 1 and ord(sign.lower()) < 0x180:
            lower[code] = ord(sign.lower())
    return letter, lower
