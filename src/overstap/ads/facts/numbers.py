"""Numbers as ads write them: "2.400,-", "37,5", "45k", "three", "3-5", "32 tot en met 40"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

WORDS = {
    "een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
    "tien": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
DASH = r"[-‐‑–—−~/]"
TO = rf"(?:{DASH}|tot(?:\s+en\s+met|\s+maximaal|\s+max\.?|\s+een|\s+aan)?|t/m|t\.e\.m\.|to|à|a|up\s+to|en|and|of|or)"
"""What stands between the ends of a range; "of" and "en" too: "32 of 36 uur"."""
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,](\d{1,2})(?!\d))?\s?(k\b)?", re.IGNORECASE)


_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def count(text: str) -> float | None:
    """A small number in digits ("37,5") or letters ("drie")."""
    word = WORDS.get(text.lower())
    if word is not None:
        return float(word)
    return float(text.replace(",", ".")) if _DIGITS.fullmatch(text) else None


@lru_cache(maxsize=1 << 12)
def amount(text: str) -> float | None:
    """An amount of money: a dot or comma before three digits groups thousands, else it starts the cents."""
    match = _AMOUNT.match(text)
    if match is None:
        return None
    value = float(re.sub(r"\D", "", match[1])) + (float(f"0.{match[2]}") if match[2] else 0.0)
    return value * 1000 if match[3] and value < 1000 else value


NUMERAL = re.compile(r"[0-9](?<![0-9]{2})")
NUMERAL_OR_WORD = re.compile(rf"[0-9{''.join(sorted({word[0] for word in WORDS}))}](?:(?<!\w\w)|(?<=[^0-9][0-9]))")
"""Where a number may begin, in digits alone or in letters too."""


def first_match(
    pattern: re.Pattern[str], starts: re.Pattern[str], text: str, anchor: int, before: int, behind: int
) -> re.Match[str] | None:
    """The first match that starts where a number may, at most so far before the anchor, and reaches beyond it."""
    for start in starts.finditer(text, max(0, anchor - before), anchor + 1):
        match = pattern.match(text, start.start(), anchor + behind)
        if match is not None and match.end() > anchor:
            return match
    return None


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of the words, the longest that fits; tried letter by letter, which is many times faster."""
    groups = groupby(sorted(words, key=lambda word: (word[0], -len(word), word)), key=lambda word: word[0])
    return re.compile("|".join(f"{first}(?:{'|'.join(word[1:] for word in group)})" for first, group in groups))


_STOP = re.compile(r"[.!?;\n](?:(?<=[;\n])|(?<!\b\w.)(?=\s|$))")
"""The end of a sentence; a dot behind a single letter is an abbreviation ("o.b.v. 36 uur"). The sign stands first in
the pattern, as that is found many times faster than what stands before it."""


def tail(text: str, most: int) -> str:
    """The end of `text`, at most so many characters, of its last sentence."""
    end = text[-most:]
    cut = 0
    for stop in _STOP.finditer(end, 0, max(len(end) - 1, 0)):
        cut = stop.end()
    return end[cut:]


def head(text: str, most: int) -> str:
    """The start of `text`, at most so many characters, of its first sentence."""
    stop = _STOP.search(text, 0, most)
    return text[: stop.start() if stop is not None else most]
