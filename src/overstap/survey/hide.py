"""Which groups of respondents are not shown: one choice for all tables in which the same people are counted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from overstap.disclosure.cube import Cube
from overstap.disclosure.protect import DOMINANT, protect
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.people import People

Group = tuple[str, ...]
"""(split, name); (sector, size) of a cell in both; (all,) everyone."""
EVERYONE: Group = (ALL,)
CROSSED = ("sector", "size")


def hidden_groups(people: People, rows: Any, settings: SurveySettings, *, crossed: bool) -> frozenset[Group]:
    """The groups of those who answered (`rows`, places in `people`) that are hidden with their n, value and interval.

    Small ones; those in which one respondent has more than half of the weight; and what protects these in every table
    of the same answers: each split, and sector by size too where the answers are shown `crossed`. A respondent who
    named no group of a split is a rest that everyone is taken to know.
    """
    masks: dict[Group, Any] = {EVERYONE: np.ones(len(rows), bool)}
    splits = dict.fromkeys([*settings.splits, *(CROSSED if crossed else ())])
    for split in splits:
        groups = people.groups[split][rows]
        masks |= {(split, name): groups == at for at, name in enumerate(people.names[split])}
    if crossed:
        names = [people.names[split] for split in CROSSED]
        masks |= {(a, b): masks["sector", a] & masks["size", b] for a, b in product(*names)}
    weights = people.weights[rows]
    counts, sensitive = {}, []
    for group, mask in masks.items():
        if mask.any():
            counts[group] = int(mask.sum())
            if weights[mask].max() > DOMINANT * weights[mask].sum():
                sensitive.append(group)
    sums = [(EVERYONE, tuple((split, name) for name in people.names[split])) for split in splits]
    if crossed:
        sums += [(("sector", a), tuple((a, b) for b in names[1])) for a in names[0]]
        sums += [(("size", b), tuple((a, b) for a in names[0])) for b in names[1]]
    return _protected(tuple(counts.items()), _present(sums, counts), settings.min_cell, tuple(sensitive))


def _present(sums: Sequence[tuple[Group, tuple[Group, ...]]], counts: dict[Group, int]) -> Any:
    return tuple((whole, tuple(key for key in parts if key in counts)) for whole, parts in sums if whole in counts)


@lru_cache(maxsize=4096)  # most questions are answered by the same people
def _protected(counts: Any, sums: Any, least: int, sensitive: tuple[Group, ...]) -> frozenset[Group]:
    return protect(Cube(dict(counts), sums), least, sensitive)
