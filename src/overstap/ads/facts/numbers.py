"""Numbers as ads write them: "2.400,-", "37,5", "45k", "three", "3-5", "32 tot en met 40"."""

from __future__ import annotations

import re

WORDS = {
    "een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
    "tien": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
DASH = r"[-‐‑–—−~/]"
TO = rf"(?:{DASH}|tot(?:\s+en\s+met|\s+maximaal|\s+max\.?|\s+een|\s+aan)?|t/m|t\.e\.m\.|to|à|a|up\s+to|en|and|of|or)"
"""What stands between the ends of a range; "of" and "en" too: "32 of 36 uur"."""
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,](\d{1,2})(?!\d))?\s?(k\b)?", re.IGNORECASE)


def count(text: str) -> float | None:
    """A small number in digits ("37,5") or letters ("drie")."""
    word = WORDS.get(text.lower())
    if word is not None:
        return float(word)
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def amount(text: str) -> float | None:
    """An amount of money: a dot or comma before three digits groups thousands, else it starts the cents."""
    match = _AMOUNT.match(text)
    if match is None:
        return None
    value = float(re.sub(r"\D", "", match[1])) + (float(f"0.{match[2]}") if match[2] else 0.0)
    return value * 1000 if match[3] and value < 1000 else value


def tail(text: str, most: int, stops: str = ".;\n") -> str:
    """The end of `text`, at most so many characters, from behind the last stop sign (a dot only before a space)."""
    end = text[-most:]
    cut = max((end.rfind(stop + " " if stop == "." else stop) for stop in stops), default=-1)
    return end[cut + 1 :]


def head(text: str, most: int, stops: str = ".;\n") -> str:
    """The start of `text`, as `tail`."""
    start = text[:most]
    cuts = [at for at in (start.find(stop + " " if stop == "." else stop) for stop in stops) if at >= 0]
    return start[: min(cuts, default=most)]
