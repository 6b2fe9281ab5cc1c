"""The command that lays programmes beside what is asked: `overstap curriculum`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from overstap.cli.console import say
from overstap.education import LEAST_PCT
from overstap.errors import InputError

if TYPE_CHECKING:
    from overstap.education.asked import Demand, Target
    from overstap.pipeline import Study


def register(cli: typer.Typer) -> None:
    """Add the command to `cli`."""
    cli.command()(curriculum)


def curriculum(
    files: list[Path] = typer.Argument(
        help="Texts of programmes: PDF (needs overstap[pdf]), DOCX, HTML, text, CSV, schema.org Course (JSON)."
    ),
    programme: str = typer.Option("", help="CROHO code of the programme, or its ISCED-F field (with --level)."),
    level: str = typer.Option("", help="Level: mbo1–mbo4, ad, hbo_bachelor, wo_bachelor, master, doctor."),
    occupation: list[str] = typer.Option([], help="Occupation that it leads to: a title or ISCO-08 code; may repeat."),
    matrix: Path | None = typer.Option(None, help="Own matrix of programmes and occupations, in place of the bundled."),
    study: Path | None = typer.Option(None, help="Study file with its results: what its ads ask, and its growth."),
    least: float = typer.Option(
        LEAST_PCT, min=0, max=100, help="Share of vacancies (%) from which a skill counts as asked."
    ),
    top: int = typer.Option(15, min=1, help="Skills to show of each kind."),
    lang: str = typer.Option("nl", help="Language: nl or en."),
    out: Path | None = typer.Option(None, help="Write all findings: .csv, .json or .html."),
) -> None:
    """What does a programme teach of what is asked where it leads: covered, partly, missing, and taught but not asked.

    Example: overstap curriculum gids.pdf --programme 34479 --study study.yaml --lang nl --out scan.html
    """
    from rich.console import Console

    from overstap.education.curriculum import read_all, scan_programmes
    from overstap.publish.curriculum import findings_csv, scan_html, scan_lines, scans_json
    from overstap.publish.labels import LANGUAGES, Translator
    from overstap.trace import reading
    from overstap.whole import write_whole

    if lang not in LANGUAGES:
        raise InputError(f"--lang {lang}: choose nl or en.", fix="--lang nl")
    if out is not None and out.suffix.lower() not in (".csv", ".json", ".html"):
        raise InputError(
            f"--out {out}: '{out.suffix}' is not written.", fix="Give a name ending in .csv, .json or .html."
        )
    opened = _study(study)
    target = _target(programme, level, occupation, matrix, lang)
    texts = read_all(files)
    demand = _demand(opened, target)
    if opened is None:
        scans = scan_programmes(texts, target, demand, least)
    else:
        with reading(opened) as read:
            scans = scan_programmes(texts, target, demand, least, taxonomy=opened.spec.annotation.taxonomy, read=read)
    t = Translator("nl" if lang == "nl" else "en")
    console = Console(file=sys.stdout, highlight=False)
    for scan in scans:
        console.print(scan_lines(scan, t, top))
    if out is not None:
        made = {
            ".csv": lambda: findings_csv(scans, t),
            ".json": lambda: json.dumps(scans_json(scans, t), ensure_ascii=False, indent=1),
            ".html": lambda: scan_html(scans, t),
        }[out.suffix.lower()]()
        write_whole(made, out)
        say(f"Written: {out}")


def _study(path: Path | None) -> Study | None:
    from overstap.pipeline import Study

    return None if path is None else Study.open(path).finished()


def _target(programme: str, level: str, occupation: list[str], matrix: Path | None, lang: str) -> Target:
    from overstap.education.asked import Target, target_of_occupations, target_of_programme

    if programme and occupation:
        raise InputError(
            "Give --programme or --occupation, not both.", why="Each says where the programme leads.", fix="Drop one."
        )
    if occupation:
        return target_of_occupations(occupation, lang)
    if programme:
        return target_of_programme(programme, level or None, matrix)
    return Target({}, "all")


def _demand(study: Study | None, target: Target) -> Demand:
    from overstap.education.asked import asked_of_profiles, asked_of_study

    return asked_of_profiles(target) if study is None else asked_of_study(study, target)
