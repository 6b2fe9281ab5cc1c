"""Tables are written in row groups worth reading: small batches together, wide ones within a bound of memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.engine.parquet import TableWriter
from overstap.schema import table_spec

SPEC = table_spec("core_boards")


def _batch(boards: list[str]) -> pa.RecordBatch:
    rows = [{"year": "2020", "source_id": "a", "board": board, "vacancies_n": 1} for board in boards]
    return pa.RecordBatch.from_pylist(rows, schema=SPEC.schema)


def _groups(folder: Path) -> list[int]:
    metadata = [pq.read_metadata(path) for path in sorted(folder.glob("*.parquet"))]
    return [one.row_group(n).num_rows for one in metadata for n in range(one.num_row_groups)]


def test_small_batches_make_one_row_group(tmp_path: Path) -> None:
    writer = TableWriter(SPEC, tmp_path)
    for number in range(50):
        writer.write(_batch([f"{number}-{row}" for row in range(20)]))
    assert writer.close() == 1000
    assert _groups(tmp_path) == [1000]


def test_what_fills_memory_is_written_at_once(tmp_path: Path) -> None:
    writer = TableWriter(SPEC, tmp_path)
    wide = "x" * 400_000
    for _ in range(3):
        writer.write(_batch([wide] * 50))
    writer.close()
    assert len(_groups(tmp_path)) > 1


def test_a_table_without_rows_is_a_file_without_rows(tmp_path: Path) -> None:
    assert TableWriter(SPEC, tmp_path).close() == 0
    assert pq.read_table(tmp_path).schema.equals(SPEC.schema)
