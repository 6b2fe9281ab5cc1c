"""Names of what is wider than a Dutch town or lies elsewhere: Dutch regions, countries, states, well-known cities."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from overstap.ads.titles import strip_accents

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NO_COUNTRY = frozenset({"NL", "EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # of the territories of CLDR


def plain(text: str) -> str:
    """Lower case, no accents, words apart by one space."""
    return " ".join(_NOT_WORD.sub(" ", strip_accents(text).replace("'s-", "s ").replace("'", "")).split())


@dataclass(frozen=True)
class WiderPlaces:
    """Plain names, by what they tell of a place that is written with them."""

    home: frozenset[str]
    """Names of the Netherlands, which settle it."""
    regions: frozenset[str]
    """Dutch regions, and what feeds write for towns."""
    abroad: frozenset[str]
    """Countries, and states and provinces of other countries: behind a name they settle it ("Haarlem, New York")."""
    cities: frozenset[str]
    """Cities of other countries, which say it where nothing else does."""
    state: re.Pattern[str]
    """A code of an American state behind a comma, in capitals."""


@lru_cache(maxsize=1)
def wider_places() -> WiderPlaces:
    """The bundled names with those of all countries in Dutch and English (Unicode CLDR), read at the first call."""
    from babel import Locale

    names: dict[tuple[bool, str], set[str]] = {}
    text = files("overstap.reference").joinpath("data/wider_places.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        names.setdefault((row["country"] == "NL", row["kind"]), set()).update(row["names"].split(" | "))
    countries = {
        plain(name)
        for language in ("nl", "en")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    codes = "|".join(sorted(names[False, "code"]))
    return WiderPlaces(
        frozenset(names[True, "area"]),
        frozenset(names[True, "region"]),
        frozenset(names[False, "area"] | countries),
        frozenset(names[False, "city"]),
        re.compile(rf",\s*(?:{codes})(?:\s+\d{{5}})?\s*(?:,|$)"),
    )
