"""How likely an ad asks a skill to which one of its spans was linked: a logistic regression over what is known of both.

The tagger says whether the span asks anything, the linker whether a phrase means this skill; neither knows the other,
nor how a span of a real ad that no form covers differs from what they were trained on. The weights are fitted on
labelled sentences of ads by `scripts/train_judge.py`; see docs/model_card.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from overstap.semantic.spans import FoundSpans

Array = npt.NDArray[Any]

ARTEFACT = "judge.json"
FEATURES = ("span", "link", "first", "margin", "covered", "core")
"""Log odds of the span and of the link; whether the link is the span's first, and how far the second lies behind it;
the share of the span that forms of the lexicon cover; whether the skill is one of the core taxonomy."""
_WIDEST = 4.0
_LEAST = 1e-3


@dataclass(frozen=True, eq=False)
class Linked:
    """Links of spans, one entry each: the span, the skill's row in the taxonomy, the link's rank from 0, its
    probability and that of the next link, the share of the span that the lexicon covers, whether the skill is core."""

    found: FoundSpans
    skill: Array
    rank: Array
    score: Array
    second: Array
    covered: Array
    core: Array

    def features(self) -> Array:
        """float64[links, FEATURES]."""
        link, first = _odds(self.score), self.rank == 0
        margin = np.where(first, np.minimum(link - _odds(self.second), _WIDEST), 0.0)
        return np.stack([_odds(self.found.score), link, first, margin, self.covered, self.core], axis=1).astype(float)


@dataclass(frozen=True, eq=False)
class Judge:
    """`weights` float64[FEATURES] and the `level` of the log odds."""

    weights: Array
    level: float

    @classmethod
    def load(cls) -> Judge:
        """The bundled one."""
        return _bundled()

    def probability(self, linked: Linked) -> Array:
        """float32[links]: the probability that the ad asks the skill there."""
        odds = linked.features() @ self.weights + self.level
        return (1 / (1 + np.exp(-odds))).astype(np.float32)


def _odds(probability: Array) -> Array:
    return np.log(probability + _LEAST) - np.log1p(_LEAST - probability)


@lru_cache(maxsize=1)
def _bundled() -> Judge:
    stored = json.loads((files("overstap.semantic") / "data" / ARTEFACT).read_text(encoding="utf-8"))
    return Judge(np.array([stored["weights"][name] for name in FEATURES]), stored["level"])
