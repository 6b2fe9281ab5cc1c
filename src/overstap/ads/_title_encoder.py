"""Titles as vectors beside the vectors of ESCO's occupations: which occupation do the words of a title mean.

A title is the sum of learned vectors of its hashed words and character n-grams, an ESCO occupation one learned vector;
both are trained on ESCO's Dutch and English names by `scripts/train_titles.py` (see `docs/title_model.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from overstap.ads import _title_features as tf
from overstap.reference.arrays import load_arrays, unreadable

Floats = npt.NDArray[np.float32]
_ARTEFACT = "models/title_encoder.npz"
_WHAT = "The model of titles"
BLOCK = 64  # titles against all concepts at once: what is between stays in the processor's cache
_SOFT = 0.75  # for codes the shares are drawn together: several concepts of a group share what is sure


@dataclass
class TitleEncoder:
    """The learned model.

    `features`: the hashed features it knows, ascending; `weights`: a row for each (idf within), to be
    multiplied with its step of `steps`; `concepts`: unit vectors, a row for each of `uris`, whose ISCO-08 codes are
    `codes`; `scale`: what a cosine is multiplied with before the softmax.
    """

    features: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8] | Floats
    steps: Floats
    uris: list[str]
    codes: list[str]
    concepts: Floats
    scale: float
    _row: npt.NDArray[np.int32] = field(init=False, repr=False)
    _columns: Floats = field(init=False, repr=False)
    _groups: tuple[tuple[str, ...], npt.NDArray[np.int32]] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._columns = np.ascontiguousarray(self.concepts.T)
        self._row = np.full(tf.SIZE, -1, np.int32)
        self._row[self.features] = np.arange(len(self.features), dtype=np.int32)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> TitleEncoder:
        """The bundled model; read once. Raises ReferenceDataError where its file is damaged."""
        with as_file(files("overstap.reference").joinpath(_ARTEFACT)) as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> TitleEncoder:
        """The model in `path`. Raises ReferenceDataError where the file is missing, damaged or no such model."""
        kept = load_arrays(path, _WHAT)
        try:
            concepts = unit(kept["concepts"].astype(np.float32))
            uris, codes = kept["uris"].tolist(), kept["codes"].tolist()
            sizes = {len(kept[name]) for name in ("features", "weights", "steps")}
            if len(sizes) > 1 or len({len(concepts), len(uris), len(codes)}) > 1:
                raise ValueError("its parts have not the same number of rows")
            return cls(kept["features"], kept["weights"], kept["steps"], uris, codes, concepts, float(kept["scale"]))
        except (ValueError, LookupError) as error:
            raise unreadable(_WHAT, error) from error

    def vectors(self, titles: tf.Features) -> Floats:
        """Unit vectors of titles, one row each; zero where no feature is known."""
        out = np.empty((len(titles.ends) - 1, self.weights.shape[1]), np.float32)
        self._sum(titles, 1.0, out)
        return out

    def _sum(self, titles: tf.Features, length: float, out: Floats) -> None:
        from overstap.ads._title_kernel import sum_vectors  # here, so that importing loads no compiler

        sum_vectors(*titles, self._row, self.weights, self.steps, length, out)

    def log_odds(self, vectors: Floats) -> Floats:
        """Scaled cosines of title vectors with every concept; a softmax over a row gives probabilities."""
        scores: Floats = (vectors @ self.concepts.T) * np.float32(self.scale)
        return scores

    def _group_of(self, columns: tuple[str, ...]) -> npt.NDArray[np.int32]:
        """The place of the code of each concept among `columns`, -1 where it is none of them; worked out once."""
        if self._groups is None or self._groups[0] != columns:
            column = {code: j for j, code in enumerate(columns)}
            self._groups = columns, np.array([column.get(code, -1) for code in self.codes], np.int32)
        return self._groups[1]

    def listen(self, columns: list[str]) -> Callable[[tf.Features], Floats]:
        """What gives the shares of the ISCO-08 codes `columns` in what titles may mean, one row each, for at most BLOCK
        titles, in an array that the next are written to."""
        from overstap.ads._title_kernel import sum_groups  # here, so that importing loads no compiler
        from overstap.ads.dense_kernel import multiply

        group = self._group_of(tuple(columns))
        shares = np.empty((BLOCK, len(columns)), np.float32)
        powers = np.empty((BLOCK, len(group)), np.float32)

        def heard(titles: tf.Features) -> Floats:
            vectors = np.zeros((BLOCK, self.weights.shape[1]), np.float32)
            part = shares[: len(titles.ends) - 1]
            self._sum(titles, _SOFT * self.scale, vectors[: len(part)])
            multiply(vectors, self._columns, powers)
            powers[...] -= powers.max(axis=1, keepdims=True)
            sum_groups(np.exp(powers, out=powers), group, part)
            return part

        return heard


def unit(rows: Floats) -> Floats:
    """Each row divided by its length; rows of zeros stay so."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), np.float32)


def softmax(log_odds: Floats) -> Floats:
    """Probabilities, each row adding to 1."""
    powers = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
