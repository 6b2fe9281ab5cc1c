"""From one level of occupations to another: ESCO occupation, ISCO-08 unit group, BRC 2014 group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa

from overstap.errors import InputError, ReferenceDataError, nearest
from overstap.reference import esco
from overstap.reference.brc import brc_groups
from overstap.reference.tables import load

Level = Literal["esco", "isco", "brc"]
LEVELS: tuple[Level, ...] = get_args(Level)
SCHEMA = pa.schema([("from", pa.string()), ("to", pa.string()), ("weight", pa.float64()), ("basis", pa.string())])
_Links = dict[str, list[tuple[str, str]]]


def crosswalk(start: Level, goal: Level, home: Path | None = None) -> pa.Table:
    """Every class of `start` with the classes of `goal` that it is or is split over: from, to, weight (0–1), basis.

    The weights of each `from` add to 1: a BRC group is split over its unit groups by their allocated jobs
    (`facts.allocated_units`), a unit group equally over ESCO's occupations, whose workers nobody counts. `basis`:
    observed where the lists say so (one class above), allocated where a class is split, assumed where CBS names only
    codes that are not further specified (managers). A class that leads nowhere has no row. Raises InputError for a
    level that is not known.
    """
    check_level(start)
    check_level(goal)
    if start == goal:
        return _table({code: {code: 1.0} for code in codes(start, home)}, dict.fromkeys(codes(start, home), "observed"))
    if {start, goal} == {"esco", "brc"}:
        return _joined(crosswalk(start, "isco", home), crosswalk("isco", goal, home))
    links = {
        ("esco", "isco"): lambda: _esco(home),
        ("isco", "esco"): lambda: _turned(_esco(home)),
        ("isco", "brc"): _brc,
        ("brc", "isco"): lambda: _units_of_brc(),
    }
    made: Callable[[], _Links] = links[start, goal]
    split = made()
    jobs = _jobs() if (start, goal) == ("brc", "isco") else {}
    weights = {code: _shares([to for to, _ in found], jobs) for code, found in split.items()}
    return _table(weights, {code: found[0][1] for code, found in split.items()})


def codes(level: Level, home: Path | None = None) -> tuple[str, ...]:
    """The classes of a level in order: URIs, unit groups or BRC groups."""
    check_level(level)
    if level == "esco":
        return tuple(sorted(esco_units(home)))
    if level == "isco":
        return tuple(code for code in load("isco08")["code"].to_pylist() if len(code) == 4)
    return tuple(load("brc2014")["code"].to_pylist())


def esco_units(home: Path | None = None) -> dict[str, str]:
    """The unit group of every ESCO occupation: of the installed ESCO, or else of the bundled tables."""
    columns = ["esco_uri", "isco08"]
    if has_esco(home):
        table = esco.load_occupations(home).select(columns)
    else:
        table = pa.concat_tables(load(name).select(columns) for name in ("esco_profiles", "esco_later"))
    pairs = zip(table["esco_uri"].to_pylist(), table["isco08"].to_pylist(), strict=True)
    return {uri: unit for uri, unit in pairs if unit}


def has_esco(home: Path | None = None) -> bool:
    """Whether an ESCO with occupations, skills and their relations is installed."""
    report = esco.installed(home)
    return report is not None and {"occupations", "skills", "relations"} <= set(report.tables)


def check_level(level: str) -> None:
    """Raises InputError for a level that is not known."""
    if level not in LEVELS:
        raise InputError(
            f"--level {level}: the levels are {', '.join(LEVELS)}.",
            why=nearest(level, LEVELS),
            fix="--level esco (occupations), isco (unit groups) or brc (groups of CBS)",
        )


@lru_cache(maxsize=4)
def unit_shares(home: Path | None = None) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """The unit groups that each BRC group is split over, with their weights (0–1), the largest first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in crosswalk("brc", "isco", home).to_pylist():
        found.setdefault(row["from"], []).append((row["to"], row["weight"]))
    return {code: tuple(sorted(units, key=lambda one: (-one[1], one[0]))) for code, units in found.items()}


def _jobs() -> dict[str, float]:
    """Allocated jobs by unit group."""
    from overstap.moves.facts import allocated_units

    units = allocated_units()
    return dict(zip(units.codes, units.jobs.tolist(), strict=True))


def _shares(classes: list[str], size: Mapping[str, float]) -> dict[str, float]:
    """Shares by size, equal ones where the size of one is not known."""
    sizes = [size.get(one, 0.0) for one in classes]
    total = sum(sizes) if all(sizes) else 0.0
    return {one: n / total if total else 1.0 / len(classes) for one, n in zip(classes, sizes, strict=True)}


def _esco(home: Path | None) -> _Links:
    return {uri: [(unit, "observed")] for uri, unit in sorted(esco_units(home).items())}


def _brc() -> _Links:
    units = set(codes("isco"))
    return {unit: [(group, "observed")] for unit, group in brc_groups().items() if unit in units}


def _units_of_brc() -> _Links:
    """BRC group to unit groups. A group that CBS fills from unspecified codes of one major group alone (managers not
    further specified) takes all unit groups below these codes; one of several major groups takes none."""
    found = _turned(_brc())
    vague: dict[str, list[str]] = defaultdict(list)
    for code, group in brc_groups().items():
        if group not in found:
            vague[group].append(code.rstrip("0"))
    for group, stems in vague.items():
        if len({stem[:1] for stem in stems}) == 1:
            found[group] = [(unit, "assumed") for unit in codes("isco") if unit.startswith(tuple(stems))]
    if not found:
        raise ReferenceDataError("The bundled table 'isco08_brc2014' is empty.", fix="Install overstap again.")
    return found


def _turned(links: _Links) -> _Links:
    turned: _Links = defaultdict(list)
    for code, found in links.items():
        for to, _ in found:
            turned[to].append((code, "allocated"))
    return {code: found if len(found) > 1 else [(found[0][0], "observed")] for code, found in sorted(turned.items())}


def _joined(first: pa.Table, second: pa.Table) -> pa.Table:
    """One crosswalk after another; the weaker basis of the two holds."""
    order = ("observed", "allocated", "assumed")
    onward: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for row in second.to_pylist():
        onward[row["from"]].append((row["to"], row["weight"], row["basis"]))
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    basis: dict[str, str] = {}
    for row in first.to_pylist():
        for to, weight, how in onward.get(row["to"], ()):
            weights[row["from"]][to] += row["weight"] * weight
            basis[row["from"]] = max(basis.get(row["from"], "observed"), row["basis"], how, key=order.index)
    for found in weights.values():
        total = sum(found.values())
        found.update({to: weight / total for to, weight in found.items()})
    return _table(weights, basis)


def _table(weights: Mapping[str, Mapping[str, float]], basis: Mapping[str, str]) -> pa.Table:
    rows = [
        {"from": code, "to": to, "weight": weight, "basis": basis[code]}
        for code, found in weights.items()
        for to, weight in found.items()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
