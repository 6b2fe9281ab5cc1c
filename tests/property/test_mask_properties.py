"""The cheap test for personal data never misses what masking would replace. All names and numbers are invented."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.mask import SIGNS, mask_text

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
