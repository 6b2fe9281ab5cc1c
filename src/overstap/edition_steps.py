"""The step that lays this edition of a study beside the one before, where the study names one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap import __version__
from overstap.errors import OverstapError, StudyError
from overstap.schema import table_spec
from overstap.steps import Context, Step, tables_step
from overstap.study import StudySpec

if TYPE_CHECKING:
    from overstap.pipeline import Study

READ = ("core_vacancies", "core_vacancy_skills", "core_skills", "out_demand")
_WRITES = ("out_editions", "out_edition_years", "out_edition_facts")


def edition_steps() -> list[Step]:
    """The step; it reads what both editions have."""
    code = ("overstap.analysis.editions",)
    return [tables_step("compare_editions", _WRITES, READ, _compared, depends=_facts, code=code)]


def check_previous(spec: StudySpec, base: Path) -> list[OverstapError]:
    """Where the study names an edition before: that it can be read and holds results."""
    if spec.previous is None:
        return []
    try:
        study = previous_of(spec, base)
        missing = [name for name in READ if study is not None and name not in study.store.manifest.tables]
    except OverstapError as error:
        return [error]
    if not missing:
        return []
    what = f"previous: {spec.previous} holds no results to compare with ({', '.join(missing)})."
    return [StudyError(what, fix="Run that edition first: overstap run, or leave 'previous' out.")]


def previous_of(spec: StudySpec, base: Path) -> Study | None:
    """The edition before, by its study file or the folder of it; None where the study names none. Raises StudyError."""
    from overstap.pipeline import Study

    if spec.previous is None:
        return None
    path = base / spec.previous
    return Study.open(path / "study.yaml" if path.is_dir() else path)


def _facts(context: Context) -> Any:
    """The tables of both, and the settings as they are: whichever changes, the comparison does."""
    old = previous_of(context.spec, context.base)
    if old is None:
        return None
    versions = {name: old.store.manifest.tables[name].version for name in READ}
    return [versions, old.spec.model_dump(mode="json"), context.spec.model_dump(mode="json"), __version__]


def _compared(context: Context) -> tuple[pa.Table, ...]:
    old = previous_of(context.spec, context.base)
    if old is None:
        return tuple(table_spec(name).schema.empty_table() for name in _WRITES)
    from overstap.analysis.editions import compare_editions
    from overstap.pipeline import Study

    new = Study(context.base / "study.yaml", context.spec, context.store)
    found = compare_editions(old, new, context.engine)
    facts: list[tuple[str | None, ...]] = [
        ("study", "study", old.spec.study, new.spec.study),
        ("version", "overstap", found.versions[0], __version__),
    ]
    dumps = [study.spec.model_dump(mode="json") for study in (old, new)]
    facts += [
        ("setting", name, *(_value(dump, name) for dump in dumps)) for name in found.settings if name != "previous"
    ]
    before = {source.id for source in old.spec.sources}
    facts += [("source", name, *(("yes", "no") if name in before else ("no", "yes"))) for name in found.sources]
    names = table_spec("out_edition_facts").names
    rows = pa.Table.from_pylist(
        [dict(zip(names, fact, strict=True)) for fact in facts], table_spec("out_edition_facts").schema
    )
    return found.shares, found.counts, rows


def _value(settings: Any, name: str) -> str | None:
    """What a dotted setting says, short; None where it says nothing."""
    for part in name.split("."):
        settings = settings.get(part) if isinstance(settings, dict) else None
    return None if settings is None else str(settings)[:200]
