"""The compiled passes of the title coder: features of titles, their vectors, their scores and the best of these.

Nothing here makes an array or holds the interpreter lock; callers give the arrays that are written to.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Any

import numpy as np

from overstap.ads.compiled import ZERO, inlined, kernel

_LINE, _SPACE = 10, 32
_LONGEST_GRAM, _LAST_LETTERS = 6, 6
_BYTE, _EIGHT, _FULL = np.uint32(255), np.uint32(8), np.uint32(0xFFFFFFFF)
_START, _END, _WORD, _PAIR, _LAST, _FIRST, _TAIL = (np.uint8(ord(c)) for c in "^$wbLFT")


def _crc_table() -> Any:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1).astype(np.uint32)
    return table


_CRC = _crc_table()


@inlined
def _step(crc: Any, byte: Any) -> Any:
    """CRC-32, as `zlib.crc32` has it before the last complement, with one byte more."""
    return _CRC[(crc ^ np.uint32(byte)) & _BYTE] ^ (crc >> _EIGHT)


@inlined
def _run(crc: Any, data: Any, start: int, end: int) -> Any:
    for i in range(start, end):
        crc = _step(crc, data[i])
    return crc


@inlined
def _put(crc: Any, title: int, size: int, seen: Any, out: Any, n: int) -> int:
    """Writes the feature of a CRC once a title; gives the number of features."""
    feature = np.int64((crc ^ _FULL) & np.uint32(size - 1))
    if seen[feature] == title:
        return n
    seen[feature] = title
    out[n] = feature
    return n + 1


@kernel()
def hash_titles(data: Any, seen: Any, out: Any, ends: Any) -> None:
    """Features of titles. `data`: bytes, a line a title, its stems with a space between. `seen`: as long as there are
    features (a power of two), filled with -1. `out` takes the features, with room for 6 a byte; `ends`: where those of
    each title end, after a leading 0."""
    n, title, size, start = ZERO, ZERO, len(seen), ZERO
    before, before_end = -1, -1  # the stem before, in the same title
    first = True
    for i in range(len(data)):
        byte = data[i]
        if byte != _SPACE and byte != _LINE:
            continue
        if i > start:
            n = _stem(data, start, i, title, size, seen, out, n)
            if before >= 0:
                crc = _step(_run(_step(_FULL, _PAIR), data, before, before_end), _SPACE)
                n = _put(_run(crc, data, start, i), title, size, seen, out, n)
            if first:
                n = _put(_run(_step(_FULL, _FIRST), data, start, i), title, size, seen, out, n)
            before, before_end, first = start, i, False
        start = i + 1
        if byte == _LINE:
            if before >= 0:
                n = _put(_run(_step(_FULL, _LAST), data, before, before_end), title, size, seen, out, n)
                tail = max(before, before_end - _LAST_LETTERS)
                n = _put(_run(_step(_FULL, _TAIL), data, tail, before_end), title, size, seen, out, n)
            title += 1
            ends[title] = n
            before, first = -1, True


@inlined
def _stem(data: Any, start: int, end: int, title: int, size: int, seen: Any, out: Any, n: int) -> int:
    """The features of one stem: itself and its 3- to 6-grams between signs for its start and end."""
    n = _put(_run(_step(_FULL, _WORD), data, start, end), title, size, seen, out, n)
    for i in range(start - 1, end - 1):
        crc = _step(_FULL, _START if i < start else data[i])
        for k in range(i + 1, min(i + _LONGEST_GRAM, end + 1)):
            crc = _step(crc, _END if k == end else data[k])
            if k >= i + 2:
                n = _put(crc, title, size, seen, out, n)
    return n


@kernel()
def sum_vectors(features: Any, ends: Any, row_of: Any, weights: Any, steps: Any, scale: Any, out: Any) -> None:
    """Per title the sum of the `weights` of its features (`row_of`: -1 for one not known), times the step of each row,
    made `scale` long."""
    for title in range(out.shape[0]):
        out[title] = 0
        for i in range(ends[title], ends[title + 1]):
            row = row_of[features[i]]
            if row >= 0:
                step = steps[row]
                for k in range(out.shape[1]):
                    out[title, k] += np.float32(weights[row, k]) * step
        square = np.float32(0)
        for k in range(out.shape[1]):
            square += out[title, k] * out[title, k]
        if square > 0:
            factor = np.float32(scale / sqrt(square))
            for k in range(out.shape[1]):
                out[title, k] *= factor


@kernel()
def sum_groups(powers: Any, group: Any, out: Any) -> None:
    """Per row the share of each group in the sum of `powers`; `group` is -1 where a column belongs to none."""
    for row in range(out.shape[0]):
        out[row] = 0
        total = 0.0
        for j in range(powers.shape[1]):
            total += powers[row, j]
            if group[j] >= 0:
                out[row, group[j]] += powers[row, j]
        for j in range(out.shape[1]):
            out[row, j] = np.float32(out[row, j] / total)


@kernel()
def score_words(
    features: Any,
    ends: Any,
    idf: Any,
    place: Any,
    full: Any,
    columns: Any,
    values: Any,
    starts: Any,
    base: Any,
    out: Any,
) -> None:
    """What the words of titles say for each code: naive Bayes over tf-idf rows of unit length. `place`: per feature the
    row of `full` where it points to many codes, else one less than the negative of its row of the sparse `columns`,
    `values` and `starts`; `base` is what an unseen feature adds."""
    for title in range(out.shape[0]):
        out[title] = 0
        square, seen = np.float32(0), np.float32(0)
        for i in range(ends[title], ends[title + 1]):
            weight = idf[features[i]]
            square += weight * weight
        factor = np.float32(1 / sqrt(square)) if square > 0 else np.float32(1)
        for i in range(ends[title], ends[title + 1]):
            weight = idf[features[i]] * factor
            seen += weight
            if weight > 0:
                row = place[features[i]]
                if row >= 0:
                    for j in range(out.shape[1]):
                        out[title, j] += weight * full[row, j]
                else:
                    for k in range(starts[-1 - row], starts[-row]):
                        out[title, columns[k]] += weight * values[k]
        for j in range(out.shape[1]):
            out[title, j] += seen * base[j]


@kernel()
def weigh(total: Any, model: Any, least: Any, meant: Any, meant_weight: Any, smooth: Any) -> None:
    """The words' scores, in place: the best 0, times `model`, none below `least`; with `meant` (shares, maybe of no
    rows) the logarithm of these times the title's weight."""
    for title in range(total.shape[0]):
        most = total[title, 0]
        for j in range(total.shape[1]):
            most = max(most, total[title, j])
        for j in range(total.shape[1]):
            total[title, j] = max(least, (total[title, j] - most) * model)
        if meant.shape[0]:
            for j in range(total.shape[1]):
                total[title, j] += meant_weight[title] * np.float32(log(meant[title, j] + smooth))


