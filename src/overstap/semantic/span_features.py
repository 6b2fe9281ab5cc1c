"""The features of the span tagger: what of a token and its neighbours the model weighs, as hashed keys.

The same compiled code serves training and use, so that both see the same features.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from overstap.ads.compiled import inlined, kernel, part
from overstap.ads.lexicon import GOLDEN, Array
from overstap.semantic.span_tokens import Tokens

_GOLDEN, _S32 = np.uint64(GOLDEN), np.uint64(32)

N_FEATURES = 46
"""Features of a token; see `_features`. The last is the same for all."""
WORD_FEATURES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 19, 42, 43)
"""Those that hold whole words or long parts of one."""
CLASS_FEATURES = (26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 44)
"""Those that hold classes of words."""


@inlined
def _mix(slot: int, a: Any, b: Any) -> Any:
    """The key of a feature, 32 bits: its number and two values, hashed."""
    value = (np.uint64(a) ^ (np.uint64(b) * np.uint64(0xD6E8FEB86659FD93))) + np.uint64(slot) * np.uint64(GOLDEN)
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(32)
    value *= _GOLDEN
    return value >> _S32


@inlined
def _word(tk: Tokens, t: int, lo: int, hi: int) -> Any:
    if t < lo:
        return np.uint64(1)
    if t >= hi:
        return np.uint64(2)
    return tk.word[t]


@inlined
def _class(tk: Tokens, t: int, lo: int, hi: int, classes: Array, level: int) -> int:
    if t < lo:
        return 60001
    if t >= hi:
        return 60002
    return int(classes[tk.known[t], level])


@inlined
def _classes(tk: Tokens, t: int, lo: int, hi: int, classes: Array, level: int) -> tuple[int, int, int]:
    """The class of a token, of the one before and of the one behind."""
    return (
        _class(tk, t, lo, hi, classes, level),
        _class(tk, t - 1, lo, hi, classes, level),
        _class(tk, t + 1, lo, hi, classes, level),
    )


@inlined
def _small(column: Array, t: int, lo: int, hi: int) -> int:
    if t < lo or t >= hi:
        return 255
    return int(column[t])


@part
def _features(tk: Tokens, t: int, lo: int, hi: int, classes: Array, out: Array) -> None:
    """The features of token `t` of the segment [lo, hi) as places in the table of weights."""
    none = np.uint64(0)
    w0, wl, wr = tk.word[t], _word(tk, t - 1, lo, hi), _word(tk, t + 1, lo, hi)
    wl2, wr2 = _word(tk, t - 2, lo, hi), _word(tk, t + 2, lo, hi)
    out[0] = _mix(0, w0, none)
    out[1] = _mix(1, wl, none)
    out[2] = _mix(2, wr, none)
    out[3] = _mix(3, wl2, none)
    out[4] = _mix(4, wr2, none)
    out[5] = _mix(5, wl, w0)
    out[6] = _mix(6, w0, wr)
    out[7] = _mix(7, wl2, wl)
    out[8] = _mix(8, wr, wr2)
    out[9] = _mix(9, _word(tk, t - 3, lo, hi), none)
    out[10] = _mix(9, _word(tk, t - 4, lo, hi), none)
    out[11] = _mix(11, _word(tk, t + 3, lo, hi), none)
    s0 = np.uint64(tk.suffix[t])
    sl = np.uint64(tk.suffix[t - 1]) if t > lo else none
    sr = np.uint64(tk.suffix[t + 1]) if t + 1 < hi else none
    three, two = np.uint64(0xFFFFFF), np.uint64(0xFFFF)
    out[12] = _mix(12, s0, none)
    out[13] = _mix(13, s0 & three, none)
    out[14] = _mix(14, s0 & two, none)
    out[15] = _mix(15, sl & three, none)
    out[16] = _mix(16, sr & three, none)
    out[17] = _mix(17, sl & two, s0 & two)
    out[18] = _mix(18, s0 & two, sr & two)
    out[19] = _mix(19, np.uint64(tk.prefix[t]), none)
    h0, hl, hr = int(tk.shape[t]), _small(tk.shape, t - 1, lo, hi), _small(tk.shape, t + 1, lo, hi)
    g0, gr = int(tk.gap[t]), _small(tk.gap, t + 1, lo, hi)
    grr = _small(tk.gap, t + 2, lo, hi)
    out[20] = _mix(20, h0, none)
    out[21] = _mix(21, hl, h0)
    out[22] = _mix(22, h0, hr)
    out[23] = _mix(23, h0, g0)
    out[24] = _mix(24, g0, gr)
    out[25] = _mix(25, gr, grr)
    b0, bl, br = _classes(tk, t, lo, hi, classes, 0)
    c0, cl, cr = _classes(tk, t, lo, hi, classes, 1)
    out[26] = _mix(26, b0, none)
    out[27] = _mix(27, bl, none)
    out[28] = _mix(28, br, none)
    out[29] = _mix(29, bl, b0)
    out[30] = _mix(30, b0, br)
    out[31] = _mix(31, c0, none)
    out[32] = _mix(32, cl, none)
    out[33] = _mix(33, cr, none)
    out[34] = _mix(34, _class(tk, t - 2, lo, hi, classes, 0), none)
    out[35] = _mix(35, _class(tk, t + 2, lo, hi, classes, 0), none)
    p0, pl, pr = int(tk.phrase[t]), _small(tk.phrase, t - 1, lo, hi), _small(tk.phrase, t + 1, lo, hi)
    out[36] = _mix(36, p0, none)
    out[37] = _mix(37, pl, p0)
    out[38] = _mix(38, p0, pr)
    out[39] = _mix(39, p0, h0)
    length, place = min(hi - lo, 12), min(t - lo, 4)
    out[40] = _mix(40, length, place)
    out[41] = _mix(41, tk.gap[lo], place)
    out[42] = _mix(42, tk.word[lo], none)
    out[43] = _mix(43, tk.word[lo], _word(tk, lo + 1, lo, hi))
    out[44] = _mix(44, _class(tk, lo, lo, hi, classes, 0), place)
    out[45] = _mix(45, none, none)


@kernel()
def all_features(tk: Tokens, first: Array, n_segments: int, n: int, classes: Array, out: Array) -> None:
    """The features of all tokens, uint32[n, N_FEATURES]: what training sees."""
    for s in range(n_segments):
        hi = first[s + 1] if s + 1 < n_segments else n
        for t in range(first[s], hi):
            _features(tk, t, first[s], hi, classes, out[t])
