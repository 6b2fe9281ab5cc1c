"""The command that shows one occupation: `overstap profile`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from overstap.cli.console import say
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
    study: Path | None = typer.Option(None, help="A study that was run: what its own ads ask, at isco or brc."),
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
    ads = None if study is None else _in_ads(study, code, at, lang)
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"sectors": sectors, "ads": ads}, ensure_ascii=False, indent=1))
        return
    _show(found, sectors, top, lang)
    if ads is not None:
        _list("asked in the study's ads", "observed: share x specificity" if ads else "unknown", ads, top)


def _in_ads(path: Path, code: str, level: Level, lang: str) -> list[tuple[str, float]]:
    """The skills that the study's ads ask of the occupation, with their weight; none where too few ads ask any."""
    import numpy as np

    from overstap.analysis.codes import Codes
    from overstap.moves.in_ads import asked_in_ads
    from overstap.pipeline import Study
    from overstap.publish.labels import skill_label

    if level == "esco":
        raise InputError("Ads are coded by unit group, not by ESCO occupation.", fix="--level isco, or --level brc")
    study = Study.open(path).finished()
    asking = asked_in_ads(Codes.of_store(study.store), level, [code], study.spec.measures.min_n)
    if asking is None:
        return []
    names = {row["skill_id"]: skill_label(row, lang) for row in study.table("core_skills").to_pylist()}
    row = np.asarray(asking.essential.todense()).ravel()
    order = np.argsort(-row, kind="stable")
    return [(names.get(asking.features[i], asking.features[i]), float(row[i])) for i in order if row[i] > 0]


def _show(found: Profile, sectors: dict[str, float], top: int, lang: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from overstap.reference.tables import load

    facts = found.facts
    console = Console(file=sys.stdout, highlight=False)
    console.print(f"[bold]{facts[f'name_{lang}'] or facts['name_en']}[/bold] ({facts['code']})")
    table = Table(box=None, pad_edge=False, show_header=False)
    levels = sorted({facts["skill_level_min"], facts["skill_level_max"]} - {None})
    table.add_row("ISCO skill level", "-".join(map(str, levels)) or "unknown", "observed, isco08")
    for column, label, group, form in _FACTS:
        value = facts[column]
        how = ", ".join(str(part) for part in (facts[f"{group}_basis"], facts[f"{group}_source"]) if part)
        if column == "growth" and facts["growth_low"] is not None:
            how += f"; its groups {facts['growth_low']:+.1%} to {facts['growth_high']:+.1%}"
        table.add_row(label, "unknown" if value is None else form.format(value), how)
    for column, label in (("licences", "licence, most jobs"), ("licences_part", "licence, some jobs")):
        names = {row["licence_id"]: row[f"name_{lang}"] for row in load("licences").to_pylist()}
        table.add_row(label, _joined(names, facts[column]), "our list (licences), no legal advice")
    tension, uwv = facts["tension"], "observed, uwv_tension_2023"
    table.add_row("vacancies per unemployed", *(("unknown", "") if tension is None else (f"{tension:g}", uwv)))
    table.add_row("named as shrinking in 2019", "yes" if facts["named_shrinking"] else "no", "the study")
    titles = {row["code"]: row[f"title_{lang}"] for row in load("sbi2008").to_pylist() if row["level"] == 1}
    most = sorted(sectors.items(), key=lambda pair: -pair[1])[:3]
    told = "; ".join(f"{titles[section]} {share:.0%}" for section, share in most)
    table.add_row("sectors", told or "unknown", "allocated" if told else "")
    if found.units:
        units = {row["code"]: row[f"title_{lang}"] or row["title_en"] for row in load("isco08").to_pylist()}
        parts = "; ".join(f"{units[unit]} {part:.0%}" for unit, part in found.units)
        table.add_row("made of", parts, "allocated by jobs")
    console.print(table)
    for kind, items in found.asked.items():
        if items:
            console.print(f"[bold]{kind}[/bold] ({found.basis}, {found.unit} of ESCO)")
            console.print("  " + "; ".join(_named(item, lang) for item in items[:top]) + _rest(len(items) - top))
    if found.onet is None:
        say("Tasks and tools as O*NET names them: unknown, O*NET is not installed (overstap reference install onet).")
    for kind, texts in (found.onet or {}).items():
        _list(f"{kind}s (O*NET)", "observed in the United States, allocated" if texts else "unknown", texts, top)


def _list(kind: str, how: str, texts: Sequence[tuple[str, float]], top: int) -> None:
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False)
    console.print(f"[bold]{kind}[/bold] ({how})")
    console.print("  " + "; ".join(f"{text} {part:.0%}" for text, part in texts[:top]) + _rest(len(texts) - top))


def _joined(names: dict[str, str], licences: list[str] | None) -> str:
    return "; ".join(names[one] for one in licences or ()) or "none known"


def _named(item: Any, lang: str) -> str:
    name = (item.name.nl or item.name.en) if lang == "nl" else (item.name.en or item.name.nl)
    return f"{name} {item.weight:.0%}{'' if item.essential else ' (optional)'}"


def _rest(more: int) -> str:
    return f"; and {more} more" if more > 0 else ""
