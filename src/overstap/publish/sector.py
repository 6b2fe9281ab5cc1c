"""One topsector in the order of the study of 2019: technologies, entrants, employment, task change, skills, shortage,
education, what experts expect, and a conclusion.

Every part opens with its finding. What the study has no data for is said to be so, with what would bring it. The
conclusion repeats findings of the parts by a written rule (`SectorChapter.conclusion`); it adds nothing and names no
cause. The report per topsector and the dashboard take the same parts from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.outlook.scenario import BASE
from overstap.pipeline import Study
from overstap.publish import charts, sector_figures, words
from overstap.publish.caution import about_of, caution_of
from overstap.publish.charts import Chart
from overstap.publish.education import EducationChapter
from overstap.publish.labels import Translator
from overstap.publish.panel import PanelChapter
from overstap.publish.survey import SurveyChapter
from overstap.publish.tables import narrow, select
from overstap.publish.vega import Row
from overstap.publish.words import Sentence
from overstap.schema.core import FUNCTION_GROUPS
from overstap.schema.out import ALL
from overstap.store import Wanted
from overstap.survey.words import inside

ORDER = ("technologies", "entrants", "employment", "task_change", "skills", "shortage", "education", "experts")
"""The parts before the conclusion, as the study of 2019 has them for each topsector."""
MOST = 10
_DIGITAL = ("category_group", "digital")
TOLD = frozenset((
    "known", "clear", "close", "single", "more", "fewer", "same", "rising", "falling", "new", "gone", "grows",
    "shrinks", "surplus", "shortage", "at_most", "trend_more", "trend_less", "answered", "told",
))  # fmt: skip
"""States of a finding that says something: it is repeated in the conclusion. Any other is said to be open there."""


@dataclass(frozen=True)
class Part:
    """A part of a topsector: its sentences, the finding first, and its chart, if any.

    `page` is the page of the dashboard that shows more, with the choices to make on it. A part without data has
    `is_known` false, and its one sentence says what would bring them.
    """

    key: str
    said: tuple[Sentence, ...]
    chart: Chart | None = None
    page: str = "demand"
    choice: Mapping[str, Any] = field(default_factory=dict)
    is_known: bool = True

    def _is_drawn(self, sentence: Sentence) -> bool:
        """Whether the chart says the sentence itself."""
        return self.chart is not None and bool(self.chart.finding) and sentence.text.endswith(self.chart.finding)

    @property
    def opening(self) -> tuple[Sentence, ...]:
        """The finding, to stand before the chart; nothing where the chart says it."""
        return () if self._is_drawn(self.said[0]) else self.said[:1]

    @property
    def rest(self) -> tuple[Sentence, ...]:
        """The other sentences that the chart does not say."""
        return tuple(one for one in self.said[1:] if not self._is_drawn(one))


class SectorChapter:
    """What a study says of the topsector `code`, in the language of `t`; tables are read when asked for."""

    def __init__(self, study: Study, t: Translator, code: str) -> None:
        self._study, self.t, self.code = study, t, code
        self._caution = caution_of(study)
        self._read: dict[str, pa.Table] = {}
        self.about = about_of(study, self._caution)

    @property
    def name(self) -> str:
        """The name of the topsector."""
        return self.t.value("topsector", self.code)

    @property
    def cautions(self) -> list[str]:
        """What must be said before any figure."""
        return self._caution.lines(self.t, self._study.spec.notes)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts in the order of the study."""
        return [getattr(self, key)() for key in ORDER]

    def conclusion(self) -> list[tuple[str, Sentence]]:
        """The findings of the parts once more, under the name of each, by one rule.

        A finding whose state is in `TOLD` is repeated as it is. Parts with data of which nothing can be said beyond
        doubt follow in one sentence, and those without data in another.
        """
        t, told = self.t, list[tuple[str, Sentence]]()
        rest: dict[str, list[str]] = {"open": [], "missing": []}
        for part in self.parts:
            name = t(f"sector.part.{part.key}")
            if part.is_known and part.said[0].state in TOLD:
                told.append((name, part.said[0]))
            else:
                rest["open" if part.is_known else "missing"].append(name)
        for state, names in rest.items():
            if names:
                text = t(f"sector.{state}.text", names=t.names([name[:1].lower() + name[1:] for name in names]))
                told.append((t(f"sector.{state}.name"), Sentence(text, state)))
        return told

    def technologies(self) -> Part:
        """The technologies that vacancies ask, which of them rise or fall, and which the survey finds in use."""
        rows = self._demand("technology", ALL)
        rows = rows.filter(pc.greater(rows["asked_n"], 0))
        if not rows.num_rows:
            return self._missing("technologies", item_kind="technology")
        chart = self._ranked(rows, "technologies")
        moved = self._movers("technology")
        said = [words.ranking_sentence(self.t, rows.to_pylist()), moved, *self._answered("adoption")]
        return Part("technologies", tuple(said), chart, choice={"item_kind": "technology"})

    def entrants(self) -> Part:
        """How many employers ask, by year: all that ads tell of who enters, which is said."""
        years = self.volume()
        if not years:
            return self._missing("entrants")
        sentence = sector_figures.employers_sentence(self.t, years, self.about.selected)
        chart = sector_figures.employers_chart(years, self.t, self.about, sentence)
        return Part("entrants", (sentence, Sentence(self.t("sector.entrants.limit"), "limit")), chart)

    def employment(self) -> Part:
        """How jobs change in the outlook, and how many vacancies there were."""
        rows = self._outlook()
        if rows["expansion"]["value"] is None:
            return self._missing("employment", "outlook", n=self.t.number(self._study.spec.measures.min_n))
        settings = self._study.spec.outlook
        sentence = sector_figures.jobs_sentence(self.t, rows["expansion"], settings)
        chart = sector_figures.jobs_chart(rows, self.t, settings, sentence)
        volume = words.volume_sentence(self.t, self.volume(), self.about.selected)
        return Part("employment", (sentence, volume), chart, "scenarios")

    def task_change(self) -> Part:
        """Whether work in the topsector asks digital skills more, or less, by function group."""
        kind, item = _DIGITAL
        rows = self._demand(kind, "year", item_id=item, function_group=FUNCTION_GROUPS)
        whole = self._change(kind, item_id=item).to_pylist()
        if not rows.num_rows or not whole:
            return self._missing("task_change")
        groups = self._change(kind, item_id=item, function_group=FUNCTION_GROUPS)
        subject = self.t("sector.task_change.subject", sector=self.name)
        chart = charts.share_by_year(
            rows, groups, self.t, self.about, id="sector-task_change", subject=subject, series="function_group"
        )
        said = [self._cautioned(words.change_sentence(self.t, row)) for row in whole]
        choice = {"item_kind": kind, "item_id": (item,)}
        return Part("task_change", tuple(said), chart, choice=choice)

    def skills(self) -> Part:
        """The digital skills asked most, the other skills asked most, and what rises and falls."""
        rows = {group: self._demand("skill", ALL, item_id=ids) for group, ids in self._groups.items()}
        asked = {group: table.filter(pc.greater(table["asked_n"], 0)) for group, table in rows.items()}
        digital, other = asked["digital"], asked["other"]
        if not digital.num_rows:
            return self._missing("skills")
        said = [words.ranking_sentence(self.t, table.to_pylist()) for table in (digital, other)]
        chart = self._ranked(digital, "skills")
        return Part("skills", (*said, self._movers("skill")), chart, choice={"category": "digital"})

    def shortage(self) -> Part:
        """Openings beside who comes in from education, and what the survey says of shortages."""
        asked = self._survey("shortage")
        flow = self._education.flow_said() if self._education else []
        if not flow and not asked:
            return self._missing("shortage", "education")
        told = sorted((*flow, *self._answered("shortage")), key=lambda sentence: sentence.state not in TOLD)
        return Part("shortage", tuple(told), asked, "education" if flow else "survey")

    def education(self) -> Part:
        """Graduates and their trend, and who leaves with a diploma."""
        trend = self._education.trend() if self._education else []
        if not self._education or not trend:
            return self._missing("education", "education")
        chart = self._education.success_chart()
        shown = self._named(chart, "education") if chart.rows else None
        return Part("education", tuple(trend), shown, "education")

    def experts(self) -> Part:
        """What the people asked expect of digital technology here, what panels ranked, and coded evidence."""
        t, impact = self.t, self._survey("impact")
        said = self._answered("impact")
        panel = PanelChapter(self._study, t)
        for key, name, told, source in panel.published_lists():
            if key[1] == self.code:
                listed = "; ".join(f"{place}: {items}" for place, items in told)
                said.append(Sentence(t("sector.experts.listed", name=name, told=listed, source=source), "told"))
        for row in self._study.table("core_evidence").to_pylist():
            if row["sector"] == self.code:
                fields = {"claim": row["claim"].rstrip("."), "who": self._asked.said_by(row)}
                said.append(Sentence(t("sector.experts.said", **fields), "told"))
        if not said:
            return self._missing("experts", "panel")
        return Part("experts", tuple(said), impact, "survey" if impact else "panel")

    def _missing(self, key: str, page: str = "demand", n: str = "", **choice: Any) -> Part:
        text = self.t(f"sector.missing.{key}", sector=self.name, n=n)
        return Part(key, (Sentence(text, "none"),), None, page, choice, is_known=False)

    def _demand(self, item_kind: str, period_kind: str, **wanted: Wanted) -> pa.Table:
        wanted = {"function_group": ALL, "item_kind": item_kind, "period_kind": period_kind, **wanted}
        return narrow(self._rows("out_demand"), **wanted)

    def _change(self, item_kind: str, **wanted: Wanted) -> pa.Table:
        return narrow(self._rows("out_change"), **{"function_group": ALL, "item_kind": item_kind, **wanted})

    def _rows(self, table: str) -> pa.Table:
        """The rows of the topsector and each of its function groups, read once."""
        if table not in self._read:
            wanted: dict[str, Wanted] = {"topsector": self.code, "function_group": (ALL, *FUNCTION_GROUPS)}
            kinds = {"item_kind": ("skill", "technology", _DIGITAL[0])}
            self._read[table] = select(self._study, table, **wanted, **kinds)
        return self._read[table]

    def volume(self) -> list[Row]:
        """Rows of `out_volume` of the topsector, a row per year."""
        rows: list[Row] = select(self._study, "out_volume", topsector=self.code, period_kind="year").to_pylist()
        return sorted(rows, key=lambda row: str(row["period"]))

    def _outlook(self) -> dict[str, Row]:
        """The outlook of the topsector by outcome: growth, leavers and openings; values are None where unknown."""
        rows = self._study.table("out_scenarios").to_pylist()
        mine = {r["outcome"]: r for r in rows if (r["scenario"], r["topsector"]) == (BASE, self.code)}
        return {name: mine.get(name, {"value": None}) for name in sector_figures.JOBS}

    def _ranked(self, rows: pa.Table, key: str) -> Chart:
        subject = self.t(f"sector.{key}.subject", sector=self.name)
        return charts.ranked_shares(rows, self.t, self.about, id=f"sector-{key}", subject=subject, limit=MOST)

    def _movers(self, kind: str) -> Sentence:
        rows = self._change(kind).to_pylist()
        return self._cautioned(words.movers_sentence(self.t, rows, selected=self.about.selected))

    def _cautioned(self, sentence: Sentence) -> Sentence:
        return words.cautioned(self.t, sentence, self.about.selected, self.about.apart)

    @cached_property
    def _asked(self) -> SurveyChapter:
        return SurveyChapter(self._study, self.t, self.code)

    def _survey(self, name: str) -> Chart | None:
        chart = self._asked.chart(name)
        return self._named(chart, f"survey-{name}") if chart else None

    def _answered(self, name: str) -> list[Sentence]:
        """What the answers from this topsector say, with the title of their chart, as a finding names no question."""
        chart = self._asked.chart(name)
        said = f"{self.t('sector.from_survey')} {chart.title}. {chart.finding}" if chart else ""
        return [Sentence(said, "answered")] if chart else []

    def _named(self, chart: Chart, id: str) -> Chart:
        """The chart under the name of the topsector."""
        return replace(
            chart, id=f"sector-{id}", title=self.t("sector.titled", sector=self.name, title=inside(chart.title))
        )

    @cached_property
    def _education(self) -> EducationChapter | None:
        """Education for the topsector; None where the table of sectors does not have it."""
        found = EducationChapter(self._study, self.t, self.code)
        return found if self.code in dict(found.choices()) else None

    @cached_property
    def _groups(self) -> dict[str, list[str]]:
        skills = self._study.table("core_skills", ["skill_id", "category_group"]).to_pylist()
        return {
            group: [row["skill_id"] for row in skills if row["category_group"] == group]
            for group in ("digital", "other")
        }
