"""Words of job titles as numbers: light stems, hashed character n-grams, one sparse row a title."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.ads.titles import strip_accents

SIZE = 1 << 18
_A_BYTE = 6  # at most so many features a byte of a title
STOP = frozenset(
    {"van", "de", "het", "een", "en", "voor", "in", "op", "of", "and", "the", "for", "met", "der", "den", "bij", "aan"}
    | {"a", "an", "te", "tot", "with", "to", "at", "e", "s", "o", "ter"}
)

_DOUBLE = re.compile(r"([a-z])\1+")
_WORD = re.compile(r"[a-z0-9+#.&]+")
# (ending, what takes its place); the first that fits counts. Feminine, plural and masculine meet in one stem.
ENDINGS = (
    ("sters", ""), ("ster", ""), ("esse", ""), ("trices", "teur"), ("trice", "teur"), ("eurs", "eur"), ("euse", "eur"),
    ("euses", "eur"), ("eur", "eur"), ("resses", ""), ("ress", ""), ("aars", "aar"), ("ares", "aar"), ("aren", "aar"),
    ("isten", "ist"), ("iste", "ist"), ("ysts", "ist"), ("yst", "ist"), ("enten", "ent"), ("ente", "ent"),
    ("anten", "ant"), ("ante", "ant"), ("women", "man"), ("woman", "man"), ("vrouw", "man"), ("lieden", "man"),
    ("men", "man"), ("ers", ""), ("er", ""), ("ors", ""), ("or", ""), ("innen", ""), ("in", ""), ("ies", "i"),
    ("y", "i"), ("en", ""), ("es", ""), ("e", ""), ("s", ""),
)  # fmt: skip
_BY_LAST = {pair[0][-1]: [p for p in ENDINGS if p[0][-1] == pair[0][-1]] for pair in ENDINGS}
KEEP_SHORT = 4


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A light stem: gender and plural folded, doubled letters single (`verkoopster` and `verkoper` are the same)."""
    if len(word) <= KEEP_SHORT or not word.isalpha():
        return _DOUBLE.sub(r"\1", word)
    for ending, instead in _BY_LAST.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    return _DOUBLE.sub(r"\1", word)


def words(text: str) -> list[str]:
    """Words of a cleaned title, without function words."""
    return [w.strip(".&") or w for w in _WORD.findall(text) if w not in STOP]


def reference_words(title: str) -> list[str]:
    """Words of a title of a classification. What stands in brackets counts: it tells apart what else is the same."""
    return words(title.lower() if title.isascii() else strip_accents(title))


def compact(stems: list[str]) -> str:
    """Stems as one string for exact comparison: `data analist` and `data-analisten` are the same."""
    return "".join(stems)


def forms(words: list[str]) -> tuple[str, str]:
    """A title as two strings for exact comparison: its stems, and the stem of its words written as one."""
    return compact([stem(w) for w in words]), stem("".join(words))


class Features(NamedTuple):
    """Hashed features of titles, each once a title; those of title i stand from ends[i] to ends[i + 1]."""

    hashed: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]


def features(titles: list[list[str]]) -> Features:
    """Hashed features of titles (lists of stems): their words, the character 3- to 6-grams of these with word ends, the
    word pairs, the first and the last word, the last letters."""
    lines = np.frombuffer("".join([" ".join(stems) + "\n" for stems in titles]).encode(), np.uint8)
    return hashed(lines, len(titles))


def hashed(lines: npt.NDArray[np.uint8], titles: int) -> Features:
    """Features of so many titles, each a line of bytes with a space between stems."""
    from overstap.ads._title_kernel import hash_titles  # here, so that importing loads no compiler

    found, ends = np.empty(_A_BYTE * len(lines), np.int32), np.zeros(titles + 1, np.int64)
    hash_titles(lines, np.full(SIZE, -1, np.int32), found, ends)
    return Features(found[: ends[-1]], ends)


def matrix(titles: list[list[str]]) -> sp.csr_matrix:
    """Titles (lists of stems) as a sparse matrix of ones, one row each, `SIZE` columns."""
    hashed, ends = features(titles)
    return sp.csr_matrix((np.ones(len(hashed), np.float32), hashed, ends), shape=(len(titles), SIZE))


def unit_rows(weighted: sp.csr_matrix) -> sp.csr_matrix:
    """Each row divided by its length; empty rows stay empty."""
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    length[length == 0] = 1
    return (sp.diags((1 / length).astype(np.float32)) @ weighted).tocsr()
