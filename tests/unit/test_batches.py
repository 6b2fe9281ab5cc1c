"""Batches worked on in threads come back in order, and few are held at a time."""

import threading
from collections.abc import Iterator

import pytest

from overstap.batches import ordered_map


def test_results_keep_the_order_and_the_stream_is_not_read_ahead_of_need() -> None:
    read = 0

    def stream() -> Iterator[int]:
        nonlocal read
        for number in range(40):
            read += 1
            yield number

    results = ordered_map(lambda n: n * n, stream(), 2)
    assert next(results) == 0
    assert read <= 4
    assert list(results) == [n * n for n in range(1, 40)]


def test_an_error_comes_where_its_batch_is_due_and_ends_the_work() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        with lock:
            done.append(number)
        return number

    results = ordered_map(work, iter(range(1000)), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert max(done) < 10
