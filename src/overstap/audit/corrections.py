"""Corrections of codings that a user keeps in a file, applied on every run after annotation.

A CSV with the columns `match,key,field,value`. `match` says where: `ad` (key: the ad's id), `title` (a normalised
title, as in title_key) or `employer` (a company's name, whatever its case). An empty value makes a field unknown.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.sector import parse_sbi
from overstap.ads.titles import normalise_title
from overstap.audit.sheet import csv_rows
from overstap.errors import InputError, nearest
from overstap.schema import table_spec
from overstap.schema.core import CONTRACTS, EDUCATION_LEVELS, REMOTE, SALARY_PERIODS

COLUMNS = ("match", "key", "field", "value")
MATCHES = ("ad", "title", "employer")
ADD_SKILL, DROP_SKILL = "add_skill", "drop_skill"
# Fields of `core_annotations` that may be corrected as they stand; isco08 and sbi_code bring others with them.
_PLAIN = (
    "education_levels", "experience_years_min", "hours_min", "hours_max", "salary_min", "salary_max", "salary_period",
    "contract", "remote", "sector",
)  # fmt: skip
FIELDS = ("isco08", "sbi_code", *_PLAIN, ADD_SKILL, DROP_SKILL)
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "education_levels": EDUCATION_LEVELS,
    "contract": CONTRACTS,
    "remote": REMOTE,
    "salary_period": SALARY_PERIODS,
    "sector": tuple("ABCDEFGHIJKLMNOPQRSTU"),
}
_BY = {"title": ("isco08",), "employer": ("sbi_code", "sector")}


@dataclass(frozen=True, order=True)
class Correction:
    """One correction: where it holds, and the field and value that it sets."""

    match: str
    key: str
    field: str
    value: str


def read_corrections(path: Path, skills: Iterable[str]) -> list[Correction]:
    """The corrections of a file, checked against the classifications and the skills of the taxonomy.

    Raises InputError that names file, row and value, with the nearest valid value.
    """
    from overstap.reference.tables import load

    known = dict(_ALLOWED)
    known["isco08"] = tuple(code for code in load("isco08")["code"].to_pylist() if len(code) == 4)
    known["sbi_code"] = tuple(load("sbi2008")["code"].to_pylist())
    known[ADD_SKILL] = known[DROP_SKILL] = tuple(skills)
    rows = csv_rows(path, COLUMNS, "Make it with: overstap audit apply STUDY SHEET", f"Columns: {','.join(COLUMNS)}.")
    return [_checked(path, number, row, known) for number, row in enumerate(rows, 2)]


def _checked(path: Path, number: int, row: Mapping[str, str], known: Mapping[str, tuple[str, ...]]) -> Correction:
    found = Correction(*((row.get(name) or "").strip() for name in COLUMNS))
    place = f"{path}, row {number}"
    fields = _BY.get(found.match, FIELDS)
    for value, what, allowed in ((found.match, "match", MATCHES), (found.field, f"field of '{found.match}'", fields)):
        if value not in allowed:
            raise InputError(
                f"{place}: '{value}' is not a {what}.", fix=f"{nearest(value, allowed)} Known: {', '.join(allowed)}."
            )
    if not found.key:
        raise InputError(f"{place}: the key is empty.", fix="Name the ad, the title or the employer.")
    many = found.field in (ADD_SKILL, DROP_SKILL)
    if found.field in known and (found.value or many):
        for value in found.value.split(";") if found.field == "education_levels" else [found.value]:
            if value not in known[found.field] and not (found.field == "sbi_code" and parse_sbi(value)):
                raise InputError(
                    f"{place}: '{value}' is no value of {found.field}.", fix=nearest(value, known[found.field])
                )
    elif found.value and not _is_number(found.value):
        raise InputError(
            f"{place}: '{found.value}' is no number, as {found.field} asks.", fix="Write 36 or 2450.50"
        ) from None
    return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) >= 0
    except ValueError:
        return False


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Write the file anew, sorted, each correction once; the last value of the same field wins."""
    kept: dict[tuple[str, ...], Correction] = {}
    for c in corrections:
        many = c.field in (ADD_SKILL, DROP_SKILL)
        kept[(c.match, c.key, c.field, c.value if many else "")] = c
    temporary = path.with_name(f".{path.name}.writing")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([c.match, c.key, c.field, c.value] for c in sorted(kept.values()))
    temporary.replace(path)


Columns = dict[str, pa.Array]


