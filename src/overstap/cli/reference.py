"""Commands on reference data: what is bundled, settings, tables, and installing ESCO."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from overstap.cli.console import say
from overstap.errors import ReferenceDataError

cli = typer.Typer(help="Bundled facts, settings and table contracts; install the full ESCO.", no_args_is_help=True)


@cli.command("list")
def list_tables() -> None:
    """List the bundled reference tables with their sources.

    Example: overstap reference list
    """
    from overstap.reference import tables

    for name in tables.names():
        sources = "; ".join(f"{s.publisher}: {s.title} ({s.licence})" for s in tables.sources_of(name))
        typer.echo(f"{name}\t{tables.describe(name).description}\t{sources}")


@cli.command()
def show(name: str = typer.Argument(help="Name of a bundled table.")) -> None:
    """Print a bundled table as CSV.

    Example: overstap reference show isco08 > isco08.csv
    """
    import pyarrow.csv as pa_csv

    from overstap.reference import tables

    pa_csv.write_csv(tables.load(name), sys.stdout.buffer)


@cli.command()
def settings() -> None:
    """Print every setting of the study file with its type, default and meaning.

    Example: overstap reference settings
    """
    from overstap.study import settings as rows

    for name, kind, default, description in rows():
        typer.echo(f"{name}\t{kind}\t{default}\t{description}")


@cli.command()
def install(
    what: str = typer.Argument(help="What to install: esco."),
    source: list[Path] = typer.Option(
        [], "--from", help="Folder, zip, .csv or .csv.gz of the published ESCO files; may be repeated."
    ),
) -> None:
    """Install the full ESCO into your data folder, from its published files or, without --from, its web service.

    Example: overstap reference install esco --from ESCO-nl.zip --from ESCO-en.zip
    """
    from overstap.reference import esco

    if what != "esco":
        raise ReferenceDataError(f"'{what}' cannot be installed.", fix="overstap reference install esco --from PATH")
    report = esco.install(source) if source else esco.fetch()
    say(str(report))
