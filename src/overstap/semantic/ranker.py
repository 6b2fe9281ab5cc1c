"""How likely a text asks a skill: a small network over the features of the pair, calibrated on judged pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from overstap.semantic import compiled
from overstap.semantic.compiled import FEATURES

Array = npt.NDArray[Any]

FACTS = ("occupations", "essential", "knowledge", "transversal", "cross_sector", "occupation_specific", "label_words")
"""What is known of a skill without a text: logs of the number of occupations that need it and that cannot do without,
its type and level of reuse in ESCO, the log of the words of its label."""
_FIELDS = ("centre", "spread", "hidden", "hidden_bias", "out", "out_bias", "raw", "calibrated")


@dataclass(frozen=True, eq=False)
class Ranker:
    """One hidden layer of rectified units over standardised features, then a monotone map to a probability.

    `facts` is float32[skills, FACTS]. `raw` and `calibrated` are the knots of the map from the network's log-odds.
    """

    facts: Array
    centre: Array
    spread: Array
    hidden: Array
    hidden_bias: Array
    out: Array
    out_bias: Array
    raw: Array
    calibrated: Array

    @classmethod
    def unpack(cls, stored: Mapping[str, Array]) -> Ranker:
        """From the arrays of the artefact."""
        facts = stored["skill_facts"].astype(np.float32)
        return cls(facts, *(stored[f"ranker_{name}"].astype(np.float32) for name in _FIELDS))

    @classmethod
    def untrained(cls, facts: Array) -> Ranker:
        """Ranks by the largest cosine of a part alone."""
        columns = len(FEATURES) + facts.shape[1]
        hidden = np.zeros((columns, 2))
        hidden[FEATURES.index("cosine_part")] = (1, -1)
        ends = np.array([-8.0, 8.0])
        zero, one = np.zeros(columns), np.ones(columns)
        return cls(
            facts, zero, one, hidden, np.zeros(2), np.array([10.0, -10.0]), np.zeros(1), ends, 1 / (1 + np.exp(-ends))
        )

    def pack(self) -> dict[str, Array]:
        """The arrays for the artefact."""
        kept = {f"ranker_{name}": getattr(self, name).astype(np.float32) for name in _FIELDS}
        return kept | {"skill_facts": self.facts.astype(np.float16)}

    def odds(self, pairs: Array, skills: Array) -> Array:
        """Log-odds of each pair: `pairs` are the rows of `compiled.features`, `skills` their skill rows."""
        base, hidden = self._folded
        return compiled.odds(pairs, skills, base, hidden, self.out, float(self.out_bias[0]))

    @cached_property
    def _folded(self) -> tuple[Array, Array]:
        """The hidden layer with the standardisation folded in: what each skill's facts bring, float32[skills, hidden],
        and the weights of the features of a pair."""
        weights = self.hidden / self.spread[:, None]
        bias = self.hidden_bias - self.centre @ weights
        own = len(FEATURES)
        return np.ascontiguousarray(self.facts @ weights[own:] + bias, np.float32), weights[:own].astype(np.float32)

    def probability(self, odds: Array) -> Array:
        """Calibrated probability of log-odds; keeps their order and tells apart what the map would make equal."""
        base = np.interp(odds, self.raw, self.calibrated)
        return np.asarray(np.clip(base + 1e-4 / (1.0 + np.exp(-odds)), 0, 1), dtype=np.float32)
