"""Change: the study's Table 1, ratios with their intervals, false discoveries."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from overstap.analysis.change import ChangeSettings, growth_factor, measure_change
from overstap.errors import InputError
from overstap.reference.tables import load
from overstap.schema import table_spec

SETTINGS = ChangeSettings(confidence=0.95, min_display=20, fdr=0.05, reference="cell")


def demand_sums(rows: list[tuple[str, str, int, int, int]]) -> pa.Table:
    """Rows (item, period, x, n, employers) as sums of employers of equal size that ask alike at random."""
    made = []
    for item, period, x, n, g in rows:
        size = n / g
        p = x / n
        made.append(
            {
                "period_kind": "year",
                "period": period,
                **dict.fromkeys(("topsector", "function_group", "language", "source_id"), "all"),
                "item_kind": "skill",
                "item_id": item,
                "asked_n": x,
                "vacancies_n": n,
                "employers_n": g,
                # Independent ads: the sum of squares is that of a binomial count per employer.
                "sum_xx": g * (size * p * (1 - p) + (size * p) ** 2),
                "sum_xn": x * size,
                "sum_nn": n * size,
            }
        )
    return pa.Table.from_pylist(made, schema=table_spec("core_demand_sums").schema)


def drawn_sums(draws: dict[str, tuple[np.ndarray, np.ndarray]]) -> pa.Table:
    """Per period the vacancies with the item (items × employers) and the vacancies (employers), as sums."""
    parts = []
    for period, (x, n) in draws.items():
        items = len(x)
        known = {
            "period_kind": ["year"] * items,
            "period": [period] * items,
            **{name: ["all"] * items for name in ("topsector", "function_group", "language", "source_id")},
            "item_kind": ["skill"] * items,
            "item_id": [f"s{i}" for i in range(items)],
            "asked_n": x.sum(1),
            "vacancies_n": np.full(items, n.sum()),
            "employers_n": np.full(items, len(n)),
            "sum_xx": (x**2).sum(1),
            "sum_xn": x @ n,
            "sum_nn": np.full(items, (n**2).sum()),
        }
        schema = table_spec("core_demand_sums").schema
        parts.append(
            pa.table({name: pa.array(known[name], schema.field(name).type) for name in schema.names if name in known})
        )
    return pa.concat_tables(parts)


def alike(draw: np.random.Generator, items: int, n: np.ndarray, chance: float, alikeness: float) -> np.ndarray:
    """Counts per item and employer, the chances of employers beta-distributed with this intra-class correlation."""
    sized = (1 - alikeness) / alikeness
    return draw.binomial(n, draw.beta(sized * chance, sized * (1 - chance), (items, len(n))))


def one(table: pa.Table, item: str) -> dict[str, object]:
    return next(row for row in table.to_pylist() if row["item_id"] == item)


@pytest.mark.parametrize("reference", [1.9085, 1.91, 1.912])
def test_growth_factor_gives_all_nine_rows_of_table_1(reference: float) -> None:
    rows = load("study_table1").to_pylist()
    assert len(rows) == 9
    for row in rows:
        factor = growth_factor(np.array([row["n2012"]]), np.array([row["n2017"]]), np.array([reference]))[0]
        assert math.floor(factor + 0.5) == row["factor"], row["title"]


def test_rising_falling_and_unclear_are_told_apart() -> None:
    rows = [("up", "2012", 100, 1000, 100), ("up", "2017", 200, 1000, 100), ("down", "2012", 200, 1000, 100)]
    rows += [("down", "2017", 100, 1000, 100), ("same", "2012", 100, 1000, 100), ("same", "2017", 104, 1000, 100)]
    changes = measure_change(demand_sums(rows), SETTINGS)
    assert {item: one(changes, item)["direction"] for item in ("up", "down", "same")} == {
        "up": "rising",
        "down": "falling",
        "same": "unclear",
    }
    up = one(changes, "up")
    assert up["ratio"] == pytest.approx(2)
    assert up["ratio_low"] < 2 < up["ratio_high"]
    assert up["growth_factor"] == pytest.approx(1)


def test_a_doubled_market_alone_is_no_growth() -> None:
    changes = measure_change(demand_sums([("a", "2012", 100, 1000, 100), ("a", "2017", 200, 2000, 200)]), SETTINGS)
    row = one(changes, "a")
    assert row["growth_factor"] == pytest.approx(0)
    assert row["reference_growth"] == pytest.approx(2)
    assert row["direction"] == "unclear"


def test_base_of_zero_has_a_lower_bound_only() -> None:
    changes = measure_change(demand_sums([("a", "2012", 0, 1000, 100), ("a", "2017", 40, 1000, 100)]), SETTINGS)
    row = one(changes, "a")
    assert row["ratio"] is None
    assert row["ratio_high"] is None
    assert row["growth_high"] is None
    assert row["ratio_low"] > 1
    assert 20 < row["growth_low"] < row["growth_factor"] == pytest.approx(40)
    assert row["direction"] == "rising"


def test_few_counts_are_not_listed_and_not_tested() -> None:
    changes = measure_change(demand_sums([("a", "2012", 1, 1000, 100), ("a", "2017", 9, 1000, 100)]), SETTINGS)
    row = one(changes, "a")
    assert row["is_displayed"] is False
    assert row["q_value"] is None


def test_false_discoveries_stay_below_the_rate_where_nothing_changes() -> None:
    draw = np.random.default_rng(5)
    rows = []
    for i in range(2000):
        for period in ("2012", "2017"):
            rows.append((f"s{i}", period, int(draw.binomial(2000, 0.1)), 2000, 400))
    changes = measure_change(demand_sums(rows), SETTINGS).to_pylist()
    # With no true change every finding is false: the chance of even one is the rate itself.
    assert sum(row["direction"] != "unclear" for row in changes) <= 2


def test_period_without_vacancies_is_an_error_that_names_the_known_ones() -> None:
    sums = demand_sums([("a", "2012", 10, 100, 10), ("a", "2013", 10, 100, 10)])
    settings = ChangeSettings(0.95, 20, 0.05, "cell", "2010", None)
    with pytest.raises(InputError, match=r"compare_first is 2010.*\n.*2012, 2013"):
        measure_change(sums, settings)


@pytest.mark.parametrize(("employers", "size"), [(2, 300), (3, 300), (3, 60), (10, 100)])
def test_few_employers_do_not_make_change_out_of_nothing(employers: int, size: int) -> None:
    """1,000 items that do not change: of the p-values at most 5 % (and chance) below 0.05, whatever the employers."""
    draw, n = np.random.default_rng(8), np.full(employers, size)
    draws = {year: (alike(draw, 1000, n, 0.2, 0.02), n) for year in ("2012", "2017")}
    changes = measure_change(drawn_sums(draws), SETTINGS)
    p = np.array(changes["p_value"])
    low, high = (np.array(changes[name].to_pylist(), dtype=float) for name in ("ratio_low", "ratio_high"))
    assert np.sum(p < 0.05) <= stats.binom.ppf(0.999, len(p), 0.05)
    assert np.array_equal(p < 0.05, (low > 1) | (high < 1))


@pytest.mark.parametrize(("first", "last"), [(0.8, 80), (80, 0.8), (5, 60), (12, 60)])
def test_bounds_hold_the_ratio_where_one_year_has_few(first: float, last: float) -> None:
    """Independent ads, `first` and `last` expected: each bound misses the true ratio at most one time in forty."""
    draw, n = np.random.default_rng(9), np.full(200, 10)
    draws = {y: (draw.binomial(n, e / 2000, (3000, 200)), n) for y, e in (("2012", first), ("2017", last))}
    changes = measure_change(drawn_sums(draws), SETTINGS)
    low, high = (np.array(changes[name].to_pylist(), dtype=float) for name in ("ratio_low", "ratio_high"))
    most = stats.binom.ppf(0.999, 3000, 0.025 if min(first, last) < 1 else 0.035)
    assert np.sum(low > last / first) <= most
    assert np.sum(high < last / first) <= most


@pytest.mark.parametrize(("first_g", "last_g"), [(1, 100), (100, 1), (1, 1)])
@pytest.mark.parametrize("first_n", [0, 100])
def test_a_single_employer_tells_of_no_change(first_n: int, first_g: int, last_g: int) -> None:
    rows = [("a", "2012", first_n, 1000, first_g), ("a", "2017", 400, 1000, last_g)]
    row = one(measure_change(demand_sums(rows), SETTINGS), "a")
    unknown = ("ratio_low", "ratio_high", "growth_low", "growth_high", "p_value", "q_value")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)
    assert row["direction"] == "unclear"
    assert row["is_displayed"] is True
    assert row["growth_factor"] is not None


def test_thirty_ads_of_one_employer_are_no_growth_from_nothing() -> None:
    n, x = np.full(100, 30), np.zeros((2, 100), dtype=int)
    x[0, 0] = 30  # all of one employer
    x[1, :30] = 1  # of thirty employers
    changes = measure_change(drawn_sums({"2012": (0 * x, n), "2017": (x, n)}), SETTINGS)
    copies, spread = one(changes, "s0"), one(changes, "s1")
    assert copies["growth_factor"] == spread["growth_factor"] == 30
    assert copies["growth_low"] < 1.5
    assert copies["direction"] == "unclear"
    assert spread["growth_low"] == pytest.approx(stats.gamma.ppf(0.025, 30), rel=0.05)  # Garwood's 20.2, less for t
    assert spread["direction"] == "rising"


@pytest.mark.parametrize(("first_n", "last_n", "first", "last"), [(13, 25, 0.9, 0.97), (30, 30, 0.95, 0.95)])
def test_bounds_hold_the_ratio_where_nearly_all_ask(first_n: int, last_n: int, first: float, last: float) -> None:
    """Independent ads in small cells; a year in which all ask is not taken as certain."""
    draw = np.random.default_rng(10)
    draws = {
        year: (draw.binomial(1, chance, (2000, n)), np.ones(n, dtype=int))
        for year, n, chance in (("2012", first_n, first), ("2017", last_n, last))
    }
    changes = measure_change(drawn_sums(draws), SETTINGS)
    low, high = (np.array(changes[name].to_pylist(), dtype=float) for name in ("ratio_low", "ratio_high"))
    assert np.mean((low > last / first) | (high < last / first)) <= 0.07
    assert np.all(low < high)


def numbers(table: pa.Table, *names: str) -> list[np.ndarray]:
    return [np.array(table[name].to_pylist(), dtype=float) for name in names]


@pytest.mark.parametrize(("first", "last", "size"), [(0.1, 0.14, 10), (0.02, 0.05, 10), (0.3, 0.3, 3)])
def test_bounds_of_the_difference_cover_it(first: float, last: float, size: int) -> None:
    """2,000 items over 200 employers that ask alike: the interval holds the true difference as often as it says."""
    draw, n = np.random.default_rng(11), np.full(200, size)
    draws = {y: (alike(draw, 2000, n, p, 0.05), n) for y, p in (("2012", first), ("2017", last))}
    low, high = numbers(measure_change(drawn_sums(draws), SETTINGS), "difference_low", "difference_high")
    by = 100 * (last - first)
    assert 0.935 <= np.mean((low <= by) & (by <= high)) <= 0.975


def market_of_risers(seed: int) -> tuple[pa.Table, np.ndarray]:
    """400 items, half of which truly change (log ratios of standard deviation 0.5), with counts from few to many."""
    draw, n = np.random.default_rng(seed), np.full(400, 10)
    true = np.where(draw.random(400) < 0.5, draw.normal(0, 0.5, 400), 0.0)
    base = 10 ** draw.uniform(-2.5, -1.0, 400)
    draws = {
        year: (draw.binomial(n, p[:, None], (400, 400)), n)
        for year, p in (("2012", base), ("2017", base * np.exp(true)))
    }
    changes = measure_change(drawn_sums(draws), SETTINGS)
    order = [int(item[1:]) for item in changes["item_id"].to_pylist()]
    return changes, np.exp(true)[order]


def test_listed_intervals_miss_no_more_of_those_listed_than_they_say() -> None:
    """Over 20 markets: plain intervals of the items listed miss too often, listed ones at most in 5 % (and chance)."""
    plain, listed, n = 0, 0, 0
    for seed in range(20):
        changes, true = market_of_risers(seed)
        low, high, list_low, list_high = numbers(changes, "ratio_low", "ratio_high", "listed_low", "listed_high")
        chosen = np.array(changes["direction"].to_pylist()) != "unclear"
        assert np.array_equal(chosen, np.isfinite(list_low)), "only listed items carry such an interval"
        assert np.all(list_low[chosen] <= low[chosen]) and np.all(list_high[chosen] >= high[chosen])
        assert np.all((list_low[chosen] > 1) | (list_high[chosen] < 1)), "what is listed stays on its side"
        n += chosen.sum()
        plain += np.sum((low > true)[chosen] | (high < true)[chosen])
        listed += np.sum((list_low > true)[chosen] | (list_high < true)[chosen])
    assert n > 500
    assert listed <= stats.binom.ppf(0.999, n, 0.05)
    assert plain > listed


def test_the_largest_risers_shrink_to_what_is_true_of_them() -> None:
    """Of the ten largest ratios of each market: measured a quarter too high, shrunken less far off (too low, as half of
    the items did not move and the family is taken as normal), and nine in ten within their bounds."""
    raw, shrunk, held = [], [], []
    for seed in range(20):
        changes, true = market_of_risers(seed)
        ratio, value, low, high = numbers(changes, "ratio", "shrunk_ratio", "shrunk_ratio_low", "shrunk_ratio_high")
        known = np.flatnonzero(np.array(changes["is_displayed"].to_pylist()))
        top = known[np.argsort(-ratio[known])[:10]]
        raw += list(np.log(ratio[top] / true[top]))
        shrunk += list(np.log(value[top] / true[top]))
        held += list((low[top] <= true[top]) & (true[top] <= high[top]))
    assert np.mean(raw) > 0.1
    assert abs(np.mean(shrunk)) < np.mean(raw) / 2
    assert np.mean(held) >= 0.85


def test_what_came_from_none_has_a_shrunken_ratio_and_adjusted_values_are_ordered() -> None:
    rows = [(f"s{i}", year, n, 10_000, 500) for i in range(12) for year, n in (("2012", 100), ("2017", 90 + 2 * i))]
    rows += [("new", "2012", 0, 10_000, 500), ("new", "2017", 40, 10_000, 500)]
    changes = measure_change(demand_sums(rows), SETTINGS)
    new = one(changes, "new")
    assert new["ratio"] is None and new["shrunk_ratio"] > 1
    assert new["shrunk_ratio_low"] < new["shrunk_ratio"] < new["shrunk_ratio_high"]
    q, dependent = numbers(changes, "q_value", "q_dependent")
    assert np.all(dependent >= q) and np.any(dependent > q)
