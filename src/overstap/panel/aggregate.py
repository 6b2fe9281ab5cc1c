"""One order out of many: Borda with intervals, Kemeny by integer program, Plackett–Luce by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp, minimize
from scipy.sparse import csr_array
from scipy.special import expit, logit
from scipy.stats import norm, rankdata, studentized_range, t

from overstap.panel.orders import Floats, Unranked, preferences, scores
from overstap.solver import silent_solver

KEMENY_ITEMS = 30  # above this the integer program grows to many thousands of rows
_SECONDS = 20.0
GHOST = 0.5  # wins, and losses, of each item against an item that is not there (Turner et al., 2020)


@dataclass(frozen=True)
class Borda:
    """Per item: mean score (0–1), the mean rank that goes with it and its interval, rank and interval of the rank."""

    score: Floats
    mean_rank: Floats
    mean_low: Floats
    mean_high: Floats
    rank: NDArray[np.int64]
    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]


def borda(placed: Floats, confidence: float) -> Borda:
    """Borda's order (1781): items by the mean part of the others that they beat; partial lists as `places` fills them.

    The mean has a t-interval over experts. The interval of a rank runs from one more than the items that are
    demonstrably higher to all but those demonstrably lower, by Tukey's range over all pairs of items at once, so that
    the intervals of all items hold together; drawing experts with replacement is not sound for ranks, least of all
    where items lie close (Hall & Miller, 2009). NaN where no expert ranked an item, and no bounds of a mean where all
    placed it alike.
    """
    points, n = scores(placed), placed.shape[1]
    known = (~np.isnan(points)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known > 0, np.nansum(points, axis=0) / known, np.nan)
        spread = np.nansum((points - mean) ** 2, axis=0)
        error = np.where(spread > 1e-12, np.sqrt(spread / (known - 1) / known), np.nan)
    reach = t.ppf((1 + confidence) / 2, np.maximum(known - 1, 1)) * error
    higher = _higher(mean, spread.sum(), known, int((~np.isnan(points)).any(axis=1).sum()), confidence)
    worst, best = n - (n - 1) * np.clip(mean - reach, 0, 1), n - (n - 1) * np.clip(mean + reach, 0, 1)
    whole = [
        np.asarray(value, dtype=np.int64) for value in (_ranked(mean), 1 + higher.sum(axis=0), n - higher.sum(axis=1))
    ]
    return Borda(mean, n - (n - 1) * mean, best, worst, *whole)


def _higher(mean: Floats, spread: float, known: Floats, raters: int, confidence: float) -> NDArray[np.bool_]:
    """Whether item i (row) is demonstrably higher than item j (column): Tukey's range of means over experts as blocks,
    with Kramer's (1956) mean of the two numbers where not all ranked both."""
    items, rounded = int((known > 0).sum()), mean.round(12)
    freedom = int(known.sum()) - raters - items + 1
    if items < 2 or freedom < 1:
        return np.zeros((len(mean), len(mean)), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(spread / freedom * (1 / known[:, None] + 1 / known[None, :]) / 2)
        return np.asarray(rounded[:, None] - rounded[None, :] > _range(confidence, items, freedom) * error)


@lru_cache(maxsize=64)
def _range(confidence: float, items: int, freedom: int) -> float:
    return float(studentized_range.ppf(confidence, items, freedom))


def _ranked(values: Floats) -> Floats:
    """Ranks by value, the highest first, equal ones at their best place; NaN comes last."""
    return np.asarray(rankdata(-np.nan_to_num(values.round(12), nan=-1.0), method="min"))


@dataclass(frozen=True)
class Kemeny:
    """The order with the fewest disagreements: rank per item, how many pairs of expert and items disagree, and whether
    no other order has as few (None: not proven in time)."""

    rank: NDArray[np.int64]
    distance: int
    is_unique: bool | None


def kemeny(placed: Floats) -> Kemeny | None:
    """The order nearest to all (Kemeny, 1959), exact, by an integer program over pairs (HiGHS); None above
    `KEMENY_ITEMS` items, or where optimality was not proven in time.

    Of several such orders the one nearest to Borda's is given.
    """
    above, n = preferences(placed), placed.shape[1]
    if not 1 < n <= KEMENY_ITEMS:
        return None
    pairs = list(combinations(range(n), 2))
    i, j = (np.array(side) for side in zip(*pairs, strict=True))
    cost = above[j, i] - above[i, j]  # of putting i before j, less that of the reverse
    points = scores(placed)
    score = np.nansum(points, axis=0) / np.maximum((~np.isnan(points)).sum(axis=0), 1)
    taste = np.sign(score[j] - score[i]).round()
    triples = _triples(n, pairs)
    found = _solve(cost * (2 * len(pairs) + 1) + taste, triples)
    if found is None:
        return None
    distance = int(above[i, j].sum() + cost @ found)
    # Another order: at least one pair the other way round.
    other = LinearConstraint((1 - 2 * found)[None, :], 1 - found.sum(), np.inf)
    second = _solve(cost.astype(float), [*triples, other])
    before = np.zeros(n, dtype=np.int64)
    np.add.at(before, j, found)
    np.add.at(before, i, 1 - found)
    is_unique = None if second is None else int(above[i, j].sum() + cost @ second) > distance
    return Kemeny(before + 1, distance, is_unique)


def _triples(n: int, pairs: list[tuple[int, int]]) -> list[LinearConstraint]:
    """No circle of three: 0 ≤ x_ij + x_jk − x_ik ≤ 1."""
    at = {pair: k for k, pair in enumerate(pairs)}
    rows = [(at[a, b], at[b, c], at[a, c]) for a, b, c in combinations(range(n), 3)]
    if not rows:
        return []
    columns = np.array(rows).ravel()
    values = np.tile([1.0, 1.0, -1.0], len(rows))
    matrix = csr_array((values, (np.repeat(np.arange(len(rows)), 3), columns)), shape=(len(rows), len(pairs)))
    return [LinearConstraint(matrix, 0, 1)]


def _solve(cost: Floats, constraints: list[LinearConstraint]) -> NDArray[np.int64] | None:
    with silent_solver():
        done: OptimizeResult = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, 1),
            constraints=constraints,
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
        )
    return np.asarray(done.x).round().astype(np.int64) if done.status == 0 else None


