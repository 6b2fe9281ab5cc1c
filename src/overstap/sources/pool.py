"""Cleaning and masking in more processes: workers that speak Arrow over their standard input and output.

Not multiprocessing: its spawn runs the user's main module again, which a study started from a plain script does not
survive.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO

import pyarrow as pa

from overstap.sources.rows import SourceBatch

_LENGTH = struct.Struct("<Q")
_QUEUED = 2  # batches in flight for each worker, so that memory stays bounded


def map_in_workers(batches: Iterator[SourceBatch], workers: int) -> Iterator[SourceBatch]:
    """`clean_and_mask` over batches, in order, in `workers` processes. A worker that dies raises RuntimeError."""
    local = threading.local()
    started: list[subprocess.Popen[bytes]] = []

    def run(batch: SourceBatch) -> SourceBatch:
        if not hasattr(local, "worker"):
            local.worker = _start()
            started.append(local.worker)
        return _ask(local.worker, batch)

    waiting: deque[Future[SourceBatch]] = deque()
    try:
        with ThreadPoolExecutor(workers) as pool:
            try:
                for batch in batches:
                    waiting.append(pool.submit(run, batch))
                    if len(waiting) >= workers * _QUEUED:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
    finally:  # no thread speaks to a worker any more
        for worker in started:
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Ends a worker by closing its input, and waits for it."""
    for pipe in (worker.stdin, worker.stdout):
        if pipe:
            with suppress(OSError):  # what was still on its way to a worker that died
                pipe.close()
    worker.wait()


def _start() -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    # -P: without it the current folder comes first on the path, and a file json.py there would replace the module.
    command = [sys.executable, "-P", "-c", "from overstap.sources.pool import serve; serve()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)


def _ask(worker: subprocess.Popen[bytes], batch: SourceBatch) -> SourceBatch:
    if worker.stdin is None or worker.stdout is None:
        raise RuntimeError("a cleaning process has no pipes")
    try:
        _send(worker.stdin, batch)
        answer = _receive(worker.stdout)
    except BrokenPipeError:
        answer = None
    if answer is None:
        raise RuntimeError(f"a cleaning process ended with exit code {worker.wait()}; its message stands above")
    return answer


def serve() -> None:
    """The loop of a worker: a batch in on standard input, cleaned out on standard output, until the input ends."""
    from overstap.sources.ingest import clean_and_mask

    while (batch := _receive(sys.stdin.buffer)) is not None:
        _send(sys.stdout.buffer, clean_and_mask(batch))


def _send(pipe: IO[bytes], batch: SourceBatch) -> None:
    for part in (batch.ads, batch.quarantine):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, part.schema) as writer:
            writer.write_batch(part)
        data = sink.getvalue()
        pipe.write(_LENGTH.pack(data.size))
        pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> SourceBatch | None:
    parts = []
    for _ in range(2):
        head = pipe.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        size = _LENGTH.unpack(head)[0]
        data = pipe.read(size)
        if len(data) < size:
            return None
        parts.append(pa.ipc.open_stream(data).read_next_batch())
    return SourceBatch(*parts)
