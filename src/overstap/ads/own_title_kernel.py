"""The compiled search behind `overstap.ads.own_title`, over the bytes of each text."""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.bits import equal, first_in, load8
from overstap.ads.compiled import inlined, kernel

_CASE, _CASES = np.uint8(0x20), np.uint64(0x2020202020202020)
_SPACE = np.array([b in b" \t\n\r\x0b\x0c/-\x1c\x1d\x1e\x1f" for b in range(256)], np.bool_)
_LOWER = np.array([b | 0x20 if 65 <= b <= 90 else b for b in range(256)], np.uint8)
_WORD_LEAD = np.array(
    [b == 95 or (chr(b).isalnum() if b < 128 else 0xC3 <= b < 0xF0 and b not in (0xE2, 0xEF)) for b in range(256)],
    np.bool_,
)
"""First bytes of letters, digits and underscore; of the longer characters all but punctuation, signs and pictures."""


@kernel()
def find_titles(data: Any, starts: Any, ends: Any, keys: Any, key_starts: Any, key_ends: Any, out: Any) -> int:
    """Write (row, start, end) of each place where a text has its key, as far as `out` (int32[3, room]) has room; gives
    the number of places. Rows with an empty key have none."""
    n = 0
    for row in range(len(starts)):
        low, high, stop = key_starts[row], key_ends[row], ends[row]
        if low == high:
            continue
        wide = 0  # bytes so far that begin no character
        first, second = keys[low] | _CASE, keys[min(low + 1, high - 1)]
        paired = high - low > 1 and second != 32
        i, counted = starts[row], starts[row]
        while i + (high - low) <= stop:
            if i + 9 <= stop:  # skip eight bytes at once where none may begin the key
                hits = equal(load8(data, i) | _CASES, first)
                if paired:
                    hits &= equal(load8(data, i + 1) | _CASES, second | _CASE)
                skipped = np.int64(first_in(hits))
                i += skipped
                if skipped == 8:
                    continue
            end = _match(data, i, stop, keys, low, high)
            if end < 0 or not _free(data, starts[row], i) or (end < stop and _WORD_LEAD[data[end]]):
                i += 1
                continue
            for k in range(counted, i):
                wide += data[k] & 0xC0 == 0x80
            begin = i - starts[row] - wide
            for k in range(i, end):
                wide += data[k] & 0xC0 == 0x80
            if n < out.shape[1]:
                out[0, n], out[1, n], out[2, n] = row, begin, end - starts[row] - wide
            n += 1
            i = counted = end
    return n


@inlined
def _match(data: Any, i: int, stop: int, keys: Any, low: int, high: int) -> int:
    """The byte behind the key at `i`; -1 where it does not stand there."""
    k = low
    while k < high:
        if i >= stop:
            return -1
        if keys[k] == 32:
            if not _SPACE[data[i]]:
                return -1
            while i < stop and _SPACE[data[i]]:
                i += 1
            k += 1
        elif _LOWER[data[i]] == keys[k]:
            i += 1
            k += 1
        else:
            return -1
    return i


@inlined
def _free(data: Any, first: int, i: int) -> bool:
    """No letter, digit or underscore stands directly before `i`."""
    i -= 1
    while i > first and data[i] & 0xC0 == 0x80:
        i -= 1
    return bool(i < first or not _WORD_LEAD[data[i]])
