"""Of a title in parts ("Klaviyo | Software engineer | Boston, MA") the part that names a role, if any does.

Some feeds put firm, role, place and form of work in one field. A part names a role where it holds a known title of
several words, the head of titles ("-monteur", "engineer") or a word that is a known title as it is spelled: a firm
called Compose is no composer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from overstap.ads._title_heads import singular
from overstap.ads._title_index import TitleIndex
from overstap.ads.titles import BARS

_MANY_WORDS, _ONE_WORD, _NOTHING = 2, 1, 0
"""How surely a part names a role: firms are called Pilot or Baker, hardly Software Engineer."""
_SIGNS = re.compile(r"\s+-+\s+|\s*[–—]+\s*|[;:,]\s+(?=[A-Z\d])|\s*[(\[](?=[A-Z])|[)\]]\s*")
_ROLE = re.compile(
    r"\w (?:lead|trainee|apprentice)\b|\w(?:ist|ician|grapher|kundige|medewerk\w*)s?\b|\b(?:fellow|locum|bms)\b",
    re.IGNORECASE,
)
"""Words of a level, which may be left out of what is coded, and endings of roles whatever stands before them."""
_ADDRESS = re.compile(r"\b(?:https?:/+|www\.)\S*", re.IGNORECASE)


def without_addresses(title: str) -> str:
    """The title without addresses of web pages."""
    return _ADDRESS.sub(" ", title) if "www." in title or "http" in title else title


def role_of(title: str, words_of: Callable[[str], list[str]], index: TitleIndex) -> str | None:
    """The part of a title between bars that names a role, the first of those that do so surest; a title without bars
    as it is. Null where a title of several parts names no role in any."""

    def sure(part: str) -> int:
        return _names_role(words_of(part), part, index)

    parts = [part for part in BARS.split(title) if part.strip()]
    if len(parts) > 1:
        best = max(parts, key=sure)
        return best if sure(best) else None
    parts = [part for part in _SIGNS.split(title) if part.strip()]
    return title if len(parts) < 2 or any(map(sure, (title, *parts))) else None


def _names_role(words: list[str], part: str, index: TitleIndex) -> int:
    if len(words) > 1 and index.known_part(words) is not None:
        return _MANY_WORDS
    by_word = not index.roles.isdisjoint(form for word in words for form in singular(word))
    return _ONE_WORD if by_word or index.known_part(words) is not None or _ROLE.search(part) else _NOTHING
