"""Texts of the pages themselves (forms, headings, notices), one catalogue per language beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from overstap.errors import ContractError, nearest


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
    text = files("overstap.web").joinpath(f"locale/{lang}.yaml").read_text(encoding="utf-8")
    return dict(_flat(yaml.safe_load(text), ""))


def _flat(node: Any, prefix: str) -> list[tuple[str, str]]:
    if not isinstance(node, dict):
        return [(prefix, str(node))]
    return [pair for key, value in node.items() for pair in _flat(value, f"{prefix}.{key}" if prefix else str(key))]
