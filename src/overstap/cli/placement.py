"""The command on everyone's moves at once: `overstap placement`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from overstap.cells import csv_text
from overstap.cli.console import check, say, write

if TYPE_CHECKING:
    from overstap.moves.question import Asked

STUDY = typer.Argument(None, help="A study file, for its moves settings and own tables; none: bundled figures.")
LEVEL = typer.Option("", help="Occupations compared: brc (default) or isco.")
WHO = typer.Option("", help="Who must leave: employed, net_decline (default) or displaced.")
PAY = typer.Option("", help="Pay to keep: same (default), 75 or any.")
_SENSITIVITY = ("none", "coarse", "full")


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(placement)


def placement(
    study: Path | None = STUDY,
    level: str = LEVEL,
    who: str = WHO,
    pay: str = PAY,
    sensitivity: str = typer.Option(
        "none", help="none, coarse (as in a report) or full: every choice with every other."
    ),
    out: str = typer.Option("", metavar="FILE", help="CSV of the sensitivity, else of the headline; - is stdout."),
) -> None:
    """How many of those who must leave find a place, by who counts and which pay is kept, why others do not, and what
    changes it.

    Example: overstap placement --sensitivity full --out surface.csv
    """
    from overstap.moves.collective import headline, surface
    from overstap.moves.question import variants

    check("sensitivity", sensitivity, _SENSITIVITY)
    asked = ask_study(study, level, who, pay)
    rows = headline(asked.question).to_pylist()
    begun, swept = time.perf_counter(), list[dict[str, Any]]()
    if sensitivity != "none":
        swept = list(surface(variants(asked, sensitivity == "full")))
    if out != "-":
        _headline(rows, asked)
        _reasons(asked)
    if swept:
        _swept(swept, asked, time.perf_counter() - begun, sys.stderr if out == "-" else sys.stdout)
    if out:
        write_csv(swept or rows, tuple((swept or rows)[0]), out)


def ask_study(study: Path | None, level: str, who: str, pay: str) -> Asked:
    """The question of a study file, or of bundled figures, with what the options say in its place."""
    from overstap.moves.collective import WHO as WHOS
    from overstap.moves.feasible import PAY_KEPT
    from overstap.moves.question import ask
    from overstap.study import load_study
    from overstap.study_moves import Moves

    given = {"level": level, "who": who, "pay": pay}
    for name, known in (("level", ("brc", "isco")), ("who", WHOS), ("pay", tuple(PAY_KEPT))):
        if given[name]:
            check(name, given[name], known)
    moves = load_study(study).moves if study is not None else Moves()
    base = Path() if study is None else study.resolve().parent
    return ask(moves.model_copy(update={name: value for name, value in given.items() if value}), base)


def _headline(rows: Sequence[Mapping[str, Any]], asked: Asked) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("who counts", "pay kept", "people", "placed", "share", "if unknown pay is kept"):
        table.add_column(name, justify="left" if name in ("who counts", "pay kept") else "right")
    for row in rows:
        parts = [
            "-" if row[f"{name}_pct"] is None else f"{row[f'{name}_pct']:.1f} %" for name in ("placed", "placed_high")
        ]
        table.add_row(row["who"], row["pay"], f"{row['leavers']:,}", f"{row['placed']:,.0f}", *parts)
    show_table(table)
    moves, least = asked.moves, asked.question.rules.similar
    say(
        f"{len(asked.question.facts):,} occupations ({moves.level}), {moves.first_year}-{moves.last_year}; "
        f"similarity from {least:.3f}, {moves.levels} level apart at most. Published in 2019, on other data and "
        "another count of who must leave: 80 % (same or higher pay) and 91 % (any pay)."
    )


_WHY = {
    "similar": "no work alike enough",
    "level": "the level",
    "licence": "a licence that is missing",
    "outlook": "the work alike shrinks",
    "pay": "the pay",
    "capacity": "too few openings",
}
_EASED = {
    "similar": "similarity 0.05 lower",
    "level": "a level more apart",
    "licence": "licensed work too",
    "outlook": "shrinking work too",
    "pay": "any pay",
    "capacity": "a tenth more openings",
}


def _reasons(asked: Asked) -> None:
    """Why those who are not placed are not, and what easing one bound brings, for the settings that were asked."""
    from overstap.moves.collective import answer, by_occupation, worth_of_loosening

    question, moves = asked.question, asked.moves
    rows = by_occupation(question, answer(question, moves.aim)).to_pylist()
    people, placed = (sum(row[name] for row in rows) for name in ("leavers", "placed"))
    asked_as = f"{moves.who}, pay {moves.pay}"
    if not people:
        say(f"With {asked_as} nobody must leave: no occupation loses more jobs than people leave it by themselves.")
        return
    left: dict[str, float] = {}
    for row in rows:
        if row["reason"]:
            left[row["reason"]] = left.get(row["reason"], 0.0) + row["leavers"] - row["placed"]
    whys = ", ".join(f"{_WHY[why]} {n:,.0f}" for why, n in sorted(left.items(), key=lambda one: -one[1]))
    gains = sorted(worth_of_loosening(question).to_pylist(), key=lambda row: -row["more"])
    eased = ", ".join(f"{_EASED[row['bound']]} +{row['more']:,}" for row in gains if row["more"] > 0)
    if not placed:
        say(f"With {asked_as} no move passes every rule, so nobody is placed: the rules leave no answer.")
    if left:
        say(f"Why {people - placed:,.0f} people are not placed ({asked_as}): {whys}.")
        say(f"What easing one bound would place: {eased or 'nobody more, whichever bound is eased alone'}.")


def _swept(rows: Sequence[dict[str, Any]], asked: Asked, seconds: float, stream: Any) -> None:
    """By choice the share placed where the others are as asked, and its range over all other choices."""
    from rich.table import Table

    known = [row for row in rows if row["placed_pct"] is not None]
    moves, least = asked.moves, round(asked.question.rules.similar, 4)
    usual = {"who": moves.who, "pay": moves.pay, "similar": least, "measure": "combined", "levels": moves.levels}
    usual |= {"last_year": moves.last_year, "outlook": asked.outlook}
    table = Table(box=None, pad_edge=False, title="Share placed", title_justify="left")
    for name in ("choice", "value", "others as asked", "lowest", "median", "highest"):
        table.add_column(name, justify="left" if name in ("choice", "value") else "right")
    for axis in usual:
        for value in dict.fromkeys(row[axis] for row in known if axis != "similar" or row["measure"] == "combined"):
            mine = [row for row in known if row[axis] == value]
            shares = sorted(row["placed_pct"] for row in mine)
            one = [row for row in mine if all(row[name] == usual[name] for name in usual if name != axis)]
            shown = [f"{share:.0f} %" for share in (shares[0], shares[len(shares) // 2], shares[-1])]
            table.add_row(axis, str(value), f"{one[0]['placed_pct']:.0f} %" if one else "-", *shown)
    show_table(table, stream)
    say(f"{len(rows):,} settings in {seconds:.0f} s; in {len(rows) - len(known):,} of them nobody must leave.")


def show_table(table: Any, stream: Any = None) -> None:
    """A table of rich on stdout, or on another stream."""
    from rich.console import Console

    Console(file=stream or sys.stdout, highlight=False).print(table)


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], name: str) -> None:
    """Rows as CSV to a file, or to stdout for -."""
    write(csv_text(columns, rows), name)
