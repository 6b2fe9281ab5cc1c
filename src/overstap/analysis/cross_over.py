"""Where roles of two domains grow, and where skills of one domain are asked in occupations of another.

- *hybrid*: the title names two domains (`ads.title_domains`: data steward, I-nurse).
- *skills*: a vacancy asks a skill of a domain to which its occupation does not belong: digital skills in care, say.

The domain of an occupation is that of `occupation_domains.csv`, or none. Digital skills are of ict. Any other
professional skill is of the domain whose occupations ask it most, compared with all other occupations, where that is
RCA times as often or more (revealed comparative advantage, Balassa 1965; of skills in occupations: Alabdulkareem et al.
2018), and that asks it in `least` vacancies or more: the highest rate of a domain with few is luck. Languages and
general skills are of none. Domains of skills follow from all periods together, so that a skill does not move between
domains while it is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.ads.title_domains import DOMAINS
from overstap.analysis.codes import Codes
from overstap.analysis.coding import Column, Ints
from overstap.analysis.cross import Cells, cells_of, sum_items
from overstap.analysis.cross_kernel import count_items, foreign, pick
from overstap.analysis.market import Compared as Periods
from overstap.analysis.market import known, table_of
from overstap.analysis.paired import pair_items
from overstap.analysis.ratios import Compared, difference
from overstap.analysis.uncertainty import Sums, benjamini_hochberg, clustered_shares
from overstap.reference.tables import load
from overstap.schema.market import UNTESTED
from overstap.schema.out import ALL, UNKNOWN

RCA = 2.0
"""Times as often as elsewhere that the occupations of a domain ask a skill that is of it."""
HYBRID, SKILLS, ANY = "hybrid", "skills", "any"
_SETS = ((), ("isco2",), ("sector",), ("isco2", "sector"))
_SUMS = ("asked_n", "vacancies_n", "employers_n", "sum_xx", "sum_xn", "sum_nn")
_GENERAL = ("other", "language")  # groups of skills that belong to no domain
_MOST_SKILLS = 3
Row = dict[str, Any]


@dataclass(frozen=True)
class CrossOverSettings:
    """`periods` that are compared; `min_n` below which a cell is unreliable; `least`: vacancies with it, in both
    periods together, from which a change is tested, and in occupations of a domain from which a skill is of it."""

    periods: Periods
    fdr: float
    min_n: int
    least: int


def cross_over_table(codes: Codes, domains: pa.ChunkedArray, skills: pa.Table, settings: CrossOverSettings) -> pa.Table:
    """Rows of `out_cross_over`; `domains`: by row of the codes those of its title, none for a role of one, null where
    that is unknown; `skills`: `core_skills`."""
    if not codes.n:
        return table_of("out_cross_over", [])
    hybrid, named = _pairs_of(domains)
    home = occupation_domains(codes.column("isco4"))
    of_skill = skill_domains(codes, home, skills, settings.least)
    crossing = _crossing(codes.column("skill"), of_skill, home)
    foreign = _foreign(crossing, of_skill)
    rows = [*_rows(codes, HYBRID, hybrid, named, settings), *_rows(codes, SKILLS, foreign, home != -2, settings)]
    _tell_skills(codes, rows, crossing, of_skill, home != -2, settings.periods)
    key = ("kind", "item_id", "isco2", "sector", "period")
    return table_of("out_cross_over", sorted(rows, key=lambda row: tuple(row[name] for name in key)))


def occupation_domains(column: Column) -> Ints:
    """The domain (place in DOMAINS) of each row's occupation: −1 where it is of none, −2 where it is unknown."""
    table = load("occupation_domains")
    known_as = dict(zip(table["isco08"].to_pylist(), table["domain"].to_pylist(), strict=True))

    def domain(code: str) -> int:
        if code == UNKNOWN:
            return -2
        found = next((known_as[code[:n]] for n in range(4, 0, -1) if code[:n] in known_as), None)
        return -1 if found is None else DOMAINS.index(found)

    return np.array([domain(code) for code in column.levels], np.int32)[column.codes]


