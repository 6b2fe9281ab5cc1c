"""The loops of the linker: pooling, the best of many, and the features of a text with a skill. Free of the lock."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FEATURES = (
    "cosine_whole",  # cosine of the whole text with the skill
    "cosine_part",  # largest cosine of one of its parts
    "gap",  # how far that part's cosine lies under the best skill of the same part
    "share_form",  # share of the words of a label that stand in the part, words weighted by rarity, best label
    "share_part",  # share of the part's words that this label explains
    "share_both",  # product of the two
    "exact",  # weight of the longest label that stands in the text word by word, 0 where none does
    "words_part",  # log of the number of words of the best part
    "parts",  # log of the number of parts
    "gap_whole",  # how far the whole text's cosine lies under that of its best skill
    "mass",  # log length of the best part's vector before it is made a unit vector: how much its words say
    "share_parts",  # share of the parts whose cosine with the skill lies close to the largest
)
_CLOSE = 0.8


@numba.njit(cache=True, nogil=True)
def pool(values: Array, starts: Array, table: Array, scale: Array) -> tuple[Array, Array]:
    """Unit vectors of texts, float32[texts, dims], and their lengths before: the sum of the rows of their pieces; zero
    where a text has none."""
    n, dims = len(starts) - 1, table.shape[1]
    mass = np.zeros(n, dtype=np.float32)
    out = np.zeros((n, dims), dtype=np.float32)
    for i in range(n):
        for k in range(starts[i], starts[i + 1]):
            row = values[k]
            for d in range(dims):
                out[i, d] += scale[row] * table[row, d]
        norm = np.float32(0)
        for d in range(dims):
            norm += out[i, d] * out[i, d]
        mass[i] = np.sqrt(norm)
        if norm > 0:
            norm = np.float32(1) / np.sqrt(norm)
            for d in range(dims):
                out[i, d] *= norm
    return out, mass


@numba.njit(cache=True, nogil=True)
def best(scores: Array, rows: Array, values: Array) -> None:
    """The largest scores of each row of `scores`, largest first, into `rows` (columns) and `values`."""
    k = rows.shape[1]
    for i in range(scores.shape[0]):
        filled = 0
        for j in range(scores.shape[1]):
            score = scores[i, j]
            if filled == k and score <= values[i, k - 1]:
                continue
            at = filled if filled < k else k - 1
            while at > 0 and values[i, at - 1] < score:
                values[i, at] = values[i, at - 1]
                rows[i, at] = rows[i, at - 1]
                at -= 1
            values[i, at] = score
            rows[i, at] = j
            if filled < k:
                filled += 1


@numba.njit(cache=True, nogil=True)
def hash_forms(values: Array, starts: Array) -> Array:
    """64-bit hash of each list of stems."""
    out = np.empty(len(starts) - 1, dtype=np.uint64)
    for i in range(len(out)):
        out[i] = _hash(values, starts[i], starts[i + 1])
    return out


@numba.njit(cache=True, nogil=True)
def _hash(values: Array, start: int, end: int) -> np.uint64:
    h = np.uint64(0xCBF29CE484222325)
    for k in range(start, end):
        h = (h ^ np.uint64(values[k] + 1)) * np.uint64(0x100000001B3)
        h ^= h >> np.uint64(29)
    return h


@numba.njit(cache=True, nogil=True)
def _overlap(form: Array, part: Array, weight: Array) -> tuple[float, float]:
    """Weight of the words of `form` that stand in `part`, and of all its words."""
    hit, total = 0.0, 0.0
    for a in form:
        total += weight[a]
        for b in part:
            if a == b:
                hit += weight[a]
                break
    return hit, total


@numba.njit(cache=True, nogil=True)
def candidates(
    text_starts: Array, near: Array, stems: Array, stem_starts: Array,
    form_hash: Array, hash_form: Array, form_skill: Array, form_stems: Array, form_starts: Array,
    weight: Array, longest: int, most: int,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Skills worth scoring for each text: the nearest of its parts, and those whose label stands in it.

    Gives starts per text, skill rows, the weight of the label found (0 where none), and per text its number.
    """
    n = len(text_starts) - 1
    starts = np.zeros(n + 1, dtype=np.int64)
    skills = np.empty(n * most, dtype=np.int32)
    exact = np.zeros(n * most, dtype=np.float32)
    owner = np.empty(n * most, dtype=np.int64)
    used = 0
    for i in range(n):
        first = used
        for p in range(text_starts[i], text_starts[i + 1]):
            for skill in near[p]:
                if skill < 0:
                    break
                used = _add(skills, exact, owner, first, used, most, skill, 0.0, i)
        whole = text_starts[i]
        for a in range(stem_starts[whole], stem_starts[whole + 1]):
            for b in range(a + 1, min(a + longest, stem_starts[whole + 1]) + 1):
                if stems[b - 1] < 0:
                    break
                h = _hash(stems, a, b)
                at = np.searchsorted(form_hash, h)
                found = 0.0
                for k in range(a, b):
                    found += weight[stems[k]]
                while at < len(form_hash) and form_hash[at] == h:
                    form = hash_form[at]
                    same = form_starts[form + 1] - form_starts[form] == b - a
                    for k in range(b - a):
                        same = same and form_stems[form_starts[form] + k] == stems[a + k]
                    if same:
                        used = _add(skills, exact, owner, first, used, most, form_skill[form], found, i)
                    at += 1
        starts[i + 1] = used
    return starts, skills[:used], exact[:used], owner[:used]


