"""The language of an ad, from the function words of many languages that stand in its text.

Each word of `reference/data/stop_words.csv` votes for the languages that have it, one vote shared between them, so a
text in two languages gets the language of its larger part. The votes are summed by the token pass (`scan`). Where few
words vote (a title, a list of links), letter pairs and endings vote too and web addresses are left out.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.ads.lexicon import FormIndex
from overstap.ads.scan import scan
from overstap.ads.tokens import fold_tokens
from overstap.schema.core import LANGUAGES

VOTE = 60
"""Weight of one word; it divides by the number of languages (1–5) that share the word."""
_FEW_VOTES, _HARDLY_ANY = 15 * VOTE, 5 * VOTE
"""Votes below which a text is looked at again without web addresses, and below which the shape of its words counts."""
_MIN_VOTES = VOTE // 2
_SHAPE_VOTE = 0.3 * VOTE
_MIN_DENSITY, _MIN_TOKENS = 0.03, 20
"""In a text of 20 tokens and more, function words of its language are a fifth; below 3 % it is in an unknown one."""
_OTHERS_BIAS = 0.8
"""Ads in other languages are rare in the feeds; short lists of close relatives (af, da) must not win on a tie."""
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")

_SHAPES = (
    (
        "nl",
        r"ij|aa[^a]|ee[nlrst]\b|oo[kmnprt]|uu[rs]|sch|cht|heid\b|lijk|kundig|werker|(?<=[rntlk])ing\b|[aeiou]eur\b|vak|zorg"
        r"|beheer|leid|dienst|schap|uur\b|wij[zs]|aar\b|ster\b|[^t]ies?t[ei]",
    ),
    (
        "en",
        r"\bth|th\b|tions?\b|wh|ough|ght|ment\b|ness\b|ly\b|ity\b|ies\b|sh|ea[dlmrs]|oo[dk]|ware|[^s]ch(?!t)|er\b|ist\b"
        r"|ant\b|ing\b|nurse|y\b",
    ),
    ("de", r"ung\b|ungs|keit|[äöüß]|sch[aeiouäöürlmnw]|ei[nstl]|pf|tz|ie[rl]|in\)|frau\b|mann\b|isch|kraft"),
    ("fr", r"eau|aux|[éèêçàâîôû]|eur\b|euse\b|ière\b|\bd'|\bl'|oi|[lt]eur|ique\b|trice\b|\bde\b|\bdu\b|\bet\b"),
)


def detect_language(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The language of each text (nl, en, de, fr, other) and its score (0–1: share of the votes; 0: no word known).

    Texts are of any length; a text that holds nothing known, a null and a text in another script are `other`.
    """
    found = scan(texts, _index())
    return language_of_votes(texts, found.votes, found.n_tokens)


def language_of_votes(
    texts: pa.Array | pa.ChunkedArray, votes: npt.NDArray[np.int32], n_tokens: npt.NDArray[np.int32]
) -> tuple[pa.Array, pa.Array]:
    """Language and score as `detect_language`, from the votes (rows × `LANGUAGES`) of an earlier scan."""
    total = votes.astype(np.float32)
    few = np.flatnonzero(votes.sum(axis=1) < _FEW_VOTES)
    if len(few):
        short = [_ADDRESS.sub(" ", text or "") for text in texts.take(pa.array(few)).to_pylist()]
        again = scan(pa.array(short, pa.large_string()), _index())
        total[few] = again.votes
        n_tokens = n_tokens.copy()
        n_tokens[few] = again.n_tokens
        for row, text in zip(few.tolist(), short, strict=True):
            if total[row].sum() < _HARDLY_ANY:
                total[row, :4] += shape_votes(text)
    return choose_language(total, n_tokens)


def choose_language(votes: npt.NDArray[np.float32], n_tokens: npt.NDArray[np.int32]) -> tuple[pa.Array, pa.Array]:
    """Language and score from votes, shape (rows, `LANGUAGES`), and the tokens of each text."""
    bias = np.array([_OTHERS_BIAS if language == "other" else 1.0 for language in LANGUAGES], np.float32)
    best = (votes * bias).argmax(axis=1) if len(votes) else np.zeros(0, np.int64)
    top = votes[np.arange(len(votes)), best]
    known = (top >= _MIN_VOTES) & ((n_tokens < _MIN_TOKENS) | (top >= _MIN_DENSITY * VOTE * n_tokens))
    score = np.where(known, top / np.maximum(votes.sum(axis=1), 1e-9), 0).astype(np.float32)
    return pa.array(np.where(known, np.array(LANGUAGES)[best], "other"), pa.string()), pa.array(score)


def shape_votes(text: str) -> npt.NDArray[np.float32]:
    """Votes for nl, en, de and fr from letter pairs and endings in the first 200 characters."""
    short = text[:200].lower()
    return np.array([_SHAPE_VOTE * len(pattern.findall(short)) for pattern in _shapes()], np.float32)


@lru_cache(maxsize=1)
def stop_words() -> dict[str, dict[str, int]]:
    """Votes of each language of `LANGUAGES` per word, as `FormIndex.build(votes=…)` takes them.

    The eleven further languages are one, `other`, so that the token pass sums five numbers.
    """
    words: dict[str, set[str]] = {}
    with (resources.files("overstap.reference") / "data" / "stop_words.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            language = row["language"] if row["language"] in LANGUAGES else "other"
            for word in row["words"].replace("'", " ").split():
                for token in fold_tokens(word) or ():
                    words.setdefault(token, set()).add(language)
    return {
        language: {word: VOTE // len(spoken) for word, spoken in words.items() if language in spoken}
        for language in LANGUAGES
    }


@lru_cache(maxsize=1)
def _shapes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in _SHAPES)


@lru_cache(maxsize=1)
def _index() -> FormIndex:
    return FormIndex.build({}, votes=stop_words())
