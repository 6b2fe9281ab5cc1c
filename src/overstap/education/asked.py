"""What the occupations ask to which a programme leads: from a study's ads, or from the bundled profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.uncertainty import Sums, design_effect, normal_quantile, wilson
from overstap.education.matrix import load_matrix, shares_of_units
from overstap.education.rows import LEVELS, check_field, fields_of_programmes, level_of, programme_code
from overstap.errors import InputError, nearest
from overstap.reference.tables import load
from overstap.schema.education import DESTINATION_OTHER
from overstap.schema.out import ALL

if TYPE_CHECKING:
    from pathlib import Path

    from overstap.analysis.codes import Codes
    from overstap.pipeline import Study
    from overstap.study import Measures
    from overstap.trace import Reader

Group = Literal["digital", "other", "professional", "language"]
_CROHO = {"3": "hbo_bachelor", "4": "master", "5": "wo_bachelor", "6": "master", "7": "master", "8": "ad"}
_EXAMPLES = 3


@dataclass(frozen=True)
class Target:
    """The occupations that a programme leads to: unit groups of ISCO-08 with their weights (none: all occupations), and
    how they are known: occupation, programme, or all."""

    units: Mapping[str, float]
    basis: Literal["occupation", "programme", "all"]
    field: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Asked:
    """A skill (or group of skills) that occupations ask: share of their vacancies in percent (of profiles, the part of
    what is essential), in how many vacancies; growth is last share over first, None where unknown. `near`: families of
    skills that bear it out in part. `low`, `high`: bounds of the share; `size`: the number of independent vacancies
    that it is as well known as from."""

    item: str
    labels: Mapping[str, str]
    group: str
    near: tuple[str, ...]
    share_pct: float
    vacancies_n: int | None = None
    growth: float | None = None
    low: float | None = None
    high: float | None = None
    size: float | None = None


@dataclass(frozen=True)
class Demand:
    """What is asked, most first, by item; where from: `ads` or `profiles`; vacancies counted, and between which years
    growth is."""

    items: Mapping[str, Asked]
    source: Literal["ads", "profiles"]
    vacancies_n: int = 0
    years: tuple[str, str] | None = None
    feature_of: Mapping[str, str] = field(default_factory=dict)
    """Skill of the extractor → item; empty where they are the same."""
    simulated: bool = False
    of_units: Mapping[str, int] = field(default_factory=dict)
    """Vacancies of each occupation."""
    confidence: float = 0.95
    least_n: int = 1
    """Vacancies that must ask a skill for it to count."""
    apart: tuple[str, str] | None = None
    """The years between which growth is not told, as no source has vacancies in both."""


def target_of_programme(
    code: str, level: str | None = None, matrix: Path | None = None, where: str = "--programme"
) -> Target:
    """Where a programme leads: a CROHO code, or a field of ISCED-F with its `level`.

    Raises InputError for a code that is not known, a level that is none, or a field without occupations.
    """
    plain = code.strip()
    known = fields_of_programmes()
    croho = programme_code(plain)
    if len(plain) >= 5 and croho in known:
        isced, level = known[croho], level or _CROHO.get(croho[0])
    elif plain.isdigit() and 2 <= len(plain) <= 4:
        isced = check_field(plain, where) or ""
    else:
        raise InputError(
            f"{where}: programme '{code}' is not known.",
            why=nearest(croho, known) if plain.isdigit() else "Its code is five digits of CROHO.",
            fix="Give its field of ISCED-F and level: --programme 0613 --level hbo_bachelor.",
        )
    level = level_of(level or "", croho) if level not in LEVELS else level
    if level is None:
        raise InputError(
            f"{where}: the level of programme '{code}' is not known.",
            fix=f"Add level (--level) with one of: {', '.join(LEVELS)}.",
        )
    weights = load_matrix(matrix).of(isced, level)
    places = {place: w for place, w in (weights or {}).items() if place not in DESTINATION_OTHER}
    if not places:
        raise InputError(
            f"{where}: no occupation is known for field {isced}, level {level}.",
            fix='Name it: --occupation "verpleegkundige".',
        )
    return Target(_units(places), "programme", isced, level)


def target_of_occupations(names: Sequence[str], lang: str) -> Target:
    """Occupations by title or ISCO-08 code, alike in weight. Raises InputError where one is not known."""
    from overstap.moves.start import code_of

    isco = {row["code"] for row in load("isco08").to_pylist()}
    return Target(_units({n if n in isco else code_of(n, "isco", lang): 1.0 for n in names}), "occupation")


def _units(places: Mapping[str, float]) -> dict[str, float]:
    """Weights of unit groups, those of a coarser group divided by their jobs; they add to 1."""
    found: dict[str, float] = {}
    for place, weight in places.items():
        for unit, share in (shares_of_units(place) or {place: 1.0}).items():
            found[unit] = found.get(unit, 0.0) + weight * share
    total = sum(found.values())
    return {unit: weight / total for unit, weight in sorted(found.items())}


def asked_of_study(study: Study, target: Target) -> Demand:
    """What the ads of a finished study ask of the occupations: each skill's share, the occupations weighed as graduates
    go there, those without vacancies left out; its growth from the first to the last year with enough vacancies, of all
    of them together, where enough of these ask it and a source has vacancies in both years.

    Raises InputError where the study has no vacancy of these occupations.
    """
    from overstap.analysis.codes import Codes

    skills = study.table("core_skills").to_pylist()
    measures = study.spec.measures
    demand = asked_of_codes(Codes.of_store(study.store), skills, target, measures)
    if not demand.vacancies_n:
        raise InputError(
            "The study has no vacancy of the occupations that the programme leads to.",
            why=f"They are, in ISCO-08: {', '.join(sorted(target.units, key=lambda u: -target.units[u])[:8])}.",
            fix="Name others with --occupation, or leave out --study to use the bundled profiles.",
        )
    return replace(demand, simulated=study.spec.simulated)


def asked_of_codes(codes: Codes, skills: Sequence[Mapping[str, Any]], target: Target, measures: Measures) -> Demand:
    """As `asked_of_study`, of coded vacancies and rows of `core_skills`, and without items where there are none; a year
    counts from `min_n` vacancies, growth is told of a skill that `min_display` ask.

    The variance of a share is the sum of those of its occupations, each over employers, by their weights squared; the
    interval is Wilson's at the number of independent vacancies that would give it.
    """
    from overstap.analysis.comparable import apart
    from overstap.analysis.cross import cross

    by = () if target.basis == "all" else ("isco4",)
    sums = cross(codes, "skill", by, "year")
    totals = cross(codes, "function_group", by, "year")
    years, counts, asked = _counts(sums, totals, target)
    n = counts.sum(axis=1)
    if not n.sum():
        return Demand({}, "ads", confidence=measures.confidence)
    of_units = counts.sum(axis=0)
    weights = np.array([target.units.get(u, 0.0) if target.units else 1.0 for u in _columns(target)]) * (of_units > 0)
    weights = weights / weights.sum()
    enough = [at for at, total in enumerate(n) if total >= measures.min_n]
    span = (years[enough[0]], years[enough[-1]]) if len(enough) > 1 else None
    told = span is not None and not apart(codes, "year", *span)
    names = {row["skill_id"]: row for row in skills}
    bounds = _bounds(cross(codes, "skill", by), target, dict(zip(_columns(target), weights, strict=True)), measures)
    items = {}
    for skill, cells in asked.items():
        share = _share(cells.sum(axis=0), of_units, weights)
        growth = None
        if told and cells[[enough[0], enough[-1]]].sum() >= measures.min_display:
            first, last = (cells[at].sum() / n[at] for at in (enough[0], enough[-1]))
            growth = float(last / first) if first > 0 else None
        row = names[skill]
        labels = {"nl": row["label_nl"] or row["label_en"], "en": row["label_en"] or row["label_nl"]}
        low, high, size = bounds[skill]
        items[skill] = Asked(
            skill,
            labels,
            row["category_group"],
            families().get(skill, ()),
            100 * share,
            int(cells.sum()),
            growth,
            low=100 * low,
            high=100 * high,
            size=size,
        )
    ordered = dict(sorted(items.items(), key=lambda pair: (-pair[1].share_pct, pair[0])))
    counted = {unit: int(total) for unit, total in zip(_columns(target), of_units, strict=True)}
    return Demand(
        ordered, "ads", int(n.sum()), span if told else None, apart=None if told else span,
        of_units=counted, confidence=measures.confidence, least_n=measures.min_display,
    )  # fmt: skip


def _bounds(
    sums: pa.Table, target: Target, weights: Mapping[str, float], measures: Measures
) -> dict[str, tuple[float, float, float]]:
    """Bounds of each skill's weighted share, and the independent vacancies that it is as well known as from."""
    names = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
    made = Sums(*(np.asarray(sums[name], np.float64) for name in names))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = made.x / made.n
        # One vacancy more and less keeps a share of 0 or 1 from being known for certain.
        smooth = (made.x + 0.5) / (made.n + 1.0)
        effect = np.nan_to_num(design_effect(made), nan=1.0)
        effect = np.where(made.g < 2, made.n, effect)
        variance = smooth * (1.0 - smooth) * effect / made.n
    units = [ALL] * len(share) if target.basis == "all" else sums["isco4"].cast(pa.string()).to_pylist()
    totals: dict[str, list[float]] = {}
    for skill, unit, p, v in zip(sums["item_id"].cast(pa.string()).to_pylist(), units, share, variance, strict=True):
        if (weight := weights.get(unit, 0.0)) > 0:
            total = totals.setdefault(skill, [0.0, 0.0])
            total[0] += weight * p
            total[1] += weight * weight * v
    found = {}
    for skill, (p, v) in totals.items():
        size = max(p * (1.0 - p), 1e-9) / v if v > 0 else 1.0
        low, high = wilson(np.array(p), np.array(size), normal_quantile(measures.confidence))
        found[skill] = float(low), float(high), size
    return found


