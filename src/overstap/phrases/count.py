"""How often runs of words are asked: two passes over the ads of a sample, in bounded memory.

Of every vacancy the first ad is read, so that copies on other boards do not count. Only runs in the parts that ask
(requirements, tasks, and what no heading governs) are candidates; the other parts tell how usual a run is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.coordination import taken_back
from overstap.ads.language import stop_words
from overstap.ads.lexicon import Array, token_hash, token_words
from overstap.ads.sections import split_sections
from overstap.ads.spans import Spans
from overstap.ads.tokens import char_tables, tokenize
from overstap.batches import ordered_map
from overstap.phrases.kernel import (
    ASKED,
    BARRED,
    COVERED,
    EDGE,
    ENTRIES,
    FIRST,
    JOINS,
    LAST,
    LONGEST,
    SKETCH,
    TAIL,
    Entries,
    count_runs,
    sketch_runs,
)
from overstap.phrases.picked import Picked
from overstap.phrases.sample import Sample
from overstap.reference import tables
from overstap.schema.core import ASKED_SECTIONS, SECTIONS
from overstap.semantic.span_tokens import OPEN, Tokens, read
from overstap.semantic.spans import SpanTagger, lookup
from overstap.store import Store

_ASKED = np.isin(SECTIONS, ASKED_SECTIONS)
_MASKS = ("name", "email", "phone", "iban", "bsn", "linkedin")
_LANGUAGES = ("nl", "en", "de", "fr")
_NO_LETTER, _CAPITALS, _ANY_CAPITAL = 32, 2, 7  # shapes of tokens
_SALT = np.uint64(0xA24BAED4963EE407)
SEEN = 8
"""Vacancies after which a run is written down as it stands in an ad."""
_BATCH = 2048  # texts that are worked on together
_LEAST_SPAN = 0.5  # probability from which a phrase counts as one that asks


@dataclass(frozen=True, eq=False)
class Mentions:
    """What forms of the taxonomy, and facts such as the education asked, cover, by vacancy of the sample: those of
    vacancy v are `starts[v] : starts[v + 1]` of `start` and `end`."""

    starts: Array
    start: Array
    end: Array

    @classmethod
    def of(cls, batches: Iterable[pa.RecordBatch], sample: Sample) -> Mentions:
        """From `core_annotations` (ad_id, skills, fact_spans). Mentions by meaning are left out: whether a phrase
        means the skill is what a curator is asked."""
        parts: list[tuple[Array, ...]] = [(np.empty(0, np.int64),) * 3]
        for batch in batches:
            found = pc.index_in(batch.column("ad_id"), sample.ids)
            batch, at = batch.filter(pc.is_valid(found)), np.asarray(found.drop_null(), np.int64)
            for name in ("skills", "fact_spans"):
                flat = pc.list_flatten(batch.column(name))
                row = at[np.asarray(pc.list_parent_indices(batch.column(name)))]
                by_form = name == "fact_spans" or pc.equal(flat.field("method"), "lexicon")
                kept = np.broadcast_to(np.asarray(by_form, np.bool_), row.shape)
                parts.append((row[kept], *(np.asarray(flat.field(end), np.int64)[kept] for end in ("start", "end"))))
        row, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((start, row))
        starts = np.searchsorted(row[order], np.arange(len(sample.employer) + 1))
        return cls(starts, start[order], end[order])

    def among(self, docs: Array) -> Spans:
        """Those of some vacancies, by place in `docs`."""
        sizes = self.starts[docs + 1] - self.starts[docs]
        row = np.repeat(np.arange(len(docs)), sizes)
        at = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(self.starts[docs], sizes)
        return Spans(*(values.astype(np.int32) for values in (row, self.start[at], self.end[at])))


@dataclass(frozen=True, eq=False)
class Counted:
    """Runs that are frequent: their `entries`, `pairs` (run, vacancy) and the `text` of each as it stands in an ad."""

    entries: Entries
    pairs: Array
    text: dict[int, str]


Batches = Callable[[], Iterator[tuple[Array, pa.Array]]]
"""Gives, each time it is called, the texts of the sample in batches: numbers of the vacancies, and large strings."""


def texts_of(store: Store | Picked, sample: Sample) -> Batches:
    """The texts of a study's sample: found among all ads once, and held from then on."""

    @lru_cache(maxsize=1)
    def found() -> pa.Table:
        texts = pa.schema([("at", pa.int64()), ("text", pa.large_string())])
        kept = [pa.RecordBatch.from_pylist([], schema=texts)]
        for batch in store.batches("raw_ads", ["ad_id", "text"]):
            at = pc.index_in(batch.column("ad_id"), sample.ids)
            if at.null_count < len(at):
                here = batch.column("text").filter(pc.is_valid(at)).cast(pa.large_string())
                kept.append(pa.record_batch([at.drop_null().cast(pa.int64()), here], schema=texts))
        return pa.Table.from_batches(kept).combine_chunks()

    def batches() -> Iterator[tuple[Array, pa.Array]]:
        for batch in found().to_batches(max_chunksize=_BATCH):
            yield np.asarray(batch.column("at")), batch.column("text")

    return batches