@numba.njit(cache=True, nogil=True)
def _add(
    skills: Array, exact: Array, owner: Array, first: int, used: int, most: int, skill: int, found: float, text: int
) -> int:
    for k in range(first, used):
        if skills[k] == skill:
            exact[k] = max(exact[k], found)
            return used
    if used - first < most:
        skills[used], exact[used], owner[used] = skill, found, text
        return used + 1
    return used


@numba.njit(cache=True, nogil=True)
def features(
    owner: Array, skills: Array, exact: Array, text_starts: Array, vectors: Array, mass: Array, top: Array,
    stems: Array, stem_starts: Array, table: Array,
    skill_forms: Array, form_stems: Array, form_starts: Array, weight: Array, unknown: float,
) -> Array:  # fmt: skip
    """One row of `FEATURES` for each pair of text and skill. float32[pairs, features]."""
    out = np.zeros((len(owner), 12), dtype=np.float32)
    for k in range(len(owner)):
        skill, first, last = skills[k], text_starts[owner[k]], text_starts[owner[k] + 1]
        closest = -1.0
        near = np.empty(last - first, dtype=np.float32)
        for p in range(first, last):
            cosine = np.dot(vectors[p], table[skill])
            near[p - first] = cosine
            if p == first:
                out[k, 0] = cosine
                out[k, 9] = top[p] - cosine
            if cosine > closest:
                closest = cosine
                out[k, 1], out[k, 2] = cosine, top[p] - cosine
                out[k, 10] = np.log(0.1 + mass[p])
                out[k, 7] = np.log(1.0 + stem_starts[p + 1] - stem_starts[p])
            part = stems[stem_starts[p] : stem_starts[p + 1]]
            explained = 1e-6
            for b in part:
                explained += weight[b] if b >= 0 else unknown
            for form in range(skill_forms[skill], skill_forms[skill + 1]):
                hit, total = _overlap(form_stems[form_starts[form] : form_starts[form + 1]], part, weight)
                both = hit / (total + 1e-6) * min(1.0, hit / explained)
                if both > out[k, 5]:
                    out[k, 5] = both
                    out[k, 4] = min(1.0, hit / explained)
                out[k, 3] = max(out[k, 3], hit / (total + 1e-6))
        out[k, 6] = exact[k]
        out[k, 11] = np.sum(near > _CLOSE * closest) / (last - first)
        out[k, 8] = np.log(1.0 + last - first)
    return out
