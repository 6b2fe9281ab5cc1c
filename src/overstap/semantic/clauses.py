"""The parts of a sentence that may each ask a skill of their own."""

from __future__ import annotations

import re

MAX_PARTS = 64
"""Parts of one text that are looked at; the whole text is the first."""
LONG, WINDOW, STEP = 7, 5, 2
"""A part of at least LONG words is also read by windows of WINDOW words that start STEP words apart."""

_CONJUNCTIONS = (
    "and|or|and/or|as well as|but|while|including|such as|like|plus|en|of|en/of|alsook|evenals|maar|zoals|waaronder|&"
)
_BREAK = re.compile(rf"\s*[,;:()\[\]/•|–—!?]\s*|\s+-\s+|\.(?=\s|$)|\s+(?:{_CONJUNCTIONS})(?=\s)", re.IGNORECASE)
_EDGE = " .*'\"-\t"


def parts(text: str) -> list[str]:
    """The whole text, its distinct parts between punctuation and conjunctions, then windows of the long ones.

    At most `MAX_PARTS`.
    """
    found = dict.fromkeys([text.strip()])
    for part in _BREAK.split(text):
        cut = part.strip(_EDGE)
        if len(cut) > 1:
            found.setdefault(cut)
    for part in list(found)[1:] or list(found):
        found.update(dict.fromkeys(_windows(part.split())))
    return list(found)[:MAX_PARTS]


def _windows(words: list[str]) -> list[str]:
    if len(words) < LONG:
        return []
    return [" ".join(words[at : at + WINDOW]) for at in range(0, len(words) - WINDOW + STEP, STEP)]
