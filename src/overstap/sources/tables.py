"""Tables that a user gives as CSV: one reader, whatever program saved them.

Comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; gzip or zstd; a `sep=` line, a title above the header,
empty columns at the end and a line of notes below, as a spreadsheet leaves them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from overstap.cells import as_meant
from overstap.errors import InputError, nearest
from overstap.sources.files import SourceFile, open_bytes

_PATH = "Correct the path; in a study file it is relative to the folder of that file."
_MARKS = ";,\t|"
_ZIP = b"PK\x03\x04"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOTE = re.compile(r"^(bron|source|noot|toelichting|opmerking|let op|\*|©|copyright)\b|^[*©]", re.IGNORECASE)


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


def text_of(path: Path, no_file: str = _PATH) -> str:
    """The text of a file. Raises InputError where it is missing, empty, damaged, or a workbook."""
    if not path.is_file():
        near = (
            nearest(path.name, [p.name for p in path.parent.glob("*") if p.is_file()]) if path.parent.is_dir() else ""
        )
        what = "is a folder, not a file" if path.is_dir() else ""
        raise InputError(f"{path} {what}." if what else f"There is no file {path}.", why=near, fix=no_file)
    with open_bytes(SourceFile(path, path.name)) as stream:
        data = stream.read()
    if data.startswith(_ZIP):
        raise InputError(f"{path.name} is a workbook or archive, not a CSV.", fix="Save the sheet as 'CSV UTF-8'.")
    if data.startswith(_WIDE):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def lines_of(path: Path, no_file: str = _PATH) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a delimited file and its rows with their line numbers.

    Lines above the header that fill fewer than two columns are a title and are passed over, as is a note below the
    rows. Raises InputError as `text_of`, where there are no columns, or a row has more cells than the header.
    """
    text = text_of(path, no_file)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    for cells in reader:
        if sum(bool(cell.strip()) for cell in cells) > 1:
            header = [name.strip() for name in cells]
            break
    if len(header) < 2:
        first = text.split("\n", 1)[0]
        raise InputError(
            f"{path.name} has no columns: its first line is '{first[:60].strip()}'.",
            fix="Give a CSV with a header; columns separated by comma, semicolon, tab or bar.",
        )

    def rows() -> Iterator[tuple[int, list[str]]]:
        for cells in reader:
            plain = [as_meant(cell.strip()) for cell in cells]
            filled = [cell for cell in plain if cell]
            if not filled or (len(filled) == 1 and len(header) > 2 and _NOTE.match(filled[0])):
                continue
            if any(plain[len(header) :]):
                raise InputError(
                    f"{path.name}, line {reader.line_num}: {len(cells)} cells under {len(header)} columns.",
                    fix="Put a text that holds the delimiter between quotes.",
                )
            yield reader.line_num, plain[: len(header)]

    return header, rows()


def _delimiter(text: str) -> str:
    """The delimiter that a `sep=` line names, or that the header holds most of: the first line with two of one mark,
    as a title above it has fewer; else the first line."""
    lines = text.split("\n", 5)[:5]
    if lines[0].lower().startswith("sep="):
        return lines[0].strip()[4:] or ","
    head = next((line for line in lines if any(line.count(mark) > 1 for mark in _MARKS)), lines[0])
    return max(_MARKS, key=head.count)


def read_rows(
    path: Path, known: Mapping[str, Sequence[str]], needed: Iterable[str], template: str = ""
) -> Iterator[Row]:
    """The rows of a file by our names. `known`: our name → names by which a column is recognised (folded; ours too).

    Raises InputError where a needed column is missing, with the nearest that is there; `template` says where an example
    of the table is.
    """
    header, rows = lines_of(path)
    place = columns_of(header, known)
    for name in needed:
        if name not in place:
            hint = nearest(name, [fold(column) for column in header])
            raise InputError(
                f"{path.name} has no column '{name}'; it has {', '.join(filter(None, header))}.",
                why=hint,
                fix=f"Call it '{name}', or one of: {', '.join(known[name]) or name}. {template}".strip(),
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


def csv_rows(path: Path, columns: Sequence[str], no_file: str, no_column: str) -> list[dict[str, str]]:
    """The rows of a CSV by the names of its own header; a cell that a short row leaves out is empty.

    Raises InputError, with the mends given, where there is no such file or column.
    """
    header, rows = lines_of(path, no_file)
    names = [name for name in header if name]
    missing = [name for name in columns if name not in names]
    if missing:
        raise InputError(f"{path} lacks the column {missing[0]}.", why=f"It has: {', '.join(names)}.", fix=no_column)
    blank = [""] * len(header)
    return [
        {name: cell for name, cell in zip(header, chain(cells, blank[len(cells) :]), strict=True) if name}
        for _, cells in rows
    ]
