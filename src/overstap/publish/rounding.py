"""Numbers with as many digits as their interval bears: no reader should see a precision that nobody has."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any

_DIGITS = 2  # of the width of an interval, and so of what is shown; without an interval one more


def step_of(value: float | None, low: float | None, high: float | None) -> float:
    """The power of ten to which a value with the bounds `low` and `high` is rounded: two digits of the width.

    Without bounds three digits of the value; 1 where nothing is known.
    """
    width = None if low is None or high is None else abs(high - low)
    size, digits = (width, _DIGITS) if width else (abs(value or 0.0), _DIGITS + 1)
    return 10.0 ** (floor(log10(size)) - digits + 1) if size else 1.0


def rounded(value: float | None, step: float) -> float | None:
    """`value` at the nearest multiple of `step`; None where it is unknown."""
    return None if value is None else round(value / step) * step


def borne(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`row` with each of `names` and its bounds (`<name>_low` and `_high`, without a `_pct`) rounded as they bear."""
    found = dict(row)
    for name in names:
        stem = name.removesuffix("_pct")
        step = step_of(row[name], row.get(f"{stem}_low"), row.get(f"{stem}_high"))
        found |= {key: rounded(row[key], step) for key in (name, f"{stem}_low", f"{stem}_high") if key in row}
    return found
