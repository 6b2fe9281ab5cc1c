"""Skills that are asked together, and the titles and demand of occupations: crosses of the coded vacancies.

Each is a share with the interval of every share (`uncertainty.clustered_shares`); nothing is measured a second way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.analysis.change import ChangeSettings, compared_periods, measure_change
from overstap.analysis.codes import Codes
from overstap.analysis.cross import Crossed, cells_of, cross
from overstap.analysis.demand import add_shares, nullable, sums_of
from overstap.analysis.demand_sums import WEIGHED, weighed_sums
from overstap.analysis.paired import PRODUCTS, pair_items
from overstap.analysis.uncertainty import clustered_shares
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES, UNKNOWN

Occupation = Literal["brc", "isco4"]
MOST_PAIRS = 50
"""Other skills that are kept of each skill: those whose lift is certain to be highest."""


def skill_pairs(codes: Codes, confidence: float, min_n: int, min_display: int) -> pa.Table:
    """Rows of `out_skill_pairs`: of each skill the others that at least `min_display` of its vacancies ask too.

    The lift is the share among the vacancies with the skill over the share among all (Brin et al. 1997). Its bounds are
    those of the former share: what all vacancies ask counts as known, which errs on the wide side as they hold the
    vacancies with the skill. They are of each pair by itself, not of all at once.
    """
    every = cross(codes, "skill")
    overall = dict(
        zip(
            every["item_id"].to_pylist(),
            pc.divide(every["asked_n"].cast("double"), every["vacancies_n"]).to_pylist(),
            strict=True,
        )
    )
    found = cross(codes, "skill", ("skill",))
    found = found.filter(pc.greater_equal(found["asked_n"], min_display))
    names, others = (found[name].cast(pa.string()) for name in ("skill", "item_id"))
    apart = pc.not_equal(names, others)
    found, names, others = found.filter(apart), names.filter(apart), others.filter(apart)
    shown = _shares(found, confidence, min_n)
    base = np.array([overall[skill] for skill in others.to_pylist()], float)
    lifts = {
        end: pc.divide(shown[f"share_{of}"], 100 * base)
        for end, of in (("", "pct"), ("_low", "low"), ("_high", "high"))
    }
    columns = {
        "skill_id": names,
        "other_id": others,
        "both_n": found["asked_n"],
        **shown,
        "overall_pct": pa.array(100 * base),
    }
    columns |= {f"lift{end}": values for end, values in lifts.items()}
    table = pa.table({name: columns[name] for name in table_spec("out_skill_pairs").names})
    return _most(table)


def _most(pairs: pa.Table) -> pa.Table:
    """Of each skill the pairs with the highest lower bound of the lift, in that order."""
    ordered = pairs.sort_by([("skill_id", "ascending"), ("lift_low", "descending"), ("other_id", "ascending")])
    skills = (
        np.asarray(pc.dictionary_encode(ordered["skill_id"].combine_chunks()).indices) if len(ordered) else np.empty(0)
    )
    starts = np.searchsorted(skills, skills)
    return ordered.filter(pa.array(np.arange(len(ordered)) - starts < MOST_PAIRS))


def occupation_titles(codes: Codes, level: Occupation, confidence: float, min_n: int, min_display: int) -> pa.Table:
    """Rows of `out_occupation_titles`, of each occupation the most frequent first."""
    found = cross(codes, "title", (level,))
    kept = pc.and_(
        pc.greater_equal(found["asked_n"], min_display), pc.not_equal(found[level].cast(pa.string()), UNKNOWN)
    )
    found = found.filter(kept)
    columns = {"occupation": found[level].cast(pa.string()), "title": found["item_id"].cast(pa.string())}
    columns |= {"asked_n": found["asked_n"], **_shares(found, confidence, min_n)}
    table = pa.table({name: columns[name] for name in table_spec("out_occupation_titles").names})
    return table.sort_by([("occupation", "ascending"), ("asked_n", "descending"), ("title", "ascending")])


def _shares(found: pa.Table, confidence: float, min_n: int) -> dict[str, pa.Array]:
    sums = sums_of(found)
    shares = clustered_shares(sums, confidence)
    return {
        "vacancies_n": found["vacancies_n"],
        "employers_n": found["employers_n"],
        "share_pct": nullable(100 * shares.share),
        "share_low": nullable(100 * shares.low),
        "share_high": nullable(100 * shares.high),
        "is_reliable": pa.array((sums.n >= min_n) & (sums.g >= 2)),
    }


def occupations(codes: Codes, level: Occupation, confidence: float, min_n: int) -> pa.Table:
    """Rows of `out_occupations`: the share of all vacancies that each occupation has, by period."""
    names = table_spec("out_occupations").names
    sums = _sums(codes, level, "year")
    shown = [add_shares(batch, confidence=confidence, min_n=min_n) for batch in sums.to_batches()]
    return (pa.Table.from_batches(shown) if shown else table_spec("out_demand").schema.empty_table()).select(names)


def occupation_change(codes: Codes, level: Occupation, settings: ChangeSettings) -> pa.Table:
    """Rows of `out_occupation_change`, measured as any change (`measure_change`), against all vacancies."""
    kind = settings.period_kind
    sums = _sums(codes, level, kind)
    first, last = compared_periods(codes.levels(kind) if codes.n else [], settings)
    found = measure_change(sums, replace(settings, reference="cell"), None, _shared(codes, level, kind, first, last))
    return found.select(table_spec("out_occupation_change").names)


def _sums(codes: Codes, level: Occupation, period: str) -> pa.Table:
    """Rows as in `core_demand_sums`, of the whole cell alone, with occupations as items."""
    if not codes.n:
        return table_spec("core_demand_sums").schema.empty_table()
    codes.load([period, level])
    parts = zip((ALL, period), weighed_sums(codes, cells_of(codes, []), level, period), strict=True)
    return pa.concat_tables([_rows(codes, level, length, sums) for length, sums in parts])


def _rows(codes: Codes, level: Occupation, length: str, sums: Crossed) -> pa.Table:
    n, spec = len(sums.items), table_spec("core_demand_sums")
    columns = {
        name: pa.array(np.asarray(values, np.float64), from_pandas=True) for name, values in sums.measures.items()
    }
    columns |= {name: pa.nulls(n, pa.float64()) for name in WEIGHED if name not in sums.measures}
    columns |= {name: pa.repeat(pa.scalar(ALL), n) for name in CELL_NAMES}
    columns |= {"period_kind": pa.repeat(pa.scalar(length), n), "item_kind": pa.repeat(pa.scalar(level), n)}
    columns["period"] = codes.named(length, sums.keys[length]) if length != ALL else pa.repeat(pa.scalar(ALL), n)
    columns["item_id"] = codes.named(level, sums.items)
    table = pa.table({name: columns[name] for name in spec.names}).cast(spec.schema)
    return table.filter(pc.not_equal(table["item_id"], UNKNOWN)).sort_by(
        [("item_id", "ascending"), ("period", "ascending")]
    )


def _shared(codes: Codes, level: Occupation, kind: str, first: str, last: str) -> pa.Table | None:
    """What `measure_change` needs of employers that post in both periods; None where there is one period."""
    if first == last:
        return None
    time, column = codes.column(kind), codes.column(level)
    kept: NDArray[np.bool_] = np.isin(time.codes, [codes.code(kind, period) for period in (first, last)])
    late = (time.codes == codes.code(kind, last)).astype(np.uint8)
    _, items, products = pair_items(codes, cells_of(codes, [], kept), column, late)
    columns = {name: pa.repeat(pa.scalar(ALL), len(items)) for name in CELL_NAMES}
    columns |= {"item_kind": pa.repeat(pa.scalar(level), len(items))}
    columns |= {"item_id": codes.named(level, items).cast(pa.string())}
    return pa.table(columns | {name: pa.array(values) for name, values in zip(PRODUCTS, products, strict=True)})
