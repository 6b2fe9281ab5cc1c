"""Vega-Lite specs of panels: ranks with intervals, shares with intervals, and three ranks of an item side by side."""

from __future__ import annotations

from collections.abc import Sequence

from overstap.publish.labels import Translator
from overstap.publish.theme import SHAPES
from overstap.publish.vega import Row, Spec, layered, tooltips

_ROW, _THREE = 30, 44


def points(t: Translator, values: Sequence[Row], title: str, description: str, domain: Sequence[float]) -> Spec:
    """Values of {name, value, low, high, value_text, interval_text, n_text} as points with their interval, in order.

    `domain` gives the ends of the axis; the higher first where the lower value is the better.
    """
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    axis = {"title": title, "tickCount": 6, "format": ",~f"}

    def x(field: str) -> Spec:
        scale = {"domain": list(domain), "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    tips = tooltips(t, "name", "value", "interval", "n")
    rule = {"y": y, "x": x("low"), "x2": {"field": "high"}, "tooltip": tips}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "style": "interval"}, "encoding": rule},
        {
            "mark": {"type": "point", "style": "value_point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"y": y, "x": x("value"), "tooltip": tips},
        },
    ]
    return layered(list(values), layers, description, {"step": _ROW})


def ranks(t: Translator, values: Sequence[Row], kinds: Sequence[str], title: str, description: str, n: int) -> Spec:
    """Values of {name, kind, value, value_text, interval_text, n_text}: a shape for each kind of rank."""
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    apart = {"field": "kind", "type": "nominal", "scale": {"domain": list(kinds)}}
    axis = {"title": title, "tickMinStep": 1, "format": "d", "values": list(range(1, n + 1))}
    x = {"field": "value", "type": "quantitative", "axis": axis}
    x["scale"] = {"domain": [0.5, n + 0.5], "nice": False}
    legend = {"title": None, "orient": "top", "labelLimit": 260, "columns": 1}
    shape = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(kinds), "range": SHAPES[: len(kinds)]},
        "legend": legend,
    }
    colour = {"field": "kind", "type": "nominal", "scale": {"domain": list(kinds)}, "legend": legend}
    encoding = {
        "y": y,
        "yOffset": apart,
        "x": x,
        "shape": shape,
        "color": colour,
        "tooltip": tooltips(t, "name", "value", "interval", "n"),
    }
    mark = {"type": "point", "filled": True, "size": 80, "opacity": 1}
    return layered(
        list(values), [{"mark": mark, "encoding": encoding}], description, {"step": _THREE, "for": "position"}
    )
