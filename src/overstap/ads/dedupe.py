"""Which ads are one vacancy: the same job on several boards, or posted again.

Two rules link two ads, and linked ads are one vacancy:

- `same_key`: equal normalised title, company and place (Lightcast's rule). A missing title or company makes no key.
- `same_text`: near-copies of a text (MinHash, see `minhash.py`) that are not plainly different jobs. At the same place
  and with titles much alike, the similarity must reach the threshold; with equal titles, 0.15 less is enough (boards
  cut and edit texts). But one employer's ad with equal title at two places is two vacancies.

Both hold only where the ads are at most `window_days` apart. The days count from the previous posting, so that a
vacancy that is posted every month for a year stays one vacancy. Ads without a date are compared only with each other.
The result does not depend on the order of the rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from overstap.ads.compiled import kernel, part
from overstap.ads.minhash import BINS, NEIGHBOURS, band_hashes, minhash_batch, no_text, rows_per_band, similarity
from overstap.ads.titles import normalise_titles, seniorities
from overstap.schema.core import CORE_POSTINGS

_Ints = npt.NDArray[np.int64]
_NO_DATE = np.iinfo(np.int32).min

_LEGAL = (
    r"\b(?:b\.?\s?v\.?|n\.?\s?v\.?|v\.?\s?o\.?\s?f\.?|c\.?\s?v\.?|u\.?\s?a\.?|ltd\.?|limited|inc\.?|incorporated|llc|llp|plc"
    r"|corp\.?|corporation|gmbh|a\.?g\.|s\.?a\.|s\.?a\.?r\.?l\.?|bvba|vzw)(?:\s|$|[,)])"
)
_COUNTRY = r"\s+(?:nederland|the netherlands|netherlands|benelux|holland)$"
_LEVELS = {
    *("junior", "jr", "medior", "senior", "sr", "lead", "principal", "head", "chief"),
    *("trainee", "stagiair", "stage", "intern", "internship"),
}
_PLACES = {
    "s gravenhage": "den haag",
    "the hague": "den haag",
    "s hertogenbosch": "den bosch",
    "hertogenbosch": "den bosch",
}
_EQUAL_TITLE = 0.15
"""How much less alike two texts may be where the titles are equal; see the module's text."""


def comparable_title(titles: pa.Array) -> pa.Array:
    """Titles for comparison: the key of `titles.normalise_title` with the seniority put back; empty → null.

    A junior and a senior job of one name are two vacancies, though they count as one title.
    """
    keys, levels = normalise_titles(titles), seniorities(titles)
    return pc.if_else(pc.is_valid(levels), pc.binary_join_element_wise(keys, levels, " "), keys)


def normalise_company(companies: pa.Array) -> pa.Array:
    """Employer names for comparison: as titles, without legal form ("B.V.", "Ltd") and country; empty → null."""
    return _per_value(companies, lambda a: _cut(_plain(_cut(_folded(a), _LEGAL)), _COUNTRY, r"^stichting\s+"))


def normalise_place(places: pa.Array) -> pa.Array:
    """Places for comparison: what stands before the first comma or bracket, Dutch names as spoken; empty → null."""

    def plain(values: pa.Array) -> pa.Array:
        base = _plain(_cut(_folded(values), r"\s*[,(|;].*$", r"^(?:regio|omgeving|gemeente|greater)\s+"))
        return pa.array([_PLACES.get(v, v) if v is not None else None for v in base.to_pylist()], pa.string())

    return _per_value(places, plain)


def group_postings(ads: pa.Table, window_days: int = 60, text_similarity: float = 0.85) -> pa.Table:
    """Which vacancy each ad belongs to.

    `ads` has the columns ad_id, title, company, place, posted_date and text of `raw_ads`; `window_days` is in days,
    `text_similarity` a Jaccard similarity (0–1). Returns `core_postings`, in the order of `ads`.
    """
    return group_signatures(ads, minhash_batch(ads["text"]), window_days, text_similarity)


