"""What is known of each occupation beside its skills: jobs, pay, level, outlook, licences, and how each is known.

Bundled Dutch facts give a default for every group: jobs, women, education and pay are counted by CBS for the 114
groups of BRC 2014; the outlook is Cedefop's, by ISCO-08 two-digit group, and its outflow by major group. What is finer
than its source is allocated, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.moves.own_facts import overlay
from overstap.outlook.source import WINDOW, check_window, employment_paths, leaving_rates
from overstap.reference import tables
from overstap.reference.brc import brc_groups

Floats = npt.NDArray[np.float64]

REST_GROUPS = frozenset({"0551", "1311"})
"""Groups of BRC 2014 that hold what has no group of its own: nobody can be sent there, or described by it."""
ELSEWHERE = frozenset({"1113", "3222", "4414", "6310", "6320", "6330", "6340", "9332", "9624"})
"""Unit groups that ISCO has for other countries (village heads, assistant midwives, letter writers, carters, farmers
who feed themselves, water carriers): own judgement. They get next to no jobs, and nobody is sent there."""
_HARDLY = 1e-6  # what such a group counts beside another when jobs are divided
_ROUNDS = 500

SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("name_nl", pa.string()),
        ("name_en", pa.string()),
        ("skill_level_min", pa.int64()),
        ("skill_level_max", pa.int64()),
        ("jobs", pa.float64()),
        ("jobs_basis", pa.string()),
        ("jobs_source", pa.string()),
        ("women", pa.float64()),
        ("women_basis", pa.string()),
        ("women_source", pa.string()),
        ("education_high", pa.float64()),
        ("education_basis", pa.string()),
        ("education_source", pa.string()),
        ("pay_p25", pa.float64()),
        ("pay_p50", pa.float64()),
        ("pay_p75", pa.float64()),
        ("pay_basis", pa.string()),
        ("pay_source", pa.string()),
        ("growth", pa.float64()),
        ("growth_low", pa.float64()),
        ("growth_high", pa.float64()),
        ("growth_basis", pa.string()),
        ("growth_source", pa.string()),
        ("expansion", pa.float64()),
        ("outflow", pa.float64()),
        ("openings", pa.float64()),
        ("openings_basis", pa.string()),
        ("openings_source", pa.string()),
        ("tension", pa.float64()),
        ("named_shrinking", pa.bool_()),
        ("licences", pa.list_(pa.string())),
        ("licences_part", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class Units:
    """The unit groups of ISCO-08 with their BRC 2014 group, allocated jobs, and the outlook of their coarser groups.

    `growth` (over the window) and `outflow` (persons a year) are NaN where the forecast has no such group.
    """

    codes: tuple[str, ...]
    brc: tuple[str, ...]
    jobs: Floats
    growth: Floats
    outflow: Floats


def occupation_facts(
    level: str, window: tuple[int, int] = WINDOW, own: Mapping[str, pa.Table] | None = None
) -> pa.Table:
    """One row for each occupation of `level`, as SCHEMA has them.

    `level` is "isco" (unit groups), "brc" (BRC 2014) or "esco" (URIs). Jobs, expansion, outflow and openings count
    persons, the last three a year of `window`; women and education_high are shares; pay is euro an hour at the
    quartiles; growth is the share by which employment changes over `window`, its bounds the lowest and highest of the
    coarser groups that it was taken from (null where that was one: the forecast has no interval). Openings are
    max(expansion + outflow, 0), so that stocks and flows close (docs/method.md). `<group>_basis` is observed, allocated
    (from a coarser level) or unknown. `own` brings the user's tables by group (`own_facts.GROUPS`).
    Raises `StudyError` where a year of `window` has no forecast.
    """
    units = allocated_units(window)
    span = window[1] - window[0]
    if level == "brc":
        rows = [_brc_row(row, units, span) for row in tables.load("brc2014").to_pylist()]
    else:
        by_unit = {row["code"]: row for row in _unit_rows(units, span)}
        rows = list(by_unit.values()) if level == "isco" else _esco_rows(by_unit)
    return overlay(pa.Table.from_pylist(rows, schema=SCHEMA), own or {}, span)


def left_out(level: str) -> frozenset[str]:
    """The codes of a level where nobody can be sent: rest groups of BRC, unit groups of other countries. The two
    classifications share codes for different work (1311, 1113)."""
    return {"brc": REST_GROUPS, "isco": ELSEWHERE}.get(level, frozenset())


@lru_cache(maxsize=8)
def allocated_units(window: tuple[int, int] = WINDOW) -> Units:
    """Jobs of the BRC groups divided over their unit groups, so that two-digit groups come near Cedefop's shares.

    Iterative proportional fitting (Deming & Stephan 1940) from equal unit groups (ELSEWHERE: next to none); it
    ends on CBS's counts, which are
    met exactly. Raises `StudyError` where a year of `window` has no forecast.
    """
    start, end = window
    paths = employment_paths()
    check_window(window, paths)
    brc_of = brc_groups()
    counted = {r["code"]: float(r["jobs"]) for r in tables.load("brc_jobs").to_pylist()}
    codes = _standing_for_groups(brc_of)
    brc, two = [brc_of[code] for code in codes], [code[:2] for code in codes]
    known = {group: path[start] for group, path in paths.items() if path[start] > 0}
    margins = [_margin(two, known), _margin(brc, counted)]
    jobs = np.array([_HARDLY if code in ELSEWHERE else 1.0 for code in codes])
    for _ in range(_ROUNDS):
        for at, wanted in margins:
            jobs *= np.where(np.isnan(wanted), 1.0, wanted / np.bincount(at, weights=jobs))[at]
    growth = np.array([paths[g][end] / paths[g][start] - 1 if g in known else np.nan for g in two])
    rates = leaving_rates(window)
    leaving = jobs * np.array([rates.get(group, np.nan) for group in two])
    return Units(codes, tuple(brc), jobs, growth, leaving)


def _margin(groups: list[str], totals: Mapping[str, float]) -> tuple[npt.NDArray[np.int64], Floats]:
    """The number of each row's group, and what the groups have to sum to; NaN where no total is known."""
    names, at = np.unique(groups, return_inverse=True)
    return at.astype(np.int64), np.array([totals.get(name, np.nan) for name in names])


