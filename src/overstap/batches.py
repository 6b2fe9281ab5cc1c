"""Work on a stream of batches in threads, in order and in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def ordered_map(function: Callable[[_In], _Out], batches: Iterable[_In], threads: int) -> Iterator[_Out]:
    """`function` over `batches` in `threads` worker threads: results in order, at most 2 × threads batches at a time.

    The stream is read in the caller's thread, as far as the results are asked for. Raises what `function` or the
    stream raises, where its batch is due; work that has not begun is then dropped, as it is when the caller stops.
    """
    waiting: deque[Future[_Out]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for batch in batches:
                waiting.append(pool.submit(function, batch))
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
