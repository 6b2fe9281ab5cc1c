"""What takes too long is ended: one thread watches over all that is under way, so that no query starts one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOKS = 0.1  # seconds between two looks, while something is under way


class Deadlines:
    """Ends what takes longer than it may; for use by several threads."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[float, Callable[[], object]]] = {}
        self._changed = threading.Condition()
        self._watched = False

    @contextmanager
    def within(self, seconds: float, end: Callable[[], object]) -> Iterator[None]:
        """Call `end`, once, where the block lasts longer than so many seconds."""
        token = object()
        with self._changed:
            self._open[token] = time.monotonic() + seconds, end
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, daemon=True, name="deadlines").start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._open.pop(token, None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._open:
                    self._changed.wait()
                now = time.monotonic()
                late = [token for token, (until, _) in self._open.items() if until <= now]
                for token in late:
                    self._open.pop(token)[1]()
            time.sleep(_LOOKS)