def _standing_for_groups(brc_of: Mapping[str, str]) -> tuple[str, ...]:
    """The unit groups of all BRC groups, and two-digit groups for a rest group that has no unit groups (0551)."""
    units = {code: group for code, group in brc_of.items() if code in _isco()}
    vague = brc_of.keys() - units.keys()
    rest = [code for code in vague if code[:2] in _two_digit() and code[2:] == "00"]
    return tuple(sorted([*units, *(code for code in rest if brc_of[code] not in units.values())]))


def _brc_row(group: dict[str, Any], units: Units, span: int) -> dict[str, Any]:
    """One BRC group: its own counts of CBS, and the outlook of its unit groups by their allocated jobs."""
    mine = np.flatnonzero(np.array(units.brc) == group["code"])
    levels = [_isco().get(units.codes[i]) or _two_digit()[units.codes[i][:2]] for i in mine]
    return {
        "code": group["code"],
        "name_nl": group["title_nl"],
        "name_en": _brc_english()[group["code"]],
        "skill_level_min": min(r["skill_level_min"] for r in levels),
        "skill_level_max": max(r["skill_level_max"] for r in levels),
        **_counted(group["code"], "observed"),
        **_outlook(units.jobs[mine], units.growth[mine], units.outflow[mine], span),
        **_licences([units.codes[i] for i in mine], units.jobs[mine]),
    }


def _unit_rows(units: Units, span: int) -> list[dict[str, Any]]:
    rows = []
    for i, code in enumerate(units.codes):
        known = _isco().get(code)
        if known is None:
            continue
        one = slice(i, i + 1)
        rows.append(
            {
                "code": code,
                **{key: known[key] for key in ("skill_level_min", "skill_level_max")},
                "name_nl": known["title_nl"],
                "name_en": known["title_en"],
                **_counted(units.brc[i], "allocated"),
                "jobs": float(units.jobs[i]),
                **_outlook(units.jobs[one], units.growth[one], units.outflow[one], span),
                **_licences([code], units.jobs[one]),
            }
        )
    return rows


