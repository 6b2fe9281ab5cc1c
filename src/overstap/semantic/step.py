"""The semantic step of annotation: spans that ask a skill in words no form matches, linked to skills by meaning.

Only parts of the ad that ask are read, and a span that mentions of the lexicon cover for half or more is left to them.
Distinct phrases are linked once and remembered. A span may ask several skills: each of its first links is judged, and
its score is the probability that this sentence of an ad asks it; below the threshold it is left out.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from overstap.ads.skills import MENTIONS
from overstap.schema.core import ASKED_SECTIONS, SECTIONS
from overstap.semantic.judge import Judge, Linked

if TYPE_CHECKING:
    from overstap.ads.lexicon import Array
    from overstap.ads.sections import Zones
    from overstap.reference.taxonomy import Taxonomy
    from overstap.semantic.spans import FoundSpans, SpanTagger
    from overstap.study import Annotation

METHOD = "semantic"
REMEMBERED = 200_000
"""Phrases whose skill is remembered; then the memory starts anew."""
LONGEST = 200
"""Characters beyond which a span is no phrase that can be linked."""
LEAST = 0.2
"""Probability below which a span is not worth linking: hardly any of its skills would pass a threshold that helps."""
TOP = 3
"""Links of a span that are judged."""
_ASKED = np.isin(SECTIONS, ASKED_SECTIONS)


class LinksPhrases(Protocol):
    """What the step needs of a `Linker`: a table `skills` with `uri`, and `link`."""

    skills: pa.Table

    def link(self, phrases: Sequence[str], top: int = 1) -> Any:
        """Links (query, skill, score) of phrases."""


def is_wanted(settings: Annotation) -> bool:
    """Whether annotation uses the step: as set, else where the taxonomy is ESCO."""
    return settings.taxonomy == "esco" if settings.semantic is None else settings.semantic


class SemanticStep:
    """Adds mentions by meaning to those of the lexicon. Safe to call from several threads."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        threshold: float,
        tagger: SpanTagger | None = None,
        linker: LinksPhrases | None = None,
        judge: Judge | None = None,
    ) -> None:
        """`tagger`, `linker`, `judge`: the bundled ones by default. Raises what `Linker.load` raises."""
        from overstap.semantic.spans import SpanTagger

        self.threshold = threshold
        self.tagger = tagger or SpanTagger.load()
        self.judge = judge or Judge.load()
        place: dict[str, int] = {}
        for row, uri in enumerate(taxonomy.skills["esco_uri"].to_pylist()):
            if uri:
                place.setdefault(uri, row)
        self.linker = linker or _bundled_linker(place)
        self._skill = np.array([place.get(uri, -1) for uri in self.linker.skills["uri"].to_pylist()], np.int32)
        self._core = np.array([name.startswith("core.") for name in taxonomy.skills["skill_id"].to_pylist()])
        self._known: dict[str, tuple[list[int], list[float]]] = {}
        self._lock = threading.Lock()

    def add(self, mentions: pa.Table, texts: pa.Array, zones: Zones) -> pa.Table:
        """`mentions` (MENTIONS, of the lexicon) and those by meaning, ordered by row, then start. Mentions by meaning
        have no token places (null)."""
        linked = self.linked(mentions, texts, zones)
        score = self.judge.probability(linked)
        return _merged(mentions, linked, score, score >= self.threshold)

    def linked(self, mentions: pa.Table, texts: pa.Array, zones: Zones) -> Linked:
        """The first links of every span that asks and that `mentions` leave open, before they are judged."""
        found = self.tagger.tag(texts, lambda row, start: _ASKED[zones.section_of(row, start)])
        lexical = _Covered(mentions)
        covered = lexical.share(found)
        open_ = (covered < 0.5) & (found.score >= LEAST) & (found.end - found.start <= LONGEST)
        found, covered = found.take(open_), covered[open_]
        skill, score = self._links(_phrases(texts, found))
        second = np.append(score[:, 1:], np.zeros((len(score), 1), np.float32), axis=1)
        span, rank = np.nonzero(skill >= 0)
        skill, score, second = skill[span, rank], score[span, rank], second[span, rank]
        new = ~lexical.holds(found.take(span), skill)
        span, rank, skill = span[new], rank[new], skill[new]
        core = self._core[skill]
        return Linked(found.take(span), skill, rank, score[new], second[new], covered[span], core)

    def _links(self, phrases: Sequence[str]) -> tuple[Array, Array]:
        """Row in the taxonomy (−1 where there is none) and probability of the first TOP links of each phrase."""
        with self._lock:
            known = {phrase: self._known[phrase] for phrase in phrases if phrase in self._known}
        new = list(dict.fromkeys(phrase for phrase in phrases if phrase not in known))
        links = self.linker.link(new, top=TOP)
        found: dict[str, tuple[list[int], list[float]]] = {phrase: ([-1] * TOP, [0.0] * TOP) for phrase in new}
        rank = np.arange(len(links.query)) - np.searchsorted(links.query, links.query)
        skills = self._skill[links.skill].tolist()
        for query, at, skill, score in zip(
            links.query.tolist(), rank.tolist(), skills, links.score.tolist(), strict=True
        ):
            own = found[new[query]]
            own[0][at], own[1][at] = skill, score
        with self._lock:
            if len(self._known) + len(found) > REMEMBERED:
                self._known.clear()
            self._known |= found
        known |= found
        pairs = [known[phrase] for phrase in phrases]
        skill = np.array([s for s, _ in pairs], np.int32).reshape(-1, TOP)
        return skill, np.array([p for _, p in pairs], np.float32).reshape(-1, TOP)


