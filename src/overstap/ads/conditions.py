"""What a condition ("… is een pré", "geen … nodig", "samen met …") governs in its sentence, before and behind it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from overstap.ads.context import Context
from overstap.ads.section_tables import EFFECTS
from overstap.ads.spans import Spans, keys

_MAX_NEGATION = 120
_ADJACENT = 2
"""Characters behind "geen" or "without" in which what they deny starts."""
_NOWHERE = np.iinfo(np.int32).max
_INSIDE = 7
"""Characters behind an opening bracket from which a cue has a subject of its own in it: "(Duits is een pré)"."""
_Ints = npt.NDArray[np.int32]
_Bools = npt.NDArray[np.bool_]


def optional_spans(row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context) -> tuple[Spans, Spans]:
    """What is a plus, and the same cut at commas, from conditions (row, start, end, effect) and their context."""
    back, forward = effect == EFFECTS.index("optional_back"), effect == EFFECTS.index("optional_forward")
    # "Docker (a plus)": what stands before the bracket, back to the comma; "Docker (Kubernetes is a plus)" only what is
    # inside. In brackets "ideally" reaches to their end.
    bracketed = back & (at.bracket >= 0)
    own = bracketed & (start - at.bracket > _INSIDE)
    before = np.where(own, np.maximum(at.bracket, at.clause_start), at.clause_start)
    listed, asked = _reach(row, start, end, effect, at)
    before = np.maximum(before, asked)
    far = np.where(listed & ~bracketed, np.maximum(at.sentence_start, asked), before)
    low = np.where(back, far, start)
    # "(preferably) a master": what stands behind the bracket.
    inside = (at.bracket >= 0) & (at.after != ord(")"))
    high = np.where(back, end, np.where(inside, at.clause_end, at.sentence_end))
    tight = np.where(back, before, start)
    tight_high = np.where(back, end, np.where(at.after == ord(")"), at.sentence_end, at.clause_end))
    keep = back | forward
    return (
        Spans(row[keep], low[keep].astype(np.int32), high[keep].astype(np.int32)),
        Spans(row[keep], tight[keep].astype(np.int32), tight_high[keep].astype(np.int32)),
    )


def _reach(row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context) -> tuple[_Bools, _Ints]:
    """How far cues reach back in their sentence: whether beyond the comma before them, and where what is asked ends.

    "Docker, Go and Rust are a plus" is one list; in "Docker and Go, Rust is a plus" only Rust is, and in "Docker is
    required and Rust is a plus" what stands before "and" is asked.
    """
    listed = (at.clause_start <= at.sentence_start) | (at.joined >= at.clause_start)
    closed = np.flatnonzero(effect == EFFECTS.index("negated_close"))
    asked = np.zeros(len(row), np.int32)
    if len(closed):
        last = np.searchsorted(keys(row[closed], start[closed]), keys(row, start)) - 1
        close = closed[np.maximum(last, 0)]
        same = (last >= 0) & (row[close] == row) & (start[close] >= at.sentence_start)
        asked = np.where(same, end[close], 0).astype(np.int32)
    return listed, asked


def negated_spans(
    row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context
) -> tuple[Spans, Spans, Spans, Spans]:
    """What is said not to be needed, by the kinds of cue: back, forward, up to what closes it, and the next word."""
    back, both = effect == EFFECTS.index("negated_back"), effect == EFFECTS.index("negated_both")
    undone = _next_starts(row, end, effect, "affirmed", start) < at.sentence_end
    forward = ((effect == EFFECTS.index("negated_forward")) | both) & ~undone
    alone = effect == EFFECTS.index("negated_open")
    contrast = _next_starts(row, end, effect, "contrast", start)
    opened = np.flatnonzero(alone | both)
    closed = np.flatnonzero(effect == EFFECTS.index("negated_close"))
    following = np.searchsorted(keys(row[closed], start[closed]), keys(row[opened], end[opened]))
    has = following < len(closed)
    close = closed[np.minimum(following, max(len(closed) - 1, 0))] if len(closed) else np.zeros(len(opened), np.int64)
    if len(opened) and len(closed):
        has &= (row[close] == row[opened]) & (start[close] < at.sentence_end[opened])
        has &= start[close] - start[opened] < _MAX_NEGATION
        has &= start[close] < contrast[opened]  # "geen Python, maar Java is vereist"
    else:
        has &= False
    # "Engels (Nederlands is niet nodig)" says nothing of what stands before the bracket, "Docker (niet nodig)" does.
    inside = (at.bracket >= 0) & (start - at.bracket > _INSIDE)
    low = np.where(inside, np.maximum(at.bracket, at.clause_start), at.clause_start).astype(np.int32)
    # What starts with the cue itself ("no-code", "geen ervaring") is not what it denies.
    until = np.minimum(at.clause_end, end + _MAX_NEGATION)
    until = np.minimum(contrast, until).astype(np.int32)
    alone &= ~undone
    alone &= ((at.after >= ord("0")) & (at.after <= ord("9"))) | (at.after >= ord("A"))  # not "(no)SQL", "no-cloud"
    return (
        Spans(row[back], low[back], end[back]),
        Spans(row[forward], start[forward] + 1, until[forward]),
        Spans(row[opened[has]], start[opened[has]], end[close[has]]),
        Spans(row[alone], start[alone] + 1, end[alone] + _ADJACENT),
    )


def _next_starts(row: _Ints, end: _Ints, effect: _Ints, name: str, start: _Ints) -> npt.NDArray[np.int64]:
    """Where the first cue with an effect starts behind each cue in its text; far off where none does."""
    cues = np.flatnonzero(effect == EFFECTS.index(name))
    if not len(cues):
        return np.full(len(row), _NOWHERE, np.int64)
    at = np.searchsorted(keys(row[cues], start[cues]), keys(row, end))
    first = cues[np.minimum(at, len(cues) - 1)]
    return np.where((at < len(cues)) & (row[first] == row), start[first], _NOWHERE).astype(np.int64)


def colleague_spans(row: _Ints, start: _Ints, end: _Ints, effect: _Ints, at: Context) -> Spans:
    """From behind a cue that introduces colleagues to the end of its sentence, or to what is said of another."""
    cues = effect == EFFECTS.index("colleagues")
    until = np.minimum(at.sentence_end, _next_starts(row, end, effect, "contrast", start))
    return Spans(row[cues], end[cues], until[cues].astype(np.int32))
