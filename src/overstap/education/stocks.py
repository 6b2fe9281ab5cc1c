"""DUO's open files of enrolment, intake and graduates as one table of stocks, suppressed cells kept as bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from overstap.education.rows import (
    bounds,
    check_field,
    fields_of_programmes,
    level_of,
    programme_code,
    read_rows,
    sex_of,
    year_of,
)
from overstap.errors import InputError
from overstap.sources.tables import Row, columns_of, fold, lines_of, text_of

KINDS = ("intake", "enrolment", "graduates")
COLUMNS: dict[str, tuple[str, ...]] = {
    "programme": ("opleidingscode_actueel", "opleidingscode", "code_opleiding", "crohocode", "croho_code", "croho",
                  "isatcode", "isat_code", "crebo", "crebocode", "crebo_code", "crebonummer", "crebo_nummer",
                  "kwalificatiecode", "kwalificatie_code", "code_kwalificatie"),
    "programme_name": ("opleidingsnaam_actueel", "opleidingsnaam", "naam_opleiding", "naam_kwalificatie",
                       "kwalificatienaam", "kwalificatie_naam", "naam_crebo", "kwalificatie", "opleiding"),
    "isced_f": ("iscedf", "isced_f_2013", "iscedf_2013", "iscedf2013", "iscedf_detailed", "isced"),
    "level": ("type_hoger_onderwijs", "niveau", "mbo_niveau", "kwalificatieniveau", "kwalificatie_niveau",
              "niveau_kwalificatie", "opleidingsniveau", "diplomaniveau", "soort_diploma", "graad"),
    "sort": ("soort_hoger_onderwijs", "soort_ho", "onderwijssoort", "sector_ho"),
    "form": ("opleidingsvorm", "leerweg", "opleidingsvorm_ho", "mbo_leerweg"),
    "institution": ("instellingsnaam_actueel", "instellingsnaam", "naam_instelling", "instellingscode_actueel",
                    "brin_nummer_actueel", "brin_nummer", "brinnummer", "instellingscode", "instelling", "brin"),
    "place": ("gemeentenaam", "gemeente", "gemeentenummer", "vestigingsgemeente", "plaatsnaam"),
    "region": ("provincie", "provincienaam", "arbeidsmarktregio", "rmc_regio", "naam_rmc_regio"),
    "sex": ("geslacht", "man_vrouw"),
    "year": ("jaar", "studiejaar", "schooljaar", "collegejaar", "diplomajaar", "examenjaar", "inschrijvingsjaar",
             "peiljaar", "peildatum"),
    "persons": ("aantal", "aantal_studenten", "aantal_deelnemers", "aantal_ingeschrevenen", "aantal_gediplomeerden",
                "aantal_diplomas", "studenten", "deelnemers", "gediplomeerden", "ingeschrevenen", "totaal"),
}  # fmt: skip
"""Our columns and the names, folded, by which DUO's are recognised: those of other years and levels too."""
_YEAR = re.compile(r"(?:^|_)((?:19|20)\d{2})(?:_(\d{2}|\d{4}))?(?=_|$)")
_BESIDE = {"aantal", "totaal", "studenten", "ingeschrevenen", "gediplomeerden", "deelnemers", "jaar", "studiejaar", ""}
_SEXES = {"man": "man", "mannen": "man", "m": "man", "vrouw": "vrouw", "vrouwen": "vrouw", "v": "vrouw"}
_OF_NO_SEX = ("onbekend", "totaal")
_TOTAL = re.compile(r"^(eind|sub)?(totaal|total)\b|^(m\+v|alle|mannen en vrouwen)$", re.IGNORECASE)
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
    check_twice(files)
    fields = fields_of_programmes()
    rows: list[dict[str, object]] = []
    file_of: dict[tuple[object, ...], Path] = {}
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


def check_twice(files: Sequence[tuple[str, Path]]) -> None:
    """Raises InputError where two of the files, given with what they are named for, hold the same text: under one name
    persons would be counted double, and one text cannot count students and graduates both."""
    seen: dict[bytes, tuple[str, Path]] = {}
    for kind, path in files:
        content = blake2b(text_of(path).encode()).digest()
        if content not in seen:
            seen[content] = kind, path
            continue
        other, before = seen[content]
        if other == kind:
            what, why = f"{path} is named twice in {kind}", "Its persons would be counted double."
        else:
            what, why = f"{path} is named as {other} and as {kind}", "It counts one of the two."
        what += "." if before == path else f": it holds the same as {before}."
        raise InputError(what, why=why, fix=f"Take one of them out: education.{kind} of the study file.")


