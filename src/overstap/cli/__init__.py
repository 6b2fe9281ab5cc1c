"""The command line. Data go to stdout, messages to stderr; a user's mistake ends with exit code 2."""

from __future__ import annotations

import errno
from typing import Any

import typer
from typer.core import TyperGroup

from overstap import __version__
from overstap.cli import (
    ads,
    advise,
    audit,
    bench,
    codes,
    compare,
    countries,
    cross,
    curriculum,
    education,
    evaluate,
    experiment,
    forecast,
    initiative,
    link,
    outlook,
    packages,
    panel,
    phrases,
    placement,
    profile,
    reference,
    reproduce,
    results,
    scenario,
    similarity,
    study,
    survey,
)
from overstap.cli.console import complain, say
from overstap.errors import OverstapError


class _Commands(TyperGroup):
    """The commands, with an end to each that a user can read: Typer itself knows neither our errors nor the disk's."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OverstapError as error:
            complain(error)
            raise typer.Exit(2) from error
        except (KeyboardInterrupt, RuntimeError) as stop:
            if isinstance(stop, RuntimeError) and str(stop) != "Query interrupted":  # DuckDB's word for Ctrl-C
                raise
            say("Stopped. Finished tables are kept; run the same command to go on.")
            raise typer.Exit(130) from stop
        except BrokenPipeError:
            raise  # the reader of our output has gone: Typer ends without a word
        except OSError as error:
            complain(_of_the_system(error))
            raise typer.Exit(2) from error


def _of_the_system(error: OSError) -> OverstapError:
    """What the operating system refused, in the form of our own errors."""
    mends = {
        errno.ENOSPC: "Free some space, then run the same command: finished tables are kept.",
        errno.EDQUOT: "Free some space within your quota, then run the same command: finished tables are kept.",
        errno.EFBIG: "Raise the limit on the size of files (ulimit -f), then run the same command.",
        errno.EACCES: "Give yourself the right to it, or set 'output:' in the study file to another folder.",
        errno.EPERM: "Give yourself the right to it, or set 'output:' in the study file to another folder.",
        errno.EROFS: "The disk can only be read: set 'output:' in the study file to a folder elsewhere.",
    }
    where = f" {error.filename}" if error.filename else " a file"
    return OverstapError(
        f"Cannot read or write{where}.",
        why=error.strerror or str(error),
        fix=mends.get(error.errno or 0, "Look at the file and its folder, then run the same command."),
    )


cli = typer.Typer(
    name="overstap",
    cls=_Commands,
    help="From job ads to answers: which skills are asked, how that changes, with an interval on every number.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for module in (
    study,
    ads,
    advise,
    codes,
    link,
    results,
    cross,
    compare,
    phrases,
    reproduce,
    similarity,
    countries,
    placement,
    packages,
    profile,
    evaluate,
    curriculum,
):
    module.register(cli)
cli.add_typer(reference.cli, name="reference")
cli.add_typer(audit.cli, name="audit")
cli.add_typer(forecast.cli, name="forecast")
cli.add_typer(education.cli, name="education")
cli.add_typer(outlook.cli, name="outlook")
cli.add_typer(scenario.cli, name="scenario")
cli.add_typer(survey.cli, name="survey")
cli.add_typer(panel.cli, name="panel")
cli.add_typer(initiative.cli, name="initiative")
cli.add_typer(experiment.cli, name="experiment")
cli.add_typer(bench.cli, name="bench")


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
    cli()
