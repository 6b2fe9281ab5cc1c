"""Windows of text around what triggers a fact: bytes cut from the Arrow buffer in one compiled pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.bits import continuing, load8, marked, newlines
from overstap.ads.compiled import kernel, part

Ints = npt.NDArray[np.int32]
T = TypeVar("T")
_END = 1 << 31
_KEPT = 1 << 15  # windows whose reading is kept per fact: ads repeat each other's phrases, and memory stays bounded
_readers: list[Any] = []


@dataclass(frozen=True, eq=False)
class TextBytes:
    """A column of texts as its bytes: `raw` (UTF-8 of all texts) and `offsets` (first byte of each, and the end)."""

    raw: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: pa.Array | pa.ChunkedArray) -> TextBytes:
        """The bytes of a string column; a null text has none."""
        array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        array = array.cast(pa.large_string())
        array = array.fill_null("") if array.null_count else array
        buffer = array.buffers()[2]
        raw = np.frombuffer(buffer, np.uint8) if buffer is not None and buffer.size else np.zeros(0, np.uint8)
        return cls(raw, np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1])


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows around anchors: `at` is the anchor's first byte, `low` and `high` are the window's; high is 0 where the
    window lacks the digit that was asked. `start` is the anchor in characters of its text, `row` the text, `line` the
    number of its line (0 for windows of signs)."""

    raw: npt.NDArray[np.uint8]
    row: Ints
    start: Ints
    at: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]

    def read(
        self,
        parse: Callable[[bytes, int], tuple[T, int, int] | None],
        enough: Callable[[T], bool] = lambda value: False,
    ) -> Iterator[tuple[int, int, int, T]]:
        """Row, start, end (characters) and value of what `parse` finds.

        `parse` sees a window's bytes and where in them the anchor is, and gives the value and its place in characters
        from the anchor. An anchor inside what an earlier one gave is passed over, and so is the rest of a text once a
        value is `enough`.
        """
        view = memoryview(cast(Any, self.raw))
        kept = np.flatnonzero(self.high > 0)
        columns = (self.row, self.start, self.low, self.high, self.at)
        seen, reached = -1, 0
        for row, start, low, high, at in zip(*(column[kept].tolist() for column in columns), strict=True):
            if row == seen and start < reached:
                continue
            found = parse(view[low:high].tobytes(), at - low)
            if found is not None:
                value, first, last = found
                seen, reached = row, start + last
                yield row, start + first, reached, value
                reached = _END if enough(value) else reached


def kept(parse: Callable[[bytes, int], T]) -> Callable[[bytes, int], T]:
    """A reader of windows that keeps what it gave of the latest."""
    reader = lru_cache(maxsize=_KEPT)(parse)
    _readers.append(reader)
    return reader


def forget_windows() -> None:
    """Read every window anew from now on."""
    for reader in _readers:
        reader.cache_clear()


def small(window: bytes, at: int) -> tuple[str, int]:
    """A window in small letters, as many as there are in it, and the character at which its byte `at` stands. Patterns
    that need not look for letters of both kinds are twice as fast."""
    text = window.decode()
    lower = text.lower()
    if len(lower) != len(text):  # of all letters only "İ" becomes two
        lower = window.lower().decode()
    return lower, len(window[:at].decode())


def cut(texts: TextBytes, row: Ints, start: Ints, end: Ints, before: int, after: int, *, digit: int = 0) -> Windows:
    """Windows of `before` and `after` bytes around anchors (row, characters [start, end)), ordered by row and start.

    With `digit`, only those are cut that have a digit within so many bytes of the anchor, on either side.
    """
    out = np.zeros((4, len(row)), np.int64)
    if len(row):
        _cut(texts.raw, texts.offsets, row, start, end, before, after, digit, out)
    return Windows(texts.raw, row, start, *out)


def signs(texts: TextBytes, before: int, after: int) -> Windows:
    """Windows around each euro sign."""
    first = np.flatnonzero(texts.raw[:-2] == 0xE2) if len(texts.raw) > 2 else np.zeros(0, np.int64)
    at = first[(texts.raw[first + 1] == 0x82) & (texts.raw[first + 2] == 0xAC)]
    row = (np.searchsorted(texts.offsets, at, side="right") - 1).astype(np.int32)
    inside = (row >= 0) & (row < len(texts.offsets) - 1)
    at, row = at[inside], row[inside]
    start = np.zeros(len(at), np.int32)
    out = np.zeros((2, len(at)), np.int64)
    if len(at):
        _around(texts.raw, texts.offsets, row, at, before, after, start, out)
    return Windows(texts.raw, row, start, at, out[0], out[1], np.zeros(len(at), np.int64))


@part
def _limits(raw: Any, first: Any, last: Any, at: Any, stop: Any, before: int, after: int) -> tuple[int, int]:
    """The window's bytes, moved to the starts of characters."""
    low, high = max(first, at - before), min(last, stop + after)
    while low < at and (raw[low] & 0xC0) == 0x80:
        low += 1
    while high < last and (raw[high] & 0xC0) == 0x80:
        high += 1
    return low, high


@part
def _has_digit(raw: Any, low: int, high: int) -> bool:
    for i in range(low, high):  # noqa: SIM110 - compiled
        if 48 <= raw[i] <= 57:
            return True
    return False


@kernel()
def _cut(raw: Any, offsets: Any, row: Any, start: Any, end: Any, before: int, after: int, digit: int, out: Any) -> None:
    here, i, c, line = -1, 0, 0, 0
    for m in range(len(row)):
        if row[m] != here:
            here, c, line = row[m], 0, 0
            i = offsets[here]
        first, last = offsets[here], offsets[here + 1]
        while i + 8 <= last and c + 8 <= start[m]:
            eight = load8(raw, i)
            c += 8 - marked(continuing(eight))
            line += marked(newlines(eight))
            i += 8
        while i < last and (c < start[m] or (raw[i] & 0xC0) == 0x80):
            c += (raw[i] & 0xC0) != 0x80
            line += raw[i] == 10
            i += 1
        out[3, m] = line
        stop, seen = i, c
        while stop < last and (seen < end[m] or (raw[stop] & 0xC0) == 0x80):
            seen += (raw[stop] & 0xC0) != 0x80
            stop += 1
        low, high = _limits(raw, first, last, i, stop, before, after)
        if digit == 0 or _has_digit(raw, max(first, i - digit), min(last, stop + digit)):
            out[0, m], out[1, m], out[2, m] = i, low, high


@kernel()
def _around(raw: Any, offsets: Any, row: Any, at: Any, before: int, after: int, start: Any, out: Any) -> None:
    here, i, c = -1, 0, 0
    for m in range(len(row)):
        if row[m] != here:
            here, c = row[m], 0
            i = offsets[here]
        while i + 8 <= at[m]:
            c += 8 - marked(continuing(load8(raw, i)))
            i += 8
        while i < at[m]:
            c += (raw[i] & 0xC0) != 0x80
            i += 1
        start[m] = c
        out[0, m], out[1, m] = _limits(raw, offsets[here], offsets[here + 1], at[m], at[m] + 3, before, after)
