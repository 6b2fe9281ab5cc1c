"""The steps of moves: what is known of occupations, how alike they are, who can go where, where everyone could go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from overstap.errors import InputError, OverstapError
from overstap.provenance import digest_files
from overstap.steps import Context, Step, table_step, tables_step
from overstap.study import Moves

if TYPE_CHECKING:
    from overstap.moves.collective import Question
    from overstap.moves.crosswalk import Level
    from overstap.moves.feasible import Rules
    from overstap.moves.profiles import Profiles
    from overstap.moves.similarity import Similarity, Threshold

_PLACEMENT = tuple(f"out_placement{part}" for part in ("", "_occupations", "_groups", "_flows", "_bounds"))
_FACTS = ("core_occupations", "core_similarity")
_AROUND = (-0.1, -0.05, 0.0, 0.05, 0.1)  # thresholds tried, around the study's own


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
            code=("overstap.move_steps", "overstap.moves.similarity", "overstap.analysis.cross"),
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
        _many("vary_placement", ("out_placement_surface",), _surface, "overstap.moves.collective"),
    ]


def _many(name: str, writes: tuple[str, ...], make: Callable[[Context], tuple[pa.Table, ...]], module: str) -> Step:
    return tables_step(name, writes, _FACTS, make, depends=_rule_facts, code=("overstap.move_steps", module))


def check_moves(moves: Moves, base: Path) -> list[OverstapError]:
    """Every problem of the settings and own tables of moves; `base` is the study file's folder."""
    from overstap.moves.facts import occupation_facts
    from overstap.outlook.source import check_window, employment_paths

    problems: list[OverstapError] = []
    window = moves.first_year, moves.last_year
    try:
        check_window(window, employment_paths())
    except OverstapError as error:
        problems.append(error)
    own: dict[str, pa.Table] = {}
    others = [(what, getattr(moves, what)) for what in ("groups", "graduates", "training_costs")]
    for what, name in [*moves.own.items(), *others]:
        try:
            if name:
                own[what] = _read(base / name, what)
        except OverstapError as error:
            problems.append(error)
    if not problems and moves.own:
        try:
            occupation_facts(moves.level, window, {group: own[group] for group in moves.own})
        except OverstapError as error:
            problems.append(error)
    return problems


def _occupations(context: Context) -> pa.Table:
    facts = _facts_until(context, context.spec.moves.last_year)
    return facts.append_column("level", pa.array([context.spec.moves.level] * facts.num_rows))


def _facts_until(context: Context, last_year: int) -> pa.Table:
    """Bundled and own facts with the outlook until a year."""
    from overstap.moves.facts import occupation_facts

    moves = context.spec.moves
    own = {group: _read(context.base / name, group) for group, name in moves.own.items()}
    return occupation_facts(moves.level, (moves.first_year, last_year), own)


@lru_cache(maxsize=2)
def _profiled(level: Level, installed: tuple[str | None, ...]) -> tuple[Profiles, Similarity]:
    """Profiles of a level and how alike they are, kept while the same is `installed`: no study changes them."""
    from overstap.moves.profiles import profiles
    from overstap.moves.similarity import similarity

    made = profiles(level)
    return made, similarity(made)


def _similarity(context: Context) -> pa.Table:
    from overstap.schema.moves import COMPONENTS

    found = _profiled(context.spec.moves.level, _installed())[1]
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
    return pa.table(columns | {"ads": pa.array(_in_ads(context, found.codes)[off], from_pandas=True)})


