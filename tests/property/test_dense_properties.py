"""The compiled product of matrices against NumPy, and row by row: a row's product does not depend on its neighbours."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.dense_kernel import TALL, WIDE, multiply, panels


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.integers(0, 9), st.sampled_from([1, WIDE - 1, WIDE, WIDE + 1, 99]), st.integers(0, 9))
def test_each_number_is_summed_in_order_and_the_same_in_any_company(tiles: int, k: int, n: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(TALL * tiles, k)).astype(np.float32)
    columns = draw.normal(size=(k, n)).astype(np.float32)
    held = panels(columns)
    out = np.full((len(rows), len(held) * WIDE), np.nan, np.float32)
    multiply(rows, held, out)
    exact = np.zeros((len(rows), n), np.float32)
    for i in range(k):
        exact += rows[:, i : i + 1] * columns[i]
    assert np.array_equal(out[:, :n], exact)
    assert not out[:, n:].any()
