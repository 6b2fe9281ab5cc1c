"""The study as an ordered list of steps: ingest, annotate, measure. Nothing flows back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.annotate import READS
from overstap.engine import Engine, Scalar, make_engine
from overstap.engine.base import BatchFunction
from overstap.errors import InputError, OverstapError, Problems, StoreError
from overstap.market_steps import market_steps
from overstap.move_steps import check_moves, move_steps
from overstap.outlook_steps import check_outlook, outlook_steps
from overstap.provenance import about_run, digest_files, write_datapackage
from overstap.reference.technologies import check_technologies, technologies_of
from overstap.schema import table_spec
from overstap.steps import Context, Progress, Step, map_step, run_steps, silent, sql_step, stream_step, table_step
from overstap.store import Store
from overstap.study import StudySpec, load_study
from overstap.weighing import check_totals, weight_steps

if TYPE_CHECKING:
    from overstap.analysis.change import ChangeSettings
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
        for source in self.spec.sources:
            problems += check_source(source, self.base)
        if self.spec.audit:
            problems += check_sheet(self.base / self.spec.audit)
        problems += check_technologies(self.spec.technologies, self.base, self.spec.annotation.taxonomy)
        problems += check_moves(self.spec.moves, self.base)
        problems += check_outlook(self.spec.outlook, self.base)
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
            finally:
                engine.close()
            self.store.manifest.about = about_run(self.spec)
            self.store.save()
            write_datapackage(self.spec, self.store)
        return ran

    def finished(self) -> Study:
        """The study, where its results are those of one finished run under its present settings.

        Raises StoreError where there are no results, a run was stopped half way, or a setting changed since.
        """
        mend = f"overstap run {self.path}"
        missing = [name for step in study_steps() for name in step.writes if name not in self.store.manifest.tables]
        if missing or self.store.stale():
            why = "No run has finished yet." if missing else "The last run was stopped before its end."
            raise StoreError(f"{self.store.folder} does not hold the results of a whole run.", why=why, fix=mend)
        changed = changed_settings(self.store.manifest.about.get("study", {}), self.spec.model_dump(mode="json"))
        if changed:
            names = ", ".join(changed)
            raise StoreError(f"These settings changed since the results were made: {names}.", fix=mend)
        return self

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
        stream_step(
            "ingest_ads",
            ("raw_ads", "raw_quarantine"),
            _ingest,
            depends=_inputs,
            code=("overstap.sources.ingest",),
        ),
        table_step(
            "group_duplicates",
            "core_postings",
            ("raw_ads",),
            _group_duplicates,
            depends=lambda context: context.spec.duplicates.model_dump(),
            code=("overstap.ads.dedupe",),
        ),
        table_step(
            "list_skills",
            "core_skills",
            (),
            _list_skills,
            depends=_taxonomy_version,
            code=("overstap.reference.taxonomy",),
        ),
        map_step(
            "annotate_ads",
            "core_annotations",
            "raw_ads",
            _annotator,
            columns=READS,
            depends=_annotation_facts,
            code=("overstap.ads.annotate",),
        ),
        sql_step("select_vacancies", "core_vacancies", if_empty=_no_vacancies),
        sql_step("select_asked_skills", "core_vacancy_skills"),
        *weight_steps(),
        stream_step(
            "code_vacancies",
            ("core_levels", "core_codes"),
            _codes,
            depends=lambda c: [c.spec.measures.min_display, technologies_of(c.spec.technologies, c.base)],
            code=("overstap.analysis.coding",),
            reads=("core_vacancies", "core_vacancy_skills", "core_skills", "core_weights"),
        ),
        table_step(
            "sum_demand",
            "core_demand_sums",
            ("core_levels", "core_codes"),
            _demand_sums,
            code=("overstap.analysis.demand_sums",),
        ),
        table_step(
            "measure_errors",
            "out_audit",
            ("core_vacancies", "core_annotations", "raw_ads", "core_skills"),
            _errors,
            depends=lambda context: [_digest(context, context.spec.audit), context.spec.measures.confidence],
            code=("overstap.audit.rates",),
        ),
        map_step(
            "measure_demand",
            "out_demand",
            "core_demand_sums",
            _shares,
            columns=list(table_spec("core_demand_sums").names),
            depends=lambda context: context.spec.measures.model_dump(include={"confidence", "min_n"}),
            code=("overstap.analysis.demand",),
            also=("out_audit",),
        ),
        table_step(
            "measure_change",
            "out_change",
            ("core_demand_sums", "core_levels", "core_codes", "out_audit"),
            _change,
            depends=_change_facts,
            code=("overstap.analysis.change", "overstap.analysis.demand_sums", "overstap.analysis.paired"),
        ),
        *market_steps(),
        *move_steps(),
        *outlook_steps(),
        sql_step("measure_quality", "out_quality"),
    ]


def change_settings(spec: StudySpec) -> ChangeSettings:
    """The settings of the comparison that the study asks for."""
    from overstap.analysis.change import ChangeSettings

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

    period = context.spec.period
    read = within = 0
    reasons: Counter[str] = Counter()
    dates: list[Any] = []
    for batch in ingest(context.spec, context.base):
        posted = batch.ads.column("posted_date")
        read += batch.ads.num_rows
        within += (
            pc.sum(pc.and_(pc.greater_equal(posted, period.first), pc.less_equal(posted, period.last))).as_py() or 0
        )
        dates += [date for date in pc.min_max(posted).as_py().values() if date]
        reasons.update(batch.quarantine.column("reason").to_pylist())
        yield {"raw_ads": batch.ads, "raw_quarantine": batch.quarantine}
    if not read:
        names = ", ".join(source.id for source in context.spec.sources)
        common = "; ".join(f"{n} rows: {reason}" for reason, n in reasons.most_common(3))
        raise InputError(
            f"No ad could be read from the sources {names}.",
            why=f"Set aside were {common}." if common else "The files hold no rows.",
            fix="Mend 'columns:', 'encoding:' or 'date_format:' of the source; see overstap reference settings.",
        )
    if not within:
        raise no_ads_in_period(context.spec, min(dates, default=None), max(dates, default=None))


def _inputs(context: Context) -> Any:
    from overstap.sources.ads import source_files

    files = [path for source in context.spec.sources for path in source_files(source, context.base)]
    read = [source.model_dump(exclude={"note", "sample"}) for source in context.spec.sources]
    return {"files": digest_files(files, context.store, first=True), "sources": read}


def _no_vacancies(context: Context) -> InputError:
    span = pc.min_max(context.store.read("raw_ads", ["posted_date"])["posted_date"]).as_py()
    return no_ads_in_period(context.spec, span["min"], span["max"])


def no_ads_in_period(spec: StudySpec, first: date | None, last: date | None) -> InputError:
    """The error of a period in which nothing was posted, given the first and last date of the ads."""
    period = spec.period
    found = f"The ads are dated {first} to {last}." if first else "No ad has a date."
    return InputError(
        f"No ad falls in the study's period, {period.first} to {period.last}.",
        why=found,
        fix="Set period.first and period.last to dates of the feed, or map the right column to 'date'.",
    )


def _group_duplicates(context: Context) -> pa.Table:
    from overstap.ads.dedupe import group_signatures
    from overstap.ads.minhash import minhash_batch

    settings = context.spec.duplicates
    ads = context.store.read("raw_ads", ["ad_id", "title", "company", "place", "posted_date"])
    # Texts pass through in batches: only their signatures, 256 bytes each, are held at once.
    signatures = [minhash_batch(batch.column("text")) for batch in context.store.batches("raw_ads", ["text"])]
    return group_signatures(ads, np.concatenate(signatures), settings.window_days, settings.text_similarity)


def _taxonomy_version(context: Context) -> str:
    from overstap.reference.taxonomy import taxonomy_version

    return taxonomy_version(context.spec.annotation.taxonomy)


def _list_skills(context: Context) -> pa.Table:
    from overstap.reference.taxonomy import load_taxonomy

    return load_taxonomy(context.spec.annotation.taxonomy).skills


def _annotator(context: Context) -> BatchFunction:
    from overstap.ads.annotate import Annotator, corrections_of, topsector_table

    topsectors = topsector_table(context.spec.topsectors, context.base)
    return Annotator(context.spec.annotation, topsectors, corrections_of(context.spec, context.base))


def _annotation_facts(context: Context) -> Any:
    from overstap.ads.annotate import topsector_table
    from overstap.reference import own_titles

    return {
        "own_titles": own_titles.version(),
        "settings": context.spec.annotation.model_dump(),
        "taxonomy": _taxonomy_version(context),
        "topsectors": topsector_table(context.spec.topsectors, context.base).to_pylist(),
        "corrections": _digest(context, context.spec.corrections),
    }


def _codes(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
    from overstap.analysis.coding import Asked, code_vacancies

    store = context.store
    coded = code_vacancies(
        lambda names: store.read("core_vacancies", names),
        Asked.of(store.batches("core_vacancy_skills", ["vacancy_id", "skill_id"], rows=1 << 18, encoded=["skill_id"])),
        store.read("core_skills"),
        min_title=context.spec.measures.min_display,
        weights=store.read("core_weights", ["vacancy_id", "weight"]),
        technologies=technologies_of(context.spec.technologies, context.base),
    )
    for batch in coded.levels().to_batches():
        yield {"core_levels": batch}
    for batch in coded.batches():
        yield {"core_codes": batch}


def _demand_sums(context: Context) -> pa.Table:
    from overstap.analysis.codes import Codes
    from overstap.analysis.demand_sums import demand_sums

    return demand_sums(Codes.of_store(context.store))


def _change_facts(context: Context) -> Any:
    measures = context.spec.measures.model_dump(exclude={"min_n", "phrase_sample", "min_cell"})
    return {**measures, **context.spec.period.model_dump(include={"compare_first", "compare_last"}, mode="json")}


def _change(context: Context) -> pa.Table:
    from overstap.analysis.change import compared_periods, measure_change
    from overstap.analysis.codes import Codes
    from overstap.analysis.correction import Corrections
    from overstap.analysis.demand_sums import demand_sums
    from overstap.analysis.paired import paired_sums

    settings = change_settings(context.spec)
    corrections = Corrections.of_audit(context.store.read("out_audit"))
    codes, kind = Codes.of_store(context.store), settings.period_kind
    compared = compared_periods(codes.levels(kind), settings)
    if kind == "year":
        both = (pc.field("period_kind") == "year") & pc.field("period").isin(compared)
        sums = context.store.read("core_demand_sums", where=both)
    else:
        sums = demand_sums(codes, period=kind, wanted=compared)
    return measure_change(sums, settings, corrections, paired_sums(codes, kind, *compared))


def _shares(context: Context) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    from overstap.analysis.correction import Corrections
    from overstap.analysis.demand import add_shares

    measures = context.spec.measures
    corrections = Corrections.of_audit(context.store.read("out_audit"))
    return lambda batch: add_shares(
        batch, confidence=measures.confidence, min_n=measures.min_n, corrections=corrections
    )


def _errors(context: Context) -> pa.Table:
    from overstap.audit.rates import rates_of_sheet
    from overstap.audit.sheet import read_sheet

    name = context.spec.audit
    rows = read_sheet(context.base / name) if name else []
    return rates_of_sheet(rows, context.spec, context.base, context.store, context.spec.measures.confidence)


def _digest(context: Context, name: str | None) -> Any:
    return digest_files([context.base / name], context.store) if name else None
