"""Our own annotation, whole and in parts, and the limits: reading the ads, and taking their tokens apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from itertools import count
from weakref import finalize

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.batches import Processes, ordered_map
from overstap.bench.contender import Contender, Corpus, Run
from overstap.deliveries import MANY
from overstap.sources.rows import BATCH_ROWS
from overstap.study import Annotation

_LEAST = 4  # batches, so that two cores have work to share


def ours(taxonomy: str) -> Iterator[Contender]:
    """The whole step on one and two cores, and its parts."""
    settings = Annotation(taxonomy="esco" if taxonomy == "esco" else "core", semantic=False)
    for cores in (1, 2):
        name = f"overstap: whole step, clean → sector, {cores} core{'s' * (cores > 1)}"
        known = f"{name}, all seen before"
        yield Contender(f"whole-{cores}", known, lambda c=cores: _whole(settings, c), cores=cores)  # type: ignore[misc]
    yield Contender("new-2", f"{name}, every title and phrase new", lambda: _whole(settings, 2, new=True), cores=2)
    yield Contender(
        "processes-2", f"{name}, every title and phrase new, in two processes as {MANY:,} ads and more are",
        lambda: _whole(settings, 2, new=True, processes=True), cores=2,
    )  # fmt: skip
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
    """The ads in batches as the readers give them, or smaller ones where there are too few ads for two cores."""
    n = max(_LEAST, -(-batch.num_rows // BATCH_ROWS))
    size = -(-batch.num_rows // (n + n % 2))
    # Copies, as readers make them: a slice that goes to another process takes all ads along.
    return [pa.concat_batches([batch.slice(at, size)]) for at in range(0, batch.num_rows, size)]


class _Step:
    """The whole step on a batch of a round: a new round forgets the titles and phrases of the one before."""

    def __init__(self, settings: Annotation) -> None:
        from pathlib import Path

        from overstap.ads.annotate import Annotator, topsector_table

        self.annotator = Annotator(settings, topsector_table("default", Path()))
        self.round = 0

    def __call__(self, item: tuple[int, pa.RecordBatch]) -> int:
        from overstap.ads.annotate import READS
        from overstap.sources.ingest import clean_and_mask
        from overstap.sources.rows import SourceBatch, quarantine_batch

        number, batch = item
        if number != self.round:
            self.round = number
            self.annotator.forget()
        ads = clean_and_mask(SourceBatch(batch, quarantine_batch([]))).ads
        return len(self.annotator(ads.select(list(READS))).column("skills").flatten())


def _whole(settings: Annotation, cores: int, *, new: bool = False, processes: bool = False) -> Run:
    """`new`: each round reads titles and phrases as a first run does; otherwise they were seen in the round before."""
    step, rounds = _Step(settings), count(1)
    pool = Processes(step, cores) if processes else None
    workers = pool.map if pool else partial(ordered_map, step, workers=cores)

    def run(corpus: Corpus) -> int:
        number = next(rounds) if new else 0
        return sum(workers((number, batch) for batch in _batches(corpus.raw)))

    if pool:
        finalize(run, pool.end)  # the workers end when the round is no longer asked for
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
