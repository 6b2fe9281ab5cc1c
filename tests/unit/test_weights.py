"""Weights meet the totals, by hand where the sums can be done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from overstap.analysis.strata import Quarter, join_strata, kish, trim_weights, weigh
from overstap.analysis.weight_sums import measure_weights
from overstap.analysis.weights import WeightSettings, weigh_cells
from overstap.reference.totals import quarter_days
from overstap.schema import table_spec


def quarter(rows: Sequence[tuple[str, str, float]], totals: dict[str, float]) -> Quarter:
    return Quarter([r[0] for r in rows], [r[1] for r in rows], np.array([r[2] for r in rows]), totals)


def counts(rows: Sequence[tuple[str, str, str, str, int]]) -> pa.Table:
    """Rows (quarter, source, sector, isco2, n) of new vacancies as `core_strata_counts`, without the sums."""
    names = ("quarter", "source_id", "sector", "isco2", "vacancies_n")
    made = [{"kind": "new", **dict(zip(names, row, strict=True)), "employers_n": 1} for row in rows]
    return pa.Table.from_pylist(made, schema=table_spec("core_strata_counts").schema)


def official(rows: Sequence[tuple[str, str, float | None]]) -> pa.Table:
    made = []
    for q, sector, new in rows:
        first, last = quarter_days(q)
        days = {"first_date": first, "last_date": last, "live_since": first}
        made.append({"quarter": q, "sector": sector, "new_n": new, "open_n": None, **days})
    return pa.Table.from_pylist(made, schema=table_spec("core_totals").schema)


def weight_of(table: pa.Table, **wanted: str) -> Any:
    (row,) = [r for r in table.to_pylist() if all(r[k] == v for k, v in wanted.items())]
    return row["weight"], row["note"]


def test_post_stratification_by_hand() -> None:
    """Cochran's textbook case: 40 of 400 and 60 of 200 weigh 10 and 3⅓."""
    w = weigh(quarter([("C", "72", 40), ("J", "25", 60)], {"C": 400, "J": 200}), 1, 5)
    assert w.weight.tolist() == pytest.approx([10, 200 / 60])


def test_unknown_sectors_are_spread_as_the_feed_has_them() -> None:
    """Of occupation 25 the feed has 10 in C and 30 in J: an unknown one is of C with chance ¼. N = 40 + 2 and 60 + 6."""
    rows = [("C", "25", 10), ("J", "25", 30), ("C", "72", 30), ("J", "24", 30), ("unknown", "25", 8)]
    w = weigh(quarter(rows, {"C": 420, "J": 330}), 5, 5)
    assert w.chance[4].tolist() == pytest.approx([0.25, 0.75])
    assert w.weight.tolist() == pytest.approx([10, 5, 10, 5, 0.25 * 10 + 0.75 * 5])


def test_agencies_are_spread_as_the_market_is() -> None:
    """The feed has a tenth of C and half of J, and an agency a fifth of both: exact counts give back the exact market."""
    market = {("C", "25"): 200, ("C", "72"): 800, ("J", "25"): 600, ("J", "24"): 400}
    own = {"C": 0.1, "J": 0.5}
    rows = [(s, o, n * own[s]) for (s, o), n in market.items()]
    rows += [("agency", o, 0.2 * sum(n for (_, p), n in market.items() if p == o)) for o in ("25", "72", "24")]
    w = weigh(quarter(rows, {"C": 1000, "J": 1000}), 5, 50)
    assert w.chance[4].tolist() == pytest.approx([0.25, 0.75])
    assert w.weight[:4].tolist() == pytest.approx([1 / 0.3, 1 / 0.3, 1 / 0.7, 1 / 0.7])


def test_a_rare_occupation_falls_back_on_its_major_group_and_then_on_all() -> None:
    rows = [("C", "25", 2), ("C", "21", 30), ("J", "24", 10), ("J", "51", 60), ("unknown", "25", 1)]
    rows += [("unknown", "91", 1), ("unknown", "unknown", 1)]
    w = weigh(quarter(rows, {"C": 100, "J": 100}), 10, 50)
    assert w.chance[4].tolist() == pytest.approx([32 / 42, 10 / 42])
    assert w.chance[5].tolist() == w.chance[6].tolist() == pytest.approx([32 / 102, 70 / 102])


@pytest.mark.parametrize(
    ("codes", "n", "totals", "strata"),
    [
        ("ABCDEF", [50, 3, 90, 50, 50, 50], [9] * 6, [0, 1, 1, 2, 3, 4]),  # B joins C, of its group, not A
        ("EFG", [50, 3, 90], [9] * 3, [0, 0, 1]),  # F joins E, with which it shares B-F
        ("HIJ", [50, 3, 40], [9] * 3, [0, 0, 1]),  # I joins H, of trade, transport and catering
        ("GHI", [50, 3, 40], [9] * 3, [0, 1, 1]),  # of two as close the one with fewer
        ("CJ", [50, 50], [9, 0], [0, 0]),  # a total that was rounded to nought
        ("ABC", [1, 1, 1], [9] * 3, [0, 0, 0]),  # too few in all
    ],
)
def test_thin_strata_join_their_neighbour(codes: str, n: list[int], totals: list[int], strata: list[int]) -> None:
    joined = join_strata(list(codes), np.array(n, float), np.array(totals, float), 30)
    assert joined.tolist() == strata


