"""Scenarios run through the outlook, placement and shortage: the same futures as the outlook's, with levers turned.

The draws of the outlook stay as they are, so that scenarios differ by their levers alone, and a scenario without levers
is the outlook to the last digit, occupation by occupation. Placement is solved for a part of the draws.

Sums of jobs and of flows, and their changes, are those of the paths. What does not add up (openings and shortages stop
at 0, places are filled one by one) lies elsewhere in the futures than on the path, where no forecast errs: it is told
by the median of the futures, and `path` stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from overstap.errors import InputError
from overstap.moves.collective import Question, capacity, leavers
from overstap.moves.feasible import Occupations, allowed, verdicts
from overstap.moves.placement import most
from overstap.outlook.balance import openings
from overstap.outlook.cells import change
from overstap.outlook.draws import bounds, ordered, stream
from overstap.outlook.levers import AGES, Effect, Exposure, effect, exposure, levers
from overstap.outlook.scenario import BASE, Scenario
from overstap.outlook.source import Floats
from overstap.outlook.table import Outlook, whole
from overstap.schema import table_spec

PLACED = ("leavers", "placed", "placed_pct")
SUMS = ("employed", "expansion", "outflow", "openings", "supply", "shortage")
OUTCOMES = (*SUMS, *PLACED)
ADD_UP = ("employed", "expansion", "outflow")
PLACEMENTS = 100  # draws for which placement is solved
ALL = "all"
_ROUNDED = 0.02  # how far shares that were rounded may add up beside 1


@dataclass(frozen=True)
class Market:
    """What scenarios run on: an outlook of BRC groups, the question of placement over the same groups, and shares.

    `question.facts` (`facts.SCHEMA`, without rest groups) and its similarity say which moves there are. `groups` are
    the user's shares of ages by occupation (code, kind, group, share), `topsectors` the share (NaN unknown) of each
    cell's jobs that lies in a topsector.
    """

    outlook: Outlook
    question: Question
    groups: pa.Table | None = None
    topsectors: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def level(self) -> Floats:
        """ISCO skill level of each cell, the highest of its unit groups; 1 for groups that take no part in moves."""
        known = dict(zip(*(self.question.facts[n].to_pylist() for n in ("code", "skill_level_max")), strict=True))
        return np.array([known.get(code, 1) for code in self.outlook.cells.codes], dtype=float)

    @cached_property
    def ages(self) -> dict[str, Floats]:
        """Share of each age in each cell, from the user's table; nothing where there is none."""
        rows = [row for row in (self.groups.to_pylist() if self.groups else []) if row["kind"] == "age"]
        if not rows:
            return {}
        found = {age: np.zeros(len(self.outlook.cells.codes)) for age in AGES}
        at = {code: i for i, code in enumerate(self.outlook.cells.codes)}
        for row in rows:
            if row["group"] in found and row["code"] in at:
                found[row["group"]][at[row["code"]]] = row["share"]
        given = sum(found.values(), np.zeros(len(at)))
        has = np.abs(given - 1) <= _ROUNDED  # with a part of the ages alone, those left out are unknown, not none
        if not has.any():
            return {}
        # An occupation whose ages are not known has the mean of those with them.
        shares = {age: np.divide(share, given, out=np.zeros(len(at)), where=has) for age, share in found.items()}
        return {age: np.where(has, share, share[has].mean()) for age, share in shares.items()}

    @cached_property
    def reached(self) -> Exposure:
        """How far each lever reaches each cell."""
        return exposure(self.outlook.cells.codes, self.outlook.cells.employed[:, 0])

    @cached_property
    def moves(self) -> npt.NDArray[np.bool_]:
        """Moves [from, to] that pass every rule but that on the outlook, which each future has anew."""
        anywhere = replace(self.question.rules, growth=-np.inf)
        known = Occupations.of(self.question.facts)
        open_ = replace(known, growth=np.nan_to_num(known.growth))
        return allowed(verdicts(open_, self.question.similarity, anywhere))

    @cached_property
    def placed_cells(self) -> npt.NDArray[np.int64]:
        """For each occupation of the question its cell; -1 where the outlook does not have it."""
        at = {code: i for i, code in enumerate(self.outlook.cells.codes)}
        return np.array([at.get(code, -1) for code in self.question.facts["code"].to_pylist()])


