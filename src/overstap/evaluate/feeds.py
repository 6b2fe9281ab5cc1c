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


def annotate_ads(shared: Path, ads: Collection[Ad]) -> dict[str, pa.Table]:
    """Annotations (`core_annotations`, core taxonomy, default settings) of the ads asked for, per set."""
    annotator = Annotator(Annotation(), topsector_table("default", Path()))
    tables: dict[str, pa.Table] = {}
    for name in sorted({source for source, _ in ads}):
        wanted = pa.array(sorted(i for source, i in ads if source == name))
        files, columns = LABELLED[name]
        batches = []
        for file in files:
            for batch in read_source(
                source_of(shared / "ads" / file, columns), Path(), prefix_ids=False, require_date=False
            ):
                kept = batch.ads.filter(pc.is_in(batch.ads.column("ad_id"), wanted))
                if kept.num_rows:
                    batches.append(annotator(clean_and_mask(replace(batch, ads=kept)).ads.select(list(READS))))
        tables[name] = pa.Table.from_batches(batches)
    return tables