class Corrector:
    """Applies corrections to batches of `core_annotations`; sends well to another process."""

    def __init__(self, corrections: Iterable[Correction], topsectors: pa.Table, skills: pa.Table) -> None:
        self._topsectors = topsectors
        self._skills = skills
        self._by: dict[str, dict[str, list[Correction]]] = {match: {} for match in MATCHES}
        for c in corrections:
            key = {"employer": c.key.lower(), "title": normalise_title(c.key), "ad": c.key}[c.match]
            self._by[c.match].setdefault(key, []).append(c)

    def __call__(self, columns: Columns, companies: pa.Array) -> Columns:
        """`columns` (of `core_annotations`) with the corrections made; what is said of an ad itself comes last."""
        keys = {
            "employer": pc.utf8_lower(companies),
            "title": columns["title_key"],
            "ad": columns["ad_id"],
        }
        rows: dict[int, list[Correction]] = {}
        for match in ("employer", "title", "ad"):
            wanted = self._by[match]
            if wanted:
                found = pc.is_in(keys[match], value_set=pa.array(list(wanted), pa.string()))
                for row in np.flatnonzero(np.asarray(found)).tolist():
                    rows.setdefault(row, []).extend(wanted[keys[match][row].as_py()])
        if not rows:
            return columns
        changed = {name: columns[name].to_pylist() for name in _touched(rows.values())}
        for row, corrections in rows.items():
            for c in corrections:
                self._apply(changed, row, c)
        types = {c.name: c.type for c in table_spec("core_annotations").columns}
        return columns | {name: pa.array(values, types[name]) for name, values in changed.items()}

    def _apply(self, columns: dict[str, list[Any]], row: int, c: Correction) -> None:
        if c.field == "isco08":
            self._occupation(columns, row, c.value or None)
        elif c.field == "sbi_code":
            self._sector(columns, row, c.value or None)
        elif c.field == DROP_SKILL:
            columns["skills"][row] = [m for m in columns["skills"][row] if m["skill_id"] != c.value]
        elif c.field == ADD_SKILL:
            if all(m["skill_id"] != c.value for m in columns["skills"][row]):
                columns["skills"][row] = [self._mention(c.value), *columns["skills"][row]]
        elif c.field == "sector":
            code = columns["sbi_code"][row]
            same = code is not None and (parse_sbi(code) or ("", ""))[0] == c.value
            self._sector(columns, row, code if same else c.value or None)
        else:
            columns[c.field][row] = _value(c)
            # The words that proved the old value prove the new one no longer.
            columns["fact_spans"][row] = [s for s in columns["fact_spans"][row] or [] if s["field"] != c.field]

    def _occupation(self, columns: dict[str, list[Any]], row: int, code: str | None) -> None:
        from overstap.ads.occupation import function_group

        columns["isco08"][row], columns["codable"][row] = code, code is not None
        columns["isco08_score"][row] = None if code is None else 1.0
        columns["function_group"][row] = function_group(code)

    def _sector(self, columns: dict[str, list[Any]], row: int, code: str | None) -> None:
        from overstap.ads.sector import topsectors_of

        section, code = parse_sbi(code) or (None, None)
        columns["sbi_code"][row], columns["sector"][row] = code, section
        columns["sector_score"][row] = None if code is None else 1.0
        topsectors = topsectors_of(pa.array([code], pa.string()), self._topsectors, parts=("full",))
        columns["topsectors"][row] = topsectors[0].as_py()

    def _mention(self, skill: str) -> dict[str, Any]:
        """A mention that a reader saw: it has no span, and counts as asked."""
        at = pc.index(self._skills["skill_id"], skill).as_py()
        described = self._skills.slice(at, 1).to_pylist()[0]
        names = ("skill_id", "esco_uri", "label_nl", "label_en", "category")
        return {name: described[name] for name in names} | {
            "section": "other",
            "required": True,
            "start": 0,
            "end": 0,
            "score": 1.0,
            "method": "reader",
        }


def _touched(rows: Iterable[list[Correction]]) -> set[str]:
    """The columns that corrections of these rows may change."""
    sector = ("sbi_code", "sector", "sector_score", "topsectors")
    names: dict[str, tuple[str, ...]] = {
        "isco08": ("isco08", "codable", "isco08_score", "function_group"),
        "sbi_code": sector,
        "sector": sector,
        ADD_SKILL: ("skills",),
        DROP_SKILL: ("skills",),
    }
    return {name for corrections in rows for c in corrections for name in names.get(c.field, (c.field, "fact_spans"))}


def _value(c: Correction) -> Any:
    if not c.value:
        return None
    if c.field == "education_levels":
        return c.value.split(";")
    return c.value if c.field in _ALLOWED else float(c.value)
