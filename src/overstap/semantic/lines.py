"""Lines of text in, lines of JSON out: what `overstap link-skills` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from overstap.errors import InputError
from overstap.semantic.linker import Linker
from overstap.semantic.reading import LineReader

LANGUAGES = ("nl", "en")


def answers(
    lines: Iterable[str],
    top: int,
    lang: str,
    linker: Linker | None = None,
    reader: LineReader | None = None,
    block: int = 1,
) -> Iterator[str]:
    """For each line a JSON object `{text, skills: [{uri, label, score, counts}]}`, as soon as `block` lines are read.

    `score`: the probability that the line asks the skill, by meaning alone. `counts`: whether annotation counts it
    (`LineReader`). What the line says not to be needed or used ("we gebruiken geen …") has no skills. Labels are in
    `lang`, else English. Raises `InputError` for a language without labels.
    """
    if lang not in LANGUAGES:
        raise InputError(
            f"There are no skill labels in '{lang}'.",
            why=f"The labels are in: {', '.join(LANGUAGES)}.",
            fix="overstap link-skills --lang nl, or --lang en",
        )
    linker = linker or Linker.load()
    reader = reader or LineReader()
    uris, labels = _labels(linker, lang)
    waiting = iter(lines)
    while texts := list(islice(waiting, block)):
        for text, (counted, affirmed) in zip(texts, reader.read(texts), strict=True):
            links = linker.link([affirmed], top)
            skills: list[dict[str, Any]] = [
                {"uri": uris[row], "label": labels[row], "score": round(float(p), 4), "counts": uris[row] in counted}
                for row, p in zip(links.skill, links.score, strict=True)
            ]
            yield json.dumps({"text": text, "skills": skills}, ensure_ascii=False)


def _labels(linker: Linker, lang: str) -> tuple[list[str], list[str]]:
    table = linker.skills.to_pydict()
    own = table[f"label_{lang}"]
    return table["uri"], list(np.where([label is None for label in own], table["label_en"], own))
