"""When a change may lie in the feed or in the wording, not in the labour market: three flags.

- *source drift*: a source, or a board within a feed that joins several, came, went or grew; or a source posts other
  occupations, or in other languages, than before;
- *taxonomy drift*: fewer, or more, ads have any skill at all, which moves every share together;
- *reporting drift*: a skill is named less from one period to the next in all occupations alike, while need for a skill
  changes slowly and here more than there. The study met it with Word and Excel in 2016–2017.

A flag is a reason to look, never a proof; each comes with the figures it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from overstap.analysis.uncertainty import Floats, Sums, benjamini_hochberg, design_effect, log_ratio_error

LEAST_ADS = 200
SHARE_MOVED = 0.10  # share of the ads of a period that a source must gain or lose
MIX_MOVED = 0.10  # total variation between the occupations of a source in two periods
CODED_MOVED = 0.15  # relative change of the share of ads with any skill
NAMED_MOVED = 0.20  # relative change, in one step, of the share of a skill
CERTAIN = 0.001  # p-value below which a difference is no chance; feeds are large and many are tested
WORDING_FDR = 0.01  # expected share, of the skills flagged for their wording, that did not move at all
_LEAST_COUNT = 5.0  # effective mentions on both sides for an occupation to be heard
_LEAST_SKILLS = 5  # skills that must be heard before one can move unlike the others
_LEAST_UNITS = 3  # occupations that must be heard before 'all alike' means anything
_ALIKE = 0.5  # spread between occupations, as a share of the step itself


@dataclass(frozen=True)
class Jump:
    """What happened to a share from period `at - 1` to `at`, pooled over occupations (fractions and ratios).

    `ratio`: the pooled ratio of shares; `spread`: how much occupations differ in its logarithm beyond chance (τ of
    DerSimonian & Laird 1986); `units`: occupations heard; `p_value`: of no step; `error`: of the ratio's logarithm.
    """

    at: int
    ratio: float
    spread: float
    units: int
    p_value: float
    error: float


@dataclass(frozen=True)
class Moved:
    """A source (column of the counts) whose share of the ads moved between two periods (rows): shares, as fractions."""

    source: int
    first: int
    last: int
    before: float
    after: float


def moved_sources(counts: NDArray[np.int64]) -> list[Moved]:
    """Sources whose share of the ads moved by SHARE_MOVED or more from one period to the next.

    Periods with fewer than LEAST_ADS ads have no mix to speak of: those around them are compared with each other.

    `counts`: ads by period and source.
    """
    large = np.flatnonzero(counts.sum(axis=1) >= LEAST_ADS)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return [
        Moved(int(source), int(first), int(last), float(shares[first, source]), float(shares[last, source]))
        for source in range(counts.shape[1])
        for first, last in pairwise(large)
        if abs(shares[last, source] - shares[first, source]) >= SHARE_MOVED
    ]


def mix_distance(first: Sums, last: Sums) -> tuple[float, float]:
    """How far the occupations of a source moved between two periods: total variation (0–1), p-value of no move.

    One row per occupation. The test is Pearson's over both periods, divided by the mean design effect, as ads of one
    employer resemble each other (first-order correction of Rao & Scott 1981).
    """
    p, q = _shares(first), _shares(last)
    distance = float(np.abs(p - q).sum() / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (first.x + last.x) / (first.n + last.n)
    used = (pooled > 0) & (pooled < 1)
    freedom = int(used.sum()) - 1
    if freedom < 1:
        return distance, float("nan")
    away = ((side.n * (share - pooled) ** 2)[used] / pooled[used] for side, share in ((first, p), (last, q)))
    statistic = float(sum(part.sum() for part in away))
    effect = np.nan_to_num(np.fmax(design_effect(first), design_effect(last)), nan=1.0)
    mean_effect = float(((1 - pooled) * effect)[used].sum() / freedom)
    return distance, float(stats.chi2.sf(statistic / max(mean_effect, 1.0), freedom))


def steps(units: Sequence[Sums]) -> list[Jump]:
    """The step of a share into each period but the first; `units`: per period, one row per occupation."""
    if len(units) < 2:
        return []
    # All periods at once: there are thousands of skills, and each call takes longer than the numbers in it.
    whole = Sums(*(np.stack([getattr(unit, name) for unit in units]) for name in ("x", "n", "g", "xx", "xn", "nn")))
    with np.errstate(divide="ignore", invalid="ignore"):
        effect, share = design_effect(whole), _shares(whole)
        variance = effect * (1 / whole.x - 1 / whole.n)  # of the logarithm of the share, see `log_ratio_error`
    return [
        _step(at, *(values[at - 1 : at + 1] for values in (whole.x, effect, share, variance)))
        for at in range(1, len(units))
    ]


def usual_step(found: Iterable[Sequence[Jump]]) -> float:
    """How much skills move in their only step: median size, as a logarithm, of those heard; NaN for few."""
    sizes = [abs(np.log(own[0].ratio)) for own in found if len(own) == 1 and own[0].units >= _LEAST_UNITS]
    return float(np.median(sizes)) if len(sizes) >= _LEAST_SKILLS else float("nan")


def named_otherwise(skills: Sequence[tuple[Sequence[Jump], float]]) -> list[tuple[Jump, float] | None]:
    """Of each skill (its steps, and what is `usual` beside it) the step that is a change of wording with its adjusted
    p-value, or None; the skills given are one family, declared before any is looked at.

    The p-value of a skill is that of its sudden step times the number of its steps (Bonferroni), 1 where it has none;
    the false-discovery rate over the family is held at WORDING_FDR (Benjamini & Hochberg 1995).
    """
    sudden = [sudden_step(own, usual) for own, usual in skills]
    p = [
        1.0 if step is None else min(step.p_value * len(own), 1.0)
        for step, (own, _) in zip(sudden, skills, strict=True)
    ]
    q = benjamini_hochberg(np.array(p))
    return [
        (step, float(value)) if step is not None and value <= WORDING_FDR else None
        for step, value in zip(sudden, q, strict=True)
    ]


def sudden_step(found: Sequence[Jump], usual: float = float("nan")) -> Jump | None:
    """The step that looks like a change of wording: large, alike everywhere, and unlike the other steps.

    Of a skill with one step only, that is of two periods, it is one that falls, three times as far as skills `usual`ly
    move in it (see `usual_step`): a new skill may well rise everywhere at once, but need for one seldom ends so.
    """
    heard = {i: abs(np.log(step.ratio)) for i, step in enumerate(found) if step.units >= _LEAST_UNITS}
    if not heard or max(heard.values()) < abs(np.log(1 - NAMED_MOVED)):
        return None
    at = max(heard, key=lambda i: heard[i])
    others = [size for i, size in heard.items() if i != at]
    # Steps too small to be heard do not show that the skill stood still: one that is new grows in every year.
    sudden = heard[at] >= 3 * float(np.median(others)) if others else _alone(found, usual)
    alike = found[at].spread <= _ALIKE * heard[at]
    return found[at] if sudden and alike else None


def _alone(found: Sequence[Jump], usual: float) -> bool:
    """Whether the only step is a fall far beyond what is usual."""
    return len(found) == 1 and found[0].ratio < 1 and bool(-np.log(found[0].ratio) >= 3 * usual)


def coded_otherwise(first: Sums, last: Sums) -> tuple[Floats, Floats]:
    """Ratio, last to first, of the share of ads with any skill, and its p-value, row by row."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = _shares(last) / _shares(first)
        z = np.log(ratio) / log_ratio_error(first, last)
    return ratio, 2 * stats.norm.sf(np.abs(z))


