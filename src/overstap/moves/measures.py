"""Measures of similarity between occupations: matrices in, an (origins, n) array of float64 in [0, 1] out.

Rows of every result are the occupations moved from, columns those moved to. `of` selects the origins (all where None).
A measure that cannot be told, as a profile is empty, is NaN. Sources: Kanders et al. (Nesta, 2020), Mapping Career
Causeways, for overlap; Dawson, Williams and Rizoiu (2021) for the space of skills.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.spatial.distance import cdist

from overstap.moves.overlap_kernel import matched

Floats = npt.NDArray[np.float64]
Known = npt.NDArray[np.bool_]
Origins = npt.NDArray[np.int64] | None


def cosine(asked: sp.csr_matrix, worth: Floats, of: Origins = None) -> Floats:
    """Cosine of profiles whose features are weighted by `worth` (say specificity). Symmetric, 1 on the diagonal."""
    weighted = _unit(sp.csr_matrix(asked @ sp.diags(worth)))
    return _clean((_rows(weighted, of) @ weighted.T).toarray(), asked, asked, of)


def jaccard(asked: sp.csr_matrix, of: Origins = None) -> Floats:
    """What two profiles share over what either asks: Σ min / Σ max. Symmetric, 1 on the diagonal."""
    ones = np.ones(asked.shape[1])
    shared = _matched(_rows(asked, of), asked, sp.identity(asked.shape[1], format="csr"), ones)
    total = np.asarray(asked.sum(axis=1)).ravel()
    either = _of(total, of)[:, None] + total[None, :] - shared
    return _clean(np.divide(shared, either, out=np.zeros_like(shared), where=either > 0), asked, asked, of)


def overlap(
    give: sp.csr_matrix, ask: sp.csr_matrix, near: sp.csr_matrix, worth: Floats | None = None, of: Origins = None
) -> Floats:
    """Share of what the destination asks (`ask`) that the origin covers (`give`), matches taken one to one.

    `near[s, t]` in [0, 1] says how well skill s stands in for skill t, with 1 on its diagonal. The best matches are
    taken first, each skill once. Not symmetric: sim(i→j) = Σ near of the matches / what j asks, weighted by `worth`.
    """
    value = np.ones(ask.shape[1]) if worth is None else worth
    asked = np.asarray(ask @ value).ravel()
    covered = _matched(_rows(give, of), ask, near, value)
    return _clean(
        np.divide(covered, asked[None, :], out=np.zeros_like(covered), where=asked[None, :] > 0), give, ask, of
    )


def activities(asked: sp.csr_matrix, groups: Sequence[str], of: Origins = None) -> Floats:
    """Cosine of the numbers of skills in each group of the second level of ESCO's pillar of skills (`S1.2`), as Nesta's
    work activities. Knowledge and languages do not count. `groups`: the group of each feature."""
    counts = _sums(asked, [".".join(g.split(".")[:2]) if g.startswith(("S", "T")) else "" for g in groups])
    return cosine(counts, np.ones(counts.shape[1]), of)


def group_cosine(asked: sp.csr_matrix, groups: Sequence[str], of: Origins = None) -> Floats:
    """Cosine of the roots of the numbers of skills in each group, weighted by how rare the group is. `groups`: the
    group of each feature, none where empty."""
    counts = _sums(asked, groups)
    return cosine(sp.csr_matrix(counts.sqrt()), specificity(counts), of)


def specificity(asked: sp.csr_matrix) -> Floats:
    """How rare each feature is among occupations, (0, 1]: log(1 + n / occupations that ask it) / log(1 + n)."""
    n = asked.shape[0]
    found = np.bincount(asked.indices, minlength=asked.shape[1])
    rare: Floats = np.log1p(n / np.maximum(found, 1)) / np.log1p(n)
    return rare


def meaning(vectors: Floats, of: Origins = None) -> Floats:
    """Cosine of vectors of occupations (say the mean of those of their skills), 0 where it is negative."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    found = np.clip(_of(unit, of) @ unit.T, 0.0, 1.0)
    present = length.ravel() > 0
    return _known(found, _kept(present, of), present)


def closeness(ratings: Floats, of: Origins = None) -> Floats:
    """1 − mean absolute difference of ratings in [0, 1] (occupations, elements). Symmetric, 1 on the diagonal; NaN
    where an occupation has a rating that is not known."""
    apart: Floats = cdist(_of(ratings, of), ratings, "cityblock") / ratings.shape[1]
    return 1.0 - apart


