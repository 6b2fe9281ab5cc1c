"""Advice for one person: where they can go, why and why not, what they still have to learn, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from overstap.errors import InputError
from overstap.moves.atlas import Atlas, Name
from overstap.moves.feasible import PAY_KEPT, RULES, Bools, Pay, Rules, allowed, verdicts
from overstap.moves.gaps import Effort, effort, gaps, missing
from overstap.moves.paths import cheapest_paths
from overstap.moves.start import Start

FEW = 3
"""Direct moves below which ways of several moves are looked for."""
SECTOR_SHARE = 0.05
"""Least part of an occupation's jobs in the sector that is asked for."""
TIGHT = 1.5
"""UWV's tension from which a market is called tight (krap)."""
_SHOWN = 6  # skills and units of a move that are named
_NEAR = 0.75  # a near miss on similarity has at least this part of the threshold
MOST_NEAR, MOST_PATHS = 5, 3

Verdict = Literal["yes", "no", "unknown", "not asked"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants: pay rule, licensed work too, a goal (code), a section of SBI 2008, a region, how many."""

    pay: Pay = "same"
    licences: bool = False
    goal: str | None = None
    sector: str | None = None
    region: str | None = None
    top: int = 10


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill, or a group of skills where ESCO is not installed; `part` (0–1) of what the goal asks."""

    id: str
    name: Name
    part: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of learning: ESCO's group, its missing skills (the largest first), and the effort."""

    group: str
    name: Name
    skills: tuple[Skill, ...]
    effort: Effort


@dataclass(frozen=True, slots=True)
class Move:
    """A move with its figures. `facts` are those of `facts.SCHEMA`; `rules` a verdict for each of `feasible.RULES`;
    `sectors` sections with their share (0–1) of the jobs; `licences` those that are asked and not held."""

    code: str
    name: Name
    examples: tuple[Name, ...]
    similarity: float
    band: str
    rules: Mapping[str, Verdict]
    facts: Mapping[str, Any]
    shared: tuple[Skill, ...]
    units: tuple[Unit, ...]
    units_n: int
    missing: float
    effort: Effort
    sectors: tuple[tuple[str, float], ...]
    licences: tuple[Name, ...]
    licences_part: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A way of several moves: codes with names, the months of each step, and pay on arrival (median, None unknown)."""

    codes: tuple[str, ...]
    names: tuple[Name, ...]
    months: tuple[float, ...]
    pay: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is handed over. `moves` pass every rule that could be asked, `near` fail one; `goal` is the move asked for.

    `not_asked` has rules that could not be asked as the person's own pay or level is not known.
    """

    level: str
    unit: str
    start: Start
    name: Name
    here: Mapping[str, Any]
    wish: Wish
    window: tuple[int, int]
    least_similarity: float
    moves: tuple[Move, ...]
    moves_n: int
    near: tuple[Move, ...]
    routes: tuple[Route, ...]
    goal: Move | None
    not_asked: tuple[str, ...]
    recognised: tuple[Name, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON can hold it; what is unknown is null."""
        plain: dict[str, Any] = asdict(self)
        return plain


def advise(atlas: Atlas, start: Start, wish: Wish | None = None) -> Advice:
    """Advice on an atlas that has the start (`Atlas.with_start`).

    Direct moves first rank those that the study of 2019 does not name as shrinking, then by similarity. Ways of
    several moves are given to the goal that is asked for, or where direct moves are fewer than FEW.
    Raises `InputError` for a goal that is the start itself or has no row.
    """
    wish = wish or Wish()
    at = atlas.at(start.code)
    rules, not_asked = _rules(atlas, start, at, wish)
    passed = verdicts(atlas.occupations, atlas.similar, rules)
    wanted = _in_sector(atlas, wish.sector)
    mine = {rule: passed[rule][at] for rule in RULES}
    fine = np.logical_and.reduce(list(mine.values())) & wanted
    order = _order(atlas, at, fine)
    make = _Maker(atlas, at, mine, frozenset(not_asked), rules)
    goal = None
    if wish.goal is not None:
        target = atlas.at(wish.goal)
        if target == at:
            raise InputError("The goal is the occupation that you start from.", fix="Name another --goal.")
        goal = make(target)
    own = start.kind != "occupation"
    return Advice(
        level=atlas.level,
        unit=atlas.profiles.unit,
        start=start,
        name=_name(atlas, at),
        here=_facts(atlas, at) | {"sectors": _sectors(atlas, start.code)},
        wish=wish,
        window=atlas.window,
        least_similarity=rules.similar,
        moves=tuple(make(to) for to in order[: wish.top]),
        moves_n=len(order),
        near=tuple(make(to) for to in _near(atlas, at, mine, wanted, rules)),
        routes=_routes(atlas, at, passed, wish, None if goal is None else atlas.at(goal.code), len(order)),
        goal=goal,
        not_asked=not_asked,
        recognised=tuple(atlas.features[uri] for uri in start.skills if uri in atlas.features) if own else (),
    )


def _rules(atlas: Atlas, start: Start, at: int, wish: Wish) -> tuple[Rules, tuple[str, ...]]:
    """The rules, and those that cannot be asked as something of the start is not known."""
    not_asked = []
    pay = wish.pay
    if pay != "any" and np.isnan(atlas.occupations.pay[at]):
        pay = "any"
        not_asked.append("pay")
    if start.kind != "occupation" and start.skill_level is None:
        not_asked.append("level")
    return Rules(atlas.threshold.medium, licences=wish.licences, pay=pay), tuple(not_asked)


def _in_sector(atlas: Atlas, section: str | None) -> Bools:
    if section is None:
        return np.ones(len(atlas.codes), dtype=bool)
    return np.array([atlas.sectors.get(code, {}).get(section, 0.0) >= SECTOR_SHARE for code in atlas.codes])


def _order(atlas: Atlas, at: int, fine: Bools) -> list[int]:
    named = atlas.facts["named_shrinking"].to_pylist()
    found = np.flatnonzero(fine).tolist()
    return sorted(found, key=lambda to: (bool(named[to]), -atlas.similar[at, to], atlas.codes[to]))


def _near(atlas: Atlas, at: int, mine: Mapping[str, Bools], wanted: Bools, rules: Rules) -> list[int]:
    """Moves that fail one rule, the most similar first; on similarity only those that come close."""
    failed = np.sum([~mine[rule] for rule in RULES], axis=0)
    scores = np.nan_to_num(atlas.similar[at], nan=0.0)
    near = (failed == 1) & wanted & (scores >= _NEAR * rules.similar)
    near[at] = False
    found = np.flatnonzero(near).tolist()
    return sorted(found, key=lambda to: (-scores[to], atlas.codes[to]))[:MOST_NEAR]


def _routes(
    atlas: Atlas, at: int, passed: Mapping[str, Bools], wish: Wish, goal: int | None, direct_n: int
) -> tuple[Route, ...]:
    """Ways of two or three moves: each step feasible, the end desirable as seen from the start."""
    feasible = passed["similar"] & passed["level"] & passed["licence"]
    if goal is not None:
        goals = [goal]
    elif direct_n < FEW:
        fine = passed["outlook"][at] & passed["pay"][at] & _in_sector(atlas, wish.sector)
        goals = np.flatnonzero(fine & ~allowed(dict(passed))[at]).tolist()
    else:
        return ()
    if not goals or not feasible[at].any():
        return ()
    found = cheapest_paths(feasible, atlas.need.months[1], at, goals, most=MOST_PATHS)
    pay = atlas.facts["pay_p50"].to_pylist()
    return tuple(
        Route(
            tuple(atlas.codes[i] for i in path.at),
            tuple(_name(atlas, i) for i in path.at),
            path.costs,
            tuple(pay[i] for i in path.at),
        )
        for path in found
        if len(path.at) > 2
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the moves from one start."""

    atlas: Atlas
    at: int
    mine: Mapping[str, Bools]
    not_asked: frozenset[str]
    rules: Rules

    def __call__(self, to: int) -> Move:
        atlas, at, facts = self.atlas, self.at, _facts(self.atlas, to)
        level = int(facts["skill_level_max"] or 2)
        found = gaps(atlas.held, missing(atlas.held, at, to))
        score = float(np.nan_to_num(atlas.similar[at, to], nan=0.0))
        held = set(atlas.facts["licences"][at].as_py() or ())
        return Move(
            code=atlas.codes[to],
            name=_name(atlas, to),
            examples=atlas.examples.get(atlas.codes[to], ()),
            similarity=score,
            band=atlas.threshold.band(score) or "low",
            rules={rule: self._verdict(rule, to, facts) for rule in RULES},
            facts=facts,
            shared=_shared(atlas, at, to),
            units=tuple(self._unit(gap.group, gap, level) for gap in found[:_SHOWN]),
            units_n=len(found),
            missing=float(sum(gap.missing for gap in found)),
            effort=effort(found, level, atlas.costs),
            sectors=_sectors(atlas, atlas.codes[to]),
            licences=tuple(atlas.licences[one] for one in facts["licences"] or () if one not in held),
            licences_part=tuple(atlas.licences[one] for one in facts["licences_part"] or () if one not in held),
        )

    def _verdict(self, rule: str, to: int, facts: Mapping[str, Any]) -> Verdict:
        if rule in self.not_asked or (rule == "pay" and self.rules.pay == "any"):
            return "not asked"
        if (rule == "pay" and facts["pay_p50"] is None) or (rule == "outlook" and facts["growth"] is None):
            return "unknown"
        return "yes" if self.mine[rule][to] else "no"

    def _unit(self, group: str, gap: Any, level: int) -> Unit:
        skills = tuple(Skill(f, _feature(self.atlas, f), 0.0) for f in gap.features[: 2 * _SHOWN])
        return Unit(group, _group(self.atlas, group), skills, effort([gap], level, self.atlas.costs))


def _shared(atlas: Atlas, at: int, to: int) -> tuple[Skill, ...]:
    """What both ask, rare skills before those that nearly every job asks: part × specificity."""
    from overstap.moves.measures import specificity

    asked = np.asarray(atlas.profiles.essential[[to]].todense()).ravel()
    held = np.asarray(atlas.held.essential[[at]].maximum(atlas.held.optional[[at]]).todense()).ravel()
    both = np.minimum(asked, held)
    worth = both * specificity(atlas.profiles.essential)
    best = [i for i in np.argsort(-worth, kind="stable").tolist() if both[i] >= 0.2 * asked[i] > 0][: 2 * _SHOWN]
    total = asked.sum() or 1.0
    return tuple(Skill(f, _feature(atlas, f), float(both[i] / total)) for i in best for f in [atlas.profiles.features[i]])


def _facts(atlas: Atlas, at: int) -> dict[str, Any]:
    row: dict[str, Any] = atlas.facts.slice(at, 1).to_pylist()[0]
    return row


def _name(atlas: Atlas, at: int) -> Name:
    row = atlas.facts.slice(at, 1).to_pylist()[0]
    return Name(row["name_nl"], row["name_en"])


def _feature(atlas: Atlas, feature: str) -> Name:
    return atlas.features.get(feature, Name(None, feature))


def _group(atlas: Atlas, group: str) -> Name:
    """The name of a group, or of the nearest above it that has one."""
    for end in range(len(group), 0, -1):
        if (name := atlas.groups.get(group[:end])) is not None:
            return name
    return Name("overige vaardigheden", "other skills")


def _sectors(atlas: Atlas, code: str) -> tuple[tuple[str, float], ...]:
    shares = atlas.sectors.get(code, {})
    return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def kept_share(pay: Pay) -> float:
    """The part of the present pay that a move must keep."""
    return PAY_KEPT[pay]


def passing(moves: Sequence[Move]) -> int:
    """How many of `moves` are of high similarity."""
    return sum(move.band == "high" for move in moves)
