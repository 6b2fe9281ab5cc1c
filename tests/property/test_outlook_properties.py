"""Stocks and flows close in every future, whatever the table says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.outlook.balance import balance, inflow_draws, openings, openings_roa
from overstap.outlook.cells import change, own_cells
from overstap.outlook.draws import kept_within
from overstap.outlook.own import _Row, own_paths

persons = st.floats(0, 1e6)


@st.composite
def periods(draw: st.DrawFn) -> list[_Row]:
    """Rows of one occupation that follow on each other, each starting where the one before ends."""
    stock, year, rows = draw(st.floats(1e3, 1e6)), 2026, []
    for number in range(draw(st.integers(1, 4))):
        length = draw(st.integers(1, 6))
        more = draw(st.floats(-0.5, 0.5)) * stock
        values = {"employed": stock, "expansion": more, "outflow": draw(st.floats(0, 0.5)) * stock}
        values |= dict.fromkeys(("retirement", "exits", "mobility", "unemployed", "vacancies"), np.nan)
        values |= dict.fromkeys(("inflow_low", "inflow_high"), draw(persons))
        rows.append(_Row(f"row {number}", "brc", "0811", "all", year, year + length - 1, values, "own"))
        stock, year = stock + more, year + length
    return rows


@settings(max_examples=60, deadline=None)
@given(periods())
def test_periods_become_years_that_add_up(rows: list[_Row]) -> None:
    (path,) = own_paths(rows)
    assert len(path.years) == 1 + sum(row.last - row.first + 1 for row in rows)
    for name in ("outflow", "inflow_low"):
        total = sum(row.values[name] for row in rows)
        np.testing.assert_allclose(np.nansum(getattr(path, name)), total, rtol=1e-9, atol=1e-6)
    end = rows[-1].values["employed"] + rows[-1].values["expansion"]
    np.testing.assert_allclose(path.employed[-1], end, rtol=1e-9, atol=1e-4)


@settings(max_examples=30, deadline=None)
@given(periods(), st.integers(0, 2**31))
def test_in_every_future_stocks_are_the_base_and_the_flows_since(rows: list[_Row], seed: int) -> None:
    (cells,) = own_cells(own_paths(rows), 20, seed)
    stock, flow = cells.employed_draws, change(cells.employed_draws)
    np.testing.assert_allclose(stock[:, -1], stock[:, 0] + flow[:, 1:].sum(axis=1), rtol=1e-6, atol=1e-3)
    places = openings(flow, cells.outflow_draws)[:, 1:]
    # hired less left is growth, unless so many jobs vanish that some who hold one lose it
    displaced = np.maximum(0.0, -(flow + cells.outflow_draws))[:, 1:]
    np.testing.assert_allclose(places - cells.outflow_draws[:, 1:] - displaced, flow[:, 1:], rtol=1e-6, atol=1e-3)
    assert (openings_roa(flow, cells.outflow_draws)[:, 1:] >= places - 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(persons, persons, st.integers(0, 2**31))
def test_inflow_lies_between_its_bounds_and_the_balance_follows(low: float, more: float, seed: int) -> None:
    bounds = np.array([[low]]), np.array([[low + more]])
    drawn = inflow_draws(*bounds, np.random.default_rng(seed).random((1, 1, 50)))
    assert (drawn >= low - 1e-6).all() and (drawn <= low + more + 1e-6).all()
    assert np.isnan(balance(np.full((1, 1, 50), np.nan), drawn)).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(1, 1e5)), min_size=1, max_size=8), st.integers(0, 2**31))
def test_what_is_finer_leaves_the_coarser_total_as_it_is(units: list[tuple[int, float]], seed: int) -> None:
    parent, weights = np.array([p for p, _ in units]), np.array([w for _, w in units])
    factors = np.exp(np.random.default_rng(seed).standard_normal((len(units), 3, 10)))
    kept = kept_within(factors, weights, parent)
    for group in np.unique(parent):
        mine = parent == group
        total = np.tensordot(weights[mine], kept[mine], axes=1)
        np.testing.assert_allclose(total, weights[mine].sum(), rtol=1e-9)
