"""What skills mean to the bundled model that links phrases to skills: vectors, and which may stand in for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from overstap.moves.profiles import Profiles
from overstap.reference import esco
from overstap.reference.cache import Parcel, keep, pack_arrays, source_digest, unpack_arrays

MIDPOINT = 0.6
"""The cosine at which a skill stands in for another by half. Of pairs of skills drawn at random 2 in 10,000 are above
it, of the pairs that ESCO itself relates a third."""
SLOPE = 40.0
_CUT = 0.48  # below it a stand-in is worth less than .01
_BLOCK = 1024

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SkillMeaning:
    """`vectors`: a unit vector of each skill, zero where the model has none; `near[s, t]`: how well skill s stands in
    for skill t, 1 on the diagonal."""

    vectors: npt.NDArray[np.float32]
    near: sp.csr_matrix

    @classmethod
    def of(cls, skills: Sequence[str], home: Path | None = None) -> SkillMeaning:
        """Of ESCO skills by URI; some seconds the first time, then kept. Raises ReferenceDataError where the bundled
        model is damaged or ESCO is not installed."""
        key = f"{source_digest('semantic', 'moves')} {esco.skills_digest(home)} {len(skills)}"
        return keep("skill-meaning", key, lambda: cls.of_vectors(_vectors(skills)), cls.pack, cls.unpack, home)

    @classmethod
    def of_vectors(cls, vectors: npt.NDArray[np.float32]) -> SkillMeaning:
        """From unit vectors: near is a sigmoid of the cosine around `MIDPOINT`, and nothing below the cut."""
        n = len(vectors)
        blocks = []
        for first in range(0, n, _BLOCK):
            cosine = vectors[first : first + _BLOCK] @ vectors.T
            row, column = np.nonzero(cosine > _CUT)
            blocks.append((row + first, column, cosine[row, column].astype(np.float64)))
        row, column, found = (np.concatenate(side) for side in zip(*blocks, strict=True))
        other = row != column
        worth = 1.0 / (1.0 + np.exp(SLOPE * (MIDPOINT - found[other])))
        near = sp.csr_matrix((worth, (row[other], column[other])), shape=(n, n)) + sp.identity(n, format="csr")
        return cls(vectors, sp.csr_matrix(near))

    def pack(self) -> Parcel:
        """What `unpack` reads again."""
        near = {name: getattr(self.near, name) for name in ("data", "indices", "indptr")}
        return pack_arrays({"vectors": self.vectors.astype(np.float16), **near}, {})

    @classmethod
    def unpack(cls, parcel: Parcel) -> SkillMeaning:
        """From the cache."""
        kept = unpack_arrays(parcel)
        vectors = kept["vectors"].astype(np.float32)
        near = sp.csr_matrix((kept["data"], kept["indices"], kept["indptr"]), shape=(len(vectors),) * 2)
        return cls(vectors, near)


def stand_ins(profiles: Profiles, home: Path | None = None) -> sp.csr_matrix:
    """How well each feature of `profiles` stands in for each other (0–1, 1 on the diagonal): near skills where features
    are ESCO skills, else only the feature itself."""
    if profiles.unit != "skills":
        return sp.identity(len(profiles.features), format="csr")
    return SkillMeaning.of(profiles.features, home).near


def _vectors(skills: Sequence[str]) -> npt.NDArray[np.float32]:
    from overstap.semantic.model import Model

    model = Model.read()
    place = {uri: i for i, uri in enumerate(model.skills["uri"].to_pylist())}
    found = np.zeros((len(skills), model.vectors.shape[1]), np.float32)
    for i, uri in enumerate(skills):
        if uri in place:
            found[i] = model.vectors[place[uri]]
    return found.astype(np.float16).astype(np.float32)  # as the cache holds them
