"""The labelled Dutch sentences fit the stored texts, and concepts in them are found as well as was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.evaluate.concepts import Sentence, concept_accuracy, mentioned, read_sentences
from overstap.evaluate.feeds import annotate_ads, sentence_texts
from overstap.reference import esco
from overstap.study import Annotation
from tests.shared_data import DATA, needs

LABELS = Path(__file__).parent / "labels"

pytestmark = needs("ads")


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return read_sentences(LABELS / "nl_sentences.csv", LABELS / "nl_sentence_skills.csv")


def test_offsets_fit_the_stored_text(sentences: list[Sentence]) -> None:
    texts = sentence_texts(DATA, sentences)
    assert len(sentences) >= 150
    assert len(texts) == len(sentences) == len({s.ad_id for s in sentences})
    for s in sentences:
        text = texts[s.sentence_id]
        assert text == text.strip() and "\n" not in text, s.sentence_id
        for skill in s.skills:
            word = text[skill.start - s.start : skill.end - s.start]
            before, after = text[skill.start - s.start - 1 : skill.start - s.start], text[skill.end - s.start :][:1]
            assert word == word.strip() and word, s.sentence_id
            assert not (word[0].isalnum() and before.isalnum()), s.sentence_id
            assert not (word[-1].isalnum() and after.isalnum() and not after.isupper()), s.sentence_id  # "AzureVoor"


def test_offsets_of_the_sentences_for_meaning_fit_too() -> None:
    sentences = read_sentences(LABELS / "nl_meaning.csv", LABELS / "nl_meaning_skills.csv")
    texts = sentence_texts(DATA, sentences)
    parts = {part: {s.ad_id for s in sentences if s.part == part} for part in ("choose", "report")}
    assert len(sentences) == len(texts) == 295 and not parts["choose"] & parts["report"]
    for s in sentences:
        text = texts[s.sentence_id]
        assert text == text.strip() and "\n" not in text, s.sentence_id
        for skill in s.skills:
            word = text[skill.start - s.start : skill.end - s.start]
            assert word and word == word.strip() and s.start <= skill.start < skill.end <= s.end, s.sentence_id


def test_concepts_are_found_as_measured(
    sentences: list[Sentence], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = DATA / "classifications"
    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path))
    esco.install([lists / "esco_v1.1.1_en", lists / "esco_nl" / "v1.1.1", lists / "esco_nl" / "derived"])
    skills = esco.load_skills().select(["esco_uri", "label_nl"]).to_pylist()
    dutch = {row["esco_uri"] for row in skills if row["label_nl"]}
    ads = annotate_ads(DATA, {("nl", s.ad_id) for s in sentences}, Annotation(taxonomy="esco", semantic=False))["nl"]
    held_out = [s for s in sentences if s.part == "heldout"]
    groups = concept_accuracy(held_out, mentioned(held_out, ads), dutch)
    print("\n" + "\n".join(f"{name}: {found}" for name, found in groups.items()))
    assert groups["all"].f1.value >= 0.56
