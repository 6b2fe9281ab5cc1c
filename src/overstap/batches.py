"""Work on a stream of batches in threads or processes, in order and in bounded memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from overstap.errors import ResourceError

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_SELDOM = 50_000
"""New objects between two looks for garbage: batches make many objects and hardly any cycles."""
_lock = threading.Lock()
_at_work, _usual = 0, (0, 0, 0)


def ordered_map(
    function: Callable[[_In], _Out], batches: Iterable[_In], workers: int, *, processes: bool = False
) -> Iterator[_Out]:
    """`function` over `batches` in `workers` workers: results in order, at most 2 × workers batches at a time.

    Workers are threads, or processes where `processes` is set, which pays where much is done in Python itself and the
    input is large: each gets `function` once, pickled, and takes seconds to start. Batches and results are then pickled
    too. The stream is read in the caller's thread, as far as the results are asked for. Raises what `function` or the
    stream raises, where its batch is due; work that has not begun is then dropped, as it is when the caller stops.
    Raises ResourceError where a worker process was killed.
    """
    task: Callable[[_In], _Out] = _call if processes else function
    with _seldom_collected(), _processes(function, workers) if processes else ThreadPoolExecutor(workers) as pool:
        yield from _in_order(pool, task, batches, workers)


class Processes:
    """Worker processes that stay for several streams, so that only the first waits for their start."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        self._workers = workers
        self._pool = _processes(function, workers)

    def end(self) -> None:
        """Let go of the workers; what has not begun is dropped."""
        self._pool.shutdown(cancel_futures=True)

    def map(self, batches: Iterable[Any]) -> Iterator[Any]:
        """As `ordered_map`."""
        return _in_order(self._pool, _call, batches, self._workers)


def _in_order(pool: Executor, task: Callable[[_In], _Out], batches: Iterable[_In], workers: int) -> Iterator[_Out]:
    waiting: deque[Future[_Out]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(task, batch))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise ResourceError(
            "A worker process was ended from outside, most likely because memory ran out.",
            why=f"{workers} workers were at work, each with its own copy of what it looks for.",
            fix="End other programs, or give fewer threads where the command has that; then run it again.",
        ) from error
    finally:
        for future in waiting:
            future.cancel()


def may_start_processes() -> bool:
    """Whether worker processes can be started unasked: each runs the program's main file anew, and one that is not
    ours may begin its work again. So only from our own command, a module (`python -m`) or a prompt."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return file is None or main.__spec__ is not None or Path(file).stem in ("overstap", "__main__")


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage less often while any stream is worked on, and as before when the last one ends."""
    global _at_work, _usual
    with _lock:
        if not _at_work:
            _usual = gc.get_threshold()
            _collect_seldom()
        _at_work += 1
    try:
        yield
    finally:
        with _lock:
            _at_work -= 1
            if not _at_work:
                gc.set_threshold(*_usual)


def _collect_seldom() -> None:
    first, *older = gc.get_threshold()
    if first:  # 0: the user wants none
        gc.set_threshold(max(first, _SELDOM), *older)


def _processes(function: Callable[[Any], Any], workers: int) -> Executor:
    # Started anew, not forked: a fork copies the locks of threads that the copy does not have.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(function,))


_function: Callable[[Any], Any]


def _begin(function: Callable[[Any], Any]) -> None:
    """A worker process at its start: keeps the function, leaves Ctrl-C to the parent, and ends when that ends."""
    global _function
    _function = function
    _collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(batch: Any) -> Any:
    return _function(batch)
