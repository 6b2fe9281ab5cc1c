"""Commands on reference data: what is bundled, settings, tables, installing ESCO and a user's own titles."""

from __future__ import annotations

from pathlib import Path

import typer

from overstap.cli.console import say
from overstap.errors import InputError, ReferenceDataError, nearest

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
    from overstap.cells import write_table
    from overstap.reference import tables

    write_table(tables.load(name))


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
    what: str = typer.Argument(help="What to install: esco, onet, statline, or titles (a list of your own)."),
    source: list[Path] = typer.Option(
        [],
        "--from",
        help="ESCO: folder, zip, .csv or .csv.gz, may be repeated. O*NET: folder, and its crosswalk to ESCO. "
        "Titles: CSV with title,isco08.",
    ),
) -> None:
    """Install the full ESCO into your data folder, from its published files or, without --from, its web service; or a
    list of your own titles with their codes, which win over every other source; or the official vacancies of CBS
    StatLine (table 80472ned, from its web service), for studies that set `weights.totals: statline`; or O*NET with its
    crosswalk to ESCO, whose skills, knowledge and activities then stand beside ESCO's in `overstap similarity`.

    Example: overstap reference install esco --from ESCO-nl.zip --from ESCO-en.zip
    """
    from overstap.reference import esco, onet, own_titles, statline

    if what == "statline":
        quarters = statline.fetch().rows["quarter"].to_pylist()
        say(f"Official vacancies of {min(quarters)} to {max(quarters)} installed. Source: CBS StatLine, CC BY 4.0.")
        return
    if what == "titles":
        if len(source) != 1:
            raise InputError("One list of titles is needed.", fix="overstap reference install titles --from FILE")
        say(f"{own_titles.install(source[0]):,} titles installed.")
        return
    if what == "onet":
        rows = onet.install(source)
        say(f"O*NET installed: {rows['onet_values']:,} ratings, {rows['onet_crosswalk']:,} links to ESCO. CC BY 4.0.")
        return
    if what != "esco":
        raise ReferenceDataError(
            f"'{what}' cannot be installed.",
            why=nearest(what, ("esco", "onet", "statline", "titles")) or "What can be: esco, onet, statline, titles.",
            fix="overstap reference install esco --from PATH",
        )
    report = esco.install(source) if source else esco.fetch()
    say(str(report))


@cli.command()
def remove(what: str = typer.Argument(help="What to remove: titles (the list of your own).")) -> None:
    """Remove your own list of titles; titles are then coded without it.

    Example: overstap reference remove titles
    """
    from overstap.reference import own_titles

    if what != "titles":
        raise ReferenceDataError(f"'{what}' cannot be removed.", fix="overstap reference remove titles")
    own_titles.remove()
    say("Your titles are removed.")
