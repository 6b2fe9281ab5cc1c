"""What retraining costs, who pays, for whom it pays, and who must retrain: worked by hand, and bounds that must hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.moves.bill import SUBSIDIES, Costs, assumptions, bill, check_shares, costs_of, returns_by_subsidy
from overstap.moves.gaps import Gap, effort
from overstap.moves.packages import ALL, PersonsMove
from overstap.moves.population import older, population
from overstap.reference.tables import load

SHARES = {"employer": 0.6, "fund": 0.3, "worker": 0.1}


def move(persons: float, missing: float, start: str = "a", goal: str = "b") -> PersonsMove:
    return PersonsMove(start, goal, persons, ALL, ALL, (Gap("S1", missing, ()),), 2)


def test_costs_and_returns_of_one_person_by_hand() -> None:
    found = costs_of([move(10, 0.5)], {"a": 20.0, "b": 22.0})
    need = effort([Gap("S1", 0.5, ())], 2)
    month = 20 * 1300 / 12
    assert found.price[0] == pytest.approx(need.eur)
    assert found.time[0, 1] == pytest.approx(need.months[1] * 0.2 * month)
    assert found.returns["employer"][0, 1] == pytest.approx(month * 8 / 3 + 12 * month * 0.15)
    gain = 2 * 1300 * 5
    assert found.returns["government"][0, 1] == pytest.approx(0.4 * gain + 4 * month * (0.7 + 0.4))
    assert found.returns["worker"][0, 1] == pytest.approx(0.6 * gain + 4 * month * 0.3)
    assert all((np.diff(values, axis=1) >= 0).all() for values in (found.price, found.time, *found.returns.values()))


def test_unknown_pay_counts_in_the_price_alone() -> None:
    found = costs_of([move(10, 0.5), move(30, 0.5, "c")], {"a": 20.0, "b": 22.0, "c": None})
    assert found.known.tolist() == [True, False]
    assert found.time[1].tolist() == [0.0, 0.0, 0.0] and found.price[1, 1] > 0
    assert {row["persons"] for row in returns_by_subsidy(found).to_pylist()} == {10.0}
    nobody = costs_of([move(30, 0.5, "c")], {"b": 22.0})
    assert returns_by_subsidy(nobody).num_rows == 0


def test_payers_share_the_whole_bill_and_a_subsidy_moves_it_to_the_government() -> None:
    found = costs_of([move(10, 0.5)], {"a": 20.0, "b": 22.0})
    plain, helped = ({row["payer"]: row for row in bill(found, SHARES, part).to_pylist()} for part in (0.0, 0.5))
    assert plain["all"]["price"] == helped["all"]["price"] == pytest.approx(10 * found.price[0, 1])
    for name in ("price_low", "price", "time_high"):
        assert sum(row[name] for payer, row in helped.items() if payer != "all") == pytest.approx(helped["all"][name])
    assert helped["government"]["time"] == pytest.approx(0.5 * helped["all"]["time"])
    assert helped["employer"]["price"] == pytest.approx(0.5 * plain["employer"]["price"])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_a_subsidy_never_makes_it_pay_for_fewer_and_worse_cases_never_for_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    moves = [move(float(rng.integers(1, 9)), float(rng.random()), f"a{i}", f"b{i}") for i in range(6)]
    pay = {code: float(rng.uniform(12, 40)) for one in moves for code in (one.from_code, one.to_code)}
    rows = {(row["payer"], row["subsidy"]): row for row in returns_by_subsidy(costs_of(moves, pay)).to_pylist()}
    for row in rows.values():
        assert row["pays_pct_low"] <= row["pays_pct"] <= row["pays_pct_high"]
    for payer in ("employer", "together", "worker"):
        shares = [rows[payer, part]["pays_pct"] for part in SUBSIDIES[:-1]]
        assert shares == sorted(shares)
    assert all(rows["together", part]["pays_pct"] >= rows["employer", part]["pays_pct"] for part in SUBSIDIES[:-1])
    assert ("government", 0.0) not in rows and ("employer", 1.0) not in rows


def test_a_loss_of_pay_takes_from_worker_and_government() -> None:
    lost: Costs = costs_of([move(10, 0.5)], {"a": 20.0, "b": 10.0})
    assert lost.returns["worker"][0, 0] < 0 and (np.diff(lost.returns["worker"], axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("shares", "subsidy", "said"),
    [({"employr": 1.0}, 0.0, "employer"), ({"fund": 0.5}, 0.0, "add to"), ({"fund": 1.0}, 2.0, "subsidy")],
)
def test_wrong_shares_are_refused(shares: dict[str, float], subsidy: float, said: str) -> None:
    with pytest.raises(InputError) as error:
        check_shares(shares, subsidy)
    assert said in str(error.value)


def test_a_table_of_returns_that_is_not_whole_or_in_order_is_refused() -> None:
    rows = load("training_returns").to_pylist()
    with pytest.raises(InputError, match="work_share"):
        assumptions(pa.Table.from_pylist(rows[1:]))
    with pytest.raises(InputError, match="tax"):
        assumptions(pa.Table.from_pylist([row | ({"low": 0.6} if row["item"] == "tax" else {}) for row in rows]))
    assert {row["basis"] for row in rows} == {"law", "assumption"}


def test_population_by_what_the_table_gives() -> None:
    table = pa.table({"age": ["35-44", "15-34", "35-44"], "contract": ["flex"] * 3, "persons": [10, 20, 30]})
    found = population(table)
    assert found.to_pylist() == [
        {"age": "15-34", "education": None, "contract": "flex", "persons": 20, "share": pytest.approx(1 / 3)},
        {"age": "35-44", "education": None, "contract": "flex", "persons": 40, "share": pytest.approx(2 / 3)},
    ]
    assert older(found) == 40


@pytest.mark.parametrize(("age", "persons"), [("35+", 5.0), ("75 and over", 5.0), ("25-34", 0.0), ("25-44", None)])
@pytest.mark.parametrize("other", ["50-64"])
def test_who_is_35_or_over_is_told_only_where_ages_tell_it(age: str, persons: float | None, other: str) -> None:
    found = older(population(pa.table({"age": [age, other], "persons": [5, 2]})))
    assert found == (None if persons is None else persons + 2)
    assert older(population(pa.table({"age": ["<35", "old"], "persons": [1, 2]}))) is None


@pytest.mark.parametrize(
    "table",
    [
        {"persons": [1]},
        {"age": ["x"]},
        {"agee": ["x"], "persons": [1]},
        {"age": ["x"], "persons": [-1]},
        {"age": ["x"], "persons": [None]},
    ],
)
def test_a_population_that_cannot_be_read_is_refused(table: dict[str, list[object]]) -> None:
    with pytest.raises(InputError):
        population(pa.table(table))
