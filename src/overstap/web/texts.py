"""Texts of the pages themselves (forms, headings, notices), one catalogue per language beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from overstap.errors import ContractError, nearest
from overstap.publish.labels import read_texts


class Texts:
    """The page texts of one language (nl or en); call it with a dotted key and the text's fields."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._texts = page_texts(lang)

    def __call__(self, key: str, **fields: object) -> str:
        """The text at `key`, filled in. Raises ContractError where there is none."""
        try:
            return self._texts[key].format(**fields)
        except KeyError as error:
            raise ContractError(
                f"No page text for '{key}' with field {error} in web/locale/{self.lang}.yaml.",
                fix=nearest(key, self._texts),
            ) from error

    def has(self, key: str) -> bool:
        """Whether there is a text at `key`."""
        return key in self._texts


@lru_cache(maxsize=2)
def page_texts(lang: str) -> Mapping[str, str]:
    """Every page text of a language by its dotted key."""
    return read_texts("overstap.web", lang)
