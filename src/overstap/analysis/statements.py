"""How each kind of published statement is measured on a study's ads, and what verdict follows.

Differences of shares carry the interval that follows from those of both sides (Newcombe 1998, method 10), as if these
were independent; employers that are on both sides make the true one smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from overstap.ads.occupation import function_group
from overstap.analysis.change import growth_factor
from overstap.analysis.ranks import RankSets, joint_level, rank_sets
from overstap.analysis.study_evidence import Evidence
from overstap.analysis.uncertainty import (
    Floats,
    Shares,
    Sums,
    clustered_shares,
    conditional_ratio,
    design_effect,
    normal_quantile,
)
from overstap.reference.tables import load
from overstap.schema.out import ALL
from overstap.schema.reproduction import AGREES, CANNOT_TELL, DIFFERS, NOT_COMPUTED

TABLE1_REFERENCE = 1.91  # growth of all ICT vacancies 2012–2017: any value in 1.9085–1.912 gives Table 1's factors
_DIP = ("2016", "2017")
_WIDE = 3.0  # an interval whose upper bound is this many times the lower confirms nothing
_LOOSE = 2  # places by which a rank may vary and still be confirmed
_FLAT = 1.25  # a ratio within 1/1.25–1.25 is no change to speak of
_ENDS = ("first_period", "last_period")
_MEASURES = ("x", "n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What the ads give for one statement; `interval` in the unit of `ours`, `note` the reason behind the verdict."""

    verdict: str
    ours: str | None = None
    interval: str | None = None
    n: int | None = None
    note: str | None = None


def order_of(s: Row) -> list[str]:
    """The categories of a published ranking, in order."""
    rows = [r for r in load("study_rankings").to_pylist() if f"{r['topsector']}/{r['skill_group']}" == s["refers_to"]]
    return [row["category"] for row in sorted(rows, key=lambda row: row["rank"])]


def table1_of(s: Row) -> Row:
    """The row of Table 1 that a statement is about."""
    return next(row for row in load("study_table1").to_pylist() if row["title"] == s["refers_to"])


def _span(low: float | None, high: float | None, digits: int = 1) -> str:
    return f"{'–∞' if low is None else f'{low:.{digits}f}'}–{'∞' if high is None else f'{high:.{digits}f}'}"


def _within(published: tuple[float, float], low: float | None, high: float | None) -> tuple[str, str | None]:
    """Verdict on a number, printed as lying within `published`, and the reason where it is open."""
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    if published[1] < least or published[0] > most:
        return DIFFERS, None
    return (CANNOT_TELL, "wide") if least <= 0 or most > _WIDE * least else (AGREES, None)


def _sided(published: str, low: float, high: float, none: float) -> tuple[str, str | None]:
    """Verdict on a direction: whether the interval lies on its side of `none`."""
    up = published in ("rising", "above")
    if low > none or high < none:
        return (AGREES if (low > none) == up else DIFFERS), None
    return CANNOT_TELL, "open"


def _share(s: Row, e: Evidence) -> Found:
    row = e.shares.get((ALL, s["topsector"], s["item_kind"], s["item_id"]))
    if row is None:
        return Found(NOT_COMPUTED, note="absent")
    kind = "share" if row["corrected_pct"] is None else "corrected"
    value, low, high = (row[f"{kind}_{end}"] for end in ("pct", "low", "high"))
    verdict, note = _within((s["low"], s["high"]), low, high)
    if not row["is_reliable"]:
        verdict, note = CANNOT_TELL, "few"
    return Found(verdict, f"{value:.1f}", _span(low, high), row["vacancies_n"], note)


def _group_share(s: Row, e: Evidence) -> Found:
    """The share of a function group among the vacancies whose occupation is known: the study coded all of its own."""
    row = e.groups.get((s["topsector"], s["item_id"]))
    if row is None:
        return Found(NOT_COMPUTED, note="absent")
    sums = Sums(*(np.array([row[name]], dtype=np.float64) for name in _MEASURES))
    value, low, high = (float(100 * bound[0]) for bound in _bounds(clustered_shares(sums, e.confidence)))
    verdict, note = _within((s["low"], s["high"]), low, high)
    if row["vacancies_n"] < e.least or np.isnan(low):
        verdict, note = CANNOT_TELL, "few"
    return Found(verdict, f"{value:.1f}", _span(low, high), row["vacancies_n"], note)


