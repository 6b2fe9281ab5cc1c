"""The steps of the labour market ahead. They rest on bundled facts and own tables, as those of moves do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.errors import OverstapError
from overstap.provenance import digest_files
from overstap.steps import Context, Step, tables_step
from overstap.study import OutlookSettings

if TYPE_CHECKING:
    from overstap.outlook.own import Own
    from overstap.outlook.table import Settings


def outlook_steps() -> list[Step]:
    """The steps in order."""
    return [
        tables_step(
            "measure_outlook",
            ("out_outlook", "out_outlook_window"),
            (),
            _outlook,
            depends=_outlook_facts,
            code=("overstap.outlook_steps", "overstap.outlook.table"),
        ),
    ]


def check_outlook(settings: OutlookSettings, base: Path) -> list[OverstapError]:
    """Every problem of the settings and own tables of the outlook; `base` is the study file's folder."""
    from overstap.outlook.source import check_window, employment_paths

    problems: list[OverstapError] = []
    try:
        check_window((settings.first_year, settings.last_year), employment_paths())
    except OverstapError as error:
        problems.append(error)
    try:
        own_of(settings, base)
    except OverstapError as error:
        problems.append(error)
    return problems


def own_of(settings: OutlookSettings, base: Path) -> list[Own]:
    """The study's own paths. Raises `InputError` for a table that does not fit."""
    from overstap.outlook.own import read_own

    return read_own([base / name for name in settings.own])


def settings_of(settings: OutlookSettings) -> Settings:
    """What the outlook is to be drawn with."""
    from overstap.outlook.table import Settings

    return Settings(settings.first_year, settings.last_year, settings.draws, settings.seed, settings.confidence)


def _outlook(context: Context) -> tuple[pa.Table, ...]:
    from overstap.outlook.table import outlook, whole, yearly

    asked = context.spec.outlook
    found = outlook(settings_of(asked), own_of(asked, context.base))
    return yearly(found, asked.confidence), whole(found, asked.confidence)


def _outlook_facts(context: Context) -> Any:
    asked = context.spec.outlook
    files = [context.base / name for name in asked.own]
    return [
        asked.model_dump(include={"first_year", "last_year", "own", "draws", "seed", "confidence"}),
        digest_files(files, context.store),
    ]
