"""The two rules that make ads one vacancy, over numbers: equal keys, and near-copies of a text in the same bucket.

Rows are ads in the order of their dates. Links are kept as a forest (`root`): an ad points to an earlier one of the
same vacancy, so millions of links take eight bytes an ad. Signatures stay in the order in which they were made and may
lie in a file: each band is read from it in one pass.

No bucket is compared in full: each ad with at most `NEIGHBOURS` that follow it, twice, by title and by place. So a text
that a hundred thousand ads share costs each of them as much as any other. Buckets of which all ads are one vacancy
already are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.compiled import ZERO, kernel, part
from overstap.ads.minhash import BINS, NEIGHBOURS, band_hashes, no_text, rows_per_band

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Signatures = npt.NDArray[np.uint16]
_Bools = npt.NDArray[np.bool_]
NO_DATE = np.iinfo(np.int32).min
_LEVELS = {
    *("junior", "jr", "medior", "senior", "sr", "lead", "principal", "head", "chief"),
    *("trainee", "stagiair", "stage", "intern", "internship"),
}
_EQUAL_TITLE = 0.15
"""How much less alike two texts may be where the titles are equal; see `dedupe`."""


@dataclass(frozen=True)
class Keys:
    """Codes of normalised title, company and place per row (-1: missing), and of the values the words and levels."""

    title: Codes
    company: Codes
    place: Codes
    title_start: Ints
    title_words: Ints
    place_start: Ints
    place_words: Ints
    level: Ints

    @classmethod
    def of(cls, title: tuple[Codes, pa.Array], company: Codes, place: tuple[Codes, pa.Array]) -> Keys:
        """From the codes of the rows and the values that they number."""
        return cls(
            title[0], company, place[0], *_word_sets(title[1]), *_word_sets(place[1]), _levels_of(title[1])
        )  # fmt: skip


def link_keys(keys: Keys, days: Codes, window_days: int, root: Ints) -> None:
    """Link each row to the one before it of equal title, company and place, where that is in the window."""
    rows = np.flatnonzero((keys.title >= 0) & (keys.company >= 0))
    rows = rows[np.lexsort((keys.place[rows], keys.company[rows], keys.title[rows]))]
    left, right = rows[:-1], rows[1:]
    linked = (days[right] - days[left] <= window_days) & ((days[left] == NO_DATE) == (days[right] == NO_DATE))
    for codes in (keys.title, keys.company, keys.place):
        linked &= codes[left] == codes[right]
    _join(root, left[linked], right[linked])


def link_texts(
    signatures: Signatures, order: Ints, keys: Keys, days: Codes, window_days: int, threshold: float, root: Ints
) -> int:
    """Link near-copies; how many pairs of signatures were compared. Row r has the signature `order[r]`."""
    has_text = ~no_text(signatures)
    rows = np.flatnonzero(has_text[order] & (keys.title >= 0))
    equal = max(threshold - _EQUAL_TITLE, 0.5) if threshold < 1 else 1.0
    width = rows_per_band(equal)
    need, need_equal = int(np.ceil(threshold * BINS)), int(np.ceil(equal * BINS))
    compared = 0
    for sorted_by, new in _buckets(signatures, order[rows], width):
        flatten(root)
        chosen, bucket = _open_buckets(rows, sorted_by, new, root)
        for first in (keys.title[chosen], keys.place[chosen]):
            by = np.lexsort((chosen, keys.title[chosen], first, bucket))
            compared += _link(
                signatures, order, chosen[by], bucket[by], days, keys.title, keys.company, keys.place, keys.level,
                keys.title_start, keys.title_words, keys.place_start, keys.place_words,
                root, window_days, need, need_equal,
            )  # fmt: skip
    flatten(root)
    return compared


def _buckets(signatures: Signatures, at: Ints, width: int) -> Iterator[tuple[npt.NDArray[np.uint32], _Bools]]:
    """For each band the signatures `at` these places by bucket, and where a bucket begins. The next band is sorted
    while this one is at work, which takes as long."""

    def one(band: int) -> tuple[npt.NDArray[np.uint32], _Bools]:
        hashes = band_hashes(signatures, width, band)[at]
        by = np.argsort(hashes).astype(np.uint32)  # fewer ads than that: an identifier alone takes more memory
        ordered = hashes[by]
        return by, np.r_[True, ordered[1:] != ordered[:-1]][: len(by)]

    bands = BINS // width
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(one, 0)
        for band in range(1, bands + 1):
            found = ahead.result()
            if band < bands:
                ahead = pool.submit(one, band)
            yield found


def _open_buckets(rows: Ints, by: npt.NDArray[np.uint32], new: _Bools, root: Ints) -> tuple[Ints, Ints]:
    """The rows of buckets that hold ads not yet linked with each other, and the number of each one's bucket."""
    bucket = np.cumsum(new, dtype=np.int32) - np.int32(1)
    roots = root[rows[by]]
    other = roots != roots[np.flatnonzero(new)[bucket]]
    is_open = np.bincount(bucket, other, len(by)) > 0
    keep = is_open[bucket]
    return rows[by[keep]], bucket[keep].astype(np.int64)


