"""What is true of the simulated market: one table of ads, one of vacancies, one of latent chances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.simulate import market_table as mt
from overstap.simulate.ads import Posted, simulate_block, writer
from overstap.simulate.concepts import CONCEPTS, INDEX
from overstap.simulate.employers import BOARDS, PLACES
from overstap.simulate.fragments import FORMATS, SLOTS
from overstap.simulate.lexicon import jobs
from overstap.simulate.rates import N_DIGITAL, rates_table
from overstap.simulate.script import EDUCATION
from overstap.simulate.spec import FORM_KINDS, MarketSpec
from overstap.simulate.vacancies import CONTRACTS, HOURS, blocks, draw_block, employers

_SKILL = pa.struct([("concept", pa.string()), ("form_kind", pa.string()), ("asked", pa.bool_())])
ADS = pa.schema(
    [
        ("ad_id", pa.string()),
        ("vacancy_id", pa.string()),
        ("is_first", pa.bool_()),
        ("posting", pa.string()),
        ("board", pa.string()),
        ("date", pa.date32()),
        ("markup", pa.string()),
    ]
)
"""One row an ad: its vacancy, whether it is the vacancy's first, how it came (first, crosspost, repost), its markup."""
VACANCIES = pa.schema(
    [
        ("vacancy_id", pa.string()),
        ("posted_date", pa.date32()),
        ("year", pa.int32()),
        ("employer", pa.string()),
        ("employer_size", pa.string()),
        ("sbi_code", pa.string()),
        ("segment", pa.string()),
        ("topsectors", pa.list_(pa.string())),
        ("isco08", pa.string()),
        ("function_group", pa.string()),
        ("table1_title", pa.string()),
        ("title", pa.string()),
        ("place", pa.string()),
        ("language", pa.string()),
        ("education_levels", pa.list_(pa.string())),
        ("salary_low_eur", pa.int32()),
        ("salary_high_eur", pa.int32()),
        ("contract", pa.string()),
        ("hours_min", pa.int32()),
        ("hours_max", pa.int32()),
        ("skills", pa.list_(_SKILL)),
    ]
)
"""One row a vacancy. `skills` lists each mention: concept, how it is written, and whether it is asked (false: a
distractor).

`education_levels` and the salary are empty and null where the text names none; salary is gross euro a month,
full-time. Contract and hours are the job's own; a third of the texts leaves the hours out. `table1_title` is the
English title where the vacancy carries one of the study's nine titles. `title` is clean.
"""


@dataclass(frozen=True)
class Truth:
    """The truth tables of a market: `ads` (see ADS), `vacancies` (see VACANCIES), `rates` (see `rates.rates_table`)."""

    ads: pa.Table
    vacancies: pa.Table
    rates: pa.Table


def _ids(rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pc.binary_join_element_wise("v", pa.array(rows).cast(pa.string()), "")


def truth_of_ads(posted: Posted) -> pa.RecordBatch:
    """The truth of a block's ads, in the order of the ads."""
    p = posted.postings
    columns = {
        "ad_id": posted.ads.column("ad_id"),
        "vacancy_id": _ids(posted.block.first + p.vacancy),
        "is_first": pa.array(p.kind == 0),
        "posting": pa.array(["first", "crosspost", "repost"]).take(pa.array(p.kind)),
        "board": pa.array(BOARDS).take(pa.array(p.board)),
        "date": posted.ads.column("date"),
        "markup": pa.array(list(FORMATS)).take(pa.array(posted.formats)),
    }
    return pa.RecordBatch.from_pydict(columns, schema=ADS)


def _skills(posted: Posted) -> pa.ListArray:
    found = posted.script.mentions
    row = np.concatenate([m.row for m in found])
    order = np.argsort(row, kind="stable")
    concept = np.concatenate([m.concept for m in found])[order]
    kind = np.concatenate([m.kind for m in found])[order]
    asked = np.concatenate([m.asked for m in found])[order]
    offsets = np.searchsorted(row[order], np.arange(len(posted.block) + 1))
    items = pa.StructArray.from_arrays(
        [
            pa.array([c.id for c in CONCEPTS]).take(pa.array(concept)),
            pa.array(FORM_KINDS).take(pa.array(kind)),
            pa.array(asked.astype(bool)),
        ],
        fields=list(_SKILL),
    )
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), items)


def _levels() -> list[list[str]]:
    """Education levels per key, and none at all as the last entry."""
    both = {"mbo3+4": ["mbo3", "mbo4"], "hbo+wo": ["hbo", "wo"]}
    return [*(both.get(key, [key]) for key in EDUCATION), []]


