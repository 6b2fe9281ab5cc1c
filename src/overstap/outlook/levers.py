"""Levers of a scenario: what may be turned, how far, and what each does to jobs, leavers, graduates and supply.

Every lever has a neutral value at which it changes nothing at all, so that a scenario without levers is the outlook.
Effects grow evenly from the base year to their full size in the last. Most sizes are assumptions, and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from overstap.moves.crosswalk import crosswalk
from overstap.outlook.source import Floats
from overstap.reference.tables import load

ICT_CLASS = "08"  # class of BRC 2014
DROP_OUT_NOW = 13.2
"""Per cent of those who began an ICT programme in 2019-20 who left in the first year (see the table of levers)."""
RETRAINING = ("retraining_level_1", "retraining_level_2", "retraining_level_3", "retraining_level_4")
AGES = ("young", "middle", "old")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever: its unit, the range it may have, its neutral value, and where its size comes from."""

    name: str
    unit: str
    low: float
    high: float
    neutral: float
    basis: str
    meaning: Mapping[str, str]
    source: str


@lru_cache(maxsize=1)
def levers() -> dict[str, Lever]:
    """Every lever by its name."""
    return {
        row["lever"]: Lever(
            row["lever"], row["unit"], row["low"], row["high"], row["neutral"], row["basis"],
            {"en": row["meaning_en"], "nl": row["meaning_nl"]}, row["source"],
        )
        for row in load("scenario_levers").to_pylist()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exposure:
    """How far each lever reaches an occupation (in the order asked): shares of its tasks, or weights that sum to 1."""

    technology: Floats
    routine: Floats
    platform: Floats
    energy: Floats
    ict: Floats


def exposure(codes: tuple[str, ...], jobs: Floats) -> Exposure:
    """The exposure of BRC groups with `jobs` persons; what nothing is known of is not reached (0)."""
    bottlenecks = {r["isco08_code"]: r["bottlenecks"] for r in load("automation_exposure").to_pylist()}
    routine = _routine()
    weights = {r["isco08_code"]: r for r in load("scenario_exposure").to_pylist()}
    columns = {
        "technology": {unit: 1 - share for unit, share in bottlenecks.items()},
        "routine": routine,
        **{name: {two: row[name] for two, row in weights.items()} for name in ("platform", "energy")},
    }
    units = [row for row in crosswalk("brc", "isco").to_pylist() if row["from"] in set(codes)]
    at = {code: i for i, code in enumerate(codes)}
    found = {}
    for name, values in columns.items():
        sums = np.zeros((2, len(codes)))
        for row in units:
            value = values.get(row["to"], values.get(row["to"][:2], 0.0 if name in ("platform", "energy") else None))
            if value is not None:
                sums[:, at[row["from"]]] += row["weight"] * value, row["weight"]
        found[name] = np.divide(sums[0], sums[1], out=np.zeros(len(codes)), where=sums[1] > 0)
    for name in ("platform", "energy"):
        found[name] = found[name] * jobs / max(float((found[name] * jobs).sum()), 1e-9)
    ict = np.array([code.startswith(ICT_CLASS) for code in codes], dtype=float)
    return Exposure(found["technology"], found["routine"], found["platform"], found["energy"], ict)


def _routine() -> dict[str, float]:
    """Routine content (0–1) of two-digit groups, over sections by workers."""
    sums: dict[str, list[float]] = {}
    for row in load("task_indices").to_pylist():
        if row["routine"] is not None and row["workers_thousands"]:
            one = sums.setdefault(row["isco08_code"], [0.0, 0.0])
            one[0] += row["routine"] * row["workers_thousands"]
            one[1] += row["workers_thousands"]
    return {code: total / n for code, (total, n) in sums.items()}


@dataclass(frozen=True, slots=True)
class Effect:
    """What levers do [cell, year, draw]: jobs are multiplied and added to, leavers added, inflow multiplied.

    `supply` are workers who come beside graduates, `participation` [cell, draw] the part of those who could be placed
    that does move.
    """

    factor: Floats
    jobs: Floats
    leavers: Floats
    inflow: Floats
    supply: Floats
    participation: Floats


def effect(
    values: Mapping[str, Floats],
    years: int,
    reached: Exposure,
    openings: Floats,
    level: Floats,
    ages: Mapping[str, Floats],
) -> Effect:
    """The effect of lever `values` ([draw] each) over `years` years after the base year.

    `openings` [cell] share out migration, `level` [cell] is the ISCO skill level, `ages` [cell] the share of each age.
    """
    draws = len(next(iter(values.values()))) if values else 1
    of = {name: values.get(name, np.full(draws, lever.neutral)) for name, lever in levers().items()}
    ramp = (np.arange(years + 1) / years)[None, :, None]
    time = np.arange(years + 1)[None, :, None]

    def reach(shares: Floats) -> Floats:
        return shares[:, None, None]

    factor = 1 - of["technology_adoption"] * reach(reached.technology) * ramp
    factor = factor * (1 - of["routine_automation"] * reach(reached.routine) * ramp)
    factor = factor * (1 + of["productivity"] / 100) ** -time
    platform = of["platform_work"] * reach(reached.platform) * ramp
    jobs = of["energy_transition"] * reach(reached.energy) * ramp - platform
    leavers = np.diff(platform * of["platform_from_work"], axis=1, prepend=0.0)
    kept = (100 - DROP_OUT_NOW - of["ict_dropout"]) / (100 - DROP_OUT_NOW)
    inflow = 1 + reach(reached.ict) * ((1 + of["ict_intake"]) * kept - 1) * ramp
    share = np.nan_to_num(openings) / max(float(np.nansum(openings)), 1e-9)
    supply = of["migration"] * reach(share) * (time > 0)
    return Effect(factor, jobs, leavers, inflow, supply, _participation(of, level, ages))


def _participation(of: Mapping[str, Floats], level: Floats, ages: Mapping[str, Floats]) -> Floats:
    """The part that moves [cell, draw]: by skill level and age, raised where others pay."""
    by_level = np.stack([of[name] for name in RETRAINING])[np.clip(level.astype(int), 1, 4) - 1]
    part = of["retraining"] * by_level
    if ages:
        part = part * sum(share[:, None] * of[f"retraining_age_{age}"] for age, share in ages.items())
    found: Floats = part + (1 - part) * of["cofinancing"] * of["cofinancing_response"]
    return found
