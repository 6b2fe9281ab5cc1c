"""How much one occupation asks of what another gives: named components and one combined score with its bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.moves import measures, onet
from overstap.moves.crosswalk import Level, crosswalk, has_esco
from overstap.moves.profiles import Profiles, profiles
from overstap.reference import esco
from overstap.reference import onet as onet_data
from overstap.reference.cache import Parcel, keep, pack_arrays, source_digest, unpack_arrays
from overstap.reference.home import data_home
from overstap.reference.tables import load
from overstap.schema.moves import COMPONENTS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
OPTIONAL = 0.5  # what an optional skill counts beside an essential one: half of those who do the work may have it


@dataclass(frozen=True)
class Threshold:
    """The lowest combined scores of a move of medium and of high similarity."""

    medium: float
    high: float

    def band(self, score: float) -> str | None:
        """high, medium or low; None where the score is not known."""
        if np.isnan(score):
            return None
        return "high" if score >= self.high else "medium" if score >= self.medium else "low"


@dataclass(frozen=True, eq=False)
class Similarity:
    """Scores in [0, 1] of moves from `origins` (rows; all `codes` unless some were asked) to `codes` (columns); NaN
    where a profile is empty. `combined` is the mean of `components` with weights that are data; 1 on the diagonal."""

    codes: tuple[str, ...]
    origins: tuple[str, ...]
    components: dict[str, Floats]
    combined: Floats
    threshold: Threshold


def similarity(profiles: Profiles, origins: Sequence[str] | None = None, home: Path | None = None) -> Similarity:
    """Scores of all moves, or of those from some occupations. Raises KeyError for an origin that has no row.

    Components: `essential` soft overlap of essential skills, `optional` the same with optional ones at half weight,
    both after Nesta (asymmetric), `cosine`, `jaccard`, `activities`, `groups` (cosine over ESCO's groups of skills),
    `meaning` (vectors of skills), `names` (vectors of job titles); those of O*NET where it is installed, without weight
    in the combined score. Components of single skills are left out where only groups are known.
    """
    place = {code: i for i, code in enumerate(profiles.codes)}
    rows = np.array([place[code] for code in (profiles.codes if origins is None else origins)], dtype=np.int64)
    needed = np.array(sorted({*rows} | {k for i in rows for k in profiles.kin.get(int(i), ())}), dtype=np.int64)
    of = needed if len(needed) < len(profiles.codes) else None
    measured = components(profiles, home).items()
    found = {name: _of_kin(measure(of), needed, rows, profiles.kin) for name, measure in measured}
    combined = combine(found, weights(profiles.unit))
    named = profiles.codes if origins is None else tuple(origins)
    return Similarity(profiles.codes, named, found, combined, threshold(profiles.unit, profiles.level))


def compared(level: Level, home: Path | None = None) -> tuple[Profiles, Similarity]:
    """The profiles of a level and all its moves rated; worked out once for the installed ESCO and O*NET, then kept in
    the process and the cache folder. Of ESCO's occupations without components, which are half a gigabyte."""
    return _compared(level, data_home(home), installed(home))


def installed(home: Path | None = None) -> tuple[str | None, str | None]:
    """Which ESCO and O*NET the user has installed: profiles and scores follow from them."""
    digest = onet_data.digest(home) if onet_data.is_installed(home) else None
    return esco.skills_digest(home) if has_esco(home) else None, digest


@lru_cache(maxsize=2)
def _compared(level: Level, home: Path, key: tuple[str | None, str | None]) -> tuple[Profiles, Similarity]:
    asked = profiles(level, home)
    width = np.float32 if level == "esco" else np.float64

    def build() -> Similarity:
        made = similarity(asked, home=home)
        return replace(made, components={}) if level == "esco" else made

    def pack(made: Similarity) -> Parcel:
        return pack_arrays({"combined": made.combined.astype(width), **made.components}, {})

    def unpack(parcel: Parcel) -> Similarity:
        parts = {name: scores.astype(np.float64) for name, scores in unpack_arrays(parcel).items()}
        combined = parts.pop("combined")
        return Similarity(asked.codes, asked.codes, parts, combined, threshold(asked.unit, level))

    kept_for = f"{source_digest('semantic', 'moves')} {key} {level}"
    return asked, keep(f"similar-{level}", kept_for, build, pack, unpack, home)


def _of_kin(scores: Floats, needed: Ints, rows: Ints, kin: Mapping[int, tuple[int, ...]]) -> Floats:
    """The `rows` among those `needed`. An allocated occupation has the mean of the scores of its kin: the score of
    their mean profile would make it like all of them."""
    if not kin:
        return scores[np.searchsorted(needed, rows)]
    for j, near in kin.items():
        scores[:, j] = scores[:, list(near)].mean(axis=1)
    made = scores[np.searchsorted(needed, rows)]
    for at, i in enumerate(rows):
        if i in kin:
            made[at] = scores[np.searchsorted(needed, kin[i])].mean(axis=0)
            made[at, i] = 1.0
    return made


@lru_cache(maxsize=4)
def components(p: Profiles, home: Path | None = None) -> dict[str, Callable[[measures.Origins], Floats]]:
    """The measures that a profile allows, by name, each a function of the origins; kept for the profiles used last."""
    asked = sp.csr_matrix(p.essential + OPTIONAL * p.optional)
    either = sp.csr_matrix(p.essential.maximum(p.optional))
    worth = measures.specificity(either)
    near, vectors = sp.identity(len(p.features), format="csr"), None
    if p.unit == "skills":
        from overstap.moves.skill_meaning import SkillMeaning

        skills = SkillMeaning.of(p.features, home)
        near, vectors = skills.near, np.asarray((asked @ sp.diags(worth)) @ skills.vectors.astype(np.float64))
    found: dict[str, Callable[[measures.Origins], Floats]] = {
        "essential": lambda of: measures.overlap(p.essential, p.essential, near, worth, of),
        "optional": lambda of: measures.overlap(asked, asked, near, worth, of),
        "cosine": lambda of: measures.cosine(asked if p.unit != "groups" else asked.sqrt(), worth, of),
        "jaccard": lambda of: measures.jaccard(either, of),
    }
    if p.unit != "ads":
        found["activities"] = lambda of: measures.activities(asked, p.groups, of)
        titles = _names(p, home)
        found["names"] = lambda of: measures.meaning(titles, of)
    if p.unit == "skills":
        found["groups"] = lambda of: measures.group_cosine(asked, p.groups, of)
    if vectors is not None:
        found["meaning"] = lambda of: measures.meaning(vectors, of)
    if p.unit != "ads":
        found |= onet.components(p.level, p.codes, home)
    return {name: found[name] for name in COMPONENTS if name in found}


def combine(found: Mapping[str, Floats], weight: Mapping[str, float]) -> Floats:
    """The weighted mean of components; one that is not known for a move (no names) counts in no part of its mean. NaN
    where none of the components that count and are made of profiles is known."""
    total = np.zeros_like(next(iter(found.values())))
    known = np.zeros_like(total)
    for name, scores in found.items():
        present = ~np.isnan(scores)
        total += np.where(present, scores, 0.0) * weight.get(name, 0.0)
        known += present * weight.get(name, 0.0)
    counted = [scores for name, scores in found.items() if name != "names" and weight.get(name, 0.0) > 0]
    empty = np.all([np.isnan(scores) for scores in counted], axis=0) if counted else known == 0
    combined: Floats = np.divide(total, known, out=np.full_like(total, np.nan), where=(known > 0) & ~empty)
    return combined


def weights(unit: str) -> dict[str, float]:
    """The bundled weights of components for profiles of skills, groups or ads."""
    table = load("similarity_weights")
    rows = table.to_pylist()
    return {row["component"]: row["weight"] for row in rows if row["unit"] == unit}


def threshold(unit: str, level: Level) -> Threshold:
    """The bundled thresholds for a kind of profile and a level."""
    rows = load("similarity_thresholds").to_pylist()
    found = next(row for row in rows if (row["unit"], row["level"]) == (unit, level))
    return Threshold(found["medium"], found["high"])


def own_threshold(unit: str, level: Level, skills_n: int) -> Threshold:
    """The bundled thresholds for who starts from `skills_n` skills of their own: few skills score lower than the
    occupation that asks them. Between the numbers listed by the logarithm, beyond them as at the ends."""
    rows = [r for r in load("similarity_thresholds_own").to_pylist() if (r["unit"], r["level"]) == (unit, level)]
    sizes = np.log([row["skills_n"] for row in rows])
    at = np.log(max(skills_n, 1))
    medium, high = (float(np.interp(at, sizes, [row[name] for row in rows])) for name in ("medium", "high"))
    return Threshold(medium, high)


def bands(combined: Floats, medium: Sequence[str], high: Sequence[str]) -> Threshold:
    """Thresholds as Nesta set them: mean − 1 SD, over groups of kin, of the mean similarity within a group.

    `medium`, `high`: the group of each occupation, wide (say ISCO unit groups for ESCO occupations) and narrow (ESCO's
    own broader occupations); an empty name is no group. Groups of one are left out.
    """
    low, top = (_floor(combined, groups) for groups in (medium, high))
    return Threshold(low, max(low, top))


def _floor(combined: Floats, groups: Sequence[str]) -> float:
    members: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        if group:
            members.setdefault(group, []).append(i)
    means = []
    for inside in members.values():
        block = combined[np.ix_(inside, inside)][~np.eye(len(inside), dtype=bool)]
        if not np.all(np.isnan(block)):
            means.append(np.nanmean(block))
    return float(np.mean(means) - np.std(means))


def _names(p: Profiles, home: Path | None) -> Floats:
    """The mean vector of the titles of each occupation's ESCO occupations; zero where the model knows none."""
    from overstap.ads._title_encoder import TitleEncoder

    encoder = TitleEncoder.load()
    place, row = ({uri: i for i, uri in enumerate(uris)} for uris in (encoder.uris, p.codes))
    links = [r for r in crosswalk(p.level, "esco", home).to_pylist() if r["to"] in place and r["from"] in row]
    where = ([row[r["from"]] for r in links], [place[r["to"]] for r in links])
    spread = sp.csr_matrix(([r["weight"] for r in links], where), shape=(len(row), len(place)))
    return np.asarray(spread @ encoder.concepts.astype(np.float64))
