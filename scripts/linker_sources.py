"""What the linker of phrases and skills is trained on: ESCO, crosswalks, O*NET, SkillSpan train, our own phrases.

Used by `train_linker.py`. Folders are those of the shared data; each source's licence stands in docs/model_card.md.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from overstap.semantic.pieces import words

csv.field_size_limit(1 << 30)
PHRASES = Path(__file__).parents[1] / "src" / "overstap" / "semantic" / "training"
HELD_PHRASES, HELD_CROSSWALK = 0.12, 0.08
_BRACKETS = re.compile(r"\s*\(.*?\)")
_RELATIONS = {"exactMatch": 3.0, "closeMatch": 2.0, "narrowMatch": 1.0, "broadMatch": 1.0}


@dataclass(frozen=True)
class Phrase:
    """A wording of a skill: row of the skill, language, text, weight in training."""

    skill: int
    lang: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Sentence:
    """A sentence of SkillSpan train: its tokens, and the spans that ask a skill or knowledge as token ranges."""

    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        return " ".join(self.tokens)

    def span_texts(self) -> list[str]:
        return [" ".join(self.tokens[a:b]) for a, b in self.spans]


@dataclass
class Sources:
    """Everything read once. Lists over skills follow the order of ESCO's file."""

    uris: list[str] = field(default_factory=list)
    labels_en: list[str] = field(default_factory=list)
    labels_nl: list[str | None] = field(default_factory=list)
    alternatives: list[list[tuple[str, str]]] = field(default_factory=list)
    descriptions: list[list[tuple[str, str]]] = field(default_factory=list)
    knowledge: list[bool] = field(default_factory=list)
    reuse: list[str] = field(default_factory=list)
    occupations: list[int] = field(default_factory=list)
    essential: list[int] = field(default_factory=list)
    crosswalk: list[Phrase] = field(default_factory=list)
    crosswalk_forms: list[Phrase] = field(default_factory=list)
    crosswalk_held: list[Phrase] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    phrases_held: list[Phrase] = field(default_factory=list)
    written: list[tuple[str, set[int]]] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    text_en: list[str] = field(default_factory=list)
    text_nl: list[str] = field(default_factory=list)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def bare(label: str) -> str:
    """A label without what stands in brackets."""
    return _BRACKETS.sub("", label).strip() or label


def held(text: str, share: float) -> bool:
    """Whether a text belongs to the held-out share, by its hash."""
    return zlib.crc32(text.encode()) % 1000 < share * 1000


def word_counts(texts: list[str]) -> Counter[str]:
    """How often each word stands in the texts."""
    return Counter(word for text in texts for word in words(text))


def read(shared: Path, phrases: Path = PHRASES) -> Sources:
    """Read all sources below the folder of shared data, and our own phrases."""
    found = Sources()
    classes = shared / "classifications"
    _skills(found, classes)
    row = {uri: k for k, uri in enumerate(found.uris)}
    _crosswalk(found, classes, row)
    for path in sorted(phrases.glob("phrases_*.csv")):
        for r in rows(path):
            if r["uri"] in row and (text := r["phrase"].strip()):
                kept = found.phrases_held if held(text, HELD_PHRASES) else found.phrases
                kept.append(Phrase(row[r["uri"]], r["lang"], text, 6.0))
    for r in rows(phrases / "sentences_multi.csv"):
        found.written.append((r["sentence"], {row[uri] for uri in r["uris"].split("|") if uri in row}))
    with gzip.open(shared / "gold" / "skillspan" / "train.jsonl.gz", "rt", encoding="utf-8") as file:
        found.sentences = [_sentence(json.loads(line)) for line in file]
    onet = classes / "onet_29.2"
    found.activities = [r["DWA Title"] for r in rows(onet / "dwa_reference.csv.gz")]
    found.text_en += [r["Task"] for r in rows(onet / "task_statements.csv.gz")] + found.activities
    found.text_en += [s.text for s in found.sentences]
    return found


