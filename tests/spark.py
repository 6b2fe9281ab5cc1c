"""A study with Spark beside the same one with DuckDB."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from overstap.pipeline import Study
from overstap.schema import table_spec


def with_spark(study: Study, folder: Path) -> Study:
    """A copy of the study in `folder`, without its results, that asks for Spark."""
    shutil.copytree(study.base, folder, ignore=shutil.ignore_patterns(study.spec.output))
    settings = yaml.safe_load(study.path.read_text(encoding="utf-8"))
    path = folder / study.path.name
    path.write_text(yaml.safe_dump({**settings, "engine": "spark"}, allow_unicode=True), encoding="utf-8")
    return Study.open(path)


def differing(one: Study, other: Study) -> list[str]:
    """The tables that differ in a type or a value; the order of rows is not looked at."""
    return [name for name in one.store.manifest.tables if not _same(one, other, name)]


def _same(one: Study, other: Study, name: str) -> bool:
    key = [(column, "ascending") for column in table_spec(name).key]
    tables = [study.table(name) for study in (one, other)]
    mine, theirs = [table.sort_by(key) for table in tables] if key else tables
    return bool(mine.schema == theirs.schema and mine.equals(theirs))
