"""What a contract is: the columns of a table, their Arrow type, unit, labels in two languages, and null rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from overstap.errors import ContractError


@dataclass(frozen=True)
class ColumnSpec:
    """One column: name, Arrow type, labels for readers, unit, whether it may be null, whether it is part of the key."""

    name: str
    type: pa.DataType
    label_en: str
    label_nl: str
    unit: str = ""
    nullable: bool = True
    key: bool = False


@dataclass(frozen=True)
class TableSpec:
    """The contract of one table. Its name is the `.sql` file, the Parquet folder, the API path and the docs anchor."""

    name: str
    label_en: str
    label_nl: str
    columns: tuple[ColumnSpec, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with nullability, of the table as it is stored."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    def cast(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """`batch` with the contract's column order and types.

        Raises ContractError where a column is missing, unknown, of a type that cannot be cast without loss, or null
        where the contract forbids it.
        """
        unknown = sorted(set(batch.schema.names) - set(self.names))
        missing = sorted(set(self.names) - set(batch.schema.names))
        if unknown or missing:
            raise ContractError(
                f"Table {self.name}: columns not in the contract {unknown}, columns missing {missing}.",
                fix="Add the column to the table's entry in overstap/schema/ or leave it out of the step.",
            )
        return pa.RecordBatch.from_arrays(
            [self._cast_column(c, batch.column(c.name)) for c in self.columns], schema=self.schema
        )

    def _cast_column(self, column: ColumnSpec, array: pa.Array) -> pa.Array:
        try:
            cast = array if array.type.equals(column.type) else array.cast(column.type)
        except pa.ArrowInvalid as error:
            raise ContractError(f"Table {self.name}, column {column.name}: {error}") from error
        except pa.ArrowNotImplementedError as error:
            raise ContractError(
                f"Table {self.name}, column {column.name}: cannot cast {array.type} to {column.type}."
            ) from error
        if cast.null_count and not column.nullable:
            raise ContractError(
                f"Table {self.name}, column {column.name}: {cast.null_count} nulls where none are allowed."
            )
        return cast


def bounded(name: str, en: str, nl: str, unit: str = "", *, null: bool = True) -> tuple[ColumnSpec, ...]:
    """A value with its bounds, which may be null; the unit at the end of its name is not repeated in theirs."""
    stem = re.sub("_(pp|pct|number)$", "", name)
    return (
        col(name, pa.float64(), en, nl, unit, null=null),
        col(f"{stem}_low", pa.float64(), f"{en}, lower bound", f"{nl}, ondergrens", unit),
        col(f"{stem}_high", pa.float64(), f"{en}, upper bound", f"{nl}, bovengrens", unit),
    )


def col(
    name: str, type_: pa.DataType, en: str, nl: str, unit: str = "", *, key: bool = False, null: bool = True
) -> ColumnSpec:
    """A ColumnSpec in one line; a key column is never null."""
    return ColumnSpec(name, type_, en, nl, unit, nullable=null and not key, key=key)


def table(name: str, en: str, nl: str, columns: Sequence[ColumnSpec]) -> TableSpec:
    """A TableSpec in one call."""
    return TableSpec(name, en, nl, tuple(columns))


def to_frictionless(spec: TableSpec) -> dict[str, Any]:
    """The contract as a Frictionless Table Schema (v1), for `datapackage.json`."""
    fields = [
        {
            "name": c.name,
            "type": _frictionless_type(c.type),
            "title": c.label_en,
            "title_nl": c.label_nl,
            **({"unit": c.unit} if c.unit else {}),
            **({} if c.nullable else {"constraints": {"required": True}}),
        }
        for c in spec.columns
    ]
    return {"fields": fields, **({"primaryKey": list(spec.key)} if spec.key else {})}


def _frictionless_type(type_: pa.DataType) -> str:
    if pa.types.is_boolean(type_):
        return "boolean"
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_floating(type_):
        return "number"
    if pa.types.is_date(type_):
        return "date"
    if pa.types.is_timestamp(type_):
        return "datetime"
    if pa.types.is_list(type_):
        return "array"
    return "string"
