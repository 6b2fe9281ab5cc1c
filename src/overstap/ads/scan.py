"""Scan a column of texts for the forms of an index: Arrow in, flat arrays out, on one or more threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.kernel_state import SEGMENT, Output, new_segment
from overstap.ads.lexicon import Array, FormIndex

_CHUNK_BYTES = 16 << 20


@dataclass(frozen=True, eq=False)
class ScanResult:
    """What a scan found. One entry a mention, ordered by row, then first token: `row` (of the texts), `kind` (number
    in `FormIndex.kinds`), `form` (row in the kind's table), `start` and `end` (characters in the text, end exclusive),
    `token` and `last_token` (place of its first and last token in the text). One entry a text: `n_tokens`, and
    `votes` (sum per vote name). A null text has no tokens."""

    row: Array
    kind: Array
    form: Array
    start: Array
    end: Array
    token: Array
    last_token: Array
    n_tokens: Array
    votes: Array

    def of_kind(self, number: int) -> Array:
        """The places in the arrays that hold mentions of one kind, in order."""
        order, ends = self._by_kind
        return order[ends[number] : ends[number + 1]] if number + 1 < len(ends) else order[:0]

    @cached_property
    def _by_kind(self) -> tuple[Array, Array]:
        """The places of mentions by kind, then in order, and where those of each kind end, after a leading 0."""
        small = self.kind.astype(np.uint8) if self.kind.max(initial=0) < 256 else self.kind  # sorted by counting
        return np.argsort(small, kind="stable"), np.concatenate([[0], np.cumsum(np.bincount(self.kind))])


def scan(texts: pa.Array | pa.ChunkedArray, index: FormIndex, *, threads: int = 1) -> ScanResult:
    """Find all mentions of the forms of `index` in `texts` (string, large string or what casts to it; nulls allowed).

    The result is the same for any number of threads. The first call in a process loads or compiles the kernel.
    """
    arrays = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    pieces = [piece for array in arrays for piece in _pieces(_as_text(array))]
    if threads > 1 and len(pieces) > 1:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda piece: _scan_piece(piece, index), pieces))
    else:
        parts = [_scan_piece(piece, index) for piece in pieces]
    return _concatenate(parts, len(index.vote_names))


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return array
    return pc.cast(array, pa.large_string())


def _pieces(array: pa.Array) -> list[pa.Array]:
    """The array in slices of about 16 MB, so that threads share the work and buffers stay small."""
    if len(array) == 0:
        return []
    offsets = _offsets(array)
    cuts = np.searchsorted(offsets, np.arange(offsets[0] + _CHUNK_BYTES, offsets[-1], _CHUNK_BYTES))
    edges = np.unique(np.concatenate([[0], cuts, [len(array)]]))
    return [array.slice(a, b - a) for a, b in pairwise(edges.tolist())]


def _offsets(array: pa.Array) -> Array:
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    raw = array.buffers()[1]
    if raw is None or raw.size == 0:
        return np.zeros(len(array) + 1, np.int64)
    found = np.frombuffer(raw, width)[array.offset : array.offset + len(array) + 1]
    return found.astype(np.int64)


def text_buffers(array: pa.Array) -> tuple[Array, Array, Array]:
    """The bytes of a string array, and per text its first and its end byte (int64); a null text is empty."""
    offsets = _offsets(array)
    starts, ends = offsets[:-1].copy(), offsets[1:].copy()
    if array.null_count:
        null = np.asarray(array.is_null())
        ends[null] = starts[null]
    buffer = array.buffers()[2]
    data = np.frombuffer(buffer, np.uint8) if buffer is not None and buffer.size else np.zeros(1, np.uint8)
    return data, starts, ends


def _scan_piece(array: pa.Array, index: FormIndex) -> ScanResult:
    from overstap.ads.kernel import scan_rows  # here, so that importing loads no compiler

    if index.max_form_tokens >= SEGMENT:
        raise ValueError(f"a form has {index.max_form_tokens} tokens; at most {SEGMENT - 1} can be matched")
    data, starts, ends = text_buffers(array)
    n_tokens = np.zeros(len(array), np.int32)
    votes = np.zeros((len(array), len(index.vote_names)), np.int32)
    longest = max(1, index.max_form_tokens)
    capacity = 1024 + int(ends[-1] - starts[0]) // 32
    segment, blocks, first = new_segment(len(index.kinds), len(index.arrays.votes)), [], 0
    while first < len(array):
        out = np.empty((7, capacity), np.int32)
        to = Output(out, n_tokens, votes)
        reached, written = scan_rows(data, starts, ends, first, index.arrays, segment, longest, to)
        blocks.append(out[:, :written])
        if reached == first:
            capacity *= 4
        first = reached
    found = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
    row, kind, form, start, end, token, last_token = (np.ascontiguousarray(line) for line in found)
    return ScanResult(row, kind, form, start, end, token, last_token, n_tokens, votes)


def _concatenate(parts: Sequence[ScanResult], n_votes: int) -> ScanResult:
    if len(parts) == 1:
        return parts[0]
    shifts = np.cumsum([0] + [len(part.n_tokens) for part in parts])
    lines = {
        name: np.concatenate([np.zeros(0, np.int32), *(getattr(part, name) for part in parts)])
        for name in ("kind", "form", "start", "end", "token", "last_token", "n_tokens")
    }
    shifted = [part.row + np.int32(shift) for part, shift in zip(parts, shifts, strict=False)]
    row = np.concatenate([np.zeros(0, np.int32), *shifted])
    votes = np.concatenate([np.zeros((0, n_votes), np.int32), *(part.votes for part in parts)])
    return ScanResult(row=row, votes=votes, **lines)
