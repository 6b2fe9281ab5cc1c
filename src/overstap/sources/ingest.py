"""The feeds of a study as `raw_ads`: read, cleaned of markup and masked of personal data before anything is stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from overstap.ads.clean import clean_text
from overstap.ads.mask import mask_text
from overstap.sources.ads import read_source
from overstap.sources.files import expand
from overstap.sources.personal import mask_fields
from overstap.sources.pool import map_in_workers
from overstap.sources.reasons import Fault
from overstap.sources.rows import RAW_ADS, SourceBatch, fault_row, quarantine_batch, text_fault
from overstap.study import AdSource, StudySpec

# Below this size of the files together, starting processes costs more than they save.
_SMALL = 8 << 20


def ingest(spec: StudySpec, base: Path, *, workers: int | None = None) -> Iterator[SourceBatch]:
    """The ads of every source of the study, cleaned and masked, in the order of the study file; `base` is its folder.

    A text that has fewer than 30 characters once its markup is gone moves to the quarantine. `workers` processes clean
    and mask; by default two on a machine with two or more cores, and none besides this one where the files are small.
    The result does not depend on it.

    Raises InputError as `read_source` does.
    """
    batches = (batch for source in spec.sources for batch in read_source(source, base))
    size = sum(_size(source, base) for source in spec.sources)
    yield from _cleaned(batches, size, workers)


def ingest_source(
    source: AdSource, base: Path, *, prefix_ids: bool = True, require_date: bool = True
) -> Iterator[SourceBatch]:
    """The ads of one source, cleaned and masked; see `read_source` for the arguments and errors."""
    batches = read_source(source, base, prefix_ids=prefix_ids, require_date=require_date)
    yield from _cleaned(batches, _size(source, base), None)


def _cleaned(batches: Iterator[SourceBatch], size: int, workers: int | None) -> Iterator[SourceBatch]:
    if workers is None:
        workers = 1 if (os.cpu_count() or 1) < 2 or size < _SMALL else 2
    if workers < 2:
        yield from map(clean_and_mask, batches)
    else:
        yield from map_in_workers(batches, workers)


def _size(source: AdSource, base: Path) -> int:
    return sum(file.path.stat().st_size for file in expand(source.files, base, source.id)[0])


def clean_and_mask(batch: SourceBatch) -> SourceBatch:
    """`batch` with title and text cleaned, every field of the feed masked, spans counted in `masked_n`.

    Rows whose text turns out too short move to the quarantine.
    """
    ads = batch.ads
    known: dict[str | None, tuple[str | None, int]] = {None: (None, 0)}  # titles recur within a batch
    texts, titles, counts, keep, faults = [], [], [], [], []
    columns = (ads.column(name).to_pylist() for name in ("text", "title", "source_id", "file", "line_number"))
    for text, title, source_id, file, line in zip(*columns, strict=True):
        cleaned = clean_text(text)
        fault: Fault | None = text_fault(line, cleaned)
        keep.append(fault is None)
        if fault:
            faults.append(fault_row(fault, source_id, file))
            continue
        masked, n = mask_text(cleaned)
        if title not in known:
            known[title] = mask_text(clean_text(title))
        masked_title, n_title = known[title]
        texts.append(masked)
        titles.append(masked_title or None)
        counts.append(n + n_title)
    quarantine = batch.quarantine
    if faults:
        ads = ads.filter(pa.array(keep))
        merged = [*quarantine.to_pylist(), *faults]
        quarantine = quarantine_batch(
            sorted(merged, key=lambda row: (row["source_id"], row["file"], row["line_number"]))
        )
    fields, field_counts = mask_fields(ads)
    replaced = {"text": texts, "title": titles, "masked_n": np.array(counts, dtype=np.int32) + field_counts, **fields}
    arrays = [
        pa.array(replaced[field.name], type=field.type) if field.name in replaced else ads.column(field.name)
        for field in RAW_ADS.schema
    ]
    return SourceBatch(pa.RecordBatch.from_arrays(arrays, schema=RAW_ADS.schema), quarantine)
