"""Weights on markets whose vacancies are all known, of which a feed has more of some sectors than of others."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from scipy import stats

from overstap.ads.sector import parse_sbi
from overstap.analysis.cross import cells_of
from overstap.analysis.demand import sums_of, weighted_columns
from overstap.analysis.demand_sums import weighed_sums
from overstap.analysis.uncertainty import clustered_shares
from overstap.analysis.weights import WeightSettings, weigh_cells
from overstap.schema import table_spec
from overstap.schema.out import ALL, UNKNOWN
from overstap.schema.weights import AGENCY
from overstap.simulate import MarketSpec
from overstap.simulate.lexicon import jobs
from overstap.simulate.rates import N_DIGITAL
from overstap.simulate.vacancies import blocks, draw_block, employers
from tests.coded import by_hand

MARKETS, SIZE = 60, 6_000
KEYS = ["quarter", "sector", "isco2"]
SETTINGS = WeightSettings(min_n=5, trim=1e9)  # what is joined or cut is biased, and said to be


@lru_cache(maxsize=1)
def markets() -> list[pa.Table]:
    """One table a market, one row a vacancy: quarter, sector, isco2, employer, and whether it asks digital skills."""
    return [
        _market(MarketSpec(seed=seed, n_vacancies=SIZE, first_year=2016, last_year=2017))
        for seed in range(900, 900 + MARKETS)
    ]


def _market(spec: MarketSpec) -> pa.Table:
    sectors = pa.array([(parse_sbi(code) or ("?",))[0] for code in employers(spec).sbi])
    isco = pa.array([job.isco08[:2] for job in jobs()])
    parts = []
    for number in blocks(spec):
        b = draw_block(spec, number)
        months = b.day.astype("datetime64[M]").astype(int)
        names = [f"{1970 + m // 12}Q{m % 12 // 3 + 1}" for m in months.tolist()]
        columns = {
            "quarter": pa.array(names),
            "sector": sectors.take(pa.array(b.employer)),
            "isco2": isco.take(pa.array(b.job)),
            "employer": pa.array(b.employer),
        }
        parts.append(pa.table(columns | {"digital": pa.array(b.asked[:, :N_DIGITAL].any(axis=1))}))
    return pa.concat_tables(parts)


def weighed(market: pa.Table, seen: NDArray[np.bool_], sector: pa.Array) -> pa.Table:
    """The vacancies that are seen, with the weight of each."""
    first = {"first_date": None, "last_date": None, "live_since": None, "open_n": None}
    made = market.group_by(["quarter", "sector"]).aggregate([([], "count_all")]).to_pylist()
    totals = pa.Table.from_pylist(
        [{"quarter": r["quarter"], "sector": r["sector"], "new_n": float(r["count_all"]), **first} for r in made]
    )
    feed = market.set_column(1, "sector", sector).filter(pa.array(seen))
    cells = feed.group_by(KEYS).aggregate([([], "count_all")]).to_pylist()
    counts = [
        {"kind": "new", "source_id": "feed", "vacancies_n": r["count_all"], "employers_n": 1, **{k: r[k] for k in KEYS}}
        for r in cells
    ]
    weights = weigh_cells(
        pa.Table.from_pylist(counts, schema=table_spec("core_strata_counts").schema), totals, SETTINGS
    )
    of = {tuple(r[k] for k in KEYS): r["weight"] for r in weights.to_pylist()}
    return feed.append_column(
        "weight", pa.array([of[tuple(r[k] for k in KEYS)] for r in feed.select(KEYS).to_pylist()])
    )


def shares(market: pa.Table, seen: NDArray[np.bool_], sector: pa.Array) -> tuple[float, float, float]:
    """The share that asks digital skills: in the market, in the feed, and in the feed when weighted."""
    feed = weighed(market, seen, sector)
    weight, digital = feed["weight"].to_numpy(), feed["digital"].to_numpy()
    assert weight.sum() == pytest.approx(market.num_rows)
    return float(np.mean(market["digital"].to_numpy())), float(digital.mean()), float(weight @ digital / weight.sum())


def cover_of(market: pa.Table) -> NDArray[np.float64]:
    """The chance of each vacancy to be seen: the higher, the more its sector asks digital skills."""
    by_sector = market.group_by("sector").aggregate([("digital", "mean")]).to_pylist()
    rank = {r["sector"]: i for i, r in enumerate(sorted(by_sector, key=lambda r: r["digital_mean"]))}
    return np.array([0.2 + 0.7 * rank[name] / len(rank) for name in market["sector"].to_pylist()])


def errors(unknown: float, agency: float) -> NDArray[np.float64]:
    """Errors [market, (feed, weighted)], where sectors that ask digital skills more are seen more. `unknown` of the
    vacancies seen have no sector; agencies post `agency` of every sector's, with their sector unknown."""
    found = []
    for number, market in enumerate(markets()):
        draw = np.random.default_rng([7, number])
        names = np.array(market["sector"].to_pylist())
        cover = cover_of(market)
        by_agency = draw.random(len(names)) < agency
        seen = draw.random(len(names)) < np.where(by_agency, 0.5, cover)
        lacks = ~by_agency & (draw.random(len(names)) < unknown)
        sector = np.where(by_agency, AGENCY, np.where(lacks, UNKNOWN, names))
        true, plain, weighted = shares(market, seen, pa.array(sector.tolist()))
        found.append((plain - true, weighted - true))
    return np.array(found)


