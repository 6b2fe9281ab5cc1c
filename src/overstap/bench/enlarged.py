"""A finished study with result tables as large as those of eight million vacancies, copied from a small one.

What it measures is reading: titles, skills and values of dimensions are repeated under other names, in the order in
which the steps write; every other table stays as it is. The numbers in it mean nothing.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from overstap.engine.parquet import TableWriter
from overstap.pipeline import Study
from overstap.schema import table_spec
from overstap.store import TableEntry, folder_size

_BATCH = 8192
_TITLES, _SKILLS, _LEVELS = 50, 4, 12
"""How many times as many titles, skills, and values of a dimension: some 9 M rows of demand and levels of the demo."""
_BY_ITEM = "CASE item_kind WHEN 'title' THEN $titles WHEN 'skill' THEN $skills ELSE 1 END"
_ITEM = "CASE WHEN copy = 0 THEN item_id ELSE item_id || '.' || copy END AS item_id"
_LEVEL = "CASE WHEN copy < $skills THEN level ELSE level || '.' || copy // $skills END AS level"
_ITEM_OF_LEVEL = "CASE WHEN copy % $skills = 0 THEN item_id ELSE item_id || '.' || copy % $skills END AS item_id"
_COPIES = {
    "out_demand": (f"REPLACE ({_ITEM})", _BY_ITEM),
    "out_change": (f"REPLACE ({_ITEM})", _BY_ITEM),
    "out_levels": (
        f"REPLACE ({_ITEM_OF_LEVEL}, {_LEVEL})",
        "CASE item_kind WHEN 'skill' THEN $skills * $levels ELSE $levels * $skills END",
    ),
    "core_skills": (
        "REPLACE (CASE WHEN copy = 0 THEN skill_id ELSE skill_id || '.' || copy END AS skill_id)",
        "$skills",
    ),
}

_ORDER = {"out_levels": ("dimension", "item_kind", "period_kind", "level", "period", "item_id")}
"""In which `analysis.level_rows` writes, where it is not that of the key."""


def enlarge(study: Study, folder: Path) -> Study:
    """A copy of a finished study in `folder`, with large tables of demand, change and levels."""
    copy = folder / "study"
    shutil.copytree(study.base, copy)
    made = Study.open(copy / study.path.name)
    for name in _COPIES:
        _repeat(made, name)
    made.store.save()
    return made


def _repeat(study: Study, name: str) -> None:
    store, spec = study.store, table_spec(name)
    chosen, times = _COPIES[name]
    pattern = str(store.path(name) / "*.parquet").replace("'", "''")
    every = {"titles": _TITLES, "skills": _SKILLS, "levels": _LEVELS}
    key = ", ".join(f'"{column}"' for column in _ORDER.get(name, spec.key))
    query = (
        f"SELECT * EXCLUDE (copy) {chosen} FROM (SELECT *, unnest(range({times})) AS copy "
        f"FROM read_parquet('{pattern}')) ORDER BY {key}"
    )
    used = {field: value for field, value in every.items() if f"${field}" in query}
    target = store.folder / f".{name}"
    writer = TableWriter(spec, target)
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "3GB"}) as connection:
        connection.execute(f"SET temp_directory = '{store.folder}/.scratch'")
        for batch in connection.sql(query, params=used).to_arrow_reader(_BATCH):
            writer.write(pa.record_batch(batch.columns, schema=batch.schema))
    rows = writer.close()
    shutil.rmtree(store.path(name))
    target.replace(store.path(name))
    entry: TableEntry = store.manifest.tables[name]
    store.manifest.tables[name] = replace(entry, rows=rows, size=folder_size(store.path(name)))
