"""Properties of the span tagger on any text."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.tokens import char_tables, tokenize
from overstap.semantic.span_tokens import read
from overstap.semantic.spans import SpanTagger

TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aeSQL .,-•\n+#éß")), max_size=80)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_tokens_are_those_of_the_lexicon(texts: list[str]) -> None:
    tagger = SpanTagger.load()
    tokens = read(pa.array(texts, pa.large_string()), char_tables(), tagger.vocabulary, tagger.phrases)
    found = list(zip(tokens.row.tolist(), tokens.start.tolist(), tokens.end.tolist(), strict=True))
    assert found == [(row, t.start, t.end) for row, text in enumerate(texts) for t in tokenize(text)]


@settings(deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_spans_start_and_end_with_tokens_and_are_ordered(texts: list[str]) -> None:
    spans = SpanTagger.load().tag(pa.array(texts, pa.string()))
    places = [(r, a, b) for r, a, b in zip(spans.row.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)]
    assert places == sorted(places, key=lambda place: place[:2])
    for row, start, end in places:
        tokens = tokenize(texts[row])
        assert start in [t.start for t in tokens] and end in [t.end for t in tokens] and start < end