def _check_double(
    key: tuple[object, ...],
    row: Row,
    path: Path,
    file_of: dict[tuple[object, ...], Path],
    inside: dict[tuple[object, ...], str],
) -> None:
    """Raises InputError for a cell that another file has too, or a row that stands twice in one."""
    kind, year, code = key[:3]
    whole = (*key, *row.others)
    before = inside.setdefault(whole, row.where)
    other = file_of.setdefault(key, path)
    if other == path and before == row.where:
        return
    raise InputError(
        f"{row.where}: {kind} of {year} of programme {code or 'without code'} was given before, in "
        f"{other.name if other != path else before}.",
        why="Periods of files overlap, or a row stands there twice; persons would be counted double.",
        fix="Name each year of a kind in one file only: take the older file, or the row, out.",
    )


def _wide(name: str) -> tuple[str, str] | None:
    """The year and sex (man, vrouw, onbekend, totaal or nothing) of a column of counts; None for another column."""
    folded = fold(name)
    if (year := _YEAR.search(folded)) is None:
        return None
    sex, words = "", set((folded[: year.start()] + "_" + folded[year.end() :]).split("_"))
    for word in words & (_SEXES.keys() | set(_OF_NO_SEX)):
        sex = _SEXES.get(word, word)
    if words - _BESIDE - _SEXES.keys() - set(_OF_NO_SEX):
        return None
    return f"{year[1]}/{year[2]}" if year[2] else year[1], sex


def _cells(path: Path, kind: str) -> Iterator[tuple[dict[str, str | None], int, tuple[int, int] | None, Row]]:
    """Each cell of a file: its dimensions, year, bounds and row. Years may be columns or a column; sums of rows or
    columns that stand beside them are left out."""
    header, _ = lines_of(path)
    wide = {name: found for name in header if (found := _wide(name))}
    there = columns_of(header, COLUMNS)
    if not {"programme", "programme_name", "isced_f"} & set(there):
        raise InputError(
            f"{path.name} has no column of programmes; it has {', '.join(filter(None, header))}.",
            fix="Call it 'programme' (CROHO or crebo code). See overstap education template.",
        )
    if not wide and not {"year", "persons"} <= set(there):
        raise InputError(
            f"{path.name} has no counts: no columns named by a year, and no columns 'year' and 'persons'.",
            fix="Give a column for each year (2022, 2023 MAN …), or the columns year and persons.",
        )
    for name in wide:
        if header.count(name) > 1:
            raise InputError(
                f"{path.name} has {header.count(name)} columns '{name}'.",
                why="It cannot be told which of them counts; together they would count double.",
                fix="Keep one column for each year and sex.",
            )
    known = COLUMNS | {f"#{name}": (fold(name),) for name in wide}
    last = kind == "graduates"  # a diploma of 2022/2023 is of 2023, a student of 2022/2023 was counted in October 2022
    by_sex = any(sex == "man" for _, sex in wide.values())
    rows = list(read_rows(path, known, ()))
    parts = any(sex_of(row["sex"]) for row in rows)
    for row in rows:
        if _is_sum(row, parts):
            continue
        cell = _dimensions(row)
        if not wide:
            count = bounds(row["persons"], f"{row.where}, persons")
            yield cell, year_of(row["year"], f"{row.where}, year", last=last), count, row
        for name, (said, sex) in wide.items():
            if by_sex and sex in ("", "totaal"):
                continue  # the sum of the columns beside it
            year = year_of(said, f"{path.name}, column {name}", last=last)
            given = {**cell, "sex": sex_of(sex) if sex else cell["sex"]}
            yield given, year, bounds(row[f"#{name}"], f"{row.where}, {name}"), row


def _is_sum(row: Row, parts: bool) -> bool:
    """Whether a row is the sum of others: of programmes, or (`parts`) of the sexes that have rows of their own."""
    named = row["programme"] or row["programme_name"]
    return bool(_TOTAL.match(named) or (parts and _TOTAL.match(row["sex"])))


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
