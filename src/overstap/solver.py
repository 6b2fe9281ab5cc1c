"""The solver of integer programs, without what it prints."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_lock = threading.Lock()


@contextmanager
def silent_solver() -> Iterator[None]:
    """Within, what compiled code prints on standard output goes to standard error.

    HiGHS tells some of its trouble on standard output, whatever is asked of it, where it would stand in the midst of
    the JSON that a command prints. One thread at a time; what other threads print on standard output meanwhile goes
    along. A process without standard output or error is left as it is.
    """
    with _lock:
        usual = None
        with suppress(OSError):
            usual = os.dup(1)
            os.dup2(2, 1)
        try:
            yield
        finally:
            with suppress(OSError, AttributeError, TypeError):
                ctypes.CDLL(None).fflush(None)  # what C has not written yet would come after
            if usual is not None:
                os.dup2(usual, 1)
                os.close(usual)
