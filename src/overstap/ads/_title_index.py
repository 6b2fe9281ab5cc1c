"""Index of occupation titles: exact forms, parts of titles, and a sparse model of their words per ISCO-08 group."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from overstap.ads import _title_features as tf
from overstap.ads._title_common import CommonTitle
from overstap.ads._title_encoder import BLOCK, TitleEncoder, Work, no_meaning
from overstap.ads._title_heads import HeadRules
from overstap.ads._title_names import Named, Tables, Words, as_words, tables_of, weigh
from overstap.ads.title_reader import CODE
from overstap.ads.titles import strip_accents
from overstap.reference.cache import Parcel, pack_arrays, unpack_arrays

_SMOOTH = 0.01
_LONG = 64  # codes from which a row of the word model is kept in full
_DUTCH_WEIGHT = 3.0  # Dutch titles are fewer in the index and more in the ads
_COMMON_WEIGHT = 6.0
_KIND_WEIGHT = {"common": _COMMON_WEIGHT, "isco": 2.0, "esco_label": 1.5, "esco_hidden": 0.5}

_LONGEST_PART = 5
_HEAD_OF = 3  # English titles that a word ends to be taken for the name of a role
_NOT_HEAD = frozenset({"of", "in", "for", "with", "at", "to", "on", "and"})

Scores = npt.NDArray[np.float32]


class WordModel(NamedTuple):
    """The word model as the compiled pass reads it. `place`: per feature -1 less its row of `full` where it points to
    many codes, else where its row of `short` begins, 0 for none: the number of its entries, then these (see
    `COLUMN_BITS`). `base`: what a feature adds to each code whatever it is."""

    idf: npt.NDArray[np.float32]
    place: npt.NDArray[np.int32]
    full: Scores
    short: npt.NDArray[np.int32]
    base: Scores


class Heard(NamedTuple):
    """How much is heard of what: the word model, what its scores are at least, the learned model beside names or heads
    and where none is known, and what is added to its shares."""

    model: np.float32 = np.float32(
        0.25
    )  # in units of whose score the other evidence is weighed (`_title_names.Weights`)
    least: np.float32 = np.float32(-6.0)  # what the words of a title say against a code goes no further than that
    meant: np.float32 = np.float32(0.8)
    meant_alone: np.float32 = np.float32(1.5)
    smooth: np.float32 = np.float32(_SMOOTH**2)


HEARD = Heard()


@dataclass
class TitleIndex:
    """What coding a title needs; built once by `build`, can be pickled or kept."""

    codes: list[str]
    exact: dict[str, dict[int, float]]
    common: dict[str, int]
    idf: npt.NDArray[np.float32]
    model: sp.csr_matrix
    base: Scores
    rules: HeadRules
    roles: frozenset[str] = frozenset()
    """Words that name a role by themselves, as they are spelled."""
    _model: WordModel | None = field(default=None, init=False, repr=False, compare=False)
    _tables: Tables | None = field(default=None, init=False, repr=False, compare=False)

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
        facts = {"codes": self.codes, "common": self.common, "shape": self.model.shape}
        parcel = pack_arrays(arrays, facts)
        texts = {"exact_form": pa.array(forms, pa.string()), "roles": pa.array(sorted(self.roles), pa.string())}
        return Parcel({**parcel.arrays, **texts}, parcel.facts)

    @classmethod
    def unpack(cls, parcel: Parcel, rules: HeadRules) -> TitleIndex:
        """The index of a parcel; raises KeyError or ValueError where it holds something else."""
        facts, arrays = parcel.facts, unpack_arrays(parcel)
        model = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=facts["shape"])
        exact = dict(zip(parcel.arrays["exact_form"].to_pylist(), _shares(arrays), strict=True))
        roles = frozenset(parcel.arrays["roles"].to_pylist())
        return cls(facts["codes"], exact, facts["common"], arrays["idf"], model, arrays["base"], rules, roles)

    def names(self, words: Words, what: npt.NDArray[np.uint8]) -> Named:
        """What names and heads say of titles; `what` is to be done with each, as `title_reader.Read` has it."""
        if self._tables is None:
            self._tables = tables_of(self)
        return weigh(self._tables, *words, what)

    def best(self, named: Named, encoder: TitleEncoder | None, top: int) -> tuple[npt.NDArray[np.int32], Scores]:
        """Per title to be coded the columns of the `top` best codes and their scores, best first."""
        return self._weighed(named, encoder, top, np.empty((BLOCK, len(self.codes)), np.float32))

    def scores(self, titles: list[list[str]], encoder: TitleEncoder | None = None) -> Scores:
        """Probability-like scores, one row a title (its words), one column an ISCO-08 unit group; rows add to 1.

        `encoder`: the learned model of what titles mean, to be heard too.
        """
        named = self.names(as_words(titles), np.full(len(titles), CODE, np.uint8))
        scores = np.empty((len(titles), len(self.codes)), np.float32)
        self._weighed(named, encoder, 1, scores)
        return scores

    def _weighed(
        self, named: Named, encoder: TitleEncoder | None, top: int, shares: Scores
    ) -> tuple[npt.NDArray[np.int32], Scores]:
        from overstap.ads._title_score_kernel import weigh_titles  # here, so that importing loads no compiler

        shape = len(named.settled), min(top, len(self.codes))
        columns, best = np.empty(shape, np.int32), np.empty(shape, np.float32)
        meaning = encoder.meaning(self.codes) if encoder else no_meaning()
        work = Work.of(meaning, len(self.codes))
        weigh_titles(
            *tf.hashed(named.stems, len(columns)), self._words(), meaning, named, HEARD, work, shares, columns, best
        )
        return columns, best

    def _words(self) -> WordModel:
        """The word model with its long rows in full, which hold most of what is read, and the others in one piece."""
        if self._model is None:
            from overstap.ads._title_score_kernel import COLUMN_BITS, VALUE_STEP

            size = np.diff(self.model.indptr)
            long, short = np.flatnonzero(size > _LONG), np.flatnonzero((size > 0) & (size <= _LONG))
            starts = 1 + np.concatenate([[0], np.cumsum(size[short] + 1)])
            rows, place = np.zeros(starts[-1], np.int32), np.zeros(len(size), np.int32)
            place[long], place[short], rows[starts[:-1]] = -1 - np.arange(len(long)), starts[:-1], size[short]
            held = self.model[short]
            at = np.arange(held.nnz) + np.repeat(1 + starts[:-1] - held.indptr[:-1], size[short])
            rows[at] = held.indices | np.rint(held.data / VALUE_STEP).astype(np.int32) << COLUMN_BITS
            full = self.model[long].toarray().astype(np.float32)
            self._model = WordModel(self.idf, place, full, rows, self.base)
        return self._model

    def known(self, words: list[str]) -> bool:
        """True where the whole title is a title of the index."""
        return any(form in self.exact for form in tf.forms(words))

    def known_part(self, words: list[str]) -> list[str] | None:
        """The longest run of words that is a title of the index, the last of equal ones; null where none is.

        A word alone must be a common title or the head of titles: many a word is a title somewhere.
        """
        for size in range(min(len(words), _LONGEST_PART), 0, -1):
            for start in range(len(words) - size, -1, -1):
                part = words[start : start + size]
                if self.known(part) if size > 1 else self._is_job(part):
                    return part
        return None

    def _is_job(self, word: list[str]) -> bool:
        return tf.forms(word)[0] in self.common or self.rules.match(word) is not None


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


def build(titles: pa.Table, common: list[CommonTitle], rules: HeadRules) -> TitleIndex:
    """The index from a table of titles (columns title, language, isco08, kind), own common titles and head rules."""
    entries: dict[tuple[str, str], tuple[list[str], float]] = {}
    spelled: dict[str, str] = {}
    columns = (titles[name].to_pylist() for name in ("title", "language", "isco08", "kind"))
    rows = [*zip(*columns, strict=True), *((t, lang, code, "common") for t, lang, code, _ in common)]
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
    ours = {form: column[code] for t, _, code, _ in common for form in tf.forms(tf.reference_words(t))}
    exact = _exact(entries, column)
    exact |= {form: exact[other] for form, other in spelled.items() if form not in exact}
    return TitleIndex(codes, exact, ours, idf, model, base, rules, _roles(titles))


def _roles(titles: pa.Table) -> frozenset[str]:
    """Titles of one word, and words that end several English titles ("radiographer")."""
    lone, last = set[str](), Counter[str]()
    for title, language in zip(titles["title"].to_pylist(), titles["language"].to_pylist(), strict=True):
        *before, word = strip_accents(title).split() or [""]
        if not before:
            lone.add(word)
        if language == "en" and not _NOT_HEAD.intersection(before):
            last[word] += 1
    return frozenset(lone | {word for word, n in last.items() if n >= _HEAD_OF})


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
