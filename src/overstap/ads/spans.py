"""Spans of a batch of texts as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Spans:
    """Flat spans ordered by row and start: row of the texts, start and end in characters (end exclusive)."""

    row: _Ints
    start: _Ints
    end: _Ints

    def covers(self, row: _Ints, start: _Ints) -> npt.NDArray[np.bool_]:
        """True for each position (row, character; ordered so) that lies in a span; spans may overlap."""
        from overstap.ads.skills_kernel import covered  # here, so that importing loads no compiler

        out = np.zeros(len(row), np.bool_)
        covered(self.row, self.start, self.end, row, start, out)
        return out


def ordered(*parts: Spans) -> Spans:
    """All spans of several, ordered by row, start and end."""
    row, start, end = (np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "start", "end"))
    order = np.lexsort((end, start, row))
    return Spans(row[order].astype(np.int32), start[order].astype(np.int32), end[order].astype(np.int32))


def keys(row: _Ints, at: _Ints) -> npt.NDArray[np.int64]:
    """One number a place (row, character), in the order of the places."""
    return (row.astype(np.int64) << 32) | at.astype(np.int64)
