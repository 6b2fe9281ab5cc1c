"""The page on experts, and a live session: several browsers at once, with and without JavaScript, and a killed server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from overstap.panel.live import create_live
from overstap.panel.session import EXPERT, MODERATOR, Session
from tests.web.conftest import served


@pytest.fixture
def live(session: Session) -> TestClient:
    return TestClient(create_live(session), base_url="http://127.0.0.1")


def test_nobody_gets_in_without_a_link_and_pages_are_not_kept(session: Session, live: TestClient) -> None:
    token = session.invite(1)[EXPERT][0]
    assert live.get("/s/guess").status_code == live.get("/").status_code == 404
    assert live.post("/s/guess", data={"rate.0": "5"}).status_code == 404
    page = live.get(f"/s/{token}")
    assert page.headers["referrer-policy"] == "no-referrer" and page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"] and "set-cookie" not in page.headers
    assert live.post(f"/s/{token}", data={}, headers={"origin": "http://evil.example"}).status_code == 403
    assert live.post(f"/s/{token}/close").status_code == 404, "an expert cannot close a round"
    assert live.get(f"/s/{token}", headers={"host": "evil.example"}).status_code == 421
    assert "<h1>" in live.get("/elsewhere").text and live.get("/elsewhere").status_code == 404
    style = re.search(r'href="(/live/live.css[?]v=[0-9a-f]+)"', page.text)
    assert style and "immutable" in live.get(style[1]).headers["cache-control"]


def test_what_is_no_rank_is_told_and_the_rest_is_kept_on_the_page(session: Session, live: TestClient) -> None:
    token = session.invite(1)[EXPERT][0]
    reply = live.post(f"/s/{token}?lang=en", data={"rank.technologies.before.0": "99", "rate.0": "5"})
    assert reply.status_code == 422 and "1 answers were not understood" in reply.text
    assert 'value="5" checked' in reply.text and session.answered_n() == 0


def test_what_is_too_much_is_refused(session: Session, live: TestClient) -> None:
    token = session.invite(1)[EXPERT][0]
    assert live.post(f"/s/{token}", content=b"a" * 300_000).status_code == 413
    assert live.post(f"/s/{token}", content=b"&".join([b"a=1"] * 3_000)).status_code == 413
    assert live.post(f"/s/{token}", data={"rate.0": "9" * 5_000}).status_code == 422
    assert session.answered_n() == 0


def test_results_come_when_the_round_is_closed_as_each_answer_could_be_read_off_what_it_changes(
    session: Session, live: TestClient
) -> None:
    links = session.invite(5)
    moderator = f"/s/{links[MODERATOR][0]}"
    for n, token in enumerate(links[EXPERT]):
        page = live.get(f"{moderator}?lang=en").text
        assert f"{n} of 5 invited experts" in page and "AI changes our work" not in page
        live.post(f"/s/{token}", data={"rank.technologies.before.0": "1", "rate.0": "4"})
    assert "Consensus" not in live.get(f"{moderator}?lang=en").text
    assert "Consensus" not in live.get(f"/s/{links[EXPERT][0]}?lang=en").text
    live.post(f"{moderator}/close")
    assert "Consensus: 100" in live.get(f"{moderator}?lang=en").text
    shown = live.get(f"/s/{links[EXPERT][0]}?lang=en").text
    assert "Consensus: 100" in shown and "your answer" in shown
    late = live.post(f"/s/{links[EXPERT][0]}", data={"rate.0": "1"}, follow_redirects=False)
    assert "niet meegenomen" in live.get(late.headers["location"]).text, "who was too late is told so"
    assert late.status_code == 303 and session.own(links[EXPERT][0])["ratings"] == {"s1": 4}


@pytest.mark.web
@pytest.mark.xdist_group("web")
def test_several_browsers_rank_at_once(session: Session, chromium: Any) -> None:
    """A desk, phones, and one without JavaScript fill in their forms before any of them sends."""
    links = session.invite(5)
    with served(create_live(session)) as address:
        contexts = [
            chromium.new_context(viewport={"width": 1280 if n == 0 else 390, "height": 800}, java_script_enabled=n != 4)
            for n in range(5)
        ]
        pages = [context.new_page() for context in contexts]
        faults: list[str] = []
        outside: list[str] = []
        for n, (page, token) in enumerate(zip(pages, links[EXPERT], strict=True)):
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
            page.on(
                "request",
                lambda r: outside.append(r.url) if urlsplit(r.url).netloc != urlsplit(address).netloc else None,
            )
            page.goto(f"{address}/s/{token}?lang=en")
            for place in range(3 if n < 2 else 1):
                page.select_option(f"[name='rank.technologies.before.{place}']", str(place + 1 if n else 1))
            page.check("[name='rate.0'][value='5']")
        assert "share a place" in pages[0].inner_text(".ranking .state"), "a tie is pointed out, and allowed"
        wide = pages[1].evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        for page in pages:
            page.click(".send button")
        assert all(page.inner_text("[role=status] >> nth=0").startswith("Your answers are kept") for page in pages)
        pages[1].goto(pages[1].url.replace("kept=1", ""))
        assert pages[1].input_value("[name='rank.technologies.before.2']") == "3", "what was sent is shown for revision"
        board = contexts[0].new_page()
        board.goto(f"{address}/s/{links[MODERATOR][0]}?lang=en")
        assert "5 of 5 invited" in board.inner_text("[data-fact=answered]")
        board.get_by_role("button", name="Close this round").click()
        pages[4].goto(f"{address}/s/{links[EXPERT][4]}?lang=nl")
        assert "Deze ronde is gesloten" in pages[4].inner_text("main")
        for context in contexts:
            context.close()
    assert not faults and not outside and session.answered_n() == 5


def test_answers_outlive_a_server_that_is_killed(session: Session) -> None:
    token = session.invite(1)[EXPERT][0]
    command = [
        sys.executable,
        "-c",
        "from overstap.cli import app; app()",
        "panel",
        "run",
        str(session.folder),
        "--port",
        "0",
    ]
    root = Path(__file__).parents[2] / "src"
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root)})
    assert process.stderr is not None
    try:
        address = process.stderr.readline().split()[1]
        for _ in range(100):
            try:
                reply = httpx.post(f"{address}s/{token}", data={"rate.0": "5"})
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    assert reply.status_code == 303
    assert Session.open(session.folder).own(token)["ratings"] == {"s1": 5}


@pytest.fixture
def page(chromium: Any, server: str) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    made = context.new_page()
    made.faults = []
    made.on("pageerror", lambda error: made.faults.append(str(error)))
    yield made
    assert made.faults == []
    context.close()


@pytest.mark.web
@pytest.mark.xdist_group("web")
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_shows_experts_and_data_on_a_phone(page: Any, server: str, lang: str) -> None:
    page.goto(f"{server}/panel?lang={lang}")
    page.wait_for_selector("html[data-charts=ready]", timeout=30_000)
    assert page.locator("figure.chart .chart-canvas svg").count() == page.locator("figure.chart").count() >= 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("[data-w=unknown]").count() == 1, "no agreement is told of a published order"
    text = page.inner_text("main")
    assert ("Wie alleen naar het niveau kijkt" if lang == "nl" else "Whoever looks at the level alone") in text
    assert page.locator("[data-quadrant]").count() >= 4


def test_every_table_of_the_panel_can_be_had(client: httpx.Client) -> None:
    for table in ("ranking", "agreement", "statements", "gap", "data", "fit"):
        rows = client.get(f"/api/out_panel_{table}.json").json()["rows"]
        assert rows and "rater" not in rows[0]
