"""What someone still has to learn for a move: the missing skills by unit, and the time and price of learning them.

Who can do something can also do, so far, what is nearly the same (`covering`): advice, out_moves and packages count so.
Time grows with the part of the goal's essential skills that is missing: who lacks all of them needs the whole
programme of the goal's level, who lacks a tenth a tenth of it. Months and prices stand in a table that a study may
replace; the part that rests on assumptions goes with every sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from overstap.errors import InputError
from overstap.moves.profiles import Profiles
from overstap.reference import tables

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit of learning: ESCO's group, the part (0–1) of the goal's essential skills missing in it, and which."""

    group: str
    missing: float
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """Months and euro of learning, each low, middle, high; `assumed` is the part (0–1) of the months so known."""

    months: tuple[float, float, float]
    eur: tuple[float, float, float]
    assumed: float


def missing(profiles: Profiles, start: int, goal: int) -> Floats:
    """By feature the part of the goal's essential skills that the start asks neither as essential nor as optional (in
    profiles of `covering`: nor anything nearly the same).

    The values add up to the part missing in all (0–1); all 0 where the goal asks nothing.
    """
    asked = _row(profiles.essential, goal)
    held = np.maximum(_row(profiles.essential, start), _row(profiles.optional, start))
    total = asked.sum()
    lacking: Floats = np.maximum(0.0, asked - held)
    return lacking / total if total > 0 else lacking


def missing_parts(profiles: Profiles, within: npt.NDArray[np.bool_] | None = None) -> Floats:
    """The part (0–1) of the goal's essential skills that is missing, for every move, [from, to].

    `within` marks the features that are looked at, all where it is not given: parts of disjoint features add up.
    """
    n = profiles.essential.shape[0]
    held = profiles.essential.maximum(profiles.optional)
    parts = np.zeros((n, n))
    for goal in range(n):
        row = profiles.essential[[goal]]
        on = np.ones(len(row.indices), dtype=bool) if within is None else within[row.indices]
        if on.any():
            lacking = np.maximum(0.0, row.data[on][None, :] - held[:, row.indices[on]].toarray())
            parts[:, goal] = lacking.sum(axis=1) / row.data.sum()
    return parts


def covering(profiles: Profiles, near: sp.csr_matrix) -> Profiles:
    """`profiles` in which who can do something can also do what is nearly the same: `near[s, t]` (0–1), 1 on its
    diagonal, says how well skill s stands in for skill t (`skill_meaning.SkillMeaning`).

    The optional part holds what is covered so; what is essential stays as it is, for goals ask the skill itself.
    """
    held = sp.csr_matrix(profiles.essential.maximum(profiles.optional) @ near)
    held.data = np.minimum(held.data, 1.0)
    return replace(profiles, optional=held)


@dataclass(frozen=True, slots=True)
class Efforts:
    """What every move asks, [from, to]: part missing (0–1), months and euro (low, middle, high), part assumed."""

    missing: Floats
    months: tuple[Floats, Floats, Floats]
    eur: tuple[Floats, Floats, Floats]
    assumed: Floats


def efforts(profiles: Profiles, skill_levels: Sequence[int], costs: pa.Table | None = None) -> Efforts:
    """`effort` of every move at once; `skill_levels` are those of the occupations as goals, in the order of the rows.

    Raises `InputError` where the table of costs has no row for a unit and level.
    """
    rows = _listed(costs)
    # By name where they are as long: the order of a set changes with the process, and sums with the order.
    units = sorted({"", *(unit for unit, _ in rows)}, key=lambda unit: (-len(unit), unit))
    unit_of = np.array([next((u for u in units if group.startswith(u)), "") for group in profiles.groups])
    parts = {unit: missing_parts(profiles, unit_of == unit) for unit in units if (unit_of == unit).any()}
    shape = (profiles.essential.shape[0],) * 2
    return _priced(rows, list(parts.items()), skill_levels, shape)


