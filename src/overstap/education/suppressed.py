"""The life tables that make a chance least and most, where counts of a cohort are known as bounds alone.

The counts of a year lie between bounds, those who leave are no more than who is there, and no more are there next year
than stayed. With n at risk, d who leave by the cause and r who stay, the chance from a year on is
V(n) = (d + r W(r)) / n, W(r) the best of V over the next year's counts up to r. Both r W(r) and r (1 − W(r)) grow with
r at the best choice, so that of a given n as many as can be leave by the cause (for the most) or otherwise (for the
least) and as few as can be the other way; only n is left to search, from the last year back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from overstap.education.life_table import CAUSES, Floats, Incidence, incidence

Ints = npt.NDArray[np.int64]


def extremes(low: Floats, high: Floats, state: int, year: int) -> tuple[Incidence, Incidence] | None:
    """The life tables in which the chance of a state (of life_table.STATES) after `year` years is least and most.

    `low`, `high`: whole counts (years, at risk · causes) at least and at most; years after `year` bind what is before
    them. In the tables all other causes stand together in one. None where the cohort was not followed so long, or no
    counts fit the bounds.
    """
    if not 1 <= year <= len(low):
        return None
    mine = np.stack([low[:, state], high[:, state]]).astype(np.int64) if state else np.zeros((2, len(low)), np.int64)
    others = np.stack([low[:, 1:].sum(axis=1), high[:, 1:].sum(axis=1)]).astype(np.int64) - mine
    gone = mine[0] + others[0]
    least, most = np.zeros(len(low) + 1, np.int64), high[:, 0].astype(np.int64)
    for at in reversed(range(len(low))):
        least[at] = max(int(low[at, 0]), gone[at] + least[at + 1])
    for at in range(1, len(low)):
        most[at] = min(most[at], most[at - 1] - gone[at - 1])
    if (least[:-1] > most).any() or most[0] == 0:
        return None
    stay = most - gone
    if any(most[at] == 0 < stay[at - 1] for at in range(1, year)):
        return None  # nobody is followed, while some may not have left
    made = [_table(mine, others, least, most, state, year, top) for top in (False, True)]
    return made[0], made[1]


def _table(mine: Ints, others: Ints, least: Ints, most: Ints, state: int, year: int, top: bool) -> Incidence:
    """The life table of the most (`top`) or least chance: from the last year back each n's best, then forward."""
    better = np.maximum if top else np.minimum
    worst = 0.0 if top else 1.0
    best: list[tuple[Floats, Ints]] = []  # by year from the last: for up to n, the best chance and the n that has it

    def leave(at: int, n: Ints) -> tuple[Ints, Ints]:
        room = n - least[at + 1]
        if top and state:
            return np.minimum(mine[1, at], room - others[0, at]), np.broadcast_to(others[0, at], n.shape)
        fewest = np.broadcast_to(mine[0, at], n.shape)
        return fewest, np.broadcast_to(others[0, at], n.shape) if top else np.minimum(others[1, at], room - fewest)

    for at in reversed(range(year)):
        n = np.arange(least[at], most[at] + 1, dtype=np.int64)
        by_cause, otherwise = leave(at, n)
        stay = n - by_cause - otherwise
        if at == year - 1:
            later = np.full(len(n), 0.0 if state else 1.0)
        else:
            later = best[-1][0][np.minimum(stay, most[at + 1]) - least[at + 1]]
        chance = np.where(n > 0, (by_cause + stay * later) / np.maximum(n, 1), worst)
        reached = better.accumulate(chance)
        best.append((reached, np.maximum.accumulate(np.where(chance == reached, n, 0))))
    at_risk: list[int] = []
    events: list[Floats] = []
    limit = int(most[0])
    for at in range(year):
        _, which = best[year - 1 - at]
        there = int(which[min(limit, int(most[at])) - least[at]])
        gone = [int(part[0]) for part in leave(at, np.array([there]))]
        limit = there - sum(gone)
        row = np.zeros(len(CAUSES))
        row[state - 1] = gone[0]
        row[state % len(CAUSES)] += gone[1]
        at_risk.append(there)
        events.append(row)
    return incidence(np.array(at_risk, np.float64), np.array(events))