class _Covered:
    """What the mentions of the lexicon, which do not overlap, cover of a text."""

    def __init__(self, mentions: pa.Table) -> None:
        row, start, end, skill = (np.asarray(mentions[name]) for name in ("row", "start", "end", "skill_index"))
        self.start, self.end, self.skill = _key(row, start), _key(row, end), skill
        self.before = np.concatenate([[0], np.cumsum(end - start)])

    def share(self, found: FoundSpans) -> Array:
        """The share of each span's characters that mentions cover."""
        covered = self._until(_key(found.row, found.end)) - self._until(_key(found.row, found.start))
        share: Array = covered / np.maximum(found.end - found.start, 1)
        return share

    def holds(self, found: FoundSpans, skill: Array) -> Array:
        """Whether a mention of the same skill starts inside the span."""
        inside = np.zeros(len(skill), np.bool_)
        low = np.searchsorted(self.start, _key(found.row, found.start))
        high = np.searchsorted(self.start, _key(found.row, found.end))
        for at in np.flatnonzero(high > low):
            inside[at] = skill[at] in self.skill[low[at] : high[at]]
        return inside

    def _until(self, key: Array) -> Array:
        """Characters covered up to a place, over all texts."""
        at = np.searchsorted(self.end, key, side="right")
        start = np.append(self.start, np.iinfo(np.int64).max)[at]
        until: Array = self.before[at] + np.maximum(0, key - start)
        return until


def _key(row: Array, place: Array) -> Array:
    return row.astype(np.int64) << 32 | place.astype(np.int64)


def _phrases(texts: pa.Array, found: FoundSpans) -> list[str]:
    """The words of each span; a text is made a Python string once, and only where it has a span."""
    phrases, at, text = [], -1, ""
    for row, start, end in zip(found.row.tolist(), found.start.tolist(), found.end.tolist(), strict=True):
        if row != at:
            at, text = row, texts[row].as_py()
        phrases.append(" ".join(text[start:end].split()))
    return phrases


def _merged(mentions: pa.Table, linked: Linked, score: Array, kept: Array) -> pa.Table:
    """Both sets of mentions in order; of the same skill in spans that overlap the likelier stays."""
    found, skill, score = linked.found.take(kept), linked.skill[kept], score[kept]
    order = np.lexsort((-score, skill, found.row))
    first = np.ones(len(order), np.bool_)
    for before, at in pairwise(range(len(order))):
        i, j = order[before], order[at]
        same = found.row[i] == found.row[j] and skill[i] == skill[j]
        first[at] = not (same and found.start[j] < found.end[i] and found.start[i] < found.end[j])
    order = order[first]
    found, skill, score = found.take(order), skill[order], score[order]
    nothing = pa.nulls(len(skill), pa.int32())
    columns = [found.row, skill, found.start, found.end, nothing, nothing, pa.repeat(METHOD, len(skill)), score]
    own = pa.table([pa.array(c).cast(f.type) for c, f in zip(columns, MENTIONS, strict=True)], schema=MENTIONS)
    both = pa.concat_tables([mentions, own])
    return both.take(np.lexsort((np.asarray(both["start"]), np.asarray(both["row"]))))


def _bundled_linker(uris: Collection[str]) -> LinksPhrases:
    from overstap.semantic.linker import Linker

    return Linker.load().quick(uris)
