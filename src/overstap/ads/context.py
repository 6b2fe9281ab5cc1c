"""Where in its line, sentence and clause a mention stands, read from the text's bytes in one compiled pass."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Context:
    """One entry a mention; offsets count characters, ends are exclusive."""

    at_start: _Ints  # 1: only markup, bullets and signs stand before it in its line
    bullet: _Ints  # 1: the line starts with a bullet
    before: _Ints  # byte of the last sign before it that is no space or markup; 10 at the start of a line
    after: _Ints  # byte of the first sign behind it that is no space or markup; 10 at the end of a line
    marked: _Ints  # 1: bold ends directly behind it
    capital: _Ints  # 1: it starts with a capital of ASCII
    words_after: _Ints  # words behind it in the line or, beyond six, in the sentence
    last: _Ints  # byte of the last sign of the line that is no space or markup
    bracket: _Ints  # start of the bracket it stands in; -1 outside
    sentence_start: _Ints
    clause_start: _Ints  # as sentence, and split at commas
    sentence_end: _Ints
    clause_end: _Ints  # as sentence, and split at commas and closing brackets
    line_end: _Ints
    line_start: _Ints
    joined: _Ints  # start of the last "en", "of", "and", "or", "/" or "&" before it in the text; -1 where none

    def take(self, at: npt.NDArray[np.int64]) -> Context:
        """The entries at these places."""
        return Context(*(values[at] for values in vars(self).values()))


@dataclass(frozen=True, eq=False)
class Walked:
    """The context of some mentions of a scan, read in one pass over the texts; `at`: their places in the scan."""

    at: npt.NDArray[np.int64]
    context: Context

    def of(self, at: npt.NDArray[np.int64]) -> Context:
        """The context of mentions by their places in the scan; all must be among those that were walked."""
        order = np.argsort(self.at, kind="stable")
        return self.context.take(order[np.searchsorted(self.at, at, sorter=order)])


def mention_context(
    texts: pa.Array | pa.ChunkedArray,
    row: _Ints,
    start: _Ints,
    end: _Ints,
    only_first: npt.NDArray[np.bool_] | None = None,
) -> Context:
    """The context of mentions (row of `texts`, character offsets), which must be ordered by row and start.

    A sentence ends at a full stop, question or exclamation mark before a space (not behind an abbreviation such as
    "o.a."), a semicolon, a bullet or the end of the line. Where `only_first` is true the context is read only if the
    mention stands first in its line or has a capital; else its entries are 0.
    """
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    array = array.cast(pa.large_string()).fill_null("")
    out = np.zeros((len(fields(Context)), len(row)), np.int32)
    if len(row):
        from overstap.ads.context_kernel import walk_rows  # here, so that importing loads no compiler

        offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
        raw = np.frombuffer(array.buffers()[2], np.uint8)
        skip = np.zeros(len(row), np.bool_) if only_first is None else only_first
        scratch = np.empty((3, len(row)), np.int32)
        walk_rows(raw, offsets, row, start, end, skip, scratch, out)
    return Context(*out)
