"""The command for funds across sectors: `overstap packages`, what retraining costs, who pays and for whom it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from overstap.cli.console import check, say
from overstap.cli.placement import LEVEL, PAY, STUDY, WHO, ask_study, show_table, write_csv
from overstap.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from overstap.moves.packages import PersonsMove
    from overstap.moves.question import Asked

LANG = typer.Option("nl", help="Language of names: nl or en.")
_PAIRS = 7  # shown in the terminal, all sectors together the first


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("packages")(packages)


def packages(
    study: Path | None = STUDY,
    level: str = LEVEL,
    who: str = WHO,
    pay: str = PAY,
    most: int = typer.Option(5, min=1, max=20, help="Packages for each pair of sectors."),
    left: str = typer.Option(
        "", "--from", metavar="SECTOR", help="Only from this section of SBI 2008: a letter or word."
    ),
    entered: str = typer.Option(
        "", "--to", metavar="SECTOR", help="Only to this section of SBI 2008: a letter or word."
    ),
    subsidy: float = typer.Option(-1.0, help="Part (0-1) of the cost that the government pays; default the study's."),
    lang: str = LANG,
    out: str = typer.Option("", metavar="FILE", help="CSV of all pairs of sectors; - is stdout."),
) -> None:
    """The few packages of training that open most moves for most people, for each pair of sectors: for O&O funds.

    Moves are those of the placement, divided over sectors by the sectors' shares, as nobody counts them. Then what
    retraining all of them costs, who pays, and for whom it pays.

    Example: overstap packages --from K --to Q --subsidy 0.25 --out pakketten.csv
    """
    from overstap.moves.collective import answer, flows
    from overstap.moves.packages import ALL, split_by_sector
    from overstap.moves.packages_for import COLUMNS, moves_of, package_rows
    from overstap.moves.sectors import section_of, sectors_of

    check("lang", lang, ("nl", "en"))
    asked = ask_study(study, level, who, pay)
    wanted = tuple(section_of(text) if text else "" for text in (left, entered))
    question, at = asked.question, asked.moves.level
    found = moves_of(flows(question, answer(question, asked.moves.aim)).to_pylist(), question.facts, at)
    moves = [
        move
        for move in split_by_sector(found, sectors_of(at))
        if wanted[0] in ("", move.sector_from) and wanted[1] in ("", move.sector_to)
    ]
    if not moves:
        raise InputError("Nobody moves so in the placement.", fix="Ask other sectors, --who employed, or --pay any.")
    rows = package_rows(moves, most, asked.own("training_costs"), lang)
    if all(wanted):
        rows = [row for row in rows if row["sector_from"] != ALL]  # the one pair is all there is
    if out != "-":
        _packages(rows, asked)
        _bill(moves, asked, asked.moves.subsidy if subsidy < 0 else subsidy)
        _people(asked)
    if out:
        write_csv([{name: row[name] for name in COLUMNS} for row in rows], COLUMNS, out)


def _packages(rows: Sequence[Mapping[str, Any]], asked: Asked) -> None:
    for pair in list(dict.fromkeys((row["sector_from"], row["sector_to"]) for row in rows))[:_PAIRS]:
        mine = [row for row in rows if (row["sector_from"], row["sector_to"]) == pair]
        ends = " → ".join(dict.fromkeys((mine[0]["sector_from_name"], mine[0]["sector_to_name"])))
        table = _table(f"{ends}: {mine[0]['movers']:,.0f} movers", "package", "level", "reached", "months", "euro")
        for row in mine:
            months = f"{row['months']:.1f} ({row['months_low']:.1f}-{row['months_high']:.1f})"
            shown = (str(row["skill_level"]), f"{row['share_pct']:.0f} %", months, f"{row['eur']:,.0f}")
            table.add_row(f"{row['package_name']}: {row['package_skills']}", *shown)
        show_table(table)
    say(
        f"Moves of the placement ({asked.moves.who}, pay {asked.moves.pay}), divided over sectors by their shares of "
        "jobs; months and euro a person rest in part on assumptions (table training_costs). Reached: the packages so "
        "far teach 80 % of what a move misses, or that part of it. --out FILE gives all pairs of sectors."
    )


def _bill(moves: Sequence[PersonsMove], asked: Asked, subsidy: float) -> None:
    """The bill by payer, and for whom retraining pays at each subsidy."""
    from overstap.moves.bill import SUBSIDIES, bill, costs_of, returns_by_subsidy

    facts: pa.Table = asked.question.facts
    pay = dict(zip(*(facts[name].to_pylist() for name in ("code", "pay_p50")), strict=True))
    found = costs_of(moves, pay, asked.own("training_costs"), asked.own("training_returns"))
    table = _table(
        f"What it costs, in million euro (subsidy {subsidy:.0%})",
        "who pays",
        "share",
        "training",
        "pay for hours of learning",
    )
    for row in bill(found, asked.moves.payers, subsidy).to_pylist():
        shown = [
            f"{row[name] / 1e6:,.0f} ({row[f'{name}_low'] / 1e6:,.0f}-{row[f'{name}_high'] / 1e6:,.0f})"
            for name in ("price", "time")
        ]
        table.add_row(row["payer"], f"{row['share']:.0%}", *shown)
    show_table(table)
    rows = {(row["payer"], row["subsidy"]): row for row in returns_by_subsidy(found).to_pylist()}
    table = _table(
        "Part of the people (%) for whom it pays, by subsidy", "payer", *(f"{part:.0%}" for part in SUBSIDIES)
    )
    for payer in dict.fromkeys(payer for payer, _ in rows):
        cells = [rows.get((payer, part)) for part in SUBSIDIES]
        table.add_row(payer, *("-" if row is None else _share(row) for row in cells))
    show_table(table)
    known = float(found.persons[found.known].sum() / found.persons.sum())
    say(
        f"Middle, and low-high with all assumptions against it or with it (table training_returns). Pay is known of "
        f"{known:.0%} of the people; others count in the price of training only. What comes back counts in full for "
        "each payer. Together: employers who train together. "
        "World Economic Forum (2019), United States: 25 % for employers alone, 45 % together, 77 % for the government."
    )


def _people(asked: Asked) -> None:
    """Who is to retrain, where the study has a table of them."""
    from overstap.moves.population import GROUPS, older, population

    people = asked.own("population")
    if people is None:
        say(
            "Who is to retrain by age, education and contract is not known without your own table (moves.population: "
            "age, education, contract, persons). The study of 2019: 5.4 million people of 35 and over."
        )
        return
    found = population(people)
    table = _table("Who is to retrain", *GROUPS, "people", "share")
    for row in found.to_pylist():
        table.add_row(*(row[name] or "-" for name in GROUPS), f"{row['persons']:,.0f}", f"{row['share'] or 0:.1%}")
    show_table(table)
    if (n := older(found)) is not None:
        say(f"35 and over: {n:,.0f}. The study of 2019: 5.4 million.")


def _share(row: Mapping[str, Any]) -> str:
    return f"{row['pays_pct']:.0f} ({row['pays_pct_low']:.0f}-{row['pays_pct_high']:.0f})"


def _table(title: str, *names: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for at, name in enumerate(names):
        table.add_column(name, justify="right" if at else "left")
    return table
