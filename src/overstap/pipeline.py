"""The study as an ordered list of steps: ingest, annotate, measure. Nothing flows back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.annotate import READS
from overstap.analysis.change import ChangeSettings, measure_change
from overstap.analysis.demand import add_shares
from overstap.engine import Engine, Scalar, make_engine
from overstap.engine.base import BatchFunction
from overstap.errors import InputError, StoreError
from overstap.provenance import digest_files, write_datapackage
from overstap.schema import table_spec
from overstap.steps import Context, Progress, Step, map_step, run_steps, silent, sql_step, stream_step, table_step
from overstap.store import Store
from overstap.study import StudySpec, load_study


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

    def check(self) -> list[Exception]:
        """Every problem of the study's inputs at once; an empty list where a run can start."""
        from overstap.ads.annotate import check_settings
        from overstap.sources.ads import check_source

        problems: list[Exception] = list(check_settings(self.spec, self.base))
        for source in self.spec.sources:
            problems += check_source(source, self.base)
        return problems

    def run(self, progress: Progress = silent) -> list[str]:
        """Bring every table up to date; the names of the steps that ran. Raises OverstapError; nothing half written."""
        engine = make_engine(self.spec.engine)
        try:
            with self.store.lock():
                context = Context(self.spec, self.base, self.store, engine, parameters(self.spec))
                ran = run_steps(study_steps(), context, progress)
                write_datapackage(self.spec, self.store)
        finally:
            engine.close()
        return ran

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Table `name` of the last run in memory. Raises StoreError where it is not there."""
        table_spec(name)
        return self.store.read(name, columns)

    def engine(self) -> Engine:
        """An engine that knows every table of the last run; close it after use."""
        if not self.store.manifest.tables:
            raise StoreError(f"{self.store.folder} holds no results.", fix=f"overstap run {self.path}")
        engine = make_engine("duckdb")
        for name in self.store.manifest.tables:
            engine.read(name, self.store.path(name))
        return engine


def parameters(spec: StudySpec) -> dict[str, Scalar]:
    """The bound parameters that SQL files may name."""
    return {
        "first_date": spec.period.first,
        "last_date": spec.period.last,
        "min_display": spec.measures.min_display,
        "min_n": spec.measures.min_n,
    }


def study_steps() -> list[Step]:
    """Every step in order."""
    return [
        stream_step(
            "ingest_ads",
            ("raw_ads", "raw_quarantine"),
            _ingest,
            depends=_inputs,
            code=("sources", "ads/clean.py", "ads/mask.py"),
        ),
        table_step(
            "group_duplicates",
            "core_postings",
            ("raw_ads",),
            _group_duplicates,
            depends=lambda context: context.spec.duplicates.model_dump(),
            code=("ads/dedupe.py", "ads/titles.py"),
        ),
        table_step(
            "list_skills", "core_skills", (), _list_skills, depends=_taxonomy_version, code=("reference/taxonomy.py",)
        ),
        map_step(
            "annotate_ads",
            "core_annotations",
            "raw_ads",
            _annotator,
            columns=READS,
            depends=_annotation_facts,
            code=("ads", "reference"),
        ),
        sql_step("select_vacancies", "core_vacancies", if_empty=_no_vacancies),
        sql_step("select_asked_skills", "core_vacancy_skills"),
        sql_step("count_volume", "out_volume"),
        sql_step("sum_demand", "core_demand_sums"),
        map_step(
            "measure_demand",
            "out_demand",
            "core_demand_sums",
            _shares,
            columns=list(table_spec("core_demand_sums").names),
            depends=lambda context: context.spec.measures.model_dump(include={"confidence", "min_n"}),
            code=("analysis/demand.py", "analysis/uncertainty.py"),
        ),
        table_step(
            "measure_change",
            "out_change",
            ("core_demand_sums",),
            lambda context, sums: measure_change(sums, change_settings(context.spec)),
            depends=lambda context: asdict(change_settings(context.spec)),
            code=("analysis/change.py", "analysis/uncertainty.py"),
        ),
        sql_step("measure_quality", "out_quality"),
    ]


def change_settings(spec: StudySpec) -> ChangeSettings:
    """The settings of the comparison that the study asks for."""
    measures = spec.measures
    return ChangeSettings(
        measures.confidence,
        measures.min_display,
        measures.fdr,
        measures.reference,
        spec.period.compare_first,
        spec.period.compare_last,
    )


def _ingest(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
    from overstap.sources.ingest import ingest

    read = 0
    for batch in ingest(context.spec, context.base):
        read += batch.ads.num_rows
        yield {"raw_ads": batch.ads, "raw_quarantine": batch.quarantine}
    if not read:
        names = ", ".join(source.id for source in context.spec.sources)
        raise InputError(
            f"No ad could be read from the sources {names}.",
            why="Every row was set aside, or the files are empty.",
            fix="overstap check names the rows' faults; see 'columns:' in the study file.",
        )


def _inputs(context: Context) -> Any:
    from overstap.sources.ads import source_files

    files = [path for source in context.spec.sources for path in source_files(source, context.base)]
    return {"files": digest_files(files, context.store), "sources": [s.model_dump() for s in context.spec.sources]}


def _no_vacancies(context: Context) -> InputError:
    dates = context.store.read("raw_ads", ["posted_date"])["posted_date"]
    span = pc.min_max(dates)
    period = context.spec.period
    found = f"The ads are dated {span['min']} to {span['max']}." if span["min"].is_valid else "No ad has a date."
    return InputError(
        f"No ad falls in the study's period, {period.first} to {period.last}.",
        why=found,
        fix="Set period.first and period.last to dates of the feed, or map the right column to 'date'.",
    )


def _group_duplicates(context: Context, ads: pa.Table) -> pa.Table:
    from overstap.ads.dedupe import group_postings

    settings = context.spec.duplicates
    return group_postings(ads, settings.window_days, settings.text_similarity)


def _taxonomy_version(context: Context) -> str:
    from overstap.reference.taxonomy import taxonomy_version

    return taxonomy_version(context.spec.annotation.taxonomy)


def _list_skills(context: Context) -> pa.Table:
    from overstap.reference.taxonomy import load_taxonomy

    return load_taxonomy(context.spec.annotation.taxonomy).skills


def _annotator(context: Context) -> BatchFunction:
    from overstap.ads.annotate import Annotator, topsector_table

    return Annotator(context.spec.annotation, topsector_table(context.spec.topsectors, context.base))


def _annotation_facts(context: Context) -> Any:
    from overstap.ads.annotate import topsector_table

    return {
        "settings": context.spec.annotation.model_dump(),
        "taxonomy": _taxonomy_version(context),
        "topsectors": topsector_table(context.spec.topsectors, context.base).to_pylist(),
    }


def _shares(context: Context) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    measures = context.spec.measures
    return lambda batch: add_shares(batch, confidence=measures.confidence, min_n=measures.min_n)
