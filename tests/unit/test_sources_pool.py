"""Worker processes: the same result, from any folder, and none left behind."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.sources import pool
from overstap.sources.ingest import clean_and_mask
from overstap.sources.pool import map_in_workers
from overstap.sources.rows import SourceBatch, ads_batch, quarantine_batch


def batches(n: int) -> Iterator[SourceBatch]:
    for i in range(n):
        text = f"<p>Wij zoeken monteur {i} die zelfstandig werkt. Mail a{i}@voorbeeld.nl.</p>"
        ad = {"ad_id": str(i), "source_id": "s", "file": "f", "line_number": i + 1, "text": text, "masked_n": 0}
        yield SourceBatch(ads_batch([ad]), quarantine_batch([]))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The workers that the test starts."""
    workers: list[subprocess.Popen[bytes]] = []
    start = pool._start

    def noted() -> subprocess.Popen[bytes]:
        workers.append(start())
        return workers[-1]

    monkeypatch.setattr(pool, "_start", noted)
    return workers


def test_a_file_in_the_current_folder_does_not_replace_a_module_of_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    for name in ("json", "html", "pyarrow"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the file of the user')")
    monkeypatch.chdir(tmp_path)
    assert list(map_in_workers(batches(3), 1)) == [clean_and_mask(batch) for batch in batches(3)]
    assert [worker.returncode for worker in started] == [0]


def test_no_worker_is_left_where_reading_fails(started: list[subprocess.Popen[bytes]]) -> None:
    def failing() -> Iterator[SourceBatch]:
        yield from batches(5)
        raise ValueError("the file is damaged")

    with pytest.raises(ValueError, match="damaged"):
        list(map_in_workers(failing(), 2))
    assert started and all(worker.returncode == 0 for worker in started)


def test_no_worker_is_left_where_the_reader_stops_early(started: list[subprocess.Popen[bytes]]) -> None:
    results = map_in_workers(batches(9), 1)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert [worker.returncode for worker in started] == [0]


def test_a_worker_that_dies_is_told_and_none_is_left(started: list[subprocess.Popen[bytes]]) -> None:
    results = map_in_workers(batches(9), 1)
    next(results)
    started[0].kill()
    with pytest.raises(RuntimeError, match="a cleaning process ended"):
        list(results)
    assert all(worker.returncode is not None for worker in started)
