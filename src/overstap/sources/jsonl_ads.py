"""JSON feeds: JSON Lines split on the newline alone (texts hold U+2028), and files with one array of objects."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from overstap.errors import InputError
from overstap.sources.columns import Mapped, dig, join, paths
from overstap.sources.files import SourceFile, check_encoding, codec_name, open_bytes, sample_bytes
from overstap.sources.reasons import Fault, Reason
from overstap.sources.rows import Row
from overstap.study import AdSource

LINE_LIMIT = 64 << 20
_CHUNK = 1 << 20
SAMPLE_ROWS = 1000


def names(file: SourceFile, source: AdSource) -> list[str]:
    """The keys in the first 1,000 objects, nested ones with dots. Raises InputError where there is no object."""
    found: dict[str, None] = {}
    for row in sample_rows(file, source, SAMPLE_ROWS):
        found.update(dict.fromkeys(paths(row)))
    if not found:
        raise InputError(
            f"{file.label} holds no JSON object in its first lines.",
            why='JSON Lines has one object on each line: {"title": …, "text": …}.',
            fix="Set 'format:' of the source to what the file is, or export it again.",
        )
    return list(found)


def sample_rows(file: SourceFile, source: AdSource, n: int = 200) -> list[dict[str, Any]]:
    """The first objects of the file, at most `n`, looking no further than n broken ones."""
    rows = []
    for seen, (_, value) in enumerate(objects(file, source), 1):
        if isinstance(value, dict):
            rows.append(value)
        if len(rows) == n or seen == 2 * n:
            break
    return rows


def records(file: SourceFile, source: AdSource, mapped: Mapped) -> Iterator[Row | Fault]:
    """The objects of the file in order; a line that is broken, wrongly encoded or no object is a Fault."""
    for line, value in objects(file, source):
        if isinstance(value, Fault):
            yield value
        else:
            yield Row(line, pick(value, mapped))


def pick(record: dict[str, Any], mapped: Mapped) -> dict[str, Any]:
    """The fields of an ad out of one object."""
    return {
        field: dig(record, columns[0]) if len(columns) == 1 else join(field, [dig(record, c) for c in columns])
        for field, columns in mapped.items()
    }


def objects(file: SourceFile, source: AdSource) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """(line, object or Fault), or for one array (record number, …). Raises InputError where the encoding is wrong."""
    sample = sample_bytes(file, 1 << 16)
    check_encoding(file, source.encoding, sample)
    codec = codec_name(source.encoding)
    with open_bytes(file) as stream:
        start = sample.lstrip(b"\xef\xbb\xbf \t\r\n")
        values = _array(stream, codec, file) if start.startswith(b"[") else _lines(stream, codec, source.encoding)
        for line, value in values:
            if isinstance(value, dict | Fault):
                yield line, value
            else:
                yield line, Fault(line, Reason.BROKEN_ROW, f"{type(value).__name__} where an object is expected")


def _lines(stream: IO[bytes], codec: str, encoding: str) -> Iterator[tuple[int, Any]]:
    number = 0
    while raw := stream.readline(LINE_LIMIT):
        number += 1
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LINE_LIMIT)
            yield number, Fault(number, Reason.TEXT_TOO_LONG, f"the line has more than {LINE_LIMIT >> 20} MB")
            continue
        if raw.isspace():
            continue
        try:
            yield number, json.loads(raw.decode(codec))
        except UnicodeDecodeError as error:
            yield number, Fault(number, Reason.BAD_ENCODING, f"byte {error.start + 1} of the line is not {encoding}")
        except json.JSONDecodeError as error:
            yield number, Fault(number, Reason.BROKEN_ROW, f"broken JSON: {error.msg} at character {error.pos + 1}")
        except (ValueError, RecursionError):
            yield number, Fault(number, Reason.BROKEN_ROW, "broken JSON: a number or nesting beyond all bounds")


def _array(stream: IO[bytes], codec: str, file: SourceFile) -> Iterator[tuple[int, Any]]:
    """The elements of one JSON array, read piece by piece so that memory stays bounded by the longest element."""
    decoder = codecs.getincrementaldecoder(codec)()
    scan = json.JSONDecoder()
    buffer, at, number, ended, wanted = "", 0, 0, False, _CHUNK
    try:
        buffer = decoder.decode(stream.read(_CHUNK)).lstrip().removeprefix("[")
        while True:
            at = _skip(buffer, at)
            if buffer.startswith("]", at):
                return
            try:
                value, end = scan.raw_decode(buffer, at)
                if end == len(buffer) and not ended:  # a number at the very end may go on in the next piece
                    raise json.JSONDecodeError("more to come", buffer, end)
            except (ValueError, RecursionError) as error:
                # Only broken JSON may be an element that goes on; else a number or nesting is beyond all bounds.
                beyond = not isinstance(error, json.JSONDecodeError)
                if ended or len(buffer) - at > LINE_LIMIT or beyond:
                    words = "broken JSON, or the file is cut off here; nothing after it was read"
                    yield number + 1, Fault(number + 1, Reason.BROKEN_ROW, words)
                    return
                piece = stream.read(wanted)
                buffer, at, ended = buffer[at:] + decoder.decode(piece, final=not piece), 0, not piece
                wanted = min(wanted * 2, 16 * _CHUNK)
                continue
            number, at, wanted = number + 1, end, _CHUNK
            yield number, value
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file.label} is not {codec}: record {number + 1} holds byte 0x{error.object[error.start]:02x}.",
            why="In a JSON array one wrong byte makes the rest unreadable.",
            fix="Set 'encoding:' of the source (cp1252 is likely), or export as JSON Lines.",
        ) from error


def _skip(buffer: str, at: int) -> int:
    while at < len(buffer) and buffer[at] in " \t\r\n,":
        at += 1
    return at
