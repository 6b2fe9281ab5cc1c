"""What may be said of each field of an ad: the values that exist, and the fault of one that does not, with its mend."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overstap.ads.sector import parse_sbi
from overstap.audit.sheet import MISSED, OCCUPATION, RIGHT, SEPARATOR, SKILL, WRONG, SheetRow, said
from overstap.schema.core import CONTRACTS, EDUCATION_LEVELS, FIRM_SIZES, REMOTE, SALARY_PERIODS

SBI, ADD_SKILL, DROP_SKILL = "sbi_code", "add_skill", "drop_skill"
NUMBERS = ("experience_years_min", "hours_min", "hours_max", "salary_min", "salary_max")
LISTS = ("education_levels", "languages_required")  # several values, with semicolons
RANGES = (("hours_min", "hours_max"), ("salary_min", "salary_max"))
CHOICES: Mapping[str, tuple[str, ...]] = {
    "education_levels": EDUCATION_LEVELS,
    "salary_period": SALARY_PERIODS,
    "contract": CONTRACTS,
    "driving_licence": ("AM", "A", "B", "BE", "C", "CE", "D", "DE", "T"),
    "remote": REMOTE,
    "is_agency": ("yes", "no"),
    "firm_size": FIRM_SIZES,
    "sector": tuple("ABCDEFGHIJKLMNOPQRSTU"),
}
_SKILLS = (SKILL, MISSED, ADD_SKILL, DROP_SKILL)
# The reference tables that hold the values of a field.
_TABLES = {OCCUPATION: "isco08", SBI: "sbi2008", "province_code": "places", **dict.fromkeys(_SKILLS, "core_skills")}


@dataclass(frozen=True)
class Fault:
    """Why a value cannot be kept: `value` (none of its field), `number` or `order` (a least above its most)."""

    kind: str
    value: str
    hint: str = ""  # the nearest value that can be; of `order` the other bound

    def told(self, field: str) -> tuple[str, str]:
        """The fault and its mend in words."""
        if self.kind == "order":
            return f"{field} {self.value} lies on the wrong side of {self.hint}.", "Let the least be below the most."
        if self.kind == "number":
            return f"'{self.value}' is no number, as {field} asks.", f"Write {self.hint or '36 or 2450.50'}"
        if field in CHOICES:
            fix = f"Values: {', '.join(CHOICES[field])}, or unknown."
        else:
            fix = (
                f"Take one from: overstap reference show {_TABLES[field]}"
                if field in _TABLES
                else "Two letters: nl, en"
            )
        return f"'{self.value}' is no value of {field}.", f"Did you mean '{self.hint}'?" if self.hint else fix


class Values:
    """The values of every field that can be corrected; `skills` are the ids of the taxonomy."""

    def __init__(self, skills: Iterable[str]) -> None:
        from babel import Locale

        from overstap.reference.tables import load

        self.known: Mapping[str, tuple[str, ...]] = {
            **CHOICES,
            OCCUPATION: tuple(code for code in load("isco08")["code"].to_pylist() if len(code) == 4),
            SBI: tuple(load("sbi2008")["code"].to_pylist()),
            "province_code": tuple(sorted({code for code in load("places")["province_code"].to_pylist() if code})),
            "languages_required": tuple(sorted(c for c in map(str, Locale("en").languages) if len(c) == 2)),
            **dict.fromkeys(_SKILLS, tuple(skills)),
        }

    def fault(self, field: str, text: str) -> Fault | None:
        """Why `text` cannot be the value of a field; null where it can, as an empty one, the unknown, always can."""
        if field in NUMBERS:
            return Fault("number", text, _number_meant(text)) if text and not _is_number(text) else None
        for value in _items(field, text):
            if value not in self.known[field] and not (field == SBI and parse_sbi(value)):
                near = difflib.get_close_matches(value, self.known[field], n=1)
                return Fault("value", value, near[0] if near else "")
        return None

    def faults(self, rows: Sequence[SheetRow]) -> dict[int, list[Fault]]:
        """The faults of the answers on one ad, by the place of their row."""
        found: dict[int, list[Fault]] = {}
        for n, row in enumerate(rows):
            if row.what == MISSED:
                faults = [self.fault(MISSED, skill) for skill in missed_skills(row)]
            else:
                faults = [self.fault(row.what, judged_value(row))] if row.verdict == WRONG and row.what != SKILL else []
            if told := [fault for fault in faults if fault]:
                found[n] = told
        return found or _out_of_order(rows)


def missed_skills(row: SheetRow) -> list[str]:
    """The skills that a reader named in a `missed` row."""
    return [skill for part in row.should_be.split(SEPARATOR) if (skill := part.strip())]


def judged_value(row: SheetRow) -> str:
    """What holds of a code or fact after it was judged; empty where that is unknown."""
    return tidy(row.what, said(row)) if row.verdict == WRONG else row.value


def value_text(value: Any) -> str:
    """A value of a column as the cell of a sheet: the items of a list with semicolons, whole numbers without a dot, yes
    or no; empty where it is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def tidy(field: str, text: str) -> str:
    """A value as the tables write it: `HBO, wo` → `hbo;wo`, `36,5` → `36.5`, `b` → `B`. What is none stays as it is."""
    text = text.strip()
    if field in NUMBERS:
        return re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", text)
    known = {value.casefold(): value for value in CHOICES.get(field, ())}
    if field in LISTS:
        items = (item.strip().casefold() for item in re.split("[;,]", text))
        return SEPARATOR.join(dict.fromkeys(known.get(item, item) for item in items if item))
    return known.get(text.casefold(), text.upper() if field == "province_code" else text)


def _items(field: str, text: str) -> list[str]:
    return text.split(SEPARATOR) if field in LISTS and text else [text] if text else []


def _is_number(text: str) -> bool:
    """A number of nought or more. `2.450` is none: it is two thousand to some readers and two and a half to others."""
    try:
        return math.isfinite(float(text)) and float(text) >= 0 and not re.fullmatch(r"\d{1,3}(\.\d{3})+", text)
    except ValueError:
        return False


def _number_meant(text: str) -> str:
    """The number that was meant by `€ 2.450,-`, `2.450,50` or `36 uur`; empty where there is not one."""
    found = re.findall(r"\d[\d.]*(?:,\d{1,2})?", text)
    plain = re.sub(r"\.(?=\d{3}\b)", "", found[0]).replace(",", ".").rstrip(".") if len(found) == 1 else ""
    return plain if _is_number(plain) else ""


def _out_of_order(rows: Sequence[SheetRow]) -> dict[int, list[Fault]]:
    """A least above its most, told at the bound that the reader gave."""
    place = {row.what: n for n, row in enumerate(rows)}
    found = {}
    for pair in RANGES:
        if all(name in place and rows[place[name]].verdict for name in pair):
            low, high = (judged_value(rows[place[name]]) for name in pair)
            if low and high and float(low) > float(high):
                at = next((place[name] for name in pair if rows[place[name]].verdict != RIGHT), place[pair[0]])
                mine, other = (low, high) if at == place[pair[0]] else (high, low)
                found[at] = [Fault("order", mine, other)]
    return found
