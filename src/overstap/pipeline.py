"""The study as an ordered list of steps: ingest, annotate, measure. Nothing flows back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.ad_steps import ad_steps
from overstap.demand_steps import demand_steps
from overstap.edition_steps import check_previous, edition_steps
from overstap.education_steps import check_education, education_steps, sector_steps
from overstap.engine import Engine, Scalar, make_engine
from overstap.errors import InputError, OverstapError, Problems, StoreError
from overstap.hub_steps import hub_steps
from overstap.initiative_steps import check_initiatives, initiative_steps
from overstap.market_steps import market_steps
from overstap.move_steps import check_moves, move_steps
from overstap.outlook_steps import check_outlook, outlook_steps
from overstap.panel_steps import check_panel, panel_steps
from overstap.provenance import about_run, digest_files, write_datapackage
from overstap.reference.technologies import check_technologies
from overstap.retention import remembered, remove_texts
from overstap.schema import table_spec
from overstap.steps import Context, Progress, Step, run_steps, silent, sql_step
from overstap.store import Store
from overstap.study import StudySpec, load_study
from overstap.survey_steps import check_survey, survey_steps
from overstap.weighing import check_totals, weight_steps

if TYPE_CHECKING:
    from overstap.audit.corrections import Correction


@dataclass
class Study:
    """A study file with its folder of results."""

    path: Path
    spec: StudySpec
    store: Store

    @classmethod
    def open(cls, path: Path) -> Study:
        """The study of the file at `path`, checked. Raises StudyError or Problems; see `load_study`."""
        spec = load_study(path)
        return cls(path, spec, Store(path.resolve().parent / spec.output))

    @property
    def base(self) -> Path:
        """The folder of the study file; files it names are relative to it."""
        return self.path.resolve().parent

    def check(self) -> list[OverstapError]:
        """Every problem of the study's inputs at once; an empty list where a run can start."""
        from overstap.ads.annotate import check_settings
        from overstap.audit.sheet import check_sheet
        from overstap.sources.ads import check_source

        problems: list[OverstapError] = list(check_settings(self.spec, self.base))
        gone = remembered(self.spec, self.base, self.store) is not None
        for source in () if gone else self.spec.sources:
            problems += check_source(source, self.base)
        if self.spec.audit:
            problems += check_sheet(self.base / self.spec.audit)
        problems += check_technologies(self.spec.technologies, self.base, self.spec.annotation.taxonomy)
        problems += check_moves(self.spec.moves, self.base)
        problems += check_education(self.spec.education, self.base)
        problems += check_outlook(self.spec.outlook, self.base)
        problems += check_survey(self.spec.survey, self.base)
        problems += check_panel(self.spec.panel, self.base)
        problems += check_initiatives(self.spec, self.base)
        problems += check_previous(self.spec, self.base)
        return problems + check_totals(self.spec, self.base)

    def run(self, progress: Progress = silent, *, fresh: bool = False) -> list[str]:
        """Bring every table up to date; the names of the steps that ran. `fresh` makes every table anew.

        Raises OverstapError, or Problems with all faults of the inputs; a table is written whole or not at all.
        """
        if problems := self.check():
            raise Problems(problems)
        with self.store.lock():
            if fresh:
                self.store.forget()
            engine = make_engine(self.spec.engine, scratch=self.store.folder / ".scratch")
            try:
                context = Context(self.spec, self.base, self.store, engine, parameters(self.spec))
                ran = run_steps(study_steps(), context, progress)
                if self.spec.retention.text == "drop":
                    remove_texts(self.store, study_steps()[0].depends(context))
            finally:
                engine.close()
            self.store.manifest.about = about_run(self.spec)
            self.store.save()
            write_datapackage(self.spec, self.store)
        return ran

    def deliver(self, files: Sequence[Path], source: str | None) -> list[tuple[Path, Path | None]]:
        """Lay each delivery among the files of its source, once: (delivery, its copy, or None where it was there).

        Raises InputError where the source does not look for such a file or cannot read it; see `sources.deliver`.
        """
        from overstap.sources.deliver import deliver, files_of, source_for

        chosen, done = source_for(self.spec, source), []
        with self.store.lock():
            for file in files:
                if not file.is_file():
                    raise InputError(f"There is no file {file}.", fix="Check the path.")
                known = digest_files([item.path for item in files_of(chosen, self.base)], self.store)
                (digest,) = digest_files([file], Store(self.store.folder)).values()
                done.append((file, deliver(file, chosen, self.base, known, digest)))
        return done

    def finished(self) -> Study:
        """The study, where its results are those of one finished run under its present settings.

        Raises StoreError where there are no results, a run was stopped half way, or a setting changed since.
        """
        mend = f"overstap run {self.path}"
        missing = [name for step in study_steps() for name in step.writes if name not in self.store.manifest.tables]
        if missing or self.store.stale():
            what = f"{self.store.folder} does not hold the results of a whole run."
            raise StoreError(what, why=self._unfinished(len(missing)), fix=mend)
        changed = changed_settings(self.store.manifest.about.get("study", {}), self.spec.model_dump(mode="json"))
        if changed:
            names = ", ".join(changed)
            raise StoreError(f"These settings changed since the results were made: {names}.", fix=mend)
        return self

    def _unfinished(self, missing: int) -> str:
        """Why there are no whole results: none yet, of an older format, or a run that did not come to its end."""
        held = len(self.store.manifest.tables)
        if not missing:
            return "The last run was stopped before its end."
        if held:
            return f"{held} of {held + missing} tables are there: a run was stopped, or was one of another version."
        older = (self.store.folder / "manifest.json").exists()  # what is of an older format is not read
        return "An older version of overstap made what is there." if older else "No run has finished yet."

    def unmet_corrections(self) -> list[Correction]:
        """The corrections that the study names of which no ad of the last run has the id, title or employer."""
        from overstap.ads.annotate import corrections_of
        from overstap.audit.corrections import unmet

        return unmet(corrections_of(self.spec, self.base), self.store)

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Table `name` of the last run in memory. Raises StoreError where it is not there."""
        table_spec(name)
        return self.store.read(name, columns)

    def engine(self) -> Engine:
        """An engine that knows every table of the last run; close it after use."""
        engine = make_engine("duckdb", scratch=self.store.folder / ".scratch")
        for name in self.store.manifest.tables:
            engine.read(name, self.store.path(name))
        return engine


# Settings that are only words about the study: they may change without a run.
_WORDS = ("title", "notes", "output", "note", "sample")


def changed_settings(old: Any, new: Any, name: str = "") -> list[str]:
    """Names of the settings, dotted, in which two study files differ, those that are only words left out."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in dict.fromkeys([*old, *new]) if key not in _WORDS]
        return [found for key in keys for found in changed_settings(old.get(key), new.get(key), f"{name}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for a, b in zip(old, new, strict=True) for found in changed_settings(a, b, name)]
    return [] if old == new else [name.removeprefix(".")]


def parameters(spec: StudySpec) -> dict[str, Scalar]:
    """The bound parameters that SQL files may name."""
    return {
        "first_date": spec.period.first,
        "last_date": spec.period.last,
        "min_display": spec.measures.min_display,
    }


def study_steps() -> list[Step]:
    """Every step in order."""
    return [
        *ad_steps(),
        *weight_steps(),
        *demand_steps(),
        *market_steps(),
        *hub_steps(),
        *move_steps(),
        *education_steps(),
        *outlook_steps(),
        *sector_steps(),
        *survey_steps(),
        *panel_steps(),
        *initiative_steps(),
        *edition_steps(),
        sql_step("measure_quality", "out_quality"),
    ]
