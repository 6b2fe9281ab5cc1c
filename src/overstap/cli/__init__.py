"""The command line. Data go to stdout, messages to stderr; a user's mistake ends with exit code 2."""

from __future__ import annotations

import sys

import typer

from overstap import __version__
from overstap.cli import ads, reference, results, study
from overstap.cli.console import complain
from overstap.errors import OverstapError

cli = typer.Typer(
    name="overstap",
    help="From job ads to answers: which skills are asked, how that changes, with an interval on every number.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for module in (study, ads, results):
    module.register(cli)
cli.add_typer(reference.cli, name="reference")


def _version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@cli.callback()
def main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """From job ads to answers: which skills are asked, how that changes, with an interval on every number."""


def app() -> None:
    """Entry point of the `overstap` command."""
    try:
        cli()
    except OverstapError as error:
        complain(error)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("Stopped. Finished tables are kept; run the same command to go on.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
