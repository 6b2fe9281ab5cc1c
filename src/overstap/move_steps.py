"""The steps of moves: what is known of occupations, how alike they are, who can go where, where everyone could go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.errors import OverstapError, problems_of
from overstap.steps import Context, Step, table_step, tables_step
from overstap.study_moves import Moves

if TYPE_CHECKING:
    from overstap.analysis.codes import Codes
    from overstap.moves.collective import Question
    from overstap.moves.similarity import Threshold

_PLACEMENT = tuple(f"out_placement{part}" for part in ("", "_occupations", "_groups", "_flows", "_bounds"))
_TRAINING = tuple(f"out_training_{part}" for part in ("packages", "bill", "returns", "population"))
_FACTS = ("core_occupations", "core_similarity")
_OWN = ("groups", "graduates", "training_costs", "training_returns", "population")  # tables of the study's own
_ADS = 500_000  # ads that the space of skills is made of, at most about twice as many


def move_steps() -> list[Step]:
    """The steps in order. They rest on bundled facts and own tables, so that a study without ads has them too."""
    return [
        table_step(
            "describe_occupations",
            "core_occupations",
            (),
            _occupations,
            depends=_own_facts,
            code=("overstap.move_steps", "overstap.moves.facts"),
        ),
        table_step(
            "compare_occupations",
            "core_similarity",
            ("core_levels", "core_codes"),
            _similarity,
            depends=lambda context: [context.spec.moves.level, context.spec.measures.min_n, _installed()],
            code=("overstap.move_steps", "overstap.moves.similarity", "overstap.moves.in_ads"),
        ),
        table_step(
            "judge_moves",
            "out_moves",
            _FACTS,
            _judged,
            depends=_rule_facts,
            code=("overstap.move_steps", "overstap.moves.feasible", "overstap.moves.gaps"),
        ),
        _many("place_leavers", _PLACEMENT, _placed, "overstap.moves.collective"),
        _many("vary_placement", ("out_placement_surface",), _surface, "overstap.moves.question"),
        tables_step(
            "plan_training",
            _TRAINING,
            ("core_occupations", "out_placement_flows"),
            _training,
            depends=_rule_facts,
            code=(
                "overstap.move_steps",
                "overstap.moves.packages_for",
                "overstap.moves.bill",
                "overstap.moves.population",
            ),
        ),
    ]


def _many(name: str, writes: tuple[str, ...], make: Callable[[Context], tuple[pa.Table, ...]], module: str) -> Step:
    return tables_step(name, writes, _FACTS, make, depends=_rule_facts, code=("overstap.move_steps", module))


def check_moves(moves: Moves, base: Path) -> list[OverstapError]:
    """Every problem of the settings and own tables of moves; `base` is the study file's folder."""
    from overstap.moves.bill import assumptions, check_shares
    from overstap.moves.collective import capacity, own_groups
    from overstap.moves.facts import occupation_facts
    from overstap.moves.population import population
    from overstap.moves.question import graduates_of, read_own, taking_part
    from overstap.outlook.source import check_window, employment_paths

    window = moves.first_year, moves.last_year
    problems = problems_of([lambda: check_window(window, employment_paths())])
    own: dict[str, pa.Table] = {}
    others = [(what, getattr(moves, what)) for what in _OWN]
    for what, name in [*moves.own.items(), *others]:
        try:
            if name:
                own[what] = read_own(base / name, what)
        except OverstapError as error:
            problems.append(error)
    checks: tuple[Callable[[], object], ...] = (
        lambda: check_shares(moves.payers, moves.subsidy),
        lambda: assumptions(own.get("training_returns")),
        lambda: population(own["population"]) if "population" in own else None,
    )
    problems += problems_of(checks)
    if not problems and (moves.own or moves.graduates or moves.groups):
        try:
            facts = occupation_facts(moves.level, window, {group: own[group] for group in moves.own})
            facts = taking_part(facts, moves.level)
            capacity(facts, window[1] - window[0], graduates_of(moves, base))
            if moves.groups:
                own_groups(own["groups"], facts)
        except OverstapError as error:
            problems.append(error)
    return problems


def _occupations(context: Context) -> pa.Table:
    from overstap.moves.question import facts_until

    facts = facts_until(context.spec.moves, context.base, context.spec.moves.last_year)
    return facts.append_column("level", pa.array([context.spec.moves.level] * facts.num_rows))


