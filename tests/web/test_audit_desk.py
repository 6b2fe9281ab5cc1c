"""The page on which a reader judges ads: answers are kept, in a browser too, and nobody else can give them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from overstap.audit.draw import draw_sheet
from overstap.audit.page import create_desk
from overstap.audit.sheet import MISSED, is_read, read_sheet, write_sheet
from overstap.pipeline import Study


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
    assert reply.headers["location"] == "/ad/2?lang=nl"
    rows = read_sheet(sheet)
    first = [row for row in rows if row.ad_id == rows[0].ad_id]
    assert is_read(first)
    assert first[-1].should_be == "core.python;core.java", "a label stands for its skill"
    assert "1 van 5" in desk.get("/", params={"lang": "nl"}).text


def test_an_unknown_skill_is_told_and_the_ad_is_not_done(desk: TestClient, sheet: Path) -> None:
    page = desk.post("/ad/1?lang=en", data=answers(sheet, ("core.pythn",)))
    assert "core.pythn" in page.text and "core.python" in page.text
    assert not is_read([row for row in read_sheet(sheet) if row.what == MISSED][:1])


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
