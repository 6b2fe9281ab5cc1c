"""The rows that one chart draws, as CSV or as a workbook: no more and no fewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from overstap import __version__
from overstap.publish.charts import Chart
from overstap.publish.labels import Translator
from overstap.publish.tables import LABELLED, cell, to_csv
from overstap.publish.workbook import Sheet, codebook, workbook
from overstap.schema import TableSpec, table_spec
from overstap.web.figures import Figure
from overstap.web.forms import MEDIA

FORMS = ("csv", "xlsx")


def drawn_as(figure: Figure, form: str, t: Translator, about: Mapping[str, str]) -> tuple[bytes, str]:
    """The rows of a figure's chart and their media type; `about`: what to cite besides title, source and n."""
    made = _as_csv(figure.chart, t) if form == "csv" else _as_xlsx(figure, t, about)
    return made, MEDIA[form]


def _told(chart: Chart) -> TableSpec:
    """The contract of the chart's table, cut to the columns that its rows have."""
    contract = table_spec(chart.table)
    present = {name for row in chart.rows for name in row}
    return replace(contract, columns=tuple(column for column in contract.columns if column.name in present))


def _names(chart: Chart) -> list[str]:
    """The columns of the contract, and those that only the chart has."""
    held = _told(chart).names
    return [*held, *(name for name in chart.columns if name not in held)]


def _rows(chart: Chart) -> list[dict[str, Any]]:
    names = _names(chart)
    return [{name: row.get(name) for name in names} for row in chart.rows]


def _as_csv(chart: Chart, t: Translator) -> bytes:
    return to_csv(_rows(chart), _names(chart), t).encode("utf-8-sig")


def _as_xlsx(figure: Figure, t: Translator, about: Mapping[str, str]) -> bytes:
    chart, names = figure.chart, _names(figure.chart)
    labelled = [name for name in LABELLED if name in names]
    heads = [*names, *(f"{name.removesuffix('_id')}_label" for name in labelled)]
    body = [[*row.values(), *(cell(t, row, name) for name in labelled)] for row in _rows(chart)]
    told = {"title": chart.title, "finding": chart.finding, "source": chart.caption, "cite": figure.cite, **about}
    cited = Sheet("about", ["what", "value"], [*map(list, told.items()), ["software", f"overstap {__version__}"]])
    return workbook([Sheet(chart.id[:31], heads, body), codebook([_told(chart)], heads=heads), cited])
