"""A new learning community from the study's data: who asks its skills, who teaches them, who could come, and to whom
to tie.

Numbers come from the finished study. Employers are told as numbers; their names, which stand in the study's own ads,
are given only where the organiser asks for them. Nothing here is a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from overstap.education.matrix import shares_of_units
from overstap.errors import InputError, nearest
from overstap.initiatives.service import codes_at, shrinks
from overstap.initiatives.vocabulary import plain
from overstap.pipeline import Study
from overstap.reference.tables import load

MOST, MOST_EMPLOYERS = 6, 10
LEAST = 0.05  # part of a field's graduates below which it is not called a way to an occupation


@dataclass(frozen=True)
class Idea:
    """What an organiser has in mind; codes as in a register. `people` take part, where that is known."""

    code: str
    name: str
    place: str | None
    province: str | None
    topsectors: tuple[str, ...]
    levels: tuple[str, ...]
    functions: tuple[str, ...]
    skills: tuple[str, ...]
    occupations: tuple[str, ...]
    people: int | None = None
    funding_eur: float | None = None
    start: str | None = None
    partners: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What the study's data hold for an idea. Rows are plain mappings; `employers` is empty unless names were asked."""

    gaps: list[dict[str, Any]]
    asked: dict[str, int]
    employers: list[dict[str, Any]]
    programmes: list[dict[str, Any]]
    people: list[dict[str, Any]]
    ties: list[dict[str, Any]]


def skill_ids(study: Study, names: Sequence[str]) -> list[str]:
    """The ids of skills given by id or label.

    Raises `InputError` for one that the study does not know, with the nearest that it does.
    """
    known: dict[str, str] = {}
    for row in study.table("core_skills", ["skill_id", "label_nl", "label_en"]).to_pylist():
        for name in (row["skill_id"], row["label_nl"], row["label_en"]):
            if name:
                known.setdefault(plain(name), row["skill_id"])
    found = []
    for name in names:
        if plain(name) not in known:
            raise InputError(f"There is no skill '{name}' in this study.", why=nearest(plain(name), known))
        found.append(known[plain(name)])
    return list(dict.fromkeys(found))


def open_gaps(study: Study) -> list[dict[str, Any]]:
    """Skills that are asked more and that no initiative serves, the strongest first."""
    rows: list[dict[str, Any]] = study.table("out_initiative_service").to_pylist()
    return [row for row in rows if row["gap_kind"] == "skill" and not row["initiatives_n"]]


def find_partners(study: Study, idea: Idea, *, names: bool = False) -> Found:
    """What the finished study holds for an idea; `names`: the employers by name, as their ads give it."""
    vacancies = _asking(study, idea)
    service = {row["gap_id"]: row for row in study.table("out_initiative_service").to_pylist()}
    gaps = [service[skill] for skill in idea.skills if skill in service]
    facts = {row["code"]: row for row in study.table("core_occupations").to_pylist()}
    aims = _aims(idea, facts)
    named = _employers(study, vacancies, idea) if names else []
    return Found(
        gaps,
        _counted(vacancies, idea),
        named,
        _programmes(study, idea),
        _people(study, aims, facts),
        _ties(study, idea),
    )


def _asking(study: Study, idea: Idea) -> pa.Table:
    """The vacancies that ask one of the skills, with their employer and province."""
    asked = _rows(study, "core_vacancy_skills", "skill_id", idea.skills, ["vacancy_id"])["vacancy_id"].unique()
    columns = ["vacancy_id", "employer_id", "province_code", "is_agency"]
    return _rows(study, "core_vacancies", "vacancy_id", asked, columns)


def _rows(study: Study, table: str, column: str, values: Any, columns: list[str]) -> pa.Table:
    """The rows of a table whose `column` holds one of the values."""
    data = ds.dataset(study.store.path(table), format="parquet", partitioning=None)
    wanted = pa.array(list(values), pa.string()) if isinstance(values, tuple) else values
    return data.to_table(columns=columns, filter=ds.field(column).isin(wanted))


def _counted(vacancies: pa.Table, idea: Idea) -> dict[str, int]:
    """Vacancies and employers, in all and in the province."""
    near = vacancies.filter(pc.equal(vacancies["province_code"], idea.province or ""))
    return {
        "vacancies_n": vacancies.num_rows,
        "employers_n": pc.count_distinct(vacancies["employer_id"], mode="only_valid").as_py(),
        "placed_n": vacancies.num_rows - vacancies["province_code"].null_count,
        "near_n": near.num_rows,
        "near_employers_n": pc.count_distinct(near["employer_id"], mode="only_valid").as_py(),
    }


