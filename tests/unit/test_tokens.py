"""What a token is."""

import pytest

from overstap.ads.tokens import fold_tokens, readings, tokenize


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Power-BI, C++/C# en .NET", ["power", "bi", "c++", "c#", "en", ".net"]),
        ("Node.js ASP.NET industrie 4.0", ["node", "js", "asp", "net", "industrie", "4", "0"]),
        ("één café Straße İstanbul ﬁets ĳs", ["een", "cafe", "strasse", "istanbul", "fiets", "ijs"]),
        ("e\u0301e\u0301n samen\u00adwerken", ["een", "samenwerken"]),
        ("...en .NET", ["en", ".net"]),
        ("𝗣𝘆𝘁𝗵𝗼𝗻 m²", ["python", "m2"]),
        ("Ελληνικά Ёлка", ["ελληνικα", "елка"]),
        ("", []),
        ("\0 \u2028 😀", []),
    ],
)
def test_folded_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("soft", [" ", "-", "/", "'", "’", "_", "&", "® ", "\u00a0", "\u2011", ".", " - "])
def test_soft_characters_let_a_form_run_on(soft: str) -> None:
    assert not tokenize(f"power{soft}bi")[1].hard_before


@pytest.mark.parametrize("hard", [",", "\n", ". ", ";", ":", "(", "\u2028", "\u2022", "\0", "–", "|", "…", " + "])
def test_hard_characters_end_a_form(hard: str) -> None:
    assert tokenize(f"power{hard}bi")[1].hard_before


def test_offsets_count_characters() -> None:
    text = "😀 één c++"
    assert [text[t.start : t.end] for t in tokenize(text)] == ["één", "c++"]


def test_a_token_can_be_read_without_what_hangs_on_it() -> None:
    token = tokenize("x .Java+")[1]
    assert [(r.text, r.start, r.end) for r in readings(token)] == [
        (".java+", 2, 8),
        (".java", 2, 7),
        ("java+", 3, 8),
        ("java", 3, 7),
    ]


def test_forms_that_no_text_can_match() -> None:
    assert fold_tokens("power, bi") is None
    assert fold_tokens("x" * 65) is None
    assert fold_tokens("€") is None
    assert fold_tokens("R&D") == ("r", "d")
