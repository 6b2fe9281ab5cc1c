"""The steps of education: what open files and cohorts tell, where graduates go, and what one sector lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.errors import OverstapError
from overstap.provenance import digest_files
from overstap.schema.out import ALL, UNKNOWN
from overstap.steps import Context, Step, table_step, tables_step
from overstap.study import Education

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
            code=_code("cohorts", "suppressed", "life_table", "sector"),
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

    problems: list[OverstapError] = []
    checks: list[Callable[[], object]] = [
        lambda: _tables(education, base),
        lambda: load_matrix(_own(education.matrix, base)),
        lambda: sector_codes(education.sector, _own(education.sectors, base)),
        lambda: ages(_own(education.ages, base), education.sector, education.sector),
        lambda: education.destinations and read_destinations(base / education.destinations),
    ]
    for check in checks:
        try:
            check()
        except OverstapError as error:
            problems.append(error)
    return problems


def _own(name: str | None, base: Path) -> Path | None:
    return None if name in (None, "default") else base / str(name)


def _inputs(context: Context) -> Any:
    education = context.spec.education
    given = education.model_dump(exclude={"source"})
    names = [n for value in given.values() for n in (value if isinstance(value, list) else [value])]
    files = [context.base / n for n in names if n and n not in ("default", education.sector)]
    return [given, digest_files(files, context.store)]


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
    from overstap.education.sector import of_fields, sectors
    from overstap.schema import table_spec

    cohorts, confidence = context.store.read("core_cohorts"), context.spec.measures.confidence
    rows = [row for field in (False, True) for row in _chances(cohorts, field, confidence)]
    of = cohorts["isced_f"].to_pylist()
    for sector, (fields, _) in sectors(_own(context.spec.education.sectors, context.base)).items():
        mine = cohorts.filter(pa.array([of_fields(code, fields) for code in of], pa.bool_()))
        rows += [row | {"sector": sector} for row in _chances(mine, False, confidence)]
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
