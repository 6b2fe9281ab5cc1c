"""Interviews and expert meetings as coded evidence: who by role said what, on which theme; never by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from overstap.cells import csv_text
from overstap.errors import InputError, OverstapError, Problems, nearest
from overstap.schema import table_spec
from overstap.sources.files import expand
from overstap.study_survey import THEMES
from overstap.survey.open_answers import masked
from overstap.survey.sheet import read_sheet, read_text

KINDS = ("interview", "meeting", "document")
DIRECTIONS = ("up", "down", "same", "none")
COLUMNS = (
    "evidence_id", "kind", "session", "date", "role", "sector", "theme", "claim", "direction", "subject", "quote",
    "language",
)  # fmt: skip
NEEDED = ("evidence_id", "kind", "session", "role", "theme", "claim")
_PERSONAL = frozenset({"name", "naam", "email", "e-mail", "phone", "telefoon", "person", "persoon", "respondent"})
_MASKED = ("session", "role", "claim", "subject", "quote")


def read_evidence(patterns: Sequence[str], base: Path) -> pa.Table:
    """`core_evidence` of CSV or YAML files (a list of entries with COLUMNS); names, addresses and numbers in what was
    said are masked.

    Raises Problems with every fault: a column with names, a needed field that is empty, a theme that is not known, an
    id that stands twice.
    """
    files, missing = expand(list(patterns), base, "survey.evidence") if patterns else ([], [])
    problems: list[OverstapError] = list(missing)
    rows: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    for file in files:
        try:
            entries = _entries(file.path)
        except OverstapError as error:
            problems.append(error)
            continue
        for where, entry in entries:
            problems += _faults(entry, where)
            key = entry.get("evidence_id", "")
            if key in seen:
                problems.append(
                    InputError(
                        f"{where}: '{key}' stands twice, also at {seen[key]}.", fix="Give each an id of its own."
                    )
                )
            seen.setdefault(key, where)
            rows.append({**{name: entry.get(name) or None for name in COLUMNS}, "source": file.label})
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems)
    for row in rows:
        row["date"] = date.fromisoformat(row["date"]) if row["date"] else None
    for name in _MASKED:
        for row, text in zip(rows, masked([row[name] for row in rows]), strict=True):
            row[name] = text
    return pa.Table.from_pylist(rows, schema=table_spec("core_evidence").schema)


def _entries(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Entries with where they stand."""
    if path.suffix.lower() in (".yaml", ".yml"):
        try:
            given = yaml.safe_load(read_text(path))
        except yaml.YAMLError as error:
            raise InputError(f"{path.name} is not valid YAML: {error}", fix="Mend the line that is named.") from error
        if not isinstance(given, list) or not all(isinstance(entry, Mapping) for entry in given):
            raise InputError(
                f"{path.name} is no list of entries.",
                fix=f"Begin each with '- evidence_id:'. Fields: {', '.join(COLUMNS)}.",
            )
        return [
            (f"{path.name}, entry {at}", {str(k): "" if v is None else str(v).strip() for k, v in entry.items()})
            for at, entry in enumerate(given, 1)
        ]
    sheet = read_sheet(path)
    names = [name.strip().lower() for name in sheet.header]
    return [
        (f"{path.name}, line {at}", {k: v.strip() for k, v in zip(names, cells, strict=True)})
        for at, cells in enumerate(sheet.rows, 2)
    ]


def _faults(entry: Mapping[str, str], where: str) -> list[OverstapError]:
    found: list[OverstapError] = []
    for name in entry:
        if name.lower() in _PERSONAL:
            found.append(
                InputError(
                    f"{where}: '{name}' holds persons, which evidence never does.", fix="Take it out; give the role."
                )
            )
        elif name not in COLUMNS:
            near = nearest(name, COLUMNS)
            found.append(
                InputError(f"{where}: there is no field '{name}'. {near}".strip(), fix=f"Fields: {', '.join(COLUMNS)}.")
            )
    for name in NEEDED:
        if not entry.get(name):
            found.append(InputError(f"{where}: '{name}' is empty.", fix=f"Needed: {', '.join(NEEDED)}."))
    for name, known in (("kind", KINDS), ("theme", THEMES), ("direction", DIRECTIONS), ("language", ("nl", "en"))):
        value = entry.get(name)
        if value and value not in known:
            found.append(
                InputError(
                    f"{where}: {name} '{value}' is not known. {nearest(value, known)}".strip(),
                    fix=f"One of: {', '.join(known)}.",
                )
            )
    if entry.get("date"):
        try:
            date.fromisoformat(entry["date"])
        except ValueError:
            found.append(InputError(f"{where}: '{entry['date']}' is no date.", fix="Write year-month-day: 2024-11-30."))
    return found


def template() -> str:
    """A CSV to fill in, with two invented rows."""
    examples = (
        ["e1", "interview", "Interview 1", "2024-10-03", "cto_cio", "energie", "shortages",
         "Tekort aan data-engineers op hbo-niveau", "up", "data engineer", "Wij zoeken al een jaar.", "nl"],
        ["e2", "meeting", "Expertmeeting chemie", "2024-11-12", "manager", "chemie", "adoption",
         "Procesoperators werken straks met digital twins", "up", "digital_twins", "", "nl"],
    )  # fmt: skip
    return csv_text(COLUMNS, examples)
