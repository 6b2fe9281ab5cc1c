"""Which ads are one vacancy: the same job on several boards, or posted again.

Two rules link two ads, and linked ads are one vacancy:

- `same_key`: equal normalised title, company and place (Lightcast's rule). A missing title or company makes no key.
- `same_text`: near-copies of a text (MinHash, see `minhash.py`) that are not plainly different jobs. At the same place
  and with titles much alike, the similarity must reach the threshold; with equal titles, 0.15 less is enough (boards
  cut and edit texts). But one employer's ad with equal title at two places is two vacancies.

Both hold only where the ads are at most `window_days` apart. The days count from the previous posting, so that a
vacancy that is posted every month for a year stays one vacancy. Ads without a date are compared only with each other.
The result does not depend on the order of the rows. What is held in memory are ids, numbers and
the distinct names; signatures may lie in a file (`minhash.Signed`). Both rules are in `linking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.linking import NO_DATE, Codes, Ints, Keys, Signatures, flatten, link_keys, link_texts
from overstap.ads.minhash import minhash_batch, no_text, similarity
from overstap.ads.titles import normalise_titles, seniorities
from overstap.schema.core import CORE_POSTINGS

_LEGAL = (
    r"\b(?:b\.?\s?v\.?|n\.?\s?v\.?|v\.?\s?o\.?\s?f\.?|c\.?\s?v\.?|u\.?\s?a\.?|ltd\.?|limited|inc\.?|incorporated|llc|llp|plc"
    r"|corp\.?|corporation|gmbh|a\.?g\.|s\.?a\.|s\.?a\.?r\.?l\.?|bvba|vzw)(?:\s|$|[,)])"
)
_COUNTRY = r"\s+(?:nederland|the netherlands|netherlands|benelux|holland)$"
_PLACES = {
    "s gravenhage": "den haag",
    "the hague": "den haag",
    "s hertogenbosch": "den bosch",
    "hertogenbosch": "den bosch",
}
_BATCH = 65_536
READS = ("ad_id", "title", "company", "place", "posted_date")
"""Columns of `raw_ads` that the grouping needs beside the signatures."""
_NAMES = ("title", "company", "place")


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
    found = group_signatures(ads, minhash_batch(ads["text"]), window_days, text_similarity)
    return pa.Table.from_batches(found, CORE_POSTINGS.schema)


def group_signatures(
    ads: pa.Table, signatures: Signatures, window_days: int = 60, text_similarity: float = 0.85
) -> Iterator[pa.RecordBatch]:
    """As `group_postings`, in batches, with the texts already hashed (`minhash.Signed`, `minhash_batch`)."""
    ids = _flat(ads["ad_id"])
    dates = pc.fill_null(_flat(ads["posted_date"]).cast(pa.int32()), pa.scalar(NO_DATE, pa.int32())).to_numpy()
    order = _first_to_last(ids, dates)
    title, company, place = (
        _coded(ads[name], normalise, order)
        for name, normalise in zip(_NAMES, (comparable_title, normalise_company, normalise_place), strict=True)
    )
    days, keys = dates[order], Keys.of(title, company[0], place)
    root = np.arange(len(order), dtype=np.int64)
    link_keys(keys, days, window_days, root)
    flatten(root)
    by_key = root.copy()
    link_texts(signatures, order, keys, days, window_days, text_similarity, root)
    del keys, title, place
    return _postings(ids, company, order, signatures, by_key, root)


def _first_to_last(ids: pa.Array, dates: Codes) -> Ints:
    """Row numbers by date, then ad_id; rows without a date last."""
    late = np.where(dates == NO_DATE, np.iinfo(np.int32).max, dates)
    table = pa.table({"date": late, "id": ids.cast(pa.large_string())})
    return np.asarray(pc.sort_indices(table, [("date", "ascending"), ("id", "ascending")]).to_numpy(), np.int64)


def _coded(column: pa.ChunkedArray, normalise: Callable[[pa.Array], pa.Array], order: Ints) -> tuple[Codes, pa.Array]:
    """Codes of the normalised values of a column, in `order` (-1: missing), and these values; each is made once."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries()
    raw = _numbers(pa.chunked_array([chunk.indices for chunk in whole.chunks], pa.int32()))
    values = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
    known = normalise(values).dictionary_encode()
    codes = np.append(_numbers(known.indices), np.int32(-1))  # the last one for rows without a value
    return codes[raw[order]], known.dictionary


def _numbers(indices: pa.Array | pa.ChunkedArray) -> Codes:
    return np.asarray(indices.cast(pa.int32()).fill_null(-1).to_numpy(), np.int32)


def _postings(
    ids: pa.Array, company: tuple[Codes, pa.Array], order: Ints, signatures: Signatures, by_key: Ints, root: Ints
) -> Iterator[pa.RecordBatch]:
    """Rows of `core_postings` in the order of the ads: `root` is the first ad of each one's vacancy, `by_key` that by
    the first rule alone, both counted from the first date on."""
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    rules = pa.array(["first", "same_key", "same_text"])
    for start in range(0, len(order), _BATCH):
        rows = np.arange(start, min(start + _BATCH, len(order)))
        at = back[rows]
        first = order[root[at]]
        alone = first == rows
        rule = np.where(alone, 0, np.where(by_key[at] != at, 1, 2))
        employer = company[0][at]
        unknown = alone | no_text(signatures[rows]) | no_text(signatures[first])
        columns = {
            "ad_id": ids.slice(start, len(rows)),
            "vacancy_id": ids.take(pa.array(first)),
            "rule": rules.take(pa.array(rule)),
            "employer_key": company[1].take(pa.array(employer, mask=employer < 0)),
            "similarity": pa.array(similarity(signatures, first, rows), pa.float32(), mask=unknown),
        }
        yield CORE_POSTINGS.cast(pa.RecordBatch.from_pydict(columns))


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _per_value(values: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
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
