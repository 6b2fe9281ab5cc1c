"""A result is made anew where the code or the words behind it change, wherever they stand."""

from __future__ import annotations

import ast
from pathlib import Path

import overstap
from overstap.codebase import _imports, files_behind
from overstap.pipeline import changed_settings, study_steps

ROOT = Path(overstap.__file__).parent


def behind(step: str) -> set[str]:
    found = next(s for s in study_steps() if s.name == step)
    return {str(path.relative_to(ROOT)) for path in files_behind(found.code)}


def test_masking_rules_stand_behind_the_stored_ads() -> None:
    assert {"sources/csv_ads.py", "ads/mask.py", "ads/mask_names.py", "ads/mask_phones.py", "ads/names.py"} <= behind(
        "ingest_ads"
    )


def test_word_lists_stand_behind_annotation() -> None:
    words = {"reference/data/section_cues.csv", "reference/data/core_skills/programming.csv", "ads/kernel.py"}
    assert words <= behind("annotate_ads")


def test_models_stand_behind_annotation_and_not_behind_measures() -> None:
    models = {"reference/models/title_encoder.npz", "semantic/data/linker.npz", "semantic/data/spans.npz"}
    assert models <= behind("annotate_ads")
    assert not models & behind("measure_demand")


def test_the_imports_read_off_lines_are_those_of_the_parser() -> None:
    for path in ROOT.rglob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ImportFrom)]
        parsed = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
        assert {name for name in parsed if name.startswith("overstap.")} <= set(_imports(path)), path


def test_intervals_stand_behind_the_measures() -> None:
    assert {"analysis/uncertainty.py", "analysis/demand.py"} <= behind("measure_change")
    assert "ads/mask.py" not in behind("measure_change")


def test_words_about_a_study_are_no_settings() -> None:
    old = {"title": {"nl": "a"}, "sources": [{"id": "x", "note": {}}], "measures": {"min_n": 30}}
    new = {"title": {"nl": "b"}, "sources": [{"id": "x", "note": {"nl": "let op"}}], "measures": {"min_n": 10}}
    assert changed_settings(old, new) == ["measures.min_n"]
    assert changed_settings(old, {**old, "simulated": True}) == ["simulated"]
