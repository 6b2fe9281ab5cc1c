"""Vega-Lite specs of initiatives: counts as bars, provinces as tiles, ties as arcs; colours by style."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from overstap.publish.labels import Translator
from overstap.publish.vega import RIGHT_ROOM, ROW_HEIGHT, Row, Spec, layered, tooltips, wrapped

MOST_NODES = 30
_TILE = 74  # pixels: four tiles fit on a phone
_BEND = 14  # points of an arc
_LABEL, _WIDE = 220, 335  # pixels for a name beside the arcs, before it is cut, and for both: what a phone has
_LETTERS, _ROW, _LINE = 34, 22, 13  # of a line of a name; pixels of a row, and of a line of a name of more than one


def count_bars(t: Translator, rows: Sequence[Row], names: Sequence[str], description: str, axis: str) -> Spec:
    """Bars of `initiatives_n` by name."""
    values = [
        {"name": name, "n": row["initiatives_n"], "n_text": t.number(row["initiatives_n"])}
        for row, name in zip(rows, names, strict=True)
    ]
    top = max((value["n"] for value in values), default=1)
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
    ticks = {"title": axis, "tickMinStep": 1, "format": "d", "tickCount": min(top, 6)}
    x = {"field": "n", "type": "quantitative", "axis": ticks, "scale": {"domain": [0, top]}}
    tips = tooltips(t, "name", "n")
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "style": "value_bar", "height": {"band": 0.62}},
            "encoding": {"y": y, "x": x, "tooltip": tips},
        },
        {
            "mark": {"type": "text", "style": "value_text", "align": "left", "dx": 7},
            "encoding": {"y": y, "x": {"field": "n", "type": "quantitative"}, "text": {"field": "n_text"}},
        },
    ]
    return layered(values, layers, description, {"step": ROW_HEIGHT}, RIGHT_ROOM)


@lru_cache(maxsize=1)
def _tiles() -> Mapping[str, Row]:
    text = files("overstap.reference").joinpath("data/initiatives/tiles.yaml").read_text(encoding="utf-8")
    tiles: Mapping[str, Row] = yaml.safe_load(text)
    return tiles


def tile_map(t: Translator, rows: Sequence[Row], description: str) -> Spec:
    """Provinces as equal tiles; the more initiatives, the fuller the tile, and every tile says its number."""
    counts = {row["province"]: row["initiatives_n"] for row in rows}
    values = [
        {
            "name": t.value("province", code),
            "short": tile["short"],
            "row": tile["row"],
            "column": tile["column"],
            "n": counts.get(code, 0),
            "n_text": t.number(counts.get(code, 0)),
            "is_place": code.startswith("NL"),
        }
        for code, tile in _tiles().items()
    ]
    top = max((value["n"] for value in values if value["is_place"]), default=1) or 1
    grid = {
        "x": {"field": "column", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}},
        "y": {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}},
    }
    fill = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, top], "range": [0.06, 0.62], "clamp": True},
        "legend": None,
    }
    tips = tooltips(t, "name", "n")
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "style": style, "cornerRadius": 4, "tooltip": True},
            "transform": [{"filter": {"field": "is_place", "equal": place}}],
            "encoding": {**grid, "opacity": fill if place else {"value": 0.2}, "tooltip": tips},
        }
        for style, place in (("value_point", True), ("unclear", False))
    ]
    for field, look in (
        ("short", {"dy": -9, "fontSize": 12}),
        ("n_text", {"dy": 11, "fontSize": 16, "fontWeight": 600}),
    ):
        mark = {"type": "text", "style": "value_text", **look}
        layers.append({"mark": mark, "encoding": {**grid, "text": {"field": field}}})
    return {**layered(values, layers, description, {"step": _TILE}), "width": {"step": _TILE}, "autosize": "pad"}


def network_arcs(
    t: Translator, rows: Sequence[Row], links: Sequence[Row], named: Callable[[str], str], description: str
) -> tuple[Spec, int]:
    """Names in a column with an arc for every tie, those that hang together near each other; and how many are drawn.

    An organisation is drawn where two initiatives or more share it.
    """
    codes = {row["initiative_id"]: row["kind"] for row in rows}
    edges = _edges(codes, links)
    degree: dict[str, int] = {}
    for pair in edges:
        for code in pair:
            degree[code] = degree.get(code, 0) + 1
    kept = sorted(degree, key=lambda code: (-degree[code], code))[:MOST_NODES]
    organisations = {tie["to_id"]: tie["to_name"] for tie in links if tie["to_kind"] == "organisation"}
    order = _beside_each_other(kept, edges)
    place = {code: at for at, code in enumerate(order)}
    nodes = []
    for code in order:
        kind = "organisation" if code in organisations else codes[code]
        ring = kind if kind in ("tki", "centre", "organisation") else "other"
        text = organisations.get(code) or named(code)
        lines = wrapped(text, _LETTERS)
        node = {"name": text, "label": "\n".join(lines), "lines": len(lines), "at": place[code], "x": 0.0}
        nodes.append(node | {"ring": t(f"initiatives.network.ring.{ring}")})
    arcs = [
        {"edge": f"{a} {b}", "at": at, "x": x, "step": step}
        for a, b in edges
        if a in place and b in place
        for step, (x, at) in enumerate(_arc(place[a], place[b]))
    ]
    drawn = sum(code not in organisations for code in order)
    return _arcs(t, nodes, arcs, description), drawn


def _edges(codes: Mapping[str, str], links: Sequence[Row]) -> list[tuple[str, str]]:
    """Ties among the initiatives, and to the organisations that at least two of them share; each once."""
    shared: dict[str, set[str]] = {}
    for tie in links:
        if tie["to_kind"] == "organisation" and tie["from_id"] in codes:
            shared.setdefault(tie["to_id"], set()).add(tie["from_id"])
    found = set()
    for tie in links:
        a, b = tie["from_id"], tie["to_id"]
        if a in codes and (b in codes or len(shared.get(b, ())) > 1):
            found.add((min(a, b), max(a, b)))
    return sorted(found)


def _beside_each_other(codes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[str]:
    """Each part of the network together, a neighbour after its neighbour."""
    near: dict[str, list[str]] = {code: [] for code in codes}
    for a, b in edges:
        if a in near and b in near:
            near[a].append(b)
            near[b].append(a)
    order: list[str] = []
    for start in codes:
        waiting = [start]
        while waiting:
            code = waiting.pop()
            if code not in order:
                order.append(code)
                waiting += [other for other in reversed(near[code]) if other not in order]
    return order


def _arc(first: int, second: int) -> list[tuple[float, float]]:
    """Points of a half ellipse from one place in the list to another; the further apart, the wider, up to a limit."""
    middle, half = (first + second) / 2, abs(second - first) / 2
    wide = 1 - math.exp(-half / 2.5)
    turns = (math.pi * step / (_BEND - 1) for step in range(_BEND))
    return [(wide * math.sin(turn), middle - half * math.cos(turn)) for turn in turns]


def _arcs(t: Translator, nodes: list[Row], arcs: list[Row], description: str) -> Spec:
    rows = max(len(nodes), 1)
    y = {"field": "at", "type": "quantitative", "axis": None, "scale": {"domain": [rows - 0.5, -0.5], "nice": False}}
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [-2.2, 1], "nice": False}}
    rings = [t(f"initiatives.network.ring.{name}") for name in ("tki", "centre", "other", "organisation")]
    shapes = {"domain": rings, "range": ["diamond", "square", "circle", "cross"]}
    legend = {"title": None, "orient": "bottom", "direction": "horizontal", "columns": 2}
    colour = {"field": "ring", "type": "nominal", "scale": {"domain": rings, "range": "category"}, "legend": legend}
    shape = {"field": "ring", "type": "nominal", "scale": shapes, "legend": legend}
    layers: list[Spec] = [
        {
            "data": {"values": arcs},
            "mark": {"type": "line", "style": "unclear", "strokeWidth": 1.5, "interpolate": "monotone"},
            "encoding": {
                "x": x,
                "y": y,
                "detail": {"field": "edge"},
                "order": {"field": "step", "type": "quantitative"},
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tooltips(t, "name")},
        },
    ]
    for lines in sorted({node["lines"] for node in nodes}):  # a name of more lines is lifted to the middle of its row
        fit = {"lineBreak": "\n", "lineHeight": _LINE, "dy": -_LINE / 2 * (lines - 1), "limit": _LABEL}
        layers.append(
            {
                "transform": [{"filter": {"field": "lines", "equal": lines}}],
                "mark": {"type": "text", "style": "value_text", "align": "right", "dx": -9, **fit},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}, "tooltip": tooltips(t, "name")},
            }
        )
    step = max([_ROW, *(_LINE * node["lines"] + 2 for node in nodes)])
    return {**layered(nodes, layers, description, step * rows + 10), "width": _WIDE, "autosize": "pad"}
