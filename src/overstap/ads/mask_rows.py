"""Masking of whole columns: Arrow in, Arrow out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from overstap.ads.mask import ANYWHERE, Found, mask_once
from overstap.ads.texts import Array, bytes_of, with_rows


def mask_column(texts: pa.Array) -> tuple[pa.Array, Array]:
    """`mask_text` of each cleaned text (large strings), and how many spans were replaced in each (int32).

    Goes in rounds over the texts that the round before changed. The first call in a process loads or compiles the
    search.
    """
    counts = np.zeros(len(texts), np.int32)
    rows, values = np.arange(len(texts)), texts
    latest: dict[int, str] = {}
    while len(rows):
        changed = []
        for i, found in _found(values):
            text, n = mask_once(values[i].as_py(), found)
            if n:
                row = int(rows[i])
                changed.append(row)
                latest[row] = text
                counts[row] += n
        rows = np.array(changed, np.intp)
        values = pa.array([latest[row] for row in changed], pa.large_string())
    return with_rows(texts, np.array(list(latest), np.intp), list(latest.values())), counts


def _found(texts: pa.Array) -> Iterator[tuple[int, Found]]:
    """(row, what it may hold) for each text that may hold something personal, in order."""
    from overstap.ads import mask_kernel as k  # here, so that importing loads no compiler
    from overstap.ads.mask_tables import mask_tables

    data, starts, ends = bytes_of(texts)
    flags, scratch = np.zeros(len(texts), np.uint8), np.zeros(64, np.uint8)
    room, first, blocks = 1024 + len(data) // 200, 0, []
    while first < len(texts):
        places = np.empty((4, room), np.int32)
        first, n = k.find_rows(data, starts, ends, first, mask_tables(), flags, places, scratch)
        blocks.append(places[:, :n])
        room *= 2
    row, kind, a, b = np.concatenate(blocks, axis=1) if blocks else np.zeros((4, 0), np.int32)
    rows = np.union1d(np.flatnonzero(flags), row)
    bounds = np.searchsorted(row, np.append(rows, len(texts)))
    for i, begin, end in zip(rows.tolist(), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        bits = int(flags[i])
        if bits & k.UNSURE:
            yield i, ANYWHERE
            continue
        at = list(zip(kind[begin:end].tolist(), a[begin:end].tolist(), b[begin:end].tolist(), strict=True))
        yield (
            i,
            Found(
                email=bool(bits & k.EMAIL),
                spelled=bool(bits & k.SPELLED),
                lost=bool(bits & k.LOST),
                profile=bool(bits & k.PROFILE),
                iban=bool(bits & k.IBAN),
                bsn=bool(bits & k.BSN),
                glued=bool(bits & k.GLUED),
                digits=[(start, stop) for what, start, stop in at if what == k.STRETCH],
                triggers=[(stop, bool(name & 1), name >> 1) for what, stop, name in at if what == k.TRIGGER],
                marks=[(start, back) for what, start, back in at if what == k.MARK],
            ),
        )
