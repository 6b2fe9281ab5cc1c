"""The five verbs of an engine: read, sql, map_batches, spread, write. Arrow is what passes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa

from overstap.schema import TableSpec

Scalar = str | int | float | bool | date | None
BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
Work = Callable[[Sequence[_Item], int], Iterable[_Result]]
"""Works on some items with so many threads, and gives results in their order."""


class Frame(Protocol):
    """What `sql` and `map_batches` give: a result not yet written."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The result as a stream of Arrow batches."""
        ...


@dataclass(frozen=True)
class ArrowFrame:
    """A result that is made batch by batch when it is asked for."""

    make: Callable[[], Iterator[pa.RecordBatch]]

    def batches(self) -> Iterator[pa.RecordBatch]:
        return self.make()


class Engine(Protocol):
    """Runs steps. An engine holds no state but the tables that were read into it."""

    name: str

    def read(self, name: str, folder: Path) -> None:
        """Make the Parquet files in `folder` known as table `name`."""
        ...

    def sql(self, query: str, parameters: Mapping[str, Scalar]) -> Frame:
        """Run one SELECT, written in the portable DuckDB subset with `$name` parameters."""
        ...

    def map_batches(self, name: str, function: BatchFunction, columns: list[str], schema: pa.Schema) -> Frame:
        """Apply `function` to each batch of table `name`, in row order."""
        ...

    def spread(self, work: Work[_Item, _Result], items: Sequence[_Item]) -> Iterator[_Result]:
        """The results of `work` on `items`, in order: on all of them here, or on each somewhere in a cluster.

        `work`, items and results are then pickled, and what is read and written lies on a disk that all machines share.
        """
        ...

    def write(self, frame: Frame, spec: TableSpec, folder: Path, progress: Callable[[int], None] = ...) -> int:
        """Write `frame` under the contract `spec` to Parquet in `folder`; the number of rows."""
        ...

    def close(self) -> None:
        """Release what the engine holds."""
        ...