@dataclass(frozen=True)
class Worth:
    """Per item the chance to be put first of all items, with bounds; they add up to 1. `log`: as fitted."""

    worth: Floats
    low: Floats
    high: Floats
    log: Floats


def plackett_luce(ranks: Floats, confidence: float, unranked: Unranked = "below", ghost: float = GHOST) -> Worth:
    """Plackett–Luce (Luce, 1959; Plackett, 1975) by maximum likelihood, partial lists included.

    A list is a run of choices of the best of what is left. Equal ranks are taken by Efron's approximation. Each item
    wins and loses `ghost` times against an item that is not there, so that one that all put first stays finite. Bounds
    are those of the observed information, on the logit; they take experts to draw from one order.
    """
    wins, stages = _choices(ranks, unranked)
    n = ranks.shape[1]

    def fall(log: Floats) -> tuple[float, Floats]:
        p, total = _shares(log, stages)
        against = expit(log)
        value = -(wins @ log) + np.log(total).sum() - ghost * np.log(against * (1 - against)).sum()
        return float(value), p.sum(axis=0) - wins + ghost * (2 * against - 1)

    def bend(log: Floats) -> Floats:
        p, _ = _shares(log, stages)
        against = expit(log)
        ridge = 2 * ghost * against * (1 - against) + (0 if ghost else 1e-9)
        return np.asarray(np.diag(p.sum(axis=0) + ridge) - p.T @ p)

    fitted = minimize(fall, np.zeros(n), jac=True, hess=bend, method="trust-exact", options={"gtol": 1e-8})
    log = np.asarray(fitted.x)
    worth = np.exp(log - log.max())
    worth /= worth.sum()
    slope = np.eye(n) - worth[None, :] * (1 - np.eye(n)) / (1 - worth)[:, None]  # of the logit of each worth
    error = np.sqrt(np.einsum("ij,jk,ik->i", slope, np.linalg.pinv(bend(log)), slope))
    reach = norm.ppf((1 + confidence) / 2) * error
    return Worth(worth, expit(logit(worth) - reach), expit(logit(worth) + reach), log)


def _choices(ranks: Floats, unranked: Unranked) -> tuple[Floats, Floats]:
    """How often each item was chosen, and for each choice how far each item was there to be chosen (0–1)."""
    wins, stages = np.zeros(ranks.shape[1]), []
    for row in ranks:
        left = np.ones(len(row)) if unranked == "below" else (~np.isnan(row)).astype(float)
        for rank in np.unique(row[~np.isnan(row)]):
            tied = row == rank
            if left.sum() > 1:
                wins += tied
                size = int(tied.sum())
                stages += [np.where(tied, left * (1 - k / size), left) for k in range(size)]
            left = np.where(tied, 0.0, left)
    return wins, np.array(stages).reshape(-1, ranks.shape[1])


def _shares(log: Floats, stages: Floats) -> tuple[Floats, Floats]:
    weight = stages * np.exp(log)
    total = weight.sum(axis=1)
    return weight / total[:, None], total
