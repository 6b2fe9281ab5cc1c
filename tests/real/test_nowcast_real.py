"""Official vacancies of the Netherlands told from ads that are drawn from them, with shocks of the feed's own."""

from __future__ import annotations

import numpy as np
import pytest

from overstap.analysis.nowcast import Nowcast, nowcast
from overstap.analysis.uncertainty import Floats
from overstap.reference.totals import read_totals
from tests.shared_data import DATA, needs

TABLE = "statistics/cbs_labour_sbi/vacatures_80472ned_tidy.csv"
pytestmark = needs(TABLE)
YEARS, ADS_A_YEAR = 8, 200_000


@pytest.fixture(scope="module")
def official() -> Floats:
    """Logarithms of new vacancies of every section, 2007–2021 [sector, quarter]."""
    rows = read_totals(DATA / TABLE).rows.to_pylist()
    quarters = sorted({row["quarter"] for row in rows})[-60:]
    known = {(row["sector"], row["quarter"]): row["new_n"] for row in rows}
    sectors = [s for s in sorted({row["sector"] for row in rows}) if all(known.get((s, q)) for q in quarters)]
    return np.log([[known[sector, quarter] for quarter in quarters] for sector in sectors])


def told(official: Floats, shocks: float, seed: int) -> Nowcast:
    """The last quarter, as if it were not known: ads are drawn in proportion, times a shock per quarter."""
    rng = np.random.default_rng(seed)
    n = np.exp(official) * ADS_A_YEAR / 4 / np.exp(official[:, -1]).sum()
    ads = np.log(np.maximum(rng.poisson(n * np.exp(rng.normal(0, shocks, official.shape[1]))), 1))
    return nowcast(official[:, :-1], ads[:, -4 * YEARS - 1 :], 1)


def test_a_feed_that_follows_the_market_lowers_the_error_by_a_quarter_or_more(official: Floats) -> None:
    for seed in range(2):
        made = told(official, 0.03, seed)
        assert made.helps[0] and made.error[0] < 0.75 * made.plain_error[0] and made.origins[0] >= 20


def test_a_feed_that_goes_its_own_way_is_left_out(official: Floats) -> None:
    used = [bool(told(official, 0.6, seed).helps[0]) for seed in range(3)]
    assert sum(used) <= 1
