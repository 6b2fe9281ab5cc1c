"""The collective view: of those who must leave shrinking occupations, how many find a place, and why others do not.

A placed share means nothing until it says whose (docs/method.md), so each headline carries who was counted. Pay that
nobody publishes is bounded from both sides, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError, nearest
from overstap.moves.feasible import PAY_KEPT, Occupations, Pay, Rules, allowed, first_reason, loosened, verdicts
from overstap.moves.placement import Placement, most, place

Floats = npt.NDArray[np.float64]
Persons = npt.NDArray[np.int64]
Who = Literal["employed", "net_decline", "displaced"]
Aim = Literal["placed", "pay", "retraining"]
_Share = tuple[str, str, int, float]

WHO: tuple[Who, ...] = ("employed", "net_decline", "displaced")
CAPACITY_STEP = 1.1
"""Openings are raised by a tenth to show what more openings would bring."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the occupations' facts (`facts.SCHEMA`), similarity [from, to] in their order, and the rules.

    `years` is the length of the outlook's window; `graduates` enter an occupation each year and take openings.
    """

    facts: pa.Table
    similarity: Floats
    years: int
    rules: Rules
    who: Who = "net_decline"
    graduates: Mapping[str, float] | None = None


def leavers(facts: pa.Table, who: Who, years: int) -> Persons:
    """Persons that count, by occupation, over `years`: only where the outlook is known.

    employed: all who work in a shrinking occupation; net_decline: the jobs that vanish there; displaced: those for whom
    no one's leaving makes room, max(0, −(expansion + outflow)).
    """
    growth, jobs, expansion, outflow = _columns(facts, "growth", "jobs", "expansion", "outflow")
    if who == "employed":
        counts = np.where(growth < 0, jobs, 0.0)
    elif who == "net_decline":
        counts = np.maximum(0.0, -expansion) * years
    else:
        counts = np.maximum(0.0, -(expansion + outflow)) * years
    return _whole(counts)


def capacity(facts: pa.Table, years: int, graduates: Mapping[str, float] | None = None) -> Persons:
    """Openings by occupation over `years`, less the graduates that enter it a year where these are given.

    Raises `InputError` for graduates of an occupation that is not there, or fewer than none.
    """
    (openings,) = _columns(facts, "openings")
    at = {code: i for i, code in enumerate(facts["code"].to_pylist())}
    entering = np.zeros(len(at))
    for code, n in (graduates or {}).items():
        if n is None or not n >= 0:
            raise InputError(f"The graduates of '{code}' are {n}.", fix="Give 0 or more persons a year for each code.")
        entering[_place_of(code, at, "graduates")] = n
    return _whole(np.maximum(0.0, openings - entering) * years)


def answer(question: Question, aim: Aim = "placed") -> Placement:
    """Who goes where under the question's rules.

    The number placed comes first. Then, by `aim`, those placed with their "pay" kept, or in work much alike, which asks
    the least "retraining" (in similarity among the upper tenth of moves); last, similarity.
    """
    occupations = Occupations.of(question.facts)
    moves = allowed(verdicts(occupations, question.similarity, question.rules))
    worths = [question.similarity]
    if aim == "pay":
        worths.insert(0, occupations.keeps_pay(1.0).astype(float))
    elif aim == "retraining" and moves.any():
        alike = question.similarity >= np.quantile(question.similarity[moves], 0.9)
        worths.insert(0, alike.astype(float))
    return place(*_counts(question), moves, *worths)


def headline(question: Question, pays: Iterable[Pay] = tuple(PAY_KEPT), whos: Iterable[Who] = WHO) -> pa.Table:
    """Columns who, pay, leavers, placed and its share, with bounds: a row for each definition and pay rule.

    The low bound lets no move pass the pay rule where pay is unknown, the high bound every such move; `placed` is the
    low one, as only known pay can be promised.
    """
    rows = []
    for who, pay in product(whos, pays):
        asked = replace(question, who=who, rules=replace(question.rules, pay=pay, unknown_pay=False))
        people = int(_counts(asked)[0].sum())
        low, high = _most(asked), _most(replace(asked, rules=replace(asked.rules, unknown_pay=True)))
        rows.append(
            {
                "who": who,
                "pay": pay,
                "leavers": people,
                "placed": float(low),
                "placed_pct": _pct(low, people),
                "placed_high": high,
                "placed_high_pct": _pct(high, people),
            }
        )
    return pa.Table.from_pylist(rows)


def by_occupation(question: Question, placement: Placement) -> pa.Table:
    """Columns code, leavers, placed, placed_low, placed_high, reason for every occupation that people leave.

    The bounds hold over all best answers. `reason` is the first of `feasible.RULES` that leaves no move at all,
    capacity where moves are left but too few openings, null where all are placed.
    """
    occupations = Occupations.of(question.facts)
    reasons = first_reason(verdicts(occupations, question.similarity, question.rules))
    placed = placement.flows.sum(axis=1)
    rows = [
        {
            "code": code,
            "leavers": int(placement.leavers[i]),
            "placed": float(placed[i]),
            "placed_low": int(placement.placed_low[i]),
            "placed_high": int(placement.placed_high[i]),
            "reason": None if placed[i] >= placement.leavers[i] - 0.5 else reasons[i] or "capacity",
        }
        for i, code in enumerate(occupations.codes)
        if placement.leavers[i] > 0
    ]
    return pa.Table.from_pylist(rows)


def by_group(question: Question, placement: Placement, shares: pa.Table | None = None) -> pa.Table:
    """Columns kind, group, leavers, placed, placed_pct, known_pct: sexes, higher education or not, and the groups of a
    table of the user's, which goes before what is bundled.

    `shares`: code, kind (age, education …), group, share (0–1) of those who work in the occupation. Each group is taken
    to leave and to be placed as all of its occupation do; known_pct is the part of the leavers whose occupation has
    shares. Raises `InputError` for an occupation that is not known or a share outside 0–1.
    """
    placed = placement.flows.sum(axis=1)
    own = own_groups(shares, question.facts) if shares else []
    bundled = [row for row in _known_groups(question.facts) if row[0] != "education" or "education" not in _kinds(own)]
    rows = [*bundled, *own]
    sums: dict[tuple[str, str], list[float]] = {}
    heard: dict[str, set[int]] = {}
    for kind, group, i, share in rows:
        cell = sums.setdefault((kind, group), [0.0, 0.0])
        cell[0] += share * placement.leavers[i]
        cell[1] += share * placed[i]
        heard.setdefault(kind, set()).add(i)
    total = float(placement.leavers.sum())
    known = {kind: float(placement.leavers[sorted(members)].sum()) for kind, members in heard.items()}
    return pa.Table.from_pylist(
        [
            {
                "kind": kind,
                "group": group,
                "leavers": people,
                "placed": found,
                "placed_pct": _pct(found, people),
                "known_pct": _pct(known[kind], total),
            }
            for (kind, group), (people, found) in sums.items()
        ]
    )


def own_groups(shares: pa.Table, facts: pa.Table) -> list[_Share]:
    """Kind, group, row of `facts` and share of a table of the user's. Raises `InputError` as `by_group`."""
    at = {code: i for i, code in enumerate(facts["code"].to_pylist())}
    rows = []
    for row in shares.to_pylist():
        share = row["share"]
        if share is None or not 0 <= share <= 1:
            raise InputError(
                f"The share of {row['kind']} '{row['group']}' in occupation {row['code']} is {share}.",
                fix="Give shares between 0 and 1 in the table of groups.",
            )
        rows.append((row["kind"], row["group"], _place_of(row["code"], at, "groups"), float(share)))
    return rows


