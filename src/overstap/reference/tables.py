"""Bundled reference tables as Arrow tables: `load("isco08")`. Types are declared in `data/sources.yaml`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from overstap.errors import ReferenceDataError, nearest
from overstap.reference.sources import Source, TableInfo, all_sources, all_tables

_TYPES = {"string": pa.string(), "int": pa.int64(), "float": pa.float64()}


def names() -> list[str]:
    """Names of the bundled tables, sorted."""
    return sorted(all_tables())


def describe(name: str) -> TableInfo:
    """Description, column types and source ids of a table.

    Raises `ReferenceDataError` where no table has the name, naming the nearest.
    """
    tables = all_tables()
    if name not in tables:
        hint = nearest(name, tables)
        raise ReferenceDataError(
            f"There is no reference table '{name}'.",
            why=hint or f"The tables are: {', '.join(sorted(tables))}.",
            fix="overstap reference list shows every table with its source.",
        )
    return tables[name]


def sources_of(name: str) -> list[Source]:
    """The sources of a table, the first being the main one. Raises `ReferenceDataError` as `describe` does."""
    known = all_sources()
    return [known[key] for key in describe(name).source_ids]


@lru_cache(maxsize=64)
def load(name: str) -> pa.Table:
    """A bundled table, typed; unknown values are null, and codes are text with their leading zeros.

    Read once and kept. Raises `ReferenceDataError` where no table has the name, or its file is damaged.
    """
    info = describe(name)
    schema = pa.schema([(column, _TYPES[kind]) for column, kind in info.columns.items()])
    for suffix in ("csv", "parquet"):
        resource = files("overstap.reference").joinpath(f"data/{name}.{suffix}")
        if resource.is_file():
            break
    try:
        with as_file(resource) as path:
            table = _read_csv(str(path), schema) if suffix == "csv" else pq.read_table(path)
        return table.select(schema.names).cast(schema)
    except (OSError, pa.ArrowException, KeyError) as error:
        raise ReferenceDataError(
            f"The bundled table '{name}' cannot be read.",
            why=str(error),
            fix="Install overstap again: pip install --force-reinstall overstap",
        ) from error


def _read_csv(path: str, schema: pa.Schema) -> pa.Table:
    convert = pa_csv.ConvertOptions(
        column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    return pa_csv.read_csv(path, convert_options=convert)
