"""The span tagger: what it finds, in both languages, and that tokens and offsets agree with those of the lexicon."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numba import njit

from overstap.ads.tokens import char_tables, tokenize
from overstap.errors import ReferenceDataError
from overstap.semantic.span_features import N_FEATURES, all_features
from overstap.semantic.span_scores import WORDS, new_memory, score_segment
from overstap.semantic.span_tokens import BULLET, COMMA, ITEM, LINE, SPACE, STOP, read, split
from overstap.semantic.spans import KINDS, SpanTagger, read_arrays


@pytest.fixture(scope="module")
def tagger() -> SpanTagger:
    return SpanTagger.load()


def found(tagger: SpanTagger, text: str) -> list[tuple[str, str]]:
    spans = tagger.tag(pa.array([text]))
    return [(KINDS[k], text[a:b]) for k, a, b in zip(spans.kind, spans.start, spans.end, strict=True)]


@pytest.mark.parametrize(
    ("text", "kind", "phrase"),
    [
        ("Je legt makkelijk contact met klanten.", "skill", "legt makkelijk contact met klanten"),
        ("You draw up budgets with the team.", "skill", "draw up budgets with the team"),
        ("Ervaring met Kubernetes is een pré.", "knowledge", "Kubernetes"),
        ("Experience with Kubernetes and Java is required.", "knowledge", "Java"),
    ],
)
def test_phrase_is_found(tagger: SpanTagger, text: str, kind: str, phrase: str) -> None:
    spans = found(tagger, text)
    assert any(k == kind and (phrase in s or s in phrase) and 2 * len(s) >= len(phrase) for k, s in spans), spans


@pytest.mark.parametrize(
    "text",
    [
        "Wij bieden een salaris tussen € 2.800 en € 3.600 bruto per maand.",
        "Solliciteren kan tot en met 15 maart via onderstaande knop.",
        "Application deadline: 1 March.",
        "",
    ],
)
def test_nothing_is_asked(tagger: SpanTagger, text: str) -> None:
    assert found(tagger, text) == []


def test_rows_do_not_depend_on_their_neighbours(tagger: SpanTagger) -> None:
    texts = ["Ervaring met Java 😀", None, "- Opstellen van offertes\n- Je bent flexibel", "x" * 3000, "Kennis van SQL"]
    together = tagger.tag(pa.array(texts, pa.string()))
    for row, text in enumerate(texts):
        alone = tagger.tag(pa.array([text], pa.large_string()))
        here = together.take(together.row == row)
        for name in ("start", "end", "kind", "score"):
            assert getattr(here, name).tolist() == getattr(alone, name).tolist()
    assert set(together.row.tolist()) >= {0, 2, 4}


def test_sliced_column_and_long_column_in_pieces(tagger: SpanTagger) -> None:
    texts = pa.array(["Kennis van SQL en Python. " * 30] * 3000)  # more than one piece of 1 MB
    spans = tagger.tag(texts.slice(1))
    assert spans.row.tolist() == sorted(spans.row.tolist())
    first, last = spans.take(spans.row == 0), spans.take(spans.row == 2998)
    assert len(first.start) and first.start.tolist() == last.start.tolist()


def test_only_what_is_asked_for_is_read(tagger: SpanTagger) -> None:
    text = "Kennis van SQL\nKennis van Python"
    spans = tagger.tag(pa.array([text]), lambda row, start: start > 10)
    assert [text[a:b] for a, b in zip(spans.start, spans.end, strict=True)] == ["Python"]


def test_scores_are_probabilities(tagger: SpanTagger) -> None:
    spans = tagger.tag(pa.array(["Je bent klantgericht, flexibel en stressbestendig. Kennis van SAP en Excel."]))
    assert len(spans.score) >= 3 and ((spans.score > 0) & (spans.score <= 1)).all()


def test_what_stands_between_tokens(tagger: SpanTagger) -> None:
    text = "aa bb, cc. Dd • ee\n- ff node.js i.e. gg"
    tokens = read(pa.array([text], pa.large_string()), char_tables(), tagger.vocabulary, tagger.phrases)
    expected = [LINE, SPACE, COMMA, STOP, BULLET, ITEM, SPACE, SPACE, SPACE, SPACE, SPACE]
    assert tokens.gap.tolist() == expected
    assert [(t.start, t.end) for t in tokenize(text)] == list(zip(tokens.start, tokens.end, strict=True))
    assert split(tokens).tolist() == [0, 3, 4, 5]


@njit
def score(tokens, low, high, classes, weights, memory, out):  # type: ignore[no-untyped-def]
    score_segment(tokens, low, high, classes, weights, memory, out)


def plain_scores(tagger: SpanTagger, keys: np.ndarray) -> np.ndarray:
    """The scores of tokens from the keys of all their features, one by one, without memory."""
    table, mask = tagger.weights.table, len(tagger.weights.table) - 1
    scores = np.zeros((len(keys), 6))
    for t, row in enumerate(keys):
        for key in row.tolist():
            at = key & mask
            while (slot := int(table[at])) and slot >> 48 != max(key >> 16, 1):
                at = (at + 1) & mask
            scores[t] += [((slot >> 8 * label) & 255) - 128 if slot else 0 for label in range(6)]
    scores *= np.repeat(tagger.weights.step, 3)
    scores[:, [0, 3]] += tagger.weights.outside
    return scores


def test_remembered_scores_are_the_sums_of_all_features(tagger: SpanTagger) -> None:
    lines = ["Java", "Je bent", "- Ervaring met SQL en Python, C++ of SAP", "You draw up budgets: daily and weekly."]
    lines += [f"woord{k} en ander{k % 7}" for k in range(WORDS)]  # more words than are remembered
    tokens = read(pa.array(["\n".join(lines * 2)], pa.large_string()), char_tables(), tagger.vocabulary, tagger.phrases)
    first, n = split(tokens), len(tokens.row)
    keys = np.zeros((n, N_FEATURES), np.uint32)
    all_features(tokens, first, len(first), n, tagger.classes, keys)
    memory, found = new_memory(), np.zeros((256, 6), np.float32)
    stops = np.append(first[1:], n)
    checked = {*range(40), *range(len(first) // 2 - 5, len(first) // 2 + 40)}
    for at, (low, high) in enumerate(zip(first.tolist(), stops.tolist(), strict=True)):
        score(tokens, low, high, tagger.classes, tagger.weights, memory, found)
        if at in checked:
            assert found[: high - low] == pytest.approx(plain_scores(tagger, keys[low:high]), abs=1e-4)


def test_missing_or_broken_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="Install overstap again"):
        read_arrays(tmp_path / "none.npz")
    (tmp_path / "half.npz").write_bytes(b"PK")
    with pytest.raises(ReferenceDataError):
        read_arrays(tmp_path / "half.npz")
