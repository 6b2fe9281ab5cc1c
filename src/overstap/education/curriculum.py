"""Skills that a programme teaches against those that the occupations ask to which it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from overstap.education import LEAST_PCT
from overstap.education.asked import Asked, Demand, Target, families, near_group, with_ads
from overstap.education.taught import Taught, Taxonomy, taught_skills
from overstap.education.texts import ProgrammeText, read_programme_texts
from overstap.errors import InputError, Problems

if TYPE_CHECKING:
    from overstap.trace import Reader

Verdict = Literal["covered", "partly", "missing", "extra"]
VERDICTS: tuple[Verdict, ...] = ("covered", "partly", "missing", "extra")
_DRAWS, _SEED = 2_000, 1
_GROWTH = 0.5, 2.0
"""How far growth can change a skill's weight: a factor on few ads must not outweigh what many ask."""


@dataclass(frozen=True)
class Finding:
    """One skill: whether it is covered, partly covered (something near it is taught), missing, or extra (taught, not
    asked). `weight` is share times growth; `proof` what is taught of it, or of what is near."""

    verdict: Verdict
    item: str
    labels: Mapping[str, str]
    group: str
    share_pct: float | None
    growth: float | None
    weight: float
    vacancies_n: int | None
    proof: tuple[Taught, ...] = ()
    ads: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    size: float | None = None


@dataclass(frozen=True)
class Scan:
    """What one programme teaches and leaves: findings, those that weigh most first."""

    programme: ProgrammeText
    target: Target
    demand: Demand
    findings: tuple[Finding, ...]
    taught_n: int

    def of(self, verdict: Verdict, groups: Sequence[str] = ()) -> list[Finding]:
        """The findings of a verdict, in some groups of skills or in all."""
        return [f for f in self.findings if f.verdict == verdict and (not groups or f.group in groups)]

    def part(self, verdict: Verdict, groups: Sequence[str] = ()) -> float | None:
        """The part of what is asked, by weight, that has a verdict; None where nothing is asked."""
        total = sum(f.weight for f in self.findings if f.verdict != "extra" and (not groups or f.group in groups))
        return sum(f.weight for f in self.of(verdict, groups)) / total if total else None

    def interval(self, verdict: Verdict, groups: Sequence[str] = ()) -> tuple[float, float] | None:
        """Bounds of `part`, as chance in which vacancies were seen gives them: the middle of draws of the shares (beta,
        each with its `size`). That a text is misread is not in it. None where sizes are not known."""
        mine = [f for f in self.findings if f.verdict != "extra" and (not groups or f.group in groups)]
        if not mine or any(f.size is None for f in mine):
            return None
        share = np.array([f.share_pct or 0.0 for f in mine]) / 100
        size, weight = np.array([f.size for f in mine], np.float64), np.array([f.weight for f in mine])
        drawn = np.random.default_rng(_SEED).beta(share * size + 0.5, (1 - share) * size + 0.5, (_DRAWS, len(mine))) * (
            weight / np.maximum(share, 1e-9)
        )
        parts = drawn[:, [f.verdict == verdict for f in mine]].sum(axis=1) / drawn.sum(axis=1)
        tail = 50 * (1 - self.demand.confidence)
        low, high = np.percentile(parts, (tail, 100 - tail))
        return float(low), float(high)


def read_all(paths: Sequence[Path]) -> list[ProgrammeText]:
    """The programmes of all files. Raises InputError, or Problems with every file that cannot be read."""
    texts: list[ProgrammeText] = []
    problems = []
    for path in paths:
        try:
            texts += read_programme_texts(path)
        except InputError as error:
            problems.append(error)
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems)
    return texts


def scan_programmes(
    texts: Sequence[ProgrammeText],
    target: Target,
    demand: Demand,
    least: float = LEAST_PCT,
    *,
    taxonomy: Taxonomy = "core",
    read: Reader | None = None,
) -> list[Scan]:
    """What each programme teaches of what is asked in at least `least` percent of vacancies, and in `demand.least_n`.

    `taxonomy`: of the skills of `demand`. With `read`, of a study's tables, each finding names ads that ask it.
    """
    taught = taught_skills([text.text for text in texts], taxonomy)
    enough = [item for item in demand.items.values() if item.vacancies_n is None or item.vacancies_n >= demand.least_n]
    asked = [item for item in enough if item.share_pct >= least]
    ads = with_ads(read, target, [item.item for item in asked]) if read is not None else {}
    labels = _labels(taxonomy)
    return [
        Scan(text, target, demand, tuple(_findings(found, asked, demand, ads, labels)), len(found))
        for text, found in zip(texts, taught, strict=True)
    ]


def _findings(
    taught: Sequence[Taught],
    asked: Sequence[Asked],
    demand: Demand,
    ads: Mapping[str, tuple[str, ...]],
    labels: Mapping[str, Mapping[str, Any]],
) -> list[Finding]:
    by_item: dict[str, list[Taught]] = {}
    for one in taught:
        item = demand.feature_of.get(one.skill_id, "") if demand.feature_of else one.skill_id
        if item:
            by_item.setdefault(item, []).append(one)
    by_near: dict[str, list[Taught]] = {}
    for item, proofs in by_item.items():
        known = demand.items.get(item)
        near = known.near if known else (near_group(item),) if demand.feature_of else families().get(item, ())
        for family in near:
            by_near.setdefault(family, []).extend(proofs)
    found = []
    for want in asked:
        proof = by_item.get(want.item, [])
        beside = [] if proof else [one for family in want.near for one in by_near.get(family, [])]
        verdict: Verdict = "covered" if proof else "partly" if beside else "missing"
        low, high = _GROWTH
        weight = want.share_pct * (1.0 if want.growth is None else min(max(want.growth, low), high))
        found.append(
            Finding(verdict, want.item, want.labels, want.group, want.share_pct, want.growth, weight, want.vacancies_n,
                    tuple(dict.fromkeys(proof or beside))[:3], ads.get(want.item, ()), want.low, want.high, want.size)
        )  # fmt: skip
    found.sort(key=lambda f: (VERDICTS.index(f.verdict), -f.weight, f.item))
    return found + _extra(taught, asked, demand, labels)


def _extra(
    taught: Sequence[Taught],
    asked: Sequence[Asked],
    demand: Demand,
    labels: Mapping[str, Mapping[str, Any]],
) -> list[Finding]:
    """What is taught and hardly asked; skills that the profiles have no place for are left out: nothing is known."""
    if demand.source == "ads" and not demand.vacancies_n:
        return []
    wanted = {one.item for one in asked}
    none = 0 if demand.source == "ads" else None  # profiles count no vacancies
    found = []
    for one in taught:
        item = demand.feature_of.get(one.skill_id, "") if demand.feature_of else one.skill_id
        if item and item not in wanted:
            known, row = demand.items.get(item), labels[one.skill_id]
            named = {lang: row[f"label_{lang}"] or row["label_en"] for lang in ("nl", "en")}
            share = known.share_pct if known else 0.0
            found.append(
                Finding("extra", one.skill_id, named, row["category_group"], share, known.growth if known else None,
                        share, known.vacancies_n if known else none, (one,))
            )  # fmt: skip
    return found


def _labels(taxonomy: Literal["core", "esco"]) -> dict[str, Mapping[str, Any]]:
    from overstap.education.taught import lexicon_of

    return {row["skill_id"]: row for row in lexicon_of(taxonomy).taxonomy.skills.to_pylist()}
