"""What annotation makes of a single line: which skills it counts, and what the line says not to be needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.schema.core import ASKED_SECTIONS
from overstap.study import Annotation

_ASKS = "Requirements:\n- "
"""Stands before a line, so that it is read as a part of an ad that asks."""


class LineReader:
    """Reads lines as `annotate --semantic` would where they stand among the requirements of an ad: with ESCO where that
    is installed, else with the core taxonomy, and the score from which a skill counts by default."""

    def __init__(self) -> None:
        from overstap.ads.annotate import Lexicon
        from overstap.reference import esco

        taxonomy: Literal["core", "esco"] = "core" if esco.installed() is None else "esco"
        self.lexicon = Lexicon(Annotation(taxonomy=taxonomy, semantic=True))

    def read(self, lines: Sequence[str]) -> list[tuple[frozenset[str], str]]:
        """Per line the ESCO skills (URIs) that annotation counts in it, and the line without what it denies."""
        from overstap.ads.coordination import denied_spans
        from overstap.ads.scan import scan
        from overstap.ads.sections import read_zones
        from overstap.ads.skills import skill_mentions
        from overstap.ads.spans import Spans

        lexicon = self.lexicon
        texts = pa.array([_ASKS + line for line in lines], pa.large_string())
        found = scan(texts, lexicon.index)
        zones = read_zones(texts, found, lexicon.index)
        none = np.empty(0, np.int32)
        mentions = lexicon.skills(found, zones, Spans(none, none, none), texts).to_pylist()
        denied = denied_spans(texts, skill_mentions(found, lexicon.index, lexicon.rules), zones.negated)
        ends = np.searchsorted(denied.row, np.arange(len(lines) + 1))
        return [
            (
                frozenset(m["esco_uri"] for m in own if m["esco_uri"] and m["section"] in ASKED_SECTIONS),
                _without(line, *(spans[low:high] - len(_ASKS) for spans in (denied.start, denied.end))),
            )
            for line, own, low, high in zip(lines, mentions, ends[:-1], ends[1:], strict=True)
        ]


def _without(text: str, starts: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]) -> str:
    """The text without spans that begin in a word, which goes with them: the cue itself tells of no skill."""
    kept, at = "", 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        start = text.rfind(" ", 0, max(start, 0) + 1) + 1
        if end > at:
            kept, at = f"{kept}{text[at : max(at, start)]} ", _word_end(text, end)
    return (kept + text[at:]).strip()


def _word_end(text: str, at: int) -> int:
    """Where the word ends in which the character before `at` stands: a span may end inside what it denies."""
    while at < len(text) and at > 0 and text[at - 1].isalnum() and text[at].isalnum():
        at += 1
    return at
