"""Advice for one person: where they can go, why and why not, what they still have to learn, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp

from overstap.errors import InputError
from overstap.moves.atlas import Atlas, Name
from overstap.moves.crosswalk import unit_shares
from overstap.moves.feasible import PAY_KEPT, RULES, Bools, Floats, Ints, Pay, Rules, verdicts
from overstap.moves.gaps import Effort, Gap, effort, gaps
from overstap.moves.measures import specificity
from overstap.moves.packages_for import REST
from overstap.moves.paths import cheapest_paths
from overstap.moves.profiles import Profiles
from overstap.moves.similarity import OPTIONAL, threshold
from overstap.moves.start import Start, skill_names
from overstap.reference.tables import load

FEW = 3
"""Direct moves below which ways of several moves are looked for."""
SECTOR_SHARE = 0.05
"""Least part of an occupation's jobs in the sector that is asked for."""
LEAST_OPENINGS = 500
"""Openings a year that every stop of a way must have (of an ESCO occupation its unit group, as nobody counts finer):
nobody plans a career by way of a handful of places."""
_SHOWN = 6  # skills and units of a move that are named
LITTLE = 0.95
"""Part of the present pay from which lower pay is called slightly lower."""
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
    """A move with its figures. `nearest` is the ESCO occupation within the class that fits best: skills and effort are
    those of the move to it (None: to the class itself). `facts` are those of `facts.SCHEMA`; `rules` a verdict for each
    of `feasible.RULES`; `sectors` sections with their share (0–1) of the jobs; `licences` those that are asked where
    none of them is held; `lacking` what is missing, by feature, as part (0–1) of what is asked, `missing` all of it."""

    code: str
    name: Name
    nearest: Name | None
    similarity: float
    band: str
    rules: Mapping[str, Verdict]
    facts: Mapping[str, Any]
    shared: tuple[Skill, ...]
    units: tuple[Unit, ...]
    units_n: int
    lacking: Mapping[str, float]
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

    `not_asked` has rules that could not be asked as the person's own pay or level is not known; `made_of` the unit
    groups that the start is split over, with their weights (0–1), where it is a BRC group.
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
    made_of: tuple[tuple[Name, float], ...]

    def as_json(self, offers: Mapping[str, Sequence[Any]] | None = None) -> dict[str, Any]:
        """Everything as JSON can hold it; what is unknown is null. `order`: what `moves` are sorted by.

        `offers`: training by the code of the move that it is for, null where no catalogue was given.
        """
        plain: dict[str, Any] = asdict(self) | {"order": ["named_shrinking", "-similarity", "code"], "offers": None}
        if offers is not None:
            plain["offers"] = {code: [asdict(offer) for offer in found] for code, found in offers.items()}
        return plain


def advise(atlas: Atlas, start: Start, wish: Wish | None = None) -> Advice:
    """Advice on an atlas that has the start (`Atlas.with_start`).

    Direct moves first rank those that the study of 2019 does not name as shrinking, then by similarity: who leaves
    shrinking work is not sent to work that shrinks for the same reason, and reads why it stands lower. Ways of
    several moves are given to the goal that is asked for, or where direct moves are fewer than FEW.
    Raises `InputError` for a goal that is the start itself or has no row.
    """
    wish = wish or Wish()
    at = atlas.at(start.code)
    rules, not_asked = _rules(atlas, start, at, wish)
    mine = {rule: row[0] for rule, row in verdicts(atlas.occupations, atlas.similar, rules, [at]).items()}
    wanted = _in_sector(atlas, wish.sector)
    fine = np.logical_and.reduce(list(mine.values())) & wanted
    order = _order(atlas, at, fine)
    make = _Maker(atlas, at, atlas.held(start), specificity(atlas.single.essential), mine, frozenset(not_asked), rules)
    goal = None
    if wish.goal is not None:
        target = atlas.at(wish.goal)
        if target == at:
            raise InputError("The goal is the occupation that you start from.", fix="Name another --goal.")
        goal = make(target)
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
        routes=_routes(make, wish, None if goal is None else atlas.at(goal.code), len(order)),
        goal=goal,
        not_asked=not_asked,
        recognised=tuple(Name(*labels) for labels in skill_names(start.skills)) if start.skills else (),
        made_of=tuple((_unit_name(unit), part) for unit, part in unit_shares().get(start.code, ()))
        if atlas.level == "brc"
        else (),
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
    """Moves that fail one rule, those with slightly lower pay first, then by similarity; on similarity and on pay
    itself only those that come close."""
    failed = np.sum([~mine[rule] for rule in RULES], axis=0)
    scores = np.nan_to_num(atlas.similar[at], nan=0.0)
    near = (failed == 1) & wanted & (scores >= _NEAR * rules.similar)
    near[at] = False
    pay = atlas.occupations.pay
    near &= (
        mine["pay"] | np.isnan(pay) | atlas.occupations.keeps_pay(PAY_KEPT["75"], [at])[0]
    )  # unknown pay may be near
    found = np.flatnonzero(near).tolist()
    little = ~mine["pay"] & (pay >= LITTLE * pay[at])
    return sorted(found, key=lambda to: (not little[to], -scores[to], atlas.codes[to]))[:MOST_NEAR]


