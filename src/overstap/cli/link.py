"""The command that links sentences to ESCO skills by meaning: `overstap link-skills`."""

from __future__ import annotations

import sys

import typer

from overstap.cli.console import stdin_is_file, stdin_lines

_BLOCK = 256


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("link-skills")(link_skills)


def link_skills(
    top: int = typer.Option(10, min=1, max=100, help="Skills to give for each line, likeliest first."),
    lang: str = typer.Option("nl", help="Language of the labels: nl or en; English where there is no Dutch label."),
) -> None:
    """Link each line of stdin to ESCO skills by meaning; writes a JSON line for each, in order.

    A score is the probability that the line asks the skill, by meaning alone. counts is true where annotate --semantic
    counts the skill, were the line among the requirements of an ad: there a form that names a skill goes before what
    is like it, phrases are judged one by one against annotation.skill_score (.4), and the taxonomy is ESCO where it is
    installed, else the core skills, so that a high score need not count, nor a low one fail to. What a line says not
    to be needed or used has no skills. A file as stdin is read in blocks, a pipe line by line, which is slower.

    Example: overstap link-skills --top 5 --lang en < sentences.txt
    """
    from overstap.semantic.lines import answers

    for answer in answers(stdin_lines(), top, lang, block=_BLOCK if stdin_is_file() else 1):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()
