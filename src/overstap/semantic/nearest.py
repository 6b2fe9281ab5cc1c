"""The skills nearest to vectors, compiled. Skills stand in clusters; a search may look through a few clusters only.

Method: inverted file (Jégou, Douze and Schmid 2011) without compression: vectors are compared with the centres of the
clusters, then with the members of the nearest ones. Products are summed in one order whatever the batch, so a text has
the same links alone and among many; no BLAS is called, whose threads would contend with those of annotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

TOGETHER = 4
"""Vectors that share a pass over the members of a cluster."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Unit vectors in clusters: `order[starts[c] : starts[c + 1]]` are the rows of cluster c, whose vectors stand as
    columns in `across` from place `starts[c] * dims` on; `centres` is float32[dims, clusters]."""

    order: Array
    starts: Array
    across: Array
    centres: Array

    @classmethod
    def of(cls, vectors: Array, cluster: Array) -> Clusters:
        """From unit vectors, float32[n, dims], and the number of each one's cluster."""
        order = np.argsort(cluster, kind="stable").astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(cluster))]).astype(np.int64)
        blocks = [vectors[order[low:high]].T for low, high in zip(starts[:-1], starts[1:], strict=True)]
        centres = np.stack([block.sum(axis=1) for block in blocks], axis=1)
        centres /= np.maximum(np.linalg.norm(centres, axis=0), 1e-9)
        across = np.concatenate([np.ascontiguousarray(block).ravel() for block in blocks])
        return cls(order, starts, across, np.ascontiguousarray(centres, np.float32))

    def nearest(self, vectors: Array, many: int, probes: int | None = None) -> tuple[Array, Array]:
        """Rows of the `many` nearest, int32[n, many] best first, with their cosines: among all, or among the members of
        the `probes` nearest clusters; a row is -1 where these have too few, or the vector is zero."""
        clusters = len(self.starts) - 1
        probes = clusters if probes is None else min(probes, clusters)
        rows = np.full((len(vectors), many), -1, np.int32)
        values = np.full((len(vectors), many), -2, np.float32)
        _search(vectors, self.centres, self.order, self.starts, self.across, probes, rows, values)
        return rows, values


@numba.njit(nogil=True, fastmath={"contract"})
def _products(asked: Array, across: Array, out: Array) -> None:
    """Products of four vectors, float32[4, dims], with the columns of `across` into `out`; dims is a multiple of 4."""
    n = across.shape[1]
    first, second, third, fourth = out[0, :n], out[1, :n], out[2, :n], out[3, :n]
    for j in range(n):
        first[j] = second[j] = third[j] = fourth[j] = np.float32(0)
    for d in range(0, across.shape[0], 4):
        p0, p1, p2, p3 = asked[0, d], asked[0, d + 1], asked[0, d + 2], asked[0, d + 3]
        q0, q1, q2, q3 = asked[1, d], asked[1, d + 1], asked[1, d + 2], asked[1, d + 3]
        r0, r1, r2, r3 = asked[2, d], asked[2, d + 1], asked[2, d + 2], asked[2, d + 3]
        s0, s1, s2, s3 = asked[3, d], asked[3, d + 1], asked[3, d + 2], asked[3, d + 3]
        a, b, c, e = across[d], across[d + 1], across[d + 2], across[d + 3]
        for j in range(n):
            first[j] += p0 * a[j] + p1 * b[j] + p2 * c[j] + p3 * e[j]
            second[j] += q0 * a[j] + q1 * b[j] + q2 * c[j] + q3 * e[j]
            third[j] += r0 * a[j] + r1 * b[j] + r2 * c[j] + r3 * e[j]
            fourth[j] += s0 * a[j] + s1 * b[j] + s2 * c[j] + s3 * e[j]


@numba.njit(nogil=True)
def _keep_best(scores: Array, names: Array, rows: Array, values: Array) -> None:
    """Merge scores into the best so far, largest first; of equals the earlier stays."""
    last = len(values) - 1
    for j in range(len(names)):
        score = scores[j]
        if score <= values[last]:
            continue
        at = last
        while at > 0 and values[at - 1] < score:
            values[at], rows[at] = values[at - 1], rows[at - 1]
            at -= 1
        values[at], rows[at] = score, names[j]


@numba.njit(nogil=True)
def _is_zero(vector: Array) -> bool:
    for value in vector:
        if value != 0:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def _search(
    vectors: Array, centres: Array, order: Array, starts: Array, across: Array, probes: int, rows: Array, values: Array
) -> None:
    """See `Clusters.nearest`. Goes cluster by cluster, so that a cluster is read once for all that look into it."""
    n, dims = vectors.shape
    clusters = len(starts) - 1
    widest = clusters
    for c in range(clusters):
        widest = max(widest, starts[c + 1] - starts[c])
    asked, out = np.zeros((TOGETHER, dims), np.float32), np.empty((TOGETHER, widest), np.float32)
    numbers = np.arange(clusters).astype(np.int32)
    chosen, likeness = np.full((n, probes), -1, np.int32), np.full((n, probes), -2, np.float32)
    for low in range(0, n, TOGETHER):
        held = min(TOGETHER, n - low)
        asked[:held] = vectors[low : low + held]
        _products(asked, centres, out)
        for k in range(held):
            if not _is_zero(vectors[low + k]):
                _keep_best(out[k], numbers, chosen[low + k], likeness[low + k])
    begins = np.zeros(clusters + 2, np.int64)
    for c in chosen.ravel():
        begins[c + 2] += c >= 0
    begins = np.cumsum(begins)
    members = np.empty(begins[-1], np.int32)
    for i in range(n):
        for c in chosen[i]:
            if c >= 0:
                members[begins[c + 1]] = i
                begins[c + 1] += 1
    for c in range(clusters):
        size = starts[c + 1] - starts[c]
        block = across[starts[c] * dims : starts[c + 1] * dims].reshape(dims, size)
        names = order[starts[c] : starts[c + 1]]
        for low in range(begins[c], begins[c + 1], TOGETHER):
            held = min(TOGETHER, begins[c + 1] - low)
            for k in range(held):
                asked[k] = vectors[members[low + k]]
            _products(asked, block, out)
            for k in range(held):
                _keep_best(out[k], names, rows[members[low + k]], values[members[low + k]])
