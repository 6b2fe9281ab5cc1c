"""Coded vacancies for tests: from tables as the study's steps write them, or from a few values by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from overstap.analysis.codes import Codes
from overstap.analysis.coding import Asked, Coded, code_vacancies
from overstap.schema import table_spec
from overstap.schema.codes import DIMENSIONS, PERIOD_NAMES


def coded_of(vacancies: pa.Table, asked: pa.Table, skills: pa.Table, *, min_title: int, **more: Any) -> Coded:
    """`core_vacancies` coded with its asked skills, in any order, and `core_skills`; `more` as `code_vacancies` takes."""
    by_vacancy = asked.select(["vacancy_id", "skill_id"]).sort_by([("vacancy_id", "ascending")])
    return code_vacancies(vacancies.select, Asked.of(by_vacancy.to_batches()), skills, min_title=min_title, **more)


def codes_of(vacancies: pa.Table, asked: pa.Table, skills: pa.Table, *, min_title: int, **more: Any) -> Codes:
    """The same, to be read."""
    return Codes.of_coded(coded_of(vacancies, asked, skills, min_title=min_title, **more))


def by_hand(rows: Sequence[Mapping[str, Any]]) -> Codes:
    """Codes of rows with `employer` (a number), `weight` and dimensions by name, lists where there may be several."""
    rows = sorted(rows, key=lambda row: (row["employer"], *(row.get(period, "") for period in PERIOD_NAMES[::-1])))
    known = [name for name in DIMENSIONS if rows and name in rows[0]]
    levels, columns = [], {"employer_code": [row["employer"] for row in rows], "weight": [r["weight"] for r in rows]}
    for name in known:
        many = DIMENSIONS[name].many
        values = sorted({value for row in rows for value in (row[name] if many else [row[name]])})
        levels += [{"dimension": name, "code": code, "value": value} for code, value in enumerate(values)]
        to = {value: code for code, value in enumerate(values)}
        columns[name] = [[to[v] for v in row[name]] if many else to[row[name]] for row in rows]
    schema = table_spec("core_codes").schema
    arrays = {name: pa.chunked_array([pa.array(column, schema.field(name).type)]) for name, column in columns.items()}
    return Codes(pa.Table.from_pylist(levels, table_spec("core_levels").schema), arrays.__getitem__)
