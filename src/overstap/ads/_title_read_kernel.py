"""The compiled pass over titles as posted: their keys, the domains these name, and the words by which to code them."""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads._pattern_kernel import blank, drop, search
from overstap.ads._strings_kernel import place_of
from overstap.ads._title_key_kernel import ALNUM, SPACES, SPARE, TEXT, key_of, signs, strip
from overstap.ads.compiled import NO, YES, ZERO, inlined, kernel, part, read_character
from overstap.ads.title_patterns import (
    ADDRESS,
    BARS,
    CALL,
    EVENT,
    INVERTED,
    OPEN,
    PARTED,
    ROLE,
    SAID,
    SIGNS,
    STAGE,
)  # fmt: skip
from overstap.ads.title_reader import ASK, CODE, IF_KNOWN, IF_ROLE, NONE

_ROWS: list[int] = list(np.arange(9, 14))
RAW, FOLDED, KEY, REST, LINE = _ROWS
"""Rows of `work`: the title as posted, without accents, its key with the employer, what of that is to be coded, words
with spaces."""
ROWS = 14
_SPACE, _AND, _HASH = 32, 38, 35
_WORD, _LOOSE = signs("+#.&"), signs(".&", alnum=False)
_SOFT = SPACES | signs("-_/&+.", alnum=False)
_SHORT = 4


@kernel()
def read(
    tools: Any, data: Any, ends: Any, work: Any, stack: Any, kept: Any, keys: Any, key_ends: Any, words: Any,
    word_ends: Any, domains: Any, found: Any,
) -> None:  # fmt: skip
    """Reads titles (bytes `data`, and where each title ends, after a leading 0). `keys` and `words` take what is read,
    of each title as many bytes as it has at most, `key_ends` and `word_ends` where those of each end; `domains`: bits;
    `found`: what is to be done. Titles of other characters, or of more than a row has room for, are to be asked."""
    key_end, word_end = key_ends[0], word_ends[0]
    for title in range(len(ends) - 1):
        n = _copied(tools, data, ends[title], ends[title + 1], work)
        found[title] = ASK
        kept[-1] = 0
        if n >= 0:
            size, named = key_of(tools, work, n, YES, stack, kept)
            _copy(work, TEXT, size, KEY)
            domains[title] = _domains(tools, work, size)
            found[title], rest = _judged(tools, work, n, size, stack, kept)
            if named:
                _copy(work, FOLDED, n, TEXT)
                size, named = key_of(tools, work, n, NO, stack, kept)
                _copy(work, TEXT, size, KEY)
            if kept[-1]:
                found[title] = ASK
        if found[title] != ASK:
            for i in range(size):
                keys[key_end + i] = work[KEY, i]
            key_end += size
        if found[title] >= CODE:
            for i in range(rest):
                words[word_end + i] = work[LINE, i]
            word_end += rest
        key_ends[title + 1], word_ends[title + 1] = key_end, word_end


@part
def _copy(work: Any, row: Any, length: Any, to: Any) -> None:
    for i in range(length):
        work[to, i] = work[row, i]


@part
def _copied(tools: Any, data: Any, start: Any, end: Any, work: Any) -> int:
    """The title to the row RAW, and without accents to FOLDED and TEXT; its length, or -1 where the careful way is to
    read it: for characters that a table lacks, too many of them, an entity of HTML."""
    n, at = ZERO, start
    while at < end:
        code, size = read_character(data, at, end)
        at += size
        if n == work.shape[1] or not 0 <= code < len(tools.folded) or tools.folded[code] == 0:
            return -1
        if n and work[RAW, n - 1] == _AND and (code == _HASH or _is_letter(code)):
            return -1
        work[RAW, n] = tools.raw[code]
        work[FOLDED, n] = work[TEXT, n] = tools.folded[code]
        n += 1
    return int(n)


@inlined
def _is_letter(byte: Any) -> bool:
    return bool(65 <= byte <= 90 or 97 <= byte <= 122)


