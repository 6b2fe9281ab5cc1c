"""What an experiment did: difference in differences, a matched comparison, a lot, or before and after as a description.

Each unit is brought back to its mean before and its mean after the start, so that errors that hang together over time
do not count as independent (Bertrand, Duflo & Mullainathan 2004).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from overstap.errors import InputError
from overstap.experiments.evidence import CLAIM, ladder, step, verdict
from overstap.experiments.match import SMD_MOST, Matching, match
from overstap.experiments.panel import Bools, Floats, Ints, Panel, without_periods
from overstap.experiments.regress import FEW, FEW_IN_GROUP, Fit, coefficient, ols

TREND_P = 0.05
LOST = (0.2, 0.1)  # share of units lost after the start, and difference between groups, from which a lot did not hold
_FEW_TREATED = 3  # clusters in a group below which no error can be known (MacKinnon & Webb 2017)


@dataclass(frozen=True)
class Asked:
    """What an evaluation is to be made with."""

    design: str = "auto"
    random: bool = False
    confidence: float = 0.95
    power: float = 0.8
    min_units: int = 10
    draws: int = 999
    seed: int = 1


@dataclass(frozen=True)
class Event:
    """The difference between the groups in one period, against the last one before the start."""

    period: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """An estimate with its interval, what it rests on and how far it may be read as an effect. None: not known."""

    design: str
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    error: float | None
    verdict: str
    maryland: int
    treated_n: int
    control_n: int
    clusters_n: int
    missing_n: int
    left_out_n: int
    pretrend_p: float | None
    smallest_seen: float | None
    cautions: tuple[str, ...]
    events: tuple[Event, ...] = ()
    balance: Matching | None = None

    @property
    def is_effect(self) -> bool:
        """Whether it may be read as an effect."""
        return self.value is not None and self.maryland >= CLAIM

    @property
    def ladder(self) -> str:
        """The rung of the Dutch ladder of evidence."""
        return ladder(self.maryland)


def evaluate(panel: Panel, asked: Asked) -> Outcome:
    """The outcome of an experiment by the design asked, or the strongest that the panel allows.

    Raises `InputError` where the panel does not bear the design.
    """
    design = strongest(panel, asked.random) if asked.design == "auto" else asked.design
    made: dict[str, Callable[[Panel, Asked], Outcome]] = {
        "did": _did, "matched": _matched, "difference": _difference, "before_after": _before_after,
    }  # fmt: skip
    _check(panel, design, asked.random)
    return made[design](panel, asked)


def strongest(panel: Panel, random: bool) -> str:
    """The design with the strongest evidence that the panel allows."""
    before, control = bool(panel.before.any()), not panel.treated.all()
    if control and before:
        return "did"
    if control and random:
        return "difference"
    if control and panel.names:
        return "matched"
    if before:
        return "before_after"
    times = f"one period, {panel.periods[0]}" if len(panel.periods) == 1 else f"no period before {panel.start}"
    raise InputError(
        f"The file has {times}, so nothing tells how people stood before the start.",
        why="Without that, who took part may have differed from the others all along.",
        fix="Add a measurement before the start"
        + (
            ", and people who did not take part."
            if panel.treated.all()
            else "; or name covariates to match on (--covariate age); or, where a lot decided, say --assigned random."
        ),
    )


def _check(panel: Panel, design: str, random: bool) -> None:
    before, control = bool(panel.before.any()), not panel.treated.all()
    if design != "before_after" and not control:
        raise InputError(
            "Everyone takes part, so there is nobody to compare with.",
            fix="Add units that did not take part, or describe the change: design before_after.",
        )
    if design in ("did", "before_after") and not before:
        raise InputError(
            f"There is no period before the start ({panel.start}).",
            why=f"The file has {', '.join(map(str, panel.periods))}.",
            fix="Add a measurement before the start, or compare matched units: design matched.",
        )
    if design == "matched" and not (panel.names or before):
        raise InputError("There is nothing to match on.", fix="Name covariates, or add a period before the start.")
    if design == "difference" and not random:
        raise InputError(
            "A plain difference afterwards says something only where a lot decided who took part.",
            fix="Say assigned: random where that is so; else use did or matched.",
        )


def _did(panel: Panel, asked: Asked) -> Outcome:
    level = without_periods(panel)
    change = panel.mean(~panel.before, level) - panel.mean(panel.before, level)
    known, covariates = ~np.isnan(change), panel.covariates
    cautions = [*_lost(panel, asked), *_missing(panel)]
    if asked.random and covariates.shape[1]:
        known &= ~np.isnan(covariates).any(axis=1)
    if small := _too_few(panel, known, "did", asked):
        return small
    columns = [np.ones(known.sum()), panel.treated[known].astype(float)]
    if asked.random:  # a lot makes covariates safe to take out; without one they would need a model of trends
        columns += list((covariates[known] - covariates[known].mean(axis=0)).T)
    fit = _fit(change[known], np.column_stack(columns), 1, panel, known, "did", asked)
    events, trend = _events(panel, known, asked.confidence)
    if trend is None:
        cautions.append("one_before")
    elif trend < TREND_P and not asked.random:
        cautions.append("trend")
    return _outcome(panel, known, "did", fit, asked, cautions, events=events, pretrend_p=trend)


def _events(panel: Panel, known: Bools, confidence: float) -> tuple[tuple[Event, ...], float | None]:
    """The difference between the groups by period, and the p-value of equal trends before (None: one period before).

    Each unit's outcome is taken against its own in the last period before the start, and regressed on period and on
    period by taking part; the differences before are tested together.
    """
    base = int(np.flatnonzero(panel.before)[-1])
    y, where, who = [], [], []
    kept: list[int] = []
    for i in range(len(panel.periods)):
        moved = panel.outcome[:, i] - panel.outcome[:, base]
        some = np.flatnonzero(known & ~np.isnan(moved))
        if i != base and {True, False} == set(panel.treated[some].tolist()) and len(some) > 3:
            y.append(moved[some])
            where.append(np.full(len(some), len(kept)))
            who.append(some)
            kept.append(i)
    if not y:
        return (), None
    rows, period = np.concatenate(who), np.concatenate(where)
    dummies = (period[:, None] == np.arange(len(y))).astype(float)
    x = np.hstack([dummies, dummies * panel.treated[rows, None]])
    made = ols(np.concatenate(y), x, panel.clusters[rows])
    ends = made.conf_int(1 - confidence)
    n = len(y)
    events = tuple(
        Event(panel.periods[i], float(made.params[n + j]), float(ends[n + j][0]), float(ends[n + j][1]))
        for j, i in enumerate(kept)
    )
    early = [n + j for j, i in enumerate(kept) if i < base]
    if not early:
        return events, None
    restrict = np.zeros((len(early), 2 * n))
    restrict[range(len(early)), early] = 1.0
    p = float(made.f_test(restrict).pvalue)
    return events, p if np.isfinite(p) else None


def _matched(panel: Panel, asked: Asked) -> Outcome:
    has_before = bool(panel.before.any())
    after = panel.mean(~panel.before)
    before = panel.mean(panel.before) if has_before else np.zeros(len(after))
    x = np.column_stack([panel.covariates, before]) if has_before else panel.covariates
    names = (*panel.names, *(("outcome_before",) if has_before else ()))
    known = ~np.isnan(after - before) & ~np.isnan(x).any(axis=1)
    if small := _too_few(panel, known, "matched", asked):
        return small
    paired = match(x[known], panel.treated[known], names)
    used = known.copy()
    used[known] = paired.weights > 0
    weights = np.sqrt(paired.weights[paired.weights > 0])
    apart = x[used] - x[used & panel.treated].mean(axis=0)
    columns = np.column_stack([np.ones(used.sum()), panel.treated[used], apart[:, np.ptp(apart, axis=0) > 0]])
    value = (after - before)[used] if has_before else after[used]
    fit = _fit(value * weights, columns * weights[:, None], 1, panel, used, "matched", asked)
    cautions = [*_missing(panel), *(["unlike"] if paired.worst > SMD_MOST else [])]
    return _outcome(panel, used, "matched", fit, asked, cautions, balance=paired)


def _difference(panel: Panel, asked: Asked) -> Outcome:
    after = panel.mean(~panel.before)
    known = ~np.isnan(after) & ~np.isnan(panel.covariates).any(axis=1)
    if small := _too_few(panel, known, "difference", asked):
        return small
    covariates = panel.covariates[known]
    x = np.column_stack([np.ones(known.sum()), panel.treated[known], covariates - covariates.mean(axis=0)])
    fit = _fit(after[known], x, 1, panel, known, "difference", asked)
    return _outcome(panel, known, "difference", fit, asked, [*_lost(panel, asked), *_missing(panel)])


def _before_after(panel: Panel, asked: Asked) -> Outcome:
    change = panel.mean(~panel.before) - panel.mean(panel.before)
    known = ~np.isnan(change) & panel.treated
    if small := _too_few(panel, known, "before_after", asked):
        return small
    ones = np.ones((int(known.sum()), 1))
    fit = _fit(change[known], ones, 0, panel, known, "before_after", asked)
    return _outcome(panel, known, "before_after", fit, asked, ["no_comparison", *_missing(panel)])


def _fit(y: Floats, x: Floats, at: int, panel: Panel, used: Bools, design: str, asked: Asked) -> Fit:
    few = "few_clusters" in _clusters(panel, used, design)
    return coefficient(y, x, panel.clusters[used], at, asked.confidence, asked.draws, asked.seed, few=few)


def _too_few(panel: Panel, known: Bools, design: str, asked: Asked) -> Outcome | None:
    """An outcome without numbers where a group is smaller than the study shows."""
    treated, control = int((known & panel.treated).sum()), int((known & ~panel.treated).sum())
    smallest = treated if design == "before_after" else min(treated, control)
    if smallest >= asked.min_units:
        return None
    left = len(panel.units) - int(known.sum())
    return Outcome(
        design, None, None, None, None, None, "too_few", 1, treated, control, 0, panel.missing, left, None, None,
        ("too_few",),
    )  # fmt: skip


def _missing(panel: Panel) -> list[str]:
    return ["missing"] if panel.missing or panel.absent else []


def _lost(panel: Panel, asked: Asked) -> list[str]:
    """Whether units measured before were lost afterwards, so many or so unequally that the groups no longer compare."""
    start = ~np.isnan(panel.mean(panel.before)) if panel.before.any() else np.ones(len(panel.units), dtype=bool)
    gone = start & np.isnan(panel.mean(~panel.before))
    shares = [gone[group & start].mean() if (group & start).any() else 0.0 for group in (panel.treated, ~panel.treated)]
    lost = max(shares) > LOST[0] or abs(shares[0] - shares[1]) > LOST[1]
    return ["attrition"] if lost else []


def _outcome(
    panel: Panel,
    used: Bools,
    design: str,
    fit: Fit,
    asked: Asked,
    cautions: list[str],
    *,
    events: tuple[Event, ...] = (),
    pretrend_p: float | None = None,
    balance: Matching | None = None,
) -> Outcome:
    from scipy import stats

    cautions += _clusters(panel, used, design)
    has_before = bool(panel.before.any())
    maryland = step(design, random=asked.random, has_before=has_before, cautions=tuple(cautions))
    ends = (1 + asked.confidence) / 2, asked.power
    seen = sum(float(stats.t.ppf(end, max(fit.freedom, 1))) for end in ends) * fit.error
    return Outcome(
        design, fit.value, fit.low, fit.high, fit.p, fit.error,
        verdict(fit.low, fit.high, claimed=maryland >= CLAIM), maryland,
        int((used & panel.treated).sum()), int((used & ~panel.treated).sum()), _count(panel.clusters[used]),
        panel.missing, int((~used & (panel.treated | (design in ("did", "difference")))).sum()),
        pretrend_p, seen if np.isfinite(seen) else None, tuple(cautions), events, balance,
    )  # fmt: skip


def _clusters(panel: Panel, used: Bools, design: str) -> list[str]:
    """Cautions on clusters: few in all or in a group, or so few there that no error can be known."""
    groups = [panel.clusters[used & panel.treated], panel.clusters[used & ~panel.treated]]
    counts = [_count(group) for group in (groups[:1] if design == "before_after" else groups)]
    is_few = _count(panel.clusters[used]) < FEW or min(counts) < FEW_IN_GROUP
    found = ["few_clusters"] if is_few else []
    return [*found, "few_treated"] if min(counts) < _FEW_TREATED else found


def _count(codes: Ints) -> int:
    return len(np.unique(codes))
