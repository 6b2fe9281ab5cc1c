"""Inputs: a file that changed is read again, also where its size and time say that it did not."""

from __future__ import annotations

import os
from pathlib import Path

from overstap.provenance import digest_files
from overstap.store import Store


def test_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    feed, store = tmp_path / "feed.csv", Store(tmp_path / "out")
    feed.write_text("aaaa")
    stat = feed.stat()
    first = digest_files([feed], store)
    feed.write_text("bbbb")
    os.utime(feed, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert digest_files([feed], store) != first


def test_files_of_an_earlier_run_are_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text(name)
        digest_files([tmp_path / name], store, first=name == "b.csv")
    assert [Path(path).name for path in store.manifest.inputs] == ["b.csv", "c.csv"]
