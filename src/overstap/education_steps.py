"""The steps of education: what open files and cohorts tell, where graduates go, and what one sector lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from overstap.errors import OverstapError, problems_of
from overstap.schema.out import ALL, UNKNOWN
from overstap.steps import Context, Step, table_step, tables_step
from overstap.study_education import Education, ProgrammeFile

if TYPE_CHECKING:
    from overstap.education.asked import Target
    from overstap.education.texts import ProgrammeText

_READ = ("core_education", "core_cohorts", "core_graduates")
SPLITS = ("programme", "level", "sex", "region", "numerus_fixus", "cohort")
"""What success is split by, beside the field."""


def education_steps() -> list[Step]:
    """From files to inflow by occupation, stocks and success. A study without education has these tables, empty."""
    return [
        tables_step(
            "read_education", _READ, (), _read, depends=_inputs, code=_code("stocks", "cohorts", "persons", "graduates")
        ),
        table_step(
            "allocate_graduates", "core_inflow", ("core_graduates",), _inflow, depends=_inputs, code=_code("matrix")
        ),
        table_step("measure_stocks", "out_education", ("core_education",), _trends, code=_code("trends")),
        table_step(
            "measure_success",
            "out_education_success",
            ("core_cohorts",),
            _success,
            depends=lambda context: [context.spec.measures.confidence, _inputs(context)],
            code=_code("cohorts", "hide", "suppressed", "life_table", "sector"),
        ),
        tables_step(
            "scan_curriculum",
            ("out_curriculum", "out_curriculum_parts"),
            ("core_levels", "core_codes", "core_skills", "core_vacancies", "core_vacancy_skills"),
            _curriculum,
            depends=lambda context: [
                _inputs(context),
                context.spec.measures.model_dump(),
                context.spec.annotation.taxonomy,
            ],
            code=_code("curriculum", "asked", "taught", "texts", "scans", "matrix"),
        ),
    ]


def sector_steps() -> list[Step]:
    """Each sector's inflow against its openings, destinations and ages."""
    return [
        tables_step(
            "compare_flows",
            ("out_education_flow", "out_education_destinations", "out_education_ages"),
            ("core_graduates",),
            _sector,
            depends=lambda context: [_inputs(context), context.spec.moves.first_year, context.spec.moves.last_year],
            code=_code("sector", "graduates", "matrix"),
        )
    ]


def _code(*modules: str) -> tuple[str, ...]:
    return ("overstap.education_steps", *(f"overstap.education.{name}" for name in modules))


def check_education(education: Education, base: Path) -> list[OverstapError]:
    """Every problem of the settings and files of education; `base` is the study file's folder."""
    from overstap.education.graduates import read_destinations
    from overstap.education.matrix import load_matrix
    from overstap.education.sector import ages, sector_codes

    checks: list[Callable[[], object]] = [
        lambda: _tables(education, base),
        lambda: load_matrix(_own(education.matrix, base)),
        lambda: sector_codes(education.sector, _own(education.sectors, base)),
        lambda: ages(_own(education.ages, base), education.sector, education.sector),
        lambda: education.destinations and read_destinations(base / education.destinations),
        *(partial(_programme, given, education, base) for given in education.curriculum),
    ]
    return problems_of(checks)


def _own(name: str | None, base: Path) -> Path | None:
    return None if name in (None, "default") else base / str(name)


def _inputs(context: Context) -> Any:
    education = context.spec.education
    given = education.model_dump(exclude={"source"})
    lists = [value if isinstance(value, list) else [value] for value in given.values()]
    names = [n["file"] if isinstance(n, dict) else n for value in lists for n in value]
    files = [context.base / n for n in names if n and isinstance(n, str) and n not in ("default", education.sector)]
    return [given, context.digests(files)]


def _read(context: Context) -> tuple[pa.Table, ...]:
    return _tables(context.spec.education, context.base)


def _tables(education: Education, base: Path) -> tuple[pa.Table, ...]:
    """Stocks, cohorts and graduates of the study's files."""
    from overstap.education.cohorts import SCHEMA, read_cohorts
    from overstap.education.graduates import of_stocks, read_graduates
    from overstap.education.persons import cohorts_of_persons
    from overstap.education.stocks import KINDS, read_programmes, read_stocks

    programmes = read_programmes(base / education.programmes) if education.programmes else {}
    files = [(kind, base / name) for kind in KINDS for name in getattr(education, kind)]
    stocks = read_stocks(files, programmes)
    cohorts = SCHEMA.empty_table()
    if education.cohorts:
        cohorts = read_cohorts(base / education.cohorts, programmes)
    elif education.persons:
        cohorts = cohorts_of_persons(base / education.persons, programmes)
    graduates = of_stocks(stocks)
    if education.graduates_table:
        graduates = read_graduates(base / education.graduates_table, programmes)
    return stocks, cohorts, graduates