def test_trimming_keeps_the_sum_and_the_cap() -> None:
    """Median 1, cap 5: the 20 becomes 5, and the 15 cut off goes to the 90 ones and 9 twos in proportion."""
    weight, n = np.array([1.0, 2.0, 20.0]), np.array([90.0, 9.0, 1.0])
    cut = trim_weights(weight, n, 5)
    assert cut.tolist() == pytest.approx([1 + 15 / 108, 2 + 30 / 108, 5])
    assert n @ cut == pytest.approx(n @ weight)
    even = np.array([3.0, 3.0])
    assert trim_weights(even, np.array([5.0, 5.0]), 1).tolist() == even.tolist()


def test_trimming_does_not_push_others_over_the_cap() -> None:
    weight, n = np.array([1.0, 4.9, 30.0]), np.array([80.0, 20.0, 5.0])
    cut = trim_weights(weight, n, 5)
    assert cut.max() <= 5 * (1 + 1e-9)
    assert n @ cut == pytest.approx(n @ weight)


def test_design_effect_of_kish_by_hand() -> None:
    """Half weigh 1 and half 3: CV² = 1/4."""
    assert kish(np.array([10.0, 10.0]), np.array([1.0, 3.0])) == pytest.approx(1.25)


def test_without_totals_every_weight_is_one_and_it_is_said() -> None:
    cells = counts([("2019Q1", "a", "C", "72", 4), ("2019Q2", "a", "agency", "25", 2)])
    table = weigh_cells(cells, official([]), WeightSettings())
    assert {(r["weight"], r["note"]) for r in table.to_pylist()} == {(1.0, "no_totals")}
    whole = measure_weights(cells, official([]), WeightSettings()).to_pylist()
    (row,) = [r for r in whole if (r["quarter"], r["sector"]) == ("all", "all")]
    assert (row["weights_sum"], row["design_effect"], row["note"]) == (6, 1.0, "no_totals")


def test_each_vacancy_without_a_weight_has_a_reason() -> None:
    rows = [
        ("2019Q1", "feed", "C", "72", 40),
        ("2019Q1", "feed", "T", "72", 3),
        ("2019Q1", "found", "C", "72", 40),
        ("2019Q1", "left", "C", "72", 40),
        ("2019Q2", "feed", "C", "72", 40),
        ("2019Q3", "feed", "C", "72", 4),
    ]
    totals = official([("2019Q1", "C", 400.0), ("2019Q3", "C", 400.0)])
    settings = WeightSettings(30, 5, {"found": "search_terms", "left": "not_counted"})
    table = weigh_cells(counts(rows), totals, settings)
    assert weight_of(table, quarter="2019Q1", source_id="feed", sector="C") == (10.0, None)
    assert weight_of(table, quarter="2019Q1", source_id="feed", sector="T") == (None, "no_total")
    assert weight_of(table, source_id="found") == (None, "search_terms")
    assert weight_of(table, source_id="left") == (None, "not_counted")
    assert weight_of(table, quarter="2019Q2") == (None, "no_totals")
    assert weight_of(table, quarter="2019Q3") == (None, "thin")
    every = dict.fromkeys(("feed", "found", "left"), "search_terms")
    refused = weigh_cells(counts(rows), totals, WeightSettings(30, 5, every))
    assert {(r["weight"], r["note"]) for r in refused.to_pylist()} == {(1.0, "search_terms")}


def test_sums_by_sector_and_quarter() -> None:
    rows = [
        ("2019Q1", "a", "B", "72", 3),
        ("2019Q1", "a", "C", "72", 60),
        ("2019Q1", "a", "J", "25", 100),
        ("2019Q1", "a", "agency", "25", 20),
    ]
    totals = official([("2019Q1", "B", 100.0), ("2019Q1", "C", 530.0), ("2019Q1", "J", 600.0)])
    found = {
        r["sector"]: r
        for r in measure_weights(counts(rows), totals, WeightSettings()).to_pylist()
        if r["quarter"] == "2019Q1"
    }
    assert (found["B"]["stratum"], found["B"]["note"], found["J"]["stratum"]) == ("B-C", "joined", "J")
    assert found["B"]["weights_sum"] + found["C"]["weights_sum"] == pytest.approx(630)
    assert found["J"]["weights_sum"] == pytest.approx(600)
    assert (found["J"]["spread_n"], found["J"]["weight_mean"]) == pytest.approx((20, 5))
    assert found["J"]["coverage_pct"] == pytest.approx(20)
    assert found["all"]["weights_sum"] == pytest.approx(1230)
    weights, n = np.array([10.0, 5.0]), np.array([63.0, 120.0])
    assert found["all"]["design_effect"] == pytest.approx(kish(n, weights))
    assert found["all"]["effective_n"] == pytest.approx(183 / kish(n, weights))
