"""The few training packages that open most moves for most people, for funds that work across sectors.

A package is a unit of learning (`package_of`: ESCO's group of skills) at a level. A move opens once packages teach a
part OPENS of what it misses; the rest is learnt at work. What a choice of packages is worth is the persons × how far
their move is opened (0–1), a weighted coverage that is monotone and submodular, so that taking the best package each
time reaches (1 − 1/e), 63 %, of what the best choice of as many packages does (Nemhauser, Wolsey & Fisher 1978).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError, nearest
from overstap.moves.gaps import Gap, effort, gaps, missing
from overstap.moves.profiles import Profiles

Floats = npt.NDArray[np.float64]
OPENS = 0.8
"""Part of what a move misses from which the move counts as opened: the rest is learnt at work."""
GROUPS = ("age", "education", "contract")
PAYERS = ("employer", "fund", "government", "worker")


@dataclass(frozen=True, slots=True)
class PersonsMove:
    """Persons who could make a move, the sections (SBI 2008) of the work left and entered, and what they miss."""

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
    open in full; months and euro for one person, low, middle and high, as a mean over those who take it."""

    group: str
    skill_level: int
    persons: float
    covered: float
    share: float
    opened: float
    months: tuple[float, float, float]
    eur: tuple[float, float, float]


def packages(moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None) -> list[Package]:
    """The packages that the greedy choice takes from `moves`, at most `most`, ties by code.

    Raises `InputError` for a negative number of persons, or `most` below 1.
    """
    if most < 1:
        raise InputError(f"{most} packages: at least one is needed.", fix="Ask for 1 or more.")
    for move in moves:
        if move.persons < 0:
            raise InputError(f"Persons from {move.from_code} to {move.to_code} are negative: {move.persons}.")
    parts, persons = _parts(moves), np.array([move.persons for move in moves])
    total, taught, found = float(persons.sum()), np.zeros(len(moves)), list[Package]()
    while len(found) < most and (left := set(parts) - {(p.group, p.skill_level) for p in found}):
        gains = {key: _gain(parts[key], taught, persons) for key in left}
        key = min(gains, key=lambda key: (-gains[key], key))
        if gains[key] <= 0:
            break
        at, part = parts[key]
        taught[at] += part
        months, eur = _mean_effort(moves, key, costs)
        reached, whole = float(persons @ _opened(taught)), float(persons[_opened(taught) >= 1.0 - 1e-9].sum())
        takers = float(persons[at].sum())
        found.append(Package(*key, takers, gains[key], reached / total, whole, months, eur))
    return found


def by_sectors(
    moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None
) -> dict[tuple[str, str], list[Package]]:
    """`packages` for each pair of different sectors, from and to, the pair with most persons first."""
    pairs: dict[tuple[str, str], list[PersonsMove]] = {}
    for move in moves:
        if move.sector_from != move.sector_to:
            pairs.setdefault((move.sector_from, move.sector_to), []).append(move)
    order = sorted(pairs, key=lambda pair: (-sum(move.persons for move in pairs[pair]), pair))
    return {pair: packages(pairs[pair], most, costs) for pair in order}


def moves_by_sector(
    flows: Mapping[tuple[str, str], float],
    sectors: Mapping[str, Mapping[str, float]],
    gaps_of: Mapping[tuple[str, str], Sequence[Gap]],
    levels: Mapping[str, int],
) -> list[PersonsMove]:
    """Flows of persons between occupations divided over pairs of sectors by the sectors' shares: allocated, as nobody
    counts moves by sector. An occupation whose sectors are not known falls under "unknown"."""
    found = []
    for (left, entered), persons in sorted(flows.items()):
        for one, a in (sectors.get(left) or {"unknown": 1.0}).items():
            for other, b in (sectors.get(entered) or {"unknown": 1.0}).items():
                if persons * a * b > 0:
                    missing = tuple(gaps_of[left, entered])
                    found.append(PersonsMove(left, entered, persons * a * b, one, other, missing, levels[entered]))
    return found


