"""The measures by which annotated sets are scored, each with its interval: numbers in, numbers out.

Shares have Wilson's interval, cases taken as independent; means the percentile bootstrap over cases (Efron &
Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 13).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from overstap.analysis.uncertainty import normal_quantile, wilson
from overstap.evaluate.skills import Estimate

NONE = "none"
"""What confusion calls a case to which nothing was given."""


@dataclass(frozen=True)
class Bin:
    """The cases whose score lies in [low, high): the mean of their scores and the share that is right."""

    low: float
    high: float
    mean_score: float
    right: Estimate


@dataclass(frozen=True)
class Confusion:
    """How often each true class (`gold`, the rows) was given each class (`found`, the columns; NONE last)."""

    gold: tuple[str, ...]
    found: tuple[str, ...]
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]


def proportion(right: Iterable[bool], confidence: float = 0.95) -> Estimate:
    """The share that is right with Wilson's interval; NaN where there are no cases."""
    values = np.array(list(right), bool)
    n = len(values)
    share = float(values.mean()) if n else float("nan")
    low, high = wilson(np.array([share]), np.array([float(n)]), normal_quantile(confidence))
    return Estimate(share, float(low[0]), float(high[0]), n)


def mean(values: Iterable[float], *, confidence: float = 0.95, resamples: int = 2_000, seed: int = 5) -> Estimate:
    """The mean with the percentile bootstrap over cases; NaN where there are none."""
    cases = np.array(list(values), np.float64)
    n = len(cases)
    if not n:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    rng = np.random.default_rng(seed)
    drawn = np.array([cases[rng.integers(0, n, n)].mean() for _ in range(resamples)])
    low, high = np.percentile(drawn, [50 * (1 - confidence), 50 * (1 + confidence)])
    return Estimate(float(cases.mean()), float(low), float(high), n)


def r_precision(found: Sequence[str], gold: Collection[str], k: int) -> float:
    """RP@k: of the first `k` found the number that is in `gold`, over the smaller of k and |gold|."""
    return len(set(found[:k]) & set(gold)) / min(k, len(set(gold)))


def reciprocal_rank(found: Sequence[str], gold: Collection[str]) -> float:
    """1 / the rank of the first found that is in `gold`; 0 where none is."""
    return next((1 / rank for rank, item in enumerate(found, 1) if item in gold), 0.0)


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The cases by score in `bins` of equal width over 0–1 (a score of 1 in the last), empty ones left out."""
    score, hit = np.asarray(scores, np.float64), np.asarray(right, bool)
    edges = np.linspace(0, 1, bins + 1)
    at = np.clip(np.searchsorted(edges, score, side="right") - 1, 0, bins - 1)
    return [
        Bin(float(edges[b]), float(edges[b + 1]), float(score[at == b].mean()), proportion(hit[at == b].tolist()))
        for b in range(bins)
        if (at == b).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far score and share right lie apart, averaged over the cases of the bins."""
    n = sum(b.right.n for b in bins)
    return sum(b.right.n * abs(b.mean_score - b.right.value) for b in bins) / n if n else float("nan")


def confusion(gold: Sequence[str], found: Sequence[str | None]) -> Confusion:
    """Counts of true against given classes, both in the order of their names."""
    given = [f if f is not None else NONE for f in found]
    rows = sorted(set(gold))
    columns = [*sorted({*rows, *given} - {NONE}), NONE]
    counts = np.zeros((len(rows), len(columns)), np.int64)
    row, column = ({name: i for i, name in enumerate(names)} for names in (rows, columns))
    for a, b in zip(gold, given, strict=True):
        counts[row[a], column[b]] += 1
    return Confusion(tuple(rows), tuple(columns), counts)
