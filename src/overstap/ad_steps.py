"""The steps from files to coded vacancies: ads read and masked, repeats put together, each coded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from overstap.ads.annotate import READS
from overstap.engine.base import BatchFunction
from overstap.errors import InputError
from overstap.retention import remembered
from overstap.steps import Context, Step, sql_step, stream_step, table_step
from overstap.store import scratch
from overstap.study import StudySpec


def ad_steps() -> list[Step]:
    """The steps in order."""
    return [
        Step("ingest_ads", ("raw_ads", "raw_quarantine"), (), _ingest, _inputs, ("overstap.deliveries",)),
        stream_step(
            "group_duplicates",
            ("core_postings",),
            _group_duplicates,
            reads=("raw_ads",),
            depends=lambda context: context.spec.duplicates.model_dump(),
            code=("overstap.ads.dedupe",),
        ),
        table_step(
            "list_skills",
            "core_skills",
            (),
            _list_skills,
            depends=_taxonomy_version,
            code=("overstap.reference.taxonomy",),
        ),
        Step("annotate_ads", ("core_annotations",), ("raw_ads",), _annotate, _annotation_facts, _ANNOTATION),
        sql_step("select_vacancies", "core_vacancies", if_empty=_no_vacancies),
        sql_step("select_asked_skills", "core_vacancy_skills"),
    ]


_ANNOTATION = ("overstap.ads.annotate",)


def _ingest(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
    from overstap.deliveries import ingest

    rows, period = ingest(context, folder, progress), context.spec.period
    if not rows["raw_ads"]:
        names = ", ".join(source.id for source in context.spec.sources)
        reasons = Counter(pq.read_table(folder / "raw_quarantine", columns=["reason"])["reason"].to_pylist())
        common = "; ".join(f"{n} rows: {reason}" for reason, n in reasons.most_common(3))
        raise InputError(
            f"No ad could be read from the sources {names}.",
            why=f"Set aside were {common}." if common else "The files hold no rows.",
            fix="Mend 'columns:', 'encoding:' or 'date_format:' of the source; see overstap reference settings.",
        )
    posted = pq.read_table(folder / "raw_ads", columns=["posted_date"])["posted_date"]
    if not pc.any(pc.and_(pc.greater_equal(posted, period.first), pc.less_equal(posted, period.last))).as_py():
        span = pc.min_max(posted).as_py()
        raise no_ads_in_period(context.spec, span["min"], span["max"])
    return rows


def _inputs(context: Context) -> Any:
    from overstap.sources.ads import source_files

    gone = remembered(context.spec, context.base, context.store)
    if gone is not None:
        digests = dict(gone)
    else:
        files = [file.path for source in context.spec.sources for file in source_files(source, context.base)]
        digests = context.digests(files, first=True)
    read = [source.model_dump(exclude={"note", "sample"}) for source in context.spec.sources]
    return {"files": digests, "sources": read}


def _no_vacancies(context: Context) -> InputError:
    span = pc.min_max(context.store.read("raw_ads", ["posted_date"])["posted_date"]).as_py()
    return no_ads_in_period(context.spec, span["min"], span["max"])


def no_ads_in_period(spec: StudySpec, first: date | None, last: date | None) -> InputError:
    """The error of a period in which nothing was posted, given the first and last date of the ads."""
    period = spec.period
    found = f"The ads are dated {first} to {last}." if first else "No ad has a date."
    return InputError(
        f"No ad falls in the study's period, {period.first} to {period.last}.",
        why=found,
        fix="Set period.first and period.last to dates of the feed, or map the right column to 'date'.",
    )


def _group_duplicates(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
    from overstap.ads.dedupe import READS, group_signatures
    from overstap.ads.minhash import Signed

    settings, store = context.spec.duplicates, context.store
    with scratch(store.folder / ".writing-signatures") as folder:
        signed = Signed.of(folder / "signatures.npy", store.files("raw_ads"))
        list(context.engine.spread(signed.write, signed.starts))
        # Titles, employers and places come as dictionaries: each is held once.
        ads = pa.Table.from_batches(store.batches("raw_ads", list(READS), encoded=["title", "company", "place"]))
        for batch in group_signatures(ads, signed.read(), settings.window_days, settings.text_similarity):
            yield {"core_postings": batch}


def _taxonomy_version(context: Context) -> str:
    from overstap.reference.taxonomy import taxonomy_version

    return taxonomy_version(context.spec.annotation.taxonomy)


def _list_skills(context: Context) -> pa.Table:
    from overstap.reference.taxonomy import load_taxonomy

    return load_taxonomy(context.spec.annotation.taxonomy).skills


def _annotate(context: Context, folder: Path, progress: Callable[[int], None]) -> Mapping[str, int]:
    from overstap.codebase import code_digest
    from overstap.deliveries import annotate

    facts = [code_digest(_ANNOTATION), _annotation_facts(context)]
    return annotate(context, folder, progress, _annotator(context), READS, facts)


def _annotator(context: Context) -> BatchFunction:
    from overstap.ads.annotate import Annotator, corrections_of, topsector_table

    topsectors = topsector_table(context.spec.topsectors, context.base)
    return Annotator(context.spec.annotation, topsectors, corrections_of(context.spec, context.base))


def _annotation_facts(context: Context) -> Any:
    from overstap.ads.annotate import topsector_table
    from overstap.reference import own_titles

    return {
        "own_titles": own_titles.version(),
        "settings": context.spec.annotation.model_dump(),
        "taxonomy": _taxonomy_version(context),
        "topsectors": topsector_table(context.spec.topsectors, context.base).to_pylist(),
        "corrections": context.digest_of(context.spec.corrections),
    }
