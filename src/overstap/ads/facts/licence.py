"""Driving licence asked, by category: "rijbewijs B", "C/CE rijbewijs", "full UK driving licence".

Where only "rijbewijs" is said it is B. What is only a plus or not needed does not count. Of several categories the
first named holds: it is the least that serves.
"""

from __future__ import annotations

import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.result import Fact, choose, column, spans_of

FIELD, KIND = "driving_licence", "licence"


def read_licence(scene: Scene) -> Fact:
    """The category per ad, null where none is asked, with the words that ask it."""
    mentions = scene.mentions(KIND)
    chosen = choose(mentions.take(scene.holds(mentions.row, mentions.start)).entries, key=lambda value: 0)
    values = {row: entry[3] for row, entry in chosen.items()}
    return Fact({FIELD: column(values, scene.rows, pa.string())}, {FIELD: spans_of(chosen.values())})
