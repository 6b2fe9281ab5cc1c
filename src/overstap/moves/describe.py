"""One occupation by kind of what it asks: tasks, tools and machines, knowledge, transversal skills, languages.

ESCO has no list of tasks or tools: its skills of working with computers (S5) and machines (S8) stand for tools, and
its other skills, which say what somebody does, for tasks. O*NET, where it is installed, names both (`onet.words`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from overstap.moves.atlas import Name, feature_names
from overstap.moves.crosswalk import Level, unit_shares
from overstap.moves.facts import occupation_facts
from overstap.moves.onet import words
from overstap.moves.profiles import Profiles, profiles
from overstap.outlook.source import WINDOW

KINDS = ("tasks", "tools", "knowledge", "transversal", "languages")


@dataclass(frozen=True, slots=True)
class Item:
    """A skill, or a group of skills where ESCO is not installed, with its weight (0–1) in the profile."""

    id: str
    name: Name
    weight: float
    essential: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of an occupation: `facts` (`facts.SCHEMA`), what it asks by kind (the heaviest first), how that is
    known (`basis`: observed, allocated, assumed or unknown), and what an item is (`unit`: skills or groups); `onet`:
    tasks and tools in English with the part of its O*NET occupations that name them, None where not installed; `units`:
    the unit groups that a BRC group is split over, with their weights."""

    facts: dict[str, Any]
    asked: dict[str, tuple[Item, ...]]
    basis: str
    unit: str
    onet: dict[str, tuple[tuple[str, float], ...]] | None
    units: tuple[tuple[str, float], ...]


def kind_of(group: str) -> str:
    """The kind of a skill by its group in ESCO's hierarchy: S, T, L, or a field of knowledge (digits)."""
    if group.startswith(("S5", "S8")):
        return "tools"
    return {"S": "tasks", "T": "transversal", "L": "languages"}.get(group[:1], "knowledge")


class Described:
    """Every occupation of a level, to describe one after another; `home`: where ESCO and O*NET are installed."""

    def __init__(self, level: Level, home: Path | None = None) -> None:
        self._level, self._home = level, home
        self._whole = profiles(level, home)
        self._names = feature_names(self._whole, home)
        self._facts = {row["code"]: row for row in occupation_facts(level, WINDOW).to_pylist()}

    def of(self, code: str) -> Profile:
        """The profile of a code. Raises ValueError for one that has no row."""
        units = unit_shares(self._home).get(code, ()) if self._level == "brc" else ()
        at, whole = self._whole.codes.index(code), self._whole
        known = words(self._level, code, self._home)
        return Profile(self._facts[code], _asked(whole, at, self._names), whole.basis[at], whole.unit, known, units)


def describe(code: str, level: Level, home: Path | None = None) -> Profile:
    """The profile of a code of `level`. Raises ValueError for one that has no row."""
    return Described(level, home).of(code)


def _asked(whole: Profiles, at: int, names: dict[str, Name]) -> dict[str, tuple[Item, ...]]:
    asked: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    for part, essential in ((whole.essential, True), (whole.optional, False)):
        row = np.asarray(part[[at]].todense(), dtype=np.float64).ravel()
        for i in np.argsort(-row, kind="stable")[: np.count_nonzero(row)].tolist():
            feature = whole.features[i]
            found = Item(feature, names.get(feature, Name(None, feature)), float(row[i]), essential)
            asked[kind_of(whole.groups[i])].append(found)
    return {kind: tuple(items) for kind, items in asked.items()}
