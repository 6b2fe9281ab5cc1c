"""Occupation of an ad from its title: ISCO-08 unit group with score and runners-up.

Method: the whole title, or parts of it, as known titles (ESCO, the ILO index, own common titles); the head of the title
("-monteur", "adviseur …") with the words beside it; a naive Bayes model on the characters of 60,000 known titles; a
learned model of what the words of ESCO's occupations mean. A user's own titles win over all of it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads import _title_features as tf
from overstap.ads._title_common import common_titles
from overstap.ads._title_encoder import TitleEncoder
from overstap.ads._title_heads import HeadRules
from overstap.ads._title_index import Scores, TitleIndex, build
from overstap.ads._title_names import as_words
from overstap.ads._title_role import role_of, without_addresses
from overstap.ads._title_vague import is_call, names_no_occupation
from overstap.ads.title_reader import CODE, reader
from overstap.ads.titles import distinct, normalise_title
from overstap.reference import own_titles
from overstap.reference.cache import Parcel, keep
from overstap.schema.core import CANDIDATES

CANDIDATES_N = 5
MIN_SCORE = 0.25  # below it a code is right one time in five
# Share of right codes (4 digits) by the raw score, on 527 titles of a register; rules were written without them.
_RAW = (0.0, 0.1, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97, 0.99, 0.998, 0.9995, 0.9999, 0.99999, 1.0)
_RIGHT = (0.03, 0.05, 0.1, 0.15, 0.21, 0.29, 0.36, 0.42, 0.52, 0.56, 0.62, 0.69, 0.74, 0.82, 0.9)
_WEAK, _SURE = 0.35, 0.5
"""Below the one a title is read again with what it has in brackets; a title that names no job needs the other."""
_SHORT = 4
"""Letters up to which a lone word that is no title is taken for an abbreviation, of which letters tell nothing."""
_FEED_FACTOR = 0.9  # the feed's occupation text is a coarser word for the job than the title

RESULT = pa.struct(
    [
        ("codable", pa.bool_()),
        ("isco08", pa.string()),
        ("isco08_score", pa.float32()),
        ("isco08_candidates", CANDIDATES),
        ("function_group", pa.string()),
    ]
)

# Words of a form of work or of an advertiser's wish, not of an occupation.
_STAGE = re.compile(
    r"\b(?:meewerk|afstudeer|onderzoeks?|hbo|mbo|wo|duo|snuffel)?\s*(?:stage(?:plaats(?:en)?|plek(?:ken)?|opdracht)?|stages|stagiairs?|stagiaires?"
    r"|internships?|interns?|trainees?|traineeships?|werkstudent(?:en)?|working student|afstudeer\w*|afstudeeropdracht|"
    r"graduation|thesis|bbl|leerwerkplek|leerwerktraject|leerling|apprentice|apprenticeship)\b"
)
_STAGE_SIGN = re.compile("stag|intern|train|stud|afstud|gradu|thesis|bbl|leer|appren")
_SAID = re.compile(
    r"^(?:ik (?:werk|ben)(?:\b.*\bals)?|werkzaam(?:\b.*)? als|i am|i m|i work\b.*\bas)\s+(?:(?:een|an?)\s+)?(?=\w)"
)
_INVERTED = re.compile(r"^([^,()]+),\s*([^,()]+)-$")  # "monteur, elektro-" of an official list
_BRACKETS = re.compile(r"[()]")
_LETTER = re.compile(r"[a-z]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ICT = ("25", "35")
_MANAGER = ("11", "12", "13", "14")


def function_group(isco08: str | None) -> str | None:
    """Function group of an ISCO-08 code: ict (25, 35), manager (11–14) or other; null for null."""
    if isco08 is None:
        return None
    return "ict" if isco08.startswith(_ICT) else "manager" if isco08.startswith(_MANAGER) else "other"


def _key(title: str, places: frozenset[str] | None) -> str:
    return _SAID.sub("", normalise_title(_INVERTED.sub(r"\2\1", title.strip()), places, employer=True))


def _said(title: str) -> str:
    return " ".join(_NOT_WORD.sub(" ", title.lower()).split())


def own_form(title: str, places: frozenset[str] | None = None) -> str:
    """What a title is compared by with the user's own titles."""
    return " ".join(tf.words(_key(title, places))) or " ".join(title.lower().split())


Code = tuple[npt.NDArray[np.int32], Scores] | None
_REMEMBERED = 200_000
_FORGOTTEN = object()
_ASKED: Code = np.empty(0, np.int32), np.empty(0, np.float32)
_Words = tuple[str, int]


