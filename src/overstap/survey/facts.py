"""Columns that hold no question: who and when, in the words of each program; what is personal is never kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from overstap.survey.headings import Column

_TIMING = re.compile(
    r"(?:group|question|groep|vraag)\s?time\s?:?\s*.*|(?:grouptime|questiontime)\d+.*"
    r"|.*_(?:first click|last click|page submit|click count)|(?:points|punten|feedback) - .+",
    re.IGNORECASE,
)
WHY: dict[str, str] = {
    "id": "number of the answer in the export; respondents are numbered anew",
    "submitted": "when the answer was sent; tells whether it is complete",
    "lastpage": "last page seen; tells whether the answer is complete",
    "language": "language of the answer",
    "seed": "seed of the order in which questions were shown",
    "started": "time of the answer; not kept",
    "address": "an address: used to find answers from one place, never stored",
    "personal": "personal data: never stored",
    "place": "the place of the respondent: never stored",
    "finished": "tells whether the answer is complete",
    "test": "tells previews and tests apart",
    "channel": "how the respondent was reached; not kept",
    "timing": "time taken; not kept",
    "order": "the order in which answers were shown; not kept",
    "weight": "weight given with the file",
}


def fact_of(heading: str) -> str:
    """What a column with this heading tells of the answer as a whole; empty where it holds a question."""
    name = " ".join(re.sub(r"\s*\?$", "", heading.strip().strip(":*")).lower().split())
    name = re.sub(r"^([a-z]+)\._\.$", r"\1", name)
    if head := re.fullmatch(r"([a-z]+)\. (.+)", name):  # LimeSurvey: `submitdate. Date submitted`
        one, other = _by_name().get(head[1], ""), _by_name().get(head[2], "")
        return one if one and (other or head[1] in _SURE) else ""
    return _by_name().get(name) or ("timing" if _TIMING.fullmatch(name) else "")


_SURE = frozenset(
    ("submitdate", "startlanguage", "lastpage", "datestamp", "startdate", "ipaddr", "refurl", "seed", "token", "id")
)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    text = files("overstap.survey").joinpath("data/facts.yaml").read_text(encoding="utf-8")
    return {str(name): fact for fact, names in yaml.safe_load(text).items() for name in names}


_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:(?:wat is|what is|enter|vul in:?) )?(?:uw|je|jouw|your) (?:volledige |full |first |last |voor|achter)?"
    r"(?:naam|name|e-?mail\s?-?(?:adres|address)?|telefoon(?:nummer)?|(?:tele)?phone(?: number)?|adres|address)"
    r"\b.{0,25}",
    re.IGNORECASE,
)


def fact_by_content(column: Column, answers: Sequence[str]) -> str:
    """Whether a column holds addresses or asks a name, whatever its heading; empty where it does not."""
    given = [answer.strip() for answer in answers if answer.strip()]
    if not given:
        return ""
    if sum(1 for a in given if _ADDRESS.fullmatch(a)) > 0.8 * len(given):
        return "address"
    if sum(1 for a in given if _MAIL.fullmatch(a)) > 0.5 * len(given):
        return "address"
    return "personal" if _ASKS.fullmatch((column.item_text or column.text or column.heading).strip(" ?:*.")) else ""
