"""The few training packages that open most moves for most people, for funds that work across sectors.

A package is a unit of learning (`package_of`: ESCO's group of skills) at a level. A move opens once packages teach a
part OPENS of what it misses; the rest is learnt at work. What a choice of packages is worth is the persons × how far
their move is opened (0–1), a weighted coverage that is monotone and submodular, so that taking the best package each
time reaches (1 − 1/e), 63 %, of what the best choice of as many packages does (Nemhauser, Wolsey & Fisher 1978).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError, nearest
from overstap.moves.gaps import Gap, effort, gaps, missing
from overstap.moves.profiles import Profiles

Floats = npt.NDArray[np.float64]
OPENS = 0.8
"""Part of what a move misses from which the move counts as opened: the rest is learnt at work."""
SHOWN = 4
"""Skills of a package that are named."""
ALL = "all"
"""All sectors together."""


@dataclass(frozen=True, slots=True)
class PersonsMove:
    """Persons who could make a move, the sections (SBI 2008) of the work left and entered (ALL: not divided), and what
    they miss."""

    from_code: str
    to_code: str
    persons: float
    sector_from: str
    sector_to: str
    gaps: tuple[Gap, ...]
    skill_level: int


@dataclass(frozen=True, slots=True)
class Package:
    """A package in the order of choice. `persons` miss it; `covered` is what it adds in persons × how far their move is
    opened; `share` the part (0–1) of all persons so reached by it and those before, `opened` the persons whose move is
    open in full; months and euro for one person, low, middle and high, as a mean over those who take it; `skills` of it
    that most of them miss most of."""

    group: str
    skill_level: int
    persons: float
    covered: float
    share: float
    opened: float
    months: tuple[float, float, float]
    eur: tuple[float, float, float]
    skills: tuple[str, ...]


def packages(moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None) -> list[Package]:
    """The packages that the greedy choice takes from `moves`, at most `most`, ties by code.

    Raises `InputError` for a negative number of persons, or `most` below 1.
    """
    return _chosen(moves, most, _taught(moves, most, costs))


def by_sectors(
    moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None
) -> dict[tuple[str, str], tuple[float, list[Package]]]:
    """`packages` for each pair of different sectors, from and to, with the persons who move so, most persons first."""
    pairs: dict[tuple[str, str], list[PersonsMove]] = {}
    for move in moves:
        if move.sector_from != move.sector_to:
            pairs.setdefault((move.sector_from, move.sector_to), []).append(move)
    movers = {pair: sum(move.persons for move in mine) for pair, mine in pairs.items()}
    taught = _taught(moves, most, costs)
    order = sorted(pairs, key=lambda pair: (-movers[pair], pair))
    return {pair: (movers[pair], _chosen(pairs[pair], most, taught)) for pair in order}


def split_by_sector(moves: Iterable[PersonsMove], sectors: Mapping[str, Mapping[str, float]]) -> list[PersonsMove]:
    """Moves between occupations divided over pairs of sectors by the sectors' shares: allocated, as nobody counts moves
    by sector. An occupation whose sectors are not known falls under "unknown"."""
    return [
        replace(move, persons=move.persons * a * b, sector_from=one, sector_to=other)
        for move in moves
        for one, a in (sectors.get(move.from_code) or {"unknown": 1.0}).items()
        for other, b in (sectors.get(move.to_code) or {"unknown": 1.0}).items()
        if move.persons * a * b > 0
    ]


def gaps_of_flows(profiles: Profiles, flows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Gap]]:
    """The gaps of each flow between occupations of `profiles` (`gaps.covering`).

    Raises `InputError` for an occupation that has no row.
    """
    place = {code: at for at, code in enumerate(profiles.codes)}
    found = {}
    for left, entered in flows:
        for code in (left, entered):
            if code not in place:
                raise InputError(
                    f"There is no occupation '{code}' at level {profiles.level}.", why=nearest(code, place)
                )
        found[left, entered] = gaps(profiles, missing(profiles, place[left], place[entered]))
    return found


def package_of(group: str) -> str:
    """The package that a group of skills is taught in: the second level of ESCO's pillar of skills (S4.4), a field of
    knowledge as it is."""
    return group[:4] if group.startswith("S") else group


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What a package is to one move: the part (0–1) of what it misses, months and euro (low, middle, high), skills."""

    part: float
    months: Floats
    eur: Floats
    skills: tuple[str, ...]


