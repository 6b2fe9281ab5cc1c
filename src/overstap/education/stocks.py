"""DUO's open files of enrolment, intake and graduates as one table of stocks, suppressed cells kept as bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from overstap.education.rows import (
    Row,
    bounds,
    check_field,
    columns_of,
    fields_of_programmes,
    fold,
    level_of,
    lines_of,
    programme_code,
    read_rows,
    sex_of,
    year_of,
)
from overstap.errors import InputError

KINDS = ("intake", "enrolment", "graduates")
COLUMNS: dict[str, tuple[str, ...]] = {
    "programme": ("opleidingscode_actueel", "opleidingscode", "crohocode", "croho", "crebo", "crebocode"),
    "programme_name": ("opleidingsnaam_actueel", "opleidingsnaam", "naam_opleiding", "naam_kwalificatie", "opleiding"),
    "isced_f": ("iscedf", "isced_f_2013", "iscedf_detailed", "isced"),
    "level": ("type_hoger_onderwijs", "niveau", "mbo_niveau", "kwalificatieniveau", "diplomaniveau", "soort_diploma"),
    "sort": ("soort_hoger_onderwijs", "soort_ho", "onderwijssoort", "sector_ho"),
    "form": ("opleidingsvorm", "leerweg", "opleidingsvorm_ho"),
    "institution": ("instellingsnaam_actueel", "instellingsnaam", "naam_instelling", "instellingscode_actueel",
                    "brin_nummer_actueel", "brin_nummer", "instellingscode", "brin"),
    "place": ("gemeentenaam", "gemeente", "gemeentenummer"),
    "region": ("provincie", "provincienaam", "arbeidsmarktregio", "rmc_regio"),
    "sex": ("geslacht",),
    "year": ("jaar", "studiejaar", "schooljaar", "diplomajaar", "inschrijvingsjaar", "peildatum"),
    "persons": ("aantal", "aantal_studenten", "aantal_ingeschrevenen", "aantal_gediplomeerden", "studenten",
                "gediplomeerden", "ingeschrevenen", "totaal"),
}  # fmt: skip
"""Our columns and the names, folded, by which DUO's are recognised."""
_WIDE = re.compile(r"^(?:aantal_|totaal_)?(\d{4})(?:_(\d{2}|\d{4}))?(?:_(man|vrouw|onbekend|totaal|mannen|vrouwen))?$")
SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("year", pa.int64()),
        ("programme", pa.string()),
        ("programme_name", pa.string()),
        ("isced_f", pa.string()),
        ("level", pa.string()),
        ("form", pa.string()),
        ("institution", pa.string()),
        ("place", pa.string()),
        ("region", pa.string()),
        ("sex", pa.string()),
        ("low", pa.int64()),
        ("high", pa.int64()),
    ]
)
"""A cell a row. `low` and `high` bound the persons; both null where the file leaves the cell unknown."""
_CELL = ("programme", "programme_name", "isced_f", "level", "form", "institution", "place", "region", "sex")


def read_stocks(files: Sequence[tuple[str, Path]], programmes: Mapping[str, tuple[str | None, str | None]]) -> pa.Table:
    """The stocks (SCHEMA) of files given with their kind.

    `programmes`: the user's programme code → (ISCED-F field, level), laid over the bundled codes. Programmes of which
    no field is known have a null one. Raises InputError where a file has no programmes or counts, a cell is no count,
    or a cell of one kind and year stands in two files, or twice in one: years would be counted double.
    """
    fields = fields_of_programmes()
    rows: list[dict[str, object]] = []
    file_of: dict[tuple[object, ...], str] = {}
    for kind, path in files:
        _check_kind(kind, path)
        inside: dict[tuple[object, ...], str] = {}
        for cell, year, count, row in _cells(path, kind):
            code = str(cell["programme"])
            field, level = programmes.get(code, (None, None))
            given: dict[str, object] = {**cell, "kind": kind, "year": year}
            given["isced_f"] = cell["isced_f"] or field or fields.get(code)
            given["level"] = level or cell["level"]
            key = (kind, year, *(cell[name] for name in _CELL if name != "programme_name"))
            _check_double(key, row, path, file_of, inside)
            given["low"], given["high"] = count or (None, None)
            rows.append(given)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _check_kind(kind: str, path: Path) -> None:
    """Raises InputError for students given as graduates: DUO's files of both have the same columns."""
    counts = {"aantal_ingeschrevenen", "ingeschrevenen"} & {fold(name) for name in lines_of(path)[0]}
    if kind == "graduates" and (counts or re.search(r"ingeschreven|inschrijving|enrol", fold(path.name))):
        raise InputError(
            f"{path.name} is given as graduates, but it counts students.",
            why="Its name or a column says so. Students stay for years: counted as graduates they are far too many.",
            fix="Give the file of graduates ('gediplomeerden'); rename this one if it holds them after all.",
        )


