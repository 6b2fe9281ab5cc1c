"""All that advice looks at, read once: occupations, their facts and skills, how alike they are, what moves ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError
from overstap.moves.crosswalk import Level, crosswalk, has_esco
from overstap.moves.facts import REST_GROUPS, WINDOW, occupation_facts
from overstap.moves.feasible import Occupations
from overstap.moves.gaps import Efforts, covering, efforts
from overstap.moves.profiles import Profiles, profiles
from overstap.moves.sectors import sectors_of
from overstap.moves.similarity import Threshold, similarity, threshold
from overstap.moves.skill_meaning import SkillMeaning
from overstap.moves.start import OWN, Start, with_own
from overstap.reference import esco
from overstap.reference.cache import Parcel, keep, pack_arrays, source_digest, unpack_arrays
from overstap.reference.tables import load

Floats = npt.NDArray[np.float64]
ELSEWHERE = frozenset({"1113", "4414", "6310", "6320", "6330", "6340", "9624"})
"""Unit groups that ISCO has for other countries (village heads, letter writers, subsistence farmers, water carriers):
own judgement. Nobody is advised to go there."""


class Name(NamedTuple):
    """A name in both languages; None where there is none."""

    nl: str | None
    en: str | None


@dataclass(frozen=True, eq=False)
class Atlas:
    """Everything in the order of `codes`. `similar` is [from, to]; `held` are profiles that count near skills as held;
    `need` what every move asks; `sectors` shares by section; `examples` names of ESCO occupations within a class."""

    level: Level
    codes: tuple[str, ...]
    facts: pa.Table
    occupations: Occupations
    profiles: Profiles
    held: Profiles
    similar: Floats
    threshold: Threshold
    need: Efforts
    features: Mapping[str, Name]
    groups: Mapping[str, Name]
    licences: Mapping[str, Name]
    sectors: Mapping[str, Mapping[str, float]]
    examples: Mapping[str, tuple[Name, ...]]
    window: tuple[int, int]
    costs: pa.Table | None

    @classmethod
    def load(
        cls,
        level: Level,
        own: Mapping[str, pa.Table] | None = None,
        costs: pa.Table | None = None,
        window: tuple[int, int] = WINDOW,
        home: Path | None = None,
    ) -> Atlas:
        """For a level; similarity of all pairs takes some seconds the first time and is then kept.

        `own` and `costs` are the user's own figures, as `facts.occupation_facts` and `gaps.effort` take them.
        Raises `InputError` for an unknown level or own figures that do not fit.
        """
        whole = profiles(level, home)
        rows = {row["code"]: row for row in occupation_facts(level, window, own).to_pylist()}
        facts = pa.Table.from_pylist([rows[code] for code in whole.codes], schema=_schema(level))
        occupations = Occupations.of(facts)
        near = SkillMeaning.of(whole.features, home).near if whole.unit == "skills" else None
        held = whole if near is None else covering(whole, near)
        need = efforts(held, _levels(occupations), costs)
        scores = _all_pairs(whole, home)
        left_out = np.array([code in ELSEWHERE or code in REST_GROUPS for code in whole.codes])
        scores[:, left_out] = np.nan
        bounds = threshold(whole.unit, level)
        return cls(
            level, whole.codes, facts, occupations, whole, held, scores, bounds, need,
            _feature_names(whole, home), _group_names(), _licence_names(), sectors_of(level), _examples(level, home),
            window, costs,
        )  # fmt: skip

    def at(self, code: str) -> int:
        """The row of a code. Raises `InputError` where the level has none."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise InputError(f"'{code}' is no occupation of level {self.level}.", fix="overstap advise NAME") from None

    def with_start(self, start: Start, home: Path | None = None) -> Atlas:
        """The atlas with a row for someone's own skills, the last; itself where they start from an occupation."""
        if start.kind == "occupation":
            return self
        whole = with_own(self.profiles, start.skills)
        scores = similarity(whole, [OWN], home).combined[0]
        scores[np.isnan(self.similar).all(axis=0).nonzero()] = np.nan
        n = len(self.codes)
        similar = np.full((n + 1, n + 1), np.nan)
        similar[:n, :n], similar[n] = self.similar, scores
        near = SkillMeaning.of(whole.features, home).near if whole.unit == "skills" else None
        facts = pa.concat_tables([self.facts, pa.Table.from_pylist([_own_facts(start)], schema=self.facts.schema)])
        occupations = Occupations.of(facts)
        held = whole if near is None else covering(whole, near)
        need = efforts(held, _levels(occupations), self.costs)
        return replace(
            self, codes=whole.codes, facts=facts, occupations=occupations, profiles=whole, held=held, similar=similar,
            need=need,
        )  # fmt: skip


def _schema(level: Level) -> pa.Schema:
    from overstap.moves.facts import SCHEMA

    return SCHEMA


def _levels(occupations: Occupations) -> list[int]:
    return [int(level) for level in np.nan_to_num(occupations.level_max, nan=2.0)]


def _own_facts(start: Start) -> dict[str, Any]:
    """A person as an occupation of their own: level and pay as they say, or any level and no pay."""
    return {
        "code": OWN,
        "skill_level_min": start.skill_level or 1,
        "skill_level_max": start.skill_level or 4,
        "pay_p50": start.wage,
        "licences": [],
        "licences_part": [],
        "named_shrinking": False,
    }


def _all_pairs(whole: Profiles, home: Path | None) -> Floats:
    installed = esco.skills_digest(home) if has_esco(home) else "bundled"
    key = f"{source_digest('semantic', 'moves')} {installed} {whole.level}"

    def pack(scores: Floats) -> Parcel:
        return pack_arrays({"scores": scores.astype(np.float32)}, {})

    def unpack(parcel: Parcel) -> Floats:
        return unpack_arrays(parcel)["scores"].astype(np.float64)

    return keep(f"similar-{whole.level}", key, lambda: similarity(whole, home=home).combined, pack, unpack, home)


def _feature_names(whole: Profiles, home: Path | None) -> dict[str, Name]:
    if whole.unit == "groups":
        return _group_names()
    wanted = set(whole.features)
    rows = esco.load_skills(home).select(["esco_uri", "label_nl", "label_en"]).to_pylist()
    return {r["esco_uri"]: Name(r["label_nl"], r["label_en"]) for r in rows if r["esco_uri"] in wanted}


def _group_names() -> dict[str, Name]:
    return {r["code"]: Name(r["name_nl"], r["name_en"]) for r in load("esco_skill_groups").to_pylist()}


def _licence_names() -> dict[str, Name]:
    return {r["licence_id"]: Name(r["name_nl"], r["name_en"]) for r in load("licences").to_pylist()}


def _examples(level: Level, home: Path | None) -> dict[str, tuple[Name, ...]]:
    """Names of the ESCO occupations of each class, the shortest first; none at the level of ESCO itself."""
    if level == "esco":
        return {}
    labels: dict[str, dict[str, str]] = {}
    for row in load("occupation_titles").to_pylist():
        if row["kind"] == "esco_label":
            labels.setdefault(row["esco_uri"], {})[row["language"]] = row["title"]
    found: dict[str, list[Name]] = {}
    for row in crosswalk(level, "esco", home).to_pylist():
        if known := labels.get(row["to"]):
            found.setdefault(row["from"], []).append(Name(known.get("nl"), known.get("en")))
    return {code: tuple(sorted(names, key=lambda n: len(n.nl or n.en or ""))) for code, names in found.items()}
