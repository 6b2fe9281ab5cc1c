"""Composition or real: the parts add up, agree with figures worked by hand, and hold what was planted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from overstap.analysis.coding import Column
from overstap.analysis.composition import Mix, fixed_composition, joint, shift_share
from overstap.analysis.grouped import mixes, pooled
from overstap.analysis.jackknife import employer_groups
from tests.coded import by_hand

Row = tuple[str, str, str, str, int, int]  # period, employer, occupation, sector, n, x


def mix_of(rows: list[Row]) -> Mix:
    period, employer, occupation, sector, n, x = (np.array(column) for column in zip(*rows, strict=True))
    time, company, job, field = (
        np.unique(column, return_inverse=True)[1] for column in (period, employer, occupation, sector)
    )
    cell, (group, groups) = joint([job, field]), employer_groups(company)
    first = np.unique(cell, return_index=True)[1]
    counts = np.zeros((2, groups, time.max() + 1, len(first)))
    for i, values in enumerate((n, x)):
        np.add.at(counts[i], (group, time, cell), values)
    return Mix({"occupation": job[first], "sector": field[first]}, counts[0], {"x": counts[1]})


def values(rows: list[Row]) -> dict[str, float]:
    return {part.name: part.value for part in shift_share(mix_of(rows), 0, 1)["x"]}


def test_parts_agree_with_a_change_worked_by_hand() -> None:
    # Nurses 60 → 40 of 100 and programmers 40 → 60; shares .1 → .2 and .5 → .7.
    rows: list[Row] = [
        ("2012", "a", "nurse", "q", 60, 6),
        ("2012", "b", "programmer", "q", 40, 20),
        ("2017", "a", "nurse", "q", 40, 8),
        ("2017", "b", "programmer", "q", 60, 42),
    ]
    found = values(rows)
    assert found["change"] == pytest.approx(0.50 - 0.26)
    assert found["within"] == pytest.approx(0.5 * 0.1 + 0.5 * 0.2)
    assert found["occupation"] == pytest.approx(-0.2 * 0.15 + 0.2 * 0.6)
    assert found["sector"] == pytest.approx(0.0)
    assert found["entry"] == found["exit"] == pytest.approx(0.0)


def test_what_two_dimensions_do_together_is_shared_evenly() -> None:
    # Occupation and sector say the same here: neither adds to the other, so each has half.
    rows: list[Row] = [
        ("2012", "a", "nurse", "care", 80, 8),
        ("2012", "b", "programmer", "ict", 20, 10),
        ("2017", "a", "nurse", "care", 50, 5),
        ("2017", "b", "programmer", "ict", 50, 25),
    ]
    found = values(rows)
    assert found["occupation"] == pytest.approx(found["sector"])
    assert found["occupation"] + found["sector"] == pytest.approx(found["change"])
    assert found["within"] == pytest.approx(0.0)


def test_a_board_that_comes_and_one_that_goes_are_entry_and_exit() -> None:
    rows: list[Row] = [
        ("2012", "a", "nurse", "old", 50, 40),
        ("2012", "b", "nurse", "kept", 50, 10),
        ("2017", "b", "nurse", "kept", 50, 10),
        ("2017", "c", "nurse", "new", 50, 30),
    ]
    found = values(rows)
    assert found["exit"] == pytest.approx(0.2 - 0.5)
    assert found["entry"] == pytest.approx(0.4 - 0.2)
    assert found["within"] == found["occupation"] == found["sector"] == pytest.approx(0.0)


def test_a_new_board_of_another_mix_is_entry_alone() -> None:
    # In the old cells nothing changes, neither what they ask nor their weights; the new board posts other occupations.
    old: list[Row] = [(year, e, o, "old", n, x) for year in ("2012", "2017") for e, o, n, x in OLD]
    found = values([*old, ("2017", "c", "programmer", "new", 80, 60), ("2017", "d", "nurse", "new", 20, 1)])
    assert found["within"] == found["occupation"] == found["sector"] == found["exit"] == pytest.approx(0.0)
    assert found["entry"] == pytest.approx(found["change"])


OLD = (("a", "nurse", 70, 7), ("b", "programmer", 30, 15))
row = st.tuples(
    st.sampled_from(["2012", "2017"]),
    st.sampled_from("abcde"),
    st.sampled_from(["nurse", "programmer", "clerk"]),
    st.sampled_from(["care", "ict"]),
    st.integers(1, 50),
    st.floats(0, 1),
).map(lambda r: (*r[:5], round(r[4] * r[5])))


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(row, min_size=4, max_size=40), seed=st.integers(0, 99))
def test_parts_add_up_and_the_order_of_rows_is_irrelevant(rows: list[Row], seed: int) -> None:
    rows = [("2012", "a", "nurse", "care", 9, 3), ("2017", "a", "nurse", "care", 9, 4), *rows]
    found = shift_share(mix_of(rows), 0, 1)["x"]
    by_name = {part.name: part.value for part in found}
    parts = [by_name[name] for name in by_name if name != "change"]
    if np.isfinite(parts).all():  # unknown together, where too few vacancies are of cells in both years
        assert sum(parts) == pytest.approx(by_name["change"], abs=1e-9)
    else:
        assert np.isnan(parts).all()
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    for one, other in zip(found, shift_share(mix_of(shuffled), 0, 1)["x"], strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), nan_ok=True)


def market(seed: int, within: float, mix: float) -> Mix:
    """Two years of 300 employers in three occupations; `within` shifts what all ask (logit), `mix` who posts."""
    rng = np.random.default_rng(seed)
    employers = 300
    taste = rng.normal(0, 0.7, employers)
    rows: list[Row] = []
    for period, step in (("2012", 0.0), ("2017", 1.0)):
        for occupation, base in enumerate((-2.0, -0.5, 1.0)):
            n = rng.poisson(4 * np.exp(mix * step * (occupation - 1)), employers)
            p = 1 / (1 + np.exp(-(base + taste + within * step)))
            x = rng.binomial(n, p)
            rows += [(period, str(e), str(occupation), "q", int(n[e]), int(x[e])) for e in range(employers) if n[e] > 0]
    return mix_of(rows)


@pytest.mark.parametrize(("within", "mix", "empty"), [(0.5, 0.0, "occupation"), (0.0, 0.5, "within")])
def test_a_part_that_was_not_planted_is_covered_by_nought(within: float, mix: float, empty: str) -> None:
    """95 % intervals over 60 markets, judged at what chance takes in one of a thousand trials."""
    held = []
    for seed in range(60):
        parts = {part.name: part for part in shift_share(market(seed, within, mix), 0, 1)["x"]}
        held.append(parts[empty].low <= 0 <= parts[empty].high)
        planted = parts["within" if empty == "occupation" else "occupation"]
        assert planted.low > 0
    assert sum(held) >= stats.binom.ppf(0.001, len(held), 0.95)


def test_the_chain_holds_the_mix_and_ends_where_the_parts_say() -> None:
    two = market(5, 0.5, 0.8)
    chain = fixed_composition(two)["x"]
    parts = {part.name: part.value for part in shift_share(two, 0, 1)["x"]}
    assert chain[1].value - chain[0].value == pytest.approx(parts["within"])
    still = fixed_composition(market(6, 0.0, 0.8))["x"]
    assert still[1].low <= still[0].value <= still[1].high


def test_one_employer_gives_no_interval() -> None:
    rows: list[Row] = [("2012", "a", "nurse", "q", 10, 5), ("2017", "a", "nurse", "q", 10, 6)]
    part = shift_share(mix_of(rows), 0, 1)["x"][0]
    assert part.value == pytest.approx(0.1)
    assert np.isnan(part.low)
    assert np.isnan(part.high)


def test_cells_that_chance_makes_are_pooled_in_the_finest_dimension_first() -> None:
    job, sector = np.array([0] * 12 + [1] * 3 + [2] * 8), np.array([0] * 12 + [0] * 3 + [1] * 8)
    columns = {"job": Column(job.astype(np.int32), list("abc")), "sector": Column(sector.astype(np.int32), list("qj"))}
    found = pooled(columns, np.ones(23, bool), 5)
    assert set(found["job"][12:15]) == {3}  # pooled with nothing else: still too few, so their sector goes too
    assert set(found["sector"][12:15]) == {2}
    assert found["job"][0] == 0
    assert (found["job"][15], found["sector"][15]) == (2, 1)
    unseen = pooled(columns, np.arange(23) < 15, 5)
    assert set(unseen["job"][15:]) == {3}  # of periods that are not compared


def test_chance_makes_no_entry_or_exit() -> None:
    """An unchanged market of many thin cells: what enters and ends is left to cells that are large enough to tell."""
    rng = np.random.default_rng(3)
    rows = [
        {"employer": k % 300, "weight": 1.0, "year": str(rng.choice(["2012", "2017"])), "skill": ["x"] * (k % 3 == 0)}
        | {"isco2": f"{rng.integers(40)}", "sector": f"{rng.integers(15)}", "employer_type": "direct", "source": "a"}
        for k in range(3_000)
    ]
    dimensions = ("isco2", "sector", "employer_type", "source")

    def matched(least: int) -> tuple[int, int]:
        mix = next(mixes(by_hand(rows), dimensions, "year", ("2012", "2017"), [("skill", "x")], least))
        parts = {part.name: part for part in shift_share(mix, 0, 1)["skill:x"]}
        return parts["entry"].n + parts["exit"].n, parts["change"].n

    assert matched(1)[0] > 100
    assert matched(10)[0] <= 10
    assert matched(10)[1] == 3_000
