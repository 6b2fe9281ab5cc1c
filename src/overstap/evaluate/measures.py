"""The measures by which annotated sets are scored, each with its interval: numbers in, numbers out.

Shares have Wilson's interval, cases taken as independent; means the percentile bootstrap over cases (Efron &
Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 13).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from overstap.analysis.uncertainty import Floats, normal_quantile, wilson
from overstap.evaluate.skills import Estimate

_BLOCK = 2_000_000  # weights of resampled cases held at once
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


def bootstrap(
    cases: Floats,
    statistic: Callable[[Floats], Floats],
    *,
    confidence: float = 0.95,
    resamples: int = 2_000,
    seed: int = 5,
) -> tuple[Floats, Floats, Floats]:
    """`statistic` of the sums of `cases` (cases × counts), and its percentile bounds over resampled cases.

    `statistic` maps sums (… × counts) to figures (… × figures), NaN where undefined. Bounds are NaN where every
    resample gives one figure: cases that are all alike, or a single one, show no variance, and not that there is none.
    """
    n = len(cases)
    point = statistic(cases.sum(axis=0))
    if not n:
        return point, point * np.nan, point * np.nan
    rng, block = np.random.default_rng(seed), max(1, _BLOCK // n)
    sizes = [min(block, resamples - at) for at in range(0, resamples, block)]
    drawn = np.concatenate([statistic(rng.multinomial(n, np.full(n, 1 / n), size) @ cases) for size in sizes])
    bounds = np.full((2, *point.shape), np.nan)
    known = ~np.isnan(point) & ~np.isnan(drawn).all(axis=0)
    bounds[:, known] = np.nanpercentile(drawn[:, known], [50 * (1 - confidence), 50 * (1 + confidence)], axis=0)
    bounds[:, np.isclose(bounds[0], bounds[1], rtol=0, atol=1e-12)] = np.nan
    return point, bounds[0], bounds[1]


def mean(values: Iterable[float]) -> Estimate:
    """The mean with the bootstrap over cases; NaN where there are none."""
    cases = np.array(list(values), np.float64)

    def of(sums: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            return sums[..., :1] / sums[..., 1:]

    point, low, high = bootstrap(np.stack([cases, np.ones(len(cases))], axis=1), of)
    return Estimate(float(point[0]), float(low[0]), float(high[0]), len(cases))


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
