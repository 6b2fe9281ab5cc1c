"""What the compiled cleaning knows of characters and words: tables made from the patterns of `overstap.ads.clean`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from overstap.ads import clean

Array = NDArray[Any]

WORD, SPACE, BREAK, DROP, UNSURE, DOT, TIGHT, NUMBER = (1 << bit for bit in range(8))
"""Bits of a character: letter, digit or underscore; any space; line break; sign to drop; left to Python (its normal
form is not sure, or it is beyond the table); bullet; bullet that needs no space after it; decimal digit."""
CHARACTERS = 0x20000

PLAIN, ODD, WIDE, END_OF_LINE, BLANK, MARK, CAPITAL, MARKUP = range(8)
"""What a byte asks for: copy; drop; decode; newline; space; copy and look at the line again; the same where a letter
in lower case stands before it; look whether it begins a tag or entity."""


class CleanTables(NamedTuple):
    """`action` per byte, `kind` (bits) per character, and the words that open a line, one after another: `opener` (the
    bytes) cut at `opener_start`, from `first_opener[letter]` to `first_opener[letter + 1]`."""

    action: Array
    kind: Array
    escapable: Array
    opener: Array
    opener_start: Array
    first_opener: Array


@cache
def clean_tables() -> CleanTables:
    """The tables, made once."""
    openers = {ord(letter): rest.split("|") for letter, rest in clean.OPENERS.items()}
    words = [word.encode() for letter in sorted(openers) for word in openers[letter]]
    escapable = np.zeros(256, np.bool_)
    escapable[[ord(sign) for sign in clean.ESCAPABLE]] = True
    return CleanTables(
        action=_actions(openers),
        kind=_kinds(),
        escapable=escapable,
        opener=np.frombuffer(b"".join(words), np.uint8),
        opener_start=np.cumsum([0, *(len(word) for word in words)]),
        first_opener=np.cumsum([0, *(len(openers.get(letter, ())) for letter in range(128))]),
    )


def _actions(openers: dict[int, list[str]]) -> Array:
    action = np.full(256, PLAIN, np.uint8)
    action[:32] = ODD
    action[127] = ODD
    action[128:] = WIDE
    action[[10, 11, 12, 13, 28, 29, 30]] = END_OF_LINE
    action[[9, 32]] = BLANK
    action[[ord(sign) for sign in "*\\#]_=`+-"]] = MARK
    action[list(openers)] = CAPITAL
    action[[ord("<"), ord("&")]] = MARKUP
    return action


def _kinds() -> Array:
    signs = "".join(map(chr, range(CHARACTERS)))
    kind = np.zeros(CHARACTERS, np.uint8)
    patterns = {
        WORD: r"\w",
        SPACE: r"[^\S\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]",
        BREAK: "[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]",
        DROP: f"{clean._CONTROL.pattern}|{clean._INVISIBLE.pattern}", UNSURE: "[\ud800-\udfff]",
        DOT: f"[{clean.DOTS}»–—-]", TIGHT: f"[{clean.TIGHT_DOTS}]", NUMBER: r"\d",
    }  # fmt: skip
    for bit, pattern in patterns.items():
        for match in re.finditer(f"(?:{pattern})+", signs):
            kind[match.start() : match.end()] |= bit
    # Characters that normalisation may change, alone or beside another; variation selectors it leaves alone.
    for code in range(0x300, CHARACTERS):
        sign = signs[code]
        if unicodedata.category(sign)[0] == "M" or not unicodedata.is_normalized("NFC", sign):
            kind[code] |= UNSURE
    kind[0xFE00:0xFE10] &= ~UNSURE & 255
    for jamo in (slice(0x1100, 0x1200), slice(0xA960, 0xA980), slice(0xD7B0, 0xD800)):
        kind[jamo] |= UNSURE
    kind[[code for code in range(CHARACTERS) if kind[code] & (SPACE | BREAK | DROP)]] &= ~UNSURE & 255
    return kind
