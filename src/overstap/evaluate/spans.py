"""How well spans that ask a skill or a knowledge are found, on sentences in which people marked them.

A predicted span is right where its characters overlap a marked span by at least half of the *longer* of the two;
spans are paired one to one within their sentence, the largest overlap first. Precision is right / predicted, recall
right / marked, F1 their harmonic mean; `exact` counts only spans with the same ends. Intervals: percentile bootstrap
over documents, since sentences of one resemble each other.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.evaluate.measures import bootstrap
from overstap.semantic.spans import KINDS, FoundSpans, SpanTagger

Span = tuple[int, int]
_MARK = re.compile(r"\[([sk]) ([^\]]*)\]")
_HELD_OUT = "# held out"
FIELDS = ("precision", "recall", "f1", "f1_low", "f1_high", "exact_f1")
TABLE = pa.schema(
    [("kind", pa.string()), ("source", pa.string())]
    + [(name, pa.float64()) for name in FIELDS]
    + [("sentences", pa.int64()), ("marked", pa.int64()), ("predicted", pa.int64())]
)


@dataclass(frozen=True)
class Sentence:
    """A text with the spans (kind of KINDS, characters [start, end)) that were marked in it."""

    text: str
    spans: tuple[tuple[str, Span], ...]
    source: str
    document: str


def read_skillspan(shared: Path, part: str) -> list[Sentence]:
    """The sentences of SkillSpan (Zhang et al. 2022), `part` train or dev; tokens joined by spaces, spans in
    characters. Source: house or tech; document: the posting."""
    sentences = []
    path = shared / "gold" / "skillspan" / f"{part}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = [(kind, span) for kind in KINDS for span in tagged_spans(row["tokens"], row[f"tags_{kind}"])]
            document = f"{row['source']}-{row['idx']}"
            sentences.append(Sentence(" ".join(row["tokens"]), tuple(spans), row["source"], document))
    return sentences


def read_marked(path: Path, *, held_out: bool) -> list[Sentence]:
    """Sentences with marks, `[s …]` a skill and `[k …]` a knowledge, one a line; those above the line `# held out`, or
    those below it. Other lines that start with `#` are remarks."""
    sentences, below = [], False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        below = below or line == _HELD_OUT
        if line and not line.startswith("#") and below == held_out:
            text, spans = _unmark(line)
            sentences.append(Sentence(text, spans, "own", f"{path.stem}-{number}"))
    return sentences


def tagged(sentences: Sequence[Sentence]) -> list[list[tuple[str, Span]]]:
    """What the bundled tagger finds in each sentence."""
    return by_row(SpanTagger.load().tag(pa.array([s.text for s in sentences], pa.large_string())), len(sentences))


def by_row(found: FoundSpans, rows: int) -> list[list[tuple[str, Span]]]:
    """Spans as one list a text."""
    lists: list[list[tuple[str, Span]]] = [[] for _ in range(rows)]
    columns = (found.row.tolist(), found.kind.tolist(), found.start.tolist(), found.end.tolist())
    for row, kind, start, end in zip(*columns, strict=True):
        lists[row].append((KINDS[kind], (start, end)))
    return lists


def span_accuracy(
    sentences: Sequence[Sentence],
    predicted: Sequence[Sequence[tuple[str, Span]]],
) -> pa.Table:
    """Accuracy (TABLE) by kind (all, skill, knowledge) and source (all, and each of the sentences').

    `predicted`: per sentence the spans found, as (kind, span). For kind `all` the kinds are ignored and equal spans
    count once. F1 has a 95 % interval. Shares are fractions, NaN where nothing can be counted.
    """
    sources = ["all", *sorted({s.source for s in sentences})]
    rows = []
    for kind in ("all", *KINDS):
        counts = np.array([_counts(s.spans, p, kind) for s, p in zip(sentences, predicted, strict=True)])
        for source in sources:
            at = [i for i, s in enumerate(sentences) if source in ("all", s.source)]
            if not at:
                continue
            rows.append({"kind": kind, "source": source, **_row(counts[at], [sentences[i] for i in at])})
    return pa.Table.from_pylist(rows, schema=TABLE)


def matches(predicted: Sequence[Span], marked: Sequence[Span]) -> int:
    """How many predicted spans are right: see the module for the rule."""
    pairs = []
    for i, (start, end) in enumerate(predicted):
        for j, (first, stop) in enumerate(marked):
            shared, longest = min(end, stop) - max(start, first), max(end - start, stop - first)
            if shared > 0 and 2 * shared >= longest:
                pairs.append((-shared / longest, i, j))
    left, right = set(), set()
    for _, i, j in sorted(pairs):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)


def _counts(marked: Iterable[tuple[str, Span]], predicted: Iterable[tuple[str, Span]], kind: str) -> list[int]:
    """Right, predicted, marked and exactly right spans of a sentence."""
    gold = sorted({span for name, span in marked if kind in ("all", name)})
    found = sorted({span for name, span in predicted if kind in ("all", name)})
    return [matches(found, gold), len(found), len(gold), len(set(found) & set(gold))]


def _row(counts: Any, sentences: Sequence[Sentence]) -> Mapping[str, float]:
    documents, at = np.unique([s.document for s in sentences], return_inverse=True)
    groups = np.zeros((len(documents), 4))
    np.add.at(groups, at, counts)
    right, predicted, marked, exact = groups.sum(axis=0)
    f1, low, high = (float(values[0]) for values in bootstrap(groups, _f1))
    return {
        "precision": right / predicted if predicted else float("nan"),
        "recall": right / marked if marked else float("nan"),
        "f1": f1,
        "f1_low": low,
        "f1_high": high,
        "exact_f1": 2 * exact / (predicted + marked) if predicted + marked else float("nan"),
        "sentences": len(sentences),
        "marked": int(marked),
        "predicted": int(predicted),
    }


def _f1(totals: Any) -> Any:
    """2 · right / (predicted + marked)."""
    whole = totals[..., 1:2] + totals[..., 2:3]
    return np.divide(2 * totals[..., :1], whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def tagged_spans(tokens: Sequence[str], tags: Sequence[str]) -> Iterator[Span]:
    """Spans in characters, of tokens joined by spaces, from tags B, I, O (also as B-Skill)."""
    place, begun, end = 0, -1, -1
    for token, tag in zip(tokens, tags, strict=True):
        if tag[:1] != "I" and begun >= 0:
            yield begun, end
            begun = -1
        if tag[:1] in ("B", "I"):
            begun, end = place if begun < 0 else begun, place + len(token)
        place += len(token) + 1
    if begun >= 0:
        yield begun, end


def _unmark(line: str) -> tuple[str, tuple[tuple[str, Span], ...]]:
    text, spans, place = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[place : mark.start()]
        kind = KINDS[0] if mark[1] == "s" else KINDS[1]
        spans.append((kind, (len(text), len(text) + len(mark[2]))))
        text += mark[2]
        place = mark.end()
    return text + line[place:], tuple(spans)
