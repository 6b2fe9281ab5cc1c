"""Parquet feeds, read in row batches; nested columns are addressed with dots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.errors import InputError
from overstap.sources.columns import Mapped
from overstap.sources.files import SourceFile
from overstap.sources.jsonl_ads import pick
from overstap.sources.reasons import Fault, Reason
from overstap.sources.rows import Row
from overstap.study import AdSource

_BATCH = 1024


def names(file: SourceFile, source: AdSource) -> list[str]:
    """Column names, fields of structs with dots. Raises InputError where the file is cut off or no Parquet."""
    schema = _open(file).schema_arrow
    return [name for field in schema for name in _names(field.name, field.type)]


def sample_rows(file: SourceFile, source: AdSource, n: int = 200) -> list[dict[str, Any]]:
    """The first `n` rows."""
    try:
        for batch in _open(file).iter_batches(batch_size=n):
            return [row for row in _rows(batch) if isinstance(row, dict)]
    except (pa.ArrowException, OSError) as error:
        raise _broken(file, f"{file.label} is damaged in its first rows", error) from error
    return []


def records(file: SourceFile, source: AdSource, mapped: Mapped) -> Iterator[Row | Fault]:
    """The rows in order, numbered from 1. Raises InputError where the file turns out damaged."""
    parquet = _open(file)
    top = set(parquet.schema_arrow.names)
    columns = {c if c in top else c.split(".")[0] for chosen in mapped.values() for c in chosen}
    number = 0
    try:
        for batch in parquet.iter_batches(batch_size=_BATCH, columns=sorted(columns)):
            for record in _rows(batch):
                number += 1
                if isinstance(record, UnicodeDecodeError):
                    yield Fault(number, Reason.BAD_ENCODING, "a text column holds bytes that are not UTF-8")
                else:
                    yield Row(number, pick(record, mapped))
    except (pa.ArrowException, OSError) as error:
        raise _broken(file, f"{file.label} is damaged after record {number}", error) from error


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | UnicodeDecodeError]:
    try:
        yield from batch.to_pylist()
        return
    except UnicodeDecodeError:
        pass
    for i in range(batch.num_rows):
        try:
            yield batch.slice(i, 1).to_pylist()[0]
        except UnicodeDecodeError as error:
            yield error


def _open(file: SourceFile) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file.path)
    except FileNotFoundError:
        raise InputError(f"There is no file {file.path}.", fix="Correct 'files:' of the source.") from None
    except (pa.ArrowException, OSError) as error:
        raise _broken(file, f"{file.label} cannot be read as Parquet", error) from error


def _broken(file: SourceFile, what: str, error: Exception) -> InputError:
    return InputError(
        f"{what}: {str(error).splitlines()[0]}",
        why="The file is cut off, was not written to its end, or is of another format.",
        fix="Write or fetch the file again, or set 'format:' of the source to what it is.",
    )


def _names(name: str, type_: pa.DataType) -> list[str]:
    if pa.types.is_struct(type_):
        return [name, *(f"{name}.{inner}" for field in type_ for inner in _names(field.name, field.type))]
    return [name]
