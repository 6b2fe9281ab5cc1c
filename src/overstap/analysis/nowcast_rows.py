"""`out_nowcast`: official vacancies per quarter and sector, and those that are not published yet, told from the ads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from overstap.analysis.forecast import LEAST_PERIODS
from overstap.analysis.market import Row, known
from overstap.analysis.nowcast import Nowcast, nowcast
from overstap.analysis.periods import parse_period
from overstap.analysis.uncertainty import Floats
from overstap.analysis.weights import WeightSettings
from overstap.reference.totals import quarter_days
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.schema.weights import KINDS

FAR = 4  # quarters after the last official one: later ones are no nowcast
_SLACK = np.timedelta64(7, "D")
LEAST_FOUND = 10  # vacancies found in every quarter of a sector


@dataclass(frozen=True)
class Window:
    """The study's first and last day, and for how many days after its last posting a vacancy counts as open."""

    first: date
    last: date
    live_days: int

    def quarters(self) -> list[str]:
        """The quarters that lie within it whole."""
        number = self.first.year * 4 + (self.first.month - 1) // 3
        names = (f"{n // 4}Q{n % 4 + 1}" for n in range(number, self.last.year * 4 + 4))
        return [q for q in names if self.first <= quarter_days(q)[0] and quarter_days(q)[1] <= self.last]


def nowcast_table(days: pa.Table, totals: pa.Table, window: Window, settings: WeightSettings) -> pa.Table:
    """Rows of `out_nowcast` from `core_days` and `core_totals`.

    Ads are those of feeds that may be weighted and that have vacancies in every quarter, as a feed that comes or goes
    would show as a change of the market. Agencies and unknown sectors count in `all` sectors alone.
    """
    rows: list[Row] = []
    by_feed: dict[str, list[Row]] = defaultdict(list)
    for row in days.to_pylist():
        if row["source_id"] not in settings.refused:
            by_feed[row["source_id"]].append(row)
    feeds = [by_feed[feed] for feed in sorted(by_feed)]
    quarters = window.quarters()
    whole = [_whole(feed, quarters) for feed in feeds]
    some = [i for i in range(len(quarters)) if any(i in found for found in whole)]
    inside = range(some[0], some[-1] + 1) if some else range(0)
    used = [feed for feed, found in zip(feeds, whole, strict=True) if found.issuperset(inside)]
    quarters = [quarters[i] for i in inside]
    for kind in KINDS if used else ():
        rows += _rows(kind, _official(totals, kind), _found(used, quarters, kind, window.live_days), quarters)
    return pa.Table.from_pylist(rows, schema=table_spec("out_nowcast").schema)


def _whole(feed: Sequence[Row], quarters: Sequence[str]) -> set[int]:
    """The quarters (by place) that a feed was there for from begin to end: it posts in each, and neither begins nor
    ends more than a few days within it. A quarter that is not over would pass for a market that fell."""
    days = np.array([row["day"] for row in feed if row["first_n"]], dtype="datetime64[D]")
    if not len(days):
        return set()
    first, last = days.min() - _SLACK, days.max() + _SLACK
    ends = ((i, *np.array(quarter_days(q), dtype="datetime64[D]")) for i, q in enumerate(quarters))
    return {i for i, begin, end in ends if first <= begin and end <= last and ((days >= begin) & (days <= end)).any()}


def _official(totals: pa.Table, kind: str) -> dict[str, dict[int, float]]:
    """Sector → quarter → vacancies; `all` in the quarters of which every sector is known."""
    out: dict[str, dict[int, float]] = defaultdict(dict)
    for row in totals.to_pylist():
        if row[f"{kind}_n"] is not None:
            out[row["sector"]][_number(row["quarter"])] = row[f"{kind}_n"]
    sectors = list(out.values())
    if sectors:
        whole = set.intersection(*(set(values) for values in sectors))
        out[ALL] = {quarter: sum(values[quarter] for values in sectors) for quarter in whole}
    return out


def _found(feeds: Sequence[Sequence[Row]], quarters: Sequence[str], kind: str, live_days: int) -> dict[str, Floats]:
    """Sector → vacancies found in each quarter: first posted in it, or live at its end."""
    ends = np.array([quarter_days(q) for q in quarters], dtype="datetime64[D]").reshape(-1, 2)
    by_sector: dict[str, list[Row]] = defaultdict(list)
    for feed in feeds:
        for row in feed:
            by_sector[row["sector"]].append(row)
    out = {sector: _counts(rows, ends, kind, live_days) for sector, rows in by_sector.items()}
    return {**out, ALL: np.sum(list(out.values()), axis=0)}


