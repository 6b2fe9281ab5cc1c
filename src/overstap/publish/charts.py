"""Charts as data: rows of `out_` tables become Vega-Lite specs with their title, caption and the rows they show.

Every number in a spec comes from the row that the table below the chart shows. Colours and shapes are the theme's,
by style name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from overstap.publish import words
from overstap.publish.breaks import breaking, lines_at
from overstap.publish.labels import Translator, capital
from overstap.publish.vega import Row, Spec, bars, label_of, layered, lines, ratios, tooltips, wrapped
from overstap.schema.out import WEIGHTED_NAMES


@dataclass(frozen=True)
class About:
    """What a chart's caption needs: sources as read, the interval's confidence level, whether the ads are simulated.

    `min_n` is the number of vacancies below which a cell is not drawn; `selected` says that differences between years
    may come from the selection of ads; `apart` the periods compared where they have no source in common; `drift` holds
    the rows of `out_drift`, which charts by time mark.
    """

    sources: tuple[str, ...]
    confidence: float = 0.95
    simulated: bool = False
    min_n: int = 30
    selected: bool = False
    apart: tuple[str, str] | None = None
    drift: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart that needs no other text: `title` says the finding in short and `finding` in full, `description` how to
    read it, `caption` the source, period, n and interval.

    `rows` are the contract rows shown, in the order shown; `columns` those of `table` that a reader wants to see.
    `spec` holds its data and draws no title; `standalone` adds title and caption for an image of its own.
    """

    id: str
    title: str
    description: str
    finding: str
    caption: str
    spec: Spec
    table: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def standalone(self, width: int = 640) -> Spec:
        """The spec with title and caption drawn, at a fixed width in pixels."""
        lines = wrapped(self.title, width // 8)
        title = {"text": lines, "subtitle": wrapped(self.caption, width // 6)}
        return {**self.spec, "title": title, "width": width}


DEMAND_COLUMNS = ("asked_n", "vacancies_n", "employers_n", "share_pct", "share_low", "share_high", "is_reliable")
CHANGE_COLUMNS = (
    "first_period",
    "last_period",
    "first_n",
    "last_n",
    "first_base_n",
    "last_base_n",
    "ratio",
    "ratio_low",
    "ratio_high",
    "shrunk_ratio",
    "listed_low",
    "listed_high",
    "growth_factor",
    "growth_low",
    "growth_high",
    "direction",
)


def ranked_shares(
    table: pa.Table, t: Translator, about: About, *, id: str, subject: str, limit: int = 10, label: str = "item_id"
) -> Chart:
    """Rows of `out_demand` of one cell and period: horizontal bars from high to low, each with its interval.

    `label` is the column that names the bars: `item_id`, or a dimension such as `topsector`.
    """
    every = table.to_pylist()
    order = words.ranked(every)
    rows = [dict(row) for row in order[:limit]]
    sentence = words.ranking_sentence(t, every)
    names = [label_of(t, row, label) for row in rows]
    inline = [t.value(row["item_kind"], row["item_id"]) for row in rows] if label == "item_id" else names
    if sentence.state in ("too_few", "unknown"):
        title = t("chart.title.ranked_none", subject=subject)
    elif sentence.state == "close":
        title = t("chart.title.ranked_close", subject=subject, first=inline[0], second=inline[1])
    elif sentence.state == "tied":
        title = t("chart.title.ranked_tied", subject=subject)
    else:
        title = t("chart.title.ranked", subject=subject, first=inline[0])
    keys = ("item_kind", "item_id") if label == "item_id" else (label,)
    return Chart(
        id,
        title,
        t("chart.about.ranked"),
        sentence.text,
        caption(t, about, every, [rows[0]["vacancies_n"]] if rows else []) + beside_weighted(t, rows, drawn=True),
        bars(t, rows, names, f"{title}. {sentence}"),
        "out_demand",
        ("period", *keys, *demand_columns(rows)),
        tuple(rows),
    )


def ict_by_topsector(
    table: pa.Table, t: Translator, about: About, *, id: str, published: Mapping[str, float] | None = None
) -> Chart:
    """Rows of `out_demand` (item function_group = ict) of one period, one per topsector; `published` adds diamonds."""
    rows = [dict(row) for row in words.ranked(table.to_pylist())]
    sentence = words.spread_sentence(t, rows)
    reliable = [row for row in rows if row["is_reliable"]]
    if sentence.state == "unknown":
        title = t("chart.title.ranked_none", subject=capital(t("noun.vacancies.ict")))
    else:
        key = "chart.title.ict_topsector" + ("" if sentence.state == "clear" else f"_{sentence.state}")
        first, last = (t.short("topsector", row["topsector"]) for row in (reliable[0], reliable[-1]))
        title = t(key, first=first, last=last)
    names = [t.short("topsector", row["topsector"]) for row in reliable]
    shown = [(published or {}).get(row["topsector"]) for row in reliable]
    note = f" {t('chart.about.published')}" if published else ""
    return Chart(
        id,
        title,
        t("chart.about.topsector") + note,
        sentence.text,
        caption(t, about, rows, [row["vacancies_n"] for row in reliable])
        + left_out(t, about, rows)
        + beside_weighted(t, rows, drawn=True),
        bars(t, reliable, names, f"{title}. {sentence}", shown),
        "out_demand",
        ("period", "topsector", *demand_columns(rows)),
        tuple(rows),
    )


def share_by_year(
    table: pa.Table,
    changes: pa.Table,
    t: Translator,
    about: About,
    *,
    id: str,
    subject: str,
    series: str = "topsector",
) -> Chart:
    """Yearly rows of `out_demand`, one series per value of `series`: lines with a band, named at their end.

    `changes` holds the rows of `out_change` of the same series; the title and the sentence follow from them.
    """
    rows = sorted((dict(r) for r in table.to_pylist()), key=lambda r: (str(r[series]), str(r["period"])))
    moved = changes.to_pylist()
    sentence = words.series_sentence(t, moved, series, about.selected)
    sentence = words.cautioned(t, sentence, about.selected, about.apart)
    lists = words.series_lists(moved)
    key = {
        "all_rising": "rising",
        "all_falling": "falling",
        "mixed": "mixed",
        "apart": "apart",
        "unknown": "unknown",
    }.get(sentence.state, "none")
    counts = {k: len(v) for k, v in lists.items()}
    if key == "mixed" and not (counts["rising"] and counts["falling"]):
        key = "up" if counts["rising"] else "down"
    drawn = [row for row in rows if row["is_reliable"]]
    key = words.variant(t, f"chart.title.series_{key}", about.selected)
    title = t(key, subject=subject, total=len(moved), **series_words(t, series), **counts)
    chart = Chart(
        id,
        title,
        t("chart.about.years"),
        sentence.text,
        caption(t, about, rows, [row["vacancies_n"] for row in drawn])
        + left_out(t, about, rows)
        + beside_weighted(t, rows),
        lines(t, rows, series, f"{title}. {sentence}"),
        "out_demand",
        ("period", series, *demand_columns(rows)),
        tuple(rows),
    )
    return marked(t, about, chart)


def volume_by_month(table: pa.Table, yearly: pa.Table, t: Translator, about: About, *, id: str) -> Chart:
    """Monthly rows of `out_volume` of one cell as bars; `yearly` rows of the same cell give the finding."""
    rows = sorted((dict(r) for r in table.to_pylist()), key=lambda r: str(r["period"]))
    years = sorted(yearly.to_pylist(), key=lambda r: str(r["period"]))
    sentence = words.volume_sentence(t, years, about.selected)
    key = sentence.state if sentence.state in ("more", "fewer", "same", "selected") else "one"
    first, last = (years[0]["period"], years[-1]["period"]) if years else ("", "")
    title = t(f"chart.title.volume_{key}", first=first, last=last)
    values = [
        {
            "month": f"{row['period']}-01",
            "vacancies": row["vacancies_n"],
            "period_text": t.period(row["period"]),
            "vacancies_text": t.number(row["vacancies_n"]),
            "ads_text": t.number(row["ads_n"]),
        }
        for row in rows
    ]
    x = {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth"}
    x["axis"] = {"title": t("unit.month_axis"), "format": "%Y", "tickCount": "year", "labelAngle": 0}  # type: ignore[assignment]
    y = {"field": "vacancies", "type": "quantitative", "axis": {"title": t("unit.volume_axis"), "tickCount": 5}}
    tips = tooltips(t, "period", "vacancies", "ads")
    layers: list[Spec] = [
        {"mark": {"type": "bar", "style": "value_bar"}, "encoding": {"x": x, "y": y, "tooltip": tips}}
    ]
    n = sum(row["vacancies_n"] for row in rows)
    chart = Chart(
        id,
        title,
        t("chart.about.volume"),
        sentence.text,
        caption(t, about, rows, [n], counts=True),
        layered(values, layers, f"{title}. {sentence}", 240),
        "out_volume",
        ("period", "ads_n", "vacancies_n", "employers_n"),
        tuple(rows),
    )
    return marked(t, about, chart)


def risers_and_fallers(
    table: pa.Table, t: Translator, about: About, *, id: str, subject: str, limit: int = 10
) -> Chart:
    """Rows of `out_change` of one cell and kind: the strongest risers and fallers, ratio on a log axis, interval."""
    every = table.to_pylist()
    up, down = words.movers(every, "rising", limit), words.movers(every, "falling", limit)
    rows = [dict(row) for row in (*up, *reversed(down))]
    sentence = words.movers_sentence(t, every, selected=about.selected)
    sentence = words.cautioned(t, sentence, about.selected, about.apart)
    keys = {"both": "movers", "risers": "movers_up", "fallers": "movers_down", "apart": "series_apart"}
    key = keys.get(sentence.state, "movers_none")
    first = t.value(up[0]["item_kind"], up[0]["item_id"]) if up else ""
    last = t.value(down[0]["item_kind"], down[0]["item_id"]) if down else ""
    title = t(words.variant(t, f"chart.title.{key}", about.selected), subject=subject, first=first, last=last)
    period = {"period": _span(every)} if every else {}
    n = sorted({row[k] for row in every for k in ("first_base_n", "last_base_n")})
    return Chart(
        id,
        title,
        t("chart.about.movers"),
        sentence.text,
        caption(t, about, [period], n),
        ratios(t, rows, f"{title}. {sentence}"),
        "out_change",
        ("item_id", *CHANGE_COLUMNS),
        tuple(rows),
    )


def marked(t: Translator, about: About, chart: Chart) -> Chart:
    """A chart by time with a line at each break of its series, told in its caption."""
    moved = breaking(about.drift, chart.rows)
    if not moved:
        return chart
    x = next(layer["encoding"]["x"] for layer in chart.spec["layer"] if "x" in layer["encoding"])
    spec = {**chart.spec, "layer": [*chart.spec["layer"], *lines_at(t, moved, x)]}
    years = t.names(sorted({str(row["period"]) for row in moved}))
    return replace(chart, spec=spec, caption=f"{chart.caption} {t('chart.breaks', years=years)}")


def series_words(t: Translator, series: str) -> dict[str, str]:
    """`each` and `series`: what the lines of a chart are called."""
    kind = "topsector" if series == "topsector" else "other"
    return {"each": t(f"noun.series.{kind}.each"), "series": t(f"noun.series.{kind}.many")}


def demand_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns of `out_demand` that a table shows: weighted shares beside the plain ones where there are any."""
    weighted = WEIGHTED_NAMES if any(row["weighted_pct"] is not None for row in rows) else ()
    at = DEMAND_COLUMNS.index("share_high") + 1
    return (*DEMAND_COLUMNS[:at], *weighted, *DEMAND_COLUMNS[at:])


def beside_weighted(t: Translator, rows: Sequence[Row], *, drawn: bool = False) -> str:
    """The remark that weighted shares are `drawn`, or stand in the table; empty where there are none."""
    key = "chart.weighted_drawn" if drawn else "chart.weighted"
    return f" {t(key)}" if len(demand_columns(rows)) > len(DEMAND_COLUMNS) else ""


def left_out(t: Translator, about: About, rows: Sequence[Row]) -> str:
    """The remark on rows of `out_demand` that are not drawn because they are not reliable; empty where all are."""
    weak = sum(not row["is_reliable"] for row in rows)
    if not weak:
        return ""
    form = "one" if weak == 1 else "other"
    return " " + t(f"chart.left_out.{form}", n=t.number(weak), min_n=t.number(about.min_n))


def _span(rows: Sequence[Row]) -> str:
    return f"{rows[0]['first_period']}–{rows[0]['last_period']}"


def caption(t: Translator, about: About, rows: Sequence[Row], n: Sequence[int], *, counts: bool = False) -> str:
    """Source, period, n (its range over the cells shown) and interval; says first where the ads are simulated."""
    periods = sorted({str(row["period"]) for row in rows if row.get("period")})
    span = (
        t.period(periods[0])
        if len(periods) == 1
        else f"{t.period(periods[0])}–{t.period(periods[-1])}"
        if periods
        else "–"
    )
    fields = {
        "sources": t("chart.sources", names=t.names(list(about.sources))),
        "period": span,
        "n": _n_text(t, n),
    }
    if counts:
        text = t("chart.caption_counts", **fields)
    else:
        text = t("chart.caption", confidence=t.percent(100 * about.confidence, 0), **fields)
    return f"{t('chart.simulated')} {text}" if about.simulated else text


def _n_text(t: Translator, n: Sequence[int]) -> str:
    if not n:
        return t.number(0)
    if min(n) == max(n):
        return t.number(n[0])
    return t("chart.n_range", low=t.number(min(n)), high=t.number(max(n)))
