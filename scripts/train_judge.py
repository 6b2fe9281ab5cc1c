"""Fit what judges the links of spans, and write src/overstap/semantic/data/judge.json.

    python scripts/train_judge.py --shared FOLDER [--measure]

FOLDER holds the shared data; ESCO must be installed. Fitted on the labelled Dutch sentences of `tests/real/labels`
but for `nl_fresh*` and the part `report` of `nl_meaning*`. `--measure` fits nothing: it prints what thresholds give on
the part `choose` with judges fitted on the other nine tenths of its ads.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from overstap.ads.annotate import Lexicon
from overstap.ads.scan import scan
from overstap.ads.sections import read_zones
from overstap.ads.skills import skill_mentions
from overstap.evaluate.concepts import Found, Sentence, concept_accuracy, mentioned, read_sentences
from overstap.evaluate.feeds import annotate_ads, cleaned_ads
from overstap.semantic.judge import ARTEFACT, FEATURES
from overstap.semantic.step import SemanticStep
from overstap.study import Annotation

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "tests" / "real" / "labels"
OUT = ROOT / "src" / "overstap" / "semantic" / "data" / ARTEFACT
SETS = (("nl_meaning.csv", "nl_meaning_skills.csv", "choose"), ("nl_sentences.csv", "nl_sentence_skills.csv", None))
STRENGTH = 0.3
"""Inverse of the penalty on weights of standardised features."""


@dataclass(frozen=True)
class Cases:
    """Links of spans in labelled sentences: features, whether right, the number of the sentence, and its mention."""

    x: Any
    right: Any
    sentence: Any
    said: list[Found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--measure", action="store_true")
    given = parser.parse_args()
    lexicon = Lexicon(Annotation(taxonomy="esco", semantic=False))
    step = SemanticStep(lexicon.taxonomy, 0.0)
    sets = [read_sentences(LABELS / sentences, LABELS / skills, part) for sentences, skills, part in SETS]
    cases = [cases_of(given.shared, lexicon, step, own) for own in sets]
    if given.measure:
        measure(given.shared, sets[0], *cases)
        return
    weights, level = fit(np.concatenate([c.x for c in cases]), np.concatenate([c.right for c in cases]))
    stored = {"weights": dict(zip(FEATURES, weights.round(4).tolist(), strict=True)), "level": round(level, 4)}
    OUT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{OUT}: {sum(len(c.right) for c in cases)} links, {sum(c.right.sum() for c in cases)} right\n{stored}")


def cases_of(shared: Path, lexicon: Lexicon, step: SemanticStep, sentences: list[Sentence]) -> Cases:
    """Every link of a span that starts in a labelled sentence; one that touches a skill ESCO lacks is left out."""
    by_ad: dict[str, list[int]] = {}
    for number, sentence in enumerate(sentences):
        by_ad.setdefault(sentence.ad_id, []).append(number)
    uris = lexicon.taxonomy.skills["esco_uri"].to_pylist()
    x, right, owner, said = [], [], [], []
    for ads in cleaned_ads(shared, {("nl", s.ad_id) for s in sentences})["nl"]:
        found = scan(ads.column("text"), lexicon.index)
        zones = read_zones(ads.column("text"), found, lexicon.index)
        linked = step.linked(skill_mentions(found, lexicon.index, lexicon.rules), ads.column("text"), zones)
        features, ids = linked.features(), ads.column("ad_id").to_pylist()
        for i, (row, start, end) in enumerate(
            zip(linked.found.row.tolist(), linked.found.start.tolist(), linked.found.end.tolist(), strict=True)
        ):
            for number in by_ad[ids[row]]:
                own = sentences[number]
                item = Found(uris[linked.skill[i]], start, end)
                if own.start <= start < own.end and (verdict := judged(own, item)) is not None:
                    x.append(features[i])
                    right.append(verdict)
                    owner.append(number)
                    said.append(item)
    return Cases(np.array(x), np.array(right), np.array(owner), said)


def judged(sentence: Sentence, item: Found) -> bool | None:
    """Whether the sentence asks it; null where it stands for a skill that ESCO lacks."""
    assert item.start is not None and item.end is not None
    if any(skill.uri and skill.accepts(item.uri) for skill in sentence.skills):
        return True
    lacking = [skill for skill in sentence.skills if not skill.uri]
    touches = any(s.accepts(item.uri) or (item.start < s.end and s.start < item.end) for s in lacking)
    return None if touches else False


def fit(x: Any, right: Any) -> tuple[Any, float]:
    """Weights and level for features as they are."""
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    line = LogisticRegression(C=STRENGTH).fit((x - centre) / spread, right)
    weights = line.coef_[0] / spread
    return weights, float(line.intercept_[0] - centre @ weights)


def measure(shared: Path, sentences: list[Sentence], own: Cases, other: Cases) -> None:
    """Precision, recall and F1 of concepts, forms and meaning, by threshold."""
    ads = annotate_ads(shared, {("nl", s.ad_id) for s in sentences}, Annotation(taxonomy="esco", semantic=False))["nl"]
    forms = mentioned(sentences, ads)
    folds = np.random.default_rng(11).permutation(len(sentences)) % 10
    score = np.zeros(len(own.right))
    for fold in range(10):
        away = folds[own.sentence] == fold
        weights, level = fit(np.concatenate([own.x[~away], other.x]), np.concatenate([own.right[~away], other.right]))
        score[away] = 1 / (1 + np.exp(-(own.x[away] @ weights + level)))
    for threshold in (1.1, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15):
        found = {key: list(value) for key, value in forms.items()}
        kept = np.flatnonzero(score >= threshold)
        for i in kept:
            found[sentences[own.sentence[i]].sentence_id].append(own.said[i])
        a = concept_accuracy(sentences, found)["all"]
        print(
            f"{threshold}: {len(kept)} links, {own.right[kept].sum()} right; precision {a.precision.value:.3f}, "
            f"recall {a.recall.value:.3f}, F1 {a.f1.value:.3f} ({a.f1.low:.3f}-{a.f1.high:.3f})"
        )


if __name__ == "__main__":
    main()