def _skills(found: Sources, classes: Path) -> None:
    english = classes / "esco_v1.1.1_en"
    relations = rows(english / "occupationSkillRelations.csv.gz")
    asked = Counter(r["skillUri"] for r in relations)
    needed = Counter(r["skillUri"] for r in relations if r["relationType"] == "essential")
    dutch = {r["conceptUri"]: r for r in rows(classes / "esco_nl" / "derived" / "skills_nl_partial.csv.gz")}
    for r in rows(english / "skills_en.csv.gz"):
        uri, nl = r["conceptUri"], dutch.get(r["conceptUri"], {})
        found.uris.append(uri)
        found.labels_en.append(r["preferredLabel"].strip())
        found.labels_nl.append((nl.get("preferredLabel_nl") or "").strip() or None)
        others = [("en", a) for a in (r["altLabels"] + "\n" + r["hiddenLabels"]).split("\n")]
        others += [("nl", a) for a in nl.get("altLabels_nl", "").split("\n")]
        found.alternatives.append([(lang, a.strip()) for lang, a in others if a.strip()])
        told = [("en", r["description"].strip()), ("nl", nl.get("description_nl", "").strip())]
        found.descriptions.append([(lang, text) for lang, text in told if text])
        found.knowledge.append(r["skillType"] == "knowledge")
        found.reuse.append(r["reuseLevel"])
        found.occupations.append(asked[uri])
        found.essential.append(needed[uri])
    for k, label in enumerate(found.labels_en):
        for lang, text in [
            ("en", label),
            ("nl", found.labels_nl[k] or ""),
            *found.alternatives[k],
            *found.descriptions[k],
        ]:
            (found.text_en if lang == "en" else found.text_nl).append(text)
    for path, kept in (
        (english / "occupations_en.csv.gz", found.text_en),
        (classes / "esco_nl" / "v1.1.1" / "occupations_nl.csv.gz", found.text_nl),
        (classes / "esco_nl" / "v1.1.1" / "skillGroups_nl.csv", found.text_nl),
        (classes / "esco_nl" / "v1.1.1" / "ISCOGroups_nl.csv", found.text_nl),
    ):
        kept += [f"{r['preferredLabel']} {r['altLabels']} {r['description']}" for r in rows(path)]


def _crosswalk(found: Sources, classes: Path, row: dict[str, int]) -> None:
    for r in rows(classes / "vdab_competent_esco" / "vdab_competent_esco_clean.csv.gz"):
        text, relation = r["competent_label_nl"].strip(), r["mapping_relation"].split(":")[-1]
        if r["esco_uri"] not in row:
            continue
        phrase = Phrase(row[r["esco_uri"]], "nl", text, _RELATIONS.get(relation, 1.0))
        near = relation in ("exactMatch", "closeMatch")
        if near and held(text, HELD_CROSSWALK):
            found.crosswalk_held.append(phrase)
            continue
        found.crosswalk.append(phrase)
        found.text_nl.append(text)
        if near:
            found.crosswalk_forms.append(phrase)


def _sentence(entry: dict[str, list[str]]) -> Sentence:
    spans = []
    for name in ("tags_skill", "tags_knowledge"):
        tags = [*entry[name], "O"]
        for at, tag in enumerate(tags):
            if tag.startswith("B"):
                end = next(k for k in range(at + 1, len(tags)) if not tags[k].startswith("I"))
                spans.append((at, end))
    return Sentence(tuple(entry["tokens"]), tuple(sorted(set(spans))))


def pairs(found: Sources) -> list[Phrase]:
    """Every wording of a skill that trains the embeddings, with its weight."""
    out: list[Phrase] = []
    for k, label in enumerate(found.labels_en):
        out += [Phrase(k, "en", label), Phrase(k, "en", bare(label))]
        if own := found.labels_nl[k]:
            out += [Phrase(k, "nl", own, 2.0), Phrase(k, "nl", bare(own), 2.0)]
        out += [Phrase(k, lang, bare(text), 0.5 if lang == "en" else 2.0) for lang, text in found.alternatives[k]]
        for lang, text in found.descriptions[k]:
            weight = 0.7 if lang == "en" else 1.5
            out += [Phrase(k, lang, text[:300], weight), Phrase(k, lang, text.split(". ")[0][:200], weight)]
    return out + found.crosswalk + found.phrases