def group_signatures(
    ads: pa.Table, signatures: npt.NDArray[np.uint16], window_days: int = 60, text_similarity: float = 0.85
) -> pa.Table:
    """As `group_postings`, with the texts already hashed (`minhash_batch`): they need not be in memory at once."""
    ids = _flat(ads["ad_id"])
    dates = pc.fill_null(_flat(ads["posted_date"]).cast(pa.int32()), pa.scalar(_NO_DATE, pa.int32())).to_numpy()
    order = _first_to_last(ids, dates)
    days = dates[order].astype(np.int64)
    signed = np.ascontiguousarray(signatures[order])
    title, company, place = (
        normalise(_flat(ads[name]).take(pa.array(order)))
        for name, normalise in (("title", comparable_title), ("company", normalise_company), ("place", normalise_place))
    )
    keys = _Keys(title, company, place)
    key_pairs = _same_key(keys, days, window_days)
    text_pairs = _same_text(signed, keys, days, window_days, text_similarity)
    return _postings(ids, normalise_company(_flat(ads["company"])), order, signed, key_pairs, text_pairs)


class _Keys:
    """Codes of normalised title, company and place per row (-1: missing), and the words of each title."""

    def __init__(self, title: pa.Array, company: pa.Array, place: pa.Array) -> None:
        self.title, titles = _codes(title)
        self.company, _ = _codes(company)
        self.place, places = _codes(place)
        self.title_start, self.title_words = _word_sets(titles)
        self.place_start, self.place_words = _word_sets(places)
        self.level = np.array([hash_levels(value) for value in titles], np.int64).reshape(len(titles))


def hash_levels(title: str) -> int:
    """The words of seniority in a normalised title as one number; 0 where there is none."""
    found = sorted({"junior" if w == "jr" else "senior" if w == "sr" else w for w in title.split() if w in _LEVELS})
    return int.from_bytes("".join(found).encode()[:7], "little")


def _first_to_last(ids: pa.Array, dates: npt.NDArray[np.int32]) -> _Ints:
    """Row numbers by date, then ad_id; rows without a date last."""
    late = np.where(dates == _NO_DATE, np.iinfo(np.int32).max, dates)
    table = pa.table({"date": late, "id": ids.cast(pa.large_string())})
    return np.asarray(pc.sort_indices(table, [("date", "ascending"), ("id", "ascending")]).to_numpy(), np.int64)


def _same_key(keys: _Keys, days: _Ints, window_days: int) -> tuple[_Ints, _Ints]:
    rows = np.flatnonzero((keys.title >= 0) & (keys.company >= 0))
    rows = rows[np.lexsort((rows, keys.place[rows], keys.company[rows], keys.title[rows]))]
    left, right = rows[:-1], rows[1:]
    linked = (days[right] - days[left] <= window_days) & ((days[left] == _NO_DATE) == (days[right] == _NO_DATE))
    for codes in (keys.title, keys.company, keys.place):
        linked &= codes[left] == codes[right]
    return left[linked], right[linked]


