"""The compiled passes over columns give what the plain functions give, on every string, and never crash on bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overstap.ads.clean import clean_text
from overstap.ads.clean_rows import clean_column
from overstap.ads.mask import mask_text
from overstap.ads.mask_rows import mask_column
from overstap.ads.texts import texts_of

_MARKUP = (
    "*|**|***|****|_|__|___|#|##|###### |- |-|--|---|=|===|```|`|\\|\\*|\\-|\\_|\\\\|+ |C++|C#|[|](|](https://x.nl)|)|"
    "![a](b)|<|<p>|</p>|<br>|<ul><li>|&|&amp;|&eacute;|R&D|a < b|•|• |•x|– |»|\uf0b7|\uf0a7 |✓|Kennis|Je|Ervaring|Nice to "
    "have|Python|data|é|ß|ffJe|TableauKennis|1|2**3|5*3|4*| |  |\n|\n\n|\n\n\n|\r\n|\r|\t|\x0b|\x1c|\x1f|\x00|\x85|"
    "\u00a0|\u2003|\u2028|\u200b|\u00ad|\ufeff|\u0301|e\u0301|\u0660|ﬁ|\U0001f600|\U0001d400|\ue02a|\ud7ff|日本|가|ᄀ|'|\"|.|,|:"
)
MARKUP = _MARKUP.split("|")
_CONTACT = (
    "Sanne de Wit|Anna|Anna-Maria|Xq-Anna|F&R|H&T Sister|O'Neil|D’Arc|van der Berg|Van Dijk|El Amrani|De Vries|Bodhi "
    "Vriezema|dhr. Testman|mevrouw Proef|Dr Alice Sample|J.P. Proeve|A. B|Head of|Team Lead|HR|Recruiter|DevOps|SQL|José|"
    "Zoë|İpek|contact|Contactpersoon|contacten|contact1|bel|bellen|mail|e-mail|e mail|t.a.v.|vragen?|groet,|name:|Name |"
    "Name: |NameAnna Wit|Job title|speak to|with|met|of|or|&|(|)|[|]|/|-|.|,|:|!|?| |  |\n|\n\n|\t|–|06-12345678|020 123 45 67|"
    "+31 6 12345678|0612345678|(0|(212) 555-0142|212-555-0142|number07700900123|tel|T|1234567|bsn|123456782|sofi-nummer|"
    "01-09-2023|09.00 - 17.00|€ 3.000 - 4.000|(at)|[ at ]|( @ )|@|a@b.nl|x@y|jan.wit voorbeeld.nl|www.x.nl|"
    "linkedin.com/in/iemand|LinkedIn.com/pub/x|NL91 ABNA 0417 1643 00|ISO9001|[EMAIL]|[PHONE]|[NAME]|[URL]|é|ß|\u0130|K"
)
CONTACT = [*_CONTACT.split("|"), "A ", "J. "]


def words(pieces: list[str], joint: str) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(st.sampled_from(pieces), st.text(max_size=3)), max_size=14).map(joint.join)


def lists(pieces: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.one_of(words(pieces, ""), words(pieces, " ")), min_size=1, max_size=4)


@settings(max_examples=600, deadline=None)
@given(lists(MARKUP))
def test_a_column_is_cleaned_like_its_texts(texts: list[str]) -> None:
    assert clean_column(pa.array(texts, pa.large_string()))[0].to_pylist() == [clean_text(text) for text in texts]


@settings(max_examples=600, deadline=None)
@given(lists(CONTACT))
@example(["Dr Alice SampleSanne de WitSanne de WitSanne de WitJ. Sanne de Wit 06-12345678"])  # begins with an address
@example(["de heer Wit 06-12345678", "van der Berg, 06-12345678", "van Anna de Wit 06-12345678"])
def test_a_column_is_masked_like_its_texts(texts: list[str]) -> None:
    cleaned = [clean_text(text) for text in texts]
    masked, counts = mask_column(pa.array(cleaned, pa.large_string()))
    assert list(zip(masked.to_pylist(), counts.tolist(), strict=True)) == [mask_text(text) for text in cleaned]
    again, counts = mask_column(masked)
    assert again == masked and not counts.any()


@settings(max_examples=100, deadline=None)
@given(st.lists(words(CONTACT, " "), min_size=2, max_size=4), st.sampled_from([150, 590, 1300]))
def test_names_far_apart_are_masked_like_those_of_the_whole_text(parts: list[str], apart: int) -> None:
    text = clean_text((" en zo" * (apart // 6)).join(parts))
    masked, counts = mask_column(pa.array([text], pa.large_string()))
    assert (masked[0].as_py(), counts[0]) == mask_text(text)


def test_more_names_than_the_compiled_pass_has_room_for() -> None:
    text = "Contact Anna Wit. " * 1100
    masked, counts = mask_column(pa.array([text, "Bel Sanne de Wit 06-12345678"], pa.large_string()))
    assert (masked[0].as_py(), counts[0]) == mask_text(text)
    assert masked[1].as_py() == "Bel [NAME] [PHONE]"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
def test_bytes_that_are_no_text_do_not_crash(raw: list[bytes]) -> None:
    texts = texts_of(np.frombuffer(b"".join(raw) + b" ", np.uint8), np.cumsum([0, *(len(part) for part in raw)]))
    cleaned, _ = clean_column(texts)
    assert len(cleaned) == len(raw)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_slices_and_nulls(kind: pa.DataType) -> None:
    texts = pa.array(["**weg**", None, "* punt", "Bel Sanne de Wit 06-12345678", ""], kind)
    cleaned, left = clean_column(texts.slice(1))
    assert cleaned.to_pylist() == ["", "- punt", "Bel Sanne de Wit 06-12345678", ""]
    assert not left.any()
    masked, counts = mask_column(cleaned.slice(1))
    assert masked.to_pylist() == ["- punt", "Bel [NAME] [PHONE]", ""]
    assert counts.tolist() == [0, 2, 0]


def test_long_lines_take_time_in_proportion() -> None:
    """Each would take minutes where a mark is looked for again from every other."""
    for unit in ("__a ", "**a ", "*a", "aaKennis ", "- ", "# ", "contact ", "[EMAIL] ", "Anna "):
        text = unit * (400_000 // len(unit))
        cleaned, _ = clean_column(pa.array([text], pa.large_string()))
        assert len(cleaned) == 1
