"""The words that a register may use, as the tables hold them; anything else is refused with the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

from overstap.errors import InputError, nearest

DATA = "overstap.reference"
NATIONAL = "national"


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    """By field: every word in plain form, with what the tables hold for it."""
    text = files(DATA).joinpath("data/initiatives/words.yaml").read_text(encoding="utf-8")
    return {
        field: {plain(word): key for key, aliases in values.items() for word in (key, *aliases)}
        for field, values in yaml.safe_load(text).items()
    }


def plain(word: str) -> str:
    """A word as it is compared: lower case, one space for spaces, hyphens and underscores."""
    return " ".join(word.lower().replace("_", " ").replace("-", " ").split())


def values(field: str) -> list[str]:
    """What the tables may hold for a field, in order."""
    return list(dict.fromkeys(_words()[field].values()))


def known(field: str, word: str) -> str | None:
    """What the tables hold for `word`; None where the field has no such word."""
    return _words()[field].get(plain(word))


def require(field: str, word: str, where: str) -> str:
    """As `known`. Raises InputError with the nearest word where there is none; `where` names file and entry."""
    found = known(field, word)
    if found is None:
        hint = nearest(plain(word), _words()[field])
        choose = f"Choose one of: {', '.join(values(field))}."
        raise InputError(f"{where}: '{word}' is no {field.replace('_', ' ')}.", why=hint, fix=choose)
    return found
