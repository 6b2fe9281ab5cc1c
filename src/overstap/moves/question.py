"""A study's question on moves, from its settings and own tables: the same for the study's steps and for commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from overstap.errors import InputError
from overstap.moves.collective import WHO, Question
from overstap.moves.facts import left_out, occupation_facts
from overstap.moves.feasible import PAY_KEPT, Rules
from overstap.moves.own_facts import GROUPS
from overstap.moves.similarity import Threshold, combine, compared
from overstap.outlook.classes import is_tight
from overstap.outlook.source import WINDOW_END
from overstap.reference.totals import number_of
from overstap.sources.tables import csv_rows, lines_of
from overstap.study_moves import Moves

if TYPE_CHECKING:
    from overstap.moves.crosswalk import Level

Floats = npt.NDArray[np.float64]
Outlook = Literal["cedefop", "own", "tight_stable", "study_2019"]
Setting = dict[str, object]
_AROUND = (-0.1, -0.05, 0.0, 0.05, 0.1)  # thresholds tried, around the one asked
_LEVELS = (0, 1, 2)
_COSTS = ("unit", "skill_level", *(f"{name}{end}" for name in ("months", "eur_month") for end in ("_low", "", "_high")))
_FIGURES = frozenset(column for columns in GROUPS.values() for column in columns).union(
    ("graduates", "share", "low", "middle", "high", "persons"), _COSTS[1:]
)
_NEEDED: dict[str, tuple[str, ...]] = {
    "training_costs": _COSTS,
    "graduates": ("code", "graduates"),
    "groups": ("code", "kind", "group", "share"),
    "training_returns": ("item", "low", "middle", "high"),
    "population": ("persons",),
}


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with what its variants need: bounds of bands, and measures of similarity [from, to] by name.

    Rest groups take no part.
    """

    question: Question
    bounds: Threshold
    measures: Mapping[str, Floats]
    moves: Moves
    base: Path

    @property
    def outlook(self) -> Outlook:
        """The source of the question's outlook."""
        return "own" if {"growth", "openings"} & set(self.moves.own) else "cedefop"

    def own(self, what: str) -> pa.Table | None:
        """A table of the user's own by its setting (`moves.training_costs` …), where there is one."""
        name = getattr(self.moves, what)
        return read_own(self.base / name, what) if name else None

    def facts(self, last_year: int, own: bool = True) -> pa.Table:
        """Facts of the question's occupations until `last_year`, of bundled figures alone where not `own`."""
        return taking_part(facts_until(self.moves, self.base, last_year, own), self.moves.level)


def facts_until(moves: Moves, base: Path, last_year: int, own: bool = True) -> pa.Table:
    """Bundled facts under the study's own (tables in folder `base`), with the outlook until a year."""
    given = {group: read_own(base / name, group) for group, name in moves.own.items()} if own else {}
    return occupation_facts(moves.level, (moves.first_year, last_year), given)


def taking_part(facts: pa.Table, level: str) -> pa.Table:
    """Without groups where nobody can be sent (`facts.left_out`)."""
    return facts.filter(pc.invert(pc.is_in(facts["code"], pa.array(sorted(left_out(level)), pa.string()))))


def rules_of(moves: Moves, bounds: Threshold) -> Rules:
    """The rules that the settings ask."""
    return Rules(bounds.medium if moves.similar is None else moves.similar, moves.levels, pay=moves.pay)


def graduates_of(moves: Moves, base: Path) -> dict[str, float] | None:
    """Graduates a year by occupation; None without a table. Raises `InputError` for an occupation named twice."""
    if not moves.graduates:
        return None
    table = read_own(base / moves.graduates, "graduates")
    entering = dict(zip(table["code"].to_pylist(), table["graduates"].to_pylist(), strict=True))
    if len(entering) < table.num_rows:
        raise InputError(f"{moves.graduates} names an occupation twice.", fix="Give each code one row.")
    return entering


def ask(moves: Moves, base: Path) -> Asked:
    """The question of the settings on bundled facts and own tables, without any ads. Raises as `occupation_facts`."""
    level: Level = moves.level
    _, rated = compared(level)
    facts = taking_part(facts_until(moves, base, moves.last_year), level)
    at = [rated.codes.index(code) for code in facts["code"].to_pylist()]
    inside = np.ix_(at, at)
    years, rules = moves.last_year - moves.first_year, rules_of(moves, rated.threshold)
    question = Question(facts, _off(rated.combined[inside]), years, rules, moves.who, graduates_of(moves, base))
    parts = {name: _off(scores[inside]) for name, scores in rated.components.items()}
    return Asked(question, rated.threshold, with_equal_weights(parts), moves, base)


def with_equal_weights(parts: Mapping[str, Floats]) -> dict[str, Floats]:
    """The components of similarity, and their plain mean."""
    known = {name: scores for name, scores in parts.items() if not np.isnan(scores).all()}
    return known | {"equal weights": combine(known, dict.fromkeys(known, 1.0))} if known else known


