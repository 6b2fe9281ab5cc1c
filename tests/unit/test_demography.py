"""The workforce by age: people are neither made nor lost, published cases come out, ages are never invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.errors import InputError
from overstap.moves.question import read_own
from overstap.outlook.demography import Workforce, ahead, project, read_ages, required_productivity, template

HEAD = "sector,year,age_from,age_to,people,exit_low,exit_high,entrants_low,entrants_high\n"
CHEMISTRY = HEAD + "Chemie,2017,18,46,5000,,,,\nChemie,2017,47,53,2000,,,,\nChemie,2017,54,66,3000,,,,\n"
"""Ages as they would have to be for the study's words on chemistry: 30 % retire by 2030, 50 % by 2037."""


def _read(tmp_path: Path, text: str) -> list[Workforce]:
    path = tmp_path / "ages.csv"
    path.write_text(text, encoding="utf-8")
    return read_ages([path])


def test_three_of_ten_in_chemistry_by_2030_and_half_by_2037(tmp_path: Path) -> None:
    rows = ahead(_read(tmp_path, CHEMISTRY), 2037, 50, 1, 0.8, (67.0, 67.0)).to_pylist()
    share = {row["year"]: row["retired_share_pct"] for row in rows}
    assert share[2030] == pytest.approx(30) and share[2037] == pytest.approx(50)
    assert rows[-1]["entered"] is None and rows[-1]["people"] is None and rows[-1]["productivity_pct"] is None


def test_without_rates_of_leaving_nobody_knows_who_stays(tmp_path: Path) -> None:
    row = ahead(_read(tmp_path, CHEMISTRY.replace("46,5000,,,,", "46,5000,,,300,400")), 2030, 50, 1, 0.8).to_pylist()[
        -1
    ]
    assert row["left"] is None and row["stayed"] is None and row["people"] is None and row["productivity_pct"] is None
    assert row["retired"] > 0 and row["entered"] == pytest.approx(13 * 350)


def test_entrants_leave_and_retire_as_others_do(tmp_path: Path) -> None:
    """200 a year, of whom 5 % leave each year: the number draws near 200 / .05 = 4,000, and does not grow for ever."""
    one = _read(tmp_path, HEAD + "A,2020,20,24,4500,0.05,0.05,200,200\n")[0]
    found = project(one, 40, 50, np.random.default_rng(1), (67.0, 67.0))
    assert found["people"][0, 0] == 4_500 and found["people"][-1, 0] == pytest.approx(4_000 + 500 * 0.95**40)
    asked = ahead([one], 2060, 50, 1, 0.8, (67.0, 67.0)).to_pylist()[-1]["productivity_pct"]
    assert asked > 0  # fewer people for the same output
    old = _read(tmp_path, HEAD + "A,2020,60,60,100,0,0,100,100\n")[0]
    people = project(old, 12, 50, np.random.default_rng(1), (65.0, 65.0))["people"][:, 0]
    assert people[-1] == people[-2] == 500  # those of 60 to 64 are there at once, and nobody older


def test_the_retirement_age_gives_the_interval(tmp_path: Path) -> None:
    rows = ahead(_read(tmp_path, CHEMISTRY), 2030, 500, 1, 0.8, (65.0, 69.0)).to_pylist()
    last = rows[-1]
    assert last["retired_share_pct"] == pytest.approx(30)
    assert last["retired_share_low"] < 29 and last["retired_share_high"] > 31


def test_fifty_thousand_fewer_a_year_for_twenty_years_ask_a_faster_growth(tmp_path: Path) -> None:
    """The study: 50,000 a year more leave than enter for twenty years; of nine million, one million fewer remain."""
    people = "Nederland,2020,20,29,9000000,0.02,0.02,130000,130000\n"
    found = project(_read(tmp_path, HEAD + people)[0], 20, 50, np.random.default_rng(1), (67.0, 67.0))
    fewer = found["people"][:, 0]
    assert fewer[1] - fewer[0] == pytest.approx(-50_000)
    asked = required_productivity(np.array([9e6]), np.array([9e6 - 20 * 50_000]), np.array([20.0]))
    assert asked[0] == pytest.approx(0.591, abs=0.001)
    with_growth = required_productivity(np.array([9e6]), np.array([8e6]), np.array([20.0]), output=1.0)
    assert with_growth[0] == pytest.approx(1.597, abs=0.001)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 1e4), min_size=101, max_size=101), st.floats(0, 0.3), st.floats(50, 80), st.integers(1, 60)
)
def test_nobody_is_made_or_lost(people: list[float], rate: float, age: float, years: int) -> None:
    crowd, rates = np.array(people), np.full(101, rate)
    one = Workforce("x", 2020, crowd, rates, rates, (5.0, 5.0), np.full(101, 1 / 101), "own")
    found = project(one, years, 3, np.random.default_rng(0), (age, age))
    whole = found["retired"] + found["left"] + found["stayed"]
    np.testing.assert_allclose(whole, crowd.sum(), rtol=1e-9, atol=1e-6)
    for name in ("retired", "left", "entered"):
        assert (np.diff(found[name], axis=0) >= -1e-9).all()


def test_the_template_is_a_table_that_can_be_read(tmp_path: Path) -> None:
    (one,) = _read(tmp_path, template())
    assert one.people.sum() == 10_000 and one.entrants == (300, 400)
    row = ahead([one], 2030, 200, 1, 0.8).to_pylist()[-1]
    for name in ("retired", "left", "stayed", "entered", "people"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"], name
    assert (
        row["productivity_low"] < row["productivity_pct"] < row["productivity_high"]
        and row["productivity_pct"] is not None
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,2020,20,40,5,,,,\nA,2020,40,60,5,,,,\n", "age 40 of A is in two bands"),
        ("A,2020,20,30,5,,,,\nA,2020,41,60,5,,,,\n", "no band for ages 31 to 40"),
        ("A,2020,20,30,5,,,,\nA,2021,31,60,5,,,,\n", "ages of two years"),
        ("A,2020,20,30,-5,,,,\n", "people is -5"),
        ("A,2020,20,30,,,,,\n", "people is empty"),
        ("A,2020,30,20,5,,,,\n", "down to 20"),
        ("A,2020,20,30,5,0.2,,,\n", "exit_low and exit_high"),
        ("A,2020,20,30,5,0.2,1.5,,\n", "exit_high is 1.5"),
        ("A,2020,20,30,5,,,1,2\nA,2020,31,40,5,,,1,2\n", "entrants of A are given in 2 rows"),
        (",2020,20,30,5,,,,\n", "sector is empty"),
    ],
)
def test_ages_that_do_not_fit_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _read(tmp_path, HEAD + rows)


def test_a_year_that_is_not_ahead_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not before 2015"):
        ahead(_read(tmp_path, CHEMISTRY), 2015, 50, 1, 0.8)


def test_the_same_table_gives_moves_the_ages_of_occupations(tmp_path: Path) -> None:
    """Ages within a band are spread evenly: of 30 to 39 half is under 35."""
    path = tmp_path / "ages.csv"
    rows = ("0811,2025,30,39,1000,,,,", "0811,2025,40,59,1000,,,,", "0721,2025,15,24,10,,,,")
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    found = {(r["code"], r["group"]): r["share"] for r in read_own(path, "groups").to_pylist()}
    assert found["0811", "young"] == pytest.approx(0.25) and found["0811", "middle"] == pytest.approx(0.5)
    assert found["0811", "old"] == pytest.approx(0.25) and found["0721", "young"] == 1
