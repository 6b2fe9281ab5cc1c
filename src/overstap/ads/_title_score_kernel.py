"""The compiled pass from the features of titles to the codes that they may mean, a few titles at a time.

All of a batch in one call: a thread that comes back from a pass waits until the others let it go on. Nothing here makes
an array or holds the interpreter lock; callers give the arrays that are written to.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt
from typing import Any, cast

import numpy as np
from numba import types
from numba.extending import intrinsic

from overstap.ads._title_kernel import sum_vectors
from overstap.ads.compiled import ZERO, inlined, kernel, part
from overstap.ads.dense_kernel import TALL, multiply

COLUMN_BITS, VALUE_STEP = 9, np.float32(2.0**-18)
"""An entry of a short row of the word model: its column, and above that its value in such steps."""
_COLUMN = (1 << COLUMN_BITS) - 1
_LEAST_POWER, _LOG2_E, _LN2_HIGH, _LN2_LOW = (np.float32(x) for x in (-87.0, 1.4426950409, 0.693359375, -2.12194440e-4))
_TERMS = tuple(np.float32(1 / n) for n in (5040, 720, 120, 24, 6, 2, 1, 1))
_HALF, _EXPONENT = np.float32(0.5), 23


@intrinsic
def _bits_as_float(typingctx: Any, bits: Any) -> Any:
    """The float32 that has the bits of an int32."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float32))

    return types.float32(types.int32), generate


bits_as_float = cast(Callable[[Any], Any], _bits_as_float)


@inlined
def power(x: Any) -> Any:
    """e to the power of a float32 of 0 at most, to 1e-6 of its value; many at once, and alike on every machine."""
    x = x if x > _LEAST_POWER else _LEAST_POWER
    halvings = np.int32(_HALF - x * _LOG2_E)
    count = np.float32(halvings)
    x = (x + count * _LN2_HIGH) + count * _LN2_LOW
    total = _TERMS[0]
    total = total * x + _TERMS[1]
    total = total * x + _TERMS[2]
    total = total * x + _TERMS[3]
    total = total * x + _TERMS[4]
    total = total * x + _TERMS[5]
    total = total * x + _TERMS[6]
    total = total * x + _TERMS[7]
    return total * bits_as_float(np.int32((np.int32(127) - halvings) << np.int32(_EXPONENT)))


@kernel()
def weigh_titles(
    features: Any, ends: Any, words: Any, meaning: Any, named: Any, weights: Any, work: Any, shares: Any, columns: Any,
    best: Any,
) -> None:  # fmt: skip
    """The best codes of titles, from what their words say (`words`: `_title_index.WordModel`), what they mean
    (`meaning`: `_title_encoder.Meaning`) and what names and heads say (`named`: `_title_names.Named`).

    `features`, `ends`: as `_title_features.Features`. `weights`: `_title_index.Heard`. `work`: `_title_encoder.Work`,
    for use inside. `columns` and `best` take per title the best codes and their shares, best first. `shares` takes the
    share of every code where it has a row for each title; otherwise it is for use inside, with the rows of `work`.
    """
    n, block, at = columns.shape[0], work.vectors.shape[0], ZERO
    for start in range(0, n, block):
        stop = min(start + block, n)
        low = start if shares.shape[0] == n else ZERO
        total = shares[low : low + stop - start]
        _score_words(features, ends[start : stop + 1], words, total)
        _weigh(total, weights)
        if len(meaning.group):
            _hear(features, ends[start : stop + 1], meaning, work)
            _add_meant(total, work.meant, named.settled[start:stop], weights)
        at = _add_named(total, named, at, start, stop)
        _to_shares(total)
        _pick_best(total, columns[start:stop], best[start:stop])


