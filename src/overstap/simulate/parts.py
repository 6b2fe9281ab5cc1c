"""A simulated market of any size as feeds of many files, each made by itself: bounded memory, any number of processes.

Beside what every simulated market has (cross-posts, reposts, markup, slips) one agency posts the same text for every
job it has, with only title and place of its own: boilerplate, which must not make near-copies of all its ads.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from overstap.batches import ordered_map
from overstap.simulate.ads import SCHEMA, simulate_block
from overstap.simulate.employers import BOARDS
from overstap.simulate.feeds import CSV_COLUMNS, JOBFEED_COLUMNS, JSONL_COLUMNS, Feed, json_line
from overstap.simulate.spec import MarketSpec
from overstap.simulate.vacancies import blocks

BLOCKS = 8
"""Blocks of vacancies in a part, some 73,000 ads. Part of the market's definition: another value gives other files."""
AGENCY, AGENCY_SHARE = "Uitzendgroep Voorbeeld", 0.02
_BAD_DATES = ("2016-02-31", "31-31-2015", "0000-00-00")
_FILES = {
    "banenbord": ("jsonl", JSONL_COLUMNS, "jsonl.gz"),
    "werkvinder": ("csv", CSV_COLUMNS, "csv"),
    "vacatureplein": ("parquet", {name: name for name in JSONL_COLUMNS}, "parquet"),
    "jobfeed": ("jobfeed", JOBFEED_COLUMNS, "csv"),
}
"""Per board: format, the feed's column of each field, and how its files end. Ads of employers' own sites are on the
first board, as a hundred thousand pages would measure the disk."""