@dataclass
class OccupationCoder:
    """Codes titles with an index, and remembers them: titles come back. Can be pickled and shared between threads.

    `own`: a user's titles and their codes.
    """

    index: TitleIndex
    places: frozenset[str] | None = None
    encoder: TitleEncoder | None = None
    own: dict[str, str] = field(default_factory=dict)
    _own_forms: dict[str, str] = field(init=False, repr=False, compare=False)
    _memory: dict[str | None, Code] = field(default_factory=dict, repr=False, compare=False)
    _by_words: dict[_Words, Code] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._own_forms = {own_form(title, self.places): code for title, code in self.own.items()}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_memory": {}, "_by_words": {}}

    @classmethod
    def bundled(cls) -> OccupationCoder:
        """A coder on the bundled titles and the user's own: seconds to build the first time, then kept."""
        rules = HeadRules.load()

        def build_bundled() -> TitleIndex:
            from overstap.reference import tables

            return build(tables.load("occupation_titles"), common_titles(), rules)

        def unpack(parcel: Parcel) -> TitleIndex:
            return TitleIndex.unpack(parcel, rules)

        index = keep("titles", "", build_bundled, TitleIndex.pack, unpack)
        return cls(index, encoder=TitleEncoder.load(), own=own_titles.load())

    def words(self, title: str | None) -> list[str] | None:
        """Words of a title to be coded; null where it names no occupation."""
        title = self.role(title) if title else None
        if not title:
            return None
        key = self.key(title)
        rest = _STAGE.sub(" ", key) if _STAGE_SIGN.search(key) else key
        words = tf.words(rest)
        said = _said(title)
        if names_no_occupation(said) or names_no_occupation(" ".join(rest.split())) or not _LETTER.search(rest):
            return None
        named = self.named(title, words)
        if len(words) == 1 and len(words[0]) <= _SHORT and not self.index.known(words):
            return None
        return named if named and (rest == key or self.index.known(words)) else None

    def role(self, title: str) -> str | None:
        """The part of a title that names a role; null where it has several parts and none does."""
        return role_of(without_addresses(title), lambda part: tf.words(self.key(part)), self.index)

    def named(self, title: str, words: list[str]) -> list[str]:
        """Of the words of a title that is a call to apply those that name an occupation; of another title all."""
        return self.index.known_part(words) or [] if is_call(_said(title)) else words

    def key(self, title: str) -> str:
        """The title as it is read: cleaned, the parts of an inverted one in order, without "ik werk als"."""
        return _key(title, self.places)

    def code(self, titles: list[str | None]) -> list[Code]:
        """Per title the columns of the best candidates and their scores, best first; null where not codable."""
        new = [title for title in dict.fromkeys(titles) if title not in self._memory]
        known = dict(zip(new, self._code(new), strict=True))
        # Another thread may empty the memory at any moment, so what is read from it is looked up once.
        result = [known[t] if t in known else self._memory.get(t, _FORGOTTEN) for t in titles]
        if any(code is _FORGOTTEN for code in result):
            return self._code(titles)
        if len(self._memory) > _REMEMBERED:
            self._memory.clear()
        self._memory.update(known)
        return result  # type: ignore[return-value]

    def rank(self, titles: list[str], top: int) -> list[Code]:
        """As `code`, with the `top` best, and nothing remembered."""
        return self._code(list(titles), top)

    def forget(self) -> None:
        """Code every title anew from now on, as in a first run."""
        self._memory, self._by_words = {}, {}
        reader(self.places).forget()

    def _code(self, titles: list[str | None], top: int = CANDIDATES_N) -> list[Code]:
        """The codes of titles; brackets count where the rest says little: "Zij-instromer (basisonderwijs)"."""
        found = self._scored(titles, top)
        opened = {
            i: _BRACKETS.sub(" ", title)
            for i, title in enumerate(titles)
            if title and "(" in title and ((code := found[i]) is None or code[1][0] < _WEAK)
        }
        for i, code in zip(opened, self._scored([*opened.values()], top), strict=True):
            before = found[i]
            if code is not None and code[1][0] > (_SURE if before is None else before[1][0]):
                found[i] = code
        for i, title in enumerate(titles if self._own_forms else ()):
            own = self._own_forms.get(own_form(title, self.places)) if title else None
            if own is not None:
                found[i] = np.array([self.index.codes.index(own)], np.int32), np.ones(1, np.float32)
        return found

    def _scored(self, titles: Sequence[str | None], top: int) -> list[Code]:
        found: list[Code] = [None] * len(titles)
        at = [i for i, title in enumerate(titles) if title]
        keys = [read[2:] for read in reader(self.places)(titles[i] or "" for i in at)]
        asked = []
        for i, code in zip(at, self._of_words(keys, top), strict=True):
            if code is _ASKED:
                asked.append(i)
            else:
                found[i] = code
        words = [self.words(titles[i]) for i in asked]
        kept = [(i, (" ".join(own), CODE)) for i, own in zip(asked, words, strict=True) if own]
        for (i, _), code in zip(kept, self._of_words([key for _, key in kept], top), strict=True):
            found[i] = code
        return found

    def _of_words(self, keys: list[_Words], top: int) -> list[Code]:
        """Codes of titles by their words and what is to be done with them; `_ASKED` for one that is to be asked."""
        memory = self._by_words if top == CANDIDATES_N else {}
        new = [key for key in dict.fromkeys(keys) if key not in memory]
        if len(memory) > _REMEMBERED:  # others may still read from the one before
            memory = {key: memory[key] for key in keys if key in memory}
        if not new:
            return [memory[key] for key in keys]
        named = self.index.names(as_words(key[:1] for key in new), np.array([what for _, what in new], np.uint8))
        columns, best = self.index.best(named, self.encoder, top)
        answers: list[Code] = [*zip(columns, _calibrated(best), strict=True), _ASKED, None]
        memory.update(zip(new, map(answers.__getitem__, named.place.tolist()), strict=True))
        if top == CANDIDATES_N:
            self._by_words = memory
        return [memory[key] for key in keys]


