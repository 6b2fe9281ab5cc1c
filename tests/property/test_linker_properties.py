"""Whatever the text, the linker answers within its bounds, and the order of the texts does not matter."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.semantic.clauses import MAX_PARTS, parts
from overstap.semantic.linker import Linker

TEXTS = st.lists(st.text(max_size=300) | st.sampled_from(["Python", "goed plannen, samenwerken en C++"]), max_size=4)


@lru_cache(maxsize=1)
def linker() -> Linker:
    return Linker.load()


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 12))
def test_any_text_gets_at_most_top_distinct_skills_with_probabilities(texts: list[str], top: int) -> None:
    links = linker().link(texts, top)
    assert (links.query[1:] >= links.query[:-1]).all()
    assert ((links.score >= 0) & (links.score <= 1)).all()
    for query in range(len(texts)):
        own = links.skill[links.query == query].tolist()
        assert len(own) == len(set(own)) <= top


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_the_order_of_texts_does_not_matter(texts: list[str]) -> None:
    forth, back = linker().link(texts, 1), linker().link(texts[::-1], 1)
    there = dict(zip(forth.query.tolist(), forth.score.tolist(), strict=True))
    here = {len(texts) - 1 - q: s for q, s in zip(back.query.tolist(), back.score.tolist(), strict=True)}
    assert there.keys() == here.keys()
    assert all(abs(there[q] - here[q]) < 1e-3 for q in there)


@given(st.text(max_size=2000))
def test_parts_start_with_the_whole_and_are_bounded(text: str) -> None:
    found = parts(text)
    assert found[0] == text.strip()
    assert len(found) <= MAX_PARTS
