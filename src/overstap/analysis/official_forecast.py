"""Forecasts of official vacancies: a table of periods in, the next periods with their bounds out.

Quarters are carried forward (see `overstap.analysis.forecast`); a year is the mean of its quarters where the table has
both, so that the two cannot disagree, and is carried forward by itself where it has none or too few. Gaps of up to a
year are bridged between their neighbours, and said; what stands before a longer one is not used. No series is carried
further ahead than its own past tests (`overstap.analysis.forecast.reach`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from overstap.analysis.forecast import LEAST_PERIODS, BackTest, forecast, half_width, reach
from overstap.analysis.periods import Period, parse_period
from overstap.analysis.uncertainty import Floats
from overstap.errors import InputError

_FAR = 3  # years
_MADE_UP = 0.25  # share of a series above which gaps are not bridged


@dataclass(frozen=True)
class Ahead:
    """One code in one coming period, in the unit of the input, with the bounds of an 80 % interval."""

    code: str
    period: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """Rows in the order of the input; back-tests by periods in a year and periods known; what is left out, by code and
    periods in a year, with why; what a reader should know of the others."""

    rows: list[Ahead]
    tests: Mapping[tuple[int, int], BackTest]
    left_out: Mapping[tuple[str, int], str]
    notes: Sequence[str] = ()


def forecast_table(
    rows: Iterable[tuple[str, str, float | None]], until: Period, unit: float, coverage: float = 0.8
) -> Result:
    """Forecasts of (code, period, value) up to and with `until`.

    A series too short for any test is carried on for a year at most, without bounds; any other as far as it is tested.
    `unit`: what values are rounded to; nothing below half of it is told apart from none. Raises InputError for a period
    that cannot be read or is given twice, and where no series can be carried as far as `until`.
    """
    series, style = _series(rows)
    out: dict[tuple[str, int], list[Ahead]] = {}
    left_out: dict[tuple[str, int], str] = {}
    notes: list[str] = []
    tests: dict[tuple[int, int], BackTest] = {}
    made: dict[str, list[tuple[int, float, Floats]]] = {}
    furthest: list[tuple[bool, Period]] = []  # whether series are carried as far as asked, and to where they can be
    for length in (12, 4, 1):
        groups: dict[tuple[int, int], list[str]] = {}
        for code, values in ((c, v) for (c, k), v in series.items() if k == length):
            if (code, 4) in out:  # its years are made of its quarters
                continue
            values, bridged = _bridged(values, length)
            run = _last_run(values)
            if len(run) < LEAST_PERIODS:
                left_out[code, length] = f"{len(run)} periods in a row up to its last one, of at least {LEAST_PERIODS}"
            elif not any(values[t] for t in run):
                left_out[code, length] = "every value is 0"
            elif until.at(length).number > run[-1]:
                groups.setdefault((run[0], run[-1]), []).append(code)
                series[code, length] = values
                if inside := sum(t in bridged for t in run):
                    notes.append(
                        f"{code}: {inside} of {len(run)} periods had no figure and lie between their neighbours."
                    )
                if unused := sum(v is not None for t, v in values.items() if t < run[0]):
                    first_used = style[code, length].named(run[0])
                    notes.append(
                        f"{code}: what stands before its last gap is not used: {unused} periods before {first_used}."
                    )
        for (first, last), codes in groups.items():
            z = np.log([[max(series[c, length][t] or 0.0, unit / 2) for t in range(first, last + 1)] for c in codes])
            wanted, most = until.at(length).number - last, reach(z.shape[1], length) or length
            end = replace(style[codes[0], length], number=last + most)
            furthest.append((wanted <= most, end))
            if wanted > most:
                notes.append(f"{_whose(codes)}: nothing after {end.named(end.number)}; its past tests no more.")
            found = forecast(z, min(wanted, most), length, coverage)
            if found.back_test:
                tests[length, z.shape[1]] = found.back_test
            notes += _untested(codes, style[codes[0], length].named(last), found.low, length)
            for i, code in enumerate(codes):
                periods = [style[code, length].named(last + 1 + h) for h in range(found.value.shape[1])]
                bounds = np.exp(np.stack([found.value[i], found.low[i], found.high[i]], axis=1))
                out[code, length] = [Ahead(code, p, *map(float, b)) for p, b in zip(periods, bounds, strict=True)]
                if length == 4 and (code, 1) in series:
                    made[code] = [(last, float(found.step[i]), found.errors)]
    if furthest and not any(reached for reached, _ in furthest):
        longest = max((end for _, end in furthest), key=lambda end: (end.number + 1) / end.length)
        raise InputError(
            f"No series can be forecast as far as {longest.named(until.at(longest.length).number)}.",
            why="The past of none is long enough to test a forecast so far ahead.",
            fix=f"Choose --until {longest.named(longest.number)} or earlier.",
        )
    for code, ((last, step, errors),) in made.items():
        known = series[code, 4]
        out[code, 1] = _years(code, known, out[code, 4], last, step, errors, style[code, 1], until, coverage)
    order = [key for key in series if key in out]
    return Result([row for key in order for row in out[key]], tests, left_out, notes)


def _untested(codes: Sequence[str], last: str, low: Floats, length: int) -> list[str]:
    """The word on series that are too short for bounds, or on periods beyond _FAR."""
    ahead = low.shape[1]
    if not np.isfinite(low).any():
        return [f"{_whose(codes)}: untested, as its past is too short: values after {last} have no interval."]
    if ahead > _FAR * length:
        return [f"{_whose(codes)}: {ahead} periods after {last} is far; beyond {_FAR} years a forecast says little."]
    return []


def _whose(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{len(codes)} series"


def _years(
    code: str,
    known: Mapping[int, float | None],
    ahead: Sequence[Ahead],
    last: int,
    step: float,
    errors: Floats,
    style: Period,
    until: Period,
    coverage: float,
) -> list[Ahead]:
    """Means of the four quarters of each year that is not known in full, up to `until`, where all four are given."""
    rows = []
    for year in range((last + 1) // 4, until.at(1).number + 1):
        quarters = range(4 * year, 4 * year + 4)
        if quarters[-1] > last + len(ahead):
            break
        new = [t - last - 1 for t in quarters if t > last]
        values = [ahead[t - last - 1].value if t > last else known.get(t) for t in quarters]
        if None in values:
            continue
        value = float(np.mean([v for v in values if v is not None]))
        # Errors of a mean of quarters, those that are known having none.
        half = float(half_width(errors[:, :, new].sum(axis=2, keepdims=True) / 4, coverage)[0]) * step
        rows.append(Ahead(code, style.named(year), value, value * np.exp(-half), value * np.exp(half)))
    return rows


def _series(
    rows: Iterable[tuple[str, str, float | None]],
) -> tuple[dict[tuple[str, int], dict[int, float | None]], dict[tuple[str, int], Period]]:
    """Values by code and periods in a year, by number of the period; and a period to copy the spelling of."""
    series: dict[tuple[str, int], dict[int, float | None]] = {}
    style: dict[tuple[str, int], Period] = {}
    for number, (code, text, value) in enumerate(rows, 2):
        period = parse_period(text)
        if period is None:
            raise InputError(
                f"Row {number}: the period '{text}' cannot be read.",
                fix="Write quarters as 2019Q3 or 2019KW03, months as 2019-03 or 2019MM03, years as 2019 or 2019JJ00.",
            )
        values = series.setdefault((code, period.length), {})
        if period.number in values:
            raise InputError(
                f"Row {number}: {code} is given twice for {text}.", fix="Keep one row per code and period."
            )
        values[period.number] = value
        style[code, period.length] = period
    return series, style


def _bridged(values: Mapping[int, float | None], length: int) -> tuple[dict[int, float | None], set[int]]:
    """The values with gaps of at most a year filled in a straight line between their neighbours, and which are filled.

    None are filled where more than _MADE_UP of the periods would be.
    """
    known = sorted(t for t, value in values.items() if value is not None)
    filled: dict[int, float | None] = {}
    for before, after in pairwise(known):
        start, end = values[before] or 0.0, values[after] or 0.0
        if 1 < after - before <= length + 1:
            filled |= {t: start + (end - start) * (t - before) / (after - before) for t in range(before + 1, after)}
    if len(filled) > _MADE_UP * (len(known) + len(filled)):
        return dict(values), set()
    return {**values, **filled}, set(filled)


def _last_run(values: Mapping[int, float | None]) -> list[int]:
    """The periods of the last stretch without a gap."""
    known = sorted(t for t, value in values.items() if value is not None)
    run: list[int] = []
    for t in reversed(known):
        if run and run[-1] != t + 1:
            break
        run.append(t)
    return run[::-1]
