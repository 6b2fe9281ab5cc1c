"""The page on which a reader judges ads: answers are kept, in a browser too, and nobody else can give them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from overstap.audit.draw import draw_sheet
from overstap.audit.page import create_desk
from overstap.audit.sheet import FACTS, MISSED, is_read, read_sheet, write_sheet
from overstap.pipeline import Study
from tests.web.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def sheet(study: Study, tmp_path: Path) -> Path:
    path = tmp_path / "audit.csv"
    write_sheet(path, draw_sheet(study, 5, seed=1))
    return path


@pytest.fixture
def desk(study: Study, sheet: Path) -> TestClient:
    return TestClient(create_desk(study, sheet), base_url="http://127.0.0.1")


def answers(sheet: Path, missed: tuple[str, ...] = ()) -> dict[str, str | list[str]]:
    """Everything of the first ad judged right, and nothing, or `missed`, missed."""
    rows = read_sheet(sheet)
    ad = [row for row in rows if row.ad_id == rows[0].ad_id]
    given: dict[str, str | list[str]] = {}
    for n, row in enumerate(ad):
        given[f"verdict.{n}"] = "complete" if row.what == MISSED else "right"
        if row.what == MISSED:
            given[f"should_be.{n}"] = list(missed)
    return given


def test_answers_are_in_the_sheet_before_the_next_ad_is_shown(desk: TestClient, sheet: Path) -> None:
    reply = desk.post("/ad/1", data=answers(sheet, ("Python", "core.java")), follow_redirects=False)
    assert reply.headers["location"] == "/ad/2?kept=1&lang=nl"
    rows = read_sheet(sheet)
    first = [row for row in rows if row.ad_id == rows[0].ad_id]
    assert is_read(first)
    assert first[-1].should_be == "core.python;core.java", "a label stands for its skill"
    assert "1 van 5" in desk.get("/", params={"lang": "nl"}).text


def test_an_unknown_skill_is_told_and_the_ad_is_not_done(desk: TestClient, sheet: Path) -> None:
    page = desk.post("/ad/1?lang=en", data=answers(sheet, ("core.pythn",)))
    assert 'value="core.pythn"' in page.text, "what was typed is kept"
    assert "Did you mean ‘core.python’?" in page.text and "0 of 5 ads read" in page.text


def number_of(sheet: Path, what: str) -> int:
    """The place of a field among the rows of the first ad."""
    return [row.what for row in read_sheet(sheet)].index(what)


@pytest.mark.parametrize(
    ("what", "typed", "told"),
    [
        ("isco08", "2512x", "Did you mean ‘2512’?"),
        ("hours_max", "36 uur", "Did you mean ‘36’?"),
        ("salary_min", "2.450", "Did you mean ‘2450’?"),
        ("education_levels", "hbo;wow", "Did you mean ‘wo’?"),
        ("contract", "permanant", "Did you mean ‘permanent’?"),
        ("languages_required", "en;zz", "There is no ‘zz’ here."),
        ("province_code", "NL99", "There is no ‘NL99’ here."),
    ],
)
def test_what_apply_would_refuse_is_told_at_its_field_and_kept(
    desk: TestClient, sheet: Path, what: str, typed: str, told: str
) -> None:
    n = number_of(sheet, what)
    given = answers(sheet) | {f"verdict.{n}": "wrong", f"should_be.{n}": typed}
    page = desk.post("/ad/1?lang=en", data=given).text
    assert told in page and f'value="{typed}"' in page
    assert "0 of 5 ads read" in page
    assert "ad 1" in desk.get("/ad/2?lang=en").text, "the other pages name it as open"


def test_a_least_above_its_most_is_told(desk: TestClient, sheet: Path) -> None:
    low, high = number_of(sheet, "hours_min"), number_of(sheet, "hours_max")
    wrong = {f"verdict.{n}": "wrong" for n in (low, high)} | {f"should_be.{low}": "40", f"should_be.{high}": "32"}
    page = desk.post("/ad/1?lang=en", data=answers(sheet) | wrong).text
    assert "the least lies above the most" in page and "0 of 5 ads read" in page


def test_one_button_takes_all_as_right_but_what_was_called_wrong(desk: TestClient, sheet: Path) -> None:
    n = number_of(sheet, "hours_max")
    reply = desk.post("/ad/1?lang=en", data={"all": "right", f"should_be.{n}": "36,5"})
    assert "Ad 1 is kept" in reply.text and "1 of 5 ads read" in reply.text
    first = [row for row in read_sheet(sheet) if row.ad_id == read_sheet(sheet)[0].ad_id]
    assert is_read(first)
    assert (first[n].verdict, first[n].should_be) == ("wrong", "36.5"), "who types another value calls it wrong"
    desk.post("/ad/1", data=answers(sheet))
    assert read_sheet(sheet)[n].verdict == "right", "it can still be changed"
    reply = desk.post("/ad/3", data={"all": "right"}, follow_redirects=False)
    assert reply.headers["location"].startswith("/ad/4?"), "an ad that was passed over waits for its turn"


def test_every_fact_can_be_judged_and_what_is_open_is_named(desk: TestClient, sheet: Path) -> None:
    rows = read_sheet(sheet)
    assert set(FACTS) <= {row.what for row in rows if row.ad_id == rows[0].ad_id}
    given = answers(sheet)
    del given[f"verdict.{number_of(sheet, 'remote')}"]
    assert "Nog open: Thuiswerken." in desk.post("/ad/1", data=given).text
    assert "advertentie 1</a> (Thuiswerken)" in desk.get("/ad/2").text


def test_another_site_cannot_answer(desk: TestClient, sheet: Path) -> None:
    before = sheet.read_bytes()
    reply = desk.post("/ad/1", data=answers(sheet), headers={"origin": "https://elsewhere.example"})
    assert reply.status_code == 403
    assert sheet.read_bytes() == before
    assert desk.get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_words_of_an_ad_are_text_and_no_markup(desk: TestClient) -> None:
    for number in range(1, 6):
        page = desk.get(f"/ad/{number}").text
        assert "<script>alert" not in page
        assert "<mark>" in page


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_in_a_browser_nothing_is_missing_and_enter_keeps_without_accepting_all(
    study: Study, sheet: Path, chromium: Browser, width: int, lang: str
) -> None:
    with (
        served(create_desk(study, sheet)) as address,
        chromium.new_page(viewport={"width": width, "height": 800}) as page,
    ):
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("response", lambda reply: faults.append(reply.url) if reply.status >= 400 else None)
        page.goto(f"{address}/ad/1?lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off the screen"
        n = number_of(sheet, "hours_max")
        field = page.locator(f"input[name='should_be.{n}']")
        assert not field.is_visible()
        page.locator(f"input[name='verdict.{n}'][value=wrong]").check()
        field.fill("veertig")
        field.press("Enter")
        assert page.locator(f"input[name='should_be.{n}']").input_value() == "veertig"
        assert sum(bool(row.verdict) for row in read_sheet(sheet)) == 1
        page.mouse.wheel(0, 500)
        if width > 960:
            page.wait_for_function("scrollY > 100")
            assert page.locator("section.text").bounding_box()["y"] >= 0, "the ad stays beside the form"
        assert not faults, faults