def _esco_rows(by_unit: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """ESCO's occupations with what is known of their unit group; how many work in one of them nobody counts."""
    names: dict[str, dict[str, Any]] = {}
    for row in tables.load("esco_later").to_pylist():
        if row["isco08"] in by_unit:
            one = {"unit": row["isco08"], "name_nl": row["label_nl"], "name_en": row["label_en"]}
            names[row["esco_uri"]] = one
    for row in tables.load("occupation_titles").to_pylist():
        if row["kind"] == "esco_label" and row["isco08"] in by_unit:
            one = names.setdefault(row["esco_uri"], {"unit": row["isco08"]})
            one[f"name_{row['language']}"] = row["title"]
    columns = ("jobs", "jobs_source", "expansion", "outflow", "openings", "openings_source")
    unknown: dict[str, Any] = dict.fromkeys(columns)
    unknown |= {"jobs_basis": "unknown", "openings_basis": "unknown"}
    return [
        {**by_unit[one["unit"]], "code": uri, "name_nl": one.get("name_nl"), "name_en": one.get("name_en"), **unknown}
        for uri, one in names.items()
    ]


def _counted(brc: str, basis: str) -> dict[str, Any]:
    """What CBS counts of a BRC group, under the basis it has for the row that shows it."""
    row = _jobs()[brc]
    facts: dict[str, Any] = {"jobs": row["jobs"], "jobs_basis": basis, "jobs_source": "cbs_85276ned"}
    for name, value in (("women", row["women_pct"]), ("education", row["higher_educated_pct"])):
        known = value is not None
        facts["education_high" if name == "education" else name] = value / 100 if known else None
        facts |= {f"{name}_basis": basis if known else "unknown", f"{name}_source": "cbs_85276ned" if known else None}
    pay = {f"pay_{q}": row[f"pay_hour_{q}_eur"] for q in ("p25", "p50", "p75")}
    known = pay["pay_p50"] is not None
    return facts | pay | {"pay_basis": basis if known else "unknown", "pay_source": "cbs_85517ned" if known else None}


def _outlook(jobs: Floats, growth: Floats, outflow: Floats, span: int) -> dict[str, Any]:
    """Growth over the window and flows a year of unit groups together; unknown where most jobs have no forecast."""
    known = ~np.isnan(growth)
    if jobs[known].sum() < jobs.sum() / 2 or not known.any():
        return {"growth_basis": "unknown", "openings_basis": "unknown"}
    share = float(np.average(growth[known], weights=jobs[known]))
    mixed = np.ptp(growth[known]) > 0
    expansion = float(jobs.sum()) * share / span
    leaving = float(jobs.sum() * outflow[known].sum() / jobs[known].sum())
    return {
        "growth": share,
        "growth_low": float(growth[known].min()) if mixed else None,
        "growth_high": float(growth[known].max()) if mixed else None,
        "growth_basis": "allocated",
        "growth_source": "cedefop_forecast",
        "expansion": expansion,
        "outflow": leaving,
        "openings": max(expansion + leaving, 0.0),
        "openings_basis": "allocated",
        "openings_source": "cedefop_forecast",
    }


def _licences(units: list[str], jobs: Floats) -> dict[str, Any]:
    """Licences of which most jobs ask one, or that some jobs ask; tension, and whether the study named the work.

    A group asks a licence where the unit groups that reserve all their jobs have half of its jobs or more.
    """
    wholly = [{name for name, scope in _licences_of().get(unit, {}).items() if scope == "all"} for unit in units]
    reserved = float(jobs[[bool(names) for names in wholly]].sum())
    always = set().union(*wholly) if reserved >= jobs.sum() / 2 else set()
    tension = [_tension()[group] for group in sorted({brc_groups()[unit] for unit in units}) if group in _tension()]
    return {
        "licences": sorted(always),
        "licences_part": sorted(set().union(*(_licences_of().get(unit, {}) for unit in units)) - always),
        "tension": tension[0] if tension else None,
        "named_shrinking": not _named_shrinking().isdisjoint(units),
    }


@lru_cache(maxsize=1)
def _licences_of() -> dict[str, dict[str, str]]:
    """Licence ids with their scope, by unit group."""
    found: dict[str, dict[str, str]] = {}
    for row in tables.load("licences").to_pylist():
        found.setdefault(row["isco08_code"], {})[row["licence_id"]] = row["scope"]
    return found


def checked_licences() -> tuple[int, int]:
    """How many rows of the list of licences were checked against a source, and how many there are."""
    bases = tables.load("licences")["basis"].to_pylist()
    return len(bases) - bases.count("assumption"), len(bases)


@lru_cache(maxsize=1)
def _tension() -> dict[str, float]:
    return {r["brc_code"]: r["tension"] for r in tables.load("tightness").to_pylist()}


@lru_cache(maxsize=1)
def _named_shrinking() -> frozenset[str]:
    """Unit groups that the study of 2019 names."""
    return frozenset(tables.load("shrinking_occupations")["isco08_code"].to_pylist())


@lru_cache(maxsize=1)
def _isco() -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in tables.load("isco08").to_pylist() if r["level"] == 4}


@lru_cache(maxsize=1)
def _two_digit() -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in tables.load("isco08").to_pylist() if r["level"] == 2}


@lru_cache(maxsize=1)
def _brc_english() -> dict[str, str]:
    return {r["code"]: r["title_en"] for r in tables.load("brc2014_en").to_pylist()}


@lru_cache(maxsize=1)
def _jobs() -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in tables.load("brc_jobs").to_pylist()}
