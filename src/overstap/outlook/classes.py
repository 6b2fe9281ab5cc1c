"""Published classes of tightness: ROA's indicator of the labour market by education (ITA) and UWV's tension."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

ITA_BOUNDS = (0.85, 1.00, 1.05, 1.15)
ITA_CLASSES = ("very_good", "good", "reasonable", "moderate", "poor")
"""The outlook of those who look for work; a bound belongs to the class below it (up to 0.85 is very good)."""
TENSION_BOUNDS = (0.25, 0.67, 1.5, 4.0)
TENSION_CLASSES = ("very_slack", "slack", "average", "tight", "very_tight")
"""Open vacancies per short-term unemployed; a bound belongs to the class above it (4 is very tight)."""


def ita_class(ita: float | None) -> str | None:
    """ROA's class of supply over demand in a period."""
    return None if ita is None or ita != ita else ITA_CLASSES[bisect_left(ITA_BOUNDS, ita)]


def is_tight(tension: float | None) -> bool:
    """Whether UWV calls a market tight, or very tight; what is unknown is called neither."""
    return tension_class(tension) in TENSION_CLASSES[3:]


def tension_class(tension: float | None) -> str | None:
    """UWV's class of vacancies over short-term unemployed."""
    return None if tension is None or tension != tension else TENSION_CLASSES[bisect_right(TENSION_BOUNDS, tension)]
