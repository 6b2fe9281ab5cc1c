"""The command that measures accuracy on annotated sets: `overstap evaluate`."""

from __future__ import annotations

from pathlib import Path

import typer

from overstap.cli.console import say


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(evaluate)


def evaluate(
    sets: list[str] = typer.Argument(
        metavar="SET...",
        help="Annotated sets: files (CSV or JSON Lines, also .gz) whose kind their columns tell, KIND=FILE, or a "
        "folder of shared data with ads, classifications, gold.",
    ),
    out: Path = typer.Option(
        Path("docs/accuracy.md"), "--out", help="Page to write; its plots go to a folder beside it."
    ),
    labels: Path = typer.Option(
        Path("tests/real/labels"), "--labels", help="Folder of labels of the ads in a folder of shared data."
    ),
) -> None:
    """Measure accuracy on annotated sets and write the page: tables with intervals, reliability, confusion, errors.

    Kinds of files, by their columns: titles `title,isco08[,lang]`; concepts `title,uri[,lang]`; sentences
    `sentence,uri` or `sentence,uris`; spans `text,spans` (JSON Lines) or SkillSpan's own; facts `text` and columns of
    facts (JSON Lines); languages `text,language`; sectors `company,sector`; mentions, the judged windows of --labels.

    Example: overstap evaluate titles.csv facts.jsonl --out accuracy.md
    """
    from overstap.evaluate.run import evaluate as run

    written = run(sets, out, labels, lambda title: say(f"  {title}"))
    say(f"Accuracy: {written[0]}, {len(written) - 1} plots beside it.")
