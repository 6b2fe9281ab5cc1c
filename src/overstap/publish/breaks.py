"""Breaks in series of ads: years into which the feed, its coding or a wording moved (`out_drift`), as a line in charts.

A feed that moved breaks every series. Coding that moved breaks the shares of skills and what is made of them, a wording
that moved those of its own skill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from overstap.publish.labels import Translator
from overstap.schema.out import ALL

Row = Mapping[str, Any]
_ABOVE = {"category", "category_group", "technology"}  # kinds of items that are made of skills


def of_source(drift: Iterable[Row], source_id: str) -> tuple[Row, ...]:
    """The rows of `out_drift` that concern a source, or all."""
    return tuple(
        row
        for row in drift
        if source_id == ALL or row["kind"] == "wording" or row["subject"].split("/")[0] == source_id
    )


def breaking(drift: Iterable[Row], rows: Sequence[Row]) -> list[Row]:
    """The rows of `out_drift` that break a series of `rows`, within its years, in order of time.

    `rows` have a `period`; where they are shares of an item also its kind and id, else they are of digital skills.
    """
    years = sorted({str(row["period"])[:4] for row in rows if row.get("period")})
    if len(years) < 2:
        return []
    items = {(row.get("item_kind", "category_group"), row.get("item_id")) for row in rows if "share_pct" in row}
    places = {row.get("topsector", ALL) for row in rows}
    kinds = {kind for kind, _ in items}

    def concerns(moved: Row) -> bool:
        if moved["kind"] == "wording":
            return ("skill", moved["subject"]) in items and moved["topsector"] in {ALL, *places}
        return moved["kind"] != "coded" or bool(kinds & (_ABOVE | {"skill"}))

    found = [moved for moved in drift if years[0] < moved["period"] <= years[-1] and concerns(moved)]
    return sorted(found, key=lambda moved: str(moved["period"]))


def lines_at(t: Translator, moved: Sequence[Row], x: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Layers of a chart by time: a dashed line where each year of `moved` begins, its reasons on hovering.

    `x`: the horizontal channel of the chart, of years or dates.
    """
    field, by_date = x["field"], x["type"] == "temporal"
    told: dict[str, list[str]] = {}
    for row in moved:
        told.setdefault(row["period"], []).append(drift_text(t, row))
    values = [
        {field: f"{year}-01-01" if by_date else year, "break_text": " ".join(said), "label": t("chart.break")}
        for year, said in told.items()
    ]
    tips = [{"field": "break_text", "type": "nominal", "title": t("chart.break")}]
    text = {"type": "text", "style": "value_text", "align": "left", "dx": 4, "dy": 8}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "style": "reference", "strokeWidth": 1.5},
            "encoding": {"x": x, "tooltip": tips},
        },
        {"data": {"values": values}, "mark": text, "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "label"}}},
    ]


def drift_text(t: Translator, row: Row) -> str:
    """A row of `out_drift` as a sentence."""
    kind = row["kind"]
    subject = t.value("skill", row["subject"]) if kind == "wording" else row["subject"]
    if row["topsector"] != ALL:
        subject = f"{subject} ({t.value('topsector', row['topsector'])})"
    fields = {"subject": subject, "period": row["period"], "units": t.number(row["units_n"])}
    fields |= {"before": t.percent(row["before"], 0), "after": t.percent(row["after"], 0)}
    fields["size"] = t.percent(None if row["size"] is None else 100 * row["size"], 0)
    if kind == "wording":
        kind += "_less" if row["size"] < 1 else "_more"
    return t(f"behind.drift.{kind}", **fields)
