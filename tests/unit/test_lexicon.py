"""Build, keep and scan with a form index."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.reference.cache import keep


def forms(*items: str) -> pa.Table:
    """Forms in the notation of the core taxonomy: a leading = means this case."""
    return pa.table(
        {"form": [i.removeprefix("=") for i in items], "case_sensitive": [i.startswith("=") for i in items]},
        schema=pa.schema([("form", pa.string()), ("case_sensitive", pa.bool_())]),
    )


def spans(index: FormIndex, text: str) -> list[tuple[str, str]]:
    result = scan(pa.array([text]), index)
    return [
        (index.kinds[kind], text[start:end])
        for kind, start, end in zip(result.kind, result.start.tolist(), result.end.tolist(), strict=True)
    ]


def test_longest_match_wins_within_a_kind_and_kinds_do_not_hide_each_other() -> None:
    index = FormIndex.build({"skill": forms("go", "go to market"), "head": forms("market")})
    assert spans(index, "Go-to-market in Go") == [("skill", "Go-to-market"), ("head", "market"), ("skill", "Go")]


def test_overlapping_kinds_give_every_match() -> None:
    index = FormIndex.build({"all": forms("power", "power bi", "bi")}, overlapping=["all"])
    assert [text for _, text in spans(index, "Power BI")] == ["Power", "Power BI", "BI"]


def test_case_counts_where_the_form_says_so() -> None:
    index = FormIndex.build({"skill": forms("=Power BI", "=R", "=SAS")})
    assert [text for _, text in spans(index, "power bi, r, R; Power-BI. sas SAS")] == ["R", "Power-BI", "SAS"]


def test_a_longer_form_in_another_case_leaves_the_shorter_one() -> None:
    index = FormIndex.build({"skill": forms("excel", "=Excel In")})
    assert [text for _, text in spans(index, "excel in Excel In")] == ["excel", "Excel In"]


def test_no_match_across_a_hard_break() -> None:
    index = FormIndex.build({"skill": forms("machine learning")})
    assert spans(index, "machine, learning machine\nlearning machine. Learning") == []
    assert len(spans(index, "machine-learning Machine/Learning")) == 2


def test_a_plus_or_dot_that_hangs_on_a_word_does_not_hide_it() -> None:
    index = FormIndex.build({"skill": forms("java", "c", "c++", "c#", ".net")})
    found = [text for _, text in spans(index, "Java+spring; .Java C++ C# .NET c+")]
    assert found == ["Java", "Java", "C++", "C#", ".NET", "c"]


def test_votes_and_tokens_are_counted_per_text_and_null_has_none() -> None:
    index = FormIndex.build({}, votes={"nl": {"de": 3, "het": 2}, "en": {"the": 3, "de": -1}})
    result = scan(pa.array(["De het the", None, "", "xyz"]), index)
    assert result.n_tokens.tolist() == [3, 0, 0, 1]
    assert result.votes.tolist() == [[5, 2], [0, 0], [0, 0], [0, 0]]
    assert scan(pa.array(["de " * 5000]), index).votes.tolist() == [[15000, -5000]]
    with pytest.raises(ValueError, match="one token"):
        FormIndex.build({}, votes={"nl": {"de het": 1}})


def test_slices_chunks_and_threads_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overstap.ads.scan._CHUNK_BYTES", 50)
    index = FormIndex.build({"skill": forms("java", "power bi")})
    texts = [None if n % 7 == 0 else f"één {'java, ' * n} Power BI" for n in range(40)]
    whole = scan(pa.array(texts), index)
    others = [
        scan(pa.array(["java", *texts, "java"]).slice(1, 40), index, threads=2),
        scan(pa.chunked_array([texts[:3], texts[3:], []], pa.large_string()), index),
        scan(pa.array(texts).dictionary_encode(), index),
    ]
    expected = [n for n, text in enumerate(texts) for _ in range(n + 1) if text]
    assert whole.row.tolist() == expected
    for other in others:
        for name in ("row", "form", "start", "end", "token", "last_token", "n_tokens"):
            assert getattr(other, name).tolist() == getattr(whole, name).tolist()


def test_more_mentions_than_room_and_runs_longer_than_a_segment() -> None:
    index = FormIndex.build({"skill": forms("a b c", "d"), "each": forms("a", "a b", "b", "c")}, overlapping=["each"])
    n = 3001
    result = scan(pa.array(["d", "a b c " * n, "d"]), index)
    skills = result.of_kind(0)
    assert result.row[skills].tolist() == [0] + [1] * n + [2]
    assert result.start[skills][1:-1].tolist() == [6 * k for k in range(n)]
    assert result.token[skills][1:-1].tolist() == [3 * k for k in range(n)]
    assert len(result.of_kind(1)) == 4 * n


def test_nothing_to_scan() -> None:
    index = FormIndex.build({"skill": forms("a")}, votes={"nl": {"de": 1}})
    for empty in (pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.array([None], pa.string())):
        assert len(scan(empty, index).row) == 0
        assert scan(empty, index).votes.shape == (len(empty), 1)


def test_forms_that_cannot_match_are_counted() -> None:
    index = FormIndex.build({"skill": forms("c, c++", "", "java")})
    assert index.unusable == {"skill": 2}


def test_a_kept_index_is_the_built_one_in_values_and_types(tmp_path: Path) -> None:
    def build() -> FormIndex:
        return FormIndex.build(
            {"skill": forms("java", "=R", "größe"), "each": forms("a", "a b")},
            overlapping=["each"],
            votes={"nl": {"de": 1}, "en": {"the": 2}},
        )

    built = keep("forms", "1", build, FormIndex.pack, FormIndex.unpack, tmp_path)
    kept = keep("forms", "1", pytest.fail, FormIndex.pack, FormIndex.unpack, tmp_path)
    assert (kept.kinds, kept.vote_names, kept.unusable) == (built.kinds, built.vote_names, built.unusable)
    assert kept.max_form_tokens == built.max_form_tokens
    for name, one, other in zip(built.arrays._fields, built.arrays, kept.arrays, strict=True):
        assert np.array_equal(one, other), name
        # another type, layout or right to write would have the kernel compiled a second time
        assert (one.dtype, one.shape, one.flags.c_contiguous) == (other.dtype, other.shape, other.flags.c_contiguous)
        assert one.flags.writeable and other.flags.writeable, name
    assert spans(kept, "R en Java, Größe") == spans(built, "R en Java, Größe") != []
