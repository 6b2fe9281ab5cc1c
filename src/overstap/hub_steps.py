"""The steps behind the pages of one skill and of one occupation: what is asked together, and demand by occupation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from overstap.demand_steps import change_settings
from overstap.schema import table_spec
from overstap.schema.core import ASKED_SECTIONS
from overstap.snippets import in_context
from overstap.sql.lookups import lookup
from overstap.steps import Context, Step, table_step, tables_step

if TYPE_CHECKING:
    from overstap.analysis.codes import Codes
    from overstap.analysis.together import Occupation

_CODED = ("core_levels", "core_codes")
_QUOTED = ("core_vacancies", "core_vacancy_skills", "core_annotations", "raw_ads")
_ADS, _PASSAGES = 3, 4  # ads of each occupation, and passages of each ad
_CODE = ("overstap.analysis.together",)


def hub_steps() -> list[Step]:
    """The steps in order; both read the coded vacancies."""
    return [
        table_step("pair_skills", "out_skill_pairs", _CODED, _pairs, depends=_measures, code=_CODE),
        tables_step(
            "measure_occupations",
            ("out_occupations", "out_occupation_change", "out_occupation_titles"),
            _CODED,
            _occupations,
            depends=lambda c: [c.spec.moves.level, _measures(c), c.spec.period.model_dump(mode="json")],
            code=_CODE,
        ),
        table_step(
            "quote_ads",
            "core_quotes",
            _QUOTED,
            _quotes,
            depends=lambda c: [lookup("quoted_ads"), _ADS, _PASSAGES],
            code=("overstap.snippets",),
        ),
    ]


def _measures(context: Context) -> object:
    return context.spec.measures.model_dump(include={"confidence", "min_n", "min_display", "fdr"})


def _codes(context: Context) -> Codes:
    from overstap.analysis.codes import Codes

    return Codes.of_store(context.store)


def _pairs(context: Context) -> pa.Table:
    from overstap.analysis.together import skill_pairs

    measures = context.spec.measures
    return skill_pairs(_codes(context), measures.confidence, measures.min_n, measures.min_display)


def _occupations(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.together import occupation_change, occupation_titles, occupations

    codes, measures = _codes(context), context.spec.measures
    level: Occupation = "isco4" if context.spec.moves.level == "isco" else "brc"
    return (
        occupations(codes, level, measures.confidence, measures.min_n),
        occupation_change(codes, level, change_settings(context.spec)),
        occupation_titles(codes, level, measures.confidence, measures.min_n, measures.min_display),
    )


def _quotes(context: Context) -> pa.Table:
    """Masked words around skills that count, of a few ads of each occupation: the dashboard then opens no ad."""
    rows = []
    for batch in context.engine.sql(lookup("quoted_ads"), {"ads": _ADS}).batches():
        for ad in batch.to_pylist():
            asked = [span for span in ad["skills"] or [] if span["section"] in ASKED_SECTIONS][:_PASSAGES]
            rows += [{**ad, **in_context(span, ad["text"] or "")} for span in {s["start"]: s for s in asked}.values()]
    spec = table_spec("core_quotes")
    return pa.Table.from_pylist([{name: row[name] for name in spec.names} for row in rows], schema=spec.schema)
