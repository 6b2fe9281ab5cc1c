"""Runs of words that are no terms but names: of firms, of places, of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from overstap.ads.dedupe import normalise_company
from overstap.ads.lexicon import Array
from overstap.ads.names import first_names
from overstap.ads.place import bundled_places
from overstap.ads.wider_places import plain, wider_places

_FIRM = re.compile(
    r"(?:^|\s)(?:b\.?v|n\.?v|v\.?o\.?f|bvba|vzw|ltd|limited|inc|incorporated|llc|llp|plc|gmbh|corp|holding)\.?$"
    r"|^(?:stichting|gemeente|co[oö]peratie)\s",
    re.IGNORECASE,
)
_STATE = re.compile(r"\s*[,–-]\s*[A-Z]{2}$")  # "San Francisco - CA"
_NEAR = frozenset({"regio", "omgeving", "provincie", "gemeente", "stad", "region", "area", "greater", "city", "e o"})
_WITHIN = frozenset({"van", "de", "den", "der", "ten", "ter", "te", "el", "al", "von", "di", "da"})  # within a surname
_LEAST_OWN = 0.2  # share of its vacancies whose own employer bears it, from which it is the name of a firm
_LEAST_ASKED = 0.5  # share of its vacancies that ask it, from which a first name alone is a product


def are_names(
    texts: Sequence[str], asking: Array, of: Array, vacancy: Array, employer: Array, employers: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Per phrase, as it stands in an ad, whether it names a firm, a place or a person.

    `asking`: share of its vacancies where it is asked (0–1); `of` and `vacancy`: pairs of a phrase and a vacancy, in
    order of the phrase; `employer`: per vacancy a place in `employers`, names as `normalise_company` gives them.
    """
    keys = normalise_company(pa.array(texts, pa.string())).to_pylist()
    bounds = np.searchsorted(of, np.arange(len(texts) + 1))
    found = np.zeros(len(texts), np.bool_)
    for i, (text, (start, end)) in enumerate(zip(texts, pairwise(bounds.tolist()), strict=True)):
        found[i] = (
            _FIRM.search(text) is not None
            or _is_place(text)
            or _is_person(text, float(asking[i]))
            or _borne(keys[i], employer[vacancy[start:end]], employers) >= _LEAST_OWN
        )
    return found


def _borne(key: str | None, employer: Array, employers: Sequence[str | None]) -> float:
    """The share of a phrase's vacancies in whose employer's name it stands as whole words."""
    if not key or not len(employer):
        return 0.0
    which, n = np.unique(employer, return_counts=True)
    bears = [f" {key} " in f" {employers[w] or ''} " for w in which.tolist()]
    return float(n[bears].sum() / n.sum())


def _is_place(text: str) -> bool:
    """Whether a text, its first and last word with a capital, is a place of the gazetteer, a region or a country."""
    words = [word for word in _STATE.sub("", text).split() if plain(word) not in _NEAR]
    return bool(words) and _capital(words[0]) and _capital(words[-1]) and plain(" ".join(words)) in _places()


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    places, wider = bundled_places(), wider_places()
    return (
        frozenset(places.towns) | frozenset(places.provinces) | wider.home | wider.regions | wider.abroad | wider.cities
    )


def _is_person(text: str, asking: float) -> bool:
    """Whether a text is a first name, or begins with one that names follow. A first name that ads ask is a product."""
    first, *rest = text.split()
    if not _capital(first) or not first_names().get(first.casefold()):
        return False
    if not rest:
        return asking < _LEAST_ASKED
    return _capital(rest[-1]) and all(_capital(word) or word in _WITHIN for word in rest) and asking < _LEAST_ASKED


def _capital(word: str) -> bool:
    """A capital and then small letters, or parts so ("Capelle-aan"): no abbreviation, which may be a term."""
    return (word[:1].isupper() and not word[1:2].isupper()) or (word[:1] in "'’" and any(c.isupper() for c in word))
