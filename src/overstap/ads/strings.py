"""Sets of short strings that a compiled pass looks up without making one: bytes of a row of texts against a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Strings(NamedTuple):
    """Distinct strings in order: their bytes, where each ends after a leading 0, and the table of their places."""

    data: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]


def strings(values: Iterable[str]) -> Strings:
    """The table of distinct strings; each is found by its place among them."""
    from overstap.ads._strings_kernel import fill_slots  # here, so that importing loads no compiler

    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    size = 2
    while size < 2 * len(encoded) + 2:
        size *= 2
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    slots = np.full(size, -1, np.int32)
    fill_slots(data, ends, slots)
    return Strings(data, ends, slots)
