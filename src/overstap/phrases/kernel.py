"""The compiled passes over tokens: a sketch of how often each run of words occurs, then exact counts of the frequent.

A run is one to four tokens in a row with nothing but soft signs between them. The first pass adds every run to a
sketch of counters that runs share by their hash (Cormode & Muthukrishnan 2005, one row), which never counts too low;
the second keeps an entry for the runs that may be frequent, and settles by a second hash that an entry is one run and
no other. Memory is that of the sketch and the entries, whatever the number of ads.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from overstap.ads.compiled import kernel, part
from overstap.ads.lexicon import GOLDEN, HASH_START, Array
from overstap.semantic.span_tokens import AND, APOSTROPHE, COLON, COMMA, SLASH, STOP, Tokens

LONGEST = 4
"""Most tokens of a run."""
SKETCH = 1 << 24
ENTRIES = 1 << 20
"""Counters of the sketch, and most runs that are counted exactly."""
COVERED, BARRED, EDGE, TAIL, ASKED, FIRST, LAST, JOINS = (1 << bit for bit in range(8))
"""What is known of a token: a mention or a fact covers it; it belongs to no run; a run may begin and end with it; a run
of several may end with it; it stands where the ad asks; a phrase that asks begins, or ends, with it; it joins what
stands beside it, as "and" does."""

_START, _GOLDEN, _OTHER = np.uint64(HASH_START), np.uint64(GOLDEN), np.uint64(0xD6E8FEB86659FD93)
_S32, _S58, _ZERO, _ONE = np.uint64(32), np.uint64(58), np.uint64(0), np.uint64(1)


class Entries(NamedTuple):
    """Runs that are counted, by number, and the slots that hold their hashes. Counts are of vacancies."""

    slots: Array  # uint64, hash; 0 empty
    number: Array  # int32
    check: Array  # uint64, second hash
    words: Array  # uint64[entries, LONGEST], hashes of the tokens
    size: Array  # int8, tokens
    asked: Array  # int32, where the ad asks and no mention covers it
    rest: Array  # int32, elsewhere in the ad
    covered: Array  # int32, covered by a mention
    phrased: Array  # int32, of `asked`: a whole phrase that asks, or enumerated with a skill of the taxonomy
    left: Array  # uint64, a bit for each hashed word before it
    right: Array  # uint64, the same behind it
    last: Array  # int32[entries, 4], the vacancy that each count of the above was last raised by
    n: Array  # int64[1], how many

    @classmethod
    def empty(cls, entries: int = ENTRIES) -> Entries:
        """Room for so many."""
        asked, rest, covered, phrased = (np.zeros(entries, np.int32) for _ in range(4))
        check, left, right = (np.zeros(entries, np.uint64) for _ in range(3))
        return cls(
            np.zeros(2 * entries, np.uint64), np.zeros(2 * entries, np.int32), check,
            np.zeros((entries, LONGEST), np.uint64), np.zeros(entries, np.int8), asked, rest, covered, phrased,
            left, right, np.full((entries, 4), -1, np.int32), np.zeros(1, np.int64),
        )  # fmt: skip


@part
def _add(value: Any, word: Any) -> Any:
    value = (value ^ word) * _GOLDEN
    return value ^ (value >> _S32)


@part
def _reach(t: int, n: int, row: Array, gap: Array, mark: Array) -> int:
    """How many tokens runs from `t` on may have: none is barred, all are covered or none is, and no hard sign stands
    between them."""
    if mark[t] & BARRED or not mark[t] & EDGE:
        return 0
    covered, k = mark[t] & COVERED, 1
    while k < LONGEST and t + k < n and row[t + k] == row[t]:
        here = mark[t + k]
        if gap[t + k] > APOSTROPHE or gap[t + k] == SLASH or here & BARRED or (here & COVERED) != covered:
            break
        k += 1
    return k


@part
def _ends(t: int, k: int, mark: Array) -> bool:
    return bool(mark[t + k] & EDGE or (k > 0 and mark[t + k] & TAIL))


@kernel()
def sketch_runs(n: int, tokens: Tokens, mark: Array, salt: Array, sketch: Array) -> None:
    """Add the runs of a batch that are asked and that no mention covers. `salt`: per row, so that languages differ."""
    mask, most = np.uint64(sketch.shape[0] - 1), np.uint16(65535)
    for t in range(n):
        if mark[t] & COVERED or not mark[t] & ASKED:
            continue
        value = _START ^ salt[tokens.row[t]]
        for k in range(_reach(t, n, tokens.row, tokens.gap, mark)):
            value = _add(value, tokens.word[t + k])
            if _ends(t, k, mark):
                at = (value >> _S32 ^ value) & mask
                if sketch[at] < most:
                    sketch[at] += np.uint16(1)


@part
def _number_of(value: Any, check: Any, to: Entries) -> int:
    """The number of a run, or −1 − its slot where there is none yet; −2³¹ where another run has the same hash."""
    mask = np.uint64(to.slots.shape[0] - 1)
    at = (value >> _S32 ^ value) & mask
    while to.slots[at] != _ZERO:
        if to.slots[at] == value:
            found = int(to.number[at])
            return found if to.check[found] == check else -(1 << 31)
        at = (at + _ONE) & mask
    return -1 - int(at)


@part
def _raise(counts: Array, last: Array, number: int, which: int, doc: int) -> bool:
    if last[number, which] == doc:
        return False
    last[number, which] = doc
    counts[number] += 1
    return True


@part
def _bit(t: int, beside: int, n: int, tokens: Tokens) -> Any:
    """A bit for the word beside a run; the first for none, as at the start or end of a sentence."""
    behind = max(t, beside)
    if beside < 0 or beside >= n or tokens.row[beside] != tokens.row[t] or tokens.gap[behind] >= STOP:
        return _ONE
    return _ONE << ((tokens.word[beside] * _OTHER) >> _S58)


@part
def _listed(t: int, k: int, n: int, tokens: Tokens, mark: Array) -> bool:
    """Whether the run is an item of an enumeration, and the item before or behind it a skill of the taxonomy."""
    gap, row, before, behind = tokens.gap, tokens.row, t - 1, t + k + 1
    skill = False
    if before >= 0 and row[before] == row[t] and gap[t] < COLON:
        if gap[t] in (COMMA, SLASH, AND):
            skill = mark[before] & COVERED > 0
        elif mark[before] & JOINS:
            skill = before > 0 and row[before - 1] == row[t] and gap[before] < COLON and mark[before - 1] & COVERED > 0
        elif mark[before] & (EDGE | COVERED):
            return False
    if behind < n and row[behind] == row[t] and gap[behind] < COLON:
        if gap[behind] in (COMMA, SLASH, AND):
            skill |= mark[behind] & COVERED > 0
        elif mark[behind] & JOINS:
            after = behind + 1
            skill |= after < n and row[after] == row[t] and gap[after] < COLON and mark[after] & COVERED > 0
        elif mark[behind] & (EDGE | COVERED | TAIL):
            return False
    return skill


@kernel()
def count_runs(
    n: int, tokens: Tokens, mark: Array, salt: Array, docs: Array, sketch: Array, least: int, seen: int,
    to: Entries, pairs: Array, shown: Array,
) -> tuple[int, int]:  # fmt: skip
    """Count the runs of a batch whose counter in the sketch is `least` or more.

    `docs`: per row the number of its vacancy, rising. Writes to `pairs` (run, vacancy) for each vacancy that asks a
    run, and to `shown` (run, token, tokens) an occurrence of each run that was asked `seen` times;
    gives the number of both.
    """
    sketched, paired, showed = np.uint64(sketch.shape[0] - 1), 0, 0
    for t in range(n):
        covered, asked = mark[t] & COVERED, mark[t] & ASKED
        doc, value, check = docs[tokens.row[t]], _START ^ salt[tokens.row[t]], salt[tokens.row[t]]
        for k in range(_reach(t, n, tokens.row, tokens.gap, mark)):
            value = _add(value, tokens.word[t + k])
            check = (check + tokens.word[t + k]) * _OTHER
            if not _ends(t, k, mark) or sketch[(value >> _S32 ^ value) & sketched] < least:
                continue
            number = _number_of(value, check, to)
            if number == -(1 << 31) or (number < 0 and to.n[0] == to.check.shape[0]):
                continue
            if number < 0:
                at, number = -1 - number, int(to.n[0])
                to.slots[at], to.number[at], to.check[number] = value, number, check
                to.size[number] = k + 1
                for j in range(k + 1):
                    to.words[number, j] = tokens.word[t + j]
                to.n[0] += 1
            if covered:
                _raise(to.covered, to.last, number, 2, doc)
                continue
            if not asked:
                _raise(to.rest, to.last, number, 1, doc)
                continue
            if (mark[t] & FIRST and mark[t + k] & LAST) or _listed(t, k, n, tokens, mark):
                _raise(to.phrased, to.last, number, 3, doc)
            to.left[number] |= _bit(t, t - 1, n, tokens)
            to.right[number] |= _bit(t + k, t + k + 1, n, tokens)
            if _raise(to.asked, to.last, number, 0, doc):
                pairs[paired, 0], pairs[paired, 1] = number, doc
                paired += 1
                if to.asked[number] == seen:
                    shown[showed, 0], shown[showed, 1], shown[showed, 2] = number, t, k + 1
                    showed += 1
    return paired, showed
