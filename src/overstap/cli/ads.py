"""The command that annotates ads without a study: `overstap annotate`."""

from __future__ import annotations

from pathlib import Path

import typer

from overstap.cli.console import say


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(annotate)


def annotate(
    inputs: list[Path] = typer.Argument(
        help="Files of ads: CSV, JSON Lines, Parquet, Jobfeed export, JSON-LD or HTML."
    ),
    out: Path = typer.Option(..., "--out", help="Parquet file to write, one row an ad, in input order."),
    mapping: list[str] = typer.Option(
        [], "--map", metavar="FIELD=COLUMN", help="Column of a field, where it is not recognised by name."
    ),
    encoding: str = typer.Option("utf-8", help="Encoding of CSV and JSON files, for instance cp1252."),
    taxonomy: str = typer.Option("core", help="core, or esco where it is installed."),
    semantic: bool | None = typer.Option(
        None, "--semantic/--no-semantic", help="Link phrases to skills by meaning too; by default with esco only."
    ),
    with_text: bool = typer.Option(False, "--with-text", help="Add the cleaned, masked text as column 'text'."),
) -> None:
    """Annotate ads: language, skills, occupation, education, sector, place and facts, with spans of the skills and
    facts. Facts: years of experience, hours, pay (in euros only), contract, languages, driving licence, remote work,
    firm size, whether an agency posted the ad. An occupation scored below .25 is not given; code-title gives them
    from .15.

    Example: overstap annotate ads.csv --out annotated.parquet --map text=description
    """
    from overstap.ads.command import annotate_files, reasons_of

    result = annotate_files(inputs, out, mapping, taxonomy, with_text, semantic=semantic, encoding=encoding)
    say(f"{result.ads:,} ads annotated to {out}.")
    if result.quarantined:
        say(f"{result.quarantined:,} rows set aside, with reasons, in {result.quarantine_path}.")
        say(f"Reasons: {'; '.join(reasons_of(result.quarantine_path))}.")
