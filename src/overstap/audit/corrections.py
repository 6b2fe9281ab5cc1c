"""Corrections of codings that a user keeps in a file, applied on every run after annotation.

A CSV with the columns `match,key,field,value`. `match` says where: `ad` (key: the ad's id), `title` (a normalised
title, as in title_key) or `employer` (a company's name, whatever its case). An empty value makes a field unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.sector import parse_sbi
from overstap.ads.titles import normalise_title
from overstap.audit.sheet import FACTS, OCCUPATION
from overstap.audit.values import ADD_SKILL, DROP_SKILL, LISTS, NUMBERS, RANGES, SBI, Fault, Values
from overstap.cells import csv_text
from overstap.errors import InputError, nearest
from overstap.schema import table_spec
from overstap.sources.tables import csv_rows
from overstap.store import Store
from overstap.whole import write_whole

COLUMNS = ("match", "key", "field", "value")
MATCHES = ("ad", "title", "employer")
FIELDS = (OCCUPATION, SBI, *FACTS, ADD_SKILL, DROP_SKILL)
_WHERE = (("ad", "raw_ads", "ad_id"), ("title", "core_annotations", "title_key"), ("employer", "raw_ads", "company"))
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
    values = Values(skills)
    rows = csv_rows(path, COLUMNS, "Make it with: overstap audit apply STUDY SHEET", f"Columns: {','.join(COLUMNS)}.")
    found = [_checked(path, number, row, values) for number, row in enumerate(rows, 2)]
    _check_order(path, found)
    return found


def _checked(path: Path, number: int, row: Mapping[str, str], values: Values) -> Correction:
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
    fault = values.fault(found.field, found.value)
    if not found.value and found.field in (ADD_SKILL, DROP_SKILL):
        fault = Fault("value", "")
    if fault:
        raise _faulty(place, found.field, fault)
    return found


def _check_order(path: Path, corrections: Sequence[Correction]) -> None:
    """Raises InputError for a least above its most, both of one ad, title or employer."""
    set_: dict[tuple[str, str, str], tuple[int, str]] = {}
    for number, c in enumerate(corrections, 2):
        set_[c.match, c.key, c.field] = (number, c.value)
    for (match, key, field), (number, value) in set_.items():
        for low, high in RANGES:
            most = set_.get((match, key, high), (0, ""))[1]
            if field == low and value and most and float(value) > float(most):
                raise _faulty(f"{path}, row {number}, {match} {key}", low, Fault("order", value, f"{high} {most}"))


def _faulty(place: str, field: str, fault: Fault) -> InputError:
    what, fix = fault.told(field)
    return InputError(f"{place}: {what}", fix=fix)


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Write the file anew, sorted, each correction once; the last value of the same field wins."""
    kept: dict[tuple[str, ...], Correction] = {}
    for c in corrections:
        many = c.field in (ADD_SKILL, DROP_SKILL)
        kept[(c.match, c.key, c.field, c.value if many else "")] = c
    write_whole(csv_text(COLUMNS, ([c.match, c.key, c.field, c.value] for c in sorted(kept.values()))), path)


def _key(c: Correction) -> str:
    """The key of a correction as the column of `_WHERE` has it."""
    if c.match == "employer":
        return str(pc.utf8_lower(c.key))
    return normalise_title(c.key) if c.match == "title" else c.key


Columns = dict[str, pa.Array]


class Corrector:
    """Applies corrections to batches of `core_annotations`; sends well to another process."""

    def __init__(self, corrections: Iterable[Correction], topsectors: pa.Table, skills: pa.Table) -> None:
        self._topsectors = topsectors
        self._skills = skills
        self._by: dict[str, dict[str, list[Correction]]] = {match: {} for match in MATCHES}
        for c in corrections:
            self._by[c.match].setdefault(_key(c), []).append(c)

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
            self._fact(columns, row, c)

    def _fact(self, columns: dict[str, list[Any]], row: int, c: Correction) -> None:
        columns[c.field][row] = _value(c)
        gone = {c.field}
        for low, high in RANGES:
            least, most = (columns.get(name, {row: None})[row] for name in (low, high))
            if c.field in (low, high) and least is not None and most is not None and least > most:
                # The reader gave one bound; the other, as coded, contradicts it, so it is no longer known.
                other = high if c.field == low else low
                columns[other][row] = None
                gone.add(other)
        if c.field == "province_code" and not (columns["nuts3_code"][row] or "").startswith(c.value or " "):
            columns["nuts3_code"][row] = None
        # The words that proved the old value prove the new one no longer.
        columns["fact_spans"][row] = [s for s in columns["fact_spans"][row] or [] if s["field"] not in gone]

    def _occupation(self, columns: dict[str, list[Any]], row: int, code: str | None) -> None:
        from overstap.ads.occupation import function_group

        columns["isco08"][row], columns["codable"][row] = code, code is not None
        columns["isco08_score"][row] = None if code is None else 1.0
        columns["function_group"][row] = function_group(code)
        if code is None:  # as of any title that cannot be coded, it is not known whether it is of two domains
            columns["is_hybrid"][row] = columns["domains"][row] = None

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
        OCCUPATION: ("isco08", "codable", "isco08_score", "function_group", "is_hybrid", "domains"),
        SBI: sector,
        "sector": sector,
        "province_code": ("province_code", "nuts3_code", "fact_spans"),
        ADD_SKILL: ("skills",),
        DROP_SKILL: ("skills",),
        **{name: (*pair, "fact_spans") for pair in RANGES for name in pair},
    }
    return {name for corrections in rows for c in corrections for name in names.get(c.field, (c.field, "fact_spans"))}


def _value(c: Correction) -> Any:
    if not c.value:
        return None
    if c.field in LISTS:
        return c.value.split(";")
    if c.field == "is_agency":
        return c.value == "yes"
    return float(c.value) if c.field in NUMBERS else c.value


def unmet(corrections: Iterable[Correction], store: Store) -> list[Correction]:
    """The corrections whose ad, title or employer no ad of the last run has: misspelt, or gone from the feed."""
    left: dict[str, dict[str, list[Correction]]] = {match: {} for match in MATCHES}
    for c in corrections:
        left[c.match].setdefault(_key(c), []).append(c)
    for match, table, column in _WHERE:
        for batch in store.batches(table, [column]) if left[match] else ():
            keys = batch.column(column)
            keys = pc.utf8_lower(keys) if match == "employer" else keys
            for key in pc.unique(keys.filter(pc.is_in(keys, value_set=pa.array(list(left[match]))))).to_pylist():
                del left[match][key]
            if not left[match]:
                break
    return sorted(c for keys in left.values() for found in keys.values() for c in found)
