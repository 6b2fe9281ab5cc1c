"""The folder of results: each table whole or not at all, whatever moment a run is stopped.

A step writes its tables to a temporary folder. When all are complete they are renamed into place under a version
name, and one atomic replacement of `manifest.json` makes them current. A reader sees the old manifest or the new one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from overstap.errors import StoreError, nearest

FORMAT = 2
REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM)
"""Faults of a folder in which this user may write nothing."""
_BATCH_ROWS = 16_384
Wanted = str | Sequence[str]  # the value that a column must have, or several of which it may have one


def equal(wanted: Mapping[str, Wanted]) -> pc.Expression:
    """That each named column has the value, or one of the values, given."""
    terms = [
        pc.field(name) == value if isinstance(value, str) else pc.field(name).isin(pa.array(list(value), pa.string()))
        for name, value in wanted.items()
    ]
    return reduce(lambda a, b: a & b, terms, pc.scalar(True))


@dataclass(frozen=True)
class TableEntry:
    """A current table: its version (hash of all that made it), step, rows, seconds it took, bytes on disk, and the
    versions of the tables it was made from. `removed`: what its texts followed from, where these were removed since;
    its files then lie in a folder of another name."""

    version: str
    step: str
    rows: int
    seconds: float
    size: int = 0
    reads: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, Any] | None = None

    @property
    def folder(self) -> str:
        """The name of the folder of its files."""
        return self.version if self.removed is None else f"{self.version}-reduced"


@dataclass
class Manifest:
    """What the store holds, and from what: `tables` by name, `inputs` (file → size, times, digest), and `about`: what
    else the last finished run followed from (see `provenance.about_run`)."""

    format: int = FORMAT
    tables: dict[str, TableEntry] = field(default_factory=dict)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Owner:
    """Who holds a store: process, machine, and when it began (seconds since 1970, which only people are told)."""

    process: int
    host: str
    began: float

    @classmethod
    def here(cls) -> Owner:
        """This process."""
        return cls(os.getpid(), socket.gethostname(), time.time())

    @classmethod
    def of(cls, text: str) -> Owner | None:
        """The owner that a lock file names; None where it names none."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None

    def may_live(self) -> bool:
        """Whether the process still runs, or runs on another machine, where that cannot be told."""
        if self.host != socket.gethostname():
            return True
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return self.process != os.getpid()

    def __str__(self) -> str:
        minutes = max(0, round((time.time() - self.began) / 60))
        return f"process {self.process} on {self.host}, for {minutes} minutes"


