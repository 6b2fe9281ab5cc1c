"""The compiled token pass and its Python twin agree on every string."""

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overstap.ads.compounds import compound_heads
from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.ads.tokens import fold_tokens, tokenize
from overstap.ads.twin import Found, scan_text

quick = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

ANY = st.text(max_size=80)
DIRTY = (
    "aAbBcC19 .+#-/'_&,\n\t\0()éÉe\u0301ßẞİıĳﬁø²™®\u00ad\u200b\u200d\u2028\u00a0’–…𝗣𐐀漢字한글я😀🇳🇱\U000e0100\ufeffनि"
)
MIXED = st.text(alphabet=st.one_of(st.sampled_from(DIRTY), st.characters(exclude_categories=["Cs"])), max_size=60)
WORDS = st.lists(
    st.sampled_from(["a", "B", "c++", "C#", ".net", "node.js", "é", "x" * 70, "Straße", "İ", "."]), max_size=12
)
GLUE = st.sampled_from([" ", "-", "/", ", ", ". ", ".", "\n", "", "+", "\u2028", "\u200d"])
SENTENCE = st.builds(lambda words, glue: glue.join(words), WORDS, GLUE)
TEXTS = st.one_of(ANY, MIXED, SENTENCE)
FORMS = st.lists(st.tuples(st.one_of(SENTENCE, st.text(alphabet=DIRTY, max_size=6)), st.booleans()), max_size=8)


def table(forms: list[tuple[str, bool]]) -> pa.Table:
    return pa.table(
        {
            "form": pa.array([form for form, _ in forms], pa.string()),
            "case_sensitive": pa.array([exact for _, exact in forms], pa.bool_()),
        }
    )


def compiled(texts: pa.Array, index: FormIndex) -> list[list[Found]]:
    result = scan(texts, index)
    found: list[list[Found]] = [[] for _ in range(len(texts))]
    columns = (result.kind, result.form, result.start, result.end, result.token, result.last_token)
    for row, kind, *rest in zip(result.row.tolist(), *(column.tolist() for column in columns), strict=True):
        found[row].append(Found(index.kinds[kind], *rest))
    return [sorted(listed) for listed in found]


@quick
@given(TEXTS)
def test_tokens_and_offsets_are_those_of_the_definition(text: str) -> None:
    tokens = [t for t in tokenize(text) if len(t.text.encode()) <= 64]
    words = list(dict.fromkeys(text[t.start : t.end] for t in tokens))
    index = FormIndex.build({"word": table([(word, False) for word in words])}, overlapping=["word"])
    found = compiled(pa.array([text]), index)[0]
    expected = {(t.start, t.end) for t in tokens}
    assert {(f.start, f.end) for f in found if f.token == f.last_token} >= expected
    assert scan(pa.array([text]), index).n_tokens.tolist() == [len(tokenize(text))]


@quick
@given(st.lists(TEXTS, max_size=5), FORMS, FORMS, st.booleans())
def test_matches_are_those_of_the_twin(
    texts: list[str], one: list[tuple[str, bool]], two: list[tuple[str, bool]], large: bool
) -> None:
    votes = {"x": {"a": 2, "é": -1}, "y": {"a": 1}}
    index = FormIndex.build({"one": table(one), "two": table(two)}, overlapping=["two"], votes=votes)
    array = pa.array(["a", *texts], pa.large_string() if large else pa.string()).slice(1)
    twins = [scan_text(text, {"one": one, "two": two}, overlapping=["two"], votes=votes) for text in texts]
    result = scan(array, index)
    assert compiled(array, index) == [twin.found for twin in twins]
    assert result.n_tokens.tolist() == [twin.n_tokens for twin in twins]
    assert result.votes.tolist() == [[twin.votes["x"], twin.votes["y"]] for twin in twins]


@quick
@given(st.text(alphabet="abC019 '/_&-", max_size=80))
def test_the_quick_way_to_fold_a_form_gives_what_tokens_give(text: str) -> None:
    tokens = tokenize(text)
    slow = tuple(token.text for token in tokens) if tokens and all(len(t.text) <= 64 for t in tokens) else None
    assert fold_tokens(text) == slow


@quick
@given(st.binary(max_size=40), st.binary(max_size=10))
def test_bytes_that_are_no_utf8_never_reach_beyond_their_text(raw: bytes, tail: bytes) -> None:
    index = FormIndex.build({"word": table([("a", False), ("é", False)])})
    data = raw + tail
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, len(raw), len(data))))
    whole = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(data)])
    alone = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0" + len(raw).to_bytes(4, "little")), pa.py_buffer(raw)]
    )
    both, single = scan(whole, index), scan(alone, index)
    assert both.n_tokens[0] == single.n_tokens[0]
    assert both.start[both.row == 0].tolist() == single.start.tolist()


PARTS = ["python", "beheer", "data", "sql", "energie", "analyse", "database", "ontwerpen", "manage"]
WORD = st.one_of(
    st.sampled_from([*PARTS, "databases", "analyses", "managing", "beheren", "Data", "SQL", "database beheer"]),
    st.builds("".join, st.tuples(st.sampled_from(PARTS), st.sampled_from(["", "s", "en", "e", "x", "é", "ë"]),
              st.sampled_from([*compound_heads()[:6], "systeem", "systemen", "Kennis", "ontwikkelaar", "tools+"]))),
)  # fmt: skip
PHRASES = st.lists(st.lists(WORD, min_size=1, max_size=3).map(" ".join), max_size=6)


@quick
@given(
    st.lists(WORD, max_size=10).map(" ".join), st.lists(st.tuples(PHRASES.map(" ".join), st.booleans()), max_size=6),
    st.lists(st.tuples(WORD, st.booleans()), max_size=3),
)  # fmt: skip
def test_inflections_and_compounds_are_those_of_the_twin(
    text: str, forms: list[tuple[str, bool]], more: list[tuple[str, bool]]
) -> None:
    forms = [*forms, *more, ("python", False), ("database beheer", False), ("manage data", False), ("=SQL", True)]
    rows = table([(form.lstrip("="), exact) for form, exact in forms])
    rows = rows.append_column("language", pa.array(["any"] * len(forms)))
    rows = rows.append_column("skill_index", pa.array(range(len(forms)), pa.int32()))
    listed = [(form.lstrip("="), exact) for form, exact in forms]
    votes = {"x": {"data": 1}}
    kinds = {"skill": rows, "other": table([("data", False), ("databases", False)])}
    index = FormIndex.build(kinds, overlapping=["skill"], votes=votes, inflected=["skill"])
    twin = scan_text(
        text, {"skill": listed, "other": [("data", False), ("databases", False)]},
        overlapping=["skill"], votes=votes, inflected=["skill"],
    )  # fmt: skip
    assert compiled(pa.array([text]), index) == [twin.found]
    assert scan(pa.array([text]), index).votes.tolist() == [[twin.votes["x"]]]
