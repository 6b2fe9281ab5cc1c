"""The readers on real feeds: every row is read or set apart with a reason, nothing easily found is left unmasked."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from overstap.ads.clean import clean_text
from overstap.ads.clean_rows import clean_column
from overstap.ads.mask import mask_text
from overstap.ads.mask_rows import mask_column
from overstap.sources.ads import check_source
from overstap.sources.ingest import clean_and_mask, read_source
from overstap.study import AdSource
from tests.shared_data import DATA, needs

ADS = DATA / "ads"
pytestmark = needs("ads")

FEEDS: list[tuple[dict[str, Any], int]] = [
    (
        {
            "id": "nl",
            "format": "csv",
            "files": ["nl_jobzoeker/*.csv.gz"],
            "columns": {"date": ["date_posted", "first_seen"]},
        },
        4315,
    ),
    ({"id": "hn", "format": "jsonl", "files": ["hn_whoishiring/*.jsonl.gz"]}, 18521),
    ({"id": "uk", "format": "jsonl", "files": ["uk_nhs/*.jsonl.gz"]}, 11632),
    ({"id": "us", "format": "csv", "files": ["us_glassdoor/*.csv.gz"]}, 424),
]


def test_the_compiled_passes_give_what_their_definition_gives() -> None:
    n = python = 0
    for settings, _ in FEEDS:
        for raw in read_source(AdSource.model_validate(settings), ADS, require_date=False):
            texts = raw.ads.column("text").take(pa.array(range(0, raw.ads.num_rows, 10)))
            cleaned, left = clean_column(texts)
            masked, counts = mask_column(cleaned)
            n, python = n + len(texts), python + int(left.sum())
            for text, plain, mask, count in zip(texts, cleaned, masked, counts, strict=True):
                assert plain.as_py() == clean_text(text.as_py())
                assert (mask.as_py(), count) == mask_text(plain.as_py())
    assert python < n // 20


@pytest.mark.parametrize(("settings", "rows"), FEEDS, ids=[str(f[0]["id"]) for f in FEEDS])
def test_every_row_is_read_or_set_apart(settings: dict[str, Any], rows: int) -> None:
    source = AdSource.model_validate(settings)
    dated = source.id != "us"
    assert check_source(source, ADS, require_date=dated) == []
    reasons: Counter[str] = Counter()
    ads = masked = 0
    for raw in read_source(source, ADS, require_date=dated):
        batch = clean_and_mask(raw)
        ads += batch.ads.num_rows
        masked += sum(batch.ads.column("masked_n").to_pylist())
        reasons.update(batch.quarantine.column("reason_code").to_pylist())
        for text in batch.ads.column("text").to_pylist()[:300]:
            assert not re.search(r"[\w.]+@[\w-]+\.[a-z]{2,}|</?(?:p|br|li|div)>", text)
    assert ads + sum(reasons.values()) == rows
    assert sum(reasons.values()) <= rows // 200
    assert masked > 0
