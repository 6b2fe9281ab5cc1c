"""Train the bundled model of titles: `src/overstap/reference/models/title_encoder.npz`.

Usage: python scripts/train_titles.py [--shared DIR] [--epochs N] [--out FILE]

From the bundled titles (ESCO in Dutch and English, the ILO index, own common titles) and, with `--shared`, ESCO's
descriptions. A tenth of ESCO's alternative labels is never shown (`overstap.evaluate.titles.held_out`), so that the
ranking can be measured with the model that ships; the product has them all the same, as exact names. Same input and
libraries, same model up to the rounding of sums. About six minutes on one core.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.ads import _title_features as tf
from overstap.ads._title_common import common_titles
from overstap.ads._title_encoder import TitleEncoder, softmax, unit
from overstap.evaluate.titles import held_out, measure_ranking, ranking_cases
from overstap.reference import tables

OUT = Path(__file__).resolve().parents[1] / "src/overstap/reference/models/title_encoder.npz"
DESCRIPTIONS = (
    "classifications/esco_nl/v1.1.1/occupations_nl.csv.gz",
    "classifications/esco_v1.1.1_en/occupations_en.csv.gz",
)
SIZE, BATCH, RATE, DROPPED, SCALE, SEED = 128, 256, 0.05, 0.3, 14.0, 20
COMMON = 0.6  # titles of today, own judgement
MIN_TITLES = 8  # titles a feature must stand in
DUTCH, DESCRIBED, GROUPED = 2.0, 0.3, 0.5

Floats = npt.NDArray[np.float32]


class Examples(NamedTuple):
    """Texts with what they name: `first`–`last` is a range of concepts, which are ordered by ISCO-08 code."""

    texts: list[str]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    weight: Floats


def examples(shared: Path | None) -> tuple[Examples, list[str], list[str], int]:
    """Training texts, the concepts' URIs and codes in the order of the codes, and how many of the texts are titles."""
    rows = tables.load("occupation_titles").to_pylist()
    codes = {r["esco_uri"]: r["isco08"] for r in rows if r["esco_uri"]}
    uris = sorted(codes, key=lambda uri: (codes[uri], uri))
    place = {uri: i for i, uri in enumerate(uris)}
    ordered = [codes[uri] for uri in uris]
    found: list[tuple[str, int, int, float]] = []

    def add_group(title: str, code: str, weight: float) -> None:
        first, last = np.searchsorted(ordered, code), np.searchsorted(ordered, code, side="right")
        if last > first:
            found.append((title, int(first), int(last), weight))

    for r in rows:
        weight = DUTCH if r["language"] == "nl" else 1.0
        if r["esco_uri"] is None:
            add_group(r["title"], r["isco08"], GROUPED * weight)
        elif not held_out(r["title"], r["esco_uri"], r["kind"]):
            found.append((r["title"], place[r["esco_uri"]], place[r["esco_uri"]] + 1, weight))
    for title, language, code, uri in common_titles():
        weight = COMMON * (DUTCH if language == "nl" else 1.0)
        if uri is None:
            add_group(title, code, weight)
        else:
            found.append((title, place[uri], place[uri] + 1, weight))
    titles = len(found)
    if shared is not None:
        for path in DESCRIPTIONS:
            for r in csv_rows(shared / path):
                for sentence in re.split(r"(?<=[.;])\s+", r["description"])[:3]:
                    found.append((sentence, place[r["conceptUri"]], place[r["conceptUri"]] + 1, DESCRIBED))
    texts, first, last, weight_ = zip(*found, strict=True)
    return Examples(list(texts), np.array(first), np.array(last), np.array(weight_, np.float32)), uris, ordered, titles


def csv_rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    return list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))))


