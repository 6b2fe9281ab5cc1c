"""Open answers coded as ads are: skills by the forms of the taxonomy, occupations by their titles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa


def masked(texts: Sequence[str | None]) -> list[str | None]:
    """The texts with names, addresses and numbers masked, as ads are."""
    from overstap.ads.mask import mask_text

    return [None if text is None else mask_text(text)[0] for text in texts]


def skills_of(texts: Sequence[str]) -> list[list[str]]:
    """Per text the skills that it names, as the core taxonomy's forms find them, in order and each once."""
    from overstap.ads.scan import scan
    from overstap.ads.skills import skill_mentions

    if not texts:
        return []
    taxonomy, rules, index = _lexicon()
    mentions = skill_mentions(scan(pa.array(texts, pa.string()), index), index, rules)
    ids = taxonomy.skills["skill_id"].to_pylist()
    found: list[list[str]] = [[] for _ in texts]
    for row, skill in zip(np.asarray(mentions["row"]), np.asarray(mentions["skill_index"]), strict=True):
        if ids[skill] not in found[row]:
            found[row].append(ids[skill])
    return found


def occupations_of(texts: Sequence[str]) -> list[str | None]:
    """Per text the ISCO-08 unit group of the title that it is, null where it names none for sure."""
    from overstap.ads.code_title import TitleCoder

    if not texts:
        return []
    return [row["isco08"] for row in TitleCoder.bundled(top=1).code(list(texts))]


@lru_cache(maxsize=1)
def _lexicon() -> tuple[Any, Any, Any]:
    from overstap.ads.annotate import Lexicon
    from overstap.study import Annotation

    lexicon = Lexicon(Annotation(taxonomy="core", semantic=False))
    return lexicon.taxonomy, lexicon.rules, lexicon.index
