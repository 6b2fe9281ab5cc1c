"""Language on real ads. The label of the Dutch feed is itself a vote of stop words; its errors were read by eye."""

from __future__ import annotations

import pytest

from overstap.evaluate.codings import language_agreement
from tests.shared_data import DATA, needs

pytestmark = needs("ads")


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
