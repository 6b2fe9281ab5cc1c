"""Shares of items in cells, with the interval that follows from the sums over employers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from overstap.analysis.correction import Corrections
from overstap.analysis.uncertainty import Floats, Sums, clustered_shares
from overstap.schema import table_spec
from overstap.schema.out import WEIGHTED_NAMES

SUMS = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
WEIGHTED_SUMS = ("weight_x", "weight_n", "weight_g", "weight_xx", "weight_xn", "weight_nn", "vacancies_n", "weight_ww")


def sums_of(batch: pa.RecordBatch | pa.Table, names: Sequence[str] = SUMS) -> Sums:
    """The sums columns of `core_demand_sums` as arrays: of vacancies, or with WEIGHTED_SUMS of weights; null is NaN."""

    def column(name: str) -> Floats:
        return np.asarray(
            batch.column(name).to_numpy(zero_copy_only=False)
            if isinstance(batch, pa.RecordBatch)
            else batch.column(name).to_numpy(),
            dtype=np.float64,
        )

    return Sums(*(column(name) for name in names))


def add_shares(
    batch: pa.RecordBatch, *, confidence: float, min_n: int, corrections: Corrections | None = None
) -> pa.RecordBatch:
    """Rows of `core_demand_sums` as rows of `out_demand`: share and bounds in per cent, null where unknown.

    Corrected shares are null where no audit tells how the item's coding errs.
    """
    sums = sums_of(batch)
    shares = clustered_shares(sums, confidence)
    corrected = (corrections or Corrections.none()).share(batch, shares)
    columns = {name: batch.column(name) for name in batch.schema.names if not name.startswith(("sum_", "weight_"))}
    columns |= weighted_columns(batch, confidence)
    columns |= {
        "share_pct": nullable(100 * shares.share),
        "share_low": nullable(100 * shares.low),
        "share_high": nullable(100 * shares.high),
        "design_effect": nullable(shares.design_effect),
        "corrected_pct": nullable(100 * corrected.value),
        "corrected_low": nullable(100 * corrected.low),
        "corrected_high": nullable(100 * corrected.high),
        "is_reliable": pa.array((sums.n >= min_n) & (sums.g >= 2)),
    }
    return pa.RecordBatch.from_pydict({name: columns[name] for name in table_spec("out_demand").names})


def weighted_columns(batch: pa.RecordBatch | pa.Table, confidence: float) -> dict[str, pa.Array]:
    """The columns of WEIGHTED from those of WEIGHTED_SUMS, null where nothing weighs."""
    if batch.column("weight_n").null_count == batch.num_rows:
        return {name: pa.nulls(batch.num_rows, pa.float64()) for name in WEIGHTED_NAMES}
    sums = sums_of(batch, WEIGHTED_SUMS)
    shares = clustered_shares(sums, confidence)
    values = (shares.share, shares.low, shares.high)
    return {name: nullable(100 * value) for name, value in zip(WEIGHTED_NAMES, values, strict=True)}


def nullable(values: Floats) -> pa.Array:
    """The values, null where they are NaN."""
    return pa.array(values, from_pandas=True)  # NaN, the unknown of numpy, becomes null, the unknown of a table
