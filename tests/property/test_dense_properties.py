"""The compiled product of matrices against NumPy, and row by row: a row's product does not depend on its neighbours."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.dense_kernel import multiply


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.integers(1, 4), st.sampled_from([1, 7, 1023, 1024, 1025, 2100]), st.integers(0, 9))
def test_the_product_is_that_of_numpy_and_the_same_in_any_company(pairs: int, fours: int, n: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(2 * pairs, 4 * fours)).astype(np.float32)
    columns = draw.normal(size=(4 * fours, n)).astype(np.float32)
    out = np.full((2 * pairs, n), np.nan, np.float32)
    multiply(rows, columns, out)
    exact = rows.astype(np.float64) @ columns.astype(np.float64)
    assert np.allclose(out, exact, atol=1e-4)
    for i in range(len(rows)):
        alone = np.empty((2, n), np.float32)
        multiply(np.stack([rows[i], np.zeros_like(rows[i])]), columns, alone)
        assert np.array_equal(alone[0], out[i])
