"""Employers that post in both periods: their sums, and intervals that neither promise too much nor too little."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from overstap.analysis.change import ChangeSettings, measure_change
from overstap.analysis.codes import Codes
from overstap.analysis.demand_sums import demand_sums
from overstap.analysis.paired import PRODUCTS, paired_sums
from overstap.analysis.ratios import Compared, difference
from overstap.analysis.uncertainty import Floats, Sums, clustered_shares
from overstap.schema.out import ALL, CELL_NAMES
from tests.coded import by_hand


def codes() -> Codes:
    """Vacancies of 40 employers in 2012, 2014 and 2017, in two function groups."""
    rng = np.random.default_rng(4)
    fixed = {
        "source": "board",
        "language": "nl",
        "topsector": ["htsm"],
        "weight": 1.0,
        "category": [],
        "title": [],
        "technology": [],
    }
    rows = []
    for k in range(900):
        employer = int(rng.integers(40))
        year = str(rng.choice(["2012", "2014", "2017"]))
        asked = [s for s, chance in (("sql", 0.2 + 0.5 * (employer % 2)), ("java", 0.1)) if rng.random() < chance]
        group = "ict" if k % 3 else "other"
        rows.append({**fixed, "employer": employer, "year": year, "function_group": group, "skill": asked})
        rows[-1]["category_group"] = ["digital"] if asked else []
    return by_hand(rows)


def test_products_over_employers_are_those_of_a_loop() -> None:
    found = codes()
    rows = {
        (r["item_kind"], r["item_id"], r["function_group"]): [r[name] for name in PRODUCTS]
        for r in paired_sums(found, "year", "2012", "2017").to_pylist()
        if all(r[name] == ALL for name in CELL_NAMES if name != "function_group")
    }
    asked, year = found.column("skill"), found.column("year")
    groups = found.column("function_group")
    for name, group in (("sql", "ict"), ("java", "other"), ("sql", ALL)):
        code = asked.levels.index(name)
        has = np.array([code in asked.codes[a:b] for a, b in zip(asked.offsets[:-1], asked.offsets[1:], strict=True)])
        inside = np.ones(found.n, bool) if group == ALL else groups.codes == groups.levels.index(group)
        n, x = (
            np.array(
                [
                    [
                        np.sum(weight[inside & (found.employers == e) & (year.codes == year.levels.index(y))])
                        for e in range(40)
                    ]
                    for y in ("2012", "2017")
                ]
            )
            for weight in (np.ones(found.n), has.astype(float))
        )
        expected = [(x[0] * x[1]).sum(), (x[0] * n[1]).sum(), (n[0] * x[1]).sum(), (n[0] * n[1]).sum()]
        assert rows["skill", name, group] == expected


def test_a_change_with_lasting_employers_is_surer_and_the_same_in_size() -> None:
    found = codes()
    settings = ChangeSettings(0.95, 20, 0.05, "cell", "2012", "2017")
    sums = demand_sums(found)
    apart = measure_change(sums, settings).to_pylist()
    paired = measure_change(sums, settings, None, paired_sums(found, "year", "2012", "2017")).to_pylist()
    for one, other in zip(apart, paired, strict=True):
        assert one["difference_pp"] == other["difference_pp"]
        if one["item_id"] == "sql" and all(one[name] == ALL for name in CELL_NAMES):
            assert other["difference_high"] - other["difference_low"] < 0.9 * (
                one["difference_high"] - one["difference_low"]
            )
            assert other["ratio_high"] / other["ratio_low"] < one["ratio_high"] / one["ratio_low"]


def _sums(n: Floats, x: Floats) -> Sums:
    """Sums over employers, the last axis."""
    return Sums(x.sum(-1), n.sum(-1), (n > 0).sum(-1).astype(float), (x * x).sum(-1), (x * n).sum(-1), (n * n).sum(-1))


@pytest.mark.parametrize(("staying", "ratio"), [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (1.0, 1.5)])
def test_intervals_of_a_change_cover_it_where_employers_last(staying: float, ratio: float) -> None:
    """3,000 markets of 150 employers with a lasting taste (0.6 on the logit scale); in each a part of them posts again
    in the second period and the rest gives way to others. Truth: the shares over all employers that there may be."""
    rng = np.random.default_rng(11)
    markets, employers, level = 3_000, 150, 0.2
    taste = rng.normal(0, 0.9, (2, markets, employers))
    stays = np.arange(employers) < staying * employers
    tastes = np.stack([taste[0], np.where(stays, taste[0], taste[1])])
    shift = np.log(level / (1 - level)), np.log(level * ratio / (1 - level * ratio))
    grid = stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000) * 0.9
    true = [float(np.mean(1 / (1 + np.exp(-(s + grid))))) for s in shift]
    n = rng.poisson(6, (2, markets, employers)).astype(float)
    p = 1 / (1 + np.exp(-(np.array(shift)[:, None, None] + tastes)))
    x = rng.binomial(n.astype(int), p).astype(float)
    first, last = _sums(n[0], x[0]), _sums(n[1], x[1])
    pairs = np.stack([(x[0] * x[1]).sum(1), (x[0] * n[1]).sum(1), (n[0] * x[1]).sum(1), (n[0] * n[1]).sum(1)])
    compared = Compared.of(first, last, pairs)
    _, low, high = difference(clustered_shares(first, 0.95), clustered_shares(last, 0.95), compared.shared)
    held = np.mean((low <= true[1] - true[0]) & (true[1] - true[0] <= high))
    ratio_low, ratio_high = compared.ratio_bounds(0.95)
    held_ratio = np.mean((ratio_low <= true[1] / true[0]) & (true[1] / true[0] <= ratio_high))
    for share in (held, held_ratio):  # 95 %, less and more what chance and the approximation take
        assert 0.94 <= share <= 0.97, (held, held_ratio)