def _in_ads(context: Context, codes: tuple[str, ...]) -> Any:
    """How alike occupations are in what the study's own ads ask of them, [from, to]; NaN where too few ask anything."""
    from overstap.analysis.codes import Codes
    from overstap.analysis.cross import cross
    from overstap.moves.profiles import profiles_of_ads
    from overstap.moves.similarity import similarity

    level = context.spec.moves.level
    name = {"brc": "brc", "isco": "isco4"}[level]
    asked = cross(Codes.of_store(context.store), "skill", (name,))
    enough = pc.and_(
        pc.greater_equal(asked["vacancies_n"], context.spec.measures.min_n), pc.greater(asked["asked_n"], 0)
    )
    asked = asked.filter(pc.and_(enough, pc.is_in(asked[name].cast(pa.string()), pa.array(codes))))
    scores = np.full((len(codes), len(codes)), np.nan)
    if asked.num_rows:
        share = pc.divide(asked["asked_n"].cast(pa.float64()), asked["vacancies_n"].cast(pa.float64()))
        columns = {
            "occupation": asked[name].cast(pa.string()),
            "skill": asked["item_id"].cast(pa.string()),
            "share": share,
        }
        found = similarity(profiles_of_ads(pa.table(columns), level))
        at = [codes.index(code) for code in found.codes]
        scores[np.ix_(at, at)] = found.combined
    return scores


def _judged(context: Context) -> pa.Table:
    from overstap.moves.feasible import Occupations, verdicts
    from overstap.moves.gaps import efforts

    asked, threshold = _question(context)
    occupations = Occupations.of(asked.facts)
    passed = verdicts(occupations, asked.similarity, asked.rules)
    at = np.nonzero(passed["similar"])
    codes = np.array(occupations.codes)
    levels = [int(level) for level in occupations.level_max]
    asking = _profiled(context.spec.moves.level, _installed())[0].of(occupations.codes)
    need = efforts(asking, levels, _costs(context))
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
    from overstap.moves.collective import WHO, surface
    from overstap.moves.feasible import PAY_KEPT
    from overstap.outlook.source import WINDOW_END

    asked, _ = _question(context)
    moves = context.spec.moves
    outlooks = {moves.last_year: asked.facts}
    if not {"growth", "openings"} & set(moves.own) and moves.last_year != WINDOW_END:
        outlooks[WINDOW_END] = _taking_part(_facts_until(context, WINDOW_END))
    measures = {"combined": (asked.similarity, [asked.rules.similar + step for step in _AROUND])}
    passing = float((asked.similarity >= asked.rules.similar).sum() / (~np.isnan(asked.similarity)).sum())
    for name, scores in _components(context, asked).items():
        # A measure has its own scale: its threshold lets the same part of the moves through.
        measures[name] = (scores, [float(np.nanquantile(scores, 1 - passing))])

    def settings() -> Iterator[tuple[dict[str, object], Question]]:
        for (name, (scores, cuts)), who, pay, levels, (year, facts) in product(
            measures.items(), WHO, PAY_KEPT, (0, 1, 2), outlooks.items()
        ):
            usual = (who, levels, year) == (moves.who, moves.levels, moves.last_year)
            for cut in cuts if name == "combined" or usual else ():
                rules = replace(asked.rules, similar=cut, pay=pay, levels=levels)
                named = {"who": who, "pay": pay, "similar": round(cut, 4), "measure": name}
                years = year - moves.first_year
                setting = named | {"levels": levels, "last_year": year}
                yield setting, replace(asked, facts=facts, similarity=scores, rules=rules, who=who, years=years)

    return (pa.Table.from_pylist(list(surface(settings()))),)


def _components(context: Context, asked: Question) -> dict[str, Any]:
    """The components of similarity, and their plain mean, as matrices in the order of the occupations."""
    from overstap.moves.similarity import combine
    from overstap.schema.moves import COMPONENTS

    pairs = context.store.read("core_similarity")
    names = [name for name in (*COMPONENTS, "ads") if pairs[name].null_count < pairs.num_rows]
    found = {name: _matrix(asked.facts, pairs, name) for name in names}
    return found | {"equal weights": combine(found, dict.fromkeys(found, 1.0))} if found else found


