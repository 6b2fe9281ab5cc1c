"""The command that links sentences to ESCO skills by meaning: `overstap link-skills`."""

from __future__ import annotations

import sys

import typer

from overstap.cli.console import stdin_lines


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("link-skills")(link_skills)


def link_skills(
    top: int = typer.Option(10, min=1, max=100, help="Skills to give for each line, likeliest first."),
    lang: str = typer.Option("nl", help="Language of the labels: nl or en; English where there is no Dutch label."),
) -> None:
    """Link each line of stdin to ESCO skills by meaning; writes a JSON line for each, in order.

    A score is a probability; counts is true from .4, the score from which a study counts a skill by default
    (annotation.skill_score): of links from .4 to .6 over four in ten were right, from .6 over eight, below .4 one in
    four or fewer. What a line says not to be needed or used has no skills.

    Example: overstap link-skills --top 5 --lang en < sentences.txt
    """
    from overstap.semantic.lines import answers

    for answer in answers(stdin_lines(), top, lang):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()
