"""Reading tables of education: any delimiter, UTF-8 or Latin-1, gzip; counts that are suppressed become bounds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import InputError, nearest
from overstap.reference.tables import load
from overstap.sources.files import SourceFile, open_bytes

LEVELS = ("mbo1", "mbo2", "mbo3", "mbo4", "ad", "hbo_bachelor", "wo_bachelor", "master", "doctor")
"""Levels of education, as tables, matrix and settings name them."""
UNKNOWN = ("", "x", "nb", "n.b.", "onbekend", "unknown", "na", "n.v.t.", ".", "-")
_FEWER = re.compile(r"^<\s*(\d+)$")
_RANGE = re.compile(r"^(\d+)\s*[-–]\s*(\d+)$")
_SUPPRESSED_BELOW = 5  # DUO writes -1 in older files where newer ones write <5
_SEX = {"m": "man", "man": "man", "male": "man", "mannen": "man", "v": "vrouw", "vrouw": "vrouw", "female": "vrouw",
        "f": "vrouw", "vrouwen": "vrouw", "woman": "vrouw"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its cells by the name of ours, where it stands, for messages, and the cells of other columns."""

    cells: Mapping[str, str]
    where: str
    others: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def fold(name: str) -> str:
    """A column name as it is compared: lower case, words joined by one underscore."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def lines_of(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a delimited file and its rows with their line numbers.

    Raises InputError where it is missing, empty, damaged, or a row has more cells than the header.
    """
    with open_bytes(SourceFile(path, path.name)) as stream:
        data = stream.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t|", key=first.count))
    header = [name.strip() for name in next(reader, [])]
    if len(header) < 2:
        raise InputError(
            f"{path.name} has no columns: its first line is '{first[:60].strip()}'.",
            fix="Give a CSV with a header; columns separated by comma, semicolon, tab or bar.",
        )

    def rows() -> Iterator[tuple[int, list[str]]]:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    raise InputError(
                        f"{path.name}, line {reader.line_num}: {len(cells)} cells under {len(header)} columns.",
                        fix="Put a text that holds the delimiter between quotes.",
                    )
                yield reader.line_num, [cell.strip() for cell in cells]

    return header, rows()


def read_rows(path: Path, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Iterator[Row]:
    """The rows of a file by our names. `known`: our name → names by which a column is recognised (folded; ours too).

    Raises InputError where a needed column is missing, with the nearest that is there.
    """
    header, rows = lines_of(path)
    place = columns_of(header, known)
    for name in needed:
        if name not in place:
            hint = nearest(name, [fold(column) for column in header])
            raise InputError(
                f"{path.name} has no column '{name}'; it has {', '.join(header)}.",
                why=hint,
                fix=f"Call it '{name}', or one of: {', '.join(known[name]) or name}. See overstap education template.",
            )
    used = set(place.values())
    for line, cells in rows:
        held = {name: cells[at] for name, at in place.items() if at < len(cells)}
        others = tuple(cell for at, cell in enumerate(cells) if at not in used)
        yield Row(held, f"{path.name}, line {line}", others)


def columns_of(header: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The place of each of our columns in a header; the form that is named first wins."""
    folded = {fold(name): at for at, name in reversed(list(enumerate(header)))}
    forms = {name: (name, *others) for name, others in known.items()}
    return {name: next(folded[f] for f in fs if f in folded) for name, fs in forms.items() if set(fs) & set(folded)}


def bounds(text: str, where: str) -> tuple[int, int] | None:
    """A count as (low, high): `12` → (12, 12), `<5` and DUO's -1 → (1, 4), `5-9` → (5, 9); None where unknown.

    Raises InputError for any other text.
    """
    plain = text.strip().lower()
    if plain in UNKNOWN:
        return None
    if plain == "-1":
        return 1, _SUPPRESSED_BELOW - 1
    if match := _FEWER.match(plain):
        return 1, max(int(match[1]) - 1, 1)
    if match := _RANGE.match(plain):
        low, high = int(match[1]), int(match[2])
        if low <= high:
            return low, high
    whole = re.sub(r"\.0+$", "", plain)
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", whole):
        whole = whole.replace(".", "")
    if whole.isdigit():
        return int(whole), int(whole)
    raise InputError(
        f"{where}: '{text}' is no count.", fix="Give a whole number, <5 for a suppressed cell, or nothing for unknown."
    )


def year_of(text: str, where: str, *, last: bool = False) -> int:
    """A year: 2023; of a school year, 2023/24 or 2023-2024, the first, or the `last`. Raises InputError."""
    if match := re.match(r"^(\d{4})(?:\s*[-/]\s*(\d{2,4}))?$", text.strip()):
        first, second = int(match[1]), match[2]
        if second is None:
            return first
        end = int(second) if len(second) == 4 else first - first % 100 + int(second)
        if end == first + 1:
            return end if last else first
    if match := re.match(r"^(\d{4})-?(\d{2})-?(\d{2})$", text.strip()):  # a reference date, as DUO has for mbo
        return int(match[1])
    raise InputError(f"{where}: '{text}' is no year.", fix="Write 2023, or a school year as 2023/2024.")


def sex_of(text: str) -> str | None:
    """`man`, `vrouw`, or None where it is unknown."""
    return _SEX.get(text.strip().lower())


def level_of(text: str, programme: str, kind: str = "") -> str | None:
    """One of LEVELS from DUO's words, the programme code and what is said of the sort of education; None: unknown.

    In CROHO codes that begin with 5 are bachelors of universities, those with 3 of hbo.
    """
    word, sort = fold(text), fold(kind)
    if word in LEVELS:
        return word
    if digit := re.search(r"(?:^|mbo_?|niveau_?)([1-4])$", word):
        return f"mbo{digit[1]}"
    named = {"associate_degree": "ad", "ad": "ad", "entree": "mbo1", "entreeopleiding": "mbo1", "phd": "doctor"}
    if word in named:
        return named[word]
    if "master" in word or word == "doctoraal":
        return "master"
    if "bachelor" in word or "propedeuse" in word:
        of_university = programme.startswith("5") or sort in ("wo", "wetenschappelijk_onderwijs", "university")
        return "wo_bachelor" if of_university else "hbo_bachelor"
    return None


def programme_code(text: str) -> str:
    """A programme code with its leading zeros: five digits in CROHO and crebo."""
    plain = text.strip()
    return plain.zfill(5) if plain.isdigit() else plain


def fields_of_programmes() -> dict[str, str]:
    """The bundled ISCED-F field of every CROHO code."""
    table = load("programme_isced")
    return dict(zip(table["programme"].to_pylist(), table["isced_f"].to_pylist(), strict=True))


def check_field(code: str, where: str) -> str | None:
    """An ISCED-F 2013 field of two to four digits, None where it is empty. Raises InputError for another code."""
    plain = code.strip()
    if plain.lower() in UNKNOWN:
        return None
    known = set(load("isced_f")["code"].to_pylist())
    if re.fullmatch(r"\d{2,4}", plain) and (plain in known or (plain[:3] in known and plain.endswith("0"))):
        return plain
    if plain[:3] in known and len(plain) == 4 and plain.endswith(("8", "9")):
        return plain  # interdisciplinary, or not elsewhere classified
    raise InputError(
        f"{where}: '{code}' is no field of ISCED-F 2013.",
        why=nearest(plain, known),
        fix="Write it with its leading zero: 0531. overstap reference show isced_f lists the fields.",
    )
