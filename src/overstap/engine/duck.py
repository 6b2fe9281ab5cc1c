"""The embedded engine: DuckDB for sets, PyArrow for batches, Parquet on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from overstap.engine.base import ArrowFrame, BatchFunction, Frame, Scalar, Work
from overstap.engine.dialect import parameters_of, parse
from overstap.engine.parquet import TableWriter, mapped
from overstap.errors import SqlError
from overstap.schema import TableSpec

_BATCH_ROWS = 8_192
_MEMORY = "3GB"
"""What DuckDB may hold before it goes on on disk: with what a study holds beside it, less than 6 GiB."""
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class DuckEngine:
    """DuckDB in one process. `threads` bounds its own workers and those of `map_batches`; by default the cores.

    What does not fit in memory goes to a folder below `scratch`, never to the user's working folder.
    """

    name = "duckdb"

    def __init__(self, threads: int | None = None, scratch: Path | None = None) -> None:
        self.threads = threads or os.cpu_count() or 1
        self._folders: dict[str, Path] = {}
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "threads": self.threads,
                "memory_limit": _MEMORY,
                "temp_directory": str(scratch or tempfile.gettempdir()),
            },
        )
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET enable_progress_bar = false")

    def read(self, name: str, folder: Path) -> None:
        self._folders[name] = folder
        pattern = str(folder / "*.parquet").replace("'", "''")
        self.connection.execute(f"CREATE OR REPLACE VIEW \"{name}\" AS SELECT * FROM read_parquet('{pattern}')")

    def sql(self, query: str, parameters: Mapping[str, Scalar]) -> Frame:
        parse(query)
        used = {name: parameters[name] for name in parameters_of(query)}

        def reader() -> Iterator[pa.RecordBatch]:
            try:
                batches: Any = self.connection.sql(query, params=used).to_arrow_reader(_BATCH_ROWS)
                yield from batches
            except duckdb.Error as error:
                raise SqlError(f"DuckDB refused the query: {error}") from error

        return ArrowFrame(reader)

    def map_batches(self, name: str, function: BatchFunction, columns: list[str], schema: pa.Schema) -> Frame:
        files = sorted(self._folders[name].glob("*.parquet"))
        return ArrowFrame(lambda: mapped(files, function, columns, self.threads))

    def spread(self, work: Work[_Item, _Result], items: Sequence[_Item]) -> Iterator[_Result]:
        yield from work(items, self.threads)

    def write(
        self, frame: Frame, spec: TableSpec, folder: Path, progress: Callable[[int], None] = lambda rows: None
    ) -> int:
        writer = TableWriter(spec, folder)
        try:
            for batch in frame.batches():
                writer.write(batch)
                progress(batch.num_rows)
        finally:
            writer.close()
        return writer.rows

    def close(self) -> None:
        self.connection.close()
