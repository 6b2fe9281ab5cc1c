"""Changes that are not said: two periods without a source in common differ in who was read, whatever they show.

What a table holds of one period alone stays; what compares two becomes unknown, with the reason in its column `note`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.codes import Codes
from overstap.schema.market import APART

# By table, the columns that compare periods and what they hold where nothing is compared.
_COMPARING: Mapping[str, Mapping[str, str | None]] = {
    "out_composition": dict.fromkeys(("value_pp", "value_low", "value_high")),
    "out_fixed_mix": dict.fromkeys(("share_pct", "share_low", "share_high")),
    "out_spread": {"movement": "unclear"},
    "out_turnover": dict.fromkeys(("turnover", "turnover_low", "turnover_high", "turnover_raw")),
    "out_polarisation": {**dict.fromkeys(("value", "value_low", "value_high", "p_value")), "shape": "none"},
    "out_borders": dict.fromkeys(("change", "change_low", "change_high")),
    "out_new_phrases": {"direction": "unclear", "q_value": None},
    "out_cross_over": dict.fromkeys(("change_pp", "change_low", "change_high", "q_value", "direction")),
}


def sources_of(codes: Codes, kind: str) -> NDArray[np.bool_]:
    """Which sources [period, source] have vacancies in each year or quarter (`kind`), in the order of its levels."""
    time, source = codes.column(kind), codes.column("source")
    shape = (len(time.levels), len(source.levels))
    pair = time.codes.astype(np.int64) * shape[1] + source.codes
    return np.bincount(pair, minlength=shape[0] * shape[1]).reshape(shape) > 0


def apart(codes: Codes, kind: str, first: str, last: str) -> bool:
    """Whether both periods have vacancies, but no source in both."""
    seen, levels = sources_of(codes, kind), codes.levels(kind)
    if not {first, last} <= set(levels):
        return False
    one, other = seen[levels.index(first)], seen[levels.index(last)]
    return bool(one.any() and other.any() and not (one & other).any())


def apart_from_first(codes: Codes) -> list[str]:
    """The years that have no source in common with the first."""
    seen, years = sources_of(codes, "year"), codes.levels("year")
    return [year for year, there in zip(years, seen, strict=True) if there.any() and not (seen[0] & there).any()]


def off_the_chain(codes: Codes) -> list[str]:
    """The years from the first on that has no source in common with the year before it."""
    seen, years = sources_of(codes, "year"), codes.levels("year")
    breaks = (at for at in range(1, len(years)) if not (seen[at - 1] & seen[at]).any())
    return list(years[next(breaks, len(years)) :])


def unsaid(name: str, table: pa.Table, column: str = "", values: Sequence[str] = ()) -> pa.Table:
    """The table without what it compares, and with the reason, in the rows of which `column` has one of these values;
    without a column in every row."""
    if column:
        told = pc.is_in(table[column], pa.array(list(values), pa.string()))
    else:
        told = pa.array(np.ones(table.num_rows, np.bool_))
    for compared, instead in {**_COMPARING[name], "note": APART}.items():
        at, field = table.schema.get_field_index(compared), table.schema.field(compared)
        new = pc.if_else(told, pa.scalar(instead, field.type), table[compared])
        table = table.set_column(at, field, new)
    return table
