"""The ads that a benchmark runs on: the user's files, or simulated ads where none are named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from overstap.ads.command import parse_mapping, source_of
from overstap.bench.contender import Corpus
from overstap.errors import InputError
from overstap.sources.ads import read_source
from overstap.sources.ingest import clean_and_mask
from overstap.sources.rows import SourceBatch, quarantine_batch
from overstap.study import AdSource, load_study


def read_corpus(inputs: Sequence[Path], mapping: Iterable[str], n: int) -> Corpus:
    """The first `n` ads of the files, untrimmed. Raises InputError where none can be read."""
    columns = parse_mapping(mapping)
    return _corpus([source_of(path, columns) for path in inputs], Path(), n)


def simulated_corpus(n: int) -> Corpus:
    """Some `n` ads of the demo market; they are shorter and cleaner than real ones."""
    from overstap.simulate.demo import make_demo

    with tempfile.TemporaryDirectory() as folder:
        study = make_demo(Path(folder), max(n, 500), 1)
        return _corpus(load_study(study).sources, study.parent, n)


def _corpus(sources: Sequence[AdSource], base: Path, n: int) -> Corpus:
    held: list[pa.RecordBatch] = []
    for source in sources:
        for batch in read_source(source, base, prefix_ids=False, require_date=False):
            held.append(batch.ads)
            if sum(b.num_rows for b in held) >= n:
                break
    table = pa.Table.from_batches(held).slice(0, n).combine_chunks() if held else None
    if table is None or not table.num_rows:
        raise InputError("No ad could be read.", fix="Name the columns: --map text=COLUMN --map title=COLUMN.")
    raw = table.to_batches()[0]
    return Corpus(raw, clean_and_mask(SourceBatch(raw, quarantine_batch([]))).ads)
