"""What is asked or posted more, or less, than before: ratios of shares and the study's normalised growth factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from overstap.analysis.demand import sums_of
from overstap.analysis.uncertainty import (
    Floats,
    Sums,
    benjamini_hochberg,
    conditional_ratio,
    design_effect,
    exact_p_value,
    log_ratio_error,
    student_p_value,
    student_quantile,
)
from overstap.errors import InputError
from overstap.schema import table_spec
from overstap.schema.out import CELL_NAMES

_CELL = list(CELL_NAMES)
_KEY = [*_CELL, "item_kind", "item_id"]
_SUMS = ["asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn"]
_UNBOUNDED = 1e6
_SMALL = 10  # effective count, in either period, below which exact bounds are taken in place of the normal ones
_LEAST = 1e-300  # a tail that has run out of digits still gives a finite z


@dataclass(frozen=True)
class ChangeSettings:
    """Settings of the comparison; periods of None mean the first and the last year with vacancies.

    `reference` is what growth is measured against: `cell`, the row's own vacancies, or `ict`, all ICT vacancies. The
    growth of `ict` counts as known: bounds of the growth factor hold the uncertainty of the row's share alone, and are
    too narrow where ICT vacancies are few or of few employers.
    """

    confidence: float
    min_display: int
    fdr: float
    reference: str
    first_period: str | None = None
    last_period: str | None = None


def growth_factor(first_n: Floats, last_n: Floats, reference: Floats) -> Floats:
    """The study's normalised growth factor, (last / reference − first) / max(first, 1), not rounded.

    `reference` is the growth of the reference total (≈ 1.91 for ICT vacancies 2012–2017). Rounded half up it is
    consistent with all nine rows of the study's Table 1; the study does not print its formula.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return (last_n / reference - first_n) / np.maximum(first_n, 1)


def measure_change(sums: pa.Table, settings: ChangeSettings) -> pa.Table:
    """Rows of `out_change` from yearly rows of `core_demand_sums`.

    Ratios carry their own uncertainty; the growth of the reference total counts as known (see ChangeSettings). Where a
    year has a single employer, bounds and p-values are null and the direction is unclear.

    Raises InputError where a period that the study names has no vacancies.
    """
    yearly = sums.filter(pc.equal(sums["period_kind"], "year"))
    first_period, last_period = _periods(yearly, settings)
    pairs = _pairs(yearly, first_period, last_period)
    first, last = _side(pairs, "first"), _side(pairs, "last")
    reference = _reference_growth(yearly, pairs, first_period, last_period, settings.reference)
    columns: dict[str, Any] = {name: pairs[name] for name in _KEY}
    columns |= {
        "first_period": pa.repeat(first_period, len(pairs)),
        "last_period": pa.repeat(last_period, len(pairs)),
        "first_n": pairs["asked_n_first"],
        "last_n": pairs["asked_n_last"],
        "first_base_n": pairs["vacancies_n_first"],
        "last_base_n": pairs["vacancies_n_last"],
        "is_displayed": pa.array(first.x + last.x >= settings.min_display),
    }
    estimates = _estimates(first, last, reference, settings.confidence)
    estimates["q_value"] = _adjusted(pairs, first, last, estimates["p_value"], settings.min_display)
    # A bound beyond a million says that nothing is known on that side.
    known = {name: np.where(np.abs(v) < _UNBOUNDED, v, np.nan) for name, v in estimates.items()}
    columns |= {name: pa.array(v, from_pandas=True) for name, v in known.items()}
    columns["direction"] = _direction(estimates, settings.fdr)
    return pa.table({name: columns[name] for name in table_spec("out_change").names})


def _periods(yearly: pa.Table, settings: ChangeSettings) -> tuple[str, str]:
    known = sorted(pc.unique(yearly["period"]).to_pylist())
    if not known:
        return "", ""
    for name, wanted in (("compare_first", settings.first_period), ("compare_last", settings.last_period)):
        if wanted is not None and wanted not in known:
            raise InputError(
                f"period.{name} is {wanted}, but no vacancy was first posted then.",
                fix=f"Choose one of: {', '.join(known)}.",
            )
    return settings.first_period or known[0], settings.last_period or known[-1]


def _pairs(yearly: pa.Table, first_period: str, last_period: str) -> pa.Table:
    """Each item of each cell once, with its sums in the first and in the last period side by side.

    A cell without vacancies in one of the two periods cannot be compared and is left out.
    """
    first = yearly.filter(pc.equal(yearly["period"], first_period)).select([*_KEY, *_SUMS])
    last = yearly.filter(pc.equal(yearly["period"], last_period)).select([*_KEY, *_SUMS])
    joined = first.join(last, keys=_KEY, join_type="inner", left_suffix="_first", right_suffix="_last")
    return joined.sort_by([(name, "ascending") for name in _KEY])


