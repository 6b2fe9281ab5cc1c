"""Whether the work can be done from home: yes (fully), hybrid (partly) or no.

Where an ad says several, "fully remote" holds before hybrid, hybrid before a bare "remote", that before no; work on
site that is said beside work from home is no more than the rest of the week.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Fact, choose, column, spans_of

FIELD = "remote"
_ORDER = ("no", "weak:yes", "hybrid", "yes")
_HEAD = 200
"""Characters from the start of a text in which "Remote" and "Onsite" with a capital stand in a header."""


def read_remote(scene: Scene) -> Fact:
    """yes, hybrid or no per ad, null where nothing is said, with the words that say so."""
    mentions = scene.mentions(FIELD)
    denied = scene.zones.negated.covers(mentions.row, mentions.start) & (mentions.value != "no")
    headed, head = np.char.startswith(mentions.value, "head:"), mentions.start < _HEAD
    mentions = mentions.take(~denied & (~headed | head))
    entries = [(*entry[:3], entry[3].removeprefix("head:")) for entry in mentions.entries]
    chosen = choose(entries, key=_ORDER.index)
    values = {row: entry[3].removeprefix("weak:") for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.string())}, {FIELD: spans_of(chosen.values())})
