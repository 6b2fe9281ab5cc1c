"""Which groups of respondents are not shown: one choice for all questions of a survey, whoever answered them.

Questions answered by nearly the same people, or by some of those who answered another, tell of each other: nobody can
be counted in a group of those who answered a filtered question who is not in that group of all. So a reader is taken to
know of every two questions whether all who answered the one answered the other, and all tables are protected as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.disclosure.cube import Cube
from overstap.disclosure.protect import DOMINANT, protect
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.people import People

Group = tuple[str, ...]
"""(split, name); (sector, size) of a cell in both; (all,) everyone."""
Key = tuple[int, str, Group]
"""A group of one of the populations: its place; "" or, of those who are not in the smaller one, that one's place."""
EVERYONE: Group = (ALL,)
CROSSED = ("sector", "size")
_MOST = 3_000
"""Cells of one cube that are protected within a minute or so."""


@dataclass(frozen=True)
class Hidden:
    """The groups that are hidden of each population, by the places of its people."""

    groups: Mapping[bytes, frozenset[Group]]

    def of(self, rows: Any) -> frozenset[Group]:
        """The groups of those who answered (`rows`, places in `people`) that are hidden with n, value and interval."""
        return self.groups[np.unique(rows).tobytes()]


def is_crossed(questions: pa.Table) -> bool:
    """Whether anything is shown by sector and size at once, as `out_adoption` does."""
    return not {"adoption", "obstacle"}.isdisjoint(questions["use"].to_pylist())


def hidden_groups(people: People, populations: Sequence[Any], settings: SurveySettings, *, crossed: bool) -> Hidden:
    """The groups that are hidden of each of the `populations` (places in `people`, sorted, each set once).

    Small ones; those in which one respondent has more than half of the weight; and what protects these in every table:
    each split, and sector by size too where anything is shown `crossed`. A respondent who named no group of a split is
    a rest that everyone is taken to know.
    """
    linked = linked_cube(people, populations, settings, crossed=crossed)
    gone = _protected(
        tuple(linked.cube.counts.items()),
        tuple((whole, tuple(parts)) for whole, parts in linked.cube.sums),
        (linked.sensitive, linked.unknown),
        settings.min_cell,
    )
    return Hidden(
        {
            rows.tobytes(): frozenset(group for place, kind, group in gone if (place, kind) == (at, ""))
            for at, rows in enumerate(populations)
        }
    )


@lru_cache(maxsize=4)  # the same survey is asked for `out_survey` and `out_adoption`
def _protected(counts: tuple[tuple[Key, int], ...], sums: Any, hard: Any, least: int) -> frozenset[Key]:
    """Each table by itself, as well as can be, and then all together: few cells are open by then. Where these are too
    many to be protected as one, every two of which one lies next within the other."""
    (sensitive, unknown) = hard
    own: set[Key] = set(sensitive)
    for at in sorted({key[0] for key, _ in counts}):
        own |= protect(_of_places(counts, sums, {(at, "")}), least, [key for key in sensitive if key[:2] == (at, "")])
    if len(counts) <= _MOST:
        return protect(Cube(dict(counts), sums), least, own, unknown)
    for large, small in sorted({key[:2] for key in unknown}):
        two = _of_places(counts, sums, {(large, ""), (int(small), ""), (large, small)})
        own |= protect(two, least, own & two.counts.keys(), unknown & two.counts.keys()) - unknown
    return frozenset(own)


def _of_places(counts: tuple[tuple[Key, int], ...], sums: Any, places: set[tuple[int, str]]) -> Cube[Key]:
    """The part of a cube that tells of these populations."""
    mine = {key: n for key, n in counts if key[:2] in places}
    return Cube(mine, [(whole, cells) for whole, cells in sums if whole in mine and mine.keys() >= set(cells)])


@dataclass(frozen=True)
class Linked:
    """The groups of all populations as one cube; `sensitive` ones beside the small; `unknown`: of those who are in one
    population and not in a smaller one, which no table shows."""

    cube: Cube[Key]
    sensitive: frozenset[Key]
    unknown: frozenset[Key]


def linked_cube(people: People, populations: Sequence[Any], settings: SurveySettings, *, crossed: bool) -> Linked:
    """All that a reader can add up and compare of the `populations`, as `hidden_groups` has them."""
    splits = list(dict.fromkeys([*settings.splits, *(CROSSED if crossed else ())]))
    masks = _masks(people, splits, crossed=crossed)
    inside = [np.isin(np.arange(len(people.weights)), rows) for rows in populations]
    counts: dict[Key, int] = {}
    sums: list[tuple[Key, list[Key]]] = []
    sensitive, unknown = set(), set()
    for at, mine in enumerate(inside):
        for group, mask in masks.items():
            weights = people.weights[mask & mine]
            if len(weights):
                counts[at, "", group] = len(weights)
                if weights.max() > DOMINANT * weights.sum():
                    sensitive.add((at, "", group))
        for whole, parts in _sums(people, splits, crossed=crossed):
            shown = [(at, "", part) for part in parts if (at, "", part) in counts]
            if shown:  # else nothing is shown by that split, and so nothing of the whole told
                sums.append(((at, "", whole), shown))
    for large, small in _next_smaller(inside):
        for group, mask in masks.items():
            key, rest = (large, "", group), (large, str(small), group)
            if key in counts:
                counts[rest] = int((mask & inside[large] & ~inside[small]).sum())
                unknown.add(rest)
                sums.append((key, [rest, *([(small, "", group)] if (small, "", group) in counts else [])]))
    return Linked(Cube(counts, sums), frozenset(sensitive), frozenset(unknown))


def _masks(people: People, splits: Iterable[str], *, crossed: bool) -> dict[Group, Any]:
    masks: dict[Group, Any] = {EVERYONE: np.ones(len(people.weights), bool)}
    for split in splits:
        masks |= {(split, name): people.groups[split] == at for at, name in enumerate(people.names[split])}
    if crossed:
        names = [people.names[split] for split in CROSSED]
        masks |= {(a, b): masks["sector", a] & masks["size", b] for a, b in product(*names)}
    return masks


def _sums(people: People, splits: Iterable[str], *, crossed: bool) -> list[tuple[Group, list[Group]]]:
    found: list[tuple[Group, list[Group]]] = [(EVERYONE, [(s, name) for name in people.names[s]]) for s in splits]
    if crossed:
        sectors, sizes = (people.names[split] for split in CROSSED)
        found += [(("sector", a), [(a, b) for b in sizes]) for a in sectors]
        found += [(("size", b), [(a, b) for a in sectors]) for b in sizes]
    return found


def _next_smaller(inside: Sequence[Any]) -> list[tuple[int, int]]:
    """Pairs of a population and one within it, with none between these: what lies further apart follows."""
    within = {
        (a, b)
        for (a, large), (b, small) in product(enumerate(inside), repeat=2)
        if large.sum() > small.sum() and not (small & ~large).any()
    }
    return [
        (a, b) for a, b in sorted(within) if not any((a, c) in within and (c, b) in within for c in range(len(inside)))
    ]
