"""Arrow text columns as bytes and bounds for the compiled passes, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Array = NDArray[Any]


def bytes_of(texts: pa.Array) -> tuple[Array, Array, Array]:
    """The bytes of a column of strings, and first and end byte of each text (int64); a null is empty. No copy."""
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    if not len(texts):
        return np.frombuffer(b" ", np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64)
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    starts, ends = bounds[:-1], bounds[1:]
    if texts.null_count:
        ends = np.where(texts.is_null().to_numpy(zero_copy_only=False), starts, ends)
    found = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    found.flags.writeable = False  # whatever the buffer is: what can be written to is another type to the compiler
    return found, starts, ends


def texts_of(data: Array, bounds: Array) -> pa.Array:
    """A column of large strings over `data`, text i from `bounds[i]` to `bounds[i + 1]`. No copy."""
    return pa.LargeStringArray.from_buffers(
        len(bounds) - 1, pa.py_buffer(bounds.astype(np.int64, copy=False)), pa.py_buffer(data)
    )


def with_rows(texts: pa.Array, rows: Array, values: Sequence[str] | pa.Array) -> pa.Array:
    """The column (large strings) with `values` in place of the texts at `rows`, which ascend."""
    if not len(rows):
        return texts
    replaced = np.zeros(len(texts), np.bool_)
    replaced[rows] = True
    others = values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())
    return pc.replace_with_mask(texts, pa.array(replaced), others)
