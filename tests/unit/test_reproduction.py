"""The reproduction: every published statement stands in it once, and its verdicts follow from what the ads allow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from overstap.analysis.codes import Codes
from overstap.analysis.reproduction import reproduction_table, tally
from overstap.analysis.statements import published_growth
from overstap.analysis.study_evidence import Evidence
from overstap.publish.labels import LANGUAGES, Lang, Translator
from overstap.publish.reproduction import COLUMNS, chapters, closing
from overstap.reference.tables import load
from overstap.reference.taxonomy import load_taxonomy
from overstap.schema import table_spec
from overstap.schema.reproduction import VERDICTS
from overstap.simulate.demo import make_demo
from overstap.study import load_study
from tests.coded import by_hand

ROOT = Path(__file__).parents[2]
STATEMENTS = load("study_statements").to_pylist()
CATEGORIES = ["basic_computer", "resource_management_software", "database", "programming", "communication"]


def test_every_published_figure_ranking_trend_and_title_is_a_statement_once() -> None:
    named = [s["refers_to"] for s in STATEMENTS if s["refers_to"]]
    figures = [r["statement_id"] for r in load("study_figures").to_pylist()]
    orders = dict.fromkeys(f"{r['topsector']}/{r['skill_group']}" for r in load("study_rankings").to_pylist())
    trends = [f"{r['topsector']}/{r['skill_en']}" for r in load("study_trends").to_pylist()]
    titles = [r["title"] for r in load("study_table1").to_pylist()]
    assert sorted(named) == sorted([*figures, *orders, *trends, *titles])


def test_statements_say_in_both_languages_what_they_are_and_why_they_count_or_not() -> None:
    assert len({s["statement_id"] for s in STATEMENTS}) == len(STATEMENTS)
    for s in STATEMENTS:
        assert s["statement_nl"] and s["statement_en"] and s["where"]
        assert (s["basis"] in ("input", "recovered") and s["why_nl"] and s["why_en"]) != (s["kind"] == "later"), s


def test_statements_name_skills_categories_and_directions_that_exist() -> None:
    skills = set(load_taxonomy("core").skills["skill_id"].to_pylist())
    categories = set(load("skill_categories")["category"].to_pylist()) | {"digital", "other"}
    published = {(f"{r['topsector']}/{r['skill_en']}", {"up": "rising", "down": "falling"}[r["direction"]]) for r in load("study_trends").to_pylist()}  # fmt: skip
    for s in STATEMENTS:
        assert s["item_kind"] != "skill" or s["item_id"] in skills, s
        assert s["item_kind"] not in ("category", "category_group") or s["item_id"] in categories, s
        assert s["kind"] != "trend" or not s["refers_to"] or (s["refers_to"], s["published"]) in published, s


def test_the_formula_gives_table_1_from_its_own_counts_with_what_so_few_ads_allow() -> None:
    rows = published_growth(0.95)
    assert [r["computed"] for r in rows] == [r["factor"] for r in rows]
    assert all(r["low"] < r["factor"] < r["high"] for r in rows)
    scientist = next(r for r in rows if r["title"] == "Data Scientist")
    assert scientist["low"] < 80 and scientist["high"] > 400  # four ads in 2012


def empty(table: str) -> pa.Table:
    return table_spec(table).schema.empty_table()


def filled(table: str, **row: Any) -> pa.Table:
    schema = pa.schema([f.with_nullable(True) for f in table_spec(table).schema])
    cell = dict.fromkeys(("topsector", "function_group", "language", "source_id"), "all")
    return pa.Table.from_pylist([cell | row], schema=schema)


def energy_ads(levels: list[float], n: int) -> Codes:
    """Ads of the energy sector in 2015–2017 that ask each of CATEGORIES with a share of these levels."""
    rows = []
    for i in range(n):
        asked = [c for c, level in zip(CATEGORIES, levels, strict=True) if (i * 7919 % n) / n < level]
        row = {
            "employer": i % 50,
            "weight": 1.0,
            "year": str(2015 + i % 3),
            "topsector": ["energie"],
            "category": asked,
        }
        rows.append(row | {"function_group": "ict" if i % 11 == 0 else "other", "title": ["monteur"]})
    return by_hand(rows)


def found(statement_id: str, *, simulated: bool = True, **tables: Any) -> dict[str, Any]:
    parts = {name: empty(f"out_{name}") for name in ("demand", "change", "drift")} | {
        "codes": energy_ads([0.5] * 5, 600)
    }
    evidence = Evidence(**(parts | tables), confidence=0.95, least=30)
    rows = reproduction_table(evidence, simulated=simulated).to_pylist()
    return next(r for r in rows if r["statement_id"] == statement_id)


@pytest.mark.parametrize(
    ("levels", "n", "verdict"),
    [
        ([0.8, 0.6, 0.4, 0.2, 0.9], 1200, "agrees"),
        ([0.2, 0.4, 0.6, 0.8, 0.9], 1200, "differs"),
        ([0.52, 0.51, 0.50, 0.49, 0.9], 1200, "cannot_tell"),
        ([0.8, 0.6, 0.4, 0.2, 0.9], 20, "cannot_tell"),
    ],
)
def test_a_ranking_is_judged_by_the_ranks_that_are_possible(levels: list[float], n: int, verdict: str) -> None:
    row = found("top_digital_energie", codes=energy_ads(levels, n))
    assert row["verdict"] == verdict, row
    assert row["published"] == "basic_computer > resource_management_software > database > programming"


def test_a_ranking_of_a_topsector_without_ads_is_not_computed() -> None:
    assert found("top_digital_health")["verdict"] == "not_computed"


def test_the_share_of_a_function_group_is_judged_within_the_rounding_of_the_published_figure() -> None:
    row = found("ict_share_energie")  # one ad in eleven is 9.1 %
    assert (row["verdict"], row["ours"], row["n"]) == ("agrees", "9.2", 600)


@pytest.mark.parametrize(
    ("direction", "shown", "verdict"),
    [("rising", True, "agrees"), ("falling", True, "differs"), ("unclear", True, "cannot_tell"), ("rising", False, "cannot_tell")],
)  # fmt: skip
def test_a_riser_is_judged_by_the_direction_that_the_tests_allow(direction: str, shown: bool, verdict: str) -> None:
    item = {"topsector": "chemie", "item_kind": "skill", "item_id": "core.sap", "ratio": 2.0, "ratio_low": 1.5}
    counts = {"ratio_high": 2.5, "first_n": 50, "last_n": 90, "first_period": "2015", "last_period": "2017"}
    change = filled("out_change", **item, **counts, direction=direction, is_displayed=shown)
    row = found("trend_chemie_sap", change=change)
    assert row["verdict"] == verdict
    if direction == "unclear":  # the interval lies above 1: it leaves nothing open, the correction for many tests does
        assert row["note"] == "uncorrected"


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.9, 1.1, "agrees"), (1.4, 1.9, "differs"), (0.7, 1.2, "cannot_tell")]
)
def test_no_change_needs_an_interval_that_leaves_room_for_none(low: float, high: float, verdict: str) -> None:
    item = {"topsector": "health", "item_kind": "category_group", "item_id": "digital", "ratio": (low + high) / 2}
    counts = {"first_n": 50, "last_n": 90, "first_period": "2015", "last_period": "2017", "is_displayed": True}
    change = filled("out_change", **item, **counts, ratio_low=low, ratio_high=high, direction="unclear")
    assert found("digital_flat_health", change=change)["verdict"] == verdict


def test_of_real_ads_no_finding_is_an_input() -> None:
    evidence = Evidence(*map(empty, ("out_demand", "out_change", "out_drift")), energy_ads([0.5] * 5, 600), 0.95, 30)
    for simulated in (True, False):
        rows = reproduction_table(evidence, simulated=simulated).to_pylist()
        inputs = {r["statement_id"] for r in rows if r["basis"] == "input"}
        assert ("ict_share_htsm" in inputs) == simulated
        assert "function_groups" in inputs
        counted = tally(rows)
        judged = [r for r in rows if r["verdict"] != "not_computed"]
        assert sum(counted.values()) == len(judged)
        assert sum(n for (counts, _), n in counted.items() if counts) == sum(r["basis"] != "input" for r in judged)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_reads_in_both_languages(language: Lang) -> None:
    evidence = Evidence(*map(empty, ("out_demand", "out_change", "out_drift")), energy_ads([0.5] * 5, 600), 0.95, 30)
    rows = reproduction_table(evidence, simulated=True).to_pylist()
    t = Translator(language)
    parts = chapters(t, rows)
    assert sum(len(part.rows) for part in parts) == len(STATEMENTS)
    assert all(len(row) == len(COLUMNS) and row[5] for part in parts for row in part.rows)
    assert {r["verdict"] for r in rows} <= set(VERDICTS)
    assert "0" in closing(t, rows)
    sign = "4,3" if language == "nl" else "4.3"
    assert any(cell.startswith(sign) for part in parts for row in part.rows for cell in row)


def test_the_study_folder_reads_the_feeds_that_the_demo_writes(tmp_path: Path) -> None:
    demo = load_study(make_demo(tmp_path / "ads", 500, 1))
    own = load_study(ROOT / "examples" / "studies" / "reproduce-2019" / "study.yaml")
    assert own.reproduce == demo.reproduce == "study-2019"
    assert own.measures == demo.measures
    assert own.topsectors == f"ads/{demo.topsectors}"
    for ours, made in zip(own.sources, demo.sources, strict=True):
        assert (ours.id, ours.format, ours.files) == (made.id, made.format, [f"ads/{name}" for name in made.files])
        assert not ours.columns or ours.columns == made.columns
    assert yaml.safe_load((tmp_path / "ads" / "study.yaml").read_text(encoding="utf-8"))["simulated"] is True
