"""Skill mentions: ambiguous names are decided by case and context."""

from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.ads.skills import MENTIONS, OVERLAPPING, SkillRules, skill_kinds, skill_mentions
from overstap.reference.core_files import COLUMNS
from overstap.reference.taxonomy import Taxonomy, load_taxonomy

CORE = {
    "programming": [
        "core.java,Java,Java,,java,java,,java island,",
        "core.r,R,R,,,=R~ | r programming,@digital | statistiek | statistics,=R&D | r&d,",
        "core.go,Go,Go,,,=Go~ | golang,golang developer | backend,go to market,",
    ],
    "basic_computer": [
        "core.word,Word,Word,,,=Word~,excel | =Office,,",
        "core.excel,Excel,Excel,,,=Excel | excel~,excel sheet,excel in,",
    ],
    "communication": ["core.communicate,Communicatief,Communicative,,communicatief,communicative,,,"],
}


@pytest.fixture(scope="module")
def taxonomy(tmp_path_factory: pytest.TempPathFactory) -> Taxonomy:
    folder: Path = tmp_path_factory.mktemp("core")
    for category, rows in CORE.items():
        (folder / f"{category}.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return load_taxonomy(folder=folder)


def mentions(taxonomy: Taxonomy, *texts: str | None) -> list[tuple[int, str, str, float]]:
    rules = SkillRules.of(taxonomy)
    index = FormIndex.build(skill_kinds(taxonomy, rules), overlapping=OVERLAPPING)
    table = skill_mentions(scan(pa.array(texts, pa.string()), index), index, rules)
    assert table.schema == MENTIONS
    ids = taxonomy.skills.column("skill_id").to_pylist()
    return [
        (
            row["row"],
            ids[row["skill_index"]].removeprefix("core."),
            (texts[row["row"]] or "")[row["start"] : row["end"]],
            round(row["score"], 1),
        )
        for row in table.to_pylist()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je kent Java.", [("java", "Java", 1.0)]),
        ("Ervaring met R en Java", [("r", "R", 0.8), ("java", "Java", 1.0)]),
        ("Java, of: R", [("java", "Java", 1.0), ("r", "R", 0.8)]),
        ("Kennis van statistiek in R", [("r", "R", 0.9)]),
        ("R is een letter, communicatief", [("communicate", "communicatief", 1.0)]),
        ("R&D met Java", [("java", "Java", 1.0)]),
        ("You go backend", []),
        ("Go backend", [("go", "Go", 0.9)]),
        ("Go to market, backend", []),
        ("Een Golang developer in Go", [("go", "Golang", 1.0), ("go", "Go", 0.9)]),
        ("Word onze collega", []),
        ("Word en excel", [("word", "Word", 0.9)]),
        ("Word, Office", [("word", "Word", 0.9)]),
        ("Word for our office", []),
        ("You excel in Java; Excel", [("java", "Java", 1.0), ("excel", "Excel", 1.0)]),
        ("an excel sheet", [("excel", "excel", 0.9)]),
        ("Reizen naar Java Island", []),
        ("R with R", []),
    ],
)
def test_context_case_and_hiding_phrases(taxonomy: Taxonomy, text: str, expected: list[tuple[str, str, float]]) -> None:
    assert [found[1:] for found in mentions(taxonomy, text)] == expected


@pytest.mark.parametrize(("between", "counts"), [(14, True), (15, False)])
def test_the_window_is_fifteen_tokens_either_side(taxonomy: Taxonomy, between: int, counts: bool) -> None:
    gap = " woord" * between
    for other in ("Java", "statistics"):
        for text in (f"R{gap} {other}", f"{other}{gap} R"):
            assert any(found[1] == "r" for found in mentions(taxonomy, text)) is counts


def test_context_does_not_reach_into_another_text(taxonomy: Taxonomy) -> None:
    assert mentions(taxonomy, "R", "Java statistiek", None, "R") == [(1, "java", "Java", 1.0)]


def test_no_mentions_at_all(taxonomy: Taxonomy) -> None:
    assert mentions(taxonomy) == []
    assert mentions(taxonomy, "", None, "R") == []
