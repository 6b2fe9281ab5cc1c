"""A file that is written appears whole, and a write that fails leaves the old one as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.whole import whole_file, write_whole


def test_a_file_appears_whole(tmp_path: Path) -> None:
    write_whole("één", tmp_path / "new" / "a.html")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.html"]
    assert (tmp_path / "new" / "a.html").read_bytes() == "één".encode()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    write_whole(b"old", file)
    with pytest.raises(OSError, match="full"), whole_file(file) as part:
        part.write_bytes(b"half of the n")
        raise OSError("the disk is full")
    assert file.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.html"]


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    with whole_file(file) as part:
        part.write_bytes(b"x")
        assert not file.exists()
    assert file.exists()
