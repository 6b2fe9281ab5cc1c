"""The trained artefact: what it holds, and how it is read from the one file that `scripts/train_linker.py` writes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.reference.arrays import load_arrays, unreadable
from overstap.semantic.compiled import hash_forms
from overstap.semantic.nearest import Clusters
from overstap.semantic.pieces import Pieces
from overstap.semantic.ranker import Ranker

Array = npt.NDArray[Any]
FILE = "linker.npz"
_URI = "http://data.europa.eu/esco/skill/"
SKILLS = pa.schema([("uri", pa.string()), ("label_nl", pa.string()), ("label_en", pa.string())])


@dataclass(frozen=True, eq=False)
class Forms:
    """Labels and alternative labels of the skills as lists of stems, with a hash to find a label that stands in a text.

    `of_skill[s] : of_skill[s + 1]` are the forms of skill s; `weight` is the rarity of each stem, `unknown` that of a
    word that no label holds.
    """

    stems: Array
    starts: Array
    of_skill: Array
    weight: Array
    unknown: float
    skill: Array
    hashes: Array
    hashed: Array
    longest: int

    @classmethod
    def build(cls, stems: Array, lengths: Array, per_skill: Array, n_stems: int) -> Forms:
        """From the flat stems, the number of them in each form, and the number of forms of each skill."""
        stems = stems.astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        of_skill = np.concatenate([[0], np.cumsum(per_skill, dtype=np.int64)])
        within = np.bincount(stems, minlength=n_stems)
        weight = np.log(len(lengths) / (1.0 + within)).astype(np.float32)
        hashes = hash_forms(stems, starts)
        order = np.argsort(hashes, kind="stable")
        skill = np.repeat(np.arange(len(per_skill), dtype=np.int32), per_skill)
        longest = int(lengths.max())
        return cls(
            stems, starts, of_skill, weight, float(weight.max()), skill, hashes[order], order.astype(np.int64), longest
        )


@dataclass(frozen=True, eq=False)
class Model:
    """Embeddings of pieces (int8, a scale a row) and of skills (unit vectors, float32, also in clusters), labels, forms
    and ranker."""

    pieces: Pieces
    table: Array
    scale: Array
    vectors: Array
    clusters: Clusters
    skills: pa.Table
    forms: Forms
    ranker: Ranker

    @classmethod
    def read(cls, path: Path | None = None) -> Model:
        """The model in `path`, or the one that is bundled. Raises `ReferenceDataError` where it cannot be read."""
        if path is None:
            with as_file(files("overstap.semantic").joinpath("data", FILE)) as bundled:
                return cls.read(bundled)
        what = f"The model that links phrases to skills, {path},"
        kept = load_arrays(path, what)
        try:
            return cls._unpack(kept)
        except (KeyError, ValueError) as error:
            raise unreadable(what, error) from error

    @classmethod
    def _unpack(cls, kept: dict[str, Array]) -> Model:
        stems = _lines(kept["stems"])
        vectors = kept["skill_table"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        uris = [_URI + str(UUID(bytes=row.tobytes())) for row in kept["uuids"]]
        labels = [[text or None for text in _lines(kept[name])] for name in ("labels_nl", "labels_en")]
        return cls(
            Pieces(_lines(kept["vocabulary"]), stems),
            kept["piece_table"],
            kept["piece_scale"].astype(np.float32),
            vectors,
            Clusters.of(vectors, kept["skill_cluster"]),
            pa.table([uris, *labels], schema=SKILLS),
            Forms.build(kept["form_stems"], kept["form_lengths"], kept["forms_per_skill"], len(stems)),
            Ranker.unpack(kept),
        )


def _lines(stored: Array) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")


def packed(lines: list[str]) -> Array:
    """Lines of text as the bytes that the artefact stores."""
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def uuid_bytes(uris: list[str]) -> Array:
    """The identifiers at the end of ESCO URIs, 16 bytes each. Raises ValueError for a URI of another form."""
    if wrong := [uri for uri in uris if not uri.startswith(_URI)]:
        raise ValueError(f"no ESCO skill: {wrong[0]}")
    return np.frombuffer(b"".join(UUID(uri[len(_URI) :]).bytes for uri in uris), dtype=np.uint8).reshape(-1, 16)
