"""The compiled power of e, and the word model in one piece, beside NumPy and SciPy."""

from __future__ import annotations

import numpy as np
from numba import njit

from overstap.ads import _title_features as tf
from overstap.ads._title_score_kernel import COLUMN_BITS, VALUE_STEP, power
from overstap.ads.occupation import default_coder


@njit
def _powers(values: np.ndarray, out: np.ndarray) -> None:
    for i in range(len(values)):
        out[i] = power(values[i])


def test_the_power_is_that_of_numpy() -> None:
    values = np.concatenate([-np.logspace(-8, np.log10(87), 20_000), [0.0]]).astype(np.float32)
    out = np.empty_like(values)
    _powers(values, out)
    assert np.allclose(out, np.exp(values.astype(np.float64)), rtol=1e-6)
    assert out[-1] == 1
    _powers(np.array([-np.inf, -1e30], np.float32), out[:2])
    assert (out[:2] >= 0).all() and (out[:2] < 1e-37).all()


def test_the_word_model_in_one_piece_holds_what_the_sparse_matrix_does() -> None:
    index = default_coder().index
    words = index._words()
    features = np.flatnonzero(np.diff(index.model.indptr))
    assert len(index.codes) <= 1 << COLUMN_BITS and len(features) > 10_000
    for feature in np.random.default_rng(0).choice(features, 500, replace=False):
        row, place = np.zeros(len(index.codes)), words.place[feature]
        if place < 0:
            row = words.full[-1 - place]
        else:
            entries = words.short[place + 1 : place + 1 + words.short[place]]
            row[entries & ((1 << COLUMN_BITS) - 1)] = (entries >> COLUMN_BITS) * VALUE_STEP
        assert np.allclose(row, index.model[feature].toarray()[0], atol=1e-5)
    unknown = np.setdiff1d(np.arange(tf.SIZE), features)
    assert not words.place[unknown].any()
