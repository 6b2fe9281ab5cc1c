"""The made-up set for masking: labels stand where the values are, halves share no sentence, and the aims hold."""

from __future__ import annotations

import pytest

from overstap.evaluate.masking import AIMS, Judged, Labelled, figures, judge, made_texts, replaced


@pytest.fixture(scope="module")
def judged() -> dict[str, list[Judged]]:
    return {half: [judge(item) for item in made_texts(half, 900)] for half in ("tuned", "held_out", "second")}


def test_labels_are_known_by_construction() -> None:
    kinds = {"email": "@", "phone": "0", "iban": "NL"}
    for item in made_texts("tuned", 200):
        for start, end, kind in item.spans:
            value = item.text[start:end]
            assert value and value == value.strip()
            if kind in kinds and "at" not in value.lower():
                assert kinds[kind] in value or kind != "email"
    assert made_texts("tuned", 30) == made_texts("tuned", 30)


def test_a_value_of_which_a_letter_is_left_is_not_hidden() -> None:
    item = Labelled("Bel Anna Proef op 0612345678.", ((4, 14, "name"), (18, 28, "phone")), (), "tuned", "nl")
    assert judge(item, lambda _: ("Bel [NAME] Proef op [PHONE].", 2)).hidden == (False, True)
    found = judge(item, lambda _: ("[NAME] op [PHONE].", 2))
    assert found.hidden == (True, True) and found.right == (False, True), "'Bel' is nobody's name"
    assert replaced("a b c", "[NAME] c") == [(0, 3)]


def test_numbers_and_addresses_meet_the_aims_on_texts_held_out(judged: dict[str, list[Judged]]) -> None:
    for half in judged:
        for kind, found in figures(judged[half]):
            if kind != "name" and found.n:
                assert found.n > 20 and found.value >= AIMS[kind], (half, kind, found)


def test_names_are_masked_in_the_sentences_mended_on(judged: dict[str, list[Judged]]) -> None:
    assert dict(figures(judged["tuned"]))["name"].value >= AIMS["name"]


def test_names_in_words_that_were_not_mended_on_are_mostly_masked(judged: dict[str, list[Judged]]) -> None:
    """The aim of .95 is missed; what is reached must not be lost."""
    assert dict(figures(judged["held_out"]))["name"].value >= 0.9
    assert dict(figures(judged["second"]))["name"].value >= 0.8
