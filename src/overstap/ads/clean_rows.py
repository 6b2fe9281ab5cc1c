"""Cleaning of whole columns: Arrow in, Arrow out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.ads.clean import clean_text, without_html
from overstap.ads.texts import Array, bytes_of, texts_of, with_rows


def clean_column(texts: pa.Array) -> tuple[pa.Array, Array]:
    """`clean_text` of each text (string or large string; a null becomes empty) as large strings, and which rows the
    compiled pass left to Python (bool). The first call in a process loads or compiles the pass."""
    cleaned, left = _compiled(texts, markup=True)
    rows = np.flatnonzero(left)
    if not len(rows):
        return cleaned, left
    plain, odd = _compiled(_unmarked(texts.take(pa.array(rows))), markup=False)
    odd_rows = np.flatnonzero(odd)
    plain = with_rows(plain, odd_rows, _plain([clean_text(text) for text in _decoded(texts, rows[odd_rows])]))
    return with_rows(cleaned, rows, plain), left


def _unmarked(texts: pa.Array) -> pa.Array:
    """`without_html` of each text."""
    read, left = without_usual_html(texts)
    rows = np.flatnonzero(left)
    return with_rows(read, rows, _plain([without_html(text) for text in _decoded(texts, rows)]))


def without_usual_html(texts: pa.Array) -> tuple[pa.Array, Array]:
    """`without_html` of each text that the compiled pass can read, and which it left to Python (bool), here empty."""
    from overstap.ads.html_kernel import DEEPEST, unmark_rows  # here, so that importing loads no compiler
    from overstap.ads.html_tables import html_tables

    data, starts, ends = bytes_of(texts)
    out = np.empty(int((ends - starts).sum()) * 2 + 64, np.uint8)
    bounds, left = np.empty(len(texts) + 1, np.int64), np.zeros(len(texts), np.bool_)
    written = unmark_rows(data, starts, ends, html_tables(), out, bounds, left, np.zeros(DEEPEST, np.int64))
    return texts_of(out[:written], bounds), left


def _compiled(texts: pa.Array, markup: bool) -> tuple[pa.Array, Array]:
    from overstap.ads.clean_kernel import clean_rows  # here, so that importing loads no compiler
    from overstap.ads.clean_tables import clean_tables

    data, starts, ends = bytes_of(texts)
    out = np.empty(int((ends - starts).sum()) * 3 // 2 + 64, np.uint8)
    bounds = np.empty(len(texts) + 1, np.int64)
    left = np.zeros(len(texts), np.bool_)
    written = clean_rows(data, starts, ends, markup, clean_tables(), out, bounds, left)
    return texts_of(out[:written], bounds), left


def _decoded(texts: pa.Array, rows: Array) -> list[str]:
    """Texts as Python strings; bytes that are no UTF-8, which no reader lets through, become U+FFFD."""
    data, starts, ends = bytes_of(texts)
    return [bytes(data[starts[i] : ends[i]]).decode("utf-8", "replace") for i in rows]


def _plain(texts: list[str]) -> pa.Array:
    """Halves of surrogate pairs, which an entity can bring, become U+FFFD as in `clean_text`."""
    raw = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode() for text in texts]
    return pa.array(raw, pa.large_binary()).cast(pa.large_string())
