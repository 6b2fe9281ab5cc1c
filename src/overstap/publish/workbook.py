"""Workbooks: sheets of rows with a head that stays in view, in which no text can run as a formula."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from overstap.errors import ContractError
from overstap.schema import ColumnSpec, TableSpec

_WIDEST, _NAME = 60, 31  # characters: of a column, and what a spreadsheet allows for a sheet's name
BESIDE = {"group": ("Groep van vacatures", "Group of vacancies")}
"""Columns of a chart that its table has not: what they are in Dutch and English."""
_LINE, _LINES_MOST = 15, 8  # points of a line of text; lines that a row shows at most
_SHOWN = ("General", "0", "#,##0", "#,##0.00", "0.0000")
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, the heads of its columns and the rows below. `links` leads from a cell (row from 0 below the
    head, column) to the sheet of that name."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


def workbook(sheets: Sequence[Sheet], properties: Mapping[str, str] | None = None) -> bytes:
    """The sheets as XLSX; `properties` are those of the document (title, subject)."""
    import xlsxwriter  # here: only who asks for a workbook waits for it

    out = io.BytesIO()
    kept: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, kept) as book:
        book.set_properties(dict(properties or {}))
        formats = {name: book.add_format({"valign": "top", "num_format": name}) for name in _SHOWN}
        formats["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats["text"] = book.add_format({"valign": "top", "text_wrap": True})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), formats, sheet)
    return out.getvalue()


def shown_as(values: Sequence[Any]) -> str:
    """How a spreadsheet shows a column of numbers, whose cells keep every digit; empty for one of texts.

    Years have no sign between thousands; small numbers, such as probabilities, have more decimals.
    """
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if not numbers or any(isinstance(value, str) for value in values):
        return ""
    if all(isinstance(value, int) for value in numbers):
        return "0" if all(1900 <= value <= 2100 for value in numbers) else "#,##0"
    return "0.0000" if all(abs(value) < 1 for value in numbers) else "#,##0.00"


def _width(value: Any, shown: str) -> int:
    """The characters that a value takes, as it is shown."""
    if shown and isinstance(value, int | float) and not isinstance(value, bool):
        return len(f"{value:,.{len(shown.partition('.')[2])}f}")
    return len(str(value))


def _write(target: Any, formats: Mapping[str, Any], sheet: Sheet) -> None:
    target.write_row(0, 0, sheet.columns, formats["head"])
    columns = [[plain(row[at]) if at < len(row) else None for row in sheet.rows] for at in range(len(sheet.columns))]
    lines: dict[int, int] = {}
    for at, column in enumerate(columns):
        shown = shown_as(column)
        widest = max((_width(value, shown) for value in column[:200] if value is not None), default=0)
        target.set_column(at, at, min(max(widest, min(len(sheet.columns[at]), 24)) + 2, _WIDEST))
        is_long = not shown and widest > _WIDEST
        is_yes_or_no = any(isinstance(value, bool) for value in column)
        look = formats[shown or ("text" if is_long else "General")]
        target.write_column(1, at, column, None if is_yes_or_no else look)
        for number, value in enumerate(column, 1):
            if is_long and value is not None and len(str(value)) > _WIDEST:
                lines[number] = max(lines.get(number, 1), -(-len(str(value)) // (_WIDEST - 8)))
    for number, count in lines.items():
        target.set_row(number, _LINE * min(count, _LINES_MOST))
    for (row_at, at), name in sheet.links.items():
        target.write_url(row_at + 1, at, f"internal:'{name}'!A1", string=str(sheet.rows[row_at][at]))
    target.freeze_panes(1, 0)
    target.set_landscape()
    target.set_paper(9)  # A4
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)
    if sheet.rows:
        target.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def codebook(contracts: Sequence[TableSpec], *, named: bool = False, heads: Sequence[str] = ()) -> Sheet:
    """What each column of the contracts means; `named`: with the table before it, for a workbook of several.

    `heads`: the columns of a sheet, of which those that no contract has are told too: labels beside codes, and what
    only a chart has. Raises ContractError for one that nothing tells.
    """
    known = {c.name: c for spec in contracts for c in spec.columns}
    rows = [
        [*([spec.name] if named else []), c.name, c.label_nl, c.label_en, c.unit, str(c.type), c.key, c.nullable]
        for spec in contracts
        for c in spec.columns
    ]
    rows += [_beside(name, known) for name in heads if name not in known]
    heads = ["column", "label_nl", "label_en", "unit", "type", "key", "may_be_unknown"]
    return Sheet("codebook", ["table", *heads] if named else heads, rows)


def _beside(name: str, known: Mapping[str, ColumnSpec]) -> list[Any]:
    """The row of a column that is in no contract."""
    if name in BESIDE:
        nl, en = BESIDE[name]
        return [name, nl, en, "", "string", False, False]
    code = name.removesuffix("_label")
    of = known.get(code) or known.get(f"{code}_id")
    if of is None or code == name:
        raise ContractError(f"Nothing tells what column '{name}' means.", fix="Name it in publish/workbook.py, BESIDE.")
    return [name, f"{of.label_nl}: naam", f"{of.label_en}: name", "", "string", False, True]


def sheet_name(text: str, taken: set[str]) -> str:
    """`text` as a sheet's name that is not yet `taken`, and takes it."""
    text = " ".join(text.translate(_FORBIDDEN).split())
    name, number = text[:_NAME].strip(), 1
    while name.casefold() in taken or not name:
        number += 1
        name = f"{text[: _NAME - 4].strip()} {number}"
    taken.add(name.casefold())
    return name


def plain(value: Any) -> Any:
    """A value as a cell can hold it."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
