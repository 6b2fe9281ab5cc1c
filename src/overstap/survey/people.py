"""The respondents who count, with weights and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats


@dataclass(frozen=True)
class People:
    """Those who count: their weights, and by split the names of groups with the place of each one's group, −1 where it
    is not known."""

    weights: Floats
    names: dict[str, list[str]]
    groups: dict[str, Any]
    place: dict[str, int]


def people_of(respondents: pa.Table, splits: Iterable[str]) -> People:
    """The respondents who count, in order."""
    splits = list(dict.fromkeys(splits))
    rows = [row for row in respondents.to_pylist() if row["is_counted"]]
    names = {split: sorted({row[split] for row in rows if row[split] is not None}) for split in splits}
    at = {split: {name: i for i, name in enumerate(found)} for split, found in names.items()}
    groups = {split: np.array([at[split].get(row[split], -1) for row in rows], np.int64) for split in splits}
    weights = np.array([row["weight"] or 0.0 for row in rows])
    return People(weights, names, groups, {row["respondent_id"]: at for at, row in enumerate(rows)})
