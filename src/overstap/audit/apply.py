"""What a judged sheet changes: the codings that a reader corrected, and the two lines of the study file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from overstap.audit.corrections import ADD_SKILL, DROP_SKILL, Correction, read_corrections, write_corrections
from overstap.audit.sheet import MISSED, SEPARATOR, SKILL, WRONG, SheetRow, by_ad, is_read, said
from overstap.errors import InputError, nearest
from overstap.pipeline import Study

FILE = "corrections.csv"


def corrections_in(rows: Sequence[SheetRow]) -> list[Correction]:
    """The corrections that the ads of a sheet which were read whole hold."""
    found = []
    for ad_id, ad in by_ad(rows).items():
        if is_read(ad):
            found += [Correction("ad", ad_id, field, value) for row in ad for field, value in _changes(row)]
    return found


def _changes(row: SheetRow) -> list[tuple[str, str]]:
    if row.what == MISSED:
        return [(ADD_SKILL, skill.strip()) for skill in row.should_be.split(SEPARATOR) if skill.strip()]
    if row.verdict != WRONG:
        return []
    return [(DROP_SKILL, row.value)] if row.what == SKILL else [(row.what, said(row))]


def apply_sheet(study: Study, rows: Sequence[SheetRow], sheet: Path) -> tuple[Path, int, list[str], list[str]]:
    """Add the sheet's corrections to the study's file of them; its path, how many, lines that the study
    file lacks, and lines that stand in it with another value.

    Corrections of other ads stay. Raises InputError for a code or skill that does not exist; nothing is written then.
    """
    skills = study.table("core_skills", ["skill_id"])["skill_id"].to_pylist()
    target = study.base / (study.spec.corrections or FILE)
    found = corrections_in(rows)
    for c in found:
        if c.field == ADD_SKILL and c.value not in skills:
            raise InputError(
                f"{sheet}: '{c.value}', missed in ad {c.key}, is no skill of the taxonomy.",
                fix=nearest(c.value, skills) or "Take an id from: overstap reference show core_skills",
            )
    known = read_corrections(target, skills) if target.exists() else []
    draft = target.with_name(f".{target.name}.draft")
    write_corrections(draft, [*known, *found])
    try:
        read_corrections(draft, skills)
    except InputError as error:
        draft.unlink()
        raise InputError(f"{sheet}: {error.what.partition(': ')[2]}", fix=error.fix) from error
    draft.replace(target)
    return target, len(found), *_lines(study, target, sheet)


def _lines(study: Study, corrections: Path, sheet: Path) -> tuple[list[str], list[str]]:
    """Lines that the study file lacks, and those in it that name another sheet, which only its owner may change."""
    wanted = {"corrections": (study.spec.corrections, corrections), "audit": (study.spec.audit, sheet)}
    lacking, other = [], []
    for key, (now, path) in wanted.items():
        line = yaml.safe_dump({key: _relative(path, study.base)}, allow_unicode=True).strip()
        if now is None:
            lacking.append(line)
        elif (study.base / now).resolve() != path.resolve():
            other.append(line)
    return lacking, other


def _relative(path: Path, base: Path) -> str:
    try:
        return path.resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        return str(path.resolve())
