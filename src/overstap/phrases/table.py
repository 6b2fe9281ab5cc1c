"""Rows of `out_new_phrases`: runs of words that are terms, with where they stand and how they grew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.lexicon import Array
from overstap.ads.tokens import fold_tokens
from overstap.analysis.ratios import Compared
from overstap.analysis.uncertainty import Sums, benjamini_hochberg, clustered_shares
from overstap.phrases.count import Counted
from overstap.phrases.names import are_names
from overstap.phrases.near import nearest_skills
from overstap.phrases.sample import Sample
from overstap.phrases.termhood import c_value, keyness
from overstap.reference import tables
from overstap.reference.taxonomy import Taxonomy
from overstap.schema import table_spec
from overstap.schema.core import LANGUAGES

LEAST_EMPLOYERS = 5
"""Distinct employers in whose ads a phrase stands: fewer might tell who wrote it, and it would be one house's word."""
MOST_LISTED = 500
_MOST_OF_ONE = 0.5  # share of the vacancies that one employer may have
_BOARD = 0.9  # share of the vacancies from which a phrase is that of a board, or a source, with fewer than half of all
_MOST_COVERED = 0.2  # share of its vacancies in which a mention covers it: then it is a form that needs context
_MOST_NESTED = 0.6  # share of its vacancies in which it is part of one longer run: then that is the term
_LEAST_ASKING = 0.2  # share of its vacancies in which it is a whole phrase that asks, or enumerated with a skill
_LEAST_BESIDE = 4  # hashed words beside it, on either side: a term stands in more than one sentence
_EXAMPLES = 3


@dataclass(frozen=True)
class PhraseSettings:
    """`first` and `last`: the periods that are compared; `least`: vacancies of a phrase in all periods together."""

    first: str
    last: str
    least: int
    confidence: float
    fdr: float


@dataclass(frozen=True, eq=False)
class _Found:
    """Candidates: their number among the runs, text, language, and pairs (place in `number`, vacancy), ordered."""

    number: Array
    text: list[str]
    language: Array
    of: Array
    vacancy: Array

    def take(self, at: Array) -> _Found:
        """Some of them, in this order."""
        place = np.full(len(self.number), -1, np.int64)
        place[at] = np.arange(len(at))
        of = place[self.of]
        order = np.argsort(of[of >= 0], kind="stable")
        text = [self.text[i] for i in at.tolist()]
        return _Found(self.number[at], text, self.language[at], of[of >= 0][order], self.vacancy[of >= 0][order])


def new_phrases(
    counted: Counted, sample: Sample, boards: Array, taxonomy: Taxonomy, settings: PhraseSettings
) -> pa.Table:
    """Rows of `out_new_phrases`, those that are most of a term first.

    `boards`: per vacancy of the sample the number of its source and site.
    """
    found = _candidates(counted, sample, settings.least)
    entries = counted.entries
    asked, phrased = (values[found.number].astype(np.float64) for values in (entries.asked, entries.phrased))
    value, nested = c_value(entries.words[found.number], entries.size[found.number], asked, found.language)
    asking = phrased / asked
    kept = (value > 0) & (nested < _MOST_NESTED) & (asking >= _LEAST_ASKING) & _several(found, sample, boards)
    covered = entries.covered[found.number]
    kept &= covered < _MOST_COVERED * (covered + asked)
    for beside in (entries.left, entries.right):
        kept &= np.bitwise_count(beside[found.number]) >= _LEAST_BESIDE
    kept &= _unknown(found.text, taxonomy)
    at = np.flatnonzero(kept)
    kept[at] &= ~_names(found.take(at), asking[at], sample)
    termhood = value * asking**2
    at = np.flatnonzero(kept)
    at = _beside(at[np.argsort(-termhood[at], kind="stable")], found.text)[:MOST_LISTED]
    found = _written_alike(found.take(at))
    per_language = np.bincount(sample.language, minlength=len(LANGUAGES)).astype(np.float64)
    rest = entries.rest[found.number].astype(np.float64)
    texts = per_language[found.language]
    skill, near = nearest_skills(found.text, taxonomy)
    labels = taxonomy.skills.take(pc.index_in(skill, taxonomy.skills["skill_id"]))
    columns = {
        "phrase": pa.array(found.text, pa.string()),
        "language": pa.array(LANGUAGES).take(pa.array(found.language)),
        "termhood": pa.array(termhood[at]),
        "c_value": pa.array(value[at]),
        "keyness": pa.array(keyness(asked[at], rest, texts, texts)),
        "asking_pct": pa.array(100 * asking[at]),
        "nearest_skill_id": skill,
        "nearest_label_nl": labels["label_nl"],
        "nearest_label_en": labels["label_en"],
        "nearest_score": pa.array(near, from_pandas=True),
        "note": pa.nulls(len(at), pa.string()),
        "sample_pct": pa.repeat(100 * sample.rate, len(at)),
        "first_period": pa.repeat(settings.first, len(at)),
        "last_period": pa.repeat(settings.last, len(at)),
        **_where(found, sample),
        **_growth(found, sample, settings),
    }
    spec = table_spec("out_new_phrases")
    return pa.table({name: columns[name] for name in spec.names})