def _same_text(
    signed: npt.NDArray[np.uint16], keys: _Keys, days: _Ints, window_days: int, threshold: float
) -> tuple[_Ints, _Ints]:
    rows = np.flatnonzero(~no_text(signed) & (keys.title >= 0))
    root = np.arange(len(days), dtype=np.int64)
    equal = max(threshold - _EQUAL_TITLE, 0.5) if threshold < 1 else 1.0
    width = rows_per_band(equal)
    need, need_equal = int(np.ceil(threshold * BINS)), int(np.ceil(equal * BINS))
    found: list[npt.NDArray[np.int64]] = []
    if len(rows) == 0:
        return rows, rows
    for band in range(BINS // width):
        hashes = band_hashes(signed[rows], width, band)
        by_title = np.lexsort((rows, keys.title[rows], hashes))
        by_place = np.lexsort((rows, keys.title[rows], keys.place[rows], hashes))
        for by in (by_title, by_place):
            found.append(
                _link(
                    signed, rows[by], hashes[by], days, keys.title, keys.company, keys.place, keys.level,
                    keys.title_start, keys.title_words, keys.place_start, keys.place_words,
                    root, window_days, need, need_equal,
                )
            )  # fmt: skip
    pairs = np.concatenate(found)
    return pairs[:, 0], pairs[:, 1]


@kernel(makes_arrays=True)
def _link(
    signed: Any, rows: Any, hashes: Any, days: Any, title: Any, company: Any, place: Any, level: Any,
    title_start: Any, title_words: Any, place_start: Any, place_words: Any, root: Any,
    window: int, need: int, need_equal: int,
) -> Any:  # fmt: skip
    """Pairs of rows in one bucket that are one vacancy; `root` (union-find, changed) skips pairs linked before."""
    out = np.empty((len(rows), 2), np.int64)
    n = 0
    for i in range(len(rows)):
        a = rows[i]
        for j in range(i + 1, min(i + 1 + NEIGHBOURS, len(rows))):
            if hashes[j] != hashes[i]:
                break
            b = rows[j]
            ra, rb = _find(root, a), _find(root, b)
            if ra == rb or (days[a] == _NO_DATE) != (days[b] == _NO_DATE) or abs(days[a] - days[b]) > window:
                continue
            if title[a] != title[b]:
                if place[a] != place[b] or place[a] < 0:
                    continue
                if level[title[a]] != level[title[b]] or not _alike(title_start, title_words, title[a], title[b]):
                    continue
            elif company[a] >= 0 and company[a] == company[b] and min(place[a], place[b]) >= 0:  # noqa: SIM102
                if place[a] != place[b] and _common(place_start, place_words, place[a], place[b]) == 0:
                    continue
            same = 0
            for k in range(BINS):
                same += signed[a, k] == signed[b, k]
            if same >= (need_equal if title[a] == title[b] else need):
                root[max(ra, rb)] = min(ra, rb)
                out[n, 0], out[n, 1] = a, b
                n += 1
    return out[:n].copy()


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


def _postings(
    ids: pa.Array,
    employers: pa.Array,
    order: _Ints,
    signed: npt.NDArray[np.uint16],
    key_pairs: tuple[_Ints, _Ints],
    text_pairs: tuple[_Ints, _Ints],
) -> pa.Table:
    n = len(order)
    first_of_key = _first_members(n, key_pairs)
    both = (np.concatenate([key_pairs[0], text_pairs[0]]), np.concatenate([key_pairs[1], text_pairs[1]]))
    first = _first_members(n, both)
    here = np.arange(n)
    rule = np.where(first == here, 0, np.where(first_of_key != here, 1, 2))
    alike = similarity(signed, first, here)
    unknown = (first == here) | no_text(signed) | no_text(signed)[first]
    back = np.argsort(order)  # from first-to-last back to the order of the input
    columns = {
        "ad_id": ids,
        "vacancy_id": ids.take(pa.array(order[first][back])),
        "rule": pa.array(["first", "same_key", "same_text"]).take(pa.array(rule[back])),
        "employer_key": employers,
        "similarity": pa.array(alike[back], pa.float32(), mask=unknown[back]),
    }
    return pa.table(columns).cast(CORE_POSTINGS.schema)


def _first_members(n: int, pairs: tuple[_Ints, _Ints]) -> _Ints:
    """For each row the first row of its component."""
    if n == 0:
        return np.zeros(0, np.int64)
    graph = coo_matrix((np.ones(len(pairs[0]), np.int8), pairs), shape=(n, n))
    count, label = connected_components(graph, directed=False)
    first = np.full(count, n, np.int64)
    np.minimum.at(first, label, np.arange(n))
    return np.asarray(first[label])


def _codes(values: pa.Array) -> tuple[_Ints, list[str]]:
    encoded = values.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
    return codes, encoded.dictionary.to_pylist()


def _word_sets(values: list[str]) -> tuple[_Ints, _Ints]:
    """The distinct words of each value as sorted codes: offsets and codes."""
    codes: dict[str, int] = {}
    sets = [sorted({codes.setdefault(word, len(codes)) for word in value.split()}) for value in values]
    start = np.concatenate([[0], np.cumsum([len(s) for s in sets], dtype=np.int64)]).astype(np.int64)
    return start, np.array([code for s in sets for code in s], np.int64)


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _per_value(values: pa.Array, function: Any) -> pa.Array:
    """`function` applied to the distinct values only; empty results become null."""
    encoded = _flat(values).cast(pa.string()).dictionary_encode()
    if len(encoded.dictionary) == 0:
        return pa.nulls(len(encoded), pa.string())
    result = function(encoded.dictionary)
    result = pc.if_else(pc.equal(result, ""), pa.scalar(None, pa.string()), result)
    return result.take(encoded.indices)


def _folded(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.utf8_lower(pc.utf8_normalize(values, "NFKD")), r"\p{Mn}", "")


def _cut(values: pa.Array, *patterns: str) -> pa.Array:
    for pattern in patterns:
        values = pc.replace_substring_regex(values, pattern, " ")
    return pc.utf8_trim_whitespace(values)


def _plain(values: pa.Array) -> pa.Array:
    """Only letters, digits, + and #, in words with one space between them."""
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(values, r"[^\p{L}\p{N}+#]+", " "))
