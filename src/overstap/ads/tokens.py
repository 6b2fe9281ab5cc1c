"""What a token is: the definition in plain Python, and the character tables that the compiled kernel shares.

A token is `.`? word (word | mark)* `+#`*: a run of letters and digits, with `+` and `#` directly behind it (`c++`)
and a `.` directly before a letter where no letter, digit or dot stands in front (`.net`). Combining marks and invisible
joiners inside a token fold to nothing. Between tokens, soft characters (spaces, hyphen, slash, apostrophe, underscore,
ampersand, ® and ™, a dot between two letters or digits) let a form run on; every other character is hard and ends it.

Folding is per code point: lower case, compatibility form (ﬁ → fi, ² → 2, 𝗣 → p), diacritics off, ß → ss, ø → o; a code
point without such a form stays as it is. Offsets count characters (code points), as Python does.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from overstap.reference.cache import Parcel, keep, pack_arrays, unpack_arrays

HARD, SOFT, DOT, SUFFIX, WIDE = 0, 1, 2, 3, 4
"""Actions of a byte that is no ASCII letter or digit; WIDE starts a longer UTF-8 sequence. Letters and digits hold
their folded byte (≥ 0x30) in the same table."""
LETTER, DIGIT, MARK = 5, 6, 7
"""Further classes of a code point."""
MAX_TOKEN_BYTES = 64
"""Tokens that fold to more bytes are never looked up, and no form may hold one."""

_SOFT_CHARACTERS = frozenset("-‐‑/'’ʼ_&®™\u200b ")
_MARKS = frozenset(
    point
    for low, high in (
        *((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)),  # diacritics
        *((0x00AD, 0x00AD), (0x200C, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF)),  # soft hyphen, invisible joiners
        *((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)),  # variation selectors
    )
    for point in range(low, high + 1)
)
_SPECIAL = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
_ASSIGNED_PLANES = ((0, 0x34000), (0xE0000, 0xE0200))
_UNFOLDED = ((0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0x17000, 0x18CFF), (0x20000, 0x33FFF))
_MAX_FOLD_BYTES = 7
_PLAIN, _PLAIN_TOKEN = re.compile(r"[A-Za-z0-9 '/_&-]*"), re.compile(r"[a-z0-9]+")


class CharTables(NamedTuple):
    """Character tables as the kernel reads them.

    `action` has one byte for each byte value: the folded byte of an ASCII letter or digit, else an action code.
    `page` maps `code point >> 8` to a block; `kind` and `fold` have 256 entries a block. A fold packs up to 7 bytes,
    lowest first, with their number in the top byte; 0 means that the code point stays as it is.
    """

    action: npt.NDArray[np.uint8]
    page: npt.NDArray[np.uint16]
    kind: npt.NDArray[np.uint8]
    fold: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: folded text, span in characters, and whether a hard character stands before it."""

    text: str
    start: int
    end: int
    hard_before: bool


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order. Twin of the compiled kernel: same tokens on every string without surrogates."""
    tokens: list[Token] = []
    i, n, hard, before = 0, len(text), True, HARD
    while i < n:
        kind = classify(text[i])
        following = classify(text[i + 1]) if i + 1 < n else HARD
        dotted = kind == DOT and following == LETTER and before not in (LETTER, DOT)
        if dotted or kind in (LETTER, DIGIT):
            start = i
            i = _end_of_word(text, i + dotted)
            body = "".join(fold(char) for char in text[start + dotted : i])
            end = i
            while end < n and text[end] in "+#":
                end += 1
            tokens.append(Token("." * dotted + body + text[i:end], start, end, hard))
            hard, before = False, LETTER if end == i else SUFFIX
            i = end
            continue
        if kind == DOT:
            hard = hard or not (before == LETTER and following in (LETTER, DIGIT))
        elif kind not in (SOFT, MARK):
            hard = True
        before = kind
        i += 1
    return tokens


def readings(token: Token) -> Iterator[Token]:
    """The token as it may stand in a vocabulary, best first: whole, without `+#` behind, without `.` before, bare."""
    yield token
    bare = token.text.rstrip("+#")
    cut = len(token.text) - len(bare)
    if cut:
        yield replace(token, text=bare, end=token.end - cut)
    if token.text.startswith("."):
        yield replace(token, text=token.text[1:], start=token.start + 1)
        if cut:
            yield replace(token, text=bare[1:], start=token.start + 1, end=token.end - cut)


def fold_tokens(text: str) -> tuple[str, ...] | None:
    """The folded tokens of a form; None where it has none, one too long, or a hard character between two."""
    if _PLAIN.fullmatch(text):  # the same result, forty times faster
        plain = tuple(_PLAIN_TOKEN.findall(text.lower()))
        return plain if plain and max(map(len, plain)) <= MAX_TOKEN_BYTES else None
    tokens = tokenize(text)
    if not tokens or any(token.hard_before for token in tokens[1:]):
        return None
    if any(len(token.text.encode()) > MAX_TOKEN_BYTES for token in tokens):
        return None
    return tuple(token.text for token in tokens)


@lru_cache(maxsize=4096)
def classify(char: str) -> int:
    """The class of one character."""
    tables = char_tables()
    point = ord(char)
    return int(tables.kind[int(tables.page[point >> 8]) * 256 + (point & 255)])


def fold(char: str) -> str:
    """The folded form of one letter, digit or mark; a mark folds to the empty string."""
    tables = char_tables()
    point = ord(char)
    if classify(char) == MARK:
        return ""
    packed = int(tables.fold[int(tables.page[point >> 8]) * 256 + (point & 255)])
    return packed.to_bytes(8, "little")[: packed >> 56].decode() if packed else char


@lru_cache(maxsize=1)
def char_tables() -> CharTables:
    """The character tables, made from Python's own Unicode data (about 0.2 s) and kept."""

    def pack(tables: CharTables) -> Parcel:
        return pack_arrays(tables._asdict(), {})

    return keep("characters", "", _build_tables, pack, lambda parcel: CharTables(**unpack_arrays(parcel)))


