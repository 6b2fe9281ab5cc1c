"""All that advice looks at, read once: occupations, their facts and skills, how alike they are, what moves ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from overstap.errors import InputError
from overstap.moves.crosswalk import Level, crosswalk, esco_units
from overstap.moves.facts import SCHEMA, left_out, occupation_facts
from overstap.moves.feasible import Occupations
from overstap.moves.gaps import covering, effort, efforts, gaps
from overstap.moves.profiles import Profiles, profiles
from overstap.moves.sectors import sectors_of
from overstap.moves.similarity import Threshold, compared, own_threshold, similarity
from overstap.moves.skill_meaning import stand_ins
from overstap.moves.start import OWN, Start, with_own
from overstap.outlook.source import WINDOW
from overstap.reference import esco
from overstap.reference.cache import Parcel, keep, pack_arrays, source_digest, unpack_arrays
from overstap.reference.tables import load

Floats = npt.NDArray[np.float64]


class Name(NamedTuple):
    """A name in both languages; None where there is none."""

    nl: str | None
    en: str | None


@dataclass(frozen=True, eq=False)
class Atlas:
    """Everything in the order of `codes`. `similar` is [from, to]; `single` are the profiles of ESCO's occupations and
    `members` their rows by class, `titles` unit vectors of their titles; `near` says which skills stand in for others;
    `sectors` has shares by section."""

    level: Level
    codes: tuple[str, ...]
    facts: pa.Table
    occupations: Occupations
    profiles: Profiles
    single: Profiles
    members: Mapping[str, tuple[int, ...]]
    names: Mapping[str, Name]
    titles: Floats
    near: sp.csr_matrix
    similar: Floats
    threshold: Threshold
    features: Mapping[str, Name]
    groups: Mapping[str, Name]
    licences: Mapping[str, Name]
    sectors: Mapping[str, Mapping[str, float]]
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
        whole, rated = compared(level, home)
        rows = {row["code"]: row for row in occupation_facts(level, window, own).to_pylist()}
        facts = pa.Table.from_pylist([rows[code] for code in whole.codes], schema=SCHEMA)
        occupations = Occupations.of(facts)
        single = whole if level == "esco" else profiles("esco", home)
        scores = rated.combined.copy()
        scores[:, [code in left_out(level) for code in whole.codes]] = np.nan
        return cls(
            level, whole.codes, facts, occupations, whole, single, _members(level, single, home), _esco_names(),
            _title_vectors(single), stand_ins(whole, home), scores, rated.threshold, feature_names(whole, home),
            _group_names(), _licence_names(), sectors_of(level), window, costs,
        )  # fmt: skip

    def openings(self) -> Floats:
        """Openings a year, NaN where unknown; of an ESCO occupation those of its unit group, as nobody counts finer."""
        if self.level != "esco":
            return np.asarray(self.facts["openings"].to_numpy(zero_copy_only=False), dtype=np.float64)
        known, units = _unit_openings(), esco_units()
        found = [known.get(units.get(code, "")) for code in self.codes]
        return np.array([np.nan if n is None else n for n in found], dtype=np.float64)

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
        scores[:-1][np.isnan(self.similar).all(axis=0)] = np.nan
        n = len(self.codes)
        similar = np.full((n + 1, n + 1), np.nan)
        similar[:n, :n], similar[n] = self.similar, scores
        facts = pa.concat_tables([self.facts, pa.Table.from_pylist([_own_facts(start)], schema=self.facts.schema)])
        occupations = Occupations.of(facts)
        bounds = own_threshold(whole.unit, self.level, len(start.skills))
        made = replace(self, codes=whole.codes, facts=facts, occupations=occupations, profiles=whole)
        return replace(made, similar=similar, threshold=bounds)

    def months(self, can: Floats) -> Floats:
        """The middle of the months that every move takes, [from, to]; those of the last row from what the person `can`
        do, where it is a row of their own. All moves are worked out once, and then kept."""
        levels = [int(level) for level in np.nan_to_num(self.occupations.level_max, nan=2.0)]
        own = self.codes[-1] == OWN
        base = _months(self.profiles if not own else _without_last(self.profiles), self.near, levels, self.costs)
        if not own:
            return base
        months = np.zeros((len(self.codes),) * 2)
        months[:-1, :-1] = base
        for to, level in enumerate(levels[:-1]):
            asked = np.asarray(self.profiles.essential[[to]].todense(), dtype=np.float64).ravel()
            lacking = np.maximum(0.0, asked - can) / (asked.sum() or 1.0)
            months[-1, to] = effort(gaps(self.profiles, lacking), level, self.costs).months[1]
        return months

    def held(self, start: Start) -> Floats:
        """What someone can do, by feature (0–1), skills that are nearly the same counted as far as they stand in.

        Of an occupation: what it asks, essential or not; at coarser levels what the ESCO occupation asks that the
        person's own words name, where it is one of the class.
        """
        whole, at = self.profiles, self.at(start.code)
        if start.esco in self.single.codes:
            whole, at = self.single, self.single.codes.index(start.esco)
        own = sp.csr_matrix(whole.essential[[at]].maximum(whole.optional[[at]]))
        held: Floats = np.minimum(np.asarray((own @ self.near).todense(), dtype=np.float64).ravel(), 1.0)
        return held


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


def _months(whole: Profiles, near: sp.csr_matrix, levels: list[int], costs: pa.Table | None) -> Floats:
    def build() -> Floats:
        return efforts(covering(whole, near), levels[: len(whole.codes)], costs).months[1]

    if costs is not None:
        return build()
    key = f"{source_digest('semantic', 'moves')} {whole.unit} {whole.level} {len(whole.features)}"

    def pack(months: Floats) -> Parcel:
        return pack_arrays({"months": months.astype(np.float32)}, {})

    def unpack(parcel: Parcel) -> Floats:
        return unpack_arrays(parcel)["months"].astype(np.float64)

    return keep(f"months-{whole.level}", key, build, pack, unpack)


def _without_last(whole: Profiles) -> Profiles:
    parts = {"essential": whole.essential[:-1], "optional": whole.optional[:-1]}
    return replace(whole, codes=whole.codes[:-1], basis=whole.basis[:-1], **parts)


def feature_names(whole: Profiles, home: Path | None) -> dict[str, Name]:
    """The names of what profiles ask: groups of skills, or ESCO skills."""
    if whole.unit == "groups":
        return _group_names()
    wanted = set(whole.features)
    rows = esco.load_skills(home).select(["esco_uri", "label_nl", "label_en"]).to_pylist()
    return {r["esco_uri"]: Name(r["label_nl"], r["label_en"]) for r in rows if r["esco_uri"] in wanted}


def _group_names() -> dict[str, Name]:
    return {r["code"]: Name(r["name_nl"], r["name_en"]) for r in load("esco_skill_groups").to_pylist()}


def _licence_names() -> dict[str, Name]:
    return {r["licence_id"]: Name(r["name_nl"], r["name_en"]) for r in load("licences").to_pylist()}


def _members(level: Level, single: Profiles, home: Path | None) -> dict[str, tuple[int, ...]]:
    """Rows of the ESCO occupations of each class that ESCO itself describes."""
    row = {uri: at for at, uri in enumerate(single.codes) if single.basis[at] == "observed"}
    found: dict[str, list[int]] = {}
    for link in crosswalk(level, "esco", home).to_pylist():
        if link["to"] in row:
            found.setdefault(link["from"], []).append(row[link["to"]])
    return {code: tuple(rows) for code, rows in found.items()}


def _title_vectors(single: Profiles) -> Floats:
    """A unit vector of the titles of each ESCO occupation; zero where the model of titles has none."""
    from overstap.ads._title_encoder import TitleEncoder

    encoder = TitleEncoder.load()
    place = {uri: at for at, uri in enumerate(encoder.uris)}
    vectors = np.zeros((len(single.codes), encoder.concepts.shape[1]))
    for row, uri in enumerate(single.codes):
        if uri in place:
            vectors[row] = encoder.concepts[place[uri]]
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return unit


def _esco_names() -> dict[str, Name]:
    later = load("esco_later").to_pylist()
    labels: dict[str, dict[str, str]] = {r["esco_uri"]: {"nl": r["label_nl"], "en": r["label_en"]} for r in later}
    for row in load("occupation_titles").to_pylist():
        if row["kind"] == "esco_label":
            labels.setdefault(row["esco_uri"], {})[row["language"]] = row["title"]
    return {uri: Name(known.get("nl"), known.get("en")) for uri, known in labels.items()}


@lru_cache(maxsize=1)
def _unit_openings() -> Mapping[str, float | None]:
    """Openings a year of every unit group, of bundled figures."""
    facts = occupation_facts("isco")
    return dict(zip(facts["code"].to_pylist(), facts["openings"].to_pylist(), strict=True))