class Store:
    """The results of one study in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._load()

    @property
    def parts(self) -> Path:
        """The folder of what is kept from run to run beside the tables; see `parts`."""
        return self.folder / ".parts"

    def _load(self) -> Manifest:
        path = self.folder / "manifest.json"
        if not path.exists():
            return Manifest()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            found = int(data["format"])
            entries = {name: TableEntry(**entry) for name, entry in data["tables"].items()} if found == FORMAT else {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"{path} cannot be read: {error}", fix=f"Remove {self.folder} and run the study again."
            ) from error
        if found > FORMAT:
            raise StoreError(
                f"The results in {self.folder} have format {found}; this version of overstap reads format {FORMAT}.",
                why="A newer version of overstap made them.",
                fix="pip install --upgrade overstap; or set 'output:' in the study file to another folder.",
            )
        if found < FORMAT:  # all of it follows from the study: a run makes it anew in the present format
            return Manifest()
        return Manifest(found, entries, data.get("inputs", {}), data.get("about", {}))

    def save(self) -> None:
        """Replace `manifest.json` atomically, after all it names has reached the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = asdict(self.manifest)
        temporary = self.folder / f".manifest-{os.getpid()}.json"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(data, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / "manifest.json")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store for one run. Raises StoreError where another run holds it, or nothing may be written there."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            opened = (self.folder / ".lock").open("a+")
        except OSError as error:
            if error.errno in REFUSED:
                raise not_writable(self.folder, error) from error
            raise
        with opened as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.seek(0)
                owner = Owner.of(file.read())
                # The system lets go of a lock with the process that held it. Where the disk knows no locks, a run on
                # this machine that is gone is told by its process, and one on another machine cannot be told at all.
                if error.errno in (errno.EAGAIN, errno.EACCES) or (owner and owner.may_live()):
                    raise StoreError(
                        f"Another run ({owner or 'unknown'}) works in {self.folder}.",
                        fix="Wait until it ends, or give this study another 'output:' folder. "
                        f"If you know that it is gone: rm {self.folder / '.lock'}",
                    ) from None
            file.truncate(0)
            file.write(json.dumps(asdict(Owner.here())))
            file.flush()
            self.manifest = self._load()
            self._clear()
            yield

    def _clear(self) -> None:
        """Remove what a run that was stopped by force left: unfinished tables, versions that are not current."""
        for pattern in (".writing-*", ".manifest-*.json", "*.part"):
            for path in self.folder.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, entry in self.manifest.tables.items():
            if (self.folder / name).is_dir():
                self._drop_old(name, entry.folder)

    def path(self, name: str) -> Path:
        """The folder with the current Parquet files of table `name`. Raises StoreError where it is not there."""
        entry = self.manifest.tables.get(name)
        if entry is None:
            raise StoreError(
                f"The study has no table '{name}' yet.",
                fix=nearest(name, self.manifest.tables) or "Run the study first: overstap run study.yaml",
            )
        return self.folder / name / entry.folder

    def files(self, name: str) -> list[Path]:
        """The current Parquet files of table `name`, in row order. Raises StoreError where it is not there."""
        return sorted(self.path(name).glob("*.parquet"))

    def has(self, name: str, version: str) -> bool:
        """Whether table `name` is current in exactly this version, with its files whole."""
        entry = self.manifest.tables.get(name)
        return (
            entry is not None
            and entry.version == version
            and folder_size(self.folder / name / entry.folder) == entry.size
        )

    def stale(self) -> list[str]:
        """Tables that were made from another version of a table than the one that is current: a run was stopped."""
        tables = self.manifest.tables
        return [
            name
            for name, entry in tables.items()
            if any(read not in tables or tables[read].version != version for read, version in entry.reads.items())
        ]

    def read(self, name: str, columns: list[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
        """Table `name` in memory, or those of its rows for which `where` holds."""
        files = self.files(name)
        try:
            return pa.concat_tables(
                [
                    pq.read_table(
                        file, columns=columns, filters=where, partitioning=None, page_checksum_verification=True
                    )
                    for file in files
                ]
            )
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreError(
                f"The table '{name}' in {self.folder} cannot be read: {str(error).splitlines()[0]}",
                why="Its files are damaged, or were taken away.",
                fix="Make the tables anew: overstap run --fresh study.yaml",
            ) from error

    def select(self, name: str, wanted: Mapping[str, Wanted]) -> pa.Table:
        """The rows of table `name` whose named columns have the value, or one of the values, given."""
        return self.read(name, where=equal(wanted))

    def batches(
        self, name: str, columns: list[str], *, rows: int = _BATCH_ROWS, encoded: list[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Table `name` in batches of so many rows, in row order, never whole in memory.

        Columns of text that are `encoded` come as dictionaries, which is faster where the same texts come back.
        """
        for path in self.files(name):
            with pq.ParquetFile(path, read_dictionary=encoded, page_checksum_verification=True) as file:
                yield from file.iter_batches(rows, columns=columns)

    @contextmanager
    def writing(self, step: str) -> Iterator[Path]:
        """A temporary folder for the tables of `step`; whatever is left of it is removed."""
        with scratch(self.folder / f".writing-{step}") as temporary:
            yield temporary

    def commit(self, temporary: Path, entries: Mapping[str, TableEntry]) -> None:
        """Make the finished tables in `temporary` current, all at once, once they are on the disk."""
        entries = {n: replace(entry, size=folder_size(temporary / n)) for n, entry in entries.items()}
        for name, entry in entries.items():
            if self.has(name, entry.version) and self.manifest.tables[name].removed == entry.removed:
                continue
            to_disk(temporary / name)
            target = self.folder / name / entry.folder
            target.parent.mkdir(exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            (temporary / name).replace(target)
        self.manifest.tables.update(entries)
        self.save()
        for name, entry in entries.items():
            self._drop_old(name, entry.folder)

    def replace(self, temporary: Path, name: str, *, removed: Mapping[str, Any]) -> None:
        """Make the files in `temporary` those of table `name` in place of its own, as the same version."""
        self.commit(temporary, {name: replace(self.manifest.tables[name], removed=removed)})

    def forget(self) -> None:
        """Make every table, and all parts of tables, be made anew by the next run."""
        shutil.rmtree(self.parts, ignore_errors=True)
        self.manifest = Manifest()
        self.save()

    def _drop_old(self, name: str, current: str) -> None:
        for folder in (self.folder / name).iterdir():
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)


def not_writable(folder: Path, error: OSError) -> StoreError:
    """The error of results in a folder, or on a disk, in which this user may write nothing."""
    return StoreError(
        f"Nothing can be written in {folder}: {error.strerror or error}.",
        why="What stands there is kept as it is, and can be read.",
        fix=f"Give yourself the right to write (chmod u+w {folder}), mount the disk for writing, or set 'output:' in "
        "the study file to another folder; then run the same command.",
    )


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """An empty folder to write in; whatever is left of it at the end is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def folder_size(folder: Path) -> int:
    """Bytes of the Parquet files in `folder`; −1 where it holds none."""
    sizes = [path.stat().st_size for path in folder.glob("*.parquet")]
    return sum(sizes) if sizes else -1


def to_disk(folder: Path) -> None:
    """Have the system write the files of `folder` out, so that a manifest never names what a power cut can take."""
    for path in [*(p for p in folder.iterdir() if p.is_file()), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
