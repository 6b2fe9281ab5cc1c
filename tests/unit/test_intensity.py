"""Digital intensity: means as counted by hand, intervals that hold as often as they claim, borders that fade or do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from overstap.analysis.intensity import borders_table, intensity_table
from overstap.analysis.uncertainty import Sums, clustered_means
from tests.coded import by_hand

SKILLS = pa.table({"skill_id": ["a", "b", "c", "x"], "category_group": ["digital", "digital", "digital", "other"]})
ROW = st.fixed_dictionaries(
    {
        "employer": st.integers(0, 6),
        "weight": st.just(1.0),
        "sector": st.sampled_from(["C", "J"]),
        "function_group": st.sampled_from(["ict", "other", "unknown"]),
        "year": st.sampled_from(["2015", "2016"]),
        "skill": st.lists(st.sampled_from(["a", "b", "c", "x"]), unique=True),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=50))
def test_means_are_those_counted_by_hand(rows: list[dict[str, Any]]) -> None:
    found = intensity_table(by_hand(rows), SKILLS, confidence=0.95, min_n=1).to_pylist()
    keys = {(r["period"], r["sector"], r["function_group"]) for r in found}
    assert len(keys) == len(found)
    for row in found:
        cell = {"year": row["period"], "sector": row["sector"], "function_group": row["function_group"]}
        kept = [r for r in rows if all(value in ("all", r[name]) for name, value in cell.items())]
        counts = [len(set(r["skill"]) - {"x"}) for r in kept]
        some = [count for count in counts if count]
        assert (row["vacancies_n"], row["digital_n"], row["skills_n"]) == (len(kept), len(some), sum(counts))
        assert row["mean"] == pytest.approx(sum(counts) / len(kept))
        assert row["depth"] == (pytest.approx(sum(some) / len(some)) if some else None)
        for name in ("mean", "depth"):
            if row[f"{name}_low"] is not None:
                assert row[f"{name}_low"] <= row[name] * (1 + 1e-12) <= row[f"{name}_high"] * (1 + 1e-9)
    assert len(found) >= 4


def test_an_interval_of_a_mean_holds_as_often_as_it_claims() -> None:
    """800 samples of 60 employers, each with its own mean number of skills: all but 1 in 1,000 trials of 95 % ± 2."""
    draw, held, trials = np.random.default_rng(4), 0, 800
    for _ in range(trials):
        ads = 1 + draw.poisson(6, 60)
        rate = draw.gamma(4, 0.5, 60)  # mean 2
        x = draw.poisson(ads * rate).astype(float)
        n = ads.astype(float)
        one = [np.array([v]) for v in (x.sum(), n.sum(), 60.0, (x * x).sum(), (x * n).sum(), (n * n).sum())]
        found = clustered_means(Sums(*one), 0.95)
        held += bool(found.low[0] <= 2 <= found.high[0])
    assert held >= stats.binom.ppf(0.001, trials, 0.93)
    assert held <= stats.binom.ppf(0.999, trials, 0.97)


def market(last: float) -> Any:
    """ICT vacancies ask three digital skills each with chance 0.8; others with chance 0.2, and `last` in 2016."""
    draw, rows = np.random.default_rng(9), []
    for _ in range(6_000):
        year, group = ["2015", "2016"][int(draw.integers(2))], ["ict", "other"][int(draw.integers(2))]
        chance = 0.8 if group == "ict" else last if year == "2016" else 0.2
        asked = [skill for skill in "abc" if draw.random() < chance]
        row = {"employer": int(draw.integers(300)), "weight": 1.0, "sector": "J", "year": year}
        rows.append({**row, "function_group": group, "skill": asked})
    return by_hand(rows)


def border(last: float, **wanted: str) -> dict[str, Any]:
    key = {"sector": "all", "function_group": "other", "measure": "mean", "period": "2016"} | wanted
    rows = borders_table(market(last), SKILLS, confidence=0.95, min_n=30).to_pylist()
    return next(r for r in rows if all(r[name] == value for name, value in key.items()))


def test_a_border_that_fades_is_told_from_one_that_does_not() -> None:
    fading, still = border(0.5), border(0.2)
    assert fading["gap_low"] <= 3 * (0.8 - 0.5) <= fading["gap_high"]
    assert fading["change_low"] <= -0.9 <= fading["change_high"] < 0
    assert still["change_low"] < 0 < still["change_high"]
    assert fading == border(0.5, sector="J") | {"sector": "all"}


def test_the_first_year_has_a_gap_and_no_change() -> None:
    row = border(0.5, period="2015", measure="share")
    assert row["gap_low"] <= 100 * (0.2**0 - 0.2**3 - (1 - 0.8**3)) <= row["gap_high"]
    assert (row["change"], row["change_low"], row["change_high"]) == (None, None, None)


def test_a_group_of_few_vacancies_has_no_gap() -> None:
    rows = borders_table(market(0.5), SKILLS, confidence=0.95, min_n=10_000).to_pylist()
    assert {(row["gap"], row["change"]) for row in rows} == {(None, None)}
