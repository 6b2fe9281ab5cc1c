"""Read the core skills taxonomy as its authors write it: one CSV file a category, forms in a small notation.

Columns: skill_id, label_nl, label_en, esco_uri, forms_nl, forms_en, context, not_forms, note. Items of a cell are split
by ` | `, braces give alternatives, a leading `=` means this exact case, a trailing `~` only beside a context item.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from overstap.ads.tokens import fold_tokens
from overstap.errors import OverstapError, Problems, ReferenceDataError, nearest
from overstap.reference.forms import expand, split_forms

GROUPS = ("digital", "other", "professional", "language")
_MEMBERS = {
    "digital": "basic_computer resource_management_software programming database web_development computer_aided_design"
    " big_data_analytics digital_transformation server_network industrial_automation online_marketing digital_esco",
    "other": "communication planning_organisation self_starter collaboration leadership flexibility problem_solving"
    " service_orientation creativity computational_thinking transversal_esco",
    "professional": "professional",
    "language": "language",
}
CATEGORIES: Mapping[str, str] = {name: group for group, names in _MEMBERS.items() for name in names.split()}
"""Category → group. `digital_esco` and `transversal_esco` hold ESCO skills that no core skill covers."""
BLOCKED_COLUMNS = ("form", "context", "reason")
ESCO_FORM_COLUMNS = ("esco_uri", "language", "forms")
COLUMNS = ("skill_id", "label_nl", "label_en", "esco_uri", "forms_nl", "forms_en", "context", "not_forms", "note")
_SKILL_ID = re.compile(r"core\.[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Form:
    """One surface form as written, without its marks."""

    text: str
    language: str = "any"
    case_sensitive: bool = False
    needs_context: bool = False


@dataclass(slots=True)
class CoreSkill:
    """One row of the taxonomy, with all forms written out."""

    skill_id: str
    label_nl: str
    label_en: str
    esco_uri: str | None
    category: str
    forms: list[Form] = field(default_factory=list)
    not_forms: list[Form] = field(default_factory=list)
    context: list[Form] = field(default_factory=list)
    context_groups: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Blocked:
    """What must stand near a label of ESCO for it to count: words, or groups of skills; with neither it never does."""

    words: tuple[Form, ...] = ()
    groups: tuple[str, ...] = ()


def core_paths(folder: Path) -> list[Path]:
    """The files of the core skills in `folder`, by name. Raises ReferenceDataError where there are none."""
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise ReferenceDataError(f"The core skills taxonomy has no files in {folder}.", fix="Install overstap again.")
    return paths


def read_core(folder: Path) -> list[CoreSkill]:
    """All core skills in `folder`, ordered by id. Raises ReferenceDataError (or Problems, where there are several),
    with file and line, for a missing folder, an unknown category, a wrong column, a doubled id or a broken form."""
    problems: list[OverstapError] = []
    skills: dict[str, CoreSkill] = {}
    for path in core_paths(folder):
        for place, skill in _read_file(path, problems):
            if skill.skill_id in skills:
                problems.append(ReferenceDataError(f"{place}: the skill '{skill.skill_id}' stands twice."))
            skills.setdefault(skill.skill_id, skill)
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems)
    return [skills[name] for name in sorted(skills)]


def _read_file(path: Path, problems: list[OverstapError]) -> Iterator[tuple[str, CoreSkill]]:
    if path.stem not in CATEGORIES:
        hint = nearest(path.stem, CATEGORIES)
        problems.append(ReferenceDataError(f"{path}: '{path.stem}' is not a category.", fix=hint))
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            problems.append(ReferenceDataError(f"{path} lacks the columns {', '.join(missing)}."))
            return
        for row in reader:
            place = f"{path.name}, line {reader.line_num}"
            try:
                yield place, _skill(row, path.stem)
            except ValueError as error:
                problems.append(ReferenceDataError(f"{place}: {error}."))


def _skill(row: dict[str, str], category: str) -> CoreSkill:
    if None in row or None in row.values():
        raise ValueError("the row has more or fewer cells than the header; quote a cell that holds a comma")
    cells = {name: row[name].strip() for name in COLUMNS}
    if not _SKILL_ID.fullmatch(cells["skill_id"]):
        raise ValueError(f"'{cells['skill_id']}' is not a skill id such as core.customer_orientation")
    if not cells["label_nl"] or not cells["label_en"]:
        raise ValueError(f"{cells['skill_id']} lacks a Dutch or English label")
    skill = CoreSkill(cells["skill_id"], cells["label_nl"], cells["label_en"], cells["esco_uri"] or None, category)
    for language in ("nl", "en"):
        skill.forms += _forms(cells[f"forms_{language}"], language)
    skill.not_forms = _forms(cells["not_forms"], "any")
    skill.context, skill.context_groups = _context(cells["context"])
    if not skill.context and not skill.context_groups and any(form.needs_context for form in skill.forms):
        raise ValueError(f"{skill.skill_id} has a form marked ~ but no context")
    return skill


def read_esco_forms(path: Path) -> dict[str, list[Form]]:
    """Forms of our own for ESCO skills, by URI; columns esco_uri, language (nl or en), forms and, for the reader, note.

    Raises ReferenceDataError, with file and line, for a wrong column, an unknown language, a broken form, or one marked
    `~`, which has no context here.
    """
    found: dict[str, list[Form]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in ESCO_FORM_COLUMNS if name not in (reader.fieldnames or ())]:
            raise ReferenceDataError(f"{path} lacks the columns {', '.join(missing)}.")
        for row in reader:
            try:
                if None in row or None in row.values():
                    raise ValueError("the row has more or fewer cells than the header; quote a cell that holds a comma")
                if row["language"] not in ("nl", "en"):
                    raise ValueError(f"'{row['language']}' is not a language; write nl or en")
                forms = _forms(row["forms"], row["language"])
                if any(form.needs_context for form in forms):
                    raise ValueError("a form is marked ~ but there is no context")
            except ValueError as error:
                raise ReferenceDataError(f"{path.name}, line {reader.line_num}: {error}.") from error
            found.setdefault(row["esco_uri"], []).extend(forms)
    return found


def read_blocked(path: Path) -> dict[tuple[str, ...], Blocked]:
    """The labels of ESCO that do not count as they stand, by folded tokens; columns form, context, reason.

    Raises ReferenceDataError, with file and line, for a wrong column, a broken form or one that stands twice.
    """
    found: dict[tuple[str, ...], Blocked] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in BLOCKED_COLUMNS if name not in (reader.fieldnames or ())]:
            raise ReferenceDataError(f"{path} lacks the columns {', '.join(missing)}.")
        for row in reader:
            place = f"{path.name}, line {reader.line_num}"
            try:
                if None in row or None in row.values():
                    raise ValueError("the row has more or fewer cells than the header; quote a cell that holds a comma")
                words, groups = _context(row["context"])
                blocked = Blocked(tuple(words), tuple(groups))
                forms = [fold_tokens(form.text) for form in _forms(row["form"], "any")]
            except ValueError as error:
                raise ReferenceDataError(f"{place}: {error}.") from error
            for tokens in forms:
                if tokens is None or tokens in found:
                    raise ReferenceDataError(f"{place}: '{row['form']}' cannot be matched or stands twice.")
                found[tokens] = blocked
    return found


def _context(cell: str) -> tuple[list[Form], list[str]]:
    """The words and the groups of a cell that says what must stand near."""
    words, groups = list[Form](), list[str]()
    for item in split_forms(cell):
        if not item.startswith("@"):
            words += _forms(item, "any")
        elif item[1:] in GROUPS:
            groups.append(item[1:])
        else:
            raise ValueError(f"'{item}' is not a group of skills (@{', @'.join(GROUPS)})")
    return words, groups


def _forms(cell: str, language: str) -> list[Form]:
    found = []
    for item in split_forms(cell):
        exact, beside = item.startswith("="), item.endswith("~")
        text = item.removeprefix("=").removesuffix("~").strip()
        found += [Form(form, language, exact, beside) for form in expand(text)]
    return found
