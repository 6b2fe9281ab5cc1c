"""Languages that an ad asks the candidate to know, as ISO 639-1 codes.

The name of a language counts where the form itself says command of it ("fluent English", "Nederlandse taal") or where a
word for it (fluent, beheersing, in woord en geschrift) stands near in the same line, or in a list with another language
that counts ("Nederlandse, Engelse en Duitse taal"). What is only a plus or not required and what the parts on company,
benefits and application say does not count, nor do alternatives ("English, Polish or Dutch"): none of them is required.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa

from overstap.ads.facts.forms import Scene
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


def read_languages(scene: Scene) -> Fact:
    """The languages per ad, sorted, null where none are asked, with the words that ask them."""
    mentions = scene.mentions(KIND)
    mentions = mentions.take(~scene.in_section(mentions.row, mentions.start, "company", "benefits", "application"))
    # Only texts that name a language, and say command of one somewhere, can ask one.
    cue = mentions.value == "cue"
    named, said = np.zeros(scene.rows, np.bool_), np.zeros(scene.rows, np.bool_)
    named[mentions.row[~cue]] = True
    said[mentions.row[cue | np.char.endswith(mentions.value, "!")]] = True
    mentions = mentions.take((named & said)[mentions.row])
    holds = scene.holds(mentions.row, mentions.start)
    open_ = set(zip(mentions.row[~holds].tolist(), mentions.start[~holds].tolist(), strict=True))
    rows: dict[int, list[Entry]] = defaultdict(list)
    lines: dict[tuple[int, int], int] = {}
    windows = scene.windows(mentions, 0, _GAP)
    for entry, line in zip(mentions.entries, windows.line.tolist(), strict=True):
        rows[entry[0]].append(entry)
        lines[entry[0], entry[1]] = line
    # What stands between a language and the next, where that is near.
    near = (mentions.row[1:] == mentions.row[:-1]) & (mentions.start[1:] - mentions.end[:-1] <= _GAP)
    at = np.flatnonzero(near & (mentions.value[:-1] != "cue"))
    places = (column[at].tolist() for column in (mentions.row, mentions.start, mentions.end, windows.low, windows.high))
    gaps: dict[tuple[int, int], str] = {}
    for row, start, end, low, high in zip(*places, strict=True):
        gaps[row, end] = windows.raw[low:high].tobytes().decode()[end - start :]
    found: dict[int, set[str]] = defaultdict(set)
    proof: list[Entry] = []
    for entries in rows.values():
        proof += _asked(_required(entries, gaps, open_), lines)
    for row, _, _, value in proof:
        found[row].update(value.rstrip("!").split())
    values = {row: sorted(codes) for row, codes in found.items()}
    return Fact({FIELD: column(values, scene.rows, pa.list_(pa.string()))}, {FIELD: spans_of(proof)})


def _required(
    entries: list[Entry], gaps: Mapping[tuple[int, int], str], open_: Collection[tuple[int, int]]
) -> list[Entry]:
    """The mentions of one ad that are required: no alternatives, nor what is only a plus or not needed (`open_`: row
    and start), nor the rest of a list of which they are the end ("German, Dutch or French is a plus").

    An adjective counts where a list joins it to a language ("Nederlandse en Engelse taal").
    """
    kept: list[Entry] = []
    following: Entry | None = None
    out, listed = False, False  # whether the language behind is left out, and with it what a comma joins to it
    for row, start, end, value in reversed(entries):
        if value == "cue":
            if (row, start) not in open_:
                kept.append((row, start, end, value))
            continue
        link = None if following is None else _LINK.fullmatch(gaps.get((row, end), "")[: following[1] - end])
        if value.endswith("?"):
            if following is None or link is None:
                following = None
                continue
            value = value.rstrip("?") + ("!" if following[3].endswith("!") else "")
        if link is not None and link["or"] and following in kept:
            kept.remove(following)
        free = (row, start) in open_
        joined = link is not None and (link["or"] or link["and"])
        if link is None or joined:
            listed = bool(link is not None and (link["or"] or (free and out)))
        out = free or listed
        following = (row, start, end, value)
        if not out:
            kept.append(following)
    return kept[::-1]


def _asked(entries: list[Entry], line: dict[tuple[int, int], int]) -> list[Entry]:
    """The languages among the mentions of one ad that count."""
    kept: list[Entry] = []
    for i, (row, start, end, value) in enumerate(entries):
        if value == "cue":
            continue
        here = line[row, start]
        listed = bool(kept) and line[row, kept[-1][1]] == here and 0 <= start - kept[-1][2] <= _LISTED
        if not listed and not value.endswith("!"):
            others = [o for o in entries[max(0, i - 4) : i + 5] if line[row, o[1]] == here and o[1] != start]
            near = any(o[3] == "cue" and max(start - o[2], o[1] - end) <= _NEAR for o in others)
            if not near and not any(o[3].endswith("!") and 0 <= o[1] - end <= _LISTED for o in others):
                continue
        kept.append((row, start, end, value))
    return kept
