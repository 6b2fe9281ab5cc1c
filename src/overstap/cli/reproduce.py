"""Command on the statements of the published study: reproduce."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from overstap.errors import InputError, StudyError


class Form(StrEnum):
    """How the table is written."""

    table = "table"
    csv = "csv"
    json = "json"


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(reproduce)


def reproduce(
    study: Path = typer.Argument(help="The study file; it sets `reproduce: study-2019`."),
    form: Form = typer.Option(Form.table, "--format", help="table, csv or json."),
    lang: str = typer.Option("en", help="Language of the table: nl or en."),
) -> None:
    """Show each statement of the published study beside the last run: value, interval, verdict, and if it counts.

    Example: overstap reproduce study.yaml --format csv
    """
    from overstap.pipeline import Study
    from overstap.publish.labels import Translator
    from overstap.publish.reproduction import COLUMNS, chapters, closing
    from overstap.publish.tables import to_csv

    if lang not in ("nl", "en"):
        raise InputError(f"--lang {lang}: there are no labels in '{lang}'.", fix="Use --lang nl or --lang en.")
    opened = Study.open(study).finished()
    if opened.spec.reproduce is None:
        raise StudyError(
            f"{study} does not ask for a reproduction.",
            fix=f"Add 'reproduce: study-2019', then: overstap run {study}",
        )
    table = opened.table("out_reproduction")
    rows = sorted(table.to_pylist(), key=lambda row: int(row["number"]))
    if form is Form.csv:
        typer.echo(to_csv(rows, table.schema.names), nl=False)
    elif form is Form.json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        t = Translator("nl" if lang == "nl" else "en")
        console = Console(width=None if Console().is_terminal else 200)
        for chapter in chapters(t, rows):
            shown = Table(
                *(t(f"reproduction.head.{name}") for name in COLUMNS), title=chapter.title, title_justify="left"
            )
            for row in chapter.rows:
                shown.add_row(*row)
            console.print(shown)
        typer.echo(closing(t, rows))