def _change(s: Row, e: Evidence) -> Row | Found:
    """The row of `out_change` of a statement, or what is to be said where it tells nothing."""
    row = e.changes.get((s["topsector"] or ALL, s["item_kind"], s["item_id"]))
    if row is None or (row["ratio_low"] is None and row["ratio_high"] is None):
        return Found(NOT_COMPUTED, note="absent")
    if not row["is_displayed"]:
        return Found(CANNOT_TELL, None, None, row["first_n"] + row["last_n"], "few")
    return row


def _ratio(row: Row, verdict: str, note: str | None) -> Found:
    n = row["first_n"] + row["last_n"]
    value = None if row["ratio"] is None else f"{row['ratio']:.2f}"
    return Found(verdict, value, _span(row["ratio_low"], row["ratio_high"], 2), n, note)


def _trend(s: Row, e: Evidence) -> Found:
    row = _change(s, e)
    if isinstance(row, Found):
        return row
    if row["direction"] == "unclear":
        low, high = row["ratio_low"] or 0.0, row["ratio_high"] or np.inf
        return _ratio(row, CANNOT_TELL, "open" if low <= 1 <= high else "uncorrected")
    return _ratio(row, AGREES if row["direction"] == s["published"] else DIFFERS, None)


def _flat(s: Row, e: Evidence) -> Found:
    row = _change(s, e)
    if isinstance(row, Found):
        return row
    low, high = row["ratio_low"] or 0.0, row["ratio_high"] or np.inf
    if low >= 1 / _FLAT and high <= _FLAT:
        return _ratio(row, AGREES, None)
    return _ratio(row, *((CANNOT_TELL, "open") if low <= _FLAT and high >= 1 / _FLAT else (DIFFERS, None)))


def _step(s: Row, e: Evidence) -> Found:
    """Difference of the shares of 2016 and 2017 in percentage points, its interval from theirs (Newcombe 1998)."""
    first, last = (e.shares.get((year, s["topsector"], s["item_kind"], s["item_id"])) for year in _DIP)
    if first is None or last is None or first["share_low"] is None or last["share_low"] is None:
        return Found(NOT_COMPUTED, note="absent")
    p, q = first["share_pct"], last["share_pct"]
    low = q - p - np.hypot(q - last["share_low"], first["share_high"] - p)
    high = q - p + np.hypot(last["share_high"] - q, p - first["share_low"])
    verdict, note = _sided(s["published"], low, high, 0.0)
    n = first["vacancies_n"] + last["vacancies_n"]
    return Found(verdict, f"{q - p:+.1f}", f"{low:+.1f}–{high:+.1f}", n, note)


def _wording(s: Row, e: Evidence) -> Found:
    if not {(year, ALL, s["item_kind"], s["item_id"]) for year in _DIP} <= e.shares.keys():
        return Found(NOT_COMPUTED, note="absent")
    flags = [
        r for r in e.drift.to_pylist() if (r["kind"], r["subject"], r["topsector"]) == ("wording", s["item_id"], ALL)
    ]
    if not flags:
        return Found(CANNOT_TELL, note="no_flag")
    flag = flags[0]
    same = flag["period"] == s["published"] and flag["size"] < 1
    return Found(AGREES if same else DIFFERS, flag["period"], None, flag["units_n"])


def _ranked(names: Sequence[str], sums: Sums, group: str, confidence: float) -> dict[str, tuple[int, int, int]]:
    """Rank of each category of a group by share, with the least and greatest that it may have."""
    groups = {r["category"]: r["category_group"] for r in load("skill_categories").to_pylist()}
    mine = np.array([groups.get(name) == group for name in names], bool)
    part = Sums(*(getattr(sums, name)[mine] for name in ("x", "n", "g", "xx", "xn", "nn")))
    shares = clustered_shares(part, joint_level(confidence, int(mine.sum())))
    return _places([n for n, kept in zip(names, mine, strict=True) if kept], rank_sets(*_bounds(shares)))


