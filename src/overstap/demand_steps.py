"""The steps from coded vacancies to shares and their change, corrected for errors of the coding where audited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.reference.technologies import technologies_of
from overstap.schema import table_spec
from overstap.steps import Context, Step, map_step, stream_step, table_step
from overstap.study import StudySpec

if TYPE_CHECKING:
    from overstap.analysis.change import ChangeSettings


def demand_steps() -> list[Step]:
    """The steps in order; they follow those of the weights."""
    return [
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
            depends=lambda context: [context.digest_of(context.spec.audit), context.spec.measures.confidence],
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
