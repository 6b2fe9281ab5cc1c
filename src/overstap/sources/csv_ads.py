"""CSV feeds: quoted newlines, long cells, detected delimiters, broken rows set apart and the next rows kept."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from overstap.errors import InputError
from overstap.sources.columns import Mapped, join
from overstap.sources.files import SAMPLE_BYTES, SourceFile, check_encoding, codec_name, open_bytes, sample_bytes
from overstap.sources.reasons import Fault, Reason
from overstap.sources.rows import Row
from overstap.study import AdSource

DELIMITERS = (",", ";", "\t", "|")
# A cell above this is an unclosed quote that swallows the rest of the file, or a text no ad has.
FIELD_LIMIT = 6_000_000
_NEVER_CLOSED = "a quote that is never closed"
_NEARLY_ALL = 0.9
# The line by which Excel tells itself the separator.
_SEPARATOR = re.compile('\ufeff?"?sep=(.)"?\r?\n', re.IGNORECASE)
_SURROGATE = re.compile("[\udc80-\udcff]")
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def names(file: SourceFile, source: AdSource) -> list[str]:
    """The column names of the file. Raises InputError where it is empty, unreadable, or in another encoding."""
    return _header(file, source)[0]


def sample_rows(file: SourceFile, source: AdSource, n: int = 200) -> list[dict[str, str]]:
    """The first `n` well-formed rows, by column name."""
    header, delimiter, above = _header(file, source)
    sample = sample_bytes(file)
    found = list(_parse(sample.decode(codec_name(source.encoding), errors="replace"), delimiter))[above + 1 :]
    if len(sample) == SAMPLE_BYTES:  # the last row of a sample may be cut off
        found = found[:-1] or found
    rows = []
    for row in found:
        if len(row) == len(header):
            rows.append(dict(zip(header, row, strict=True)))
        if len(rows) == n:
            break
    return rows


def records(file: SourceFile, source: AdSource, mapped: Mapped) -> Iterator[Row | Fault]:
    """The rows of the file in order. A row of the wrong width or encoding is a Fault at the line where it starts."""
    header, delimiter, above = _header(file, source)
    place = {name: i for i, name in reversed(list(enumerate(header)))}
    picks = [(field, [place[column] for column in columns]) for field, columns in mapped.items()]
    with open_bytes(file) as stream:
        try:
            text = io.TextIOWrapper(stream, codec_name(source.encoding), errors="surrogateescape", newline="")
            for _ in range(above):
                text.readline()
            for line, cells in _rows(text, delimiter, len(header), above + 1):
                if isinstance(cells, Fault):
                    yield cells
                    continue
                values = {f: cells[at[0]] if len(at) == 1 else join(f, [cells[i] for i in at]) for f, at in picks}
                bad = next((f for f, v in values.items() if v and not v.isascii() and _SURROGATE.search(v)), None)
                if bad:
                    words = f"bytes that are not {source.encoding} in the field '{bad}'"
                    yield Fault(line, Reason.BAD_ENCODING, words, bad)
                else:
                    yield Row(line, values)
        except UnicodeError as error:
            raise InputError(
                f"{file.label} is not {source.encoding}: {error}.", fix="Set 'encoding:' of the source to what it is."
            ) from error


def _header(file: SourceFile, source: AdSource) -> tuple[list[str], str, int]:
    """The column names, the separator, and how many lines stand above the names."""
    sample = sample_bytes(file)
    check_encoding(file, source.encoding, sample)
    text = sample.decode(codec_name(source.encoding), errors="replace")
    if not text.strip():
        raise InputError(f"{file.label} is empty.", fix="Replace the file, or take it out of 'files:'.")
    delimiter = _NAMED.get(source.delimiter, source.delimiter)
    told = _SEPARATOR.match(text)
    if told:
        text = text[told.end() :]
        delimiter = told[1] if delimiter == "auto" else delimiter
    if delimiter == "auto":
        delimiter = detect_delimiter(text)
    elif len(delimiter) != 1:
        raise InputError(
            f"Source '{source.id}': the delimiter '{source.delimiter}' is not one character.",
            fix="Set 'delimiter:' to auto, ',', ';', tab or '|'.",
        )
    header = [name.strip().lstrip("\ufeff") for name in next((r for r in _parse(text, delimiter) if r), [])]
    while header and not header[-1]:
        header.pop()
    return header, delimiter, 1 if told else 0


def detect_delimiter(text: str) -> str:
    """The separator that splits the first rows of `text` into the most cells, the same number in each row."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        rows = [row for row in _parse(text[:200_000], delimiter, 20) if row]
        width = len(rows[0]) if rows else 0
        if width > 1:
            # The last row of the sample may be cut off, so it does not count where there are others.
            body = rows[1:-1] or rows[1:]
            agree = sum(len(row) == width for row in body) / len(body) if body else 1.0
            if (agree, width) > best_score:
                best, best_score = delimiter, (agree, width)
    return best


