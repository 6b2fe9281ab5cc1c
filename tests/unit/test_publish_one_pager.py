"""One page on an occupation: plain words, its own figures, and one sheet of paper."""

from __future__ import annotations

import io
import re
from datetime import date
from statistics import mean

import pytest

from overstap.moves.advise import Wish, advise
from overstap.moves.atlas import Atlas
from overstap.moves.start import occupation
from overstap.publish.formats.blocks import Document, Heading, Items, Text
from overstap.publish.formats.pdf import document_pdf
from overstap.publish.labels import LANGUAGES, Lang, Translator, catalogue
from overstap.publish.one_pager import one_pager, one_pager_html

LONGEST, MEAN = 15, 8
"""Words of a sentence, at most and on average: what guides to plain language (B1) ask."""
EASY = 70
"""Least reading ease after Flesch (1948) and, for Dutch, Douma (1960): plain, for readers of 13 years."""


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return Atlas.load("isco")


def made(atlas: Atlas, name: str, language: Lang) -> Document:
    advice = advise(atlas, occupation(name, "isco", language), Wish())
    return one_pager(atlas, advice, Translator(language), date(2026, 11, 22))


def sentences(language: Lang) -> list[list[str]]:
    """Our own sentences as words; names that are filled in count as one word."""
    texts = [text for key, text in catalogue(language).items() if key.startswith("one_pager.")]
    plain = [re.sub(r"\{\w+\}", "naam", re.sub(r"\[(\S+?)\]\(\S+?\)", r"\1", text)) for text in texts]
    parts = [part for text in plain for part in re.split(r"(?<=[.?!:])\s+", text)]
    return [words for part in parts if (words := re.findall(r"[\w'-]+", part))]


def ease(language: Lang) -> float:
    """Reading ease of our sentences together, 0 to 100 (easiest)."""
    said = sentences(language)
    words = [word for one in said for word in one]
    groups = r"[aeiouyáéëïöü]+" if language == "nl" else r"[aiouy]+|e(?!$|d$|s$)"
    syllables = mean(max(1, len(re.findall(groups, word.lower()))) for word in words)
    length = len(words) / len(said)
    if language == "nl":
        return 206.84 - 0.93 * length - 77 * syllables
    return 206.835 - 1.015 * length - 84.6 * syllables


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_sentences_are_short_and_their_words_plain(language: Lang) -> None:
    said = sentences(language)
    assert len(said) > 40
    assert max(map(len, said)) <= LONGEST
    assert mean(map(len, said)) <= MEAN
    assert max((word for one in said for word in one), key=len) in ("Leerwerkloket", "leerwerkloket")
    assert ease(language) >= EASY


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_work_pay_outlook_moves_and_where_to_ask(atlas: Atlas, language: Lang) -> None:
    page = made(atlas, "4120", language)
    assert [chapter.id for chapter in page.chapters] == ["work", "pay", "outlook", "moves", "ask"]
    moves = page.chapters[3]
    heads = [block for block in moves.blocks if isinstance(block, Heading)]
    assert len(heads) == 3 == len({head.text for head in heads})
    said = one_pager_html(page, Translator(language))
    assert "24,40" in said or "24.40" in said
    assert 'href="https://www.werk.nl"' in said and "{" not in re.sub(r"<style>.*?</style>", "", said, flags=re.S)


def test_growth_and_shrinking_are_said_as_they_are(atlas: Atlas) -> None:
    def ahead(name: str) -> str:
        blocks = made(atlas, name, "en").chapters[2].blocks
        return " ".join(run.text for block in blocks if isinstance(block, Text) for run in block.runs)

    assert "fewer jobs" in ahead("4120") and "more jobs" not in ahead("4120")
    assert "more jobs" in ahead("2512") and "fewer jobs" not in ahead("2512")


def test_a_word_of_one_language_is_no_title_in_the_other(atlas: Atlas) -> None:
    assert made(atlas, "secretaresse", "nl").title == "Uw werk: secretaresse"
    assert made(atlas, "secretaresse", "en").title == "Your work: secretaries"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_one_sheet(atlas: Atlas, language: Lang) -> None:
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    for name in ("4120", "5230", "2512"):
        page = made(atlas, name, language)
        assert len(pypdf.PdfReader(io.BytesIO(document_pdf(page, Translator(language), brief=True))).pages) == 1
        assert any(isinstance(block, Items) for block in page.chapters[0].blocks)
