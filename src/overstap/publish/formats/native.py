"""Charts that an office program draws itself, with numbers to edit: read from the Vega-Lite of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Number = float | None
FEW = 24
"""Columns of which every name fits below them."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values by category, with the bounds of their interval where they have one."""

    name: str
    values: tuple[Number, ...]
    low: tuple[Number, ...] = ()
    high: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Native:
    """A chart of one of three kinds: bars lie, columns stand, lines run over categories in order.

    The category of a bar has its value too, as the report writes it: beside the end of a bar stands its interval.
    `top` is the end of the axis; None where the program may choose.
    """

    kind: Literal["bar", "column", "line"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    decimals: int
    top: Number = None


def native(spec: Mapping[str, Any]) -> Native | None:
    """The chart of a spec as an office program can draw it without loss; None where it cannot: points on their own,
    forecasts, maps, networks, marks of a second kind."""
    layers = spec.get("layer", ())
    values = spec.get("data", {}).get("values", [])
    shape = tuple((_mark(layer), _style(layer)) for layer in layers)
    if not values:
        return None
    if shape[:2] == (("bar", "value_bar"), ("rule", "interval")) and shape[2:] == (("text", "value_text"),):
        return _bars(layers, values)
    if shape in ((("bar", "value_bar"), ("text", "value_text")), (("bar", "value_bar"),)):
        return _bars(layers, values)
    if tuple(mark for mark, _ in shape) == ("area", "line", "point", "text"):
        return _lines(layers[1]["encoding"], values)
    return None


def _bars(layers: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, Any]]) -> Native:
    encoding = layers[0]["encoding"]
    lying = encoding["x"]["type"] == "quantitative"
    measure, name = (encoding["x"], encoding["y"]) if lying else (encoding["y"], encoding["x"])
    field = measure["field"]
    bounds = [tuple(row.get(end) for row in values) for end in ("low", "high")] if field == "share" else [(), ()]
    label = "period_text" if "period_text" in values[0] and not lying else name["field"]
    text = layers[-1]["encoding"].get("text", {}).get("field", "") if lying else ""
    named = [str(row[label]) for row in values]
    if not lying and len(values) > FEW:  # months: their names would not fit below the columns
        named = [str(row[name["field"]])[:7] for row in values]
    return Native(
        "bar" if lying else "column",
        tuple(f"{one}   {row.get(text, '')}".strip() for one, row in zip(named, values, strict=True)),
        (Series(_title(measure), tuple(row[field] for row in values), *bounds),),
        _title(measure),
        _decimals(row[field] for row in values),
        _top(measure),
    )


def _lines(encoding: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Native:
    years = sorted({str(row["year"]) for row in values})
    series = []
    for name in encoding["color"]["scale"]["domain"]:
        of_year = {str(row["year"]): row for row in values if row["name"] == name}
        got = {key: tuple(of_year.get(year, {}).get(key) for year in years) for key in ("share", "low", "high")}
        series.append(Series(str(name), got["share"], got["low"], got["high"]))
    return Native("line", tuple(years), tuple(series), _title(encoding["y"]), 1, _top(encoding["y"]))


def _top(channel: Mapping[str, Any]) -> Number:
    domain = channel.get("scale", {}).get("domain")
    return float(domain[1]) if domain else None


def _decimals(values: Any) -> int:
    return 0 if all(value is None or float(value).is_integer() for value in values) else 1


def _title(channel: Mapping[str, Any]) -> str:
    return str((channel.get("axis") or {}).get("title") or "")


def _mark(layer: Mapping[str, Any]) -> str:
    mark = layer["mark"]
    return str(mark if isinstance(mark, str) else mark["type"])


def _style(layer: Mapping[str, Any]) -> str:
    mark = layer["mark"]
    return str(mark.get("style", "")) if isinstance(mark, dict) else ""
