"""Levers that a reader turns on the dashboard: a few of them, in steps, run through the futures of a study.

The same engine as for scenarios: the draws of the outlook stay as they are, so that with every lever at its neutral
value the base comes out to the last digit. A lever turned here is fixed; intervals are those of the outlook's futures.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from overstap.outlook.futures import Market, futures, outcomes, totals
from overstap.outlook.levers import levers
from overstap.outlook.scenario import BASE, Scenario, Turned
from overstap.schema.out import ALL

OWN = "own"
"""The name of what a reader turned, among scenarios."""
DRAWS_MAX = 2_000
"""Futures up to which levers are offered: an answer then takes less than a second."""
_STEPS = {
    "technology_adoption": 10,
    "routine_automation": 10,
    "platform_work": 10,
    "energy_transition": 10,
    "ict_intake": 6,
    "retraining": 10,
    "migration": 10,
    "productivity": 12,
}


@lru_cache(maxsize=1)
def choices() -> dict[str, tuple[float, ...]]:
    """The levers that are offered, each with its values: its range in even steps, the neutral value among them."""
    known = levers()
    return {
        name: tuple(round(float(v), 6) for v in np.linspace(known[name].low, known[name].high, steps + 1))
        for name, steps in _STEPS.items()
    }


class Live:
    """Scenarios of levers on one market, beside its base."""

    def __init__(self, market: Market, confidence: float, seed: int) -> None:
        self._market, self._confidence, self._seed = market, confidence, seed
        self._before = outcomes(market, *futures(market, Scenario(BASE, {}, {}, {}), seed))

    def turned(self, values: Mapping[str, float]) -> list[dict[str, object]]:
        """Rows of `out_scenarios` of the country with levers at `values`, under the name `OWN`."""
        own = Scenario(OWN, {}, {}, {name: Turned(value=value) for name, value in values.items()})
        found = outcomes(self._market, *futures(self._market, own, self._seed))
        rows = totals(OWN, found, self._before, self._confidence, self._market)
        return [row for row in rows if row["topsector"] == ALL]
