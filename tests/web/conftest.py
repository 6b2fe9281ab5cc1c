"""A finished study of invented ads, a running dashboard, and Chromium."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from overstap.pipeline import Study
from overstap.web.app import create_app
from tests import fixtures

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


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core; skipped, and said so, where its package is not installed."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("No axe-playwright-python: pages are NOT tested for access.")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
