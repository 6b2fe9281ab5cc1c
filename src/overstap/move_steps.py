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

_PLACEMENT = ("out_placement", "out_placement_occupations", "out_placement_flows", "out_placement_bounds")
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
    from overstap.moves.collective import answer, by_occupation, flows, headline, worth_of_loosening

    asked, _ = _question(context)
    years = context.spec.moves
    rows = headline(asked, _PAYS)
    for name, year in (("first_year", years.first_year), ("last_year", years.last_year)):
        rows = rows.append_column(name, pa.array([year] * rows.num_rows))
    placement = answer(asked)
    return rows, by_occupation(asked, placement), flows(asked, placement), worth_of_loosening(asked)


def _surface(context: Context) -> tuple[pa.Table, ...]:
    from overstap.moves.collective import WHO, surface
    from overstap.moves.facts import WINDOW_END, occupation_facts

    asked, _ = _question(context)
    moves = context.spec.moves
    outlooks = {moves.last_year: asked.facts}
    if not {"growth", "openings"} & set(moves.own) and moves.last_year != WINDOW_END:
        outlooks[WINDOW_END] = occupation_facts(moves.level, (moves.first_year, WINDOW_END))
    measures = {"combined": asked.similarity}

    def settings() -> Iterator[tuple[dict[str, object], Question]]:
        for who, pay, step, (name, scores), levels, (year, facts) in product(
            WHO, _PAYS, _AROUND, measures.items(), (0, 1, 2), outlooks.items()
        ):
            similar = round(asked.rules.similar + step, 4)
            rules = replace(asked.rules, similar=similar, pay=pay, levels=levels)
            named = {
                "who": who,
                "pay": pay,
                "similar": similar,
                "measure": name,
                "levels": levels,
                "last_year": year,
            }
            years = year - moves.first_year
            yield named, replace(asked, facts=facts, similarity=scores, rules=rules, who=who, years=years)

    return (pa.Table.from_pylist(list(surface(settings()))),)


def _question(context: Context) -> tuple[Question, Threshold]:
    """The study's question, and the thresholds of bands at its level."""
    from overstap.moves.collective import Question
    from overstap.moves.facts import REST_GROUPS
    from overstap.moves.feasible import Rules
    from overstap.moves.profiles import profiles
    from overstap.moves.similarity import threshold

    moves = context.spec.moves
    facts = context.store.read("core_occupations")
    at = {code: i for i, code in enumerate(facts["code"].to_pylist())}
    pairs = context.store.read("core_similarity", ["from_code", "to_code", "similarity"])
    scores = np.full((len(at), len(at)), np.nan)
    rows, columns = ([at[code] for code in pairs[name].to_pylist()] for name in ("from_code", "to_code"))
    scores[rows, columns] = pairs["similarity"].to_numpy(zero_copy_only=False)
    for code in REST_GROUPS & set(at):
        scores[at[code], :] = scores[:, at[code]] = np.nan
    bounds = threshold(profiles(moves.level).unit, moves.level)
    rules: Rules = Rules(bounds.medium if moves.similar is None else moves.similar, moves.levels, pay=moves.pay)
    entering = None
    if moves.graduates:
        table = _read(context.base / moves.graduates, "graduates")
        entering = dict(zip(table["code"].to_pylist(), table["graduates"].to_pylist(), strict=True))
    return Question(facts, scores, moves.last_year - moves.first_year, rules, moves.who, entering), bounds


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
    files = [context.base / name for name in (moves.graduates, moves.training_costs) if name]
    return [moves.model_dump(), digest_files(files, context.store), _esco()]


def _esco() -> bool:
    from overstap.moves.crosswalk import has_esco

    return has_esco()
