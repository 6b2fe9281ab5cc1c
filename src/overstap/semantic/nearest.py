"""The skills nearest to vectors, compiled. Skills stand in clusters; a search may look through a few clusters only.

Method: inverted file (Jégou, Douze and Schmid 2011) without compression: vectors are compared with the centres of the
clusters, then with the members of the nearest ones. Products are summed in one order whatever the batch, so a text has
the same links alone and among many; no BLAS is called, whose threads would contend with those of annotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from overstap.ads.compiled import kernel

Array = npt.NDArray[Any]

TOGETHER = 4
"""Vectors that share a pass over the members of a cluster."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Unit vectors in clusters: `members[starts[c] : starts[c + 1]]` are those of cluster c, `order` their rows."""

    members: Array
    order: Array
    starts: Array
    centres: Array

    @classmethod
    def of(cls, vectors: Array, cluster: Array) -> Clusters:
        """From unit vectors, float32[n, dims], and the number of each one's cluster."""
        order = np.argsort(cluster, kind="stable").astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(cluster))]).astype(np.int64)
        members = vectors[order]
        centres = np.stack([members[low:high].sum(axis=0) for low, high in pairwise(starts)])
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        return cls(members, order, starts, centres)

    def nearest(self, vectors: Array, many: int, probes: int | None = None) -> tuple[Array, Array]:
        """Rows of the `many` nearest, int32[n, many] best first, with their cosines: among all, or among the members of
        the `probes` nearest clusters; a row is -1 where these have too few, or the vector is zero."""
        clusters = len(self.starts) - 1
        probes = clusters if probes is None else min(probes, clusters)
        rows = np.full((len(vectors), many), -1, np.int32)
        values = np.full((len(vectors), many), -2, np.float32)
        _search(vectors, self.centres, self.members, self.order, self.starts, probes, rows, values)
        return rows, values


@numba.njit(nogil=True, fastmath={"contract", "reassoc"})
def _products(asked: Array, rows: Array, out: Array) -> None:
    """Products of four vectors, float32[4, dims], with each of `rows` into `out`."""
    for j in range(rows.shape[0]):
        row = rows[j]
        p = q = r = s = np.float32(0)
        for d in range(rows.shape[1]):
            value = row[d]
            p += asked[0, d] * value
            q += asked[1, d] * value
            r += asked[2, d] * value
            s += asked[3, d] * value
        out[0, j], out[1, j], out[2, j], out[3, j] = p, q, r, s


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


@kernel(makes_arrays=True)
def _search(
    vectors: Array, centres: Array, members: Array, order: Array, starts: Array, probes: int, rows: Array, values: Array
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
        for k in range(held):  # a slice set to a slice takes seconds to compile
            for d in range(dims):
                asked[k, d] = vectors[low + k, d]
        _products(asked, centres, out)
        for k in range(held):
            if np.any(vectors[low + k]):
                _keep_best(out[k], numbers, chosen[low + k], likeness[low + k])
    begins = np.zeros(clusters + 2, np.int64)
    for own in chosen.ravel():
        if own >= 0:
            begins[own + 2] += 1
    begins = np.cumsum(begins)
    looking = np.empty(begins[-1], np.int32)
    for i in range(n):
        for own in chosen[i]:
            if own >= 0:
                looking[begins[own + 1]] = i
                begins[own + 1] += 1
    for c in range(clusters):
        block, names = members[starts[c] : starts[c + 1]], order[starts[c] : starts[c + 1]]
        for low in range(begins[c], begins[c + 1], TOGETHER):
            held = min(TOGETHER, begins[c + 1] - low)
            for k in range(held):
                asked[k] = vectors[looking[low + k]]
            _products(asked, block, out)
            for k in range(held):
                _keep_best(out[k], names, rows[looking[low + k]], values[looking[low + k]])
