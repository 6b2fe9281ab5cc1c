"""A finished study of invented ads, a running dashboard, and Chromium."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from overstap.panel.design import design
from overstap.panel.session import Session, new_session
from overstap.pipeline import Study
from overstap.web.app import create_app
from tests import fixtures

STATEMENTS = "- {statement_id: s1, text_nl: AI verandert ons werk., text_en: AI changes our work.}\n"
SCRIPT_TITLE = "<script>alert(1)</script> & co"
FORMULA_TITLE = "=cmd|'/c calc'!a1"


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The fixture's study, where two titles try to run as code: one in a page, one in a spreadsheet."""
    titles = (*fixtures._TITLES[:2], SCRIPT_TITLE, FORMULA_TITLE, *fixtures._TITLES[2:])
    with patch.object(fixtures, "_TITLES", titles):
        return fixtures.make_store(tmp_path_factory.mktemp("village"), ads=7000)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which an application is served meanwhile."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def server(study: Study) -> Iterator[str]:
    """The address of the dashboard of that study."""
    with served(create_app(study)) as address:
        yield address


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of that dashboard."""
    with httpx.Client(base_url=server, timeout=30) as made:
        yield made


class Reader:
    """A page that keeps every fault of a script and every request."""

    def __init__(self, context: Any, base: str) -> None:
        self.page = context.new_page()
        self.base = base
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: str) -> Reader:
        self.page.goto(self.base + path)
        return self

    def drawn(self) -> Reader:
        self.page.wait_for_selector("html[data-charts=ready]", timeout=30_000)
        return self

    def table(self, name: str) -> list[list[str]]:
        rows = self.page.locator(f"table[data-table={name}] tbody tr")
        return [[text.strip() for text in row.locator("td").all_inner_texts()] for row in rows.all()]

    def link(self, figure: str, text: str) -> str:
        href: str = self.page.locator(f"figure#{figure} .share a", has_text=text).get_attribute("href")
        return href


@pytest.fixture
def reader(chromium: Any, server: str) -> Iterator[Reader]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    made = Reader(context, server)
    yield made
    outside = [url for url in made.requests if urlsplit(url).netloc != urlsplit(server).netloc and url[:5] != "data:"]
    assert outside == []
    assert made.faults == []
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core; skipped, and said so, where its package is not installed."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("No axe-playwright-python: pages are NOT tested for access.")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A live session of a panel with one statement."""
    texts = tmp_path / "statements.yaml"
    texts.write_text(STATEMENTS, encoding="utf-8")
    return new_session(tmp_path / "vision", design("vision", None, texts, 2030, None))
