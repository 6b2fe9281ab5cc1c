"""Titles as vectors beside the vectors of ESCO's occupations: which occupation do the words of a title mean.

A title is the sum of learned vectors of its hashed words and character n-grams, an ESCO occupation one learned vector;
both are trained on ESCO's Dutch and English names by `scripts/train_titles.py` (see `docs/title_model.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

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
    _meaning: dict[tuple[str, ...], Meaning] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
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
        from overstap.ads._title_kernel import sum_vectors  # here, so that importing loads no compiler

        out = np.empty((len(titles.ends) - 1, self.weights.shape[1]), np.float32)
        sum_vectors(*titles, self._row, self.weights, self.steps, np.float32(1), out)
        return out

    def log_odds(self, vectors: Floats) -> Floats:
        """Scaled cosines of title vectors with every concept; a softmax over a row gives probabilities."""
        scores: Floats = (vectors @ self.concepts.T) * np.float32(self.scale)
        return scores

    def meaning(self, columns: Sequence[str]) -> Meaning:
        """The model as the compiled pass reads it, for the ISCO-08 codes `columns`; worked out once."""
        known = self._meaning.get(tuple(columns))
        if known is None:
            from overstap.ads.dense_kernel import panels  # here, so that importing loads no compiler

            column = {code: j for j, code in enumerate(columns)}
            group = np.array([column.get(code, -1) for code in self.codes], np.int32)
            order = np.argsort(group, kind="stable")
            group, concepts, length = group[order], panels(self.concepts[order].T), np.float32(_SOFT * self.scale)
            first = int(np.searchsorted(group, 0))
            known = Meaning(self._row, self.weights, self.steps, concepts, group, first, length)
            self._meaning = {tuple(columns): known}
        return known


class Meaning(NamedTuple):
    """The model as the compiled pass reads it. `row_of`: the row of `weights` and `steps` of each feature, -1 for none;
    `concepts`: a column for each ESCO occupation, in `dense_kernel.panels`; `group`: the place of the code of each,
    ascending, -1 for none; `first`: where those with a code begin; `length`: what titles are made as long as, that is
    what a cosine is multiplied with."""

    row_of: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8] | Floats
    steps: Floats
    concepts: Floats
    group: npt.NDArray[np.int32]
    first: int
    length: np.float32


def no_meaning() -> Meaning:
    """Of a model that knows nothing."""
    none = np.empty(0, np.int32)
    nothing = np.empty((0, 0, 0), np.float32)
    return Meaning(none, np.empty((0, 0), np.int8), np.empty(0, np.float32), nothing, none, 0, np.float32(0))


class Work(NamedTuple):
    """Room for some titles: their vectors, what each ESCO occupation has, and what each code."""

    vectors: Floats
    powers: Floats
    meant: Floats

    @classmethod
    def of(cls, meaning: Meaning, codes: int) -> Work:
        """Room for BLOCK titles."""
        n, size, wide = meaning.concepts.shape
        sizes = (size, n * wide, codes)
        return cls(*(np.zeros((BLOCK, size), np.float32) for size in sizes))


def unit(rows: Floats) -> Floats:
    """Each row divided by its length; rows of zeros stay so."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), np.float32)


def softmax(log_odds: Floats) -> Floats:
    """Probabilities, each row adding to 1."""
    powers = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
