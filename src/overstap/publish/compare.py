"""Two groups of vacancies side by side: the difference of each share with its interval, and which differences hold.

The interval of a difference joins those of the two shares (Newcombe 1998, method 10), which reckon with employers that
post many vacancies. The test of equal shares widens the pooled variance by the design effects; its p-values are
adjusted for the number of items compared (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, hypot, sqrt
from typing import Any

import numpy as np

from overstap.analysis.uncertainty import benjamini_hochberg
from overstap.publish.charts import About, Chart, caption
from overstap.publish.labels import Translator, capital
from overstap.publish.theme import SHAPES
from overstap.publish.vega import Spec, layered, tooltips
from overstap.publish.words import Sentence
from overstap.schema.out import ALL

Row = Mapping[str, Any]
SHOWN = 15
EXCLUSIVE = (
    "function_group", "language", "period", "sector", "province", "education", "experience", "firm_size",
    "skill_level", "isco1", "contract",
)  # fmt: skip
"""What a vacancy has one value of; it can be of two topsectors, and come from two sources."""
_COLUMNS = ("group", "item_id", "asked_n", "vacancies_n", "share_pct", "share_low", "share_high")


@dataclass(frozen=True)
class Difference:
    """One item in both groups: their rows, and the second share subtracted from the first, in percentage points.

    `state`: more or less (in the first group), unclear, or unknown where a share is not known or not reliable.
    """

    first: Row
    second: Row
    value: float | None
    low: float | None
    high: float | None
    q_value: float | None
    state: str


def differences(first: Sequence[Row], second: Sequence[Row], fdr: float) -> list[Difference]:
    """Items that either group has a row of: sure differences first, largest first, then by share, then the unknown."""
    others = {row["item_id"]: row for row in second}
    empty = {"share_pct": None, "share_low": None, "share_high": None, "asked_n": None, "vacancies_n": None,
             "is_reliable": False, "design_effect": None}  # fmt: skip
    pairs = [(row, others.pop(row["item_id"], {**row, **empty})) for row in first]
    pairs += [({**row, **empty}, row) for row in others.values()]
    tested = [pair for pair in pairs if all(row["is_reliable"] and row["share_pct"] is not None for row in pair)]
    chances = np.array([_chance(*pair) for pair in tested])
    adjusted = benjamini_hochberg(chances) if tested else chances
    found = [_difference(one, two, float(q), fdr) for (one, two), q in zip(tested, adjusted, strict=True)]
    found += [Difference(one, two, None, None, None, None, "unknown") for one, two in pairs if (one, two) not in tested]
    return sorted(found, key=_order)


def _order(one: Difference) -> tuple[int, float, str]:
    rank = {"more": 0, "less": 0, "unclear": 1, "unknown": 2}[one.state]
    size = abs(one.value or 0.0) if rank == 0 else max(r["share_pct"] or 0.0 for r in (one.first, one.second))
    return (rank, -size, str(one.first["item_id"]))


def _chance(first: Row, second: Row) -> float:
    """The two-sided chance of a difference as large as this where the shares are equal; 1 where nothing is asked."""
    n = first["vacancies_n"], second["vacancies_n"]
    pooled = (first["asked_n"] + second["asked_n"]) / sum(n)
    known = [row["design_effect"] for row in (first, second) if row["design_effect"] is not None]
    # A share of nought has no design effect of its own; that of the other group stands in.
    effects = [known[0] if row["design_effect"] is None and known else row["design_effect"] or 1.0
               for row in (first, second)]  # fmt: skip
    variance = pooled * (1 - pooled) * sum(effect / size for effect, size in zip(effects, n, strict=True))
    if not variance:
        return 1.0
    return erfc(abs(first["share_pct"] - second["share_pct"]) / 100 / sqrt(2 * variance))


def _difference(first: Row, second: Row, q: float, fdr: float) -> Difference:
    p, r = first["share_pct"], second["share_pct"]
    bounds = (first["share_low"], first["share_high"], second["share_low"], second["share_high"])
    if None in bounds:
        return Difference(first, second, p - r, None, None, q, "unclear")
    low = p - r - hypot(p - bounds[0], bounds[3] - r)
    high = p - r + hypot(bounds[1] - p, r - bounds[2])
    state = "more" if low > 0 else "less" if high < 0 else "unclear"
    return Difference(first, second, p - r, low, high, q, state if q <= fdr else "unclear")


def overlap_of(first: Mapping[str, str], second: Mapping[str, str]) -> str:
    """same, apart (no vacancy can be in both), within (one holds the other) or may, from the limits of each group."""
    one, two = ({name: value for name, value in group.items() if value != ALL} for group in (first, second))
    if one == two:
        return "same"
    if any(one[name] != two[name] for name in one.keys() & two.keys() if name in EXCLUSIVE):
        return "apart"
    return "within" if one.items() <= two.items() or two.items() <= one.items() else "may"


def compare_sentence(
    t: Translator, found: Sequence[Difference], names: tuple[str, str], overlap: str = "apart"
) -> Sentence:
    """What differs most each way: both, first, second (only there is more asked), none, same or unknown."""
    fields = {"first": capital(names[0]), "second": names[1]}
    if overlap == "same":
        return Sentence(t("compare.said.same", **fields), "same")
    tested = [one for one in found if one.state != "unknown"]
    if not tested:
        return Sentence(t("compare.said.unknown", **fields), "unknown")
    more, less = ([one for one in found if one.state == state] for state in ("more", "less"))
    state = "both" if more and less else "first" if more else "second" if less else "none"
    fields["n"] = t.number(len(tested))
    for key, some in (("more", more), ("less", less)):
        if some:
            fields |= {key: _told(t, some[0]), f"{key}_n": t.number(len(some))}
    return Sentence(capital(t(f"compare.said.{state}", **fields)), state)


def _told(t: Translator, one: Difference) -> str:
    return t(
        "compare.told", item=t.value(one.first["item_kind"], one.first["item_id"]),
        one=t.percent(one.first["share_pct"]), two=t.percent(one.second["share_pct"]), value=t.signed(one.value),
        interval=t("findings.between", low=t.signed(one.low), high=t.signed(one.high)),
    )  # fmt: skip


def compare_title(t: Translator, found: Sequence[Difference], names: tuple[str, str], state: str) -> str:
    """The finding in short."""
    top = {kind: next((one for one in found if one.state == kind), None) for kind in ("more", "less")}
    items = {kind: t.value(one.first["item_kind"], one.first["item_id"]) for kind, one in top.items() if one}
    fields = {"more": "", "less": "", **items}
    return capital(t(f"compare.title.{state}", first=names[0], second=names[1], **fields))


def comparison(
    t: Translator, about: About, found: Sequence[Difference], names: tuple[str, str], overlap: str, limit: int = SHOWN
) -> Chart:
    """The items that differ most as dumbbells: a mark on its interval for each group, and a line between."""
    said = compare_sentence(t, found, names, overlap)
    title = compare_title(t, found, names, said.state)
    drawn = _drawn(found, limit) if overlap != "same" else []
    names = (capital(names[0]), capital(names[1]))
    values = [
        {
            "name": t.item(row["item_kind"], row["item_id"]), "group": name, "share": row["share_pct"],
            "low": row["share_low"], "high": row["share_high"], "share_text": t.percent(row["share_pct"]),
            "interval_text": t.percent_interval(row["share_low"], row["share_high"]),
            "n_text": t.number(row["vacancies_n"]), "difference_text": _difference_text(t, one),
        }
        for one in drawn
        for name, row in zip(names, (one.first, one.second), strict=True)
    ]  # fmt: skip
    sides = ((one.first, one.second) for one in drawn)
    rows = [{**row, "group": name} for pair in sides for name, row in zip(names, pair, strict=True)]
    return Chart(
        "compare", title, t("compare.about"), said.text, caption(t, about, rows, [row["vacancies_n"] for row in rows]),
        dumbbells(t, values, names, f"{title}. {said}"), "out_demand", _COLUMNS, tuple(rows),
    )  # fmt: skip


def _drawn(found: Sequence[Difference], limit: int) -> list[Difference]:
    """Up to `limit` items: what differs most each way, the lesser way a third at most, then others."""
    more, less, rest = ([one for one in found if one.state == state] for state in ("more", "less", "unclear"))
    few = min(len(less), max(limit // 3, limit - len(more)))
    chosen = [*more[: limit - few], *less[:few]]
    return sorted([*chosen, *rest[: limit - len(chosen)]], key=lambda one: -(one.value or 0.0))


def _difference_text(t: Translator, one: Difference) -> str:
    return f"{t.signed(one.value)} ({t('findings.between', low=t.signed(one.low), high=t.signed(one.high))})"


def dumbbells(t: Translator, values: list[dict[str, Any]], names: tuple[str, str], description: str) -> Spec:
    """Values of {name, group, share, low, high, …_text}, two to a name: the chart of `comparison`."""
    y = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelLimit": 240, "labelPadding": 8},
    }
    axis = {"title": t("unit.share_axis"), "tickCount": 5, "format": "~f"}
    apart = {"field": "group", "type": "nominal", "scale": {"domain": list(names)}, "sort": list(names)}
    legend = {"title": None, "orient": "top", "labelLimit": 320, "columns": 1, "symbolOpacity": 1}

    def x(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "axis": axis}

    colour = {**apart, "scale": {"domain": list(names), "range": "category"}, "legend": legend}
    shape = {**apart, "scale": {"domain": list(names), "range": SHAPES[:2]}, "legend": legend}
    tips = [*tooltips(t, "name"), {"field": "group", "title": t("compare.group")},
            *tooltips(t, "share", "interval", "n"),
            {"field": "difference_text", "title": t("compare.difference")}]  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 2, "style": "reference", "strokeDash": [1, 0]},
         "encoding": {"y": y, "x": x("share"), "detail": {"field": "name"}}},
        {"mark": {"type": "rule", "strokeWidth": 7, "opacity": 0.35},
         "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {"y": y, "x": x("share"), "color": colour, "shape": shape, "tooltip": tips}},
    ]  # fmt: skip
    return layered(values, layers, description, {"step": 30})
