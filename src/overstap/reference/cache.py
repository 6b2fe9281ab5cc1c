"""Keep what is slow to build between runs: one file an object in the folder `cache` of the user's data folder.

A file holds Arrow arrays and a few facts as JSON, behind a line with their length and checksum. Its name tells what was
kept and a hash of all that it follows from: this package's code and bundled data and models, the Unicode data of this
Python, and what the caller adds. What is missing, damaged or from another version is built anew; a folder that cannot
be written costs time, never a run.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.reference.home import data_home
from overstap.whole import whole_file

_MAGIC = b"overstap-kept-1"
_HEAD = 64
_ABANDONED_SECONDS = 3600.0
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, pa.ArrowException)

_T = TypeVar("_T")
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Parcel:
    """An object as it is kept: named arrays of any length, and facts that JSON can hold."""

    arrays: Mapping[str, pa.Array]
    facts: Mapping[str, Any] = field(default_factory=dict)


def keep(
    name: str,
    key: str,
    build: Callable[[], _T],
    pack: Callable[[_T], Parcel],
    unpack: Callable[[Parcel], _T],
    home: Path | None = None,
) -> _T:
    """The object `name` for `key` from the cache folder, or else from `build()`, then kept there.

    `key` must change with whatever the object follows from beside the package itself. `unpack` may raise anything that
    reading a wrong file leads to. Files of the same name with another key are removed. Raises what `build` raises.
    """
    path = None
    with suppress(*_UNREADABLE):
        path = cache_folder(home) / f"{name}-{_full_key(key)}.arrow"
        return unpack(_read(path))
    built = build()
    if path is not None:
        with suppress(OSError):
            _write(pack(built), path)
            _tidy(name, path)
    return built


def cache_folder(home: Path | None = None) -> Path:
    """The folder of kept files. It may be deleted at any time."""
    return data_home(home) / "cache"


@lru_cache(maxsize=64)
def source_digest(*parts: str) -> str:
    """Hash over package files, as bytes; a folder stands for all files below it."""
    root = Path(str(files("overstap")))
    digest = blake2b(digest_size=16)
    for part in parts:
        path = root / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root).as_posix()}\0{file.stat().st_size}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def pack_arrays(arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> Parcel:
    """NumPy arrays of one or two dimensions as a parcel."""
    shapes = {name: array.shape for name, array in arrays.items()}
    return Parcel({name: pa.array(array.ravel()) for name, array in arrays.items()}, {**facts, "shapes": shapes})


def unpack_arrays(parcel: Parcel) -> dict[str, Array]:
    """The NumPy arrays of `pack_arrays`. They are copies that can be written to: for compiled code an array that
    cannot is of another type, and would be compiled for anew."""
    shapes = parcel.facts["shapes"]
    return {
        name: np.array(parcel.arrays[name].to_numpy(zero_copy_only=False)).reshape(shape)
        for name, shape in shapes.items()
    }


def _full_key(key: str) -> str:
    parts = (source_digest("ads", "reference", "schema"), unicodedata.unidata_version, sys.byteorder, key)
    return blake2b("/".join(parts).encode(), digest_size=12).hexdigest()


def _head(body: memoryview) -> bytes:
    """Length and checksum, filled up so that the arrays stay aligned."""
    return b"%s %d %08x" % (_MAGIC, len(body), zlib.crc32(body))


def _read(path: Path) -> Parcel:
    """Raises OSError or ValueError where the file is missing or not what was written."""
    raw = memoryview(path.read_bytes())
    body = raw[_HEAD:]
    if bytes(raw[:_HEAD]).rstrip() != _head(body):
        raise ValueError(f"{path} is damaged")
    batch = pa.ipc.open_stream(pa.py_buffer(body)).read_next_batch()
    facts = json.loads(batch.schema.metadata[b"facts"])
    return Parcel({name: batch.column(name).values for name in batch.schema.names}, facts)


def _write(parcel: Parcel, path: Path) -> None:
    """Write a file that appears whole or not at all: one Arrow row with a list for each array."""
    lists = {name: pa.LargeListArray.from_arrays([0, len(array)], array) for name, array in parcel.arrays.items()}
    batch = pa.RecordBatch.from_pydict(lists).replace_schema_metadata({"facts": json.dumps(parcel.facts)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    body = memoryview(sink.getvalue())
    with whole_file(path) as part, part.open("wb") as file:
        file.write(_head(body).ljust(_HEAD))
        file.write(body)


def _tidy(name: str, path: Path) -> None:
    """Remove files of other versions, and what a process that was killed left half written."""
    for other in path.parent.glob(f"{name}-*.arrow"):
        if other != path:
            other.unlink(missing_ok=True)
    for part in path.parent.glob(f".{name}-*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                part.unlink()
