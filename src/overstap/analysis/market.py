"""From coded vacancies to the tables behind a change: its parts, spread, turnover and polarisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.codes import Codes
from overstap.analysis.composition import LEAST_CELL, Part, fixed_composition, shift_share
from overstap.analysis.cross import cross
from overstap.analysis.grouped import Item, counts_by_group, mixes
from overstap.analysis.polarisation import Coefficient, polarisation, routine_bias, routine_task_index
from overstap.analysis.spread import effective_number, raw_turnover, turnover
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES, UNKNOWN

MIX = ("isco2", "sector", "employer_type", "source")
MOST_ITEMS = 20  # risers and fallers of each kind whose change is split
_WHOLE_KINDS = ("category_group", "category", "function_group")
_SPREAD_MOVED = 0.10
_LEAST_TURNOVER = 200  # vacancies of an occupation, in each period, from which its turnover is told
Row = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """The two years or quarters that are compared, and the level of intervals."""

    first: str
    last: str
    confidence: float

    @property
    def period_kind(self) -> str:
        """year or quarter."""
        return "quarter" if "Q" in self.first else "year"


def chosen_items(change: pa.Table) -> list[Item]:
    """Items whose change is split: groups and categories of skills, function groups, and what rose or fell most."""
    rows = (
        _whole(change)
        .select(["item_kind", "item_id", "direction", "first_n", "last_n", "first_base_n", "last_base_n"])
        .to_pylist()
    )
    items = [(r["item_kind"], r["item_id"]) for r in rows if r["item_kind"] in _WHOLE_KINDS and r["item_id"] != UNKNOWN]
    for kind in ("skill", "title"):
        moved = [r for r in rows if r["item_kind"] == kind and r["direction"] != "unclear"]
        moved.sort(
            key=lambda r: (-abs(r["last_n"] / r["last_base_n"] - r["first_n"] / r["first_base_n"]), r["item_id"])
        )
        items += [(kind, r["item_id"]) for r in moved[:MOST_ITEMS]]
    return items


def composition_tables(
    codes: Codes, change: pa.Table, compared: Compared, least: int = LEAST_CELL
) -> tuple[pa.Table, pa.Table]:
    """Rows of `out_composition` and of `out_fixed_mix`; none where one year alone has vacancies. Cells of fewer than
    `least` vacancies are pooled."""
    years, periods = codes.levels("year"), codes.levels(compared.period_kind)
    items = chosen_items(change)
    if not items or not {compared.first, compared.last} <= set(periods) or compared.first == compared.last:
        return table_of("out_composition", []), table_of("out_fixed_mix", [])
    parts: dict[str, list[Part]] = {}
    chain: dict[str, list[Part]] = {}
    for mix in mixes(codes, MIX, "year", years, items, least):
        chain |= fixed_composition(mix, compared.confidence)
        if compared.period_kind == "year":
            parts |= shift_share(mix, years.index(compared.first), years.index(compared.last), compared.confidence)
    if compared.period_kind != "year":
        for mix in mixes(codes, MIX, compared.period_kind, (compared.first, compared.last), items, least):
            parts |= shift_share(mix, 0, 1, compared.confidence)
    of_both = _employers(codes, compared.period_kind, (compared.first, compared.last))
    of_year = [_employers(codes, "year", (year,)) for year in years]
    between = {"first_period": compared.first, "last_period": compared.last, "employers_n": of_both}
    split = [
        {**_item(key), "part": p.name, "vacancies_n": p.n, **between, **_bounds("value_pp", p)}
        for key, ps in parts.items()
        for p in ps
    ]
    fixed = [
        {**_item(key), "period": years[int(p.name)], "vacancies_n": p.n, "employers_n": of_year[int(p.name)]}
        | _bounds("share_pct", p, 0.0, 100.0)
        for key, ps in chain.items()
        for p in ps
    ]
    return table_of("out_composition", split), table_of("out_fixed_mix", fixed)


def _employers(codes: Codes, kind: str, periods: Sequence[str]) -> int:
    """How many employers post in any of these periods."""
    time = codes.column(kind)
    kept = np.isin(time.codes, [time.levels.index(period) for period in periods])
    return int(np.count_nonzero(np.bincount(codes.employers[kept])))


def listed_skills(change: pa.Table) -> list[str]:
    """Skills that are listed in the change over all vacancies, those asked most first."""
    kept = _whole(change.filter(pc.and_(change["is_displayed"], pc.equal(change["item_kind"], "skill"))))
    asked = {r["item_id"]: r["first_n"] + r["last_n"] for r in kept.to_pylist()}
    return sorted(asked, key=lambda skill: (-asked[skill], skill))


def spread_table(codes: Codes, change: pa.Table, compared: Compared, skills: Sequence[str]) -> pa.Table:
    """Rows of `out_spread`: skills that are listed in the change, over occupations and over sectors."""
    rows: list[Row] = []
    direction = _directions(change)
    for dimension in ("isco2", "sector"):
        counts = counts_by_group(codes, dimension, compared.period_kind, (compared.first, compared.last), skills)["x"]
        first, last = (effective_number(side, compared.confidence) for side in counts)
        asked = counts.sum(axis=(0, 1, 2))
        for i, skill in enumerate(skills):
            row: Row = {"skill_id": skill, "dimension": dimension, "first_period": compared.first}
            row |= {"last_period": compared.last, "asked_n": int(asked[i])}
            for when, side in (("first", first), ("last", last)):
                values = (side.value[i], side.low[i], side.high[i])
                row |= {f"{when}_{n}": known(v) for n, v in zip(("number", "low", "high"), values, strict=True)}
            row["movement"] = _movement(direction.get(skill, "unclear"), row)
            rows.append(row)
    return table_of("out_spread", rows)


def turnover_table(codes: Codes, compared: Compared, skills: Sequence[str]) -> pa.Table:
    """Rows of `out_turnover`: occupations with enough vacancies that ask a skill in both periods."""
    counts = counts_by_group(codes, "isco2", compared.period_kind, (compared.first, compared.last), skills)
    x, n = counts["x"], counts["n"]
    found = turnover(x[0], n[0], x[1], n[1], compared.confidence)
    raw = raw_turnover(x[0], n[0], x[1], n[1])
    ads = n.sum(axis=1)
    rows = []
    for i, occupation in enumerate(codes.levels("isco2")):
        if occupation == UNKNOWN or ads[:, i].min() < _LEAST_TURNOVER:
            continue
        values = {"turnover": found.value[i], "turnover_low": found.low[i], "turnover_high": found.high[i]}
        rows.append(
            {"isco2": occupation, "first_period": compared.first, "last_period": compared.last}
            | {"first_n": int(ads[0, i]), "last_n": int(ads[1, i])}
            | {name: known(value) for name, value in {**values, "turnover_raw": raw[i]}.items()}
        )
    return table_of("out_turnover", rows)


def polarisation_table(codes: Codes, employment: pa.Table, tasks: pa.Table, compared: Compared) -> pa.Table:
    """Rows of `out_polarisation`: of the vacancies, and of the jobs of the same years (Cedefop)."""
    content = {r["isco08_code"]: r for r in tasks.to_pylist() if r["section"] == "all"}
    occupations = sorted(content)
    counted = cross(codes, "isco2", (), compared.period_kind).to_pylist()
    vacancies = {(r["item_id"], r["period"]): float(r["asked_n"]) for r in counted}
    jobs = {(r["isco08_code"], str(r["year"])): float(r["employed"] or 0) for r in employment.to_pylist()}
    part = {
        name: np.array([content[o][name] for o in occupations], dtype=np.float64)
        for name in ("physical", "intellectual", "social", "routine")
    }
    routine = routine_task_index(part["routine"], part["intellectual"], part["social"], part["physical"])
    rows = []
    for what, counts in (("vacancies", vacancies), ("jobs", jobs)):
        first, last = (
            np.array([counts.get((o, period), 0.0) for o in occupations])
            for period in (period if what == "vacancies" else period[:4] for period in (compared.first, compared.last))
        )
        for measure, fit in (
            ("curvature", polarisation(first, last, part["intellectual"], compared.confidence)),
            ("routine", routine_bias(first, last, routine, compared.confidence)),
        ):
            rows.append({"what": what, "measure": measure, **_fit(fit, compared)})
    return table_of("out_polarisation", rows)


def _whole(change: pa.Table) -> pa.Table:
    """The rows over all vacancies."""
    for name in CELL_NAMES:
        change = change.filter(pc.equal(change[name], ALL))
    return change


def _directions(change: pa.Table) -> dict[str, str]:
    kept = _whole(change.filter(pc.equal(change["item_kind"], "skill")))
    return dict(zip(kept["item_id"].to_pylist(), kept["direction"].to_pylist(), strict=True))


def _movement(direction: str, row: Row) -> str:
    """What a skill does: rises and widens, rises within its occupations, falls and narrows, or falls everywhere.

    It widens or narrows only where the numbers of both periods lie a tenth apart and their intervals do not meet.
    """
    if direction == "unclear" or row["first_low"] is None or row["last_low"] is None:
        return "unclear"
    ratio = row["last_number"] / row["first_number"]
    if direction == "rising":
        wider = ratio >= 1 + _SPREAD_MOVED and row["last_low"] > row["first_high"]
        return "spreading" if wider else "deepening"
    narrower = ratio <= 1 / (1 + _SPREAD_MOVED) and row["last_high"] < row["first_low"]
    return "vanishing" if narrower else "thinning"


def _fit(fit: Coefficient, compared: Compared) -> Row:
    values = {"value": fit.value, "value_low": fit.low, "value_high": fit.high, "p_value": fit.p_value}
    periods = {"first_period": compared.first, "last_period": compared.last}
    return {
        **periods,
        **{name: known(value) for name, value in values.items()},
        "occupations_n": fit.n,
        "shape": fit.shape,
    }


def _item(key: str) -> Row:
    kind, _, id = key.partition(":")
    return {"item_kind": kind, "item_id": id}


def _bounds(name: str, part: Part, least: float = -100.0, most: float = 100.0) -> Row:
    stem = name.rpartition("_")[0]
    values = {name: part.value, f"{stem}_low": part.low, f"{stem}_high": part.high}
    return {key: known(float(np.clip(100 * value, least, most))) for key, value in values.items()}


def known(value: float) -> float | None:
    """The value, or None for what numpy does not know."""
    return float(value) if np.isfinite(value) else None


def table_of(name: str, rows: Sequence[Row]) -> pa.Table:
    """Rows under the contract of a table; columns that a row lacks are unknown."""
    schema = pa.schema([field.with_nullable(True) for field in table_spec(name).schema])
    return pa.Table.from_pylist(list(rows), schema=schema)