def test_weighted_shares_are_unbiased_where_coverage_depends_on_the_sector() -> None:
    """Too high in about half of the markets: no more and no fewer than in all but one of a thousand trials. The bare
    shares are too high in every one."""
    plain, weighted = errors(0, 0).T
    low, high = stats.binom.ppf([0.0005, 0.9995], MARKETS, 0.5)
    assert low <= (weighted > 0).sum() <= high
    assert abs(weighted.mean()) <= 3.3 * weighted.std(ddof=1) / MARKETS**0.5
    assert (plain > 0).all()
    assert np.abs(weighted).mean() < np.abs(plain).mean() / 4


def test_spreading_agencies_and_unknown_sectors_leaves_little_bias() -> None:
    """What they ask is known to go with their occupation only, so that a part of the bias stays: less than a quarter."""
    plain, weighted = errors(0.2, 0.25).T
    assert abs(weighted.mean()) < plain.mean() / 4


def test_weighted_intervals_hold_the_share_of_the_market() -> None:
    """The share of the market lies in as many weighted intervals as 95 % intervals hold in all but one of a thousand
    trials, and in fewer of the plain ones: these are of what the feed happens to see."""
    held = {"share": 0, "weighted": 0}
    for number, market in enumerate(markets()):
        seen = np.random.default_rng([8, number]).random(market.num_rows) < cover_of(market)
        rows = weighed(market, seen, market["sector"].combine_chunks()).to_pylist()
        asked = [{**r, "category_group": ["digital"] if r["digital"] else []} for r in rows]
        codes = by_hand([{k: r[k] for k in ("employer", "weight", "category_group")} for r in asked])
        sums = pa.table(dict(weighed_sums(codes, cells_of(codes, []), "category_group", ALL)[1].measures))
        plain = clustered_shares(sums_of(sums), 0.95)
        found = {"share": (100 * plain.low[0], 100 * plain.high[0])}
        columns = weighted_columns(sums, 0.95)
        found["weighted"] = (columns["weighted_low"][0].as_py(), columns["weighted_high"][0].as_py())
        true = 100 * float(np.mean(market["digital"].to_numpy()))
        for name, (low, high) in found.items():
            held[name] += low <= true <= high
    least = stats.binom.ppf(0.001, MARKETS, 0.95)
    assert held["weighted"] >= least > held["share"], held
