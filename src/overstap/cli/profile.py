"""The command that shows one occupation: `overstap profile`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import typer

from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.moves.crosswalk import Level
    from overstap.moves.describe import Profile

_FACTS = (
    ("jobs", "people", "jobs", "{:,.0f}"),
    ("women", "share of women", "women", "{:.0%}"),
    ("education_high", "highly educated", "education", "{:.0%}"),
    ("pay_p25", "pay an hour, lower quartile", "pay", "€ {:.2f}"),
    ("pay_p50", "pay an hour, median", "pay", "€ {:.2f}"),
    ("pay_p75", "pay an hour, upper quartile", "pay", "€ {:.2f}"),
    ("growth", "growth 2025-2030", "growth", "{:+.1%}"),
    ("openings", "openings a year", "openings", "{:,.0f}"),
)


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command("profile")(profile)


def profile(
    occupation: str = typer.Argument(help="A title (typing errors allowed), code or URI."),
    level: str = typer.Option("isco", help="esco (occupations), isco (unit groups) or brc (groups of CBS)."),
    top: int = typer.Option(8, min=1, help="Skills of each kind to show."),
    lang: str = typer.Option("nl", help="Language of the names: nl or en."),
    as_json: bool = typer.Option(False, "--json", help="Print all of it as JSON."),
) -> None:
    """What is known of an occupation: tasks, tools, knowledge, level, pay, jobs, outlook, sectors, licences, and how.

    Example: overstap profile secretaresse --level brc
    """
    from overstap.moves.crosswalk import check_level
    from overstap.moves.describe import describe
    from overstap.moves.sectors import sectors_of
    from overstap.moves.start import code_of

    check_level(level)
    if lang not in ("nl", "en"):
        raise InputError(f"--lang {lang}: there are names in nl and en.", fix="--lang nl")
    at = cast("Level", level)
    code = code_of(occupation, at, lang)
    found, sectors = describe(code, at), sectors_of(at).get(code, {})
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"sectors": sectors}, ensure_ascii=False, indent=1))
        return
    _show(found, sectors, top, lang)


def _show(found: Profile, sectors: dict[str, float], top: int, lang: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from overstap.reference.tables import load

    facts = found.facts
    console = Console(file=sys.stdout, highlight=False)
    console.print(f"[bold]{facts[f'name_{lang}'] or facts['name_en']}[/bold] ({facts['code']})")
    table = Table(box=None, pad_edge=False, show_header=False)
    levels = sorted({facts["skill_level_min"], facts["skill_level_max"]} - {None})
    table.add_row("ISCO skill level", "-".join(map(str, levels)) or "unknown", "")
    for column, label, group, form in _FACTS:
        value = facts[column]
        how = ", ".join(str(part) for part in (facts[f"{group}_basis"], facts[f"{group}_source"]) if part)
        table.add_row(label, "unknown" if value is None else form.format(value), how)
    for column, label in (("licences", "licence, most jobs"), ("licences_part", "licence, some jobs")):
        names = {row["licence_id"]: row[f"name_{lang}"] for row in load("licences").to_pylist()}
        table.add_row(label, _joined(names, facts[column]), "our list (licences)")
    titles = {row["code"]: row[f"title_{lang}"] for row in load("sbi2008").to_pylist() if row["level"] == 1}
    most = sorted(sectors.items(), key=lambda pair: -pair[1])[:3]
    told = "; ".join(f"{titles[section]} {share:.0%}" for section, share in most)
    table.add_row("sectors", told or "unknown", "allocated" if told else "")
    console.print(table)
    for kind, items in found.asked.items():
        if items:
            console.print(f"[bold]{kind}[/bold] ({found.basis}, {found.unit})")
            console.print("  " + "; ".join(_named(item, lang) for item in items[:top]) + _rest(len(items) - top))


def _joined(names: dict[str, str], licences: list[str] | None) -> str:
    return "; ".join(names[one] for one in licences or ()) or "none known"


def _named(item: Any, lang: str) -> str:
    name = (item.name.nl or item.name.en) if lang == "nl" else (item.name.en or item.name.nl)
    return f"{name} {item.weight:.0%}{'' if item.essential else ' (optional)'}"


def _rest(more: int) -> str:
    return f"; and {more} more" if more > 0 else ""
