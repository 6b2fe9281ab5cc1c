"""Dutch compounds that no form has: a known word, a linking sound and a common head ("pythonontwikkelaar").

A word of eight letters or more that is not in the vocabulary is read as its first part where that is a form of one
word by itself, and what follows, behind a linking s, en or e, is one of the heads of `compound_heads.csv`. The token
pass does this (`kernel`); the first part is then matched alone, and its span is the part. This module says what heads
and links there are, and defines the split in plain Python.
"""

from __future__ import annotations

import csv
from collections.abc import Container
from functools import lru_cache
from importlib import resources

LEAST_LETTERS, LEAST_PART = 8, 3
LINK_BYTES = (b"", b"s", b"en", b"e")


@lru_cache(maxsize=1)
def compound_heads() -> tuple[str, ...]:
    """The words that a compound may end with, four to 32 letters each."""
    with (resources.files("overstap.reference") / "data" / "compound_heads.csv").open(encoding="utf-8") as file:
        return tuple(row["head"] for row in csv.DictReader(file))


def first_part(word: str, parts: Container[str]) -> str | None:
    """The first part of a folded word of ASCII letters and digits, among `parts`; null where it is no compound.

    Of several heads that fit the longest goes first.
    """
    if len(word) < LEAST_LETTERS:
        return None
    for head in sorted(compound_heads(), key=len, reverse=True):
        rest = word.removesuffix(head)
        if rest == word:
            continue
        for link in LINK_BYTES:
            part = rest.removesuffix(link.decode()) if rest.endswith(link.decode()) else ""
            if len(part) >= LEAST_PART and part in parts:
                return part
    return None
