"""Generator and extractor are strangers: joined by a table made by hand, with no word list in common."""

from __future__ import annotations

import ast
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

import overstap
from overstap.reference.taxonomy import load_taxonomy
from overstap.simulate import CONCEPTS, MarketSpec, truth
from tests.recovery.recovered import Record, crosswalk, known_forms

PACKAGE = Path(str(files(overstap)))
# What the simulator may import of the package. `reference.tables` gives the demo its topsectors: codes, no words;
# `survey.simulate` answers to the questionnaire, which no ad has.
ALLOWED = (
    "overstap.batches",
    "overstap.errors",
    "overstap.simulate",
    "overstap.reference.tables",
    "overstap.survey.simulate",
)


def test_every_concept_means_skills_that_exist() -> None:
    skills = set(load_taxonomy("core").skills["skill_id"].to_pylist())
    assert list(crosswalk()) == [c.id for c in CONCEPTS]
    unknown = {c: [s for s in meant if s not in skills] for c, meant in crosswalk().items()}
    assert not {c: s for c, s in unknown.items() if s}
    assert all(crosswalk().values())


# Concepts whose skills the taxonomy files elsewhere: a relation is built by talking, empathy is shown in talking, and what
# the simulator asks as knowledge of a trade is in ads a skill of planning, talking or serving.
ELSEWHERE = {
    "sim.building_networks", "sim.empathy", "sim.reading_drawings", "sim.account_management", "sim.project_management",
    "sim.telephone_handling", "sim.budgeting",
}  # fmt: skip


def test_concepts_and_their_skills_are_of_one_category_but_for_those_that_are_named() -> None:
    rows = load_taxonomy("core").skills.select(["skill_id", "category"]).to_pylist()
    category = {row["skill_id"]: row["category"] for row in rows}
    differ = {c.id for c in CONCEPTS if c.category not in {category[skill] for skill in crosswalk()[c.id]}}
    assert differ == ELSEWHERE


def test_the_simulator_imports_no_word_of_the_extractor() -> None:
    for path in sorted((PACKAGE / "simulate").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            strange = [n for n in names if n.startswith("overstap") and not n.startswith(ALLOWED)]
            assert not strange, f"{path.name} imports {strange}"
            if path.name != "demo.py":
                assert "overstap.reference.tables" not in names, path.name


def test_the_extractor_imports_nothing_of_the_simulator() -> None:
    for folder in ("ads", "reference", "analysis", "sources"):
        for path in (PACKAGE / folder).rglob("*.py"):
            assert "overstap.simulate" not in path.read_text(encoding="utf-8"), path


def test_the_simulators_data_are_files_of_its_own() -> None:
    ours = {p.name: p.read_bytes() for p in (PACKAGE / "simulate" / "data").iterdir()}
    theirs = {p.read_bytes() for p in (PACKAGE / "reference" / "data").rglob("*") if p.is_file()}
    assert ours and not set(ours.values()) & theirs
    assert b"core." not in ours["forms.csv"]


@pytest.mark.xdist_group("recovery")
def test_three_in_ten_mentions_use_a_form_that_the_lexicon_lacks(record_property: Record) -> None:
    """The lexicon is the one the study loads; each form is read in sentences of the simulator.

    No tolerance: the share is an expectation over 20,000 mentions, with a standard error below 0.4 points.
    """
    known, lacking, total = known_forms(), Counter[str](), 0
    for vacancy in truth(MarketSpec(seed=5, n_vacancies=6_000)).vacancies.select(["language", "skills"]).to_pylist():
        for skill in vacancy["skills"]:
            if skill["asked"]:
                forms = known[skill["concept"], vacancy["language"], skill["form_kind"]]
                lacking[skill["form_kind"]] += 1 - sum(forms) / len(forms)  # type: ignore[assignment]
                total += 1
    record_property("share_lacking_pct", round(100 * sum(lacking.values()) / total, 1))
    assert lacking["paraphrase"] + lacking["typo"] >= 0.30 * total
