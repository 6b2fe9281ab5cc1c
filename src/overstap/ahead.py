"""Compiling ahead: in a first run a second process compiles what later steps need, while the first ones are at work.

Numba compiles on one core. The other process takes a market of a few hundred vacancies through the study's own steps,
so that every pass is compiled for just the arrays that a step gives it, and throws the tables away. Both share the code
that Numba keeps, and each pass is compiled by one of them, by the same rules (see `ads.compiled`).
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import IO

import pyarrow as pa

from overstap.ads.compiled import at_first

_VACANCIES, _SEED = 500, 2019
log = logging.getLogger(__name__)


@contextmanager
def compiling_ahead() -> Iterator[None]:
    """While the block is at work, begin the other process at the first pass that is not compiled yet; end it after.

    It ends by itself where this one is killed. On one core there is none.
    """
    begun: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []

    def begin() -> None:
        command = [sys.executable, "-m", __name__]
        with suppress(OSError):  # without it the run only takes longer
            said = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads would fill up
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
            begun.append((process, said))

    if (os.cpu_count() or 1) > 1:
        at_first.append(begin)
    try:
        yield
    finally:
        if begin in at_first:
            at_first.remove(begin)
        for process, said in begun:
            process.communicate()
            with said:
                if process.returncode:
                    said.seek(0)
                    last = said.read().decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
                    log.warning("Compiling ahead stopped early, which only costs time: %s", last)


def _compile(folder: Path) -> None:
    """Every step of a small study, but that ads are not cleaned and masked, with which the other process begins."""
    from overstap.engine import make_engine
    from overstap.pipeline import Study, parameters, study_steps
    from overstap.simulate.demo import make_demo
    from overstap.sources.ads import read_source
    from overstap.steps import Context, run_steps, stream_step

    def read(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
        for source in context.spec.sources:
            for batch in read_source(source, context.base):
                yield {"raw_ads": batch.ads, "raw_quarantine": batch.quarantine}

    study = Study.open(make_demo(folder / "study", _VACANCIES, _SEED))
    ingest, *others = study_steps()
    steps = [stream_step(ingest.name, ingest.writes, read, depends=ingest.depends, code=()), *others]
    engine = make_engine(study.spec.engine, scratch=folder)
    try:
        run_steps(steps, Context(study.spec, study.base, study.store, engine, parameters(study.spec)))
    finally:
        engine.close()


def _main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="overstap-"))
    ending = Event()

    def end_with_parent() -> None:
        while os.read(0, 1):  # ends when the other end is closed, also by a kill; buffered, it would bar the exit
            pass
        ending.set()
        for _ in range(10):  # the other thread may write while this one removes
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
        os._exit(0)

    Thread(target=end_with_parent, daemon=True).start()
    try:
        _compile(folder)
    except Exception:
        if not ending.is_set():  # else it is at a loss for the files that are being removed under it
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _main()
