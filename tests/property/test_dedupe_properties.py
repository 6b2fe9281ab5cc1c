"""Properties of the grouping of ads that hold for any feed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.dedupe import group_postings

SCHEMA = pa.schema(
    [("ad_id", pa.string()), ("title", pa.string()), ("company", pa.string()), ("place", pa.string()),
     ("posted_date", pa.date32()), ("text", pa.large_string())]
)  # fmt: skip
TEXTS = [
    "wij zoeken een collega die graag werkt in een klein team",
    "heel andere tekst over iets anders dan dat",
    "",
    "x",
]

ROW = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Kok", "kok (m/v)", "Data engineer", "Senior data engineer", None, ""]),
        "company": st.sampled_from(["A", "A B.V.", "B", None]),
        "place": st.sampled_from(["Ede", "Ede, NL", "Epe", None]),
        "posted_date": st.one_of(st.none(), st.integers(0, 400).map(lambda d: date(2015, 1, 1) + timedelta(days=d))),
        "text": st.one_of(st.sampled_from(TEXTS), st.text(max_size=40)),
    }
)
FEEDS = st.lists(ROW, max_size=40).map(lambda rows: [{**row, "ad_id": f"ad{i:03d}"} for i, row in enumerate(rows)])


def postings(rows: list[dict[str, Any]], window: int) -> dict[str, dict[str, Any]]:
    table = group_postings(pa.Table.from_pylist(rows, schema=SCHEMA), window, 0.85)
    assert table["ad_id"].to_pylist() == [row["ad_id"] for row in rows]
    return {row["ad_id"]: row for row in table.to_pylist()}


@settings(max_examples=60, deadline=None)
@given(FEEDS, st.integers(0, 90), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[dict[str, Any]], window: int, random: Any) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert postings(rows, window) == postings(shuffled, window)


@settings(max_examples=60, deadline=None)
@given(FEEDS, st.integers(0, 90))
def test_each_vacancy_is_named_after_its_first_ad_and_is_a_chain_within_the_window(
    rows: list[dict[str, Any]], window: int
) -> None:
    found = postings(rows, window)
    by_id = {row["ad_id"]: row for row in rows}
    members: dict[str, list[str]] = {}
    for ad_id, row in found.items():
        members.setdefault(row["vacancy_id"], []).append(ad_id)
        assert (row["rule"] == "first") == (row["vacancy_id"] == ad_id)
    for vacancy, ads in members.items():
        dates = [by_id[ad]["posted_date"] for ad in ads]
        if None in dates:
            assert set(dates) == {None}
            assert vacancy == min(ads)
            continue
        assert vacancy == min(ads, key=lambda ad: (by_id[ad]["posted_date"], ad))
        ordered = sorted(dates)
        assert all((b - a).days <= window for a, b in pairwise(ordered))


@settings(max_examples=40, deadline=None)
@given(FEEDS)
def test_a_wider_window_never_splits_a_vacancy(rows: list[dict[str, Any]]) -> None:
    narrow, wide = postings(rows, 20), postings(rows, 60)
    for ad_id, row in narrow.items():
        assert wide[ad_id]["vacancy_id"] == wide[row["vacancy_id"]]["vacancy_id"]
