"""One sector: who works in its occupations, what opens a year, how many graduates come in, and what is left short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.education.graduates import share_bounds
from overstap.education.matrix import Matrix, add, inflow, inflow_by
from overstap.education.rows import LEVELS, bounds, check_field, read_rows
from overstap.errors import InputError, nearest
from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.schema.education import DESTINATION_OTHER
from overstap.schema.out import ALL
from overstap.sources.tables import lines_of

AVERAGED = 3
"""Last years of a level whose mean stands for a year's graduates."""
_BASES = ("observed", "allocated", "unknown")
_ADDED = ("jobs", "expansion", "outflow", "openings")


Codes = tuple[tuple[str, ...], tuple[str, ...]]
"""ISCED-F fields that train for a sector, and its ISCO-08 unit groups."""


def sectors(path: Path | None = None) -> dict[str, Codes]:
    """Every sector with its codes, from the bundled table or the user's (topsector, kind, code).

    Raises InputError where a code does not exist.
    """
    if path is None:
        rows = [(r["topsector"], r["kind"], r["code"], "") for r in load("sector_education").to_pylist()]
    else:
        names: dict[str, tuple[str, ...]] = {"topsector": ("sector",), "kind": (), "code": ()}
        rows = [(r["topsector"], r["kind"], r["code"], r.where) for r in read_rows(path, names, tuple(names))]
    units = {r["code"] for r in load("isco08").to_pylist() if r["level"] == 4}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, kind, code, where in rows:
        fields, occupations = found.setdefault(name, ([], []))
        if kind == "field":
            checked = check_field(code, where)
            fields += [checked] if checked else []
        elif kind == "occupation" and code in units:
            occupations.append(code)
        else:
            raise InputError(
                f"{where}: {kind} '{code}' is not known.",
                why=nearest(code, units) if kind == "occupation" else nearest(kind, ("field", "occupation")),
                fix="kind is field (ISCED-F) or occupation (an ISCO-08 unit group of four digits).",
            )
    return {name: (tuple(fields), tuple(occupations)) for name, (fields, occupations) in found.items()}


def sector_codes(sector: str, path: Path | None = None) -> Codes:
    """The codes of one sector, as `sectors`. Raises InputError where there is no such sector."""
    known = sectors(path)
    if sector not in known:
        raise InputError(
            f"There is no sector '{sector}' with fields and occupations.",
            why=" ".join(filter(None, (nearest(sector, known), f"Known are: {', '.join(sorted(known))}."))),
            fix="Set education.sector to one of them, or name your own table in education.sectors: "
            "overstap education template sectors --out sectors.csv",
        )
    return known[sector]


def of_fields(code: str | None, fields: Sequence[str]) -> bool:
    """Whether a programme's field is one of, or below, the fields of a sector."""
    return any((code or "").startswith(field) for field in fields)


def flow(sector: str, occupations: Sequence[str], facts: pa.Table, graduates: pa.Table, matrix: Matrix) -> pa.Table:
    """`out_education_flow`: the sector's unit groups and all of them together.

    `facts`: as `moves.facts.occupation_facts` at level isco; `graduates`: `core_graduates`. A year's inflow is what the
    matrix makes of the graduates of a year (`yearly`). It has no most where the matrix also leads there from a level or
    a field of which there are no graduates. Shortage is openings less inflow: what other ways in (from other work, from
    abroad, after a break) would have to fill; negative where more finish than jobs open. It is null where inflow or
    openings are not known: without graduates, or a row of the matrix that leads to the group, nothing is claimed.
    """
    known = {row["code"]: row for row in facts.to_pylist()}
    mean, years = yearly(graduates)
    entering = inflow_by(inflow(mean, matrix).filter(pc.field("region") == ALL), "isco").to_pylist()
    sums = {row["code"]: (row["inflow_low"], row["inflow_high"]) for row in entering}
    open_ended, reached = uncovered(graduates, matrix), _reached(matrix)
    rows = []
    for code in occupations:
        low, high = sums.get(code, (0.0, 0.0)) if years and code.startswith(reached) else (None, None)
        high = None if code.startswith(open_ended) else high
        rows.append(_filled(known.get(code, {}), low, high) | {"isco08": code})
    if rows:
        rows.append(_together(rows) | {"isco08": ALL})
    levels = [name for name in LEVELS if name in set(graduates["level"].to_pylist())]
    span = {"first_year": min(years, default=None), "last_year": max(years, default=None), "levels": levels}
    return pa.Table.from_pylist(
        [row | span | {"sector": sector} for row in rows], schema=table_spec("out_education_flow").schema
    )


