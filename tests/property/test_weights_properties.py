"""Weights of any market: they meet the totals, whatever the order of the rows and the size of the feed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.analysis.strata import Quarter, trim_weights, weigh
from overstap.analysis.weights import WeightSettings, weigh_cells
from overstap.reference.totals import SECTIONS, disjoint, letters
from overstap.schema import table_spec

SECTORS = ("A", "C", "G", "J", "Q", "agency", "unknown")
CELLS = st.lists(
    st.tuples(st.sampled_from(SECTORS), st.sampled_from(("25", "24", "51", "unknown")), st.integers(1, 200)),
    min_size=1,
    max_size=30,
    unique_by=lambda cell: cell[:2],
)
TOTALS = st.dictionaries(st.sampled_from(SECTORS[:5]), st.integers(0, 9000), min_size=1)


def quarter(cells: list[tuple[str, str, int]], totals: dict[str, int]) -> Quarter:
    n = np.array([cell[2] for cell in cells], dtype=np.float64)
    return Quarter([c[0] for c in cells], [c[1] for c in cells], n, {k: float(v) for k, v in totals.items()})


@given(CELLS, TOTALS, st.integers(1, 60))
@settings(deadline=None, max_examples=200)
def test_weights_meet_the_total_of_each_stratum(
    cells: list[tuple[str, str, int]], totals: dict[str, int], min_n: int
) -> None:
    found = quarter(cells, totals)
    w = weigh(found, min_n, 1e12)
    known = sum(n for sector, _, n in cells if sector in totals)
    assert np.isnan(w.weight).all() == (known < min_n or sum(totals.values()) == 0)
    if np.isnan(w.weight).all():
        return
    parts = np.nan_to_num(found.n[:, None] * w.part).sum(axis=0)
    official = np.array([totals[code] for code in w.codes])
    assert np.bincount(w.stratum, parts) == pytest.approx(np.bincount(w.stratum, official))
    weighed = ~np.isnan(w.weight)
    assert w.chance[weighed].sum(axis=1) == pytest.approx(1)
    assert (w.weight[weighed] > 0).all()
    assert [not there for there in weighed] == [s not in totals and len(s) == 1 for s, *_ in cells]


@given(CELLS, TOTALS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_rows_does_not_matter(
    cells: list[tuple[str, str, int]], totals: dict[str, int], draw: object
) -> None:
    rows = [
        {
            "kind": "new",
            "quarter": "2019Q1",
            "source_id": "a",
            "sector": s,
            "isco2": o,
            "vacancies_n": n,
            "employers_n": 1,
        }
        for s, o, n in cells
    ]
    official = [{"quarter": "2019Q1", "sector": s, "new_n": float(n), "open_n": None} for s, n in totals.items()]
    schema = table_spec("core_strata_counts").schema
    first = weigh_cells(pa.Table.from_pylist(rows, schema=schema), pa.Table.from_pylist(official), WeightSettings(5))
    draw.shuffle(rows)  # type: ignore[attr-defined]
    draw.shuffle(official)  # type: ignore[attr-defined]
    again = weigh_cells(pa.Table.from_pylist(rows, schema=schema), pa.Table.from_pylist(official), WeightSettings(5))
    assert again.equals(first)


@given(CELLS, TOTALS, st.integers(2, 50))
@settings(deadline=None, max_examples=60)
def test_weights_follow_the_totals_and_shrink_with_the_feed(
    cells: list[tuple[str, str, int]], totals: dict[str, int], factor: int
) -> None:
    one = weigh(quarter(cells, totals), 1, 5).weight
    more = weigh(quarter(cells, {k: v * factor for k, v in totals.items()}), 1, 5).weight
    assert more == pytest.approx(one * factor, nan_ok=True)
    larger = weigh(quarter([(s, o, n * factor) for s, o, n in cells], totals), factor, 5).weight
    assert larger == pytest.approx(one / factor, nan_ok=True)


@given(st.lists(st.tuples(st.floats(0.01, 1000), st.integers(1, 500)), min_size=1, max_size=30), st.floats(1, 20))
def test_trimmed_weights_keep_their_sum_and_order(pairs: list[tuple[float, int]], limit: float) -> None:
    weight, n = (np.array(values, dtype=np.float64) for values in zip(*pairs, strict=True))
    cut = trim_weights(weight, n, limit)
    assert n @ cut == pytest.approx(n @ weight)
    order = np.argsort(weight, kind="stable")
    assert (np.diff(cut[order]) >= -1e-9 * cut.max()).all()
    assert cut.max() <= weight.max() * (1 + 1e-9)


@given(st.sets(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1))
def test_chosen_sectors_never_overlap(spans: set[tuple[int, int]]) -> None:
    codes = [SECTIONS[a] if a == b else f"{SECTIONS[min(a, b)]}-{SECTIONS[max(a, b)]}" for a, b in spans]
    chosen = [letters(code) for code in disjoint(codes)]
    assert sum(len(held) for held in chosen) == len(frozenset().union(*chosen))
    assert {code for code in codes if len(code) == 1} <= {next(iter(held)) for held in chosen if len(held) == 1}
