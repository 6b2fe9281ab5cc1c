"""Chart specifications as they are kept: what a chart is made of, without the study's data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from overstap.pipeline import Study
from overstap.web.app import VIEWS
from overstap.web.figures import figure_of
from overstap.web.results import Snapshot
from overstap.web.selection import Selection

FOLDER = Path(__file__).parents[1] / "golden" / "charts"
KINDS = {
    "bars": ("demand", "ranking"),
    "line": ("demand", "years"),
    "ratios": ("demand", "change"),
    "months": ("demand", "volume"),
    "lines": ("outlook", "technologies-by-year"),
    "forecast": ("outlook", "forecast-digital"),
    "polarisation": ("outlook", "polarisation"),
    "effects": ("outlook", "ahead-growth"),
    "placed": ("moves", "moves-placed"),
    "differences": ("survey", "survey-lag"),
    "ranks": ("panel", "panel-data-technologies-before-1"),
    "tiles": ("initiatives", "initiatives-map"),
    "arcs": ("initiatives", "initiatives-network"),
}
"""Each kind of chart with a page and figure that shows it."""
_OF_DATA = {"domain", "values", "description", "range", "height", "width"}


def normalised(spec: Any) -> Any:
    """A specification with the names and types of the fields of its data in place of rows, sorted."""
    if isinstance(spec, dict):
        return {name: _part(name, spec[name]) for name in sorted(spec)}
    return [normalised(part) for part in spec] if isinstance(spec, list) else spec


def _part(name: str, part: Any) -> Any:
    if name == "values" and isinstance(part, list) and part and isinstance(part[0], dict):
        fields = {field for row in part for field in row}
        return {
            field: sorted({_kind(row[field]) for row in part if row.get(field) is not None}) for field in sorted(fields)
        }
    if name in _OF_DATA and not isinstance(part, dict):
        return _kind(part)
    return normalised(part)


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def specs_of(study: Study) -> dict[str, str]:
    """The normalised specification of each kind of chart, as JSON."""
    snapshot = Snapshot(study)
    made: dict[str, str] = {}
    for kind, (view, id) in KINDS.items():
        figure = figure_of(VIEWS[view](snapshot, Selection(lang="en", view=view)), id)
        made[kind] = json.dumps(normalised(figure.chart.spec), indent=1, ensure_ascii=False) + "\n"
    return made
