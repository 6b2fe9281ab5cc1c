"""The command for one person: `overstap advise`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import check, say
from overstap.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from overstap.moves.advise import Advice
    from overstap.moves.crosswalk import Level
    from overstap.moves.start import Start
    from overstap.moves.training import Offer
    from overstap.publish.labels import Translator

_PAYS = ("same", "75", "any")


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(advise)


def advise(
    occupation: str = typer.Argument("", help="Occupation now: a title (typing errors allowed), code or URI."),
    skills: str = typer.Option("", help="Start from your own skills instead, with commas between them."),
    cv: Path | None = typer.Option(
        None, help="Start from a CV: text, Word (.docx), HTML or PDF. Its text is not kept or shown."
    ),
    level: str = typer.Option("isco", help="Occupations compared: esco, isco (unit groups) or brc (groups of CBS)."),
    pay: str = typer.Option("same", help="Pay to keep: same (or higher), 75 (per cent at least), or any."),
    wage: float | None = typer.Option(None, min=1, help="Your own gross pay, euro an hour, with --skills or --cv."),
    skill_level: int | None = typer.Option(None, min=1, max=4, help="Your ISCO skill level, with --skills or --cv."),
    licences: bool = typer.Option(False, "--licences", help="Work that needs a diploma or register counts too."),
    sector: str = typer.Option("", help="Only work found in this section of SBI 2008: a letter or a word of its name."),
    region: str = typer.Option(
        "", help="Region to name; bundled figures have none, give yours with --facts openings=."
    ),
    goal: str = typer.Option("", help="Occupation you want to reach: its move, and the way there in steps."),
    facts: list[str] = typer.Option(
        [], metavar="GROUP=FILE", help="Own figures: jobs, women, education, pay, growth or openings, as CSV by code."
    ),
    costs: Path | None = typer.Option(None, help="CSV in the form of the bundled table training_costs, in its place."),
    catalogue: Path | None = typer.Option(None, help="Training offers: CSV, schema.org Courses (JSON), RIO export."),
    top: int = typer.Option(10, min=1, max=50, help="Moves to show."),
    lang: str = typer.Option("nl", help="Language of the page: nl or en."),
    html: Path | None = typer.Option(None, help="Write the page as one HTML file too."),
    pdf: Path | None = typer.Option(None, help="Write the page as PDF too (needs overstap[report])."),
    as_json: bool = typer.Option(False, "--json", help="Print the advice as JSON."),
) -> None:
    """Where can someone go? Moves with reasons for and against, what is left to learn, pay, outlook, for a career talk.

    Example: overstap advise "secretaresse" --pay 75 --lang nl --html advies.html
    """
    from overstap.moves.advise import Wish
    from overstap.moves.advise import advise as give
    from overstap.moves.atlas import Atlas
    from overstap.moves.crosswalk import check_level
    from overstap.moves.question import read_own
    from overstap.moves.sectors import section_of
    from overstap.moves.start import code_of
    from overstap.publish.labels import LANGUAGES, Translator

    check_level(level)
    check("pay", pay, _PAYS)
    check("lang", lang, LANGUAGES)
    translator = Translator("nl" if lang == "nl" else "en")
    start = _start(occupation, skills, cv, level, lang)  # type: ignore[arg-type]
    start = replace(start, wage=wage, skill_level=skill_level) if start.kind != "occupation" else start
    wish = Wish(
        pay=pay,  # type: ignore[arg-type]
        licences=licences,
        goal=code_of(goal, level, lang) if goal else None,  # type: ignore[arg-type]
        sector=section_of(sector) if sector else None,
        region=region or None,
        top=top,
    )
    own = _own(facts)
    prices = None if costs is None else read_own(costs, "training_costs")
    atlas = Atlas.load(level, own, prices).with_start(start)  # type: ignore[arg-type]
    advice = give(atlas, start, wish)
    offers = None if catalogue is None else _offers(advice, catalogue)
    if as_json:
        typer.echo(json.dumps(advice.as_json(offers), ensure_ascii=False, indent=1))
    _show(advice, translator, offers, "openings" in own, html, pdf, quiet=as_json)


def _offers(advice: Advice, catalogue: Path) -> dict[str, list[Offer]]:
    """By the code of each move that is shown the offers of a catalogue that teach something of what it lacks."""
    from overstap.moves.training import match, read_catalogue

    read = read_catalogue(catalogue)
    moves = [*advice.moves, *advice.near, *([advice.goal] if advice.goal is not None else [])]
    return {move.code: match(read, move.lacking, advice.unit) for move in moves}


def _show(
    advice: Advice,
    t: Translator,
    offers: Mapping[str, Sequence[Offer]] | None,
    region_known: bool,
    html: Path | None,
    pdf: Path | None,
    quiet: bool,
) -> None:
    from rich.console import Console

    from overstap.publish.advice import advice_page
    from overstap.publish.advice_files import advice_html, advice_lines, advice_pdf
    from overstap.whole import write_whole

    page = advice_page(advice, t, datetime.now(tz=UTC).date(), offers, region_known)
    if not quiet:
        Console(file=sys.stdout, highlight=False).print(advice_lines(page))
    if html is not None:
        write_whole(advice_html(page, t), html)
        say(f"Written: {html}")
    if pdf is not None:
        write_whole(advice_pdf(page), pdf)
        say(f"Written: {pdf}")


def _start(occupation: str, skills: str, cv: Path | None, level: Level, lang: str) -> Start:
    from overstap.moves import start

    given = [name for name, value in (("an occupation", occupation), ("--skills", skills), ("--cv", cv)) if value]
    if len(given) != 1:
        raise InputError(
            f"Give one start; given are {' and '.join(given) or 'none'}.",
            fix='overstap advise "secretaresse", or --skills "Excel, plannen", or --cv cv.txt',
        )
    if cv is not None:
        return start.of_cv(cv)
    return start.of_skills(skills) if skills else start.occupation(occupation, level, lang)


def _own(given: list[str]) -> Mapping[str, pa.Table]:
    from overstap.moves.question import read_own

    found = {}
    for one in given:
        group, _, name = one.partition("=")
        if not name:
            raise InputError(f"--facts {one}: a group and a file are needed.", fix="--facts openings=utrecht.csv")
        found[group.strip()] = read_own(Path(name), group.strip())
    return found
