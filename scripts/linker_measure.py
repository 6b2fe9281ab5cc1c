"""Measure the linker: held-out phrases by language, and the Decorte validation sentences, which train nothing."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from linker_ranker import trains
from linker_sources import Phrase, Sources

from overstap.evaluate.concepts import Sentence, read_sentences
from overstap.evaluate.feeds import sentence_texts
from overstap.semantic.linker import Linker

SETS = ("tech", "house")
NO_SKILL = ("LABEL NOT PRESENT", "UNDERSPECIFIED")
LABELS = Path(__file__).parents[1] / "tests" / "real" / "labels"
_SEED, _DRAWS = 20261122, 2000


def decorte(path: Path, found: Sources) -> list[tuple[str, set[int]]]:
    """Sentences with the rows of their skills; those that only name no ESCO skill are left out, as their authors do."""
    row = {label.lower(): k for k, label in reversed(list(enumerate(found.labels_en)))}
    gold: dict[str, set[int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if (label := r["label"].strip()) not in NO_SKILL and label.lower() in row:
                gold.setdefault(r["sentence"], set()).add(row[label.lower()])
    return list(gold.items())


def r_precision(linker: Linker, cases: list[tuple[str, set[int]]], top: int = 5) -> np.ndarray:
    """For each sentence the skills found within the first `top`, over the most that could be."""
    links = linker.link([text for text, _ in cases], top)
    hits = np.zeros(len(cases))
    for query, skill in zip(links.query, links.skill, strict=True):
        hits[query] += skill in cases[query][1]
    return hits / [min(top, len(gold)) for _, gold in cases]


def labelled(shared: Path, found: Sources, part: str) -> list[tuple[str, set[int]]]:
    """Dutch sentences of ads of one part of the labels, with the rows of every concept that a coder would let pass."""
    row = {uri: k for k, uri in enumerate(found.uris)}
    sentences = _read(part)
    texts = sentence_texts(shared, sentences)
    named = [
        (texts[s.sentence_id], [u for skill in s.skills for u in (skill.uri, *skill.also) if u]) for s in sentences
    ]
    return [(text, {row[uri] for uri in uris if uri in row}) for text, uris in named]


def halves(n: int) -> tuple[list[int], list[int]]:
    """Half to tune on, half to report, by seed."""
    order = list(range(n))
    random.Random(_SEED).shuffle(order)
    return sorted(order[: n // 2]), sorted(order[n // 2 :])


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean by resampling."""
    draws = np.random.default_rng(0).choice(values, size=(_DRAWS, len(values))).mean(axis=1)
    return float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))


def report(linker: Linker, found: Sources, shared: Path) -> None:
    """Print every figure."""
    for name in SETS:
        cases = decorte(shared / "gold" / "esco_decorte" / f"{name}_validation_annotations.csv", found)
        values, (tuned, untouched) = r_precision(linker, cases), halves(len(cases))
        ten = r_precision(linker, cases, 10).mean()
        print(
            f"  {name}: RP@5 {_share(values)}, half A {100 * values[tuned].mean():.1f}, half B "
            f"{100 * values[untouched].mean():.1f}, RP@10 {100 * ten:.1f}"
        )
    for part in ("dev", "heldout"):
        _sentences(linker, f"Dutch sentences of ads, {part}", found, shared, part)
    held = [p for p in found.phrases_held if not trains(p)]
    _top(linker, "own phrases, English", (p for p in held if p.lang == "en"))
    _top(
        linker,
        "own phrases, Dutch, skill with Dutch label",
        (p for p in held if p.lang == "nl" and found.labels_nl[p.skill]),
    )
    _top(
        linker,
        "own phrases, Dutch, no Dutch label",
        (p for p in held if p.lang == "nl" and not found.labels_nl[p.skill]),
    )
    _top(linker, "VDAB competences, Dutch", (p for p in found.crosswalk_held if not trains(p)))


def _sentences(linker: Linker, name: str, found: Sources, shared: Path, part: str) -> None:
    """RP@5 by skill asked: one is found where its concept, or another that a coder would let pass, is among five."""
    sentences = [s for s in _read(part) if any(k.uri for k in s.skills)]
    texts = sentence_texts(shared, sentences)
    links = linker.link([texts[s.sentence_id] for s in sentences], 5)
    dutch = dict(zip(found.uris, found.labels_nl, strict=True))
    values: list[float] = []
    by_label: dict[bool, list[bool]] = {True: [], False: []}
    for query, sentence in enumerate(sentences):
        given = {found.uris[skill] for skill in links.skill[links.query == query]}
        asked = [k for k in sentence.skills if k.uri]
        hits = [any(k.accepts(uri) for uri in given) for k in asked]
        values.append(min(1.0, sum(hits) / min(5, len(asked))))
        for skill, hit in zip(asked, hits, strict=True):
            by_label[dutch.get(skill.uri) is not None].append(hit)
    print(f"  {name}: RP@5 {_share(np.array(values))}")
    for has, hits in by_label.items():
        print(f"    skills {'with' if has else 'without'} a Dutch label, found: {_share(np.array(hits, dtype=float))}")


def _read(part: str) -> list[Sentence]:
    return read_sentences(LABELS / "nl_sentences.csv", LABELS / "nl_sentence_skills.csv", part)


def _top(linker: Linker, name: str, cases: Iterable[Phrase]) -> None:
    phrases = list(cases)
    links = linker.link([p.text for p in phrases], 5)
    right = np.array([links.skill[k] == phrases[q].skill for k, q in enumerate(links.query)])
    first = np.zeros(len(phrases))
    any5 = np.zeros(len(phrases))
    starts = np.searchsorted(links.query, np.arange(len(phrases)))
    for k, q in enumerate(links.query):
        any5[q] = max(any5[q], right[k])
        if k == starts[q]:
            first[q] = right[k]
    print(f"  {name}: first {_share(first)}, among five {_share(any5)}")


def _share(values: np.ndarray) -> str:
    low, high = interval(values)
    return f"{100 * values.mean():.1f} ({100 * low:.0f}–{100 * high:.0f}, n={len(values)})"