@dataclass(frozen=True, slots=True)
class Future:
    """An outlook under levers, with the supply and participation [cell, …] that they bring.

    `entering` [cell, year, draw] is what levers multiply graduates by. Where they do so for none but cells whose
    graduates are not known, what follows from graduates is not known either (`untold`).
    """

    outlook: Outlook
    supply: Floats
    participation: Floats
    entering: Floats

    def untold(self, known: npt.NDArray[np.bool_]) -> bool:
        """Whether levers multiply graduates, and none of cells where these are `known`."""
        turned = (self.entering != 1).any(axis=(1, 2))
        return bool(turned.any() and not (turned & known).any())


def run(market: Market, scenarios: Sequence[Scenario], confidence: float, seed: int) -> tuple[pa.Table, ...]:
    """`out_scenarios`, `out_scenario_occupations` and `out_scenario_levers`; the base is always among the scenarios.

    Raises `InputError` where two scenarios have one name, or ages are asked that no table gives.
    """
    names = [scenario.name for scenario in scenarios]
    if double := {name for name in names if names.count(name) > 1}:
        raise InputError(f"Two scenarios are called '{min(double)}'.", fix="Give each its own name.")
    for scenario in scenarios:
        _check_ages(market, scenario)
    base = Scenario(BASE, {}, {}, {})
    every = [base, *(scenario for scenario in scenarios if scenario.name != BASE)]
    rows: list[dict[str, object]] = []
    occupations: list[pa.Table] = []
    effects: list[dict[str, object]] = []
    before: dict[str, dict[str, tuple[float, Floats]]] = {}
    for scenario in every:
        central, drawn = futures(market, scenario, seed)
        found = outcomes(market, central, drawn)
        before = before or found
        rows += totals(scenario.name, found, before, confidence, market)
        occupations.append(_named(whole([_joined(central, drawn)], confidence), scenario.name))
        effects += tornado(market, scenario)
    spec = table_spec("out_scenario_occupations")
    return (
        pa.Table.from_pylist(rows, schema=table_spec("out_scenarios").schema),
        pa.concat_tables(occupations).select(spec.schema.names).cast(spec.schema),
        pa.Table.from_pylist(effects, schema=table_spec("out_scenario_levers").schema),
    )


def _check_ages(market: Market, scenario: Scenario) -> None:
    asked = [name for name in scenario.levers if name.startswith("retraining_age_")]
    if asked and not market.ages:
        raise InputError(
            f"Scenario {scenario.name} turns {asked[0]}, but no ages are given.",
            why="Nobody's age is invented: the ages of an occupation come from your own table.",
            fix="Set moves.groups to a CSV (code, kind, group, share) with kind age and groups young, middle, old,"
            " whose shares add up to 1.",
        )


def futures(market: Market, scenario: Scenario, seed: int) -> tuple[Future, Future]:
    """The outlook under a scenario: on its path (one draw), and in every future of the outlook."""
    draws = market.outlook.cells.employed_draws.shape[2]
    turned = scenario.drawn(draws, stream(seed, "levers", scenario.name))
    return under(market, scenario.fixed(), central=True), under(market, turned, central=False)


def under(market: Market, values: Mapping[str, Floats], *, central: bool) -> Future:
    """The outlook with levers at `values` ([draw] each): its path, or all its draws."""
    one, cells = market.outlook, market.outlook.cells
    places = np.nansum(openings(cells.expansion, cells.outflow), axis=1)
    turned = effect(values, len(cells.years) - 1, market.reached, places, market.level, market.ages)
    middle = (one.inflow_low + one.inflow_high) / 2
    stock = cells.employed[:, :, None] if central else cells.employed_draws
    left = cells.outflow[:, :, None] if central else cells.outflow_draws
    enter = middle[:, :, None] if central else one.inflow
    employed, outflow = _turned(stock, left, turned)
    inflow = enter * turned.inflow + turned.supply
    shown = replace(one, cells=replace(cells, employed_draws=employed, outflow_draws=outflow), inflow=inflow)
    if central:
        more, beside = turned.inflow[:, :, 0], turned.supply[:, :, 0]
        ends = (one.inflow_low * more + beside, one.inflow_high * more + beside)
        shown = replace(shown, inflow_low=ends[0], inflow_high=ends[1])
    draws = employed.shape[2]
    supply, entering = (np.broadcast_to(by, (*stock.shape[:2], draws)) for by in (turned.supply, turned.inflow))
    return Future(shown, supply, np.broadcast_to(turned.participation, (len(stock), draws)), entering)


