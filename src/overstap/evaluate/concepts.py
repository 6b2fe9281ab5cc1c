"""How well the ESCO concepts asked in single sentences are found, from sentences that were labelled by reading.

A labelled sentence is a span of the cleaned text of an ad; each of its skills is a span with the concept that a careful
coder would choose and the other concepts that would do as well. Concepts are compared as sets per sentence:

- a predicted concept is right where it is a skill's own concept or one that would do as well;
- a skill is found where one of its concepts is predicted; two skills of one concept are one;
- a skill that ESCO does not have is left out: what is predicted of it is neither right nor wrong.

Precision, recall and F1 pool all sentences; the interval is the percentile bootstrap over sentences (Efron &
Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 13).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.errors import InputError
from overstap.evaluate.measures import bootstrap
from overstap.evaluate.skills import Estimate
from overstap.schema.core import ASKED_SECTIONS

SENTENCE_COLUMNS = ("sentence_id", "ad_id", "start", "end", "part", "section")
SKILL_COLUMNS = ("sentence_id", "start", "end", "kind", "uri", "also")
GROUPS = ("all", "dutch label", "no dutch label")


@dataclass(frozen=True)
class GoldSkill:
    """A skill that a sentence asks: characters [start, end) of the ad's text, `skill` or `knowledge`, its concept
    (None where ESCO has none) and the concepts that would do as well."""

    start: int
    end: int
    kind: str
    uri: str | None
    also: frozenset[str]

    def accepts(self, uri: str) -> bool:
        """Whether a coder would let this concept pass."""
        return uri == self.uri or uri in self.also


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence: characters [start, end) of the cleaned text of an ad; `part` is dev or heldout."""

    sentence_id: str
    ad_id: str
    start: int
    end: int
    part: str
    section: str
    skills: tuple[GoldSkill, ...]


