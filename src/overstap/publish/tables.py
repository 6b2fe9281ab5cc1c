"""Tables for readers: rows of a contract table, chosen by equality, labelled, formatted, and as CSV."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from overstap.cells import csv_text
from overstap.publish.labels import DASH, NBSP, Translator
from overstap.schema import TABLES, table_spec
from overstap.schema.out import ALL, CELL_NAMES
from overstap.store import Wanted, equal

if TYPE_CHECKING:
    from overstap.pipeline import Study

Row = Mapping[str, Any]
LABELLED = ("item_id", "kind", "part")  # codes that a download gives with their labels
_NOTHING = ("breaks", "left_out", "note")  # where no value says that there is nothing to tell, not that it is unknown
_CODES = re.compile(r"[:;] (?:all: .*|[a-z_]+(?:, [a-z_]+)+)$")  # that a label of the contracts lists for a program
_MIXED, _LARGE = ("value", "change"), 1_000  # columns of several units: large numbers there are persons


def select(study: Study, table: str, **wanted: Wanted) -> pa.Table:
    """The rows of an `out_` table where each named column has the value, or one of the values, given.

    A dimension of the cell that is not named must be `all`, so no vacancy is counted twice. Raises StoreError where the
    study has no such table yet.
    """
    names = table_spec(table).names
    cell: dict[str, Wanted] = {name: ALL for name in CELL_NAMES if name in names}
    return study.store.select(table, cell | wanted)


def narrow(rows: pa.Table, **wanted: Wanted) -> pa.Table:
    """As `select`, from rows already in memory; only the named columns are looked at."""
    return rows.filter(equal(wanted)) if wanted else rows


def whole_cells(study: Study, table: str) -> pa.Table:
    """The rows of an `out_` table over all languages and sources, split by topsector and function group."""
    return study.store.select(table, {"language": ALL, "source_id": ALL})


def header(t: Translator, table: str, columns: Sequence[str]) -> list[str]:
    """Labels of the columns, with their unit; without the codes, as the cells are told in words."""
    return [_CODES.sub("", t.column(table, name)) for name in columns]


def cells(t: Translator, row: Row, columns: Sequence[str]) -> list[str]:
    """One row, formatted for reading."""
    return [cell(t, row, name) for name in columns]


def cell(t: Translator, row: Row, name: str) -> str:
    """One value, formatted for reading: shares with one decimal, ratios and p-values with two, codes as labels."""
    value = row[name]
    if value is None:
        return DASH if name in _NOTHING else t("unit.unknown")
    if isinstance(value, bool):
        return t(f"value.yes_no.{'yes' if value else 'no'}")
    if isinstance(value, list):
        return "; ".join(t.value(name, part) for part in value)
    if name == "item_id":
        return t.item_of(row)
    if name in ("period", "quarter"):
        return t.period(value)
    if isinstance(value, str):
        return t.value(row.get({"level": "dimension", "value": "split"}.get(name, ""), name), value)
    if name == "year" or name.endswith("_year"):
        return str(value)
    if name.startswith(("share_", "weighted_")):
        return t.number(value, 1)
    if name.startswith("growth_"):
        return t.signed(value, 0 if value == round(value) else 1)
    if name in ("p_value", "q_value"):
        return f"<{NBSP}{t.number(0.01, 2)}" if value < 0.01 else t.number(value, 2)
    if name in _persons() or (isinstance(value, float) and name.startswith(_MIXED) and abs(value) >= _LARGE):
        return t.number(value)
    if value == 0 and name.startswith(_MIXED):
        return t.number(0)
    return t.factor(value) if isinstance(value, float) else t.number(value)


@lru_cache(maxsize=1)
def _persons() -> frozenset[str]:
    """Columns that count people, with or without a fraction."""
    return frozenset(c.name for spec in TABLES.values() for c in spec.columns if c.unit == "persons")


def worth_telling(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `out_quality` without the ads lacking a date where there are none: rows set aside tell it then."""
    told = any(row["measure"] == "rows_set_aside" and row["detail"] == "no_date" for row in rows)
    without = [row for row in rows if row["measure"] == "ads_without_date"]
    if told and not any(row["value_n"] for row in without):
        return [row for row in rows if row["measure"] != "ads_without_date"]
    return list(rows)


def is_number(table: str, column: str) -> bool:
    """Whether a column holds numbers, to be set right."""
    type_ = next(c.type for c in table_spec(table).columns if c.name == column)
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_))


def to_csv(rows: Sequence[Row], columns: Sequence[str], t: Translator | None = None) -> str:
    """The rows as CSV (RFC 4180) with contract names, unrounded; with `t`, the labels of codes in columns beside them.

    A text that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    labelled = [name for name in LABELLED if name in columns] if t is not None else []
    head = [*columns, *(f"{name.removesuffix('_id')}_label" for name in labelled)]

    def values(row: Row) -> list[Any]:
        labels = [cell(t, row, name) for name in labelled] if t is not None else []
        return [*(_plain(row[name]) for name in columns), *labels]

    return csv_text(head, map(values, rows), end="\r\n")


def _plain(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def data_uri(text: str, kind: str = "text/csv") -> str:
    """`text` as a data: address, UTF-8 with a byte order mark so that spreadsheets read its accents."""
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode('utf-8-sig')).decode()}"
