"""The engine for feeds that outgrow one machine: the same SQL and the same batch functions on Spark.

Only `spark.sql`, `spark.read`, `mapInArrow` and Parquet paths are used, so that Spark Connect works too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from overstap.engine.base import BatchFunction, Frame, Scalar
from overstap.engine.dialect import for_spark, parameters_of
from overstap.engine.parquet import TableWriter
from overstap.schema import TableSpec


@dataclass(frozen=True)
class SparkFrame:
    """A Spark result, not yet written."""

    frame: DataFrame

    def batches(self) -> Iterator[pa.RecordBatch]:
        table: pa.Table = self.frame.toArrow()
        yield from table.to_batches()


class SparkEngine:
    """Spark as the study's engine: the session that the environment offers, or a local one."""

    name = "spark"

    def __init__(self) -> None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("overstap").config("spark.sql.session.timeZone", "UTC")
        builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
        builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.sql.shuffle.partitions", "4")
        if not os.environ.get("SPARK_REMOTE"):
            builder = builder.master(os.environ.get("SPARK_MASTER", "local[2]")).config("spark.ui.enabled", "false")
        self.session: Any = builder.getOrCreate()

    def read(self, name: str, folder: Path) -> None:
        self.session.read.parquet(str(folder)).createOrReplaceTempView(name)

    def sql(self, query: str, parameters: Mapping[str, Scalar]) -> Frame:
        used = {name: parameters[name] for name in parameters_of(query)}
        return SparkFrame(self.session.sql(for_spark(query), args=used))

    def map_batches(self, name: str, function: BatchFunction, columns: list[str], schema: pa.Schema) -> Frame:
        def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield function(batch).cast(schema)

        rows = self.session.table(name).select(*columns)
        return SparkFrame(rows.mapInArrow(each, from_arrow_schema(schema)))

    def write(
        self, frame: Frame, spec: TableSpec, folder: Path, progress: Callable[[int], None] = lambda rows: None
    ) -> int:
        if not isinstance(frame, SparkFrame):
            writer = TableWriter(spec, folder)
            for batch in frame.batches():
                writer.write(batch)
            return writer.close()
        received = folder.with_name(folder.name + ".received")
        frame.frame.write.mode("overwrite").parquet(str(received))
        return _settle(received, spec, folder, progress)

    def close(self) -> None:
        self.session.stop()


def _settle(received: Path, spec: TableSpec, folder: Path, progress: Callable[[int], None]) -> int:
    """Cast Spark's files to the contract, so that both engines write the same types."""
    writer = TableWriter(spec, folder)
    for path in sorted(received.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                writer.write(batch)
                progress(batch.num_rows)
    return writer.close()
