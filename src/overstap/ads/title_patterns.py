"""The patterns of titles in the order in which the compiled pass knows them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from overstap.ads import _title_role as role
from overstap.ads import _title_vague as vague
from overstap.ads import occupation, titles
from overstap.ads.patterns import Patterns, programs

# No literals: Numba would compile what is given one anew for each.
_PLACES: list[int] = list(np.arange(27))
(
    POSSESSIVE, BRACKETS, INNER, GENDER, SALARY, HOURS, NUMBER, PHRASES, LEVEL, SENIOR_FIRST, EMPLOYER, BARS, DASH,
    REGION, IN_PLACE, ROMAN, EDGE, INVERTED, SAID, STAGE, SIGNS, PARTED, ROLE, ADDRESS, OPEN, EVENT, CALL,
) = _PLACES  # fmt: skip


@lru_cache(maxsize=1)
def title_patterns() -> Patterns:
    """The programs of all patterns, by the numbers above."""
    return programs(
        [
            titles._POSSESSIVE, titles._BRACKETS, titles._INNER, titles._GENDER, titles._SALARY, titles._HOURS,
            titles._NUMBER, titles._PHRASES, titles._LEVEL, titles._SENIOR_FIRST, titles._EMPLOYER, titles.BARS,
            titles._DASH, titles._REGION, titles._IN_PLACE, titles._ROMAN, titles._EDGE, occupation._INVERTED,
            occupation._SAID, occupation._STAGE, role._SIGNS, role._PARTED, role._ROLE, role._ADDRESS, vague._OPEN,
            vague._EVENT, vague._CALL,
        ]
    )  # fmt: skip
