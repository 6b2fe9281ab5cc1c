"""What is timed: a name, what it does and leaves out, and how to make it ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

Run = Callable[["Corpus"], int]
"""Works through a corpus; gives how many mentions it found (0 where it looks for none)."""


@dataclass(frozen=True)
class Corpus:
    """The ads of a run: as their feed gave them, and their cleaned texts. `size`: bytes of the cleaned texts."""

    raw: pa.RecordBatch
    clean: pa.RecordBatch

    @property
    def ads(self) -> int:
        """How many ads."""
        return int(self.clean.num_rows)

    @property
    def size(self) -> int:
        """Bytes of the cleaned texts, in UTF-8."""
        return sum(len(text.encode()) for text in self.texts)

    @property
    def texts(self) -> list[str]:
        """The cleaned texts."""
        return self.clean.column("text").to_pylist()  # type: ignore[no-any-return]

    def first(self, n: int) -> Corpus:
        """The first `n` ads."""
        return Corpus(self.raw.slice(0, n), self.clean.slice(0, n))


@dataclass(frozen=True)
class Contender:
    """Something to time. `prepare` makes it ready, which is timed apart; it may raise ImportError where a package is
    missing. `share`: the part of the ads that it is given, smaller where it is slow. `cores`: how many it uses."""

    key: str
    name: str
    prepare: Callable[[], Run]
    note: str = ""
    share: float = 1.0
    cores: int = 1
    install: str = ""


@dataclass(frozen=True)
class Forms:
    """What peers look for: the surface forms of the taxonomy, each once."""

    forms: Sequence[str]

    @classmethod
    def of(cls, taxonomy: str) -> Forms:
        """The forms of a taxonomy (core or esco). Raises as `load_taxonomy` does."""
        from overstap.reference.taxonomy import load_taxonomy

        found = load_taxonomy(taxonomy).forms.column("form").to_pylist()
        return cls(sorted({form for form in found if form}))
