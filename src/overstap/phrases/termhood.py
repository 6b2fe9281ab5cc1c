"""How much a run of words is a term: C-value, and keyness against the rest of the ads.

- *C-value* (Frantzi, Ananiadou & Mima 2000): how often a run stands alone, longer ones counting for more. What stands
  only inside a longer run ("neural" in "neural networks") falls out: log(length) × (f − mean f of the longer runs that
  hold it). With log₂(1 + length), so that terms of one word have a value (Barrón-Cedeño et al. 2009).
- *Keyness*: the log-likelihood ratio G² of asking parts against the rest of the same ads (Dunning 1993), signed: below
  0 what stands in the rest rather, such as praise of the firm.
"""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from overstap.ads.lexicon import Array
from overstap.analysis.uncertainty import Floats
from overstap.phrases.kernel import LONGEST


def c_value(words: Array, size: Array, counts: Floats, group: Array) -> tuple[Floats, Floats]:
    """C-value of each run among all of them, and the share of its count that lies in the most frequent longer run.

    `words` uint64[runs, LONGEST] (0 behind the last), `size` in words, `group`: runs of one language are compared with
    one another.
    """
    names, place = np.unique(np.column_stack([group.astype(np.uint64), words]), axis=0, return_inverse=True)
    order = np.full(len(names) + 1, -1, np.int64)
    order[place.ravel()] = np.arange(len(size))
    longer, most, held = (np.zeros(len(size)) for _ in range(3))
    for k in range(1, LONGEST):
        for first in range(LONGEST - k + 1):
            rows = np.flatnonzero((size >= first + k) & (size > k))
            part = np.zeros((len(rows), LONGEST + 1), np.uint64)
            part[:, 0] = group[rows]
            part[:, 1 : k + 1] = words[rows, first : first + k]
            inner = order[_find(names, part)]
            rows, inner = rows[inner >= 0], inner[inner >= 0]
            np.add.at(longer, inner, counts[rows])
            np.add.at(held, inner, 1.0)
            np.maximum.at(most, inner, counts[rows])
    return np.log2(1 + size) * (counts - longer / np.maximum(held, 1)), most / np.maximum(counts, 1)


def _find(names: Array, rows: Array) -> Array:
    """The place of each of `rows` among the sorted `names`; the number of names where it is not there."""
    both, place = np.unique(np.concatenate([names, rows]), axis=0, return_inverse=True)
    at = np.full(len(both) + 1, -1, np.int64)
    place = place.ravel()
    at[place[: len(names)]] = np.arange(len(names))
    found: Array = at[place[len(names) :]]
    return found


def keyness(asked: Floats, rest: Floats, all_asked: Floats, all_rest: Floats) -> Floats:
    """Signed G² of counts in asking parts of `all_asked` vacancies against counts in the rest of `all_rest`."""
    whole = asked + rest
    expected = whole * all_asked / (all_asked + all_rest), whole * all_rest / (all_asked + all_rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * (xlogy(asked, asked / expected[0]) + xlogy(rest, rest / expected[1]))
    signed: Floats = np.where(asked >= expected[0], g2, -g2)
    return signed
