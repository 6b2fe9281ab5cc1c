"""What names and heads say of a title, in plain Python: the compiled pass's twin, slow and short."""

from __future__ import annotations

import math

from overstap.ads import _title_features as tf
from overstap.ads._title_index import TitleIndex
from overstap.ads._title_names import WEIGHTS

Points = list[tuple[int, float]]


def evidence(index: TitleIndex, words: list[str]) -> tuple[Points, bool, tuple[str, ...]]:
    """Values to add by the column of a code, whether they settle the title, and the codes that its head allows."""
    stems = [tf.stem(word) for word in words]
    added = _common(index, words, stems)
    if added:
        return added, True, ()
    added, named = _exact(index, words, stems)
    match = index.rules.match(words)
    if match is None:
        return added, named, ()
    added += [(j, WEIGHTS.cued / (1 + r)) for r, code in enumerate(match.cued) for j in _columns(index, code)]
    if match.usual and not match.cued:
        worth = WEIGHTS.usual * (WEIGHTS.bare if match.bare else 1.0)
        added += [(j, worth) for j in _columns(index, match.usual)]
    return added, named or bool(match.cued or match.usual), match.domain


def _common(index: TitleIndex, words: list[str], stems: list[str]) -> Points:
    for form in tf.forms(words):
        if form in index.common:
            return [(index.common[form], WEIGHTS.common)]
    for size in range(len(stems) - 1, 1, -1):
        for end in (stems[-size:], stems[:size]):
            j = index.common.get(tf.compact(end))
            if j is not None and index.codes[j].startswith(("25", "35")):
                return [(j, WEIGHTS.common)]
    return []


def _exact(index: TitleIndex, words: list[str], stems: list[str]) -> tuple[Points, bool]:
    for form in tf.forms(words):
        if form in index.exact:
            return [(j, WEIGHTS.exact * math.sqrt(share)) for j, share in index.exact[form].items()], True
    n = len(stems)
    for size in range(min(n - 1, 5), 0, -1):
        added = []
        for i in range(n - size + 1):
            part = index.exact.get(tf.compact(stems[i : i + size])) if size > 1 or len(stems[i]) > 4 else None
            weight = WEIGHTS.part * (1.0 if i == 0 or i + size == n else 0.5) * (1.0 if size > 1 else 0.6)
            added += [(j, weight * share) for j, share in (part or {}).items()]
        if added:
            return added, False
    return [], False


def _columns(index: TitleIndex, code: str) -> list[int]:
    return [j for j, column in enumerate(index.codes) if column.startswith(code)]
