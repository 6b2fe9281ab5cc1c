"""Parquet parts: written under the contract of a table, and read through a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.batches import ordered_map
from overstap.engine.base import BatchFunction
from overstap.schema import TableSpec

_PART_ROWS = 1_000_000
_GROUP_ROWS, _GROUP_BYTES = 1 << 16, 32 << 20
"""Of a row group, whichever is reached first. Whoever asks for a few rows looks at what is said of every group: small
ones cost more than they spare."""
_BATCH_ROWS = 8_192


def batches_of(files: Iterable[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """`columns` of these files in batches, in row order."""
    for path in files:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_BATCH_ROWS, columns=list(columns))


def mapped(
    files: Iterable[Path], function: BatchFunction, columns: Sequence[str], threads: int
) -> Iterator[pa.RecordBatch]:
    """`function` over the batches of `columns` of these files, in row order, in so many threads."""
    return ordered_map(function, batches_of(files, columns), threads)


class TableWriter:
    """Writes batches, cast to the contract `spec`, to Parquet parts of about a million rows in `folder`, called `name`
    and a number; small batches together, as one row group."""

    def __init__(self, spec: TableSpec, folder: Path, name: str = "part") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.spec = spec
        self.folder = folder
        self.rows = 0
        self._part = 0
        self._part_rows = 0
        self._held: list[pa.RecordBatch] = []
        self._held_rows = self._held_bytes = 0
        self._writer = self._open()

    def write(self, batch: pa.RecordBatch) -> None:
        """Append `batch`; raises ContractError where it does not fit."""
        cast = self.spec.cast(batch)
        self._held.append(cast)
        self._held_rows += cast.num_rows
        self._held_bytes += cast.nbytes
        self.rows += cast.num_rows
        if self._held_rows >= _GROUP_ROWS or self._held_bytes >= _GROUP_BYTES:
            self._write_group()

    def close(self) -> int:
        """Finish the files; the number of rows written."""
        self._write_group()
        self._writer.close()
        return self.rows

    def _write_group(self) -> None:
        if not self._held_rows:
            return
        if self._part_rows >= _PART_ROWS:
            self._writer.close()
            self._part, self._part_rows = self._part + 1, 0
            self._writer = self._open()
        self._writer.write_table(pa.Table.from_batches(self._held), row_group_size=self._held_rows)
        self._part_rows += self._held_rows
        self._held, self._held_rows, self._held_bytes = [], 0, 0

    def _open(self) -> pq.ParquetWriter:
        path = self.folder / f"{self.name}-{self._part:04d}.parquet"
        return pq.ParquetWriter(
            path, self.spec.schema, compression="zstd", compression_level=1, write_page_checksum=True
        )
