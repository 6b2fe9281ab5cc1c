"""What is asked or posted more, or less, than before: ratios of shares and the study's normalised growth factor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import stats

from overstap.analysis.correction import Corrections
from overstap.analysis.demand import sums_of
from overstap.analysis.families import adjusted, families, listed_confidence, shrunken
from overstap.analysis.paired import PRODUCTS
from overstap.analysis.ratios import Compared, difference
from overstap.analysis.shrinkage import benjamini_yekutieli
from overstap.analysis.uncertainty import Floats, Sums, benjamini_hochberg, clustered_shares
from overstap.errors import InputError
from overstap.schema import table_spec
from overstap.schema.out import CELL_NAMES

_CELL = list(CELL_NAMES)
_KEY = [*_CELL, "item_kind", "item_id"]
_SUMS = ["asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn"]
_UNBOUNDED = 1e6


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

    @property
    def period_kind(self) -> str:
        """year, or quarter where one is named."""
        return "quarter" if "Q" in f"{self.first_period}{self.last_period}" else "year"


@dataclass(frozen=True)
class _Judged:
    """Columns that follow from a family together, the direction, and whether a row may be listed."""

    columns: Mapping[str, Floats]
    direction: NDArray[np.str_]
    listable: NDArray[np.bool_]


def growth_factor(first_n: Floats, last_n: Floats, reference: Floats) -> Floats:
    """The study's normalised growth factor, (last / reference − first) / max(first, 1), not rounded.

    `reference` is the growth of the reference total (≈ 1.91 for ICT vacancies 2012–2017). Rounded half up it is
    consistent with all nine rows of the study's Table 1; the study does not print its formula.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return (last_n / reference - first_n) / np.maximum(first_n, 1)


def measure_change(
    sums: pa.Table, settings: ChangeSettings, corrections: Corrections | None = None, shared: pa.Table | None = None
) -> pa.Table:
    """Rows of `out_change` from rows of `core_demand_sums` of years, or of quarters where the settings name those.

    Corrected values are null without an audit. `shared`: `paired_sums` of the two periods; without them the employers
    that post in both count as different ones, and intervals are on the wide side.

    Ratios carry their own uncertainty; the growth of the reference total counts as known (see ChangeSettings). Where a
    year has a single employer, bounds and p-values are null and the direction is unclear.

    Raises InputError where a period that the study names has no vacancies.
    """
    counted = sums.filter(pc.equal(sums["period_kind"], settings.period_kind))
    schema = table_spec("core_demand_sums").schema
    counted = counted.cast(pa.schema([schema.field(name) for name in counted.schema.names]))  # no dictionary is sorted
    first_period, last_period = compared_periods(pc.unique(counted["period"]).to_pylist(), settings)
    pairs = _pairs(counted, first_period, last_period)
    products = None if shared is None else _products(pairs, shared)
    compared = Compared.of(_side(pairs, "first"), _side(pairs, "last"), products)
    reference = _reference_growth(counted, pairs, first_period, last_period, settings.reference)
    columns: dict[str, Any] = {name: pairs[name] for name in _KEY}
    columns |= {
        "first_period": pa.repeat(first_period, len(pairs)),
        "last_period": pa.repeat(last_period, len(pairs)),
        "first_n": pairs["asked_n_first"],
        "last_n": pairs["asked_n_last"],
        "first_base_n": pairs["vacancies_n_first"],
        "last_base_n": pairs["vacancies_n_last"],
    }
    found = _estimates(pairs, compared, reference, settings, corrections or Corrections.none())
    judged = _together(pairs, compared, settings, found)
    # A bound beyond a million says that nothing is known on that side.
    known = {n: np.where(np.abs(v) < _UNBOUNDED, v, np.nan) for n, v in {**found, **judged.columns}.items()}
    columns |= {name: pa.array(v, from_pandas=True) for name, v in known.items()}
    columns |= {"direction": pa.array(judged.direction), "is_displayed": pa.array(judged.listable)}
    return pa.table({name: columns[name] for name in table_spec("out_change").names})


def compared_periods(seen: Sequence[str], settings: ChangeSettings) -> tuple[str, str]:
    """The two periods to compare, of those with vacancies; two empty texts where there are none.

    Where one quarter alone is named the other is the same quarter of the first, or last, year: a season is no change.
    Raises InputError where a period that is named has no vacancies.
    """
    known = sorted(seen)
    if not known:
        return "", ""
    for name, wanted in (("compare_first", settings.first_period), ("compare_last", settings.last_period)):
        if wanted is not None and wanted not in known:
            raise InputError(
                f"period.{name} is {wanted}, but no vacancy was first posted then.",
                fix=f"Choose one of: {', '.join(known)}.",
            )
    season = (settings.first_period or settings.last_period or "")[4:]  # of a year: none
    alike = [period for period in known if period.endswith(season)]
    return settings.first_period or alike[0], settings.last_period or alike[-1]


def _pairs(counted: pa.Table, first_period: str, last_period: str) -> pa.Table:
    """Each item of each cell once, with its sums in the first and in the last period side by side.

    A cell without vacancies in one of the two periods cannot be compared and is left out.
    """
    first = counted.filter(pc.equal(counted["period"], first_period)).select([*_KEY, *_SUMS])
    last = counted.filter(pc.equal(counted["period"], last_period)).select([*_KEY, *_SUMS])
    joined = first.join(last, keys=_KEY, join_type="inner", left_suffix="_first", right_suffix="_last")
    return joined.sort_by([(name, "ascending") for name in _KEY])


