"""The audit sheet: one row per coding of each drawn ad, with what a reader found; a CSV for the page and for Excel.

An ad has a row for its occupation, one per fact, one per skill that it is counted for, and one `missed` row where the
reader lists skills that the ad asks and that were not found. The value of a fact that was not found is empty: it is
right where the ad does not say. An ad counts as read once every row of it has a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from overstap.cells import csv_text
from overstap.errors import InputError, OverstapError, nearest
from overstap.sources.tables import csv_rows
from overstap.whole import write_whole

SKILL, MISSED, OCCUPATION = "skill", "missed", "isco08"
# Columns of `core_annotations` that a reader judges and may correct as they stand.
FACTS = (
    "education_levels", "experience_years_min", "hours_min", "hours_max", "salary_min", "salary_max", "salary_period",
    "contract", "languages_required", "driving_licence", "remote", "is_agency", "firm_size", "sector", "province_code",
)  # fmt: skip
RIGHT, WRONG, COMPLETE = "right", "wrong", "complete"
VERDICTS = {SKILL: (RIGHT, WRONG), MISSED: (COMPLETE,)}
_EITHER = (RIGHT, WRONG)
UNKNOWNS = ("unknown", "onbekend")
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
    text = csv_text(COLUMNS, ([str(getattr(row, name)) for name in COLUMNS] for row in rows), end="\r\n")
    write_whole(text.encode("utf-8-sig"), path)


def read_sheet(path: Path) -> list[SheetRow]:
    """The rows of a sheet, as drawn or as saved by a spreadsheet (comma or semicolon).

    Raises InputError that names file, row and value for a sheet that lacks a column or holds an unknown verdict.
    """
    missing_file = f"Draw one: overstap audit draw STUDY --out {path}"
    rows = csv_rows(path, COLUMNS, missing_file, "Keep the columns as drawn; fill in verdict and should_be only.")
    return [_row(path, number, cells) for number, cells in enumerate(rows, 2)]


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
    if values["what"] == OCCUPATION and values["value"] and not re.fullmatch("[0-9]{4}", values["value"]):
        raise InputError(
            f"{path}, row {number}: '{values['value']}' is no ISCO-08 code of four digits.",
            why="A spreadsheet that takes codes for numbers drops their leading zero.",
            fix="Open the sheet with the columns as text.",
        )
    return SheetRow(**{**values, "stratum_n": size, "verdict": verdict})  # type: ignore[arg-type]


def by_ad(rows: Sequence[SheetRow]) -> dict[str, list[SheetRow]]:
    """The rows of each ad, in the order of the sheet."""
    ads: dict[str, list[SheetRow]] = {}
    for row in rows:
        ads.setdefault(row.ad_id, []).append(row)
    return ads


def is_read(rows: Sequence[SheetRow]) -> bool:
    """Whether every row of an ad has a verdict, and what is wrong its right value, be it `unknown`."""
    return not open_rows(rows)


def open_rows(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The rows of an ad that still ask for an answer."""
    return [row for row in rows if not row.verdict or lacks_value(row)]


def partly_read(rows: Sequence[SheetRow]) -> dict[str, list[str]]:
    """The ads of which some rows have an answer and some not, each with what is open."""
    found = {}
    for ad_id, ad in by_ad(rows).items():
        waiting = open_rows(ad)
        if waiting and any(row.verdict for row in ad):
            found[ad_id] = [row.value if row.what == SKILL else row.what for row in waiting]
    return found


def lacks_value(row: SheetRow) -> bool:
    """Whether a code or fact was called wrong without saying what is right."""
    return row.verdict == WRONG and row.what != SKILL and not row.should_be


def said(row: SheetRow) -> str:
    """The right value of what was called wrong; empty where the reader says that it is unknown."""
    return "" if row.should_be.casefold() in UNKNOWNS else row.should_be


def check_sheet(path: Path) -> list[OverstapError]:
    """The problem of a sheet that a study names; none where it can be read."""
    try:
        read_sheet(path)
    except InputError as error:
        return [error]
    return []
