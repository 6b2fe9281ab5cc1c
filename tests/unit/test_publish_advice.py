"""The sheet of advice: plain words, safe HTML, the same facts in every form."""

from __future__ import annotations

import io
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from overstap.errors import InputError
from overstap.moves import start as begin
from overstap.moves.advise import Advice, Wish, advise
from overstap.moves.atlas import Atlas, Name
from overstap.moves.training import Offer
from overstap.publish import advice_files
from overstap.publish.advice import CARDS, advice_page
from overstap.publish.advice_parts import Page
from overstap.publish.advice_words import named, plain_name
from overstap.publish.labels import LANGUAGES, Translator, catalogue

TODAY = date(2026, 11, 22)
LONGEST = 20  # words of a sentence, a common bound for B1
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.load("brc", home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def given(atlas: Atlas) -> Advice:
    return advise(atlas, begin.Start("occupation", "0432", "secretaresse"), Wish(pay="any"))


def page_of(advice: Advice, language: str = "nl", **more: Any) -> Page:
    return advice_page(advice, Translator(language), TODAY, **more)  # type: ignore[arg-type]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(given: Advice, language: str) -> None:
    fixed = [text for key, text in catalogue(language).items() if key.startswith("advice.")]  # type: ignore[arg-type]
    for text in fixed:
        for sentence in re.split(r"(?<=[.!?:])\s+", re.sub(r"\{\w+\}", "x", text)):
            assert len(sentence.split()) <= LONGEST, sentence


def test_dutch_addresses_the_reader_with_u_and_without_jargon() -> None:
    words = {w for k, t in catalogue("nl").items() if k.startswith("advice.") for w in re.findall(r"\w+", t.lower())}
    assert "u" in words
    assert not words & {
        "je",
        "jij",
        "jouw",
        "cosinus",
        "similariteit",
        "matrix",
        "allocatie",
        "desbetreffende",
        "teneinde",
    }


def test_every_start_has_its_own_words(given: Advice) -> None:
    assert "secretaresse" in page_of(given).title
    for kind in ("skills", "cv"):
        start = begin.Start(kind, "0432", skills=("a", "b"))  # type: ignore[arg-type]
        page = page_of(replace(given, start=start, recognised=(Name("plannen", "plan"),)))
        assert "2" in page.intro[0]
        assert page.now == ()


def test_no_strong_match_is_said(given: Advice) -> None:
    weak = replace(given, moves=tuple(replace(move, band="medium") for move in given.moves))
    assert any("geen sterke overeenkomst" in text for text in page_of(weak).intro)
    none = replace(given, moves=(), moves_n=0)
    page = page_of(none)
    assert page.heads["moves"] == "Geen sterke overeenkomst"
    assert page.cards == ()
    assert len(page.near_cards) == min(CARDS, len(given.near))


def test_all_moves_stand_on_the_page_once(given: Advice) -> None:
    page = page_of(given)
    names = [card.name for card in page.cards] + [row.name for row in page.rows]
    assert sorted(names) == sorted(plain_name(move.name, "nl") for move in given.moves)


def test_unknown_figures_are_called_unknown(given: Advice) -> None:
    nothing = dict.fromkeys(("pay_p25", "pay_p50", "pay_p75", "growth", "openings"))
    move = replace(
        given.moves[0], facts={**given.moves[0].facts, **nothing}, rules={**given.moves[0].rules, "pay": "unknown"}
    )
    page = page_of(replace(given, moves=(move,)))
    said = " ".join(texts(asdict(page.cards[0])))
    for words in ("kennen het loon van dit werk niet", "kennen de verwachting", "weten niet hoeveel plekken"):
        assert words in said


def test_shrinkage_beside_a_tight_market_and_growth_of_named_work_are_flagged(given: Advice) -> None:
    def warned(**facts: Any) -> str:
        return " ".join(page_of(replace(given, here={**given.here, **facts})).warnings)

    assert "niet eens" in warned(growth=-0.1, tension=4.0, named_shrinking=False)
    assert warned(growth=-0.1, tension=1.0, named_shrinking=False) == ""
    assert "noemt groei" in warned(growth=0.1, tension=None, named_shrinking=True)


def test_a_region_without_figures_is_said(given: Advice) -> None:
    page = page_of(replace(given, wish=Wish(region="Twente")))
    assert any("geen cijfers per regio" in text and "Twente" in text for text in page.limits)
    known = page_of(replace(given, wish=Wish(region="Twente")), region_known=True)
    assert any("eigen tabel" in text for text in known.limits)


def test_offers_stand_with_the_words_that_prove_them(given: Advice) -> None:
    offer = Offer("Excel", provider="ROC", price=450.0, part=0.25, words=("spreadsheets",))
    card = page_of(given, offers={given.moves[0].code: [offer]}).cards[0]
    assert "spreadsheets" in card.offers[0] and "25" in card.offers[0] and "450" in card.offers[0]
    assert page_of(given, offers={}).cards[0].offers == ("Geen cursus in uw lijst past hierbij.",)
    assert page_of(given).cards[0].offers == ()


def test_json_gives_the_offers_that_the_page_shows(given: Advice) -> None:
    code = given.moves[0].code
    offer = Offer("Excel", provider="ROC", price=450.0, part=0.25, words=("spreadsheets",))
    found = given.as_json({code: [offer]})["offers"][code]
    assert [(one["title"], one["price"], one["months"], one["words"]) for one in found] == [
        ("Excel", 450.0, None, ("spreadsheets",))
    ]
    assert given.as_json()["offers"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_escapes_what_people_write_and_loads_nothing(given: Advice, language: str) -> None:
    start = begin.Start("occupation", "0432", SCRIPT)
    offer = Offer(SCRIPT, words=(SCRIPT,), part=0.5)
    page = page_of(replace(given, start=start), language, offers={given.moves[0].code: [offer]})
    html = advice_files.advice_html(page, Translator(language))  # type: ignore[arg-type]
    assert "<script" not in html.lower()
    assert "&lt;script&gt;" in html
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import""", html)


def test_the_terminal_shows_markup_as_it_was_written(given: Advice) -> None:
    from rich.console import Console

    page = page_of(replace(given, start=begin.Start("occupation", "0432", "[red]boe[/red]")))
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(advice_files.advice_lines(page))
    assert "[red]boe[/red]" in console.export_text()


def test_a_pdf_without_typst_says_how_to_install_it(given: Advice, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match="Typst") as error:
        advice_files.advice_pdf(page_of(given))
    assert "overstap[report]" in error.value.fix


def test_a_pdf_has_two_sheets_at_most(given: Advice) -> None:
    pytest.importorskip("typst")
    made = advice_files.advice_pdf(page_of(given))
    assert made.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page[^s]", made)) <= 2


def test_names_lose_the_words_of_classifiers() -> None:
    assert plain_name(Name("Juristen, niet elders geclassificeerd", None), "nl") == "Juristen (overig)"
    assert plain_name(Name(None, "Secretaries (general)"), "en") == "Secretaries"
    assert plain_name(Name(None, "drill operator"), "nl") == "drill operator"
    assert named([Name(None, "plan"), Name("plannen", "plan"), Name("plannen", "x")], "nl", 5) == ["plannen"]
    assert named([Name(None, "plan")], "nl", 5, strict=False) == ["plan [en]"]


def test_a_forecast_is_told_as_one_and_pay_of_a_wider_group_as_that(given: Advice) -> None:
    facts = {**given.moves[0].facts, "growth": 0.33, "growth_source": "cedefop_forecast", "pay_basis": "allocated"}
    said = " ".join(page_of(replace(given, moves=(replace(given.moves[0], facts=facts),))).cards[0].why)
    assert "Cedefop verwacht" in said and "onzeker" in said and "bredere groep" in said


def test_work_that_shares_no_skill_does_not_fit_well_and_one_is_counted_as_one(given: Advice) -> None:
    move = replace(given.moves[0], band="high", shared=())
    page = page_of(replace(given, moves=(move,), moves_n=5))
    assert page.cards[0].fit == "past redelijk" and any("U ziet er 1." in text for text in page.intro)


def test_that_no_work_fits_well_is_said_only_where_all_is_shown(given: Advice) -> None:
    move = replace(given.moves[0], band="medium")
    for n, said in ((1, True), (5, False)):
        intro = page_of(replace(given, moves=(move,), moves_n=n)).intro
        assert any("geen sterke overeenkomst" in text for text in intro) is said


def test_what_someone_can_in_part_is_learned_further(given: Advice) -> None:
    """No subject stands both among what one can and among what is new."""
    move = given.moves[0]
    unit = replace(move.units[0], name=move.shared[0].name)
    card = page_of(replace(given, moves=(replace(move, units=(unit, *move.units[1:])),))).cards[0]
    assert card.can.casefold().startswith(str(unit.name.nl).casefold())
    assert card.learn[0].label.startswith("Verder leren: ") and card.learn[1].label[0].isupper()
    assert not {one.casefold() for one in card.can.split(", ")} & {line.label.casefold() for line in card.learn}


def test_a_group_that_nobody_divides_is_said_to_be_split_evenly(given: Advice) -> None:
    a, b = (Name(text, text) for text in ("een", "twee"))
    even, uneven = (" ".join(page_of(replace(given, made_of=((a, part), (b, 1 - part)))).intro) for part in (0.5, 0.75))
    assert "even zwaar" in even and "geschatte" not in even
    assert "geschatte aantal banen" in uneven and "75" in uneven


def test_unknown_pay_is_no_reason_for_a_move(given: Advice) -> None:
    move = given.moves[0]
    facts = {**move.facts, "pay_p50": None}
    card = page_of(replace(given, moves=(replace(move, facts=facts),))).cards[0]
    assert not any("loon" in text for text in card.why) and any("loon" in text for text in card.why_not)