def _products(pairs: pa.Table, shared: pa.Table) -> Floats:
    """The sums of PRODUCTS of each row of `pairs`."""
    rows = pairs.select(_KEY).append_column("row", pa.array(np.arange(len(pairs))))
    found = rows.join(shared, keys=_KEY, join_type="inner")
    out = np.zeros((len(PRODUCTS), len(pairs)))
    for i, name in enumerate(PRODUCTS):
        out[i, np.asarray(found["row"])] = np.asarray(found[name])
    return out


def _side(pairs: pa.Table, side: str) -> Sums:
    return sums_of(pairs.select([f"{name}_{side}" for name in _SUMS]).rename_columns(_SUMS))


def _reference_growth(
    counted: pa.Table, pairs: pa.Table, first_period: str, last_period: str, reference: str
) -> Floats:
    """Growth of the reference total per row: the row's own cell, or the ICT vacancies of all cells."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if reference == "cell":
            return np.asarray(pairs["vacancies_n_last"]) / np.asarray(pairs["vacancies_n_first"], dtype=np.float64)
        whole = pc.field("item_kind") == "function_group"
        for name in _CELL:
            whole &= pc.field(name) == "all"
        ict = counted.filter(whole & (pc.field("item_id") == "ict"))
        counts = dict(zip(ict["period"].to_pylist(), ict["asked_n"].to_pylist(), strict=True))
        growth = np.float64(counts.get(last_period, np.nan)) / np.float64(counts.get(first_period, np.nan))
        return np.full(len(pairs), growth)


def _estimates(
    pairs: pa.Table, compared: Compared, reference: Floats, settings: ChangeSettings, corrections: Corrections
) -> dict[str, Floats]:
    first, last, confidence = compared.first, compared.last, settings.confidence
    low, high = compared.ratio_bounds(confidence)
    shares = clustered_shares(first, confidence), clustered_shares(last, confidence)
    by = difference(*shares, compared.shared)
    corrected = corrections.change(pairs, *shares)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The Poisson bound of the last count, at its effective size (Garwood 1936).
        garwood = stats.gamma.ppf(compared.tail(confidence), last.x / compared.deflate) * compared.deflate
        growth_scale = last.n / first.n / reference
        return {
            "reference_growth": reference,
            "growth_factor": growth_factor(first.x, last.x, reference),
            # With a count at the start, the factor is the ratio of shares in the reference's measure, less one.
            # With none, only the lower side is known.
            "growth_low": np.where(first.x > 0, low * growth_scale - 1, garwood / reference),
            "growth_high": np.where(first.x > 0, high * growth_scale - 1, np.nan),
            "ratio": np.where(first.x > 0, compared.ratio, np.nan),
            "ratio_low": low,
            "ratio_high": high,
            **_named("difference", "_pp", (100 * v for v in by)),
            **_named("corrected_ratio", "", corrected.ratio),
            **_named("corrected_difference", "_pp", (100 * v for v in corrected.difference)),
            "p_value": compared.p_value(),
        }


def _together(pairs: pa.Table, compared: Compared, settings: ChangeSettings, found: Mapping[str, Floats]) -> _Judged:
    """What is said of each change in view of all the others of its family, and its direction."""
    p, listable = found["p_value"], compared.first.x + compared.last.x >= settings.min_display
    each = families(pairs, [*_CELL, "item_kind"], listable & np.isfinite(p))
    q_value = adjusted(p, each, benjamini_hochberg)
    value, error = compared.log_ratio(settings.confidence)
    shrunk = (np.exp(v) for v in shrunken(value, error, each, settings.confidence))
    direction = _direction(q_value, found, settings.fdr)
    listed = direction != "unclear"
    confidence, rows = listed_confidence(listed, each, settings.confidence), np.flatnonzero(listed)
    bounds = np.full((2, len(p)), np.nan)
    bounds[:, rows] = compared.rows(rows).ratio_bounds(confidence[rows])
    columns = {
        "q_value": q_value,
        "q_dependent": adjusted(p, each, benjamini_yekutieli),
        **_named("shrunk_ratio", "", shrunk),
        "listed_low": bounds[0],
        "listed_high": bounds[1],
    }
    return _Judged(columns, direction, listable)


def _named(name: str, unit: str, values: Iterable[Floats]) -> dict[str, Floats]:
    return dict(zip((f"{name}{unit}", f"{name}_low", f"{name}_high"), values, strict=True))


def _direction(q_value: Floats, found: Mapping[str, Floats], fdr: float) -> NDArray[np.str_]:
    significant = np.nan_to_num(q_value, nan=1.0) <= fdr
    # An interval that holds 1 leaves the direction open, whatever the adjusted p-value.
    up = significant & (np.nan_to_num(found["ratio_low"], nan=0.0) > 1)
    down = significant & (np.nan_to_num(found["ratio_high"], nan=np.inf) < 1)
    return np.where(up, "rising", np.where(down, "falling", "unclear"))
