"""The word of a title that says what the job is ("-monteur", "adviseur …"), and what the words beside it make of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

from overstap.ads.titles import strip_accents

MIN_SUFFIX = 4
_FREE_CUE = 5
_START = 3  # letters by which cues are looked up: the shortest cue with the spaces about it
_REMEMBERED = 100_000


class HeadMatch(NamedTuple):
    """What the head of a title says.

    `cued`: codes that a word beside it points to; `usual`: its usual code; `domain`: the codes possible; `bare`: the
    title is the head alone, or the head is of several words, so that the usual code is as good as certain.
    """

    cued: tuple[str, ...]
    usual: str | None
    domain: tuple[str, ...]
    bare: bool = False


@dataclass
class _Head:
    usual: str | None = None
    domain: tuple[str, ...] = ()
    cues: list[tuple[str, str]] = field(default_factory=list)
    _by_start: dict[str, list[_Cue]] | None = field(default=None, repr=False, compare=False)

    def in_order(self) -> list[_Cue]:
        """The cues as they count, the longest first."""
        found = []
        for rank, (cue, code) in enumerate(sorted(self.cues, key=lambda cue: -len(cue[0]))):
            found.append(_Cue(rank, cue if len(cue) >= _FREE_CUE else f" {cue} " if len(cue) <= 3 else f" {cue}", code))
        return found

    def cued(self, text: str) -> tuple[str, ...]:
        """Codes of the longest cues in the text, longest first, at most two."""
        if self._by_start is None:
            self._by_start = _by_start(self.in_order())
        near = {text[i : i + _START] for i in range(len(text) - _START + 1)}
        hits = sorted(
            cue for start in near & self._by_start.keys() for cue in self._by_start[start] if cue.text in text
        )
        return tuple(dict.fromkeys(cue.code for cue in hits))[:2]


class _Cue(NamedTuple):
    """A cue as it must stand in a text, with its place in the order in which cues count."""

    rank: int
    text: str
    code: str


def _by_start(cues: list[_Cue]) -> dict[str, list[_Cue]]:
    found: dict[str, list[_Cue]] = {}
    for cue in cues:
        found.setdefault(cue.text[:_START], []).append(cue)
    return found


@dataclass
class HeadRules:
    """Rules of `title_heads.csv`: columns head (words, the last part of a compound too), cues, isco08.

    Empty cues give the usual code of the head; `*` the major groups or codes that the head allows; other cues the code
    where one of them stands in the title: from five letters on anywhere, shorter ones at the start of a word, up to
    three letters as a whole word.
    """

    heads: dict[str, _Head]
    _names: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    _openings: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._openings = frozenset(name.split(" ")[0] for name in self.heads if " " in name)

    @classmethod
    def load(cls) -> HeadRules:
        """The bundled rules."""
        text = files("overstap.reference").joinpath("data/title_heads.csv").read_text(encoding="utf-8")
        return cls.from_rows(csv.DictReader(text.splitlines()))

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, str]]) -> HeadRules:
        """Rules from rows with the columns head, cues and isco08."""
        heads: dict[str, _Head] = {}
        for row in rows:
            cues = [strip_accents(c).strip() for c in row["cues"].split("|")] if row["cues"] else []
            for name in (strip_accents(h).replace("-", " ").strip() for h in row["head"].split("|")):
                head = heads.setdefault(name, _Head())
                if cues == ["*"]:
                    head.domain = tuple(row["isco08"].split())
                elif cues:
                    head.cues.extend((cue, row["isco08"]) for cue in cues)
                elif head.usual is None:
                    head.usual = row["isco08"]
        return cls(heads)

    def match(self, words: list[str]) -> HeadMatch | None:
        """What the head of a title (its words in order, lower case, no accents) says; null where no head is known."""
        found = self._find(words)
        if found is None:
            return None
        names, start, end = found
        last = words[end - 1]
        usual, domain = self.heads[names[0]].usual, self.heads[names[0]].domain
        for name in names:
            head = self.heads[name]
            if head.usual != usual and usual is not None:
                continue
            inside = last[: -len(name)] if end - start == 1 and len(last) > len(name) and last.endswith(name) else ""
            cued = head.cued(" " + " ".join([*words[:start], inside, *words[end:]]) + " ")
            if cued:
                return HeadMatch(cued, usual or head.usual, domain or head.domain)
        return HeadMatch((), usual, domain, bare=words == [names[0]] or " " in names[0])

    def _find(self, words: list[str]) -> tuple[list[str], int, int] | None:
        """Names of the head, longest first, and its place: several words, then the first word, then the last known."""
        n = len(words)
        openings = [i for i, word in enumerate(words) if word in self._openings]
        for size in (4, 3, 2):
            for i in openings:
                name = " ".join(words[i : i + size])
                if i + size <= n and name in self.heads:
                    return [name, *self._heads_of(words[i + size - 1])], i, i + size
        for i in [0, *range(n - 1, 0, -1)] if n else []:
            names = self._heads_of(words[i])
            if names:
                return names, i, i + 1
        return None

    def _heads_of(self, word: str) -> list[str]:
        """Heads that the word is or ends with, longest first; remembered, for words come back."""
        names = self._names.get(word)
        if names is None:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            forms = ([f for f in (form, *_endings(form)) if f in self.heads] for form in singular(word))
            names = self._names[word] = next(filter(None, forms), [])
        return names


def _endings(word: str) -> list[str]:
    return [word[i:] for i in range(1, len(word) - MIN_SUFFIX + 1)]


def singular(word: str) -> list[str]:
    """The word, and what it may be the plural or the feminine of."""
    forms = [word]
    if word.endswith("s") and len(word) > 5:
        forms.append(word[:-1])
    if word.endswith("n") and len(word) > 5:
        forms.append(word[:-1])
    if word.endswith("ster") and len(word) > 6:
        forms.append(word[:-4] + "er")
    return forms
