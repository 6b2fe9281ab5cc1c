"""One look for every chart: colours, type and spacing as a Vega-Lite config, light, dark and print.

Specs name styles, never colours, so the same spec suits every mode. The palette keeps its steps apart for readers with
protanopia and deuteranopia (at least 9 in CIE L*a*b*, as Viénot, Brettel & Mollon 1999 let them see), and no chart
relies on colour alone.
"""

from __future__ import annotations

from typing import Any, Literal

from overstap.publish.labels import Translator

Mode = Literal["light", "dark"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right"]
COLOURS: dict[Mode, dict[str, Any]] = {
    "light": {
        "ink": "#16232f",
        "muted": "#55626e",
        "rule": "#d6dde3",
        "bar": "#9cc3dd",
        "accent": "#0b5c8a",
        "rising": "#0b5c8a",
        "falling": "#b8480f",
        "unclear": "#6b7782",
        "published": "#8a2f6b",
        "weighted": "#22795a",
        "paper": "#ffffff",
        "category": ["#0b5c8a", "#b8480f", "#276f5f", "#7e4faf", "#657d26", "#544d61", "#b01d41"],
    },
    "dark": {
        "ink": "#e8eef3",
        "muted": "#a9b5c0",
        "rule": "#33424f",
        "bar": "#2f5f80",
        "accent": "#74bdec",
        "rising": "#74bdec",
        "falling": "#f49a63",
        "unclear": "#97a4af",
        "published": "#e79ccb",
        "weighted": "#66cba6",
        "paper": "#121b23",
        "category": ["#74bdec", "#f49a63", "#7be3a6", "#a876af", "#f7c651", "#b8c5d3", "#d9688b"],
    },
}


def vega_config(t: Translator, mode: Mode = "light") -> dict[str, Any]:
    """The Vega-Lite `config` of a mode, with the number locale of the language."""
    c = COLOURS[mode]
    text = {"font": FONT, "fontSize": 12, "color": c["ink"]}
    axis = {
        "labelFont": FONT,
        "labelFontSize": 12,
        "labelColor": c["ink"],
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": c["muted"],
        "gridColor": c["rule"],
        "domainColor": c["muted"],
        "tickColor": c["rule"],
        "titlePadding": 8,
        "labelSeparation": 6,  # pixels: two numbers that nearly touch read as one
    }
    return {
        "background": None,
        "font": FONT,
        "locale": t.vega_locale(),
        "view": {"stroke": None},
        "axis": axis,
        "axisY": {"domain": False, "ticks": False, "labelLimit": 210},
        "title": {
            "anchor": "start",
            "font": FONT,
            "fontSize": 15,
            "fontWeight": 600,
            "color": c["ink"],
            "subtitleColor": c["muted"],
            "subtitleFontSize": 12,
            "offset": 12,
        },
        "range": {"category": c["category"], "symbol": SHAPES},
        "style": {
            "value_bar": {"color": c["bar"]},
            "value_point": {"color": c["accent"]},
            "interval": {"color": c["ink"], "strokeWidth": 1.5},
            "value_text": text,
            "value_halo": {**text, "stroke": c["paper"], "strokeWidth": 4, "strokeJoin": "round"},
            "weighted": {"color": c["weighted"], "strokeWidth": 1.5},
            "weighted_text": {**text, "fontSize": 11, "color": c["weighted"]},
            "past_line": {"color": c["accent"]},
            "past_band": {"color": c["accent"]},
            "ahead_line": {"color": c["falling"]},
            "ahead_band": {"color": c["falling"]},
            "reference": {"color": c["muted"], "strokeDash": [4, 3]},
            "published": {"color": c["published"], "strokeWidth": 2},
            "rising": {"color": c["rising"]},
            "falling": {"color": c["falling"]},
            "unclear": {"color": c["unclear"]},
        },
    }
