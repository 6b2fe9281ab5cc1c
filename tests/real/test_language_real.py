"""Language on real ads. The label of the Dutch feed is itself a vote of stop words; its errors were read by eye."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.language import detect_language

_BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
DATA = _BESIDE if _BESIDE.exists() else Path(os.environ.get("OVERSTAP_SHARED_DATA", _BESIDE))

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason=f"SKIPPED: no real ads at {DATA}; set OVERSTAP_SHARED_DATA"),
]


def dutch_feed() -> Iterator[tuple[str, str]]:
    csv.field_size_limit(10**9)
    for year in (2023, 2024):
        with gzip.open(
            DATA / "ads" / "nl_jobzoeker" / f"ads_nl_{year}.csv.gz", "rt", encoding="utf-8", newline=""
        ) as file:
            for row in csv.DictReader(file):
                yield row["description"], row["lang"]


def json_lines(*names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        for line in gzip.decompress((DATA / "ads" / name).read_bytes()).decode().split("\n")[:-1]:
            row = json.loads(line)
            yield row["description"], row["lang"]


@pytest.mark.parametrize(
    ("feed", "least"),
    [
        ("nl", 0.998),
        ("uk", 0.999),
        ("hn", 0.998),  # of what differs, half are German and French posts that the feed labels English
    ],
)
def test_agreement_with_the_label_of_the_feed(feed: str, least: float) -> None:
    rows = list(
        {
            "nl": dutch_feed,
            "uk": lambda: json_lines("uk_nhs/nhs_jobs.jsonl.gz"),
            "hn": lambda: json_lines("hn_whoishiring/hn_2014.jsonl.gz", "hn_whoishiring/hn_2016.jsonl.gz"),
        }[feed]()
    )
    found = detect_language(pa.array([text for text, _ in rows], pa.large_string()))[0].to_pylist()
    same = sum(a == b for a, (_, b) in zip(found, rows, strict=True))
    assert same / len(rows) >= least
