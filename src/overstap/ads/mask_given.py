"""Names that an e-mail address gives away: beside anna.de.proef@… stands "Anna de Proef" in the same text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from overstap.ads.mask_lists import DOUBTFUL, PARTICLES
from overstap.ads.mask_shapes import NAME, UP
from overstap.ads.names import NOT_NAMES, first_names

_APART = re.compile(r"[^\W\d_]+")
_CAPITALS = [sign for sign in map(chr, range(0x250)) if re.match(f"[{UP}]", sign)]
_PIECE = re.compile(r"[^ .]+")
_NO_PART = NOT_NAMES - PARTICLES  # "anna.de.proef": a particle is part of a name


def given_away(text: str, addresses: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where names stand in `text` that one of `addresses` spells, and first names of such an address alone."""
    keys, alone = set(), set()
    for address in addresses:
        pieces = _APART.findall(re.split(r"@|\(|\[| ", address)[0])
        parts = [part for part in map(_folded, pieces) if part]  # "²" is of a word to a pattern, and no letter
        if not parts or _NO_PART & set(parts):
            continue
        if len(parts) > 1:
            keys.add("".join(parts))
        if len(parts[0]) > 2 and parts[0] not in DOUBTFUL and first_names().get(parts[0]):
            alone.add(parts[0])
    letters, at = frozenset(word[0] for word in keys | alone), 0
    for upper in _beginning(letters).finditer(text) if letters else ():
        start = upper.start()
        if start < at:
            continue
        match = NAME.match(text, start)
        end = _spelled(text, start, match.end(), keys, alone) if match else 0
        if end:
            yield start, end
            at = end


@lru_cache(maxsize=1024)
def _beginning(letters: frozenset[str]) -> re.Pattern[str]:
    """Where a name may begin that one of these letters opens: few places, as the pattern of names is slow."""
    capitals = "".join(sign for sign in _CAPITALS if _folded(sign)[:1] in letters)
    # The capital first: they are rarer than what stands before them.
    return re.compile(rf"[{capitals}](?<![\w\[@#&].)" if capitals else r"(?!)")


def _spelled(text: str, start: int, stop: int, keys: set[str], alone: set[str]) -> int:
    """The end of the longest name from `start` on, before `stop`, that a key spells, in full or by its initial."""
    best, whole = 0, ""
    for n, piece in enumerate(_PIECE.finditer(text, start, stop)):
        word = _folded(piece[0])
        if n == 0:
            first, best = word, piece.end() if word in alone else 0
        whole += word
        if n and (whole in keys or first[0] + whole[len(first) :] in keys):
            best = piece.end()
    return best


def _folded(word: str) -> str:
    """Letters alone, in lower case, without accents."""
    if word.isascii() and word.isalpha():
        return word.lower()
    return "".join(sign for sign in unicodedata.normalize("NFD", word.lower()) if sign.isalpha())
