"""Diploma, drop-out and switching as competing risks in a discrete life table, with intervals.

Years count from entry; a student leaves by one of three causes, or is followed no longer (censored). The chance to have
left by a cause within t years is the sum over years of the chance to be there still times the hazard of the cause
(Aalen & Johansen 1978); one minus Kaplan–Meier per cause would count as possible diplomas what drop-outs lost. The
covariance of the chances runs along with them, each year adding a multinomial part (Andersen et al. 1993, IV.4); the
interval is Wilson's with the number of students that would give this variance, which is Wilson's own without censoring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overstap.analysis.uncertainty import normal_quantile, wilson

Floats = npt.NDArray[np.float64]

CAUSES = ("diploma", "dropout", "switch")
STATES = ("enrolled", *CAUSES)


@dataclass(frozen=True)
class Incidence:
    """Chances after each year, (years, states), in the order of STATES; their variances; students at risk by year."""

    chance: Floats
    variance: Floats
    at_risk: Floats

    def after(self, year: int) -> tuple[Floats, Floats] | None:
        """Chances and variances after `year` years; None where the cohort was not followed so long."""
        return (self.chance[year - 1], self.variance[year - 1]) if 1 <= year <= len(self.chance) else None


def incidence(at_risk: Floats, events: Floats) -> Incidence:
    """The life table of students at risk (years,) and events (years, causes).

    Ends at the first year in which nobody is at risk while some chance is left to leave. Raises ValueError where a
    year has more events than students.
    """
    n, d = np.asarray(at_risk, np.float64), np.asarray(events, np.float64)
    if (d.sum(axis=1) > n).any() or (d < 0).any():
        raise ValueError("more events than students at risk")
    states = len(CAUSES) + 1
    now, spread = np.eye(states)[0], np.zeros((states, states))
    chances, variances = [], []
    for students, left in zip(n, d, strict=True):
        if students > 0:
            hazard = left / students
            moved = np.eye(states)
            moved[0] = [1.0 - hazard.sum(), *hazard]
            row = moved[0]
            sampling = (np.diag(row) - np.outer(row, row)) / students
            spread = moved.T @ spread @ moved + now[0] ** 2 * sampling
            now = now @ moved
        elif now[0] > 1e-12:
            break
        chances.append(now)
        variances.append(np.maximum(np.diag(spread), 0.0))
    shape = (len(chances), states)
    return Incidence(np.array(chances).reshape(shape), np.array(variances).reshape(shape), n)


def interval(chance: float, variance: float, students: float, confidence: float) -> tuple[float, float]:
    """Wilson's interval (1927) of a chance with the number of students that its variance stands for.

    Where a chance is 0 or 1 its variance is 0, and `students`, those who entered, stand for it.
    """
    within = chance * (1.0 - chance)
    n = within / variance if variance > 0 and within > 0 else students
    if n <= 0:
        return 0.0, 1.0
    low, high = wilson(np.array(chance), np.array(n), normal_quantile(confidence))
    return float(low), float(high)
