"""Which ESCO occupations a title may mean, best first: the learned model, names that are the same, the ISCO-08 code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads import _title_features as tf
from overstap.ads._title_common import CommonTitle, common_titles
from overstap.ads._title_encoder import Floats, TitleEncoder, softmax
from overstap.reference.cache import Parcel, keep

LANGUAGES = ("nl", "en")
# Chosen on the alternative labels that neither model nor index has seen (`overstap.evaluate.titles`), first half.
_GROUP, _SAME, _PREFERRED, _OTHER_LANGUAGE = 0.45, 6.0, 1.0, -1.0
_LEAST_SHARE = 0.01  # of a code: what is unlikely for the coder of titles may still be what the words mean
_COMMON, _OUTSIDE = 10.0, -10.0  # the concept of a common title; concepts outside a code that is settled
_SOFT = np.float32(0.75)  # with it the score of the first comes nearest to the share that is right


class Named(NamedTuple):
    """A concept that bears a name: its row, whether it is the preferred one, and the language."""

    concept: int
    preferred: bool
    language: str


class Concept(NamedTuple):
    """An ESCO occupation as answer: URI, label in the language asked for, probability-like score."""

    uri: str
    label: str
    score: float


class Settled(NamedTuple):
    """What a common title means: an ISCO-08 code, and the row of a concept of that code where one fits."""

    isco08: str
    concept: int | None


@dataclass
class ConceptRanker:
    """Ranks ESCO's occupations for titles. `labels`: per language; `names`: concepts by the form of their names;
    `common`: what common titles mean, by form."""

    encoder: TitleEncoder
    labels: dict[str, list[str]]
    names: dict[str, list[Named]]
    common: dict[str, Settled] = field(default_factory=dict)

    @classmethod
    def bundled(cls) -> ConceptRanker:
        """The ranker on the bundled names of ESCO: a second to build the first time, then kept."""
        from overstap.reference import tables

        encoder = TitleEncoder.load()

        def built() -> ConceptRanker:
            return cls.of(tables.load("occupation_titles"), encoder, common_titles())

        def unpacked(parcel: Parcel) -> ConceptRanker:
            names: dict[str, list[Named]] = defaultdict(list)
            columns = [parcel.arrays[name].to_pylist() for name in ("form", "concept", "preferred", "language")]
            for form, *named in zip(*columns, strict=True):
                names[form].append(Named(*named))
            common = {form: Settled(*settled) for form, settled in parcel.facts["common"].items()}
            return cls(encoder, parcel.facts["labels"], dict(names), common)

        return keep("title-concepts", "", built, cls.pack, unpacked)

    @classmethod
    def of(cls, titles: pa.Table, encoder: TitleEncoder, common: Iterable[CommonTitle] = ()) -> ConceptRanker:
        """From a table of titles (title, language, esco_uri, kind): ESCO's names, or some; and `common` ones."""
        place = {uri: i for i, uri in enumerate(encoder.uris)}
        names = defaultdict[str, list[Named]](list)
        labels = {language: [""] * len(place) for language in LANGUAGES}
        columns = (titles[name].to_pylist() for name in ("title", "language", "esco_uri", "kind"))
        for title, language, uri, kind in zip(*columns, strict=True):
            concept = place.get(uri)
            if concept is None:
                continue
            preferred = kind == "esco_label"
            if preferred:
                labels[language][concept] = title
            for form in set(tf.forms(tf.reference_words(title))):
                names[form].append(Named(concept, preferred, language))
        settled = {
            form: Settled(title.isco08, place[title.esco_uri] if title.esco_uri else None)
            for title in common
            for form in tf.forms(tf.reference_words(title.title))
        }
        return cls(encoder, labels, dict(names), settled)

    def pack(self) -> Parcel:
        """What `bundled` reads again; the encoder is left out."""
        rows = [(form, *named) for form, found in self.names.items() for named in found]
        form, concept, preferred, language = zip(*rows, strict=True)
        arrays = {
            "form": pa.array(form, pa.string()),
            "concept": pa.array(concept, pa.int32()),
            "preferred": pa.array(preferred, pa.bool_()),
            "language": pa.array(language, pa.string()),
        }
        return Parcel(arrays, {"labels": self.labels, "common": self.common})

    def log_odds(self, titles: list[list[str]], groups: Floats, columns: list[str], language: str | None) -> Floats:
        """Log-odds of every concept, a row a title (its words). `groups`: probability of the ISCO-08 codes `columns`.

        Zero rows of `groups` are titles of which nothing is known but their words.
        """
        vectors = self.encoder.vectors(tf.features([[tf.stem(w) for w in words] for words in titles]))
        scores = self.encoder.log_odds(vectors)
        column = {code: j for j, code in enumerate(columns)}
        within = np.array([column.get(code, -1) for code in self.encoder.codes])
        padded = np.concatenate(
            [np.log(groups + _LEAST_SHARE), np.full((len(titles), 1), np.log(_LEAST_SHARE))], axis=1
        )
        scores += np.float32(_GROUP) * padded[:, within].astype(np.float32)
        for row, words in enumerate(titles):
            forms = tf.forms(words)
            settled = next((self.common[form] for form in forms if form in self.common), None)
            code = column.get(settled.isco08) if settled else _certain(groups[row])
            if code is not None:
                scores[row, within != code] += _OUTSIDE
            worth = self._named(forms, language)
            if settled and settled.concept is not None:
                worth[settled.concept] = _COMMON
            for concept, value in worth.items():
                if code is None or within[concept] == code:
                    scores[row, concept] += value
        return scores

    def _named(self, forms: tuple[str, str], language: str | None) -> dict[int, float]:
        """What the names that are the same as a title add to their concepts."""
        best: dict[int, float] = {}
        for name in (name for form in set(forms) for name in self.names.get(form, ())):
            other = _OTHER_LANGUAGE if language and name.language != language else 0.0
            worth = _SAME + _PREFERRED * name.preferred + other
            best[name.concept] = max(worth, best.get(name.concept, 0.0))
        return best

    def rank(
        self, titles: list[list[str]], groups: Floats, columns: list[str], language: str, top: int
    ) -> list[list[Concept]]:
        """Per title the `top` concepts, best first, with labels in `language`; none where no word is known."""
        log_odds = self.log_odds(titles, groups, columns, language)
        shares = softmax(_SOFT * log_odds)
        known = np.any(log_odds != log_odds[:, :1], axis=1)
        return [self._best(shares[i], language, top) if known[i] else [] for i in range(len(titles))]

    def _best(self, shares: npt.NDArray[np.float32], language: str, top: int) -> list[Concept]:
        top = min(top, len(shares))
        best = np.argpartition(-shares, top - 1)[:top]
        order = sorted(best, key=lambda j: (-float(shares[j]), j))
        labels = self.labels[language]
        return [Concept(self.encoder.uris[j], labels[j], round(float(shares[j]), 4)) for j in order]


def _certain(shares: npt.NDArray[np.float32]) -> int | None:
    """The column of a code that is beyond doubt, as that of a user's own title; null where none is."""
    best = int(shares.argmax())
    return best if shares[best] == 1.0 else None
