"""Spans of an ad that ask a skill or a knowledge, also in words that no form of the lexicon holds.

`SpanTagger.load()` reads the bundled model once; `tag` gives the spans of a column of texts. The model is a
linear-chain conditional random field over hashed features (see `span_features`, `span_decode`), trained by
`scripts/train_spans.py` on SkillSpan (Zhang et al. 2022, MIT) and on Dutch sentences written for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.ads.lexicon import Array
from overstap.ads.tokens import char_tables
from overstap.reference.arrays import load_arrays, unreadable

KINDS = ("skill", "knowledge")
ARTEFACT = "spans.npz"
_PIECE_BYTES = 1 << 20
_ARRAYS = (
    "word_keys", "word_classes", "phrase_keys", "phrase_kinds", "calibration", "weight_keys", "weights", "step",
    "outside", "moves",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FoundSpans:
    """Flat spans ordered by row, then start: row of the texts, characters [start, end), place in KINDS, and the
    probability that people mark such a span there (half of the longer of the two in common)."""

    row: Array
    start: Array
    end: Array
    kind: Array
    score: Array

    def take(self, at: Array) -> FoundSpans:
        """The spans at these places, or where a mask is true."""
        return FoundSpans(*(values[at] for values in vars(self).values()))

    @classmethod
    def join(cls, parts: list[FoundSpans]) -> FoundSpans:
        """The spans of several parts, one behind the other."""
        empty = cls(*(np.zeros(0, kind) for kind in (np.int32, np.int32, np.int32, np.int8, np.float32)))
        columns = zip(*(vars(part).values() for part in (empty, *parts)), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True, eq=False)
class SpanTagger:
    """A loaded model: `vocabulary` and `phrases` are Lookups, `classes` uint16[words + 1, 2], `weights` Weights;
    `calibration` float64[2, 2] per kind the log odds at even chances and per unit of the chain's own log odds."""

    vocabulary: Any
    phrases: Any
    classes: Array
    weights: Any
    calibration: Array
    spare: list[Any] = field(default_factory=list, repr=False)
    """Decoders that no thread uses, with what they remember of words."""

    @classmethod
    def load(cls) -> SpanTagger:
        """The bundled model, read once per process."""
        return _bundled()

    @classmethod
    def of(cls, arrays: dict[str, Array]) -> SpanTagger:
        """A model from the arrays of an artefact, as `scripts/train_spans.py` writes them."""
        from overstap.semantic.span_decode import fill_weights
        from overstap.semantic.span_scores import Weights

        table = np.zeros(_room(len(arrays["weight_keys"])), np.uint64)
        packed = np.zeros(len(arrays["weight_keys"]), np.uint64)
        for label in range(6):
            packed |= (arrays["weights"][:, label].astype(np.int64) + 128).astype(np.uint64) << np.uint64(8 * label)
        fill_weights(arrays["weight_keys"], packed, table)
        words = np.arange(1, len(arrays["word_keys"]) + 1, dtype=np.int32)
        return cls(
            lookup(arrays["word_keys"], words),
            lookup(arrays["phrase_keys"], arrays["phrase_kinds"].astype(np.int32)),
            np.concatenate([np.zeros((1, 2), np.uint16), arrays["word_classes"]]),
            Weights(table, arrays["step"], arrays["outside"], arrays["moves"]),
            arrays["calibration"],
        )

    def tag(self, texts: pa.Array, asked: Any = None) -> FoundSpans:
        """The spans of `texts` (string or large string, nulls allowed). `asked(row, start)`, where given, says which
        positions to look at; it is called with the first token of each segment."""
        from overstap.semantic.span_decode import decode, new_decoder
        from overstap.semantic.span_tokens import read, split

        work, parts = self.spare.pop() if self.spare else new_decoder(), []
        for shift, piece in _pieces(texts):
            tokens = read(piece, char_tables(), self.vocabulary, self.phrases)
            n = len(tokens.row)
            first = split(tokens)
            row, start = tokens.row[first] + np.int32(shift), tokens.start[first]
            wanted = np.ones(len(first), np.bool_) if asked is None else asked(row, start)
            spans, scores = np.zeros((3, 2 * n), np.int32), np.zeros(2 * n, np.float32)
            found = decode(tokens, first, len(first), n, wanted, self.classes, self.weights, work, spans, scores)
            kind, begin, last = spans[:, :found]
            order = np.lexsort((kind, tokens.start[begin], tokens.row[begin]))
            kind, begin, last = kind[order].astype(np.int8), begin[order], last[order]
            row = tokens.row[begin] + np.int32(shift)
            score = self._probability(kind, scores[:found][order])
            parts.append(FoundSpans(row, tokens.start[begin], tokens.end[last], kind, score))
        self.spare.append(work)
        return FoundSpans.join(parts)

    def _probability(self, kind: Array, inside: Array) -> Array:
        """From the mean probability of the tokens of a span to stand inside one to that of the span to be right."""
        odds = np.log(inside + 1e-6) - np.log1p(1e-6 - inside)
        level, slope = self.calibration[kind].T
        probability: Array = 1 / (1 + np.exp(-level - slope * odds))
        return probability.astype(np.float32)


def lookup(keys: Array, values: Array) -> Any:
    """A `Lookup` of the upper halves of 64-bit hashes (uint32) and their numbers (int32, not 0)."""
    from overstap.semantic.span_tokens import Lookup, fill_lookup

    size = _room(len(keys))
    slots, held = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    fill_lookup(keys, values, slots, held)
    return Lookup(slots, held)


def _room(entries: int) -> int:
    """Slots of an open table for so many entries: a power of two, at most half of it filled."""
    return 1 << max(4, (2 * entries - 1).bit_length())


@lru_cache(maxsize=1)
def _bundled() -> SpanTagger:
    return SpanTagger.of(read_arrays(Path(str(files("overstap.semantic"))) / "data" / ARTEFACT))


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an artefact. Raises `ReferenceDataError` where it cannot be read."""
    what = f"The model that finds spans, {path},"
    stored = load_arrays(path, what)
    try:
        return {name: stored[name] for name in _ARRAYS}
    except KeyError as error:
        raise unreadable(what, error) from error


def _pieces(texts: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """The texts as large strings without nulls, in pieces of about 1 MB, each with the row it begins at."""
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    array = array.cast(pa.large_string()).fill_null("")
    if len(array) == 0:
        return
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    cuts = np.searchsorted(offsets, np.arange(offsets[0] + _PIECE_BYTES, offsets[-1], _PIECE_BYTES))
    for first, stop in pairwise(np.unique(np.concatenate([[0], cuts, [len(array)]])).tolist()):
        yield first, array.slice(first, stop - first)
