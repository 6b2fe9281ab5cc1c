"""Sentences of ads find their ESCO skills as measured; floors stand about eight points under docs/model_card.md.

RP@5: right skills among the first five over the smaller of five and the skills asked. Decorte's sentences whose spans
are all LABEL NOT PRESENT or UNDERSPECIFIED are left out, as their authors do; the sets only measure.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from overstap.evaluate.concepts import read_sentences
from overstap.evaluate.feeds import sentence_texts
from overstap.semantic.linker import Linker
from tests.shared_data import DATA, needs

LABELS = Path(__file__).parent / "labels"

pytestmark = needs("gold")


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.load()


@pytest.mark.parametrize(("part", "floor"), [("tech", 0.56), ("house", 0.46)])
def test_english_sentences_find_their_skills(linker: Linker, part: str, floor: float) -> None:
    gold: dict[str, set[str]] = {}
    path = DATA / "gold" / "esco_decorte" / f"{part}_validation_annotations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] not in ("LABEL NOT PRESENT", "UNDERSPECIFIED"):
                gold.setdefault(row["sentence"], set()).add(row["label"].strip().lower())
    links = linker.link(list(gold), 5)
    labels = [label.lower() for label in linker.skills.column("label_en").to_pylist()]
    shares = [
        len(asked & {labels[row] for row in links.skill[links.query == k]}) / min(5, len(asked))
        for k, asked in enumerate(gold.values())
    ]
    mean = sum(shares) / len(shares)
    print(f"\n{part}: RP@5 {mean:.3f}, n={len(shares)}")
    assert mean >= floor


@pytest.mark.parametrize(("has_dutch", "floor"), [(True, 0.56), (False, 0.55)])
def test_dutch_sentences_of_ads_find_their_skills(linker: Linker, has_dutch: bool, floor: float) -> None:
    sentences = read_sentences(LABELS / "nl_sentences.csv", LABELS / "nl_sentence_skills.csv")
    texts = sentence_texts(DATA, sentences)
    uris, dutch = (linker.skills.column(name).to_pylist() for name in ("uri", "label_nl"))
    labelled = {uri for uri, label in zip(uris, dutch, strict=True) if label}
    links = linker.link([texts[s.sentence_id] for s in sentences], 5)
    hits = [
        any(skill.accepts(uris[row]) for row in links.skill[links.query == k])
        for k, sentence in enumerate(sentences)
        for skill in sentence.skills
        if skill.uri and (skill.uri in labelled) == has_dutch
    ]
    print(f"\nDutch label {has_dutch}: found among five {sum(hits) / len(hits):.3f}, n={len(hits)}")
    assert sum(hits) / len(hits) >= floor
