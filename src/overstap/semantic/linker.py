"""Link phrases and sentences to ESCO skills by meaning.

A text is read whole and by its parts. Each part is the sum of the vectors of its word pieces; the skills nearest to a
part, and those whose label stands in it, are scored by a small network on how near, how alike in words, and how widely
asked they are. Method: static embeddings distilled from sentence encoders and trained on pairs; see docs/model_card.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.semantic import compiled
from overstap.semantic.clauses import parts
from overstap.semantic.model import Model
from overstap.semantic.ranker import Ranker

Array = npt.NDArray[Any]

BLOCK = 512
"""Texts in work at once."""
NEAR, MOST = 20, 160
"""Nearest skills scored for each part, and most skills scored for a text."""
QUICK, QUICK_NEAR = 12, 8
"""Clusters of skills that a quick search looks through, and nearest skills that it scores for each part: of the first
links with a score of .3 or more, 97.9 % are those of the full search; see docs/model_card.md."""


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
    """The loaded model. `skills` has one row an ESCO v1.1.1 skill: uri, label_nl (null where unknown), label_en.

    `probes`: clusters of skills that are looked through, all by default (see `quick`). `among`,
    bool[skills]: the skills that may be given, all by default. Safe to use from several threads.
    """

    def __init__(self, model: Model, probes: int | None = None, among: Array | None = None) -> None:
        self._model = model
        self._probes, self._near = probes, NEAR if probes is None else QUICK_NEAR
        self._among = np.ones(len(model.skills), np.bool_) if among is None else among
        self.skills = model.skills

    @property
    def ranker(self) -> Ranker:
        """The ranker at work."""
        return self._model.ranker

    @classmethod
    def load(cls, path: Path | None = None) -> Linker:
        """The bundled model, or the one in `path`. Raises `ReferenceDataError` where it cannot be read."""
        return cls(Model.read(path))

    def quick(self, uris: Collection[str]) -> Linker:
        """The same model for many phrases: looks through the nearest `QUICK` clusters, and gives skills of `uris` only.

        A link has the score that it has among all skills."""
        among = np.array([uri in uris for uri in self.skills["uri"].to_pylist()], np.bool_)
        return Linker(self._model, QUICK, among)

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
        kept = compiled.likeliest(pairs.starts, pairs.skill, odds, top)
        return pairs.query[kept] + first, pairs.skill[kept], self._model.ranker.probability(odds[kept])

    def pairs(self, texts: Sequence[str | None]) -> Pairs:
        """The skills worth scoring for each text, with the features that the ranker reads."""
        model, forms = self._model, self._model.forms
        split = [parts(text or "") for text in texts]
        starts = np.concatenate([[0], np.cumsum([len(p) for p in split], dtype=np.int64)])
        pieces, stems = model.pieces.read(part for own in split for part in own)
        vectors, mass = compiled.pool(pieces.values, pieces.starts, model.table, model.scale)
        near, _ = model.clusters.nearest(vectors, self._near, self._probes)
        offsets, skill, exact, query = compiled.candidates(
            starts, near, stems.values, stems.starts, forms.hashes, forms.hashed, forms.skill, forms.stems,
            forms.starts, forms.weight, forms.longest, MOST, self._among,
        )  # fmt: skip
        rows = compiled.features(
            offsets, skill, exact, starts, vectors, mass, near[:, 0], stems.values, stems.starts, model.vectors,
            forms.of_skill, forms.stems, forms.starts, forms.weight, forms.unknown,
        )  # fmt: skip
        return Pairs(offsets, skill, query, rows)
