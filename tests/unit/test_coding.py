"""Coding of vacancies: what each dimension is read from, and what is unknown, none, rare or weighted."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from overstap.analysis.coding import Asked, Coded, code_vacancies
from overstap.analysis.dimensions import READ_FROM
from overstap.schema import table_spec
from overstap.schema.codes import ASKED, DIMENSIONS
from tests.coded import coded_of

SKILLS = [
    ("s.python", "programming", "digital"),
    ("s.sql", "database", "digital"),
    ("s.team", "collaboration", "other"),
]


def vacancies(*rows: dict[str, Any]) -> pa.Table:
    basis = {
        "source_id": "a",
        "year": "2016",
        "month": "2016-05",
        "language": "nl",
        "codable": True,
        "employer_id": "e",
    }
    made = [{"vacancy_id": f"v{i}", **basis, **row} for i, row in enumerate(rows)]
    schema = pa.schema([field.with_nullable(True) for field in table_spec("core_vacancies").schema])
    return pa.Table.from_pylist(made, schema)


def coded(table: pa.Table, asked: list[tuple[str, str]] = [], least: int = 2) -> Coded:  # noqa: B006
    pairs = pa.table(
        {
            "vacancy_id": pa.array([v for v, _ in asked], pa.string()),
            "skill_id": pa.array([s for _, s in asked], pa.string()),
        }
    )
    names = ("skill_id", "category", "category_group")
    skills = pa.table({name: [row[k] for row in SKILLS] for k, name in enumerate(names)})
    return coded_of(table, pairs, skills, min_title=least)


def values(found: Coded, name: str) -> dict[str, Any]:
    """Value, or values, of each vacancy."""
    column, ids = found.columns[name], found.vacancies.to_pylist()
    if column.offsets is None:
        return {v: column.levels[c] for v, c in zip(ids, column.codes, strict=True)}
    bounds = zip(column.offsets[:-1], column.offsets[1:], strict=True)
    return {v: [column.levels[c] for c in column.codes[a:b]] for v, (a, b) in zip(ids, bounds, strict=True)}


def one(name: str, **row: Any) -> Any:
    return values(coded(vacancies(row)), name)["v0"]


def test_every_dimension_is_read_from_somewhere() -> None:
    assert {*READ_FROM, *(dimension.name for dimension in ASKED)} == set(DIMENSIONS)


@pytest.mark.parametrize(
    ("name", "row", "value"),
    [
        ("quarter", {"month": "2016-01"}, "2016Q1"),
        ("quarter", {"month": "2016-12"}, "2016Q4"),
        ("isco2", {"isco08": "2512"}, "25"),
        ("isco3", {"isco08": "25"}, "unknown"),
        ("isco4", {}, "unknown"),
        ("brc", {"isco08": "2512"}, "0811"),
        ("brc", {"isco08": "25"}, "unknown"),
        ("sbi2", {"sbi_code": "6201"}, "62"),
        ("sbi2", {"sbi_code": "J"}, "unknown"),
        ("topsector", {"topsectors": ["htsm", "chemie"]}, ["chemie", "htsm"]),
        ("topsector", {"topsectors": []}, ["none"]),
        ("topsector", {}, ["unknown"]),
        ("education", {"education_levels": ["wo", "hbo"]}, ["hbo", "wo"]),
        ("experience", {"experience_years_min": 0.0}, "<1"),
        ("experience", {"experience_years_min": 3.0}, "3-4"),
        ("experience", {}, "unknown"),
        ("hours", {"hours_min": 32.0, "hours_max": 40.0}, "35+"),
        ("hours", {"hours_min": 16.0, "hours_max": 24.0}, "20-24"),
        ("hours", {"hours_max": 11.5}, "<12"),
        ("pay", {"salary_min": 2000.0, "salary_max": 3000.0, "salary_period": "month"}, "2500-2999"),
        ("pay", {"salary_min": 20.0, "salary_period": "hour"}, "3000-3499"),
        ("pay", {"salary_max": 64800.0, "salary_period": "year"}, "5000-5999"),
        ("pay", {"salary_min": 3000.0}, "unknown"),
        ("employer_type", {"is_agency": True}, "agency"),
        ("employer_type", {"is_agency": False}, "direct"),
        ("employer_type", {}, "unknown"),
        ("required_language", {"languages_required": ["en"]}, ["en"]),
    ],
)
def test_values(name: str, row: dict[str, Any], value: Any) -> None:
    assert one(name, **row) == value


def test_those_of_one_employer_stand_together_and_skills_with_their_vacancy() -> None:
    table = vacancies(*({"employer_id": e} for e in "abab"))
    asked = [
        ("v3", "s.sql"),
        ("v0", "s.python"),
        ("v0", "s.sql"),
        ("v0", "s.team"),
        ("v2", "s.team"),
        ("elsewhere", "s.sql"),
    ]
    found = coded(table, asked)
    assert found.vacancies.to_pylist() == ["v0", "v2", "v1", "v3"]
    assert found.employers.tolist() == [0, 0, 1, 1]
    assert values(found, "skill") == {
        "v0": ["s.python", "s.sql", "s.team"],
        "v1": [],
        "v2": ["s.team"],
        "v3": ["s.sql"],
    }
    assert values(found, "category_group") == {"v0": ["digital", "other"], "v1": [], "v2": ["other"], "v3": ["digital"]}


def test_rare_titles_are_no_titles() -> None:
    titles = ({"title_key": t} for t in ("cook", "cook", "rare", None))
    assert values(coded(vacancies(*titles)), "title") == {"v0": ["cook"], "v1": ["cook"], "v2": [], "v3": []}


def test_weights_are_joined_and_nothing_where_there_is_none() -> None:
    table = vacancies(*({"employer_id": e} for e in "ba"))
    weights = pa.table({"vacancy_id": ["v1"], "weight": [2.5]})
    found = code_vacancies(
        table.select, Asked.of([]), table_spec("core_skills").schema.empty_table(), min_title=1, weights=weights
    )
    assert dict(zip(found.vacancies.to_pylist(), found.weights.tolist(), strict=True)) == {"v0": 0.0, "v1": 2.5}


def test_tables_hold_to_their_contracts() -> None:
    found = coded(vacancies({"topsectors": ["htsm"]}, {"employer_id": "f"}), [("v0", "s.sql")])
    for batch in found.batches():
        assert table_spec("core_codes").cast(batch).num_rows == 2
    levels = table_spec("core_levels").cast(found.levels().to_batches()[0]).to_pylist()
    assert {"dimension": "topsector", "code": 0, "value": "htsm"} in levels
