"""Titles as vectors beside the vectors of ESCO's occupations: which occupation do the words of a title mean.

A title is the sum of learned vectors of its hashed words and character n-grams, an ESCO occupation one learned vector;
both are trained on ESCO's Dutch and English names by `scripts/train_titles.py` (see `docs/title_model.md`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.ads import _title_features as tf
from overstap.errors import ReferenceDataError

Floats = npt.NDArray[np.float32]
_ARTEFACT = "models/title_encoder.npz"
_SOFT = 0.5  # for codes the shares are drawn together: several concepts of a group share what is sure


@dataclass
class TitleEncoder:
    """The learned model.

    `features`: the hashed features it knows, ascending; `weights`: a row for each (idf within); `concepts`: unit
    vectors, a row for each of `uris`, whose ISCO-08 codes are `codes`; `scale`: what a cosine is multiplied with before
    the softmax.
    """

    features: npt.NDArray[np.int32]
    weights: Floats
    uris: list[str]
    codes: list[str]
    concepts: Floats
    scale: float
    _row: npt.NDArray[np.int32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._row = np.full(tf.SIZE, -1, np.int32)
        self._row[self.features] = np.arange(len(self.features), dtype=np.int32)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> TitleEncoder:
        """The bundled model; read once. Raises ReferenceDataError where its file is damaged."""
        try:
            with as_file(files("overstap.reference").joinpath(_ARTEFACT)) as path, np.load(path) as kept:
                weights = kept["weights"].astype(np.float32) * kept["steps"][:, None]
                concepts = unit(kept["concepts"].astype(np.float32))
                uris, codes = kept["uris"].tolist(), kept["codes"].tolist()
                return cls(kept["features"], weights, uris, codes, concepts, float(kept["scale"]))
        except (OSError, ValueError, KeyError) as error:
            raise ReferenceDataError(
                "The bundled model of titles cannot be read.",
                why=str(error),
                fix="Install overstap again: pip install --force-reinstall overstap",
            ) from error

    def vectors(self, stems: list[list[str]]) -> Floats:
        """Unit vectors of titles (lists of stems), one row each; zero where no feature is known."""
        return unit(self._known(tf.matrix(stems)) @ self.weights)

    def log_odds(self, vectors: Floats) -> Floats:
        """Scaled cosines of title vectors with every concept; a softmax over a row gives probabilities."""
        scores: Floats = (vectors @ self.concepts.T) * np.float32(self.scale)
        return scores

    def groups(self, stems: list[list[str]], columns: list[str]) -> Floats:
        """Shares of the ISCO-08 codes `columns` in what titles (lists of stems) may mean, one row each."""
        column = {code: j for j, code in enumerate(columns)}
        rows = [i for i, code in enumerate(self.codes) if code in column]
        entries = (np.ones(len(rows), np.float32), (rows, [column[self.codes[i]] for i in rows]))
        member = sp.csr_matrix(entries, shape=(len(self.codes), len(columns)))
        shares = softmax(_SOFT * self.log_odds(self.vectors(stems))) @ member
        return np.asarray(shares, np.float32)

    def _known(self, rows: sp.csr_matrix) -> sp.csr_matrix:
        """The features that the model knows, as its own columns."""
        columns = self._row[rows.indices]
        known = columns >= 0
        ends = np.concatenate([[0], np.cumsum(known)])[rows.indptr]
        shape = (rows.shape[0], len(self.features))
        return sp.csr_matrix((rows.data[known], columns[known], ends), shape=shape)


def unit(rows: Floats) -> Floats:
    """Each row divided by its length; rows of zeros stay so."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), np.float32)


def softmax(log_odds: Floats) -> Floats:
    """Probabilities, each row adding to 1."""
    powers = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
