"""Sources of the bundled tables: who published what, for which period, under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

ESCO_STATEMENT = "This service uses the ESCO classification of the European Commission."


@dataclass(frozen=True, slots=True)
class Source:
    """One publication that a table rests on; `accessed` is an ISO date, `licence` the licence as stated."""

    id: str
    title: str
    publisher: str
    period: str
    licence: str
    url: str
    accessed: str
    note: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """What a bundled table holds: its source ids, a description, and the type of each column."""

    name: str
    source_ids: tuple[str, ...]
    description: str
    columns: dict[str, str]


@lru_cache(maxsize=1)
def _register() -> dict[str, Any]:
    text = files("overstap.reference").joinpath("data/sources.yaml").read_text(encoding="utf-8")
    register: dict[str, Any] = yaml.safe_load(text)
    return register


@lru_cache(maxsize=1)
def all_sources() -> dict[str, Source]:
    """Every source by its id."""
    return {key: Source(key, **{k: str(v) for k, v in entry.items()}) for key, entry in _register()["sources"].items()}


@lru_cache(maxsize=1)
def all_tables() -> dict[str, TableInfo]:
    """Every bundled table by its name."""
    return {
        name: TableInfo(name, tuple(t["sources"]), t["description"], dict(t["columns"]))
        for name, t in _register()["tables"].items()
    }