def train(given: Examples, uris: list[str], codes: list[str], titles: int, epochs: int) -> TitleEncoder:
    """Adagrad on the cross-entropy of concepts given texts, a fifth of the features dropped at random each time."""
    ones = tf.matrix([[tf.stem(w) for w in tf.reference_words(text)] for text in given.texts])
    frequency = np.bincount(ones[:titles].indices, minlength=tf.SIZE)
    features = np.flatnonzero(frequency >= MIN_TITLES).astype(np.int32)
    idf = np.log(titles / frequency[features]).astype(np.float32)
    x = tf.unit_rows((ones.tocsc()[:, features].tocsr() @ sp.diags(idf)).tocsr())
    rng = np.random.default_rng(SEED)
    w = (rng.normal(size=(len(features), SIZE)) * 0.05).astype(np.float32)
    single = np.flatnonzero(given.last[:titles] == given.first[:titles] + 1)
    member = sp.csr_matrix((np.ones(len(single)), (given.first[single], single)), (len(uris), len(given.texts)))
    c = unit((member @ (x @ w)).astype(np.float32))
    seen_w, seen_c = np.full(len(features), 1e-6, np.float32), np.full(len(uris), 1e-6, np.float32)
    begun = time.time()
    for epoch in range(epochs):
        rate, order = RATE * (1 - 0.8 * epoch / epochs), rng.permutation(len(given.texts))
        for start in range(0, len(order), BATCH):
            step(x, w, c, seen_w, seen_c, given, order[start : start + BATCH], rate, rng)
        steps = np.ones(len(features), np.float32)
        model = TitleEncoder(features, idf[:, None] * w, steps, uris, codes, unit(c), SCALE)
        figures = {name: f"{measure_ranking(model, cases)[0].value:.4f}" for name, cases in CASES.items()}
        print(f"epoch {epoch + 1}, {time.time() - begun:.0f} s: {figures}", flush=True)
    return model


def step(x, w, c, seen_w, seen_c, given, batch, rate, rng) -> None:  # type: ignore[no-untyped-def]
    """One batch; changes the weights in place."""
    rows = x[batch]
    rows.data = rows.data * (rng.random(len(rows.data)) > DROPPED) / np.float32(1 - DROPPED)
    columns, inverse = np.unique(rows.indices, return_inverse=True)
    rows = sp.csr_matrix((rows.data.astype(np.float32), inverse, rows.indptr), shape=(len(batch), len(columns)))
    sums = rows @ w[columns]
    length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    h, size = sums / length, np.linalg.norm(c, axis=1, keepdims=True)
    cn = c / size
    p = softmax((SCALE * (h @ cn.T)).astype(np.float32))
    weight = given.weight[batch] / len(batch)
    for i, (first, last) in enumerate(zip(given.first[batch], given.last[batch], strict=True)):
        mine = p[i, first:last] / max(float(p[i, first:last].sum()), 1e-9)
        p[i, first:last] -= mine
    p *= weight[:, None]
    of_h, of_c = SCALE * (p @ cn), SCALE * (p.T @ h)
    of_c = (of_c - cn * (of_c * cn).sum(1, keepdims=True)) / size
    of_w = rows.T @ ((of_h - h * (of_h * h).sum(1, keepdims=True)) / length)
    seen_w[columns] += (of_w**2).mean(1)
    w[columns] -= rate * of_w / np.sqrt(seen_w[columns])[:, None]
    seen_c += (of_c**2).mean(1)
    c -= 0.5 * rate * of_c / np.sqrt(seen_c)[:, None]


def save(model: TitleEncoder, path: Path) -> None:
    """Weights in eight bits with a step for each row; the concepts' vectors in sixteen."""
    steps = np.maximum(np.abs(model.weights).max(axis=1), 1e-9) / 127
    np.savez_compressed(
        path,
        features=model.features,
        weights=np.round(model.weights / steps[:, None]).astype(np.int8),
        steps=steps.astype(np.float32),
        uris=np.array(model.uris),
        codes=np.array(model.codes),
        concepts=model.concepts.astype(np.float16),
        scale=np.float32(model.scale),
    )


CASES = {language: ranking_cases(language) for language in ("nl", "en")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, help="folder with classifications/, for ESCO's descriptions")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    given, uris, codes, titles = examples(args.shared)
    print(f"{titles} titles, {len(given.texts) - titles} sentences, {len(uris)} concepts", flush=True)
    save(train(given, uris, codes, titles, args.epochs), args.out)


if __name__ == "__main__":
    main()
