"""How the compiled passes over texts are compiled, and how they read one character of UTF-8."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zlib import crc32

import numpy as np
from numba import njit
from numba.core.compiler_lock import global_compiler_lock
from numpy.typing import NDArray

from overstap.codebase import sources_behind

Array = NDArray[Any]
ZERO = cast(int, np.int64(0))
"""To begin a count with: Numba compiles a function, and all it calls, once more for each literal that it is given."""
NO, YES = cast(bool, np.bool_(False)), cast(bool, np.bool_(True))
"""To begin a condition with."""
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(**options: Any) -> Callable[[_Function], _Function]:
    # No lock of the interpreter, so that threads work side by side. No reference counts: most passes make no array, and
    # counting those of their tables in each call, atomically, costs more than the work itself.
    return cast(Callable[[_Function], _Function], njit(**{"nogil": True, "_nrt": False, **options}))


def kernel(*, makes_arrays: bool = False, **options: Any) -> Callable[[_Function], _Function]:
    """Called from Python: kept in Numba's cache on disk, holds no lock while it runs.

    Numba looks at the file of the kernel alone, and would go on with what its parts and constants in other files were
    before: kept code is made anew where any module of the package that the kernel's leads to changed. `makes_arrays`:
    whether the kernel or one of its parts does. `options` are Numba's. Of several processes one compiles it, for which
    the others wait.
    """

    def decorate(function: _Function) -> _Function:
        compiled: Any = _compiled(cache=True, **({"_nrt": True} if makes_arrays else {}), **options)(function)
        cache: Any = getattr(compiled, "_cache", None)
        index = getattr(cache, "_cache_file", None)
        if index is not None:
            index._source_stamp = (index._source_stamp, _stamps(function.__module__))
            cache.load_overload = _telling(cache.load_overload)
            compiled.compile = _in_turn(compiled.compile, Path(index._index_path))
        return cast(_Function, compiled)

    return decorate


at_first: list[Callable[[], None]] = []
"""Called once in a process, when a kernel is found in no cache."""


def _in_turn(make: Callable[..., Any], index: Path) -> Callable[..., Any]:
    """`make`, which reads a kernel from the cache or compiles it, by one process at a time."""

    def made(signature: Any) -> Any:
        # Numba's own lock first, as kernels that call kernels take it: in another order two threads would never end.
        with global_compiler_lock, _held(index.parent, crc32(index.name.encode())):
            return make(signature)

    return made


@contextmanager
def _held(folder: Path, place: int) -> Iterator[None]:
    """Hold one byte of the lock of a folder of kept code; nothing where that cannot be written to. It ends with the
    process, however that ends."""
    file = _lock_of(folder)
    held = False
    if file is not None:
        with suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
            held = True
    try:
        yield
    finally:
        if file is not None and held:
            fcntl.lockf(file, fcntl.LOCK_UN, 1, place)


@lru_cache(maxsize=64)
def _lock_of(folder: Path) -> int | None:
    """Open as long as the process is, for closing it anywhere would end all that is held."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / ".compiling", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    return None


def _telling(load: Callable[..., Any]) -> Callable[..., Any]:
    """`load`, which reads a kernel from the cache, and which says so where it finds none and the kernel is compiled."""

    def loaded(*args: Any) -> Any:
        found = load(*args)
        if found is None and multiprocessing.parent_process() is None:
            _tell()
        return found

    return loaded


@lru_cache(maxsize=1)
def _tell() -> None:
    """Once in a process: a minute without a word looks like a fault."""
    for begin in at_first:
        begin()
    print("Compiling, once for this version: a minute, or a few for a whole study.", file=sys.stderr, flush=True)


@lru_cache(maxsize=64)
def _stamps(module: str) -> tuple[tuple[float, int], ...]:
    """Time and size of every file that compiled code of a module may come from."""
    return tuple(_stamp(path) for path in sorted(sources_behind((module, __name__))))


def _stamp(path: Path) -> tuple[float, int]:
    stat = path.stat()
    return stat.st_mtime, stat.st_size


part = _compiled(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Called from other compiled functions only."""

inlined = _compiled(no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
"""The same for small functions that are called for each character: a call copies the tables it is given."""


@inlined
def read_character(data: Array, at: int, end: int) -> tuple[int, int]:
    """The code point at `at` and its bytes; (-1, 1) where the bytes are no UTF-8. Reads nothing from `end` on."""
    first = int(data[at])
    if first < 0x80:
        return first, 1
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if first < 0xC2 or first > 0xF4 or at + size > end:
        return -1, 1
    code = first & (0x7F >> size)
    for k in range(1, size):
        byte = int(data[at + k])
        if byte & 0xC0 != 0x80:
            return -1, 1
        code = code << 6 | byte & 0x3F
    return code, size


@inlined
def start_before(data: Array, at: int, start: int) -> int:
    """Where the character before `at` begins; `start` where none does from there on."""
    at -= 1
    low = max(start, at - 3)
    while at > low and data[at] & 0xC0 == 0x80:
        at -= 1
    return max(at, start)
