"""Index of occupation titles: exact forms, parts of titles, and a sparse model of their words per ISCO-08 group."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from overstap.ads import _title_features as tf
from overstap.ads._title_heads import HeadRules
from overstap.reference.cache import Parcel, pack_arrays, unpack_arrays

_SMOOTH = 0.01
_DUTCH_WEIGHT = 3.0  # Dutch titles are fewer in the index and more in the ads
_MODERN_WEIGHT = 6.0
_KIND_WEIGHT = {"modern": _MODERN_WEIGHT, "isco": 2.0, "esco_label": 1.5, "esco_hidden": 0.5}

# Weights of the kinds of evidence, in units of the word model's score; chosen on a coarse grid with one half of a Dutch
# register that is not in the index, and with labels of ESCO left out of it.
_MODEL, _EXACT, _PART, _CUED, _USUAL, _DOMAIN = 0.25, 5.0, 1.0, 7.0, 4.2, -4.2
_MODERN = 9.0
_BARE = 1.8
_LEAST = -6.0  # what the words of a title say against a code goes no further than that
_MEANT, _MEANT_ALONE = 0.5, 1.5  # the learned model beside other evidence, and where neither name nor head is known
_ICT = ("25", "35")  # an ICT title of today at the start or end of a longer one decides ("Google Cloud data engineer")

Scores = npt.NDArray[np.float32]


@dataclass
class TitleIndex:
    """What coding a title needs; built once by `build`, can be pickled or kept."""

    codes: list[str]
    exact: dict[str, dict[int, float]]
    modern: dict[str, int]
    idf: npt.NDArray[np.float32]
    model: sp.csr_matrix
    base: Scores
    rules: HeadRules
    outside: dict[tuple[str, ...], Scores] = field(default_factory=dict)

    def pack(self) -> Parcel:
        """What `unpack` makes the same index of; the rules are left out."""
        forms, shares = list(self.exact), list(self.exact.values())
        arrays = {
            "idf": self.idf,
            "base": self.base,
            "data": self.model.data,
            "indices": self.model.indices,
            "indptr": self.model.indptr,
            "exact_size": np.array([len(found) for found in shares], np.int32),
            "exact_code": np.array([j for found in shares for j in found], np.int32),
            "exact_share": np.array([share for found in shares for share in found.values()], np.float64),
        }
        facts = {"codes": self.codes, "modern": self.modern, "shape": self.model.shape}
        parcel = pack_arrays(arrays, facts)
        return Parcel({**parcel.arrays, "exact_form": pa.array(forms, pa.string())}, parcel.facts)

    @classmethod
    def unpack(cls, parcel: Parcel, rules: HeadRules) -> TitleIndex:
        """The index of a parcel; raises KeyError or ValueError where it holds something else."""
        facts, arrays = parcel.facts, unpack_arrays(parcel)
        model = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=facts["shape"])
        exact = dict(zip(parcel.arrays["exact_form"].to_pylist(), _shares(arrays), strict=True))
        return cls(facts["codes"], exact, facts["modern"], arrays["idf"], model, arrays["base"], rules)

    def scores(self, titles: list[list[str]], meant: Scores | None = None) -> Scores:
        """Probability-like scores, one row a title (its words), one column an ISCO-08 unit group; rows add to 1.

        `meant`: what the learned model makes of the titles, shares of the same shape.
        """
        stems = [[tf.stem(w) for w in words] for words in titles]
        rows = tf.matrix(stems)
        rows = tf.unit_rows((rows @ sp.diags(self.idf)).tocsr())
        seen = np.asarray(rows.sum(axis=1)).ravel()
        total: Scores = (rows @ self.model).toarray().astype(np.float32) + seen[:, None] * self.base[None, :]
        total -= total.max(axis=1, keepdims=True)
        total *= _MODEL
        np.maximum(total, _LEAST, out=total)
        column = {code: j for j, code in enumerate(self.codes)}
        for i, words in enumerate(titles):
            settled = self._add_modern(total[i], words, stems[i])
            if not settled:
                named = self._add_exact(total[i], words, stems[i])
                settled = self._add_head(total[i], words, column) or named
            if meant is not None:
                total[i] += (_MEANT if settled else _MEANT_ALONE) * np.log(meant[i] + _SMOOTH**2)
        total -= total.max(axis=1, keepdims=True)
        np.exp(total, out=total)
        total /= total.sum(axis=1, keepdims=True)
        return total

    def known(self, words: list[str]) -> bool:
        """True where the whole title is a title of the index."""
        return any(form in self.exact for form in tf.forms(words))

    def _add_modern(self, row: Scores, words: list[str], stems: list[str]) -> bool:
        """A modern title, or an ICT one at either end of a longer title; true where that settles it."""
        found = [self.modern[form] for form in tf.forms(words) if form in self.modern]
        for size in range(len(stems) - 1, 1, -1):
            ends = (self.modern.get(tf.compact(end)) for end in (stems[-size:], stems[:size]))
            found += [j for j in ends if j is not None and self.codes[j].startswith(_ICT)]
        if found:
            row[found[0]] += _MODERN
        return bool(found)

    def _add_exact(self, row: Scores, words: list[str], stems: list[str]) -> bool:
        """The whole title (true), or else the longest parts of it (false), as titles of the index."""
        whole = next((self.exact[form] for form in tf.forms(words) if form in self.exact), None)
        if whole:
            for j, share in whole.items():
                row[j] += _EXACT * math.sqrt(share)
            return True
        n = len(stems)
        for size in range(min(n - 1, 5), 0, -1):
            parts = [(i, self.exact.get(tf.compact(stems[i : i + size]))) for i in range(n - size + 1)]
            known = [(i, part) for i, part in parts if part and (size > 1 or len(stems[i]) > 4)]
            for i, part in known:
                weight = _PART * (1.0 if i == 0 or i + size == n else 0.5) * (1.0 if size > 1 else 0.6)
                for j, share in part.items():
                    row[j] += weight * share
            if known:
                return False
        return False

    def _outside(self, domain: tuple[str, ...]) -> Scores:
        """What each code loses because the head does not allow it."""
        if domain not in self.outside:
            lost = [0.0 if c.startswith(domain) else _DOMAIN for c in self.codes]
            self.outside[domain] = np.array(lost, np.float32)
        return self.outside[domain]

    def _add_head(self, row: Scores, words: list[str], column: dict[str, int]) -> bool:
        """What the head of the title says; true where that is a code."""
        match = self.rules.match(words)
        if match is None:
            return False
        if match.domain:
            row += self._outside(match.domain)
        for rank, code in enumerate(match.cued):
            for j in _columns(code, column, self.codes):
                row[j] += _CUED / (1 + rank)
        if match.usual and not match.cued:
            for j in _columns(match.usual, column, self.codes):
                row[j] += _USUAL * (_BARE if match.bare else 1.0)
        return bool(match.cued or match.usual)


def _columns(code: str, column: dict[str, int], codes: list[str]) -> list[int]:
    return [column[code]] if code in column else [j for j, c in enumerate(codes) if c.startswith(code)]


def _shares(arrays: dict[str, npt.NDArray[Any]]) -> list[dict[int, float]]:
    """Per form of a parcel the share of each code; forms with one code, nearly all, share one object per code."""
    ends = np.cumsum(arrays["exact_size"])
    starts = ends - arrays["exact_size"]
    codes, shares = arrays["exact_code"], arrays["exact_share"]
    alone = [{j: 1.0} for j in range(int(codes.max(initial=-1)) + 1)]
    found = [alone[j] for j in codes[starts].tolist()]
    for i in np.flatnonzero((arrays["exact_size"] > 1) | (shares[starts] != 1.0)):
        part = slice(starts[i], ends[i])
        found[i] = dict(zip(codes[part].tolist(), shares[part].tolist(), strict=True))
    return found


def modern_titles() -> list[tuple[str, str, str]]:
    """Bundled titles that the official lists lack: (title, language, isco08)."""
    text = files("overstap.reference").joinpath("data/modern_titles.csv").read_text(encoding="utf-8")
    return [(r["title"], r["language"], r["isco08"]) for r in csv.DictReader(text.splitlines())]


def build(titles: pa.Table, modern: list[tuple[str, str, str]], rules: HeadRules) -> TitleIndex:
    """The index from a table of titles (columns title, language, isco08, kind), own modern titles and head rules."""
    entries: dict[tuple[str, str], tuple[list[str], float]] = {}
    spelled: dict[str, str] = {}
    columns = (titles[name].to_pylist() for name in ("title", "language", "isco08", "kind"))
    rows = [*zip(*columns, strict=True), *((t, lang, code, "modern") for t, lang, code in modern)]
    for title, language, code, kind in rows:
        words = tf.reference_words(title)
        stems = [tf.stem(w) for w in words]
        if not stems:
            continue
        spelled[tf.forms(words)[-1]] = tf.compact(stems)
        own = _KIND_WEIGHT.get(kind, 1.0) * (_DUTCH_WEIGHT if language == "nl" else 1.0)
        key = (tf.compact(stems), code)
        before = entries.get(key)
        entries[key] = (stems, max(own, before[1] if before else 0.0))
    codes = sorted({code for _, code in entries})
    column = {code: j for j, code in enumerate(codes)}
    label = np.array([column[code] for _, code in entries], np.int32)
    weight = np.array([w for _, w in entries.values()], np.float32)
    idf, model, base = _fit(tf.matrix([s for s, _ in entries.values()]), label, weight, len(codes))
    ours = {form: column[code] for t, _, code in modern for form in tf.forms(tf.reference_words(t))}
    exact = _exact(entries, column)
    exact |= {form: exact[other] for form, other in spelled.items() if form not in exact}
    return TitleIndex(codes, exact, ours, idf, model, base, rules)


def _exact(
    entries: dict[tuple[str, str], tuple[list[str], float]], column: dict[str, int]
) -> dict[str, dict[int, float]]:
    """Per form the share of each code."""
    sums: dict[str, dict[int, float]] = defaultdict(dict)
    for (form, code), (_, weight) in entries.items():
        sums[form][column[code]] = weight
    return {form: {j: w / sum(found.values()) for j, w in found.items()} for form, found in sums.items()}


def _fit(
    ones: sp.csr_matrix, label: npt.NDArray[np.int32], weight: npt.NDArray[np.float32], groups: int
) -> tuple[npt.NDArray[np.float32], sp.csr_matrix, Scores]:
    """Multinomial naive Bayes on tf-idf rows of unit length: the sparse part above smoothing; the rest per group."""
    n = ones.shape[0]
    frequency = np.bincount(ones.indices, minlength=tf.SIZE)
    idf = np.zeros(tf.SIZE, np.float32)
    idf[frequency > 0] = np.log(n / frequency[frequency > 0])
    idf[frequency < 2] = 0
    rows = tf.unit_rows((ones @ sp.diags(idf)).tocsr())
    member = sp.csr_matrix((weight, (label, np.arange(n))), shape=(groups, n))
    sums = (member @ rows).tocsr()
    sums.eliminate_zeros()
    terms = int((frequency >= 2).sum())
    base = np.log(_SMOOTH / (np.asarray(sums.sum(axis=1)).ravel() + _SMOOTH * terms)).astype(np.float32)
    sums.data = np.log1p(sums.data / _SMOOTH).astype(np.float32)
    return idf, sums.T.tocsr(), base
