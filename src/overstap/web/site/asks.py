"""Requests to the dashboard without a server, and which of them a site holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from overstap.errors import OverstapError
from overstap.schema.out import CELL_NAMES
from overstap.web.selection import INITIATIVE, LANGS, PARAMETERS, PATHS, Selection

CHOICES = {
    "demand": (*CELL_NAMES, "period", "item_kind", "category", "item_id"),
    "levels": ("period", "dimension", "item_kind", "item_id"),
    "outlook": ("region",),
    "moves": ("occupation",),
    "occupation": ("occupation",),
    "skill": ("item_id", "category"),
    "education": ("topsector", "region"),
    "sector": ("topsector",),
    "countries": ("abroad",),
    "initiatives": INITIATIVE,
}
"""What can be chosen on each page of a site; rows stand in the order of the page."""
_VIEWS = {path: view for view, path in PATHS.items() if view != "trace"}


@dataclass(frozen=True)
class Asked:
    """A page of the site: the view, the language, and what was chosen beside the defaults."""

    view: str
    lang: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """Where the dashboard has it."""
        return f"{PATHS[self.view]}?{urlencode([('lang', self.lang), *self.choices])}"

    @property
    def file(self) -> str:
        """Where the site has it."""
        name = "index" if self.view == "home" else self.view
        if not self.choices:
            return f"{self.lang}/{name}.html"
        return f"{self.lang}/{self.view}/{'-'.join(_plain(text) for pair in self.choices for text in pair)}.html"

    @property
    def is_held(self) -> bool:
        """Whether the site holds the page: one choice at most."""
        return len(self.choices) <= 1


def asked(href: str) -> Asked | None:
    """The page that a link of the dashboard leads to; None for data, traces and what is elsewhere."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or parts.path not in _VIEWS:
        return None
    given = parse_qsl(parts.query)
    lang = dict(given).get("lang", LANGS[0])
    return page_of(_VIEWS[parts.path], lang, given)


def page_of(view: str, lang: str, given: Iterable[tuple[str, str]]) -> Asked:
    """The page for the pairs of a query: those that matter to the view and differ from the defaults, in one order."""
    default = Selection()
    kept = {
        (name, value)
        for name, value in given
        if name in CHOICES.get(view, ()) and value and value != str(getattr(default, name))
    }
    return Asked(view, lang, tuple(sorted(kept, key=lambda pair: (PARAMETERS.index(pair[0]), pair[1]))))


def data_file(href: str) -> str:
    """Where the site has the answer of an address of the API."""
    name, _, form = urlsplit(href).path.rpartition("/")[2].rpartition(".")
    digest = hashlib.blake2b(href.encode(), digest_size=4).hexdigest()
    return f"data/{name}-{digest}.{form}" if urlsplit(href).query else f"data/{name}.{form}"


def _plain(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_.]+", "_", text)[:60]
    return plain if plain == text else f"{plain}_{hashlib.blake2b(text.encode(), digest_size=3).hexdigest()}"


class Inside:
    """Asks an application in this process, one request at a time; a context.

    The loop of the application has a thread of its own, so that a caller may have one too, as a notebook has.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._stack = ExitStack()

    def __enter__(self) -> Inside:
        self._portal = self._stack.enter_context(start_blocking_portal())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def get(self, url: str) -> bytes:
        """The body of the answer. Raises OverstapError where it is no success."""
        status, body = self._portal.call(self._answer, url)
        if status != 200:
            raise OverstapError(f"The dashboard answers {status} to {url}.", why="A page of it links there.")
        return body

    async def _answer(self, url: str) -> tuple[int, bytes]:
        parts = urlsplit(url)
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
            "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 0), "server": ("localhost", 80),
        }  # fmt: skip
        status, body = 500, bytearray()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))

        await self._app(scope, receive, send)
        return status, bytes(body)
