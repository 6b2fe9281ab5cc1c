"""Markup read by the compiled pass gives what a parser of HTML gives, or is left to it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.clean import without_html
from overstap.ads.clean_rows import without_usual_html

_TAGS = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "span",
    "a",
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "h1",
    "h3",
    "br",
    "font",
    "table",
    "td",
    "script",
    "hr",
]
_WORDS = [
    "foo",
    "Bar",
    "a - ",
    "- ",
    "-",
    " ",
    "  ",
    "\n",
    "\n\n",
    " \n \n ",
    "\t",
    "\r\n",
    "\r",
    "é",
    "\xa0",
    "&nbsp;",
    "&amp;",
    "&lt;",
    "&gt;",
    "&eacute;",
    "&#233;",
    "&#x41;",
    "&#10;",
    "R&D",
    "& ",
    "&",
    "x&y",
    "&copy",
    "&amp",
    "ſ",
    "<ſpan>",
    "&notit;",
    "&amp;nbsp;",
    "<",
    "< 3",
    "a<b",
    "\u2003",
    "\u200b",
    "\x0b",
    "\x0c",
    "\x1c",
    "1 < 2",
    "•",
    "&#128;",
    "€",
    "&euro;",
    "&lt;p&gt;",
    "<!-- x -->",
    "</",
    "\x00",
]
_ATTRIBUTES = ("", "", "", ' class="x"', " href='a b'", " style=color:red", " data-x", ' a="<b>"', ' a = "x"', " ", "/")


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(inner, max_size=3).map("".join)
    parts = st.tuples(st.sampled_from(_TAGS), st.sampled_from(_ATTRIBUTES), inside, st.sampled_from("111111110"))
    return parts.map(lambda p: f"<{p[0]}{p[1]}>{p[2]}" + (f"</{p[0]}>" if p[3] == "1" and p[0] != "br" else ""))


_WORD = st.one_of(st.sampled_from(_WORDS), st.text(max_size=2))
MARKUP = st.lists(st.recursive(_WORD, _element, max_leaves=12), max_size=4).map("".join)


def _read(texts: list[str]) -> tuple[list[str], list[bool]]:
    read, left = without_usual_html(pa.array(texts, pa.large_string()))
    return read.to_pylist(), left.tolist()


@settings(max_examples=1000, deadline=None)
@given(st.lists(MARKUP, min_size=1, max_size=4))
def test_markup_is_read_as_a_parser_reads_it_or_left_to_it(texts: list[str]) -> None:
    read, left = _read(texts)
    assert all(
        one == without_html(text) for text, one, to_python in zip(texts, read, left, strict=True) if not to_python
    )


@pytest.mark.parametrize(
    "text",
    [
        "<div class='vacature'>\n<p>Wij &amp; jij</p>\n<h3>Taken</h3>\n<ul>\n<li>Je <b>zorgt</b></li><li><p>Je belt</p></li></ul></div>",
        "Eerste regel<br/>tweede<br />\r\nderde &euro; 3.000 < 4.000",
        'Zie <a href="https://voorbeeld.example/a?b=1&c=2" target="_blank">de site</a> van R&D',
        "Een alinea\n\n<b>kop</b>\nin de tekst zelf",
        "Caf&eacute; zonder tags &#233;&#xe9;",
        "<P>HOOFDLETTERS</P><p>en een die open blijft",
    ],
)  # fmt: skip
def test_usual_markup_needs_no_parser(text: str) -> None:
    read, left = _read([text])
    assert (read, left) == ([without_html(text)], [False])


@pytest.mark.parametrize(
    "text", ["<p>a<p>b", "<b><i>x</b></i>", "<table><tr><td>x</td></tr></table>", "<script>x</script>", "<li>x</li>", "a &notit; <b>b</b>"]
)  # fmt: skip
def test_what_only_a_parser_knows_is_left_to_it(text: str) -> None:
    assert _read([text])[1] == [True]


def test_depth_and_length_have_bounds() -> None:
    deep, long = "<div>" * 1000 + "x", "<p>a</p>" * 50_000
    read, left = _read([deep, long])
    assert left == [True, False] and read[1] == without_html(long)


def test_most_well_formed_markup_is_read_without_a_parser() -> None:
    """A page of paragraphs, lists and emphasis, cut into texts at random places of its blocks."""
    rng = np.random.default_rng(3)
    blocks = [
        "<p>Wij zoeken <b>jou</b>.</p>",
        "<ul><li>mbo</li><li>hbo &amp; wo</li></ul>",
        "<h3>Taken</h3>",
        "tekst<br>",
    ]
    texts = ["\n".join(rng.choice(blocks, 5)) for _ in range(50)]
    read, left = _read(texts)
    assert not any(left) and read == [without_html(text) for text in texts]