@dataclass(frozen=True)
class Found:
    """A predicted concept, with its span in the ad's text where that is known."""

    uri: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class ConceptAccuracy:
    """Precision (n: predicted concepts), recall (n: concepts asked) and F1 (n: sentences), each with its interval."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


def read_sentences(sentences: Path, skills: Path, part: str | None = None) -> list[Sentence]:
    """The labelled sentences of two CSV files (SENTENCE_COLUMNS, SKILL_COLUMNS), of one `part` or all.

    Raises InputError for a missing column, or a skill whose sentence is not there.
    """
    gold: dict[str, list[GoldSkill]] = {}
    for row in _rows(skills, SKILL_COLUMNS):
        skill = GoldSkill(
            int(row["start"]), int(row["end"]), row["kind"], row["uri"] or None, frozenset(row["also"].split())
        )
        gold.setdefault(row["sentence_id"], []).append(skill)
    found = [
        Sentence(
            r["sentence_id"], r["ad_id"], int(r["start"]), int(r["end"]), r["part"], r["section"],
            tuple(gold.pop(r["sentence_id"], ())),
        )
        for r in _rows(sentences, SENTENCE_COLUMNS)
    ]  # fmt: skip
    if gold:
        raise InputError(
            f"{skills} labels sentences that {sentences} does not hold, the first {min(gold)}.",
            fix="Keep the two files together.",
        )
    return [s for s in found if part is None or s.part == part]


def mentioned(sentences: Iterable[Sentence], annotations: pa.Table) -> dict[str, list[Found]]:
    """What `annotate` found in each sentence: `annotations` holds ad_id and skills of `core_annotations`.

    Only mentions in parts of the ad that ask, and only those of a skill that ESCO has. Raises InputError where an ad
    is missing.
    """
    skills = dict(zip(annotations.column("ad_id").to_pylist(), annotations.column("skills").to_pylist(), strict=True))
    result: dict[str, list[Found]] = {}
    for sentence in sentences:
        if sentence.ad_id not in skills:
            raise InputError(
                f"The labelled ad {sentence.ad_id} is not in the annotation.",
                fix="Annotate the same files from which the sentences were drawn.",
            )
        result[sentence.sentence_id] = [
            Found(m["esco_uri"], m["start"], m["end"])
            for m in skills[sentence.ad_id]
            if m["esco_uri"] and m["section"] in ASKED_SECTIONS and sentence.start <= m["start"] < sentence.end
        ]
    return result


def linked(
    sentences: Sequence[Sentence], lines: Sequence[Mapping[str, Any]], *, top: int = 10, threshold: float = 0.0
) -> dict[str, list[Found]]:
    """What `link-skills` found: its lines {text, skills: [{uri, label, score}]} in the order of `sentences`; of each
    the first `top` with at least the score `threshold`. Raises ValueError where the lines are not one a sentence."""
    return {
        sentence.sentence_id: [Found(s["uri"]) for s in line["skills"][:top] if s["score"] >= threshold]
        for sentence, line in zip(sentences, lines, strict=True)
    }


def exact_labels(texts: Mapping[str, str], skills: pa.Table) -> dict[str, list[Found]]:
    """The plain baseline: ESCO's preferred labels (`label_nl`, `label_en`, `esco_uri` of `skills`) found word for word
    in each text, the longest first; keys as in `texts`."""
    from overstap.ads.lexicon import FormIndex
    from overstap.ads.scan import scan

    forms = {
        row[column]: row["esco_uri"]
        for column in ("label_en", "label_nl")
        for row in skills.select([column, "esco_uri"]).to_pylist()
        if row[column]
    }
    index = FormIndex.build({"label": pa.table({"form": pa.array(list(forms), pa.string())})})
    found = scan(pa.array(list(texts.values()), pa.large_string()), index)
    uris, keys = list(forms.values()), list(texts)
    result: dict[str, list[Found]] = {key: [] for key in keys}
    for row, form in zip(found.row.tolist(), found.form.tolist(), strict=True):
        result[keys[row]].append(Found(uris[form]))
    return result


def concept_accuracy(
    sentences: Sequence[Sentence],
    found: Mapping[str, Sequence[Found]],
    dutch: Collection[str] = (),
) -> dict[str, ConceptAccuracy]:
    """Accuracy per group of GROUPS: all concepts, those with a Dutch label (their URIs in `dutch`), and those without.

    `found`: sentence_id → concepts, each counted once a sentence. A prediction belongs to the group of its own concept,
    a labelled skill to that of its.
    """
    counts = np.array([_count(s, found.get(s.sentence_id, ()), frozenset(dutch)) for s in sentences], np.float64)
    counts = counts.reshape(len(sentences), 2, 4)
    result = {}
    for name, part in zip(GROUPS, (counts.sum(1), counts[:, 0], counts[:, 1]), strict=True):
        sizes = (int(part[:, 1].sum()), int(part[:, 3].sum()), len(sentences))
        figures = zip(*bootstrap(part, _rates), sizes, strict=True)
        result[name] = ConceptAccuracy(*(Estimate(float(p), float(low), float(high), n) for p, low, high, n in figures))
    return result


def _count(sentence: Sentence, found: Iterable[Found], dutch: frozenset[str]) -> list[list[int]]:
    """Right, predicted, found and asked concepts of a sentence: first those with a Dutch label, then the rest."""
    counts = [[0, 0, 0, 0], [0, 0, 0, 0]]
    known = [skill for skill in sentence.skills if skill.uri]
    left_out = [skill for skill in sentence.skills if not skill.uri]
    spans: dict[str, list[Found]] = {}
    for item in found:
        spans.setdefault(item.uri, []).append(item)
    for uri, items in spans.items():
        right = any(skill.accepts(uri) for skill in known)
        if not right and any(skill.accepts(uri) or all(_overlaps(i, skill) for i in items) for skill in left_out):
            continue
        counts[uri not in dutch][0] += right
        counts[uri not in dutch][1] += 1
    for asked in {skill.uri for skill in known}:
        counts[asked not in dutch][2] += any(s.accepts(p) for s in known if s.uri == asked for p in spans)
        counts[asked not in dutch][3] += 1
    return counts


def _overlaps(item: Found, skill: GoldSkill) -> bool:
    return item.start is not None and item.end is not None and item.start < skill.end and skill.start < item.end


def _rates(sums: Any) -> Any:
    """Precision, recall and F1 from sums of right, predicted, found and asked in the last axis; NaN where undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall = sums[..., 0] / sums[..., 1], sums[..., 2] / sums[..., 3]
        f1 = np.where(precision + recall > 0, 2 * precision * recall / (precision + recall), 0.0)
    return np.stack([precision, recall, np.where(sums[..., 3] > 0, f1, np.nan)], axis=-1)


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [c for c in columns if c not in (reader.fieldnames or ())]:
            raise InputError(f"{path} has no column {', '.join(missing)}.", fix=f"It needs {', '.join(columns)}.")
        return list(reader)