def hash_levels(title: str) -> int:
    """The words of seniority in a normalised title as one number; 0 where there is none."""
    found = sorted({"junior" if w == "jr" else "senior" if w == "sr" else w for w in title.split() if w in _LEVELS})
    return int.from_bytes("".join(found).encode()[:7], "little")


def _levels_of(titles: pa.Array) -> Ints:
    out = np.zeros(len(titles), np.int64)
    pattern = rf"(?:^| )(?:{'|'.join(sorted(_LEVELS))})(?: |$)"
    for at in np.flatnonzero(pc.match_substring_regex(titles, pattern).to_numpy(zero_copy_only=False)):
        out[at] = hash_levels(titles[at].as_py())
    return out


def _word_sets(values: pa.Array) -> tuple[Ints, Ints]:
    """The distinct words of each value as sorted codes: offsets and codes."""
    lists = pc.split_pattern(values, " ")
    words = lists.flatten().dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    at = np.repeat(np.arange(len(values)), pc.list_value_length(lists).to_numpy(zero_copy_only=False))
    both = np.unique(at << 32 | words)
    return np.searchsorted(both >> 32, np.arange(len(values) + 1)), both & 0xFFFFFFFF


@kernel()
def _join(root: Any, left: Any, right: Any) -> None:
    for i in range(len(left)):
        a, b = _find(root, left[i]), _find(root, right[i])
        root[max(a, b)] = min(a, b)


@kernel()
def flatten(root: Any) -> None:
    """Let every row point to the first of its vacancy: earlier rows come first, so one step more is enough."""
    for i in range(len(root)):
        root[i] = root[root[i]]


@kernel()
def _link(
    signed: Any, order: Any, rows: Any, bucket: Any, days: Any, title: Any, company: Any, place: Any, level: Any,
    title_start: Any, title_words: Any, place_start: Any, place_words: Any, root: Any,
    window: int, need: int, need_equal: int,
) -> int:  # fmt: skip
    """Link rows of one bucket that are one vacancy; how many pairs were compared."""
    compared = ZERO
    for i in range(len(rows)):
        a = rows[i]
        for j in range(i + 1, min(i + 1 + NEIGHBOURS, len(rows))):
            if bucket[j] != bucket[i]:
                break
            b = rows[j]
            ra, rb = _find(root, a), _find(root, b)
            if ra == rb or (days[a] == NO_DATE) != (days[b] == NO_DATE) or abs(days[a] - days[b]) > window:
                continue
            if title[a] != title[b]:
                if place[a] != place[b] or place[a] < 0:
                    continue
                if level[title[a]] != level[title[b]] or not _alike(title_start, title_words, title[a], title[b]):
                    continue
            elif company[a] >= 0 and company[a] == company[b] and min(place[a], place[b]) >= 0:  # noqa: SIM102
                if place[a] != place[b] and _common(place_start, place_words, place[a], place[b]) == 0:
                    continue
            compared += 1
            same, x, y = ZERO, order[a], order[b]
            for k in range(BINS):
                same += signed[x, k] == signed[y, k]
            if same >= (need_equal if title[a] == title[b] else need):
                root[max(ra, rb)] = min(ra, rb)
    return compared


@part
def _find(root: Any, at: int) -> int:
    while root[at] != at:
        root[at] = root[root[at]]
        at = root[at]
    return at


@part
def _common(start: Any, words: Any, a: int, b: int) -> int:
    i, j, n = start[a], start[b], 0
    while i < start[a + 1] and j < start[b + 1]:
        if words[i] == words[j]:
            n += 1
            i += 1
            j += 1
        elif words[i] < words[j]:
            i += 1
        else:
            j += 1
    return n


@part
def _alike(start: Any, words: Any, a: int, b: int) -> bool:
    """At least half of all the words of two titles stand in both."""
    n = _common(start, words, a, b)
    return bool(2 * n >= (start[a + 1] - start[a]) + (start[b + 1] - start[b]) - n)
