"""Changes of quarters and months against a year before, and comparisons that a study names by quarter."""

from __future__ import annotations

import numpy as np
import pytest

from overstap.analysis.change import ChangeSettings, compared_periods, measure_change
from overstap.analysis.cross import cross
from overstap.analysis.demand_sums import demand_sums
from overstap.analysis.periods import months_of
from overstap.analysis.year_on_year import year_on_year
from overstap.errors import InputError
from overstap.study import Period
from tests.coded import by_hand

CELL = {"topsector": ["a"], "function_group": "ict", "language": "nl", "source": "s"}


def coded(shares: dict[str, float]) -> object:
    """400 vacancies of 100 employers in each quarter, the given share of which ask Python."""
    rng = np.random.default_rng(2)
    return by_hand(
        [
            {
                "employer": i % 100,
                "weight": 1.0,
                **CELL,
                "year": quarter[:4],
                "quarter": quarter,
                "month": months_of(quarter)[0],
                "skill": ["python"] if rng.random() < share else ["sap"],
                "category": ["c"],
                "category_group": ["digital"],
                "technology": [],
                "title": "t",
            }
            for quarter, share in shares.items()
            for i in range(400)
        ]
    )


SHARES = {"2012Q1": 0.1, "2012Q2": 0.5, "2013Q1": 0.2, "2013Q2": 0.5, "2014Q1": 0.4}


@pytest.mark.parametrize(("kind", "last", "first"), [("quarter", "2013Q1", "2012Q1"), ("month", "2013-01", "2012-01")])
def test_a_season_is_no_change(kind: str, last: str, first: str) -> None:
    codes = coded(SHARES)
    rows = year_on_year(cross(codes, "skill", ("function_group",), kind), 0.95).to_pylist()
    python = {row["period"]: row for row in rows if row["item_id"] == "python"}
    assert len(python) == 3 and python[last]["first_period"] == first
    spring = next(row for row in python.values() if row["first_n"] > 150)
    assert spring["difference_low"] < 0 < spring["difference_high"] and spring["p_value"] > 0.05
    assert 1.3 < python[last]["ratio_low"] < python[last]["ratio"] < 3
    assert python[last]["difference_pp"] == pytest.approx(
        100 * (python[last]["last_n"] - python[last]["first_n"]) / 400
    )


def test_a_change_is_reliable_where_both_periods_have_enough_vacancies() -> None:
    sums = cross(coded(SHARES), "skill", ("function_group",), "quarter")
    rows = year_on_year(sums, 0.95).to_pylist()
    least = [min(row["first_base_n"], row["last_base_n"]) for row in rows]
    assert all(row["is_reliable"] for row in rows)
    assert [row["is_reliable"] for row in year_on_year(sums, 0.95, max(least)).to_pylist()] == [
        n >= max(least) for n in least
    ]
    assert not any(row["is_reliable"] for row in year_on_year(sums, 0.95, max(least) + 1).to_pylist())


def test_periods_of_no_year_are_refused() -> None:
    with pytest.raises(InputError, match="quarter or month"):
        year_on_year(cross(coded(SHARES), "skill"), 0.95)


def test_a_comparison_by_quarter_is_of_those_quarters() -> None:
    codes = coded(SHARES)
    settings = ChangeSettings(0.95, 20, 0.05, "cell", "2012Q1", None)
    compared = compared_periods(codes.levels("quarter"), settings)
    assert compared == ("2012Q1", "2014Q1"), "the same quarter of the last year: a season is no change"
    change = measure_change(demand_sums(codes, period="quarter", wanted=compared), settings).to_pylist()
    whole = [r for r in change if r["item_id"] == "python" and {r[n] for n in ("topsector", "language")} == {"all"}]
    assert {(r["first_period"], r["last_period"], r["first_base_n"], r["last_base_n"]) for r in whole} == {
        ("2012Q1", "2014Q1", 400, 400)
    }
    assert all(2.5 < row["ratio"] < 6 and row["direction"] == "rising" for row in whole)
    assert compared_periods(["2012", "2013"], ChangeSettings(0.95, 20, 0.05, "cell")) == ("2012", "2013")
    with pytest.raises(InputError, match=r"compare_last is 2019Q2.*\n.*2012Q1"):
        compared_periods(codes.levels("quarter"), ChangeSettings(0.95, 20, 0.05, "cell", None, "2019Q2"))


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2013Q5", None, "a quarter, 2013Q1"),
        ("2013-01", None, "a year, 2013, or a quarter"),
        ("2013", "2014Q1", "not equally long"),
        ("2014Q1", "2013Q1", "earlier one first"),
    ],
)
def test_periods_that_cannot_be_compared_are_told(first: str, last: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Period(first="2012-01-01", last="2017-12-31", compare_first=first, compare_last=last)


def test_a_year_without_quotes_is_a_year() -> None:
    known = Period.model_validate({"first": "2012-01-01", "last": "2017-12-31", "compare_first": 2013})
    assert known.compare_first == "2013"


def test_months_of_a_quarter() -> None:
    assert months_of("2019Q4") == ["2019-10", "2019-11", "2019-12"]
    assert months_of("2019") == ["2019"] and months_of("all") == ["all"]
