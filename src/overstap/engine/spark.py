"""The engine for feeds that outgrow one machine: the same SQL and the same functions on Spark.

Only `spark.sql`, `spark.read`, `spark.range`, `mapInArrow` and Parquet paths are used, so that Spark Connect works too.
Results lie in the folder of the study, which every machine of the cluster sees under the same path.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from overstap.engine.base import BatchFunction, Frame, Scalar, Work
from overstap.engine.dialect import for_spark, parameters_of
from overstap.engine.parquet import TableWriter, mapped
from overstap.errors import OverstapError, SqlError
from overstap.schema import TableSpec

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_ELSEWHERE = ("SPARK_REMOTE", "SPARK_MASTER", "SPARK_CONF_DIR", "PYSPARK_GATEWAY_PORT")
"""Names in the environment that say where Spark runs, and how; without any it runs here."""


@dataclass(frozen=True)
class SqlFrame:
    """The result of a query, not yet written."""

    frame: DataFrame

    def batches(self) -> Iterator[pa.RecordBatch]:
        with _explained():
            yield from self.frame.toArrow().to_batches()


@dataclass(frozen=True)
class MappedFrame:
    """A function over batches of Parquet files; one file is one task, so that rows keep their order."""

    files: Sequence[Path]
    function: BatchFunction
    columns: Sequence[str]

    def batches(self) -> Iterator[pa.RecordBatch]:
        return mapped(self.files, self.function, self.columns, 1)


class SparkEngine:
    """Spark as the study's engine: the session that is open, the one that the environment names, or a local one."""

    name = "spark"

    def __init__(self) -> None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._found = SparkSession.getActiveSession()
        self.session: Any = self._found or _open()
        self.session.conf.set("spark.sql.session.timeZone", "UTC")
        self._folders: dict[str, Path] = {}

    def read(self, name: str, folder: Path) -> None:
        self._folders[name] = folder
        self.session.read.parquet(folder.as_uri()).createOrReplaceTempView(name)

    def sql(self, query: str, parameters: Mapping[str, Scalar]) -> Frame:
        used = {name: parameters[name] for name in parameters_of(query)}
        with _explained():
            return SqlFrame(self.session.sql(for_spark(query), args=used))

    def map_batches(self, name: str, function: BatchFunction, columns: list[str], schema: pa.Schema) -> Frame:
        return MappedFrame(sorted(self._folders[name].glob("*.parquet")), function, columns)

    def spread(self, work: Work[_Item, _Result], items: Sequence[_Item]) -> Iterator[_Result]:
        if not items:
            return

        def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for number in batch.column(0).to_pylist():
                    yield _result(number, work, items[number])

        tasks = self.session.range(0, len(items), 1, len(items)).mapInArrow(run, "number bigint, result binary")
        with _explained():
            found = tasks.toArrow()
        for row in found.sort_by("number")["result"]:
            results = pickle.loads(row.as_buffer())
            if isinstance(results, OverstapError):
                raise results
            yield from results

    def write(
        self, frame: Frame, spec: TableSpec, folder: Path, progress: Callable[[int], None] = lambda rows: None
    ) -> int:
        if isinstance(frame, SqlFrame):
            received = folder.with_name(folder.name + ".received")
            with _explained():
                frame.frame.write.mode("overwrite").parquet(received.as_uri())
            frame = MappedFrame(_with_rows(received), _as_it_is, spec.names)
        if not isinstance(frame, MappedFrame):
            writer = TableWriter(spec, folder)
            for batch in frame.batches():
                writer.write(batch)
                progress(batch.num_rows)
            return writer.close()
        work = partial(_write_files, function=frame.function, columns=frame.columns, spec=spec, folder=folder)
        files, rows = list(enumerate(frame.files)), 0
        for n in self.spread(work, files) if len(files) > 1 else work(files, 1):
            rows += n
            progress(n)
        return rows

    def close(self) -> None:
        if self._found is None:
            self.session.stop()


def _open() -> Any:
    builder = SparkSession.builder.appName("overstap")
    if master := os.environ.get("SPARK_MASTER"):
        builder = builder.master(master)
    if any(name in os.environ for name in _ELSEWHERE):
        return builder.getOrCreate()
    cores = os.cpu_count() or 1
    builder = builder.master(f"local[{cores}]").config("spark.sql.shuffle.partitions", str(cores))
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _result(number: int, work: Work[_Item, Any], item: _Item) -> pa.RecordBatch:
    """A task's results, or what is wrong with its input: that would be no better on another machine."""
    try:
        found: Any = list(work([item], 1))
    except OverstapError as error:
        found = error
    return pa.RecordBatch.from_pydict({"number": [number], "result": [pickle.dumps(found)]})


def _with_rows(folder: Path) -> list[Path]:
    """The files of a folder that hold rows, in order; one without where none does."""
    files = sorted(folder.glob("*.parquet"))
    return [file for file in files if pq.read_metadata(file).num_rows] or files[:1]


def _as_it_is(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def _write_files(
    files: Sequence[tuple[int, Path]],
    threads: int,
    *,
    function: BatchFunction,
    columns: Sequence[str],
    spec: TableSpec,
    folder: Path,
) -> Iterable[int]:
    """Write what `function` makes of each file under the contract, so that both engines write the same types."""
    for number, file in files:
        writer = TableWriter(spec, folder, f"part-{number:05d}")
        for batch in mapped([file], function, columns, threads):
            writer.write(batch)
        yield writer.close()


@contextmanager
def _explained() -> Iterator[None]:
    """An error of Spark as one of overstap, in its first line."""
    try:
        yield
    except PySparkException as error:
        raise SqlError(f"Spark refused: {str(error).strip().splitlines()[0]}") from error
