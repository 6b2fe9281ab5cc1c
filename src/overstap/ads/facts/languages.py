"""Languages that an ad asks the candidate to know, as ISO 639-1 codes.

The name of a language counts where the form itself says command of it ("fluent English", "Nederlandse taal") or where a
word for it (fluent, beheersing, in woord en geschrift) stands near in the same line, or another language that counts.
What is only a plus, alternatives ("Dutch or English") and the parts on company, benefits and application do not count.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Entry, Fact, column, spans_of

FIELD = "languages_required"
KIND = "languages"
_NEAR, _LISTED = 45, 16
"""Characters between a language and the word for command of it, and between two languages of a list."""


def read_languages(scene: Scene) -> Fact:
    """The languages per ad, sorted, null where none are asked, with the words that ask them."""
    mentions = scene.mentions(KIND)
    wanted = scene.holds(mentions.row, mentions.start)
    wanted &= ~scene.in_section(mentions.row, mentions.start, "company", "benefits", "application")
    rows: dict[int, list[Entry]] = defaultdict(list)
    mentions = mentions.take(wanted)
    lines: dict[tuple[int, int], int] = {}
    for entry, line in zip(mentions.entries, scene.lines(mentions).tolist(), strict=True):
        rows[entry[0]].append(entry)
        lines[entry[0], entry[1]] = line
    found: dict[int, set[str]] = defaultdict(set)
    proof: list[Entry] = []
    for entries in rows.values():
        proof += _asked(entries, lines)
    for row, _, _, value in proof:
        found[row].update(value.rstrip("!").split())
    values = {row: sorted(codes) for row, codes in found.items()}
    return Fact({FIELD: column(values, scene.rows, pa.list_(pa.string()))}, {FIELD: spans_of(proof)})


def _asked(entries: list[Entry], line: dict[tuple[int, int], int]) -> list[Entry]:
    """The languages among the mentions of one ad that count."""
    kept: list[Entry] = []
    for i, (row, start, end, value) in enumerate(entries):
        if value == "cue":
            continue
        here = line[row, start]
        others = [o for o in entries[max(0, i - 4) : i + 5] if line[row, o[1]] == here and o[1] != start]
        near = any(o[3] == "cue" and max(start - o[2], o[1] - end) <= _NEAR for o in others)
        listed = bool(kept) and line[row, kept[-1][1]] == here and 0 <= start - kept[-1][2] <= _LISTED
        follows = any(o[3].endswith("!") and 0 <= o[1] - end <= _LISTED for o in others)
        if value.endswith("!") or near or listed or follows:
            kept.append((row, start, end, value))
    return kept
