"""The command that codes titles of jobs: `overstap code-title`."""

from __future__ import annotations

import sys

import typer

from overstap.cli.console import stdin_lines


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("code-title")(code_title)


def code_title(
    lang: str = typer.Option("nl", "--lang", help="Language of the labels, whose names also count first: nl or en."),
    top: int = typer.Option(10, "--top", help="Codes and ESCO occupations to give a title, at most."),
) -> None:
    """Code job titles from stdin, one a line, to ISCO-08 and ESCO: a line of JSON for each, on stdout. Codable is a
    title whose best code scores .15 or more; for annotate and a study it takes .25 (`annotation.occupation_score`). A
    reason says why a title is not codable; hybrid and domains mark roles of two domains; isco08_label and
    candidate_labels name the groups of ISCO-08. Of a title in parts ("firm | role | place") the role is coded.

    Example: overstap code-title --lang nl --top 3 < titles.txt
    """
    from overstap.ads.code_title import TitleCoder

    coder = TitleCoder.bundled(lang, top)
    for row in coder.lines(stdin_lines()):
        sys.stdout.write(row + "\n")
