"""Lines of text in, lines of JSON out: what `overstap link-skills` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from overstap.errors import InputError
from overstap.semantic.linker import Linker

LANGUAGES = ("nl", "en")


def answers(lines: Iterable[str], top: int, lang: str, linker: Linker | None = None) -> Iterator[str]:
    """For each line a JSON object `{text, skills: [{uri, label, score}]}`, as soon as the line is read.

    Labels are in `lang`, else English. Raises `InputError` for a language without labels.
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
        links = linker.link([line], top)
        skills: list[dict[str, Any]] = [
            {"uri": uris[row], "label": labels[row], "score": round(float(score), 4)}
            for row, score in zip(links.skill, links.score, strict=True)
        ]
        yield json.dumps({"text": line, "skills": skills}, ensure_ascii=False)


def _labels(linker: Linker, lang: str) -> tuple[list[str], list[str]]:
    table = linker.skills.to_pydict()
    own = table[f"label_{lang}"]
    return table["uri"], list(np.where([label is None for label in own], table["label_en"], own))