def _check_double(
    key: tuple[object, ...],
    row: Row,
    path: Path,
    file_of: dict[tuple[object, ...], str],
    inside: dict[tuple[object, ...], str],
) -> None:
    """Raises InputError for a cell that another file has too, or a row that stands twice in one."""
    kind, year, code = key[:3]
    whole = (*key, *row.others)
    before = inside.setdefault(whole, row.where)
    other = file_of.setdefault(key, path.name)
    if other == path.name and before == row.where:
        return
    raise InputError(
        f"{row.where}: {kind} of {year} of programme {code or 'without code'} was given before, in "
        f"{other if other != path.name else before}.",
        why="Periods of files overlap, or a row stands there twice; persons would be counted double.",
        fix="Name each year of a kind in one file only: take the older file, or the row, out.",
    )


def _cells(path: Path, kind: str) -> Iterator[tuple[dict[str, str | None], int, tuple[int, int] | None, Row]]:
    """Each cell of a file: its dimensions, year, bounds and row. Years may be columns or a column."""
    header, _ = lines_of(path)
    wide = {name: match for name in header if (match := _WIDE.match(fold(name)))}
    there = columns_of(header, COLUMNS)
    if not {"programme", "programme_name", "isced_f"} & set(there):
        raise InputError(
            f"{path.name} has no column of programmes; it has {', '.join(header)}.",
            fix="Call it 'programme' (CROHO or crebo code). See overstap education template.",
        )
    if not wide and not {"year", "persons"} <= set(there):
        raise InputError(
            f"{path.name} has no counts: no columns named by a year, and no columns 'year' and 'persons'.",
            fix="Give a column for each year (2022, 2023 MAN …), or the columns year and persons.",
        )
    known = COLUMNS | {f"#{name}": (fold(name),) for name in wide}
    last = kind == "graduates"  # a diploma of 2022/2023 is of 2023, a student of 2022/2023 was counted in October 2022
    by_sex = any(match[3] in ("man", "mannen") for match in wide.values())
    for row in read_rows(path, known, ()):
        cell = _dimensions(row)
        if not wide:
            count = bounds(row["persons"], f"{row.where}, persons")
            yield cell, year_of(row["year"], f"{row.where}, year", last=last), count, row
        for name, match in wide.items():
            if by_sex and match[3] not in ("man", "mannen", "vrouw", "vrouwen", "onbekend"):
                continue  # the sum of the columns beside it
            school_year = f"{match[1]}/{match[2]}" if match[2] else match[1]
            year = year_of(school_year, f"{path.name}, column {name}", last=last)
            sex = sex_of(match[3]) if match[3] else cell["sex"]
            yield {**cell, "sex": sex}, year, bounds(row[f"#{name}"], f"{row.where}, {name}"), row


def _dimensions(row: Row) -> dict[str, str | None]:
    code = programme_code(row["programme"])
    return {
        "programme": code or None,
        "programme_name": row["programme_name"] or None,
        "isced_f": check_field(row["isced_f"], row.where),
        "level": level_of(row["level"], code, row["sort"]),
        "form": row["form"] or None,
        "institution": row["institution"] or None,
        "place": row["place"] or None,
        "region": row["region"] or None,
        "sex": sex_of(row["sex"]),
    }


def read_programmes(path: Path) -> dict[str, tuple[str | None, str | None]]:
    """The user's programmes: code → (ISCED-F field, level). Raises InputError for an unknown field or a double code."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for row in read_rows(path, {n: COLUMNS[n] for n in ("programme", "isced_f", "level")}, ("programme", "isced_f")):
        code = programme_code(row["programme"])
        if not code:
            raise InputError(f"{row.where}: a programme without code.", fix="Give its CROHO or crebo code.")
        if code in found:
            raise InputError(f"{row.where}: programme {code} stands there twice.", fix="Keep one row for each code.")
        found[code] = check_field(row["isced_f"], row.where), level_of(row["level"], code)
    return found