@part
def _judged(tools: Any, work: Any, length: Any, size: Any, stack: Any, kept: Any) -> Any:
    """What is to be done with the title, and the length of its words, which row LINE gets; TEXT holds the key."""
    patterns = tools.patterns
    n = drop(patterns, SAID, work, TEXT, size, SPARE, stack, kept)
    _copy(work, TEXT, n, REST)
    _copy(work, RAW, length, LINE)
    if search(patterns, INVERTED, work, LINE, strip(work, LINE, length), ZERO, stack, kept) >= 0:
        return ASK, 0
    if search(patterns, ADDRESS, work, RAW, length, ZERO, stack, kept) >= 0:
        return ASK, 0
    role = CODE
    if search(patterns, PARTED, work, RAW, length, ZERO, stack, kept) >= 0:
        if _parts(patterns, BARS, work, length, stack, kept) > 1:
            return ASK, 0
        if _parts(patterns, SIGNS, work, length, stack, kept) > 1:
            told = search(patterns, ROLE, work, RAW, length, ZERO, stack, kept) >= 0
            role = CODE if told else IF_ROLE
    rest = blank(patterns, STAGE, work, REST, n, SPARE, stack, kept)
    whole = rest == n
    for i in range(rest):
        whole &= work[REST, i] == work[TEXT, i]
    if role == IF_ROLE and not whole:
        return ASK, 0
    said = _spaced(work, RAW, length, LINE, YES)
    if said and search(patterns, CALL, work, LINE, said, ZERO, stack, kept) >= 0:
        return ASK, 0
    nothing = _names_nothing(patterns, work, said, stack, kept)
    nothing |= _names_nothing(patterns, work, _spaced(work, REST, rest, LINE, NO), stack, kept)
    told = NO
    for i in range(rest):
        told |= 97 <= work[REST, i] <= 122
    n, words = _words(tools, work, rest)
    if nothing or not told or words == 0:
        return ASK if role == IF_ROLE else NONE, 0
    if words == 1 and n <= _SHORT:
        return ASK if role == IF_ROLE else IF_KNOWN, n
    return role if whole else IF_KNOWN, n


@part
def _parts(patterns: Any, pattern: Any, work: Any, length: Any, stack: Any, kept: Any) -> int:
    """How many parts of the title between matches of a pattern hold more than white space."""
    parts, start = ZERO, ZERO
    while start <= length:
        at = search(patterns, pattern, work, RAW, length, start, stack, kept)
        end, after = (at, kept[-2]) if at >= 0 else (length, length + 1)
        told = NO
        for i in range(start, end):
            told |= not SPACES[work[RAW, i]]
        parts += told
        start = after
    return parts


@part
def _spaced(work: Any, row: Any, length: Any, to: Any, plain: Any) -> int:
    """A row with single spaces for white space or, where `plain`, for all but letters and digits, in lower case."""
    n = ZERO
    for i in range(length):
        byte = work[row, i]
        if plain:
            byte = byte + 32 if 65 <= byte <= 90 else byte
        if not (ALNUM[byte] if plain else not SPACES[byte]):
            byte = _SPACE
        if byte == _SPACE and (n == 0 or work[to, n - 1] == _SPACE):
            continue
        work[to, n] = byte
        n += 1
    return n - 1 if n and work[to, n - 1] == _SPACE else n


@part
def _names_nothing(patterns: Any, work: Any, length: Any, stack: Any, kept: Any) -> bool:
    """Whether row LINE as a whole names no occupation."""
    if search(patterns, OPEN, work, LINE, length, ZERO, stack, kept) >= 0:
        return True
    return bool(search(patterns, EVENT, work, LINE, length, ZERO, stack, kept) >= 0)


@part
def _words(tools: Any, work: Any, length: Any) -> Any:
    """The words of row REST without function words, with spaces, to row LINE: its length, and how many."""
    n, words, i = ZERO, ZERO, ZERO
    while i < length:
        if not _WORD[work[REST, i]]:
            i += 1
            continue
        start = i
        while i < length and _WORD[work[REST, i]]:
            i += 1
        if place_of(tools.stop, work, REST, start, i) >= 0:
            continue
        first, last = start, i
        while first < last and _LOOSE[work[REST, first]]:
            first += 1
        while last > first and _LOOSE[work[REST, last - 1]]:
            last -= 1
        if first == last:
            first, last = start, i
        if words:
            work[LINE, n] = _SPACE
            n += 1
        for k in range(first, last):
            work[LINE, n] = work[REST, k]
            n += 1
        words += 1
    return n, words


@part
def _domains(tools: Any, work: Any, size: Any) -> int:
    """Bits of the domains that the key in row TEXT names, 0 for a title of one domain: see `title_domains`."""
    n = ZERO
    for i in range(size):
        byte = work[TEXT, i]
        if _SOFT[byte]:
            byte = _SPACE
        if byte == _SPACE and (n == 0 or work[LINE, n - 1] == _SPACE):
            continue
        work[LINE, n] = byte
        n += 1
    if n and work[LINE, n - 1] == _SPACE:
        n -= 1
    rule, named, begins = len(tools.joined_domains), 0, YES
    for i in range(n):
        if begins:
            words, end = ZERO, i
            while words < tools.longest and end < n:
                while end < n and work[LINE, end] != _SPACE:
                    end += 1
                at = place_of(tools.phrases, work, LINE, i, end)
                if at >= 0:
                    rule = min(rule, tools.joined[at])
                    named |= tools.named[at]
                words += 1
                end += 1
        begins = work[LINE, i] == _SPACE
    if rule < len(tools.joined_domains):
        return int(tools.joined_domains[rule])
    return int(named) if named & 1 and named & (named - 1) else 0
