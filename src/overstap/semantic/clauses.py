"""The parts of a sentence that may each ask a skill of their own."""

from __future__ import annotations

import re

MAX_PARTS = 24
"""Parts of one text that are looked at; the whole text is the first."""

_CONJUNCTIONS = (
    "and|or|and/or|as well as|but|while|including|such as|like|plus|en|of|en/of|alsook|evenals|maar|zoals|waaronder|&"
)
_BREAK = re.compile(rf"\s*[,;:()\[\]/•|–—!?]\s*|\s+-\s+|\.(?=\s|$)|\s+(?:{_CONJUNCTIONS})(?=\s)", re.IGNORECASE)
_EDGE = " .*'\"-\t"


def parts(text: str) -> list[str]:
    """The whole text, then its distinct parts between punctuation and conjunctions, in order; at most `MAX_PARTS`."""
    found = dict.fromkeys([text.strip()])
    for part in _BREAK.split(text):
        cut = part.strip(_EDGE)
        if len(cut) > 1:
            found.setdefault(cut)
    return list(found)[:MAX_PARTS]