def variants(asked: Asked, full: bool = False) -> Iterator[tuple[Setting, Question]]:
    """The settings around the question, each with the question that it makes.

    Crossed are who counts, pay rule, level rule, last year and five thresholds. Other measures of similarity, each cut
    where it lets as many moves through, and other sources of the outlook are crossed with pay alone, or where `full`
    with all of these (thresholds of measures then at the same five shares of moves).
    """
    question, moves = asked.question, asked.moves
    base = question.rules.similar
    cuts = [base + step for step in _AROUND]
    passing = [float((question.similarity >= cut).sum() / (~np.isnan(question.similarity)).sum()) for cut in cuts]
    measures = {"combined": (question.similarity, cuts)}
    for name, scores in asked.measures.items():
        measures[name] = (scores, [float(np.nanquantile(scores, 1 - part)) for part in passing])
    for (outlook, year, facts), (name, (scores, at)) in product(_outlooks(asked), measures.items()):
        usual = (name == "combined") + (outlook == asked.outlook)
        for who, pay, levels in product(WHO, PAY_KEPT, _LEVELS):
            as_asked = (who, levels, year) == (moves.who, moves.levels, moves.last_year)
            if (outlook == "study_2019" and who != "employed") or not (full or usual == 2 or (usual == 1 and as_asked)):
                continue
            for cut in at if full or name == "combined" else at[2:3]:
                rules = replace(question.rules, similar=cut, pay=pay, levels=levels)
                named: Setting = {"who": who, "pay": pay, "similar": round(cut, 4), "measure": name, "levels": levels}
                span = year - moves.first_year
                changed = replace(question, facts=facts, similarity=scores, rules=rules, who=who, years=span)
                yield named | {"last_year": year, "outlook": outlook}, changed


def _outlooks(asked: Asked) -> Iterator[tuple[Outlook, int, pa.Table]]:
    """Sources of the outlook: the study's own table where it brings one, Cedefop's forecast, the same with shrinking
    work that is tight taken as stable, and the study of 2019, whose named occupations shrink and no others."""
    year = asked.moves.last_year
    if asked.outlook == "own":
        yield "own", year, asked.question.facts
    years = [year] if year == WINDOW_END else [year, WINDOW_END]
    plain = asked.outlook == "cedefop"
    for until in years:
        facts = asked.question.facts if plain and until == year else asked.facts(until, own=plain)
        yield "cedefop", until, facts
    bundled = asked.question.facts if plain else asked.facts(year, own=False)
    yield "tight_stable", year, _changed(bundled, _tight_is_stable)
    yield "study_2019", year, _changed(bundled, _as_the_study)


def _changed(facts: pa.Table, change: Any) -> pa.Table:
    return pa.Table.from_pylist([row | change(row) for row in facts.to_pylist()], schema=facts.schema)


def _tight_is_stable(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["growth"] is None or row["growth"] >= 0 or not is_tight(row["tension"]):
        return {}
    return {"growth": 0.0, "expansion": 0.0, "openings": row["outflow"]}


def _as_the_study(row: Mapping[str, Any]) -> dict[str, Any]:
    """By how much the named occupations shrink the study does not say: only whose jobs they are."""
    if row["growth"] is None:
        return {}
    return {"growth": -1.0} if row["named_shrinking"] else {"growth": max(0.0, row["growth"])}


def _off(scores: Floats) -> Floats:
    """Scores without those of an occupation with itself, as the table of pairs has them."""
    made = scores.copy()
    np.fill_diagonal(made, np.nan)
    return made


def read_own(path: Path, what: str) -> pa.Table:
    """A CSV of own figures: codes and other words as text, figures as numbers, null where a cell is empty.

    Raises `InputError` where it cannot be read, lacks a column, has no rows, or a figure is no number (row and column
    named). Groups may also come as the table of ages of the outlook, with codes of occupations as its sectors.
    """
    no_file = f"Correct the name at moves, {what}; it is relative to the study file."
    if what == "groups" and "age_from" in lines_of(path, no_file)[0]:
        from overstap.outlook.demography import age_shares, read_ages

        return age_shares(read_ages([path]))
    fix = "Give the columns that overstap reference settings names."
    rows = csv_rows(path, _NEEDED.get(what, ("code",)), no_file, fix)
    if not rows:
        raise InputError(f"{path} has no rows below its header.", fix=f"Fill it in, or take it out of moves, {what}.")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return pa.table({name: _typed(name, cells, f"{path.name} (moves, {what})") for name, cells in columns.items()})


def _typed(name: str, cells: Sequence[str], where: str) -> pa.Array:
    if name not in _FIGURES:
        return pa.array(cells, pa.string())
    values = [number_of(f"{where}, row {row}, {name}", cell) for row, cell in enumerate(cells, 2)]
    if name != "skill_level":
        return pa.array(values, pa.float64())
    for row, level in enumerate(values, 2):
        if level not in (1, 2, 3, 4):
            raise InputError(f"{where}, row {row}: the skill level is '{cells[row - 2]}'.", fix="Give 1, 2, 3 or 4.")
    return pa.array(values, pa.int64())