def _turned(stock: Floats, left: Floats, turned: Effect) -> tuple[Floats, Floats]:
    """Stock and outflow under levers: who works there leaves at the same rate, and whom platforms draw besides."""
    employed = np.maximum(stock * turned.factor + turned.jobs, 0.0)
    rate = np.divide(employed, stock, out=np.ones_like(employed), where=stock > 0)
    return employed, left * rate + turned.leavers


def _joined(central: Future, drawn: Future) -> Outlook:
    """One outlook with the path of the first and the draws of the second, as `table.whole` shows it."""
    path = central.outlook
    cells = replace(
        drawn.outlook.cells,
        employed=path.cells.employed_draws[:, :, 0],
        outflow=path.cells.outflow_draws[:, :, 0],
    )
    return replace(drawn.outlook, cells=cells, inflow_low=path.inflow_low, inflow_high=path.inflow_high)


def outcomes(market: Market, central: Future, drawn: Future) -> dict[str, dict[str, tuple[float, Floats]]]:
    """For the country and each topsector every outcome: on the path, and in the draws (NaN where unknown)."""
    path, draws = _drawn(market, central), _drawn(market, drawn)
    return {name: {o: (float(path[name][o][0]), values) for o, values in rows.items()} for name, rows in draws.items()}


def _drawn(market: Market, future: Future) -> dict[str, dict[str, Floats]]:
    """For the country and each topsector every outcome in the draws; placement, for the country, in a part of them."""
    sums, found = _cell_sums(future), {}
    for name, weights in {ALL: np.ones(len(market.outlook.cells.codes)), **market.topsectors}.items():
        share = np.nan_to_num(weights)
        found[name] = {outcome: _total(sums[outcome], share) for outcome in SUMS}
    draws = range(min(PLACEMENTS, future.supply.shape[2]))
    placed = np.array([_placed(market, future, draw) for draw in draws])
    if future.untold(_has_graduates(market)):
        placed[:, 1:] = np.nan
    found[ALL] |= dict(zip(PLACED, placed.T, strict=True))
    return found


def _has_graduates(market: Market) -> npt.NDArray[np.bool_]:
    """For each cell whether its graduates are known: the outlook's own, or those that the study names for its moves."""
    one, named = market.outlook, market.question.graduates or {}
    return np.array([code in named for code in one.cells.codes]) | ~np.isnan(one.inflow_high[:, 1:]).any(axis=1)


def _cell_sums(future: Future) -> dict[str, Floats]:
    """Over all years, by cell and draw; `shortage` is NaN where the inflow is not known, and everywhere where levers
    turn none but inflow that is not known."""
    cells, one = future.outlook.cells, future.outlook
    known = np.array([not np.isnan(cell[1:]).any() for cell in one.inflow])
    short = np.nan if future.untold(known) else 1.0
    flow = change(cells.employed_draws)
    places = openings(flow, cells.outflow_draws)[:, 1:].sum(axis=1)
    supply = future.supply[:, 1:].sum(axis=1)
    return {
        "employed": cells.employed_draws[:, -1],
        "expansion": cells.employed_draws[:, -1] - cells.employed_draws[:, 0],
        "outflow": cells.outflow_draws[:, 1:].sum(axis=1),
        "openings": places,
        "supply": supply,
        "shortage": short * np.maximum(places - one.inflow[:, 1:].sum(axis=1), 0.0),
    }


