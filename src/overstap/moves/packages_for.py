"""Which packages of training open the moves of a question, by pair of sectors: rows for a fund across sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from overstap.moves.crosswalk import Level
from overstap.moves.gaps import covering
from overstap.moves.packages import ALL, Package, PersonsMove, by_sectors, gaps_of_flows, packages
from overstap.moves.similarity import compared
from overstap.moves.skill_meaning import stand_ins
from overstap.moves.start import skill_names
from overstap.reference.tables import load

COLUMNS = (
    "sector_from", "sector_to", "sector_from_name", "sector_to_name", "movers", "rank", "package", "package_name",
    "package_skills", "skill_level", "persons", "covered", "share_pct", "opened", "months_low", "months", "months_high",
    "eur_low", "eur", "eur_high",
)  # fmt: skip
REST = ("overige vaardigheden", "other skills")


def moves_of(flows: Sequence[Mapping[str, Any]], facts: pa.Table, level: Level) -> list[PersonsMove]:
    """The moves of an answer with what each still has to learn. What is missing counts what is nearly the same
    (`gaps.covering`).

    `flows`: rows of `collective.flows`; `facts`: of the occupations. Sectors are not divided yet (`split_by_sector`).
    """
    persons = {(row["from_code"], row["to_code"]): row["persons"] for row in flows}
    whole = compared(level)[0]
    lacking = gaps_of_flows(covering(whole, stand_ins(whole)), persons)
    levels = dict(zip(*(facts[name].to_pylist() for name in ("code", "skill_level_max")), strict=True))
    return [
        PersonsMove(start, goal, n, ALL, ALL, tuple(lacking[start, goal]), int(levels[goal] or 2))
        for (start, goal), n in sorted(persons.items())
    ]


def package_rows(
    moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None, lang: str = "nl"
) -> list[dict[str, Any]]:
    """Rows of COLUMNS of moves divided over sectors: packages of all together, then of each pair of different ones, the
    pair with most movers first.

    `movers` are the persons of the pair's moves, `share_pct` the part of them that this package and those before reach;
    for the other figures see `packages.Package`. Raises `InputError` as `packages.packages`.
    """
    names = section_names(lang) | {ALL: {"nl": "alle sectoren", "en": "all sectors"}[lang]}
    everyone = sum(move.persons for move in moves)
    found = {(ALL, ALL): (everyone, packages(moves, most, costs)), **by_sectors(moves, most, costs)}
    return [
        _row(left, entered, names, movers, rank, one, lang)
        for (left, entered), (movers, chosen) in found.items()
        for rank, one in enumerate(chosen, 1)
    ]


def _row(
    left: str, entered: str, names: dict[str, str], movers: float, rank: int, one: Package, lang: str
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sector_from": left,
        "sector_to": entered,
        "sector_from_name": names.get(left, left),
        "sector_to_name": names.get(entered, entered),
        "movers": round(movers, 1),
        "rank": rank,
        "package": one.group,
        "package_name": group_name(one.group, lang),
        "package_skills": "; ".join(named_skills(one.skills, lang)),
        "skills": list(one.skills),
        "skill_level": one.skill_level,
        "persons": round(one.persons, 1),
        "covered": round(one.covered, 1),
        "share_pct": round(100 * one.share, 1),
        "opened": round(one.opened, 1),
    }
    for name, values, digits in (("months", one.months, 2), ("eur", one.eur, 0)):
        row |= {f"{name}{end}": round(value, digits) for end, value in zip(("_low", "", "_high"), values, strict=True)}
    return row


def section_names(lang: str) -> dict[str, str]:
    """Names of the sections of SBI 2008 by letter."""
    return {row["code"]: row[f"title_{lang}"] for row in load("sbi2008").to_pylist() if row["level"] == 1}


def named_skills(skills: Sequence[str], lang: str) -> list[str]:
    """Names of skills (ESCO URIs) or of groups of skills; in the other language, marked, where there is none."""
    return [_skill_name(skill, lang) for skill in skills]


@lru_cache(maxsize=4096)
def _skill_name(skill: str, lang: str) -> str:
    if not skill.startswith("http"):
        return group_name(skill, lang)
    ((dutch, english),) = skill_names([skill])
    own, other = (dutch, english) if lang == "nl" else (english, dutch)
    return own or (f"{other} [{'en' if lang == 'nl' else 'nl'}]" if other else skill)


@lru_cache(maxsize=512)
def group_name(group: str, lang: str) -> str:
    """The name of a group of skills, or of the nearest above it that has one."""
    names = {row["code"]: row[f"name_{lang}"] or row["name_en"] for row in load("esco_skill_groups").to_pylist()}
    known = next((names[group[:end]] for end in range(len(group), 0, -1) if group[:end] in names), None)
    return known or REST[lang == "en"]
