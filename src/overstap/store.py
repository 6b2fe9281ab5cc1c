"""The folder of results: each table whole or not at all, whatever moment a run is stopped.

A step writes its tables to a temporary folder. When all are complete they are renamed into place under a version
name, and one atomic replacement of `manifest.json` makes them current. A reader sees the old manifest or the new one.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from overstap.errors import StoreError, nearest

FORMAT = 1


@dataclass(frozen=True)
class TableEntry:
    """A current table: its version (hash of all that made it), step, rows, seconds it took."""

    version: str
    step: str
    rows: int
    seconds: float


@dataclass
class Manifest:
    """What the store holds, and from what: `tables` by name, `inputs` (file → size, mtime, digest), `settings`."""

    format: int = FORMAT
    tables: dict[str, TableEntry] = field(default_factory=dict)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


class Store:
    """The results of one study in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._load()

    def _load(self) -> Manifest:
        path = self.folder / "manifest.json"
        if not path.exists():
            return Manifest()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            found = int(data["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{path} cannot be read: {error}", fix=f"Remove {self.folder} and run the study again."
            ) from error
        if found != FORMAT:
            raise StoreError(
                f"The results in {self.folder} have format {found}; this version of overstap reads format {FORMAT}.",
                fix=f"Remove {self.folder} and run the study again.",
            )
        tables = {name: TableEntry(**entry) for name, entry in data["tables"].items()}
        return Manifest(found, tables, data.get("inputs", {}), data.get("about", {}))

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
        """Hold the store for one run. Raises StoreError where another run holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                raise StoreError(
                    f"Another run (process {file.read().strip() or 'unknown'}) works in {self.folder}.",
                    fix="Wait until it ends, or give this study another 'output:' folder.",
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            self.manifest = self._load()
            yield

    def path(self, name: str) -> Path:
        """The folder with the current Parquet files of table `name`. Raises StoreError where it is not there."""
        entry = self.manifest.tables.get(name)
        if entry is None:
            raise StoreError(
                f"The study has no table '{name}' yet.",
                fix=nearest(name, self.manifest.tables) or "Run the study first: overstap run study.yaml",
            )
        return self.folder / name / entry.version

    def has(self, name: str, version: str) -> bool:
        """Whether table `name` is current in exactly this version, with its files in place."""
        entry = self.manifest.tables.get(name)
        return entry is not None and entry.version == version and (self.folder / name / version).is_dir()

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Table `name` in memory."""
        files = sorted(self.path(name).glob("*.parquet"))
        return pa.concat_tables([pq.read_table(file, columns=columns, partitioning=None) for file in files])

    @contextmanager
    def writing(self, step: str) -> Iterator[Path]:
        """A temporary folder for the tables of `step`; whatever is left of it is removed."""
        temporary = self.folder / f".writing-{step}"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def commit(self, temporary: Path, entries: Mapping[str, TableEntry]) -> None:
        """Make the finished tables in `temporary` current, all at once."""
        for name, entry in entries.items():
            target = self.folder / name / entry.version
            target.parent.mkdir(exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            (temporary / name).replace(target)
        self.manifest.tables.update(entries)
        self.save()
        for name, entry in entries.items():
            self._drop_old(name, entry.version)

    def _drop_old(self, name: str, current: str) -> None:
        for folder in (self.folder / name).iterdir():
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)