def _counts(rows: Sequence[Row], ends: np.ndarray, kind: str, live_days: int) -> Floats:
    """Vacancies at each quarter. A vacancy is live at a day if first posted by then, and last posted not longer ago
    than `live_days`: those first posted by then less those last posted before, as first postings come first."""
    day = np.array([row["day"] for row in rows], dtype="datetime64[D]")
    order = np.argsort(day)
    first, last = (np.append(0, np.cumsum([rows[i][name] for i in order])) for name in ("first_n", "last_n"))
    day = day[order]

    def until(total: np.ndarray, moment: np.ndarray) -> Floats:
        return np.asarray(total[np.searchsorted(day, moment, side="right")], dtype=float)

    if kind == "new":
        return until(first, ends[:, 1]) - until(first, ends[:, 0] - 1)
    return until(first, ends[:, 1]) - until(last, ends[:, 1] - live_days - 1)


def _rows(
    kind: str, official: Mapping[str, Mapping[int, float]], found: Mapping[str, Floats], quarters: Sequence[str]
) -> Iterator[Row]:
    """The rows of one kind. Where no quarter is unpublished, the last one is taken to be: the test is the same."""
    if len(quarters) < 2 or not any(official.values()):
        return
    first = _number(quarters[0])
    last = min(max(max(values) for values in official.values() if values), first + len(quarters) - 2)
    ahead = min(first + len(quarters) - 1 - last, FAR)
    why = {s: _unusable(official[s], found[s], first, last, ahead) for s in sorted(official) if s in found}
    usable = sorted((s for s in why if why[s] is None), key=lambda s: s == ALL)  # the sum comes last
    made = _made([official[s] for s in usable], [found[s] for s in usable], first, last, ahead) if usable else None
    for sector in why:
        for i, quarter in enumerate(quarters[: max(last + ahead + 1 - first, 0)]):
            row: Row = {"kind": kind, "sector": sector, "quarter": quarter, "ads_n": int(found[sector][i])}
            row["official_n"] = official[sector].get(first + i)
            more = {"note": why[sector]}
            if made is not None and sector in usable:
                more = _cells(made, usable.index(sector), first + i - last)
            yield {**row, **more}


def _unusable(official: Mapping[int, float], found: Floats, first: int, last: int, ahead: int) -> str | None:
    """Why a sector has no nowcast: the note of the contract."""
    if first > last:
        return "apart"
    run = _run(official, last)
    if run < LEAST_PERIODS or len({official[last - i] for i in range(run)}) == 1:
        return "official"
    return None if (found[: last + ahead + 1 - first] >= LEAST_FOUND).all() else "few"


def _made(
    official: Sequence[Mapping[int, float]], found: Sequence[Floats], first: int, last: int, ahead: int
) -> Nowcast:
    """The nowcast of sectors whose official figures are known for as long as those of the shortest."""
    start = last + 1 - min(_run(values, last) for values in official)
    z = np.log([[max(values[t], 1.0) for t in range(start, last + 1)] for values in official])
    a = np.log([n[max(start - first, 0) : last + ahead + 1 - first] for n in found])
    return nowcast(z, a, ahead, pool=max(len(z) - 1, 1))


def _cells(made: Nowcast, s: int, after: int) -> Row:
    """What is given for the quarter `after` quarters after the last official one; of an earlier one, what would have
    been said a quarter before."""
    h, then = max(after, 1) - 1, made.then.shape[1]
    tests = {
        "error": known(made.error[h]),
        "plain_error": known(made.plain_error[h]),
        "p_value": known(made.p_value[h]),
        "origins_n": int(made.origins[h]),
        "note": "ads" if made.helps[h] else "untested" if np.isnan(made.p_value[h]) else "no_gain",
    }
    if after > 0:
        values = {name: getattr(made, name)[s, after - 1] for name in ("value", "low", "high", "plain")}
    elif -then < after:
        values = {"value": made.then[s, after - 1], "plain": made.then_plain[s, after - 1]}
    else:
        values = {}
    return {**{f"{n}_n": known(float(np.exp(v))) for n, v in values.items()}, **tests}


def _run(values: Mapping[int, float], last: int) -> int:
    """How many quarters in a row are known up to the last one."""
    n = 0
    while last - n in values:
        n += 1
    return n


def _number(quarter: str) -> int:
    parsed = parse_period(quarter)
    assert parsed is not None  # quarters of the study's own tables
    return parsed.number
