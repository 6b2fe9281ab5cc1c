"""Ads read, rows set aside and vacancies counted, against the truth of the simulated feeds."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable
from math import comb

import pytest
from scipy import stats

from tests.recovery.recovered import Record, Recovered

pytestmark = pytest.mark.xdist_group("recovery")


def broken_rows(demo: Recovered) -> dict[str, int]:
    """Rows per feed that the simulator spoilt: their ids begin with X, or they are no row at all."""
    feeds = demo.folder / "market/feeds"
    lines = gzip.decompress((feeds / "banenbord.jsonl.gz").read_bytes()).decode().split("\n")[:-1]
    found = Counter[str]()
    for line in lines:
        try:
            found["banenbord"] += json.loads(line)["id"].startswith("X")
        except json.JSONDecodeError:
            found["banenbord"] += 1
    for name, delimiter, key in (("werkvinder", ",", "job_id"), ("jobfeed", ";", "id")):
        with (feeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = sum(row[key].startswith("X") for row in csv.DictReader(file, delimiter=delimiter))
    return {name: n for name, n in found.items() if n}


def test_every_good_ad_is_read_and_every_broken_row_set_aside(demo: Recovered) -> None:
    expected = broken_rows(demo)
    aside = Counter(demo.study.table("raw_quarantine", ["source_id"])["source_id"].to_pylist())
    assert sum(expected.values()) >= 5, "the feeds hold too few broken rows to test anything"
    assert dict(aside) == expected
    shown = {
        (r["source_id"], r["detail"]): r["value_n"]
        for r in demo.study.table("out_quality").to_pylist()
        if r["measure"] == "rows_set_aside"
    }
    assert sum(shown.values()) == sum(expected.values())
    read = [ad.split("/", 1)[1] for ad in demo.true_vacancy]
    assert len(read) == len(set(read))
    assert not [ad for ad in read if ad.startswith("X")]


def test_every_ad_counts_in_one_year(demo: Recovered) -> None:
    """Exact: all ads of the demo lie in its period, and merging moves them between vacancies, never away."""
    rows = demo.rows("out_volume", topsector="all", period_kind="year")
    assert sum(r["ads_n"] for r in rows) == len(demo.true_vacancy)


def pairs(groups: Iterable[object]) -> int:
    return sum(comb(n, 2) for n in Counter(groups).values())


def test_ads_of_one_vacancy_are_merged_and_others_are_not(demo: Recovered, record_property: Record) -> None:
    """Pairs of ads. Bounds a user can work with: 99 of 100 merges right, 9 of 10 duplicates found.

    Two openings of one title, employer and place within the window are one vacancy by the study's definition, so
    merging them is right; the share of strictly right merges is recorded beside it.
    """
    rows = demo.study.table("core_postings", ["ad_id", "vacancy_id"]).to_pylist()
    both = [(r["vacancy_id"], demo.true_vacancy[r["ad_id"]]) for r in rows]
    right, merged, true = pairs(both), pairs(b[0] for b in both), pairs(b[1] for b in both)
    facts = {i: (v["title"], v["employer"], v["place"]) for i, v in demo.truth.items()}
    alike = pairs((group, facts[vacancy]) for group, vacancy in both)
    record_property("pair_precision", {"strict": round(right / merged, 4), "by_definition": round(alike / merged, 4)})
    record_property("pair_recall", round(right / true, 4))
    assert alike / merged >= 0.99
    assert right / true >= 0.90


def test_vacancies_per_year_are_right_but_for_a_constant(demo: Recovered, record_property: Record) -> None:
    """Missed duplicates may raise the total by 8 % at most, and by the same factor every year, or growth is wrong.

    The second by a chi-square test on the surplus per year at 0.1 %: one seed in a thousand fails a perfect method.
    """
    true = Counter(v["year"] for v in demo.truth.values())
    rows = demo.rows("out_volume", topsector="all", period_kind="year")
    counted = {int(r["period"]): r["vacancies_n"] for r in rows}
    assert counted.keys() == true.keys()
    record_property("surplus_pct", {y: round(100 * counted[y] / true[y] - 100, 1) for y in sorted(true)})
    assert 0.98 <= sum(counted.values()) / sum(true.values()) <= 1.08
    surplus = [max(counted[y] - true[y], 0) for y in sorted(true)]
    if sum(surplus) > 30:
        expected = [sum(surplus) * true[y] / sum(true.values()) for y in sorted(true)]
        assert stats.chisquare(surplus, expected).pvalue > 0.001
