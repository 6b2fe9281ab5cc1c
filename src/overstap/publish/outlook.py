"""What the tables beside demand and change show of one study: levels, technologies, intensity, forecasts, polarisation.

The report and the dashboard take the same charts from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.dataset as ds

from overstap.pipeline import Study
from overstap.publish import answers, beyond, charts, words
from overstap.publish.charts import About, Chart
from overstap.publish.labels import Translator
from overstap.publish.nowcast import nowcasts
from overstap.publish.tables import narrow, select
from overstap.publish.vega import Row
from overstap.reference.technologies import technologies_of
from overstap.schema.codes import TRAITS
from overstap.schema.market import NOTES
from overstap.schema.out import ALL
from overstap.store import Wanted

DIMENSIONS = tuple(trait.name for trait in TRAITS)
IN_REPORT = ("province", "education", "experience", "skill_level", "contract", "hours", "firm_size")
DIGITAL = ("category_group", "digital")
FORECAST = (DIGITAL, ("function_group", "ict"), ("category", "big_data_analytics"), ("category", "programming"))
TECHNOLOGIES_MAX = 25
LINES = 5


@dataclass(frozen=True)
class Ahead:
    """An item with a forecast: its label, its share in the last year, and its row of `out_forecast` furthest ahead."""

    label: str
    now: Row | None
    end: Row


class Outlook:
    """The charts of one study in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator, about: About) -> None:
        self._study, self.t, self.about = study, t, about

    def levels(self, dimension: str, item_kind: str, item_id: str, period: str = ALL) -> Chart:
        """The share of an item within each value of a dimension, in a year or the whole period."""
        kind = ALL if period == ALL else "year"
        wanted = {"dimension": dimension, "item_kind": item_kind, "item_id": item_id}
        rows = select(self._study, "out_levels", **wanted, period_kind=kind, period=period).to_pylist()
        counted = self._counted(dimension, kind, period)
        return answers.by_level(
            rows, self.t, self.about, id=f"levels-{dimension}", dimension=dimension, counted=counted
        )

    def _counted(self, dimension: str, period_kind: str, period: str) -> dict[str, int]:
        """The vacancies of every level, by an item that each vacancy has: skills asked too rarely have no row."""
        kind = "function_group" if dimension != "function_group" else "category_group"
        wanted = {"dimension": dimension, "item_kind": kind, "period_kind": period_kind, "period": period}
        rows = select(self._study, "out_levels", **wanted).select(["level", "vacancies_n"]).to_pylist()
        return {row["level"]: row["vacancies_n"] for row in rows}

    def levels_of_digital(self) -> list[Chart]:
        """The share asking any digital skill by the dimensions of which two values or more are known."""
        made = (self.levels(dimension, *DIGITAL) for dimension in IN_REPORT)
        return [chart for chart in made if len(chart.spec["data"]["values"]) > 1]

    def technologies(self) -> Chart:
        """The technologies that are asked, over the whole period."""
        rows = self._whole("out_demand", item_kind="technology", period_kind=ALL)
        rows = rows.filter(ds.field("asked_n") > 0)
        subject = self.t("outlook.technologies.subject")
        return charts.ranked_shares(
            rows, self.t, self.about, id="technologies", subject=subject, limit=TECHNOLOGIES_MAX
        )

    def technologies_by_year(self) -> Chart:
        """The technologies asked most, over the years."""
        asked = self._whole("out_demand", item_kind="technology", period_kind=ALL).to_pylist()
        most = [row["item_id"] for row in words.ranked([row for row in asked if row["asked_n"]])[:LINES]]
        rows = self._whole("out_demand", item_kind="technology", period_kind="year", item_id=most)
        changes = self._whole("out_change", item_kind="technology", item_id=most)
        subject = self.t("outlook.technologies.subject")
        return charts.share_by_year(
            rows, changes, self.t, self.about, id="technologies-by-year", subject=subject, series="item_id"
        )

    def technology_movers(self) -> Chart:
        """Technologies that are asked more, or less, than before."""
        rows = self._whole("out_change", item_kind="technology")
        subject = self.t("outlook.technologies.subject")
        return charts.risers_and_fallers(rows, self.t, self.about, id="technology-movers", subject=subject)

    def technology_skills(self) -> list[tuple[str, str]]:
        """Each technology and the skills by which it is counted, in words."""
        found = technologies_of(self._study.spec.technologies, self._study.base)
        return [(t.labels[self.t.language], ", ".join(self.t.value("skill", s) for s in t.skills)) for t in found]

    def technologies_are_ours(self) -> bool:
        """Whether the skills of technologies are this project's choice, not the study's own table."""
        return self._study.spec.technologies == "default"

    def _whole(self, table: str, **wanted: Wanted) -> pa.Table:
        return select(self._study, table, **wanted)

    @cached_property
    def _intensity(self) -> pa.Table:
        return self._study.table("out_intensity")

    def intensity(self) -> Chart:
        """The share asking digital skills by function group over the years, and whether borders fade."""
        rows = narrow(self._intensity, sector=ALL).filter(ds.field("period") != ALL).to_pylist()
        groups = ("ict", "manager", "other")
        borders = narrow(self._study.table("out_borders"), sector=ALL, measure="share").to_pylist()
        shown = [row for row in rows if row["function_group"] in groups]
        return answers.intensity_by_year(shown, borders, self.t, self.about, id="intensity")

    def intensity_by_sector(self) -> Chart:
        """Digital skills asked by sector, over the whole period: share, number and depth."""
        rows = narrow(self._intensity, period=ALL, function_group=ALL).filter(ds.field("sector") != ALL)
        return answers.intensity_by_sector(rows.to_pylist(), self.t, self.about, id="intensity-sector")

    def cross_over(self) -> list[Chart]:
        """Roles of two domains and skills of one domain in another, over all; and digital skills by occupation."""
        rows = narrow(self._study.table("out_cross_over"), sector=ALL).to_pylist()
        return [
            beyond.cross_over_by_domain(rows, self.t, self.about, id="cross-over"),
            beyond.cross_over_by_occupation(rows, self.t, self.about, id="cross-over-occupations"),
        ]

    def new_phrases(self) -> Chart:
        """What ads ask that the taxonomy does not hold: candidates for it."""
        rows = self._study.table("out_new_phrases").to_pylist()
        return beyond.new_phrases(rows, self.t, self.about, id="new-phrases")

    def nowcasts(self) -> list[Chart]:
        """Official vacancies and those not yet published; none where the study names no totals."""
        return nowcasts(self._study, self.t, self.about)

    def polarisation(self) -> Chart:
        """Growth of occupations at both ends of skill and against routine, in vacancies and in jobs."""
        rows = self._study.table("out_polarisation").to_pylist()
        return answers.polarisation_chart(rows, self.t, self.about, id="polarisation")

    @cached_property
    def _forecast(self) -> list[Row]:
        rows: list[Row] = self._study.table("out_forecast").to_pylist()
        return rows

    @cached_property
    def _yearly(self) -> dict[tuple[str, str], list[Row]]:
        kinds = sorted({row["item_kind"] for row in self._forecast})
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self._whole("out_demand", period_kind="year", item_kind=kinds).to_pylist():
            found.setdefault((row["item_kind"], row["item_id"]), []).append(row)
        return found

    def forecast(self, kind: str, item: str) -> Chart:
        """The forecast of an item behind its shares so far, or why there is none."""
        ahead = [row for row in self._forecast if (row["item_kind"], row["item_id"]) == (kind, item)]
        past = self._yearly.get((kind, item), [])
        name = f"forecast-{item}".replace("_", "-").replace(".", "-")
        return answers.forecast_of(ahead, past, self.t, self.about, id=name)

    def forecasts(self) -> list[tuple[str, str, Chart]]:
        """The forecasts shown first: digital skills, ICT functions, and categories, where the data carry them; that of
        digital skills in any case: kind and id of the item, and the chart."""
        with_values = {(row["item_kind"], row["item_id"]) for row in self._forecast if row["share_pct"] is not None}
        there = {(row["item_kind"], row["item_id"]) for row in self._forecast}
        wanted = [item for item in FORECAST if item in with_values or (item == DIGITAL and item in there)]
        return [(*item, self.forecast(*item)) for item in wanted]

    def ahead(self) -> list[Ahead]:
        """Every group, category and function group with a forecast, then skills, most asked first."""
        last: dict[tuple[str, str], Row] = {}
        for row in self._forecast:
            key = (row["item_kind"], row["item_id"])
            if row["share_pct"] is not None and (key not in last or row["period"] > last[key]["period"]):
                last[key] = row
        found = [Ahead(self.t.item(*key), self._now(key), row) for key, row in last.items()]
        return sorted(found, key=lambda a: (a.end["item_kind"] == "skill", -a.end["share_pct"], a.label))

    def _now(self, key: tuple[str, str]) -> Row | None:
        rows = sorted(self._yearly.get(key, []), key=lambda row: str(row["period"]))
        return rows[-1] if rows else None

    def without(self) -> list[words.Sentence]:
        """How many items have no forecast, by reason."""
        counts = {note: sum(row["note"] == note for row in self._forecast) for note in NOTES}
        return [
            words.Sentence(
                self.t("forecast.without", n=self.t.count("unit.items", n), why=self.t(f"forecast.note.{note}")), note
            )
            for note, n in counts.items()
            if n
        ]


def dimensions_of(study: Study) -> Sequence[str]:
    """The dimensions of `out_levels` that tell vacancies of a study apart: two values or more that are known."""
    table = study.store.read("out_levels", ["dimension", "level"], ds.field("period_kind") == ALL)
    pairs = table.group_by(["dimension", "level"]).aggregate([]).to_pylist()
    known = [p["dimension"] for p in pairs if p["level"] != "unknown"]
    return [name for name in DIMENSIONS if known.count(name) > 1]
