"""Parts and contexts of any text whatever: they cover it, and stay within it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.education import education_levels
from overstap.ads.sections import split_sections

PIECES = st.sampled_from(
    ["Wat ga je doen?", "Wij bieden", "\n", "\n- ", "Requirements:", " je hebt ", "Nice to have", ". ", "; ", " (", ")",
     "é", "🙂", "hbo", " mbo 4", " is een pré", " geen ", " nodig", " bij voorkeur ", "**", ", ", "• ", "x",
     "PhD", "\r\n"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=30).map("".join))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXT), max_size=5))
def test_parts_cover_every_text_once_and_spans_lie_within_it(texts: list[str | None]) -> None:
    array = pa.array(texts, pa.large_string())
    zones = split_sections(array)
    for row, text in enumerate(texts):
        mine = zones.parts.row == row
        edges = np.concatenate([[0], zones.parts.end[mine]])
        assert (zones.parts.start[mine] == edges[:-1]).all()
        assert edges[-1] == len(text or "")
    for spans in (zones.optional, zones.clauses, zones.negated, education_levels(array).spans):
        assert (spans.start <= spans.end).all()
        assert all(end <= len(texts[row] or "") for row, end in zip(spans.row, spans.end, strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), TEXT)
def test_a_text_is_read_the_same_beside_any_other(texts: list[str], other: str) -> None:
    alone, beside = (education_levels(pa.array(rows, pa.string())) for rows in (texts, [other, *texts, other]))
    assert beside.levels.to_pylist()[1:-1] == alone.levels.to_pylist()
