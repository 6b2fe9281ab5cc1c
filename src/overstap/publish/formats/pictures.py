"""Charts drawn without a browser: Vega-Lite to SVG and PNG by vl-convert, which holds Vega and fetches nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from overstap.publish.formats.need import needed
from overstap.publish.vega import LABEL_LIMIT, LABEL_WIDE, LINE, wrapped

FONT = "Noto Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
WIDTH, SMALL = 700, 370
"""Of a chart, in pixels, over the whole page or half of it: type of 12 pixels is then about 8 points on paper."""
PAPER, _HEAD = "#ffffff", re.compile(r"<svg[^>]*>")
ROW, LETTERS, FLAT = 21, 50, 190
"""Of a chart on paper, where no finger has to hit it: pixels of a row, letters on a line of a name over the whole page,
and pixels of lines over half of it. Two charts then share a page."""


def as_svg(spec: Mapping[str, Any], theme: Mapping[str, Any], width: int = WIDTH, rows: float = 1.0) -> str:
    """The chart as SVG in a theme of `theme.vega_config`, its rows so many times as high as they would be.

    Raises `InputError` where vl-convert is not installed.
    """
    draw = needed("vl_convert")
    locale = theme.get("locale", {}).get("number", {})
    config = _with_font({key: value for key, value in theme.items() if key != "locale"})
    config["axisY"] = {**config.get("axisY", {}), "labelLimit": int(0.45 * width)}
    drawn: str = draw.vegalite_to_svg(
        {**_stretched(_denser(spec, width), rows), "width": width},
        config=config,
        format_locale={"grouping": [3], "currency": ["€", ""], "decimal": ".", "thousands": ",", **locale},
        allowed_base_urls=[],
    )
    return drawn


def as_png(svg: str, scale: float = 2.0) -> bytes:
    """SVG as a PNG on white, `scale` times as large."""
    on_white = _HEAD.sub(rf'\g<0><rect width="100%" height="100%" fill="{PAPER}"/>', svg, count=1)
    # Noto Sans may lack the minus sign, and then all letters beside it come in another font; a dash looks the same.
    made: bytes = needed("vl_convert").svg_to_png(on_white.replace("\u2212", "\u2013"), scale=scale)
    return made


def _denser(spec: Mapping[str, Any], width: int) -> Mapping[str, Any]:
    """The chart with rows as low as their names allow; where a row holds more than one mark it stays as it is."""
    height, data = spec.get("height"), spec.get("data")
    named = any(layer["mark"].get("type") == "text" for layer in spec.get("layer", []) if isinstance(height, int))
    if isinstance(height, int) and width < WIDTH and not named:  # names beside lines are apart by pixels
        return {**spec, "height": min(height, FLAT)}
    if not isinstance(height, dict) or set(height) != {"step"} or not isinstance(data, dict):
        return spec
    rows = (layer.get("encoding", {}).get("y", {}).get("field") == "name" for layer in spec["layer"])
    if not any(rows) or any("yOffset" in layer["mark"] for layer in spec["layer"]):
        return spec
    letters = LETTERS if width >= WIDTH else LABEL_WIDE
    names = [str(row["name"]) for row in data.get("values", []) if "name" in row]
    lines = max((len(wrapped(name, letters)) for name in names), default=1)
    wider = json.dumps(spec["layer"]).replace(f"{{1,{LABEL_WIDE}}}", f"{{1,{letters}}}")
    wider = wider.replace(f'"labelLimit": {LABEL_LIMIT}', f'"labelLimit": {LABEL_LIMIT * letters // LABEL_WIDE}')
    step = min(height["step"], max(ROW, LINE * lines + 4))
    return {**spec, "height": {"step": step}, "layer": json.loads(wider)}


def _stretched(spec: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """A chart with rows, or a height, so many times as high."""
    height = spec.get("height")
    if isinstance(height, Mapping) and "step" in height:
        return {**spec, "height": {**height, "step": height["step"] * factor}}
    return {**spec, "height": height * factor} if isinstance(height, int | float) else dict(spec)


def _with_font(value: Any) -> Any:
    """A theme in which every list of fonts names those that a program without a browser finds."""
    if isinstance(value, dict):
        return {k: FONT if k.lower().endswith("font") else _with_font(v) for k, v in value.items()}
    return value