def yearly(graduates: pa.Table) -> tuple[pa.Table, list[int]]:
    """Graduates of one year (`core_graduates`, year null) of each field and level, and the years that they rest on.

    Files of levels end in different years: of each level the last AVERAGED years count, and of a field the mean of
    those of them that it has.
    """
    sums: dict[tuple[Any, Any], dict[int, list[float | None]]] = {}
    given: dict[str | None, set[int]] = {}
    for row in graduates.to_pylist():
        given.setdefault(row["level"], set()).add(row["year"])
        by_year = sums.setdefault((row["isced_f"], row["level"]), {})
        add(by_year.setdefault(row["year"], [0.0, 0.0]), row, "graduates")
    last = {level: sorted(years)[-AVERAGED:] for level, years in given.items()}
    rows, used = [], set[int]()
    for (field, level), by_year in sums.items():
        years = sorted(by_year.keys() & set(last[level]))
        total: list[float | None] = [0.0, 0.0]
        for year in years:
            add(total, dict(zip(("of_low", "of_high"), by_year[year], strict=True)), "of", 1 / len(years))
        cell = {"isced_f": field, "level": level, "graduates_low": total[0], "graduates_high": total[1]}
        rows += [cell] if years else []
        used |= set(years)
    schema = table_spec("core_graduates").schema
    return pa.Table.from_pylist(
        rows, schema=schema.set(schema.get_field_index("year"), pa.field("year", pa.int64()))
    ), sorted(used)


def uncovered(graduates: pa.Table, matrix: Matrix) -> tuple[str, ...]:
    """ISCO-08 groups to which the matrix leads from a level or field without graduates: how many is not known.

    A level counts as given whole for the fields that have graduates of some level.
    """
    levels = set(graduates["level"].to_pylist())
    fields = tuple({field for field in graduates["isced_f"].to_pylist() if field})
    places: set[str] = set()
    for (field, level), weights in matrix.weights.items():
        if level not in levels or not (field.startswith(fields) or any(f.startswith(field) for f in fields)):
            places |= {place for place, weight in weights.items() if weight > 0}
    return tuple(places - set(DESTINATION_OTHER))


def _reached(matrix: Matrix) -> tuple[str, ...]:
    """ISCO-08 groups to which the matrix leads."""
    places = {place for weights in matrix.weights.values() for place, weight in weights.items() if weight > 0}
    return tuple(places - set(DESTINATION_OTHER))


def _filled(facts: Mapping[str, Any], low: float | None, high: float | None) -> dict[str, Any]:
    openings = facts.get("openings")
    row = {name: facts.get(name) for name in (*_ADDED, "women")}
    return row | {
        "basis": facts.get("openings_basis", "unknown"),
        "inflow_low": low,
        "inflow_high": high,
        "shortage_low": None if openings is None or high is None else openings - high,
        "shortage_high": None if openings is None or low is None else openings - low,
    }


def _together(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of rows; null where one is not known. It is known as its weakest part is."""

    def total(name: str) -> float | None:
        values = [row[name] for row in rows]
        return None if None in values else sum(values)

    names = (*_ADDED, "inflow_low", "inflow_high", "shortage_low", "shortage_high")
    made: dict[str, Any] = {name: total(name) for name in names}
    weighed = [(row["women"], row["jobs"]) for row in rows if row["women"] is not None and row["jobs"]]
    women = sum(w * jobs for w, jobs in weighed) / sum(jobs for _, jobs in weighed) if weighed else None
    return made | {"women": women, "basis": max((row["basis"] for row in rows), key=_BASES.index, default="unknown")}


def _people_by_age(path: Path, sector: str, default: str) -> Iterator[tuple[str, tuple[float, float] | None]]:
    if "age_from" in lines_of(path)[0]:
        from overstap.outlook.demography import read_ages

        for one in read_ages([path]):
            for youngest, oldest, people in one.bands if one.sector == sector else ():
                yield f"{youngest}-{oldest}", (people, people)
        return
    names: dict[str, tuple[str, ...]] = {"age": ("leeftijd",), "persons": ("personen", "aantal"), "sector": ()}
    seen = set()
    for row in read_rows(path, names, ("age", "persons")):
        if (row["sector"] or default) == sector:
            if row["age"] in seen:
                raise InputError(f"{row.where}: age {row['age']} stands there twice.", fix="Keep one row.")
            seen.add(row["age"])
            yield row["age"], bounds(row["persons"], row.where)


def ages(path: Path | None, sector: str, default: str | None = None) -> pa.Table:
    """`out_education_ages` of a sector, of the user's own table; no rows without a table.

    The table has age and persons (a row without a sector is of the `default` one, or of this), or is that of the
    outlook (`outlook.demography.COLUMNS`).
    """
    found = [] if path is None else list(_people_by_age(path, sector, default or sector))
    rows = []
    for age, count in found:
        low, high = (0.0, None) if count is None else (float(count[0]), float(count[1]))
        others = [c for name, c in found if name != age]
        most = None if None in others else float(sum(c[1] for c in others if c))
        share = share_bounds((low, high), (float(sum(c[0] for c in others if c)), most))
        cell = {"sector": sector, "age": age, "persons_low": low if count else None, "persons_high": high}
        rows.append(cell | {"share_low": share[0], "share_high": share[1]})
    return pa.Table.from_pylist(rows, schema=table_spec("out_education_ages").schema)
