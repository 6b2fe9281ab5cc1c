"""The loops of the linker: pooling, candidates, the features of a text with a skill, and odds. Free of the lock."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from overstap.ads.compiled import kernel

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


@kernel(makes_arrays=True)
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


@kernel(makes_arrays=True)
def hash_forms(values: Array, starts: Array) -> Array:
    """64-bit hash of each list of stems."""
    out = np.empty(len(starts) - 1, dtype=np.uint64)
    for i in range(len(out)):
        out[i] = _hash(values, starts[i], starts[i + 1])
    return out


@kernel(makes_arrays=True)
def _hash(values: Array, start: int, end: int) -> np.uint64:
    h = np.uint64(0xCBF29CE484222325)
    for k in range(start, end):
        h = (h ^ np.uint64(values[k] + 1)) * np.uint64(0x100000001B3)
        h ^= h >> np.uint64(29)
    return h


@kernel(makes_arrays=True)
def candidates(
    text_starts: Array, near: Array, stems: Array, stem_starts: Array,
    form_hash: Array, hash_form: Array, form_skill: Array, form_stems: Array, form_starts: Array,
    weight: Array, longest: int, most: int, wanted: Array,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Skills worth scoring for each text: the nearest of its parts, and those whose label stands in it; of these the
    ones that are `wanted`.

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
                if wanted[skill]:
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
                    if same and wanted[form_skill[form]]:
                        used = _add(skills, exact, owner, first, used, most, form_skill[form], found, i)
                    at += 1
        starts[i + 1] = used
    return starts, skills[:used], exact[:used], owner[:used]


@kernel(makes_arrays=True)
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


@numba.njit(nogil=True, fastmath={"contract", "reassoc"})
def _dot(a: Array, b: Array) -> Any:
    total = np.float32(0)
    for d in range(a.shape[0]):
        total += a[d] * b[d]
    return total


@kernel(makes_arrays=True)
def features(
    starts: Array, skills: Array, exact: Array, text_starts: Array, vectors: Array, mass: Array, nearest: Array,
    stems: Array, stem_starts: Array, table: Array,
    skill_forms: Array, form_stems: Array, form_starts: Array, weight: Array, unknown: float,
) -> Array:  # fmt: skip
    """One row of `FEATURES` for each pair of text and skill. float32[pairs, features].

    `starts`: pairs of each text; `nearest`: of each part the skill nearest to it, -1 where none. A text has at most 64
    parts: `inside` has one bit a part for each stem, so that the words of a label are looked up, not searched.
    """
    out = np.zeros((len(skills), 12), dtype=np.float32)
    inside = np.zeros(len(weight), dtype=np.uint64)
    explained, top, near = np.zeros(64), np.zeros(64, np.float32), np.zeros(64, np.float32)
    alike = np.zeros(np.max(skill_forms[1:] - skill_forms[:-1]), dtype=np.int64)
    one = np.uint64(1)
    for i in range(len(starts) - 1):
        first, last = text_starts[i], text_starts[i + 1]
        for p in range(first, last):
            explained[p - first] = 1e-6
            top[p - first] = _dot(vectors[p], table[nearest[p]]) if nearest[p] >= 0 else np.float32(0)
            for b in stems[stem_starts[p] : stem_starts[p + 1]]:
                explained[p - first] += weight[b] if b >= 0 else unknown
                if b >= 0:
                    inside[b] |= one << np.uint64(p - first)
        for k in range(starts[i], starts[i + 1]):
            skill, row = skills[k], out[k]
            closest: Any = np.float32(-1)
            for p in range(first, last):
                cosine = _dot(vectors[p], table[skill])
                near[p - first] = cosine
                if p == first:
                    row[0], row[9] = cosine, top[0] - cosine
                if cosine > closest:
                    closest = cosine
                    row[1], row[2] = cosine, top[p - first] - cosine
                    row[10] = np.log(0.1 + mass[p])
                    row[7] = np.log(1.0 + stem_starts[p + 1] - stem_starts[p])
            count = 0
            for form in range(skill_forms[skill], skill_forms[skill + 1]):
                parts = np.uint64(0)
                for a in form_stems[form_starts[form] : form_starts[form + 1]]:
                    parts |= inside[a]
                if parts:
                    alike[count] = form
                    count += 1
            for p in range(last - first):
                for form in alike[:count]:
                    hit, total = 0.0, 1e-6
                    for a in form_stems[form_starts[form] : form_starts[form + 1]]:
                        total += weight[a]
                        if inside[a] >> np.uint64(p) & one:
                            hit += weight[a]
                    both = hit / total * min(1.0, hit / explained[p])
                    if both > row[5]:
                        row[5] = both
                        row[4] = min(1.0, hit / explained[p])
                    row[3] = max(row[3], hit / total)
            close = 0
            for p in range(last - first):
                close += near[p] > _CLOSE * closest
            row[6], row[8], row[11] = exact[k], np.log(1.0 + last - first), close / (last - first)
        for p in range(first, last):
            for b in stems[stem_starts[p] : stem_starts[p + 1]]:
                if b >= 0:
                    inside[b] = 0
    return out


@kernel(makes_arrays=True)
def odds(pairs: Array, skills: Array, base: Array, hidden: Array, out: Array, bias: float) -> Array:
    """Log-odds of pairs, float32: one hidden layer of rectified units whose sums start from the skill's own, `base`."""
    found = np.empty(len(skills), np.float32)
    inner = np.empty(base.shape[1], np.float32)
    for k in range(len(skills)):
        for h in range(len(inner)):
            inner[h] = base[skills[k], h]
        for f in range(pairs.shape[1]):
            value = pairs[k, f]
            for h in range(len(inner)):
                inner[h] += value * hidden[f, h]
        total = bias
        for h in range(len(inner)):
            total += max(inner[h], np.float32(0)) * out[h]
        found[k] = total
    return found


@kernel(makes_arrays=True)
def likeliest(starts: Array, skills: Array, odds: Array, top: int) -> Array:
    """Places of the `top` likeliest pairs of each text, best first; of equals the lower skill first."""
    kept = np.empty(min(len(skills), top * (len(starts) - 1)), np.int64)
    used = 0
    for i in range(len(starts) - 1):
        first = used
        for k in range(starts[i], starts[i + 1]):
            at = used
            while at > first:
                other = kept[at - 1]
                if odds[other] > odds[k] or (odds[other] == odds[k] and skills[other] < skills[k]):
                    break
                if at - first < top:
                    kept[at] = other
                at -= 1
            if at - first < top:
                kept[at] = k
                used = min(used + 1, first + top)
    return kept[:used]
