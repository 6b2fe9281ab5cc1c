"""Levels: the rows are those of a cross of the same dimension, with ranks and, where there are weights, weighted shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.analysis.codes import Codes
from overstap.analysis.cross import cross
from overstap.analysis.dimensions import READ_FROM, Named
from overstap.analysis.level_rows import LevelSettings, levels
from overstap.schema import table_spec
from overstap.schema.codes import ASKED, DIMENSIONS, TRAITS
from tests.coded import by_hand

SETTINGS = LevelSettings(0.95, min_n=5, min_display=3, notes={"all": "no_totals"})
ROW = st.fixed_dictionaries(
    {
        "employer": st.integers(0, 8),
        "weight": st.sampled_from([0.0, 0.5, 1.0, 2.0]),
        "sector": st.sampled_from(["C", "J", "unknown"]),
        "topsector": st.lists(st.sampled_from(["energie", "htsm", "none"]), min_size=1, unique=True),
        "year": st.sampled_from(["2015", "2016"]),
        "skill": st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    }
)


def whole(rows: list[dict[str, Any]]) -> Codes:
    """Codes of rows, with one value in each dimension that they do not give."""
    other = {d.name: [] if d in ASKED else ["x"] if d.many else "x" for d in DIMENSIONS.values()}
    return by_hand([{**other, **row} for row in rows])


def rows_of(codes: Codes, **wanted: str) -> list[dict[str, Any]]:
    batches = [table_spec("out_levels").cast(batch) for batch in levels(codes, SETTINGS, threads=2)]
    rows = pa.Table.from_batches(batches, table_spec("out_levels").schema).to_pylist()
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


@settings(max_examples=25, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60))
def test_levels_are_the_crosses_of_each_dimension(rows: list[dict[str, Any]]) -> None:
    codes = whole(rows)
    found = rows_of(codes, item_kind="skill")
    assert {row["dimension"] for row in found} <= {d.name for d in TRAITS}
    for dimension in ("sector", "topsector"):
        everywhere = {
            (r[dimension], r["item_id"]) for r in cross(codes, "skill", [dimension]).to_pylist() if r["asked_n"] >= 3
        }
        for period in ("all", "year"):
            crossed = {
                (r[dimension], r["period"], r["item_id"]): r
                for r in cross(codes, "skill", [dimension], period).to_pylist()
                if (r[dimension], r["item_id"]) in everywhere
            }
            weighed = {
                (r[dimension], r["period"], r["item_id"]): r
                for r in cross(codes, "skill", [dimension], period, weighted=True).to_pylist()
            }
            mine = [r for r in found if r["dimension"] == dimension and r["period_kind"] == period]
            assert {(r["level"], r["period"], r["item_id"]) for r in mine} == set(crossed)
            for row in mine:
                same = crossed[row["level"], row["period"], row["item_id"]]
                assert [row[n] for n in ("asked_n", "vacancies_n")] == [same[n] for n in ("asked_n", "vacancies_n")]
                assert row["share_pct"] == pytest.approx(100 * same["asked_n"] / same["vacancies_n"])
                heavy = weighed[row["level"], row["period"], row["item_id"]]
                if not len(codes.weights) or heavy["n"] == 0:
                    assert row["weighted_pct"] is None and row["vacancies_estimated"] is None
                else:
                    assert row["weighted_pct"] == pytest.approx(100 * heavy["x"] / heavy["n"])
                    assert row["vacancies_estimated"] == pytest.approx(heavy["x"])
                assert row["rank_low"] <= row["rank"] <= row["rank_high"]


def market(weights: list[float]) -> Codes:
    draw = np.random.default_rng(3)
    return whole(
        [
            {
                "employer": int(draw.integers(60)),
                "weight": float(draw.choice(weights)),
                "sector": ["C", "J"][int(draw.integers(2))],
                "year": ["2015", "2016"][int(draw.integers(2))],
                "skill": [name for name, p in (("a", 0.8), ("b", 0.3), ("c", 0.002)) if draw.random() < p],
            }
            for _ in range(900)
        ]
    )


def test_ranks_are_among_the_items_listed_and_rare_skills_are_not() -> None:
    rows = rows_of(market([1.0]), dimension="sector", item_kind="skill", level="J", period="all")
    assert [(row["item_id"], row["rank"], row["rank_low"], row["rank_high"]) for row in rows] == [
        ("a", 1, 1, 1),
        ("b", 2, 2, 2),
    ]
    assert all(row["is_reliable"] for row in rows)


def test_without_weights_it_says_why() -> None:
    rows = rows_of(market([1.0]), dimension="sector")
    assert {row["note"] for row in rows} == {"no_totals"}
    assert {row["weighted_pct"] for row in rows} == {None} == {row["vacancies_estimated"] for row in rows}
    weighed = rows_of(market([1.0, 3.0]), dimension="sector", item_kind="skill")
    assert {row["note"] for row in weighed} == {None}
    assert all(row["weighted_low"] <= row["weighted_pct"] <= row["weighted_high"] for row in weighed)


def test_occupations_have_the_skill_level_of_isco_and_a_third_of_routine() -> None:
    def meaning(name: str, code: str) -> str | None:
        source = READ_FROM[name]
        assert isinstance(source, Named)
        return source.meaning(code)

    assert [meaning("skill_level", code) for code in ("2512", "1412", "3512", "4110", "9112", "1")] == [
        "4", "3", "3", "2", "1", None,
    ]  # fmt: skip
    assert (meaning("routine", "4110"), meaning("routine", "2310"), meaning("routine", "0110")) == ("high", "low", None)
    classes = [meaning("automation", code) for code in ("8160", "2221", "9999")]
    assert classes[2] is None and set(classes[:2]) <= {"low", "other", "high"}
