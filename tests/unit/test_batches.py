"""Batches worked on in threads or processes come back in order, and few are held at a time."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.batches import ordered_map


def test_results_keep_the_order_and_the_stream_is_not_read_ahead_of_need() -> None:
    read = 0

    def stream() -> Iterator[int]:
        nonlocal read
        for number in range(40):
            read += 1
            yield number

    results = ordered_map(lambda n: n * n, stream(), 2)
    assert next(results) == 0
    assert read <= 4
    assert list(results) == [n * n for n in range(1, 40)]


def test_an_error_comes_where_its_batch_is_due_and_ends_the_work() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        with lock:
            done.append(number)
        return number

    results = ordered_map(work, iter(range(1000)), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert max(done) < 10


def test_garbage_is_looked_for_as_before_once_the_last_stream_ends() -> None:
    usual = gc.get_threshold()
    first, second = (ordered_map(lambda n: gc.get_threshold()[0], iter(range(20)), 2) for _ in range(2))
    assert next(first) > usual[0]
    assert next(second) > usual[0]
    assert set(first) == {gc.get_threshold()[0]}
    second.close()  # type: ignore[attr-defined]
    assert gc.get_threshold() == usual


def process_of(number: int) -> tuple[int, int]:
    if number == 5:
        raise ValueError("five")
    return number, os.getpid()


def test_processes_keep_the_order_and_hand_on_errors() -> None:
    results = ordered_map(process_of, iter(range(1000)), 2, processes=True)
    found = [next(results) for _ in range(5)]
    assert [number for number, _ in found] == [0, 1, 2, 3, 4]
    assert os.getpid() not in {pid for _, pid in found}
    with pytest.raises(ValueError, match="five"):
        next(results)


FOREVER = """
import os, time
from overstap.batches import ordered_map

def work(number):
    os.write(1, b"%d\\n" % os.getpid())  # at once: of two workers that print, lines may mix
    time.sleep(0.05)

if __name__ == "__main__":
    for _ in ordered_map(work, iter(range(100_000)), 2, processes=True):
        pass
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_parent(tmp_path: Path, stop: signal.Signals) -> None:
    script = tmp_path / "forever.py"
    script.write_text(FOREVER, encoding="utf-8")
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    workers: set[int] = set()
    while len(workers) < 2:
        workers.add(int(process.stdout.readline()))
    process.send_signal(stop)
    process.stdout.close()
    assert process.wait(20) != 0
    for _ in range(200):
        if not any(running(worker) for worker in workers):
            return
        time.sleep(0.05)
    raise AssertionError("A worker runs on without its parent.")


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # one that ended and was not asked after is still there, in state Z
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
