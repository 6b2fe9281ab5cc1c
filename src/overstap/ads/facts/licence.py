"""Driving licence asked, by category: "rijbewijs B", "C/CE rijbewijs", "full UK driving licence".

Where only "rijbewijs" is said it is B. What is only a plus or not needed does not count. Of several categories the
first named holds: it is the least that serves.
"""

from __future__ import annotations

import re

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Fact, choose, column, spans_of
from overstap.ads.facts.windows import cut, kept

FIELD, KIND = "driving_licence", "licence"
_CATEGORY = re.compile(r"[^\w,;.\n]{0,5}(?:(?:categor(?:y|ie)|class|type)\s)?(?P<category>BE|CE|AM|[ABCDT])\b(?!-)")
_EMPTY = re.compile(r"\s?:\s*(?:\n|$)|\s*(?:vergoe|halen|behalen|te\s+halen)")
"""A label of a form that was not filled in, or a licence that the employer pays."""


def read_licence(scene: Scene) -> Fact:
    """The category per ad, null where none is asked, with the words that ask it."""
    mentions = scene.mentions(KIND)
    mentions = mentions.take(scene.holds(mentions.row, mentions.start))
    behind = {
        (row, end): value
        for row, end, _, value in cut(scene.texts, mentions.row, mentions.end, mentions.end, 0, 24).read(_behind)
    }
    entries = [(row, start, end, behind.get((row, end), value)) for row, start, end, value in mentions.entries]
    chosen = choose((entry for entry in entries if entry[3] is not None), key=lambda value: 0)
    values = {row: entry[3] for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.string())}, {FIELD: spans_of(chosen.values())})


@kept
def _behind(window: bytes, at: int) -> tuple[str | None, int, int] | None:
    """The category said behind a licence; null as value where what follows shows that none is asked."""
    text = window.decode()
    match = _CATEGORY.match(text)
    if match is not None:
        return match["category"], 0, 0
    return (None, 0, 0) if _EMPTY.match(text) else None
