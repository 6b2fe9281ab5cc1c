"""CSV as overstap writes it: one writer, whose texts no spreadsheet takes for a formula, and what reads them back.

A text that begins as a formula does is preceded by an apostrophe (OWASP, "CSV injection"); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_RISKY = tuple("=+-@\t\r\n＝＋－＠")  # the wide signs begin formulas too
_RISKY_PATTERN = "^('*[=+\\-@\\t\\r\\n＝＋－＠])"


def harmless(value: Any) -> Any:
    """A value of a cell such that no spreadsheet runs it; only texts change."""
    if isinstance(value, str) and value.lstrip("'").startswith(_RISKY):
        return f"'{value}"
    return value


def as_meant(cell: str) -> str:
    """The text that `harmless` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RISKY) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any] | Mapping[str, Any]], end: str = "\n") -> str:
    """A header and rows as CSV (RFC 4180); rows in the order of `columns`, or by their names. None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        values = [row.get(name) for name in columns] if isinstance(row, Mapping) else row
        writer.writerow([harmless(value) for value in values])
    return out.getvalue()


def write_table(table: pa.Table, to: Path | None = None) -> None:
    """An Arrow table as CSV to a file, or to stdout."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pa_csv

    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(field.type.value_type))
        if pa.types.is_string(table.schema.field(at).type) or pa.types.is_large_string(table.schema.field(at).type):
            text = pc.replace_substring_regex(table.column(at), _RISKY_PATTERN, "'\\1")
            table = table.set_column(at, field.name, text)
    if to is not None:
        pa_csv.write_csv(table, to)
        return
    sys.stdout.flush()
    pa_csv.write_csv(table, sys.stdout.buffer)