def _columns(target: Target) -> list[str]:
    return list(target.units) or [ALL]


def _counts(sums: pa.Table, totals: pa.Table, target: Target) -> tuple[list[str], np.ndarray, dict[str, np.ndarray]]:
    """Years; vacancies (years, occupations); and for each skill how many of them ask it."""
    columns = {unit: at for at, unit in enumerate(_columns(target))}
    everything = target.basis == "all"
    years = sorted(set(totals["period"].cast(pa.string()).to_pylist()))
    row_of = {year: at for at, year in enumerate(years)}

    def place(table: pa.Table) -> list[tuple[int, int, dict[str, Any]]]:
        names = ["period", "item_id", "asked_n", "vacancies_n", *([] if everything else ["isco4"])]
        kept = (
            table
            if everything
            else table.filter(pc.is_in(table["isco4"].cast(pa.string()), pa.array(list(columns), pa.string())))
        )
        return [
            (row_of[str(r["period"])], 0 if everything else columns[str(r["isco4"])], r)
            for r in kept.select(names).to_pylist()
        ]

    shape = len(years), len(columns)
    counts = np.zeros(shape)
    for year, unit, row in place(totals):
        counts[year, unit] = float(row["vacancies_n"])
    asked: dict[str, np.ndarray] = {}
    for year, unit, row in place(sums):
        asked.setdefault(str(row["item_id"]), np.zeros(shape))[year, unit] = float(row["asked_n"])
    return years, counts, asked