def _bounds(shares: Shares) -> tuple[Floats, Floats, Floats]:
    return shares.share, shares.low, shares.high


def _places(names: Sequence[str], sets: RankSets) -> dict[str, tuple[int, int, int]]:
    columns = (sets.rank.tolist(), sets.low.tolist(), sets.high.tolist())
    return {name: places for name, *places in zip(names, *columns, strict=True)}  # type: ignore[misc]


def _ranking(s: Row, e: Evidence) -> Found:
    names, sums = e.recent(s["topsector"])
    n = int(sums.n.max(initial=0))
    if n < e.least:
        return Found(*((CANNOT_TELL, None, None, n, "few") if n else (NOT_COMPUTED, None, None, None, "absent")))
    published = order_of(s)
    places = _ranked(names, sums, s["item_id"], e.confidence)
    ours = sorted(places, key=lambda name: (places[name][0], name))[: len(published)]
    interval = " > ".join(f"{places[name][1]}–{places[name][2]}" for name in ours)
    bounds = [places.get(name, (0, len(places) + 1, len(places) + 1))[1:] for name in published]
    held = all(low <= place <= high for place, (low, high) in enumerate(bounds, 1))
    known = all(high - low <= _LOOSE for low, high in bounds)
    verdict = DIFFERS if not held else AGREES if ours == published and known else CANNOT_TELL
    return Found(verdict, " > ".join(ours), interval, n, "open" if verdict == CANNOT_TELL else None)


def _beside(s: Row, e: Evidence) -> Found:
    """Difference from the share over all sectors, in percentage points (interval as of `_step`)."""
    sides, n = [], 0
    for topsector in (ALL, s["topsector"]):
        names, sums = e.recent(topsector)
        if s["item_id"] not in names:
            return Found(NOT_COMPUTED, note="absent")
        shares = clustered_shares(sums, e.confidence)
        at = names.index(s["item_id"])
        sides.append([100 * float(v[at]) for v in _bounds(shares)])
        n = int(sums.n[at])
    (p, p_low, p_high), (q, q_low, q_high) = sides
    low, high = q - p - np.hypot(q - q_low, p_high - p), q - p + np.hypot(q_high - q, p - p_low)
    if n < e.least or np.isnan(low) or np.isnan(high):
        return Found(CANNOT_TELL, f"{q - p:+.1f}", None, n, "few")
    verdict, note = _sided(s["published"], low, high, 0.0)
    return Found(verdict, f"{q - p:+.1f}", f"{low:+.1f}–{high:+.1f}", n, note)


def _placed(s: Row, places: Mapping[str, tuple[int, int, int]], n: int) -> Found:
    """Verdict on a low or high place: in the lower half, or in the upper third, with every rank that is possible."""
    if s["item_id"] not in places or n == 0:
        return Found(NOT_COMPUTED, note="absent")
    (rank, low, high), size = places[s["item_id"]], len(places)
    yes, no = (low > size / 2, high <= size / 2) if s["published"] == "low" else (high <= size / 3, low > size / 2)
    verdict = AGREES if yes else DIFFERS if no else CANNOT_TELL
    note = "open" if verdict == CANNOT_TELL else None
    return Found(verdict, f"{rank}/{size}", f"{low}–{high}", n, note)


def _level_rank(s: Row, e: Evidence) -> Found:
    names, sums = e.recent(ALL)
    return _placed(s, _ranked(names, sums, "digital", e.confidence), int(sums.n.max(initial=0)))


