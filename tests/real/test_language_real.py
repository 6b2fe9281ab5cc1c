"""Language on real ads. The label of the Dutch feed is itself a vote of stop words; its errors were read by eye."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overstap.evaluate.codings import language_agreement

_BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
DATA = _BESIDE if _BESIDE.exists() else Path(os.environ.get("OVERSTAP_SHARED_DATA", _BESIDE))

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason=f"SKIPPED: no real ads at {DATA}; set OVERSTAP_SHARED_DATA"),
]


@pytest.mark.parametrize(
    ("feed", "least"),
    [
        ("nl_jobzoeker", 0.998),
        ("uk_nhs", 0.999),
        ("hn_whoishiring", 0.998),  # of what differs, half are German and French posts that the feed labels English
    ],
)
def test_agreement_with_the_label_of_the_feed(feed: str, least: float) -> None:
    assert language_agreement(DATA, feed).value >= least
