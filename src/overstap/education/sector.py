"""One sector: who works in its occupations, what opens a year, how many graduates come in, and what is left short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.education.graduates import share_bounds
from overstap.education.matrix import add, inflow_by
from overstap.education.rows import LEVELS, bounds, check_field, read_rows
from overstap.errors import InputError, nearest
from overstap.reference.tables import load
from overstap.schema import table_spec
from overstap.schema.out import ALL

AVERAGED = 3
"""Last years of graduates whose mean stands for a year's inflow."""
_ADDED = ("jobs", "expansion", "outflow", "openings")


def sector_codes(sector: str, path: Path | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISCED-F fields and ISCO-08 unit groups of a sector, from the bundled table or the user's (topsector, kind, code).

    Raises InputError where the table has no such sector, or a code does not exist.
    """
    if path is None:
        rows = [(r["topsector"], r["kind"], r["code"], "") for r in load("sector_education").to_pylist()]
    else:
        names: dict[str, tuple[str, ...]] = {"topsector": ("sector",), "kind": (), "code": ()}
        rows = [(r["topsector"], r["kind"], r["code"], r.where) for r in read_rows(path, names, tuple(names))]
    known = {row[0] for row in rows}
    if sector not in known:
        raise InputError(
            f"There is no sector '{sector}' with fields and occupations.",
            why=nearest(sector, known) or f"Known are: {', '.join(sorted(known))}.",
            fix="Set education.sector to one of them, or name your own table in education.sectors.",
        )
    units = {r["code"] for r in load("isco08").to_pylist() if r["level"] == 4}
    fields, occupations = [], []
    for name, kind, code, where in rows:
        if kind == "field":
            checked = check_field(code, where)
            fields += [checked] if name == sector and checked else []
        elif kind == "occupation" and code in units:
            occupations += [code] if name == sector else []
        else:
            raise InputError(
                f"{where}: {kind} '{code}' is not known.",
                fix="kind is field (ISCED-F) or occupation (an ISCO-08 unit group of four digits).",
            )
    return tuple(fields), tuple(occupations)


def of_fields(code: str | None, fields: Sequence[str]) -> bool:
    """Whether a programme's field is one of, or below, the fields of a sector."""
    return any((code or "").startswith(field) for field in fields)


def flow(sector: str, occupations: Sequence[str], facts: pa.Table, entering: pa.Table, graduates: pa.Table) -> pa.Table:
    """`out_education_flow`: the sector's unit groups and all of them together.

    `facts`: as `moves.facts.occupation_facts` at level isco; `entering`: as `matrix.inflow`. A year's inflow is the
    mean of the last years of which there are graduates, at most AVERAGED. Shortage is openings less inflow: what other
    ways in (from other work, from abroad, after a break) would have to fill; negative where more finish than jobs open.
    It is null where inflow or openings are not known: without graduates nothing is claimed.
    """
    known = {row["code"]: row for row in facts.to_pylist()}
    years = sorted(pc.unique(entering["year"]).to_pylist())[-AVERAGED:]
    sums: dict[str, list[float | None]] = {}
    national = entering.filter(pc.equal(entering["region"], ALL))
    for row in inflow_by(national, "isco").to_pylist():
        if row["year"] in years and row["code"] in occupations:
            add(sums.setdefault(row["code"], [0.0, 0.0]), row, "inflow", 1 / len(years))
    levels = [name for name in LEVELS if name in set(graduates["level"].to_pylist())]
    rows = []
    for code in occupations:
        low, high = sums.get(code, [0.0, 0.0] if years else [None, None])
        rows.append(_filled(known.get(code, {}), low, high) | {"isco08": code})
    if rows:
        rows.append(_together(rows) | {"isco08": ALL})
    span = {"first_year": years[0] if years else None, "last_year": years[-1] if years else None, "levels": levels}
    return pa.Table.from_pylist(
        [row | span | {"sector": sector} for row in rows], schema=table_spec("out_education_flow").schema
    )


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
    """The sum of rows; null where one is not known."""

    def total(name: str) -> float | None:
        values = [row[name] for row in rows]
        return None if None in values else sum(values)

    names = (*_ADDED, "inflow_low", "inflow_high", "shortage_low", "shortage_high")
    made: dict[str, Any] = {name: total(name) for name in names}
    weighed = [(row["women"], row["jobs"]) for row in rows if row["women"] is not None and row["jobs"]]
    women = sum(w * jobs for w, jobs in weighed) / sum(jobs for _, jobs in weighed) if weighed else None
    return made | {"women": women, "basis": next(iter({row["basis"] for row in rows})) if rows else "unknown"}


def ages(path: Path | None, sector: str) -> pa.Table:
    """`out_education_ages` of the user's own table (age, persons; sector where it has several); no rows without one."""
    found: list[tuple[str, tuple[int, int] | None]] = []
    if path is not None:
        names: dict[str, tuple[str, ...]] = {"age": ("leeftijd",), "persons": ("personen", "aantal"), "sector": ()}
        for row in read_rows(path, names, ("age", "persons")):
            if row["sector"] in ("", sector):
                if row["age"] in dict(found):
                    raise InputError(f"{row.where}: age {row['age']} stands there twice.", fix="Keep one row.")
                found.append((row["age"], bounds(row["persons"], row.where)))
    rows = []
    for age, count in found:
        low, high = (0.0, None) if count is None else (float(count[0]), float(count[1]))
        others = [c for name, c in found if name != age]
        most = None if None in others else float(sum(c[1] for c in others if c))
        share = share_bounds((low, high), (float(sum(c[0] for c in others if c)), most))
        cell = {"sector": sector, "age": age, "persons_low": low if count else None, "persons_high": high}
        rows.append(cell | {"share_low": share[0], "share_high": share[1]})
    return pa.Table.from_pylist(rows, schema=table_spec("out_education_ages").schema)
