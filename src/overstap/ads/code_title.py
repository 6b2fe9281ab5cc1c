"""Titles from a stream of lines to their ISCO-08 codes and ESCO occupations, one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from overstap.ads import _title_features as tf
from overstap.ads._title_concepts import LANGUAGES, ConceptRanker
from overstap.ads.occupation import OccupationCoder, default_coder
from overstap.ads.title_domains import domains_of
from overstap.errors import InputError, nearest
from overstap.reference import tables

BATCH = 1024
MIN_SCORE = 0.15  # below it fewer than one code in six is right, and the title is said not to be codable
REASONS = ("empty", "names no occupation", "uncertain")
_REMEMBERED = 100_000
# Of what official lists put in brackets the level is no part of the work.
_LEVEL = re.compile(r"\((?:[^()]*\b(?:niveau|graads|hoger|middelbaar|lager)\b[^()]*)\)", re.IGNORECASE)
_BRACKET = re.compile(r"[()\[\]]")


@dataclass
class TitleCoder:
    """Codes titles as `overstap code-title` does. `language`: nl or en, of the labels; `top`: how many answers."""

    coder: OccupationCoder
    ranker: ConceptRanker
    language: str = "nl"
    top: int = 10
    _memory: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def bundled(cls, language: str = "nl", top: int = 10) -> TitleCoder:
        """On the bundled titles and the user's own. Raises InputError for a language without labels, or a bad top."""
        if language not in LANGUAGES:
            raise InputError(
                f"--lang {language}: there are labels in {' and '.join(LANGUAGES)}.",
                why=nearest(language, LANGUAGES),
                fix="overstap code-title --lang nl < titles.txt",
            )
        if top < 1:
            raise InputError(f"--top {top}: at least one answer is needed.", fix="Give 1 or more, say --top 10.")
        return cls(default_coder(), ConceptRanker.bundled(), language, top)

    def lines(self, titles: Iterable[str]) -> Iterator[str]:
        """JSON of every line in order, blank ones too; a batch is in memory at a time."""
        stripped = (title.rstrip("\r\n") for title in titles)
        while batch := list(islice(stripped, BATCH)):
            new = [title for title in dict.fromkeys(batch) if title not in self._memory]
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
                new = list(dict.fromkeys(batch))
            for title, row in zip(new, self.code(new), strict=True):
                self._memory[title] = json.dumps(row, ensure_ascii=False)
            for title in batch:
                yield self._memory[title]

    def code(self, titles: list[str]) -> list[dict[str, Any]]:
        """Per title: title, codable, isco08, score, candidates, esco, hybrid, domains, reason, isco08_label and
        candidate_labels.

        `candidates` and `esco` are best first; both are empty where no occupation is named. `reason` is null for what
        is codable, or else why it is not: one of REASONS. The labels are the names of the ISCO-08 groups in `language`,
        those of the candidates in their order.
        """
        if not titles:
            return []
        codes = self.coder.index.codes
        groups = self.coder.rank(titles, self.top)
        shares = np.zeros((len(titles), len(codes)), np.float32)
        for i, found in enumerate(groups):
            if found is not None:
                shares[i, found[0]] = found[1]
        words = [self._words(title) for title in titles]
        concepts = self.ranker.rank(words, shares, codes, self.language, self.top)
        rows, names = [], group_names(self.language)
        for title, found, esco in zip(titles, groups, concepts, strict=True):
            pairs = zip(*found, strict=True) if found is not None else ()
            candidates = [{"isco08": codes[j], "score": round(float(s), 4)} for j, s in pairs]
            first: dict[str, Any] = candidates[0] if candidates and candidates[0]["score"] >= MIN_SCORE else {}
            domains = domains_of(title) if first else ()
            rows.append(
                {
                    "title": title,
                    "codable": bool(first),
                    "isco08": first.get("isco08"),
                    "score": first.get("score"),
                    "candidates": candidates,
                    "esco": [concept._asdict() for concept in esco] if found is not None else [],
                    "hybrid": bool(domains) if first else None,
                    "domains": list(domains) if first else None,
                    "reason": None if first else _reason(title, found is not None),
                    "isco08_label": names[first["isco08"]] if first else None,
                    "candidate_labels": [names[candidate["isco08"]] for candidate in candidates],
                }
            )
        return rows

    def _words(self, title: str) -> list[str]:
        """Words of a title with what stands in brackets, by which official lists tell occupations apart."""
        title = self.coder.role(title) or title
        key = self.coder.key(_BRACKET.sub(" ", _LEVEL.sub(" ", title)))
        return self.coder.named(title, tf.words(key)) or tf.reference_words(title)


@lru_cache(maxsize=len(LANGUAGES))
def group_names(language: str) -> dict[str, str]:
    """The names of the groups of ISCO-08 by their codes, in a language of LANGUAGES."""
    groups = tables.load("isco08")
    return dict(zip(groups["code"].to_pylist(), groups[f"title_{language}"].to_pylist(), strict=True))


def _reason(title: str, named: bool) -> str:
    if named:
        return REASONS[2]
    return REASONS[1] if any(map(str.isalpha, title)) else REASONS[0]
