"""The feeds of a study as `raw_ads`: read, cleaned of markup and masked of personal data before anything is stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.clean_rows import clean_column
from overstap.ads.mask_rows import mask_column
from overstap.ads.texts import Array
from overstap.batches import ordered_map
from overstap.sources.ads import read_source
from overstap.sources.personal import mask_fields
from overstap.sources.rows import MAX_TEXT, MIN_TEXT, RAW_ADS, SourceBatch, fault_row, quarantine_batch, text_fault
from overstap.study import AdSource


def ingest_source(
    source: AdSource, base: Path, *, prefix_ids: bool = True, require_date: bool = True, workers: int | None = None
) -> Iterator[SourceBatch]:
    """The ads of one source, cleaned and masked, in order; see `read_source` for the arguments and errors.

    Batches are cleaned and masked in `workers` threads beside the one that reads, a few at a time; by default one for
    each core, at most four. The result does not depend on it.
    """
    batches = read_source(source, base, prefix_ids=prefix_ids, require_date=require_date)
    return ordered_map(clean_and_mask, batches, workers or min(4, os.cpu_count() or 1))


def clean_and_mask(batch: SourceBatch) -> SourceBatch:
    """`batch` with title and text cleaned, every field of the feed masked, spans counted in `masked_n`.

    A text that has fewer than 30 characters once its markup is gone moves to the quarantine.
    """
    texts, _ = clean_column(batch.ads.column("text"))
    ads, texts, quarantine, identities = _set_apart(batch, texts)
    texts, counts = mask_column(texts)
    titles, title_counts = _titles(ads.column("title"))
    fields, field_counts = mask_fields(ads)
    replaced = {"text": texts, "title": titles, "masked_n": pa.array(counts + title_counts + field_counts), **fields}
    arrays = [replaced.get(field.name, ads.column(field.name)).cast(field.type) for field in RAW_ADS.schema]
    return SourceBatch(pa.RecordBatch.from_arrays(arrays, schema=RAW_ADS.schema), quarantine, identities)


def _set_apart(
    batch: SourceBatch, texts: pa.Array
) -> tuple[pa.RecordBatch, pa.Array, pa.RecordBatch, pa.RecordBatch | None]:
    """The ads whose cleaned text will do, these texts, the quarantine with the others, and the identities without."""
    size = pc.utf8_length(texts)
    keep = pc.and_(pc.greater_equal(size, MIN_TEXT), pc.less_equal(size, MAX_TEXT))
    if pc.all(keep).as_py() in (True, None):
        return batch.ads, texts, batch.quarantine, batch.identities
    faults: list[dict[str, Any]] = batch.quarantine.to_pylist()
    for i in np.flatnonzero(~keep.to_numpy(zero_copy_only=False)):
        source_id, file, line = (batch.ads.column(name)[i].as_py() for name in ("source_id", "file", "line_number"))
        if fault := text_fault(line, texts[i].as_py()):
            faults.append(fault_row(fault, source_id, file))
    faults.sort(key=lambda row: (row["source_id"], row["file"], row["line_number"]))
    identities = batch.identities
    if identities is not None:  # those that take an ad back have no ad beside them
        wanted = np.ones(identities.num_rows, bool)
        wanted[identities.column("content").is_valid().to_numpy(zero_copy_only=False)] = keep.to_numpy(
            zero_copy_only=False
        )
        identities = identities.filter(pa.array(wanted))
    return batch.ads.filter(keep), texts.filter(keep), quarantine_batch(faults), identities


def _titles(titles: pa.Array) -> tuple[pa.Array, Array]:
    """The titles cleaned and masked, empty ones null, and spans replaced per row; each distinct title once."""
    encoded = titles.dictionary_encode()
    masked, counts = mask_column(clean_column(encoded.dictionary)[0])
    masked = pc.if_else(pc.equal(masked, ""), None, masked)
    per_row = pc.fill_null(pa.array(counts).take(encoded.indices), 0)
    return masked.take(encoded.indices), per_row.to_numpy(zero_copy_only=False)
