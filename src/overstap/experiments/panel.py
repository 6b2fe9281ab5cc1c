"""The file of an experiment: a row per unit and period, checked; what is missing is counted, not dropped unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from overstap.errors import InputError, nearest
from overstap.study_initiatives import Experiment

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_ROUNDS = 500  # of fitting units and periods in turn
_MISSING = ("", "na", "nan", "null", "none", ".", "onbekend", "unknown")


@dataclass(frozen=True)
class Panel:
    """Outcomes of units (rows) by period (columns), NaN where missing, and who took part from `start` on.

    `clusters` numbers the group of each unit, `covariates` has a column per name, with the first value that a unit
    gives; `missing` counts the rows of the file without an outcome, `absent` the cells of unit and period without a
    row.
    """

    units: tuple[str, ...]
    periods: tuple[int, ...]
    start: int
    outcome: Floats
    treated: Bools
    clusters: Ints
    covariates: Floats
    names: tuple[str, ...]
    missing: int
    absent: int

    @property
    def before(self) -> Bools:
        """Which periods lie before the start."""
        return np.array(self.periods) < self.start

    def mean(self, periods: Bools, outcome: Floats | None = None) -> Floats:
        """The mean outcome (or what is given in its place) of each unit over some periods; NaN where it has none."""
        some = (self.outcome if outcome is None else outcome)[:, periods]
        n = (~np.isnan(some)).sum(axis=1)
        with np.errstate(invalid="ignore"):
            found: Floats = np.where(n > 0, np.nansum(some, axis=1) / np.maximum(n, 1), np.nan)
        return found


def without_periods(panel: Panel) -> Floats:
    """The outcome less what each period did to everyone, so that a unit seen in other periods can be compared.

    Periods are fitted together with units on what the experiment did not touch: who did not take part, and all before
    the start (Borusyak, Jaravel & Spiess 2024). Where no outcome is missing, a difference of changes stays the same. A
    period in which only those who take part were seen is left out (NaN).
    """
    y = panel.outcome
    known = ~np.isnan(y)
    if known.all():
        return y
    free = known & (~panel.treated[:, None] | panel.before)
    unit, period = np.zeros((len(y), 1)), np.zeros((1, y.shape[1]))
    for _ in range(_ROUNDS):
        last, unit = period, _mean_of(y - period, free, axis=1)
        period = _mean_of(y - unit, free, axis=0)
        if np.abs(period - last).max() < 1e-10 * (1 + np.abs(period).max()):
            break
    made: Floats = y - np.where(free.any(axis=0), period, np.nan)
    return made


def _mean_of(values: Floats, some: Bools, axis: int) -> Floats:
    """Means over some of the cells, nought where there is none."""
    n = some.sum(axis=axis, keepdims=True)
    return np.asarray(np.where(some, values, 0.0).sum(axis=axis, keepdims=True) / np.maximum(n, 1))


def read_panel(path: Path, asked: Experiment) -> Panel:
    """The panel of a CSV. Raises `InputError` that names the row or the reason why nothing can be evaluated."""
    from overstap.sources.tables import csv_rows

    columns = [asked.unit, asked.time, asked.treated, asked.outcome, *asked.covariates]
    columns += [asked.cluster] if asked.cluster else []
    fix = "Name the columns: unit, time, treated, outcome, covariates, cluster."
    rows = csv_rows(path, columns, "Name a CSV with a row per unit and period.", fix)
    if not rows:
        raise InputError(f"{path} has no rows.", fix="Give a row per unit and period.")
    return _panel(path.name, rows, asked)


def _panel(name: str, rows: Sequence[Mapping[str, str]], asked: Experiment) -> Panel:
    units: dict[str, int] = {}
    values: dict[tuple[int, int], float] = {}
    first: dict[int, dict[str, float]] = {}
    groups: dict[int, str] = {}
    on: dict[int, dict[int, bool]] = {}
    missing = 0
    for number, row in enumerate(rows, 2):
        where = f"{name}, row {number}"
        code = (row[asked.unit] or "").strip()
        if not code:
            raise InputError(f"{where}: {asked.unit} is empty.", fix="Give every row the code of its unit.")
        unit, period = units.setdefault(code, len(units)), _period(where, asked.time, row[asked.time])
        if (unit, period) in values:
            raise InputError(f"{where}: {code} in {period} is given twice.", fix="Keep one row per unit and period.")
        value = _number(where, asked.outcome, row[asked.outcome])
        missing += np.isnan(value)
        values[unit, period] = value
        on.setdefault(unit, {})[period] = _flag(where, asked.treated, row[asked.treated])
        seen = first.setdefault(unit, {})
        for covariate in asked.covariates:
            given = _number(where, covariate, row[covariate])
            if not np.isnan(given):
                seen.setdefault(covariate, given)
        group = (row[asked.cluster] or "").strip() if asked.cluster else code
        if groups.setdefault(unit, group) != group or not group:
            why = "A unit stays in one cluster." if group else "It is empty."
            raise InputError(f"{where}: {asked.cluster} of {code} is '{group}'.", why=why)
    periods = tuple(sorted({period for _, period in values}))
    treated, start = _treatment(name, asked, list(units), on, periods)
    outcome = np.full((len(units), len(periods)), np.nan)
    at = {period: i for i, period in enumerate(periods)}
    for (unit, period), value in values.items():
        outcome[unit, at[period]] = value
    numbers = {group: i for i, group in enumerate(dict.fromkeys(groups[unit] for unit in range(len(units))))}
    known = outcome[~np.isnan(outcome)]
    if known.size > 1 and np.ptp(known) == 0:
        raise InputError(
            f"{name}: {asked.outcome} is {known[0]:g} in every row.",
            why="What is the same for all and always shows no difference.", fix="Name the column of what is measured.",
        )  # fmt: skip
    covariates = [[first[unit].get(name, np.nan) for name in asked.covariates] for unit in range(len(units))]
    return Panel(
        tuple(units), periods, start, outcome, treated,
        np.array([numbers[groups[unit]] for unit in range(len(units))], dtype=np.int64),
        np.array(covariates, dtype=float).reshape(len(units), len(asked.covariates)),
        tuple(asked.covariates), int(missing), len(units) * len(periods) - len(values),
    )  # fmt: skip


def _treatment(
    name: str, asked: Experiment, units: list[str], on: Mapping[int, Mapping[int, bool]], periods: tuple[int, ...]
) -> tuple[Bools, int]:
    """Who takes part, and the first period with the experiment."""
    treated = np.array([any(on[unit].values()) for unit in range(len(units))])
    if not treated.any():
        raise InputError(
            f"{name}: nobody takes part: {asked.treated} is 0 in every row.", fix="Write 1 for who takes part."
        )
    starts: dict[int, str] = {}
    for unit in np.flatnonzero(treated).tolist():
        flags = on[unit]
        begin = min(period for period, flag in flags.items() if flag)
        if not all(flag for period, flag in flags.items() if period >= begin):
            raise InputError(
                f"{name}: {units[unit]} takes part from {begin} and stops again.",
                why="An effect is measured from a start on.", fix="Leave out the periods after it stopped.",
            )  # fmt: skip
        if begin > min(flags):
            starts.setdefault(begin, units[unit])
    if len(starts) > 1:
        told = "; ".join(f"{unit} in {period}" for period, unit in sorted(starts.items()))
        raise InputError(
            f"{name}: not everyone begins at the same time: {told}.",
            why="Units that began earlier would be compared with as if they had not (Goodman-Bacon 2021).",
            fix="Make a file per start, with those who began then and a part of those who never took part, each of "
            "them in one file only, and evaluate each; experiments of one measure are then laid together. Or use an "
            "estimator for staggered starts, such as that of Callaway and Sant'Anna (2021), outside this program.",
        )
    start = asked.start if asked.start is not None else next(iter(starts), None)
    if start is None and len(periods) == 1:
        return treated, periods[0]  # measured once, afterwards
    if start is None:
        raise InputError(
            f"{name}: it is not told when the experiment began: {asked.treated} is the same in every period.",
            fix="Give the first period with it: start, or --start.",
        )
    if start > periods[-1]:
        raise InputError(
            f"{name}: there is no period after the start: it began in {start}, the last period is {periods[-1]}.",
            fix="Wait for an outcome, or mend the start.",
        )
    return treated, start


def _period(where: str, name: str, given: str | None) -> int:
    text = (given or "").strip()
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if not number.is_integer() if np.isfinite(number) else True:
        raise InputError(f"{where}: {name} is '{text}'.", fix="Write a whole number: 2024, or 1, 2, 3 for quarters.")
    return int(number)


def _flag(where: str, name: str, given: str | None) -> bool:
    text = (given or "").strip().lower()
    known = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False, "yes": True, "no": False,
             "ja": True, "nee": False}  # fmt: skip
    if text not in known:
        raise InputError(f"{where}: {name} is '{given}'.", why=nearest(text, known), fix="Write 1 or 0.")
    return known[text]


def _number(where: str, name: str, given: str | None) -> float:
    """The number of a cell; NaN where it is missing."""
    text = (given or "").strip()
    if text.lower() in _MISSING:
        return np.nan
    try:
        value = float(text if "." in text else text.replace(",", "."))
    except ValueError:
        value = np.inf
    if not np.isfinite(value):
        raise InputError(f"{where}: {name} is '{text}', no number.", fix="Leave a cell empty where it is missing.")
    return value
