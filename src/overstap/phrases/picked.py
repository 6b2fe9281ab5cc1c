"""The rows of a few ads out of all, picked out once where the tables lie, so that no other text comes here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from overstap.engine import Engine
from overstap.store import Store, scratch

_BATCH_ROWS = 16_384


@dataclass(frozen=True)
class Picked:
    """What was picked out of each table, in files in row order."""

    files: Mapping[str, Sequence[Path]]

    def batches(self, name: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """As `Store.batches`."""
        for path in self.files[name]:
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(_BATCH_ROWS, columns=columns)


@contextmanager
def picked(engine: Engine, store: Store, tables: Mapping[str, list[str]], ids: pa.ChunkedArray) -> Iterator[Picked]:
    """The rows of the ads `ids` in tables with an `ad_id`, each with the columns that are named for it."""
    with scratch(store.folder / ".writing-picked") as folder:
        files: dict[str, list[Path]] = {}
        for name, columns in tables.items():
            tasks = [(file, folder / f"{name}-{n:05d}.parquet") for n, file in enumerate(store.files(name))]
            list(engine.spread(partial(_pick, columns=columns, ids=ids), tasks))
            files[name] = [target for _, target in tasks]
        yield Picked(files)


def _pick(
    files: Sequence[tuple[Path, Path]], threads: int, *, columns: list[str], ids: pa.ChunkedArray
) -> Iterator[int]:
    for source, target in files:
        with pq.ParquetFile(source) as file, pq.ParquetWriter(target, _schema(file, columns)) as writer:
            for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
                rows = batch.filter(pc.is_in(batch.column("ad_id"), ids))
                if rows.num_rows:
                    writer.write_batch(rows)
        yield 0


def _schema(file: pq.ParquetFile, columns: list[str]) -> pa.Schema:
    return pa.schema([file.schema_arrow.field(name) for name in columns])