def skill_domains(codes: Codes, home: Ints, skills: pa.Table, least: int) -> Ints:
    """The domain of each skill, by its code: place in DOMAINS, −1 for none."""
    asked = codes.column("skill")
    assert asked.offsets is not None
    group = dict(zip(skills["skill_id"].to_pylist(), skills["category_group"].to_pylist(), strict=True))
    width = len(DOMAINS) + 2  # the last two are unknown and none, as −2 and −1 count from the end
    pairs = np.zeros((len(asked.levels), width), np.int64)
    count_items(home.astype(np.int64) % width, asked.offsets, asked.codes, np.arange(len(asked.levels)), pairs)
    counts = pairs.T.astype(np.float64)
    n = np.bincount(home % width, minlength=width).astype(np.float64)
    inside, counted = counts[: len(DOMAINS)], counts[:-2].sum(axis=0) + counts[-1]
    all_n = n[:-2].sum() + n[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = inside / n[: len(DOMAINS), None]
        elsewhere = (counted - inside) / (all_n - n[: len(DOMAINS), None])
        advantage = np.nan_to_num(np.where(inside >= least, share / elsewhere, 0.0), nan=0.0, posinf=np.inf)
    best = advantage.argmax(axis=0).astype(np.int32)
    found = np.where(advantage.max(axis=0) >= RCA, best, -1).astype(np.int32)
    groups = np.array([group.get(skill, "") for skill in asked.levels])
    found[np.isin(groups, _GENERAL)] = -1
    found[groups == "digital"] = DOMAINS.index("ict")
    return found


def _pairs_of(domains: pa.ChunkedArray) -> tuple[Column, NDArray[np.bool_]]:
    """Items of each row: any, and each pair of the domains of its title; and the rows where these are known."""
    levels = [ANY, *(f"{a} {b}" for a, b in combinations(DOMAINS, 2))]
    known_rows = np.asarray(pc.is_valid(domains))
    flat = pc.binary_join(domains, " ")
    encoded = (flat.combine_chunks() if isinstance(flat, pa.ChunkedArray) else flat).dictionary_encode()
    items: list[list[int]] = []
    for text in encoded.dictionary.to_pylist():
        pairs = list(combinations(sorted(text.split(), key=DOMAINS.index), 2))
        items.append([0, *(levels.index(" ".join(pair)) for pair in pairs)] if pairs else [])
    items.append([])  # what a null finds
    at = np.asarray(pc.fill_null(encoded.indices, len(items) - 1), np.int64)
    sizes = np.array([len(own) for own in items], np.int64)
    starts, flat_items = np.cumsum(sizes) - sizes, np.array([i for own in items for i in own], np.int16)
    length = sizes[at]
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return (
        Column(
            flat_items[np.repeat(starts[at], length) + within], levels, np.append(0, np.cumsum(length)).astype(np.int32)
        ),
        known_rows,
    )


def _crossing(asked: Column, of_skill: Ints, home: Ints) -> Column:
    """The skills that each row asks which are of another domain than its occupation."""
    assert asked.offsets is not None
    offsets, codes = foreign(asked.offsets, asked.codes, of_skill, home)
    return Column(codes, asked.levels, offsets)


def _foreign(crossing: Column, of_skill: Ints) -> Column:
    """The domains of the skills that cross, each once a row."""
    assert crossing.offsets is not None
    each = np.arange(len(crossing.offsets) - 1)
    offsets, codes = pick(each, crossing.offsets, crossing.codes, of_skill.astype(np.int16))
    return Column(codes, list(DOMAINS), offsets)


def _rows(
    codes: Codes, kind: str, items: Column, kept: NDArray[np.bool_], settings: CrossOverSettings
) -> Sequence[Row]:
    rows: list[Row] = []
    for by in _SETS:
        cells = cells_of(codes, by, kept, dict.fromkeys(by, (UNKNOWN,)))
        rows += _of_cells(codes, kind, items, by, cells, settings)
    return rows


def _of_cells(
    codes: Codes, kind: str, items: Column, by: Sequence[str], cells: Cells, settings: CrossOverSettings
) -> Sequence[Row]:
    """Shares of each cell and period, and on the last period's rows the change since the first."""
    length, compared = settings.periods.period_kind, settings.periods
    found = sum_items(codes, cells, items, length)
    sums = Sums(*(found.measures[name].astype(np.float64) for name in _SUMS))
    share = clustered_shares(sums, compared.confidence)
    places = zip(*(codes.named(name, found.keys[name]).to_pylist() for name in by), strict=True) if by else None
    where = list(places) if places is not None else [()] * len(found.items)
    periods = codes.named(length, found.keys[length]).to_pylist()
    rows = [
        {
            **{"kind": kind, "item_id": items.levels[item], "isco2": ALL, "sector": ALL, "period": period},
            **dict(zip(by, place, strict=True)),
            **{"asked_n": int(sums.x[i]), "vacancies_n": int(sums.n[i]), "employers_n": int(sums.g[i])},
            **{"share_pct": known(100 * share.share[i]), "share_low": known(100 * share.low[i])},
            **{
                "share_high": known(100 * share.high[i]),
                "is_reliable": bool(sums.n[i] >= settings.min_n and sums.g[i] >= 2),
            },
        }
        for i, (item, place, period) in enumerate(zip(found.items.tolist(), where, periods, strict=True))
    ]
    key = {(row["item_id"], place, row["period"]): i for i, (row, place) in enumerate(zip(rows, where, strict=True))}
    last_rows = [(key_of, i) for key_of, i in key.items() if key_of[2] == compared.last]
    ends = [(key.get((item, place, compared.first)), i) for (item, place, _), i in last_rows]
    pairs = np.array([(a, b) for a, b in ends if a is not None], np.int64).reshape(-1, 2)
    if compared.first != compared.last and len(pairs):
        _add_changes(codes, items, by, cells, settings, rows, where, sums, pairs)
    return rows


def _add_changes(
    codes: Codes,
    items: Column,
    by: Sequence[str],
    cells: Cells,
    settings: CrossOverSettings,
    rows: Sequence[Row],
    where: Sequence[tuple[str, ...]],
    sums: Sums,
    pairs: NDArray[np.int64],
) -> None:
    """The change of each pair of rows (first and last period), written to the last."""
    compared, time = settings.periods, codes.column(settings.periods.period_kind)
    ends = np.isin(time.codes, [time.levels.index(p) for p in (compared.first, compared.last)])
    late = (time.codes == time.levels.index(compared.last)).astype(np.uint8)
    cell, item, products = pair_items(codes, _only(cells, ends), items, late)
    named = [codes.named(name, cells.keys[name][cell]).to_pylist() for name in by]
    places = list(zip(*named, strict=True)) if by else [()] * len(cell)
    at = {(items.levels[i], place): n for n, (i, place) in enumerate(zip(item.tolist(), places, strict=True))}
    # What is seen in neither period, but in one between, has no products.
    products = np.append(products, np.zeros((len(products), 1)), axis=1)
    product = products[:, [at.get((rows[last]["item_id"], where[last]), -1) for _, last in pairs]]
    first, last = (_taken(sums, pairs[:, side]) for side in (0, 1))
    both = Compared.of(first, last, product)
    shares = clustered_shares(first, compared.confidence), clustered_shares(last, compared.confidence)
    by_pp = [100 * values for values in difference(*shares, both.shared)]
    p, tested = both.p_value(), first.x + last.x >= settings.least
    q = np.full(len(p), np.nan)
    told = np.flatnonzero(tested & np.isfinite(p))
    q[told] = benjamini_hochberg(p[told])
    for n, (_, at_last) in enumerate(pairs.tolist()):
        sure = np.isfinite(q[n]) and q[n] <= settings.fdr
        direction = ("rising" if by_pp[0][n] > 0 else "falling") if sure else "unclear"
        values = {"change_pp": by_pp[0][n], "change_low": by_pp[1][n], "change_high": by_pp[2][n], "q_value": q[n]}
        said = {"direction": direction, "note": None if np.isfinite(q[n]) else UNTESTED}
        rows[at_last].update({name: known(value) for name, value in values.items()} | said)


def _only(cells: Cells, kept: NDArray[np.bool_]) -> Cells:
    """The same cells with some of their rows."""
    mine = kept[cells.rows]
    before = np.concatenate([[0], np.cumsum(mine)])
    return Cells(before[cells.starts], cells.rows[mine], cells.keys)


def _taken(sums: Sums, at: NDArray[np.int64]) -> Sums:
    return Sums(*(getattr(sums, name)[at] for name in ("x", "n", "g", "xx", "xn", "nn")))


def _tell_skills(
    codes: Codes, rows: Sequence[Row], crossing: Column, of_skill: Ints, kept: NDArray[np.bool_], compared: Periods
) -> None:
    """On rows of the last period over all sectors: the skills of the domain that occupations of others ask most."""
    for by in ((), ("isco2",)):
        cells = cells_of(codes, by, kept, dict.fromkeys(by, (UNKNOWN,)))
        found = sum_items(codes, cells, crossing, compared.period_kind)
        place = codes.named("isco2", found.keys["isco2"]).to_pylist() if by else [ALL] * len(found.items)
        counts, domain = found.measures["asked_n"], of_skill[found.items]
        often: dict[tuple[str, str], list[str]] = {}
        last = np.array([at == compared.last for at in codes.levels(compared.period_kind)], bool)
        told = np.flatnonzero((counts > 0) & last[found.keys[compared.period_kind]])
        for i in told[np.argsort(-counts[told], kind="stable")].tolist():
            if len(own := often.setdefault((DOMAINS[domain[i]], place[i]), [])) < _MOST_SKILLS:
                own.append(crossing.levels[found.items[i]])
        for row in rows:
            if (row["kind"], row["sector"], row["period"]) == (SKILLS, ALL, compared.last) and (
                row["isco2"] == ALL
            ) != bool(by):
                row["skills"] = often.get((row["item_id"], row["isco2"]))
