"""The page texts say the same things in both languages."""

from __future__ import annotations

import re

from overstap.web.selection import PARAMETERS
from overstap.web.texts import page_texts


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    nl, en = page_texts("nl"), page_texts("en")
    assert set(nl) == set(en)
    for key in nl:
        assert set(re.findall(r"\{(\w+)\}", nl[key])) == set(re.findall(r"\{(\w+)\}", en[key])), key


def test_every_parameter_of_an_address_has_a_name_for_readers() -> None:
    assert not {f"filters.{name}" for name in PARAMETERS} - set(page_texts("en"))
