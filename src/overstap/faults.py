"""What ended a step that is no fault of the study: no memory, no room or right on the disk, a table damaged there."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.errors import OverstapError, ResourceError, StoreError
from overstap.store import REFUSED, Store, not_writable

_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "your quota is used up", errno.EFBIG: "a file may not grow so"}
_SAID = {
    "No space left": "the disk is full",
    "quota": "your quota is used up",
    "File too large": "a file may not grow so",
}


def explained(error: Exception, step: str, reads: Iterable[str], store: Store) -> OverstapError | None:
    """The error of a step in words that say what to do; None where it is of another kind.

    Tables and parts that turn out to be damaged are taken out of the store, so that the next run makes them anew.
    """
    cause = error.__cause__ if isinstance(error, OverstapError) and error.__cause__ else error
    words = str(cause)
    if isinstance(cause, MemoryError) or type(cause).__name__ == "OutOfMemoryException" or "bad_alloc" in words:
        return ResourceError(
            f"The step {step} needs more memory than there is.",
            why="Finished tables are kept, and nothing of this step.",
            fix="End other programs, or take a machine with more memory; the same command goes on here.",
        )
    full = _FULL.get(getattr(cause, "errno", None) or 0) or next(
        (why for said, why in _SAID.items() if said in words), ""
    )
    if full and (isinstance(cause, OSError | pa.ArrowException) or "duckdb" in type(cause).__module__):
        return ResourceError(
            f"The step {step} cannot write to {store.folder}: {full}.",
            why="Finished tables are kept, and nothing of this step.",
            fix="Free some space, or set 'output:' to a folder on another disk; then run the same command.",
        )
    if isinstance(cause, OSError) and cause.errno in REFUSED and _below(cause.filename, store.folder):
        return not_writable(store.folder, cause)
    if isinstance(error, OverstapError) and error.__cause__ is None:
        return None
    lost = [*_damaged_tables(reads, store), *_damaged_parts(store)]
    if not lost:
        return None
    return StoreError(
        f"Damaged on the disk: {', '.join(lost)} in {store.folder}.",
        why="What was written there does not read back: a failing disk, or another program changed it.",
        fix="Run the same command again: it makes anew what was damaged. Look at the disk if it comes back.",
    )


def _below(name: object, folder: Path) -> bool:
    """Whether a refused file lies in the folder; one without a name was being written."""
    return name is None or Path(str(name)).is_relative_to(folder)


def _damaged_tables(reads: Iterable[str], store: Store) -> list[str]:
    lost = [name for name in reads if name in store.manifest.tables and not _whole(store.path(name))]
    for name in lost:
        del store.manifest.tables[name]
    if lost:
        shutil.rmtree(store.parts, ignore_errors=True)  # a table is made of links to them
        store.save()
    return lost


def _damaged_parts(store: Store) -> Iterator[str]:
    for part in store.parts.glob("*/*"):
        if not all(_whole(folder) for folder in [part, *part.iterdir()] if folder.is_dir()):
            shutil.rmtree(part, ignore_errors=True)
            yield f"part {part.name}"


def _whole(folder: Path) -> bool:
    """Whether every page of the Parquet files reads back as it was written."""
    try:
        for path in folder.glob("*.parquet"):
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                for _ in file.iter_batches():
                    pass
    except (OSError, pa.ArrowException):
        return False
    return True
