"""A file that is written appears whole, and a write that fails leaves the old one as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.publish.whole import write_whole


def test_a_file_appears_whole(tmp_path: Path) -> None:
    write_whole(b"x", tmp_path / "new" / "a.html")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.html"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    write_whole(b"old", file)
    with pytest.raises(TypeError):
        write_whole("not bytes", file)  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
