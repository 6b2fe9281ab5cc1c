"""Which packages of training open the moves of a question, by pair of sectors: rows for a fund across sectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from overstap.moves.collective import Question, answer, flows
from overstap.moves.crosswalk import Level
from overstap.moves.gaps import covering
from overstap.moves.packages import Package, PersonsMove, by_sectors, gaps_of_flows, moves_by_sector, packages
from overstap.moves.sectors import sectors_of
from overstap.moves.similarity import compared
from overstap.moves.skill_meaning import stand_ins
from overstap.reference.tables import load

ALL = "all"
"""The name of all sectors together."""
COLUMNS = (
    "sector_from", "sector_to", "sector_from_name", "sector_to_name", "movers", "rank", "package", "package_name",
    "skill_level", "persons", "covered", "share_pct", "opened", "months_low", "months", "months_high", "eur_low", "eur",
    "eur_high",
)  # fmt: skip
REST = ("overige vaardigheden", "other skills")


def package_moves(question: Question, level: Level) -> list[PersonsMove]:
    """The moves of the answer with most people placed, divided over pairs of sectors: allocated, as nobody counts them.

    What is missing counts what is nearly the same (`gaps.covering`).
    """
    found = flows(question, answer(question)).to_pylist()
    persons = {(row["from_code"], row["to_code"]): row["persons"] for row in found}
    whole = compared(level)[0]
    lacking = gaps_of_flows(covering(whole, stand_ins(whole)), persons)
    facts = question.facts.select(["code", "skill_level_max"]).to_pylist()
    levels = {row["code"]: int(row["skill_level_max"] or 2) for row in facts}
    return moves_by_sector(persons, sectors_of(level), lacking, levels)


def package_rows(
    moves: Sequence[PersonsMove], most: int = 5, costs: pa.Table | None = None, lang: str = "nl"
) -> list[dict[str, Any]]:
    """Rows of COLUMNS: packages of all sectors together, then of each pair of different ones, most movers first.

    `movers` are the persons of the pair's moves, `share_pct` the part of them that this package and those before reach;
    for the other figures see `packages.Package`. Raises `InputError` as `packages.packages`.
    """
    names = _section_names(lang) | {ALL: {"nl": "alle sectoren", "en": "all sectors"}[lang]}
    found: list[tuple[str, str, Sequence[PersonsMove], list[Package]]] = [
        (ALL, ALL, moves, packages(moves, most, costs))
    ]
    for (left, entered), chosen in by_sectors(moves, most, costs).items():
        mine = [move for move in moves if (move.sector_from, move.sector_to) == (left, entered)]
        found.append((left, entered, mine, chosen))
    return [
        _row(left, entered, names, sum(move.persons for move in mine), rank, one, lang)
        for left, entered, mine, chosen in found
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
        "package_name": _group_name(one.group, lang),
        "skill_level": one.skill_level,
        "persons": round(one.persons, 1),
        "covered": round(one.covered, 1),
        "share_pct": round(100 * one.share, 1),
        "opened": round(one.opened, 1),
    }
    for name, values, digits in (("months", one.months, 2), ("eur", one.eur, 0)):
        row |= {f"{name}{end}": round(value, digits) for end, value in zip(("_low", "", "_high"), values, strict=True)}
    return row


def _section_names(lang: str) -> dict[str, str]:
    return {row["code"]: row[f"title_{lang}"] for row in load("sbi2008").to_pylist() if row["level"] == 1}


def _group_name(group: str, lang: str) -> str:
    """The name of a group of skills, or of the nearest above it that has one."""
    names = {row["code"]: row[f"name_{lang}"] or row["name_en"] for row in load("esco_skill_groups").to_pylist()}
    known = next((names[group[:end]] for end in range(len(group), 0, -1) if group[:end] in names), None)
    return known or REST[lang == "en"]
