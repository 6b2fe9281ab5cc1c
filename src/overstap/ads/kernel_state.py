"""Scratch and layout that the compiled token pass shares with its caller."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from overstap.ads.lexicon import Array
from overstap.ads.tokens import MAX_TOKEN_BYTES

ROW, KIND, FORM, START, END, TOKEN, LAST_TOKEN = range(7)
"""Rows of the output block."""
SEGMENT = 1024
"""Most tokens held at once; a longer run without a hard break is worked off in steps."""


class Output(NamedTuple):
    """What a scan writes: int32[7, room] mentions, int32[texts] tokens, int32[texts, names] votes."""

    mentions: Array
    n_tokens: Array
    votes: Array


class Segment(NamedTuple):
    """Scratch of one run: known tokens between hard breaks, and the match state of each kind."""

    token: Array
    span: Array  # int64[SEGMENT, 4]: first byte, end byte, first character, end character
    free: Array  # per kind: first token that no earlier match covers
    best_form: Array
    best_last: Array
    touched: Array
    live: Array  # places of the held tokens from which a match may start
    tally: Array  # per row of `IndexArrays.votes`: how many tokens of the text have it
    words: Array  # folded bytes of the token in hand, eight a word, lowest first
    other: Array  # the same for a shorter reading of it


def new_segment(n_kinds: int, n_votes: int) -> Segment:
    """Fresh scratch for one thread."""
    kinds = max(1, n_kinds)
    return Segment(
        token=np.zeros(SEGMENT, np.int32),
        span=np.zeros((SEGMENT, 4), np.int64),
        free=np.zeros(kinds, np.int64),
        best_form=np.zeros(kinds, np.int32),
        best_last=np.full(kinds, -1, np.int64),
        touched=np.zeros(kinds, np.int64),
        live=np.zeros(SEGMENT + 1, np.int64),
        tally=np.zeros(n_votes, np.int64),
        words=np.zeros(MAX_TOKEN_BYTES // 8, np.uint64),
        other=np.zeros(MAX_TOKEN_BYTES // 8, np.uint64),
    )
