"""Cells of a workbook, read from its parts."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@lru_cache(maxsize=4)
def _texts(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root]


def _cells(book: zipfile.ZipFile, sheet: int) -> list[list[str]]:
    """The texts of each row of a sheet, numbered from 1."""
    root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [
        [_texts(book)[int(cell.findtext(f"{_MAIN}v") or 0)] for cell in row if cell.get("t") == "s"]
        for row in root.iter(f"{_MAIN}row")
    ]


def first_row(book: zipfile.ZipFile, sheet: int) -> list[str]:
    """The heads of a sheet."""
    return _cells(book, sheet)[0]


def first_column(book: zipfile.ZipFile, sheet: int) -> list[str]:
    """What stands first in each row of a sheet."""
    return [row[0] for row in _cells(book, sheet) if row]