def skill_space(ads: sp.csr_matrix) -> Floats:
    """How near skills are to each other in ads (rows: ads, columns: skills, 1 where asked): θ, (skills, skills).

    RCA of a skill in an ad is its share of the ad's skills over its share of all skills asked; a skill counts in an ad
    where RCA ≥ 1. θ(s, t) is the lower of the two chances that an ad with the one has the other. Dawson et al. (2021).
    """
    asked = sp.csr_matrix(ads, dtype=np.float64)
    per_ad, per_skill = (np.asarray(asked.sum(axis=axis)).ravel() for axis in (1, 0))
    entries = asked.tocoo()
    lift = entries.data / per_ad[entries.row] / (per_skill[entries.col] / per_skill.sum())
    counts = lift >= 1.0
    held = (np.ones(counts.sum()), (entries.row[counts], entries.col[counts]))
    effective = sp.csr_matrix(held, shape=asked.shape)
    both = (effective.T @ effective).toarray().astype(np.float64)
    alone = np.maximum(both.diagonal()[:, None], both.diagonal()[None, :])
    theta: Floats = np.divide(both, alone, out=np.zeros_like(both), where=alone > 0)
    return theta


def in_skill_space(asked: sp.csr_matrix, theta: Floats, of: Origins = None) -> Floats:
    """Similarity of profiles in the space of skills: Σ w w' θ / Σ w w' over all pairs of skills of the two (Dawson et
    al. 2021). Symmetric; as in the source, the diagonal is how alike an occupation's own skills are, seldom 1."""
    total = np.asarray(asked.sum(axis=1)).ravel()
    product = np.asarray(_rows(asked, of) @ (asked @ theta.T).T)
    possible = _of(total, of)[:, None] * total[None, :]
    found = np.divide(product, possible, out=np.zeros_like(product), where=possible > 0)
    present = total > 0
    return _known(found, _kept(present, of), present)


def _sums(asked: sp.csr_matrix, groups: Sequence[str]) -> sp.csr_matrix:
    """The sums of the features of each group, a column a group."""
    place = {name: i for i, name in enumerate(sorted(set(groups) - {""}))}
    inside = [(i, place[name]) for i, name in enumerate(groups) if name]
    rows, columns = (np.array([pair[side] for pair in inside], dtype=np.int64) for side in (0, 1))
    return sp.csr_matrix(
        asked @ sp.csr_matrix((np.ones(len(inside)), (rows, columns)), shape=(len(groups), len(place)))
    )


def _matched(give: sp.csr_matrix, ask: sp.csr_matrix, near: sp.csr_matrix, worth: Floats) -> Floats:
    """`matched` over blocks of rows, in a thread for each processor."""
    out = np.zeros((give.shape[0], ask.shape[0]))
    by_feature = sp.csc_matrix(ask)
    sides = [_arrays(side) for side in (give, by_feature, near)]
    step = max(1, min(64, -(-give.shape[0] // (cpu_count() or 1))))

    def block(first: int) -> None:
        last = min(first + step, give.shape[0])
        matched(first, last, sides[0], sides[1], sides[2], worth, out[first:last])

    with ThreadPoolExecutor(cpu_count() or 1) as pool:
        list(pool.map(block, range(0, give.shape[0], step)))
    return out


def _arrays(matrix: sp.spmatrix) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.float64)


def _rows(matrix: sp.csr_matrix, of: Origins) -> sp.csr_matrix:
    return matrix if of is None else matrix[of]


def _of(values: Floats, of: Origins) -> Floats:
    return values if of is None else np.asarray(values[of])


def _kept(values: Known, of: Origins) -> Known:
    return values if of is None else np.asarray(values[of])


def _unit(matrix: sp.csr_matrix) -> sp.csr_matrix:
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ matrix)


def _clean(found: Floats, give: sp.csr_matrix, ask: sp.csr_matrix, of: Origins) -> Floats:
    """NaN where a side has no profile; within [0, 1] whatever rounding did; an occupation is wholly like itself."""
    gives, asks = (np.asarray(side.sum(axis=1)).ravel() > 0 for side in (give, ask))
    return _known(np.clip(found, 0.0, 1.0), _kept(gives, of), asks)


def _known(found: Floats, gives: Known, asks: Known) -> Floats:
    found[~gives, :] = np.nan
    found[:, ~asks] = np.nan
    return found