@kernel()
def to_shares(total: Any, rows: Any, columns: Any, added: Any, domain: Any, outside: Any) -> None:
    """Adds what else is known, then makes each row probabilities, in place. `rows`, `columns`, `added`: single values;
    `domain`: per row which row of `outside` comes on top, -1 for none."""
    for i in range(len(rows)):
        total[rows[i], columns[i]] += added[i]
    for title in range(total.shape[0]):
        if domain[title] >= 0:
            for j in range(total.shape[1]):
                total[title, j] += outside[domain[title], j]
        most = total[title, 0]
        for j in range(total.shape[1]):
            most = max(most, total[title, j])
        whole = 0.0  # float64: hundreds of small shares beside one near 1 would be rounded away
        for j in range(total.shape[1]):
            total[title, j] = np.float32(exp(total[title, j] - most))
            whole += total[title, j]
        for j in range(total.shape[1]):
            total[title, j] = np.float32(total[title, j] / whole)


@kernel()
def pick_best(scores: Any, columns: Any, best: Any) -> None:
    """Per row the highest scores, best first, and their columns; of equal ones the lower column, so that a run does not
    depend on the order of the ads."""
    top = columns.shape[1]
    for row in range(scores.shape[0]):
        held = 0
        for j in range(scores.shape[1]):
            score = scores[row, j]
            if held == top and score <= best[row, top - 1]:
                continue
            k = held if held < top else top - 1
            while k > 0 and best[row, k - 1] < score:
                best[row, k], columns[row, k] = best[row, k - 1], columns[row, k - 1]
                k -= 1
            best[row, k], columns[row, k] = score, j
            held = min(held + 1, top)
