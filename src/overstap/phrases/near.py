"""The entry of the taxonomy that is nearest to a phrase by meaning, so that a curator sees what it may be a form of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from overstap.ads.lexicon import Array
from overstap.reference.taxonomy import Taxonomy
from overstap.semantic import compiled
from overstap.semantic.model import Model
from overstap.semantic.nearest import Clusters


def nearest_skills(phrases: Sequence[str], taxonomy: Taxonomy, model: Model | None = None) -> tuple[pa.Array, Array]:
    """The id of the skill one of whose labels or forms is nearest to each phrase, and their cosine; null and NaN where
    no word of the phrase is known. `model`: the bundled one by default."""
    if not phrases:
        return pa.array([], pa.string()), np.empty(0)
    model = model or Model.read()
    clusters, of = _index(taxonomy, model)
    rows, values = clusters.nearest(_vectors(model, phrases), 1)
    row = rows[:, 0]
    skill = pa.array(np.where(row >= 0, of[row], 0), mask=row < 0)
    found = taxonomy.skills["skill_id"].combine_chunks().take(skill)
    return found, np.where(row >= 0, values[:, 0], np.nan).astype(np.float64)


@lru_cache(maxsize=1)
def _index(taxonomy: Taxonomy, model: Model) -> tuple[Clusters, Array]:
    """The vectors of all labels and forms, and the row of the skill of each."""
    names, of = _names(taxonomy)
    vectors = _vectors(model, names)
    return Clusters.of(vectors, np.zeros(len(vectors), np.int64)), of


def _names(taxonomy: Taxonomy) -> tuple[list[str], Array]:
    """Labels and forms of all skills, and the row of the skill of each."""
    names: dict[tuple[str, int], None] = {}
    for column in ("label_nl", "label_en"):
        names |= {(text, row): None for row, text in enumerate(taxonomy.skills[column].to_pylist()) if text}
    forms = zip(taxonomy.forms["form"].to_pylist(), taxonomy.forms["skill_index"].to_pylist(), strict=True)
    names |= {(text, row): None for text, row in forms if row >= 0}
    return [text for text, _ in names], np.array([row for _, row in names], np.int64)


def _vectors(model: Model, texts: Sequence[str]) -> Array:
    pieces, _ = model.pieces.read(texts)
    vectors: Array = compiled.pool(pieces.values, pieces.starts, model.table, model.scale)[0]
    return vectors
