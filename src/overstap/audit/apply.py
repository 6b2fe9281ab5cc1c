"""What a judged sheet changes: the codings that a reader corrected, and the two lines of the study file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from overstap.audit.corrections import Correction, read_corrections, write_corrections
from overstap.audit.sheet import MISSED, SKILL, WRONG, SheetRow, by_ad, is_read
from overstap.audit.values import ADD_SKILL, DROP_SKILL, Values, judged_value, missed_skills
from overstap.errors import InputError, Problems
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
        return [(ADD_SKILL, skill) for skill in missed_skills(row)]
    if row.verdict != WRONG:
        return []
    return [(DROP_SKILL, row.value)] if row.what == SKILL else [(row.what, judged_value(row))]


def apply_sheet(study: Study, rows: Sequence[SheetRow], sheet: Path) -> tuple[Path, int, list[str], list[str]]:
    """Add the sheet's corrections to the study's file of them; its path, how many, lines that the study
    file lacks, and lines that stand in it with another value.

    Corrections of other ads stay. Raises Problems with every answer that names a code or skill that does not exist, or
    a least above its most; nothing is written then.
    """
    skills = study.table("core_skills", ["skill_id"])["skill_id"].to_pylist()
    if problems := _problems(rows, sheet, Values(skills)):
        raise Problems(problems)
    target = study.base / (study.spec.corrections or FILE)
    found = corrections_in(rows)
    known = read_corrections(target, skills) if target.exists() else []
    draft = target.with_name(f".{target.name}.draft")
    write_corrections(draft, [*known, *found])
    try:
        read_corrections(draft, skills)  # with what an earlier sheet said of the same ads
    except InputError as error:
        draft.unlink()
        raise InputError(f"{target} and {sheet}: {error.what.partition(': ')[2]}", fix=error.fix) from error
    draft.replace(target)
    return target, len(found), *_lines(study, target, sheet)


def _problems(rows: Sequence[SheetRow], sheet: Path, values: Values) -> list[InputError]:
    """Every answer of a sheet that cannot be kept, with ad, field and the nearest value that can."""
    problems = []
    for ad_id, ad in by_ad(rows).items():
        for n, faults in values.faults(ad).items():
            for fault in faults:
                what, fix = fault.told(ad[n].what)
                problems.append(InputError(f"{sheet}, ad {ad_id}: {what}", fix=fix))
    return problems


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


_UP = 2
"""Folders up from the study file to which a path is still written from there, so that both can move together."""


def _relative(path: Path, base: Path) -> str:
    """The path as seen from the study file; whole where it lies elsewhere."""
    path, base = path.resolve(), base.resolve()
    above = next((up for up in (base, *base.parents[:_UP]) if path.is_relative_to(up)), None)
    if above is None or above == Path(above.anchor):
        return str(path)
    return Path(*[".."] * (len(base.parts) - len(above.parts)), path.relative_to(above)).as_posix()
