"""Technologies and the skills that show them in an ad: the bundled table, or the study's own CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import InputError, nearest

_COLUMNS = ("technology_id", "label_nl", "label_en", "skill_ids")
_MEND = "Columns: technology_id,label_nl,label_en,skill_ids. Start from: overstap reference show technologies"


@dataclass(frozen=True)
class Technology:
    """A technology: its labels by language, and the skills of which any shows that an ad asks it."""

    id: str
    labels: dict[str, str]
    skills: tuple[str, ...]


def technologies_of(setting: str, base: Path) -> list[Technology]:
    """The bundled technologies for `default`, else those of the CSV at `setting`, relative to `base`; `skill_ids` are
    separated by |.

    Raises InputError where the file is missing, lacks a column, or names a technology twice or without skills.
    """
    if setting == "default":
        from overstap.reference.tables import load

        return _technologies(load("technologies").to_pylist(), "the bundled table")
    path = base / setting
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or [])]
            rows = list(reader)
    except FileNotFoundError:
        raise InputError(
            f"technologies: there is no file {path}.", fix="Name a CSV, or use technologies: default."
        ) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"technologies: {path} is not a CSV: {error}", fix=_MEND) from error
    if missing:
        raise InputError(f"technologies: {path} lacks {', '.join(missing)}.", fix=_MEND)
    return _technologies(rows, str(path))


def _technologies(rows: Iterable[dict[str, str | None]], where: str) -> list[Technology]:
    found: dict[str, Technology] = {}
    for row in rows:
        id = (row["technology_id"] or "").strip()
        skills = tuple(part.strip() for part in (row["skill_ids"] or "").split("|") if part.strip())
        if not id or not skills:
            raise InputError(f"technologies: {where} has a row without an id or without skills: '{id}'.", fix=_MEND)
        if id in found:
            raise InputError(f"technologies: {where} names '{id}' twice.", fix="Put all its skills in one row.")
        labels = {language: (row[f"label_{language}"] or "").strip() or id for language in ("nl", "en")}
        found[id] = Technology(id, labels, skills)
    return list(found.values())


def check_technologies(setting: str, base: Path, taxonomy: str) -> list[InputError]:
    """Every problem of a study's own technologies: as `technologies_of` raises, and skills that `taxonomy` lacks."""
    if setting == "default":
        return []  # these are of the core taxonomy, which every study has
    from overstap.reference.taxonomy import load_taxonomy

    try:
        own = technologies_of(setting, base)
    except InputError as error:
        return [error]
    known = set(load_taxonomy(taxonomy).skills["skill_id"].to_pylist())
    return [
        InputError(
            f"technologies: '{technology.id}' names the skill '{skill}', which the taxonomy does not have.",
            fix=nearest(skill, known) or "Name skills as they stand in core_skills, such as core.robotics.",
        )
        for technology in own
        for skill in technology.skills
        if skill not in known
    ]
