"""Official vacancies and those not yet published: charts and sentences from `out_nowcast`."""

from __future__ import annotations

from overstap.pipeline import Study
from overstap.publish.charts import About, Chart
from overstap.publish.labels import Translator
from overstap.publish.tables import cell
from overstap.publish.vega import RIGHT_ROOM, Row, Spec, layered, tooltips
from overstap.publish.vega_more import middle_of, time_axis
from overstap.publish.weights import totals_source
from overstap.schema.out import ALL
from overstap.schema.weights import KINDS, NOWCAST_NOTES

COLUMNS = ("sector", "quarter", "value_n", "low_n", "high_n", "plain_n", "ads_n", "error", "plain_error", "origins_n")
UNTOLD = NOWCAST_NOTES[3:]
_DIGITS = 3  # official figures are in hundreds; more digits of a nowcast say nothing


def nowcasts(study: Study, t: Translator, about: About) -> list[Chart]:
    """A chart for new and one for open vacancies; none where the study names no totals."""
    rows = study.table("out_nowcast").to_pylist()
    by_kind = [(kind, [row for row in rows if row["kind"] == kind]) for kind in KINDS]
    source = totals_source(study, t)
    return [_chart(kind, of_kind, t, about, source) for kind, of_kind in by_kind if of_kind]


def _chart(kind: str, rows: list[Row], t: Translator, about: About, source: str) -> Chart:
    whole = sorted((row for row in rows if row["sector"] == ALL), key=lambda row: str(row["quarter"]))
    ahead = [row for row in rows if row["low_n"] is not None]
    state, finding = _finding(kind, whole, t)
    title = t(f"nowcast.title.{state}", kind=t(f"nowcast.kind.{kind}"))
    span = f"{t.period(whole[0]['quarter'])}–{t.period(whole[-1]['quarter'])}" if whole else "–"
    sizes = [row["ads_n"] for row in whole] or [0]
    found = f"{t.number(min(sizes))}–{t.number(max(sizes))}"
    caption = t("nowcast.caption", source=source, names=t.names(list(about.sources)), period=span, n=found)
    return Chart(
        f"nowcast-{kind}",
        title,
        t("nowcast.about"),
        finding,
        f"{t('chart.simulated')} {caption}" if about.simulated else caption,
        _spec(t, whole, f"{title}. {finding}"),
        "out_nowcast",
        COLUMNS,
        tuple(_rounded(row) for row in sorted(ahead, key=lambda r: (r["sector"] != ALL, r["sector"], r["quarter"]))),
    )


def _finding(kind: str, whole: list[Row], t: Translator) -> tuple[str, str]:
    """What is said of all sectors together, and the state it is in: a note of the contract."""
    end = whole[-1] if whole else None
    if end is None or end["value_n"] is None:
        why = end["note"] if end and end["note"] in UNTOLD else "few"
        return "none", t("nowcast.none", why=t(f"nowcast.why.{why}"))
    fields = {
        "kind": t(f"nowcast.kind.{kind}"),
        "quarter": t.period(end["quarter"]),
        "value": _vacancies(t, end["value_n"]),
        "interval": "–".join(_vacancies(t, end[name]) for name in ("low_n", "high_n"))
        if end["low_n"] is not None
        else "?",
        "origins": t.number(end["origins_n"]),
    }
    if end["note"] != "untested":
        p = cell(t, end, "p_value")
        fields |= {"error": t.factor(end["error"]), "plain": t.factor(end["plain_error"])}
        fields["p"] = p if p.startswith("<") else f"= {p}"
    return end["note"], t(f"nowcast.{end['note']}", **fields)


def _vacancies(t: Translator, value: float) -> str:
    return t.number(_round(value))


def _round(value: float) -> int:
    return int(round(value, min(_DIGITS - len(str(int(value))), 0)))


def _rounded(row: Row) -> Row:
    names = ("value_n", "low_n", "high_n", "plain_n")
    return {**row, **{name: _round(row[name]) for name in names if row[name] is not None}}


def _spec(t: Translator, whole: list[Row], description: str) -> Spec:
    """Official figures as a line; what was and is told from the ads as points, with the interval of what is not known
    yet; the forecast without ads as crosses."""
    values: list[Row] = []
    for row in whole:
        point = {"date": middle_of(row["quarter"]), "period_text": t.period(row["quarter"])}
        for kind, name in (("official", "official_n"), ("ads", "value_n"), ("plain", "plain_n")):
            if row[name] is not None:
                label = t(f"nowcast.line.{kind}")
                text = {"value_text": _vacancies(t, row[name])}
                bounds = {"low": row["low_n"], "high": row["high_n"]} if kind == "ads" else {}
                values.append({**point, **text, "kind": kind, "label": label, "y": row[name], **bounds})
    x = time_axis(t, values)
    y: Spec = {"field": "y", "type": "quantitative", "axis": {"title": t("nowcast.axis"), "format": ",.0f"}}
    y["scale"] = {"zero": False}
    marks: list[tuple[str, Spec]] = [
        ("official", {"type": "line", "style": "past_line", "strokeWidth": 2, "point": {"size": 18}}),
        ("plain", {"type": "point", "style": "unclear", "shape": "cross", "filled": True, "size": 60, "opacity": 0.8}),
        ("ads", {"type": "point", "style": "ahead_line", "filled": True, "size": 60, "opacity": 1}),
    ]
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "style": "ahead_line", "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
    ]
    tips = [
        *tooltips(t, "period"),
        {"field": "label", "title": " "},
        {"field": "value_text", "title": t("nowcast.axis")},
    ]
    for kind, mark in marks:
        keep = [{"filter": {"field": "kind", "equal": kind}}]
        layers.append({"transform": keep, "mark": mark, "encoding": {"x": x, "y": y, "tooltip": tips}})
    return layered(values, layers, description, 260, RIGHT_ROOM)
