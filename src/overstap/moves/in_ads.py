"""What a study's own ads ask of occupations: share of the ads × specificity, of single skills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.codes import Codes
from overstap.analysis.cross import cross
from overstap.moves.profiles import Profiles, profiles_of_ads


def asked_in_ads(read: Codes, level: Literal["brc", "isco"], codes: Sequence[str], min_n: int) -> Profiles | None:
    """The profiles of the occupations of `level` among `codes` that `min_n` vacancies or more ask skills of; None where
    there are none. Features are skills of the study's taxonomy; see `profiles_of_ads` for the values."""
    name = {"brc": "brc", "isco": "isco4"}[level]
    asked = cross(read, "skill", (name,))
    enough = pc.and_(pc.greater_equal(asked["vacancies_n"], min_n), pc.greater(asked["asked_n"], 0))
    asked = asked.filter(pc.and_(enough, pc.is_in(asked[name].cast(pa.string()), pa.array(codes, pa.string()))))
    if not asked.num_rows:
        return None
    share = pc.divide(asked["asked_n"].cast(pa.float64()), asked["vacancies_n"].cast(pa.float64()))
    columns = {
        "occupation": asked[name].cast(pa.string()),
        "skill": asked["item_id"].cast(pa.string()),
        "share": share,
    }
    return profiles_of_ads(pa.table(columns), level)
