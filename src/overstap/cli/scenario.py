"""Scenarios without a study: `overstap scenario list`, `levers` and `run`."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import typer

from overstap.cells import write_table
from overstap.cli.console import say
from overstap.cli.cross import Format, write_rows
from overstap.cli.outlook import figures

cli = typer.Typer(no_args_is_help=True, help="What if: levers turned, run through outlook, placement and shortage.")
_FILES = ("out_scenarios", "out_scenario_occupations", "out_scenario_levers")


@cli.command("list")
def list_(
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row)."),
) -> None:
    """The bundled scenarios and the levers that each turns.

    Example: overstap scenario list
    """
    from overstap.outlook.scenario import bundled, parse

    rows = []
    for name, text in bundled().items():
        found = parse(text, name)
        turned = ", ".join(
            f"{lever} {turn.value:,.10g} ({turn.bounds[0]:,.10g} to {turn.bounds[1]:,.10g})"
            for lever, turn in found.levers.items()
        )
        rows.append({"scenario": name, "title": found.title["en"], "levers": turned})
    write_rows(pa.Table.from_pylist(rows), format)


@cli.command("levers")
def levers_(
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row)."),
) -> None:
    """Every lever: what it means, its unit, its range, its neutral value and where its size comes from.

    Example: overstap scenario levers --format csv
    """
    from overstap.outlook.levers import levers

    rows = [
        {"lever": one.name, "unit": one.unit, "low": one.low, "high": one.high, "neutral": one.neutral,
         "basis": one.basis, "meaning": one.meaning["en"]}
        for one in levers().values()
    ]  # fmt: skip
    write_rows(pa.Table.from_pylist(rows), format)


@cli.command("run")
def run_(
    scenarios: list[str] = typer.Argument(help="YAML files, or names of bundled scenarios."),
    out: Path = typer.Option(..., help="Folder to write: a CSV for totals, for occupations and for levers."),
    own: list[Path] = typer.Option([], help="CSV of own figures (overstap outlook template); again for more."),
    graduates: list[Path] = typer.Option([], help="Open files of DUO (or alike) with graduates; again for more."),
    matrix: Path | None = typer.Option(None, help="CSV of where programmes lead; default the bundled one."),
    first: int = typer.Option(2025, help="Base year."),
    last: int = typer.Option(2035, help="Last year."),
    draws: int = typer.Option(1_000, min=50, max=10_000, help="Futures drawn."),
    seed: int = typer.Option(1, min=0, help="Seed of the draws."),
) -> None:
    """Run scenarios beside the base: jobs, leavers, openings, who can be placed, shortage, and what each lever does.

    Example: overstap scenario run automation energy_transition --out results
    """
    from overstap.outlook.futures import Market, run
    from overstap.outlook.market import brc_outlook, brc_question
    from overstap.outlook.scenario import read_scenario
    from overstap.outlook.table import Settings

    asked = [read_scenario(name) for name in scenarios]
    settings = Settings(first, last, draws, seed)
    market = Market(
        brc_outlook(settings, figures(own, graduates, matrix, (first, last), ("brc",))), brc_question((first, last))
    )
    tables = run(market, asked, settings.confidence, seed)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in zip(_FILES, tables, strict=True):
        write_table(table, out / f"{name}.csv")
    shown = ("scenario", "outcome", "value", "value_low", "value_high", "path", "change", "change_low", "change_high")
    write_rows(tables[0].select(shown), Format.table)
    say(
        f"All years from {first} to {last}. employed, expansion and outflow are those of the path, where no forecast"
        " errs, and so is their change; the others are the median of the futures, beside their own path. – is not"
        " known: a shortage needs graduates (--graduates)."
    )
    say(f"Written to {out}: {', '.join(f'{name}.csv' for name in _FILES)}. Intervals of {settings.confidence:.0%}.")
