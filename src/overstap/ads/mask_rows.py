"""Masking of whole columns: Arrow in, Arrow out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.ads.mask import Kinds, mask_numbers, mask_text
from overstap.ads.texts import Array, bytes_of, texts_of, with_rows

_ROOM = 1024  # names that the compiled pass masks in one text at once; it leaves texts with more to Python


def mask_column(texts: pa.Array, anywhere: bool = True) -> tuple[pa.Array, Array]:
    """`mask_text` of each cleaned text (large strings), and how many spans were replaced in each (int32).

    Names are masked by a compiled pass, which stops at a text that may hold an address or number: addresses are masked
    by Python, phone numbers by another compiled pass, and the text is handed back. The first call in a process
    loads or compiles the passes.
    """
    from overstap.ads.mask_sign_kernel import UNSURE  # here, so that importing loads no compiler

    masked, found, counts = _compiled(texts, np.zeros(len(texts), np.uint8), anywhere)
    open_rows = np.flatnonzero(found)
    latest, at, kinds = masked.take(pa.array(open_rows)), np.arange(len(open_rows)), found[open_rows]
    values, judged = latest, np.zeros_like(kinds)  # kinds that are known not to be there any more
    while len(at):
        values, n, gone = _one_round(values, kinds, anywhere)
        judged = np.where(n == 0, judged, np.uint8(0)) | gone
        counts[open_rows[at]] += n
        latest = with_rows(latest, at, values)
        again = (kinds > 0) & (kinds & UNSURE == 0)
        at = at[again]
        judged = judged[again]
        values, kinds, more = _compiled(values.filter(pa.array(again)), judged, anywhere)
        judged = np.where(more == 0, judged, np.uint8(0))
        counts[open_rows[at]] += more
    return with_rows(masked, open_rows, latest), counts


def _one_round(texts: pa.Array, kinds: Array, anywhere: bool) -> tuple[pa.Array, Array, Array]:
    """Texts without the addresses, then without the phone numbers of the `kinds` that each may hold, how many there
    were, and the kinds that each is known not to hold any more."""
    from overstap.ads.mask_sign_kernel import PHONE, UNSURE

    unsure = kinds & UNSURE > 0
    texts, addresses = _without_numbers(texts, kinds & np.where(unsure, 255, 255 - PHONE), anywhere)
    texts, phones, asked = _without_phones(texts, (kinds & PHONE > 0) & ~unsure)
    texts, others = _without_numbers(texts, np.where(asked, PHONE, 0), anywhere)
    n = addresses + phones + others
    # The compiled pass looks for phone numbers to the end; of the rest is known only that none was found.
    return texts, n, np.where(n == 0, kinds, np.where(asked, 0, kinds & PHONE))


def _without_numbers(texts: pa.Array, kinds: Array, anywhere: bool) -> tuple[pa.Array, Array]:
    """Texts that Python masked of the `kinds` that each may hold, and how many spans; once, but all of one that the
    compiled passes cannot read."""
    from overstap.ads.mask_sign_kernel import KINDS, UNSURE

    counts = np.zeros(len(texts), np.int32)
    rows = np.flatnonzero(kinds)
    values = texts.take(pa.array(rows)).to_pylist()
    for at, (row, bits) in enumerate(zip(rows.tolist(), kinds[rows].tolist(), strict=True)):
        if bits & UNSURE:
            values[at], counts[row] = mask_text(values[at], anywhere)
        else:
            values[at], counts[row] = mask_numbers(values[at], Kinds(*(bool(bits & kind) for kind in KINDS)))
    return with_rows(texts, rows, values), counts


def _without_phones(texts: pa.Array, wanted: Array) -> tuple[pa.Array, Array, Array]:
    """Texts with marks for the phone numbers of those that are `wanted`, until none has any more; how many; and which
    the compiled pass could not read to the end."""
    from overstap.ads.mask_phone_kernel import LONGEST, PLACES, ROWS, STEPS_BACK, mask_phones
    from overstap.ads.mask_phone_tables import phone_tables

    counts, asked, rows = np.zeros(len(texts), np.int32), np.zeros(len(texts), np.bool_), np.flatnonzero(wanted)
    work, places = np.empty((ROWS, LONGEST), np.uint8), np.empty(LONGEST + 1, np.int64)
    stack, kept = np.empty((STEPS_BACK, 4), np.int32), np.zeros(PLACES, np.int32)
    while len(rows):
        data, starts, ends = bytes_of(texts.take(pa.array(rows)))
        out = np.empty(int((ends - starts).sum()) + 64, np.uint8)  # a mark is shorter than any number
        bounds, found = np.empty(len(rows) + 1, np.int64), np.empty(len(rows), np.int32)
        mask_phones(data, starts, ends, phone_tables(), out, bounds, found, work, places, stack, kept)
        texts = with_rows(texts, rows, texts_of(out, bounds))
        counts[rows] += np.maximum(found, 0)
        asked[rows] = found < 0
        rows = rows[found > 0]
    return texts, counts, asked


def _compiled(texts: pa.Array, judged: Array, anywhere: bool) -> tuple[pa.Array, Array, Array]:
    """(texts with names masked, kinds of address or number that each may hold, names masked in each); `judged`: kinds
    that each is known not to hold."""
    from overstap.ads.mask_kernel import mask_rows
    from overstap.ads.mask_tables import mask_tables

    data, starts, ends = bytes_of(texts)
    sizes = ends - starts
    out, spare = np.empty(3 * int(sizes.sum()) + 64, np.uint8), np.empty(3 * int(sizes.max(initial=0)) + 64, np.uint8)
    bounds, found, counts = (np.zeros(len(texts) + 1, kind) for kind in (np.int64, np.uint8, np.int32))
    result = bounds, found, counts
    spans, scratch = np.empty((3, _ROOM), np.int64), np.zeros(64, np.uint8)
    read = out.view()
    read.flags.writeable = False
    written = mask_rows(data, starts, ends, judged, mask_tables(anywhere), out, read, *result, spans, spare, scratch)
    return texts_of(out[:written], bounds), found[:-1], counts[:-1]
