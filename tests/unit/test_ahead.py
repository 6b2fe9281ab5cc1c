"""Compiling in a second process: each kernel is made once, and the process leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from overstap.ads import compiled
from overstap.ahead import compiling_ahead

KERNEL = """
import sys
from overstap.ads.compiled import kernel
@kernel()
def slow(n):
    total = 0
    for i in range(n):
        total += i % 7
    return total
sys.stdin.readline()
slow(10)
print(sum(slow.stats.cache_misses.values()))
"""
KILLED = """
import os, signal
from overstap.ads import compiled
from overstap.ahead import compiling_ahead
with compiling_ahead():
    compiled.at_first[0]()
    input()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_of_several_processes_one_compiles(tmp_path: Path) -> None:
    script = tmp_path / "own_kernel.py"
    script.write_text(KERNEL, encoding="utf-8")
    surroundings = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    command = [sys.executable, str(script)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert sorted(process.communicate()[0] for process in both) == ["0\n", "1\n"]


DONE = "import overstap.ahead as ahead; ahead._compile = lambda folder: None; ahead._main()"


def test_the_second_process_ends_well_while_the_first_goes_on(tmp_path: Path) -> None:
    surroundings = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", DONE], stdin=subprocess.PIPE, env=surroundings)
    try:
        assert process.wait(timeout=60) == 0  # its way out is still open
    finally:
        process.communicate()
    assert not any(tmp_path.iterdir())


READING = """
import time
import overstap.ahead as ahead
def read(folder):
    (folder / "a").write_text("")
    print(flush=True)
    while True:
        (folder / "a").read_text()
        time.sleep(0.001)
ahead._compile = read
ahead.shutil.rmtree = lambda folder, ignore_errors, remove=ahead.shutil.rmtree: (remove(folder, ignore_errors), time.sleep(0.1))
ahead._main()
"""


def test_files_that_go_under_the_second_process_are_no_fault_of_it(tmp_path: Path) -> None:
    surroundings = os.environ | {"TMPDIR": str(tmp_path)}
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", READING], stdin=pipe, stdout=pipe, stderr=pipe, env=surroundings)
    assert process.stdout is not None
    process.stdout.readline()
    said = process.communicate()[1]
    assert process.returncode == 0 and b"FileNotFoundError" not in said


def test_the_second_process_ends_with_the_first_however_that_ends(tmp_path: Path) -> None:
    surroundings = os.environ | {"TMPDIR": str(tmp_path)}
    first = subprocess.Popen([sys.executable, "-c", KILLED], stdin=subprocess.PIPE, env=surroundings)
    _until(lambda: any(tmp_path.iterdir()))  # it has begun
    assert first.stdin is not None
    first.stdin.write(b"\n")
    first.stdin.flush()
    assert first.wait() == -signal.SIGKILL
    _until(lambda: not any(tmp_path.iterdir()))


def test_nothing_begins_where_everything_is_compiled() -> None:
    with compiling_ahead():
        assert len(compiled.at_first) == int((os.cpu_count() or 1) > 1)
    assert compiled.at_first == []


def _until(condition: Callable[[], bool]) -> None:
    stop = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < stop
        time.sleep(0.05)