def _total(values: Floats, weights: Floats) -> Floats:
    """The weighted sum over cells of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    total = (np.where(known, values, 0.0) * weights[:, None]).sum(axis=0)
    return np.where((known & (weights[:, None] > 0)).any(axis=0), total, np.nan)


def _placed(market: Market, future: Future, draw: int) -> tuple[float, float, float]:
    """Leavers, those who are placed and do move, and their share (%), in one draw."""
    asked, cells, at = market.question, future.outlook.cells, market.placed_cells
    known = at >= 0
    start, end = (cells.employed_draws[:, i, draw] for i in (0, -1))
    years = len(cells.years) - 1
    more, left = (end - start) / years, cells.outflow_draws[:, 1:, draw].mean(axis=1)

    def of(values: Floats) -> Floats:
        return np.where(known, values[at], np.nan)

    growth = np.divide(of(end - start), of(start), out=np.full(len(at), np.nan), where=of(start) > 0)
    codes, supply = asked.facts["code"].to_pylist(), np.nan_to_num(of(future.supply[:, 1:, draw].mean(axis=1)))
    places = openings(of(more), of(left)) - supply  # below 0 where levers bring more people than there are openings
    columns = {"growth": growth, "jobs": of(start), "expansion": of(more), "outflow": of(left), "openings": places}
    facts = pa.table({"code": codes, **columns})
    people = leavers(facts, asked.who, years)
    going = np.rint(people * np.where(known, future.participation[at, draw], 1.0)).astype(np.int64)
    # Graduates are the outlook's own; where it has none, those that the study names for its moves.
    entering = of(future.outlook.inflow[:, 1:, draw].mean(axis=1)) - supply
    turned = of(future.entering[:, 1:, draw].mean(axis=1))
    named = np.nan_to_num(turned, nan=1.0) * np.array([(asked.graduates or {}).get(code, 0.0) for code in codes])
    entering = np.where(np.isnan(entering), named, np.maximum(entering, 0.0))
    room = capacity(facts, years, dict(zip(codes, map(float, entering), strict=True)))
    total, found = int(people.sum()), most(going, room, market.moves & (growth >= asked.rules.growth)[None, :])
    return float(total), float(found), 100 * found / total if total else np.nan


def totals(
    name: str,
    found: Mapping[str, Mapping[str, tuple[float, Floats]]],
    before: Mapping[str, Mapping[str, tuple[float, Floats]]],
    confidence: float,
    market: Market,
) -> Iterator[dict[str, object]]:
    """Rows of `out_scenarios` of a scenario: what it comes to, and the difference from what was `before`."""
    jobs, years = market.outlook.cells.employed[:, 0], market.outlook.cells.years
    inflow_known = ~np.isnan(market.outlook.inflow_high[:, 1:]).any(axis=1)
    for topsector, rows in found.items():
        shares = market.topsectors.get(topsector, np.ones(len(jobs)))
        for outcome, (path, draws) in rows.items():
            before_path, before_draws = before[topsector][outcome]
            change = draws - before_draws
            row: dict[str, object] = {"scenario": name, "topsector": topsector, "outcome": outcome, "path": path}
            row |= {"first_year": years[0], "last_year": years[-1]}
            middle, moved = (float(ordered(several, 0.5)[0]) for several in (draws, change))
            for column, one, several in (
                ("value", path if outcome in ADD_UP else middle, draws),
                ("change", path - before_path if outcome in ADD_UP else moved, change),
            ):
                low, high = map(float, bounds(several, confidence))
                # A lever whose range lies to one side of its value puts the path at the edge of the futures.
                row |= {column: one, f"{column}_low": min(low, one), f"{column}_high": max(high, one)}
            row = {key: None if isinstance(end, float) and np.isnan(end) else end for key, end in row.items()}
            known = ~np.isnan(shares) & (inflow_known if outcome == "shortage" else True)
            yield row | {"known_pct": 100 * float(jobs[known].sum() / jobs.sum()), "draws_n": len(draws)}


def _named(rows: pa.Table, scenario: str) -> pa.Table:
    return rows.add_column(0, "scenario", pa.array([scenario] * rows.num_rows))


def tornado(market: Market, scenario: Scenario) -> Iterator[dict[str, object]]:
    """What each lever does by itself on the path, between its bounds; for the base, every lever over all its range."""
    if scenario.name == BASE:
        ranges = {name: (lever.low, lever.high) for name, lever in levers().items() if _alone(market, name)}
    else:
        ranges = {name: lever.bounds for name, lever in scenario.levers.items()}
    for name, (low, high) in ranges.items():
        ends = []
        for value in (low, high):
            future = under(market, {**scenario.fixed(), name: np.array([value])}, central=True)
            ends.append({outcome: values[0] for outcome, values in _drawn(market, future)[ALL].items()})
        for outcome in OUTCOMES:
            values = [None if np.isnan(end[outcome]) else float(end[outcome]) for end in ends]
            yield {
                "scenario": scenario.name,
                "lever": name,
                "outcome": outcome,
                "unit": levers()[name].unit,
                "lever_low": low,
                "lever_high": high,
                "value_low": values[0],
                "value_high": values[1],
            }


def _alone(market: Market, lever: str) -> bool:
    """Whether a lever does something by itself, without another that it works on."""
    if lever.startswith("retraining_age_"):
        return bool(market.ages)
    return lever not in ("platform_from_work", "cofinancing", "cofinancing_response")
