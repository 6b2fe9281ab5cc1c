"""The compiled pass over the words of titles: stems, and what names and heads say (see `_title_names`)."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from overstap.ads._strings_kernel import place_of
from overstap.ads._title_features import ENDINGS, KEEP_SHORT
from overstap.ads._title_heads import MIN_SUFFIX
from overstap.ads.compiled import NO, YES, ZERO, kernel, part
from overstap.ads.title_reader import ASK, IF_KNOWN, IF_ROLE, NONE

_ROWS: list[int] = list(np.arange(5))
WORDS, STEMS, LETTERS, WHOLE, ASIDE = _ROWS
"""Rows of `work`: words with spaces, stems without, words without spaces, the stem of these, words beside a head."""
ROWS = 5
_SPACE, _LINE = 32, 10
_ENDING = np.array([list(e.encode().ljust(8)) for e, _ in ENDINGS], np.uint8)
_ENDING_SIZE = np.array([len(e) for e, _ in ENDINGS])
_INSTEAD = np.array([list(i.encode().ljust(8)) for _, i in ENDINGS], np.uint8)
_INSTEAD_SIZE = np.array([len(i) for _, i in ENDINGS])
_E, _R, _S, _T, _N = 101, 114, 115, 116, 110


@kernel()
def weigh_names(
    tables: Any, weights: Any, lines: Any, ends: Any, what: Any, work: Any, places: Any, heads: Any, stems: Any,
    place: Any, settled: Any, domain: Any, rows: Any, columns: Any, added: Any,
) -> Any:  # fmt: skip
    """What names and heads say of titles given by their words (`lines`, with spaces; `what` of `title_reader`).

    `place`: the row of a title among those to be coded, or less than nothing: -1 names no occupation, -2 is to be
    asked. Of those coded: `stems`, a line each; `settled`; `domain`, a row of `tables.outside`; values to add by `rows`
    and `columns`. Gives bytes of stems, how many are coded, and how many values there were, for which there may not
    have been room. `places` (int32[4, words]) takes where words and stems begin and end, `heads` heads in the making.
    """
    n_stems, coded, values = ZERO, ZERO, ZERO
    for title in range(len(ends) - 1):
        place[title] = -2
        if what[title] == ASK or what[title] == NONE:
            place[title] = -2 if what[title] == ASK else -1
            continue
        n = ends[title + 1] - ends[title]
        for i in range(n):
            work[WORDS, i] = lines[ends[title] + i]
        count = _split(work, n, places)
        whole = _stem(work, LETTERS, ZERO, _stemmed(work, count, places), WHOLE, ZERO)
        compact = places[3, count - 1]
        one = place_of(tables.forms, work, STEMS, ZERO, compact)
        two = place_of(tables.forms, work, WHOLE, ZERO, whole)
        known = _shares(tables, one) > 0 or _shares(tables, two) > 0
        if what[title] == IF_KNOWN and not known:
            place[title] = -1
            continue
        if what[title] == IF_ROLE and not _names_role(tables, work, count, places):
            continue
        place[title] = coded
        for i in range(count):
            if i:
                stems[n_stems] = _SPACE
                n_stems += 1
            for k in range(places[2, i], places[3, i]):
                stems[n_stems] = work[STEMS, k]
                n_stems += 1
        stems[n_stems] = _LINE
        n_stems += 1
        settled[coded], domain[coded] = NO, -1
        column = _common(tables, work, one, two, count, places)
        if column >= 0:
            values = _add(rows, columns, added, values, coded, column, weights.common)
            settled[coded] = YES
        else:
            if known:
                at = one if _shares(tables, one) > 0 else two
                for k in range(tables.share_ends[at], tables.share_ends[at + 1]):
                    worth = weights.exact * sqrt(tables.shares[k])
                    values = _add(rows, columns, added, values, coded, tables.share_codes[k], worth)
            else:
                values = _of_parts(tables, weights, work, count, places, rows, columns, added, values, coded)
            values, told = _of_head(
                tables, weights, work, count, places, heads, rows, columns, added, values, coded, domain
            )
            settled[coded] = known or told
        coded += 1
    return n_stems, coded, values


@part
def _add(rows: Any, columns: Any, added: Any, n: Any, row: Any, column: Any, value: Any) -> int:
    if n < len(rows):
        rows[n], columns[n], added[n] = row, column, value
    return int(n + 1)


@part
def _shares(tables: Any, form: Any) -> int:
    return int(tables.share_ends[form + 1] - tables.share_ends[form]) if form >= 0 else 0


@part
def _split(work: Any, length: Any, places: Any) -> int:
    """How many words row WORDS has; where each begins and ends."""
    count, start = ZERO, ZERO
    for i in range(length + 1):
        if i == length or work[WORDS, i] == _SPACE:
            places[0, count], places[1, count] = start, i
            count += 1
            start = i + 1
    return int(count)


@part
def _stemmed(work: Any, count: Any, places: Any) -> int:
    """The stems of the words to row STEMS, the words without spaces to row LETTERS; the length of these."""
    n, letters = ZERO, ZERO
    for i in range(count):
        places[2, i] = n
        n = _stem(work, WORDS, places[0, i], places[1, i], STEMS, n)
        places[3, i] = n
        for k in range(places[0, i], places[1, i]):
            work[LETTERS, letters] = work[WORDS, k]
            letters += 1
    return int(letters)


@part
def _stem(work: Any, row: Any, start: Any, end: Any, to: Any, n: Any) -> int:
    """The stem of a word, as `_title_features.stem` has it, to a row from `n` on; its end."""
    plain = end - start > KEEP_SHORT
    for k in range(start, end):
        plain &= 97 <= work[row, k] <= 122
    ending = -1
    if plain:
        for e in range(len(_ENDING_SIZE)):
            size = _ENDING_SIZE[e]
            k = 0
            while k < size and end - start - size >= 3 and work[row, end - 1 - k] == _ENDING[e, size - 1 - k]:
                k += 1
            if k == size:
                ending = e
                break
    first = n
    for k in range(start, end - _ENDING_SIZE[ending] if ending >= 0 else end):
        n = _single(work, to, first, n, work[row, k])
    if ending >= 0:
        for k in range(_INSTEAD_SIZE[ending]):
            n = _single(work, to, first, n, _INSTEAD[ending, k])
    return int(n)


@part
def _single(work: Any, to: Any, first: Any, n: Any, byte: Any) -> int:
    """One letter more, unless it is the one before."""
    if n > first and work[to, n - 1] == byte and 97 <= byte <= 122:
        return int(n)
    work[to, n] = byte
    return int(n + 1)


@part
def _names_role(tables: Any, work: Any, count: Any, places: Any) -> bool:
    """Whether a word, or what it may be the plural or the feminine of, names a role by itself."""
    for i in range(count):
        start, end = places[0, i], places[1, i]
        if place_of(tables.roles, work, WORDS, start, end) >= 0:
            return True
        for form in range(1, 4):
            row, first, last = _singular(work, start, end, form)
            if last > first and place_of(tables.roles, work, row, first, last) >= 0:
                return True
    return False


@part
def _singular(work: Any, start: Any, end: Any, form: Any) -> Any:
    """Row, start and end of a form of `_title_heads.singular`; of no length where the word has none."""
    size, last = end - start, work[WORDS, end - 1]
    if form == 0 or (form == 1 and last == _S and size > 5) or (form == 2 and last == _N and size > 5):
        return WORDS, start, end - (form > 0)
    if form == 3 and size > 6 and last == _R:  # "ster"
        feminine = work[WORDS, end - 2] == _E and work[WORDS, end - 3] == _T and work[WORDS, end - 4] == _S
        if feminine:
            for k in range(start, end - 4):
                work[ASIDE, k - start] = work[WORDS, k]
            work[ASIDE, size - 4], work[ASIDE, size - 3] = _E, _R
            return ASIDE, ZERO, size - 2
    return WORDS, start, start


@part
def _common(tables: Any, work: Any, one: Any, two: Any, count: Any, places: Any) -> int:
    """The column of a common title, or of an ICT one at either end of a longer title; -1 for neither."""
    if one >= 0 and tables.common[one] >= 0:
        return int(tables.common[one])
    if two >= 0 and tables.common[two] >= 0:
        return int(tables.common[two])
    for size in range(count - 1, 1, -1):
        for start in (count - size, ZERO):
            form = place_of(tables.forms, work, STEMS, places[2, start], places[3, start + size - 1])
            if form >= 0 and tables.common[form] >= 0 and tables.ict[tables.common[form]]:
                return int(tables.common[form])
    return -1


@part
def _of_parts(
    tables: Any, weights: Any, work: Any, count: Any, places: Any, rows: Any, columns: Any, added: Any, values: Any,
    coded: Any,
) -> int:  # fmt: skip
    """Adds what the longest parts of the title that are titles of the index say; gives the number of values."""
    for size in range(min(count - 1, 5), 0, -1):
        told = NO
        for i in range(count - size + 1):
            first, last = places[2, i], places[3, i + size - 1]
            if size == 1 and last - first <= 4:
                continue
            form = place_of(tables.forms, work, STEMS, first, last)
            if _shares(tables, form) == 0:
                continue
            told = YES
            weight = weights.part * (1.0 if i == 0 or i + size == count else 0.5) * (1.0 if size > 1 else 0.6)
            for k in range(tables.share_ends[form], tables.share_ends[form + 1]):
                column = tables.share_codes[k]
                values = _add(rows, columns, added, values, coded, column, weight * tables.shares[k])
        if told:
            break
    return int(values)


@part
def _of_head(
    tables: Any, weights: Any, work: Any, count: Any, places: Any, heads: Any, rows: Any, columns: Any, added: Any,
    values: Any, coded: Any, domain: Any,
) -> Any:  # fmt: skip
    """Adds what the head of the title points to, and keeps the codes that it allows; gives the number of values, and
    whether it points to any: see `HeadRules.match`."""
    found, first, last = _heads(tables, work, count, places, heads)
    if found == 0:
        return values, NO
    usual, allowed = tables.usual[heads[0]], tables.domain[heads[0]]
    for i in range(found):
        head = heads[i]
        if tables.usual[head] != usual and usual >= 0:
            continue
        n = _beside(tables, work, count, places, first, last, head)
        one, two = _cued(tables, work, n, head)
        if one >= 0:
            values = _add_code(tables, rows, columns, added, values, coded, one, weights.cued)
            if two >= 0:
                values = _add_code(tables, rows, columns, added, values, coded, two, weights.cued / 2)
            domain[coded] = allowed if allowed >= 0 else tables.domain[head]
            return values, YES
    domain[coded] = allowed
    if usual < 0:
        return values, NO
    size = tables.heads.ends[heads[0] + 1] - tables.heads.ends[heads[0]]
    bare = last > first or (count == 1 and size == places[1, 0] and _ends_with(tables, work, places, first, heads[0]))
    worth = weights.usual * (weights.bare if bare else 1.0)
    return _add_code(tables, rows, columns, added, values, coded, usual, worth), YES


@part
def _add_code(tables: Any, rows: Any, columns: Any, added: Any, values: Any, coded: Any, code: Any, value: Any) -> int:
    for k in range(tables.code_ends[code], tables.code_ends[code + 1]):
        values = _add(rows, columns, added, values, coded, tables.code_columns[k], value)
    return int(values)


@part
def _heads(tables: Any, work: Any, count: Any, places: Any, heads: Any) -> Any:
    """How many names the head of the title has, longest first, and its first and last word: several words, then the
    first word, then the last known."""
    for size in range(4, 1, -1):
        for i in range(count - size + 1):
            name = place_of(tables.heads, work, WORDS, places[0, i], places[1, i + size - 1])
            if name >= 0:
                heads[0] = name
                return _heads_of(tables, work, places, i + size - 1, heads, ZERO + 1), i, i + size - 1
    for k in range(count):
        i = count - k if k else k
        found = _heads_of(tables, work, places, i, heads, ZERO)
        if found:
            return found, i, i
    return ZERO, ZERO, ZERO


@part
def _heads_of(tables: Any, work: Any, places: Any, word: Any, heads: Any, n: Any) -> int:
    """Adds the heads that a word is or ends with, longest first; gives how many there are."""
    before = n
    for form in range(4):
        row, start, end = _singular(work, places[0, word], places[1, word], form)
        for k in range(start, end):
            if k > start and end - k < MIN_SUFFIX:
                break
            head = place_of(tables.heads, work, row, k, end)
            if head >= 0 and n < len(heads):
                heads[n] = head
                n += 1
        if n > before:
            break
    return int(n)


@part
def _ends_with(tables: Any, work: Any, places: Any, word: Any, head: Any) -> bool:
    """Whether a word ends with the name of a head."""
    first, size = tables.heads.ends[head], tables.heads.ends[head + 1] - tables.heads.ends[head]
    if places[1, word] - places[0, word] < size:
        return False
    k = 0
    while k < size and work[WORDS, places[1, word] - size + k] == tables.heads.data[first + k]:
        k += 1
    return bool(k == size)


@part
def _beside(tables: Any, work: Any, count: Any, places: Any, first: Any, last: Any, head: Any) -> int:
    """The words beside the head, between spaces, to row ASIDE, with what stands before it in a compound."""
    n, size = ZERO, tables.heads.ends[head + 1] - tables.heads.ends[head]
    work[ASIDE, n] = _SPACE
    n += 1
    for i in range(count):
        if first < i <= last:
            continue
        start, end = places[0, i], places[1, i]
        if i == first:
            inside = first == last and end - start > size and _ends_with(tables, work, places, i, head)
            end = end - size if inside else start
        for k in range(start, end):
            work[ASIDE, n] = work[WORDS, k]
            n += 1
        work[ASIDE, n] = _SPACE
        n += 1
    return int(n)


@part
def _cued(tables: Any, work: Any, length: Any, head: Any) -> Any:
    """The codes of the longest cues of a head in row ASIDE, longest first, at most two; -1 for none."""
    pairs = np.uint64(0)
    for i in range(length - 1):
        pairs |= np.uint64(1) << np.uint64((work[ASIDE, i] * 31 + work[ASIDE, i + 1]) & 63)
    one = -1
    for cue in range(tables.cue_ends[head], tables.cue_ends[head + 1]):
        if tables.cue_pairs[cue] & pairs != tables.cue_pairs[cue] or tables.cue_codes[cue] == one:
            continue
        if _holds(work, length, tables.cue_text, tables.cue_text_ends[cue], tables.cue_text_ends[cue + 1]):
            if one >= 0:
                return one, int(tables.cue_codes[cue])
            one = int(tables.cue_codes[cue])
    return one, -1


@part
def _holds(work: Any, length: Any, text: Any, start: Any, end: Any) -> bool:
    for i in range(length - (end - start) + 1):
        k = 0
        while k < end - start and work[ASIDE, i + k] == text[start + k]:
            k += 1
        if k == end - start:
            return True
    return False