def _routes(make: _Maker, wish: Wish, goal: int | None, direct_n: int) -> tuple[Route, ...]:
    """Ways of several moves, each step feasible. To a goal that is asked for: three at most.

    Out of the occupation: two of high similarity, to work that is desirable as seen from the start, by way of work that
    does not shrink, pays 75 % of now or more and has LEAST_OPENINGS; only where that takes fewer months than the
    shortest direct move.
    """
    atlas, at, mine = make.atlas, make.at, make.mine
    goals, steps, rules, halfway = [goal] if goal is not None else [], 3, make.rules, np.ones(len(atlas.codes), bool)
    direct = np.logical_and.reduce(list(mine.values()))
    if goal is None:
        if direct_n >= FEW:
            return ()
        fine = mine["outlook"] & mine["pay"] & _in_sector(atlas, wish.sector)
        goals, steps = np.flatnonzero(fine & ~direct).tolist(), 2
        rules = replace(rules, similar=max(rules.similar, atlas.threshold.high))
        pay_known = not np.isnan(atlas.occupations.pay[at])
        halfway = mine["outlook"] & (atlas.occupations.keeps_pay(PAY_KEPT["75"], [at])[0] if pay_known else True)
        halfway &= np.nan_to_num(atlas.openings()) >= LEAST_OPENINGS
    near, feasible = _around(atlas, rules, halfway, at, steps, high=goal is None)
    if not goals or not feasible.any():
        return ()
    months = atlas.months(make.can)
    here = {int(code): i for i, code in enumerate(near)}
    costs = months[np.ix_(near, near)]
    found = cheapest_paths(
        feasible, costs, here[at], [here[g] for g in goals if g in here], most=MOST_PATHS, steps=steps
    )
    if goal is None and direct.any():
        found = [path for path in found if path.cost < months[at][direct].min()]
    pay = atlas.facts["pay_p50"]
    ways = [([int(near[i]) for i in path.at], path.costs) for path in found if len(path.at) > 2]
    return tuple(
        Route(
            tuple(atlas.codes[i] for i in way),
            tuple(_name(atlas, i) for i in way),
            costs,
            tuple(pay[i].as_py() for i in way),
        )
        for way, costs in ways
    )


