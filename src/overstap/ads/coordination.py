"""Mentions that their sentence takes back: those of a list of which the first is denied, and the roles of colleagues.

"Geen Python, Java of SQL" denies three: what the cue reaches, and from there on each mention that is joined to one
before it by commas and "of", "en", "noch". In "je werkt samen met de data-analist" the skill of that name is asked of
someone else.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import ScanResult
from overstap.ads.section_tables import ROLE
from overstap.ads.sections import Zones
from overstap.ads.spans import Spans, keys, ordered

_Bools = npt.NDArray[np.bool_]

_LONGEST = 40
"""Characters between two mentions of a list."""
_GAP = re.compile(
    r"[-\s]*(?:(?:kennis|ervaring|vaardigheden|skills?|experience|knowledge|expertise|code)\b)?\s*(?P<comma>[,/])?\s*"
    r"(?:(?P<either>en/of|and/or|of|or|nor|noch)|(?P<also>en|and|&))?\s*"
    r"(?:(?:ook|van|met|in|with|any|enige|geen|no|kennis van|ervaring met|knowledge of|experience with)\s+)*"
)
_NEW = re.compile(r"\s*(?:wel|is|zijn|are|heb|moet|kun|ken|must|will)\b")
"""Behind "…, SQL en Java": what begins a clause of its own rather than ends the list."""


def taken_back(
    texts: pa.Array, row: Any, start: Any, end: Any, zones: Zones, roles: tuple[ScanResult, FormIndex] | None = None
) -> _Bools:
    """Whether what each mention (ordered by row and start) names is denied, or asked of a colleague.

    `roles`: a scan that holds nouns of roles, and its index; without it all that is said of colleagues is theirs.
    """
    back = denied(texts, row, start, end, zones.negated)
    if roles is None:
        return back | zones.colleagues.covers(row, start)
    return back | named_as_colleague(*roles, row, start, end, zones.colleagues)


def denied(texts: pa.Array, row: Any, start: Any, end: Any, negated: Spans) -> _Bools:
    """Whether each mention (ordered by row and start) is denied, by a cue or as part of a list that begins so."""
    inside = negated.covers(row, start)
    text, at, stop = "", -1, 0
    for first in np.flatnonzero(inside).tolist():
        if row[first] != at:
            at = int(row[first])
            text, stop = texts[at].as_py(), int(np.searchsorted(row, at, side="right"))
        inside[first : first + _listed(text, start, end, first, stop)] = True
    return inside


def denied_spans(texts: pa.Array, mentions: pa.Table, negated: Spans) -> Spans:
    """What is said not to be needed, with the rest of the lists of `mentions` (by row and start) that it is in."""
    row, start, end = (np.asarray(mentions[name]) for name in ("row", "start", "end"))
    more = denied(texts, row, start, end, negated) & ~negated.covers(row, start)
    return ordered(negated, Spans(row[more], start[more], end[more]))


def _listed(text: str, start: Any, end: Any, first: int, stop: int) -> int:
    """How many of the mentions from `first` to `stop`, in order, are one list with the first; a list ends in a
    conjunction."""
    listed, commas = 1, 0
    for at in range(first + 1, stop):
        between = text[end[at - 1] : start[at]]
        if between == " " or len(between) > _LONGEST:
            break
        gap = _GAP.fullmatch(between.lower())
        if gap is None or not (gap["comma"] or gap["either"] or gap["also"]):
            break
        if gap["either"] or (gap["also"] and _joins(gap["comma"], commas, text[end[at] : end[at] + 12])):
            listed, commas = at + 1 - first, 0
        elif gap["also"]:
            break
        else:
            commas += 1
    return listed


def _joins(comma: str | None, commas: int, behind: str) -> bool:
    """Whether "en" or "and" ends a list rather than begins a clause: "geen Python, en Java is een must"."""
    return (comma is None or commas > 0) and not _NEW.match(behind.lower())


def named_as_colleague(
    found: ScanResult, index: FormIndex, row: Any, start: Any, end: Any, colleagues: Spans
) -> _Bools:
    """Whether each mention is the role of a colleague: it stands where these are named and holds the noun of a role,
    or stands right before one ("Java developers")."""
    near = colleagues.covers(row, start)
    at = np.flatnonzero(found.kind == index.kinds.index(ROLE))
    if not len(at) or not near.any():
        return np.zeros(len(row), np.bool_)
    noun = np.searchsorted(keys(found.row[at], found.end[at]), keys(row, start), side="right")
    nearest = at[np.minimum(noun, len(at) - 1)]
    role = (noun < len(at)) & (found.row[nearest] == row) & (found.start[nearest] - 1 <= end)
    result: _Bools = near & role
    return result
