"""The files of a study as deliveries: each is read, cleaned, masked and annotated once, and then laid together.

A delivery is one file, or small files that follow each other. It is kept as a part by the digest of its files, so that
a new one leaves the others unread. Which of several versions of an ad counts is judged over all deliveries at once
(`sources.versions`), so the tables are those of a study that reads every file anew. What does not count, since it was
repeated, taken back or corrected, is taken out of the parts too; where it counts after all, as the file that said so
was taken away, its delivery is read again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from overstap.batches import may_start_processes, ordered_map
from overstap.codebase import code_digest
from overstap.engine.base import BatchFunction
from overstap.engine.parquet import TableWriter, batches_of
from overstap.parts import SIZES, Parts, key_of, link
from overstap.provenance import digest_files
from overstap.schema import table_spec
from overstap.sources.ads import id_names, read_files, source_files
from overstap.sources.files import SourceFile
from overstap.sources.ingest import clean_and_mask
from overstap.sources.rows import RowBuilder, SourceBatch
from overstap.sources.versions import FAULTS, KEPT, SCHEMA, judge
from overstap.steps import Context
from overstap.study import AdSource

GROUP_BYTES = 32 << 20
"""Files are put together until they are so large: a crawl is a hundred thousand pages."""
MANY = 50_000
"""New ads that are annotated in processes."""
_LARGE = 200_000_000  # bytes of new files for which processes are worth their start, of some three seconds each
_WORKERS = 4  # at most: as a process each takes half a gigabyte
_LAYOUT = "_parts.json"  # readers of a folder of Parquet pass over names that begin so
_HELD = "held.npy"  # in a part of which ads were taken out: which of them it holds still
_NOT_READ = {"files", "note", "sample", "withdrawals"}
_Mask = npt.NDArray[np.bool_]
_Progress = Callable[[int], None]


@dataclass(frozen=True)
class Delivery:
    """Files of one source that are read together, each with its name in ids; `key` follows from all that is in them."""

    source: AdSource
    files: tuple[tuple[SourceFile, str], ...]
    key: str

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.path.stat().st_size for file, _ in self.files)

    def batches(self) -> Iterator[SourceBatch]:
        """The ads as received; the first batch is empty, so that a delivery without ads is known too."""
        builder = RowBuilder(self.source, prefix_ids=True, require_date=True, versions=True)
        yield builder.take()
        yield from read_files(self.source, self.files, builder)


def deliveries_of(context: Context) -> list[Delivery]:
    """The deliveries of every source, in the order of the study file."""
    return [delivery for source in context.spec.sources for delivery in _of_source(source, context)]


def _of_source(source: AdSource, context: Context) -> Iterator[Delivery]:
    files = source_files(source, context.base)
    digests = digest_files([file.path for file in files], context.store)
    facts = [code_digest(("overstap.sources.ingest",)), source.model_dump(exclude=_NOT_READ)]
    group: list[tuple[SourceFile, str]] = []
    size = 0
    for number, item in enumerate(zip(files, id_names(files), strict=True), 1):
        group.append(item)
        size += item[0].path.stat().st_size
        if size >= GROUP_BYTES or number == len(files):
            named = [(file.label, name, digests[str(file.path)]) for file, name in group]
            yield Delivery(source, tuple(group), key_of(facts, named))
            group, size = [], 0


def ingest(context: Context, folder: Path, progress: _Progress) -> Mapping[str, int]:
    """Write `raw_ads` and `raw_quarantine` below `folder` from every delivery; those that are known are not read."""
    deliveries, parts = deliveries_of(context), Parts(context.store, "deliveries")

    def read(missing: list[Delivery]) -> None:
        for rows in context.engine.spread(partial(_read, parts=parts), missing):
            progress(rows)

    read([delivery for delivery in deliveries if not parts.has(delivery.key)])
    ads, layout = folder / "raw_ads", []
    aside = TableWriter(table_spec("raw_quarantine"), folder / "raw_quarantine")
    for number, each in enumerate(_judged(deliveries, parts)):
        if not _holds(parts.path(each.delivery.key), each.kept):
            parts.drop([each.delivery.key])
            read([each.delivery])
        _let_go(parts, each.delivery.key, "raw_ads", each.kept)
        for batch in _aside(each, parts).to_batches():
            aside.write(batch)
        if each.kept.any():
            name = f"part-{number:05d}"
            layout.append({"part": each.delivery.key, "name": name})
            link(sorted((parts.path(each.delivery.key) / "raw_ads").glob("*.parquet")), ads, name)
            np.save(ads / f"_{name}.npy", each.kept)
    if layout:
        (ads / _LAYOUT).write_text(json.dumps(layout), encoding="utf-8")
    else:  # every ad was set aside or taken back
        TableWriter(table_spec("raw_ads"), ads).close()
    parts.keep(delivery.key for delivery in deliveries)
    return {"raw_ads": _rows(ads), "raw_quarantine": aside.close()}


def annotate(
    context: Context, folder: Path, progress: _Progress, function: BatchFunction, columns: Sequence[str], facts: Any
) -> Mapping[str, int]:
    """Write `core_annotations` below `folder`: `function` over `columns` of the ads that count of each delivery that it
    has not seen under the same `facts`."""
    spec, stored, target = table_spec("core_annotations"), context.store.path("raw_ads"), folder / "core_annotations"
    raw, parts = Parts(context.store, "deliveries"), Parts(context.store, "annotations")
    layout = json.loads((stored / _LAYOUT).read_text(encoding="utf-8")) if (stored / _LAYOUT).is_file() else []
    keys = [key_of(entry["part"], str(spec.schema), facts) for entry in layout]
    wanted = {key: np.load(stored / f"_{entry['name']}.npy") for key, entry in zip(keys, layout, strict=True)}
    missing = {
        key: raw.path(entry["part"])
        for key, entry in zip(keys, layout, strict=True)
        if not (parts.has(key) and _holds(parts.path(key), wanted[key]))
    }
    if not layout or not all(raw.has(part.name) and _is_held(part, wanted[key]) for key, part in missing.items()):
        parts.keep(key for key in keys if parts.has(key) and _is_held(parts.path(key), wanted[key]))
        frame = context.engine.map_batches("raw_ads", function, list(columns), spec.schema)
        return {spec.name: context.engine.write(frame, spec, target, progress)}
    work = partial(_annotate, parts=parts, function=function, columns=columns)
    for rows in context.engine.spread(work, list(missing.items())):
        progress(rows)
    for key, entry in zip(keys, layout, strict=True):
        _let_go(parts, key, spec.name, wanted[key])
        link(sorted((parts.path(key) / spec.name).glob("*.parquet")), target, entry["name"])
    parts.keep(keys)
    return {spec.name: _rows(target)}


def _annotate(
    missing: Sequence[tuple[str, Path]], threads: int, *, parts: Parts, function: BatchFunction, columns: Sequence[str]
) -> Iterator[int]:
    """Annotate these deliveries (key, folder), each to a part; numbers of ads as they come."""
    large = sum(_rows(folder / "raw_ads") for _, folder in missing) >= MANY
    work = _Work(partial(_stored, columns), function, partial(_write_annotations, parts))
    yield from work.over(missing, threads, large=large)


def _stored(columns: Sequence[str], part: tuple[str, Path]) -> Iterator[pa.RecordBatch]:
    return batches_of(sorted((part[1] / "raw_ads").glob("*.parquet")), columns)


def _write_annotations(parts: Parts, part: tuple[str, Path], batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    spec = table_spec("core_annotations")
    key, folder = part
    with parts.writing(key) as made:
        writer = TableWriter(spec, made / spec.name)
        for batch in batches:
            writer.write(batch)
            yield batch.num_rows
        writer.close()
        if (folder / _HELD).is_file():
            shutil.copyfile(folder / _HELD, made / _HELD)


def _read(missing: Sequence[Delivery], threads: int, *, parts: Parts) -> Iterator[int]:
    """Read, clean and mask these deliveries, each to a part; numbers of ads as they come."""
    work = _Work(Delivery.batches, clean_and_mask, partial(_write_part, parts))
    yield from work.over(missing, threads, large=sum(delivery.size for delivery in missing) >= _LARGE)


@dataclass(frozen=True)
class _Work:
    """What is done with a delivery: `function` over its `batches`, of which `write` makes a part; it gives the numbers
    of ads as they come."""

    batches: Callable[[Any], Iterator[Any]]
    function: Callable[[Any], Any]
    write: Callable[[Any, Iterable[Any]], Iterator[int]]

    def over(self, items: Sequence[Any], threads: int, *, large: bool) -> Iterator[int]:
        """The work on all deliveries.

        What is small goes through threads in one stream, which keeps the cores busy. What is large goes through
        processes, as threads wait for each other wherever Python itself is at work: a delivery each or, where there
        are too few, in one stream too.
        """
        workers = min(_WORKERS, threads)
        processes = large and workers > 1 and may_start_processes()
        if processes and len(items) >= workers:
            yield from ordered_map(self._whole, items, workers, processes=True)
            return
        stream = ((number, batch) for number, item in enumerate(items) for batch in self.batches(item))
        done = ordered_map(self._numbered, stream, workers, processes=processes)
        for number, batches in groupby(done, key=itemgetter(0)):
            yield from self.write(items[number], (batch for _, batch in batches))

    def _whole(self, item: Any) -> int:
        return sum(self.write(item, map(self.function, self.batches(item))))

    def _numbered(self, batch: tuple[int, Any]) -> tuple[int, Any]:
        return batch[0], self.function(batch[1])


def _write_part(parts: Parts, delivery: Delivery, batches: Iterable[SourceBatch]) -> Iterator[int]:
    with parts.writing(delivery.key) as folder:
        ads, aside = (TableWriter(table_spec(name), folder / name) for name in ("raw_ads", "raw_quarantine"))
        with pq.ParquetWriter(folder / "identities.parquet", SCHEMA, compression="zstd") as identities:
            for batch in batches:
                ads.write(batch.ads)
                aside.write(batch.quarantine)
                identities.write_batch(batch.identities)
                yield batch.ads.num_rows
        ads.close(), aside.close()


@dataclass(frozen=True)
class _Judged:
    """A delivery, its rows as versions of ads, the verdict on each, and which of its ads count."""

    delivery: Delivery
    rows: pa.Table
    verdict: npt.NDArray[np.uint8]
    kept: _Mask


def _judged(deliveries: Sequence[Delivery], parts: Parts) -> Iterator[_Judged]:
    """Each delivery with the verdict on its rows, which may follow from any other of the same source."""
    for _, group in groupby(deliveries, key=lambda delivery: delivery.source.id):
        same = list(group)
        rows = [pq.read_table(parts.path(delivery.key) / "identities.parquet") for delivery in same]
        ends = np.cumsum([len(table) for table in rows])
        verdicts = np.split(judge(pa.concat_tables(rows), same[0].source), ends[:-1])
        for delivery, table, verdict in zip(same, rows, verdicts, strict=True):
            yield _Judged(delivery, table, verdict, verdict[table["content"].is_valid().to_numpy()] == KEPT)


def _aside(judged: _Judged, parts: Parts) -> pa.Table:
    """Rows of `raw_quarantine`: those set aside when the delivery was read, and versions that do not count."""
    delivery, verdict = judged.delivery, judged.verdict
    read = pq.read_table(parts.path(delivery.key) / "raw_quarantine")
    losers = pa.array(np.flatnonzero(verdict != KEPT))
    if not len(losers):
        return read
    facts = [FAULTS[code] for code in verdict[verdict != KEPT].tolist()]
    found = {
        "source_id": pa.repeat(delivery.source.id, len(losers)),
        "file": judged.rows["file"].take(losers),
        "line_number": judged.rows["line_number"].take(losers),
        "reason_code": pa.array([reason.value for reason, _, _ in facts], pa.string()),
        "field": pa.array([field for _, _, field in facts], pa.string()),
        "reason": pa.array([words for _, words, _ in facts], pa.string()),
    }
    both = pa.concat_tables([read, pa.table(found).cast(read.schema)])
    place = pc.index_in(both["file"], pa.array([file.label for file, _ in delivery.files]))
    order = pc.sort_indices(
        pa.table({"file": place, "line": both["line_number"]}), [("file", "ascending"), ("line", "ascending")]
    )
    return both.take(order)


def _held(part: Path) -> _Mask | None:
    """Which ads of its delivery a part still holds; None where it holds all."""
    found: _Mask | None = np.load(part / _HELD) if (part / _HELD).is_file() else None
    return found


def _holds(part: Path, wanted: _Mask) -> bool:
    """Whether a part holds all the ads that are wanted."""
    held = _held(part)
    return held is None or not (wanted & ~held).any()


def _is_held(part: Path, wanted: _Mask) -> bool:
    """Whether a part holds just the ads that are wanted."""
    held = _held(part)
    return bool(wanted.all() if held is None else np.array_equal(held, wanted))


def _let_go(parts: Parts, key: str, table: str, wanted: _Mask) -> None:
    """Take the ads that are not wanted out of a part, which holds all that are: of an ad that was taken back or
    corrected nothing stays but file, line, digests and time."""
    part = parts.path(key)
    if _is_held(part, wanted):
        return
    held = _held(part)
    keep, at = wanted if held is None else wanted[held], 0
    with parts.writing(key) as folder:
        writer = TableWriter(table_spec(table), folder / table)
        for file in sorted((part / table).glob("*.parquet")):
            with pq.ParquetFile(file, page_checksum_verification=True) as opened:
                for batch in opened.iter_batches():
                    writer.write(batch.filter(pa.array(keep[at : at + batch.num_rows])))
                    at += batch.num_rows
        writer.close()
        np.save(folder / _HELD, wanted)
        for other in part.iterdir():
            if other.name not in (table, _HELD, SIZES):
                (shutil.copytree if other.is_dir() else shutil.copyfile)(other, folder / other.name)


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))
