"""What the compiled search for phone numbers knows: the patterns of `mask_phones`, countries and signs."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from overstap.ads import mask_phones as phones
from overstap.ads.patterns import ASCII, STAND_INS, Patterns, programs

# No literals: Numba would compile what is given one anew for each.
_PLACES: list[int] = list(np.arange(10))
(
    NATIONAL, AMERICAN, BARE, EXTENSION, SAYS_PHONE, SAYS_OTHER, SAYS_NUMBER, DATE, TIMES, INTERNATIONAL,
) = _PLACES  # fmt: skip
DASH, EURO, POUND = (STAND_INS[sign] for sign in "–€£")
_OTHER = 14
_CHARACTERS = 1 << 16


class PhoneTables(NamedTuple):
    """`low` and `high`: fewest and most digits behind a country's code, 0 for none; `signs`: per character what stands
    for it in what patterns read, 0 where `mask_phones` is to be asked: letters beyond ASCII, odd spaces, controls."""

    patterns: Patterns
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    signs: npt.NDArray[np.uint8]


@cache
def phone_tables() -> PhoneTables:
    """The tables, made once."""
    low, high = np.zeros((2, 1000), np.int64)
    for code, (fewest, most) in phones._COUNTRIES.items():
        low[int(code)], high[int(code)] = fewest, most
    signs = np.zeros(_CHARACTERS, np.uint8)
    for place in range(_CHARACTERS):
        sign = chr(place)
        if place < ASCII:
            signs[place] = place if sign.isprintable() or sign in "\n\t" else 0
        elif not sign.isalnum() and not sign.isspace():
            signs[place] = STAND_INS.get(sign, _OTHER)
    patterns = [
        phones._NATIONAL, phones._AMERICAN, phones._BARE, phones._EXTENSION, phones._SAYS_PHONE, phones._SAYS_OTHER,
        phones._SAYS_NUMBER, phones._DATE, phones._TIMES, phones._INTERNATIONAL,
    ]  # fmt: skip
    return PhoneTables(programs(patterns), low, high, signs)
