"""The product of two dense matrices, compiled.

Not left to BLAS: that starts threads of its own, which hold each other up where batches are worked on side by side, and
its last digits depend on how many rows are multiplied at once, on the processor and on the version.
"""

from __future__ import annotations

import numpy as np

from overstap.ads.compiled import Array, kernel

_WIDE = 1024  # columns at a time: the sums in the making stay in the nearest cache


@kernel()
def multiply(rows: Array, columns: Array, out: Array) -> None:
    """`out` (m × n) becomes `rows` (m × k) times `columns` (k × n), all float32 and in C order; m must be even and k a
    multiple of 4. Each number is summed in the order of k, so it is the same whatever stands beside it."""
    for first in range(0, out.shape[1], _WIDE):
        last = min(first + _WIDE, out.shape[1])
        for i in range(0, rows.shape[0], 2):
            one, two = out[i, first:last], out[i + 1, first:last]
            one[:] = np.float32(0)
            two[:] = np.float32(0)
            for k in range(0, rows.shape[1], 4):
                a0, a1, a2, a3 = rows[i, k], rows[i, k + 1], rows[i, k + 2], rows[i, k + 3]
                b0, b1, b2, b3 = rows[i + 1, k], rows[i + 1, k + 1], rows[i + 1, k + 2], rows[i + 1, k + 3]
                c0, c1 = columns[k, first:last], columns[k + 1, first:last]
                c2, c3 = columns[k + 2, first:last], columns[k + 3, first:last]
                for j in range(one.shape[0]):
                    one[j] = one[j] + a0 * c0[j] + a1 * c1[j] + a2 * c2[j] + a3 * c3[j]
                    two[j] = two[j] + b0 * c0[j] + b1 * c1[j] + b2 * c2[j] + b3 * c3[j]
