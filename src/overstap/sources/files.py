"""Finding and opening the files of a source: patterns, gzip and zstd, encodings."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from overstap.errors import InputError, nearest

SAMPLE_BYTES = 1 << 20
MOST_RATIO = 200
MOST_UNPACKED = 256 << 20
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source: where it is, and the name it has in tables and messages (relative to the study file)."""

    path: Path
    label: str

    @property
    def suffix(self) -> str:
        """The ending that says the format, in lower case, without .gz or .zst."""
        names = [s.lower() for s in self.path.suffixes]
        while names and names[-1] in (".gz", ".zst", ".zstd"):
            names.pop()
        return names[-1] if names else ""


def expand(patterns: list[str], base: Path, source_id: str) -> tuple[list[SourceFile], list[InputError]]:
    """The files that `patterns` (relative to `base`) match, sorted per pattern, each once; and what is missing."""
    found: dict[Path, SourceFile] = {}
    problems: list[InputError] = []
    for pattern in patterns:
        paths = _match(pattern, base)
        if not paths:
            problems.append(_no_match(pattern, base, source_id))
        for path in paths:
            found.setdefault(path.resolve(), SourceFile(path, Path(os.path.relpath(path, base)).as_posix()))
    return list(found.values()), problems


def _match(pattern: str, base: Path) -> list[Path]:
    path = base / Path(pattern).expanduser()
    if path.is_file():
        return [path]
    anchor, parts = _split_pattern(path)
    if not parts or not anchor.is_dir():
        return []
    return sorted(p for p in anchor.glob("/".join(parts)) if p.is_file())


def _split_pattern(path: Path) -> tuple[Path, list[str]]:
    # pathlib globs only relative patterns: the part before the first wildcard is the folder to start in.
    for i, part in enumerate(path.parts):
        if any(c in part for c in "*?["):
            return Path(*path.parts[:i]), list(path.parts[i:])
    return path, []


def _no_match(pattern: str, base: Path, source_id: str) -> InputError:
    path = base / Path(pattern).expanduser()
    anchor, parts = _split_pattern(path)
    folder = anchor if parts else path.parent
    if not folder.is_dir():
        return InputError(
            f"Source '{source_id}': no file matches '{pattern}'.",
            why=f"There is no folder {folder}.",
            fix="Correct 'files:' of the source; paths are relative to the folder of the study file.",
        )
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    wanted = parts[-1] if parts else path.name
    hint = nearest(wanted, names) or (f"The folder holds: {', '.join(names[:5])}." if names else "")
    return InputError(
        f"Source '{source_id}': no file matches '{pattern}'.",
        why=f"Looked in {folder}, which holds {len(names)} file{'s' if len(names) != 1 else ''}.",
        fix=f"Correct 'files:' of the source. {hint}".strip(),
    )


@contextmanager
def open_bytes(file: SourceFile) -> Iterator[IO[bytes]]:
    """A stream of the file's bytes, decompressed where its first bytes say gzip or zstd.

    Raises InputError where the file is missing, empty, or its compressed stream is damaged, also while it is read.
    """
    try:
        with file.path.open("rb") as raw:
            head = raw.read(4)
        if not head:
            raise InputError(f"{file.label} is empty (0 bytes).", fix="Replace the file, or take it out of 'files:'.")
        compression = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
        with pa.input_stream(str(file.path), compression=compression) as stream:
            raw_stream = cast(io.RawIOBase, stream)
            bounded = _Bounded(raw_stream, file) if compression else raw_stream
            yield cast(IO[bytes], io.BufferedReader(bounded, 1 << 18))
    except FileNotFoundError:
        raise InputError(f"There is no file {file.path}.", fix="Correct 'files:' of the source.") from None
    except (OSError, EOFError, pa.ArrowException) as error:
        raise InputError(
            f"{file.label} cannot be read: {str(error).splitlines()[0]}",
            why="The file is damaged or cut off, or may not be opened by you.",
            fix="Fetch or export the file again; test a compressed one with gzip -t or zstd -t.",
        ) from error


class _Bounded(io.RawIOBase):
    """A decompressed stream that ends with InputError where a small file turns out to unpack without end."""

    def __init__(self, stream: io.RawIOBase, file: SourceFile) -> None:
        self._stream, self._label = stream, file.label
        self._left = max(MOST_UNPACKED, MOST_RATIO * file.path.stat().st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer)) or b""
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                f"{self._label} unpacks to more than {MOST_RATIO} times its size.",
                why="No feed of ads packs so well: it may be damaged, or made to fill memory and disk.",
                fix="Unpack it yourself and look at it, then name the unpacked file.",
            )
        buffer[: len(data)] = data
        return len(data)


def sample_bytes(file: SourceFile, size: int = SAMPLE_BYTES) -> bytes:
    """The first `size` bytes of the file, decompressed."""
    with open_bytes(file) as stream:
        return stream.read(size)


def codec_name(encoding: str) -> str:
    """The Python codec for the setting `encoding`; a byte-order mark of UTF-8 is skipped. Raises InputError."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        known = ["utf-8", "cp1252", "latin-1", "iso8859-15", "utf-16"]
        raise InputError(
            f"There is no encoding '{encoding}'.",
            fix=f"{nearest(encoding, known)} Set 'encoding:' of the source to one of: {', '.join(known)}.".strip(),
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def check_encoding(file: SourceFile, encoding: str, sample: bytes) -> None:
    """Raises InputError where the sample as a whole does not fit the encoding; single bad lines are for the rows."""
    codec = codec_name(encoding)
    bom = next((name for mark, name in _BOMS.items() if sample.startswith(mark)), None)
    if bom and bom != "utf-8" and not codec.startswith(bom.replace("-", "")) and not codec.startswith(bom):
        raise _wrong(file, encoding, bom, "byte 0", "the file starts with the mark of that encoding")
    if codec.startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        return
    if sample.count(b"\0") > len(sample) // 8:
        raise _wrong(file, encoding, "utf-16", f"byte {sample.index(0)}", "every other byte is empty")
    if sample.isascii():
        return
    lines = sample.split(b"\n")[:-1] or [sample]
    good, bad, first = 0, 0, (0, 0)
    offset = 0
    for number, line in enumerate(lines, 1):
        if not line.isascii():
            at = _bad_byte(line, "utf-8")
            if at is None:
                good += 1
            else:
                bad += 1
                first = first if bad > 1 else (number, offset + at)
        offset += len(line) + 1
    where = f"line {first[0]}, byte {first[1]}"
    # One bad line tells of the encoding only where it is much of a small file, else it may be one damaged row.
    if codec == "utf-8-sig" and bad > good and bad * (100 if bad >= 2 else 10) >= len(lines):
        raise _wrong(file, encoding, "cp1252", where, f"{bad} of the first {len(lines)} lines are not UTF-8")
    if codec in ("cp1252", "iso8859-1", "iso8859-15") and good >= 2 and not bad:
        raise _wrong(file, encoding, "utf-8", "its accented letters", f"{good} lines hold them, all valid UTF-8")


def _bad_byte(line: bytes, codec: str) -> int | None:
    try:
        line.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _wrong(file: SourceFile, encoding: str, likely: str, where: str, why: str) -> InputError:
    return InputError(
        f"{file.label} is not {encoding}: see {where}.",
        why=f"It is most likely {likely}: {why}.",
        fix=f"Set 'encoding: {likely}' for this source.",
    )
