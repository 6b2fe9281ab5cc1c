"""The command that rates moves between occupations: `overstap similarity`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from overstap.cli.console import say, write
from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.moves.crosswalk import Level


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("similarity")(similarity)


def similarity(
    level: str = typer.Option("isco", help="esco (occupations), isco (unit groups) or brc (groups of CBS)."),
    pairs: str = typer.Option(
        "", metavar="FILE", help="CSV with columns from, to: codes, ESCO URIs or names; - is stdin."
    ),
    out: str = typer.Option("-", metavar="FILE", help="CSV to write; - is stdout."),
    of: str = typer.Option("", metavar="NAME", help="In place of --pairs: the occupations most like this one."),
    top: int = typer.Option(20, min=1, help="Moves to give with --of."),
    lang: str = typer.Option("nl", help="Language of the names: nl or en."),
    table: bool | None = typer.Option(
        None, "--table/--csv", help="With level, pay, licence and outlook, to read (default in a terminal), or CSV."
    ),
) -> None:
    """Rate how much an occupation asks of what another gives: every component, their weighted mean, and its band.

    Occupations may be named by code, by ESCO URI or in words, typos allowed; one that is not found leaves its row
    empty, with the nearest three. Example: overstap similarity --level esco --pairs moves.csv --out rated.csv
    """
    from overstap.moves.crosswalk import check_level, has_esco
    from overstap.moves.pairs import rate, read_pairs, top_moves, write_rows

    check_level(level)
    if lang not in ("nl", "en"):
        raise InputError(f"--lang {lang}: there are names in nl and en.", fix="--lang nl")
    if bool(pairs) == bool(of):
        raise InputError(
            "Either pairs of occupations or one occupation is needed.",
            fix="overstap similarity --pairs IN.csv --out OUT.csv, or overstap similarity --of NAME",
        )
    if not has_esco():
        say("ESCO is not installed: groups of skills are compared, not single skills. overstap reference install esco")
    at = cast("Level", level)
    rows = top_moves(of, at, top, lang) if of else rate(read_pairs(*_read(pairs)), at, lang)
    readable = (out == "-" and sys.stdout.isatty()) if table is None else table
    if readable and out == "-":
        _show(rows, at, lang)
    else:
        write(write_rows(rows), out)
    found = sum(row["similarity"] is not None for row in rows)
    if pairs:
        _tell(rows, found)
    if not found:
        raise typer.Exit(1)


def _read(name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(), "stdin"
    if not Path(name).is_file():
        raise InputError(f"There is no file {name}.", fix="overstap similarity --pairs FILE, with columns from and to")
    return Path(name).read_bytes(), name


def _show(rows: list[dict[str, Any]], level: Level, lang: str) -> None:
    """The moves with what else decides on them: step in level, pay, licence, outlook."""
    from rich.console import Console
    from rich.table import Table

    from overstap.moves.context import contexts

    shown = Table(box=None, pad_edge=False)
    for name in ("from", "to", "similarity", "level", "pay an hour", "growth", "licence"):
        shown.add_column(name, overflow="fold", justify="left" if name in ("from", "to", "licence") else "right")
    before = ""
    for row, found in zip(rows, contexts(rows, level, lang), strict=True):
        start = row["from_name"] or row["from"]
        score = "?" if row["similarity"] is None else f"{row['similarity']:.2f} {row['band']}"
        shown.add_row("" if start == before else start, row["to_name"] or row["to"], score, *found)
        before = start
    Console(file=sys.stdout, highlight=False).print(shown)


def _tell(rows: list[dict[str, Any]], found: int) -> None:
    told = [row["message"] for row in rows if row["message"]]
    for message in list(dict.fromkeys(told))[:20]:
        say(message)
    say(f"{found:,} of {len(rows):,} pairs rated.")
