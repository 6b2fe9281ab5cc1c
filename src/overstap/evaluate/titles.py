"""How well a title finds its ESCO occupation, on alternative labels that neither the index nor the model has seen."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from overstap.ads import _title_features as tf
from overstap.ads._title_encoder import TitleEncoder
from overstap.evaluate.measures import mean
from overstap.evaluate.skills import Estimate
from overstap.reference import tables


class Case(NamedTuple):
    """A title that was left out, and the concept whose name it is."""

    title: str
    uri: str
    isco08: str


def held_out(title: str, uri: str, kind: str) -> bool:
    """True for one in ten of ESCO's alternative labels, by a hash of label and concept: never trained on."""
    digest = blake2b(f"{title}{uri}".encode(), digest_size=2, key=b"alt").digest()
    return kind == "esco_alt" and int.from_bytes(digest, "big") % 10 == 0


def ranking_cases(language: str) -> list[Case]:
    """Labels left out, without those that differ from another label of their concept only in gender or number."""
    rows = [r for r in tables.load("occupation_titles").to_pylist() if r["esco_uri"]]
    left = [r for r in rows if held_out(r["title"], r["esco_uri"], r["kind"])]
    shown = {(_key(r["title"]), r["esco_uri"]) for r in rows if not held_out(r["title"], r["esco_uri"], r["kind"])}
    cases = [Case(r["title"], r["esco_uri"], r["isco08"]) for r in left if r["language"] == language]
    return [case for case in cases if (_key(case.title), case.uri) not in shown]


def measure_ranking(model: TitleEncoder, cases: list[Case]) -> tuple[Estimate, Estimate]:
    """Mean reciprocal rank of the right concept among all, and the share ranked first, with 95 % intervals."""
    column = {uri: i for i, uri in enumerate(model.uris)}
    gold = np.array([column[case.uri] for case in cases])
    vectors = model.vectors(tf.features([[tf.stem(w) for w in tf.reference_words(case.title)] for case in cases]))
    scores = np.concatenate([model.log_odds(vectors[i : i + 1024]) for i in range(0, len(vectors), 1024)])
    mine = scores[np.arange(len(gold)), gold][:, None]
    rank = 1 + (scores > mine).sum(axis=1) + ((scores == mine).sum(axis=1) - 1) / 2
    return mean(1 / rank), mean((rank == 1).astype(float))


def _key(title: str) -> str:
    return tf.compact([tf.stem(w) for w in tf.reference_words(title)])
