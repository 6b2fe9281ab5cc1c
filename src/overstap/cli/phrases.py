"""Phrases that ads ask and the taxonomy does not hold, from a finished study: `overstap phrases`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import say
from overstap.cli.cross import Format, write_rows
from overstap.errors import InputError, nearest

if TYPE_CHECKING:
    import pyarrow as pa


_SHOWN = (
    "phrase", "language", "direction", "vacancies_n", "employers_n", "first_seen", "first_pct", "last_pct", "last_low",
    "last_high", "asking_pct", "occupations", "sectors", "nearest_skill_id", "nearest_score",
)  # fmt: skip


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(phrases)


def phrases(
    study: Path = typer.Argument(help="The study file."),
    direction: list[str] = typer.Option(
        [], help="new, rising, falling, unclear; give it again for more. All by default."
    ),
    language: str | None = typer.Option(None, help="Only ads in this language: nl, en, de, fr or other."),
    top: int = typer.Option(50, min=1, help="Phrases, those that are most of a term first."),
    format: Format = typer.Option(Format.table, help="table, csv or json (a line a row); a table shows fewer columns."),
) -> None:
    """Candidates for the taxonomy: what ads ask that no skill of it names, and which skill comes nearest.

    Example: overstap phrases study.yaml --direction new --direction rising --top 40
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from overstap.pipeline import Study
    from overstap.schema.phrases import DIRECTIONS

    for name in direction:
        if name not in DIRECTIONS:
            raise InputError(
                f"There is no direction '{name}'.",
                fix=f"{nearest(name, DIRECTIONS)} Directions: {', '.join(DIRECTIONS)}.".strip(),
            )
    rows = Study.open(study).finished().table("out_new_phrases")
    if language:
        rows = rows.filter(pc.equal(rows["language"], language))
    others = rows
    if direction:
        rows = rows.filter(pc.is_in(rows["direction"], pa.array(direction)))
    rows = rows.slice(0, top)
    if not rows.num_rows:
        say(_none(others))
        return
    write_rows(rows.select(_SHOWN) if format is Format.table else rows, format)
    say("Candidates found by counting, not skills: a person decides whether one is new, a form of a skill, or neither.")


def _none(others: pa.Table) -> str:
    """That no phrase is left, and how many there are of `others`, the directions that were not asked."""
    from overstap.schema.phrases import DIRECTIONS

    counts = Counter(others["direction"].to_pylist())
    if not counts:
        return "No phrase of enough vacancies and employers is left that the taxonomy does not hold."
    told = ", ".join(f"{counts[name]} {name}" for name in DIRECTIONS if counts[name])
    return f"No phrase of this direction. Of others: {told}."
