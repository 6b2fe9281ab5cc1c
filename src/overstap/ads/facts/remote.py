"""Whether the work can be done from home: yes (fully), hybrid (partly) or no.

Where an ad says several, "fully remote" holds before hybrid, hybrid before a bare "remote", that before no; work on
site that is said beside work from home is no more than the rest of the week.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Fact, choose, column, spans_of
from overstap.ads.facts.windows import cut, kept

FIELD = "remote"
_ORDER = ("no", "weak:yes", "hybrid", "yes")
_HEAD = 200
"""Characters from the start of a text in which "Remote" and "Onsite" with a capital stand in a header."""
_AFTER = 60
_DENIED = re.compile(
    r"[^.;,\n]{0,40}?\b(?:niet|not|geen|no)\s+(?:mogelijk|toegestaan|aan\s+de\s+orde|possible|allowed|an\s+option|optie)\b",
    re.IGNORECASE,
)


def read_remote(scene: Scene) -> Fact:
    """yes, hybrid or no per ad, null where nothing is said, with the words that say so."""
    mentions = scene.mentions(FIELD)
    denied = scene.zones.negated.covers(mentions.row, mentions.start) & (mentions.value != "no")
    headed, head = np.char.startswith(mentions.value, "head:"), mentions.start < _HEAD
    mentions = mentions.take(~denied & (~headed | head))
    denials = cut(scene.texts, mentions.row, mentions.end, mentions.end, 0, _AFTER).read(_denied)
    no = {(row, end) for row, end, _, _ in denials}
    entries = [
        (row, start, end, "no" if (row, end) in no else value.removeprefix("head:"))
        for row, start, end, value in mentions.entries
    ]
    chosen = choose(entries, key=_ORDER.index)
    values = {row: entry[3].removeprefix("weak:") for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.string())}, {FIELD: spans_of(chosen.values())})


@kept
def _denied(window: bytes, at: int) -> tuple[bool, int, int] | None:
    """Whether what follows a mention says that it cannot be."""
    return (True, 0, 0) if _DENIED.match(window.decode()) else None
