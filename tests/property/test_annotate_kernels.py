"""The compiled steps behind the token pass give what their definitions in plain Python give."""

from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.context import Context, mention_context
from overstap.ads.lexicon import FormIndex
from overstap.ads.own_title import title_spans
from overstap.ads.scan import scan
from overstap.ads.skills import OVERLAPPING, SkillRules, skill_kinds, skill_mentions
from overstap.ads.spans import Spans
from overstap.reference.core_files import CoreSkill, Form
from overstap.reference.taxonomy import build_taxonomy
from tests.context_twin import walk
from tests.skills_twin import chosen

quick = settings(max_examples=200, deadline=None)
PIECES = st.sampled_from(
    ["Wij bieden", "\n", "\r\n", "\n- ", "- ", "* ", "• ", " · ", ". ", ".", "; ", "! ", "o.a. ", "zin.Je doet", " (", ") ",
     ", ", ": ", "**", " **", "_", "é", "ë", "🙂", "–", "\u00a0", "woord", "Woord ", "vier woorden en zes", "x", " ", "B.V. "]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=40).map("".join))


@st.composite
def mentions(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, int, int, bool]]]:
    """Texts, and spans in them (row, start, end, only first), ordered by row and start."""
    texts = draw(st.lists(TEXT, min_size=1, max_size=4))
    spans = []
    for row, text in enumerate(texts):
        for _ in range(draw(st.integers(0, 6)) if text.strip() else 0):
            start = draw(st.integers(0, len(text) - 1))
            line_end = min([start + 12, len(text), *(at for at in (text.find(c, start) for c in "\n\r") if at >= 0)])
            if line_end > start and text[start].isalnum():  # as tokens are
                spans.append((row, start, draw(st.integers(start + 1, line_end)), draw(st.booleans())))
    return texts, sorted(spans)


@quick
@given(mentions())
def test_the_walk_gives_the_context_that_each_mention_finds_for_itself(
    drawn: tuple[list[str], list[tuple[int, int, int, bool]]],
) -> None:
    texts, spans = drawn
    row, start, end = (np.array([span[k] for span in spans], np.int32) for k in range(3))
    first = np.array([span[3] for span in spans], np.bool_)
    array = pa.array(texts, pa.large_string())
    expected = np.zeros((len(fields(Context)), len(spans)), np.int32)
    raw = [int(byte) for text in texts for byte in text.encode()]
    offsets = np.cumsum([0, *(len(text.encode()) for text in texts)])
    walk(raw, offsets.tolist(), row.tolist(), start.tolist(), end.tolist(), first.tolist(), expected)
    found = mention_context(array, row, start, end, first)
    for name, values, wanted in zip(vars(found), vars(found).values(), expected, strict=True):
        assert values.tolist() == wanted.tolist(), name


FORMS = ["a", "b", "a b", "b a", "c", "a b c", "d", "e", "c d"]
GROUPS = ["digital", "other"]


@st.composite
def skill(draw: st.DrawFn, number: int) -> CoreSkill:
    forms = draw(st.lists(st.builds(Form, st.sampled_from(FORMS), needs_context=st.booleans()), max_size=3))
    return CoreSkill(
        f"core.s{number}", "x", "x", None, draw(st.sampled_from(["programming", "communication"])), forms,
        draw(st.lists(st.builds(Form, st.sampled_from(FORMS)), max_size=1)),
        draw(st.lists(st.builds(Form, st.sampled_from([*FORMS, "x", "y"])), min_size=1, max_size=2)),
        draw(st.lists(st.sampled_from(GROUPS), max_size=1)),
    )  # fmt: skip


@quick
@given(
    st.integers(1, 4).flatmap(lambda n: st.tuples(*(skill(number) for number in range(n)))),
    st.lists(
        st.lists(st.sampled_from(["a", "b", "c", "d", "e", "x", "y", "z", ",", "."]), max_size=40).map(" ".join),
        max_size=4,
    ),
)
def test_the_chosen_skills_are_those_of_the_definition(skills: tuple[CoreSkill, ...], texts: list[str]) -> None:
    taxonomy = build_taxonomy(skills)
    rules = SkillRules.of(taxonomy)
    index = FormIndex.build(skill_kinds(taxonomy, rules), overlapping=OVERLAPPING)
    found = scan(pa.array(texts, pa.string()), index)
    table = skill_mentions(found, index, rules)
    columns = (table[name].to_pylist() for name in ("row", "start", "skill_index", "score"))
    rows = [(row, start, number, round(score, 6)) for row, start, number, score in zip(*columns, strict=True)]
    assert rows == chosen(found, index, rules)


TITLE = st.lists(st.sampled_from(["data", "analist", "c#", "(sr", "é", "verpleegkundige", "1e"]), max_size=3).map(
    " ".join
)
TITLE_TEXT = st.lists(
    st.one_of(TITLE, st.sampled_from([" ", "-", "/", " - ", "\n", "x", "_", "é", "€", "–", "Data", "ANALIST", "\u00a0", "🙂"])),
    max_size=14,
).map("".join)  # fmt: skip


@quick
@given(st.lists(st.tuples(TITLE_TEXT, st.one_of(st.none(), TITLE)), max_size=4))
def test_own_titles_are_found_where_an_expression_finds_them(rows: list[tuple[str, str | None]]) -> None:
    expected = []
    for row, (text, key) in enumerate(rows):
        if key and (" " in key or len(key) >= 9):
            pattern = r"[\s/-]+".join(map(re.escape, key.split()))
            for match in re.finditer(rf"(?<![^\W]){pattern}(?!\w)", text.replace("\u00a0", "–"), re.IGNORECASE):
                expected.append((row, match.start(), match.end()))
    texts, keys = (pa.array([pair[k] for pair in rows], pa.string()) for k in (0, 1))
    found = title_spans(texts, keys)
    assert list(zip(found.row.tolist(), found.start.tolist(), found.end.tolist(), strict=True)) == [
        span for span in expected if rows[span[0]][0][span[1] : span[2]]
    ]


@quick
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(0, 9)), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=12),
)
def test_a_position_is_covered_where_any_span_holds_it(
    spans: list[tuple[int, int, int]], positions: list[tuple[int, int]]
) -> None:
    spans, positions = sorted(spans), sorted(positions)
    lines = [np.array(line, np.int32) for line in zip(*((r, s, s + n) for r, s, n in spans), strict=True)]
    row, at = (np.array([p[k] for p in positions], np.int32) for k in (0, 1))
    covered = Spans(*(lines or [np.zeros(0, np.int32)] * 3)).covers(row, at)
    assert covered.tolist() == [any(r == row and s <= at < s + n for r, s, n in spans) for row, at in positions]