def _kinds(rows: Iterable[_Share]) -> set[str]:
    return {kind for kind, *_ in rows}


def _known_groups(facts: pa.Table) -> list[_Share]:
    """Kind, group, row and share of what the facts tell of who works in an occupation: sex, and higher education."""
    women, high = _columns(facts, "women", "education_high")
    rows = [("sex", sex, i, share) for i, w in enumerate(women) for sex, share in (("women", w), ("men", 1 - w))]
    rows += [
        ("education", group, i, share)
        for i, h in enumerate(high)
        for group, share in (("higher", h), ("not_higher", 1 - h))
    ]
    return [row for row in rows if not np.isnan(row[3])]


def _place_of(code: str, at: Mapping[str, int], table: str) -> int:
    if code not in at:
        raise InputError(
            f"The table of {table} names occupation '{code}', which this study does not have.",
            why=nearest(code, at),
            fix="Use codes of the study's level (moves.level): 4 digits of BRC 2014 or of ISCO-08.",
        )
    return at[code]


def flows(question: Question, placement: Placement) -> pa.Table:
    """Columns from_code, to_code, persons, similarity: the moves of one best answer, most persons first."""
    codes = question.facts["code"].to_pylist()
    rows = [
        {
            "from_code": codes[i],
            "to_code": codes[j],
            "persons": float(placement.flows[i, j]),
            "similarity": float(question.similarity[i, j]),
        }
        for i, j in zip(*np.nonzero(placement.flows), strict=True)
    ]
    return pa.Table.from_pylist(
        sorted(rows, key=lambda row: (-float(row["persons"]), row["from_code"], row["to_code"]))
    )


