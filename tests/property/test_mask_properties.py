"""The cheap test for personal data never misses what masking would replace. All names and numbers are invented."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.mask import SIGNS, mask_text
from overstap.ads.mask_rows import _without_phones, mask_column
from tests.property.mask_words import different, texts

_PIECES = (
    "Sanne de Wit|dhr. Testman|Alice Sample|J.P. Proeve|contact|bel|mail|e mail|t.a.v.|T-A-V-|vragen?|groet|name:|"
    "Name: |Job title|speak to|speak-to|cv to|06-12345678|020 123 45 67|+31 6 12345678|(at)|[ dot ]|x.nl|a@b.nl|@|"
    "NL91 ABNA 0417 1643 00|bsn|123456782|sofinummer|linkedin.com/in/iemand|Linkedin.com/in/x|[EMAIL]|[PHONE]|İ|"
    " |\n|\t|(|/|-|.|,|:|op|of"
)
PIECES = _PIECES.split("|")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(["", " "]))
def test_whatever_is_masked_has_a_sign(joined: str, end: str) -> None:
    text = joined + end
    if mask_text(text, anywhere=False)[1]:
        assert pc.match_substring_regex(pa.array([text]), SIGNS)[0].as_py()


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_words_with_spaces_between_have_a_sign_too(text: str) -> None:
    masked, _ = mask_text(text)
    assert not mask_text(text, anywhere=False)[1] or pc.match_substring_regex(pa.array([text]), SIGNS)[0].as_py()
    assert mask_text(masked) == (masked, 0)


_NUMBERS = (
    "06-12345678|020 123 45 67|+31 6 12345678|(020) 7946 0000|0161 496 0000|07700 900000|0800 1234|0031 (0)6 12345678|"
    "+44 (0)20 7946 0000|555-123-4567|1 555 123 4567|08512345678|0612345678|Tel0612345678|number01632 960001|+352 12345|"
    "01-02-2024|2024-01-02|09.00 - 17.00|12345678|Tel: |phone |nummer |vacaturenummer |ref |T |x 12|ext. 1234|bel |"
    "app naar |met |kvk |1|22|333|4444|0|00|(0)|(|)|+|-|–|.|/|€ |£|$ |#|=|a|_|é|“|²| |  |\n|, "
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_NUMBERS.split("|")), max_size=12).map("".join), min_size=1, max_size=12))
def test_compiled_masking_of_numbers_gives_what_python_gives(texts: list[str]) -> None:
    masked, counts = mask_column(pa.array(texts, pa.large_string()))
    expected = [mask_text(text) for text in texts]
    assert list(zip(masked.to_pylist(), counts.tolist(), strict=True)) == expected


def test_the_compiled_pass_reads_most_numbers_itself() -> None:
    texts = ["Bel 06-12345678.", "“Call” 020 7946 0000 — ext. 12", "(555) 223-4567", "é 06-12345678"]
    masked, counts, asked = _without_phones(pa.array(texts, pa.large_string()), np.ones(4, np.bool_))
    assert masked.to_pylist() == ["Bel [PHONE].", "“Call” [PHONE] — ext. 12", "[PHONE]", "é 06-12345678"]
    assert counts.tolist() == [1, 1, 1, 0]
    assert asked.tolist() == [False, False, False, True]


def test_a_number_that_ends_in_an_open_bracket_is_masked() -> None:
    assert mask_text("+352 12345(0)") == ("[PHONE])", 1)


def test_compiled_masking_gives_what_python_gives_on_mixes_of_words() -> None:
    assert different(texts(400, 9), True) == []
    assert different(texts(100, 10), False) == []
