"""The word of a title that says what the job is ("-monteur", "adviseur …"), and what the words beside it make of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

from overstap.ads.titles import strip_accents

_MIN_SUFFIX = 4
_FREE_CUE = 5


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


@dataclass
class HeadRules:
    """Rules of `title_heads.csv`: columns head (words, the last part of a compound too), cues, isco08.

    Empty cues give the usual code of the head; `*` the major groups or codes that the head allows; other cues the code
    where one of them stands in the title: from five letters on anywhere, shorter ones at the start of a word, up to
    three letters as a whole word.
    """

    heads: dict[str, _Head]

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
            cued = _cued(head.cues, " " + " ".join([*words[:start], inside, *words[end:]]) + " ")
            if cued:
                return HeadMatch(cued, usual or head.usual, domain or head.domain)
        return HeadMatch((), usual, domain, bare=words == [names[0]] or " " in names[0])

    def _find(self, words: list[str]) -> tuple[list[str], int, int] | None:
        """Names of the head, longest first, and its place: several words, then the first word, then the last known."""
        n = len(words)
        for size in (4, 3, 2):
            for i in range(n - size + 1):
                name = " ".join(words[i : i + size])
                if name in self.heads:
                    return [name, *self._heads_of(words[i + size - 1])], i, i + size
        for i in [0, *range(n - 1, 0, -1)] if n else []:
            names = self._heads_of(words[i])
            if names:
                return names, i, i + 1
        return None

    def _heads_of(self, word: str) -> list[str]:
        """Heads that the word is or ends with, longest first."""
        for form in _singular(word):
            names = [form] if form in self.heads else []
            names += [form[i:] for i in range(1, len(form) - _MIN_SUFFIX + 1) if form[i:] in self.heads]
            if names:
                return names
        return []


def _singular(word: str) -> list[str]:
    forms = [word]
    if word.endswith("s") and len(word) > 5:
        forms.append(word[:-1])
    if word.endswith("n") and len(word) > 5:
        forms.append(word[:-1])
    if word.endswith("ster") and len(word) > 6:
        forms.append(word[:-4] + "er")
    return forms


def _cued(cues: list[tuple[str, str]], text: str) -> tuple[str, ...]:
    """Codes of the longest cues in the text, longest first, at most two."""
    hits: list[tuple[int, str]] = []
    for cue, code in cues:
        size = len(cue)
        where = cue if size >= _FREE_CUE else f" {cue} " if size <= 3 else f" {cue}"
        if where in text:
            hits.append((size, code))
    hits.sort(key=lambda hit: -hit[0])
    codes: list[str] = []
    for _, code in hits:
        if code not in codes:
            codes.append(code)
    return tuple(codes[:2])
