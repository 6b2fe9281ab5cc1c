"""The steps of moves: what is known of occupations, how alike they are, who can go where, where everyone could go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from overstap.errors import InputError
from overstap.provenance import digest_files
from overstap.schema import table_spec
from overstap.steps import Context, Step, stream_step, table_step

if TYPE_CHECKING:
    from overstap.moves.collective import Question
    from overstap.moves.feasible import Pay, Rules
    from overstap.moves.similarity import Threshold

_PLACEMENT = tuple(f"out_placement{part}" for part in ("", "_occupations", "_groups", "_flows", "_bounds"))
_FACTS = ("core_occupations", "core_similarity")
_PAYS: tuple[Pay, ...] = ("same", "75", "any")
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
            (),
            _similarity,
            depends=lambda context: [context.spec.moves.level, _esco()],
            code=("overstap.move_steps", "overstap.moves.similarity"),
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


def _many(name: str, writes: tuple[str, ...], make: Any, module: str) -> Step:
    def source(context: Context) -> Iterator[Mapping[str, pa.RecordBatch]]:
        for table, rows in zip(writes, make(context), strict=True):
            empty = pa.RecordBatch.from_pylist([], schema=table_spec(table).schema)
            for batch in rows.to_batches() if rows.num_rows else [empty]:
                yield {table: batch}

    return stream_step(name, writes, source, reads=_FACTS, depends=_rule_facts, code=("overstap.move_steps", module))


def _occupations(context: Context) -> pa.Table:
    from overstap.moves.facts import occupation_facts

    moves = context.spec.moves
    own = {group: _read(context.base / name, group) for group, name in moves.own.items()}
    facts = occupation_facts(moves.level, (moves.first_year, moves.last_year), own)
    return facts.append_column("level", pa.array([moves.level] * facts.num_rows))


def _similarity(context: Context) -> pa.Table:
    from overstap.moves.profiles import profiles
    from overstap.moves.similarity import COMPONENTS, similarity

    found = similarity(profiles(context.spec.moves.level))
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
    return pa.table(columns)


def _judged(context: Context) -> pa.Table:
    from overstap.moves.feasible import Occupations, verdicts
    from overstap.moves.gaps import efforts
    from overstap.moves.profiles import profiles

    asked, threshold = _question(context)
    occupations = Occupations.of(asked.facts)
    passed = verdicts(occupations, asked.similarity, asked.rules)
    at = np.nonzero(passed["similar"])
    codes = np.array(occupations.codes)
    levels = [int(level) for level in np.nan_to_num(occupations.level_max, nan=2.0)]
    need = efforts(profiles(context.spec.moves.level), levels, _costs(context))
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
    rows = headline(asked, _PAYS)
    for name, year in (("first_year", years.first_year), ("last_year", years.last_year)):
        rows = rows.append_column(name, pa.array([year] * rows.num_rows))
    placement = answer(asked, years.aim)
    shares = _read(context.base / years.groups, "groups") if years.groups else None
    return (
        rows,
        by_occupation(asked, placement),
        by_group(asked, placement, shares),
        flows(asked, placement),
        worth_of_loosening(asked),
    )


def _surface(context: Context) -> tuple[pa.Table, ...]:
    from overstap.moves.collective import WHO, surface
    from overstap.moves.facts import WINDOW_END, occupation_facts

    asked, _ = _question(context)
    moves = context.spec.moves
    outlooks = {moves.last_year: asked.facts}
    if not {"growth", "openings"} & set(moves.own) and moves.last_year != WINDOW_END:
        outlooks[WINDOW_END] = occupation_facts(moves.level, (moves.first_year, WINDOW_END))
    measures = {"combined": (asked.similarity, [asked.rules.similar + step for step in _AROUND])}
    passing = float((asked.similarity >= asked.rules.similar).sum() / (~np.isnan(asked.similarity)).sum())
    for name, scores in _components(context, asked).items():
        # A measure has its own scale: its threshold lets the same part of the moves through.
        measures[name] = (scores, [float(np.nanquantile(scores, 1 - passing))])

    def settings() -> Iterator[tuple[dict[str, object], Question]]:
        for (name, (scores, cuts)), who, pay, levels, (year, facts) in product(
            measures.items(), WHO, _PAYS, (0, 1, 2), outlooks.items()
        ):
            for cut in cuts:
                rules = replace(asked.rules, similar=cut, pay=pay, levels=levels)
                named = {"who": who, "pay": pay, "similar": round(cut, 4), "measure": name}
                years = year - moves.first_year
                setting = named | {"levels": levels, "last_year": year}
                yield setting, replace(asked, facts=facts, similarity=scores, rules=rules, who=who, years=years)

    return (pa.Table.from_pylist(list(surface(settings()))),)


def _components(context: Context, asked: Question) -> dict[str, Any]:
    """The components of similarity, and their plain mean, as matrices in the order of the occupations."""
    from overstap.moves.similarity import combine

    pairs = context.store.read("core_similarity")
    names = [name for name in pairs.column_names[4:] if pairs[name].null_count < pairs.num_rows]
    found = {name: _matrix(asked.facts, pairs, name) for name in names}
    return found | {"equal weights": combine(found, dict.fromkeys(found, 1.0))} if found else found


def _question(context: Context) -> tuple[Question, Threshold]:
    """The study's question, and the thresholds of bands at its level."""
    from overstap.moves.collective import Question
    from overstap.moves.feasible import Rules
    from overstap.moves.profiles import profiles
    from overstap.moves.similarity import threshold

    moves = context.spec.moves
    facts = context.store.read("core_occupations")
    scores = _matrix(facts, context.store.read("core_similarity"), "similarity")
    bounds = threshold(profiles(moves.level).unit, moves.level)
    rules: Rules = Rules(bounds.medium if moves.similar is None else moves.similar, moves.levels, pay=moves.pay)
    entering = None
    if moves.graduates:
        table = _read(context.base / moves.graduates, "graduates")
        entering = dict(zip(table["code"].to_pylist(), table["graduates"].to_pylist(), strict=True))
    return Question(facts, scores, moves.last_year - moves.first_year, rules, moves.who, entering), bounds


def _matrix(facts: pa.Table, pairs: pa.Table, name: str) -> Any:
    """A measure of `core_similarity` as a matrix [from, to]; NaN where unknown, and for rest groups."""
    from overstap.moves.facts import REST_GROUPS

    at = {code: i for i, code in enumerate(facts["code"].to_pylist())}
    scores = np.full((len(at), len(at)), np.nan)
    rows, columns = ([at[code] for code in pairs[end].to_pylist()] for end in ("from_code", "to_code"))
    scores[rows, columns] = pairs[name].to_numpy(zero_copy_only=False)
    rest = [at[code] for code in REST_GROUPS & set(at)]
    scores[rest, :] = scores[:, rest] = np.nan
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
    first = "unit" if what == "training_costs" else "code"
    if first not in table.column_names:
        raise InputError(
            f"{path.name} (moves, {what}) has no column '{first}'; it has {', '.join(table.column_names)}.",
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
    return [moves.model_dump(), digest_files(files, context.store), _esco()]


def _esco() -> bool:
    from overstap.moves.crosswalk import has_esco

    return has_esco()
