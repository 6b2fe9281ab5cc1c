"""Which row of a feed counts where an ad comes more than once: delivered again, corrected, or taken back.

Rows of one source are versions of one ad where they have the same id, or, in a source of which the newest counts and
whose ads have no id, the same content. What counts follows from all the rows together, never from the order in which
files arrived: the rule looks at the time that the feed gives a version (`changed`) and then at the order of the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.sources.dates import DateError, DateParser
from overstap.sources.reasons import Fault, Reason
from overstap.study import AdSource

_Ints = npt.NDArray[np.int64]
KEPT, REPEATED, REPLACED, WITHDRAWN = range(4)
FAULTS = {
    REPEATED: (Reason.DUPLICATE_ID, "another row has the same identifier or is the same ad", "ad_id"),
    REPLACED: (Reason.REPLACED, "a newer version of the ad counts", "ad_id"),
    WITHDRAWN: (Reason.WITHDRAWN, "the source took the ad back", "status"),
}
"""What is told of a row that does not count: reason, words, field."""
SCHEMA = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("line_number", pa.int64()),
        pa.field("key", pa.int64()),  # null: nothing is known to be the same ad
        pa.field("content", pa.int64()),  # null: the row takes the ad back
        pa.field("stamp", pa.int64()),
    ]
)
_NEVER = np.iinfo(np.int64).min
_PARSE_DAY = DateParser()


class Identity(NamedTuple):
    """One row of a feed as a version of an ad: where it stands, which ad, digest of what it says, and when it was
    changed (microseconds since 1970, UTC)."""

    file: str
    line_number: int
    key: int | None
    content: int | None
    stamp: int


def key_of(words: str) -> int:
    """A digest of 64 bits: among 8 million ads two that differ share one with a chance of about 2 in a million."""
    return int.from_bytes(
        blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True
    )


def identity_of(
    source: AdSource, feed_id: str | None, content: Mapping[str, Any] | None, changed: Any, where: tuple[str, int]
) -> Identity | Fault:
    """The identity of a row with these fields; no content takes the ad back. A Fault where `changed` cannot be read."""
    if source.updates == "first":
        return Identity(*where, None if feed_id is None else key_of(feed_id), 0, 0)
    try:
        stamp = stamp_of(changed)
    except DateError:
        return Fault(where[1], Reason.BAD_DATE, "the time of this version is no date or time", "changed")
    said = None if content is None else key_of(json.dumps(content, sort_keys=True, default=str))
    return Identity(*where, said if feed_id is None else key_of(feed_id), said, stamp)


def stamp_of(value: Any) -> int:
    """A date or time of a feed in microseconds since 1970; without a zone it is UTC. Empty: before all others."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = value.strip()
    elif isinstance(value, float) and value != value:
        value = None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal() and len(value.partition(".")[0]) in (10, 13):
        return _of_number(float(value))
    if not isinstance(value, date):
        value = _PARSE_DAY(value)
    if value is None:
        return int(_NEVER)
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return int((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _of_number(seconds: float) -> int:
    """Seconds, or milliseconds, since 1970."""
    if not abs(seconds) < 1e14:
        raise DateError("not a time")
    return int(seconds * (1_000 if abs(seconds) >= 1e11 else 1_000_000))


def identities(rows: Sequence[Identity]) -> pa.RecordBatch:
    """Identities as a batch under SCHEMA."""
    columns = zip(*rows, strict=True) if rows else [()] * len(SCHEMA)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def judge(rows: pa.Table, source: AdSource) -> npt.NDArray[np.uint8]:
    """For each row of one source, in the order of its files: KEPT, or why it does not count.

    `rows`: identities under SCHEMA, those that take an ad back too, which are never KEPT.
    """
    key, content, stamp = (rows[name].combine_chunks() for name in ("key", "content", "stamp"))
    verdict = np.zeros(len(key), np.uint8)
    at = np.flatnonzero(key.is_valid().to_numpy(zero_copy_only=False))
    keys = key.drop_null().to_numpy(zero_copy_only=False)
    if len(np.unique(keys)) == len(keys) and content.null_count == 0:
        return verdict
    gone = content.is_null().to_numpy(zero_copy_only=False)[at]
    said = content.fill_null(0).to_numpy(zero_copy_only=False)[at]
    newest = source.updates == "newest"
    times = stamp.to_numpy(zero_copy_only=False)[at] if newest else np.zeros(len(at), np.int64)
    order = np.lexsort((at, times, keys))
    verdict[at[order]] = _of_versions(keys[order], gone[order], said[order], at[order], source)
    return verdict


def _of_versions(
    keys: _Ints, gone: npt.NDArray[np.bool_], said: _Ints, at: _Ints, source: AdSource
) -> npt.NDArray[np.uint8]:
    """The verdict on rows that lie sorted by ad, from the oldest version on; `at` is their place in the feed.

    Of rows that say the same the first of the feed stands for all, so a delivery that repeats an ad changes nothing.
    """
    new = np.r_[True, keys[1:] != keys[:-1]]
    starts, ad = np.flatnonzero(new), np.cumsum(new) - 1
    place = np.arange(len(keys))
    last = np.r_[starts[1:], len(keys)] - 1
    if source.updates == "first":
        winner = starts.copy()
        same = np.ones(len(keys), bool)
    else:
        winner = np.maximum.reduceat(np.where(gone, -1, place), starts)
        if source.withdrawals == "remove":
            winner = np.where(gone[last], -1, winner)
        same = ~gone & (winner[ad] >= 0) & (said == said[winner[ad]])
    first = np.minimum.reduceat(np.where(same, at, np.iinfo(np.int64).max), starts)
    verdict = np.where(winner[ad] < 0, WITHDRAWN, np.where(same, REPEATED, REPLACED))
    verdict = np.where(gone, WITHDRAWN, verdict)
    verdict[same & (at == first[ad])] = KEPT
    return verdict.astype(np.uint8)
