"""What names and heads say of titles, for many titles at once: the tables of the compiled pass, and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from overstap.ads.strings import Strings, strings

if TYPE_CHECKING:
    from overstap.ads._title_index import TitleIndex

_ICT = ("25", "35")  # an ICT title of today at the start or end of a longer one decides ("Google Cloud data engineer")
_MOST_HEADS, _ROOM = 64, 8
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


class Weights(NamedTuple):
    """Weights of the kinds of evidence, in units of the word model's score; chosen on a coarse grid with one half of a
    Dutch register that is not in the index, and with labels of ESCO left out of it. `outside`: of codes that a head
    does not allow; `bare`: what the usual code of a head by itself is multiplied with."""

    common: float = 9.0
    exact: float = 5.0
    part: float = 1.0
    cued: float = 7.0
    usual: float = 4.2
    bare: float = 1.8
    outside: float = -4.2


WEIGHTS = Weights()


class Tables(NamedTuple):
    """What the pass looks up. Forms of titles: their shares of codes, and the code of a common title (-1: none). Heads:
    number of the usual code and of the codes allowed (-1: none), and cues, the longest first, with the pairs of letters
    in each. Codes that heads point to: their columns. `outside`: a row for each set of codes allowed."""

    forms: Strings
    share_ends: Ints
    share_codes: Ints
    shares: npt.NDArray[np.float64]
    common: Ints
    ict: npt.NDArray[np.bool_]
    roles: Strings
    heads: Strings
    usual: Ints
    domain: Ints
    cue_ends: Ints
    cue_codes: Ints
    cue_text: npt.NDArray[np.uint8]
    cue_text_ends: Ints
    cue_pairs: npt.NDArray[np.uint64]
    code_ends: Ints
    code_columns: Ints
    outside: Floats


class Words(NamedTuple):
    """Words of titles: bytes with spaces between, and where those of each title end, after a leading 0."""

    lines: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]


class Named(NamedTuple):
    """What is known of titles. `place`: per title its row among those to be coded, -1 for one that names no occupation,
    -2 for one to be asked. Of those to be coded: stems, a line each; whether names or a head settle the title; values
    to add by row and column; and per row which row of `outside`, what each code loses because the head does not allow
    it, comes on top (-1: none)."""

    place: Ints
    stems: npt.NDArray[np.uint8]
    settled: npt.NDArray[np.bool_]
    rows: Ints
    columns: Ints
    added: Floats
    domain: Ints
    outside: Floats


def tables_of(index: TitleIndex) -> Tables:
    """The tables of an index."""
    forms = list(index.exact | index.common)
    shares = [index.exact.get(form, {}) for form in forms]
    heads = index.rules.heads
    domains = list(dict.fromkeys(head.domain for head in heads.values() if head.domain))
    cues = [[cue for cue in head.in_order() if len(cue.text) >= 3] for head in heads.values()]
    named = (code for found, head in zip(cues, heads.values(), strict=True) for code in _codes(found, head.usual))
    codes = {code: i for i, code in enumerate(dict.fromkeys(named))}
    texts = [cue.text.encode() for found in cues for cue in found]
    below = [[j for j, column in enumerate(index.codes) if column.startswith(code)] for code in codes]
    outside = [[0.0 if code.startswith(d) else WEIGHTS.outside for code in index.codes] for d in domains]
    return Tables(
        strings(forms),
        _ends(shares),
        np.array([j for found in shares for j in found], np.int32),
        np.array([share for found in shares for share in found.values()], np.float64),
        np.array([index.common.get(form, -1) for form in forms], np.int32),
        np.array([code.startswith(_ICT) for code in index.codes]),
        strings(sorted(index.roles)),
        strings(heads),
        np.array([codes[head.usual] if head.usual else -1 for head in heads.values()], np.int32),
        np.array([domains.index(head.domain) if head.domain else -1 for head in heads.values()], np.int32),
        _ends(cues),
        np.array([codes[cue.code] for found in cues for cue in found], np.int32),
        np.frombuffer(b"".join(texts) or b"\0", np.uint8),
        _ends(texts),
        np.array([_pairs(text) for text in texts], np.uint64),
        _ends(below),
        np.array([j for found in below for j in found], np.int32),
        np.array(outside, np.float32).reshape(len(domains), len(index.codes)),
    )


def weigh(
    tables: Tables, lines: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], what: npt.NDArray[np.uint8]
) -> Named:
    """What is known of titles, given by their words (bytes, with spaces between) and what is to be done with each."""
    from overstap.ads import _title_names_kernel as kernel  # here, so that importing loads no compiler

    n, longest = len(what), int(np.diff(ends).max(initial=0))
    work = np.empty((kernel.ROWS, longest + 3), np.uint8)
    places, heads = np.empty((4, longest + 1), np.int32), np.empty(_MOST_HEADS, np.int32)
    stems, place = np.empty(int(ends[-1]) + n, np.uint8), np.empty(n, np.int32)
    settled, domain = np.empty(n, np.bool_), np.empty(n, np.int32)
    room = _ROOM * n
    while True:
        rows, columns, added = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float32)
        size, coded, values = kernel.weigh_names(
            tables, WEIGHTS, lines, ends, what, work, places, heads, stems, place, settled, domain, rows, columns, added
        )
        if values <= room:
            break
        room = values
    found = rows[:values], columns[:values], added[:values]
    return Named(place, stems[:size], settled[:coded], *found, domain[:coded], tables.outside)


def as_words(titles: Iterable[Iterable[str]]) -> Words:
    """Words of titles as the pass takes them."""
    lines = [" ".join(words).encode() for words in titles]
    return Words(np.frombuffer(b"".join(lines) or b"\0", np.uint8), np.cumsum([0, *map(len, lines)]))


def _codes(cues: Sequence[tuple[int, str, str]], usual: str | None) -> list[str]:
    return [*(code for _, _, code in cues), *([usual] if usual else ())]


def _ends(lists: Sequence[Sequence[object]] | Sequence[dict[int, float]] | Sequence[bytes]) -> Ints:
    return np.cumsum([0, *map(len, lists)]).astype(np.int32)


def _pairs(text: bytes) -> int:
    return reduce(or_, (1 << ((one * 31 + two) & 63) for one, two in pairwise(text)))