def _growth_rank(s: Row, e: Evidence) -> Found:
    """Rank by ratio; bounds widened on the logarithmic scale until they hold for all categories at once."""
    groups = {r["category"]: r["category_group"] for r in load("skill_categories").to_pylist()}
    rows = [r for (top, kind, _), r in e.changes.items() if (top, kind) == (ALL, "category") and r["ratio"]]
    rows = [r for r in rows if groups.get(r["item_id"]) == "digital" and r["ratio_low"] and r["ratio_high"]]
    ratio, low, high = (np.log([r[name] for r in rows]) for name in ("ratio", "ratio_low", "ratio_high"))
    wider = normal_quantile(joint_level(e.confidence, len(rows))) / normal_quantile(e.confidence)
    sets = rank_sets(ratio, ratio - wider * (ratio - low), ratio + wider * (high - ratio))
    n = max((r["first_base_n"] + r["last_base_n"] for r in rows), default=0)
    return _placed(s, _places([r["item_id"] for r in rows], sets), n)


def _growth(s: Row, e: Evidence) -> Found:
    """Growth factor of a job under all of its titles; exact bounds at the counts that the design effect leaves."""
    rows = [r for name in s["item_id"].split("/") if (r := e.changes.get((ALL, "title", name)))]
    if not rows:
        return Found(NOT_COMPUTED, note="absent")
    first, last = (e.titles([row["item_id"] for row in rows], rows[0][end]) for end in _ENDS)
    reference = np.array([rows[0]["reference_growth"]])
    effect = np.fmax(design_effect(first), design_effect(last))
    counts = (first.x / effect, last.x / effect, first.n, last.n)
    ratio = np.array(conditional_ratio(*counts, (1 - e.confidence) / 2))
    low, high = (float(bound) for bound in (ratio * last.n / first.n / reference - 1)[:, 0])
    factor, n = table1_of(s)["factor"], int(first.x[0] + last.x[0])
    value = f"{growth_factor(first.x, last.x, reference)[0]:.1f}"
    if not np.isfinite(low):
        return Found(CANNOT_TELL, value, None, n, "few")
    verdict, note = _within((factor - 0.5, factor + 0.5), low, high)
    return Found(verdict, value, _span(low, None if np.isinf(high) else high), n, note)


def published_growth(confidence: float) -> list[Row]:
    """Table 1 from its own counts: `title`, published `factor`, `computed` (rounded half up) and the bounds that so few
    ads allow, exact and given the growth of all ICT vacancies."""
    rows = load("study_table1").to_pylist()
    first, last = (np.array([r[name] for r in rows], dtype=np.float64) for name in ("n2012", "n2017"))
    reference = np.full(len(rows), TABLE1_REFERENCE)
    computed = np.floor(growth_factor(first, last, reference) + 0.5)
    low, high = conditional_ratio(first, last, np.ones(len(rows)), reference, (1 - confidence) / 2)
    return [
        {"title": r["title"], "factor": r["factor"], "computed": int(c), "low": float(a) - 1, "high": float(b) - 1}
        for r, c, a, b in zip(rows, computed, low, high, strict=True)
    ]


def _formula(s: Row, e: Evidence) -> Found:
    rows = published_growth(e.confidence)
    right = sum(row["factor"] == row["computed"] for row in rows)
    return Found(AGREES if right == len(rows) else DIFFERS, str(right), None, len(rows))


def _groups(s: Row, e: Evidence) -> Found:
    codes = [row["code"] for row in load("isco08").to_pylist() if len(row["code"]) == 2]
    named = {group: [c for c in codes if function_group(c) == group] for group in ("ict", "manager")}
    ours = " · ".join(" ".join([group, *found]) for group, found in named.items())
    return Found(AGREES if ours == s["published"] else DIFFERS, ours)


def _size(s: Row, e: Evidence) -> Found:
    return Found(NOT_COMPUTED, str(e.codes.n), None, e.codes.n, "size")


def _later(s: Row, e: Evidence) -> Found:
    return Found(NOT_COMPUTED, note=s["chapter"])


MEASURED: dict[str, Callable[[Row, Evidence], Found]] = {
    "share": _share,
    "group_share": _group_share,
    "trend": _trend,
    "flat": _flat,
    "step": _step,
    "wording": _wording,
    "order": _ranking,
    "beside": _beside,
    "level_rank": _level_rank,
    "growth_rank": _growth_rank,
    "growth": _growth,
    "formula": _formula,
    "groups": _groups,
    "size": _size,
    "later": _later,
}
"""What measures a statement (a row of the bundled `study_statements`), by its kind."""
