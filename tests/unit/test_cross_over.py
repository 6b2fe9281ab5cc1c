"""Hybrid roles and skills that cross over: the right cell, share and change, and what planted growth is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads.title_domains import DOMAINS
from overstap.analysis.codes import Codes
from overstap.analysis.cross_over import CrossOverSettings, cross_over_table, occupation_domains, skill_domains
from overstap.analysis.market import Compared
from overstap.schema.market import UNTESTED
from tests.coded import by_hand

SETTINGS = CrossOverSettings(Compared("2012", "2017", 0.95), 0.05, 30, 20)
SKILLS = pa.table(
    {
        "skill_id": ["python", "wounds", "teamwork"],
        "category_group": ["digital", "professional", "other"],
        "category": ["programming", "professional", "teamwork"],
    }
)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, ...], Row]:
    """Per year 1,500 vacancies of 150 lasting employers: nurses (sector Q) ask python in 5 %, then 25 %; programmers
    (J) always; cooks (I) in 10 % of both years. Nurses alone ask wound care; 4 %, then 16 % of nurses are data nurses."""
    rng = np.random.default_rng(8)
    rows: list[Row] = []
    for year, chance, hybrid in (("2012", 0.05, 0.04), ("2017", 0.25, 0.16)):
        for k in range(1_500):
            isco4, sector = (("2221", "Q"), ("2512", "J"), ("5120", "I"))[k % 3]
            asks = {"2221": chance, "2512": 1.0, "5120": 0.1}[isco4]
            skill = [*(["python"] if rng.random() < asks else []), *(["wounds"] if isco4 == "2221" else []), "teamwork"]
            domains = ["ict", "health"] if isco4 == "2221" and rng.random() < hybrid else []
            rows.append(
                {"employer": int(rng.integers(150)), "weight": 1.0, "year": year, "isco4": isco4, "isco2": isco4[:2]}
                | {"sector": sector, "skill": sorted(skill), "domains": domains}
            )
    for year, skill in (("2012", []), ("2014", ["python"]), ("2017", [])):  # seen in between only
        one = {"employer": 200, "weight": 1.0, "year": year, "isco4": "9111", "isco2": "91", "sector": "N"}
        rows.append(one | {"skill": skill, "domains": []})
    rows.sort(key=lambda row: row["employer"])
    domains = pa.chunked_array([pa.array([row.pop("domains") for row in rows], pa.list_(pa.string()))])
    table = cross_over_table(by_hand(rows), domains, SKILLS, SETTINGS)
    key = ("kind", "item_id", "isco2", "sector", "period")
    return {tuple(row[name] for name in key): row for row in table.to_pylist()}


def test_digital_skills_are_found_to_grow_in_care_and_nowhere_else(found: dict[tuple[str, ...], Row]) -> None:
    care = found["skills", "ict", "22", "all", "2017"]
    assert (care["direction"], care["vacancies_n"], care["skills"]) == ("rising", 500, ["python"])
    assert care["change_low"] <= 20 <= care["change_high"]
    assert found["skills", "ict", "22", "Q", "2017"]["direction"] == "rising"
    assert found["skills", "ict", "51", "all", "2017"]["direction"] == "unclear"
    assert care["share_low"] <= 25 <= care["share_high"]
    assert found["skills", "ict", "22", "all", "2012"]["change_pp"] is None


def test_skills_of_the_occupations_own_domain_cross_nothing(found: dict[tuple[str, ...], Row]) -> None:
    assert ("skills", "ict", "25", "all", "2017") not in found
    assert not [key for key in found if key[:2] == ("skills", "health")]  # nurses alone ask wound care


def test_hybrid_roles_are_counted_among_all_titles_and_their_growth_is_told(found: dict[tuple[str, ...], Row]) -> None:
    role = found["hybrid", "ict health", "22", "all", "2017"]
    assert role["direction"] == "rising"
    assert role["change_low"] <= 12 <= role["change_high"]
    whole = found["hybrid", "any", "all", "all", "2017"]
    assert (whole["asked_n"], whole["vacancies_n"]) == (role["asked_n"], 1_501)
    between = found["skills", "ict", "91", "all", "2017"]
    assert (between["asked_n"], between["change_pp"], between["direction"]) == (0, 0.0, "unclear")
    assert (between["note"], whole["note"]) == (UNTESTED, None)  # an interval without a verdict says why


def _home() -> tuple[Codes, np.ndarray]:
    rows = [
        {"employer": k, "weight": 1.0, "isco4": code, "skill": asked}
        for k, (code, asked) in enumerate(
            [("2221", ["wounds"])] * 40
            + [("2512", ["python"])] * 40
            + [("5120", ["teamwork"])] * 40
            + [("unknown", ["wounds"])] * 9
        )
    ]
    codes = by_hand(rows)
    return codes, occupation_domains(codes.column("isco4"))


def test_domains_follow_the_longest_known_code_and_where_a_skill_is_asked() -> None:
    codes, home = _home()
    names = [DOMAINS[d] if d >= 0 else d for d in home]
    assert (names[0], names[40], names[80], names[120]) == ("health", "ict", -1, -2)
    of = dict(zip(codes.levels("skill"), skill_domains(codes, home, SKILLS, 20).tolist(), strict=True))
    assert of == {"python": DOMAINS.index("ict"), "wounds": DOMAINS.index("health"), "teamwork": -1}


def test_a_domain_of_few_vacancies_gives_no_skill_its_domain() -> None:
    asked = [("2611", ["sales"])] * 2 + [("2431", ["sales"])] * 30 + [("2512", ["sales"])] * 30 + [("2512", [])] * 300
    skills = pa.table({"skill_id": ["sales"], "category_group": ["professional"], "category": ["professional"]})
    for few, domain in ((asked, "business"), ([row for row in asked if row[0] != "2431"], None)):
        codes = by_hand(
            [{"employer": k, "weight": 1.0, "isco4": code, "skill": own} for k, (code, own) in enumerate(few)]
        )
        (found,) = skill_domains(codes, occupation_domains(codes.column("isco4")), skills, 20)
        assert (None if found < 0 else DOMAINS[found]) == domain  # not law, of whose two vacancies both ask it