def _share(asked: np.ndarray, counts: np.ndarray, weights: np.ndarray) -> float:
    """The mean share over occupations with vacancies, by weight."""
    seen = counts > 0
    used = weights * seen
    return float((used[seen] * asked[seen] / counts[seen]).sum() / used.sum()) if used.sum() > 0 else 0.0


def with_ads(read: Reader, target: Target, skills: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Ids of some of the last ads that ask each of some skills, in the target's occupations."""
    from overstap.sql.lookups import lookup

    if not skills:
        return {}
    given = {
        "skill_ids": list(skills),
        "isco08": list(target.units) or [""],
        "every": target.basis == "all",
        "limit": _EXAMPLES,
    }
    found: dict[str, list[str]] = {}
    for row in read(lookup("ads_asking"), given):
        found.setdefault(row["skill_id"], []).append(row["vacancy_id"])
    return {skill: tuple(ads) for skill, ads in found.items()}


def asked_of_profiles(target: Target) -> Demand:
    """What the bundled profiles say that the occupations ask: groups of ESCO skills, or single skills where ESCO is
    installed. Raises InputError where no occupation is named."""
    from overstap.moves.profiles import profiles

    if target.basis == "all":
        raise InputError(
            "Which occupations does the programme lead to?",
            fix="Add --programme with its CROHO code, or --occupation with a title; or --study for all vacancies.",
        )
    made = profiles("isco")
    units = {unit: weight for unit, weight in target.units.items() if unit in made.codes}
    rows = made.of(tuple(units))
    weights = np.array(list(units.values())) / sum(units.values())
    shares = np.asarray(weights @ rows.essential.toarray()).ravel()
    names = {r["code"]: r for r in load("esco_skill_groups").to_pylist()}
    labels = _labels_of_skills() if made.unit == "skills" else {}
    items = {}
    for at in np.argsort(-shares, kind="stable"):
        if shares[at] > 0:
            item, group = made.features[at], made.groups[at]
            named = names.get(group, {})
            label = labels.get(item) or {lang: str(named.get(f"name_{lang}") or group) for lang in ("nl", "en")}
            items[item] = Asked(
                item,
                label,
                group_of(group),
                (near_group(group) if made.unit == "groups" else group,),
                100 * float(shares[at]),
            )
    return Demand(items, "profiles", feature_of=_features(made.unit))


def _labels_of_skills() -> dict[str, dict[str, str]]:
    from overstap.moves.start import skill_names

    uris = list(load("esco_skill_in_group")["esco_uri"].to_pylist())
    return {u: {"nl": nl or en or u, "en": en or nl or u} for u, (nl, en) in zip(uris, skill_names(uris), strict=True)}


def near_group(code: str) -> str:
    """The group above one of ESCO's groups of skills: S5.6 of S5.6.1, 061 of 0613."""
    return code.rsplit(".", 1)[0] if "." in code else code[:3]


def group_of(code: str) -> str:
    """Digital, soft (other), language or professional, of a group of ESCO's skills."""
    if code.startswith("S5") or code.startswith("061"):
        return "digital"
    if code.startswith(("S1.15", "L")) or code.startswith("023"):
        return "language"
    soft = ("T", "S1.0", "S1.1.", "S1.2", "S1.3.5", "S1.4", "S1.8", "S4.1", "S4.2", "S4.3", "S4.4", "S4.5", "003")
    return "other" if code.startswith(soft) else "professional"


def _features(unit: str) -> dict[str, str]:
    """Skill of the core taxonomy → feature of the profiles, where it has one."""
    from overstap.moves.start import skill_groups
    from overstap.reference.taxonomy import load_taxonomy

    skills = load_taxonomy("core").skills
    pairs = zip(skills["skill_id"].to_pylist(), skills["esco_uri"].to_pylist(), strict=True)
    if unit == "skills":
        return {skill: uri for skill, uri in pairs if uri}
    return {skill: skill_groups()[uri] for skill, uri in pairs if uri in skill_groups()}


@lru_cache(maxsize=1)
def families() -> Mapping[str, tuple[str, ...]]:
    """Core skill → the families that it is in, of skills of which one bears out another in part."""
    found: dict[str, tuple[str, ...]] = {}
    for row in load("near_skills").to_pylist():
        found[row["skill_id"]] = (*found.get(row["skill_id"], ()), row["family"])
    return found