def truth_of_vacancies(spec: MarketSpec, posted: Posted) -> pa.RecordBatch:
    """The truth of a block's vacancies, in the order of their ids."""
    b, emp, table = posted.block, employers(spec), jobs()
    e, segments = b.employer, [mt.SEGMENTS[s] for s in emp.segment[b.employer].tolist()]
    width = max(len(j.education) for j in table)
    keys = np.array([[EDUCATION.index(x) for x in j.education] + [0] * (width - len(j.education)) for j in table])
    key = np.where(b.education < 0, len(EDUCATION), keys[b.job, np.maximum(b.education, 0)])
    unpaid = b.salary_low < 0
    named = [j.titles[1][0] if j.table1 else None for j in table]
    columns = {
        "vacancy_id": _ids(b.first + np.arange(len(b))),
        "posted_date": pa.array(b.day.astype("datetime64[D]")),
        "year": pa.array(np.asarray(spec.years)[b.year], pa.int32()),
        "employer": pa.array(emp.names).take(pa.array(e)),
        "employer_size": pa.array(emp.size).take(pa.array(e)),
        "sbi_code": pa.array(emp.sbi).take(pa.array(e)),
        "segment": pa.array([s.id for s in segments]),
        "topsectors": pa.array([[s.topsector] if s.topsector else [] for s in segments], pa.list_(pa.string())),
        "isco08": pa.array([j.isco08 for j in table]).take(pa.array(b.job)),
        "function_group": pa.array([j.group for j in table]).take(pa.array(b.job)),
        "table1_title": pa.array(named).take(pa.array(b.job)),
        "title": writer(spec).fragments.take(pa.array(posted.script.values[:, SLOTS.index("title")])),
        "place": pa.array(PLACES).take(pa.array(b.place)),
        "language": pa.array(["nl", "en"]).take(pa.array(b.english.astype(np.int64))),
        "education_levels": pa.array(_levels(), pa.list_(pa.string())).take(pa.array(key)),
        "salary_low_eur": pa.array(b.salary_low, pa.int32(), mask=unpaid),
        "salary_high_eur": pa.array(b.salary_low + 300 * (b.salary_step + 1), pa.int32(), mask=unpaid),
        "contract": pa.array(CONTRACTS).take(pa.array(b.contract)),
        "hours_min": pa.array([h[0] for h in HOURS], pa.int32()).take(pa.array(b.hours)),
        "hours_max": pa.array([h[1] for h in HOURS], pa.int32()).take(pa.array(b.hours)),
        "skills": _skills(posted),
    }
    return pa.RecordBatch.from_pydict(columns, schema=VACANCIES)


def simulate_market(spec: MarketSpec) -> Iterator[tuple[Posted, pa.RecordBatch, pa.RecordBatch]]:
    """Per block: the block itself (its `ads` among them), the truth of its ads, the truth of its vacancies."""
    for number in blocks(spec):
        posted = simulate_block(spec, number)
        yield posted, truth_of_ads(posted), truth_of_vacancies(spec, posted)


def truth(spec: MarketSpec) -> Truth:
    """All truth tables of the market that `spec` describes."""
    ads, vacancies = zip(*((a, v) for _, a, v in simulate_market(spec)), strict=True)
    return Truth(pa.Table.from_batches(ads), pa.Table.from_batches(vacancies), rates_table(spec))


def truth_asked(spec: MarketSpec, concepts: Sequence[str] = ()) -> pa.Table:
    """What the vacancies of a market ask, without writing a word: the fast way to test estimators on many markets.

    One row a vacancy: vacancy_id, employer (number), topsector ("" for none), year, function_group, `digital` (asks
    any digital skill), and one boolean column per id in `concepts`. The rows are those of `truth(spec).vacancies`.
    Raises KeyError on an unknown concept.
    """
    emp, groups = employers(spec), pa.array([j.group for j in jobs()])
    tops = pa.array([s.topsector for s in mt.SEGMENTS])
    parts = []
    for number in blocks(spec):
        b = draw_block(spec, number)
        columns = {
            "vacancy_id": _ids(b.first + np.arange(len(b))),
            "employer": pa.array(b.employer),
            "topsector": tops.take(pa.array(emp.segment[b.employer])),
            "year": pa.array(np.asarray(spec.years)[b.year], pa.int32()),
            "function_group": groups.take(pa.array(b.job)),
            "digital": pa.array(b.asked[:, :N_DIGITAL].any(axis=1)),
        }
        parts.append(pa.table(columns | {name: pa.array(b.asked[:, INDEX[name]]) for name in concepts}))
    return pa.concat_tables(parts)