def _shares(sums: Sums) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums.n > 0, sums.x / sums.n, 0.0)


def _step(at: int, x: Floats, effect: Floats, share: Floats, variance: Floats) -> Jump:
    """The step into period `at`, given what is known of the period before and of it, [2, occupation]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        heard = x.min(axis=0) / np.fmax(*effect) >= _LEAST_COUNT
        ratio = np.log(share[1, heard] / share[0, heard])
        variance = np.sqrt(variance[0, heard] + variance[1, heard]) ** 2
    known = np.isfinite(ratio) & (variance > 0)  # where all ads ask it, its share has no error to weigh by
    ratio, variance = ratio[known], variance[known]
    if not len(ratio):
        return Jump(at, float("nan"), float("nan"), 0, float("nan"), float("nan"))
    spread2 = _between(ratio, variance)
    weight = 1 / (variance + spread2)
    pooled = float((weight * ratio).sum() / weight.sum())
    p_value = 2 * stats.norm.sf(abs(pooled) * np.sqrt(weight.sum()))
    error = float(1 / np.sqrt(weight.sum()))
    return Jump(at, float(np.exp(pooled)), float(np.sqrt(spread2)), len(ratio), float(p_value), error)


def _between(values: Floats, variance: Floats) -> float:
    """τ², the variance between units beyond chance (DerSimonian & Laird 1986); 0 where there is none."""
    weight = 1 / variance
    mean = (weight * values).sum() / weight.sum()
    q = (weight * (values - mean) ** 2).sum()
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return float(max(0.0, (q - (len(values) - 1)) / scale)) if scale > 0 else 0.0
