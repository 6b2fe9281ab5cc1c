"""Skills found in sentences, spans of skills, and judged windows of ads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from overstap.errors import InputError
from overstap.evaluate import spans
from overstap.evaluate.feeds import LABELLED, annotate_ads
from overstap.evaluate.files import AnnotatedSet, Row, text_of
from overstap.evaluate.measures import mean, proportion, r_precision, reciprocal_rank, reliability
from overstap.evaluate.section import (
    WORST,
    Part,
    Section,
    Table,
    Unavailable,
    figures_table,
    reliability_parts,
    share,
    short,
)
from overstap.evaluate.skills import Accuracy, Estimate, counted_in, read_judged, score, score_by
from overstap.semantic.linker import Linker

TOP = 10
_SPAN_KINDS = ("skill", "knowledge")


def sentences_section(item: AnnotatedSet) -> Section:
    """A set of kind sentences: one row a pair (`uri`), or a sentence with all its `uris` (a list, or separated by
    spaces or |). Sentences without a skill count for nothing. Raises InputError where no skill is named."""
    gold: dict[str, dict[str, None]] = {}
    for text, row in zip(text_of(item, "sentence"), item.rows, strict=True):
        value = row.get("uris") or row.get("uri") or ""
        uris = value if isinstance(value, list) else str(value).replace("|", " ").split()
        gold.setdefault(text, {}).update(dict.fromkeys(uris))
    asked = {text: list(uris) for text, uris in gold.items() if uris}
    if not asked:
        raise InputError(f"{item.path} names no skill.", fix="Fill the column uri, or uris.")
    return linked_section(item.name, asked, item.shown)


def linked_section(title: str, asked: dict[str, list[str]], shown: bool, linker: Linker | None = None) -> Section:
    """Sentences with the ESCO skills (URIs) that they ask, against what `link-skills` gives: RP@5, RP@10, MRR."""
    linker = linker or Linker.load()
    texts, gold = list(asked), list(asked.values())
    links, uris = linker.link(texts, top=TOP), linker.skills["uri"].to_pylist()
    found: list[list[str]] = [[] for _ in texts]
    scores: list[list[float]] = [[] for _ in texts]
    for query, skill, value in zip(links.query, links.skill, links.score, strict=True):
        found[int(query)].append(uris[int(skill)])
        scores[int(query)].append(float(value))
    cases = list(zip(found, gold, strict=True))
    figures: list[tuple[str, Estimate]] = [
        *((f"RP@{k}", mean(r_precision(f, g, k) for f, g in cases)) for k in (5, 10)),
        (f"MRR (first {TOP})", mean(reciprocal_rank(f, g) for f, g in cases)),
    ]
    right = [uri in g for f, g in cases for uri in f]
    bins = reliability([s for row in scores for s in row], right)
    labels = dict(zip(uris, linker.skills["label_en"].to_pylist(), strict=True))
    parts: tuple[Part, ...] = (
        figures_table(figures),
        *reliability_parts(f"Score of a linked skill: {title}", bins),
        *_worst_links(texts, found, gold, scores, labels, shown),
    )
    pairs = sum(map(len, gold))
    unknown = len({uri for g in gold for uri in g} - set(uris))
    about = f"{len(texts):,} sentences with the {pairs:,} ESCO skills they ask"
    if unknown:
        about += f"; {unknown:,} of these URIs are not in the ESCO of the model and cannot be found"
    return Section(title, about, tuple(figures), parts)


def spans_section(item: AnnotatedSet) -> Section:
    """A set of kind spans, in the form of overstap or of SkillSpan. Raises InputError for a span that does not fit."""
    sentences = [marked_sentence(item, at, row) for at, row in enumerate(item.rows, 1)]
    return spans_tables(item.name, sentences)


def spans_tables(title: str, sentences: Sequence[spans.Sentence]) -> Section:
    """Marked sentences against what the span tagger finds."""
    try:
        predicted = spans.tagged(sentences)
    except FileNotFoundError as error:
        raise Unavailable("the model of spans is not part of it.") from error
    table = spans.span_accuracy(sentences, predicted).to_pylist()
    figures, rows = [], []
    several = len({sentence.source for sentence in sentences}) > 1
    for row in (r for r in table if several or r["source"] == "all"):
        right, exact = round(row["precision"] * row["predicted"]) if row["predicted"] else 0, row["exact_f1"]
        precision = proportion([True] * right + [False] * (row["predicted"] - right))
        recall = proportion([True] * right + [False] * (row["marked"] - right))
        f1 = Estimate(row["f1"], row["f1_low"], row["f1_high"], row["sentences"])
        if row["source"] == "all":
            figures.append((f"F1, {row['kind']}", f1))
        cells = (
            f"{precision.n:,}",
            share(precision),
            f"{recall.n:,}",
            share(recall),
            f"{f1.n:,}",
            share(f1),
            "–" if math.isnan(exact) else f"{exact:.2f}",
        )
        rows.append((row["kind"], row["source"], *cells))
    head = ("kind", "source", "found", "precision", "marked", "recall", "sentences", "F1", "F1, same ends")
    said = (
        "A found span is right where it overlaps a marked one by at least half of the longer of the two, one to one. "
        "Precision and recall have Wilson's interval, F1 the bootstrap over documents; that of the same ends has none."
    )
    about = f"{len(sentences):,} sentences with marked spans"
    return Section(title, about, tuple(figures), (said, Table(head, tuple(rows))))


def mentions_section(item: AnnotatedSet) -> Section:
    """A set of kind mentions, with its totals in FILE_totals.csv. Raises Unavailable where its ads were not given."""
    if item.data is None:
        raise Unavailable("the ads from which its windows were drawn: give the folder of data as one more set.")
    totals = item.path.with_name(f"{item.path.stem}_totals.csv")
    if not totals.is_file():
        raise InputError(
            f"There is no file {totals}.",
            why="A judged window weighs as many windows as it stands for.",
            fix="Write skill_id,counted_n,other_n to it: how many windows each stratum has.",
        )
    judged = read_judged([item.path], [totals])
    if unknown := {j.ad[0] for j in judged} - LABELLED.keys():
        raise InputError(f"{item.path}: no set of ads is named {min(unknown)}.", fix=f"Use {', '.join(LABELLED)}.")
    found = counted_in(judged, annotate_ads(item.data, {j.ad for j in judged}))
    whole = score(judged, found)
    figures = [("precision", whole.precision), ("recall", whole.recall)]
    table = accuracy_table("skill", score_by(judged, found, lambda j: j.skill_id))
    return Section(
        item.name, f"{whole.windows:,} windows of ads, judged", tuple(figures), (figures_table(figures), table)
    )


def accuracy_table(name: str, groups: dict[str, Accuracy]) -> Table:
    """Precision and recall per group, with their cases."""
    rows = (
        (key, f"{a.precision.n:,}", share(a.precision), f"{a.recall.n:,}", share(a.recall)) for key, a in groups.items()
    )
    return Table((name, "found", "precision", "asked", "recall"), tuple(rows))


def _worst_links(
    texts: Sequence[str],
    found: Sequence[Sequence[str]],
    gold: Sequence[Sequence[str]],
    scores: Sequence[Sequence[float]],
    labels: dict[str, str],
    shown: bool,
) -> tuple[Part, ...]:
    """Sentences none of whose skills is among the found, at the highest first score; else the skills missed most."""
    missed = [i for i in range(len(texts)) if found[i] and not set(found[i]) & set(gold[i])]

    def named(uri: str) -> str:
        return short(labels.get(uri) or uri, 50)

    if shown:
        worst = sorted(missed, key=lambda i: (-scores[i][0], i))[:WORST]
        cells = ((short(texts[i]), named(gold[i][0]), named(found[i][0]), f"{scores[i][0]:.2f}") for i in worst)
        said = f"Of {len(texts):,} sentences, {len(missed):,} have none of their skills among the first {TOP}:"
        return (said, Table(("sentence", "a right one", "first given", "score"), tuple(cells)))
    pairs = [(uri, uri in f) for f, g in zip(found, gold, strict=True) for uri in g]
    counts = {uri: [sum(hit for u, hit in pairs if u == uri), sum(u == uri for u, _ in pairs)] for uri, _ in pairs}
    often = sorted(counts.items(), key=lambda item: (item[1][0] - item[1][1], item[0]))[:WORST]
    rows = tuple((uri.rpartition("/")[2], f"{hit} of {n}") for uri, (hit, n) in often if hit < n)
    said = "ESCO skills missed most often (the texts of this set are not shown: its licence is not stated):"
    return (said, Table(("skill", f"among the first {TOP}"), rows))


def marked_sentence(item: AnnotatedSet, at: int, row: Row) -> spans.Sentence:
    """Case `at` as a marked sentence. Raises InputError for marks that do not fit."""

    def wrong(what: str) -> InputError:
        return InputError(
            f"{item.path}: case {at} {what}.",
            fix='{"text": "…", "spans": [{"start": 0, "end": 6, "kind": "skill"}]}, or tokens with tags B, I, O.',
        )

    marked = []
    if "tokens" in row:
        text = " ".join(row["tokens"])
        for kind in _SPAN_KINDS:
            tags = row.get(f"tags_{kind}")
            if not isinstance(tags, list) or len(tags) != len(row["tokens"]):
                raise wrong(f"has not one tag of {kind} a token")
            marked += [(kind, span) for span in spans.tagged_spans(row["tokens"], tags)]
    else:
        text = row.get("text") or ""
        for span in row.get("spans") or ():
            start, end, kind = (span.get(k) for k in ("start", "end", "kind"))
            if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
                raise wrong(f"has a span {start}–{end} outside its text of {len(text)} characters")
            if kind not in _SPAN_KINDS:
                raise wrong(f"has a span of kind '{kind}', which is neither skill nor knowledge")
            marked.append((kind, (start, end)))
    document = f"{row['source']}-{row['idx']}" if "source" in row and "idx" in row else str(at)
    return spans.Sentence(text, tuple(marked), str(row.get("source") or "set"), document)
