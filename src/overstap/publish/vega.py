"""Vega-Lite specs of the charts, from contract rows: bars, lines and ratios, each with its interval.

Specs hold no expressions of their own, so they run under a strict content security policy (`ast: true`). Texts in the
data are formatted here, by Babel, so that a tooltip shows exactly what the table shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from overstap.publish.labels import Translator, capital
from overstap.publish.theme import SHAPES

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
ROW_HEIGHT = 26
LABEL_WIDE, LABEL_NARROW, LINE = 36, 20, 14  # letters on a line, on a phone too; pixels of a line
LABEL_LIMIT = 260  # pixels of such a line
RIGHT_ROOM = {"left": 5, "right": 28, "top": 5, "bottom": 5}  # fit counts a text beside the plot only in part
Spec = dict[str, Any]
Row = dict[str, Any]


def bars(
    t: Translator,
    rows: Sequence[Row],
    names: Sequence[str],
    description: str,
    published: Sequence[float | None] = (),
    axis: str = "",
    decimals: int = 1,
) -> Spec:
    values = []
    for i, (row, name) in enumerate(zip(rows, names, strict=True)):
        mark = published[i] if i < len(published) else None
        weighted = row.get("weighted_pct")
        ends = (row["share_pct"], row["share_high"], weighted, row.get("weighted_high"), mark)
        values.append(
            {
                "name": name,
                "share": row["share_pct"],
                "low": row["share_low"],
                "high": row["share_high"],
                "end": max((end for end in ends if end is not None), default=0.0),  # a word for unknown at nought
                "published": mark,
                "published_text": t.percent(mark) if mark is not None else "",
                "weighted": weighted,
                "weighted_low": row.get("weighted_low"),
                "weighted_high": row.get("weighted_high"),
                "weighted_text": t.percent(weighted) if weighted is not None else "",
                **share_texts(t, row, decimals),
            }
        )
    both = any(v["weighted"] is not None for v in values)
    top = max((v["end"] for v in values), default=1.0)
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = _x("share", [0, _nice(top)], axis or t("unit.share_axis"))
    tips = tooltips(t, "name", "share", "interval", *(["weighted"] if both else []), "n")
    lift = {"yOffset": -6} if both else {}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "style": "value_bar", "height": {"band": 0.36 if both else 0.62}, **lift},
            "encoding": {"y": y, "x": x, "tooltip": tips},
        },
        {
            "mark": {"type": "rule", "style": "interval", **lift},
            "encoding": {"y": y, "x": _x("low"), "x2": {"field": "high"}, "tooltip": tips},
        },
        {
            "mark": {"type": "text", "style": "value_text", "align": "left", "dx": 7, **lift},
            "encoding": {"y": y, "x": _x("end"), "text": {"field": "share_text"}},
        },
    ]
    if both:
        layers += _weighted_marks(t, y)
    if any(v["published"] is not None for v in values):
        tip = tooltips(t, "name", "published")
        diamond = {"type": "point", "style": "published", "shape": "diamond", "size": 90, "opacity": 1}
        layers.append({"mark": diamond, "encoding": {"y": y, "x": _x("published"), "tooltip": tip}})
    return layered(values, layers, description, {"step": 40 if both else ROW_HEIGHT}, RIGHT_ROOM)


def _weighted_marks(t: Translator, y: Spec) -> list[Spec]:
    """The weighted shares: below each bar an open circle on its interval, and its number."""
    tips = tooltips(t, "name", "weighted", "n")
    circle = {"type": "point", "style": "weighted", "filled": False, "size": 50, "opacity": 1, "yOffset": 9}
    return [
        {
            "mark": {"type": "rule", "style": "weighted", "yOffset": 9},
            "encoding": {"y": y, "x": _x("weighted_low"), "x2": {"field": "weighted_high"}, "tooltip": tips},
        },
        {"mark": circle, "encoding": {"y": y, "x": _x("weighted"), "tooltip": tips}},
        {
            "mark": {"type": "text", "style": "weighted_text", "align": "left", "dx": 7, "yOffset": 9},
            "encoding": {"y": y, "x": _x("end"), "text": {"field": "weighted_text"}},
        },
    ]


def lines(t: Translator, rows: Sequence[Row], series: str, description: str) -> Spec:
    def drawn(row: Row, name: str) -> float | None:
        value: float | None = row[name] if row["is_reliable"] else None
        return value

    # A year that is missing or not reliable stands on the axis without a value: the line breaks and bridges nothing.
    rows = _with_gaps(rows, series)
    found = {row[series] for row in rows if row["is_reliable"] and row["share_pct"] is not None}
    shown = [row for row in rows if row[series] in found]
    values = [
        {
            "year": row["period"],
            "name": label_of(t, row, series, short=True),
            "share": drawn(row, "share_pct"),
            "low": drawn(row, "share_low"),
            "high": drawn(row, "share_high"),
            **share_texts(t, row),
        }
        for row in shown
    ]
    names = sorted({v["name"] for v in values})
    top = _nice(max((v["high"] or v["share"] or 0.0 for v in values), default=1.0) * 1.05)
    height = 300
    last = {v["name"]: v for v in values if v["share"] is not None}
    ends = _spread_ends({n: last[n] for n in names}, top, height)
    axis = {"title": t("unit.year_axis"), "labelAngle": 0, "labelOverlap": "greedy"}
    x = {"field": "year", "type": "ordinal", "axis": axis, "scale": {"padding": 0.15}}
    scale: Spec = {"domain": names, "range": "category"}
    colour = {"field": "name", "type": "nominal", "scale": scale, "legend": None}
    shape = {"field": "name", "type": "nominal", "scale": {"domain": names, "range": SHAPES}, "legend": None}
    y = {**_x("share", [0, top], t("unit.share_axis"))}
    tips = tooltips(t, "name", "period", "share", "interval", "n")
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.16, "line": False},
            "encoding": {
                "x": x,
                "y": {"field": "low", "type": "quantitative"},
                "y2": {"field": "high"},
                "color": colour,
            },
        },
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"x": x, "y": y, "color": colour}},
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tips},
        },
        {
            "data": {"values": ends},
            "mark": {"type": "text", "align": "left", "dx": 10, "fontWeight": 600},
            "encoding": {
                "x": {"field": "year", "type": "ordinal"},
                "y": {"field": "at", "type": "quantitative"},
                "text": {"field": "name"},
                "color": colour,
            },
        },
    ]
    return layered(values, layers, description, height, RIGHT_ROOM)


def _with_gaps(rows: Sequence[Row], series: str) -> list[Row]:
    """The rows of each series, in order of time, with a row without values for each year between them without one."""
    periods = {str(row["period"]) for row in rows}
    if not all(len(period) == 4 and period.isdigit() for period in periods):
        return list(rows)
    filled = []
    empty = dict.fromkeys(("share_pct", "share_low", "share_high", "vacancies_n"))
    for _, part in groupby(rows, key=lambda row: str(row[series])):
        of_year = {int(row["period"]): row for row in part}
        some = of_year[min(of_year)]
        for year in range(min(of_year), max(of_year) + 1):
            filled.append(of_year.get(year, {**some, **empty, "period": str(year), "is_reliable": False}))
    return filled


def _spread_ends(last: Mapping[str, Row], top: float, height: int) -> list[Row]:
    """A place for each line's name beside its last point, moved apart by at least one text height."""
    gap = 15 / height * top
    ends: list[Row] = []
    for name, value in sorted(last.items(), key=lambda pair: (pair[1]["share"], pair[0])):
        at = max(value["share"], ends[-1]["at"] + gap) if ends else value["share"]
        ends.append({"name": name, "year": value["year"], "at": at})
    return ends


