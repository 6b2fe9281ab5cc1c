"""What the report says: its charts, sentences and tables, chosen from the `out_` tables of one study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.pipeline import Study
from overstap.publish import charts, reproduction, words
from overstap.publish.caution import about_of, caution_of
from overstap.publish.charts import Chart
from overstap.publish.labels import Translator, capital
from overstap.publish.tables import narrow, select, whole_cells, worth_telling
from overstap.reference.tables import load
from overstap.schema.core import FUNCTION_GROUPS
from overstap.schema.out import ALL, UNKNOWN
from overstap.store import Wanted

KINDS = ("digital", "other")
TOP = 8
MEASURES = (
    "ads_read",
    "rows_set_aside",
    "ads_without_date",
    "ads_outside_period",
    "ads_of_earlier_vacancies",
    "ads_merged",
    "ads_with_masked_data",
)
Row = dict[str, Any]


@dataclass(frozen=True)
class TopsectorPart:
    """The skills asked in one topsector: its charts, the groups too small to show, and its risers and fallers."""

    topsector: str
    label: str
    charts: tuple[Chart, ...]
    small: tuple[str, ...]
    movers: words.Sentence


class ReportData:
    """Everything the report shows of `study` in the language of `t`; tables are read when asked for."""

    REPRODUCTION = reproduction.COLUMNS

    def __init__(self, study: Study, t: Translator) -> None:
        self.study, self.t = study, t
        self._whole: dict[str, pa.Table] = {}
        self._kept: dict[tuple[str, ...], pa.Table] = {}
        spec = study.spec
        self.caution = caution_of(study)
        self.selected = bool(self.caution)
        self.cautions = self.caution.lines(t, spec.notes)
        self.about = about_of(study, self.caution)
        self.topsectors = topsectors_of(study)
        self.vacancies = study.store.manifest.tables["core_vacancies"].rows
        self.quality: list[Row] = study.table("out_quality").to_pylist()
        skills = study.table("core_skills", ["skill_id", "category_group"]).to_pylist()
        self._skills = {kind: [s["skill_id"] for s in skills if s["category_group"] == kind] for kind in KINDS}

    def demand(self, period_kind: str, item_kind: str, **wanted: Wanted) -> pa.Table:
        """Rows of `out_demand` of one kind; topsector and function group are `all` where they are not named."""
        return self._narrow("out_demand", (period_kind, item_kind), wanted)

    def change(self, item_kind: str, **wanted: Wanted) -> pa.Table:
        """Rows of `out_change` of one kind; topsector and function group are `all` where they are not named."""
        return self._narrow("out_change", (item_kind,), wanted)

    def _narrow(self, table: str, kinds: tuple[str, ...], wanted: dict[str, Wanted]) -> pa.Table:
        key = (table, *kinds)
        if table not in self._whole:
            self._whole[table] = whole_cells(self.study, table)
        if key not in self._kept:
            names = ("period_kind", "item_kind")[-len(kinds) :]
            self._kept[key] = narrow(self._whole[table], **dict(zip(names, kinds, strict=True)))
        return narrow(self._kept[key], **({"topsector": ALL, "function_group": ALL} | wanted))

    def volume(self) -> Chart:
        """Vacancies per month."""
        monthly, yearly = (select(self.study, "out_volume", period_kind=kind) for kind in ("month", "year"))
        return charts.volume_by_month(monthly, yearly, self.t, self.about, id="volume")

    def ict_share(self) -> Chart:
        """The share of ICT functions per topsector over the whole period, with the published figures if simulated."""
        rows = self.demand(period_kind="all", item_kind="function_group", item_id="ict", topsector=self.topsectors)
        return charts.ict_by_topsector(rows, self.t, self.about, id="ict-share", published=self.published_ict())

    def digital_by_year(self) -> Chart:
        """The share of vacancies asking any digital skill, per year, of all sectors and per topsector."""
        wanted: dict[str, Wanted] = {"item_id": "digital", "topsector": [ALL, *self.topsectors]}
        subject = self.t("report.digital.subject")
        kind = "category_group"
        rows = self.demand("year", kind, **wanted)
        moved = self.change(kind, **(wanted | {"topsector": self.topsectors or [ALL]}))
        return charts.share_by_year(rows, moved, self.t, self.about, id="digital-by-year", subject=subject)

    def digital_total(self) -> list[words.Sentence]:
        """What happened to the share asking any digital skill over all sectors."""
        rows = self.change("category_group", item_id="digital").to_pylist()
        return [self._cautioned(words.change_sentence(self.t, row)) for row in rows]

    def _cautioned(self, sentence: words.Sentence) -> words.Sentence:
        return words.cautioned(self.t, sentence, self.selected, self.caution.apart)

    def movers(self, kind: str) -> Chart:
        """Risers and fallers among skills or titles, all sectors together."""
        subject = self.t("report.change.skills" if kind == "skill" else "report.change.titles")
        rows = self.change(item_kind=kind)
        return charts.risers_and_fallers(rows, self.t, self.about, id=f"movers-{kind}", subject=subject)

    def parts(self) -> list[TopsectorPart]:
        """The part of each topsector."""
        return [self._part(name) for name in self.topsectors]

    def _part(self, topsector: str) -> TopsectorPart:
        made, small = [], []
        for group in FUNCTION_GROUPS:
            for kind in KINDS:
                rows = self.demand(
                    period_kind="all",
                    topsector=topsector,
                    function_group=group,
                    item_kind="skill",
                    item_id=self._skills[kind],
                )
                rows = rows.filter(pc.and_(rows["is_reliable"], pc.greater(rows["asked_n"], 0)))
                if rows.num_rows == 0:
                    small.append(self.t.value("function_group", group))
                    break
                made.append(self._top(rows, topsector, group, kind))
        changed = self.change(item_kind="skill", topsector=topsector).to_pylist()
        movers = words.movers_sentence(self.t, changed, selected=self.selected)
        if self.caution.apart:
            movers = self._cautioned(movers)
        label = self.t.value("topsector", topsector)
        return TopsectorPart(topsector, label, tuple(made), tuple(dict.fromkeys(small)), movers)

    def _top(self, rows: pa.Table, topsector: str, group: str, kind: str) -> Chart:
        name = capital(self.t.value("function_group", group))
        subject = self.t("report.skills.subject", group=name, kind=self.t(f"report.skills.{kind}").lower())
        id = f"skills-{topsector}-{group}-{kind}".replace("_", "-")
        return charts.ranked_shares(rows, self.t, self.about, id=id, subject=subject, limit=TOP)

    def quality_sources(self) -> list[str]:
        """The sources in the order of the study file, then any other."""
        found = {row["source_id"] for row in self.quality}
        return [s.id for s in self.study.spec.sources if s.id in found] + sorted(
            found - {s.id for s in self.study.spec.sources}
        )

    def quality_table(self) -> list[tuple[str, list[str]]]:
        """Each measure with, per source, its count and share of the rows it is taken from."""
        rows = {(r["measure"], r["detail"], r["source_id"]): r for r in worth_telling(self.quality)}
        keys = sorted({key[:2] for key in rows}, key=lambda key: (_place(key[0]), key[1]))
        return [
            (self._measure(*key), [self._count(rows.get((*key, source))) for source in self.quality_sources()])
            for key in keys
        ]

    def _measure(self, measure: str, detail: str) -> str:
        label = capital(self.t.value("measure", measure))
        if not detail:
            return label
        dimension = "language" if measure == "ads_in_language" else "detail"
        return self.t("report.quality.label", measure=label, detail=self.t.value(dimension, detail))

    def _count(self, row: Mapping[str, Any] | None) -> str:
        if row is None:
            return "–"
        if row["measure"] == "ads_read" or not row["base_n"]:
            return self.t.number(row["value_n"])
        share = self.t.percent(100 * row["value_n"] / row["base_n"])
        return self.t("report.quality.cell", n=self.t.number(row["value_n"]), share=share)

    def quality_sentences(self) -> list[words.Sentence]:
        """What was read, merged and coded."""
        return words.quality_sentences(self.t, self.quality, self.vacancies)

    def published_ict(self) -> dict[str, float]:
        """The study's ICT share by topsector; empty where the ads are not simulated after it."""
        if not self.study.spec.simulated:
            return {}
        rows = load("study_figures").to_pylist()
        return {r["topsector"]: r["value"] for r in rows if r["statement_id"].startswith("ict_share_")}

    def reproduction(self) -> list[reproduction.Chapter]:
        """The statements of the published study beside ours, by chapter."""
        return reproduction.chapters(self.t, self.study.table("out_reproduction").to_pylist())

    def reproduced(self) -> str:
        """How many of those statements agree."""
        return reproduction.closing(self.t, self.study.table("out_reproduction").to_pylist())


def topsectors_of(study: Study) -> list[str]:
    """The topsectors that occur in a study, in the order of the reference table, then by name."""
    found = set(
        pc.unique(select(study, "out_volume", period_kind="year", topsector=_any(study))["topsector"]).to_pylist()
    )
    known = [name for name in load("topsectors")["topsector"].to_pylist() if name in found]
    return known + sorted(found - set(known))


def _any(study: Study) -> list[str]:
    column = study.table("out_volume", ["topsector"])["topsector"]
    return [name for name in pc.unique(column).to_pylist() if name not in (ALL, UNKNOWN)]


def _place(measure: str) -> tuple[int, str]:
    """Measures in the order in which rows are handled, then the others by name."""
    return (MEASURES.index(measure) if measure in MEASURES else len(MEASURES), measure)