def _inflow(context: Context) -> pa.Table:
    from overstap.education.matrix import inflow, load_matrix

    matrix = load_matrix(_own(context.spec.education.matrix, context.base))
    return inflow(context.store.read("core_graduates"), matrix)


def _trends(context: Context) -> pa.Table:
    from overstap.education.trends import trends

    return trends(context.store.read("core_education"))


def _success(context: Context) -> pa.Table:
    """Success of every field, and of each sector's fields together."""
    from overstap.education.hide import hide_few
    from overstap.education.sector import of_fields, sectors
    from overstap.schema import table_spec

    cohorts, confidence = context.store.read("core_cohorts"), context.spec.measures.confidence
    rows = [row for field in (False, True) for row in _chances(cohorts, field, confidence)]
    of = cohorts["isced_f"].to_pylist()
    inside = {}
    for sector, (fields, _) in sectors(_own(context.spec.education.sectors, context.base)).items():
        inside[sector] = partial(of_fields, fields=fields)
        mine = cohorts.filter(pa.array([inside[sector](code) for code in of], pa.bool_()))
        rows += [row | {"sector": sector} for row in _chances(mine, False, confidence)]
    rows = hide_few(rows, context.spec.education.min_cell, inside)
    return pa.Table.from_pylist(rows, schema=table_spec("out_education_success").schema)


def _chances(cohorts: pa.Table, field: bool, confidence: float) -> Iterator[dict[str, Any]]:
    """Rows of `out_education_success`, by each of SPLITS, and by `field` where asked."""
    from overstap.education.cohorts import success

    for split in (None, *SPLITS):
        by = tuple(name for name in ("isced_f" if field else None, split) if name)
        for row in success(cohorts, by, confidence):
            yield {
                "sector": ALL,
                "split": split or ALL,
                "value": _text(row[split]) if split else ALL,
                "isced_f": (row["isced_f"] or UNKNOWN) if field else ALL,
                "state": row["state"],
                "after": row["after"],
                "students": row["students"],
                "chance_pct": row["chance"],
                "chance_low": row["low"],
                "chance_high": row["high"],
            }


def _programme(given: ProgrammeFile, education: Education, base: Path) -> tuple[list[ProgrammeText], Target]:
    """The texts of a file of programmes, and where they lead. Raises InputError."""
    from overstap.education.asked import Target, target_of_occupations, target_of_programme
    from overstap.education.curriculum import read_all

    texts = read_all([base / given.file])
    if given.occupations:
        return texts, target_of_occupations(given.occupations, "nl")
    if given.programme:
        return texts, target_of_programme(
            given.programme, given.level or None, _own(education.matrix, base), f"education.curriculum, {given.file}"
        )
    return texts, Target({}, "all")


def _curriculum(context: Context) -> tuple[pa.Table, ...]:
    from overstap.analysis.codes import Codes
    from overstap.education.asked import asked_of_codes
    from overstap.education.curriculum import scan_programmes
    from overstap.education.scans import tables_of

    education, taxonomy = context.spec.education, _taxonomy(context)
    scans = []
    for given in education.curriculum:
        texts, target = _programme(given, education, context.base)
        skills = context.store.read("core_skills").to_pylist()
        demand = asked_of_codes(Codes.of_store(context.store), skills, target, context.spec.measures)
        scans += scan_programmes(texts, target, demand, taxonomy=taxonomy, read=partial(_rows, context))
    return tables_of(scans)


def _taxonomy(context: Context) -> Literal["core", "esco"]:
    return context.spec.annotation.taxonomy


def _rows(context: Context, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [row for batch in context.engine.sql(query, parameters).batches() for row in batch.to_pylist()]


def _text(value: object) -> str:
    return UNKNOWN if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _sector(context: Context) -> tuple[pa.Table, ...]:
    from overstap.education.graduates import destinations, read_destinations
    from overstap.education.matrix import load_matrix
    from overstap.education.sector import ages, flow, sectors
    from overstap.moves.facts import occupation_facts

    education, base, moves = context.spec.education, context.base, context.spec.moves
    graduates, matrix = context.store.read("core_graduates"), load_matrix(_own(education.matrix, base))
    known = sectors(_own(education.sectors, base))
    facts = occupation_facts("isco", (moves.first_year, moves.last_year))
    observed = read_destinations(base / education.destinations) if education.destinations else {}
    flows = [flow(sector, codes, facts, graduates, matrix) for sector, (_, codes) in known.items()]
    aged = [ages(_own(education.ages, base), sector, education.sector) for sector in known]
    return pa.concat_tables(flows), destinations(graduates, matrix, observed), pa.concat_tables(aged)