def _similarity(context: Context) -> pa.Table:
    from overstap.moves.similarity import compared
    from overstap.schema.moves import COMPONENTS

    found = compared(context.spec.moves.level)[1]
    codes, n = np.array(found.codes), len(found.codes)
    off = ~np.eye(n, dtype=bool)
    scores = found.combined[off]
    columns = {
        "from_code": np.repeat(codes, n).reshape(n, n)[off],
        "to_code": np.tile(codes, n).reshape(n, n)[off],
        "similarity": pa.array(scores, from_pandas=True),
        "band": [found.threshold.band(score) for score in scores],
    }
    for name in COMPONENTS:
        part = found.components.get(name)
        columns[name] = pa.nulls(len(scores), pa.float64()) if part is None else pa.array(part[off], from_pandas=True)
    for name, made in zip(("ads", "skill_space"), _in_ads(context, found.codes), strict=True):
        columns[name] = pa.array(made[off], from_pandas=True)
    return pa.table(columns)


def _in_ads(context: Context, codes: tuple[str, ...]) -> tuple[Any, Any]:
    """How alike occupations are in what the study's own ads ask of them, and in the space of the ads' skills.

    Both are [from, to]; NaN where too few ask anything.
    """
    from overstap.analysis.codes import Codes
    from overstap.moves.in_ads import asked_in_ads
    from overstap.moves.measures import in_skill_space
    from overstap.moves.similarity import similarity

    read = Codes.of_store(context.store)
    asking = asked_in_ads(read, context.spec.moves.level, codes, context.spec.measures.min_n)
    scores, space = (np.full((len(codes), len(codes)), np.nan) for _ in range(2))
    if asking is not None:
        at = np.ix_(*[[codes.index(code) for code in asking.codes]] * 2)
        scores[at] = similarity(asking).combined
        space[at] = in_skill_space(asking.essential, _skill_space(read, asking.features))
    return scores, space


