"""What a process and all it started use: processor time and resident memory, watched from outside, on Linux.

Memory is the sum over all of them at one moment, looked at twenty times a second. `resident` counts pages of mapped
files too, which the system takes back when it needs them; `own` does not.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from overstap.errors import OverstapError

_EVERY = 0.05  # seconds


@dataclass(frozen=True)
class Usage:
    """Processor seconds up to now; the most memory since the last look, in bytes."""

    processor: float
    resident: int
    own: int


class Watch:
    """Watches the tree of processes below `process`, itself included where `root` is set, until it is closed."""

    def __init__(self, process: int, *, root: bool = True) -> None:
        if not Path("/proc/self/statm").exists():
            raise OverstapError(
                "Memory and processor time of several processes are read from /proc, which this system lacks.",
                fix="Measure on Linux.",
            )
        self._process, self._root = process, root
        self._page, self._tick = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
        self._lock, self._done = threading.Lock(), threading.Event()
        self._processor, self._resident, self._own = 0.0, 0, 0
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def look(self) -> Usage:
        """What was used; the most memory is counted anew from here on."""
        self._sample()
        with self._lock:
            found = Usage(self._processor, self._resident, self._own)
            self._resident = self._own = 0
        return found

    def _go_on(self) -> None:
        while not self._done.wait(_EVERY):
            self._sample()

    def _sample(self) -> None:
        processor, resident, own = 0.0, 0, 0
        for process in self._tree(self._process, self._root):
            with suppress(OSError, ValueError, IndexError):  # it ended between two reads
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                all_, shared = (int(n) for n in Path(f"/proc/{process}/statm").read_text().split()[1:3])
                # Own time and that of children which have ended: those that live are counted by themselves.
                processor += sum(int(n) for n in fields[11:15]) / self._tick
                resident += all_ * self._page
                own += (all_ - shared) * self._page
        with self._lock:
            self._processor = max(self._processor, processor)
            self._resident, self._own = max(self._resident, resident), max(self._own, own)

    def _tree(self, process: int, itself: bool) -> Iterator[int]:
        if itself:
            yield process
        with suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                for child in (task / "children").read_text().split():
                    yield from self._tree(int(child), True)
