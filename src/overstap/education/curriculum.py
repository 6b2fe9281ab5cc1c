"""Skills that a programme teaches against those that the occupations ask to which it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from overstap.education import LEAST_PCT
from overstap.education.asked import Asked, Demand, Target, near_group, near_of, with_ads
from overstap.education.taught import Taught, taught_skills
from overstap.education.texts import ProgrammeText, read_programme_texts
from overstap.errors import InputError, Problems

if TYPE_CHECKING:
    from overstap.pipeline import Study

Verdict = Literal["covered", "partly", "missing", "extra"]
VERDICTS: tuple[Verdict, ...] = ("covered", "partly", "missing", "extra")
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
    texts: Sequence[ProgrammeText], target: Target, demand: Demand, study: Study | None = None, least: float = LEAST_PCT
) -> list[Scan]:
    """What each programme teaches of what is asked in at least `least` percent of vacancies.

    With `study` each finding names ads that ask it.
    """
    taxonomy = "core" if study is None else study.spec.annotation.taxonomy
    taught = taught_skills([text.text for text in texts], taxonomy)
    asked = [item for item in demand.items.values() if item.share_pct >= least]
    ads = with_ads(study, demand, target, [item.item for item in asked]) if study is not None else {}
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
        near = known.near if known else near_group(item) if demand.feature_of else near_of(labels[item])
        if near:
            by_near.setdefault(near, []).extend(proofs)
    found = []
    for want in asked:
        proof = by_item.get(want.item, [])
        beside = [] if proof or not want.near else by_near.get(want.near, [])
        verdict: Verdict = "covered" if proof else "partly" if beside else "missing"
        low, high = _GROWTH
        weight = want.share_pct * (1.0 if want.growth is None else min(max(want.growth, low), high))
        found.append(
            Finding(verdict, want.item, want.labels, want.group, want.share_pct, want.growth, weight, want.vacancies_n,
                    tuple((proof or beside)[:3]), ads.get(want.item, ()))
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
    wanted = {one.item for one in asked}
    found = []
    for one in taught:
        item = demand.feature_of.get(one.skill_id, "") if demand.feature_of else one.skill_id
        if item and item not in wanted:
            known, row = demand.items.get(item), labels[one.skill_id]
            named = {lang: row[f"label_{lang}"] or row["label_en"] for lang in ("nl", "en")}
            share = known.share_pct if known else 0.0
            found.append(
                Finding("extra", one.skill_id, named, row["category_group"], share, known.growth if known else None,
                        share, known.vacancies_n if known else 0, (one,))
            )  # fmt: skip
    return found


def _labels(taxonomy: Literal["core", "esco"]) -> dict[str, Mapping[str, Any]]:
    from overstap.education.taught import lexicon_of

    return {row["skill_id"]: row for row in lexicon_of(taxonomy).taxonomy.skills.to_pylist()}