def _beside(at: Array, texts: Sequence[str]) -> Array:
    """The same order, but the rows of one phrase in several languages beside one another."""
    first: dict[str, int] = {}
    place = [first.setdefault(texts[i].casefold(), k) for k, i in enumerate(at.tolist())]
    return at[np.argsort(np.array(place, np.int64), kind="stable")]


def _written_alike(found: _Found) -> _Found:
    """A phrase asked in several languages, which are counted apart, as it is written where most vacancies ask it."""
    n = np.bincount(found.of, minlength=len(found.number))
    often: dict[str, str] = {}
    for i in np.argsort(-n, kind="stable").tolist():
        often.setdefault(found.text[i].casefold(), found.text[i])
    return replace(found, text=[often[text.casefold()] for text in found.text])


def _candidates(counted: Counted, sample: Sample, least: int) -> _Found:
    """Runs of enough vacancies that were written down, none of them a title; one row for each way of writing."""
    kept = np.zeros(int(counted.entries.n[0]) + 1, np.bool_)
    heads = _title_heads()
    for run, text in counted.text.items():
        folded = fold_tokens(text)
        kept[run] = counted.entries.asked[run] >= least and not (folded and folded[-1] in heads)
    number: Array = np.flatnonzero(kept)
    pairs = counted.pairs[kept[counted.pairs[:, 0]]]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    of = np.searchsorted(number, pairs[:, 0])
    language = np.zeros(len(number), np.int64)
    language[of] = sample.language[pairs[:, 1]]  # all of one: languages are counted apart
    return _Found(number, [counted.text[n] for n in number.tolist()], language, of, pairs[:, 1].astype(np.int64))


def _several(found: _Found, sample: Sample, boards: Array) -> NDArray[np.bool_]:
    """Phrases of enough employers, none of which has most of them, and of more than one board."""
    n = np.bincount(found.of, minlength=len(found.number))
    employers, largest, _ = _largest(found, sample.employer)
    _, most, board = _largest(found, boards)
    of_all = np.bincount(boards, minlength=1)[board] / max(1, len(boards))
    boards_own = (most >= _BOARD * n) & (of_all < _MOST_OF_ONE)
    kept: NDArray[np.bool_] = (employers >= LEAST_EMPLOYERS) & (largest <= _MOST_OF_ONE * n) & ~boards_own
    return kept


def _largest(found: _Found, group: Array) -> tuple[Array, Array, Array]:
    """Per phrase: how many groups of vacancies it stands in, how many it has of the largest, and which that is."""
    width = int(group.max(initial=0)) + 1
    key, count = np.unique(found.of * width + group[found.vacancy], return_counts=True)
    of, of_group = np.divmod(key, width)
    n = np.bincount(of, minlength=len(found.number))
    order = np.lexsort((-count, of))
    first = np.concatenate([[0], np.cumsum(n)[:-1]])
    at = order[np.minimum(first, max(0, len(order) - 1))] if len(order) else np.zeros(len(n), np.int64)
    if not len(order):
        return n, n, n
    return n, count[at], of_group[at]


def _unknown(texts: Sequence[str], taxonomy: Taxonomy) -> NDArray[np.bool_]:
    """Phrases that are no form or label of the taxonomy: such a form may need context, and was seen without."""
    return np.array([fold_tokens(text) not in _known(taxonomy) for text in texts], np.bool_)


def _names(found: _Found, asking: Array, sample: Sample) -> NDArray[np.bool_]:
    """Phrases that name a firm, a place or a person."""
    employers = sample.table["employer_id"].combine_chunks().dictionary_encode().dictionary.to_pylist()
    return are_names(found.text, asking, found.of, found.vacancy, sample.employer, employers)


@lru_cache(maxsize=1)
def _known(taxonomy: Taxonomy) -> frozenset[tuple[str, ...] | None]:
    """Folded forms and labels."""
    labels = (taxonomy.skills[name] for name in ("label_nl", "label_en"))
    columns = (taxonomy.forms["form"], *labels)
    return frozenset(fold_tokens(text) for column in columns for text in column.to_pylist() if text)


