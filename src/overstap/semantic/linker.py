"""Link phrases and sentences to ESCO skills by meaning.

A text is read whole and by its parts. Each part is the sum of the vectors of its word pieces; the skills nearest to a
part, and those whose label stands in it, are scored by a small network on how near, how alike in words, and how widely
asked they are. Method: static embeddings distilled from sentence encoders and trained on pairs; see docs/model_card.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.semantic import compiled
from overstap.semantic.clauses import parts
from overstap.semantic.model import Model
from overstap.semantic.pieces import Flat
from overstap.semantic.ranker import Ranker

Array = npt.NDArray[Any]

BLOCK, PARTS = 512, 192
"""Texts in work at once, and parts whose nearness to all skills is in the processor's cache at once."""
NEAR, MOST = 20, 160
"""Nearest skills scored for each part, and most skills scored for a text."""


@dataclass(frozen=True, eq=False)
class Links:
    """Skills of texts, best first within a text: number of the text, row in `Linker.skills`, probability."""

    query: npt.NDArray[np.int64]
    skill: npt.NDArray[np.int32]
    score: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Scored pairs of a block: starts per text, skill rows, number of the text, features of each pair."""

    starts: Array
    skill: Array
    query: Array
    features: Array


class Linker:
    """The loaded model. `skills` has one row an ESCO v1.1.1 skill: uri, label_nl (null where unknown), label_en."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._across = np.ascontiguousarray(model.vectors.T)
        self.skills = model.skills

    @property
    def ranker(self) -> Ranker:
        """The ranker at work."""
        return self._model.ranker

    @classmethod
    def load(cls, path: Path | None = None) -> Linker:
        """The bundled model, or the one in `path`. Raises `ReferenceDataError` where it cannot be read."""
        return cls(Model.read(path))

    def link(self, phrases: Sequence[str] | pa.Array, top: int = 1) -> Links:
        """The `top` likeliest skills of each phrase or sentence, with calibrated probabilities.

        A null, or a text without a known word or label, has none. Give each distinct phrase once.
        """
        texts = phrases.to_pylist() if isinstance(phrases, pa.Array | pa.ChunkedArray) else list(phrases)
        found = [self._link(texts[at : at + BLOCK], top, at) for at in range(0, len(texts), BLOCK)]
        if not found:
            return Links(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
        return Links(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _link(self, texts: Sequence[str | None], top: int, first: int) -> tuple[Array, Array, Array]:
        pairs = self.pairs(texts)
        odds = self._model.ranker.odds(pairs.features, pairs.skill)
        order = np.lexsort((pairs.skill, -odds, pairs.query))
        rank = np.arange(len(order)) - np.repeat(pairs.starts[:-1], np.diff(pairs.starts))
        kept = order[rank < top]
        return pairs.query[kept] + first, pairs.skill[kept], self._model.ranker.probability(odds[kept])

    def pairs(self, texts: Sequence[str | None]) -> Pairs:
        """The skills worth scoring for each text, with the features that the ranker reads."""
        model, forms = self._model, self._model.forms
        split = [parts(text or "") for text in texts]
        starts = np.concatenate([[0], np.cumsum([len(p) for p in split], dtype=np.int64)])
        pieces, stems = model.pieces.read(part for own in split for part in own)
        vectors, mass = compiled.pool(pieces.values, pieces.starts, model.table, model.scale)
        near, top = self._nearest(vectors, pieces)
        offsets, skill, exact, query = compiled.candidates(
            starts, near, stems.values, stems.starts, forms.hashes, forms.hashed, forms.skill, forms.stems,
            forms.starts, forms.weight, forms.longest, MOST,
        )  # fmt: skip
        rows = compiled.features(
            query, skill, exact, starts, vectors, mass, top, stems.values, stems.starts, model.vectors,
            forms.of_skill, forms.stems, forms.starts, forms.weight, forms.unknown,
        )  # fmt: skip
        return Pairs(offsets, skill, query, rows)

    def _nearest(self, vectors: Array, pieces: Flat) -> tuple[Array, Array]:
        """Rows of the nearest skills of each part (-1 where it has no known piece), and the cosine of the first."""
        near = np.full((len(vectors), NEAR), -1, dtype=np.int32)
        values = np.zeros((len(vectors), NEAR), dtype=np.float32)
        for at in range(0, len(vectors), PARTS):
            block = slice(at, at + PARTS)
            compiled.best(vectors[block] @ self._across, near[block], values[block])
        near[np.diff(pieces.starts) == 0] = -1
        return near, values[:, 0]
