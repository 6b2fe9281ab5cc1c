"""What the first readers of a dashboard would wait for, made beside the server once it listens."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from overstap.web import levers
from overstap.web.app import VIEWS, index_of, opened
from overstap.web.results import Results
from overstap.web.selection import LANGS

_QUIET = 0.3  # seconds without a reader before the next part is made: they go first
log = logging.getLogger("overstap.web")


@contextmanager
def warming(app: FastAPI) -> Iterator[None]:
    """Make every page as it opens, the index of the search and the market of the levers, in a thread meanwhile."""
    ended = threading.Event()
    thread = threading.Thread(target=_warm, args=(app, ended), daemon=True, name="warm")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=2)


def _warm(app: FastAPI, ended: threading.Event) -> None:
    for part in parts(app):
        while (left := app.state.asked + _QUIET - time.monotonic()) > 0 and not ended.is_set():
            ended.wait(left)
        if ended.is_set():
            return
        try:
            part()
        except Exception as error:  # whoever asks for it is told
            log.info("not made before it is asked for: %s", error)


def parts(app: FastAPI) -> Iterator[Callable[[], object]]:
    """The parts of the work, in the order in which readers come to want them."""
    results: Results = app.state.results
    for lang in LANGS:
        yield lambda lang=lang: opened(app, "home", lang)  # type: ignore[misc]
    yield lambda: index_of(app, results.current()).ready()  # the search stands on every page
    for lang in LANGS:
        for view in [view for view in VIEWS if view != "home"]:
            yield lambda view=view, lang=lang: opened(app, view, lang)  # type: ignore[misc]
    yield lambda: levers.ready(results.current())
