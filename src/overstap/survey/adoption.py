"""Adoption of technologies by sector and firm size, what hinders it, and how far small and medium firms lag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from overstap.analysis.uncertainty import Floats, benjamini_hochberg
from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.study_survey import SurveySettings
from overstap.survey.estimate import Estimate, p_of_shares, share
from overstap.survey.hide import CROSSED, EVERYONE, Group, hidden_groups, is_crossed
from overstap.survey.people import People, people_of
from overstap.survey.scales import leading_number, plain
from overstap.survey.series import adoption_series, populations, series

Row = dict[str, Any]

LARGE = 250  # employees from which a firm is not small or medium (Commission Recommendation 2003/361/EC)
_LARGE = frozenset({"large", "groot", "grootbedrijf"})
_SMALL = frozenset({"sme", "mkb", "small", "medium", "micro", "klein", "midden", "middelgroot"})


def is_large(size: str | None) -> bool | None:
    """Whether a firm of this size, `50-249` or `250+`, is no SME; null where the size does not say."""
    number = leading_number((size or "").replace("-", " - ").split(" ")[0]) if size else None
    if number is not None:
        return number >= LARGE
    word = plain(size or "")
    return True if word in _LARGE else False if word in _SMALL else None


def measure_adoption(
    questions: pa.Table, respondents: pa.Table, answers: pa.Table, settings: SurveySettings, confidence: float
) -> pa.Table:
    """`out_adoption`; empty where no question is used for adoption or obstacles."""
    people = people_of(respondents, [*settings.splits, *CROSSED])
    adopted = list(adoption_series(questions, answers, people))
    asked = populations(series(questions, answers, people), adopted)
    hidden = hidden_groups(people, asked, settings, crossed=is_crossed(questions))
    rows: list[Row] = []
    for measure, item, x, at in adopted:
        rows += _cells(measure, item, x, at, people, hidden.of(at), confidence)
        if measure == "in_use":
            rows += _lags(item, x, at, people, settings, hidden.of(at), confidence)
    for sector in sorted({row["sector"] for row in rows}):
        family = [
            row for row in rows if row["measure"] == "sme_lag" and row["sector"] == sector and not row["is_suppressed"]
        ]
        if family:
            for row, q in zip(family, benjamini_hochberg(np.array([r["p_value"] for r in family])), strict=True):
                row["q_value"] = float(q)
    return pa.Table.from_pylist(rows, schema=table_spec("out_adoption").schema)


def _cells(
    measure: str, item: str, x: Floats, at: Any, people: People, gone: frozenset[Group], confidence: float
) -> list[Row]:
    """A share for everyone, each sector, each size, and each sector by size; too small ones hidden."""
    found_sectors, found_sizes = people.names["sector"], people.names["size"]
    is_sector = {s: people.groups["sector"][at] == i for i, s in enumerate(found_sectors)} | {
        ALL: np.ones(len(x), bool)
    }
    is_size = {s: people.groups["size"][at] == i for i, s in enumerate(found_sizes)} | {ALL: np.ones(len(x), bool)}
    masks = {(a, b): is_sector[a] & is_size[b] for a in is_sector for b in is_size}
    rows = []
    for (sector, size), mask in masks.items():
        weights = people.weights[at][mask]
        if not mask.any():
            continue
        shown = _group(sector, size) not in gone and weights.sum() > 0
        estimate = share(x[mask], weights, confidence) if shown else None
        rows.append(_row(measure, item, sector, size, estimate))
    return rows


def _group(sector: str, size: str) -> Group:
    if sector == size == ALL:
        return EVERYONE
    return ("sector", sector) if size == ALL else ("size", size) if sector == ALL else (sector, size)


def _lags(
    item: str, x: Floats, at: Any, people: People, settings: SurveySettings, gone: frozenset[Group], confidence: float
) -> Iterator[Row]:
    """How much lower the share in use is among small and medium firms than among large ones, in points (Newcombe 1998,
    on effective numbers); for everyone and each sector."""
    kinds = np.array([{True: 1, False: 0, None: -1}[is_large(size)] for size in people.names["size"]] + [-1])
    large = kinds[people.groups["size"][at]]
    if 1 not in large or 0 not in large:
        return
    for place, sector in [(-1, ALL), *enumerate(people.names["sector"])]:
        inside = (people.groups["sector"][at] == place) | (sector == ALL)
        masks = [inside & (large == kind) for kind in (1, 0)]
        weights = [people.weights[at][mask] for mask in masks]
        few = min(int(mask.sum()) for mask in masks) < settings.min_cell or min(w.sum() for w in weights) <= 0
        # Its n is a sum over sizes: it would tell a hidden one.
        if few or any(_group(sector, size) in gone for size in (ALL, *people.names["size"])):
            yield _row("sme_lag", item, sector, ALL, None)
            continue
        big, small = (share(x[mask], w, confidence) for mask, w in zip(masks, weights, strict=True))
        d = big.value - small.value
        low = d - np.hypot(big.value - big.low, small.high - small.value)
        high = d + np.hypot(big.high - big.value, small.value - small.low)
        both = Estimate(d, float(low), float(high), big.n + small.n, big.effective + small.effective, np.nan)
        yield {**_row("sme_lag", item, sector, ALL, both), "p_value": p_of_shares(big, small)}


def _row(measure: str, item: str, sector: str, size: str, found: Estimate | None) -> Row:
    return {
        "measure": measure,
        "item": item,
        "sector": sector,
        "size": size,
        "value": None if found is None else 100 * found.value,
        "value_low": None if found is None else 100 * found.low,
        "value_high": None if found is None else 100 * found.high,
        "n": None if found is None else found.n,
        "n_effective": None if found is None else found.effective,
        "p_value": None,
        "q_value": None,
        "is_suppressed": found is None,
    }
