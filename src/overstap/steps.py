"""A step reads tables and writes tables; it is skipped while nothing that made its tables has changed.

The version of a table is a hash over the step's code, the settings it uses and the versions of the tables it reads, so
a change reaches exactly the steps that depend on it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap import sql
from overstap.codebase import code_digest
from overstap.engine import Engine, Scalar
from overstap.engine.base import ArrowFrame, BatchFunction
from overstap.engine.dialect import parameters_of, tables_of
from overstap.engine.parquet import TableWriter
from overstap.errors import OverstapError
from overstap.faults import explained
from overstap.provenance import digest_files
from overstap.retention import NEED_TEXTS, refuse, remembered, texts_removed
from overstap.schema import table_spec
from overstap.store import Store, TableEntry
from overstap.study import StudySpec

Progress = Callable[[str, str, int], None]  # step, state (skip, run, rows, done), rows


def silent(step: str, state: str, rows: int) -> None:
    """Progress that is not shown."""


@dataclass
class Context:
    """What a step may use: the study, the folder of the study file, the store and the engine."""

    spec: StudySpec
    base: Path
    store: Store
    engine: Engine
    parameters: Mapping[str, Scalar] = field(default_factory=dict)

    def digests(self, paths: Iterable[Path], *, first: bool = False) -> dict[str, str]:
        """Content digest of each file (see `digest_files`), by its name from the study file on: a study that is moved
        with its files follows from the same."""
        found = digest_files(paths, self.store, first=first).items()
        base = f"{self.base}{os.sep}"
        return {path.removeprefix(base): digest for path, digest in found}

    def digest_of(self, name: str | None) -> dict[str, str] | None:
        """The digest of a file that the study names, relative to its own; None where it names none."""
        return self.digests([self.base / name]) if name else None


@dataclass(frozen=True)
class Step:
    """One arrow of the data flow: a verb for a name, the tables read and written, and what its version depends on.

    `run` writes each of its tables below the given folder and returns their rows. `depends` gives the settings and
    other facts that its result follows from; `code` names the modules that do the work (see `codebase`).
    """

    name: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]
    run: Callable[[Context, Path, Callable[[int], None]], Mapping[str, int]]
    depends: Callable[[Context], Any] = lambda context: None
    code: tuple[str, ...] = ()


def sql_step(name: str, table: str, if_empty: Callable[[Context], OverstapError] | None = None) -> Step:
    """A step that is one SQL file; its tables and parameters are read off the query.

    Raises the error that `if_empty` makes where the table would have no rows.
    """
    query = sql.query(table)
    used = sorted(parameters_of(query))

    def run(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
        frame = context.engine.sql(query, context.parameters)
        rows = context.engine.write(frame, table_spec(table), folder / table, progress)
        if rows == 0 and if_empty is not None:
            raise if_empty(context)
        return {table: rows}

    def depends(context: Context) -> Any:
        return {"query": query, **{name: context.parameters[name] for name in used}}

    return Step(name, (table,), tuple(sorted(tables_of(query))), run, depends)


def map_step(
    name: str,
    table: str,
    reads: str,
    function: Callable[[Context], BatchFunction],
    *,
    columns: Sequence[str],
    depends: Callable[[Context], Any],
    code: tuple[str, ...],
    also: tuple[str, ...] = (),
) -> Step:
    """A step that applies a function, made once from the context, to each batch of one table.

    `also` names the tables that the function was made from.
    """

    def run(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
        spec = table_spec(table)
        frame = context.engine.map_batches(reads, function(context), list(columns), spec.schema)
        return {table: context.engine.write(frame, spec, folder / table, progress)}

    return Step(name, (table,), (reads, *also), run, depends, code)


def table_step(
    name: str,
    table: str,
    reads: tuple[str, ...],
    function: Callable[[Context], pa.Table],
    *,
    depends: Callable[[Context], Any] = lambda context: None,
    code: tuple[str, ...],
) -> Step:
    """A step over whole tables, of which `function` reads what it needs from the store and gives the table to write."""

    def run(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
        result = function(context)
        frame = ArrowFrame(lambda: iter(result.to_batches()))
        return {table: context.engine.write(frame, table_spec(table), folder / table, progress)}

    return Step(name, (table,), reads, run, depends, code)


def tables_step(
    name: str,
    tables: tuple[str, ...],
    reads: tuple[str, ...],
    function: Callable[[Context], tuple[pa.Table, ...]],
    *,
    depends: Callable[[Context], Any],
    code: tuple[str, ...],
) -> Step:
    """As `table_step`, for a function that gives several tables at once, in the order of `tables`."""

    def source(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
        for table, rows in zip(tables, function(context), strict=True):
            empty = pa.RecordBatch.from_pylist([], schema=table_spec(table).schema)
            for batch in rows.to_batches() if rows.num_rows else [empty]:
                yield {table: batch}

    return stream_step(name, tables, source, reads=reads, depends=depends, code=code)


def stream_step(
    name: str,
    tables: tuple[str, ...],
    source: Callable[[Context], Iterator[Mapping[str, pa.RecordBatch]]],
    *,
    depends: Callable[[Context], Any],
    code: tuple[str, ...],
    reads: tuple[str, ...] = (),
) -> Step:
    """A step that writes several tables at once: `source` yields batches for some or all of them, in one pass."""

    def run(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
        writers = {table: TableWriter(table_spec(table), folder / table) for table in tables}
        for batches in source(context):
            for table, batch in batches.items():
                writers[table].write(batch)
            progress(next(iter(batches.values())).num_rows)
        return {table: writer.close() for table, writer in writers.items()}

    return Step(name, tables, reads, run, depends, code)


def run_steps(
    steps: Sequence[Step], context: Context, progress: Progress = lambda step, state, rows: None
) -> list[str]:
    """Run every step whose tables are not current; the names of the steps that ran.

    Each step's tables become current together. A step that is stopped, by an error or by force, leaves the tables as
    they were.
    """
    ran = []
    for step in steps:
        version = version_of(step, context)
        if all(context.store.has(table, version) for table in step.writes):
            progress(step.name, "skip", 0)
        else:
            if step.name in NEED_TEXTS and texts_removed(context.store):
                _restore_texts(steps[0], step, context, progress)
            progress(step.name, "run", 0)
            try:
                _run_step(step, version, context, progress)
            except Exception as error:
                if found := explained(error, step.name, step.reads, context.store):
                    raise found from error
                raise
            ran.append(step.name)
        for table in step.writes:
            context.engine.read(table, context.store.path(table))
        progress(step.name, "done", context.store.manifest.tables[step.writes[0]].rows)
    return ran


def _restore_texts(ingest: Step, step: Step, context: Context, progress: Progress) -> None:
    """Read the feeds once more for `step`. Raises StoreError where they are not there."""
    if remembered(context.spec, context.base, context.store) is not None:
        raise refuse(step, context.spec)
    progress(ingest.name, "run", 0)
    _run_step(ingest, version_of(ingest, context), context, progress)
    for table in ingest.writes:
        context.engine.read(table, context.store.path(table))


def _run_step(step: Step, version: str, context: Context, progress: Progress) -> None:
    started = time.monotonic()
    with context.store.writing(step.name) as folder:
        rows = step.run(context, folder, lambda n: progress(step.name, "rows", n))
        seconds = round(time.monotonic() - started, 3)
        read = {table: context.store.manifest.tables[table].version for table in step.reads}
        entries = {name: TableEntry(version, step.name, n, seconds, reads=read) for name, n in rows.items()}
        context.store.commit(folder, entries)


def version_of(step: Step, context: Context) -> str:
    """The hash that names the tables of `step`, given the current versions of the tables it reads."""
    read = {table: context.store.manifest.tables[table].version for table in step.reads}
    contracts = {table: str(table_spec(table).schema) for table in step.writes}
    facts = [step.name, code_digest(step.code), contracts, read, step.depends(context)]
    return blake2b(json.dumps(facts, sort_keys=True, default=str).encode(), digest_size=10).hexdigest()
