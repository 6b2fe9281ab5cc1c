"""The Netherlands among other countries in words, a chart and a table: one group of occupations, or an indicator.

The sources publish their figures without intervals, which is said; a place in the row is that of the published figures.
"""

from __future__ import annotations

from functools import cached_property

from babel import Locale

from overstap.outlook.countries import UNIONS
from overstap.pipeline import Study
from overstap.publish.ahead import AheadChapter
from overstap.publish.charts import Chart
from overstap.publish.labels import DASH, Translator
from overstap.publish.tables import select
from overstap.publish.vega import Row, Spec, layered, tooltips
from overstap.publish.words import Sentence
from overstap.reference.sources import all_sources

HOME = "NL"
FIRST = "ict"
_ISO = {"EL": "GR", "UK": "GB"}
_COLUMNS = ("country", "value", "rank", "countries_n", "basis", "breaks", "left_out")
_OWN = "indicator"


class CountriesChapter:
    """One item of `out_countries` in every country, in the language of `t`."""

    def __init__(self, study: Study, t: Translator, item: str = FIRST) -> None:
        self._study, self.t, self.item = study, t, item
        self._ahead = AheadChapter(study, t)

    @cached_property
    def _rows(self) -> list[Row]:
        """Rows of the item."""
        rows: list[Row] = select(self._study, "out_countries", item=self.item).to_pylist()
        return rows

    def choices(self) -> list[tuple[str, str]]:
        """Every item with its name: ICT, major groups, finer groups, indicators of the study."""
        table = self._study.table("out_countries", ["item", "item_kind", "measure"])
        found = table.group_by(["item", "item_kind", "measure"]).aggregate([]).to_pylist()
        kinds = {row["item"]: row["item_kind"] for row in found if row["measure"] != "distance"}
        order = {"group": 0, "isco1": 1, "isco2": 2}
        ranked = sorted(kinds.items(), key=lambda pair: (order.get(pair[1], 3), pair[0]))
        return [(item, self.name(item)) for item, _ in ranked]

    def name(self, item: str) -> str:
        """What an item is called."""
        if item == FIRST:
            return self.t("ahead.countries.ict")
        return self._ahead.name("isco", item) if item.isdigit() else item

    def country(self, code: str) -> str:
        """The name of a country; of the union that it is the mean."""
        if code in UNIONS:
            return self.t("countries.union", code=code)
        return str(Locale.parse(self.t.locale).territories.get(_ISO.get(code, code), code))

    def _of(self, measure: str, period: str) -> list[Row]:
        found = [row for row in self._rows if (row["measure"], row["period"]) == (measure, period)]
        return sorted(found, key=lambda row: (row["value"] is None, -(row["value"] or 0.0), row["country"]))

    @cached_property
    def _periods(self) -> dict[str, list[str]]:
        """Per measure the periods that were observed."""
        found: dict[str, set[str]] = {}
        for row in self._rows:
            if row["basis"] != "forecast":
                found.setdefault(row["measure"], set()).add(row["period"])
        return {measure: sorted(periods) for measure, periods in found.items()}

    @cached_property
    def level(self) -> list[Row]:
        """The last observed share of every country, or value of the indicator; the highest first."""
        measure = "share" if "share" in self._periods else _OWN
        periods = self._periods.get(measure, [])
        return self._of(measure, periods[-1]) if periods else []

    @cached_property
    def _growth(self) -> dict[str, Row]:
        periods = self._periods.get("growth", [])
        return {row["country"]: row for row in self._of("growth", periods[-1])} if periods else {}

    def said(self) -> list[Sentence]:
        """The place of the Netherlands in level and in growth; unknown where it has no figure."""
        t = self.t
        rows = [row for row in self.level if row["country"] not in UNIONS and row["value"] is not None]
        own = next((row for row in rows if row["country"] == HOME), None)
        if own is None or own["rank"] is None or len(rows) < 2:
            return [Sentence(t("countries.unknown", item=self.name(self.item)), "unknown")]
        fields = {"item": self.name(self.item), "period": own["period"], "value": self.value(own)}
        fields |= {"place": t("ahead.countries.of", rank=own["rank"], n=own["countries_n"])}
        fields |= {"first": self.country(rows[0]["country"]), "most": self.value(rows[0])}
        fields |= {"last": self.country(rows[-1]["country"]), "least": self.value(rows[-1])}
        state = "share" if own["measure"] == "share" else _OWN
        said = [Sentence(t(f"countries.said.{state}", **fields), "known")]
        growth = self._growth.get(HOME)
        if growth is not None and growth["value"] is not None:
            state = "grew" if growth["value"] > 0 else "fell" if growth["value"] < 0 else "same"
            rate = self.rate(growth).lstrip("+")
            fields = {"years": growth["period"].replace("-", DASH), "rate": rate, "place": self.place(growth)}
            text = t(f"countries.growth.{state}", **fields)
            if growth["breaks"]:
                text += " " + t("countries.breaks", years=t.names(growth["breaks"].split(", ")))
            said.append(Sentence(text, state))
        return [*said, Sentence(t("countries.no_interval"), "no_interval")]

    def value(self, row: Row | None) -> str:
        """A share or value as it is written."""
        if row is None or row["value"] is None:
            return self.t("unit.unknown")
        return self.t.percent(row["value"]) if row["unit"] == "%" else f"{self.t.number(row['value'], 1)} {row['unit']}"

    def rate(self, row: Row | None) -> str:
        """Growth a year."""
        known = row is not None and row["value"] is not None
        return f"{self.t.signed(row['value'])}\u00a0%" if row is not None and known else self.t("unit.unknown")

    def place(self, row: Row | None) -> str:
        """The place in the row; a dash where there is none."""
        if row is None or row["rank"] is None:
            return DASH
        return self.t("ahead.countries.of", rank=row["rank"], n=row["countries_n"])

    def chart(self) -> Chart:
        """The level of every country; the Netherlands is marked."""
        t, said = self.t, self.said()[0]
        rows = [row for row in self.level if row["value"] is not None]
        values = [
            {
                "name": f"▸ {self.country(row['country'])}" if row["country"] == HOME else self.country(row["country"]),
                "value": row["value"],
                "share_text": self.value(row),
                "period_text": row["period"],
            }
            for row in rows
        ]
        y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}
        axis = {"title": t(f"countries.axis.{rows[0]['measure']}") if rows else None, "tickCount": 5}
        x = {"field": "value", "type": "quantitative", "axis": axis}
        tips = tooltips(t, "name", "share", "period")
        layers: list[Spec] = [
            {
                "mark": {"type": "bar", "style": "value_bar", "height": {"band": 0.62}},
                "encoding": {"y": y, "x": x, "tooltip": tips},
            },
            {
                "mark": {"type": "text", "style": "value_text", "align": "left", "dx": 5},
                "encoding": {"y": y, "x": x, "text": {"field": "share_text"}},
            },
        ]
        title = self._title(rows)
        spec = layered(
            values, layers, f"{title}. {said}", {"step": 20}, {"left": 5, "right": 40, "top": 5, "bottom": 5}
        )
        fields = {
            "source": self.source(),
            "n": t.number(sum(row["country"] not in UNIONS for row in rows)),
            "period": rows[0]["period"] if rows else DASH,
        }
        caption = t("countries.chart.caption", **fields)
        about = t("countries.chart.about")
        return Chart("countries", title, about, said.text, caption, spec, "out_countries", _COLUMNS, tuple(rows))

    def _title(self, rows: list[Row]) -> str:
        """The place of the Netherlands; what is shown where it has none."""
        fields = {"item": self.name(self.item), "period": rows[0]["period"] if rows else DASH}
        own = next((row for row in rows if row["country"] == HOME and row["rank"] is not None), None)
        if own is None:
            return self.t("countries.chart.title", **fields)
        return self.t("countries.chart.place", rank=own["rank"], n=own["countries_n"], **fields)

    def source(self) -> str:
        """Who published the figures."""
        names = sorted({row["source"] for row in self.level})
        known = all_sources()
        return ", ".join(f"{known[n].publisher}, {known[n].title}" if n in known else n for n in names)

    def table(self) -> list[tuple[str, str, str, str, str, str]]:
        """Per country: name, level, place, growth a year, place in it, years in which the series jumps."""
        return [
            (
                self.country(row["country"]),
                self.value(row),
                self.place(row),
                self.rate(self._growth.get(row["country"])),
                self.place(self._growth.get(row["country"])),
                (self._growth.get(row["country"]) or row)["breaks"] or DASH,
            )
            for row in self.level
        ]
