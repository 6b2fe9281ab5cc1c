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
_BATCH_ROWS = 8_192


def mapped(
    files: Iterable[Path], function: BatchFunction, columns: Sequence[str], threads: int
) -> Iterator[pa.RecordBatch]:
    """`function` over the batches of `columns` of these files, in row order, in so many threads."""

    def batches() -> Iterator[pa.RecordBatch]:
        for path in files:
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(_BATCH_ROWS, columns=list(columns))

    return ordered_map(function, batches(), threads)


class TableWriter:
    """Writes batches, cast to the contract `spec`, to Parquet parts of about a million rows in `folder`, called `name`
    and a number."""

    def __init__(self, spec: TableSpec, folder: Path, name: str = "part") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.spec = spec
        self.folder = folder
        self.rows = 0
        self._part = 0
        self._part_rows = 0
        self._writer = self._open()

    def write(self, batch: pa.RecordBatch) -> None:
        """Append `batch`; raises ContractError where it does not fit."""
        if self._part_rows >= _PART_ROWS:
            self._writer.close()
            self._part, self._part_rows = self._part + 1, 0
            self._writer = self._open()
        self._writer.write_batch(self.spec.cast(batch))
        self.rows += batch.num_rows
        self._part_rows += batch.num_rows

    def close(self) -> int:
        """Finish the files; the number of rows written."""
        self._writer.close()
        return self.rows

    def _open(self) -> pq.ParquetWriter:
        path = self.folder / f"{self.name}-{self._part:04d}.parquet"
        return pq.ParquetWriter(
            path, self.spec.schema, compression="zstd", compression_level=1, write_page_checksum=True
        )
