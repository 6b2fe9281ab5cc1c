"""How well names of contacts in real ads are masked: labels of a reader against what masking leaves."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from overstap.ads.mask import mask_text
from overstap.evaluate.measures import proportion
from overstap.evaluate.skills import Estimate

_TOKEN = re.compile(r"\[[A-Z]+\]|\w+|\W")


@dataclass(frozen=True)
class LabelledAd:
    """An ad of a part (`look`, whose errors were read, or `score`), and the names in it: (start, end, role), where role
    is `contact` (to reach, or who hires, leads or supervises) or `person` (any other, a quoted colleague).
    Offsets count in the text after cleaning, before masking."""

    source: str
    ad_id: str
    part: str
    names: tuple[tuple[int, int, str], ...]


def read_names(path: Path) -> list[LabelledAd]:
    """The labels of a CSV file: source, ad_id, part, drawn_from, role, start, end; one empty row for an ad without."""
    found: dict[tuple[str, str, str], list[tuple[int, int, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = found.setdefault((row["source"], row["ad_id"], row["part"]), [])
            if row["start"]:
                names.append((int(row["start"]), int(row["end"]), row["role"]))
    return [LabelledAd(*key, tuple(names)) for key, names in found.items()]


def names_accuracy(ads: Iterable[LabelledAd], texts: Mapping[tuple[str, str], str]) -> tuple[dict[str, Estimate], int]:
    """Share of names of which no letter is left, per role; and the number of ads."""
    hidden: dict[str, list[bool]] = {"contact": [], "person": []}
    n = 0
    for ad in ads:
        n += 1
        text = texts[ad.source, ad.ad_id]
        gone = _hidden_words(text, mask_text(text)[0])
        places = {i for a, b in gone for i in range(a, b)}
        for a, b, role in ad.names:
            hidden[role].append(all(i in places for i in range(a, b) if text[i].isalnum()))
    figures = {role: proportion(values) for role, values in hidden.items()}
    return figures, n


def _hidden_words(text: str, masked: str) -> list[tuple[int, int]]:
    """Where `text` has words that `masked` has no more."""
    before = [(match[0], match.span()) for match in _TOKEN.finditer(text)]
    after = [match[0] for match in _TOKEN.finditer(masked)]
    matcher = SequenceMatcher(None, [word for word, _ in before], after, autojunk=False)
    kept = {i for block in matcher.get_matching_blocks() for i in range(block.a, block.a + block.size)}
    return [span for i, (word, span) in enumerate(before) if i not in kept and word.isalnum()]