_Key = tuple[str, int]
_Lessons = Mapping[tuple[int, int], Mapping[_Key, _Lesson]]


def _taught(moves: Sequence[PersonsMove], most: int, costs: pa.Table | None) -> _Lessons:
    """Lessons by package, of every list of gaps at its level: moves that were divided over sectors share theirs."""
    if most < 1:
        raise InputError(f"{most} packages: at least one is needed.", fix="Ask for 1 or more.")
    found: dict[tuple[int, int], dict[_Key, _Lesson]] = {}
    for move in moves:
        if move.persons < 0:
            raise InputError(f"Persons from {move.from_code} to {move.to_code} are negative: {move.persons}.")
        if (id(move.gaps), move.skill_level) not in found:
            found[id(move.gaps), move.skill_level] = _lessons(move, costs)
    return found


def _lessons(move: PersonsMove, costs: pa.Table | None) -> dict[_Key, _Lesson]:
    whole = sum(gap.missing for gap in move.gaps)
    mine: dict[_Key, list[Gap]] = {}
    for gap in move.gaps:
        if gap.missing > 0:
            mine.setdefault((package_of(gap.group), move.skill_level), []).append(gap)
    need = {key: effort(gaps, move.skill_level, costs) for key, gaps in mine.items()}
    return {
        key: _Lesson(
            sum(g.missing for g in mine[key]) / whole,
            np.array(one.months),
            np.array(one.eur),
            tuple(skill for g in mine[key] for skill in g.features),
        )
        for key, one in need.items()
    }


def _chosen(moves: Sequence[PersonsMove], most: int, taught: _Lessons) -> list[Package]:
    """The greedy choice; moves with the same gaps, as they are after a division over sectors, count as one."""
    counted: dict[tuple[int, int], float] = {}
    for move in moves:
        which = id(move.gaps), move.skill_level
        counted[which] = counted.get(which, 0.0) + move.persons
    persons, lessons = np.array(list(counted.values())), [taught[which] for which in counted]
    keys = sorted({key for mine in lessons for key in mine})
    place = {key: at for at, key in enumerate(keys)}
    parts, misses = np.zeros((len(persons), len(keys))), np.zeros((len(persons), len(keys)))
    for i, mine in enumerate(lessons):
        for key, lesson in mine.items():
            parts[i, place[key]], misses[i, place[key]] = lesson.part, 1.0
    total, done, found = float(persons.sum()), np.zeros(len(persons)), list[Package]()
    while len(found) < min(most, len(keys)):
        gains = persons @ (_opened(done[:, None] + parts) - _opened(done)[:, None])
        best = int(np.argmax(gains))  # ties: the first by code
        if gains[best] <= 1e-9 * total:
            break
        done += parts[:, best]
        reached, whole = float(persons @ _opened(done)), float(persons[_opened(done) >= 1.0 - 1e-9].sum())
        rows, takers = np.flatnonzero(misses[:, best]), float(persons @ misses[:, best])
        months, eur = (
            _three(persons[rows] @ np.array([getattr(lessons[i][keys[best]], name) for i in rows]) / takers)
            for name in ("months", "eur")
        )
        skills: dict[str, float] = {}
        for at in rows.tolist():
            for rank, skill in enumerate(lessons[at][keys[best]].skills):  # the largest gap of a move first
                skills[skill] = skills.get(skill, 0.0) + float(persons[at]) / (1 + rank)
        most_missed = tuple(sorted(skills, key=lambda skill: (-skills[skill], skill))[:SHOWN])
        found.append(Package(*keys[best], takers, float(gains[best]), reached / total, whole, months, eur, most_missed))
        parts[:, best] = 0.0
    return found


def _opened(taught: Floats) -> Floats:
    """How far moves are opened (0–1) by the part of what they miss that is taught."""
    far: Floats = np.minimum(1.0, taught / OPENS)
    return far


def _three(values: Floats) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high
