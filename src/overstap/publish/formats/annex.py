"""The annex of a report as a workbook: every table it shows, unrounded where its rows are known, with a codebook."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from overstap import __version__
from overstap.publish.formats.blocks import Chapter, Document, Figure, Table
from overstap.publish.labels import NBSP, Translator
from overstap.publish.workbook import Sheet, codebook, sheet_name, workbook
from overstap.schema import table_spec


@dataclass
class _Group:
    """Tables of one chapter with the same columns: one sheet, told apart by its first column."""

    chapter: int
    columns: tuple[str, ...]
    contract: str = ""
    titles: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)


def document_xlsx(document: Document, t: Translator) -> bytes:
    """The tables and the data of the charts, a sheet for those of one chapter that have the same columns.

    First comes a list of them with links, last the meaning of every column. Texts never run as formulas.
    """
    taken = {"codebook", "about"}
    contents = sheet_name(t("formats.contents"), taken)
    thousands = "." if document.language == "nl" else ","
    chapters = enumerate(document.chapters, 1)
    groups = [group for number, chapter in chapters for group in _groups(number, chapter, thousands)]
    sheets = [_sheet(group, document, t, taken) for group in groups]
    contracts = [table_spec(name) for name in dict.fromkeys(group.contract for group in groups if group.contract)]
    listed = [
        [group.chapter, document.chapters[group.chapter - 1].title, title, sheet.name, caption, group.contract]
        for group, sheet in zip(groups, sheets, strict=True)
        for title, caption in zip(group.titles, group.captions, strict=True)
    ]
    heads = [t(f"formats.annex_head.{name}") for name in ("number", "chapter", "table", "sheet", "caption", "contract")]
    links = {(row, 3): str(line[3]) for row, line in enumerate(listed)}
    about = [
        [t("formats.annex_head.report"), document.name],
        *([name, value] for name, value in document.facts),
        *([[t("formats.annex_head.warning"), document.warning]] if document.warning else []),
        [t("formats.annex_head.empty"), t("formats.empty_cell")],
        [t("formats.annex_head.software"), f"overstap {__version__}"],
    ]
    front = [Sheet(contents, heads, listed, links), Sheet("about", [t("formats.annex_head.what"), ""], about)]
    told = {"title": document.name, "subject": t("formats.annex_title")}
    return workbook([*front, *sheets, codebook(contracts, named=True)], told)


def _groups(number: int, chapter: Chapter, thousands: str) -> list[_Group]:
    found: dict[tuple[str, ...], _Group] = {}
    for block in chapter.blocks:
        if not isinstance(block, Figure | Table) or not block.rows:
            continue
        columns = block.columns if isinstance(block, Figure) else block.head
        contract = block.contract if isinstance(block, Figure) else ""
        group = found.setdefault((contract, *columns), _Group(number, columns, contract))
        group.titles.append(block.title)
        group.captions.append(block.caption if isinstance(block, Figure) else "")
        if isinstance(block, Figure):
            typed = [_typed(name, contract) for name in columns]
            body = [[read(text) for read, text in zip(typed, row, strict=True)] for row in block.rows]
        else:
            numbers = (*block.numbers, *[False] * len(block.head))
            body = [[_shown(text, numbers[at], thousands) for at, text in enumerate(row)] for row in block.rows]
        group.rows += [[block.title, *row] for row in body]
    return list(found.values())


def _sheet(group: _Group, document: Document, t: Translator, taken: set[str]) -> Sheet:
    name = sheet_name(f"{group.chapter:02d} {document.chapters[group.chapter - 1].title}", taken)
    return Sheet(name, [t("formats.annex_head.table"), *group.columns], group.rows)


def _typed(name: str, contract: str) -> Any:
    """What turns the text of a CSV cell into the value that its contract says."""
    kind = next((str(c.type) for c in table_spec(contract).columns if c.name == name), "string") if contract else ""
    if kind.startswith(("int", "uint")):
        return lambda text: int(text) if text else None
    if kind in ("float", "double"):
        return lambda text: float(text) if text else None
    if kind == "bool":
        return lambda text: text == "True" if text else None
    return lambda text: text or None


def _shown(text: str, is_number: bool, thousands: str) -> Any:
    """A cell as the report shows it; a bare count in a column of numbers as a number."""
    digits = text.replace(thousands, "").replace("\u2212", "-").removeprefix("+")
    grouped = re.fullmatch(r"[+\u2212]?(\d+|\d{1,3}([.,]\d{3})+)", text)
    if is_number and grouped and digits.removeprefix("-").isdigit():
        return int(digits)
    return text.replace(NBSP, " ")
