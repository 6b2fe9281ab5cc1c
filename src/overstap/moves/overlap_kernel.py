"""The compiled pass behind every overlap of two profiles: what one gives matched to what the other asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from overstap.ads.compiled import kernel

Array = npt.NDArray[Any]


@kernel(makes_arrays=True)
def matched(
    first: int,
    last: int,
    give: tuple[Array, Array, Array],
    ask: tuple[Array, Array, Array],
    near: tuple[Array, Array, Array],
    worth: Array,
    out: Array,
) -> None:
    """Write to `out[i - first, j]` what rows `first` to `last` of `give` cover of every column's row of `ask`.

    `give`: starts, features and weights by row; `ask`: the same by feature (starts by feature, rows, weights); `near`:
    starts by feature, features that it may stand in for, and how well (0–1). Matches are taken from the best down;
    each moves the weight that both sides still have, so with weights of 1 each skill is matched once. A match adds
    weight moved × how well × `worth` of the feature asked.
    """
    give_start, give_feature, give_weight = give
    ask_start, ask_row, ask_weight = ask
    near_start, near_feature, near_value = near
    n = out.shape[1]
    left = np.empty_like(ask_weight)
    for i in range(first, last):
        begin, end = give_start[i], give_start[i + 1]
        total = 0
        for k in range(begin, end):
            total += near_start[give_feature[k] + 1] - near_start[give_feature[k]]
        own = np.empty(total, np.int64)
        target = np.empty(total, np.int64)
        value = np.empty(total, np.float64)
        at = 0
        for k in range(begin, end):
            for m in range(near_start[give_feature[k]], near_start[give_feature[k] + 1]):
                own[at], target[at], value[at] = k - begin, near_feature[m], near_value[m]
                at += 1
        order = np.argsort(-value, kind="mergesort")
        for e in range(ask_weight.size):  # an array set to an array takes seconds to compile
            left[e] = ask_weight[e]
        rest = np.empty((end - begin, n), np.float64)
        for k in range(begin, end):
            rest[k - begin, :] = give_weight[k]
        for o in order:
            mine, t, well = own[o], target[o], value[o] * worth[target[o]]
            for e in range(ask_start[t], ask_start[t + 1]):
                j = ask_row[e]
                moved = min(rest[mine, j], left[e])
                if moved > 0.0:
                    rest[mine, j] -= moved
                    left[e] -= moved
                    out[i - first, j] += moved * well
