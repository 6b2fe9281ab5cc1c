"""What is dear to make and does not change with the rest of the study: kept by the digest of what it was made from.

A part is a folder below `.parts` of the results. It appears whole, and knows the sizes of its files, so that a damaged
one is made anew. A table is put together from parts by links to their files, which takes no room.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from overstap.store import Store, scratch, to_disk

SIZES = "sizes.json"
"""The file of a part that tells the sizes of the others."""


class Parts:
    """The parts of one kind that a study keeps, for instance its deliveries or their annotations."""

    def __init__(self, store: Store, kind: str) -> None:
        self.folder = store.parts / kind

    def path(self, key: str) -> Path:
        """The folder of a part."""
        return self.folder / key

    def has(self, key: str) -> bool:
        """Whether the part is there with all its files, of the size with which they were written."""
        try:
            sizes = json.loads((self.path(key) / SIZES).read_text(encoding="utf-8"))
            return bool(sizes == _sizes(self.path(key)))
        except (OSError, ValueError):
            return False

    @contextmanager
    def writing(self, key: str) -> Iterator[Path]:
        """A folder to write a part in, which becomes the part when the block ends well and is removed when not."""
        with scratch(self.folder / f".writing-{key}") as temporary:
            yield temporary
            (temporary / SIZES).write_text(json.dumps(_sizes(temporary)), encoding="utf-8")
            for folder in [temporary, *(p for p in temporary.rglob("*") if p.is_dir())]:
                to_disk(folder)
            shutil.rmtree(self.path(key), ignore_errors=True)
            temporary.replace(self.path(key))

    def drop(self, keys: Iterable[str]) -> None:
        """Remove these parts."""
        for key in keys:
            shutil.rmtree(self.path(key), ignore_errors=True)

    def keep(self, keys: Iterable[str]) -> None:
        """Remove every other part, and what a run that was stopped by force left."""
        wanted = set(keys)
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in wanted:
                    shutil.rmtree(path, ignore_errors=True)


def key_of(*facts: Any) -> str:
    """The name of a part that was made from these facts."""
    return blake2b(json.dumps(facts, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()


def link(files: Iterable[Path], folder: Path, name: str) -> None:
    """The files of a part as files of a table, called `name` and a number; copies where the disk knows no links."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files):
        target = folder / f"{name}-{number:04d}.parquet"
        with suppress(OSError):
            os.link(file, target)
            continue
        shutil.copyfile(file, target)


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != SIZES)
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}