def ratios(t: Translator, rows: Sequence[Row], description: str) -> Spec:
    known = [r[k] for r in rows for k in ("ratio", "listed_low", "listed_high") if r[k] is not None and r[k] > 0]
    low = 2.0 ** math.floor(math.log2(max(min([0.5, *known]), 1 / 64)))
    high = 2.0 ** math.ceil(math.log2(min(max([2.0, *known]), 1024)))
    names = [t.item(row["item_kind"], row["item_id"]) for row in rows]
    values = [_ratio_value(t, row, name, low, high) for row, name in zip(rows, names, strict=True)]
    first, last = (rows[0]["first_period"], rows[0]["last_period"]) if rows else ("", "")
    ticks = _ratio_ticks(low, high)
    axis = {
        "title": t("unit.ratio_axis", first=first, last=last),
        "values": ticks,
        "format": "~f",
        "labelOverlap": True,
    }
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    scale: Spec = {"type": "log", "base": 2, "domain": [low, high], "nice": False}

    def x(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    tips = tooltips(t, "name", "direction", "first", "last", "ratio", "interval", "n")
    layers: list[Spec] = [
        {"data": {"values": [{"one": 1}]}, "mark": {"type": "rule", "style": "reference"}, "encoding": {"x": x("one")}}
    ]
    for direction, shape in (("rising", "triangle-up"), ("falling", "triangle-down")):
        keep = [{"filter": {"field": "direction", "equal": direction}}]
        rule = {"y": y, "x": x("from"), "x2": {"field": "to"}, "tooltip": tips}
        arrow = [*keep, {"filter": {"field": "is_open", "equal": True}}]
        point = {"type": "point", "style": direction, "shape": shape, "size": 80, "opacity": 1, "filled": True}
        layers += [
            {"transform": keep, "mark": {"type": "rule", "style": direction, "strokeWidth": 2}, "encoding": rule},
            {"transform": keep, "mark": point, "encoding": {"y": y, "x": x("at"), "tooltip": tips}},
            {
                "transform": arrow,
                "mark": {"type": "point", "style": direction, "shape": "triangle-right", "size": 60, "filled": True},
                "encoding": {"y": y, "x": x("to")},
            },
        ]
    return layered(values, layers, description, {"step": ROW_HEIGHT})


def _ratio_ticks(low: float, high: float) -> list[float]:
    """Round ratios within the axis: 1, 2 and 5 of each power of ten, or powers alone where that is too many."""
    every = [m * 10.0**k for k in range(-3, 5) for m in (1, 2, 5)]
    inside = [tick for tick in every if low <= tick <= high]
    return inside if len(inside) <= 10 else [tick for tick in inside if round(math.log10(tick) % 1, 6) == 0]


def _ratio_value(t: Translator, row: Row, name: str, low: float, high: float) -> Row:
    def inside(value: float | None, otherwise: float) -> float:
        return min(max(value, low), high) if value is not None else otherwise

    at = row["ratio"] if row["ratio"] is not None else row["listed_low"]
    n = f"{t.number(row['first_base_n'])} → {t.number(row['last_base_n'])}"
    return {
        "name": name,
        "direction": row["direction"],
        "at": inside(at, low),
        "from": inside(row["listed_low"], low),
        "to": inside(row["listed_high"], high),
        "is_open": row["listed_high"] is None or row["listed_high"] > high,
        "direction_text": t.value("direction", row["direction"]),
        **{f"{side}_text": t.percent(_share(row[f"{side}_n"], row[f"{side}_base_n"])) for side in ("first", "last")},
        "ratio_text": t.factor(row["ratio"]),
        "interval_text": t.factor_interval(row["listed_low"], row["listed_high"]),
        "n_text": n,
    }


def _share(part: float | None, whole: float | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None


def label_of(t: Translator, row: Row, column: str, *, short: bool = False) -> str:
    if column == "item_id":
        return t.item(row["item_kind"], row["item_id"])
    return capital(t.short(column, row[column]) if short else t.value(column, row[column]))


def share_texts(t: Translator, row: Row, decimals: int = 1) -> Row:
    return {
        "share_text": t.percent(row["share_pct"], decimals),
        "interval_text": t.percent_interval(row["share_low"], row["share_high"], decimals),
        "n_text": t.number(row.get("vacancies_n")),
        "period_text": t.period(row["period"]),
    }


def tooltips(t: Translator, *names: str) -> list[Spec]:
    return [
        {"field": name if name == "name" else f"{name}_text", "type": "nominal", "title": t(f"chart.tooltip.{name}")}
        for name in names
    ]


def _x(field: str, domain: list[float] | None = None, title: str | None = None) -> Spec:
    spec: Spec = {"field": field, "type": "quantitative"}
    if domain is not None:
        spec |= {"scale": {"domain": domain, "nice": False}, "axis": {"title": title, "tickCount": 5, "format": "~f"}}
    return spec


def _nice(value: float) -> float:
    """The first of 1, 2, 2.5, 5 times a power of ten (in steps of it) that is not below `value`; at most 100."""
    if value <= 0:
        return 1.0
    step: float = 10.0 ** math.floor(math.log10(value)) / 2
    return float(min(100.0, math.ceil(value / step) * step)) if value <= 100 else 100.0


def layered(
    values: list[Row], layers: list[Spec], description: str, height: int | Spec, padding: Spec | int = 5
) -> Spec:
    """Layers over the same values, as wide as their place. Long names at the left stand on lines of their own."""
    names = [str(value["name"]) for value in values if "name" in value]
    if max(map(len, names), default=0) > LABEL_NARROW:
        layers = [_with_lines(layer) for layer in layers]
        lines = max(len(wrapped(name, LABEL_WIDE)) for name in names)
        if isinstance(height, dict) and "step" in height:
            height = height | {"step": max(height["step"], LINE * lines + 4)}
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": padding,
        "data": {"values": values},
        "layer": layers,
    }


def _with_lines(layer: Spec) -> Spec:
    """The layer, a name at its left cut into lines of LABEL_WIDE letters; `charts.js` makes them shorter on a phone."""
    y = layer.get("encoding", {}).get("y", {})
    if y.get("field") != "name" or not y.get("axis"):
        return layer
    lines = f"split(trim(replace(datum.label, regexp('(.{{1,{LABEL_WIDE}}})( +|$)', 'g'), '$1\\n')), '\\n')"
    up = [{"test": f"length({lines}) > {n}", "value": -LINE // 2 * n} for n in range(5, 0, -1)]  # or they would hang
    axis = y["axis"] | {"labelExpr": lines, "labelOffset": {"condition": up, "value": 0}, "labelLimit": LABEL_LIMIT}
    return layer | {"encoding": layer["encoding"] | {"y": y | {"axis": axis}}}


def wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