@lru_cache(maxsize=1)
def _title_heads() -> frozenset[str]:
    """Words, also in the plural, that end the title of a job."""
    heads = {h.strip() for row in tables.load("title_heads")["head"].to_pylist() for h in row.split("|")}
    return frozenset(heads | {f"{head}s" for head in heads})


def _where(found: _Found, sample: Sample) -> dict[str, pa.Array]:
    """When a phrase was first seen, in how many vacancies and of how many employers, and examples of where."""
    first = np.full(len(found.number), len(sample.periods), np.int64)
    np.minimum.at(first, found.of, sample.period[found.vacancy])
    columns = {
        "first_seen": pa.array(list(sample.periods), pa.string()).take(pa.array(first)),
        "vacancies_n": pa.array(np.bincount(found.of, minlength=len(found.number))),
        "employers_n": pa.array(_largest(found, sample.employer)[0]),
    }
    bounds = np.searchsorted(found.of, np.arange(len(found.number) + 1))
    for name, column in (("occupations", "isco08"), ("sectors", "sector")):
        encoded = sample.table[column].combine_chunks().dictionary_encode()
        codes = np.asarray(pc.fill_null(encoded.indices, -1))[found.vacancy]
        names = encoded.dictionary.to_pylist()
        columns[name] = pa.array([_often(codes[a:b], names) for a, b in pairwise(bounds)], pa.list_(pa.string()))
    return columns


def _often(codes: Array, names: Sequence[str]) -> list[str]:
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = np.argsort(-counts, kind="stable")[:_EXAMPLES]
    return [names[at] for at in order.tolist() if counts[at]]


def _growth(found: _Found, sample: Sample, settings: PhraseSettings) -> dict[str, pa.Array]:
    """Shares, among the vacancies of the same language, in the two periods, and what can be said of the difference."""
    first, last = (
        phrase_sums(found.of, found.vacancy, found.language, sample, p) for p in (settings.first, settings.last)
    )
    sides = first, last
    columns: dict[str, pa.Array] = {}
    for when, side in zip(("first", "last"), sides, strict=True):
        shares = clustered_shares(side, settings.confidence)
        columns[f"{when}_n"] = pa.array(side.x.astype(np.int64))
        columns[f"{when}_base_n"] = pa.array(side.n.astype(np.int64))
        values = {"pct": shares.share, "low": shares.low, "high": shares.high}
        columns |= {f"{when}_{name}": pa.array(100 * value, from_pandas=True) for name, value in values.items()}
    compared = Compared.of(first, last)
    two = settings.first != settings.last
    p = compared.p_value() if two else np.full(len(found.number), np.nan)
    q = np.full(len(p), np.nan)
    tested = np.isfinite(p)
    for language in np.unique(found.language):
        rows = np.flatnonzero(tested & (found.language == language))
        q[rows] = benjamini_hochberg(p[rows])
    with np.errstate(invalid="ignore"):
        sure = np.nan_to_num(q, nan=1.0) <= settings.fdr
        rises = sure & (sides[1].x * sides[0].n > sides[0].x * sides[1].n)
    direction = np.where(sure, np.where(rises, np.where(sides[0].x > 0, "rising", "new"), "falling"), "unclear")
    return columns | {"q_value": pa.array(q, from_pandas=True), "direction": pa.array(direction)}


def phrase_sums(of: Array, vacancy: Array, language: Array, sample: Sample, period: str) -> Sums:
    """Per phrase the sums over employers of one period, among the vacancies of its language.

    `of` and `vacancy`: pairs of a phrase and a vacancy that asks it; `language`: of each phrase.
    """
    at = sample.periods.index(period) if period in sample.periods else -1
    here = np.flatnonzero(sample.period == at)
    width = int(sample.employer.max(initial=0)) + 1
    base, n_e = np.unique(sample.language[here] * width + sample.employer[here], return_counts=True)
    per_language = [np.bincount(base // width, weights=w, minlength=len(LANGUAGES)) for w in (n_e, n_e**2, n_e**0)]
    kept = sample.period[vacancy] == at
    cell = sample.language[vacancy[kept]] * width + sample.employer[vacancy[kept]]
    key, x_e = np.unique(of[kept] * (len(LANGUAGES) * width) + cell, return_counts=True)
    phrase, cell = np.divmod(key, len(LANGUAGES) * width)
    n_of = n_e[np.searchsorted(base, cell)]
    x, xx, xn = (np.bincount(phrase, weights=w, minlength=len(language)) for w in (x_e, x_e**2, x_e * n_of))
    n, nn, g = (total[language].astype(np.float64) for total in per_language)
    return Sums(x.astype(np.float64), n, g, xx.astype(np.float64), xn.astype(np.float64), nn)
