"""How fast the demand tables are made: made-up vacancies through the study's own steps."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.bench import made_up
from overstap.engine.duck import DuckEngine
from overstap.engine.parquet import TableWriter
from overstap.schema import table_spec
from overstap.steps import Context, Step, run_steps
from overstap.store import Store, TableEntry
from overstap.study import AdSource, Period, StudySpec

_BEFORE = ("ingest_ads", "group_duplicates", "list_skills", "annotate_ads", "select_vacancies", "select_asked_skills")
_ASIDE = ("find_phrases", "measure_errors", "measure_quality", "quote_ads")  # what is read in texts, not demand
CROSSES = (
    ("function_group", ("sector", "province"), "year"),
    ("education", ("isco2", "topsector"), "year"),
    ("category", ("sector", "province"), "year"),
    ("skill", ("sector",), "year"),
    ("skill", ("isco3", "province"), "all"),
)
STEP = "step: "
LIMIT = "limit: reading every column of the codes"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Lap:
    """A part of the work: rows it made, seconds by the clock and of the processors, and the most memory that the
    process had held by its end, in bytes."""

    what: str
    rows: int
    seconds: float
    processor: float
    peak: int


@dataclass
class Clock:
    """Times parts of the work."""

    say: Say
    laps: list[Lap] = field(default_factory=list)

    def lap(self, what: str, work: Callable[[], int]) -> None:
        """Time `work`, which gives how many rows it made."""
        self.say(f"{what} …")
        started, spent = time.perf_counter(), time.process_time()
        rows = work()
        seconds, processor = time.perf_counter() - started, time.process_time() - spent
        self.laps.append(Lap(what, rows, seconds, processor, peak_memory()))


def peak_memory() -> int:
    """The most memory that this process has held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def measure_demand_tables(n: int, folder: Path, say: Say) -> list[Lap]:
    """Make `n` vacancies in `folder`, then time each demand step on them, and crosses of the finished tables.

    What is compiled once per installation is compiled before, on a few vacancies.
    """
    _run(1_000, folder / "small", lambda text: None)
    return _run(n, folder / "whole", say)


def as_rows(laps: Iterable[Lap], n: int) -> list[dict[str, Any]]:
    """One dict a lap; `times_limit` is its processor time over that of reading the codes of all columns."""
    laps = list(laps)
    limit = next(lap.processor for lap in laps if lap.what == LIMIT)
    return [
        {
            "what": lap.what, "rows": lap.rows, "seconds": round(lap.seconds, 3),
            "processor_s": round(lap.processor, 3), "us_per_ad": round(1e6 * lap.seconds / n, 3),
            "times_limit": round(lap.processor / max(limit, 1e-9), 2), "peak_gib": round(lap.peak / 2**30, 2),
        }
        for lap in laps
    ]  # fmt: skip


def verdict(laps: Iterable[Lap], n: int) -> str:
    """The demand tables as a whole beside the aim for eight million, and the slowest cross."""
    laps = list(laps)
    steps = [lap for lap in laps if lap.what.startswith(STEP)]
    crosses = [lap.seconds for lap in laps if lap.what.startswith("cross")]
    seconds, processor = sum(lap.seconds for lap in steps), sum(lap.processor for lap in steps)
    return (
        f"All demand tables of {n:,} vacancies: {seconds:.1f} s ({processor:.1f} processor s), at most "
        f"{max(lap.peak for lap in laps) / 2**30:.2f} GiB; the aim for 8,000,000 is 90 s on two cores and 6 GiB.\n"
        f"Crosses: {min(crosses):.2f} to {max(crosses):.2f} s; the aim is 1 s."
    )


def _run(n: int, folder: Path, say: Say) -> list[Lap]:
    from overstap.education_steps import education_steps, sector_steps
    from overstap.initiative_steps import initiative_steps
    from overstap.move_steps import move_steps
    from overstap.outlook_steps import outlook_steps
    from overstap.panel_steps import panel_steps
    from overstap.pipeline import parameters, study_steps
    from overstap.survey_steps import survey_steps

    others = (*move_steps(), *education_steps(), *outlook_steps(), *sector_steps())
    others += (*survey_steps(), *panel_steps(), *initiative_steps())
    aside = {*_BEFORE, *_ASIDE, *(step.name for step in others)}
    store = Store(folder)
    clock = Clock(say)
    clock.lap("making the vacancies (not part of the study)", lambda: _make(store, n))
    spec = _study()
    engine = DuckEngine(scratch=folder)
    context = Context(spec, folder, store, engine, parameters(spec))
    try:
        for name in store.manifest.tables:
            engine.read(name, store.path(name))
        for step in study_steps():
            if step.name not in aside:
                clock.lap(f"{STEP}{step.name}", partial(_step, step, context))
    finally:
        engine.close()
    clock.lap(LIMIT, lambda: store.read("core_codes").num_rows)
    for item, by, period in CROSSES:
        clock.lap(f"cross: {item} by {', '.join(by)}, {period}", partial(_cross, store, item, by, period))
    return clock.laps


def _step(step: Step, context: Context) -> int:
    run_steps([step], context)
    return context.store.manifest.tables[step.writes[-1]].rows


def _cross(store: Store, item: str, by: tuple[str, ...], period: str) -> int:
    from overstap.analysis.codes import Codes
    from overstap.analysis.cross import cross
    from overstap.analysis.levels import read_levels

    return int(read_levels(cross(Codes.of_store(store), item, by, period), by, 0.95).num_rows)


def _make(store: Store, n: int) -> int:
    _write(store, "core_skills", made_up.skills().to_batches())
    _write(store, "core_vacancies", made_up.vacancies(n))
    _write(store, "core_vacancy_skills", made_up.asked(n))
    _write(store, "raw_ads", made_up.ads(n))
    _write(store, "core_postings", made_up.postings(n))
    _write(store, "out_audit", [])
    return n


def _write(store: Store, name: str, batches: Iterable[pa.RecordBatch]) -> None:
    with store.writing(name) as folder:
        writer = TableWriter(table_spec(name), folder / name)
        for batch in batches:
            writer.write(batch)
        rows = writer.close()
        store.commit(folder, {name: TableEntry("made-up", "bench", rows, 0.0)})


def _study() -> StudySpec:
    source = AdSource(id="a", format="csv", files=["none.csv"])
    period = Period(first=made_up.FIRST, last=made_up.LAST)
    return StudySpec(study="bench", title={"nl": "Proef", "en": "Trial"}, period=period, sources=[source])
