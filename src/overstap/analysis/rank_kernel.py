"""The compiled pass that ranks the items of each group."""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import Array, kernel


@kernel(makes_arrays=True)
def rank_groups(starts: Array, share: Array, low: Array, high: Array) -> Array:
    """Rank, least and greatest rank of each row among those of its group: [3, row]; `starts` bound the groups."""
    out = np.empty((3, share.size), np.int64)
    for group in range(starts.size - 1):
        first, last = starts[group], starts[group + 1]
        size = last - first
        shares, lows, highs = np.sort(share[first:last]), np.sort(low[first:last]), np.sort(high[first:last])
        for row in range(first, last):
            out[0, row] = 1 + size - np.searchsorted(shares, share[row], side="right")
            out[1, row] = 1 + size - np.searchsorted(lows, high[row], side="right")
            out[2, row] = size - np.searchsorted(highs, low[row], side="left")
    return out
