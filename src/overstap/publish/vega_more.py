"""Vega-Lite specs of forecasts and of effects around nought, under the same rules as `overstap.publish.vega`."""

from __future__ import annotations

from collections.abc import Sequence

from overstap.publish.labels import Translator
from overstap.publish.vega import RIGHT_ROOM, Row, Spec, layered, share_texts, tooltips

_MONTH = ("02-15", "05-15", "08-15", "11-15")  # the middle of each quarter
_ROW_HEIGHT = 40


def forecast_line(t: Translator, past: Sequence[Row], ahead: Sequence[Row], description: str) -> Spec:
    """Yearly shares with their intervals, in the middle of their years, and quarters to come as a dashed line."""
    values = [_point(t, row, "past") for row in past] + [_point(t, row, "ahead") for row in ahead]
    top = max((v["high"] or v["share"] or 0.0 for v in values), default=0.0) * 1.1 or 1.0
    x = time_axis(t, values)
    y: Spec = {"field": "share", "type": "quantitative", "scale": {"domain": [0, min(top, 100.0)], "nice": False}}
    y["axis"] = {"title": t("unit.share_axis"), "tickCount": 5, "format": "~f"}
    tips = tooltips(t, "period", "share", "interval")
    layers: list[Spec] = []
    for kind, dash in (("past", {}), ("ahead", {"strokeDash": [5, 4]})):
        keep = [{"filter": {"field": "kind", "equal": kind}}]
        band = {"x": x, "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
        layers += [
            {
                "transform": keep,
                "mark": {"type": "area", "style": f"{kind}_band", "opacity": 0.18, "line": False},
                "encoding": band,
            },
            {
                "transform": keep,
                "mark": {"type": "line", "style": f"{kind}_line", "strokeWidth": 2, **dash},
                "encoding": {"x": x, "y": y},
            },
            {
                "transform": keep,
                "mark": {"type": "point", "style": f"{kind}_line", "filled": True, "size": 50, "opacity": 1},
                "encoding": {"x": x, "y": y, "tooltip": tips},
            },
        ]
    return layered(values, layers, description, 260, RIGHT_ROOM)


def _point(t: Translator, row: Row, kind: str) -> Row:
    return {
        "kind": kind,
        "date": middle_of(row["period"]),
        "share": row["share_pct"],
        "low": row["share_low"],
        "high": row["share_high"],
        **share_texts(t, row),
    }


def time_axis(t: Translator, values: Sequence[Row]) -> Spec:
    """The horizontal axis of the `date` of values: one tick in the middle of each year."""
    years = sorted({int(v["date"][:4]) for v in values})
    axis = {
        "title": t("unit.year_axis"),
        "format": "%Y",
        "labelAngle": 0,
        "values": [{"year": year, "month": 7, "date": 1, "utc": True} for year in years],
        "labelOverlap": "greedy",
    }
    domain = [f"{years[0]}-01-01", f"{years[-1] + 1}-01-01"] if years else None
    return {"field": "date", "type": "temporal", "axis": axis, "scale": {"domain": domain, "type": "utc"}}


def middle_of(period: str) -> str:
    """The day in the middle of a year, `2019`, or a quarter, `2019Q3`."""
    day = _MONTH[int(period[5]) - 1] if "Q" in period else "07-01"
    return f"{period[:4]}-{day}"


def effects(t: Translator, values: list[Row], title: str, description: str, floor: float = 100.0) -> Spec:
    """Values of {name, value, low, high, value_text, interval_text, n_text} as points with intervals around nought.

    `floor` is how far below nought values can lie: 100 for a fall in per cent.
    """
    far = max((abs(v[end] or 0.0) for v in values for end in ("value", "low", "high")), default=0.0) or 1.0
    reach = [-1.05 * min(far, floor), 1.4 * far]  # numbers stand right of the intervals
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    axis = {"title": title, "tickCount": 5, "format": ",~f"}

    def x(field: str) -> Spec:
        scale = {"domain": reach, "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    tips = tooltips(t, "name", "value", "interval", "n")
    layers: list[Spec] = [
        {
            "data": {"values": [{"nought": 0}]},
            "mark": {"type": "rule", "style": "reference"},
            "encoding": {"x": x("nought")},
        },
        {
            "mark": {"type": "rule", "style": "interval"},
            "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}, "tooltip": tips},
        },
        {
            "mark": {"type": "point", "style": "value_point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"y": y, "x": x("value"), "tooltip": tips},
        },
        *(
            {
                "mark": {"type": "text", "style": style, "align": "left", "dx": 7},
                "encoding": {"y": y, "x": x("end"), "text": {"field": "value_text"}},
            }
            for style in ("value_halo", "value_text")  # or the line at nought would cross a number below it
        ),
    ]
    # The number stands behind the interval; a word for unknown at nought.
    ends = [{**v, "end": v["high"] if v["high"] is not None else v["value"] or 0.0} for v in values]
    return layered(ends, layers, description, {"step": _ROW_HEIGHT}, RIGHT_ROOM)
