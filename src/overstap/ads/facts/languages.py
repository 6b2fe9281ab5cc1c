"""Languages that an ad asks the candidate to know, as ISO 639-1 codes.

The name of a language counts where the form itself says command of it ("fluent English", "Nederlandse taal") or where a
word for it (fluent, beheersing, in woord en geschrift) stands near in the same line, or in a list with another language
that counts ("Nederlandse, Engelse en Duitse taal"). What is only a plus or not required and what the parts on company,
benefits and application say does not count, nor do alternatives ("English, Polish or Dutch"): none of them is required.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.facts.forms import Mentions, Scene
from overstap.ads.facts.result import Entry, Fact, column, spans_of

FIELD = "languages_required"
KIND = "languages"
_NEAR, _LISTED = 45, 16
"""Characters between a language and the word for command of it, and between two languages of a list."""
_GAP = 24
_LINK = re.compile(
    r"-?(?:\s*[,/&+]|\s*(?:,\s*)?\b(?P<or>of|or|en/of|and/or)\b|\s*(?:,\s*)?\b(?P<and>[eé]n|and|als)\b)\s*(?:de\s+|the\s+|het\s+|in\s+(?:het\s+)?)?",
    re.IGNORECASE,
)
"""What stands between two languages of a list."""


class _Mention(NamedTuple):
    """A language or a word for command of one: `free` where it is only a plus or not needed, `gap` what follows a
    language up to `_GAP` bytes, where another mention stands in these."""

    row: int
    start: int
    end: int
    value: str
    line: int
    free: bool
    gap: str


def read_languages(scene: Scene) -> Fact:
    """The languages per ad, sorted, null where none are asked, with the words that ask them."""
    proof: list[Entry] = []
    for _, mentions in groupby(_mentions(scene), itemgetter(0)):
        proof += _asked(_required(list(mentions)))
    found: dict[int, set[str]] = defaultdict(set)
    for row, _, _, value in proof:
        found[row].update(value.rstrip("!").split())
    values = {row: sorted(codes) for row, codes in found.items()}
    return Fact({FIELD: column(values, scene.rows, pa.list_(pa.string()))}, {FIELD: spans_of(proof)})


def _mentions(scene: Scene) -> Iterator[_Mention]:
    """The mentions in texts that say command of a language, without words for command that stand near none."""
    mentions = scene.mentions(KIND)
    mentions = mentions.take(~scene.in_section(mentions.row, mentions.start, "company", "benefits", "application"))
    windows = scene.windows(mentions, 0, _GAP)
    row, start, end = mentions.row, mentions.start, mentions.end
    cue = mentions.value == "cue"
    beside = cue & _near_other(mentions, cue, windows.line)
    telling = np.zeros(scene.rows, np.bool_)
    telling[row[beside | np.char.endswith(mentions.value, "!")]] = True
    followed = np.zeros(len(row), np.bool_)
    followed[:-1] = ~cue[:-1] & (row[1:] == row[:-1]) & (start[1:] - end[:-1] <= _GAP)
    keep = np.flatnonzero(telling[row] & (beside | ~cue))
    free = ~scene.holds(row[keep], start[keep])
    places = (column[keep].tolist() for column in (windows.low, windows.high, followed))
    gaps = [
        windows.raw[low:high].tobytes().decode()[stop - begin :] if near else ""
        for low, high, near, begin, stop in zip(*places, start[keep].tolist(), end[keep].tolist(), strict=True)
    ]
    columns = (column[keep].tolist() for column in (row, start, end, mentions.value, windows.line))
    return map(_Mention._make, zip(*columns, free.tolist(), gaps, strict=True))


def _near_other(mentions: Mentions, cue: npt.NDArray[np.bool_], line: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which mentions stand near a language in its line, by the last language before each and the first behind."""
    at, n = np.arange(len(cue)), len(cue)
    before = np.maximum.accumulate(np.where(cue, -1, at))
    behind = np.minimum.accumulate(np.where(cue, n, at)[::-1])[::-1]
    near = np.zeros(n, np.bool_)
    for other in (before, behind):
        here = np.flatnonzero((other >= 0) & (other < n))
        there = other[here]
        gap = np.maximum(mentions.start[here] - mentions.end[there], mentions.start[there] - mentions.end[here])
        near[here] |= (mentions.row[here] == mentions.row[there]) & (line[here] == line[there]) & (gap <= _NEAR)
    return near


def _required(mentions: list[_Mention]) -> list[_Mention]:
    """The mentions of one ad that are required: no alternatives, nor what is free, nor the rest of a list of which they
    are the end ("German, Dutch or French is a plus").

    An adjective counts where a list joins it to a language ("Nederlandse en Engelse taal").
    """
    kept: list[_Mention] = []
    following: _Mention | None = None
    out, listed = False, False  # whether the language behind is left out, and with it what a comma joins to it
    for mention in reversed(mentions):
        if mention.value == "cue":
            if not mention.free:
                kept.append(mention)
            continue
        link = None if following is None else _LINK.fullmatch(mention.gap[: following.start - mention.end])
        if mention.value.endswith("?"):
            if following is None or link is None:
                following = None
                continue
            value = mention.value.rstrip("?") + ("!" if following.value.endswith("!") else "")
            mention = mention._replace(value=value)
        if link is not None and link["or"] and following in kept:
            kept.remove(following)
        joined = link is not None and (link["or"] or link["and"])
        if link is None or joined:
            listed = bool(link is not None and (link["or"] or (mention.free and out)))
        out = mention.free or listed
        following = mention
        if not out:
            kept.append(mention)
    return kept[::-1]


def _asked(mentions: list[_Mention]) -> list[Entry]:
    """The languages among the mentions of one ad that count."""
    kept: list[_Mention] = []
    for i, one in enumerate(mentions):
        if one.value == "cue":
            continue
        listed = bool(kept) and kept[-1].line == one.line and 0 <= one.start - kept[-1].end <= _LISTED
        if not listed and not one.value.endswith("!"):
            others = [o for o in mentions[max(0, i - 4) : i + 5] if o.line == one.line and o.start != one.start]
            near = any(o.value == "cue" and max(one.start - o.end, o.start - one.end) <= _NEAR for o in others)
            if not near and not any(o.value.endswith("!") and 0 <= o.start - one.end <= _LISTED for o in others):
                continue
        kept.append(one)
    return [one[:4] for one in kept]
