"""Ads tell official vacancies before they are published where they move together, and are left out where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy import stats

from overstap.analysis.nowcast import equal_accuracy, nowcast
from overstap.analysis.nowcast_rows import Window, nowcast_table
from overstap.analysis.uncertainty import Floats
from overstap.analysis.weights import WeightSettings
from overstap.reference.totals import quarter_days
from overstap.schema import table_spec

PAST, ADS, AHEAD = 48, 28, 2
WINDOW = Window(date(2013, 1, 1), date(2020, 6, 30), live_days=30)


def market(signal: float, seed: int, series: int = 6) -> tuple[Floats, Floats]:
    """Logarithms of official vacancies and of ads, of which `signal` moves with them, AHEAD quarters longer."""
    rng = np.random.default_rng(seed)
    size = PAST + AHEAD
    season = 0.1 * np.sin(np.arange(size) * np.pi / 2)
    official = 10 + rng.normal(0, 0.04, size).cumsum() + rng.normal(0, 0.04, (series, size)).cumsum(axis=1) + season
    other = 10 + rng.normal(0, 0.06, (series, size)).cumsum(axis=1) + season
    ads = signal * official + (1 - signal) * other - 3 + rng.normal(0, 0.02, (series, size))
    return official, ads[:, PAST - ADS :]


def test_ads_that_move_with_the_market_halve_the_error() -> None:
    errors = []
    for seed in range(6):
        official, ads = market(1.0, seed)
        made = nowcast(official[:, :PAST], ads, AHEAD)
        assert made.helps[0] and made.error[0] < 0.8 * made.plain_error[0]
        errors.append([np.abs(values - official[:, PAST:]).mean() for values in (made.value, made.plain)])
    with_ads, alone = np.mean(errors, axis=0)
    assert with_ads < 0.7 * alone


def test_ads_that_say_nothing_are_left_out() -> None:
    for seed in range(6):
        official, ads = market(0.0, seed)
        made = nowcast(official[:, :PAST], ads, AHEAD)
        assert not made.helps.any() and (made.p_value > 0.05).all()
        np.testing.assert_array_equal(made.value, made.plain)


def test_what_was_said_then_knows_nothing_of_later() -> None:
    official, ads = market(1.0, 3)
    made = nowcast(official[:, :PAST], ads, AHEAD)
    earlier = nowcast(official[:, : PAST - 1], ads[:, :-1], AHEAD)
    np.testing.assert_allclose(made.then[:, :-1], earlier.then)
    one = nowcast(official[:, : PAST - 1], ads[:, :-AHEAD], 1)
    np.testing.assert_allclose(made.then[:, -1], one.value[:, 0])  # ads help in both


def test_a_short_past_gives_the_official_series_carried_forward_and_no_test() -> None:
    official, ads = market(1.0, 1)
    made = nowcast(official[:, :PAST], ads[:, -8 - AHEAD :], AHEAD)
    assert not made.helps.any() and np.isnan(made.p_value).all() and not made.origins.any()
    np.testing.assert_array_equal(made.value, made.plain)


def test_the_test_one_step_ahead_is_the_t_test_and_further_on_allows_for_overlap() -> None:
    rng = np.random.default_rng(2)
    gain = rng.normal(0.2, 1, 20)
    assert equal_accuracy(gain) == pytest.approx(stats.ttest_1samp(gain, 0, alternative="greater").pvalue)
    wrong = {1: 0, 2: 0}
    for _ in range(400):
        shocks = rng.normal(0, 1, 25)
        overlapping = shocks[1:] + shocks[:-1]  # errors two steps ahead share a step
        for ahead in wrong:
            wrong[ahead] += equal_accuracy(overlapping, ahead) < 0.05
    assert wrong[2] < wrong[1] and wrong[2] < 0.1 * 400


def day_rows(source: str, sector: str, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Vacancies posted in two halves, at the begin and near the end of each quarter, and once more at its last day."""
    for quarter, n in counts.items():
        begin, end = quarter_days(quarter)
        for day, first, last in ((begin, n // 2, 0), (end - timedelta(3), n - n // 2, 0), (end, 0, n)):
            yield {"source_id": source, "sector": sector, "day": day, "first_n": first, "last_n": last}


def quarters(first: int, n: int) -> list[str]:
    return [f"{t // 4}Q{t % 4 + 1}" for t in range(first * 4, first * 4 + n)]


def tables(signal: float = 1.0) -> tuple[pa.Table, pa.Table]:
    """Six sectors, official until 2019Q4 from 2008 on, ads of 2013 until 2020Q2."""
    official, ads = market(signal, 5)
    names = "ABCDEF"
    rows: list[dict[str, Any]] = []
    for s, sector in enumerate(names):
        counts = dict(zip(quarters(2013, ADS + AHEAD), np.exp(ads[s]).round().astype(int).tolist(), strict=True))
        rows += day_rows("steady", sector, counts)
    rows += day_rows("new board", "A", {"2019Q1": 50_000})
    totals = [
        {"quarter": q, "sector": sector, "new_n": float(np.exp(official[s, t])), **_days(q)}
        for s, sector in enumerate(names)
        for t, q in enumerate(quarters(2008, PAST))
    ]
    return (
        pa.Table.from_pylist(rows, schema=table_spec("core_days").schema),
        pa.Table.from_pylist(totals, schema=table_spec("core_totals").schema),
    )


def _days(quarter: str) -> dict[str, date]:
    first, last = quarter_days(quarter)
    return {"first_date": first, "last_date": last, "live_since": last - timedelta(30)}


def found(days: pa.Table, totals: pa.Table, settings: WeightSettings | None = None) -> dict[tuple[str, str], Any]:
    table = nowcast_table(days, totals, WINDOW, settings or WeightSettings())
    return {(row["sector"], row["quarter"]): row for row in table.to_pylist() if row["kind"] == "new"}


def test_the_table_gives_the_quarters_not_yet_published_with_their_test() -> None:
    rows = found(*tables())
    ahead = rows["C", "2020Q2"]
    assert ahead["official_n"] is None and ahead["low_n"] < ahead["value_n"] < ahead["high_n"]
    assert ahead["note"] == "ads" and ahead["error"] < ahead["plain_error"] and ahead["origins_n"] >= 6
    before = rows["C", "2019Q4"]
    assert before["official_n"] and before["value_n"] and before["low_n"] is None
    assert rows["C", "2013Q1"]["value_n"] is None
    assert ("all", "2020Q1") in rows and ("C", "2020Q3") not in rows


def test_a_feed_that_comes_and_one_without_weights_do_not_count() -> None:
    days, totals = tables()
    rows = found(days, totals)
    assert rows["A", "2019Q1"]["ads_n"] < 50_000
    assert not found(days, totals, WeightSettings(refused={"steady": "search_terms"}))


def test_a_quarter_that_is_not_over_is_no_fall_of_the_market() -> None:
    days, totals = tables()
    cut = days.filter(pc.less(days["day"], pa.scalar(date(2020, 5, 5))))
    rows = found(cut, totals)
    assert ("C", "2020Q1") in rows and ("C", "2020Q2") not in rows
    assert rows["C", "2020Q1"]["value_n"] == pytest.approx(found(days, totals)["C", "2020Q1"]["value_n"], rel=0.05)
    late = days.filter(pc.greater(days["day"], pa.scalar(date(2013, 2, 20))))
    assert ("C", "2013Q1") not in found(late, totals) and ("C", "2013Q2") in found(late, totals)


@pytest.mark.parametrize(("note", "change"), [("few", 20), ("official", 5)])
def test_a_sector_that_cannot_be_told_says_why(note: str, change: int) -> None:
    days, totals = tables()
    if note == "few":
        days = pa.Table.from_pylist(
            [r | {"first_n": 3} if r["sector"] == "B" and r["first_n"] else r for r in days.to_pylist()], days.schema
        )
    else:
        totals = pa.Table.from_pylist(
            [r for r in totals.to_pylist() if r["sector"] != "B" or r["quarter"] > "2019"], totals.schema
        )
    rows = found(days, totals)
    assert rows["B", "2020Q1"]["note"] == note and rows["B", "2020Q1"]["value_n"] is None
    assert rows["C", "2020Q1"]["value_n"] is not None


def test_vacancies_are_live_from_their_first_posting_until_live_days_after_their_last() -> None:
    rng = np.random.default_rng(0)
    first = np.datetime64("2015-01-01") + rng.integers(0, 2000, 500)
    last = first + rng.integers(0, 90, 500)
    rows = []
    for column, days in (("first_n", first), ("last_n", last)):
        for day, n in zip(*np.unique(days, return_counts=True), strict=True):
            rows.append({"source_id": "a", "sector": "C", "day": day.item(), "first_n": 0, "last_n": 0, column: int(n)})
    totals = [{"quarter": q, "sector": "C", "open_n": 900.0, **_days(q)} for q in quarters(2008, PAST)]
    table = nowcast_table(
        pa.Table.from_pylist(rows, schema=table_spec("core_days").schema),
        pa.Table.from_pylist(totals, schema=table_spec("core_totals").schema),
        WINDOW,
        WeightSettings(),
    )
    for row in (r for r in table.to_pylist() if r["kind"] == "open" and r["sector"] == "C"):
        end = np.datetime64(quarter_days(row["quarter"])[1])
        assert row["ads_n"] == ((first <= end) & (last >= end - 30)).sum()
