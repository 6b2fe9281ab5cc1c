"""Where shares go: forecasts of what is asked, from its shares per quarter, tested on their own past.

Shares are carried on as log odds, on which changes add up and no bound leaves 0–100 %. What the data cannot carry gets
no number but the reason why (`NOTES` of the contract).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import special

from overstap.analysis.codes import Codes
from overstap.analysis.cross import cross
from overstap.analysis.forecast import LEAST_PERIODS, Forecast, forecast
from overstap.analysis.market import Row, known, table_of
from overstap.analysis.periods import parse_period
from overstap.analysis.uncertainty import Floats
from overstap.schema.out import ALL, UNKNOWN

HORIZON = 8  # quarters
COVERAGE = 0.8
# On simulated diffusion over 24 quarters errors are a fifth lower than those of `forecast.COMBINED`, on random walks
# 3 % higher. Where the past is too short for `common` it is the last value.
WEIGHTS: Mapping[str, float] = {"common": 1, "damped_trend": 1, "diffusion": 1}
_LEAST_COUNT = 10  # vacancies with the item in half of the quarters
_A_YEAR = 4
# Kinds that are tested and bounded together: errors of single skills are not those of wholes.
_TOGETHER = (("category_group", "category", "function_group"), ("skill",))


@dataclass(frozen=True)
class Series:
    """Vacancies with each item (x) [item, quarter] and all of them (n) [quarter], every quarter from first to last."""

    items: Sequence[tuple[str, str]]  # kind and id
    quarters: Sequence[str]
    x: Floats
    n: Floats


def forecast_table(codes: Codes, skills: Sequence[str], drift: Iterable[Mapping[str, str]] = ()) -> pa.Table:
    """Rows of `out_forecast`: groups, categories, function groups and the given skills, over all vacancies.

    `drift`: rows of `out_drift`. What moved in the feed concerns every share, and the coding those of skills; a skill
    that is worded otherwise concerns its own. Forecasts are fitted to the quarters since the feed last moved, as far
    as these suffice; a flag within the quarters that are fitted to stops those that it concerns, and is the reason.
    """
    flags = sorted(drift, key=lambda r: r["period"])
    rows: list[Row] = []
    for kinds in _TOGETHER:
        whole = quarterly(codes, kinds, skills)
        feed = [r["period"] for r in flags if r["kind"] != "wording"]
        series = next((part for year in reversed(feed) if len((part := since(whole, year)).n) >= LEAST_PERIODS), whole)
        rows += forecast_rows(series, [_reason(flags, series, item) for item in series.items])
    return table_of("out_forecast", rows)


def since(series: Series, year: str) -> Series:
    """The quarters of a series from the first of this year on."""
    at = next((i for i, quarter in enumerate(series.quarters) if quarter[:4] >= year), len(series.quarters))
    return Series(series.items, series.quarters[at:], series.x[:, at:], series.n[at:])


def _reason(flags: Sequence[Mapping[str, str]], series: Series, item: tuple[str, str]) -> str | None:
    """The last flag that concerns an item and lies within its quarters: kind, subject and year."""
    kind, id = item
    for flag in reversed(flags):
        concerns = {"wording": (kind, id) == ("skill", flag["subject"]), "coded": kind != "function_group"}
        if flag["kind"] == "wording" and flag.get("topsector", ALL) != ALL:
            continue
        if concerns.get(flag["kind"], True) and series.quarters and flag["period"] > series.quarters[0][:4]:
            return f"{flag['kind']} {flag['subject']} {flag['period']}"
    return None


def quarterly(codes: Codes, kinds: Sequence[str], skills: Sequence[str]) -> Series:
    """Counts per quarter of the items of these kinds; of skills those that are named."""
    parts = [cross(codes, kind, (), "quarter") for kind in kinds]
    wanted = {kind: set(skills) if kind == "skill" else set(codes.levels(kind)) - {UNKNOWN} for kind in kinds}
    quarters = _every_quarter([q for part in parts for q in pc.unique(part["period"]).to_pylist()])
    place = {quarter: i for i, quarter in enumerate(quarters)}
    items = [(kind, id) for kind, part in zip(kinds, parts, strict=True) for id in _named(part, wanted[kind])]
    number = {item: i for i, item in enumerate(items)}
    x, n = np.zeros((len(items), len(quarters))), np.zeros(len(quarters))
    for kind, part in zip(kinds, parts, strict=True):
        columns = (part[name].to_pylist() for name in ("item_id", "period", "asked_n", "vacancies_n"))
        for id, quarter, asked, vacancies in zip(*columns, strict=True):
            n[place[quarter]] = vacancies
            if (kind, id) in number:
                x[number[kind, id], place[quarter]] = asked
    return Series(items, quarters, x, n)


def forecast_rows(series: Series, reasons: Sequence[str | None]) -> Iterator[Row]:
    """Rows of `out_forecast` of items that are tested together; `reasons`: the drift that stops an item, or None."""
    notes = [_note(series, i, reason is not None) for i, reason in enumerate(reasons)]
    start = series.quarters[0] if series.quarters else None
    carried = np.flatnonzero([note is None for note in notes])
    x, n = series.x[carried], series.n
    found = (
        forecast(special.logit((x + 0.5) / (n + 1)), HORIZON, _A_YEAR, COVERAGE, WEIGHTS, shared=False)
        if len(carried)
        else None
    )
    reached = _reached(found)
    ahead = _ahead(series.quarters)
    for i, (kind, id) in enumerate(series.items):
        note = notes[i] or (None if reached else "untested")
        item: Row = {"item_kind": kind, "item_id": id, "since": start}
        if note or found is None:
            yield {**item, "period": ahead[0], "note": note, "reason": reasons[i] if note == "drift" else None}
            continue
        at = int(np.searchsorted(carried, i))
        for h in range(reached):
            yield {**item, "period": ahead[h], **_values(found, at, h)}


def _values(found: Forecast, at: int, h: int) -> Row:
    tested = found.back_test
    assert tested is not None
    shares = {"share_pct": found.value, "share_low": found.low, "share_high": found.high}
    past = {"mase": tested.error, "naive_mase": tested.naive, "coverage_pct": 100 * tested.coverage}
    return {
        **{name: known(100 * float(special.expit(v[at, h]))) for name, v in shares.items()},
        **{name: known(v[h]) for name, v in past.items()},
        "origins_n": int(np.isfinite(found.errors[:, :, h]).any(axis=1).sum()),
    }


def _reached(found: Forecast | None) -> int:
    """Quarters ahead that enough origins of the past have tested."""
    if found is None or found.back_test is None:
        return 0
    return int(np.isfinite(found.low).any(axis=0).sum())  # never further ahead than nearer by


def _note(series: Series, i: int, moved: bool) -> str | None:
    """Why there is no forecast of an item; None where there is one."""
    x, n = series.x[i], series.n
    if len(n) < LEAST_PERIODS:
        return "short"
    if (n == 0).any() or _without(x, n):
        return "gap"
    if np.median(x) < _LEAST_COUNT:
        return "few"
    return "drift" if moved else None


def _without(x: Floats, n: Floats) -> bool:
    """Whether the item was in no vacancy for a year."""
    longest = run = 0
    for count in x:
        run = run + 1 if count == 0 else 0
        longest = max(longest, run)
    return longest >= _A_YEAR


def _named(part: pa.Table, wanted: AbstractSet[str]) -> list[str]:
    return sorted(set(pc.unique(part["item_id"]).to_pylist()) & wanted)


def _every_quarter(seen: Iterable[str]) -> list[str]:
    """Every quarter from the first to the last that is seen, in order."""
    periods = {name: parse_period(name) for name in set(seen)}
    numbers = {p.number: p for p in periods.values() if p is not None}
    if not numbers:
        return []
    some = numbers[min(numbers)]
    return [some.named(number) for number in range(min(numbers), max(numbers) + 1)]


def _ahead(quarters: Sequence[str]) -> list[str]:
    last = parse_period(quarters[-1]) if quarters else None
    return [last.named(last.number + h) for h in range(1, HORIZON + 1)] if last else [""] * HORIZON
