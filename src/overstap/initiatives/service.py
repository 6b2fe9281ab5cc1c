"""Which skill gaps and moves each initiative serves, and which none does: the register laid beside the study's tables.

A gap is a skill of which the share of vacancies asking it rose (after the control of false discoveries), or an
occupation that people in shrinking work could move to. An initiative serves a skill that it names as taught, and an
occupation that it names as its aim; what it does not name is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from overstap.initiatives.vocabulary import plain
from overstap.reference.tables import load
from overstap.schema import table_spec

Row = dict[str, Any]


def with_skills(rows: Sequence[Row], skills: Iterable[Row], remarks: list[str]) -> list[Row]:
    """Rows with the ids of the skills that they name by id or label; what is not found is kept and remarked on."""
    known: dict[str, str] = {}
    for skill in skills:
        for name in (skill["label_nl"], skill["label_en"], skill["skill_id"]):
            if name:
                known.setdefault(plain(name), skill["skill_id"])
    found = []
    for row in rows:
        for name in row["skills"]:
            if plain(name) not in known:
                remarks.append(
                    f"{row['initiative_id']}: the skill '{name}' is not one of the study's; kept as written."
                )
        found.append(row | {"skills": list(dict.fromkeys(known.get(plain(name), name) for name in row["skills"]))})
    return found


def service(rows: Sequence[Row], change: pa.Table, moves: pa.Table, occupations: pa.Table) -> pa.Table:
    """Rows of `out_initiative_service`.

    `change`: rows of `out_change` of skills over all vacancies; `moves` and `occupations`: `out_moves` and
    `core_occupations`. Largest gaps first within a kind.
    """
    served_skills: dict[str, list[str]] = {}
    for row in rows:
        for skill in row["skills"]:
            served_skills.setdefault(skill, []).append(row["initiative_id"])
    found = [_skill(row, served_skills.get(row["item_id"], [])) for row in change.to_pylist() if is_gap(row)]
    found.sort(key=lambda row: (-(row["ratio_low"] or 0.0), row["gap_id"]))
    return pa.Table.from_pylist(
        found + _occupations(rows, moves, occupations), schema=table_spec("out_initiative_service").schema
    )


def is_gap(row: Row) -> bool:
    """Whether a row of `out_change` is a skill that is asked more, with enough vacancies to list it."""
    return bool(row["direction"] == "rising" and row["is_displayed"])


def _skill(row: Row, served: list[str]) -> Row:
    counts = {"vacancies_n": row["last_n"], "initiatives_n": len(served), "initiatives": served}
    bounds = {"ratio": row["ratio"], "ratio_low": row["listed_low"], "ratio_high": row["listed_high"]}
    return {"gap_kind": "skill", "gap_id": row["item_id"], "openings": None, "origins_n": None, **bounds, **counts}


def _occupations(rows: Sequence[Row], moves: pa.Table, occupations: pa.Table) -> list[Row]:
    """Occupations that a desirable move leads to from shrinking work, with their openings and who trains for them."""
    facts = {row["code"]: row for row in occupations.to_pylist()}
    origins: dict[str, set[str]] = {}
    for move in moves.to_pylist():
        if move["is_desirable"] and shrinks(facts.get(move["from_code"])):
            origins.setdefault(move["to_code"], set()).add(move["from_code"])
    level = next((row["level"] for row in facts.values()), "brc")
    served: dict[str, list[str]] = {}
    for row in rows:
        for code in dict.fromkeys(code for named in row["occupations"] for code in codes_at(named, level)):
            served.setdefault(code, []).append(row["initiative_id"])
    found = []
    for code, froms in origins.items():
        mine = served.get(code, [])
        counts = {"origins_n": len(froms), "initiatives_n": len(mine), "initiatives": mine}
        row = dict.fromkeys(("ratio", "ratio_low", "ratio_high", "vacancies_n"))
        found.append({"gap_kind": "occupation", "gap_id": code, "openings": facts[code]["openings"], **row, **counts})
    return sorted(found, key=lambda row: (-(row["openings"] or 0.0), row["gap_id"]))


def shrinks(facts: Row | None) -> bool:
    """Whether an occupation shrinks by the outlook, or is named as shrinking by the study."""
    return facts is not None and (facts["named_shrinking"] or (facts["growth"] is not None and facts["growth"] < 0))


def codes_at(named: str, level: str) -> list[str]:
    """The codes of `level` (brc or isco) that an occupation of a register, isco:2512 or brc:0811, stands for."""
    kind, _, code = named.partition(":")
    if kind == level:
        return [code]
    return list(_crossed()[kind].get(code, ()))


@lru_cache(maxsize=1)
def _crossed() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """From ISCO unit groups to BRC groups, and back."""
    pairs = [(row["isco08_code"], row["brc_code"]) for row in load("isco08_brc2014").to_pylist() if row["brc_code"]]
    there: dict[str, dict[str, tuple[str, ...]]] = {"isco": {}, "brc": {}}
    for isco, brc in pairs:
        there["isco"][isco] = (*there["isco"].get(isco, ()), brc)
        there["brc"][brc] = (*there["brc"].get(brc, ()), isco)
    return there
