"""Columns of codes are kept beside the table: read once, the same afterwards, and made again where they are not whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.analysis.codes import Codes, Kept
from overstap.schema import table_spec

LEVELS = pa.Table.from_pylist(
    [{"dimension": "skill", "code": code, "value": value} for code, value in enumerate("abc")],
    schema=table_spec("core_levels").schema,
)
SKILLS = pa.chunked_array([[[0, 2], []], [[1]]], pa.list_(pa.int32()))


def gone(name: str) -> pa.ChunkedArray:
    raise AssertionError(f"{name} is read again")


def test_a_column_that_was_read_is_kept(tmp_path: Path) -> None:
    first = Codes(LEVELS, lambda name: SKILLS, Kept(tmp_path / "kept")).column("skill")
    again = Codes(LEVELS, gone, Kept(tmp_path / "kept")).column("skill")
    assert first.codes.tolist() == again.codes.tolist() == [0, 2, 1]
    assert first.offsets is not None and again.offsets is not None
    assert first.offsets.tolist() == again.offsets.tolist() == [0, 2, 2, 3]
    assert again.codes.dtype == np.int16


def test_a_column_whose_keeping_was_stopped_is_read_again(tmp_path: Path) -> None:
    Codes(LEVELS, lambda name: SKILLS, Kept(tmp_path / "kept")).column("skill")
    for path in (tmp_path / "kept").glob("*.last.npy"):
        path.unlink()
    with pytest.raises(AssertionError, match="skill is read again"):
        Codes(LEVELS, gone, Kept(tmp_path / "kept")).column("skill")


def test_a_folder_that_cannot_be_written_to_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = Codes(LEVELS, lambda name: SKILLS, Kept(tmp_path / "file" / "kept")).column("skill")
    assert found.codes.tolist() == [0, 2, 1]
