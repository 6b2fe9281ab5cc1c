"""Statements on a scale: consensus by the 70–80 % rule, spread, and whether answers still move between rounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from overstap.panel.orders import Floats

OTHER_SIDE = 0.15  # of the experts, at most, on the other side of the scale (core outcome sets)


def sides(low: int, high: int) -> tuple[float, float]:
    """The last answer that disagrees and the first that agrees: the outer thirds of the scale.

    On 1–5: up to 2 and from 4; on 1–9: up to 3 and from 7.
    """
    third = (high - low) / 3
    return float(np.floor(low + third)), float(np.ceil(high - third))


def consensus(answers: Floats, scale: tuple[int, int], threshold: float) -> str:
    """agree or disagree where that part of the experts is on one side, and fewer than 15 % on the other; else none."""
    down, up = sides(*scale)
    agree, disagree = float((answers >= up).mean()), float((answers <= down).mean())
    if agree >= threshold - 1e-12 and disagree < OTHER_SIDE:
        return "agree"
    return "disagree" if disagree >= threshold - 1e-12 and agree < OTHER_SIDE else "none"


@dataclass(frozen=True)
class Stability:
    """Answers of the same experts in two rounds: how many, part that did not change (0–1), weighted kappa and bounds.

    Kappa is None where all answered alike in both rounds: there is nothing to agree on by chance.
    """

    n: int
    same: float
    kappa: float | None
    low: float | None
    high: float | None


def stability(before: Floats, after: Floats, confidence: float) -> Stability | None:
    """Cohen's kappa (1968) with quadratic weights between two rounds, the interval by the jackknife over experts.

    The two arrays hold the answers of the same experts; None where there are none.
    """
    n = len(before)
    if not n:
        return None
    kappa = weighted_kappa(before, after)
    same = float((before == after).mean())
    if kappa is None or n < 4:
        return Stability(n, same, kappa, None, None)
    keep = ~np.eye(n, dtype=bool)
    without = [weighted_kappa(before[k], after[k]) for k in keep]
    known = np.array([one for one in without if one is not None])
    if len(known) < n:
        return Stability(n, same, kappa, None, None)
    error = np.sqrt((n - 1) / n * ((known - known.mean()) ** 2).sum())
    if error < 1e-12:  # as where nobody moved: nothing is known of how far they might
        return Stability(n, same, kappa, None, None)
    reach = t.ppf((1 + confidence) / 2, n - 1) * error
    return Stability(n, same, kappa, max(-1.0, float(kappa - reach)), min(1.0, float(kappa + reach)))


def weighted_kappa(one: Floats, other: Floats) -> float | None:
    """Cohen's kappa with quadratic weights; None where neither varies."""
    by_chance = float(((one[:, None] - other[None, :]) ** 2).mean())
    return None if by_chance == 0 else 1 - float(((one - other) ** 2).mean()) / by_chance
