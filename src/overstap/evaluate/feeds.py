"""The real sets on which accuracy is measured, read from the folder that holds them; none is part of the package.

`shared` is always the folder with `ads` and `classifications`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.ads.command import source_of
from overstap.evaluate.concepts import Sentence
from overstap.evaluate.skills import Ad
from overstap.sources.ads import read_source
from overstap.sources.ingest import clean_and_mask
from overstap.study import Annotation

LABELLED: dict[str, tuple[tuple[str, ...], dict[str, str | list[str]]]] = {
    "nl": (("nl_jobzoeker/ads_nl_2023.csv.gz", "nl_jobzoeker/ads_nl_2024.csv.gz"), {"text": "description"}),
    "hn": (
        ("hn_whoishiring/hn_2013.jsonl.gz", "hn_whoishiring/hn_2016.jsonl.gz"),
        {"text": "description", "title": "header"},
    ),
    "nhs": (("uk_nhs/nhs_jobs.jsonl.gz",), {}),
}
"""Per set of the labels the files from which its windows were drawn, with the columns of their fields."""


TITLES: dict[str, tuple[str, str]] = {
    "nl_adzuna_titles": ("adzuna_nl_titles.csv", "title"),
    "nl_ggz_titles": ("ggz_ingeest_titles.csv", "title"),
    "nl_jobzoeker": ("ads_nl_2023.csv.gz", "title"),
    "nl_indeed_da2024": ("final_dataset_labelled.csv", "positionName"),
    "uk_nhs": ("nhs_jobs.jsonl.gz", "title"),
}
"""Per list the file from which titles were drawn for coding by hand, with the column of the title."""


def titles_of(shared: Path, source: str) -> list[str]:
    """The titles of a list of TITLES, in the order of its file."""
    name, column = TITLES[source]
    if ".jsonl" in name:
        return [row[column] for row in json_rows(shared, [f"{source}/{name}"])]
    raw = (shared / "ads" / source / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
    csv.field_size_limit(10**9)
    return [row[column] for row in csv.DictReader(io.StringIO(text, newline=""))]


def csv_rows(shared: Path, folder: str) -> Iterator[dict[str, str]]:
    """The rows of the gzipped CSV files of a folder of ads, in the order of their names."""
    csv.field_size_limit(10**9)
    for path in sorted((shared / "ads" / folder).glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def json_rows(shared: Path, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of gzipped JSON Lines below the folder of ads."""
    for name in names:
        for line in gzip.decompress((shared / "ads" / name).read_bytes()).decode().split("\n")[:-1]:
            yield json.loads(line)


def annotate_ads(shared: Path, ads: Collection[Ad], settings: Annotation | None = None) -> dict[str, pa.Table]:
    """Annotations (`core_annotations`, core taxonomy unless `settings` say else) of the ads asked for, per set."""
    annotator = Annotator(settings or Annotation(), topsector_table("default", Path()))
    return {
        name: pa.Table.from_batches([annotator(batch.select(list(READS))) for batch in batches])
        for name, batches in cleaned_ads(shared, ads).items()
    }


def cleaned_ads(shared: Path, ads: Collection[Ad]) -> dict[str, list[pa.RecordBatch]]:
    """The ads asked for as `raw_ads` holds them, cleaned and masked, per set: what the offsets of labels count in."""
    found: dict[str, list[pa.RecordBatch]] = {}
    for name in sorted({source for source, _ in ads}):
        wanted = pa.array(sorted(i for source, i in ads if source == name))
        files, columns = LABELLED[name]
        for file in files:
            for batch in read_source(
                source_of(shared / "ads" / file, columns), Path(), prefix_ids=False, require_date=False
            ):
                kept = batch.ads.filter(pc.is_in(batch.ads.column("ad_id"), wanted))
                if kept.num_rows:
                    found.setdefault(name, []).append(clean_and_mask(replace(batch, ads=kept)).ads)
    return found


def sentence_texts(shared: Path, sentences: Collection[Sentence], source: str = "nl") -> dict[str, str]:
    """The text of each labelled sentence, sentence_id → text, in their order."""
    texts: dict[str, str] = {}
    for batch in cleaned_ads(shared, {(source, s.ad_id) for s in sentences})[source]:
        texts |= zip(batch.column("ad_id").to_pylist(), batch.column("text").to_pylist(), strict=True)
    return {s.sentence_id: texts[s.ad_id][s.start : s.end] for s in sentences}
