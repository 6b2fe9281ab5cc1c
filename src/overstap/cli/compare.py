"""Two editions of a study beside each other: `overstap compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cells import write_table
from overstap.cli.console import check, say

if TYPE_CHECKING:
    from overstap.analysis.editions import Editions
    from overstap.publish.labels import Translator


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(compare)


def compare(
    old: Path = typer.Argument(help="The study file of the earlier edition."),
    new: Path = typer.Argument(help="The study file of the later one."),
    top: int = typer.Option(10, min=1, help="Differences to show, the largest first."),
    out: Path | None = typer.Option(None, help="CSV of every item and year."),
    lang: str = typer.Option("en", help="Language of the labels: nl or en."),
) -> None:
    """Say what changed between two editions, and why: other vacancies, or the same ones coded otherwise.

    Shares of the same year are laid beside each other. What changes among the vacancies of both editions is coding
    (another taxonomy, model or version of overstap), the rest is data. Years that only one edition has are left out:
    what they add is news, which overstap report tells.

    Example: overstap compare study-2025.yaml study-2026.yaml --out changed.csv
    """
    from overstap.analysis.editions import compare_editions
    from overstap.pipeline import Study
    from overstap.publish.labels import Translator

    check("lang", lang, ("nl", "en"))
    earlier, later = Study.open(old).finished(), Study.open(new).finished()
    found = compare_editions(earlier, later)
    if out:
        write_table(found.shares, out)
        say(f"{found.shares.num_rows} shares: {out}")
    _tell(found)
    _show(found, Translator.for_study(later, "nl" if lang == "nl" else "en"), top)


def _tell(found: Editions) -> None:
    old, new, both = (sum(found.counts[name].to_pylist()) for name in ("old_n", "new_n", "both_n"))
    say(
        f"Vacancies: {old:,} before, {new:,} now; {both:,} are the same, {old - both:,} are gone, {new - both:,} added."
    )
    if found.settings:
        say(f"Settings that differ: {', '.join(found.settings)}.")
    if found.sources:
        say(f"Sources of one edition alone: {', '.join(found.sources)}.")
    if found.versions[0] != found.versions[1]:
        say(f"Made with overstap {found.versions[0]}, and now {found.versions[1]}.")
    if not both:
        say("The editions share no vacancy, so that coding cannot be told from data.")
    elif found.is_same_coding:
        say("The vacancies of both are coded alike: every difference comes from the vacancies that are gone or added.")


def _show(found: Editions, t: Translator, top: int) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = [row for row in found.shares.slice(0, top).to_pylist() if row["difference_pct"]]
    if not rows:
        say("No share of a year that both editions have differs.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("what", "year"):
        table.add_column(name)
    for name in ("before %", "now %", "difference", "by coding", "by vacancies", "same / before / now"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            t.item_of(row), row["year"],
            *(_share(t, row, name) for name in ("old", "new")),
            *(t.signed(row[f"{name}_pct"], 2) for name in ("difference", "by_coding", "by_vacancies")),
            " / ".join(t.number(row[f"{name}_n"]) for name in ("both", "old", "new")),
        )  # fmt: skip
    Console().print(table)


def _share(t: Translator, row: dict[str, float | None], name: str) -> str:
    share = t.number(row[f"{name}_pct"], 2)
    if row[f"{name}_low"] is None:
        return share
    return f"{share} ({t.number(row[f'{name}_low'], 1)}–{t.number(row[f'{name}_high'], 1)})"