def _calibrated(raw: Scores) -> Scores:
    """Scores (rows, best first) such that of the codes given with .6 about 60 % are right; the runners-up
    share what the first leaves."""
    first = np.interp(raw[:, :1], _RAW, _RIGHT)
    left = np.maximum(1.0 - raw[:, :1].astype(np.float64), 1e-6)
    rest = np.minimum((1.0 - first) * raw[:, 1:] / left, 0.95 * first)
    return np.concatenate([first, rest], axis=1).astype(np.float32)


_lock = threading.Lock()
_bundled: tuple[str | None, OccupationCoder] | None = None


def default_coder() -> OccupationCoder:
    """The coder on the bundled titles and the user's own, built at the first call and when the latter change."""
    global _bundled
    with _lock:
        version = own_titles.version()
        if _bundled is None or _bundled[0] != version:
            _bundled = version, OccupationCoder.bundled()
        return _bundled[1]


def code_titles(
    titles: pa.Array | pa.ChunkedArray,
    occupation_texts: pa.Array | pa.ChunkedArray | None = None,
    min_score: float = MIN_SCORE,
    *,
    coder: OccupationCoder | None = None,
) -> pa.RecordBatch:
    """Code job titles to ISCO-08 unit groups.

    `titles`: strings as posted. `occupation_texts`: the feed's own words for the occupation, used where the title
    cannot be coded. Gives one row per title: codable (false where it names no occupation, or none above `min_score`),
    isco08 (4 digits, null where not codable), isco08_score (0–1), isco08_candidates (up to five, best first),
    function_group. Distinct titles are coded once.
    """
    coder = coder or default_coder()
    coded, index = _code_distinct(titles, coder, 1.0)
    if occupation_texts is not None:
        other, other_index = _code_distinct(occupation_texts, coder, _FEED_FACTOR)
        coded, index = _fill(coded, index, other, other_index, min_score)
    rows = pa.StructArray.from_arrays(
        _columns(coded, coder.index.codes, min_score), fields=[RESULT.field(i) for i in range(RESULT.num_fields)]
    ).take(index)
    return pa.RecordBatch.from_struct_array(rows)


def _code_distinct(
    values: pa.Array | pa.ChunkedArray, coder: OccupationCoder, factor: float
) -> tuple[list[Code], npt.NDArray[np.int64]]:
    """Codes of the distinct values and, per row, which; null rows point to a last entry that is not codable."""
    texts, index = distinct(values)
    scaled: list[Code] = [None if c is None else (c[0], c[1] * np.float32(factor)) for c in coder.code(texts)]
    rows = np.asarray(pc.fill_null(index.cast(pa.int64()), len(texts)))
    return [*scaled, None], rows


def _fill(
    coded: list[Code],
    index: npt.NDArray[np.int64],
    other: list[Code],
    other_index: npt.NDArray[np.int64],
    min_score: float,
) -> tuple[list[Code], npt.NDArray[np.int64]]:
    """Rows whose title has no code or one below `min_score` take the code of the other text where that is better."""
    best = np.array([-1.0 if c is None else float(c[1][0]) for c in coded])
    best_other = np.array([-1.0 if c is None else float(c[1][0]) for c in other])
    weak = (best[index] < min_score) & (best_other[other_index] > best[index])
    return [*coded, *other], np.where(weak, other_index + len(coded), index)


def _columns(coded: list[Code], codes: list[str], min_score: float) -> list[pa.Array]:
    none = np.empty(0, np.int32), np.empty(0, np.float32)
    columns, scores = zip(*(none if c is None else c for c in coded), strict=True)
    ends = np.cumsum([0, *map(len, columns)]).astype(np.int32)
    known, groups = _known(tuple(codes))
    code = known.take(pa.array(np.concatenate(columns)))
    score = pa.array(np.concatenate(scores))
    candidates = pa.StructArray.from_arrays([code, score], fields=list(CANDIDATES.value_type))
    first = pa.array(ends[:-1], mask=ends[1:] == ends[:-1])
    best = score.take(first)
    codable = pc.fill_null(pc.greater_equal(best, pa.scalar(min_score, pa.float32())), False)
    isco08 = pc.if_else(codable, code.take(first), None)
    return [
        codable,
        isco08,
        pc.if_else(codable, best, None),
        pa.ListArray.from_arrays(pa.array(ends), candidates, type=CANDIDATES),
        groups.take(pc.index_in(isco08, known)),
    ]


@lru_cache(maxsize=8)
def _known(codes: tuple[str, ...]) -> tuple[pa.Array, pa.Array]:
    """The codes and their function groups as columns: the same for every batch."""
    return pa.array(codes, pa.string()), pa.array([function_group(code) for code in codes], pa.string())
