"""Concepts in sentences: what counts as right, what is left out, and whose groups it belongs to."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.evaluate.concepts import (
    Found,
    GoldSkill,
    Sentence,
    concept_accuracy,
    exact_labels,
    linked,
    mentioned,
    read_sentences,
)

SQL, PYTHON, TEAM, BI, OTHER = (f"http://esco/{name}" for name in ("sql", "python", "team", "bi", "other"))


def skill(uri: str | None, *also: str, start: int = 0, end: int = 5) -> GoldSkill:
    return GoldSkill(start, end, "skill", uri, frozenset(also))


def sentence(name: str, *skills: GoldSkill) -> Sentence:
    return Sentence(name, f"ad-{name}", 100, 200, "dev", "tasks", skills)


def test_an_alternative_is_right_and_finds_the_skill() -> None:
    found = concept_accuracy([sentence("a", skill(TEAM, BI))], {"a": [Found(BI)]})["all"]
    assert (found.precision.value, found.recall.value, found.f1.value) == (1, 1, 1)


def test_a_wrong_concept_and_a_missed_one_cost_precision_and_recall() -> None:
    sentences = [sentence("a", skill(SQL), skill(PYTHON)), sentence("b")]
    found = concept_accuracy(sentences, {"a": [Found(SQL)], "b": [Found(OTHER), Found(OTHER)]})["all"]
    assert (found.precision.value, found.precision.n) == (0.5, 2), "a concept counts once a sentence"
    assert (found.recall.value, found.recall.n) == (0.5, 2)
    assert found.f1.value == pytest.approx(0.5)
    assert found.f1.low <= 0.5 <= found.f1.high


def test_what_esco_does_not_have_is_neither_right_nor_wrong() -> None:
    gold = sentence("a", skill(SQL), skill(None, BI, start=10, end=18))
    near, over, beside = Found(BI), Found(OTHER, 12, 15), Found(OTHER, 30, 35)
    assert concept_accuracy([gold], {"a": [Found(SQL), near, over]})["all"].precision.value == 1
    assert concept_accuracy([gold], {"a": [Found(SQL), near, over]})["all"].recall.n == 1
    assert concept_accuracy([gold], {"a": [Found(SQL), beside]})["all"].precision.value == 0.5


def test_concepts_without_a_dutch_label_are_told_apart() -> None:
    gold = sentence("a", skill(SQL), skill(TEAM))
    groups = concept_accuracy([gold], {"a": [Found(SQL)]}, dutch={SQL})
    assert groups["dutch label"].f1.value == 1
    assert groups["no dutch label"].recall.value == 0
    assert groups["no dutch label"].precision.n == 0


def test_mentions_count_inside_the_sentence_and_where_the_ad_asks() -> None:
    def mention(uri: str | None, start: int, section: str = "tasks") -> dict[str, object]:
        return {"esco_uri": uri, "start": start, "end": start + 3, "section": section}

    skills = [
        mention(SQL, 99),
        mention(PYTHON, 100),
        mention(None, 120),
        mention(BI, 130, "benefits"),
        mention(TEAM, 200),
    ]
    ads = pa.table({"ad_id": ["ad-a"], "skills": [skills]})
    assert mentioned([sentence("a")], ads) == {"a": [Found(PYTHON, 100, 103)]}
    with pytest.raises(InputError, match="ad-b"):
        mentioned([sentence("b")], ads)


def test_links_are_cut_at_their_number_and_score() -> None:
    scores = [{"uri": SQL, "label": "", "score": 0.9}, {"uri": BI, "label": "", "score": 0.4}]
    lines = [{"text": "x", "skills": scores}]
    assert linked([sentence("a")], lines, top=1) == {"a": [Found(SQL)]}
    assert linked([sentence("a")], lines, threshold=0.5) == {"a": [Found(SQL)]}
    assert linked([sentence("a")], lines) == {"a": [Found(SQL), Found(BI)]}


def test_exact_labels_take_the_longest_label_and_whole_words_only() -> None:
    labels = {"esco_uri": [SQL, BI, TEAM], "label_en": ["SQL", "SQL Server", "team"], "label_nl": [None, None, None]}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in labels.items()})
    assert exact_labels({"a": "Kennis van SQL Server in teams", "b": "sql"}, table) == {
        "a": [Found(BI)],
        "b": [Found(SQL)],
    }


def test_files_are_read_by_part_and_a_stray_label_is_refused(tmp_path: Path) -> None:
    sentences, skills = tmp_path / "s.csv", tmp_path / "k.csv"
    sentences.write_text("sentence_id,ad_id,start,end,part,section\ns1,A,0,9,dev,tasks\ns2,B,0,9,heldout,tasks\n")
    skills.write_text(f"sentence_id,start,end,kind,uri,also\ns2,0,3,skill,{SQL},{BI} {TEAM}\ns2,4,6,skill,,\n")
    (only,) = read_sentences(sentences, skills, "heldout")
    assert only.skills == (
        GoldSkill(0, 3, "skill", SQL, frozenset({BI, TEAM})),
        GoldSkill(4, 6, "skill", None, frozenset()),
    )
    skills.write_text("sentence_id,start,end,kind,uri,also\ns9,0,3,skill,,\n")
    with pytest.raises(InputError, match="s9"):
        read_sentences(sentences, skills)
