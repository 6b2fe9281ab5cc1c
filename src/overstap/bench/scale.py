"""What a whole study costs by the number of ads: simulated feeds through the real pipeline, in fresh processes.

Every step is watched from outside: seconds by the clock, processor seconds and memory of the process and all that it
started, on two cores.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from overstap.bench.server import server
from overstap.bench.watch import Watch
from overstap.errors import OverstapError
from overstap.pipeline import Study
from overstap.store import folder_size
from overstap.web.site.asks import Asked

CORES = 2
WARM = 2_000
"""Ads of a study that goes first and is not counted, so that what is compiled once per installation is compiled."""
SEED = 2019
PAGES = ("home", "demand", "skill")
SIMULATE, DASHBOARD, WHOLE = "simulate", "dashboard", "whole"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Lap:
    """A part of the work: rows and bytes that it wrote, seconds by the clock and of the processors, the most memory in
    bytes of all its processes together (`own`: without pages of mapped files)."""

    step: str
    rows: int
    written: int
    seconds: float
    processor: float
    resident: int
    own: int


@dataclass
class Scale:
    """One size: the ads and vacancies that there were, bytes of their texts, and the laps in order; the last but one is
    the dashboard, the last the whole."""

    ads: int = 0
    vacancies: int = 0
    text: int = 0
    laps: list[Lap] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Everything, with what follows from it: bytes an ad, MB of text a second."""
        rows = [
            asdict(lap)
            | {
                "bytes_per_ad": round(lap.written / self.ads, 2),
                "mb_per_s": round(self.text / 1e6 / max(lap.seconds, 1e-3), 2),
            }
            for lap in self.laps
        ]
        return {"ads": self.ads, "vacancies": self.vacancies, "text_bytes": self.text, "steps": rows}


def measure(sizes: Sequence[int], folder: Path | None, say: Say) -> Iterator[Scale]:
    """A whole study for each number of ads, one after the other; each is removed before the next.

    `folder`: where they are made, by default where temporary files are. Raises OverstapError where a study fails.
    """
    with _two_cores():
        say(f"{WARM:,} ads, not counted: what is compiled once …")
        with TemporaryDirectory(dir=folder) as scratch:
            _measure(WARM, Path(scratch), lambda text: None)
        for size in sizes:
            say(f"{size:,} ads …")
            with TemporaryDirectory(dir=folder) as scratch:
                yield _measure(size, Path(scratch), say)


def _measure(ads: int, folder: Path, say: Say) -> Scale:
    scale, base, started = Scale(), folder / "study", time.perf_counter()
    path = base / "study.yaml"
    for lap in _laps(["simulate", str(base), str(ads)], say):
        feeds = sum(file.stat().st_size for file in (base / "market").rglob("*") if file.is_file())
        scale.laps.append(Lap(SIMULATE, lap.rows, feeds, lap.seconds, lap.processor, lap.resident, lap.own))
    scale.laps += _laps(["run", str(path)], say)
    study = Study.open(path)
    tables = study.store.manifest.tables
    scale.ads, scale.vacancies = tables["raw_ads"].rows, tables["core_vacancies"].rows
    scale.text = _text_bytes(study.store.path("raw_ads"))
    scale.laps.append(_open_dashboard(path, say))
    scale.laps.append(
        Lap(
            WHOLE, scale.ads, sum(lap.written for lap in scale.laps), time.perf_counter() - started,
            sum(lap.processor for lap in scale.laps), max(lap.resident for lap in scale.laps),
            max(lap.own for lap in scale.laps),
        )
    )  # fmt: skip
    return scale


def _laps(command: list[str], say: Say) -> Iterator[Lap]:
    """The steps of a process of its own, which tells on standard output when each ends."""
    process = subprocess.Popen([sys.executable, "-m", __name__, *command], stdout=subprocess.PIPE, text=True)
    try:
        with Watch(process.pid) as watch:
            assert process.stdout is not None
            before, spent = time.perf_counter(), 0.0
            for line in process.stdout:
                done, used, now = json.loads(line), watch.look(), time.perf_counter()
                lap = Lap(**done, seconds=now - before, processor=used.processor - spent, resident=used.resident,
                          own=used.own)  # fmt: skip
                before, spent = now, used.processor
                say(f"  {lap.step:<24}{lap.rows:>12,} rows{lap.seconds:>9.1f} s{lap.resident / 2**30:>7.2f} GiB")
                yield lap
        if process.wait():
            raise OverstapError(f"The study of the benchmark ended with code {process.returncode}: see above.")
    finally:
        process.kill()
        process.wait()


def _open_dashboard(study: Path, say: Say) -> Lap:
    """From the start of the server until a few pages came."""
    started = time.perf_counter()
    with Watch(os.getpid(), root=False) as watch, server(study) as address:
        for view in PAGES:
            with urllib.request.urlopen(address + Asked(view, "nl").url, timeout=600) as answer:
                answer.read()
        used = watch.look()
    seconds = time.perf_counter() - started
    say(f"  {DASHBOARD:<24}{len(PAGES):>12,} pages{seconds:>8.1f} s{used.resident / 2**30:>7.2f} GiB")
    return Lap(DASHBOARD, len(PAGES), 0, seconds, used.processor, used.resident, used.own)


def _text_bytes(folder: Path) -> int:
    pattern = str(folder / "*.parquet").replace("'", "''")
    with duckdb.connect(":memory:", config={"threads": CORES}) as connection:
        connection.execute("SET enable_progress_bar = false")
        rows = connection.sql(f"SELECT sum(strlen(text)) FROM read_parquet('{pattern}')").fetchall()
    return int(rows[0][0] or 0)


@contextmanager
def _two_cores() -> Iterator[None]:
    """This process and all it starts on two cores, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(usual)[:CORES])
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def _tell(step: str, rows: int, written: int) -> None:
    print(json.dumps({"step": step, "rows": rows, "written": written}), flush=True)


def _simulate(base: str, ads: str) -> None:
    from overstap.simulate.demo import make_large

    Path(base).mkdir()
    make_large(Path(base), int(ads), SEED, CORES)
    _tell(SIMULATE, int(ads), 0)


def _run(path: str) -> None:
    """Run the study; each step is told when its tables are current."""
    from overstap.pipeline import study_steps

    study = Study.open(Path(path))
    writes = {step.name: step.writes for step in study_steps()}

    def progress(step: str, state: str, rows: int) -> None:
        if state == "done":
            written = sum(max(0, folder_size(study.store.path(table))) for table in writes[step])
            _tell(step, rows, written)

    study.run(progress)


if __name__ == "__main__":
    if sys.argv[1] == "simulate":
        _simulate(*sys.argv[2:])
    else:
        _run(*sys.argv[2:])
