"""The language of an ad, from the function words of many languages that stand in its text.

Each word of `reference/data/stop_words.csv` votes for the languages that have it, one vote shared between them, so a
text in two languages gets the language of its larger part. Where few words vote (a title), letter pairs and endings
vote too. Web addresses do not vote.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.schema.core import LANGUAGES

_FEW_VOTES = 4.0
"""Votes below which the shape of the words is looked at as well."""
_MIN_VOTES = 0.5
_FOREIGN_SCRIPT = 0.5
"""Share of letters outside the Latin script from which a text is `other`."""
_OTHERS_BIAS = 0.8
"""Ads in other languages are rare in the feeds; short lists of close relatives (af, da) must not win on a tie."""

_SHAPES = (
    (
        "nl",
        r"ij|aa[^a]|ee[nlrst]\b|oo[kmnprt]|uu[rs]|sch|cht|heid\b|lijk|kundig|werker|(?<=[rntlk])ing\b|[aeiou]eur\b|vak|zorg"
        r"|beheer|leid|dienst|schap|uur\b|wij[zs]|aar\b|ster\b|[^t]ies?t[ei]",
    ),
    (
        "en",
        r"\bth|th\b|tions?\b|wh|ough|ght|ment\b|ness\b|ly\b|ity\b|ies\b|sh|ea[dlmrs]|oo[dk]|ware|[^s]ch(?!t)|er\b|ist\b"
        r"|ant\b|ing\b|nurse|y\b",
    ),
    ("de", r"ung\b|ungs|keit|[äöüß]|sch[aeiouäöürlmnw]|ei[nstl]|pf|tz|ie[rl]|in\)|frau\b|mann\b|isch|kraft"),
    ("fr", r"eau|aux|[éèêçàâîôû]|eur\b|euse\b|ière\b|\bd'|\bl'|oi|[lt]eur|ique\b|trice\b|\bde\b|\bdu\b|\bet\b"),
)


class _Table(NamedTuple):
    """Stop words as an open hash table: hash of the word (0: free place) and its votes for each language."""

    hashes: npt.NDArray[np.uint64]
    votes: npt.NDArray[np.float32]
    languages: tuple[str, ...]


def detect_language(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The language of each text (nl, en, de, fr, other) and its score (0–1: share of the votes; 0: no word known).

    Texts are of any length; a text that holds nothing known, a null and a text in another script are `other`.
    """
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if isinstance(array, pa.ChunkedArray):
        parts = [detect_language(chunk) for chunk in array.chunks]
        return pa.concat_arrays([p[0] for p in parts]), pa.concat_arrays([p[1] for p in parts])
    array = array.cast(pa.large_string()).fill_null("")
    votes, letters = word_votes(array)
    for row in np.flatnonzero(votes.sum(axis=1) < _FEW_VOTES):
        votes[row, :4] += shape_votes(array[int(row)].as_py())
    return choose_language(votes, letters)


def choose_language(
    votes: npt.NDArray[np.float32], letters: npt.NDArray[np.int64] | None = None
) -> tuple[pa.Array, pa.Array]:
    """Language and score from votes, shape (rows, `stop_words().languages`), and counts of Latin and other letters."""
    table = stop_words()
    bias = np.array([1.0 if language in LANGUAGES else _OTHERS_BIAS for language in table.languages], np.float32)
    weighted = votes * bias
    best = weighted.argmax(axis=1) if len(votes) else np.zeros(0, np.int64)
    top = votes[np.arange(len(votes)), best]
    known = top >= _MIN_VOTES
    if letters is not None:
        known &= letters[:, 1] <= _FOREIGN_SCRIPT * letters.sum(axis=1)
    names = np.array([language if language in LANGUAGES else "other" for language in table.languages], object)
    score = np.where(known, top / np.maximum(votes.sum(axis=1), 1e-9), 0).astype(np.float32)
    return pa.array(np.where(known, names[best], "other"), pa.string()), pa.array(score)


def word_votes(texts: pa.Array) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Votes of the stop words, shape (rows, languages), and letters of Latin and of other scripts, shape (rows, 2)."""
    table = stop_words()
    votes = np.zeros((len(texts), len(table.languages)), np.float32)
    letters = np.zeros((len(texts), 2), np.int64)
    if len(texts):
        offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = texts.buffers()[2]
        raw = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
        _vote(raw, offsets, table.hashes, table.votes, votes, letters)
    return votes, letters


def shape_votes(text: str) -> npt.NDArray[np.float32]:
    """Votes for nl, en, de and fr from letter pairs and endings in the first 200 characters; 0.3 a find."""
    short = text[:200].lower()
    return np.array([0.3 * len(pattern.findall(short)) for pattern in _shapes()], np.float32)


@lru_cache(maxsize=1)
def _shapes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in _SHAPES)


@lru_cache(maxsize=1)
def stop_words() -> _Table:
    """The table of stop words, built once in a process; nl, en, de, fr come first."""
    words: dict[str, set[str]] = {}
    languages: list[str] = []
    with (resources.files("overstap.reference") / "data" / "stop_words.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            languages.append(row["language"])
            for word in row["words"].replace("'", " ").split():
                for form in {word, _folded(word)}:
                    words.setdefault(form, set()).add(row["language"])
    size = 1 << (4 * len(words)).bit_length()
    hashes, votes = np.zeros(size, np.uint64), np.zeros((size, len(languages)), np.float32)
    for word, spoken in sorted(words.items()):
        code = _hash(word)
        at = code % size
        while hashes[at]:
            at = (at + 1) % size
        hashes[at] = code
        votes[at, [languages.index(language) for language in spoken]] = 1 / len(spoken)
    return _Table(hashes, votes, tuple(languages))


def _folded(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).replace("ß", "ss")


def _hash(word: str) -> int:
    """FNV-1a, 64 bits, as the compiled pass computes it."""
    code = 0xCBF29CE484222325
    for byte in word.encode():
        code = ((code ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return code


@numba.njit(cache=True, nogil=True)
def _vote(raw: Any, offsets: Any, hashes: Any, table: Any, votes: Any, letters: Any) -> None:
    start = np.uint64(0xCBF29CE484222325)
    mask = np.uint64(len(hashes) - 1)
    for row in range(len(offsets) - 1):
        code = start
        previous = np.uint8(0)
        in_address = False
        end = offsets[row + 1]
        for at in range(offsets[row], end + 1):
            byte = raw[at] if at < end else np.uint8(32)
            if 65 <= byte <= 90 or (previous == 0xC3 and 0x80 <= byte <= 0x9E and byte != 0x97):
                byte |= np.uint8(32)
            if in_address and byte > 32:
                continue  # a web address is in no language
            in_address = byte == 47 and at > offsets[row] and raw[at - 1] == 58
            in_word = 97 <= byte <= 122 or 48 <= byte <= 57 or byte >= 128
            if byte == 0xE2 or (previous == 0xE2 and byte == 0x80) or (previous == 0xC2):
                in_word = False  # typographic quotes, dashes, bullets, hard spaces
            previous = byte
            if in_word:
                code = (code ^ np.uint64(byte)) * np.uint64(0x100000001B3)
                if 97 <= byte <= 122:
                    letters[row, 0] += 1
                elif byte >= 0xCE and byte != 0xE2:
                    letters[row, 1] += 1
                continue
            if code == start:
                continue
            place = code & mask
            while hashes[place] != 0:
                if hashes[place] == code:
                    votes[row] += table[place]
                    break
                place = (place + np.uint64(1)) & mask
            code = start
