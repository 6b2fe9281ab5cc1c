"""What a study was run with: thresholds, versions, breaks and every setting, as its file has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from overstap import __version__
from overstap.pipeline import Study
from overstap.publish.breaks import drift_text
from overstap.publish.caution import caution_of
from overstap.publish.labels import Translator
from overstap.publish.weights import weights_of
from overstap.reference.core_files import GROUPS
from overstap.reference.sources import all_sources
from overstap.schema import TABLES
from overstap.study import StudySpec

THRESHOLDS = (
    "measures.confidence", "measures.min_n", "measures.min_display", "measures.fdr", "measures.min_cell",
    "duplicates.window_days", "duplicates.text_similarity", "annotation.occupation_score", "annotation.sector_score",
    "annotation.skill_score", "weights.min_n", "weights.trim", "weights.live_days", "moves.levels", "moves.pay",
    "moves.who", "outlook.confidence", "outlook.draws", "survey.min_cell", "survey.trim", "survey.min_answered",
    "panel.consensus", "panel.stable", "panel.min_group", "initiatives.min_people", "experiments.min_units",
    "experiments.confidence",
)  # fmt: skip
"""Settings that decide what is shown or counted; each has a label."""
CLASSIFICATIONS = ("cbs_brc2014", "sbi2008_list", "topsector_default", "isced_f_2013", "esco_v111_nl", "nuts_2021")


class Definitions:
    """The settings, versions and breaks of a study in the language of `t`."""

    def __init__(self, study: Study, t: Translator) -> None:
        self._study, self.t = study, t

    def thresholds(self) -> list[tuple[str, str, str, bool]]:
        """Each threshold: what it decides, its value in this study, its name in the study file, whether it is the
        default."""
        values, default = dict(_flat(self._study.spec)), dict(_defaults())
        return [
            (
                self.t(f"definitions.setting.{name.replace('.', '_')}"),
                self._named(name, values[name]),
                name,
                values[name] == default[name],
            )
            for name in THRESHOLDS
        ]

    def _named(self, name: str, value: Any) -> str:
        """The value of a threshold; one that is a word, as readers of the page know it."""
        return self.t.value(name.rpartition(".")[2], value) if isinstance(value, str) else self._value(value)

    def settings(self) -> list[tuple[str, str]]:
        """Every setting that is not a table of its own, by its name in the study file, as this study has it."""
        return [(name, self._value(value)) for name, value in _flat(self._study.spec)]

    def _value(self, value: Any) -> str:
        t = self.t
        if value is None:
            return t("definitions.not_set")
        if isinstance(value, bool):
            return t(f"value.yes_no.{'yes' if value else 'no'}")
        if isinstance(value, int | float):
            decimals = len(f"{value:g}".partition(".")[2])
            return t.number(value, decimals) if value < 10_000 or decimals else t.number(value)
        if isinstance(value, list | tuple):
            return "; ".join(self._value(one) for one in value) or t("definitions.not_set")
        return "; ".join(f"{k}: {self._value(v)}" for k, v in value.items()) if isinstance(value, dict) else str(value)

    def versions(self) -> list[tuple[str, str]]:
        """What was used and in which version: the program, the taxonomy of skills, classifications, totals, tables."""
        t, study = self.t, self._study
        skills = study.table("core_skills", ["skill_id", "category_group"]).to_pylist()
        counted = {group: sum(row["category_group"] == group for row in skills) for group in GROUPS}
        shown = t.names([f"{t.number(n)} {t.value('category_group', group)}" for group, n in counted.items() if n])
        known = all_sources()
        lines = [
            (t("definitions.version.program"), f"overstap {__version__}"),
            (t("definitions.version.taxonomy"), f"{study.spec.annotation.taxonomy}: {shown}"),
            (t("definitions.version.period"), t.whole_period),
            (t("definitions.version.weights"), weights_of(study, t).sentence.text),
        ]
        named = [known[name] for name in CLASSIFICATIONS if name in known]
        return lines + [(source.title, ", ".join(filter(None, (source.publisher, source.period)))) for source in named]

    def breaks(self) -> list[str]:
        """Where a series cannot be read on: the cautions on these ads, and the years in which other sources jump."""
        t, spec = self.t, self._study.spec
        rows = self._study.table("out_countries").to_pylist()
        years = {year for row in rows if row["country"] == "NL" and row["breaks"] for year in row["breaks"].split(", ")}
        caution = caution_of(self._study)
        lines = caution.lines(t, spec.notes)
        lines += [t("definitions.breaks.countries", years=t.names(sorted(years)))] if years else []
        lines += [drift_text(t, row) for row in caution.drift]
        lines += [t("definitions.breaks.isco")]
        return lines

    def tables(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Every table of results of this study: its name, what it holds, and its columns with their labels."""
        language = self.t.language
        return [
            (
                name,
                getattr(TABLES[name], f"label_{language}"),
                [(column.name, self.t.column(name, column.name)) for column in TABLES[name].columns],
            )
            for name in self._study.store.manifest.tables
            if name.startswith("out_") and name in TABLES
        ]


def _flat(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each setting by its dotted name and value; lists of settings (sources, files of panels) are left out."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _flat(value, f"{prefix}{name}.")
        elif not (isinstance(value, list) and value and isinstance(value[0], BaseModel | dict)):
            yield f"{prefix}{name}", value


def _defaults() -> Iterator[tuple[str, Any]]:
    for name, field in StudySpec.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield from _flat(field.default, f"{name}.")
