"""Files that appear whole or not at all, also where the process is killed or the disk is full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to: it takes the place of `path` when the block ends well, and is removed when it does not.

    Folders that lack are made. What was written is on the disk before it takes the place of what was there. Several
    processes and threads may write the same file; the last one that ends stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(content: bytes | str, path: Path) -> None:
    """Write bytes, or text as UTF-8, to a file that appears whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
