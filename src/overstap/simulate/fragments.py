"""The pool of text fragments. An ad is a row of fragment numbers; Arrow joins the rows into texts.

Fragment 0 is the empty string; fragments 1 to 15 are structural marks (`Mark`) that each format writes in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int32]


class Mark(IntEnum):
    """Structure of an ad: where headings, lists, items and paragraphs open and close."""

    HEAD = 1
    HEAD_END = 2
    LIST = 3
    LIST_END = 4
    ITEM = 5
    ITEM_END = 6
    PARAGRAPH = 7
    PARAGRAPH_END = 8
    STOP = 9
    OPEN = 10
    CLOSE = 11


FORMATS: dict[str, tuple[str, ...]] = {
    # in the order of Mark, from HEAD to CLOSE
    "plain": ("\n", "\n", "", "", "- ", "\n", "", "\n\n", " ", "", ""),
    "html": (
        "<h3>", "</h3>\n", "<ul>\n", "</ul>\n", "<li>", "</li>\n", "<p>", "</p>\n", "&nbsp;",
        "<div class=\"vacature\">\n", "</div>",
    ),
    "markdown": ("\n## ", "\n\n", "", "\n", "* ", "\n", "", "\n\n", " ", "", ""),
    "separator": ("\u2028", "\u2028", "", "", "• ", "\u2028", "", "\u2028", " ", "", ""),
    "windows": ("\r\n", ":\r\n", "", "\r\n", "* ", "\r\n", "", "\r\n\r\n", "  ", "", ""),
    "breaks": ("<br /><b>", "</b><br/>", "", "<br>", "• ", "<br/>\n", "", "<br/><br/>", " ", "", ""),
}  # fmt: skip
SLOTS = ("", "company", "place", "title", "hours", "salary", "mail", "contact", "phone", "board")


@dataclass(frozen=True)
class Sentences:
    """A list of sentences as three columns: fragment before the slot, slot number (see SLOTS), fragment after it."""

    before: Ints
    slot: Ints
    after: Ints

    def __len__(self) -> int:
        return len(self.before)


class Pool:
    """Grows a list of distinct fragments and gives each its number."""

    def __init__(self) -> None:
        self.texts: list[str] = [""] + [f"\x00{i}" for i in range(1, 16)]
        self._index = {text: i for i, text in enumerate(self.texts)}
        self._typo: dict[int, int] = {}

    def add(self, text: str) -> int:
        """Number of `text`, new or known."""
        if text not in self._index:
            self._index[text] = len(self.texts)
            self.texts.append(text)
        return self._index[text]

    def extend(self, texts: list[str]) -> Ints:
        """Numbers of several texts."""
        return np.array([self.add(t) for t in texts], dtype=np.int32)

    def sentences(self, texts: list[str]) -> Sentences:
        """Splits each text at its slot, if it has one. Long fragments get a twin with a slip of the fingers."""
        rows = []
        for text in texts:
            if text.count("{") > 1:
                raise ValueError(f"More than one slot in {text!r}")
            before, _, rest = text.partition("{")
            name, _, after = rest.partition("}")
            slot = SLOTS.index(name) if rest else 0
            rows.append((self._with_twin(before), slot, self._with_twin(after)))
        table = np.array(rows, dtype=np.int32).reshape(-1, 3)
        return Sentences(table[:, 0], table[:, 1], table[:, 2])

    def _with_twin(self, text: str) -> int:
        number = self.add(text)
        if len(text) > 24 and number not in self._typo:
            at = len(text) // 2
            while at < len(text) - 2 and not (text[at : at + 2].isalpha() and text[at] != text[at + 1]):
                at += 1
            slip = (text[at + 1] + text[at], text[at], text[at] * 2 + text[at + 1])[len(text) % 3]
            self._typo[number] = self.add(text[:at] + slip + text[at + 2 :])
        return number

    def twins(self) -> Ints:
        """For each fragment the number of its misspelt twin, or its own number."""
        out = np.arange(len(self.texts), dtype=np.int32)
        for number, twin in self._typo.items():
            out[number] = twin
        return out

    def marks(self) -> Ints:
        """[format, mark number 0..15] → fragment that writes the mark in that format."""
        out = np.zeros((len(FORMATS), 16), dtype=np.int32)
        for f, writing in enumerate(FORMATS.values()):
            out[f, 1 : len(writing) + 1] = self.extend(list(writing))
        return out

    def array(self) -> pa.StringArray:
        """The fragments as an Arrow string array."""
        return pa.array(self.texts, pa.string())


def stack(columns: Sequence[NDArray[np.integer[Any]]]) -> Ints:
    """Columns [n] and matrices [n, k] side by side, as 32-bit numbers: half the memory to move."""
    widths = [1 if c.ndim == 1 else c.shape[1] for c in columns]
    out = np.empty((len(columns[0]), sum(widths)), dtype=np.int32)
    at = 0
    for column, width in zip(columns, widths, strict=True):
        out[:, at : at + width] = column[:, None] if column.ndim == 1 else column
        at += width
    return out


def join(fragments: pa.StringArray, numbers: NDArray[np.integer[Any]]) -> pa.StringArray:
    """Joins each row of fragment numbers into one string. [n, k] → n strings; zeros are skipped.

    The fragments of a row lie side by side in the buffer that `take` fills, so a row's text is a slice of it: only
    offsets are new.
    """
    used = numbers != 0
    ends = np.zeros(len(numbers) + 1, dtype=np.int64)
    np.cumsum(used.sum(axis=1), out=ends[1:])
    pieces = fragments.take(pa.array(numbers[used]))
    offsets = np.frombuffer(pieces.buffers()[1], dtype=np.int32, count=len(pieces) + 1)[ends]
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(np.ascontiguousarray(offsets)), pieces.buffers()[2])