def worth_of_loosening(question: Question) -> pa.Table:
    """Columns bound, placed, more: what easing one bound would bring, found by solving again (persons).

    A dual price would tell it for the last person only, and is not unique.
    """
    now = _most(question)
    eased = {name: _most(replace(question, rules=rules)) for name, rules in loosened(question.rules).items()}
    people, openings = _counts(question)
    moves = allowed(verdicts(Occupations.of(question.facts), question.similarity, question.rules))
    eased["capacity"] = most(people, _whole(CAPACITY_STEP * openings.astype(np.float64)), moves)
    return pa.Table.from_pylist([{"bound": name, "placed": n, "more": n - now} for name, n in eased.items()])


def surface(questions: Iterable[tuple[dict[str, object], Question]]) -> Iterator[dict[str, object]]:
    """The share placed for each setting (its names and values, and the question they make): how sensitive it is.

    What does not hang on similarity is worked out once for all thresholds and measures.
    """
    known: dict[object, _Market] = {}
    for setting, question in questions:
        which = id(question.facts), question.who, question.years, replace(question.rules, similar=0.0)
        market = known.get(which)
        if market is None:
            market = known[which] = _market(question)  # it holds the facts, so that their id stays theirs
        people = int(market.people.sum())
        placed = market.most(question) if people else 0
        yield setting | {"leavers": people, "placed": placed, "placed_pct": _pct(placed, people)}


@dataclass(frozen=True, slots=True)
class _Market:
    """Those who leave, by row of `rows`, the openings, and the moves [row, to] that pass all rules but similarity."""

    facts: pa.Table
    rows: Persons
    people: Persons
    openings: Persons
    fine: npt.NDArray[np.bool_]

    def most(self, question: Question) -> int:
        """How many can be placed with the question's similarity and threshold."""
        return most(self.people, self.openings, self.fine & (question.similarity[self.rows] >= question.rules.similar))


def _market(question: Question) -> _Market:
    people, openings = _counts(question)
    rows = np.flatnonzero(people)
    passed = verdicts(Occupations.of(question.facts), np.ones_like(question.similarity), question.rules, rows)
    return _Market(question.facts, rows, people[rows], openings, allowed(passed))


def _most(question: Question) -> int:
    return _market(question).most(question)


def _counts(question: Question) -> tuple[Persons, Persons]:
    facts, years = question.facts, question.years
    return leavers(facts, question.who, years), capacity(facts, years, question.graduates)


def _pct(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _columns(facts: pa.Table, *names: str) -> list[Floats]:
    return [facts[name].to_numpy(zero_copy_only=False).astype(float) for name in names]


def _whole(counts: Floats) -> Persons:
    """Whole persons; what is unknown counts nobody, and is told apart by the facts' basis."""
    return np.rint(np.nan_to_num(counts)).astype(np.int64)
