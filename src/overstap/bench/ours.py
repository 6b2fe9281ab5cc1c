"""Our own annotation, whole and in parts, and the limits: reading the ads, and taking their tokens apart."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.batches import ordered_map
from overstap.bench.contender import Contender, Corpus, Run
from overstap.sources.rows import BATCH_ROWS
from overstap.study import Annotation

_LEAST = 4  # batches, so that two cores have work to share


def ours(taxonomy: str) -> Iterator[Contender]:
    """The whole step on one and two cores, and its parts."""
    settings = Annotation(taxonomy="esco" if taxonomy == "esco" else "core", semantic=False)
    for cores in (1, 2):
        name = f"overstap: whole step, clean → sector, {cores} core{'s' * (cores > 1)}"
        known = f"{name}, titles seen before"
        yield Contender(f"whole-{cores}", known, lambda c=cores: _whole(settings, c), cores=cores)  # type: ignore[misc]
    yield Contender("new-2", f"{name}, every title new", lambda: _whole(settings, 2, new=True), cores=2)
    meaning = settings.model_copy(update={"semantic": True})
    yield Contender(
        "semantic-2", "overstap: whole step and phrases by meaning, 2 cores", lambda: _whole(meaning, 2),
        share=0.5, cores=2,
    )  # fmt: skip
    yield Contender("clean", "overstap: cleaning and masking only", _clean)
    yield Contender("skills", "overstap: skill matching only", lambda: _skills(settings))
    yield Contender("tokens", "limit: tokens only (the same pass without forms)", _tokens)
    yield Contender("read", "limit: read the texts from Parquet (zstd)", _read)


def _batches(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    """The ads in batches as the readers give them, or smaller ones where there are too few ads."""
    size = min(BATCH_ROWS, -(-batch.num_rows // _LEAST))
    return [batch.slice(at, size) for at in range(0, batch.num_rows, size)]


def _whole(settings: Annotation, cores: int, *, new: bool = False) -> Run:
    """`new`: each round codes the titles as a first run does; otherwise they were seen in the round before."""
    from pathlib import Path

    from overstap.ads.annotate import READS, Annotator, topsector_table
    from overstap.sources.ingest import clean_and_mask
    from overstap.sources.rows import SourceBatch, quarantine_batch

    annotator = Annotator(settings, topsector_table("default", Path()))
    nothing = quarantine_batch([])

    def one(batch: pa.RecordBatch) -> int:
        ads = clean_and_mask(SourceBatch(batch, nothing)).ads
        return len(annotator(ads.select(list(READS))).column("skills").flatten())

    def run(corpus: Corpus) -> int:
        if new:
            annotator.forget_titles()
        return sum(ordered_map(one, _batches(corpus.raw), cores))

    return run


def _clean() -> Run:
    from overstap.sources.ingest import clean_and_mask
    from overstap.sources.rows import SourceBatch, quarantine_batch

    nothing = quarantine_batch([])

    def run(corpus: Corpus) -> int:
        for batch in _batches(corpus.raw):
            clean_and_mask(SourceBatch(batch, nothing))
        return 0

    return run


def _skills(settings: Annotation) -> Run:
    from overstap.ads.annotate import Lexicon
    from overstap.ads.scan import scan
    from overstap.ads.skills import skill_mentions

    lexicon = Lexicon(settings)

    def run(corpus: Corpus) -> int:
        found = 0
        for batch in _batches(corpus.clean):
            result = scan(batch.column("text"), lexicon.index)
            found += skill_mentions(result, lexicon.index, lexicon.rules).num_rows
        return found

    return run


def _tokens() -> Run:
    from overstap.ads.lexicon import FormIndex
    from overstap.ads.scan import scan

    index = FormIndex.build({})

    def run(corpus: Corpus) -> int:
        scan(corpus.clean.column("text"), index)
        return 0

    return run


def _read() -> Run:
    kept: dict[int, bytes] = {}

    def run(corpus: Corpus) -> int:
        if id(corpus) not in kept:
            file = io.BytesIO()
            pq.write_table(pa.table({"text": corpus.clean.column("text")}), file, compression="zstd")
            kept[id(corpus)] = file.getvalue()
        pq.read_table(io.BytesIO(kept[id(corpus)]), use_threads=False)
        return 0

    return run
