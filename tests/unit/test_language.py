"""The language of an ad: of its larger part, also where the text is short, mixed, or in no language that is known."""

from __future__ import annotations

import pyarrow as pa
import pytest

from overstap.ads.language import detect_language, stop_words
from overstap.schema.core import LANGUAGES


def languages(*texts: str | None) -> list[str]:
    found, score = detect_language(pa.array(texts, pa.string()))
    assert all(0 <= value <= 1 for value in score.to_pylist())
    return list(found.to_pylist())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wij zoeken een collega die graag met klanten werkt en zelfstandig is.", "nl"),
        ("We are looking for a colleague who likes to work with our customers.", "en"),
        ("Wir suchen eine Kollegin, die gerne mit unseren Kunden arbeitet.", "de"),
        ("Nous recherchons un collègue qui aime travailler avec nos clients.", "fr"),
        ("Buscamos una persona con experiencia para nuestro equipo en Madrid.", "other"),
        ("Vi søger en medarbejder, der har erfaring med arbejdet og ikke er bange for at lære.", "other"),
        ("Szukamy osoby, która ma doświadczenie w pracy i zna język polski.", "other"),
        ("Ons soek iemand wat nie bang is vir harde werk nie en wat baie ervaring het.", "other"),
        ("Мы ищем разработчика с опытом работы", "other"),
        ("", "other"),
        ("12345 --- !!!", "other"),
    ],
)
def test_sentences(text: str, language: str) -> None:
    assert languages(text) == [language]


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Verpleegkundige wijkzorg", "nl"),
        ("Medewerker klantenservice", "nl"),
        ("Registered Nurse - Night Shift", "en"),
        ("Vertriebsmitarbeiter im Außendienst", "de"),
    ],
)
def test_titles_without_function_words(title: str, language: str) -> None:
    assert languages(title) == [language]


def test_a_mixed_ad_has_the_language_of_its_larger_part() -> None:
    body = (
        "Je werkt in een team dat samen met klanten nieuwe producten maakt en je krijgt de ruimte om te groeien. " * 3
    )
    assert languages("Senior Data Engineer at the Analytics Department. " + body) == ["nl"]
    assert languages(body + "We are looking for you and what you will do with the team is up to you. " * 12) == ["en"]


def test_web_addresses_do_not_count() -> None:
    assert languages("Ontwikkelaar voor ons team https://www.thejobs.com/apply-now/for/the/job/at/the/company") == [
        "nl"
    ]


def test_nulls_and_chunks_keep_their_row() -> None:
    texts = pa.chunked_array([["wij zoeken een collega"], [None, "we are looking for the one"], []], pa.large_string())
    found, score = detect_language(texts)
    assert found.to_pylist() == ["nl", "other", "en"]
    assert score.to_pylist()[1] == 0
    assert len(detect_language(pa.array([], pa.string()))[0]) == 0


def test_votes_are_in_the_order_of_the_contract() -> None:
    assert tuple(stop_words()) == LANGUAGES