def write_parts(spec: MarketSpec, folder: Path, workers: int = 1) -> tuple[Feed, ...]:
    """Simulate `spec` into `folder`/BOARD/NUMBER.ENDING, in `workers` processes; the feeds that were written.

    Equal specs give equal bytes, whatever the number of processes. Raises OSError where the folder cannot be written.
    """
    for board in _FILES:
        (folder / board).mkdir(parents=True, exist_ok=True)
    numbers = range(-(-len(blocks(spec)) // BLOCKS))
    write = partial(_write_part, spec, folder)
    several = workers > 1 and len(numbers) > 1
    done = list(ordered_map(write, numbers, workers, processes=True) if several else map(write, numbers))
    return tuple(
        Feed(board, folder / board, format_, columns, *(sum(part[board][k] for part in done) for k in (0, 1)))
        for board, (format_, columns, _) in _FILES.items()
    )


def _write_part(spec: MarketSpec, folder: Path, number: int) -> dict[str, tuple[int, int]]:
    """Part `number` of every feed; good and broken rows by board."""
    counts = dict.fromkeys(_FILES, (0, 0))
    with ExitStack() as stack:
        sinks = {
            board: stack.enter_context(_OPEN[format_](folder / board / f"{number:05d}.{ending}", columns))
            for board, (format_, columns, ending) in _FILES.items()
        }
        for block in blocks(spec)[number * BLOCKS : (number + 1) * BLOCKS]:
            rng = np.random.default_rng([spec.seed, 8, block])
            ads = _block(spec, block, rng)
            at = pc.index_in(ads.column("board"), pa.array(BOARDS)).to_numpy()
            for i, board in enumerate(_FILES):
                rows = ads.filter(pa.array((at == i) | ((at == len(_FILES)) & (i == 0))))
                # Parquet has types: a date that cannot be is no date there, so that its rows are all good.
                share = 0.0 if board == "vacatureplein" else spec.broken_share
                broken = rows.take(pa.array(np.flatnonzero(rng.random(rows.num_rows) < share)))
                sinks[board].write(rows, broken)
                good, bad = counts[board]
                counts[board] = (good + rows.num_rows, bad + broken.num_rows)
    return counts


def _block(spec: MarketSpec, number: int, rng: np.random.Generator) -> pa.RecordBatch:
    """The ads of a block, those of the agency with its text."""
    posted = simulate_block(spec, number)
    ads = posted.ads
    own = pa.array((rng.random(len(posted.block)) < AGENCY_SHARE)[posted.postings.vacancy])
    same = pc.binary_join_element_wise(ads.column("title"), ads.column("place"), _boilerplate(spec), "\n")
    ads = ads.set_column(SCHEMA.get_field_index("text"), "text", pc.if_else(own, same, ads.column("text")))
    company = pc.if_else(own, AGENCY, ads.column("company"))
    return ads.set_column(SCHEMA.get_field_index("company"), "company", company)


@lru_cache(maxsize=1)
def _boilerplate(spec: MarketSpec) -> str:
    """The text of the agency: that of the market's first ad."""
    return str(simulate_block(spec, 0).ads.column("text")[0].as_py())


class _Sink:
    """Writes the ads of one board, and broken copies of some of them under other ids."""

    def write(self, ads: pa.RecordBatch, broken: pa.RecordBatch) -> None:
        raise NotImplementedError


class _Parquet(_Sink):
    def __init__(self, writer: pq.ParquetWriter) -> None:
        self.writer = writer

    def write(self, ads: pa.RecordBatch, broken: pa.RecordBatch) -> None:
        self.writer.write_batch(ads)


class _Text(_Sink):
    """Rows with dates as text: every other broken row has no text, the rest a date that cannot be."""

    def __init__(self, columns: Mapping[str, str], date_format: str) -> None:
        self.columns, self.date_format = columns, date_format

    def write(self, ads: pa.RecordBatch, broken: pa.RecordBatch) -> None:
        n = broken.num_rows
        empty = pa.array(np.arange(n) % 2 == 0)
        bad = self._named(broken) | {
            self.columns["ad_id"]: pc.binary_join_element_wise("X", broken.column("ad_id"), ""),
            self.columns["text"]: pc.if_else(empty, "", broken.column("text")),
        }
        dates = pa.array(_BAD_DATES).take(pa.array(np.arange(n) % len(_BAD_DATES)))
        bad[self.columns["date"]] = pc.if_else(empty, bad[self.columns["date"]], dates)
        for columns in (self._named(ads), bad):
            self.emit(pa.RecordBatch.from_pydict(columns))

    def _named(self, ads: pa.RecordBatch) -> dict[str, Any]:
        dates = pc.strftime(ads.column("date"), self.date_format)
        return {theirs: dates if ours == "date" else ads.column(ours) for ours, theirs in self.columns.items()}

    def emit(self, rows: pa.RecordBatch) -> None:
        raise NotImplementedError


class _Csv(_Text):
    def __init__(self, writer: arrow_csv.CSVWriter, columns: Mapping[str, str], date_format: str) -> None:
        super().__init__(columns, date_format)
        self.writer = writer

    def emit(self, rows: pa.RecordBatch) -> None:
        self.writer.write_batch(rows)


class _Json(_Text):
    def __init__(self, out: io.TextIOWrapper, columns: Mapping[str, str]) -> None:
        super().__init__(columns, "%Y-%m-%d")
        self.out = out

    def emit(self, rows: pa.RecordBatch) -> None:
        self.out.writelines(map(json_line, rows.to_pylist()))


@contextmanager
def _jsonl(path: Path, columns: Mapping[str, str]) -> Iterator[_Sink]:
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as out,
    ):
        yield _Json(out, columns)


@contextmanager
def _csv(path: Path, columns: Mapping[str, str], delimiter: str = ",", dates: str = "%d-%m-%Y") -> Iterator[_Sink]:
    schema = pa.schema([(name, pa.string()) for name in columns.values()])
    options = arrow_csv.WriteOptions(delimiter=delimiter)
    with arrow_csv.CSVWriter(path, schema, write_options=options) as writer:
        yield _Csv(writer, columns, dates)


@contextmanager
def _parquet(path: Path, columns: Mapping[str, str]) -> Iterator[_Sink]:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        yield _Parquet(writer)


_OPEN: dict[str, Any] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "jobfeed": partial(_csv, delimiter=";", dates="%Y-%m-%d"),
}
