"""Properties of the simulator that hold for any seed and size."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.simulate import MarketSpec, simulate_ads, truth
from overstap.simulate.lexicon import misspell
from overstap.simulate.rates import rates_table

seeds = st.integers(min_value=0, max_value=2**31 - 1)


@settings(max_examples=6, deadline=None)
@given(seed=seeds, n=st.integers(1, 600), rows=st.integers(1, 900))
def test_the_size_of_the_batches_changes_nothing(seed: int, n: int, rows: int) -> None:
    spec = MarketSpec(seed=seed, n_vacancies=n)
    batches = list(simulate_ads(spec, rows))
    assert all(b.num_rows == rows for b in batches[:-1]) and 0 < batches[-1].num_rows <= rows
    assert pa.Table.from_batches(batches).combine_chunks() == pa.Table.from_batches(simulate_ads(spec)).combine_chunks()


def test_batches_may_span_blocks() -> None:
    spec = MarketSpec(seed=1, n_vacancies=9_000)
    whole = pa.Table.from_batches(simulate_ads(spec))
    for rows in (1_000, 12_345):
        assert pa.Table.from_batches(simulate_ads(spec, rows)).combine_chunks() == whole.combine_chunks()


@settings(max_examples=6, deadline=None)
@given(
    seed=seeds,
    first=st.integers(2008, 2016),
    length=st.integers(0, 6),
    dutch=st.floats(0.1, 0.95),
    clustering=st.floats(0, 0.5),
)
def test_any_market_is_whole(seed: int, first: int, length: int, dutch: float, clustering: float) -> None:
    spec = MarketSpec(
        seed=seed, n_vacancies=300, first_year=first, last_year=first + length, dutch_share=dutch, clustering=clustering
    )
    known = truth(spec)
    vacancies = known.vacancies.to_pylist()
    assert [v["vacancy_id"] for v in vacancies] == [f"v{i}" for i in range(300)]
    assert all(v["year"] == v["posted_date"].year in spec.years for v in vacancies)
    assert sum(known.ads.column("is_first").to_pylist()) == 300
    assert {a["date"].year for a in known.ads.to_pylist()} <= set(spec.years)
    for column in ("title", "text", "company", "place", "date"):
        assert pa.Table.from_batches(simulate_ads(spec)).column(column).null_count == 0


@settings(max_examples=5, deadline=None)
@given(share=st.floats(0, 0.6), first=st.integers(2010, 2017))
def test_latent_chances_are_chances(share: float, first: int) -> None:
    table = rates_table(MarketSpec(table1_share=share, first_year=first, last_year=2018))
    values = table.column("probability").to_numpy()
    assert values.min() >= 0 and values.max() <= 1


@given(
    st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "Zs")), min_size=5, max_size=20),
    st.integers(0, 2),
)
def test_a_slip_keeps_the_first_letter_and_changes_at_most_one_place(word: str, way: int) -> None:
    slip = misspell(word, way)
    assert slip[:1] == word[:1] and abs(len(slip) - len(word)) <= 1
