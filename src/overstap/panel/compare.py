"""Experts beside data: each item's rank beside its level and growth in ads, the quadrant, and Kendall's tau-b.

Expected is what stands in the upper half of the experts' order, by the mean of the places where some share them; of a
published order, what it ranks or says to rise. Seen is what is demonstrably asked more than before, or stands above the
median category of its group. Level and growth are kept apart: what is asked little may rise fast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import kendalltau, norm, rankdata

from overstap.analysis.uncertainty import normal_quantile, wilson
from overstap.panel.items import Index
from overstap.panel.measure import LIST, grouped
from overstap.reference.tables import load
from overstap.schema.out import ALL, CELL_NAMES

Row = dict[str, Any]
ADS, PRINTED = "ads", "published"
GROUP = "digital"  # technologies are measured beside the categories of digital skills
_SPREAD = 0.437  # variance of the z-transform of tau, times n − 4 (Fieller, Hartley and Pearson, 1957)
MIN_ITEMS = 6  # below which no tau is told


class Demand:
    """What the study's ads say of items: rows of `out_demand` over the whole period, and of `out_change`."""

    def __init__(
        self, demand: Iterable[Row], change: Iterable[Row], skills: Iterable[Row], confidence: float = 0.95
    ) -> None:
        whole = [row for row in demand if row["period_kind"] == ALL and _is_whole(row)]
        self._share = {(row["item_kind"], row["item_id"]): row for row in whole}
        self._change = {(row["item_kind"], row["item_id"]): row for row in change if _is_whole(row)}
        group = {row["category"]: row["category_group"] for row in load("skill_categories").to_pylist()}
        self._group = {("category", name): of for name, of in group.items()}
        self._group |= {("skill", row["skill_id"]): row["category_group"] for row in skills}
        self._beside: dict[str, list[Row]] = {}
        for row in whole:
            if row["item_kind"] == "category" and row["share_pct"] is not None:
                self._beside.setdefault(group.get(row["item_id"], ""), []).append(row)
        some = next(iter(whole), None)
        self.vacancies = some["vacancies_n"] if some else 0
        self._normal = normal_quantile(confidence)

    def of(self, kind: str | None, id: str | None) -> Row:
        """Level, growth and direction of an item in the ads; what is not known there is left out."""
        if kind is None or not self.vacancies:
            return {}
        share, change = self._share.get((kind, id or "")), self._change.get((kind, id or ""))
        beside = self._beside.get(self._group.get((kind, id or ""), GROUP), [])
        # What no vacancy asks has no row: its share is nought, which few vacancies bear out less than many do.
        ends = wilson(np.array(0.0), np.array(float(self.vacancies)), self._normal)
        found: Row = {"share_pct": 0.0, "asked_n": 0, "vacancies_n": self.vacancies}
        found |= {"share_low": 0.0, "share_high": 100 * float(ends[1])}
        if share:
            found = {n: share[n] for n in ("share_pct", "share_low", "share_high", "asked_n", "vacancies_n")}
        others = [row["share_pct"] for row in beside if (kind, id) != ("category", row["item_id"])]
        found |= {"above_n": sum(other > found["share_pct"] for other in others), "categories_n": len(others)}
        found["level"] = _level(found, others)
        if change and change["direction"] is not None:
            found |= {name: change[name] for name in ("ratio", "ratio_low", "ratio_high", "direction")}
        return found


def _is_whole(row: Row) -> bool:
    return all(row[name] == ALL for name in CELL_NAMES)


def _level(found: Row, others: Sequence[float]) -> str | None:
    """high or low where the whole interval lies on one side of the median category; else unclear."""
    if not others:
        return None
    middle = float(np.median(others))
    low, high = found.get("share_low"), found.get("share_high")
    if low is None or high is None:
        return "low" if found["share_pct"] < middle else "high"
    return "high" if low > middle else "low" if high < middle else "unclear"


def compared(orders: Iterable[Row], index: Index, demand: Demand, claims: Iterable[Row]) -> list[Row]:
    """Rows of `out_panel_data`: every list beside the ads, and published lists beside the published demand too."""
    told: dict[str, int] = {}
    for claim in claims:
        told[claim["item"]] = told.get(claim["item"], 0) + 1
    printed = {row["item"]: row for row in load("panel_demand").to_pylist()}
    rows: list[Row] = []
    for _, part in grouped(orders, LIST):
        seen = [_beside(row, index, demand, told) for row in part]
        _places(seen)
        rows += [_judged(row) for row in seen]
        if part[0]["basis"] == "published":
            rows += [_judged(_as_printed(row, printed.get(row["item"]))) for row in seen]
    return rows


