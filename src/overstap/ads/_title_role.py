"""Of a title in parts ("Klaviyo | Software engineer | Boston, MA") the part that names a role, if any does.

Some feeds put firm, role, place and form of work in one field. A part names a role where it holds a known title of
several words, the head of titles ("-monteur", "engineer") or a word that is a known title as it is spelled: a firm
called Compose is no composer. Of several parts that do, the role goes before the firm: "Receptionist | Hotel Baker".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from overstap.ads._title_heads import singular
from overstap.ads._title_index import TitleIndex
from overstap.ads.titles import BARS

_WORD, _WHOLE, _MANY_WORDS, _FIRM = 1, 1, 2, -2
"""How surely a part names a role: by a word of it, more so where it is nothing else, or where a known title of several
words stands in it (firms are called Pilot or Baker, hardly Software Engineer); less so where it reads as a firm."""
_SIGNS = re.compile(r"\s+-+\s+|\s*[–—]+\s*|[;:,]\s+(?=[A-Z\d])|\s*[(\[](?=[A-Z])|[)\]]\s*")
_PARTED = re.compile(r"[|•·¦~»–—;:,()\[\]]|\s-")  # without any of these no title has parts
_ROLE = re.compile(
    r"\w (?:lead|trainee|apprentice)\b|\w(?:ist|ician|grapher|kundige|medewerk\w*)s?\b|\b(?:fellow|locum|bms)\b",
    re.IGNORECASE,
)
"""Words of a level, which may be left out of what is coded, and endings of roles whatever stands before them."""
_EMPLOYED = re.compile(r"\s(?:bij|at|@)\s")
_ORGANISATION = re.compile(
    r"^\s*(?:de|het|the|restaurant|hotel|huize|huis|villa|stichting|caf[eé]|bistro|brasserie|bakkerij|slagerij|gemeente|"
    r"zorggroep|groep|firma|familie|museum|vereniging|co[oö]peratie|coop)\s+\w|"
    r"\b(?:b\.?v|n\.?v|v\.?o\.?f|ltd|limited|inc|llc|llp|plc|gmbh|group|groep|holding|& co|& zn|& zonen|& sons)\.?\s*$",
    re.IGNORECASE,
)
"""How names of organisations begin, and their legal forms."""
_ADDRESS = re.compile(r"\b(?:https?:/+|www\.)\S*", re.IGNORECASE)


def without_addresses(title: str) -> str:
    """The title without addresses of web pages."""
    return _ADDRESS.sub(" ", title) if "www." in title or "http" in title else title


def role_of(title: str, words_of: Callable[[str], list[str]], index: TitleIndex) -> str | None:
    """The part of a title between bars that names a role, the first of those that do so surest; a title without bars
    as it is. Null where a title of several parts names no role in any."""

    if _PARTED.search(title) is None:
        return title
    parts = [part for part in BARS.split(title) if part.strip()]
    if len(parts) > 1:
        sure = [_names_role(words_of(part), part, index) for part in parts]
        return parts[sure.index(max(sure))] if max(sure) else None
    parts = [part for part in _SIGNS.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    for test in (_has_word, _names_role):  # what is quick to tell is asked first, of the whole before its parts
        if any(test(words_of(part), part, index) for part in (title, *parts)):
            return title
    return None


def _names_role(words: list[str], part: str, index: TitleIndex) -> int:
    """How surely a part names a role; 0 where it names none."""
    known = index.known_part(words)
    if known is None and not _has_word(words, part, index):
        return 0
    size = len(known or ())
    sure = _WORD + _WHOLE * (len(words) == max(size, 1)) + _MANY_WORDS * (size > 1)
    return max(0, sure + _FIRM * bool(_ORGANISATION.search(_EMPLOYED.split(part)[0])))


def _has_word(words: list[str], part: str, index: TitleIndex) -> bool:
    """Whether a word tells of a role by itself."""
    by_word = not index.roles.isdisjoint(form for word in words for form in singular(word))
    return by_word or _ROLE.search(part) is not None