def _priced(
    rows: Mapping[tuple[str, int], dict[str, Any]],
    parts: Sequence[tuple[str, Floats]],
    skill_levels: Sequence[int],
    shape: tuple[int, ...],
) -> Efforts:
    """Parts missing (0–1, of `shape`, a column a goal) by unit, at the months and prices of the goals' levels."""
    months, eur = [np.zeros(shape) for _ in range(3)], [np.zeros(shape) for _ in range(3)]
    assumed, lacking = np.zeros(shape), np.zeros(shape)
    for unit, part in parts:
        asked = [_cost(rows, unit, level) for level in skill_levels]
        for at, end in enumerate(("_low", "", "_high")):
            time = part * np.array([row[f"months{end}"] for row in asked])
            months[at] += time
            eur[at] += time * np.array([row[f"eur_month{end}"] for row in asked])
        assumed += part * np.array([row["months"] * (row["basis"] == "assumption") for row in asked])
        lacking += part
    known = np.divide(assumed, months[1], out=np.zeros(shape), where=months[1] > 0)
    return Efforts(lacking, _matrices(months), _matrices(eur), known)


def gaps(profiles: Profiles, lacking: Floats) -> list[Gap]:
    """What is missing (`missing`), by ESCO's group, the largest part first; features within it likewise."""
    by_group: dict[str, list[int]] = {}
    for at in np.flatnonzero(lacking > 0).tolist():
        by_group.setdefault(profiles.groups[at], []).append(at)
    found = [
        Gap(
            group,
            float(lacking[members].sum()),
            tuple(
                profiles.features[at] for at in sorted(members, key=lambda at: (-lacking[at], profiles.features[at]))
            ),
        )
        for group, members in by_group.items()
    ]
    return sorted(found, key=lambda gap: (-gap.missing, gap.group))


def effort(found: Sequence[Gap], skill_level: int, costs: pa.Table | None = None) -> Effort:
    """Time and price of closing gaps on the way to an occupation of ISCO `skill_level`.

    `costs` has the columns of the bundled `training_costs`, which serves where it is not given.

    Raises `InputError` where the table of costs has no row for a unit and level.
    """
    parts = [(gap.group, np.array([gap.missing])) for gap in found]
    need = _priced(_listed(costs), parts, [skill_level], (1,))
    return Effort(_first(need.months), _first(need.eur), float(need.assumed[0]))


def _listed(costs: pa.Table | None) -> dict[tuple[str, int], dict[str, Any]]:
    return _bundled() if costs is None else _by_unit(costs)


@lru_cache(maxsize=1)
def _bundled() -> dict[tuple[str, int], dict[str, Any]]:
    return _by_unit(tables.load("training_costs"))


def _by_unit(costs: pa.Table) -> dict[tuple[str, int], dict[str, Any]]:
    return {(row["unit"] or "", row["skill_level"]): row for row in costs.to_pylist()}


def _cost(rows: Mapping[tuple[str, int], dict[str, Any]], group: str, level: int) -> dict[str, Any]:
    """The row of the longest prefix of `group` that the table lists for the level."""
    for end in range(len(group), -1, -1):
        if (group[:end], level) in rows:
            return rows[group[:end], level]
    raise InputError(
        f"The table of training costs has no row for unit '{group}' at skill level {level}.",
        why=f"It has {', '.join(sorted({f'{unit or chr(39) * 2} at {at}' for unit, at in rows}))}.",
        fix="Add a row with an empty unit for each skill level: it serves every unit that is not listed.",
    )


def _row(matrix: Any, at: int) -> Floats:
    row: Floats = np.asarray(matrix[[at]].todense(), dtype=np.float64).ravel()
    return row


def _first(values: tuple[Floats, Floats, Floats]) -> tuple[float, float, float]:
    low, middle, high = (float(value[0]) for value in values)
    return low, middle, high


def _matrices(values: list[Floats]) -> tuple[Floats, Floats, Floats]:
    low, middle, high = values
    return low, middle, high
