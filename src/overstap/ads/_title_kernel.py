"""The compiled passes that read titles as numbers: their features, and the vectors of these.

Nothing here makes an array or holds the interpreter lock; callers give the arrays that are written to.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from overstap.ads.compiled import ZERO, inlined, kernel

_LINE, _SPACE = 10, 32
_LONGEST_GRAM, _LAST_LETTERS = 6, 6
_BYTE, _EIGHT, _FULL = np.uint32(255), np.uint32(8), np.uint32(0xFFFFFFFF)
_START, _END, _WORD, _PAIR, _LAST, _FIRST, _TAIL = (np.uint8(ord(c)) for c in "^$wbLFT")


def _crc_table() -> Any:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1).astype(np.uint32)
    return table


_CRC = _crc_table()


@inlined
def _step(crc: Any, byte: Any) -> Any:
    """CRC-32, as `zlib.crc32` has it before the last complement, with one byte more."""
    return _CRC[(crc ^ np.uint32(byte)) & _BYTE] ^ (crc >> _EIGHT)


@inlined
def _run(crc: Any, data: Any, start: int, end: int) -> Any:
    for i in range(start, end):
        crc = _step(crc, data[i])
    return crc


@inlined
def _put(crc: Any, title: int, size: int, seen: Any, out: Any, n: int) -> int:
    """Writes the feature of a CRC once a title; gives the number of features."""
    feature = np.int64((crc ^ _FULL) & np.uint32(size - 1))
    if seen[feature] == title:
        return n
    seen[feature] = title
    out[n] = feature
    return n + 1


@kernel()
def hash_titles(data: Any, seen: Any, out: Any, ends: Any) -> None:
    """Features of titles. `data`: bytes, a line a title, its stems with a space between. `seen`: as long as there are
    features (a power of two), filled with -1. `out` takes the features, with room for 6 a byte; `ends`: where those of
    each title end, after a leading 0."""
    n, title, size, start = ZERO, ZERO, len(seen), ZERO
    before, before_end = -1, -1  # the stem before, in the same title
    first = True
    for i in range(len(data)):
        byte = data[i]
        if byte != _SPACE and byte != _LINE:
            continue
        if i > start:
            n = _stem(data, start, i, title, size, seen, out, n)
            if before >= 0:
                crc = _step(_run(_step(_FULL, _PAIR), data, before, before_end), _SPACE)
                n = _put(_run(crc, data, start, i), title, size, seen, out, n)
            if first:
                n = _put(_run(_step(_FULL, _FIRST), data, start, i), title, size, seen, out, n)
            before, before_end, first = start, i, False
        start = i + 1
        if byte == _LINE:
            if before >= 0:
                n = _put(_run(_step(_FULL, _LAST), data, before, before_end), title, size, seen, out, n)
                tail = max(before, before_end - _LAST_LETTERS)
                n = _put(_run(_step(_FULL, _TAIL), data, tail, before_end), title, size, seen, out, n)
            title += 1
            ends[title] = n
            before, first = -1, True


@inlined
def _stem(data: Any, start: int, end: int, title: int, size: int, seen: Any, out: Any, n: int) -> int:
    """The features of one stem: itself and its 3- to 6-grams between signs for its start and end."""
    n = _put(_run(_step(_FULL, _WORD), data, start, end), title, size, seen, out, n)
    for i in range(start - 1, end - 1):
        crc = _step(_FULL, _START if i < start else data[i])
        for k in range(i + 1, min(i + _LONGEST_GRAM, end + 1)):
            crc = _step(crc, _END if k == end else data[k])
            if k >= i + 2:
                n = _put(crc, title, size, seen, out, n)
    return n


@kernel()
def sum_vectors(features: Any, ends: Any, row_of: Any, weights: Any, steps: Any, scale: Any, out: Any) -> None:
    """Per title the sum of the `weights` of its features (`row_of`: -1 for one not known), times the step of each row,
    made `scale` long."""
    for title in range(out.shape[0]):
        out[title] = 0
        for i in range(ends[title], ends[title + 1]):
            row = row_of[features[i]]
            if row >= 0:
                step = steps[row]
                for k in range(out.shape[1]):
                    out[title, k] += np.float32(weights[row, k]) * step
        square = np.float32(0)
        for k in range(out.shape[1]):
            square += out[title, k] * out[title, k]
        if square > 0:
            factor = np.float32(scale / sqrt(square))
            for k in range(out.shape[1]):
                out[title, k] *= factor