def _employers(study: Study, vacancies: pa.Table, idea: Idea) -> list[dict[str, Any]]:
    """Employers by the name in their ads, those in the province first, then those with most vacancies; no agencies."""
    own = [row for row in vacancies.to_pylist() if not row["is_agency"]]
    ids = pa.array([row["vacancy_id"] for row in own], pa.string())
    ads = _rows(study, "raw_ads", "ad_id", ids, ["ad_id", "company"]).to_pylist()
    names = {row["ad_id"]: (row["company"] or "").strip() for row in ads}
    found: dict[str, dict[str, Any]] = {}
    for row in own:
        if name := names.get(row["vacancy_id"], ""):
            one = found.setdefault(name, {"name": name, "vacancies_n": 0, "is_near": False})
            one["vacancies_n"] += 1
            one["is_near"] |= row["province_code"] is not None and row["province_code"] == idea.province
    ranked = sorted(found.values(), key=lambda one: (not one["is_near"], -one["vacancies_n"], one["name"]))
    return ranked[:MOST_EMPLOYERS]


def _aims(idea: Idea, facts: dict[str, dict[str, Any]]) -> list[str]:
    """The occupations of an idea at the level of the study."""
    level = next((row["level"] for row in facts.values()), "brc")
    return [code for named in idea.occupations for code in codes_at(named, level) if code in facts]


def _people(study: Study, aims: Sequence[str], facts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Shrinking occupations from which a feasible move leads to an aim, most people first, of the country."""
    found: dict[str, dict[str, Any]] = {}
    for move in study.table("out_moves").to_pylist():
        start = facts.get(move["from_code"])
        if move["to_code"] in aims and move["is_feasible"] and start and shrinks(start):
            best = found.get(move["from_code"])
            if best is None or move["similarity"] > best["similarity"]:
                found[move["from_code"]] = {**move, **start}
    return sorted(found.values(), key=lambda row: (-(row["jobs"] or 0.0), row["from_code"]))[:MOST]


def _programmes(study: Study, idea: Idea) -> list[dict[str, Any]]:
    """Fields of education that lead to the occupations, with the schools of the study's own files that teach them."""
    units = {code for named in idea.occupations for code in codes_at(named, "isco")}
    levels = [level for level in idea.levels if level != "work"] or ["mbo", "hbo", "wo"]
    weights: dict[tuple[str, str], float] = {}
    for row in load("programme_occupation").to_pylist():
        if not row["isco08"].isdigit() or not any(row["level"].startswith(one) for one in levels):
            continue
        part = sum(share for unit, share in shares_of_units(row["isco08"]).items() if unit in units)
        if part:
            key = row["isced_f"], row["level"]
            weights[key] = weights.get(key, 0.0) + row["weight"] * part
    schools: dict[str, set[str]] = {}
    for row in study.table("core_education", ["isced_f", "institution"]).to_pylist():
        if row["isced_f"] and row["institution"]:
            schools.setdefault(row["isced_f"], set()).add(row["institution"])
    ranked = sorted(
        ((key, weight) for key, weight in weights.items() if weight >= LEAST), key=lambda pair: (-pair[1], pair[0])
    )[:MOST]
    return [
        {"isced_f": field, "level": level, "weight": weight, "schools": sorted(schools.get(field, ()))}
        for (field, level), weight in ranked
    ]


def _ties(study: Study, idea: Idea) -> list[dict[str, Any]]:
    """Initiatives of the same topsector to tie to: TKIs and centres first, then those in the same province."""
    mine = set(idea.topsectors)
    kinds = ("tki", "centre", "lectoraat", "practoraat")
    rows = [
        row
        for row in study.table("core_initiatives").to_pylist()
        if row["initiative_id"] != idea.code and not mine.isdisjoint(row["topsectors"])
    ]
    rows.sort(
        key=lambda row: (
            kinds.index(row["kind"]) if row["kind"] in kinds else len(kinds),
            row["province_code"] != idea.province,
            row["initiative_id"],
        )
    )
    return rows[:MOST]


def entry(idea: Idea, ties: Sequence[str] = (), contact: str = "") -> dict[str, Any]:
    """The entry of a register for an idea; what is not known is left out. `contact` is for the organiser."""
    made: dict[str, Any] = {
        "id": idea.code,
        "name": idea.name,
        "kind": "learning_community",
        "place": idea.place,
        "topsectors": list(idea.topsectors),
        "levels": list(idea.levels),
        "functions": list(idea.functions),
        "phase": "idea",
        "funding_eur": idea.funding_eur,
        "partners": list(idea.partners),
        "links": [{"to": code, "type": "partner"} for code in ties],
        "goals": list(idea.goals),
        "skills": list(idea.skills),
        "occupations": list(idea.occupations),
        "start": idea.start,
        "source": "overstap initiative new",
        "contact": contact,
    }
    return {key: value for key, value in made.items() if value not in (None, [], "")}
