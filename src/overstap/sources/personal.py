"""Personal data in the short fields of an ad: the employer, the place, the pay, the address, the identifier, ….

A row whose cells have shifted, or a feed that puts the contact into 'employer', must not bring them into the store.
Each distinct value of a batch is looked at once, and masked only where a cheap pattern finds a sign of personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.clean_rows import clean_column
from overstap.ads.mask import SIGNS, mask_text
from overstap.ads.mask_rows import mask_column
from overstap.ads.texts import with_rows

# Columns of `raw_ads` in the words of the feed, besides title and text. Not here: source_id and file, which are the
# user's own, and sbi_code, which holds up to six digits by its own rule.
FREE_FIELDS = (
    "company", "place", "sector_text", "salary_text", "contract_text", "education_text", "hours_text",
    "occupation_text",
)  # fmt: skip
Counts = NDArray[np.int32]
_ENCODED = r"(?i)&#|&commat"
_WEB = r"^\s*(?:https?:)?//|^\s*(?:[\w-]+\.)+[a-zA-Z]{2,}(?:[/?#]|\s*$)"
_CONTACT = (
    r"(?i)^\s*(?:mailto|tel|sms|callto|skype|whatsapp|facetime):|\b(?:wa\.me/|whatsapp\.com/send)|"
    r"\b(?:tel|telefoon|phone|mobile|mobiel|gsm|whatsapp)[a-z_\-]*(?:=|/|%3D)(?:\+|%2B)?[0-9][0-9().%\-]{6,}"
)
_IN_ADDRESS = _CONTACT + r"|@|%40|&#|&commat|linkedin\.com/"
_WEB_ADDRESS = re.compile(_WEB)
_CONTACT_ADDRESS = re.compile(_CONTACT)
_ADDRESS_MARKS = ("[EMAIL]", "[URL]", "[IBAN]", "[BSN]")
# An identifier in one piece, behind words or not, or a UUID, stays; but ten digits from 06 are a mobile number.
_IDENTIFIER = re.compile(
    r"(?!06[1-58][0-9]{7}\Z)(?:[A-Za-z][A-Za-z0-9_]*-)*[A-Za-z0-9_]*|"
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)


def mask_fields(ads: pa.RecordBatch) -> tuple[dict[str, pa.Array], Counts]:
    """The columns of `ads` (contract `raw_ads`) that held personal data, masked, and the spans masked per row.

    An address that holds any becomes null. An identifier that holds any becomes `file:line`, as for an ad without one:
    a digest of a phone number could be turned back by trying them all.
    """
    total = np.zeros(ads.num_rows, dtype=np.int32)
    masked: dict[str, pa.Array] = {}
    encoded = {name: ads.column(name).dictionary_encode() for name in (*FREE_FIELDS, "url")}
    values = {name: column.dictionary for name, column in encoded.items()} | {"ad_id": ads.column("ad_id")}
    signs = _in_each(values, lambda texts: pc.match_substring_regex(texts, SIGNS))
    coded = _in_each({name: values[name] for name in FREE_FIELDS}, lambda t: pc.match_substring_regex(t, _ENCODED))
    for name in FREE_FIELDS:
        _put(masked, total, name, _mask_distinct(encoded[name], pc.or_(signs[name], coded[name]), _mask_values))
    _put(masked, total, "url", _mask_distinct(encoded["url"], _suspect(values["url"], signs["url"]), _mask_addresses))
    _put(masked, total, "ad_id", _mask_ids(ads, signs["ad_id"]))
    return masked, total


def _in_each(columns: Mapping[str, pa.Array], test: Callable[[pa.Array], pa.Array]) -> dict[str, pa.Array]:
    """`test` of the values of several columns, by column: in one go, for to compile the pattern of SIGNS takes longer
    than to look through a batch with it."""
    result, tested, start = test(pa.concat_arrays([column.cast(pa.string()) for column in columns.values()])), {}, 0
    for name, column in columns.items():
        tested[name] = result.slice(start, len(column))
        start += len(column)
    return tested


def _put(masked: dict[str, pa.Array], total: Counts, name: str, result: tuple[pa.Array, Counts] | None) -> None:
    if result:
        masked[name] = result[0]
        total += result[1]


def _mask_distinct(
    encoded: pa.DictionaryArray, suspects: pa.Array, mask: Callable[[pa.Array], tuple[pa.Array, Counts]]
) -> tuple[pa.Array, Counts] | None:
    """The column with `mask` applied to the distinct values that are suspect, and counts per row; None where nothing
    changes."""
    places = _places(suspects)
    if not len(places):
        return None
    values = encoded.dictionary
    masked, found = mask(values.take(pa.array(places)))
    if not found.any():
        return None
    counts = np.zeros(len(values), dtype=np.int32)
    counts[places] = found
    per_row = pc.fill_null(pc.take(pa.array(counts), encoded.indices), 0)
    values = with_rows(values.cast(pa.large_string()), places, masked).cast(values.type)
    return pc.take(values, encoded.indices), per_row.to_numpy(zero_copy_only=False)


def _places(mask: pa.Array) -> NDArray[np.intp]:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))


def _suspect(values: pa.Array, signs: pa.Array) -> pa.Array:
    """What is no web address could be anything; in a web address numbers and words are those of a path."""
    web = pc.match_substring_regex(values, _WEB)
    return pc.or_(pc.match_substring_regex(values, _IN_ADDRESS), pc.and_not(signs, web))


def _mask_values(values: pa.Array) -> tuple[pa.Array, Counts]:
    masked, counts = mask_column(clean_column(values)[0], anywhere=False)
    return pc.if_else(pa.array(counts > 0), masked, values.cast(pa.large_string())), counts


def _mask_addresses(values: pa.Array) -> tuple[pa.Array, Counts]:
    texts = [unquote(text) for text in clean_column(values)[0].to_pylist()]
    masked, counts = mask_column(pa.array(texts, pa.large_string()), anywhere=False)
    for i, (text, value) in enumerate(zip(texts, values.to_pylist(), strict=True)):
        if counts[i] and _WEB_ADDRESS.search(text):
            counts[i] = sum(masked[i].as_py().count(mark) - text.count(mark) for mark in _ADDRESS_MARKS)
        counts[i] = max(counts[i], bool(_CONTACT_ADDRESS.search(value)))
    return pc.if_else(pa.array(counts > 0), None, values.cast(pa.large_string())), counts


def _mask_ids(ads: pa.RecordBatch, signs: pa.Array) -> tuple[pa.Array, Counts] | None:
    column = ads.column("ad_id")
    places = _places(signs)
    if not len(places):
        return None
    ids = column.to_pylist()
    prefixes = [f"{source}/" for source in pc.unique(ads.column("source_id")).to_pylist()]
    plain = re.compile(f"(?:{'|'.join(map(re.escape, prefixes))})?(?:{_IDENTIFIER.pattern})")  # nearly all are
    counts = np.zeros(len(ids), dtype=np.int32)
    for i in (i for i in places if not plain.fullmatch(ids[i])):
        prefix = next((p for p in prefixes if ids[i].startswith(p)), "")
        if n := mask_text(ids[i].removeprefix(prefix), anywhere=False)[1]:
            ids[i], counts[i] = f"{prefix}{ads.column('file')[i]}:{ads.column('line_number')[i]}", n
    return (pa.array(ids, type=column.type), counts) if counts.any() else None
