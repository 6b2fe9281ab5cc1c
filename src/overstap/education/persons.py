"""Person records, as in 1CijferHO: one row a person and year of enrolment, aggregated to cohorts at once.

Numbers of persons live in memory only while a file is read; nothing of a single person is written or shown.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.education.cohorts import COUNTS, GROUPED, SCHEMA
from overstap.education.rows import fields_of_programmes, level_of, programme_code, read_rows, sex_of, year_of
from overstap.errors import InputError
from overstap.sources.tables import Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("persoonsgebonden_nummer", "pgn", "bsn", "onderwijsnummer", "person_id", "studentnummer"),
    "year": ("inschrijvingsjaar", "studiejaar", "jaar"),
    "programme": ("opleidingscode_actueel", "opleidingscode", "opleidingsequivalent", "croho"),
    "level": ("type_hoger_onderwijs", "type_hoger_onderwijs_binnen_soort_hoger_onderwijs", "opleidingsfase", "niveau"),
    "sort": ("soort_hoger_onderwijs",),
    "sex": ("geslacht",),
    "region": ("provincie", "regio", "vestigingsprovincie"),
    "numerus_fixus": ("fixus", "fixusopleiding"),
    "diploma": ("diplomajaar", "datum_diploma", "jaar_diploma"),
    "diploma_kind": ("soort_diploma", "soort_diploma_instelling", "diplomasoort"),
}
"""Columns of person records and names, folded, by which they are recognised; `diploma` is its date or year, empty for
none."""
NEEDED = ("person", "year", "programme", "diploma")
_FIRST_MONTH = 9  # of a school year
_DATE = re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})|(?P<dd>\d{1,2})[-/](?P<mm>\d{1,2})[-/](?P<yy>\d{4})")
_FINAL = re.compile(r"bachelor|master|doctora|associate|\bad\b|hoofdfase|eind|final|mbo")
_PART = re.compile(r"propede|foundation|certifica")


@dataclass(frozen=True)
class _Diploma:
    """The school years (by their first year) in which it may have been taken, the likeliest first; whether it is told
    to be a final one; and where it stands."""

    years: tuple[int, ...]
    told: bool
    where: str


@dataclass
class _Person:
    years: dict[int, str] = field(default_factory=dict)
    diplomas: dict[str, _Diploma] = field(default_factory=dict)
    traits: dict[str, tuple[Any, ...]] = field(default_factory=dict)


def cohorts_of_persons(path: Path, programmes: Mapping[str, tuple[str | None, str | None]]) -> pa.Table:
    """The cohort table (`cohorts.SCHEMA`) of a file of person records.

    A person's cohort is the first year in the file of the first programme; the first year of the file itself is left
    out, as who was there before it cannot be told. In each year since, the person finishes (the final diploma of that
    programme is dated in that school year, from September, or in the next where no enrolment in it followed), switches
    (the next enrolment is in another programme), drops out (there is no enrolment next year), or goes on; what follows
    the last year of the file is unknown and the person is followed no longer. Who comes back after a year away has
    dropped out. A diploma by its year alone was taken in the school year that begins then where the person was enrolled
    in it, else in the one that ends then. A propedeuse is no final diploma. Raises InputError for a year that is none,
    a person twice in a year, a kind of diploma that is not known, or a diploma of no known kind after which the person
    goes on in the programme.
    """
    people: dict[str, _Person] = defaultdict(_Person)
    for row in read_rows(path, COLUMNS, NEEDED):
        code = programme_code(row["programme"])
        if not row["person"] or not code:
            raise InputError(f"{row.where}: a row without person or programme.", fix="Leave the row out.")
        year = year_of(row["year"], f"{row.where}, year")
        one = people[row["person"]]
        if year in one.years:
            raise InputError(
                f"{row.where}: a person stands there twice in {year}.",
                why="The life table follows one programme of each person.",
                fix="Keep the main enrolment: in 1CijferHO, soort_inschrijving 1.",
            )
        one.years[year] = code
        fixus = row["numerus_fixus"].lower()
        one.traits.setdefault(
            code,
            (
                level_of(row["level"], code, row["sort"]),
                sex_of(row["sex"]),
                row["region"] or None,
                fixus in ("1", "ja", "yes", "true") if fixus else None,
            ),
        )
        if row["diploma"] not in ("", "0") and (found := _diploma(row)) is not None:
            one.diplomas.setdefault(code, found)
    seen = [year for one in people.values() for year in one.years]
    if not seen:
        raise InputError(f"{path.name} holds no persons.", fix="Give one row a person and year of enrolment.")
    first, last = min(seen), max(seen)
    counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    fields = fields_of_programmes()
    for one in people.values():
        _count(one, first, last, counts, fields, programmes)
    rows = []
    for key, counted in sorted(counts.items(), key=lambda item: tuple(map(str, item[0]))):
        *group, number = key
        cell = dict(zip(GROUPED, group, strict=True)) | {"year": number}
        rows.append(cell | {f"{name}_{end}": counted[name] for name in COUNTS for end in ("low", "high")})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _diploma(row: Row) -> _Diploma | None:
    """The final diploma of a row; None where it is of a part of the programme. Raises InputError."""
    kind, where = row["diploma_kind"].strip().lower(), f"{row.where}, diploma"
    if _PART.search(kind):
        return None
    if kind and not _FINAL.search(kind):
        raise InputError(
            f"{row.where}: '{row['diploma_kind']}' is no kind of diploma.",
            why="A propedeuse must be told from a final diploma.",
            fix="Write propedeuse, associate degree, bachelor, master or mbo.",
        )
    if date := _DATE.fullmatch(row["diploma"].strip()):
        year, month = int(date["y"] or date["yy"]), int(date["m"] or date["mm"])
        return _Diploma((year if month >= _FIRST_MONTH else year - 1,), bool(kind), where)
    last = year_of(row["diploma"], where, last=True)
    alone = row["diploma"].strip().isdigit()
    return _Diploma((last, last - 1) if alone else (last - 1,), bool(kind), where)


def _count(
    one: _Person,
    first: int,
    last: int,
    counts: dict[tuple[Any, ...], Counter[str]],
    fields: Mapping[str, str],
    programmes: Mapping[str, tuple[str | None, str | None]],
) -> None:
    """Add a person's years to the counts of the cohort."""
    entry = min(one.years)
    if entry == first:
        return
    code = one.years[entry]
    given, level = programmes.get(code, (None, None))
    own_level, sex, region, fixus = one.traits[code]
    group = (code, given or fields.get(code), level or own_level, sex, region, fixus, str(entry))
    for year in range(entry, last):  # who is there in the last year goes on or leaves after it: unknown
        event = _event(one, code, year)
        counted = counts[*group, year - entry + 1]
        counted["at_risk"] += 1
        if event != "stays":
            counted[event] += 1
            return


def _event(one: _Person, code: str, year: int) -> str:
    """What happens to a person in the year of enrolment that starts in `year`. Raises InputError."""
    following = one.years.get(year + 1)
    diploma = one.diplomas.get(code)
    if diploma is not None:
        taken = next((y for y in diploma.years if one.years.get(y) == code), diploma.years[-1])
        if taken == year and following == code and not diploma.told:
            raise InputError(
                f"{diploma.where}: of {year}/{year + 1}, after which the person goes on in the same programme.",
                why="It may be a propedeuse, which is no final diploma.",
                fix="Add a column diploma_kind with propedeuse, bachelor, master, or leave out diplomas of a part.",
            )
        if taken == year or (taken == year + 1 and following != code):
            return "diploma"
    if following is None:
        return "dropout"
    return "stays" if following == code else "switch"
