"""The audit sheet: one row per coding of each drawn ad, with what a reader found; a CSV for the page and for Excel.

An ad has a row per skill that it is counted for, one per code or fact, and one `missed` row where the reader lists
skills that the ad asks and that were not found. An ad counts as read once every row of it has a verdict.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from overstap.errors import InputError, OverstapError, nearest

SKILL, MISSED, OCCUPATION = "skill", "missed", "isco08"
FACTS = ("education_levels", "experience_years_min", "hours_max", "salary_min", "contract", "sector")
RIGHT, WRONG, COMPLETE = "right", "wrong", "complete"
VERDICTS = {SKILL: (RIGHT, WRONG), MISSED: (COMPLETE,)}
_EITHER = (RIGHT, WRONG)
SEPARATOR = ";"  # between the skills of a `missed` row


@dataclass(frozen=True)
class SheetRow:
    """One coding of one ad: `what` (skill, missed, isco08 or a fact), its value, and the reader's verdict.

    `stratum_n`: vacancies in the ad's stratum (function group and year), of which it is one drawn at random.
    `should_be`: the right value of what is wrong; of a `missed` row the ids of the skills not found.
    """

    ad_id: str
    function_group: str
    year: str
    stratum_n: int
    what: str
    value: str
    label: str
    words: str
    context: str
    verdict: str = ""
    should_be: str = ""

    @property
    def stratum(self) -> tuple[str, str]:
        """Function group and year."""
        return self.function_group, self.year

    def judged(self, verdict: str, should_be: str) -> SheetRow:
        """The row with what the reader found."""
        return replace(self, verdict=verdict, should_be=should_be)


COLUMNS = tuple(field.name for field in fields(SheetRow))


def write_sheet(path: Path, rows: Iterable[SheetRow]) -> None:
    """Write the sheet; the file appears whole or not at all. UTF-8 with a mark, so that Excel reads it as such."""
    temporary = path.with_name(f".{path.name}.writing")
    with temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_safe(name, getattr(row, name)) for name in COLUMNS])
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _safe(name: str, value: object) -> str:
    """A cell that no spreadsheet takes for a formula; the words of an ad are a stranger's."""
    text = str(value)
    return f" {text}" if name in ("words", "context", "label") and text[:1] in tuple("=+-@\t") else text


def read_sheet(path: Path) -> list[SheetRow]:
    """The rows of a sheet, as drawn or as saved by a spreadsheet (comma or semicolon).

    Raises InputError that names file, row and value for a sheet that lacks a column or holds an unknown verdict.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f"There is no audit sheet {path}.", fix=f"Draw one: overstap audit draw STUDY --out {path}"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: {error}.", fix="Save it as 'CSV UTF-8'.") from error
    lines = text.splitlines(keepends=True)
    header = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if header.count(";") > header.count(",") else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise InputError(
            f"{path} lacks the column {missing[0]}.",
            why=f"It has: {', '.join(reader.fieldnames or [])}.",
            fix="Keep the columns as drawn; fill in verdict and should_be only.",
        )
    return [_row(path, number, cells) for number, cells in enumerate(reader, 2)]


def _row(path: Path, number: int, cells: dict[str, str]) -> SheetRow:
    values = {name: (cells.get(name) or "").strip() for name in COLUMNS}
    verdict = values["verdict"].lower()
    known = VERDICTS.get(values["what"], _EITHER)
    if verdict and verdict not in known:
        raise InputError(
            f"{path}, row {number}: '{values['verdict']}' is not a verdict on '{values['what']}'.",
            fix=f"{nearest(verdict, known)} Verdicts: {', '.join(known)}, or empty.".strip(),
        )
    try:
        size = int(values["stratum_n"])
    except ValueError:
        raise InputError(
            f"{path}, row {number}: stratum_n is '{values['stratum_n']}', not a number.",
            fix="Keep the columns as drawn; fill in verdict and should_be only.",
        ) from None
    return SheetRow(**{**values, "stratum_n": size, "verdict": verdict})  # type: ignore[arg-type]


def by_ad(rows: Sequence[SheetRow]) -> dict[str, list[SheetRow]]:
    """The rows of each ad, in the order of the sheet."""
    ads: dict[str, list[SheetRow]] = {}
    for row in rows:
        ads.setdefault(row.ad_id, []).append(row)
    return ads


def is_read(rows: Sequence[SheetRow]) -> bool:
    """Whether every row of an ad has a verdict."""
    return all(row.verdict for row in rows)


def check_sheet(path: Path) -> list[OverstapError]:
    """The problem of a sheet that a study names; none where it can be read."""
    try:
        read_sheet(path)
    except InputError as error:
        return [error]
    return []