def _question(context: Context) -> tuple[Question, Threshold]:
    """The study's question, and the thresholds of bands at its level."""
    from overstap.moves.collective import Question
    from overstap.moves.feasible import Rules
    from overstap.moves.similarity import threshold

    moves = context.spec.moves
    facts = _taking_part(context.store.read("core_occupations"))
    scores = _matrix(facts, context.store.read("core_similarity"), "similarity")
    bounds = threshold(_profiled(moves.level, _installed())[0].unit, moves.level)
    rules: Rules = Rules(bounds.medium if moves.similar is None else moves.similar, moves.levels, pay=moves.pay)
    entering = None
    if moves.graduates:
        table = _read(context.base / moves.graduates, "graduates")
        entering = dict(zip(table["code"].to_pylist(), table["graduates"].to_pylist(), strict=True))
        if len(entering) < table.num_rows:
            raise InputError(f"{moves.graduates} names an occupation twice.", fix="Give each code one row.")
    return Question(facts, scores, moves.last_year - moves.first_year, rules, moves.who, entering), bounds


def question_of(context: Context) -> Question:
    """The study's question of placement, for steps beside those of moves."""
    return _question(context)[0]


def groups_of(context: Context) -> pa.Table | None:
    """The study's own table of who works in an occupation, where it has one."""
    name = context.spec.moves.groups
    return _read(context.base / name, "groups") if name else None


def _taking_part(facts: pa.Table) -> pa.Table:
    """Without rest groups, whose people work in anything."""
    from overstap.moves.facts import REST_GROUPS

    return facts.filter(pc.invert(pc.is_in(facts["code"], pa.array(sorted(REST_GROUPS)))))


def _matrix(facts: pa.Table, pairs: pa.Table, name: str) -> Any:
    """A measure of `core_similarity` as a matrix [from, to] in the order of `facts`; NaN where it is unknown."""
    codes = facts["code"].combine_chunks()
    ends = (pc.index_in(pairs[end], codes) for end in ("from_code", "to_code"))
    rows, columns = (np.asarray(pc.fill_null(end, -1), dtype=np.int64) for end in ends)
    kept = (rows >= 0) & (columns >= 0)
    scores = np.full((len(codes), len(codes)), np.nan)
    scores[rows[kept], columns[kept]] = pairs[name].to_numpy(zero_copy_only=False)[kept]
    return scores


def _costs(context: Context) -> pa.Table | None:
    name = context.spec.moves.training_costs
    return _read(context.base / name, "training_costs") if name else None


def _read(path: Path, what: str) -> pa.Table:
    """A CSV of own figures, codes as text. Raises InputError where it cannot be read or has no code."""
    texts = dict.fromkeys(("code", "unit", "basis", "source"), pa.string())
    try:
        table = pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types=texts))
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path.name} (moves, {what}) cannot be read.", why=str(error)) from error
    needed: dict[str, tuple[str, ...]] = {"training_costs": ("unit", "skill_level"), "graduates": ("code", "graduates")}
    needed["groups"] = ("code", "kind", "group", "share")
    missing = [name for name in needed.get(what, ("code",)) if name not in table.column_names]
    if missing:
        raise InputError(
            f"{path.name} (moves, {what}) has no column '{missing[0]}'; it has {', '.join(table.column_names)}.",
            fix="Give the columns that overstap reference settings names.",
        )
    return table


def _own_facts(context: Context) -> Any:
    moves = context.spec.moves
    files = [context.base / name for name in moves.own.values()]
    return [moves.model_dump(include={"level", "first_year", "last_year", "own"}), digest_files(files, context.store)]


def _rule_facts(context: Context) -> Any:
    moves = context.spec.moves
    files = [context.base / name for name in (moves.graduates, moves.groups, moves.training_costs) if name]
    return [moves.model_dump(), digest_files(files, context.store), _installed()]


def _installed() -> tuple[str | None, ...]:
    """What the user has installed of ESCO and O*NET: their profiles follow from it."""
    from overstap.moves.crosswalk import has_esco
    from overstap.reference import esco, onet

    return esco.skills_digest() if has_esco() else None, onet.digest() if onet.is_installed() else None
