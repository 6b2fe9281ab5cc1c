"""What a reader of a fact gives: columns of values, one a text, and the spans that prove them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.spans import Spans


@dataclass(frozen=True, eq=False)
class Fact:
    """`columns`: name → values per text, null where unknown. `spans`: name of the column → the words that prove it."""

    columns: Mapping[str, pa.Array]
    spans: Mapping[str, Spans] = field(default_factory=dict)


Entry = tuple[int, int, int, Any]
"""Row, start and end (characters), value."""


def spans_of(entries: Iterable[Entry]) -> Spans:
    """Spans of entries, ordered."""
    ordered = sorted({entry[:3] for entry in entries})
    row, start, end = np.array(ordered, np.int32).reshape(-1, 3).T
    return Spans(np.ascontiguousarray(row), np.ascontiguousarray(start), np.ascontiguousarray(end))


def column(values: Mapping[int, Any], rows: int, type_: pa.DataType) -> pa.Array:
    """Values by row as a column; rows without one are null."""
    cells: list[Any] = [None] * rows
    for row, value in values.items():
        cells[row] = value
    return pa.array(cells, type_)


def choose(entries: Iterable[Entry], key: Callable[[Any], Any]) -> dict[int, Entry]:
    """One entry per row: that whose value has the highest key, of equals the first in the text."""
    chosen: dict[int, Entry] = {}
    for entry in sorted(entries, key=lambda e: e[:2]):
        if entry[0] not in chosen or key(entry[3]) > key(chosen[entry[0]][3]):
            chosen[entry[0]] = entry
    return chosen


def by_value(texts: pa.Array, read: Callable[[str], Any]) -> dict[int, Any]:
    """What `read` gives of each text, by row, read once per distinct text; rows of which it gives null are left out."""
    if texts.null_count == len(texts):  # most feeds fill few of their fields
        return {}
    encoded = texts.dictionary_encode()
    values = [read(text) if text else None for text in encoded.dictionary.to_pylist()]
    known = pa.array([i for i, value in enumerate(values) if value is not None], pa.int32())
    rows = np.flatnonzero(pc.is_in(encoded.indices, known).to_numpy(zero_copy_only=False))
    codes = encoded.indices.take(pa.array(rows)).to_pylist()
    return {row: values[code] for row, code in zip(rows.tolist(), codes, strict=True)}
