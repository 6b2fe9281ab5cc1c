"""A file of answers as rows of cells: gzip or zstd, its encoding and its separator found by content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import InputError
from overstap.sources.files import SourceFile, codec_name, open_bytes

_SEPARATORS = (",", ";", "\t", "|")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\x00]")  # marks that programs leave between words
_RUN = re.compile("[\u0080-\uffff]{2,}")
_NO_TEXT = (*range(1, 7), *range(14, 27))  # control codes that no text holds
_PAGE = re.compile(r"\s*<(?:!doctype html|html|\?xml)", re.IGNORECASE)
_HEAD_ROWS = 50
_SEP_LINE = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)  # a line that Excel asks for
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Sheet:
    """The cells of one file, the header first. `ragged`: rows, numbered from 1, with more or fewer cells than it."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    ragged: tuple[int, ...] = ()


def read_text(path: Path, encoding: str = "auto") -> str:
    """The text of a file, decompressed. Raises InputError where it is missing, empty or of another encoding."""
    with open_bytes(SourceFile(path, path.name)) as stream:
        data = stream.read()
    if not data.strip():
        raise InputError(f"{path.name} is empty.", fix="Export the answers again, or take the file out of 'files:'.")
    if data.startswith(b"PK\x03\x04") or data.startswith((b"\xd0\xcf\x11\xe0", b"$FL2")):
        raise InputError(
            f"{path.name} is a file of Excel or SPSS, not text.", fix="Save it as CSV (UTF-8), and name that file."
        )
    if encoding != "auto":
        try:
            return data.decode(codec_name(encoding))
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path.name} is not {encoding}: byte {error.start}.", fix="Set 'encoding: auto', or the right one."
            ) from error
    mark = next((name for head, name in _MARKS.items() if data.startswith(head)), None)
    if mark is None and data[:2000].count(b"\0") > len(data[:2000]) // 4:
        mark = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if mark is None and sum(data[:2000].count(bytes([code])) for code in _NO_TEXT) > len(data[:2000]) // 100:
        raise InputError(f"{path.name} is no text.", fix="Export the answers as CSV, and name that file.")
    try:
        text = data.decode(mark or "utf-8")
    except UnicodeDecodeError:
        return _mixed(data)
    return _RUN.sub(_read_twice, text)


def _read_twice(found: re.Match[str]) -> str:
    """Letters as they were, where a program took their UTF-8 for that of Windows and wrote it anew: Ã« is ë."""
    try:
        return b"".join(one.encode("latin-1" if one < "\u0100" else "cp1252") for one in found[0]).decode("utf-8")
    except UnicodeError:
        return found[0]


def _mixed(data: bytes) -> str:
    """Lines in UTF-8 as such, and the others as Windows wrote them: exports that were edited by hand hold both."""
    return "".join(_line(line) for line in data.splitlines(keepends=True))


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def read_sheet(path: Path, encoding: str = "auto") -> Sheet:
    """The file at `path` as a table. A short row is filled up with empty cells, a long one keeps its cells under
    headings of their own, so that nothing is lost. Raises InputError as `read_text`, and where there is no header."""
    text = _INVISIBLE.sub("", read_text(path, encoding)).replace("\u00a0", " ")
    if _PAGE.match(text):
        raise InputError(
            f"{path.name} is a web page, not a table.", fix="Log in, export the answers as CSV, and name that file."
        )
    separator, text = _separator(text), _SEP_LINE.sub("", text)
    found = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    if not found:
        raise InputError(f"{path.name} holds no header.", fix="Export the answers again, with the question codes.")
    _check_quotes(path.name, text, separator)
    header, rows = [cell.strip() for cell in found[0]], found[1:]
    while header and not header[-1] and all(len(row) < len(header) or not row[len(header) - 1] for row in rows):
        header.pop()  # a separator at the end of each line
    rows = [row[: len(header)] + _rest(row, len(header)) for row in rows]
    widest = max((len(row) for row in rows), default=0)
    ragged = tuple(at for at, row in enumerate(rows, 1) if len(row) != len(header))
    header += [f"(column {at} without a heading)" for at in range(len(header) + 1, widest + 1)]
    header = [name or f"(column {at} without a heading)" for at, name in enumerate(header, 1)]
    return Sheet(path.name, tuple(header), [row + [""] * (len(header) - len(row)) for row in rows], ragged)


def _check_quotes(name: str, text: str, separator: str) -> None:
    """Raise InputError where a quotation mark is opened and never closed: the rest of the file would be one cell."""
    reader, last = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 0
    try:
        for _ in reader:
            last = reader.line_num
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise InputError(
                f"{name}, line {last + 1}: a quotation mark is opened and never closed.",
                why="All that follows would be read as one answer.",
                fix="Double the quotation marks within answers, or export the file again.",
            ) from error


def _rest(row: list[str], width: int) -> list[str]:
    """Cells beyond the header, those empty at the end left out."""
    rest = row[width:]
    while rest and not rest[-1].strip():
        rest.pop()
    return rest


def _separator(text: str) -> str:
    """The separator that cuts the first rows into most cells, all rows into as many."""
    head = text[: 1 << 20]
    if head.lower().startswith("sep=") and len(head) > 4:
        return head[4]
    scores = []
    for separator in _SEPARATORS:
        try:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
            widths = [len(row) for row, _ in zip(reader, range(_HEAD_ROWS), strict=False) if row]
        except csv.Error:
            continue
        width, often = Counter(widths).most_common(1)[0]
        scores.append((width > 1, often / len(widths), width, separator))
    return max(scores, key=lambda s: (s[0], round(s[1], 1), s[2]))[3] if any(s[0] for s in scores) else ","