def _around(atlas: Atlas, rules: Rules, halfway: Bools, at: int, steps: int, high: bool) -> tuple[Ints, Bools]:
    """The occupations that can be reached in `steps` steps, the start among them, and the feasible moves between them:
    only these are looked at, as all moves of a fine level take long to judge."""
    found: dict[int, Bools] = {}
    edge, usual = [at], threshold(atlas.profiles.unit, atlas.level)
    for _ in range(steps):
        passed = verdicts(atlas.occupations, atlas.similar, rules, edge)
        rows = passed["similar"] & passed["level"] & passed["licence"] & halfway
        found |= dict(zip(edge, rows, strict=True))
        edge = sorted(set(np.flatnonzero(rows.any(axis=0)).tolist()) - found.keys())
        # Own skills have bounds of their own; from the second step on it is occupations that are compared.
        rules = replace(rules, similar=max(rules.similar, usual.high if high else usual.medium))
    near = np.array(sorted(found.keys() | set(edge)), dtype=np.int64)
    return near, np.array([found[i][near] if i in found else np.zeros(len(near), bool) for i in near.tolist()])


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the moves from one start."""

    atlas: Atlas
    at: int
    can: Floats
    worth: Floats
    mine: Mapping[str, Bools]
    not_asked: frozenset[str]
    rules: Rules

    def __call__(self, to: int) -> Move:
        atlas, at, facts = self.atlas, self.at, _facts(self.atlas, to)
        level = int(facts["skill_level_max"] or 2)
        whole, row = self._nearest(to)
        asked = np.asarray(whole.essential[[row]].todense(), dtype=np.float64).ravel()
        lacking = np.maximum(0.0, asked - self.can) / (asked.sum() or 1.0)
        found = gaps(whole, lacking)
        short = {whole.features[i]: float(lacking[i]) for i in np.flatnonzero(lacking > 0).tolist()}
        half = frozenset(whole.features[i] for i in np.flatnonzero((asked > 0) & (self.can >= 0.5 * asked)).tolist())
        score = float(np.nan_to_num(atlas.similar[at, to], nan=0.0))
        held, asks = (set(atlas.facts["licences"][i].as_py() or ()) for i in (at, to))
        return Move(
            code=atlas.codes[to],
            name=_name(atlas, to),
            nearest=atlas.names.get(whole.codes[row]) if whole is not atlas.profiles else None,
            similarity=score,
            band=atlas.threshold.band(score) or "low",
            rules={rule: self._verdict(rule, to, facts) for rule in RULES},
            facts=facts,
            shared=_shared(atlas, asked, self.can, self.worth),
            units=tuple(self._unit(gap, level, short, half) for gap in found[:_SHOWN]),
            units_n=len(found),
            lacking=short,
            missing=float(sum(gap.missing for gap in found)),
            effort=effort(found, level, atlas.costs),
            sectors=_sectors(atlas, atlas.codes[to]),
            licences=tuple(atlas.licences[one] for one in sorted(asks) if not asks & held),
            licences_part=tuple(atlas.licences[one] for one in facts["licences_part"] or () if one not in held),
        )

    def _nearest(self, to: int) -> tuple[Profiles, int]:
        """The ESCO occupation in the class of whose skills the person covers most and whose title is most like those of
        the others (the sum of the two); the class itself where ESCO describes none."""
        atlas = self.atlas
        rows = list(atlas.members.get(atlas.codes[to], ())) if atlas.level != "esco" else []
        if not rows:
            return atlas.profiles, to
        asked = sp.csr_matrix(atlas.single.essential[rows] + OPTIONAL * atlas.single.optional[rows])
        asked.data *= self.worth[asked.indices]
        total = np.asarray(asked.sum(axis=1)).ravel()
        covered = (asked @ self.can) / np.where(total > 0, total, 1.0)
        typical = atlas.titles[rows] @ atlas.titles[rows].mean(axis=0)
        return atlas.single, rows[int(np.argmax(covered + typical))]

    def _verdict(self, rule: str, to: int, facts: Mapping[str, Any]) -> Verdict:
        if rule in self.not_asked or (rule == "pay" and self.rules.pay == "any"):
            return "not asked"
        if (rule == "pay" and facts["pay_p50"] is None) or (rule == "outlook" and facts["growth"] is None):
            return "unknown"
        return "yes" if self.mine[rule][to] else "no"

    def _unit(self, gap: Gap, level: int, lacking: Mapping[str, float], half: frozenset[str]) -> Unit:
        """The unit of a gap; skills of which the person has the half or more are not named as missing."""
        group = gap.group
        skills = tuple(Skill(f, _feature(self.atlas, f), lacking[f]) for f in gap.features if f not in half | {group})[
            : 2 * _SHOWN
        ]
        return Unit(group, _group(self.atlas, group), skills, effort([gap], level, self.atlas.costs))


def _shared(atlas: Atlas, asked: Floats, can: Floats, worth: Floats) -> tuple[Skill, ...]:
    """What is asked and held, rare skills before those that nearly every job asks: part × `worth`."""
    both = np.minimum(asked, can)
    known = np.flatnonzero((asked > 0) & (both >= 0.5 * asked))
    best = known[np.argsort(-(both * worth)[known], kind="stable")][: 2 * _SHOWN].tolist()
    total, features = asked.sum() or 1.0, atlas.profiles.features
    return tuple(Skill(features[i], _feature(atlas, features[i]), float(both[i] / total)) for i in best)


def _facts(atlas: Atlas, at: int) -> dict[str, Any]:
    row: dict[str, Any] = atlas.facts.slice(at, 1).to_pylist()[0]
    return row


def _name(atlas: Atlas, at: int) -> Name:
    row = atlas.facts.slice(at, 1).to_pylist()[0]
    return Name(row["name_nl"], row["name_en"])


@lru_cache(maxsize=512)
def _unit_name(code: str) -> Name:
    row = next(row for row in load("isco08").to_pylist() if row["code"] == code)
    return Name(row["title_nl"], row["title_en"])


def _feature(atlas: Atlas, feature: str) -> Name:
    return atlas.features.get(feature, Name(None, feature))


def _group(atlas: Atlas, group: str) -> Name:
    """The name of a group, or of the nearest above it that has one."""
    for end in range(len(group), 0, -1):
        if (name := atlas.groups.get(group[:end])) is not None:
            return name
    return Name(*REST)


def _sectors(atlas: Atlas, code: str) -> tuple[tuple[str, float], ...]:
    shares = atlas.sectors.get(code, {})
    return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))
