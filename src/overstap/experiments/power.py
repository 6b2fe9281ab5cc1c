"""Power first: how many people an experiment needs, or what it can see, before anyone takes part.

Two groups compared by a t-test on what is independent: units, or the means of clusters (Donner & Klar 2000).
Measurements before and after lower the variance of a change as their correlation does (McKenzie 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Any

from overstap.errors import InputError
from overstap.experiments.regress import library

_MOST = 10_000_000


@dataclass(frozen=True)
class Plan:
    """An experiment to be: units in the group that takes part, `ratio` times as many compared with, and how they are
    measured.

    `effect` is the difference in units of the outcome, `sd` its standard deviation between people. `cluster` people
    form a cluster, of which a share `icc` of the variance is between clusters. `before` and `after` are measurements
    a unit, with `correlation` between them; 0 before: outcomes afterwards are compared.
    """

    units: int | None = None
    effect: float | None = None
    power: float | None = None
    sd: float = 1.0
    ratio: float = 1.0
    alpha: float = 0.05
    cluster: float = 1.0
    icc: float = 0.0
    before: int = 0
    after: int = 1
    correlation: float = 0.5


def plan(asked: Plan) -> Plan:
    """The plan with the one of units, effect and power that is None filled in; units are rounded up to whole clusters.

    Raises `InputError` where not exactly one is missing, or a value is out of range.
    """
    _check(asked)
    library()
    from statsmodels.stats.power import TTestIndPower

    test = TTestIndPower()
    fixed = {"alpha": asked.alpha, "ratio": asked.ratio}
    spread = asked.sd * sqrt(variance_factor(asked))  # of what is independent: a unit, or the mean of a cluster
    if asked.effect is None:
        clusters = _clusters(asked)
        found = test.solve_power(effect_size=None, nobs1=clusters, power=asked.power, **fixed)
        return replace(asked, effect=float(_number(found)) * spread)
    size = abs(asked.effect) / spread
    if asked.power is None:
        return replace(asked, power=float(test.power(size, _clusters(asked), asked.alpha, asked.ratio)))
    clusters = _needed(test, size, asked)
    return replace(asked, units=ceil(clusters * asked.cluster - 1e-9))


def _needed(test: Any, size: float, asked: Plan) -> int:
    """The fewest whole clusters of the group that takes part with the power asked."""
    low, high = 2, 2
    while float(test.power(size, high, asked.alpha, asked.ratio)) < (asked.power or 0):
        low, high = high, 2 * high
        if high > _MOST:
            raise InputError("No number of people would show so small an effect.", fix="Ask for a larger effect.")
    while low < high:
        middle = (low + high) // 2
        if float(test.power(size, middle, asked.alpha, asked.ratio)) < (asked.power or 0):
            low = middle + 1
        else:
            high = middle
    return high


def variance_factor(asked: Plan) -> float:
    """The variance of what is compared and independent, as a multiple of the outcome's variance between people."""
    over_time = (1 + (asked.after - 1) * asked.correlation) / asked.after
    if asked.before:
        over_time += (1 + (asked.before - 1) * asked.correlation) / asked.before - 2 * asked.correlation
    return over_time * (asked.icc + (1 - asked.icc) / asked.cluster)


def _clusters(asked: Plan) -> float:
    return (asked.units or 0) / asked.cluster


def _number(found: Any) -> float:
    import numpy as np

    return float(np.atleast_1d(found)[0])


def _check(asked: Plan) -> None:
    given = {"units": asked.units, "effect": asked.effect, "power": asked.power}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) != 1:
        told = ", ".join(missing) or "none of the three"
        raise InputError(
            f"Left out: {told}.", why="Two of units, effect and power give the third.", fix="Leave out exactly one."
        )
    ranges = [
        ("power", asked.power, 0, 1), ("alpha", asked.alpha, 0, 1), ("sd", asked.sd, 0, None),
        ("ratio", asked.ratio, 0, None), ("before", asked.before, -1, None), ("after", asked.after, 0, None),
    ]  # fmt: skip
    for name, value, low, high in ranges:
        if value is not None and (value <= low or (high is not None and value >= high)):
            raise InputError(
                f"{name} is {value:g}.", fix=f"Give more than {low}" + (f", less than {high}." if high else ".")
            )
    if not 0 <= asked.icc <= 1 or not -1 < asked.correlation < 1 or asked.cluster < 1:
        raise InputError(
            f"icc {asked.icc:g}, correlation {asked.correlation:g} or cluster {asked.cluster:g} is out of range.",
            fix="icc lies from 0 to 1, correlation between -1 and 1, and a cluster has 1 person or more.",
        )
    if 1 + (max(asked.before, asked.after) - 1) * asked.correlation <= 0:
        raise InputError(
            f"No {max(asked.before, asked.after)} measurements can all have the correlation {asked.correlation:g}.",
            fix="Give a correlation of 0 or more.",
        )
    if asked.effect is not None and asked.effect == 0:
        raise InputError("An effect of 0 needs no experiment.", fix="Give the smallest effect that would matter.")
    if asked.units is not None and _clusters(asked) * min(1, asked.ratio) < 2:
        raise InputError(
            f"{asked.units} people make fewer than two clusters in a group.",
            why="What differs between clusters cannot be told from the effect.", fix="Plan more and smaller clusters.",
        )  # fmt: skip