@part
def _score_words(features: Any, ends: Any, words: Any, out: Any) -> None:
    """What the words of titles say for each code: naive Bayes over tf-idf rows of unit length."""
    for title in range(out.shape[0]):
        row = out[title]
        row[:] = np.float32(0)
        square, seen = np.float32(0), np.float32(0)
        for i in range(ends[title], ends[title + 1]):
            weight = words.idf[features[i]]
            square += weight * weight
        factor = np.float32(1 / sqrt(square)) if square > 0 else np.float32(1)
        for i in range(ends[title], ends[title + 1]):
            weight = words.idf[features[i]] * factor
            seen += weight
            place = words.place[features[i]]
            if place < 0:
                full = words.full[-1 - place]
                for j in range(row.shape[0]):
                    row[j] += weight * full[j]
            elif place > 0:
                step = weight * VALUE_STEP
                for k in range(place + 1, place + 1 + words.short[place]):
                    entry = words.short[k]
                    row[entry & _COLUMN] += step * np.float32(entry >> COLUMN_BITS)
        for j in range(row.shape[0]):
            row[j] += seen * words.base[j]


@part
def _weigh(total: Any, weights: Any) -> None:
    """The words' scores, in place: the best 0, times the weight of the word model, none below the least."""
    for title in range(total.shape[0]):
        row = total[title]
        most = _most(row)
        for j in range(row.shape[0]):
            row[j] = max(weights.least, (row[j] - most) * weights.model)


@part
def _hear(features: Any, ends: Any, meaning: Any, work: Any) -> None:
    """Per title the share of each code in the ESCO occupations that it may mean: a softmax of cosines."""
    n = len(ends) - 1
    full = -(-n // TALL) * TALL
    vectors = work.vectors[:full]
    vectors[n:] = np.float32(0)
    sum_vectors(features, ends, meaning.row_of, meaning.weights, meaning.steps, meaning.length, vectors[:n])
    multiply(vectors, meaning.concepts, work.powers[:full])
    for title in range(n):
        powers, meant = work.powers[title, : len(meaning.group)], work.meant[title]
        for j in range(powers.shape[0]):  # a cosine is 1 at most
            powers[j] = power(min(powers[j] - meaning.length, np.float32(0)))
        total = _sum(powers)
        meant[:] = np.float32(0)
        j = meaning.first
        while j < powers.shape[0]:
            group, share = meaning.group[j], np.float32(0)
            while j < powers.shape[0] and meaning.group[j] == group:
                share += powers[j]
                j += 1
            meant[group] = np.float32(share / total)


@inlined
def _sum(row: Any) -> float:
    """In four sums side by side: one would wait for itself at each step."""
    whole = len(row) // 4 * 4
    a = b = c = d = 0.0  # float64: hundreds of small shares beside one near 1 would be rounded away
    for j in range(0, whole, 4):
        a += row[j]
        b += row[j + 1]
        c += row[j + 2]
        d += row[j + 3]
    for j in range(whole, len(row)):
        a += row[j]
    return (a + b) + (c + d)


@part
def _add_meant(total: Any, meant: Any, settled: Any, weights: Any) -> None:
    """Adds the logarithm of the shares of what titles mean, which weighs more where no name or head is known."""
    for title in range(total.shape[0]):
        weight = weights.meant if settled[title] else weights.meant_alone
        for j in range(total.shape[1]):
            total[title, j] += weight * np.float32(log(meant[title, j] + weights.smooth))


@part
def _add_named(total: Any, named: Any, at: int, start: int, stop: int) -> int:
    """Adds what names and heads say of the titles from `start` to `stop`, from value `at` on; gives the next value."""
    while at < len(named.rows) and named.rows[at] < stop:
        total[named.rows[at] - start, named.columns[at]] += named.added[at]
        at += 1
    for title in range(start, stop):
        if named.domain[title] >= 0:
            for j in range(total.shape[1]):
                total[title - start, j] += named.outside[named.domain[title], j]
    return at


@part
def _to_shares(total: Any) -> None:
    """Makes each row probabilities, in place."""
    for title in range(total.shape[0]):
        row = total[title]
        most = _most(row)
        for j in range(row.shape[0]):
            row[j] = power(row[j] - most)
        whole = _sum(row)
        for j in range(row.shape[0]):
            row[j] = np.float32(row[j] / whole)


@part
def _most(row: Any) -> Any:
    most = row[0]
    for j in range(row.shape[0]):
        most = max(most, row[j])
    return most


@part
def _pick_best(scores: Any, columns: Any, best: Any) -> None:
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
