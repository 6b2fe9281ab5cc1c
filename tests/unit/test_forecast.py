"""Forecasts: known truths are met, intervals hold what they promise, and nothing is given that data cannot carry."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from overstap.analysis import forecast_methods as methods
from overstap.analysis.forecast import carry, forecast, past_errors
from overstap.analysis.official_forecast import forecast_table
from overstap.analysis.periods import parse_period
from overstap.analysis.uncertainty import Floats
from overstap.errors import InputError


def cycles(seed: int, series: int = 30, periods: int = 90) -> Floats:
    """Log vacancies with a common cycle, own noise and a season, like those of a labour market."""
    rng = np.random.default_rng(seed)
    common = np.zeros(periods)
    speed = 0.0
    for t in range(1, periods):
        speed = 0.8 * speed + rng.normal(0, 0.04)
        common[t] = 0.98 * common[t - 1] + speed
    own = np.cumsum(rng.normal(0, 0.05, (series, periods)), axis=1)
    season = rng.normal(0, 0.08, (series, 4))[:, np.arange(periods) % 4]
    return common * rng.uniform(0.5, 1.5, (series, 1)) + own + season + rng.normal(2, 1, (series, 1))


def test_a_cycle_is_carried_on_better_than_by_the_last_value_and_the_year_before() -> None:
    test = forecast(cycles(1), 8, 4).back_test
    assert test is not None
    assert np.mean(test.error) < 0.97 * np.mean(test.naive)
    assert np.mean(test.error) < 0.9 * np.mean(test.seasonal)
    assert test.origins >= 40


def test_intervals_hold_outcomes_that_were_never_seen() -> None:
    held = []
    for seed in range(6):
        z = cycles(seed, series=15, periods=68)
        found = forecast(z[:, :60], 8, 4)
        held.append(((found.low <= z[:, 60:]) & (z[:, 60:] <= found.high)).mean())
    # Series of a market move together, so one market is little more than one draw.
    assert 0.70 <= np.mean(held) <= 0.90


def test_a_season_is_found_where_there_is_one_and_only_there() -> None:
    rng = np.random.default_rng(2)
    planted = np.array([0.3, 0.0, -0.3, 0.0])
    trend = np.cumsum(rng.normal(0, 0.02, (20, 60)), axis=1)
    found = methods.season(trend + planted[np.arange(60) % 4], 4)
    assert found == pytest.approx(np.tile(planted, (20, 1)), abs=0.05)
    assert np.abs(methods.season(trend, 4)).mean() < 0.006
    assert not methods.season(trend[:, :9], 4).any()  # two years tell nothing of a season


def test_the_damped_trend_agrees_with_statsmodels() -> None:
    holtwinters = pytest.importorskip("statsmodels.tsa.holtwinters")
    rng = np.random.default_rng(3)
    z = np.cumsum(rng.normal(0.02, 0.1, (1, 60)), axis=1)
    fits = []
    for alpha, beta, phi in product((0.3, 0.5, 0.7, 0.9, 1.0), (0.05, 0.1, 0.2, 0.3, 0.5), (0.8, 0.9, 0.95)):
        # Statsmodels starts before the first value, ours at it.
        model = holtwinters.Holt(
            z[0, 1:], damped_trend=True, initialization_method="known", initial_level=z[0, 0], initial_trend=0.0
        )
        constants = {"smoothing_level": alpha, "smoothing_trend": beta, "damping_trend": phi}
        fit = model.fit(**constants, optimized=False)
        fits.append((((z[0, 5:] - fit.fittedvalues[4:]) ** 2).sum(), list(fit.forecast(6))))
    assert methods.damped_trend(z, 6)[0] == pytest.approx(min(fits)[1], rel=1e-6)


@pytest.mark.parametrize("name", ["naive", "damped_trend", "common"])
def test_every_method_moves_with_the_level_of_its_series(name: str) -> None:
    z = cycles(4, series=6)
    method: methods.Method = getattr(methods, name)
    assert method(z + 5.0, 6) == pytest.approx(method(z, 6) + 5.0, abs=1e-6)


def test_constant_series_stay_and_short_ones_are_refused() -> None:
    flat = np.full((3, 40), 1.5)
    assert carry(flat, 4, 4) == pytest.approx(np.full((3, 4), 1.5))
    short = forecast(np.zeros((2, 11)), 4, 4)
    assert np.isnan(short.value).all()
    assert short.back_test is None


def rows(code: str, style: str, numbers: range, level: float = 50.0) -> list[tuple[str, str, float | None]]:
    rng = np.random.default_rng(5)
    values = level * np.exp(np.cumsum(rng.normal(0, 0.05, len(numbers))))
    period = parse_period(style)
    assert period is not None
    return [(code, period.named(n), float(v)) for n, v in zip(numbers, values, strict=True)]


def test_years_are_the_means_of_their_quarters_and_periods_keep_their_spelling() -> None:
    end = parse_period("2023Q4")
    assert end is not None
    quarters = rows("C", "1997KW01", range(1997 * 4, 2021 * 4 + 3))  # the last quarter of 2021 is yet to come
    years: list[tuple[str, str, float | None]] = [("C", f"{y}JJ00", 1.0) for y in range(1997, 2021)]
    found = forecast_table([*quarters, *years], end, 0.1)
    by_period = {row.period: row for row in found.rows}
    assert list(by_period) == [
        f"{y}KW0{q}" for y, q in [(2021, 4), *((y, q) for y in (2022, 2023) for q in range(1, 5))]
    ] + [
        "2021JJ00",
        "2022JJ00",
        "2023JJ00",
    ]
    known = {(c, p): v for c, p, v in quarters}
    first_three = [known["C", f"2021KW0{q}"] for q in (1, 2, 3)]
    assert by_period["2021JJ00"].value == pytest.approx(np.mean([*first_three, by_period["2021KW04"].value]))
    assert by_period["2022JJ00"].value == pytest.approx(np.mean([by_period[f"2022KW0{q}"].value for q in range(1, 5)]))
    widths = [row.high / row.low for row in (by_period[f"{y}JJ00"] for y in (2021, 2022, 2023))]
    assert 1 < widths[0] < widths[1] < widths[2]
    assert all(row.low <= row.value <= row.high for row in found.rows)


def test_short_and_broken_series_are_left_out_with_the_reason() -> None:
    end = parse_period("2023-12")
    assert end is not None
    gap = rows("D", "2016-01", range(2016 * 12, 2022 * 12))
    gap[-20:-5] = [(code, period, None) for code, period, _ in gap[-20:-5]]  # more than a year
    none = [("Z", period, 0.0) for _, period, _ in gap]
    found = forecast_table([*rows("C", "2016-01", range(2016 * 12, 2022 * 12)), *gap, *none], end, 1.0)
    why = "5 periods in a row up to its last one, of at least 12"
    assert found.left_out == {("D", 12): why, ("Z", 12): "every value is 0"}
    assert {row.code for row in found.rows} == {"C"}
    assert found.rows[-1].period == "2023-12"


def test_years_stand_in_where_quarters_are_too_few() -> None:
    end = parse_period("2023Q4")
    assert end is not None
    years = rows("C", "1997JJ00", range(1997, 2022))
    found = forecast_table([*rows("C", "2020KW01", range(2020 * 4, 2022 * 4)), *years], end, 0.1)
    assert set(found.left_out) == {("C", 4)}
    assert [row.period for row in found.rows] == ["2022JJ00", "2023JJ00"]
    alone = forecast_table(years, end, 0.1)
    assert [row.value for row in found.rows] == [row.value for row in alone.rows]


def test_a_gap_and_a_far_end_are_said() -> None:
    end, far = parse_period("2022Q1"), parse_period("2026Q4")
    assert end is not None and far is not None
    whole = rows("C", "2008KW01", range(2008 * 4, 2022 * 4))
    assert forecast_table(whole, end, 0.1).notes == []
    assert "20 periods after 2021KW04 is far" in forecast_table(whole, far, 0.1).notes[0]
    holed = [row if not "2013KW01" <= row[1] <= "2014KW01" else (row[0], row[1], None) for row in whole]
    (note,) = forecast_table(holed, end, 0.1).notes
    assert "20 periods before 2014KW02" in note
    soon = parse_period("2022Q4")
    assert soon is not None
    short = forecast_table(rows("C", "2018KW03", range(2018 * 4 + 2, 2022 * 4)), soon, 0.1)
    assert [row.period for row in short.rows] == [f"2022KW0{q}" for q in range(1, 5)]  # a year, and no bounds
    assert all(np.isnan(row.low) for row in short.rows)


def test_a_gap_of_at_most_a_year_is_bridged_and_said_and_no_series_is_made_of_gaps() -> None:
    end = parse_period("2022Q4")
    assert end is not None
    whole = rows("C", "2008KW01", range(2008 * 4, 2022 * 4))
    holed = [row for row in whole if not row[1].startswith("2019")]  # rows that are not there, as cells that are empty
    found = forecast_table(holed, end, 0.1)
    assert found.notes == ["C: 4 of 56 periods had no figure and lie between their neighbours."]
    sure = forecast_table(whole, end, 0.1)
    assert [row.value for row in found.rows] == pytest.approx([row.value for row in sure.rows], rel=0.05)
    third = [row for i, row in enumerate(whole) if i % 3]
    assert set(forecast_table(third, end, 0.1).left_out) == {("C", 4)}


def test_nothing_is_given_beyond_what_the_past_can_test() -> None:
    far, near = parse_period("2060"), parse_period("2026Q4")
    assert far is not None and near is not None
    long = rows("C", "1997KW01", range(1997 * 4, 2022 * 4))
    with pytest.raises(InputError, match="as far as 2060KW04") as refused:
        forecast_table(long, far, 0.1)
    assert "--until 2032KW04 or earlier" in str(refused.value.fix)
    assert forecast_table(long, near, 0.1).rows[-1].period == "2026KW04"
    # Of a shorter series beside it what can be tested is given, and the end is told.
    both = forecast_table([*long, *rows("D", "2014KW01", range(2014 * 4, 2022 * 4))], near, 0.1)
    last = {row.code: row for row in both.rows}
    assert (last["C"].period, last["D"].period) == ("2026KW04", "2024KW02")
    assert all(np.isfinite(row.low) for row in both.rows)
    assert any("D: nothing after 2024KW02" in note for note in both.notes)


def test_the_mix_is_also_chosen_before_and_tried_after() -> None:
    z = cycles(1, series=8, periods=64)
    test = forecast(z, 4, 4).back_test
    assert test is not None and test.nested is not None
    chosen, used, naive, seasonal = test.nested.errors
    assert (test.nested.before, test.nested.after) == (test.origins // 2, test.origins - test.origins // 2)
    assert 0 < chosen < seasonal and used > 0 and naive > 0
    # What is chosen must not know the origins that it is tried on: other outcomes there leave the choice as it was.
    later = z.copy()
    later[:, -14:] += np.cumsum(np.random.default_rng(9).normal(0, 0.3, (8, 14)), axis=1)
    errors = [past_errors(s, 4, 4, 32) for s in (z, later)]
    half = errors[0].shape[1] // 2
    assert errors[0][:, : half - 4] == pytest.approx(errors[1][:, : half - 4], nan_ok=True)


def test_periods_that_cannot_be_read_or_come_twice_are_named() -> None:
    end = parse_period("2023Q4")
    assert end is not None
    with pytest.raises(InputError, match="Row 3: the period '2021-13'"):
        forecast_table([("C", "2021Q4", 1.0), ("C", "2021-13", 1.0)], end, 1.0)
    with pytest.raises(InputError, match="Row 3: C is given twice"):
        forecast_table([("C", "2021Q4", 1.0), ("C", "2021Q4", 2.0)], end, 1.0)


@pytest.mark.parametrize(
    ("text", "length", "next_one"),
    [
        ("2019KW04", 4, "2020KW01"),
        ("2019-Q1", 4, "2019-Q2"),
        ("2019JJ00", 1, "2020JJ00"),
        ("2019MM12", 12, "2020MM01"),
        ("2019", 1, "2020"),
    ],
)
def test_periods_are_counted_on_in_their_own_style(text: str, length: int, next_one: str) -> None:
    period = parse_period(text)
    assert period is not None
    assert period.length == length
    assert period.named(period.number) == text
    assert period.named(period.number + 1) == next_one
    quarter = parse_period("2023Q3")
    assert quarter is not None
    assert quarter.at(1).number == 2022
    assert quarter.at(12).number == 2023 * 12 + 8
