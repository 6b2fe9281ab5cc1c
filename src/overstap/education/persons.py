"""Person records, as in 1CijferHO: one row a person and year of enrolment, aggregated to cohorts at once.

Numbers of persons live in memory only while a file is read; nothing of a single person is written or shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.education.cohorts import COUNTS, GROUPED, SCHEMA
from overstap.education.rows import fields_of_programmes, level_of, programme_code, read_rows, sex_of, year_of
from overstap.errors import InputError

COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("persoonsgebonden_nummer", "pgn", "bsn", "onderwijsnummer", "person_id", "studentnummer"),
    "year": ("inschrijvingsjaar", "studiejaar", "jaar"),
    "programme": ("opleidingscode_actueel", "opleidingscode", "opleidingsequivalent", "croho"),
    "level": ("type_hoger_onderwijs", "type_hoger_onderwijs_binnen_soort_hoger_onderwijs", "opleidingsfase", "niveau"),
    "sort": ("soort_hoger_onderwijs",),
    "sex": ("geslacht",),
    "region": ("provincie", "regio", "vestigingsprovincie"),
    "numerus_fixus": ("fixus", "fixusopleiding"),
    "diploma": ("diplomajaar", "datum_diploma", "jaar_diploma", "diploma_behaald"),
}
"""Columns of person records and names, folded, by which they are recognised; `diploma` is the year, empty for none."""
NEEDED = ("person", "year", "programme")


@dataclass
class _Person:
    years: dict[int, str] = field(default_factory=dict)
    diplomas: dict[str, int] = field(default_factory=dict)
    traits: dict[str, tuple[Any, ...]] = field(default_factory=dict)


def cohorts_of_persons(path: Path, programmes: Mapping[str, tuple[str | None, str | None]]) -> pa.Table:
    """The cohort table (`cohorts.SCHEMA`) of a file of person records.

    A person's cohort is the first year in the file of the first programme; the first year of the file itself is left
    out, as who was there before it cannot be told. In each year since, the person finishes (the diploma of that
    programme is dated in that school year), switches (the next enrolment is in another programme), drops out (there is
    no enrolment next year), or goes on; what follows the last year of the file is unknown and the person is followed no
    longer. Who comes back after a year away has dropped out. Raises InputError for a year that is none, or a person
    twice in a year.
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
        if row["diploma"] not in ("", "0"):
            one.diplomas.setdefault(code, year_of(row["diploma"], f"{row.where}, diploma", last=True))
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
    """What happens to a person in the year of enrolment that starts in `year`."""
    if one.diplomas.get(code) in (year, year + 1):
        return "diploma"
    following = one.years.get(year + 1)
    if following is None:
        return "dropout"
    return "stays" if following == code else "switch"
