"""Titles as posted to what is counted and coded by: key, domains and words, all in one compiled pass.

The pass reads titles of up to 256 characters: ASCII, letters with accents and the usual signs. The others, and the few
that hold a call to apply or several parts, are read by the functions that it is the twin of: `normalise_title`,
`domains_of` and `OccupationCoder.words`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from overstap.ads import _title_features as tf
from overstap.ads import title_domains
from overstap.ads import titles as careful
from overstap.ads.patterns import ASCII, STAND_INS, Patterns
from overstap.ads.strings import Strings, strings

_LONGEST, _STEPS_BACK, _PLACES = 256, 4096, 8
_REMEMBERED = 200_000
_CHARACTERS, _LATIN, _OTHER = 0x20AD, 0x250, 14
_TAKEN = {0, _OTHER, *STAND_INS.values()}
_ODD = {0x017F, 0x130, 0x131}  # letters that patterns, or lower case, take for another
_FEW = 64
"""New titles below which the pass is not worth making ready."""
ASK, NONE, CODE, IF_KNOWN, IF_ROLE = range(5)
"""What is to be done with a title: ask the careful way; it names no occupation; code it; code it if it is a known
title; code it if one of its words names a role, else ask."""


class Tools(NamedTuple):
    """What the pass looks up. `place_kinds`: 1 a place, 2 a town that may be dropped at the end of a title;
    `small_kinds`: bits of the sets of `titles.SMALL`; `joined` and `named`: per phrase of `title_domains.csv` the first
    rule of a joined role, and bits of the domains of words; `joined_domains`: bits per rule; `longest`: words of the
    longest phrase; `raw` and `folded`: per character what stands for it, as posted and without accents, 0 for none."""

    patterns: Patterns
    places: Strings
    place_kinds: npt.NDArray[np.uint8]
    small: Strings
    small_kinds: npt.NDArray[np.uint8]
    stop: Strings
    phrases: Strings
    joined: npt.NDArray[np.int32]
    named: npt.NDArray[np.int32]
    joined_domains: npt.NDArray[np.int32]
    longest: int
    raw: npt.NDArray[np.uint8]
    folded: npt.NDArray[np.uint8]


class Read(NamedTuple):
    """A title that was read: its key, the domains of a role of two, the words by which to code it with a space between,
    and what is to be done with these (ASK or another)."""

    key: str
    domains: tuple[str, ...]
    words: str
    what: int


class TitleReader:
    """Reads titles and remembers them: titles come back. `places`: town names as `place_keys` gives them."""

    def __init__(self, places: frozenset[str] | None = None) -> None:
        self.places = places
        self._tools: Tools | None = None
        self._memory: dict[str, Read] = {}
        self._lock = threading.Lock()

    def __call__(self, titles: Iterable[str]) -> list[Read]:
        """What each title says."""
        titles = list(titles)
        memory = self._memory
        new = [title for title in dict.fromkeys(titles) if title not in memory]
        if new:
            if len(memory) + len(new) > _REMEMBERED:  # others may still read from the one before
                memory = {title: memory[title] for title in titles if title in memory}
            memory.update(zip(new, self.read(new) if len(new) >= _FEW else map(self._asked, new), strict=True))
            self._memory = memory
        return [memory[title] for title in titles]

    def forget(self) -> None:
        """Read every title anew from now on, as in a first run."""
        self._memory = {}
        for remembered in (careful.remembered, title_domains.domains_of, tf.stem):
            remembered.cache_clear()

    def _asked(self, title: str) -> Read:
        """A title read the careful way, whose words are to be asked for."""
        return Read(
            careful.normalise_title(title, self.places), title_domains.domains_of(title) if title else (), "", ASK
        )

    def read(self, titles: Sequence[str]) -> list[Read]:
        """What each title says, by the compiled pass as far as it goes, and nothing remembered."""
        from overstap.ads import _title_read_kernel as kernel  # here, so that importing loads no compiler

        with self._lock:
            tools = self._tools = self._tools or _tools(self.places)
        texts = [title.encode("utf-8", "surrogatepass") for title in titles]
        data, ends = np.frombuffer(b"".join(texts) or b"\0", np.uint8), np.cumsum([0, *map(len, texts)])
        room = int(np.minimum(np.diff(ends), _LONGEST).sum())
        keys, words = np.empty(room, np.uint8), np.empty(room, np.uint8)
        key_ends, word_ends = np.zeros((2, len(titles) + 1), np.int64)
        domains, found = np.zeros((2, len(titles)), np.uint8)
        work = np.empty((kernel.ROWS, _LONGEST), np.uint8)
        stack, kept = np.empty((_STEPS_BACK, 4), np.int32), np.zeros(8, np.int32)
        kernel.read(
            tools, data, ends, work, stack, kept, keys, key_ends, words, word_ends, domains, found
        )  # fmt: skip
        named = [
            tuple(d for bit, d in enumerate(title_domains.DOMAINS) if bits >> bit & 1)
            for bits in range(1 << len(title_domains.DOMAINS))
        ]
        whats = found.tolist()
        read = list(
            map(Read, _cut(keys, key_ends), map(named.__getitem__, domains.tolist()), _cut(words, word_ends), whats)
        )
        for i in np.flatnonzero(found == ASK).tolist():
            read[i] = self._asked(titles[i])
        return read


def _cut(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> list[str]:
    text, at = data[: ends[-1]].tobytes().decode("ascii"), ends.tolist()
    return [text[start:end] for start, end in pairwise(at)]


@lru_cache(maxsize=_PLACES)
def reader(places: frozenset[str] | None = None) -> TitleReader:
    """The reader that knows these places; without any, the bundled ones."""
    return TitleReader(places)


def _tools(places: frozenset[str] | None) -> Tools:
    from overstap.ads.title_patterns import title_patterns

    kinds, small = careful.town_kinds(places), sorted(frozenset().union(*careful.SMALL))
    rules, by_phrase = title_domains.phrases()
    bits = [sum(1 << title_domains.DOMAINS.index(domain) for domain in rule.domains) for rule in rules]
    joined, named = [], []
    for numbers in by_phrase.values():
        joined.append(min((n for n in numbers if rules[n].joined), default=len(rules)))
        named.append(int(np.bitwise_or.reduce([bits[n] for n in numbers if not rules[n].joined] or [0])))
    return Tools(
        title_patterns(),
        strings(kinds),
        np.array(list(kinds.values()), np.uint8),
        strings(small),
        np.array([sum(1 << i for i, words in enumerate(careful.SMALL) if word in words) for word in small], np.uint8),
        strings(sorted(tf.STOP)),
        strings(by_phrase),
        np.array(joined, np.int32),
        np.array(named, np.int32),
        np.array(bits, np.int32),
        max(phrase.count(" ") + 1 for phrase in by_phrase),
        *_alphabet(),
    )


def _alphabet() -> npt.NDArray[np.uint8]:
    """What programs read in place of each character: ASCII as it is; a letter with an accent as one of no name and,
    folded, without it. Characters that would be several, or that no table knows, have nothing."""
    tables = np.zeros((2, _CHARACTERS), np.uint8)
    for code in range(_CHARACTERS):
        sign = chr(code)
        plain = careful.strip_accents(sign)
        if sign in STAND_INS:
            tables[:, code] = STAND_INS[sign]
        elif sign == "’":
            tables[:, code] = _OTHER, ord("'")
        elif sign == "\xa0":
            tables[:, code] = ord(" ")
        elif code < ASCII:
            tables[:, code] = code if code not in _TAKEN else 0
        elif code < _LATIN and code not in _ODD and len(plain) == 1 and plain.isascii() and plain.isalpha():
            tables[:, code] = ord("_"), ord(plain)
    return tables
