"""Series of changes: every quarter or month against the same one a year before, so that a season is no change."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from overstap.analysis.demand import sums_of
from overstap.analysis.periods import parse_period
from overstap.analysis.ratios import Compared, difference
from overstap.analysis.uncertainty import Floats, clustered_shares
from overstap.errors import InputError

_SUMS = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
_REST = ("known_n", "x", "n", "sum_ww")


def year_on_year(table: pa.Table, confidence: float, min_n: int = 1) -> pa.Table:
    """Change of each row of `cross` (unweighted, by year, quarter or month) against that of a year before.

    The key columns of the rows that have one, `first_period` in addition, the counts of both periods, ratio and
    difference of the shares with bounds, and the p-value of no change, unadjusted: a series of one item is looked at,
    not searched. Null where the base is nought or a period has a single employer. `is_reliable`: both periods have
    `min_n` vacancies or more, of two employers or more.

    Raises InputError for rows that are not of such periods.
    """
    keys = [name for name in table.column_names if name not in (*_SUMS, *_REST)]
    last = table.set_column(table.schema.get_field_index("period"), "period", table["period"].cast(pa.string()))
    last = last.append_column("first_period", pa.array([_year_before(p) for p in last["period"].to_pylist()]))
    others = [name for name in keys if name != "period"]
    first = table.rename_columns({"period": "first_period"})
    first, last = (_plain(side, [*others, "first_period"]) for side in (first, last))
    pairs = first.join(last, [*others, "first_period"], join_type="inner", left_suffix="_first", right_suffix="_last")
    pairs = pairs.sort_by([(name, "ascending") for name in (*others, "period")])
    sums = [sums_of(pairs.select([f"{m}_{s}" for m in _SUMS]).rename_columns(list(_SUMS))) for s in ("first", "last")]
    compared = Compared.of(sums[0], sums[1])
    bounds = compared.ratio, *compared.ratio_bounds(confidence)
    by = difference(clustered_shares(sums[0], confidence), clustered_shares(sums[1], confidence))
    measures = {
        **dict(zip(("ratio", "ratio_low", "ratio_high"), bounds, strict=True)),
        **dict(zip(("difference_pp", "difference_low", "difference_high"), (100 * v for v in by), strict=True)),
        "p_value": compared.p_value(),
    }
    counts = {
        f"{s}_{n}": pairs[f"{m}_{s}"]
        for s in ("first", "last")
        for n, m in (("n", "asked_n"), ("base_n", "vacancies_n"))
    }
    columns = {name: pairs[name] for name in ("first_period", "period", *others)} | counts
    enough = [(side.n >= min_n) & (side.g >= 2) for side in sums]
    known = {name: _known(values) for name, values in measures.items()}
    return pa.table(columns | known | {"is_reliable": pa.array(enough[0] & enough[1])})


def _plain(table: pa.Table, names: list[str]) -> pa.Table:
    """The columns `names` as text: dictionaries cannot be joined on."""
    for name in names:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.string()))
    return table


def _year_before(period: str) -> str:
    parsed = parse_period(period)
    if parsed is None:
        raise InputError(f"'{period}' is not a period.", fix="Cross by period: year, quarter or month.")
    return parsed.named(parsed.number - parsed.length)


def _known(values: Floats) -> pa.Array:
    return pa.array(np.where(np.isfinite(values), values, np.nan), from_pandas=True)
