"""How much is posted, the steps behind a change and ahead of it, and the statements of the published study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.schema.out import ALL
from overstap.steps import Context, Step, sql_step, stream_step, tables_step

if TYPE_CHECKING:
    from overstap.analysis.codes import Codes
    from overstap.analysis.market import Compared
    from overstap.store import Store

_CODED = ("core_levels", "core_codes")
_CHANGED = (*_CODED, "out_change")
_MEASURED = (*_CODED, "out_demand", "out_change", "out_drift")
_READ_FOR_PHRASES = {"core_annotations": ["ad_id", "skills", "fact_spans"], "raw_ads": ["ad_id", "text", "url"]}
_MOST_SKILLS = 3_000  # skills whose spread and forecast are measured: those asked most


def market_steps() -> list[Step]:
    """The steps in order; each reads the coded vacancies and, where it compares years, the change."""
    return [
        _step(
            "count_volume",
            ("out_volume",),
            (*_CODED, "core_vacancies", "core_postings", "raw_ads"),
            _volume,
            "volume",
            depends=lambda context: [str(context.parameters[name]) for name in ("first_date", "last_date")],
        ),
        _step("split_change", ("out_composition", "out_fixed_mix"), _CHANGED, _split, "market", depends=_split_facts),
        sql_step("count_boards", "core_boards"),
        _step("watch_drift", ("out_drift",), (*_CODED, "core_boards"), _drift, "drift_rows"),
        _step("measure_spread", ("out_spread", "out_turnover"), _CHANGED, _spread, "market", "spread"),
        _step(
            "find_cross_over",
            ("out_cross_over",),
            (*_CODED, "core_vacancies", "core_skills", "out_change"),
            _cross_over,
            "cross_over",
            depends=lambda c: c.spec.measures.model_dump(include={"confidence", "min_n", "min_display", "fdr"}),
        ),
        _step(
            "find_phrases",
            ("out_new_phrases",),
            (*_CODED, "core_vacancies", "core_annotations", "raw_ads", "core_skills", "out_change"),
            _phrases,
            "overstap.phrases.table",
            depends=lambda c: [_phrase_facts(c), c.spec.annotation.taxonomy],
        ),
        _step("forecast_shares", ("out_forecast",), (*_CHANGED, "out_drift"), _forecast, "share_forecast", "forecast"),
        _step("measure_polarisation", ("out_polarisation",), _CHANGED, _polarisation, "market"),
        _step(
            "measure_intensity",
            ("out_intensity", "out_borders"),
            (*_CODED, "core_skills"),
            _intensity,
            "intensity",
            depends=_reliable,
        ),
        stream_step(
            "measure_levels",
            ("out_levels",),
            _levels,
            reads=(*_CODED, "out_weights"),
            depends=_reliable,
            code=("overstap.market_steps", "overstap.analysis.level_rows"),
        ),
        _step("count_digital_workforce", ("out_digital_workforce",), (), _workforce, "digital_workforce"),
        _step("reproduce_study", ("out_reproduction",), _MEASURED, _reproduction, "reproduction", depends=_reproduces),
    ]


def _step(
    name: str,
    writes: tuple[str, ...],
    reads: tuple[str, ...],
    make: Callable[[Context], tuple[pa.Table, ...]],
    *modules: str,
    depends: Callable[[Context], Any] | None = None,
) -> Step:
    code = (
        "overstap.market_steps",
        "overstap.analysis.comparable",
        *(m if "." in m else f"overstap.analysis.{m}" for m in modules),
    )
    return tables_step(name, writes, reads, make, depends=depends or _facts, code=code)


def _facts(context: Context) -> Any:
    return context.spec.measures.model_dump(include={"confidence", "min_display"})


def _reliable(context: Context) -> Any:
    return context.spec.measures.model_dump(include={"confidence", "min_n", "min_display"})


def _reproduces(context: Context) -> Any:
    measures = context.spec.measures.model_dump(include={"confidence", "min_n"})
    return {**measures, **context.spec.model_dump(include={"reproduce", "simulated"})}


def _codes(context: Context) -> Codes:
    from overstap.analysis.codes import Codes

    return Codes.of_store(context.store)


def _compared(context: Context) -> tuple[pa.Table, Compared]:
    from overstap.analysis.market import Compared

    change = context.store.read("out_change")
    first, last = (pc.unique(change[f"{end}_period"]).to_pylist()[:1] or [""] for end in ("first", "last"))
    return change, Compared(first[0], last[0], context.spec.measures.confidence)


def _comparable(
    codes: Codes, compared: Compared, name: str, table: pa.Table, column: str = "", values: Sequence[str] = ()
) -> pa.Table:
    """The table as it is, or without its changes where the periods compared have no source in common (see `unsaid`)."""
    from overstap.analysis.comparable import apart, unsaid

    if not apart(codes, compared.period_kind, compared.first, compared.last):
        return table
    return unsaid(name, table, column, values)


def _volume(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.volume import ADS, volume_table

    ads = pa.Table.from_batches(list(context.engine.sql(ADS, context.parameters).batches()))
    return (volume_table(_codes(context), ads),)


def _split(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.comparable import off_the_chain, unsaid
    from overstap.analysis.market import composition_tables

    change, compared = _compared(context)
    codes = _codes(context)
    split, fixed = composition_tables(codes, change, compared, context.spec.measures.min_cell)
    fixed = unsaid("out_fixed_mix", fixed, "period", off_the_chain(codes))
    return _comparable(codes, compared, "out_composition", split), fixed


def _split_facts(context: Context) -> Any:
    return context.spec.measures.model_dump(include={"confidence", "min_display", "min_cell"})


def _drift(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.drift_rows import drift_table

    boards = context.store.read("core_boards")
    return (drift_table(_codes(context), boards, least=10 * context.spec.measures.min_display),)


def _spread(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.market import listed_skills, spread_table, turnover_table

    change, compared = _compared(context)
    codes, skills = _codes(context), listed_skills(change)[:_MOST_SKILLS]
    return (
        _comparable(codes, compared, "out_spread", spread_table(codes, change, compared, skills)),
        _comparable(codes, compared, "out_turnover", turnover_table(codes, compared, skills)),
    )


def _cross_over(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.cross_over import CrossOverSettings, cross_over_table

    measures, store = context.spec.measures, context.store
    _, compared = _compared(context)
    settings = CrossOverSettings(compared, measures.fdr, measures.min_n, measures.min_display)
    codes = _codes(context)
    found = cross_over_table(codes, _title_domains(store), store.read("core_skills"), settings)
    return (_comparable(codes, compared, "out_cross_over", found, "period", [compared.last]),)


def _title_domains(store: Store) -> pa.ChunkedArray:
    """By row of the codes the domains of the title where these are several; none for one, null where unknown."""
    vacancies = store.read("core_codes", ["vacancy_id"])["vacancy_id"]
    named = store.read("core_vacancies", ["vacancy_id", "domains"])
    # Of the few that matter the ids are looked up, not of all.
    several = named.filter(pc.greater(pc.list_value_length(named["domains"]), 1))
    unknown = named.filter(pc.is_null(named["domains"]))["vacancy_id"]
    lists = pa.chunked_array([*several["domains"].chunks, pa.array([[]], several["domains"].type)])
    place = pc.fill_null(pc.index_in(vacancies, several["vacancy_id"]), several.num_rows)
    if unknown.length() == named.num_rows:
        place = pa.nulls(named.num_rows, pa.int32())
    elif unknown.length():
        place = pc.if_else(pc.is_in(vacancies, unknown), None, place)
    return lists.take(place)


def _phrase_facts(context: Context) -> Any:
    return context.spec.measures.model_dump(include={"confidence", "min_display", "fdr", "phrase_sample"})


def _phrases(context: Context) -> tuple[pa.Table, ...]:
    from overstap.phrases.count import Mentions, count_phrases, texts_of
    from overstap.phrases.picked import picked
    from overstap.phrases.sample import Sample, boards_of
    from overstap.phrases.table import PhraseSettings, new_phrases
    from overstap.reference.taxonomy import load_taxonomy

    store, measures = context.store, context.spec.measures
    _, compared = _compared(context)
    settings = PhraseSettings(compared.first, compared.last, measures.min_display, measures.confidence, measures.fdr)
    sample = Sample.of_store(store, compared.period_kind, measures.phrase_sample)
    taxonomy = load_taxonomy(context.spec.annotation.taxonomy)
    with picked(context.engine, store, _READ_FOR_PHRASES, sample.ids) as ads:
        mentions = Mentions.of(ads.batches("core_annotations", _READ_FOR_PHRASES["core_annotations"]), sample)
        counted = count_phrases(texts_of(ads, sample), sample, mentions, settings.least)
        found = new_phrases(counted, sample, boards_of(ads, sample), taxonomy, settings)
    return (_comparable(_codes(context), compared, "out_new_phrases", found),)


def _forecast(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.market import listed_skills
    from overstap.analysis.share_forecast import forecast_table

    skills = listed_skills(context.store.read("out_change"))[:_MOST_SKILLS]
    return (forecast_table(_codes(context), skills, context.store.read("out_drift").to_pylist()),)


def _polarisation(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.market import polarisation_table
    from overstap.reference.tables import load

    _, compared = _compared(context)
    codes = _codes(context)
    found = polarisation_table(codes, load("cedefop_employment"), load("task_indices"), compared)
    return (_comparable(codes, compared, "out_polarisation", found, "what", ["vacancies"]),)


def _intensity(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.comparable import apart_from_first, unsaid
    from overstap.analysis.intensity import borders_table, intensity_table

    codes, skills, measures = _codes(context), context.store.read("core_skills"), context.spec.measures
    confidence, min_n = measures.confidence, measures.min_n
    borders = borders_table(codes, skills, confidence=confidence, min_n=min_n)
    return (
        intensity_table(codes, skills, confidence=confidence, min_n=min_n),
        unsaid("out_borders", borders, "period", apart_from_first(codes)),
    )


def _levels(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
    from overstap.analysis.level_rows import LevelSettings, levels

    measures, notes = context.spec.measures, context.store.read("out_weights")
    whole = notes.filter((pc.field("kind") == "new") & (pc.field("quarter") == ALL)).to_pylist()
    why = {row["sector"]: row["note"] for row in whole if row["note"]}
    settings = LevelSettings(measures.confidence, measures.min_n, measures.min_display, why)
    for batch in levels(_codes(context), settings):
        yield {"out_levels": batch}


def _workforce(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.digital_workforce import digital_workforce
    from overstap.reference.tables import load

    names = ("employment_sector_occupation", "cedefop_employment", "task_indices")
    return (digital_workforce(*map(load, names)),)


def _reproduction(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.market import table_of
    from overstap.analysis.reproduction import reproduction_table
    from overstap.analysis.study_evidence import Evidence, rows_needed

    if context.spec.reproduce is None:
        return (table_of("out_reproduction", []),)
    demand, change = (context.store.read(name, where=rows_needed()) for name in ("out_demand", "out_change"))
    measures, drift = context.spec.measures, context.store.read("out_drift")
    evidence = Evidence(demand, change, drift, _codes(context), measures.confidence, measures.min_n)
    return (reproduction_table(evidence, simulated=context.spec.simulated),)