def _beside(row: Row, index: Index, demand: Demand, told: Mapping[str, int]) -> Row:
    item = index.item(row["item"])
    is_published = row["basis"] == "published"
    return {
        **{name: row[name] for name in (*LIST, "item", "basis")},
        "demand": ADS,
        "item_kind": item.kind,
        "item_id": item.matched,
        "expert_rank": row.get("rank"),
        "items_n": None,
        "is_expected": (row["rank"] is not None or row["direction"] in ("up", "most")) if is_published else None,
        **demand.of(item.kind, item.matched),
        "claims_n": told.get(row["item"], 0),
        "source": ADS,
    }


def _places(rows: list[Row]) -> None:
    """What the experts of a list expect, and ranks by share and by growth among its items, in place."""
    ranked = [row for row in rows if row["basis"] != "published" and row["expert_rank"] is not None]
    for row, place in zip(ranked, rankdata([row["expert_rank"] for row in ranked]), strict=True):
        row |= {"is_expected": bool(2 * place <= len(ranked)), "items_n": len(ranked)}
    for rank, measured in (("level_rank", _level_of), ("growth_rank", _growth_of)):
        known = [(row, value) for row in rows if (value := measured(row)) is not None]
        for (row, _), place in zip(known, rankdata([-value for _, value in known], method="min"), strict=True):
            row[rank] = int(place)


def _level_of(row: Row) -> float | None:
    share: float | None = row.get("share_pct")
    return share


def _growth_of(row: Row) -> float | None:
    """The ratio; without end where nobody asked it at first and some do now, so that what is new is not left out."""
    ratio: float | None = row.get("ratio")
    return math.inf if ratio is None and row.get("ratio_low") else ratio


def _as_printed(row: Row, printed: Row | None) -> Row:
    kept = {name: row[name] for name in (*LIST, "item", "basis", "item_kind", "item_id", "expert_rank", "is_expected")}
    level, direction = (printed["level"], printed["direction"]) if printed else (None, None)
    where = printed["where"] if printed else "section 2.3.1"
    source = f"Arbeidsmarktonderzoek ICT met topsectoren 2019, {where}"
    told = {"demand": PRINTED, "level": level, "direction": direction, "source": source}
    return kept | told | {"claims_n": row["claims_n"]}


def _judged(row: Row) -> Row:
    level, direction, expected = row.get("level"), row.get("direction"), row["is_expected"]
    seen: bool | None = level == "high" or direction == "rising"
    if not seen and (level in (None, "unclear") or (direction is None and row["demand"] == PRINTED)):
        seen = None
    quadrant = "unknown"
    if expected is not None and seen is not None:
        quadrant = ("expected_" if expected else "unexpected_") + ("seen" if seen else "unseen")
        quadrant = "neither" if quadrant == "unexpected_unseen" else quadrant
    return row | {"is_seen": seen, "quadrant": quadrant}


def fits(rows: Iterable[Row], confidence: float) -> list[Row]:
    """Rows of `out_panel_fit`: tau-b between the experts' order and level, and growth, in the ads.

    Bounds by the z-transform. No figure from a published order: only its first places are known.
    """
    found: list[Row] = []
    for key, part in grouped((row for row in rows if row["demand"] == ADS), LIST):
        for against, measured in (("level", _level_of), ("growth", _growth_of)):
            both = [(-row["expert_rank"], value) for row in part
                    if row["expert_rank"] is not None and (value := measured(row)) is not None]  # fmt: skip
            row: Row = dict(zip(LIST, key, strict=True)) | {"against": against, "items_n": len(both)}
            found.append(row | _tau(both, part[0]["basis"] == "published", confidence))
    return found


def _tau(both: list[tuple[float, float]], is_published: bool, confidence: float) -> Row:
    if is_published or len(both) < MIN_ITEMS:
        return {"note": "published" if is_published else "few"}
    one, other = zip(*both, strict=True)
    result = kendalltau(rankdata(one), rankdata(other))  # ranks, as one without end has no difference with another
    tau, n = float(result.statistic), len(both)
    if np.isnan(tau):
        return {"note": "ties"}
    row: Row = {"tau_b": tau, "p_value": float(result.pvalue)}
    if abs(tau) < 1:
        reach = float(norm.ppf((1 + confidence) / 2)) * np.sqrt(_SPREAD / (n - 4))
        row |= {"tau_b_low": np.tanh(np.arctanh(tau) - reach), "tau_b_high": np.tanh(np.arctanh(tau) + reach)}
    return row