def _side(pairs: pa.Table, side: str) -> Sums:
    return sums_of(pairs.select([f"{name}_{side}" for name in _SUMS]).rename_columns(_SUMS))


def _reference_growth(yearly: pa.Table, pairs: pa.Table, first_period: str, last_period: str, reference: str) -> Floats:
    """Growth of the reference total per row: the row's own cell, or the ICT vacancies of all cells."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if reference == "cell":
            return np.asarray(pairs["vacancies_n_last"]) / np.asarray(pairs["vacancies_n_first"], dtype=np.float64)
        whole = pc.field("item_kind") == "function_group"
        for name in _CELL:
            whole &= pc.field(name) == "all"
        ict = yearly.filter(whole & (pc.field("item_id") == "ict"))
        counts = dict(zip(ict["period"].to_pylist(), ict["asked_n"].to_pylist(), strict=True))
        growth = np.float64(counts.get(last_period, np.nan)) / np.float64(counts.get(first_period, np.nan))
        return np.full(len(pairs), growth)


def _estimates(first: Sums, last: Sums, reference: Floats, confidence: float) -> dict[str, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (last.x / last.n) / (first.x / first.n)
        error = log_ratio_error(first, last)
        # As for shares: the fewer the employers, the less certain the error itself. The year with fewest decides.
        freedom = np.minimum(first.g, last.g) - 1
        t = student_quantile(freedom, confidence)
        low, high = ratio * np.exp(-t * error), ratio * np.exp(t * error)
        # Few counts: exact bounds, on counts deflated by the design effect so that clusters still widen them.
        # NaN, like t, where a year has a single employer: its ads say nothing of others, so bounds and p are unknown.
        shrink = np.maximum(design_effect(first), design_effect(last))
        small = np.minimum(first.x, last.x) / shrink < _SMALL
        # So too where every vacancy has the item: that year would have no error at all.
        small |= (first.x >= first.n) | (last.x >= last.n)
        counts = first.x / shrink, last.x / shrink, first.n, last.n
        tail = stats.norm.sf(t)  # t in place of z: the exact bounds leave out what a normal variable has beyond t
        exact_low, exact_high = conditional_ratio(*counts, tail)
        low, high = np.where(small, exact_low, low), np.where(small, exact_high, high)
        exact_z = stats.norm.isf(np.maximum(exact_p_value(*counts) / 2, _LEAST))
        p_value = student_p_value(np.where(small, exact_z, np.log(ratio) / error), freedom)
        # The Poisson bound of the last count, at its effective size (Garwood 1936).
        garwood = stats.gamma.ppf(tail, last.x / shrink) * shrink
        growth_scale = last.n / first.n / reference
    return {
        "reference_growth": reference,
        "growth_factor": growth_factor(first.x, last.x, reference),
        # With a count at the start, the factor is the ratio of shares in the reference's measure, less one.
        # With none, only the lower side is known.
        "growth_low": np.where(first.x > 0, low * growth_scale - 1, garwood / reference),
        "growth_high": np.where(first.x > 0, high * growth_scale - 1, np.nan),
        "ratio": np.where(first.x > 0, ratio, np.nan),
        "ratio_low": low,
        "ratio_high": high,
        "p_value": p_value,
    }


def _adjusted(pairs: pa.Table, first: Sums, last: Sums, p: Floats, min_display: int) -> Floats:
    """Benjamini–Hochberg within each family: one cell and kind of item. The filter is on the sum of both counts."""
    adjusted = np.full(p.shape, np.nan)
    tested = (first.x + last.x >= min_display) & np.isfinite(p)
    families: Mapping[tuple[str, ...], list[int]] = _families(pairs, tested)
    for rows in families.values():
        adjusted[rows] = benjamini_hochberg(p[rows])
    return adjusted


def _families(pairs: pa.Table, tested: np.ndarray[Any, np.dtype[np.bool_]]) -> dict[tuple[str, ...], list[int]]:
    names = [*_CELL, "item_kind"]
    families: dict[tuple[str, ...], list[int]] = {}
    values = zip(*(pairs[name].to_pylist() for name in names), strict=True)
    for row, family in enumerate(values):
        if tested[row]:
            families.setdefault(family, []).append(row)
    return families


def _direction(estimates: Mapping[str, Floats], fdr: float) -> pa.Array:
    significant = np.nan_to_num(estimates["q_value"], nan=1.0) <= fdr
    # An interval that holds 1 leaves the direction open, whatever the adjusted p-value.
    up = significant & (np.nan_to_num(estimates["ratio_low"], nan=0.0) > 1)
    down = significant & (np.nan_to_num(estimates["ratio_high"], nan=np.inf) < 1)
    return pa.array(np.where(up, "rising", np.where(down, "falling", "unclear")))
