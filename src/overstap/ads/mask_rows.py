"""Masking of whole columns: Arrow in, Arrow out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.ads.mask import Kinds, mask_numbers, mask_text
from overstap.ads.texts import Array, bytes_of, texts_of, with_rows

_ROOM = 1024  # names that the compiled pass masks in one text at once; it leaves texts with more to Python


def mask_column(texts: pa.Array) -> tuple[pa.Array, Array]:
    """`mask_text` of each cleaned text (large strings), and how many spans were replaced in each (int32).

    Names are masked by a compiled pass, which stops at a text that may hold an address or number: Python masks these
    and hands the text back. The first call in a process loads or compiles the pass.
    """
    from overstap.ads.mask_kernel import KINDS, UNSURE  # here, so that importing loads no compiler

    masked, found, counts = _compiled(texts, np.zeros(len(texts), np.bool_))
    open_rows = np.flatnonzero(found)
    rows, values, kinds = open_rows, masked.take(pa.array(open_rows)), found[open_rows]
    latest: dict[int, str] = {}
    while len(rows):
        again, judged = [], []
        for row, text, bits in zip(rows.tolist(), values.to_pylist(), kinds.tolist(), strict=True):
            n = 0
            if bits & UNSURE:
                text, n = mask_text(text)
            elif bits:
                text, n = mask_numbers(text, Kinds(*(bool(bits & kind) for kind in KINDS)))
                again.append(row)
                judged.append(n == 0)
            latest[row] = text
            counts[row] += n
        rows = np.array(again, np.intp)
        values = pa.array([latest[row] for row in again], pa.large_string())
        values, kinds, more = _compiled(values, np.array(judged, np.bool_))
        counts[rows] += more
    return with_rows(masked, open_rows, [latest[row] for row in open_rows.tolist()]), counts


def _compiled(texts: pa.Array, judged: Array) -> tuple[pa.Array, Array, Array]:
    """(texts with names masked, kinds of address or number that each may hold, names masked in each)."""
    from overstap.ads.mask_kernel import mask_rows
    from overstap.ads.mask_tables import mask_tables

    data, starts, ends = bytes_of(texts)
    sizes = ends - starts
    out, spare = np.empty(3 * int(sizes.sum()) + 64, np.uint8), np.empty(3 * int(sizes.max(initial=0)) + 64, np.uint8)
    bounds, found, counts = (np.zeros(len(texts) + 1, kind) for kind in (np.int64, np.uint8, np.int32))
    result = bounds, found, counts
    spans, scratch = np.empty((3, _ROOM), np.int64), np.zeros(64, np.uint8)
    read = out.view()
    read.flags.writeable = False
    written = mask_rows(data, starts, ends, judged, mask_tables(), out, read, *result, spans, spare, scratch)
    return texts_of(out[:written], bounds), found[:-1], counts[:-1]