def count_phrases(batches: Batches, sample: Sample, mentions: Mentions, least: int) -> Counted:
    """Runs that `least` vacancies or more of one language ask; where there are more than memory is set apart for, the
    more frequent ones."""
    salt = (sample.language + 1).astype(np.uint64) * _SALT
    sketch = np.zeros(SKETCH, np.uint16)
    for docs, _, tokens, mark in _marked(batches, mentions, None):
        sketch_runs(len(tokens.row), tokens, mark, salt[docs], sketch)
    sizes = np.bincount(sketch)[::-1].cumsum()[::-1]  # counters that reached a count
    fits = np.flatnonzero(sizes <= ENTRIES // 2)
    least = max(least, int(fits[0]) if len(fits) else 65535)
    entries, pairs, shown = Entries.empty(), [np.empty((0, 2), np.int32)], dict[int, str]()
    for docs, texts, tokens, mark in _marked(batches, mentions, SpanTagger.load()):
        n = len(tokens.row)
        pair, show = np.empty((LONGEST * n, 2), np.int32), np.empty((LONGEST * n, 3), np.int32)
        found, seen = count_runs(
            n, tokens, mark, salt[docs], docs, sketch, least, min(SEEN, least), entries, pair, show
        )
        pairs.append(pair[:found].copy())
        shown |= _shown(texts, tokens, show[:seen])
    return Counted(entries, np.concatenate(pairs), shown)


def _marked(
    batches: Batches, mentions: Mentions, tagger: SpanTagger | None
) -> Iterator[tuple[Array, pa.Array, Tokens, Array]]:
    """Each batch with its tokens and what is known of them, made in threads."""

    def one(batch: tuple[Array, pa.Array]) -> tuple[Array, pa.Array, Tokens, Array]:
        docs, texts = batch
        tokens = _read(texts)
        return docs, texts, tokens, _marks(texts, tokens, mentions.among(docs), tagger)

    return ordered_map(one, batches(), os.cpu_count() or 1)


def _read(texts: pa.Array) -> Tokens:
    nothing = lookup(np.empty(0, np.uint32), np.empty(0, np.int32))
    return read(texts.cast(pa.large_string()), char_tables(), nothing, nothing)


def _marks(texts: pa.Array, tokens: Tokens, mentions: Spans, tagger: SpanTagger | None = None) -> Array:
    """What is known of each token (see `kernel`)."""
    zones = split_sections(texts)
    row, start = tokens.row, tokens.start
    stops, tails, joins, masks = word_hashes()
    joining = _among(tokens.word, joins)
    asked = _ASKED[zones.section_of(row, start)]
    asked[~joining] &= ~taken_back(texts, row[~joining], start[~joining], tokens.end[~joining], zones)
    asked[joining] &= ~zones.negated.covers(row[joining], start[joining])
    mask = _among(tokens.word, masks) & (tokens.shape & _CAPITALS > 0) & (tokens.gap == OPEN)
    number = tokens.shape & _NO_LETTER > 0
    named = np.append(False, tokens.shape[:-1] & _ANY_CAPITAL > 0)  # "Office 365"; across ads no run goes anyway
    flags = {
        COVERED: mentions.covers(row, start),
        BARRED: mask | zones.headings.covers(row, start),
        EDGE: ~number & (tokens.end - start > 1) & ~_among(tokens.word, stops),
        TAIL: np.where(number, named, _among(tokens.word, tails)),
        ASKED: asked,
        JOINS: joining,
    }
    if tagger is not None:
        found = tagger.tag(texts, lambda r, s: _ASKED[zones.section_of(r, s)])
        found = found.take(found.score >= _LEAST_SPAN)
        flags[FIRST] = np.isin(_place(row, start), _place(found.row, found.start))
        flags[LAST] = np.isin(_place(row, tokens.end), _place(found.row, found.end))
    mark = np.zeros(len(row), np.uint8)
    for flag, holds in flags.items():
        mark |= np.where(holds, np.uint8(flag), np.uint8(0))
    return mark


def _place(row: Array, at: Array) -> Array:
    place: Array = row.astype(np.int64) << 32 | at
    return place


def _among(values: Array, ordered: Array) -> Array:
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Array = ordered[at] == values
    return found


@lru_cache(maxsize=1)
def word_hashes() -> tuple[Array, Array, Array, Array]:
    """Hashes, in order, of words with which no term begins or ends, of those of them that may end one of several
    words, of those that join what is enumerated, and of the marks that stand for personal data."""
    words: dict[str, set[str]] = {"stop": set(), "tail": set(), "join": set()}
    for row in tables.load("phrase_words").to_pylist():
        words[row["kind"]] |= set(row["words"].split())
    known = stop_words()
    stops = set().union(*words.values(), *(known[language] for language in _LANGUAGES))
    return _hashes(stops), _hashes(words["tail"]), _hashes(words["join"]), _hashes(_MASKS)


def _hashes(words: Iterable[str]) -> Array:
    tokens = {token.text for word in words for token in tokenize(word)}
    return np.array(sorted(hash_of(token) for token in tokens), np.uint64)


def hash_of(token: str) -> int:
    """The hash of a folded token, as the passes over texts make it."""
    return token_hash(token_words(token.encode()))


def _shown(texts: pa.Array, tokens: Tokens, shown: Array) -> dict[int, str]:
    """Runs (number, first token, tokens) as they stand in their ad."""
    rows = tokens.row[shown[:, 1]]
    text = {row: texts[row].as_py() for row in np.unique(rows).tolist()}
    last = shown[:, 1] + shown[:, 2] - 1
    spans = zip(shown[:, 0].tolist(), rows.tolist(), tokens.start[shown[:, 1]], tokens.end[last], strict=True)
    return {number: " ".join(text[row][a:b].split()) for number, row, a, b in spans}
