"""The readers on real feeds: every row is read or set apart with a reason, nothing personal is left where it is easily found."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from overstap.sources.ads import check_source
from overstap.sources.ingest import clean_and_mask, read_source
from overstap.study import AdSource

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if not DATA.is_dir() and "OVERSTAP_SHARED_DATA" in os.environ:
    DATA = Path(os.environ["OVERSTAP_SHARED_DATA"])
ADS = DATA / "ads"
if not ADS.is_dir():
    warnings.warn(f"Tests on real ads are skipped: there is no folder {ADS}", stacklevel=1)
pytestmark = [pytest.mark.real, pytest.mark.skipif(not ADS.is_dir(), reason="the shared data folder is absent")]

FEEDS: list[tuple[dict[str, Any], int]] = [
    ({"id": "nl", "format": "csv", "files": ["nl_jobzoeker/*.csv.gz"], "columns": {"date": ["date_posted", "first_seen"]}}, 4315),
    ({"id": "hn", "format": "jsonl", "files": ["hn_whoishiring/*.jsonl.gz"]}, 18521),
    ({"id": "uk", "format": "jsonl", "files": ["uk_nhs/*.jsonl.gz"]}, 11632),
    ({"id": "us", "format": "csv", "files": ["us_glassdoor/*.csv.gz"]}, 424),
]  # fmt: skip


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