def _build_tables() -> CharTables:
    blocks: dict[tuple[bytes, bytes], int] = {}
    page = np.zeros(0x1100, np.uint16)
    _block(blocks, np.zeros(256, np.uint8), np.zeros(256, np.uint64))
    for low, high in _ASSIGNED_PLANES:
        for first in range(low, high, 256):
            kinds = np.fromiter((_class_of(point) for point in range(first, first + 256)), np.uint8, 256)
            folds = np.zeros(256, np.uint64)
            if not any(a <= first <= b for a, b in _UNFOLDED):
                for at in np.flatnonzero((kinds == LETTER) | (kinds == DIGIT)):
                    folds[at] = _pack(chr(first + int(at)))
            page[first >> 8] = _block(blocks, kinds, folds)
    kind = np.frombuffer(b"".join(kinds for kinds, _ in blocks), np.uint8)
    fold_table = np.frombuffer(b"".join(folds for _, folds in blocks), np.uint64)
    action = np.full(256, WIDE, np.uint8)
    for point in range(128):
        found = int(kind[256 * int(page[0]) + point])
        action[point] = ord(chr(point).lower()) if found in (LETTER, DIGIT) else found
    return CharTables(action, page, kind, fold_table)


def unicode_version() -> str:
    """The version of the Unicode data behind the tables."""
    return f"{unicodedata.unidata_version}-{sys.byteorder}"


def _end_of_word(text: str, i: int) -> int:
    while i < len(text) and classify(text[i]) in (LETTER, DIGIT, MARK):
        i += 1
    return i


def _block(blocks: dict[tuple[bytes, bytes], int], kinds: npt.NDArray[np.uint8], folds: npt.NDArray[np.uint64]) -> int:
    return blocks.setdefault((kinds.tobytes(), folds.tobytes()), len(blocks))


def _class_of(point: int) -> int:
    char = chr(point)
    if char == ".":
        return DOT
    if char in "+#":
        return SUFFIX
    if char in _SOFT_CHARACTERS:
        return SOFT
    category = unicodedata.category(char)
    if category[0] == "N":
        return DIGIT
    if category == "Zs":
        return SOFT
    if point in _MARKS and category[0] in "MC":
        return MARK
    return LETTER if category[0] in "LM" else HARD


def _pack(char: str) -> int:
    """The fold of a letter or digit as the tables hold it; 0 where it is the character itself."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char.lower()).lower())
    plain = "".join(_SPECIAL.get(part, part) for part in spread if ord(part) not in _MARKS)
    ok = plain and all(_class_of(ord(part)) in (LETTER, DIGIT) for part in plain)
    options = [plain, char.lower()] if ok else [char.lower()]
    best = next((form for form in options if len(form.encode()) <= _MAX_FOLD_BYTES), char)
    if best == char or not best:
        return 0
    raw = best.encode()
    return int.from_bytes(raw, "little") | len(raw) << 56
