"""Cleaning of whole columns: Arrow in, Arrow out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.ads.clean import clean_text
from overstap.ads.texts import Array, bytes_of, texts_of, with_rows


def clean_column(texts: pa.Array) -> tuple[pa.Array, Array]:
    """`clean_text` of each text (string or large string; a null becomes empty) as large strings, and which rows the
    compiled pass left to Python (bool). The first call in a process loads or compiles the pass."""
    from overstap.ads.clean_kernel import clean_rows  # here, so that importing loads no compiler
    from overstap.ads.clean_tables import clean_tables

    data, starts, ends = bytes_of(texts)
    out = np.empty(int((ends - starts).sum()) * 3 // 2 + 64, np.uint8)
    bounds = np.empty(len(texts) + 1, np.int64)
    left = np.zeros(len(texts), np.bool_)
    written = clean_rows(data, starts, ends, clean_tables(), out, bounds, left)
    rows = np.flatnonzero(left)
    # Bytes that are no UTF-8, which no reader lets through, become U+FFFD rather than an error.
    raw = (bytes(data[starts[i] : ends[i]]).decode("utf-8", "replace") for i in rows)
    return with_rows(texts_of(out[:written], bounds), rows, [clean_text(text) for text in raw]), left
