"""From text to numbers: words, their pieces in the embedding's vocabulary, their stems in the labels' vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\.net\b|[^\W_]+[+#]*")
_STEM_LETTERS, _PLURAL_FROM = 6, 4
_MAX_WORD = 64
_KEPT_WORDS = 200_000


def words(text: str) -> list[str]:
    """The words of a text in lower case without diacritics; `+` and `#` stay behind a word (`c++`)."""
    folded = text.lower()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _WORD.findall(folded)


def stem(word: str) -> str:
    """The first letters of a word, a plural s taken off: enough to see that two Dutch or English words are kin."""
    bare = word.rstrip("s") if len(word) >= _PLURAL_FROM else word
    return (bare or word)[:_STEM_LETTERS]


@dataclass(frozen=True)
class Flat:
    """A list of lists of numbers: `values[starts[i] : starts[i + 1]]` is list i."""

    values: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, lists: Iterable[Sequence[int]]) -> Flat:
        """Flatten `lists`."""
        kept = list(lists)
        starts = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum([len(part) for part in kept], out=starts[1:])
        return cls(np.fromiter((v for part in kept for v in part), dtype=np.int32, count=int(starts[-1])), starts)


@dataclass
class Pieces:
    """Cuts words into pieces of a vocabulary: the word itself, else the longest pieces from the left.

    A piece is the same wherever it stands in a word, so that an unknown Dutch compound is the sum of its members.
    """

    vocabulary: Sequence[str]
    stems: Sequence[str]
    _ids: dict[str, int] = field(init=False, repr=False)
    _stem_ids: dict[str, int] = field(init=False, repr=False)
    _known: dict[str, tuple[tuple[int, ...], int]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = {piece: row for row, piece in enumerate(self.vocabulary)}
        self._stem_ids = {text: row for row, text in enumerate(self.stems)}
        self._longest = max(map(len, self.vocabulary))

    def cut(self, word: str, *, whole: bool = True) -> tuple[int, ...]:
        """Rows of the pieces of a word, letters without one skipped; `whole=False` leaves out the word itself."""
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                row = self._ids.get(word[start:end])
                if row is not None and (whole or end - start < len(word)):
                    found.append(row)
                    start = end
                    break
            else:
                start += 1
        return tuple(found)

    def read(self, texts: Iterable[str]) -> tuple[Flat, Flat]:
        """Pieces and stems of each text; an unknown stem is -1."""
        pieces: list[list[int]] = []
        stems: list[list[int]] = []
        for text in texts:
            cut: list[int] = []
            kin: list[int] = []
            for word in words(text):
                rows, own = self._of(word)
                cut.extend(rows)
                kin.append(own)
            pieces.append(cut)
            stems.append(kin)
        return Flat.of(pieces), Flat.of(stems)

    def _of(self, word: str) -> tuple[tuple[int, ...], int]:
        known = self._known.get(word)
        if known is None:
            known = (self.cut(word[:_MAX_WORD]), self._stem_ids.get(stem(word), -1))
            if len(self._known) < _KEPT_WORDS:
                self._known[word] = known
        return known
