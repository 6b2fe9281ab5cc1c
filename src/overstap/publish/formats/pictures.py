"""Charts drawn without a browser: Vega-Lite to SVG and PNG by vl-convert, which holds Vega and fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from overstap.publish.formats.need import needed

FONT = "Noto Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
WIDTH, SMALL = 700, 370
"""Of a chart, in pixels, over the whole page or half of it: type of 12 pixels is then about 8 points on paper."""


def as_svg(spec: Mapping[str, Any], theme: Mapping[str, Any], width: int = WIDTH) -> str:
    """The chart as SVG in a theme of `theme.vega_config`. Raises `InputError` where vl-convert is not installed."""
    draw = needed("vl_convert")
    locale = theme.get("locale", {}).get("number", {})
    config = _with_font({key: value for key, value in theme.items() if key != "locale"})
    config["axisY"] = {**config.get("axisY", {}), "labelLimit": int(0.45 * width)}
    drawn: str = draw.vegalite_to_svg(
        {**spec, "width": width},
        config=config,
        format_locale={"grouping": [3], "currency": ["€", ""], "decimal": ".", "thousands": ",", **locale},
        allowed_base_urls=[],
    )
    return drawn


def as_png(svg: str, scale: float = 2.0) -> bytes:
    """SVG as a PNG, `scale` times as large."""
    made: bytes = needed("vl_convert").svg_to_png(
        svg.replace("<svg ", '<svg style="background:#ffffff" ', 1), scale=scale
    )
    return made


def _with_font(value: Any) -> Any:
    """A theme in which every list of fonts names those that a program without a browser finds."""
    if isinstance(value, dict):
        return {k: FONT if k.lower().endswith("font") else _with_font(v) for k, v in value.items()}
    return value
