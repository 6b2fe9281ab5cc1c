"""What only the pages of topsectors draw: employers that ask, by year, and the outlook for jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from overstap.publish.ahead import ahead_chart, effect, surely, years_of
from overstap.publish.charts import About, Chart, caption, marked
from overstap.publish.labels import Translator, capital
from overstap.publish.rounding import borne
from overstap.publish.vega import Row, Spec, layered, tooltips
from overstap.publish.vega_more import effects
from overstap.publish.words import Sentence
from overstap.study_outlook import OutlookSettings

JOBS = ("expansion", "outflow", "openings")
"""Outcomes of the outlook that the chart of jobs shows."""


def employers_sentence(t: Translator, years: Sequence[Row], selected: bool) -> Sentence:
    """Yearly rows of `out_volume` of one topsector: more, fewer or the same number of employers, one (a single year)
    or, where the ads were `selected`, selected: no word on growth then."""
    first, last = years[0], years[-1]
    a, b = first["employers_n"], last["employers_n"]
    state = "selected" if selected else "one" if first is last else "more" if b > a else "fewer" if b < a else "same"
    fields = {"sector": t.value("topsector", last["topsector"]), "last_n": t.number(b), "first_n": t.number(a)}
    fields |= {"first": t.period(first["period"]), "last": t.period(last["period"])}
    fields |= {"vacancies": t.number(last["vacancies_n"])}
    return Sentence(t(f"sector.entrants.{state}", **fields), state)


def employers_chart(years: Sequence[Row], t: Translator, about: About, sentence: Sentence) -> Chart:
    """Employers with a vacancy in the topsector, a bar per year."""
    values = [
        {
            "year": row["period"],
            "employers": row["employers_n"],
            "name": t.number(row["employers_n"]),
            "period_text": t.period(row["period"]),
            "vacancies_text": t.number(row["vacancies_n"]),
            "ads_text": t.number(row["ads_n"]),
        }
        for row in years
    ]
    fields = {"sector": t.value("topsector", years[0]["topsector"]), "first": t.period(years[0]["period"])}
    title = capital(t(f"sector.entrants.titled.{sentence.state or 'selected'}", **fields))
    x = {"field": "year", "type": "ordinal", "axis": {"title": t("unit.year_axis"), "labelAngle": 0}}
    y = {"field": "employers", "type": "quantitative", "axis": {"title": t("sector.entrants.axis"), "tickCount": 5}}
    tips = [{"field": "name", "title": t("sector.entrants.axis")}, *tooltips(t, "period", "vacancies", "ads")]
    bar = {"type": "bar", "style": "value_bar", "width": {"band": 0.6}}
    text = {"type": "text", "style": "value_text", "dy": -8}
    layers: list[Spec] = [
        {"mark": bar, "encoding": {"x": x, "y": y, "tooltip": tips}},
        {"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "name"}}},
    ]
    chart = Chart(
        "sector-entrants",
        title,
        t("sector.entrants.about"),
        sentence.text,
        caption(t, about, years, [sum(row["vacancies_n"] for row in years)], counts=True),
        layered(values, layers, f"{title}. {sentence}", 220),
        "out_volume",
        ("period", "employers_n", "vacancies_n", "ads_n"),
        tuple(years),
    )
    return marked(t, about, chart)


def jobs_sentence(t: Translator, row: Row, settings: OutlookSettings) -> Sentence:
    """A row of `out_scenarios` (base, expansion, one topsector): grows, shrinks or, where its interval holds nought,
    unclear."""
    shown = borne(row, "value")
    state = "unclear" if not surely(row, "value") else "grows" if row["value_low"] > 0 else "shrinks"
    fields = {name: t.number(abs(shown[name])) for name in ("value", "value_low", "value_high")}
    if state == "unclear":
        fields = {name: t.signed(shown[name], 0) for name in ("value", "value_low", "value_high")}
    if state == "shrinks":
        fields["value_low"], fields["value_high"] = fields["value_high"], fields["value_low"]
    fields |= {"sector": t.value("topsector", row["topsector"]), "years": years_of(settings)}
    fields |= {"part": t.percent(row["known_pct"], 0), "confidence": t.percent(100 * settings.confidence, 0)}
    return Sentence(t(f"sector.employment.{state}", **fields), state)


def jobs_chart(rows: Mapping[str, Row], t: Translator, settings: OutlookSettings, sentence: Sentence) -> Chart:
    """Growth, leavers and openings of the topsector over the years of the outlook, each with its interval."""
    known = [row for row in rows.values() if row["value"] is not None]
    values = [effect(t, t(f"sector.employment.{row['outcome']}"), row, "value", "value") for row in known]
    spec = effects(t, values, t("sector.employment.axis"), sentence.text, float("inf"))
    columns = ("outcome", "value", "value_low", "value_high", "known_pct")
    shown = [borne(row, "value") for row in known]
    fields = {"sector": t.value("topsector", known[0]["topsector"]), "years": years_of(settings)}
    words = {"title": capital(t(f"sector.employment.titled.{sentence.state}", **fields))}
    finding = sentence.text
    return ahead_chart(
        t, settings, "sector-employment", "sector", finding, spec, "out_scenarios", columns, shown, words
    )