def _skill_space(codes: Codes, skills: tuple[str, ...]) -> Any:
    """How near `skills` are in the study's ads, every so many of them where there are more than `_ADS`."""
    from scipy.sparse import csr_matrix

    from overstap.moves.measures import skill_space

    column = codes.column("skill")
    offsets = np.arange(codes.n + 1) if column.offsets is None else column.offsets.astype(np.int64)
    ads = csr_matrix(
        (np.ones(len(column.codes)), column.codes.astype(np.int64), offsets), (codes.n, len(column.levels))
    )
    place = {skill: at for at, skill in enumerate(column.levels)}
    return skill_space(ads[:: 1 + codes.n // _ADS][:, [place[skill] for skill in skills]])


def _judged(context: Context) -> pa.Table:
    from overstap.moves.feasible import Occupations, verdicts
    from overstap.moves.gaps import covering, efforts
    from overstap.moves.similarity import compared
    from overstap.moves.skill_meaning import stand_ins

    asked, threshold = _question(context)
    occupations = Occupations.of(asked.facts)
    passed = verdicts(occupations, asked.similarity, asked.rules)
    at = np.nonzero(passed["similar"])
    codes = np.array(occupations.codes)
    levels = [int(level) for level in occupations.level_max]
    asking = compared(context.spec.moves.level)[0]
    asking = covering(asking, stand_ins(asking)).of(occupations.codes)
    need = efforts(asking, levels, _own(context, "training_costs"))
    unknown_pay = np.isnan(occupations.pay)
    no_pay = asked.rules.pay != "any" and unknown_pay[:, None] | unknown_pay[None, :]
    no_outlook = np.broadcast_to(np.isnan(occupations.growth), codes.shape * 2)
    feasible = passed["level"] & passed["licence"]
    scores = asked.similarity[at]
    return pa.table(
        {
            "from_code": codes[at[0]],
            "to_code": codes[at[1]],
            "similarity": scores,
            "band": [threshold.band(score) or "low" for score in scores],
            "passes_level": passed["level"][at],
            "passes_licence": passed["licence"][at],
            "passes_outlook": pa.array(passed["outlook"][at], mask=no_outlook[at]),
            "passes_pay": pa.array(passed["pay"][at], mask=np.broadcast_to(no_pay, passed["pay"].shape)[at]),
            "is_feasible": feasible[at],
            "is_desirable": (feasible & passed["outlook"] & passed["pay"])[at],
            "missing_pct": 100 * need.missing[at],
            **{f"months{end}": need.months[i][at] for i, end in enumerate(("_low", "", "_high"))},
            **{f"eur{end}": need.eur[i][at] for i, end in enumerate(("_low", "", "_high"))},
            "assumed_pct": 100 * need.assumed[at],
        }
    )


def _placed(context: Context) -> tuple[pa.Table, ...]:
    from overstap.moves.collective import answer, by_group, by_occupation, flows, headline, worth_of_loosening

    asked, _ = _question(context)
    years = context.spec.moves
    rows = headline(asked)
    for name, year in (("first_year", years.first_year), ("last_year", years.last_year)):
        rows = rows.append_column(name, pa.array([year] * rows.num_rows))
    placement = answer(asked, years.aim)
    return (
        rows,
        by_occupation(asked, placement),
        by_group(asked, placement, groups_of(context)),
        flows(asked, placement),
        worth_of_loosening(asked),
    )


def _surface(context: Context) -> tuple[pa.Table, ...]:
    from overstap.moves.collective import surface
    from overstap.moves.question import Asked, variants, with_equal_weights
    from overstap.schema.moves import COMPONENTS

    question, bounds = _question(context)
    pairs = context.store.read("core_similarity")
    names = [name for name in (*COMPONENTS, "ads", "skill_space") if pairs[name].null_count < pairs.num_rows]
    parts = with_equal_weights({name: _matrix(question.facts, pairs, name) for name in names})
    asked = Asked(question, bounds, parts, context.spec.moves, context.base)
    return (pa.Table.from_pylist(list(surface(variants(asked)))),)


def _training(context: Context) -> tuple[pa.Table, ...]:
    from overstap.moves.bill import bill, costs_of, returns_by_subsidy
    from overstap.moves.packages import split_by_sector
    from overstap.moves.packages_for import moves_of, package_rows
    from overstap.moves.population import population
    from overstap.moves.sectors import sectors_of
    from overstap.schema.training import OUT_TRAINING_PACKAGES

    asked, costs, people = context.spec.moves, _own(context, "training_costs"), _own(context, "population")
    facts = context.store.read("core_occupations")
    moves = moves_of(context.store.read("out_placement_flows").to_pylist(), facts, asked.level)
    rows = package_rows(split_by_sector(moves, sectors_of(asked.level)), costs=costs)
    pay = dict(zip(*(facts[name].to_pylist() for name in ("code", "pay_p50")), strict=True))
    found = costs_of(moves, pay, costs, _own(context, "training_returns"))
    return (
        pa.Table.from_pylist([{name: row[name] for name in OUT_TRAINING_PACKAGES.names} for row in rows]),
        bill(found, asked.payers, asked.subsidy),
        returns_by_subsidy(found),
        population(people) if people else pa.table({}),
    )


def _question(context: Context) -> tuple[Question, Threshold]:
    """The study's question on its tables, and the thresholds of bands at its level."""
    from overstap.moves.collective import Question
    from overstap.moves.question import graduates_of, rules_of, taking_part
    from overstap.moves.similarity import compared

    moves = context.spec.moves
    facts = taking_part(context.store.read("core_occupations"), moves.level)
    scores = _matrix(facts, context.store.read("core_similarity"), "similarity")
    bounds = compared(moves.level)[1].threshold
    rules, entering = rules_of(moves, bounds), graduates_of(moves, context.base)
    return Question(facts, scores, moves.last_year - moves.first_year, rules, moves.who, entering), bounds


def question_of(context: Context) -> Question:
    """The study's question of placement, for steps beside those of moves."""
    return _question(context)[0]


def groups_of(context: Context) -> pa.Table | None:
    """The study's own table of who works in an occupation, where it has one."""
    return _own(context, "groups")


def _matrix(facts: pa.Table, pairs: pa.Table, name: str) -> Any:
    """A measure of `core_similarity` as a matrix [from, to] in the order of `facts`; NaN where it is unknown."""
    codes = facts["code"].combine_chunks()
    ends = (pc.index_in(pairs[end], codes) for end in ("from_code", "to_code"))
    rows, columns = (np.asarray(pc.fill_null(end, -1), dtype=np.int64) for end in ends)
    kept = (rows >= 0) & (columns >= 0)
    scores = np.full((len(codes), len(codes)), np.nan)
    scores[rows[kept], columns[kept]] = pairs[name].to_numpy(zero_copy_only=False)[kept]
    return scores


def _own(context: Context, what: str) -> pa.Table | None:
    """A table of the study's own by its setting (_OWN), where it has one."""
    from overstap.moves.question import read_own

    name = getattr(context.spec.moves, what)
    return read_own(context.base / name, what) if name else None


def _own_facts(context: Context) -> Any:
    moves = context.spec.moves
    files = [context.base / name for name in moves.own.values()]
    return [moves.model_dump(include={"level", "first_year", "last_year", "own"}), context.digests(files)]


def _rule_facts(context: Context) -> Any:
    moves = context.spec.moves
    files = [context.base / name for name in (getattr(moves, what) for what in _OWN) if name]
    return [moves.model_dump(), context.digests(files), _installed()]


def _installed() -> tuple[str | None, ...]:
    """What the user has installed of ESCO and O*NET: their profiles follow from it."""
    from overstap.moves.similarity import installed

    return installed()
