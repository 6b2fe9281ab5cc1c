"""The embedded engine: DuckDB for sets, PyArrow for batches, Parquet on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from overstap.engine.base import BatchFunction, Frame, Scalar
from overstap.engine.dialect import parameters_of, parse
from overstap.errors import SqlError
from overstap.schema import TableSpec

_BATCH_ROWS = 8_192
_FILE_ROWS = 1_000_000


@dataclass
class DuckFrame:
    """A lazily read result as an Arrow stream."""

    reader: Callable[[], Iterator[pa.RecordBatch]]
    schema: pa.Schema | None = None

    def to_table(self) -> pa.Table:
        batches = list(self.reader())
        return pa.Table.from_batches(batches, schema=self.schema or (batches[0].schema if batches else pa.schema([])))


class DuckEngine:
    """DuckDB in one process. `threads` bounds both its own workers and those of `map_batches`."""

    name = "duckdb"

    def __init__(self, threads: int = 2, memory_limit: str = "4GB") -> None:
        self.threads = threads
        self._folders: dict[str, Path] = {}
        self.connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory_limit})
        self.connection.execute("SET TimeZone = 'UTC'")

    def read(self, name: str, folder: Path) -> None:
        self._folders[name] = folder
        pattern = str(folder / "*.parquet").replace("'", "''")
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW \"{name}\" AS SELECT * FROM read_parquet('{pattern}')")

    def sql(self, query: str, parameters: Mapping[str, Scalar]) -> DuckFrame:
        parse(query)
        used = {name: parameters[name] for name in parameters_of(query)}

        def reader() -> Iterator[pa.RecordBatch]:
            try:
                yield from self.connection.cursor().execute(query, used).to_arrow_reader(_BATCH_ROWS)
            except duckdb.Error as error:
                raise SqlError(f"DuckDB refused the query: {error}") from error

        return DuckFrame(reader)

    def map_batches(self, name: str, function: BatchFunction, columns: list[str], schema: pa.Schema) -> DuckFrame:
        folder = self._folders[name]

        def batches() -> Iterator[pa.RecordBatch]:
            for path in sorted(folder.glob("*.parquet")):
                with pq.ParquetFile(path) as file:
                    yield from file.iter_batches(_BATCH_ROWS, columns=columns)

        return DuckFrame(lambda: _ordered_map(function, batches(), self.threads), schema)

    def write(
        self, frame: Frame, spec: TableSpec, folder: Path, progress: Callable[[int], None] = lambda rows: None
    ) -> int:
        batches = frame.reader() if isinstance(frame, DuckFrame) else iter(frame.to_table().to_batches())
        return write_parquet(batches, spec, folder, progress)

    def close(self) -> None:
        self.connection.close()


def write_parquet(
    batches: Iterator[pa.RecordBatch],
    spec: TableSpec,
    folder: Path,
    progress: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write `batches`, cast to the contract, as Parquet parts of at most a million rows; the number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = part = in_part = 0
    writer = _open_part(folder, part, spec)
    try:
        for batch in batches:
            if in_part >= _FILE_ROWS:
                writer.close()
                part, in_part = part + 1, 0
                writer = _open_part(folder, part, spec)
            writer.write_batch(spec.cast(batch))
            rows += batch.num_rows
            in_part += batch.num_rows
            progress(batch.num_rows)
    finally:
        writer.close()
    return rows


def _open_part(folder: Path, part: int, spec: TableSpec) -> pq.ParquetWriter:
    return pq.ParquetWriter(folder / f"part-{part:04d}.parquet", spec.schema, compression="zstd", compression_level=1)


def _ordered_map(function: BatchFunction, batches: Iterator[pa.RecordBatch], threads: int) -> Iterator[pa.RecordBatch]:
    """`function` over batches in worker threads, results in order, never more than 2 × threads batches in memory."""
    with ThreadPoolExecutor(threads) as pool:
        waiting = []
        for batch in batches:
            waiting.append(pool.submit(function, batch))
            if len(waiting) >= 2 * threads:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