def gaps_of_flows(profiles: Profiles, flows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Gap]]:
    """The gaps of each flow between occupations of `profiles` (`gaps.covering`), for `moves_by_sector`.

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


@dataclass(frozen=True, slots=True)
class Bill:
    """Cost (euro) of retraining by payer, and what comes back, low, middle and high. `returns` are yearly gains in pay
    over the years given; `positive` tells for each case whether returns exceed the whole bill."""

    total: tuple[float, float, float]
    by_payer: Mapping[str, tuple[float, float, float]]
    returns: tuple[float, float, float]
    positive: tuple[bool, bool, bool]


def bill(
    moves: Sequence[PersonsMove],
    shares: Mapping[str, float],
    pay_gain: Mapping[tuple[str, str], float | None],
    *,
    subsidy: float = 0.0,
    hours: tuple[float, float, float] = (1000.0, 1300.0, 1600.0),
    years: tuple[float, float, float] = (1.0, 5.0, 10.0),
    costs: pa.Table | None = None,
) -> Bill:
    """What retraining everyone in `moves` costs and who pays, after the question of World Economic Forum (2019).

    `shares` of `PAYERS` add to 1 and divide what `subsidy` (0–1 of the total, paid by the government) leaves. Returns
    are the gain in hourly pay (euro, None unknown: counted as none) × `hours` a year × `years`, low, middle and high:
    own assumptions. The lowest return is set against the highest bill, and the other way round.
    Raises `InputError` for an unknown payer, or shares that do not add to 1.
    """
    _check_shares(shares, subsidy)
    sums = np.zeros(3)
    gained = 0.0
    for move in moves:
        sums += move.persons * np.array(effort(move.gaps, move.skill_level, costs).eur)
        gained += move.persons * (pay_gain.get((move.from_code, move.to_code)) or 0.0)
    payer = {name: (1.0 - subsidy) * share for name, share in shares.items()}
    payer["government"] = payer.get("government", 0.0) + subsidy
    back = gained * np.array(hours) * np.array(years)
    back = np.sort(back)
    return Bill(
        _three(sums),
        {name: _three(sums * share) for name, share in payer.items()},
        _three(back),
        (bool(back[0] > sums[2]), bool(back[1] > sums[1]), bool(back[2] > sums[0])),
    )


def population(table: pa.Table) -> pa.Table:
    """Persons to retrain by what the user's table gives of GROUPS: the same columns, persons, and their share (0–1).

    `table`: any of age, education, contract, and persons. Rows of one group are added. The study's figure, 5.4 million
    people of 35 and over, is context and stands in no sum.
    Raises `InputError` where there is no column of persons, none of GROUPS, or a count is negative.
    """
    columns = [name for name in GROUPS if name in table.column_names]
    if "persons" not in table.column_names or not columns:
        hint = next((h for name in table.column_names if (h := nearest(name, (*GROUPS, "persons")))), "")
        raise InputError(
            f"The table of who must retrain has {', '.join(table.column_names)}.",
            why=hint,
            fix="Give persons, and age, education or contract.",
        )
    persons = np.array([float(value or 0) for value in table["persons"].to_pylist()])
    if (persons < 0).any():
        raise InputError(f"The number of persons is negative in row {int(np.argmin(persons)) + 2}.")
    summed = table.group_by(columns).aggregate([("persons", "sum")]).rename_columns([*columns, "persons"])
    total = float(persons.sum())
    share = [None if not total or n is None else n / total for n in summed["persons"].to_pylist()]
    return summed.append_column("share", pa.array(share, pa.float64())).sort_by(
        [(name, "ascending") for name in columns]
    )


def package_of(group: str) -> str:
    """The package that a group of skills is taught in: the second level of ESCO's pillar of skills (S4.4), a field of
    knowledge as it is."""
    return group[:4] if group.startswith("S") else group


def _parts(moves: Sequence[PersonsMove]) -> dict[tuple[str, int], tuple[npt.NDArray[np.int64], Floats]]:
    """By package the moves that miss it, by number, and the part (0–1) of what they miss that it teaches."""
    parts: dict[tuple[str, int], dict[int, float]] = {}
    for at, move in enumerate(moves):
        whole = sum(gap.missing for gap in move.gaps)
        for gap in move.gaps:
            if whole > 0 and gap.missing > 0:
                mine = parts.setdefault((package_of(gap.group), move.skill_level), {})
                mine[at] = mine.get(at, 0.0) + gap.missing / whole
    return {key: (np.array(list(mine)), np.array(list(mine.values()))) for key, mine in parts.items()}


def _gain(package: tuple[npt.NDArray[np.int64], Floats], taught: Floats, persons: Floats) -> float:
    """What a package adds in persons × how far their move is opened."""
    at, part = package
    return float(persons[at] @ (_opened(taught[at] + part) - _opened(taught[at])))


def _opened(taught: Floats) -> Floats:
    """How far moves are opened (0–1) by the part of what they miss that is taught."""
    far: Floats = np.minimum(1.0, taught / OPENS)
    return far


def _mean_effort(
    moves: Sequence[PersonsMove], key: tuple[str, int], costs: pa.Table | None
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    months, eur, persons = np.zeros(3), np.zeros(3), 0.0
    for move in moves:
        mine = [gap for gap in move.gaps if (package_of(gap.group), move.skill_level) == key]
        if mine and move.persons > 0:
            need = effort(mine, move.skill_level, costs)
            months += move.persons * np.array(need.months)
            eur += move.persons * np.array(need.eur)
            persons += move.persons
    return _three(months / (persons or 1.0)), _three(eur / (persons or 1.0))


def _check_shares(shares: Mapping[str, float], subsidy: float) -> None:
    for name, share in shares.items():
        if name not in PAYERS:
            raise InputError(f"'{name}' is no payer.", why=nearest(name, PAYERS), fix=f"Payers: {', '.join(PAYERS)}.")
        if share < 0:
            raise InputError(f"The share of {name} is negative.", fix="Give shares of 0 to 1.")
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        raise InputError(f"The shares of payers add to {sum(shares.values()):.3f}.", fix="Let them add to 1.")
    if not 0 <= subsidy <= 1:
        raise InputError(f"A subsidy of {subsidy} is no part.", fix="Give 0 to 1.")


def _three(values: Floats) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high
