"""Lines of text in, lines of JSON out: what `overstap link-skills` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.errors import InputError
from overstap.semantic.linker import Linker
from overstap.study import Annotation

LANGUAGES = ("nl", "en")
COUNTS_FROM = Annotation().skill_score
"""Probability from which a skill counts, as in a study that does not set `annotation.skill_score`."""
_DENIES = re.compile(r"\b(?:geen|zonder|niet|nooit|no|not|never|without|hoeft?)\b|n['’]t\b|\bdont\b", re.IGNORECASE)
"""A word of every cue of `condition_cues.csv` that negates: only texts with one are split for it."""


def answers(lines: Iterable[str], top: int, lang: str, linker: Linker | None = None) -> Iterator[str]:
    """For each line a JSON object `{text, skills: [{uri, label, score, counts}]}`, as soon as the line is read.

    `counts`: whether the score, a probability, is at least COUNTS_FROM. What the line says not to be needed or used
    ("we gebruiken geen …") has no skills. Labels are in `lang`, else English. Raises `InputError` for a language
    without labels.
    """
    if lang not in LANGUAGES:
        raise InputError(
            f"There are no skill labels in '{lang}'.",
            why=f"The labels are in: {', '.join(LANGUAGES)}.",
            fix="overstap link-skills --lang nl, or --lang en",
        )
    linker = linker or Linker.load()
    uris, labels = _labels(linker, lang)
    for line in lines:
        links = linker.link([affirmed(line)], top)
        skills: list[dict[str, Any]] = [
            {
                "uri": uris[row],
                "label": labels[row],
                "score": round(float(score), 4),
                "counts": bool(score >= COUNTS_FROM),
            }
            for row, score in zip(links.skill, links.score, strict=True)
        ]
        yield json.dumps({"text": line, "skills": skills}, ensure_ascii=False)


def affirmed(text: str) -> str:
    """The text without what it says not to be needed or used."""
    if not _DENIES.search(text):
        return text
    from overstap.ads.sections import split_sections  # here: loads compiled code that most lines do not need

    negated = split_sections(pa.array([text], pa.string())).negated
    kept, at = "", 0
    for start, end in zip(negated.start.tolist(), negated.end.tolist(), strict=True):
        start = text.rfind(" ", 0, start + 1) + 1  # the cue itself tells of no skill
        if end > at:
            kept, at = f"{kept}{text[at : max(at, start)]} ", _word_end(text, end)
    return (kept + text[at:]).strip()


def _word_end(text: str, at: int) -> int:
    """Where the word ends in which the character before `at` stands: a span may end inside what it denies."""
    while at < len(text) and at > 0 and text[at - 1].isalnum() and text[at].isalnum():
        at += 1
    return at


def _labels(linker: Linker, lang: str) -> tuple[list[str], list[str]]:
    table = linker.skills.to_pydict()
    own = table[f"label_{lang}"]
    return table["uri"], list(np.where([label is None for label in own], table["label_en"], own))
