"""Which moves are feasible and desirable, rule by rule, so that every "no" has its reason.

A move is feasible where the occupations are similar enough, their level differs by one step at most, and no licence
stands in the way; it is desirable where the outlook is stable or growing and pay is kept (World Economic Forum 2018, as
the study of 2019 applied it). Each rule is a matrix of its own: they are joined only when a question is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = Sequence[int] | Ints | None
Pay = Literal["same", "75", "any"]

RULES = ("similar", "level", "licence", "outlook", "pay")
"""The rules in the order in which a move is asked about them: the first that fails is the reason."""
PAY_KEPT: dict[Pay, float] = {"same": 1.0, "75": 0.75, "any": 0.0}
"""Least share of the present pay that a move must bring; 75 % is Nesta's bound (Kanders et al. 2020)."""

ROUNDED_TO: dict[str, float] = {"cbs_85517ned": 0.1}
"""The step, euro an hour, to which a source rounds its pay; other sources and people's own pay are taken as exact."""
_CENT = 1e-6  # figures of a decimal are not exact in a computer


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a move count.

    `similar` is the least similarity (0–1), `levels` the largest step in ISCO skill levels, `licences` whether moves
    into licensed work count, `growth` the least growth of the goal's employment over the window, `pay` the pay rule,
    and `unknown_pay` whether a move passes the pay rule where pay is not known: both answers bound the truth.
    """

    similar: float
    levels: int = 1
    licences: bool = False
    growth: float = 0.0
    pay: Pay = "same"
    unknown_pay: bool = False


@dataclass(frozen=True, slots=True)
class Occupations:
    """The columns of `facts.occupation_facts` that rules look at, as arrays; NaN where unknown. `pay_off`: how far pay
    may be off by its source's rounding; `licences`: occupations × licences, whether most jobs ask one."""

    codes: tuple[str, ...]
    level_min: Floats
    level_max: Floats
    growth: Floats
    pay: Floats
    pay_off: Floats
    licences: Bools

    @classmethod
    def of(cls, facts: pa.Table) -> Occupations:
        """The arrays of a table with the columns of `facts.SCHEMA`."""
        column = {
            name: facts[name].to_numpy(zero_copy_only=False).astype(float)
            for name in ("skill_level_min", "skill_level_max", "growth", "pay_p50")
        }
        licences = facts["licences"].to_pylist()
        named = sorted({name for names in licences for name in names or ()})
        asked = np.array([[name in (names or ()) for name in named] for names in licences], dtype=bool)
        levels = column["skill_level_min"], column["skill_level_max"]
        off = np.array([ROUNDED_TO.get(source, 0.0) / 2 for source in facts["pay_source"].to_pylist()])
        return cls(
            tuple(facts["code"].to_pylist()),
            *levels,
            column["growth"],
            column["pay_p50"],
            off,
            asked.reshape(len(licences), -1),
        )

    def keeps_pay(self, part: float, rows: Rows = None) -> Bools:
        """Whether moves [from, to] from `rows` (all where None) bring `part` (0–1) of the present pay or more.

        Not ruled out where the published figures may come from such pay by rounding (24.30 beside 24.40 of CBS). False
        where pay is not known.
        """
        least = part * (self.pay - self.pay_off)
        kept: Bools = self.pay + self.pay_off + _CENT >= (least if rows is None else least[rows])[:, None]
        return kept


def verdicts(occupations: Occupations, similarity: Floats, rules: Rules, of: Rows = None) -> dict[str, Bools]:
    """A matrix [from, to] for each of RULES: does the move pass it? `similarity` is [from, to] in the same order.

    `of` selects the origins (all where None). Where a fact is unknown a move fails the rule that asks for it (for pay:
    as `rules.unknown_pay` says), as nobody should be sent where nothing is known. No occupation moves to itself.
    """
    rows = np.arange(len(occupations.codes)) if of is None else np.asarray(of, dtype=np.int64)
    similar = (similarity if of is None else similarity[rows]) >= rules.similar
    similar[np.arange(len(rows)), rows] = False
    return {
        "similar": similar,
        "level": _steps(occupations, rows) <= rules.levels,
        "licence": np.ones_like(similar) if rules.licences else _licensed(occupations.licences, rows),
        "outlook": np.broadcast_to(occupations.growth >= rules.growth, similar.shape),
        "pay": _paid(occupations, rules, rows),
    }


def allowed(passed: dict[str, Bools]) -> Bools:
    """The moves that pass every rule, [from, to]."""
    every: Bools = np.logical_and.reduce(list(passed.values()))
    return every


def first_reason(passed: dict[str, Bools]) -> list[str | None]:
    """For each origin the first rule after which no move is left, in the order of RULES; None where some are left."""
    left = np.ones_like(passed["similar"])
    reasons: list[str | None] = [None] * len(left)
    for rule in RULES:
        left = left & passed[rule]
        for at in np.flatnonzero(~left.any(axis=1)):
            reasons[at] = reasons[at] or rule
    return reasons


def loosened(rules: Rules, medium_step: float = 0.05) -> dict[str, Rules]:
    """The rules with one bound eased at a time, by the name of the rule: what would each bring?"""
    return {
        "similar": replace(rules, similar=rules.similar - medium_step),
        "level": replace(rules, levels=rules.levels + 1),
        "licence": replace(rules, licences=True),
        "outlook": replace(rules, growth=-1.0),
        "pay": replace(rules, pay="any"),
    }


def _steps(occupations: Occupations, rows: Ints) -> Floats:
    """Least difference in skill level between two occupations; none where their ranges meet."""
    low, high = occupations.level_min, occupations.level_max
    return np.maximum(0.0, np.maximum(low[None, :] - high[rows, None], low[rows, None] - high[None, :]))


def _licensed(asks: Bools, rows: Ints) -> Bools:
    """Moves whose goal asks no licence, or one that the origin asks as well."""
    asked = asks.astype(np.float32)
    free = ~np.any(asks, axis=1, keepdims=True).T
    held: Bools = (asked[rows] @ asked.T > 0) | free
    return held


def _paid(occupations: Occupations, rules: Rules, rows: Ints) -> Bools:
    pay = occupations.pay
    if rules.pay == "any":
        return np.ones((len(rows), len(pay)), dtype=bool)
    unknown = np.isnan(pay)[None, :] | np.isnan(pay)[rows, None]
    passes: Bools = np.where(unknown, rules.unknown_pay, occupations.keeps_pay(PAY_KEPT[rules.pay], rows))
    return passes
