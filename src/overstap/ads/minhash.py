"""MinHash signatures of ad texts, and which texts are near-copies of each other.

Source of method: Broder 1997 (MinHash); Li, Owen & Zhang 2012 and Shrivastava 2017 (one permutation hashing with
optimal densification): each shingle is hashed once and falls into one of the bins, so a text costs one pass whatever
the number of bins. Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, chapter 3 (bands).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from overstap.ads.compiled import kernel, part
from overstap.batches import ordered_map

BINS = 128
SHINGLE = 5
SEED = 20_190_411
NEIGHBOURS = 12
"""How many ads that follow in the order of a bucket each ad is compared with; smaller buckets are compared in full."""

_EMPTY = np.uint32(0xFFFFFFFF)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIN_BAND_RECALL = 0.98
_BATCH_ROWS = 16_384


def minhash_batch(texts: pa.Array | pa.ChunkedArray, seed: int = SEED) -> npt.NDArray[np.uint16]:
    """One signature a text: shape (rows, 128), the lowest 16 bits of the smallest hash of each bin.

    Shingles are 5 tokens long (letters and digits, lower case, any script); a text of fewer tokens is one shingle. A
    null text or one without a token has a signature of zeros, which `no_text` recognises. Depends on the text and seed
    alone, so batches can be hashed in any order and on any machine.
    """
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if isinstance(array, pa.ChunkedArray):  # several chunks beyond the size of one array
        parts = [minhash_batch(chunk, seed) for chunk in array.chunks]
        return np.concatenate(parts) if parts else np.zeros((0, BINS), np.uint16)
    array = array.cast(pa.large_string()).fill_null("")
    out = np.zeros((len(array), BINS), np.uint16)
    if len(array):
        offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
        data = array.buffers()[2]
        raw = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
        _sign(raw, offsets, np.uint64(seed), out)
    return out


@dataclass(frozen=True)
class Signed:
    """The signatures of the texts of Parquet files, in one array file: those of each file from a row on (`starts`)."""

    file: Path
    starts: Sequence[tuple[int, Path]]

    @classmethod
    def of(cls, file: Path, sources: Sequence[Path]) -> Signed:
        """An array file for the rows of `sources`, in their order, with no signatures yet."""
        ends = np.cumsum([0, *(pq.read_metadata(source).num_rows for source in sources)]).tolist()
        np.lib.format.open_memmap(file, mode="w+", dtype=np.uint16, shape=(ends[-1], BINS))
        return cls(file, list(zip(ends, sources, strict=False)))

    def write(self, starts: Sequence[tuple[int, Path]], threads: int) -> Iterator[int]:
        """Sign these of the files; their rows. Others may be signed at the same time on other machines, for which what
        is written is written as bytes: a page of a mapped file would bring along the rows beside it."""
        first_byte = np.lib.format.open_memmap(self.file, mode="r").offset
        for start, source in starts:
            with self.file.open("r+b") as target, pq.ParquetFile(source) as opened:
                target.seek(first_byte + start * BINS * 2)
                texts = (batch.column("text") for batch in opened.iter_batches(_BATCH_ROWS, columns=["text"]))
                for signatures in ordered_map(minhash_batch, texts, min(4, threads)):
                    target.write(signatures.tobytes())
                    yield len(signatures)

    def read(self) -> npt.NDArray[np.uint16]:
        """The signatures, a row each, mapped from the file."""
        signatures: npt.NDArray[np.uint16] = np.lib.format.open_memmap(self.file, mode="r+")
        return signatures


def no_text(signatures: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
    """True for each signature that belongs to no text."""
    return np.asarray(signatures[:, 0] == 0)  # no bin of a text is ever zero


def similarity(
    signatures: npt.NDArray[np.uint16], left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], batch: int = 65_536
) -> npt.NDArray[np.float32]:
    """Estimated Jaccard similarity (0–1) of the texts of rows `left` and `right`; standard error at most 0.044."""
    out = np.empty(len(left), np.float32)
    for at in range(0, len(left), batch):
        part = slice(at, at + batch)
        out[part] = (signatures[left[part]] == signatures[right[part]]).mean(axis=1, dtype=np.float32)
    return out


def rows_per_band(threshold: float) -> int:
    """The longest band (fewest candidates) that still finds 98 % of the pairs whose similarity is just `threshold`."""
    for rows in (16, 8, 4, 2):
        if 1 - (1 - threshold**rows) ** (BINS // rows) >= _MIN_BAND_RECALL:
            return rows
    return 1


def band_hashes(signatures: npt.NDArray[np.uint16], rows: int, band: int) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of one band of each signature."""
    out = np.empty(len(signatures), np.uint64)
    _hash_band(signatures, band * rows, (band + 1) * rows, out)
    return out


@kernel()
def _hash_band(signatures: Any, first: int, end: int, out: Any) -> None:
    for row in range(len(out)):
        value = np.uint64(end)
        for column in range(first, end):
            value = (value ^ np.uint64(signatures[row, column])) * _STEP
            value ^= value >> np.uint64(29)
        out[row] = value


@part
def _mix(value: Any) -> Any:
    """The finaliser of splitmix64."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@kernel(makes_arrays=True)
def _sign(raw: Any, offsets: Any, seed: Any, out: Any) -> None:
    ring = np.zeros(SHINGLE, np.uint64)
    bins = np.empty(BINS, np.uint32)
    oldest = np.uint64(1)
    for _ in range(SHINGLE):
        oldest *= _STEP
    for row in range(len(offsets) - 1):
        bins[:] = _EMPTY
        ring[:] = 0
        tokens = 0
        place = 0
        token = np.uint64(0)
        rolling = np.uint64(0)
        previous = np.uint8(0)
        end = offsets[row + 1]
        for at in range(offsets[row], end + 1):
            byte = raw[at] if at < end else np.uint8(32)
            if 65 <= byte <= 90 or (previous == 0xC3 and 0x80 <= byte <= 0x9E and byte != 0x97):
                byte |= np.uint8(32)  # capitals of ASCII and of Latin-1 letters in UTF-8
            previous = byte
            if byte >= 128 or 97 <= byte <= 122 or 48 <= byte <= 57:
                token = (token ^ np.uint64(byte)) * np.uint64(0x100000001B3) + np.uint64(1)
                continue
            if token == 0:
                continue
            token = _mix(token + seed)
            rolling = rolling * _STEP + token - ring[place] * oldest
            ring[place] = token
            place = place + 1 if place + 1 < SHINGLE else 0
            token = np.uint64(0)
            tokens += 1
            if tokens >= SHINGLE:
                _drop(rolling, bins)
        if 0 < tokens < SHINGLE:
            _drop(rolling, bins)
        if tokens:
            _densify(bins, seed, out[row])


@part
def _drop(shingle: Any, bins: Any) -> None:
    """Keep the hash of a shingle where it is the smallest of its bin."""
    value = _mix(shingle)
    which = value >> np.uint64(57)
    low = np.uint32(value & np.uint64(0xFFFFFFFE))
    if low < bins[which]:
        bins[which] = low


@part
def _densify(bins: Any, seed: Any, out: Any) -> None:
    """Fill each empty bin from a bin that a hash of its own number chooses, the same for all texts."""
    for k in range(BINS):
        value = bins[k]
        attempt = np.uint64(0)
        while value == _EMPTY:
            attempt += np.uint64(1)
            value = bins[_mix(seed + np.uint64(k) * np.uint64(1_000_003) + attempt) >> np.uint64(57)]
        out[k] = np.uint16(max(np.uint32(_mix(np.uint64(value))) & np.uint32(0xFFFF), np.uint32(1)))
