"""Charts of the tables beside demand and change say what their rows carry, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from overstap.pipeline import Study
from overstap.publish import answers
from overstap.publish.behind import Behind
from overstap.publish.breaks import of_source
from overstap.publish.charts import About, Chart, share_by_year, volume_by_month
from overstap.publish.labels import LANGUAGES, Translator
from overstap.publish.outlook import DIGITAL, DIMENSIONS, Outlook, dimensions_of
from overstap.publish.sector_figures import employers_chart
from overstap.publish.words import Sentence
from overstap.schema.market import APART

Row = dict[str, Any]
ABOUT = About(("board",), 0.95, min_n=30)
NL = Translator("nl")


def level(name: str, share: float, n: int = 100, **more: Any) -> Row:
    bounds = {"share_low": share - 3, "share_high": share + 3, "weighted_low": None, "weighted_high": None}
    row = {"dimension": "experience", "level": name, "period": "all", "item_kind": "category_group"}
    row |= {"item_id": "digital", "asked_n": round(n * share / 100), "vacancies_n": n, "employers_n": 9}
    return {**row, "share_pct": share, **bounds, "weighted_pct": None, "vacancies_estimated": None,
            "is_reliable": n >= 30, **more}  # fmt: skip


def test_levels_stand_in_their_own_order_with_the_unknown_last() -> None:
    rows = [level("unknown", 90), level("10+", 40), level("<1", 20), level("3-4", 60)]
    chart = answers.by_level(rows, NL, ABOUT, id="x", dimension="experience")
    assert [row["level"] for row in chart.rows] == ["<1", "3-4", "10+", "unknown"]
    assert "hoogst bij 3–4 jaar" in chart.title
    assert "laagst bij minder dan 1 jaar" in chart.title  # the unknown is no level to compare with
    assert "60,0" in chart.finding


def moved(kind: str, year: str, subject: str = "board", **more: Any) -> Row:
    row = {"kind": kind, "subject": subject, "topsector": "all", "period": year, "before": 10.0, "after": 30.0}
    return {**row, "size": 1.5, "units_n": 9, **more}


def of_year(year: str, **more: Any) -> Row:
    return level("x", 30) | {"period": year, "topsector": "all", "function_group": "all", **more}


def marked_years(chart: Chart) -> list[str]:
    """The years at which a chart draws a line and says that the series breaks."""
    lines = [layer for layer in chart.spec["layer"] if layer["mark"].get("style") == "reference"]
    return [value[layer["encoding"]["x"]["field"]][:4] for layer in lines for value in layer["data"]["values"]]


def series_of(about: About, kind: str, item: str) -> Chart:
    rows = pa.Table.from_pylist([of_year(str(y), item_kind=kind, item_id=item) for y in range(2014, 2019)])
    return share_by_year(rows, rows.slice(0, 0), NL, about, id="x", subject="X", series="item_id")


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("source", {"skill", "digital", "isco4", "volume"}),
        ("board", {"skill", "digital", "isco4", "volume"}),
        ("source_mix", {"skill", "digital", "isco4", "volume"}),
        ("source_language", {"skill", "digital", "isco4", "volume"}),
        ("coded", {"skill", "digital"}),
        ("wording", {"skill"}),
    ],
)
def test_a_chart_marks_the_breaks_of_its_own_series(kind: str, of: set[str]) -> None:
    subject = "core.python" if kind == "wording" else "board"
    drift = (moved(kind, "2016", subject), moved(kind, "2014", subject), moved("wording", "2017", "core.other"))
    about = replace(ABOUT, drift=drift)
    months = [{"period": f"{y}-{m:02}", "vacancies_n": 5, "ads_n": 5} for y in range(2014, 2019) for m in (1, 2)]
    years = [{"period": str(y), "vacancies_n": 10, "ads_n": 10} for y in range(2014, 2019)]
    charts = {
        "skill": series_of(about, "skill", "core.python"),
        "digital": series_of(about, "category_group", "digital"),
        "isco4": series_of(about, "isco4", "2512"),
        "volume": volume_by_month(pa.Table.from_pylist(months), pa.Table.from_pylist(years), NL, about, id="v"),
    }
    for name, chart in charts.items():  # the first year of a chart is no break within it
        assert marked_years(chart) == (["2016"] if name in of else []), name
        assert ("Streeplijn: in 2016 " in chart.caption) == (name in of), name


def test_every_chart_by_time_marks_a_feed_that_moved() -> None:
    about = replace(ABOUT, drift=(moved("source", "2016"),))
    years = [of_year(str(y)) for y in range(2014, 2019)]
    ahead = [
        {"item_kind": "category_group", "item_id": "digital", "period": "2019Q1", "share_pct": None, "note": "few"}
    ]
    volume = [{"period": str(y), "employers_n": 3, "vacancies_n": 5, "ads_n": 5, "topsector": "energie"}
              for y in range(2014, 2019)]  # fmt: skip
    for chart in (
        answers.intensity_by_year([{**row, "function_group": "ict"} for row in years], [], NL, about, id="x"),
        answers.forecast_of(ahead, years, NL, about, id="x"),
        employers_chart(volume, NL, about, Sentence("", "")),
    ):
        assert marked_years(chart) == ["2016"], chart.table


def test_only_the_breaks_of_a_chosen_source_count() -> None:
    drift = [moved("source", "2015", "board"), moved("board", "2016", "feed/site"), moved("wording", "2017", "core.x")]
    assert [row["period"] for row in of_source(drift, "feed")] == ["2016", "2017"]
    assert len(of_source(drift, "all")) == 3


def test_levels_that_cannot_be_told_apart_are_not_ranked() -> None:
    rows = [level("<1", 20), level("3-4", 22), level("10+", 90, n=5)]
    chart = answers.by_level(rows, NL, ABOUT, id="x", dimension="experience")
    assert "geen zeker verschil" in chart.title
    assert len(chart.spec["data"]["values"]) == 2  # five vacancies are in the table, not in the chart
    assert "Niet getekend: 1 meting" in chart.caption


def test_levels_without_a_row_are_named_and_nothing_is_concluded_of_them() -> None:
    rows = [level("<1", 20), level("3-4", 60)]
    counted = {"<1": 100, "3-4": 100, "10+": 315, "5-9": 29, "unknown": 999}
    chart = answers.by_level(rows, NL, ABOUT, id="x", dimension="experience", counted=counted)
    assert chart.title.endswith("(van de getoonde waarden)")
    assert "Niet in de lijst" in chart.finding
    assert "10 jaar of meer" in chart.finding
    assert "5–9 jaar" not in chart.finding  # below the least number of vacancies no level has a bar
    cut = answers.by_level([*rows, level("10+", 30)], NL, ABOUT, id="x", dimension="experience", limit=2)
    assert "10 jaar of meer" in cut.finding
    whole = answers.by_level(rows, NL, ABOUT, id="x", dimension="experience", counted={"<1": 100, "3-4": 100})
    assert "getoonde" not in whole.title + whole.finding


def test_weighted_shares_are_drawn_beside_the_plain_ones() -> None:
    weighted = {"weighted_pct": 30.0, "weighted_low": 25.0, "weighted_high": 36.0}
    rows = [level("<1", 20, **weighted), level("3-4", 60, **weighted)]
    chart = answers.by_level(rows, NL, ABOUT, id="x", dimension="experience")
    drawn = [layer["encoding"]["x"]["field"] for layer in chart.spec["layer"]]
    assert {"share", "low", "weighted", "weighted_low"} <= set(drawn)
    assert {v["weighted_text"] for v in chart.spec["data"]["values"]} == {"30,0\u00a0%"}
    assert "weighted_pct" in chart.columns
    plain = answers.by_level([level("<1", 20), level("3-4", 60)], NL, ABOUT, id="x", dimension="experience")
    assert "weighted" not in [layer["encoding"]["x"]["field"] for layer in plain.spec["layer"]]


def ahead(period: str, share: float, **more: Any) -> Row:
    row = {"item_kind": "category_group", "item_id": "digital", "period": period, "share_pct": share, "note": None}
    row |= {"share_low": share - 2, "share_high": share + 2, "mase": 0.8, "naive_mase": 1.0, "coverage_pct": 79.0}
    return {**row, "origins_n": 12, **more}


@pytest.mark.parametrize(("share", "state"), [(45.0, "hoger"), (15.0, "lager"), (31.0, "niet te zeggen")])
def test_a_forecast_says_more_or_less_only_where_its_interval_leaves_the_last_year(share: float, state: str) -> None:
    past = [{**level("<1", s), "period": p} for p, s in (("2016", 28.0), ("2017", 30.0))]
    chart = answers.forecast_of([ahead("2018Q1", share), ahead("2018Q2", share)], past, NL, ABOUT, id="f")
    assert state in chart.title
    assert "2e kwartaal van 2018" in chart.title
    assert "12 kwartalen" in chart.description
    assert "beter dan de laatste waarde aanhouden is dat niet" not in chart.description
    poor = answers.forecast_of([ahead("2018Q1", share, mase=1.2, coverage_pct=None)], past, NL, ABOUT, id="f")
    assert "beter dan de laatste waarde aanhouden is dat niet" in poor.description
    assert "onbekend" not in poor.description


def test_where_there_is_no_forecast_the_chart_says_why() -> None:
    none = {**dict.fromkeys(ahead("2018Q1", 1.0)), "item_kind": "category_group", "item_id": "digital"}
    chart = answers.forecast_of([{**none, "period": "2018Q1", "note": "drift"}], [], NL, ABOUT, id="f")
    assert chart.rows == ()
    assert "geen voorspelling" in chart.title
    assert "bewoording" in chart.finding


def border(group: str, low: float, high: float) -> Row:
    change = {"change": (low + high) / 2, "change_low": low, "change_high": high}
    gap = {"note": None, "gap": 50.0, "gap_low": 45.0, "gap_high": 55.0, "ict_n": 100, "group_n": 200}
    return {"function_group": group, "period": "2017", **gap, **change}


def test_a_border_fades_only_where_its_interval_says_so() -> None:
    def title(*borders: Row) -> str:
        return answers.intensity_by_year([], borders, NL, ABOUT, id="i").title

    assert (
        title(border("manager", -9, -1), border("other", -8, -2))
        == "De kloof tussen ICT en andere functies wordt kleiner"
    )
    assert "onduidelijk" in title(border("manager", -9, 1), border("other", -8, 2))
    mixed = title(border("manager", -9, -1), border("other", -8, 2))
    assert mixed == "De kloof met ICT-functies: kleiner voor managers; onduidelijk voor overige functies"


def test_a_border_whose_change_touches_nought_is_unclear() -> None:
    for low, high in ((-9, 0), (0, 9)):
        chart = answers.intensity_by_year([], [border("manager", low, high)], NL, ABOUT, id="i")
        assert "onduidelijk" in chart.title and "is onduidelijk" in chart.finding


def test_years_without_a_common_source_are_said_not_to_compare() -> None:
    none = dict.fromkeys(("change", "change_low", "change_high"))
    chart = answers.intensity_by_year([], [border("manager", -9, -1) | none | {"note": APART}], NL, ABOUT, id="i")
    assert chart.title == "Vraag naar digitale vaardigheden per functiegroep"
    assert "50,0 procentpunt" in chart.finding and "niet te vergelijken" in chart.finding
    silent = bend("vacancies", "curvature", "none") | dict.fromkeys(("value", "value_low", "value_high"))
    both = [silent | {"note": APART}, bend("jobs", "curvature", "u")]
    found = answers.polarisation_chart(both, NL, ABOUT, id="p")
    assert NL("caution.apart", first="2012", last="2017") in found.finding
    assert found.title.endswith("banen") and [row["what"] for row in found.rows] == ["jobs"]


def test_a_border_that_changes_sign_turned() -> None:
    row = {**border("other", 7.2, 22.9), "gap": 8.1, "change": 15.0}
    chart = answers.intensity_by_year([], [row], NL, ABOUT, id="i")
    assert chart.title == "De kloof tussen ICT en andere functies keerde om"
    assert "keerde sinds het eerste jaar om, van \u22126,9 naar +8,1" in chart.finding
    below = {**border("other", 2, 8), "gap": -3.0, "change": 5.0}  # from 8 below to 3 below
    assert answers.intensity_by_year([], [below], NL, ABOUT, id="i").title.endswith("wordt kleiner")


def test_a_line_breaks_where_years_are_missing() -> None:
    def year(period: str, group: str) -> Row:
        return {**level("x", 40), "period": period, "function_group": group, "sector": "all"}

    rows = [year("2015", "ict"), year("2016", "ict"), year("2019", "ict"), year("2016", "other"), year("2017", "other")]
    chart = answers.intensity_by_year(rows, [], NL, ABOUT, id="i")
    drawn = [(v["year"], v["share"] is None) for v in chart.spec["data"]["values"] if v["name"] == "ICT"]
    assert drawn == [("2015", False), ("2016", False), ("2017", True), ("2018", True), ("2019", False)]
    assert sum(v["share"] is None for v in chart.spec["data"]["values"]) == 2
    assert len(chart.rows) == 5  # the table holds what is known


def bend(what: str, measure: str, shape: str) -> Row:
    row = {"what": what, "measure": measure, "first_period": "2012", "last_period": "2017", "value": 1.0}
    return {
        **row,
        "value_low": 0.5,
        "value_high": 1.5,
        "p_value": 0.01,
        "occupations_n": 38,
        "shape": shape,
        "note": None,
    }


def test_what_cannot_be_shown_of_polarisation_is_said_once() -> None:
    """One sentence for all that is unclear; what is shown of one of them stands by itself, and out of that sentence."""
    rows = [bend(what, measure, "none") for what in ("vacancies", "jobs") for measure in ("curvature", "routine")]
    unsure = [dict(row) | {"value_low": -1.0, "value_high": 1.0} for row in rows]
    said = answers.polarisation_sentences(NL, unsure)
    assert [one.state for one in said] == ["both_unclear"]
    assert "de vacatures" in said[0].text and "de banen in het land" in said[0].text
    unsure[1] |= {"value": -0.4, "value_low": -0.6, "value_high": -0.2}
    found = answers.polarisation_sentences(NL, unsure)
    assert [one.state for one in found] == ["routine_down", "curvature_unclear", "both_unclear"]
    assert "de banen" not in found[0].text + found[1].text and "de vacatures" not in found[2].text
    unknown = [row | {"value": None, "occupations_n": 4} for row in unsure]
    assert [one.state for one in answers.polarisation_sentences(NL, unknown)] == ["both_too_few"]


@pytest.mark.parametrize(
    ("language", "hbo", "none"),
    [("nl", "hbo", "geen opleiding"), ("en", "hbo (applied sciences)", "no education asked")],
)
def test_a_label_that_begins_with_its_value_is_named_whole(language: Any, hbo: str, none: str) -> None:
    t = Translator(language)
    assert (t.named("education", "hbo"), t.named("education", "geen")) == (hbo, none)
    assert t.named("category_group", "other") == t.value("category_group", "other")


def test_only_growth_at_both_ends_is_called_polarisation() -> None:
    bent = answers.polarisation_chart([bend("jobs", "curvature", "none")], NL, ABOUT, id="p")
    assert bent.title == "Geen polarisatie aan te tonen"  # the curve bends, but rises all the way
    found = answers.polarisation_chart([bend("jobs", "curvature", "u")], NL, ABOUT, id="p")
    assert found.title.endswith("beide uiteinden van de arbeidsmarkt: banen")
    # A quarter of the curvature is how far the middle lags, on the log scale.
    assert found.spec["data"]["values"][0]["value"] == pytest.approx(28.4, abs=0.05)
    # The text gives what the chart draws, and how the coefficients of the table lead to it.
    assert "Banen: uiteinden +28,4\u00a0% (+13,3 tot +45,5\u00a0%)" in found.description
    assert "logschaal" in found.description


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dimension_of_a_study_has_a_chart_with_n_period_and_source(finished_study: Study, language: str) -> None:
    t = Translator.for_study(finished_study, language)  # type: ignore[arg-type]
    outlook = Outlook(finished_study, t, About(("dorp",), 0.95, simulated=True))
    known = dimensions_of(finished_study)
    assert {"isco2", "function_group"} <= set(known)
    assert set(known) <= set(DIMENSIONS)
    assert all(t.has(f"value.dimension.{name}") for name in DIMENSIONS)
    for dimension in known:
        chart = outlook.levels(dimension, *DIGITAL)
        assert chart.rows
        assert chart.title
        assert "2012–2013" in chart.caption or "2012" in chart.caption
        assert len({row["level"] for row in chart.rows}) == len(chart.rows)
    for chart in (outlook.technologies(), outlook.intensity(), outlook.intensity_by_sector(), outlook.polarisation()):
        assert chart.finding
        assert "dorp" in chart.caption


def test_a_study_before_the_statistics_begin_says_so(finished_study: Study) -> None:
    period = finished_study.spec.period.model_copy(update={"last": finished_study.spec.period.last.replace(year=2008)})
    spec = finished_study.spec.model_copy(update={"period": period})
    said, sections = Behind(Study(finished_study.path, spec, finished_study.store), NL).workforce()
    assert sections == ()
    assert "2010" in said[0].text