def _parse(text: str, delimiter: str, limit: int = 400) -> Iterator[list[str]]:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for _ in range(limit):
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


class _Lines:
    """Physical lines, which remembers those of the record in hand so that they can be read again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        # A generator, not __next__: an ad of a hundred lines would pay a hundred calls.
        while True:
            line = self._again.popleft() if self._again else next(self._text, None)
            if line is None:
                return
            self.taken.append(line)
            yield line

    def push_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))


def _rows(text: TextIO, delimiter: str, width: int, start: int) -> Iterator[tuple[int, list[str] | Fault]]:
    """The rows below the header, which is on line `start`, each with the line on which it begins.

    A row is read by the letter of CSV; one that cannot be is read again as it comes, and looked at: between two quotes
    that were never closed lie whole rows.
    """
    csv.field_size_limit(FIELD_LIMIT)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = True
    while True:
        lines.taken = []
        loose = False
        fault = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            loose, fault = "limit" not in str(error), _NEVER_CLOSED
        if loose:
            lines.push_back(lines.taken)
            lines.taken = []
            cells, fault = _loosely(lines, delimiter)
        if not fault and len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if not fault and cells and len(cells) != width:
            fault = f"{len(cells)} cells where the header has {width}"
        if loose and not fault and _swallows(lines.taken, delimiter, width):
            fault = _NEVER_CLOSED
        taken = len(lines.taken)
        if first and not fault:
            first = False
        elif fault:
            yield start, Fault(start, Reason.BROKEN_ROW, fault)
            taken = _resume(lines.taken, delimiter, width)
            lines.push_back(lines.taken[taken:])
        elif cells:
            yield start, cells
        if loose or fault:
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        start += taken


def _loosely(lines: _Lines, delimiter: str) -> tuple[list[str], str]:
    """The cells of the next row, quotes within a cell taken as they come; or the fault that ends it all the same."""
    try:
        return next(csv.reader(lines, delimiter=delimiter)), ""
    except csv.Error as error:
        return [], _NEVER_CLOSED if "limit" in str(error) else "broken quoting"


def _swallows(taken: list[str], delimiter: str, width: int) -> bool:
    """Whether these lines of one record are rows of their own: nearly all of those without a quote, and there is one,
    have the cells of a row, which lines of running text have not."""
    inner = [line.rstrip("\r\n").rstrip(delimiter) for line in taken[1:] if '"' not in line and line.strip()]
    whole = sum(line.count(delimiter) == width - 1 for line in inner)
    return width > 1 and whole > 0 and whole >= _NEARLY_ALL * len(inner)


def _resume(taken: list[str], delimiter: str, width: int) -> int:
    """How many lines of a broken record to give up: those before the first from which a whole row can be read."""
    budget = 4 * FIELD_LIMIT
    for i in range(1, len(taken)):
        # A line of running text has fewer separators than a row, unless a quoted cell goes on over the next lines.
        if delimiter not in taken[i]:
            continue
        lines = _Lines(io.StringIO())
        lines.push_back(taken[i:])
        try:
            row = next(csv.reader(lines, delimiter=delimiter), [])
        except csv.Error:
            row = []
        budget -= sum(map(len, lines.taken))
        if len(row) == width > 1:
            return i
        if budget < 0:
            break
    return len(taken)
